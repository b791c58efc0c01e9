"""Flashcards that other programs read from notes (`Q:` and `A:`, `START … END`, `STARTI […] ENDI`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from mkcards.data import SILENCED, Block, walk
from mkcards.word_lists import COLONS

MARKS = ("Q:", "Back:", "START", "STARTI")
"""What begins a line of such a flashcard, and names it in a block's `info`."""
_MARK = re.compile(r"^(Q:|Back:|START(?=$)|STARTI(?= \[))(?=[ \t]|$)", re.MULTILINE)
_ANSWER = re.compile(r"A:(?:\s|$)")
_END = re.compile(r"^END$", re.MULTILINE)
_LONGEST = 20
"""Blocks below a `START` among which its `END` stands."""


def may_hold(text: str) -> bool:
    """Tell whether a note, given its text, may hold such a flashcard."""
    return _MARK.search(text) is not None


def without_plugin_cards(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks of a note with one of the kind `SILENCED` in place of each that belongs to such a flashcard."""
    found, end = list(blocks), 0
    for at, block in enumerate(blocks):
        mark = _MARK.search(block.text) if block.kind == "paragraph" else None
        if at < end or mark is None:
            continue
        end = _start_end(blocks, at) if mark[1] == "START" else at + 1
        end = max(end, _question_end(blocks, at))
        found[at:end] = [replace(one, kind=SILENCED, info=mark[1], level=0) for one in blocks[at:end]]
    return tuple(found)


def _start_end(blocks: Sequence[Block], at: int) -> int:
    """Return the place after the block in which a flashcard that starts at `at` says `END`; the next one without it."""
    for place in range(at, min(at + _LONGEST, len(blocks))):
        if any(_END.search(one.text) for one in walk(blocks[place : place + 1])):
            return place + 1
    return at + 1


def _question_end(blocks: Sequence[Block], at: int) -> int:
    """Return the place after a `Q:`, the paragraph that answers it and a list to which that leads with a colon.

    What else stands below is read as it is.
    """
    after = blocks[at + 1] if at + 1 < len(blocks) else None
    answered = after is not None and after.kind == "paragraph" and _ANSWER.match(after.text)
    end = at + 2 if answered else at + 1
    leads = blocks[end - 1].text.rstrip().endswith(COLONS)
    return end + 1 if leads and end < len(blocks) and blocks[end].kind == "list" else end
