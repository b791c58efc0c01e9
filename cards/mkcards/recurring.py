"""What comes back in a note: heads that are the fields of a form, and texts that follow several terms."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from mkcards.data import Block
from mkcards.rule import Look
from mkcards.syntax.inline import plain
from mkcards.terms import OPENS_HEAD, head_of

_OPENING = re.compile(r"^[*_`]*([^:：*_`\n]{1,60}?)[*_`]*\s?[:：]", re.MULTILINE)
LINE_END = 8
"""Characters of the end of a line by which it is told from others."""
FIELD = 3
"""A head under this many headings is a field."""


@lru_cache(maxsize=1)
def fields(look: Look) -> frozenset[str]:
    """Return the heads that come back under several headings: fields of a form, not terms."""
    seen: dict[str, set[tuple[Block, ...]]] = {}
    for place in look.of("paragraph"):
        if not any(sign in place.block.text for sign in OPENS_HEAD):
            continue
        for line in place.block.text.split("\n"):
            head = head_of(line)
            if head is not None:
                seen.setdefault(plain(head.term).casefold(), set()).add(place.headings)
    return frozenset(term for term, headings in seen.items() if len(headings) >= FIELD)


def comes_back(look: Look, term: str) -> bool:
    """Tell whether several lines of a note begin with a term and a colon: each says something of another thing."""
    return _openings(look)[plain(term).casefold()] > 1


@lru_cache(maxsize=1)
def _openings(look: Look) -> Counter[str]:
    return Counter(found.casefold() for found in _OPENING.findall(look.text))


def recurs(look: Look, text: str) -> bool:
    """Tell whether a text follows several terms of a note: then it tells none of them from the others."""
    # To see how lines end costs far less than to read them all as terms.
    often = len(text) < LINE_END or _line_ends(look)[text[-LINE_END:]] >= FIELD
    return often and text in _repeated(look)


@lru_cache(maxsize=1)
def _line_ends(look: Look) -> Counter[str]:
    """Return how many lines of the note end in the same characters."""
    return Counter([line.rstrip()[-LINE_END:] for line in look.text.split("\n")])


@lru_cache(maxsize=1)
def _repeated(look: Look) -> frozenset[str]:
    """Return the texts that follow several terms of a note."""
    lines = (line for place in look.of("paragraph") for line in place.block.text.split("\n"))
    heads = (head_of(line, unmarked=True) for line in lines)
    seen = Counter(head.rest for head in heads if head is not None)
    return frozenset(text for text, times in seen.items() if times >= FIELD)
