"""The command that brings the deck into Anki: `push`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkcards.cli.anki import Anki, into_anki, pushed, summary, target
from mkcards.cli.common import common, effort, progress, say, status
from mkcards.config import Config
from mkcards.diagnostics import visible

if TYPE_CHECKING:
    from mkcards.pipeline import Outcome
    from mkcards.push.plan import Plan


@click.command()
@common
@into_anki
@click.option("--overwrite", multiple=True, metavar="ID|all", help="Take the notes' side where Anki differs.")
@click.option("--again", is_flag=True, help="Also add cards that were deleted in Anki.")
@click.option("--yes", is_flag=True, help="Suspend or delete more than a fifth of the cards.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
def push(
    settings: Config,
    anki: Anki,
    verbose: bool,
    strict: bool,
    overwrite: tuple[str, ...],
    again: bool,
    yes: bool,
    dry_run: bool,
) -> int:
    """Bring the deck up to date with the notes, and Anki with the deck.

    Anki runs with the add-on AnkiConnect, or is closed and its collection named with --collection.
    """
    from mkcards import outputs
    from mkcards import push as pusher

    home = outputs.package_of(settings)  # What can't be pushed is not built.
    wishes = pusher.Wishes(anki.retired, frozenset(overwrite), again)
    with target(anki) as to, built(settings, dry_run) as outcome:
        report = pushed(outcome, to, wishes, home, yes=yes, dry_run=dry_run)
    outcome = replace(outcome, diagnostics=(*outcome.diagnostics, *report.diagnostics))
    say(outcome.diagnostics, verbose)
    if dry_run:
        for line in _lines(report.plan, outcome):
            click.echo(line)
    click.echo(summary(report, dry_run))
    return status(outcome, strict)


@contextmanager
def built(settings: Config, dry_run: bool) -> Iterator[Outcome]:
    """Build the deck; for a dry run a copy of it, in a folder that is gone afterwards."""
    from mkcards import ledger, outputs, pipeline

    output = outputs.output_of(settings)
    with tempfile.TemporaryDirectory(prefix="mkcards-") as folder, progress() as told:
        if dry_run:
            for file in (output, ledger.beside(output)):
                if file.is_file():
                    (Path(folder) / file.name).write_bytes(file.read_bytes())
            settings = replace(settings, output=Path(folder) / output.name)
        # The cache belongs to a deck that stays.
        able = effort()._replace(code="") if dry_run else effort()
        yield pipeline.build(settings, now=outputs.clock(), progress=told, effort=able)


def _lines(plan: Plan, outcome: Outcome) -> Iterator[str]:
    cards = {card.id: card for card in outcome.after.cards}
    for name in plan.new:
        yield _line("new", cards[name].path, cards[name].key)
    for update in plan.updates:
        if update.shown:
            parts = [*(field for field in update.fields if field != "Id")]
            parts += ["tags"] if update.tag or update.untag or update.narrow else []
            parts += ["deck"] if update.move else []
            yield _line("change", cards[update.id].path, f"{cards[update.id].key} ({', '.join(parts)})")
    for one in plan.retirements:
        yield _line("delete" if one.delete else "retire", cards[one.id].path, cards[one.id].key)


def _line(what: str, path: str, key: str) -> str:
    return visible(f"{what:<8} {path}: {key}")
