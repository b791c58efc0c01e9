"""Lines of a ledger that stay as they are, without a look into them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence


class Lines:
    """Some lines of a ledger in their order, which is that of the ids of their cards."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = memoryview(data)
        self._ids: list[str] = []
        self._places = array("Q")

    def add(self, card_id: str, start: int, end: int) -> None:
        """Take in the line of a card; `start` and `end` are its places in the bytes of the ledger."""
        self._ids.append(card_id)
        self._places.extend((start, end))

    @property
    def ids(self) -> Sequence[str]:
        """The ids of their cards, sorted."""
        return self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[bytes]:
        places = iter(self._places)
        return (bytes(self._data[start:end]) for start, end in zip(places, places, strict=True))
