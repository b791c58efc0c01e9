"""Paragraphs below a bold line that stands where a heading would."""

from __future__ import annotations

from msgspec.structs import replace

from mkcards.data import Block
from mkcards.phrasing import size
from mkcards.rule import Place
from mkcards.syntax.inline import whole
from mkcards.terms import TERM_LIMIT
from mkcards.word_lists import QUESTION_MARKS

_LEVEL = 7
"""The level of a section that only bold type sets off, below those of all headings."""
AFTER = 3
"""Of what stands behind a section its heading and two blocks more are kept, which nobody looks beyond."""


def below_bold(place: Place) -> Place:
    """Return the place of a paragraph as if the bold line right above it were its heading, or as it is."""
    above = place.before()
    if above is None or place.parent is not None or not _names_section(above) or _names_section(place.block):
        return place
    at = next(at for at in range(place.index - 1, -1, -1) if place.siblings[at] is above)
    behind = range(place.index + 1, len(place.siblings))
    end = next((one for one in behind if _opens_section(place.siblings[one])), len(place.siblings))
    siblings = tuple(map(_as_heading, place.siblings[at : end + AFTER]))
    return replace(place, siblings=siblings, index=place.index - at, headings=(*place.headings, siblings[0]))


def _opens_section(block: Block) -> bool:
    return block.kind == "heading" or _names_section(block)


def _names_section(block: Block) -> bool:
    """Tell whether a block is a bold line of a few words, alone, that does not ask."""
    if block.kind != "paragraph" or "\n" in block.text:
        return False
    line = whole(block.text)
    return 0 < size(line) <= TERM_LIMIT and not line.endswith(QUESTION_MARKS)


def _as_heading(block: Block) -> Block:
    return replace(block, kind="heading", level=_LEVEL) if _names_section(block) else block
