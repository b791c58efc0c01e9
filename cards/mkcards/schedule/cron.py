"""cron: a line of the user's crontab, below a comment by which it is found again."""

from __future__ import annotations

import shlex
from typing import Final

from mkcards.schedule.job import Job

_RUNS: Final = " -m mkcards "
"""In every line of ours."""


def lines(job: Job) -> str:
    """Return the comment and the line."""
    hour = "*" if job.hour is None else str(job.hour)
    command = f"cd {shlex.quote(str(job.folder))} && {shlex.join(job.command)} >/dev/null"
    # To cron a `%` is the end of the command, also inside quotes.
    return f"{_mark(job)}\n{job.minute} {hour} * * * {command.replace('%', chr(92) + '%')}\n"


def added(crontab: str, job: Job) -> str:
    """Return a crontab with the job in it once."""
    rest = removed(crontab, job)
    return rest + ("\n" if rest and not rest.endswith("\n") else "") + lines(job)


def removed(crontab: str, job: Job) -> str:
    """Return a crontab without the job; lines of something else that came to stand below its comment stay."""
    kept = []
    below = False
    for line in crontab.splitlines(keepends=True):
        marks, runs = line.rstrip("\n") == _mark(job), below and _RUNS in line
        if not (marks or runs):
            kept.append(line)
        below = marks or (below and not runs)
    return "".join(kept)


def _mark(job: Job) -> str:
    return f"# {job.name}"
