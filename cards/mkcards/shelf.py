"""Where the texts of notes wait on disk until a package is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final
from zlib import crc32

TABLE: Final = """
    CREATE TABLE IF NOT EXISTS texts (
        place INTEGER PRIMARY KEY, text BLOB NOT NULL, checksum INTEGER NOT NULL
    );
"""
_PUT: Final = "INSERT INTO texts (text, checksum) VALUES (?, ?)"
_GET: Final = "SELECT place, text, checksum FROM texts WHERE place IN ({})"
FAULTS: Final = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite's module raises over a damaged file: the second when its message would quote bytes that are no UTF-8."""
AT_ONCE: Final = 250
"""Texts that are read by one statement: many enough to be quick, few enough to be little memory."""


class LostError(Exception):
    """What was kept in a cache is no longer there, or can't be kept: the run must be done again without."""


class Shelf:
    """Keeps the texts of notes under numbers that count up; with `kept`, in a cache, where later runs find them."""

    def __init__(self, connection: sqlite3.Connection, *, kept: bool) -> None:
        self._connection = connection
        self._kept = kept

    def put(self, text: bytes) -> int:
        """Put a text on the shelf and return its place.

        Raises LostError when the cache can't hold them, sqlite3.Error when a temporary file can't.
        """
        try:
            place = self._connection.execute(_PUT, (text, crc32(text))).lastrowid
        except FAULTS as error:
            raise self._fault(error) from error
        assert place is not None
        return place

    def get(self, places: Sequence[int]) -> Iterator[bytes]:
        """Yield what was put at each place. Raises as `put` does, also when it is not there as it was put."""
        for start in range(0, len(places), AT_ONCE):
            some = places[start : start + AT_ONCE]
            try:
                rows = self._connection.execute(_GET.format(",".join("?" * len(some))), some).fetchall()
            except FAULTS as error:
                raise self._fault(error) from error
            # SQLite lets a damaged file hold values of any type.
            found = {place: text for place, text, checksum in rows if type(text) is bytes and crc32(text) == checksum}
            if len(found) < len(some):
                raise LostError
            yield from map(found.__getitem__, some)

    def drop(self, places: Iterable[int]) -> None:
        """Take notes off the shelf. Raises as `put` does."""
        try:
            self._connection.executemany("DELETE FROM texts WHERE place = ?", ((place,) for place in places))
        except FAULTS as error:
            raise self._fault(error) from error

    def _fault(self, error: sqlite3.Error | UnicodeDecodeError) -> Exception:
        return LostError() if self._kept else error


@contextmanager
def private() -> Iterator[Shelf]:
    """Give a shelf that goes when it is no longer needed. Raises sqlite3.Error."""
    # A database without a name is a temporary file, and in memory as long as it is small.
    with closing(sqlite3.connect("")) as connection:
        connection.executescript(TABLE)
        yield Shelf(connection, kept=False)
