"""The commands that change the ledger by hand: `drop`, `undrop`, `forget` and `merge-ledgers`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mkcards.cli.common import DATE, for_deck, note_named, number
from mkcards.config import Config
from mkcards.diagnostics import Severity, visible
from mkcards.errors import UsageError

if TYPE_CHECKING:
    from mkcards.data import Card
    from mkcards.pipeline import Outcome

_QUESTIONS: Final = ("open-question", "leaning-question")

@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="ID|NOTE:LINE...")
@for_deck
def drop(settings: Config, output: Path, targets: tuple[str, ...]) -> int:
    """Never ship these cards again, whatever becomes of their notes."""
    return _drop(settings, output, targets, drop=True)


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="ID|NOTE:LINE...")
@for_deck
def undrop(settings: Config, output: Path, targets: tuple[str, ...]) -> int:
    """Ship dropped cards again."""
    return _drop(settings, output, targets, drop=False)


def _drop(settings: Config, output: Path, targets: tuple[str, ...], *, drop: bool) -> int:
    from mkcards import memory, outputs, upkeep

    ids = [_target(settings, output, target) for target in targets]
    now = outputs.clock()
    before, after = memory.change(output, lambda ledger: upkeep.dropped(ledger, ids, now, drop=drop))
    changed = [card for card in after.cards if card not in before.cards]
    for card in changed:
        click.echo(visible(f"{card.id} {card.path}: {card.key}"))
    done = f"{number(len(changed), 'card')} {'dropped' if drop else 'taken back'}"
    click.echo(f"{done} · build the deck to see it there" if changed else f"{done}, nothing written")
    return 0


def _target(settings: Config, output: Path, target: str) -> str:
    """The id that a person means: itself, or that of the card at a line of a note."""
    from mkcards import memory, outputs, pipeline, upkeep

    name, _, line = target.rpartition(":")
    if not (name and line.isdecimal()):
        return target
    note = note_named(Path(name), settings)
    ledger, _ = memory.recall(settings, output)
    vault = upkeep.vault_of(note, ledger)
    if vault is None:
        raise UsageError(f"{target}: unknown-note the ledger has no card of it; build the deck first")
    looked = replace(settings, notes=(note,), vault=vault, output=output)
    outcome = pipeline.cards(looked, now=outputs.clock(), with_dropped=True)
    found = _at_line(outcome, int(line))
    if not found and (faults := [one for one in outcome.diagnostics if one.severity is Severity.ERROR]):
        raise UsageError(f"{target}: {faults[0].code} {faults[0].message}")
    if len(found) != 1:
        which = ", ".join(card.id for card in found) or "none"
        raise UsageError(f"{target}: no-single-card the cards of this line are: {which}; name one by its id")
    if found[0].id not in {card.id for card in ledger.cards}:
        raise UsageError(f"{target}: unknown-card the ledger has no card of this line yet; build the deck first")
    return found[0].id


def _at_line(outcome: Outcome, line: int) -> tuple[Card, ...]:
    """The cards of a line; a question that is no card belongs to none that spans it."""
    from mkcards import discover, upkeep

    text, _ = discover.read(outcome.found.notes[0])
    asks = any(one.line == line and one.code in _QUESTIONS for one in outcome.diagnostics)
    shown = "" if asks else "".join((text or "").split("\n")[line - 1 : line])
    return upkeep.at_line(upkeep.showing(outcome.cards, line, shown), line)


@click.command()
@click.option("--before", type=DATE, required=True, help="Forget what retired before this date.")
@for_deck
def forget(settings: Config, output: Path, before: datetime) -> int:
    """Take cards out of the ledger that the notes have long ceased to hold; their history can't come back."""
    from mkcards import memory, outputs, upkeep

    second, now = int(before.timestamp()), outputs.clock()
    old, new = memory.change(output, lambda ledger: upkeep.forgotten(ledger, second, now))
    click.echo(f"{number(len(old.cards) - len(new.cards), 'retired card')} forgotten")
    return 0


@click.command("merge-ledgers")
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.argument("base", type=click.Path(path_type=Path), required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The merged ledger.")
def merge_ledgers(ours: Path, theirs: Path, base: Path | None, output: Path) -> int:
    """Merge the ledgers of one deck from two machines; of each card the later change wins, and every drop.

    As git's merge driver: `git config merge.mkcards.driver "mkcards merge-ledgers %A %B %O -o %A"`, and
    `*.ledger.jsonl merge=mkcards` in .gitattributes.
    """
    from mkcards import ledger, upkeep

    sides = [ledger.load(path) for path in (ours, theirs)]
    # Where both machines made the file, git gives an empty one as their base.
    common = ledger.load(base) if base and ledger.read(base) != b"" else None
    after = upkeep.merged(sides[0], sides[1], common)
    ledger.check_place(output, after.namespace)
    ledger.write(output, ledger.written(after))
    return 0
