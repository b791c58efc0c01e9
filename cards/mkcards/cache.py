"""What earlier runs found in each note, so that the next need not read it again; never a source of truth.

Whatever is wrong with the file in which it stands, it is made anew: a run without it gives the same deck.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from platformdirs import user_cache_path

from mkcards import unchanged
from mkcards.shelf import FAULTS, TABLE, Shelf, private

WAIT: Final = 1.0
"""Seconds to wait for another run before going on without the cache."""
_TABLES: Final = """
    BEGIN;
    CREATE TABLE IF NOT EXISTS made (by TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS notes (
        path BLOB PRIMARY KEY, signature TEXT NOT NULL, settled INTEGER NOT NULL, digest BLOB NOT NULL,
        content BLOB NOT NULL, checksum INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS made_of (
        path BLOB PRIMARY KEY, digest BLOB NOT NULL, content BLOB NOT NULL, checksum INTEGER NOT NULL,
        first INTEGER NOT NULL, last INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS made_with (key TEXT NOT NULL);
"""
_KEEP: Final = "INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?, ?)"
_AGAIN: Final = "UPDATE notes SET signature = ?, settled = ? WHERE path = ?"


class Seen(NamedTuple):
    """What a file's stat says, and whether it stands for the content."""

    signature: str
    settled: bool


class Known(NamedTuple):
    """What is kept of a note besides what was found in it."""

    seen: Seen
    digest: bytes
    """Of the note's bytes."""


def digest_of(data: bytes) -> bytes:
    """Return what stands for the content of a note."""
    return hashlib.blake2b(data, digest_size=16).digest()


def place_of(output: Path) -> Path:
    """Where the cache of a deck stands."""
    name = hashlib.blake2b(os.fsencode(output.resolve()), digest_size=12).hexdigest()
    return user_cache_path("mkcards", appauthor=False) / f"{name}.sqlite"


class Cache:
    """Keeps what was found in the notes of one deck; one without a file keeps nothing."""

    def __init__(
        self, file: Path | None = None, connection: sqlite3.Connection | None = None, made_by: str = ""
    ) -> None:
        self.made_by = made_by
        self._file = file
        self._connection = connection
        self.clock = 0
        """The cache's own time, from the file system's clock: nanoseconds since 1970."""
        if file is not None:
            os.utime(file)
            self.clock = file.stat().st_mtime_ns

    def __bool__(self) -> bool:
        return self._connection is not None

    def see(self, file: Path | str) -> Seen | None:
        """Return what the stat of a file says, or None when it can't be had or nothing is kept."""
        if self._connection is None:
            return None
        try:
            stat = os.stat(file)  # noqa: PTH116  # It takes half as long as that of a `Path`.
        except OSError:
            return None  # Whoever reads it says why.
        return Seen(unchanged.signature(stat), not unchanged.is_young(stat, self.clock))

    def known(self) -> Mapping[str, Known]:
        """Return what is kept, by the paths of the notes."""
        rows = self._rows("SELECT path, signature, settled, digest FROM notes", ())
        return {
            os.fsdecode(path): Known(Seen(text, bool(settled)), digest)
            for path, text, settled, digest in rows
            # SQLite lets a damaged file hold values of any type.
            if (type(path), type(text), type(settled), type(digest)) == (bytes, str, int, bytes)
        }

    def content(self, path: str) -> bytes | None:
        """Return what was found in a note, or None when it is not to be had whole."""
        for content, checksum in self._rows("SELECT content, checksum FROM notes WHERE path = ?", (os.fsencode(path),)):
            if isinstance(content, bytes) and zlib.crc32(content) == checksum:
                return content
        return None

    def keep(self, path: str, seen: Seen, digest: bytes, content: bytes) -> None:
        """Keep what was found in a note, until `save` only for this run."""
        row = os.fsencode(path), seen.signature, seen.settled, digest, content, zlib.crc32(content)
        self._rows(_KEEP, row)

    def see_again(self, path: str, seen: Seen) -> None:
        """Keep that a note is as it was, though its stat is another."""
        self._rows(_AGAIN, (seen.signature, seen.settled, os.fsencode(path)))

    def forget(self, paths: Iterable[str]) -> None:
        """Drop notes that are no more."""
        for path in paths:
            self._rows("DELETE FROM notes WHERE path = ?", (os.fsencode(path),))
            self.forget_made(path)

    def made(self, key: str) -> Iterator[tuple[str, bytes, bytes]]:
        """Yield what the last build made of each note: path, digest of the note's bytes, and content.

        Yields nothing when it was kept under another key.
        """
        if self._rows("SELECT key FROM made_with", ()) != [(key,)]:
            return
        for path, digest, content, checksum in self._rows("SELECT path, digest, content, checksum FROM made_of", ()):
            whole = (type(path), type(digest), type(content)) == (bytes, bytes, bytes)
            if whole and zlib.crc32(content) == checksum:
                yield os.fsdecode(path), digest, content

    def made_of(self, path: str) -> bytes | None:
        """Return what was kept of one note under whatever key, or None when it is not to be had whole."""
        query = "SELECT content, checksum FROM made_of WHERE path = ?"
        for content, checksum in self._rows(query, (os.fsencode(path),)):
            if isinstance(content, bytes) and zlib.crc32(content) == checksum:
                return content
        return None

    def keep_key(self, key: str) -> None:
        """Keep the key under which all is kept that builds make of notes, until `save` only for this run."""
        self._rows("DELETE FROM made_with", ())
        self._rows("INSERT INTO made_with VALUES (?)", (key,))

    @contextmanager
    def shelf(self) -> Iterator[Shelf]:
        """Give the shelf with the texts of what `made` yields; one that is empty and soon gone, if nothing is kept."""
        if self._connection is None:
            with private() as shelf:
                yield shelf
        else:
            yield Shelf(self._connection, kept=True)

    def keep_made(self, path: str, digest: bytes, content: bytes, places: Sequence[int]) -> None:
        """Keep what a build made of a note with such bytes, until `save` only for this run.

        `places` are those of its texts on the shelf, one after another.
        """
        row = os.fsencode(path), digest, content, zlib.crc32(content), *(places[:1] or (1,)), *(places[-1:] or (0,))
        self._rows("INSERT INTO made_of VALUES (?, ?, ?, ?, ?, ?)", row)

    def forget_made(self, path: str) -> None:
        """Drop what a build made of a note, with its texts."""
        for first, last in self._rows("SELECT first, last FROM made_of WHERE path = ?", (os.fsencode(path),)):
            self._rows("DELETE FROM texts WHERE place BETWEEN ? AND ?", (first, last))
            self._rows("DELETE FROM made_of WHERE path = ?", (os.fsencode(path),))

    def remove(self) -> None:
        """Go on without, since what is kept is not as it was; the next run finds no trace of it."""
        self._drop()

    def save(self) -> None:
        """Keep for later runs what this one found."""
        if self._connection is not None:
            try:
                self._connection.commit()
            except FAULTS:
                self._drop()

    def close(self) -> None:
        """End without keeping what was not saved."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[Any]:
        if self._connection is None:
            return []
        try:
            return self._connection.execute(statement, values).fetchall()
        except FAULTS:
            self._drop()
            return []

    def _drop(self) -> None:
        """Go on without, after an error of the file; if it is damaged, the next run finds no trace of it."""
        if self._connection is not None and self._file is not None:
            self.close()
            with suppress(OSError):  # Who may not write it may not remove it; every run goes on without.
                _remove(self._file)


@contextmanager
def opened(file: Path, made_by: str, *, anew: bool) -> Iterator[Cache]:
    """Give the cache in a file, if it was made by `made_by` (configuration and code); else an empty one.

    That takes the place of the old one only with `anew`; a look at one note should not cost the cache of a deck.
    Gives one that keeps nothing when the file can't be used or another run is writing to it.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = _connected(file, made_by, anew=anew)
        cache = Cache(file, connection, made_by) if connection else Cache()
    except (OSError, *FAULTS):
        yield Cache()
        return
    try:
        yield cache
    finally:
        cache.close()


def _connected(file: Path, made_by: str, *, anew: bool) -> sqlite3.Connection | None:
    connection = sqlite3.connect(file, timeout=WAIT)
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
        found = connection.execute("SELECT by FROM made").fetchall()
    except FAULTS as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            connection.close()
            raise
        found = []
    if found != [(made_by,)]:
        connection.close()
        if found and not anew:
            return None
        _remove(file)
        connection = sqlite3.connect(file, timeout=WAIT)
        try:
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(_TABLES + TABLE)
            connection.execute("INSERT INTO made VALUES (?)", (made_by,))
        except FAULTS:
            connection.close()
            raise
    return connection


def _remove(file: Path) -> None:
    # A journal that is left behind would be played back into the next file of that name.
    for left in (file, file.with_name(f"{file.name}-journal")):
        left.unlink(missing_ok=True)
