"""Reads files without waiting for anybody, and puts a file in the place of another, whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from io import BufferedReader
from pathlib import Path
from typing import IO

_PIECE = 1 << 16
"""Bytes that are read at once: all of most notes."""


def open_regular(path: Path | str) -> BufferedReader:
    """Open a file to read it; a pipe, a device or a socket would keep a run waiting. Raises OSError."""
    return os.fdopen(_opened(path), "rb")


def read_regular(path: Path | str) -> bytes:
    """Return the content of a file that is neither pipe nor device nor socket. Raises OSError."""
    handle = _opened(path)
    try:
        pieces = []
        while piece := os.read(handle, _PIECE):
            pieces.append(piece)
        return b"".join(pieces)
    finally:
        os.close(handle)


def is_gone(path: Path) -> bool:
    """Tell whether nothing is at a path; what can't be looked at may be there."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _opened(path: Path | str) -> int:
    # Without waiting, even when a pipe has come into the file's place since it was listed.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    raise OSError(errno.EINVAL, "It is no regular file", str(path))


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that takes the place of `path` when all went well, and leaves nothing when not.

    A link stays a link. The content has reached the disk before the old file goes. Raises OSError.
    """
    target = _real(path)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):  # What went wrong first is what should be told.
            temporary.unlink(missing_ok=True)
        raise
    if os.name != "nt":
        _sync(target.parent)


def sweep(path: Path) -> None:
    """Remove what killed runs left of `path`; nobody else may be writing it. Raises OSError."""
    target = _real(path)
    for left in target.parent.glob(f".{escape(target.name)}.????????.tmp"):
        left.unlink(missing_ok=True)


def _real(path: Path) -> Path:
    """Where a path leads; itself when its links lead in a circle."""
    return Path(os.path.realpath(path))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
