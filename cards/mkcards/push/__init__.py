"""Brings a deck into Anki: only what changed, and never over what the learner changed there."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path
from typing import Final

from mkcards.data import Card, Ledger
from mkcards.diagnostics import Diagnostic
from mkcards.errors import AnkiError, SharedIdsError, UsageError
from mkcards.ledger import beside
from mkcards.note_type import FIELDS, NOTE_TYPE_ID, TEMPLATES
from mkcards.push import pushed
from mkcards.push.compare import (
    EVERYTHING,
    Wishes,
    are_others,
    compare,
    filed_elsewhere,
    grouped,
    marks_left,
    maybe_there,
)
from mkcards.push.deck import Deck, cut, opened, shown
from mkcards.push.plan import Held, Plan, Retirement, Shape, Target, Update
from mkcards.push.remarks import failures, remarks
from mkcards.render import plain
from mkcards.tags import RETIRED_TAG

__all__ = ["MANY", "Report", "Wishes", "push"]

MANY: Final = 0.2
"""More than this share of the cards is not suspended or deleted at once, unless the person says so."""
LEFT: Final = 3600
"""Seconds after which no push is at work on its package any more."""
_SHARED: Final = (
    "push: shared-ids each card that Anki has under an id of this {new} has another answer there, so another deck "
    "made it; set a `namespace` in config.yaml{anew} and push again, or add --overwrite all if they are the same cards"
)
_PLACES: Final = "Tools › Manage Note Types"


@dataclass(frozen=True, slots=True)
class Report:
    """What a push did or would do."""

    plan: Plan
    diagnostics: tuple[Diagnostic, ...]
    """What Anki has otherwise than the notes, and keeps."""
    media: int
    """How many media files were missing in Anki, besides those of new cards."""


def push(
    deck: Path,
    ledger: Ledger,
    target: Target,
    wishes: Wishes,
    *,
    yes: bool = False,
    dry_run: bool = False,
    before: Ledger,
    home: Path | None = None,
) -> Report:
    """Make Anki hold what the deck holds, and retire there what the ledger has retired.

    `before` is the ledger as it was before the deck was built; `home` is where the deck belongs if that is a copy.
    With `dry_run` nothing is changed. Every check comes before the first change, and a push that was cut off is
    completed by the next one. Raises AnkiError when Anki does not do what it should, UsageError when too many cards
    would go at once without `yes`, SharedIdsError when Anki has others' cards under the ids of a deck that it was never
    given, OutputError when the deck can't be read.
    """
    cards = {card.id: card for card in ledger.cards}
    for name in sorted(wishes.overwrite - cards.keys() - {EVERYTHING}):
        raise UsageError(f"{name}: unknown-card there is no such id in the ledger; see `mkcards list --format json`")
    with opened(deck) as package:
        _check_shape(target.shape(NOTE_TYPE_ID))
        living = {note.id for note in package.notes}
        gone = [card.id for card in ledger.cards if card.id not in living and (card.dropped or card.retired)]
        held = target.notes([*living, *gone])
        memory = pushed.memory(target.place(), ledger.namespace)
        known, home = pushed.recall(memory), home or deck
        is_new = not before.cards or pushed.key_of(home) not in known.decks
        if is_new and EVERYTHING not in wishes.overwrite:
            _check_others(package, held, before, home)
        decks = {card.deck or deck.stem for card in (*before.cards, *ledger.cards)}
        taken = known.elsewhere(home) | filed_elsewhere(held, decks, known.marks)
        gone = [name for name in gone if name not in taken]
        doubtful = maybe_there(package.notes, held, target.nameless(), frozenset(card.id for card in before.cards))
        plan = compare(package.notes, gone, held, known.ids, wishes, doubtful, known.asleep)
        _check_decks(package, plan, target)
        media = _missing_media(package, plan, target)
        failed: tuple[Diagnostic, ...] = ()
        if not dry_run:
            _check_count(plan, cards, wishes, yes)
            missing, faults = _apply(package, plan, media, target, deck)
            failed = tuple(failures(plan, missing, faults, cards, deck))
            new = tuple(name for name in plan.new if name not in missing)
            plan = replace(plan, new=new, updates=tuple(one for one in plan.updates if one.note not in faults))
            there = marks_left(package.notes, held, plan)
            pushed.remember(memory, _after(known, home, plan, there, {note.id for note in held}.intersection(gone)))
        return Report(plan, (*failed, *remarks(plan, cards, doubtful)), len(media))


def _after(known: pushed.Memory, deck: Path, plan: Plan, there: Mapping[str, str], retired: set[str]) -> pushed.Memory:
    asleep = {one.id: one.places for one in plan.retirements if one.places}
    # A retired card that somebody deletes then may come back, but not one that was deleted before.
    return known.after(deck, there, retired, asleep)


def _check_others(package: Deck, held: Sequence[Held], before: Ledger, deck: Path) -> None:
    """Refuse a deck that this Anki was never given when the cards that it has under its ids are others."""
    if not are_others(package.notes, held, {card.id: plain(card.fields.answer) for card in before.cards}):
        return
    if not before.cards:
        raise SharedIdsError(_SHARED.format(new="new deck", anew=""))
    anew = f", delete {deck} and {beside(deck)}, so that it gets ids of its own,"
    raise SharedIdsError(_SHARED.format(new="deck", anew=anew))


def _check_shape(shape: Shape | None) -> None:
    """Refuse a note type that Anki would take no more of our notes into."""
    templates = tuple(name for name, _, _ in TEMPLATES)
    if shape is None or (shape.fields, shape.templates) == (FIELDS, templates):
        return
    changed = [f'"{name}"' for name in (*shape.fields, *shape.templates) if name not in (*FIELDS, *templates)]
    changed += [f'no "{name}"' for name in (*FIELDS, *templates) if name not in (*shape.fields, *shape.templates)]
    raise AnkiError(
        f'anki: note-type-changed the note type "{shape.name}" has other fields or templates than mkcards gave it '
        f"({', '.join(changed) or 'their order'}), so Anki would take no more cards into it; "
        f"keep yours as a clone ({_PLACES} › Add › Clone), undo the change in this one, and push again"
    )


def _check_decks(package: Deck, plan: Plan, target: Target) -> None:
    """Refuse to put cards into a filtered deck, or one below it."""
    new = set(plan.new)
    decks = {note.deck for note in package.notes if note.id in new} | {one.deck for one in plan.updates if one.move}
    parts = [deck.split("::") for deck in decks]
    above = sorted({"::".join(names[:count]) for names in parts for count in range(1, len(names) + 1)})
    for name in sorted(target.filtered(above)):
        raise AnkiError(
            f'anki: filtered-deck "{name}" is a filtered deck in Anki, which has no cards of its own; rename it there, '
            "or give the cards another `deck`"
        )


def _check_count(plan: Plan, cards: Mapping[str, Card], wishes: Wishes, yes: bool) -> None:
    away = [one for one in plan.retirements if (one.delete or one.suspend) and not cards[one.id].dropped]
    if len(away) > plan.held * MANY and not yes:
        done = "deleted" if wishes.retired == "delete" else "suspended"
        raise UsageError(
            f"push: many-retired {len(away)} of {plan.held} cards would be {done} in Anki; "
            "see which with --dry-run, and if that is right add --yes"
        )


def _missing_media(package: Deck, plan: Plan, target: Target) -> Sequence[str]:
    """The files that cards show which Anki has already, and that it lacks."""
    if not package.media:
        return ()
    elsewhere = {*plan.new, *plan.deleted, *plan.astray}
    fields = [field for note in package.notes if note.id not in elsewhere for field in note.fields]
    return sorted(name for name in shown(fields, package.media) - target.media() if package.holds(name))


def _apply(
    package: Deck, plan: Plan, media: Sequence[str], target: Target, deck: Path
) -> tuple[frozenset[str], Mapping[int, str]]:
    """Do it; return the ids of new cards that Anki did not take, and by its numbers why it did not change notes."""
    if not (plan.writes or media):
        return frozenset(), {}
    target.begin()
    missing = _add(package, plan.new, target, deck) if plan.new else frozenset()
    for name in media:
        target.store(name, package.read(name))
    _file(plan.updates, target)
    _retire(plan.retirements, target)
    # Last, for with the fields goes the fingerprint, which says that all is done.
    return missing, target.write(plan.updates) if plan.updates else {}


def _retire(retirements: Sequence[Retirement], target: Target) -> None:
    tags = grouped((one.note, one.tag) for one in retirements)
    # This one last, for it says that all is done.
    retired = tags.pop(RETIRED_TAG, ())
    for tag, notes in tags.items():
        target.tag(notes, tag, add=True)
    if asleep := [card for one in retirements for card in one.suspend]:
        target.suspend(asleep, on=True)
    if retired:
        target.tag(retired, RETIRED_TAG, add=True)
    if deleted := [one.note for one in retirements if one.delete]:
        target.delete(deleted)


def _add(package: Deck, ids: Sequence[str], target: Target, deck: Path) -> frozenset[str]:
    """Import new notes; return the ids of those that Anki has not now."""
    # Anki may run in a sandbox that sees no temporary folder of others; the deck's own is one a person imports from.
    file = deck.with_name(f".{deck.stem}.push.{secrets.token_hex(4)}.apkg").resolve()
    _sweep(file, deck.stem)
    try:
        cut(package, ids, file)
        target.add(file)
    finally:
        with suppress(OSError):  # A later push removes it.
            file.unlink(missing_ok=True)
    return frozenset(ids).difference(note.id for note in target.notes(ids))


def _sweep(file: Path, stem: str) -> None:
    """Remove what killed pushes left beside a file; another one may be at work on its own."""
    for left in file.parent.glob(f".{escape(stem)}.push.????????.apkg"):
        with suppress(OSError):  # It is no hindrance.
            if left.stat().st_mtime < time.time() - LEFT:
                left.unlink()


def _file(updates: Sequence[Update], target: Target) -> None:
    """Tags, decks and suspension of the notes that were there."""
    # First, for the tags say which cards are to wake.
    if awake := [card for one in updates for card in one.unsuspend]:
        target.suspend(awake, on=False)
    for tag, notes in grouped((one.note, one.untag) for one in updates).items():
        target.tag(notes, tag, add=False)
    for (tag, below), notes in grouped((one.note, one.narrow) for one in updates).items():
        target.narrow(notes, tag, below)
    for tag, notes in grouped((one.note, one.tag) for one in updates).items():
        target.tag(notes, tag, add=True)
    for name, cards in grouped((card, (one.deck,)) for one in updates for card in one.move).items():
        target.move(cards, name)
