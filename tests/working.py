"""What the workers of the tests do; in a module of its own, so that none of them imports what tests need."""

from __future__ import annotations

import os
import signal
import sys
import time


def doubled(batch: list[int]) -> list[int]:
    return [2 * number for number in batch]


def slowly(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def dying(number: int) -> int:
    """Die as if out of memory, but in a worker only."""
    if number == 2 and "forkserver" in " ".join(sys.orig_argv):
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def mortal(number: int) -> int:
    """Die after the first batch, but in a worker only."""
    dying(2 if number < 18 else number)
    return number


def too_large(number: int) -> int:
    if number == 2:
        raise MemoryError(f"no room for {number}")
    return number
