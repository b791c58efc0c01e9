"""What a push says of single cards: what Anki keeps, lacks, or did not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from mkcards.data import Card
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.note_type import NOTE_TYPE
from mkcards.push.plan import NAMELESS, Kept, Plan


def failures(
    plan: Plan, missing: frozenset[str], faults: Mapping[int, str], cards: Mapping[str, Card], deck: Path
) -> Iterator[Diagnostic]:
    """Say which new cards are `missing` after they were added, and by Anki's numbers why notes were not changed."""
    for card in (cards[name] for name in plan.new if name in missing):
        message = f'Anki did not take "{card.key}"; import {deck} by hand to see why'
        yield Diagnostic(card.path, 0, "not-taken", message, Severity.ERROR)
    for one in plan.updates:
        if one.note in faults:
            card = cards[one.id]
            message = f'Anki did not change "{card.key}" and answers: {faults[one.note]}; push again once it can'
            yield Diagnostic(card.path, 0, "refused", message, Severity.ERROR)


def remarks(plan: Plan, cards: Mapping[str, Card], doubtful: frozenset[str]) -> Iterator[Diagnostic]:
    """Say what Anki has otherwise than the notes; `doubtful` are ids that may belong to notes without one."""
    for kept in plan.kept:
        yield _kept(kept, cards[kept.id])
    for card in (cards[name] for name in plan.deleted):
        message = (
            f'"{card.key}" was deleted in Anki, or lost there when a backup was restored, and is not added again; '
            f"`mkcards drop {card.id}` ends it for good, --again brings it back"
        )
        yield Diagnostic(card.path, 0, "deleted-in-anki", message, Severity.REMARK)
    for card in (cards[name] for name in plan.twice):
        message = (
            f'"{card.key}" has several notes in Anki, as when two computers push it before they sync; all follow, '
            "delete those that you don't need"
        )
        yield Diagnostic(card.path, 0, "twice-in-anki", message)
    if maybe := [cards[name] for name in plan.astray if name in doubtful]:
        yield _doubtful(maybe)
    for card in (cards[name] for name in plan.astray if name not in doubtful):
        message = (
            f'the note of "{card.key}" has another note type in Anki, without the field Id, and no longer follows; '
            f'give it the note type "{NOTE_TYPE}" again, or end it with `mkcards drop {card.id}`'
        )
        yield Diagnostic(card.path, 0, "note-type-changed", message)


def _doubtful(cards: list[Card]) -> Diagnostic:
    more = f" and {len(cards) - 1} more are" if len(cards) > 1 else " is"
    message = (
        f'"{cards[0].key}"{more} not added: Anki has notes of ours without the field Id (search it for {NAMELESS}), '
        "and may have it so; close Anki and push with --collection, which knows notes by their guid"
    )
    return Diagnostic("anki", 0, "note-type-changed", message)


def _kept(kept: Kept, card: Card) -> Diagnostic:
    what = "the deck" if kept.what == "deck" else f"the field {kept.what}"
    if not kept.clash:
        how = "was changed in Anki, or left by an import," if kept.what == "deck" else "was changed in Anki"
        message = f'{what} of "{card.key}" {how} and stays so; --overwrite {card.id} ends that'
        return Diagnostic(card.path, 0, "kept-in-anki", message, Severity.REMARK)
    message = (
        f'{what} of "{card.key}" differs in Anki and the notes changed it too, so Anki keeps its own; '
        f"make them alike, or take that of the notes with --overwrite {card.id}"
    )
    return Diagnostic(card.path, 0, "clash-in-anki", message)
