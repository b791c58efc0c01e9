"""The values of a push: what the deck holds, what Anki holds, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

NAMELESS: Final = "tag:mkcards::* -Id:_*"
"""What finds the notes in Anki that have a tag of ours and no id."""


@dataclass(frozen=True, slots=True)
class Ours:
    """A note of the deck."""

    id: str
    fields: tuple[str, ...]
    """HTML, in the order of the note type."""
    tags: tuple[str, ...]
    deck: str
    number: int
    """What Anki takes for its own number of the note when it imports the package, unless another has it."""


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card in Anki."""

    id: int
    deck: str
    """The deck it lies in now."""
    filtered: bool
    """Whether that is a filtered deck, from which it will go home by itself."""
    suspended: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A note in Anki."""

    note: int
    """Anki's own number for it."""
    id: str
    fields: Mapping[str, str]
    """HTML by the name of the field."""
    tags: tuple[str, ...]
    cards: tuple[HeldCard, ...]
    """In the order of their templates."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that Anki has otherwise than the deck, and keeps."""

    id: str
    what: str
    """The field, or `deck`."""
    clash: bool
    """Whether the notes changed it too, as far as anybody knows."""


@dataclass(frozen=True, slots=True)
class Update:
    """What one note in Anki gets."""

    note: int
    id: str
    fields: Mapping[str, str]
    """The fields to write, and always `Id` with the new fingerprint."""
    tag: tuple[str, ...]
    untag: tuple[str, ...]
    """Tags to take off together with all below them, as Anki does it."""
    narrow: tuple[tuple[str, str], ...]
    """Tags to take off alone, each with one below it that stays."""
    move: tuple[int, ...]
    """Cards that go to `deck`."""
    deck: str
    unsuspend: tuple[int, ...] = ()

    @property
    def shown(self) -> bool:
        """Whether more than the fingerprint changes."""
        return bool(len(self.fields) > 1 or self.tag or self.untag or self.narrow or self.move or self.unsuspend)


@dataclass(frozen=True, slots=True)
class Retirement:
    """What becomes of a note that the deck no longer has."""

    note: int
    id: str
    tag: tuple[str, ...] = ()
    suspend: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    """Which cards of the note those are, from 1."""
    delete: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a push does."""

    new: tuple[str, ...]
    updates: tuple[Update, ...]
    retirements: tuple[Retirement, ...]
    kept: tuple[Kept, ...]
    deleted: tuple[str, ...]
    """Cards that were pushed before and that somebody deleted in Anki; they stay deleted."""
    astray: tuple[str, ...]
    """Cards that have, or may have, a note in Anki without the field `Id`, so that nothing can be done for them."""
    twice: tuple[str, ...]
    """Cards of which Anki has several notes; all follow."""
    held: int
    """How many cards of this deck, living or retired, Anki has."""

    @property
    def writes(self) -> bool:
        """Whether anything in Anki changes."""
        return bool(self.new or self.updates or self.retirements)


@dataclass(frozen=True, slots=True)
class Shape:
    """A note type as Anki has it."""

    name: str
    fields: tuple[str, ...]
    templates: tuple[str, ...]


class Target(Protocol):
    """An Anki that can be asked and changed; every method raises AnkiError when it can't do what it should."""

    def place(self) -> Path:
        """Return the collection's file."""

    def shape(self, note_type: int) -> Shape | None:
        """Return the note type with this number, or None when there is none yet."""

    def notes(self, ids: Iterable[str]) -> Sequence[Held]:
        """Return those of our notes that are there; there may be copies."""

    def nameless(self) -> Sequence[Held]:
        """Return the notes with a tag of ours that `notes` can't know, since their field `Id` is gone or empty."""

    def filtered(self, decks: Sequence[str]) -> frozenset[str]:
        """Return those of some decks that are there and hold only cards of others for a while."""

    def media(self) -> frozenset[str]:
        """Return the names of all media files."""

    def begin(self) -> None:
        """Make sure that what follows can be undone."""

    def add(self, package: Path) -> None:
        """Import a package of new notes."""

    def store(self, name: str, data: bytes) -> None:
        """Add a media file."""

    def write(self, updates: Sequence[Update]) -> Mapping[int, str]:
        """Write the fields of notes; return why Anki did not do so, by their numbers."""

    def tag(self, notes: Sequence[int], tag: str, *, add: bool) -> None:
        """Add a tag to notes, or take it off."""

    def narrow(self, notes: Sequence[int], tag: str, below: str) -> None:
        """Take a tag off notes and leave those below it, of which they have this one."""

    def move(self, cards: Sequence[int], deck: str) -> None:
        """Move cards to a deck, made if need be."""

    def suspend(self, cards: Sequence[int], *, on: bool) -> None:
        """Suspend cards, or end that."""

    def delete(self, notes: Sequence[int]) -> None:
        """Delete notes with their cards."""
