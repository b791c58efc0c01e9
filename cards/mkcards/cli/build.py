"""`mkcards build`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from mkcards.cli.common import DATE, common, counts, progress, say, status
from mkcards.config import Config
from mkcards.errors import UsageError

if TYPE_CHECKING:
    from mkcards.pipeline import Outcome


@click.command()
@common
@click.option("--restamp", is_flag=True, help="Let Anki take the cards even over what was changed there.")
@click.option("--since", type=DATE, help="With --restamp: only the cards that changed since then.")
def build(settings: Config, verbose: bool, strict: bool, restamp: bool, since: datetime | None) -> int:
    """Bring the deck up to date with the notes."""
    from mkcards import ledger, outputs, pipeline

    if since and not restamp:
        raise UsageError("--since: restamp-only it narrows --restamp; add that, or leave it out")
    again = (int(since.timestamp()) if since else 0) if restamp else None
    with progress() as told:
        outcome = pipeline.build(settings, now=outputs.clock(), progress=told, restamp=again)
    say(outcome.diagnostics, verbose)
    click.echo(_summary(outcome))
    if outcome.written and not outcome.before.cards:
        kept = ledger.beside(outcome.output)
        click.echo(f"{kept} is new: keep it, it remembers which card is which")
    return status(outcome, strict)


def _summary(outcome: Outcome) -> str:
    if not outcome.written:
        return f"{counts(outcome)} · {outcome.output} is up to date, nothing written"
    return counts(outcome, f": {outcome.new} new, {outcome.changed} changed, {outcome.gone} retired")
