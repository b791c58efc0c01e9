"""One writer at a time for a deck and its ledger."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from mkcards.errors import OutputError

WAIT: Final = 5.0
"""Seconds to wait for another run."""


@contextmanager
def held(output: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold a deck, waiting for another run to end.

    The lock is the hidden file `.<stem>.lock` beside the deck while it is held; a folder that is made for it goes
    again when nothing else came into it.
    Raises OutputError naming who holds it after `wait` seconds, or when its folder can't be written.
    """
    file = output.with_name(f".{output.stem}.lock")
    lock = FileLock(file)
    is_new = not output.parent.exists()
    try:
        with _writing(output):
            output.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=wait)
    except Timeout as error:
        with _writing(output):
            file.touch()  # Where no file can be made, nobody holds it.
        message = f"{output}: locked {_holder(file)} is at work on it; wait for it to end and try again"
        raise OutputError(message) from error
    try:
        if os.name != "nt":  # There, nobody may write to a file that is locked.
            with suppress(OSError):  # The lock holds without its holder's name, for which a full disk has no room.
                file.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
        yield
    finally:
        if os.name != "nt":  # Whoever waits for this file sees that it is gone, and makes another.
            with suppress(OSError):  # A file that nobody locks keeps nobody waiting.
                file.unlink(missing_ok=True)
        lock.release()
        if is_new:
            with suppress(OSError):  # It holds the deck.
                output.parent.rmdir()


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    try:
        yield
    except Timeout:  # It is an OSError, too.
        raise
    except OSError as error:
        raise OutputError(f"{output}: output its folder can't be written ({error.strerror}); name another") from error


def _holder(file: Path) -> str:
    """Who wrote into the lock, or what can be said without."""
    try:
        name = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    return f"mkcards ({name})" if name else "another mkcards"
