"""What stays at hand between the builds of one process; none of it changes what they make."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mkcards import ledger as ledgers
from mkcards import stage
from mkcards.cache import Cache
from mkcards.config import Config
from mkcards.discover import Found
from mkcards.effort import Effort
from mkcards.ledger_lines import Glances, glances
from mkcards.made import Made, cached, key_of, made_of
from mkcards.stage import Stage


@dataclass(frozen=True, slots=True)
class Left:
    """What the last build left: its notes, and its ledger at a glance."""

    key: tuple[str, ...] = ()
    made: Mapping[str, tuple[bytes, Made]] = field(default_factory=dict)
    """By their paths, with the digests of their bytes."""
    glances: Glances = field(default_factory=Glances)


@dataclass(slots=True)
class Warm:
    """What the last build leaves to the next."""

    deck: Stage
    aside: Stage
    """Of the package with the retired cards."""
    _left: Left = field(default_factory=Left)

    def left(self, cache: Cache, stored: bytes, key: str) -> Left:
        """Return what the build left that wrote the ledger `stored`; `key` stands for that and the settings.

        It is read from the cache, unless it was read by this process before.
        """
        whole = key, cache.made_by
        if self._left.key != whole or not cache:
            made = made_of(cache, key)
            self._left = Left(whole, made, glances(stored) if made else Glances())
        return self._left

    def look_ahead(self, config: Config, found: Found, output: Path, effort: Effort) -> None:
        """Read what the next build will ask for, if that finds all as the last did. Raises LedgerError."""
        stored = ledgers.read(ledgers.beside(output))
        if stored is not None and output.suffix == ".apkg":
            key = key_of(hashlib.sha256(stored).hexdigest(), config, found, output.stem)
            with cached(config, found.vault, effort, builds=False) as cache:
                self.left(cache, stored, key)


@contextmanager
def warmed() -> Iterator[Warm]:
    """Give what knows of no build yet. Raises sqlite3.Error."""
    with stage.private() as deck, stage.private() as aside:
        yield Warm(deck, aside)
