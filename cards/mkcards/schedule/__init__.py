"""Makes a system run mkcards by itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mkcards.discover import SUFFIXES
from mkcards.errors import OutputError, UsageError
from mkcards.files import replacing
from mkcards.schedule import cron, launchd, repository, systemd, windows
from mkcards.schedule.job import MARK, Command, File, Job, Plan, check, folders, name_of

__all__ = ["KINDS", "MOST_FOLDERS", "Job", "here", "install", "name_of", "planned", "remove", "unseen", "watched"]

MOST_FOLDERS: Final = 500
"""How many folders a schedule watches: each costs the system a watch, of which it has a limited number."""
CRON: Final = "cron"
_PLANS: Final[Mapping[str, Callable[[Job], Plan]]] = MappingProxyType(
    {
        "systemd": systemd.plan,
        CRON: lambda job: Plan((File(Path("crontab"), cron.lines(job).encode()),)),
        "launchd": launchd.plan,
        "windows": windows.plan,
        "github": repository.workflow,
        "pre-commit": repository.hook,
    }
)
_WATCHING: Final = ("systemd", "launchd")
KINDS: Final = tuple(_PLANS)
# These may have been written by somebody else, and there is but one of each.
_SHARED: Final = ("github", "pre-commit")


def here() -> str:
    """Return what this system uses."""
    if sys.platform == "darwin":
        return "launchd"
    if sys.platform == "win32":
        return "windows"
    return "systemd" if Path("/run/systemd/system").is_dir() else CRON


def watched(notes: Sequence[Path], deck: Path) -> tuple[Path, ...]:
    """Return the folders whose change should start a build."""
    return folders([path.resolve() for path in notes], deck.resolve().parent, MOST_FOLDERS)


def unseen(kind: str, notes: Sequence[Path], deck: Path) -> Path | None:
    """Return the folder of the deck when notes in it would start a build too, but can't: each build writes there."""
    folder = deck.resolve().parent
    tops = (path.resolve() for path in notes)
    among = any(folder.is_relative_to(top if top.is_dir() else top.parent) for top in tops)
    if kind not in _WATCHING or not among or not folder.is_dir():
        return None
    return folder if any(file.name.lower().endswith(SUFFIXES) for file in folder.iterdir()) else None


def planned(kind: str, job: Job) -> Plan:
    """Return what the system needs. Raises UsageError when it can't be had there."""
    check((*job.command, str(job.folder), *map(str, job.watched)))
    return _PLANS[kind](job)


def install(kind: str, job: Job) -> tuple[str, ...]:
    """Install the job and return what was done, a line each. Raises UsageError or OutputError when it can't be."""
    plan = planned(kind, job)
    if kind == CRON:
        return _crontab(cron.added(_crontab_now(), job))
    if kind in _SHARED:
        _check_ours(plan)
    for file in plan.files:
        _write(file)
    if kind != "systemd":
        # What was loaded before is replaced; there may be nothing.
        _run(plan.remove, must=False)
    _run(plan.install)
    return (*(f"wrote {file.path}" for file in plan.files), *(f"ran {' '.join(one)}" for one in plan.install))


def remove(kind: str, job: Job) -> tuple[str, ...]:
    """Remove the job and return what was done, a line each. Raises UsageError or OutputError when it can't be."""
    missing = (f"{job.name} is not installed",)
    if kind == CRON:
        before = _crontab_now()
        after = cron.removed(before, job)
        return missing if after == before else _crontab(after)
    plan = planned(kind, job)
    if kind in _SHARED:
        _check_ours(plan)
    there = [path for path in (*(file.path for file in plan.files), *plan.former) if path.exists()]
    if not there:
        return missing
    _run(plan.remove, must=False)
    for path in there:
        path.unlink()
    return tuple(f"removed {path}" for path in there)


def _check_ours(plan: Plan) -> None:
    for file in plan.files:
        if file.path.exists() and MARK.encode() not in file.path.read_bytes():
            raise UsageError(
                f"{file.path}: foreign-file mkcards did not write this; put into it what `mkcards schedule` prints"
            )


def _write(file: File) -> None:
    try:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file.path) as stream:
            stream.write(file.content)
        if file.executable:
            file.path.chmod(0o755)
    except OSError as error:
        raise OutputError(f"{file.path}: output it can't be written ({error.strerror}); make it writable") from error


def _run(commands: Sequence[Command], *, must: bool = True) -> None:
    for command in commands:
        done = _done(command)
        if must and done.returncode:
            said = (done.stderr or done.stdout).strip().replace("\n", " ")
            raise OutputError(f"{' '.join(command)}: schedule it failed ({said}); the files are there, run it by hand")


def _crontab_now() -> str:
    done = _done(("crontab", "-l"))
    if done.returncode and "no crontab" not in done.stderr:
        raise OutputError(f"crontab: schedule it can't be read ({done.stderr.strip()}); is cron there, and allowed?")
    return "" if done.returncode else done.stdout


def _crontab(text: str) -> tuple[str, ...]:
    done = _done(("crontab", "-"), text) if text.strip() else _done(("crontab", "-r"))
    if done.returncode:
        raise OutputError(f"crontab: schedule it can't be written ({done.stderr.strip()}); the old one is in force")
    return ("wrote the crontab" if text.strip() else "removed the crontab, which held nothing else",)


def _done(command: Command, text: str = "") -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=False)
    except OSError as error:
        raise OutputError(f"{command[0]}: schedule it can't be run ({error.strerror}); try another --kind") from error
