"""Reads the notes and media of a package that mkcards wrote, and cuts smaller packages out of it."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mkcards.errors import OutputError
from mkcards.push.plan import Ours

_MEMBER: Final = "collection.anki2"
_CUT: Final = "cut.anki2"
_LISTING: Final = "media"
_SEPARATOR: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Deck:
    """An open package."""

    package: zipfile.ZipFile
    collection: Path
    """Its database, unpacked."""
    notes: tuple[Ours, ...]
    """In reading order within each deck."""
    media: Mapping[str, str]
    """The members of the package by the names of the media files."""

    def holds(self, name: str) -> bool:
        """Say whether a media file has any content."""
        return self.package.getinfo(self.media[name]).file_size > 0

    def read(self, name: str) -> bytes:
        """Return the content of a media file. Raises OutputError when it can't be read."""
        try:
            return self.package.read(self.media[name])
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise _unreadable(self.package.filename, error) from error


@contextmanager
def opened(path: Path) -> Iterator[Deck]:
    """Give the package at a path. Raises OutputError when it can't be read."""
    with ExitStack() as stack:
        try:
            package = stack.enter_context(zipfile.ZipFile(path))
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="mkcards-"))
            collection = Path(package.extract(_MEMBER, folder))
            media = {str(name): member for member, name in _entries(package.read(_LISTING)).items()}
            deck = Deck(package, collection, _notes(collection), media)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile, sqlite3.Error) as error:
            raise _unreadable(path, error) from error
        yield deck


def _unreadable(path: object, error: Exception) -> OutputError:
    return OutputError(f"{path}: package it can't be read ({error}); build it again")


def cut(deck: Deck, ids: Sequence[str], path: Path) -> None:
    """Write a package that holds only these notes, where they stand in the deck, and the media that they show.

    Raises OutputError when it can't be written.
    """
    file = deck.collection.with_name(_CUT)
    try:
        file.write_bytes(deck.collection.read_bytes())
        with closing(sqlite3.connect(file)) as db:
            shown = _keep(db, ids)
        names = [name for name in sorted(deck.media) if name in shown]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            package.write(file, _MEMBER)
            for number, name in enumerate(names):
                package.writestr(str(number), deck.read(name))
            package.writestr(_LISTING, json.dumps({str(number): name for number, name in enumerate(names)}))
    except (OSError, sqlite3.Error) as error:
        raise OutputError(f"{path}: output it can't be written ({error}); make room for it") from error


def shown(fields: Collection[str], names: Collection[str]) -> set[str]:
    """Return which of these media files some fields show; only our own names are looked for."""
    text = "".join(fields)
    # Media are rare, and their names hold a hash: whoever has the name shows the file.
    return {name for name in names if name in text} if "<img" in text or "[sound:" in text else set()


def _notes(collection: Path) -> tuple[Ours, ...]:
    # SQLite keeps values of any type in a column of text.
    query = """select cast(n.guid as text), cast(n.flds as text), cast(n.tags as text), c.did, n.id
               from notes n join cards c on c.nid = n.id
               where c.ord = (select min(ord) from cards where nid = n.id) order by c.did, c.due"""
    with closing(sqlite3.connect(collection)) as db:
        ((decks,),) = db.execute("select decks from col")
        names = {int(number): str(_entries(deck)["name"]) for number, deck in _entries(decks).items()}
        return tuple(
            Ours(guid, tuple(fields.split(_SEPARATOR)), tuple(tags.split()), names[deck], number)
            for guid, fields, tags, deck, number in db.execute(query)
        )


def _entries(text: object) -> dict[str, Any]:
    """Return the entries of a mapping, or of one in JSON. Raises ValueError for all else."""
    found = json.loads(text) if isinstance(text, str | bytes) else text
    if not isinstance(found, dict):
        raise ValueError(f"a list of it is no mapping: {str(found)[:40]}")
    return found


def _keep(db: sqlite3.Connection, ids: Sequence[str]) -> str:
    """Delete all other notes; return the fields of those that stay, which name the media that they show."""
    db.execute("create temp table wanted (guid text primary key)")
    db.executemany("insert into wanted values (?)", ((name,) for name in ids))
    db.execute("delete from notes where guid not in (select guid from wanted)")
    db.execute("delete from cards where nid not in (select id from notes)")
    used = {str(deck) for (deck,) in db.execute("select distinct did from cards")}
    ((decks,),) = db.execute("select decks from col")
    # Anki makes every deck that a package names, also those that somebody deleted because they were empty.
    kept = {number: deck for number, deck in json.loads(decks).items() if number in {*used, "1"}}
    db.execute("update col set decks = ?", (json.dumps(kept),))
    db.commit()
    db.execute("vacuum")
    return "".join(fields for (fields,) in db.execute("select flds from notes"))
