"""launchd: an agent of the user."""

from __future__ import annotations

import os
import plistlib
from pathlib import Path
from typing import Any

from mkcards.schedule.job import File, Job, Plan


def plan(job: Job) -> Plan:
    """Return the agent and how to load and unload it."""
    file = Path.home() / "Library/LaunchAgents" / f"{job.name}.plist"
    domain = f"gui/{os.getuid() if hasattr(os, 'getuid') else 501}"
    return Plan(
        files=(File(file, plistlib.dumps(_agent(job), sort_keys=False)),),
        install=(("launchctl", "bootstrap", domain, str(file)),),
        remove=(("launchctl", "bootout", f"{domain}/{job.name}"),),
    )


def _agent(job: Job) -> dict[str, Any]:
    log = str(Path.home() / "Library/Logs" / f"{job.name}.log")
    when = {"Minute": job.minute} if job.hour is None else {"Hour": job.hour, "Minute": job.minute}
    return {
        "Label": job.name,
        "ProgramArguments": list(job.command),
        "WorkingDirectory": str(job.folder),
        "StartCalendarInterval": when,
        "WatchPaths": [str(folder) for folder in job.watched],
        "ProcessType": "Background",
        "StandardOutPath": log,
        "StandardErrorPath": log,
    }
