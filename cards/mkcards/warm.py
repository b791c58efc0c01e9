"""What stays at hand between the builds of one process; none of it changes what they make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mkcards import stage
from mkcards.stage import Stage


@dataclass(frozen=True, slots=True)
class Warm:
    """What the last build leaves to the next."""

    deck: Stage
    aside: Stage
    """Of the package with the retired cards."""


@contextmanager
def warmed() -> Iterator[Warm]:
    """Give what knows of no build yet. Raises sqlite3.Error."""
    with stage.private() as deck, stage.private() as aside:
        yield Warm(deck, aside)
