"""Where the texts of notes wait on disk until a package is written."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final

TABLE: Final = """
    CREATE TABLE IF NOT EXISTS texts (
        place INTEGER PRIMARY KEY, tags TEXT NOT NULL, fields BLOB NOT NULL, checksum INTEGER NOT NULL
    );
"""
_PUT: Final = "INSERT INTO texts (tags, fields, checksum) VALUES (?, ?, ?)"
_GET: Final = "SELECT place, tags, fields, checksum FROM texts WHERE place IN ({})"
AT_ONCE: Final = 250
"""Texts that are read by one statement: many enough to be quick, few enough to be little memory."""


class LostError(Exception):
    """What was kept in a cache is no longer there, or can't be kept: the run must be done again without."""


class Shelf:
    """Keeps the texts of notes under numbers that count up; with `kept`, in a cache, where later runs find them."""

    def __init__(self, connection: sqlite3.Connection, *, kept: bool) -> None:
        self._connection = connection
        self._kept = kept

    def put(self, tags: str, fields: bytes) -> int:
        """Put the tags and fields of a note on the shelf, as Anki stores them; return their place.

        Raises LostError when the cache can't hold them, sqlite3.Error when a temporary file can't.
        """
        try:
            place = self._connection.execute(_PUT, (tags, fields, _checksum(tags, fields))).lastrowid
        except sqlite3.Error as error:
            raise self._fault(error) from error
        assert place is not None
        return place

    def get(self, places: Sequence[int]) -> Iterator[tuple[str, bytes]]:
        """Yield what was put at each place. Raises as `put` does, also when it is not there as it was put."""
        for start in range(0, len(places), AT_ONCE):
            some = places[start : start + AT_ONCE]
            try:
                found = {row[0]: row for row in self._connection.execute(_GET.format(",".join("?" * len(some))), some)}
            except sqlite3.Error as error:
                raise self._fault(error) from error
            for place in some:
                _, tags, fields, checksum = found.get(place, (place, "", b"", None))
                # SQLite lets a damaged file hold values of any type.
                if (type(tags), type(fields)) != (str, bytes) or checksum != _checksum(tags, fields):
                    raise LostError
                yield tags, fields

    def drop(self, places: Iterable[int]) -> None:
        """Take notes off the shelf. Raises as `put` does."""
        try:
            self._connection.executemany("DELETE FROM texts WHERE place = ?", ((place,) for place in places))
        except sqlite3.Error as error:
            raise self._fault(error) from error

    def _fault(self, error: sqlite3.Error) -> Exception:
        return LostError() if self._kept else error


@contextmanager
def private() -> Iterator[Shelf]:
    """Give a shelf that goes when it is no longer needed. Raises sqlite3.Error."""
    # A database without a name is a temporary file, and in memory as long as it is small.
    with closing(sqlite3.connect("")) as connection:
        connection.executescript(TABLE)
        yield Shelf(connection, kept=False)


def _checksum(tags: str, fields: bytes) -> int:
    return zlib.crc32(fields, zlib.crc32(tags.encode()))
