"""A repository of notes: a workflow of GitHub Actions, and a hook of git."""

from __future__ import annotations

import os
import shlex
import subprocess
from importlib.resources import files
from pathlib import Path
from string import Template

from mkcards import __version__
from mkcards.errors import UsageError
from mkcards.schedule.job import MARK, File, Job, Plan


def workflow(job: Job) -> Plan:
    """Return the workflow; its command is the job's with paths from the folder in which that runs."""
    top = _top(job.folder)
    folder = _inside(str(job.folder), top)
    text = Template(_text("workflow.yml")).substitute(
        mark=MARK,
        version=__version__,
        folder=_shell((folder,)),
        command=_shell(("mkcards", *(_from(folder, part, top) for part in job.command[3:]))),
        deck=_shell((_inside(str(job.deck), top),)),
        ledger=_shell((_inside(str(job.ledger), top),)),
    )
    return Plan((File(top / ".github/workflows/mkcards.yml", text.encode()),))


def hook(job: Job) -> Plan:
    """Return the hook, which runs before each commit, in the worktree in which that is made."""
    top = _top(job.folder)
    folder = _inside(str(job.folder), top)
    path = Path(_git(job.folder, "rev-parse", "--git-path", "hooks/pre-commit"))
    text = Template(_text("pre-commit.sh")).substitute(
        mark=MARK,
        folder=shlex.quote(folder),
        command=shlex.join((*job.command[:3], *(_near(folder, part, top) for part in job.command[3:]))),
        ledger=shlex.quote(_inside(str(job.ledger), top)),
    )
    return Plan((File(job.folder / path, text.encode(), executable=True),))


def _text(name: str) -> str:
    return (files("mkcards") / "schedule" / name).read_text(encoding="utf-8")


def _top(folder: Path) -> Path:
    return Path(_git(folder, "rev-parse", "--show-toplevel"))


def _git(folder: Path, *args: str) -> str:
    try:
        done = subprocess.run(["git", *args], cwd=folder, capture_output=True, encoding="utf-8", check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise UsageError(f"{folder}: no-repository this needs a repository of git; run `git init` there") from error
    return done.stdout.removesuffix("\n")


def _inside(part: str, top: Path) -> str:
    """A path from the top of the repository; what is no absolute path stays as it is."""
    if not Path(part).is_absolute():
        return part
    path = Path(os.path.normpath(part))
    if not path.is_relative_to(top):
        raise UsageError(f"{path}: outside-repository it is not below {top}; keep notes and deck inside")
    return _no_option(path.relative_to(top).as_posix())


def _from(folder: str, part: str, top: Path) -> str:
    """The same from a folder inside, as it stands on any machine."""
    inside = _inside(part, top)
    return inside if inside is part else _no_option(os.path.relpath(inside, folder).replace(os.sep, "/"))


def _near(folder: str, part: str, top: Path) -> str:
    """The same, but what lies outside stays where it is."""
    return _from(folder, part, top) if Path(os.path.normpath(part)).is_relative_to(top) else part


def _no_option(path: str) -> str:
    """A path that no program takes for an option."""
    return f"./{path}" if path.startswith("-") else path


def _shell(parts: tuple[str, ...]) -> str:
    # GitHub replaces such marks before any shell sees them.
    return shlex.join(parts).replace("${{", "${{ '${{' }}")
