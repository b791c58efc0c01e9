"""The lines of a ledger as places in its bytes, to pass on those that stay without a look into them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import compress, pairwise
from typing import Final

import msgspec


class _Glance(msgspec.Struct):
    """What tells whose card a line is."""

    id: str
    path: str
    answer: str
    retired: int | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of a ledger in their order, which is that of the ids of their cards."""

    data: bytes = b""
    """The whole ledger."""
    ids: Sequence[str] = ()
    starts: array[int] = field(default_factory=lambda: array("Q"))
    ends: array[int] = field(default_factory=lambda: array("Q"))
    answers: array[int] = field(default_factory=lambda: array("q"))
    """The hashes of the answers of their cards."""

    def chosen(self, taken: Sequence[bool]) -> Lines:
        """Return some of them; `taken` says of each whether it is among those."""
        starts, ends = (array("Q", compress(some, taken)) for some in (self.starts, self.ends))
        return Lines(self.data, [*compress(self.ids, taken)], starts, ends, array("q", compress(self.answers, taken)))

    def without(self, ids: Container[str]) -> Lines:
        """Return all but the lines of some cards."""
        return self.chosen([card_id not in ids for card_id in self.ids])

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[bytes]:
        return (self.data[start:end] for start, end in zip(self.starts, self.ends, strict=True))

    def merged(self, others: Iterable[tuple[str, bytes]]) -> Iterator[bytes | memoryview]:
        """Yield all of them and other lines, given by their ids, in the order of the ids; many at once where they can.

        `others` are in that order themselves.
        """
        gaps = [place for place, start in enumerate(self.starts) if place and start != self.ends[place - 1]]
        data, at = memoryview(self.data), 0

        def between(first: int, last: int) -> Iterator[memoryview]:
            cuts = (first, *gaps[bisect_left(gaps, first + 1) : bisect_left(gaps, last)], last)
            return (data[self.starts[start] : self.ends[end - 1]] for start, end in pairwise(cuts) if start < end)

        for card_id, line in others:
            place = bisect_left(self.ids, card_id, at)
            yield from between(at, place)
            yield line
            at = place
        yield from between(at, len(self))


@dataclass(frozen=True, slots=True)
class Glances:
    """The ids of all cards of a ledger, where their lines are, whose they are, and the hashes of their answers."""

    ids: list[str] = field(default_factory=list)
    owners: list[str | None] = field(default_factory=list)
    """The paths of their notes; None for a card that retired."""
    ends: array[int] = field(default_factory=lambda: array("Q"))
    """Where the header ends, and each line."""
    answers: array[int] = field(default_factory=lambda: array("q"))

    def split(self, data: bytes, paths: Container[str]) -> tuple[Lines, Lines, bytes]:
        """Return all lines of a ledger, those of the living cards of some notes, and the ledger without these.

        `data` are the bytes of the ledger.
        """
        taken = [owner in paths for owner in self.owners]
        every = Lines(data, self.ids, self.ends[:-1], self.ends[1:], self.answers)
        rest = every.chosen([not one for one in taken])
        return every, every.chosen(taken), b"".join((data[: self.ends[0]], *rest))


def glances(data: bytes) -> Glances:
    """Return where all is in a ledger that a build wrote."""
    found = Glances()
    paths: dict[str, str] = {}
    lines = BytesIO(data)
    found.ends.append(len(lines.readline()))
    for line in lines:
        card = _GLANCE.decode(line)
        found.ids.append(card.id)
        found.owners.append(None if card.retired is not None else paths.setdefault(card.path, card.path))
        found.ends.append(found.ends[-1] + len(line))
        found.answers.append(hash(card.answer))
    return found


_GLANCE: Final = msgspec.json.Decoder(_Glance)
