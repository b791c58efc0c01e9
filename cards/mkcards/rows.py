"""The rows of notes and cards in a package's collection: those that genanki would write, all at once.

genanki writes row by row and looks at each field again; schema, note type and decks stay its own.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Container, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import genanki

from mkcards.data import Card
from mkcards.note_type import CSS, FIELDS, NOTE_TYPE, NOTE_TYPE_CHANGED, NOTE_TYPE_ID, TEMPLATES
from mkcards.shelf import Shelf
from mkcards.slips import Slip
from mkcards.stage import Stage

_EARLIEST: Final = 1_000_000_000
_HOUR: Final = 3_600_000
"""Milliseconds."""
# Eight zeros: interval, ease, reviews, lapses, steps left, due and deck before a filtered deck, flags.
_CARD: Final = "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"
_INDEXES: Final = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
_ROW_ID: Final = itemgetter(0)


class _Model(genanki.Model):  # type: ignore[misc]
    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        # A note type names the deck for notes made by hand; ours must not depend on which decks there are.
        return {**super().to_json(NOTE_TYPE_CHANGED, deck_id), "did": 1}


def model() -> genanki.Model:
    """Return the note type as genanki knows it."""
    return _Model(
        NOTE_TYPE_ID,
        NOTE_TYPE,
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": name, "qfmt": front, "afmt": back} for name, front, back in TEMPLATES],
        css=CSS,
    )


@cache
def _needed() -> tuple[tuple[int, bool, tuple[int, ...]], ...]:
    """Each template's place, whether it needs all of some fields or any, and the places of those."""
    return tuple((place, wanted == "all", tuple(needed)) for place, wanted, needed in model()._req)


def slip(card: Card, values: Sequence[str], shelf: Shelf) -> Slip:
    """Return what a package holds of a card, and put its texts on the shelf.

    `values` is the HTML of its fields, in the order of `FIELDS`.
    """
    sides = tuple(place for place, every, needed in _needed() if (all if every else any)(values[one] for one in needed))
    text = "\x1f".join((f" {' '.join(card.tags)} ", *values)).encode()
    names = card.id, *(f"{card.id} {name}" for name, _, _ in TEMPLATES)
    numbers = tuple(number_of(name.encode()) % _HOUR for name in names)
    place, digest = shelf.put(text), number_of(text)
    return Slip(card.id, card.kind, card.path, card.deck, card.changed, sides, numbers, place, digest)


def number_of(text: bytes) -> int:
    """Return the same 64 bits for the same text."""
    return int.from_bytes(hashlib.sha256(text).digest()[:8])


def deck_id(name: str) -> int:
    """Return the same number for the same deck name, in the range of Anki's own."""
    return 1_500_000_000_000 + number_of(f"deck {name}".encode()) % 200_000_000_000


def _free(number: int, taken: Container[int]) -> int:
    """Return the first number from this one on that is not taken."""
    while number in taken:
        number += 1
    return number


@dataclass(slots=True)
class Rows:
    """Makes the rows of one package; ids are taken in the order in which notes are added."""

    notes: dict[int, Slip] = field(default_factory=dict)
    cards: list[tuple[Any, ...]] = field(default_factory=list)
    _decks: list[Any] = field(default_factory=list)
    _model: Any = field(default_factory=model)
    _card_ids: set[int] = field(default_factory=set)

    def add(self, deck: str, slips: Sequence[Slip]) -> None:
        """Add the notes of a deck, in the order to learn them."""
        home = deck_id(deck)
        self._decks.append(genanki.Deck(home, deck))
        self._decks[-1].add_model(self._model)
        for due, one in enumerate(slips, 1):
            changed = max(one.changed, 1)
            # Row ids are milliseconds, like Anki's: from the hour before the note changed.
            last = max(changed, _EARLIEST) * 1000
            own, *numbers = one.numbers
            note = _free(last - own, self.notes)
            self.notes[note] = one
            for place, number in enumerate(numbers):
                row = _free(last - number, self._card_ids)
                self._card_ids.add(row)
                if place in one.sides:
                    self.cards.append((row, note, home, place, changed, due))

    def write(self, collection: Path, newest: int, stage: Stage, shelf: Shelf) -> None:
        """Make a collection of the rows; `newest` is the Unix second of its last change.

        Raises sqlite3.Error, and what `shelf` does when a text is not on it.
        """
        with closing(sqlite3.connect(collection)) as connection:
            # The default, 4096, takes longer, and more room: few notes fit into a page.
            connection.execute("PRAGMA page_size = 32768")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = OFF")
            cursor = connection.cursor()
            genanki.Package(self._decks).write_to_db(cursor, NOTE_TYPE_CHANGED, iter(()))
            # Rows in the order of their ids and indexes afterwards are written in one go, and take less room.
            indexes = cursor.execute(_INDEXES).fetchall()
            for name, _ in indexes:
                cursor.execute(f"DROP INDEX {name}")
            connection.commit()
            stage.write(collection, self.notes, shelf)
            cursor.executemany(_CARD, sorted(self.cards, key=_ROW_ID))
            for _, definition in indexes:
                cursor.execute(definition)
            cursor.execute("UPDATE col SET mod = ?", (max(newest, _EARLIEST) * 1000,))
            connection.commit()
