"""Puts a file in the place of another, whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import IO


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that takes the place of `path` when all went well, and leaves nothing when not.

    A link stays a link. The content has reached the disk before the old file goes. Raises OSError.
    """
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    if os.name != "nt":
        _sync(target.parent)


def sweep(path: Path) -> None:
    """Remove what killed runs left of `path`; nobody else may be writing it. Raises OSError."""
    target = path.resolve()
    for left in target.parent.glob(f".{escape(target.name)}.????????.tmp"):
        left.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
