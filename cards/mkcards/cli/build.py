"""`mkcards build`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mkcards import unchanged
from mkcards.cli.common import DATE, counts, effort, given, progress, resolved, say, status, tell, wrong
from mkcards.errors import UsageError

if TYPE_CHECKING:
    from mkcards.config import Config
    from mkcards.pipeline import Outcome

PASSING: Final = (
    *("identity", "ledger-recovered", "ledger-missing"),
    *("unreadable", "unreadable-folder", "crash", "rule-failed"),
)
"""What a build says that the next one, which finds all as it is, may not say again: a disk may have come back."""


@click.command()
@given
@click.option("--restamp", is_flag=True, help="Let Anki take the cards even over what was changed there.")
@click.option("--since", type=DATE, help="With --restamp: only the cards that changed since then.")
def build(
    notes: tuple[Path, ...],
    output: Path | None,
    file: Path | None,
    verbose: bool,
    strict: bool,
    restamp: bool,
    since: datetime | None,
) -> int:
    """Bring the deck up to date with the notes."""
    if since and not restamp:
        raise UsageError("--since: restamp-only it narrows --restamp; add that, or leave it out")
    place = unchanged.place_of((*map(str, notes), "-o", str(output), "--config", str(file)))
    code = effort().code
    if code and not restamp and (told := unchanged.recall(place, code)):
        return _told(told, verbose, strict)
    from mkcards import ledger, outputs, pipeline
    from mkcards.diagnostics import visible

    settings = resolved(notes, output, file)
    again = (int(since.timestamp()) if since else 0) if restamp else None
    finished: Callable[[Outcome], None] = pipeline.ignored
    if code:
        inputs = _inputs(settings, notes, file)
        now = unchanged.clock(place)
        seen = inputs.seen(now, code)
        if resolved(notes, output, file) == settings:  # Else they changed before it was seen how they are.
            finished = _remembering(place, inputs, seen, now)
    with progress() as told_of:
        outcome = pipeline.build(
            settings, now=outputs.clock(), progress=told_of, restamp=again, effort=effort(), finished=finished
        )
    say(outcome.diagnostics, verbose)
    click.echo(_summary(outcome))
    if outcome.written and not outcome.before.cards:
        kept = ledger.beside(outcome.output)
        click.echo(visible(f"{kept} is new: keep it, it remembers which card is which"))
    return status(outcome, strict)


def _told(told: unchanged.Told, verbose: bool, strict: bool) -> int:
    for severity, text in told.findings:
        tell(severity, text, verbose)
    click.echo(told.line)
    return int(any(wrong(severity, strict) for severity, _ in told.findings))


def _inputs(settings: Config, notes: tuple[Path, ...], file: Path | None) -> unchanged.Inputs:
    from mkcards import config_file, discover, ledger, outputs, rules

    deck = outputs.output_of(settings).absolute()
    tops, markers = discover.looked_at(settings.notes, settings.vault)
    files = (*((file,) if file else config_file.candidates(Path(), notes)), *markers)
    written = deck, ledger.beside(deck), outputs.aside(deck)
    return unchanged.Inputs(_texts(files), _texts(tops), _texts(written), rules.sources())


def _texts(paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(map(str, paths))


def _remembering(
    place: Path, inputs: unchanged.Inputs, seen: unchanged.Snapshot, now: int
) -> Callable[[Outcome], None]:
    """What keeps for the next run how this one found and left all that matters."""

    def finished(outcome: Outcome) -> None:
        if not any(one.code in PASSING for one in outcome.diagnostics):
            findings = [(one.severity.value, str(one)) for one in outcome.diagnostics]
            unchanged.remember(place, inputs, seen, inputs.left(now), unchanged.Told(_nothing(outcome), findings))

    return finished


def _summary(outcome: Outcome) -> str:
    if not outcome.written:
        return _nothing(outcome)
    return counts(outcome, f": {outcome.new} new, {outcome.changed} changed, {outcome.gone} retired")


def _nothing(outcome: Outcome) -> str:
    from mkcards.diagnostics import visible

    return visible(f"{counts(outcome)} · {outcome.output} is up to date, nothing written")
