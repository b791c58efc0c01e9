"""What a run may use to be quick; none of it changes what the run makes."""

from __future__ import annotations

import os
from typing import Final, NamedTuple


class Effort(NamedTuple):
    """How many processes may work at once, and whether the cache of earlier runs may be used and kept."""

    jobs: int = 1
    code: str = ""
    """Which code reads the notes, as `edition` said before it was imported; without it nothing is cached."""


ALONE: Final = Effort()
"""One process, and no cache."""


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
