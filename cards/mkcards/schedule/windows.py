"""Windows: a task of the Task Scheduler."""

from __future__ import annotations

import subprocess
from typing import Final
from xml.etree import ElementTree

from platformdirs import user_data_path

from mkcards.schedule.job import File, Job, Plan

NAMESPACE: Final = "http://schemas.microsoft.com/windows/2004/02/mit/task"


def plan(job: Job) -> Plan:
    """Return the task and how to create and delete it."""
    file = user_data_path("mkcards", appauthor=False) / f"{job.name}.xml"
    return Plan(
        files=(File(file, _task(job)),),
        install=(("schtasks", "/Create", "/TN", job.name, "/XML", str(file), "/F"),),
        remove=(("schtasks", "/Delete", "/TN", job.name, "/F"),),
    )


def _task(job: Job) -> bytes:
    # The scheduler wants the parts in the order of its schema, and UTF-16.
    task = ElementTree.Element("Task", {"version": "1.2", "xmlns": NAMESPACE})
    _add(task, "RegistrationInfo/Description", f"mkcards builds {job.deck.name}")
    trigger = _add(task, "Triggers/CalendarTrigger")
    if job.hour is None:
        _add(trigger, "Repetition/Interval", "PT1H")
    _add(trigger, "StartBoundary", f"2020-01-01T{job.hour or 0:02}:{job.minute:02}:00")
    _add(trigger, "ScheduleByDay/DaysInterval", "1")
    settings = _add(task, "Settings")
    for name, value in (
        ("MultipleInstancesPolicy", "IgnoreNew"),
        ("DisallowStartIfOnBatteries", "false"),
        ("StopIfGoingOnBatteries", "false"),
        ("StartWhenAvailable", "true"),
    ):
        _add(settings, name, value)
    run = _add(task, "Actions/Exec")
    _add(run, "Command", job.command[0])
    _add(run, "Arguments", subprocess.list2cmdline(job.command[1:]))
    _add(run, "WorkingDirectory", str(job.folder))
    ElementTree.indent(task)
    text: bytes = ElementTree.tostring(task, encoding="utf-16", xml_declaration=True)
    return text


def _add(parent: ElementTree.Element, path: str, text: str | None = None) -> ElementTree.Element:
    for name in path.split("/"):
        parent = ElementTree.SubElement(parent, name)
    parent.text = text
    return parent
