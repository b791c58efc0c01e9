"""Compresses as zip files do, on several cores; the bytes depend neither on their number nor on how a text is cut."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from isal import isal_zlib

BLOCK: Final = 1 << 20
"""Bytes that are compressed by themselves: smaller blocks would make a larger deck."""
LEVEL: Final = 2
"""Of igzip, which takes a quarter of the time of zlib's level 1 and packs a little better."""
AHEAD: Final = 4
"""Blocks that may be under way at once."""


def even(pieces: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """Yield a text in blocks, whatever its pieces are."""
    block = bytearray()
    for piece in pieces:
        view = memoryview(piece)
        while view:
            room = BLOCK - len(block)
            block += view[:room]
            view = view[room:]
            if len(block) == BLOCK:
                yield bytes(block)
                block.clear()
    yield bytes(block)


class Deflater:
    """Takes the place of one of zlib's compressors; is given blocks, of which only the last may be short."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads
        self._waiting: deque[Future[bytes]] = deque()

    def compress(self, block: bytes) -> bytes:
        """Take a block; return what is ready of the compressed text."""
        self._waiting.append(self._threads.submit(_compressed, block))
        return self._waiting.popleft().result() if len(self._waiting) > AHEAD else b""

    def flush(self) -> bytes:
        """Return the rest of the compressed text."""
        end: bytes = _compressor().flush()
        return b"".join((*(one.result() for one in self._waiting), end))


class Ahead:
    """Compresses a text while others are at work; takes the place of one of zlib's compressors for that text."""

    def __init__(self, pieces: Sequence[bytes | memoryview], threads: ThreadPoolExecutor) -> None:
        self.pieces = pieces
        # One block after the other, so that few of them are in memory.
        self._packed = threads.submit(lambda: [*map(_compressed, even(pieces))])

    def compress(self, piece: bytes) -> bytes:
        """Take a piece of the text, which is known already; nothing is ready before the end."""
        return b""

    def flush(self) -> bytes:
        """Return the compressed text."""
        end: bytes = _compressor().flush()
        return b"".join((*self._packed.result(), end))


def _compressor() -> isal_zlib.Compress:
    return isal_zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)


def _compressed(block: bytes) -> bytes:
    one = _compressor()
    packed: bytes = one.compress(block) + one.flush(zlib.Z_FULL_FLUSH)
    return packed
