"""Lines of a ledger that stay as they are, without a look into them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence


class Lines:
    """Some lines of a ledger in their order, which is that of the ids of their cards."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = memoryview(data)
        self._ids: list[str] = []
        self._starts, self._ends = array("Q"), array("Q")
        self._gaps = array("Q")
        """Which of them do not follow the one before at once."""

    def add(self, card_id: str, start: int, end: int) -> None:
        """Take in the line of a card; `start` and `end` are its places in the bytes of the ledger."""
        if self._ends and self._ends[-1] != start:
            self._gaps.append(len(self._ids))
        self._ids.append(card_id)
        self._starts.append(start)
        self._ends.append(end)

    @property
    def ids(self) -> Sequence[str]:
        """The ids of their cards, sorted."""
        return self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[bytes]:
        return (bytes(self._data[start:end]) for start, end in zip(self._starts, self._ends, strict=True))

    def merged(self, others: Iterable[tuple[str, bytes]]) -> Iterator[bytes | memoryview]:
        """Yield all of them and other lines, given by their ids, in the order of the ids; many at once where they can.

        `others` are in that order themselves.
        """
        at = 0
        for card_id, line in others:
            place = bisect_left(self._ids, card_id, at)
            yield from self._between(at, place)
            yield line
            at = place
        yield from self._between(at, len(self))

    def _between(self, first: int, last: int) -> Iterator[memoryview]:
        cuts = self._gaps[bisect_left(self._gaps, first + 1) : bisect_left(self._gaps, last)]
        for start, end in zip((first, *cuts), (*cuts, last), strict=True):
            if start < end:
                yield self._data[self._starts[start] : self._ends[end - 1]]
