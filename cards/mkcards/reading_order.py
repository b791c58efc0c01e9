"""The order in which a person reads notes: 2 before 10, and a folder's notes together."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_DIGITS: Final = re.compile(r"(\d+)")


# While the same files are there, a watch asks the same again and again.
@lru_cache(maxsize=2)
def reading_order(paths: tuple[str, ...]) -> tuple[int, ...]:
    """Return the places of paths in their order: folder by folder, numbers by their value."""
    return tuple(sorted(range(len(paths)), key=lambda place: (_natural(paths[place]), paths[place])))


def _natural(path: str) -> list[list[str | int]]:
    """A sort key under which 2 comes before 10, and a folder's notes stand together."""
    return [_runs(part) for part in path.split("/")]


@lru_cache(maxsize=1 << 10)
def _runs(part: str) -> list[str | int]:
    """Text and numbers by turns, beginning and ending with a text."""
    runs: list[str | int] = [*_DIGITS.split(part.casefold())]
    runs[1::2] = map(int, runs[1::2])
    return runs
