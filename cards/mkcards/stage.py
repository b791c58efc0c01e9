"""The rows of a package's notes, kept from one package to the next so that only those that changed are made.

SQLite copies whole tables of the same shape many times quicker than it takes rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from mkcards.note_type import NOTE_TYPE_ID
from mkcards.shelf import Shelf
from mkcards.slips import Slip

_NOTE: Final = (
    f"INSERT INTO main.notes VALUES (?, ?, {NOTE_TYPE_ID}, ?, -1, CAST(? AS TEXT), CAST(? AS TEXT), ?, 0, 0, '')"
)
_SHAPE: Final = "SELECT sql FROM package.sqlite_master WHERE name = 'notes'"


class Stage:
    """Holds the rows of the notes of the package that was written last."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._held: dict[int, int] = {}
        """What stands for the text of each row."""

    def write(self, collection: Path, notes: Mapping[int, Slip], shelf: Shelf) -> None:
        """Write the rows of notes, given by their ids, into a collection that has none yet.

        Raises sqlite3.Error, and as `shelf` does when a text is not on it.
        """
        run = self._connection.execute
        run("ATTACH ? AS package", (str(collection),))
        try:
            run("PRAGMA package.synchronous = OFF")
            run("PRAGMA package.journal_mode = OFF")
            run("BEGIN")
            self._hold(notes, shelf)
            run("INSERT INTO package.notes SELECT * FROM main.notes")
            run("COMMIT")
        finally:
            if self._connection.in_transaction:
                run("ROLLBACK")
                self._held = {}
            run("DETACH package")

    def _hold(self, notes: Mapping[int, Slip], shelf: Shelf) -> None:
        if not self._held:
            self._connection.execute("DROP TABLE IF EXISTS main.notes")
            ((shape,),) = self._connection.execute(_SHAPE)
            self._connection.execute(shape)
        wanted = {note: one.digest for note, one in notes.items()}
        gone, fresh = _changed(self._held, wanted), _changed(wanted, self._held)
        self._connection.executemany("DELETE FROM main.notes WHERE id = ?", ((note,) for note in gone))
        self._connection.executemany(_NOTE, _rows({note: notes[note] for note in sorted(fresh)}, shelf))
        self._held = wanted


def _changed(some: Mapping[int, int], others: Mapping[int, int]) -> list[int]:
    """Return the notes that others have not, or with another text."""
    return [note for note, text in some.items() if others.get(note) != text]


def _rows(notes: Mapping[int, Slip], shelf: Shelf) -> Iterator[tuple[Any, ...]]:
    texts = shelf.get([one.place for one in notes.values()])
    for (note, one), text in zip(notes.items(), texts, strict=True):
        # As bytes, which SQLite takes as they are: Python would decode a text for it to be encoded again.
        tags, _, fields = text.partition(b"\x1f")
        prompt, _, _ = fields.partition(b"\x1f")
        yield note, one.id, max(one.changed, 1), tags, fields, prompt.decode()


@contextmanager
def private() -> Iterator[Stage]:
    """Give a stage that holds nothing yet and goes when it is no longer needed. Raises sqlite3.Error."""
    # A database without a name is a temporary file, and in memory as long as it is small.
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = MEMORY")
        yield Stage(connection)
