"""The command that makes a system run mkcards by itself: `schedule`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from mkcards.cli.anki import KEY_VARIABLE, Anki, into_anki, unattended
from mkcards.cli.common import common
from mkcards.config import Config
from mkcards.diagnostics import visible
from mkcards.errors import UsageError
from mkcards.schedule import KINDS, Job, name_of, watched

CLOCK: Final = click.DateTime(["%H:%M"])


@click.command()
@common
@into_anki
@click.option("--kind", type=click.Choice(KINDS), help="For what; else what this system uses.")
@click.option("--at", type=CLOCK, metavar="HH:MM", help="Once a day at this time; else every hour.")
@click.option("--push", "pushing", is_flag=True, help="Push into Anki instead of only building the deck.")
@click.option("--install", is_flag=True, help="Install it.")
@click.option("--remove", is_flag=True, help="Remove what --install installed.")
def schedule(
    settings: Config,
    anki: Anki,
    verbose: bool,
    strict: bool,
    kind: str | None,
    at: datetime | None,
    pushing: bool,
    install: bool,
    remove: bool,
) -> int:
    """Print what makes this system build the deck by itself, or install or remove it.

    systemd and launchd also build when notes change. `--kind github` is a workflow that builds the deck of a notes
    repository and keeps its ledger, `--kind pre-commit` a hook of git.
    """
    from mkcards import schedule as scheduler

    unattended(anki)
    if install and remove:
        raise UsageError("--install: schedule-twice --remove is the opposite; give one of them")
    kind = kind or scheduler.here()
    if pushing and kind in ("github", "pre-commit"):
        raise UsageError(f"--push: push-schedule there is no Anki to push into for {kind}; leave it out")
    job = _job(settings, anki, at, pushing, ["-v"] * verbose + ["--strict"] * strict)
    if pushing and anki.key and _is_secret() and not remove:
        click.echo(f"{KEY_VARIABLE} is not written into the schedule: set it where that runs", err=True)
    if not remove and (folder := scheduler.unseen(kind, settings.notes, job.deck)):
        message = "only the clock notices its notes, since each build writes the deck there; -o names another folder"
        click.echo(visible(f"{folder}: {message}"), err=True)
    if install or remove:
        for line in (scheduler.install if install else scheduler.remove)(kind, job):
            click.echo(line)
        return 0
    plan = scheduler.planned(kind, job)
    for file in plan.files:
        if len(plan.files) > 1:
            click.echo(f"# {file.path}")
        text = file.content.decode("utf-16" if file.content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")
        click.echo(text, nl=not text.endswith("\n"))
    return 0


def _job(settings: Config, anki: Anki, at: datetime | None, pushing: bool, options: list[str]) -> Job:
    from mkcards import ledger, outputs

    given: dict[str, Any] = click.get_current_context().params
    deck = _whole(outputs.package_of(settings) if pushing else outputs.output_of(settings))
    # A file that was only found is found again; to name it would let it reach out of its folder.
    options += ["-o", str(deck), *(("--config", str(_whole(given["file"]))) if given["file"] else ())]
    if pushing:
        named = {"--collection": anki.collection and str(_whole(anki.collection)), "--url": anki.url}
        named |= {"--profile": anki.profile, "--key": "" if _is_secret() else anki.key}
        named |= {"--retired": anki.retired if anki.retired != "tag" else ""}
        options += [part for name, value in named.items() if value for part in (name, value)]
    command = "push" if pushing else "build"
    return Job(
        name=name_of(deck),
        deck=deck,
        ledger=ledger.beside(deck),
        command=(sys.executable, "-m", "mkcards", command, *(str(_whole(path)) for path in given["notes"]), *options),
        folder=Path.cwd(),
        watched=() if given["remove"] else watched(settings.notes, deck),
        hour=at.hour if at else None,
        minute=at.minute if at else 0,
    )


def _is_secret() -> bool:
    """Say whether the key comes from the environment, which keeps it out of files and lists of processes."""
    return click.get_current_context().get_parameter_source("key") is ParameterSource.ENVIRONMENT


def _whole(path: Path) -> Path:
    return Path.cwd() / path
