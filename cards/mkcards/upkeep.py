"""What a person does to a ledger by hand; every function is pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from msgspec import structs
from msgspec.structs import replace

from mkcards.data import Card, Ledger
from mkcards.errors import LedgerError, UsageError
from mkcards.match import LEANING_KINDS

_WORD: Final = re.compile(r"\w+")


def dropped(ledger: Ledger, ids: Iterable[str], now: int, *, drop: bool = True) -> Ledger:
    """Return the ledger with these cards never to be shipped, or shipped again without `drop`.

    `now` is a Unix second. What is so already keeps its stamp. Raises UsageError for an id that is not there.
    """
    cards = {card.id: card for card in ledger.cards}
    for name in ids:
        if name not in cards:
            raise UsageError(
                f"{name}: unknown-card the ledger has no such id; see `mkcards list NOTES -o DECK --format json`"
            )
        card = cards[name]
        if card.dropped != drop:
            cards[name] = replace(card, dropped=drop, changed=max(now, card.changed + 1))
    return _with(ledger, cards)


def forgotten(ledger: Ledger, before: int, now: int) -> Ledger:
    """Return the ledger without the cards that retired before a Unix second; what was dropped stays dropped.

    `now` is a Unix second; with it, no card that is born later gets one of their ids.
    """
    gone = {card.id for card in ledger.cards if card.retired is not None and card.retired < before and not card.dropped}
    if not gone:
        return ledger
    kept = tuple(card for card in ledger.cards if card.id not in gone)
    return replace(ledger, cards=kept, forgotten=max(now, ledger.forgotten + 1))


def restamped(ledger: Ledger, ids: Iterable[str], now: int, since: int = 0) -> Ledger:
    """Return the ledger with these cards newer than anything in Anki, if they changed at or after `since`."""
    cards = {card.id: card for card in ledger.cards}
    for name in ids:
        card = cards[name]
        if card.changed >= since:
            cards[name] = replace(card, changed=max(now, card.changed + 1))
    return _with(ledger, cards)


def merged(ours: Ledger, theirs: Ledger, base: Ledger | None = None) -> Ledger:
    """Return what two machines know together; of each card the entry with the later `changed` wins.

    What one of them dropped or took back since `base` is so, whatever the other changed later; without a base, what
    one of them dropped is dropped. What one of them forgot since `base` stays forgotten, unless the other changed it.
    Raises LedgerError when they are ledgers of two decks.
    """
    if ours.namespace != theirs.namespace:
        names = f'"{ours.namespace}" and "{theirs.namespace}"'
        raise LedgerError(f"merge-ledgers: ledger-foreign these have the namespaces {names}; merge those of one deck")
    before = _by_id(base)
    sides = _by_id(ours), _by_id(theirs)
    cards = {}
    for name in sides[0].keys() | sides[1].keys():
        found = [side[name] for side in sides if name in side]
        if len(found) == 1 and found[0] == before.get(name):
            continue
        # Of two stamped in one second, the one that is not as before.
        last = max(found, key=lambda card: (card.changed, card != before.get(card.id)))
        cards[name] = replace(last, dropped=_is_dropped([card.dropped for card in found], before.get(name)))
    roots = (*ours.roots, *(root for root in theirs.roots if root not in ours.roots))
    unknown = MappingProxyType({**theirs.unknown, **ours.unknown})
    forgetting = max(ours.forgotten, theirs.forgotten)
    return _with(replace(ours, roots=roots, unknown=unknown, forgotten=forgetting), cards)


def vault_of(note: Path, ledger: Ledger) -> Path | None:
    """Return the folder from which the ledger counts the path of a note, or None if it does not know the note."""
    known = {card.path for card in ledger.cards}
    whole = note.resolve()
    for folder in reversed(whole.parents):
        if PurePosixPath(whole.relative_to(folder)).as_posix() in known:
            return folder
    return None


def at_line(cards: Sequence[Card], line: int) -> tuple[Card, ...]:
    """Return the cards that a line of their note belongs to most closely.

    They are those whose label it is, or those whose answer holds it and spans the fewest lines, else those between
    whose label and answer it is.
    """
    labelled = tuple(card for card in cards if card.label_line == line < card.line and card.kind not in LEANING_KINDS)
    if labelled:
        return labelled
    answers = [card for card in cards if card.line <= line <= card.end_line]
    least = min(map(_span, answers), default=0)
    nearest = tuple(card for card in answers if _span(card) == least)
    return nearest or tuple(card for card in cards if card.label_line <= line < card.line)


def showing(cards: Iterable[Card], line: int, text: str) -> list[Card]:
    """Return the cards whose label or answer begins at a line, or that show most words of its text."""
    words = _words(text)
    begins = ((card, line in (card.label_line, card.line)) for card in cards)
    return [card for card, here in begins if here or (words and 2 * len(words & _shown(card)) >= len(words))]


def _shown(card: Card) -> frozenset[str]:
    return _words("\n".join((card.key, *card.fields.context, *map(str, structs.astuple(card.fields)))))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _span(card: Card) -> int:
    return card.end_line - card.line


def _is_dropped(sides: Sequence[bool], base: Card | None) -> bool:
    return any(sides) if base is None else next((side for side in sides if side != base.dropped), base.dropped)


def _by_id(ledger: Ledger | None) -> Mapping[str, Card]:
    return {card.id: card for card in ledger.cards} if ledger else {}


def _with(ledger: Ledger, cards: Mapping[str, Card]) -> Ledger:
    return replace(ledger, cards=tuple(cards[name] for name in sorted(cards)))
