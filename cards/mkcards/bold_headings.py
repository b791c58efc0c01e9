"""Bold lines that stand where headings would."""

from __future__ import annotations

from collections.abc import Iterable

from mkcards.data import Block
from mkcards.phrasing import size
from mkcards.syntax.inline import named, whole


def bold_above(blocks: Iterable[Block], limit: int) -> dict[Block, str]:
    """Return what the bold line above each block says, or "": the nearest one below the last horizontal rule.

    A line of more words than `limit` is a sentence.
    """
    above, bold = {}, ""
    for block in blocks:
        above[block] = bold
        line = whole(block.text) if block.kind == "paragraph" else ""
        if block.kind == "rule":
            bold = ""
        elif 0 < size(line) <= limit:
            bold = named(line).rstrip(" :：.。")
    return above
