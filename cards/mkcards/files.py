"""Reads and decodes files without waiting for anybody, and puts a file in the place of another, whole or not at all."""

from __future__ import annotations

import codecs
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from io import BufferedReader
from pathlib import Path
from typing import IO, Final

_PIECE = 1 << 16
"""Bytes that are read at once: all of most notes."""
# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


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


def codec_of(data: bytes) -> str:
    """Return the codec of a text: the one that its first bytes mark, else UTF-8."""
    return next((codec for mark, codec in _MARKS if data.startswith(mark)), "utf-8")


def decode(data: bytes) -> str:
    """Return the text that a file holds, with every line end as a newline. Raises UnicodeDecodeError."""
    return data.decode(codec_of(data)).replace("\r\n", "\n").replace("\r", "\n")


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
