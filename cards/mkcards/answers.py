"""What stands below a question, as the Markdown of an answer."""

from __future__ import annotations

from collections.abc import Sequence

from mkcards.data import Block
from mkcards.phrasing import size
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain, whole
from mkcards.syntax.markdown import to_markdown

SCREEN_LINES = 14
SCREEN_WORDS = 140
"""An answer with more does not fit a screen."""


def unwrapped(blocks: Sequence[Block]) -> str:
    """Return the Markdown of an answer; a lone bullet or quote mark around all of it is taken off."""
    kept = [block for block in blocks if block.kind != "comment"]
    if len(kept) == 1:
        block = kept[0]
        if (block.kind == "list" and len(block.children) == 1) or block.kind in {"item", "quote"}:
            return unwrapped(block.children)
    return to_markdown(kept)


def fits(text: str) -> bool:
    """Tell whether an answer fits a screen."""
    return text.count("\n") < SCREEN_LINES and size(plain(text)) <= SCREEN_WORDS


def _asks_on(block: Block) -> bool:
    """Tell whether a block is a question line of its own."""
    marked = block.kind == "paragraph" and bool(whole(block.text, ("strong", "mark")))
    return marked and plain(block.text).endswith(("?", "？"))


def below_heading(look: Look, place: Place) -> tuple[str, tuple[Block, ...]]:
    """Return what stands below a heading up to the next one, when it is an answer: a screen at most, and no lead-in."""
    found: list[Block] = []
    for block in place.after():
        if block.kind in {"heading", "rule"} or not look.free(block) or _asks_on(block):
            break
        if block.kind not in {"html", "footnote"}:
            found.append(block)
    if len(found) > 1 and plain(found[-1].text).endswith((":", "：")):
        found.pop()
    if not found:
        return "", ()
    text = unwrapped(found)
    last = plain(found[-1].text) if found[-1].kind == "paragraph" else ""
    if not fits(text) or last.endswith(("?", "？", ":", "：")) or not any(c.isalpha() for c in plain(text)):
        return "", ()
    return text, tuple(found)
