"""What the author took off the cards (`%% nocard %%`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from mkcards.data import SILENCED, Block

NO_CARD = re.compile(r"(?:%%|<!--)\s*no[ -]?card\s*(?:%%|-->|[,;]\s*ignore\b)", re.IGNORECASE)
"""The author's word that a block makes no card, alone or before what it ignores."""
_HOLDERS = frozenset({"quote", "callout", "item", "definition"})


def is_off(block: Block) -> bool:
    """Tell whether the author wrote `%% nocard %%` on a block or inside a quote or item of it, or on all of a list."""
    inside = block.children if block.kind in _HOLDERS else ()
    if any(NO_CARD.search(remark) for one in (block, *inside) for remark in one.remarks):
        return True
    return block.kind in {"list", "item"} and bool(block.children) and all(map(is_off, block.children))


def section_end(siblings: Sequence[Block], at: int) -> int:
    """Return the place after the section that the heading at `at` opens.

    It ends at the next heading of its level or a higher one, or at the first one after a thematic break.
    """
    after_rule = False
    for place in range(at + 1, len(siblings)):
        block = siblings[place]
        if block.kind == "heading" and (after_rule or block.level <= siblings[at].level):
            return place
        after_rule = after_rule or block.kind == "rule"
    return len(siblings)


def without_silenced(siblings: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks with one of the kind `SILENCED` in place of each block or section that the author took off.

    An item stays in its list, which would not be whole without it, and is marked as `off`.
    """
    return tuple(_without(siblings))


def _without(siblings: Sequence[Block]) -> Iterator[Block]:
    end = 0
    for at, block in enumerate(siblings):
        if at < end:
            continue
        if block.kind == "heading" and (is_off(block) or _commented_below(siblings, at)):
            end = section_end(siblings, at)
            yield replace(block, kind=SILENCED, children=tuple(siblings[at + 1 : end]))
        elif block.kind == "comment":
            yield block
        elif not (is_off(block) or _off_before(siblings, at)):
            yield replace(block, children=without_silenced(block.children)) if block.children else block
        else:
            yield replace(block, off=True) if block.kind == "item" else replace(block, kind=SILENCED)


def _commented_below(siblings: Sequence[Block], at: int) -> bool:
    """Tell whether one of the comments right below a heading takes its section off."""
    for below in siblings[at + 1 :]:
        if below.kind != "comment":
            return False
        if is_off(below):
            return True
    return False


def _off_before(siblings: Sequence[Block], at: int) -> bool:
    """Tell whether a block is taken off from above: by the comments before it, or with the label that it follows."""
    block, above = siblings[at], at - 1
    if block.kind == "heading":
        return False
    while above >= 0 and siblings[above].kind == "comment":
        if is_off(siblings[above]):
            return True
        above -= 1
    labelled = above == at - 1 >= 0 and siblings[above].kind in {"paragraph", "term"}
    if not labelled or block.kind in {"paragraph", "term"}:
        return False
    return is_off(siblings[above]) or _off_before(siblings, above)
