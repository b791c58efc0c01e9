"""Remembers which cards of which deck a collection was given, and what was suspended there.

So what somebody deletes in Anki stays deleted. The memory stands outside the project, one file for each collection and
namespace. It may be lost: then what was deleted in Anki comes once more, as it does with an import.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec import Struct
from platformdirs import user_state_path

from mkcards.errors import OutputError
from mkcards.files import is_gone, replacing
from mkcards.ledger import beside

_SOME: Final = ""
"""The path of decks that are not known."""


class Memory(Struct, frozen=True):
    """What pushes gave to a collection."""

    decks: Mapping[str, frozenset[str]] = MappingProxyType({})
    """By the path of a deck the ids of its cards; one that several decks had is with the last."""

    asleep: Mapping[str, frozenset[int]] = MappingProxyType({})
    """By the ids of retired cards the places, from 1, of those of their cards in Anki that a push suspended."""

    marks: Mapping[str, str] = MappingProxyType({})
    """By the ids of cards what stands for the field `Id` as a push last left it."""

    @property
    def ids(self) -> frozenset[str]:
        """All that an earlier push left in the collection."""
        return frozenset().union(*self.decks.values())

    def elsewhere(self, deck: Path) -> frozenset[str]:
        """Return the ids that are another deck's now: decks may share a namespace, and notes move between them."""
        others = self.decks.keys() - {_SOME, key_of(deck)}
        return frozenset().union(*(self.decks[path] for path in others if _is_other(Path(path), deck)))

    def after(
        self, deck: Path, there: Mapping[str, str], retired: Collection[str], asleep: Mapping[str, Iterable[int]]
    ) -> Memory:
        """Return what is known when a push left these cards of a deck in the collection, and retired those.

        `there` are the marks by the ids, `asleep` the places of the cards that it suspended.
        """
        decks = {path: ids.difference(there, retired) for path, ids in self.decks.items()}
        mine = decks.get(key_of(deck), frozenset()).union(there)
        places = {name: old for name, old in self.asleep.items() if name not in there}
        places |= {name: places.get(name, frozenset()).union(more) for name, more in asleep.items()}
        return Memory({**decks, key_of(deck): mine}, places, {**self.marks, **there})


def _is_other(other: Path, deck: Path) -> bool:
    """Tell whether another deck may be there still, or beside this one, with which its folder was moved."""
    return _is_there(other) or (other.name != deck.name and _is_there(deck.with_name(other.name)))


def _is_there(deck: Path) -> bool:
    """Tell whether a deck may be there, or will be once it is built: a repository may hold its ledger alone."""
    return not (is_gone(deck) and is_gone(beside(deck)))


def key_of(deck: Path) -> str:
    """Return the name under which a deck is remembered."""
    return str(deck.resolve()).encode("utf-8", "backslashreplace").decode()


def memory(collection: Path, namespace: str) -> Path:
    """Return the file that remembers what decks with this namespace gave to a collection."""
    name = sha256(f"{collection}\n{namespace}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return user_state_path("mkcards") / "pushed" / f"{name}.json"


def recall(file: Path) -> Memory:
    """Return what was pushed; nothing when nothing is remembered. Raises OutputError when it can't be read."""
    data = _read(file)
    if not data:
        # The first memories were lists of ids.
        return Memory({_SOME: frozenset(_read(file.with_suffix(".txt")).decode(errors="replace").split())})
    try:
        return msgspec.json.decode(data, type=Memory)
    except msgspec.DecodeError:
        return Memory()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise OutputError(f"{file}: push-memory it can't be read ({error.strerror}); make it readable") from error


def remember(file: Path, known: Memory) -> None:
    """Remember this and nothing else. Raises OutputError when it can't be written."""
    decks = {path: sorted(ids) for path, ids in sorted(known.decks.items())}
    asleep = {name: sorted(places) for name, places in sorted(known.asleep.items())}
    marks = dict(sorted(known.marks.items()))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as stream:
            stream.write(msgspec.json.encode({"decks": decks, "asleep": asleep, "marks": marks}))
    except OSError as error:
        message = f"{file}: push-memory it can't be written ({error.strerror}); make its folder writable"
        raise OutputError(message) from error
