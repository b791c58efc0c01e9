"""Notes that need no look, because they and their cards are as the last build left them.

What that build made of each stands in the cache, under a key that says with which ledger and settings. A note that
shows something from another file is never among them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import BytesIO
from types import MappingProxyType
from typing import Final, TypeVar, overload

import msgspec

from mkcards import ledger as ledgers
from mkcards.cache import Cache, opened, place_of
from mkcards.config import Config
from mkcards.data import Card, NoteCards, Silence, Vault
from mkcards.diagnostics import Diagnostic
from mkcards.discover import Found
from mkcards.effort import Effort
from mkcards.ledger import NO_LINES
from mkcards.ledger_lines import Lines
from mkcards.linking import Rest, home_of
from mkcards.outputs import output_of
from mkcards.reading import Looked
from mkcards.rules import edition_of_others
from mkcards.shelf import LostError, Shelf
from mkcards.slips import Slip

T = TypeVar("T")


class Made(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a build made of a note."""

    note_id: str
    diagnostics: tuple[Diagnostic, ...]
    silences: tuple[Silence, ...]
    slips: tuple[Slip, ...]
    """Its cards in the deck."""
    lines: tuple[tuple[int, int, int], ...]
    """Where each stands in the note: first and last line, line of the label."""


class _Glance(msgspec.Struct):
    """What tells whose card a line of the ledger is."""

    id: str
    path: str
    retired: int | None = None


class _Answer(msgspec.Struct):
    answer: str


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

    def rest(self) -> Rest:
        """Return what must be known of them to say which card is which."""
        owners = {made.note_id: home_of(path) for path, made in self.made.items() if made.note_id}
        return Rest(tuple(map(home_of, self.made)), owners, self.lines.ids, self._answers)

    def _answers(self) -> Iterator[str]:
        return (_ANSWER.decode(line).answer for line in self.lines)

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
        shown = {one.id for made in self.made.values() for one in made.slips}
        places = {home_of(path): place for place, path in enumerate(paths)}

        def ordered() -> list[Card]:
            kept = sorted((card for card in self.cards() if card.id in shown), key=lambda card: card.ordinal)
            return sorted((*cards, *kept), key=lambda card: places[home_of(card.path)])

        return Late(len(cards) + len(shown), ordered) if self.made else cards

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


def carry(cache: Cache, found: Found, looked: Looked, stored: bytes, key: str) -> tuple[Carried, bytes]:
    """Return the notes that need no look, and the ledger, of which `stored` is all, without their living cards."""
    if found.unread or len({home_of(file.path) for file in found.notes}) < len(found.notes):
        return NONE, stored
    made = {}
    for path, digest, content in cache.made(key):
        kept = looked.unchanged(path) if path in looked.seen else None
        if kept and kept.digest == digest:
            made[path] = _MADE.decode(content)
    if not made:
        return NONE, stored
    rest, lines = _split(stored, made.keys())
    if not {one.id for some in made.values() for one in some.slips}.issubset(lines.ids):
        return NONE, stored
    return Carried(made, lines), rest


def _split(data: bytes, paths: Container[str]) -> tuple[bytes, Lines]:
    """Take the living cards of some notes out of a ledger that we wrote; return the rest, and their lines."""
    rest, taken, start = BytesIO(), Lines(data), 0
    for line in BytesIO(data):
        end = start + len(line)
        try:
            card = _GLANCE.decode(line)
        except msgspec.MsgspecError:  # The header.
            rest.write(line)
            start = end
            continue
        if card.retired is None and card.path in paths:
            taken.add(card.id, start, end)
        else:
            rest.write(line)
        start = end
    return rest.getvalue(), taken


def surely(built: Callable[[Effort], T], effort: Effort) -> T:
    """Build with the cache; when what it keeps is lost, with one made anew; when that can't be kept, without."""
    for _ in range(2):
        with suppress(LostError):
            return built(effort)
    return built(Effort(effort.jobs))


@contextmanager
def cached(config: Config, vault: Vault, effort: Effort, *, builds: bool) -> Iterator[Cache]:
    """Give the cache of a deck, anew if it `builds` and there is none; one that keeps nothing without an edition."""
    if not effort.code:
        yield Cache()
        return
    with opened(place_of(output_of(config)), made_by(config, vault, effort.code), anew=builds) as cache:
        try:
            yield cache
        except LostError:
            cache.remove()
            raise


def made_by(config: Config, vault: Vault, code: str) -> str:
    """Return what stands for all but the notes that decides what is found in them; `code` is the running `edition`."""
    others = {"notes": (), "output": None, "exclude": (), "vault": None, "select": (), "ignore": ()}
    filing = {"deck": "", "namespace": "", "tags": (), "subdecks": "none", "ledger_in_deck": True}
    settings = replace(config, **others, **filing)  # type: ignore[arg-type]
    return hashlib.sha256(ascii((code, edition_of_others(), settings, str(vault.root))).encode("ascii")).hexdigest()


def key_of(ledger: str, config: Config, found: Found, deck: str) -> str:
    """Return what stands for all but the notes themselves that decides what a build makes of them.

    `ledger` is the SHA-256 of the ledger.
    """
    filing = (config.tags, config.deck, config.subdecks, deck, found.roots, found.vault.name)
    return hashlib.sha256(ascii((ledger, filing)).encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a build made of the notes that it looked at."""

    notes: Sequence[tuple[NoteCards, bytes]]
    """With the digest of the note's bytes."""
    faults: Sequence[Diagnostic]
    """What there is to say of them but what their reading said."""
    showing: Collection[str]
    """The paths of those that show something from another file."""
    shown: Sequence[tuple[Card, Slip]]


def keep(cache: Cache, shelf: Shelf, key: str, fresh: Fresh) -> None:
    """Keep what a build made of the notes that it looked at, for `carry`."""
    if any(one.code == "duplicate-note-id" for one in fresh.faults):
        key = ""  # Which note has the id may change with another one.
    cache.keep_key(key)
    faulty = {one.path for one in fresh.faults}.union(fresh.showing)
    shown: dict[str, list[tuple[Card, Slip]]] = {}
    for card, made in fresh.shown:
        shown.setdefault(card.path, []).append((card, made))
    for note, digest in fresh.notes:
        cache.forget_made(note.path)
        one = _made(note, shown.pop(note.path, ()))
        places = [slip.place for slip in one.slips]
        in_a_row = not places or places == [*range(places[0], places[-1] + 1)]
        content = _packed(one) if _stands_alone(note) and note.path not in faulty and in_a_row else b""
        if content:
            cache.keep_made(note.path, digest, content, places)
        else:
            shelf.drop(places)


def _packed(made: Made) -> bytes:
    try:
        return _PACKED.encode(made)
    except UnicodeEncodeError:
        return b""  # File names may hold bytes that are no text.


def _stands_alone(note: NoteCards) -> bool:
    failed = any(one.code == "rule-failed" for one in note.diagnostics)
    return note.readable and not note.references and not failed


def _made(note: NoteCards, shown: Iterable[tuple[Card, Slip]]) -> Made:
    slips = tuple(made for _, made in shown)
    lines = tuple((card.line, card.end_line, card.label_line) for card, _ in shown)
    return Made(note.note_id, note.diagnostics, note.silences, slips, lines)


_GLANCE: Final = msgspec.json.Decoder(_Glance)
_ANSWER: Final = msgspec.json.Decoder(_Answer)
_MADE: Final = msgspec.msgpack.Decoder(Made)
_PACKED: Final = msgspec.msgpack.Encoder()
