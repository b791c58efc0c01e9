"""Remembers which decks and cards a collection was given, so that what somebody deletes there stays deleted.

The memory stands outside the project, one file for each collection and deck. It may be lost: then what was
deleted in Anki comes once more, as it does with an import.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from platformdirs import user_state_path

from mkcards.errors import OutputError
from mkcards.files import replacing

_DECK: Final = "deck:"


@dataclass(frozen=True, slots=True)
class Memory:
    """What pushes gave to a collection."""

    ids: frozenset[str] = frozenset()
    """The cards that an earlier push left there."""
    decks: frozenset[str] = frozenset()
    """The decks that they came from, as `mark_of` gives them: decks may share a namespace."""


def mark_of(deck: Path) -> str:
    """Return what stands for the deck at a path."""
    return sha256(str(deck.resolve()).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def memory(collection: Path, namespace: str) -> Path:
    """Return the file that remembers what the deck with this namespace gave to a collection."""
    name = sha256(f"{collection}\n{namespace}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return user_state_path("mkcards") / "pushed" / f"{name}.txt"


def recall(file: Path) -> Memory:
    """Return what was pushed; nothing when nothing is remembered."""
    try:
        words = file.read_text(encoding="utf-8").split()
    except (FileNotFoundError, UnicodeDecodeError):
        return Memory()
    except OSError as error:
        raise OutputError(f"{file}: push-memory it can't be read ({error.strerror}); make it readable") from error

    decks = frozenset(word.removeprefix(_DECK) for word in words if word.startswith(_DECK))
    return Memory(frozenset(word for word in words if not word.startswith(_DECK)), decks)


def remember(file: Path, known: Memory) -> None:
    """Remember this and nothing else. Raises OutputError when it can't be written."""
    words = sorted([*known.ids, *(f"{_DECK}{mark}" for mark in known.decks)])
    data = "".join(f"{word}\n" for word in words).encode("utf-8")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as stream:
            stream.write(data)
    except OSError as error:
        message = f"{file}: push-memory it can't be written ({error.strerror}); make its folder writable"
        raise OutputError(message) from error
