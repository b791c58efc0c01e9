"""Notes that need no look, because they and their cards are as the last build left them.

What that build made of each stands in the cache, under a key that says with which ledger and settings. A note that
shows something from another file is never among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final, overload

from msgspec.structs import replace

from mkcards import ledger as ledgers
from mkcards.cache import Cache
from mkcards.data import Card, Ledger, NoteCards, Silence
from mkcards.diagnostics import Diagnostic
from mkcards.discover import Found
from mkcards.ledger import NO_LINES
from mkcards.ledger_lines import Lines
from mkcards.linking import Rest, home_of
from mkcards.made import RETIRED, Made
from mkcards.reading import Looked
from mkcards.slips import Slip
from mkcards.warm import Warm


class Late(Sequence[Card]):
    """Cards that are read when somebody asks for them, and not when for their number only."""

    def __init__(self, count: int, read: Callable[[], list[Card]]) -> None:
        self._count = count
        self._read = lru_cache(maxsize=1)(read)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Card: ...

    @overload
    def __getitem__(self, place: slice) -> list[Card]: ...

    def __getitem__(self, place: int | slice) -> Card | list[Card]:
        return self._read()[place]

    def __iter__(self) -> Iterator[Card]:
        return iter(self._read())


@dataclass(frozen=True, slots=True)
class Carried:
    """The notes that need no look, and the ledger's lines of their living cards."""

    made: Mapping[str, Made] = field(default_factory=lambda: MappingProxyType({}))
    """By path."""
    lines: Lines = NO_LINES
    every: Lines = NO_LINES
    """The lines of all cards of the ledger."""
    retired: Mapping[str, Slip] = field(default_factory=lambda: MappingProxyType({}))
    """What the package with the retired cards held of them, by their ids."""

    def rest(self) -> Rest:
        """Return what must be known of them to say which card is which."""
        owners = {made.note_id: home_of(path) for path, made in self.made.items() if made.note_id}
        return Rest(tuple(map(home_of, self.made)), owners, self.lines.ids, lambda: self.lines.answers)

    def news(self, before: Iterable[Card], after: Ledger) -> tuple[Ledger, Lines]:
        """Return a ledger with only the cards that are not as they were before, and the lines of all others.

        `before` are the cards of the ledger that are not carried, `after` is what became of them.
        """
        if not self.made:
            return after, NO_LINES
        known = {card.id: card for card in before}
        news = [card for card in after.cards if known.get(card.id) is not card]
        return replace(after, cards=news), self.every.without({card.id for card in news})

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Yield what there is to say of them."""
        return (one for made in self.made.values() for one in made.diagnostics)

    def silences(self) -> Iterator[Silence]:
        """Yield what their authors want no findings about."""
        return (one for made in self.made.values() for one in made.silences)

    def shares_an_id(self, notes: Iterable[NoteCards]) -> bool:
        """Say whether one of them has the same id as one of these other notes."""
        return not {made.note_id for made in self.made.values() if made.note_id}.isdisjoint(n.note_id for n in notes)

    def together(self, cards: Sequence[Card]) -> Sequence[Card]:
        """Return the cards of a ledger, of which `cards` are those of the other notes, sorted by id."""
        count = len(cards) + len(self.lines)
        return Late(count, lambda: sorted((*cards, *self.cards()), key=lambda card: card.id)) if self.made else cards

    def in_deck(self, paths: Sequence[str], cards: Sequence[Card]) -> Sequence[Card]:
        """Return the cards of the deck in the order of these paths; `cards` are those of the other notes."""

        def ordered() -> list[Card]:
            shown = {one.id for made in self.made.values() for one in made.slips}
            places = {home_of(path): place for place, path in enumerate(paths)}
            kept = sorted((card for card in self.cards() if card.id in shown), key=lambda card: card.ordinal)
            return sorted((*cards, *kept), key=lambda card: places[home_of(card.path)])

        count = len(cards) + sum(len(made.slips) for made in self.made.values())
        return Late(count, ordered) if self.made else cards

    def cards(self) -> Iterator[Card]:
        """Yield all living cards, those of the deck with their lines in the notes."""
        where = {s.id: at for made in self.made.values() for s, at in zip(made.slips, made.lines, strict=True)}
        for card in ledgers.cards_of(self.lines):
            line, end_line, label_line = where.get(card.id, (0, 0, 0))
            yield replace(card, line=line, end_line=end_line, label_line=label_line)

    def among(self, paths: Iterable[str], slips: Iterable[Slip]) -> list[Slip]:
        """Return the slips of all notes in the order of these paths; `slips` are those of the notes looked at."""
        others: dict[str, list[Slip]] = {}
        for one in slips:
            others.setdefault(home_of(one.path), []).append(one)
        found = (self.made[path].slips if path in self.made else others.get(home_of(path), ()) for path in paths)
        return [one for some in found for one in some]


NONE: Final = Carried()


def carry(cache: Cache, found: Found, looked: Looked, stored: bytes, key: str, warm: Warm) -> tuple[Carried, bytes]:
    """Return the notes that need no look, and the ledger, of which `stored` is all, without their living cards."""
    if found.unread or len({home_of(file.path) for file in found.notes}) < len(found.notes):
        return NONE, stored
    left = warm.left(cache, stored, key)
    made = {}
    for path, (digest, one) in left.made.items():
        kept = looked.unchanged(path) if path in looked.seen else None
        if kept and kept.digest == digest:
            made[path] = one
    if not made:
        return NONE, stored
    every, lines, rest = left.glances.split(stored, made.keys())
    if not {one.id for some in made.values() for one in some.slips}.issubset(lines.ids):
        return NONE, stored
    retired = left.made[RETIRED][1].slips if RETIRED in left.made else ()
    return Carried(made, lines, every, {one.id: one for one in retired}), rest
