"""Labels that only say what kind of statement stands below them, and perhaps its number (`Theorem 3`)."""

from __future__ import annotations

from statistics import median

from mkcards.data import Block
from mkcards.material import item_text
from mkcards.phrasing import Phrases, size
from mkcards.syntax.inline import plain

_KINDS = ("statements", "results", "definition_kinds", "empty_labels", "generic_terms")
PART_WORDS = 5
"""Items of so many words, in the middle, are the parts of a statement; fewer name several of its kind."""


def is_numbered(phrases: Phrases, shown: str) -> bool:
    """Tell whether a label is the number of a statement or remark (`Proposition 19`)."""
    kind, _, number = shown.casefold().rpartition(" ")
    return number[:1].isdigit() and any(kind in phrases.words(key) for key in _KINDS)


def statement(phrases: Phrases, shown: str, block: Block) -> str:
    """Return that a label only says that theorems or the like stand below it, or ""; the steps of one are in order."""
    named = shown.casefold() in phrases.words("statements") and not block.ordered
    parts = named and median(size(plain(item_text(item))) for item in block.children) >= PART_WORDS
    return "the label says that a statement stands below it, not what that is about" if parts else ""
