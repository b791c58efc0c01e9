"""Which code is running: ours, and what is installed beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

HERE = os.path.dirname(__file__)  # noqa: PTH120  # pathlib takes longer to import than all of this to run.


def edition() -> str:
    """Return a text that changes whenever code changes that a deck depends on; take it before importing that code.

    It holds the stat of each of our files, and of each folder from which Python imports: installing, upgrading or
    removing a package changes that. It also holds the stat of what each package there offers to others. The folder of
    Python's scripts is none of them, so that `python -m mkcards` is the same code as `mkcards`.
    """
    here = {os.getcwd(), *(os.path.join(sys.prefix, scripts) for scripts in ("bin", "Scripts"))}  # noqa: PTH109, PTH118
    roads = [road for road in sys.path if road and road not in here]
    offers = (offer for road in roads for offer in _offers(road))
    return "\n".join((sys.version, *map(_line, (*roads, *offers)), stats((HERE,))))


def stats(tops: Iterable[str]) -> str:
    """Return a text that changes whenever files with code do, or those below folders."""
    return "\n".join(line for top in tops for line in _below(top))


def _offers(road: str) -> list[str]:
    """The lists of entry points of the packages in a folder."""
    try:
        names = os.listdir(road)  # noqa: PTH208
    except OSError:  # It is not there, or a zip file.
        return []
    return sorted(f"{road}/{name}/entry_points.txt" for name in names if name.endswith((".dist-info", ".egg-info")))


def _below(top: str) -> Iterator[str]:
    yield _line(top)
    if os.path.isdir(top):  # noqa: PTH112
        with os.scandir(top) as entries:
            found = sorted(entry.path for entry in entries if entry.name != "__pycache__")
        for path in found:
            yield from _below(path)


def _line(path: str) -> str:
    try:
        stat = os.stat(path)  # noqa: PTH116
    except OSError:
        return f"{path} -"
    return f"{path} {stat.st_mtime_ns} {stat.st_size}"
