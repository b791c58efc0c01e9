"""systemd: a service, a timer and a path unit of the user."""

from __future__ import annotations

import os
from pathlib import Path

from mkcards.schedule.job import MARK, File, Job, Plan


def plan(job: Job) -> Plan:
    """Return the three units and how to turn them on and off."""
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd/user"
    units = {"service": _service(job), "timer": _timer(job)}
    if job.watched:
        units["path"] = _path(job)
    started = tuple(f"{job.name}.{kind}" for kind in units if kind != "service")
    control = ("systemctl", "--user")
    return Plan(
        files=tuple(File(folder / f"{job.name}.{kind}", text.encode()) for kind, text in units.items()),
        install=((*control, "daemon-reload"), (*control, "enable", "--now", *started)),
        # One by one, since one that is not there may keep the others enabled.
        remove=tuple((*control, "disable", "--now", f"{job.name}.{kind}") for kind in ("timer", "path")),
        former=() if job.watched else (folder / f"{job.name}.path",),
    )


def _service(job: Job) -> str:
    # Starting by name through env, because a `$` in the program's own path can't be escaped.
    command = " ".join(("/usr/bin/env", *map(quoted, job.command)))
    return f"""\
# {MARK}.
[Unit]
Description=mkcards builds {specifiers(job.deck.name)}
# Notes may be saved more often than systemd lets a service start.
StartLimitIntervalSec=0

[Service]
Type=oneshot
WorkingDirectory={directory(job.folder)}
ExecStart={command}
# The deck was built, but some notes have errors.
SuccessExitStatus=1
Nice=10
"""


def _timer(job: Job) -> str:
    hour = "*" if job.hour is None else f"{job.hour:02}"
    return f"""\
# {MARK}.
[Unit]
Description=mkcards builds {specifiers(job.deck.name)} by the clock

[Timer]
OnCalendar=*-*-* {hour}:{job.minute:02}:00
Persistent=true

[Install]
WantedBy=timers.target
"""


def _path(job: Job) -> str:
    # A path unit sees what changes in a folder, but not below it; what it misses, the timer finds.
    watched = "\n".join(f"PathChanged={directory(folder)}" for folder in job.watched)
    return f"""\
# {MARK}.
[Unit]
Description=mkcards builds {specifiers(job.deck.name)} when its notes change

[Path]
{watched}

[Install]
WantedBy=default.target
"""


def specifiers(text: str) -> str:
    """Return a value in which systemd replaces nothing."""
    return text.replace("%", "%%")


def directory(path: Path) -> str:
    """Return a folder, which stands without quotes; the slash keeps a backslash or a space from ending the line."""
    return specifiers(f"{path}/")


def quoted(text: str) -> str:
    """Return an argument of a command line as systemd reads it."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{specifiers(text)}"'
