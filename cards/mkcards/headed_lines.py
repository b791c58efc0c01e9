"""The lines of a paragraph that begin with a term."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise, takewhile

from mkcards.data import SILENCED, Block
from mkcards.rule import Place
from mkcards.syntax.inline import named, plain, whole
from mkcards.terms import Head, head_of, shown_term

SHARE = 0.6
"""Unmarked terms count when at least this share of the siblings has the form."""
SECTION_REACH = 12
"""Blocks among which other lines of the same form are looked for."""
CODE_REACH = 3
"""Blocks above a list among which the code stands that it explains: a heading and a sentence may lead to the list."""
RUN = 3
"""Unmarked terms count in at least this many paragraphs or lines in a row."""
_CODE_LINE = re.compile(r"(`(?![>$] ?)[^`\n]+`)[ \t]*:?\n\s*([^\W\d_a-zà-ÿа-я].*)", re.DOTALL)
_QUOTED = re.compile(r"[^:：\n]{2,60}[:：]\s*[\"“«„「].*[\"”»“」][.。]?$", re.DOTALL)


def headed_lines(place: Place) -> Iterator[tuple[Head, int, int]]:
    """Yield the term lines of a paragraph; a line that begins with a term ends the text before it."""
    block = place.block
    coded = _below_code(block)
    if coded is not None and any(_below_code(one) for one in (*place.after()[:1], place.before()) if one is not None):
        yield coded, block.line, block.end_line
        return
    unmarked = share_heads(place)
    lines = block.text.split("\n")
    each = unmarked and place.parent is None
    starts = [at for at, line in enumerate(lines) if at == 0 or each or head_of(line) or _bold_start(line)]
    for at, following in zip(starts, [*starts[1:], len(lines)], strict=True):
        period = len(starts) > 1 or place.around("item") is not None
        line = "\n".join(lines[at:following])
        head = head_of(line, unmarked=unmarked or bool(_QUOTED.match(line)), period=period)
        if head is not None:
            yield head, block.line + at, block.line + following - 1


def _below_code(block: Block) -> Head | None:
    """Return the head of a paragraph whose first line is nothing but code, or None; one such line alone is no head."""
    found = _CODE_LINE.fullmatch(block.text) if block.kind == "paragraph" and block.text.startswith("`") else None
    return Head(found[1], found[2], "", "code") if found else None


def name_above(block: Block) -> tuple[str, ...]:
    """Return what stands as a line of its own, in italics or bold, above the term lines of its paragraph."""
    end = block.text.find("\n")  # Each line asks, so the others are not copied for it.
    inner = whole(block.text[:end], ("em", "strong")) if end > 0 else ""
    return (named(inner).rstrip(":： "),) if inner else ()


def share_heads(place: Place) -> bool:
    """Tell whether so many of the items or lines around a place begin with a term that each needs no mark."""
    if place.parent is None:
        return _in_a_run(place)
    listed = place.around("list")
    return listed is not None and len(listed.block.children) > 1 and mostly_terms(listed.block)


def _bold_start(line: str) -> bool:
    return line.startswith("**")


def _in_a_run(place: Place) -> bool:
    """Tell whether a paragraph stands among several, or holds several lines, that all begin with a term."""
    if place.block.text.count("\n") + 1 >= RUN:
        return _all_terms(place.block.text)
    first = last = place.index
    while first and last - first + 1 < RUN and _opens_with_term(place.siblings[first - 1]):
        first -= 1
    while last + 1 < len(place.siblings) and last - first + 1 < RUN and _opens_with_term(place.siblings[last + 1]):
        last += 1
    return last - first + 1 >= RUN


@lru_cache(maxsize=1024)
def _all_terms(text: str) -> bool:
    """Tell whether all lines of a text begin with a term; each line of a paragraph asks."""
    return all(head_of(line, unmarked=True) for line in text.split("\n"))


def _opens_with_term(block: Block) -> bool:
    return block.kind in {"paragraph", SILENCED} and head_of(block.text, unmarked=True) is not None


@lru_cache(maxsize=1024)
def mostly_terms(block: Block) -> bool:
    """Tell whether most items of a list begin with a term."""
    firsts = [item.children[0].text for item in block.children if item.children]
    return sum(head_of(text, unmarked=True) is not None for text in firsts) >= SHARE * len(block.children)


def is_explanation(below: Block) -> bool:
    """Tell whether what stands below a line is a list of one item; a quote may be anybody's."""
    return below.kind == "list" and len(below.children) == 1


def is_one_of_explained(place: Place) -> bool:
    """Tell whether another bold line of a section, not far from this one, stands over a list of one item, too."""
    pairs = (*pairwise([*reversed(_near(place.preceding()))]), *pairwise(_near(place.following())))
    lines = (block for block, below in pairs if is_explanation(below))
    return any(block.kind == "paragraph" and bool(whole(block.text)) for block in lines)


def _near(blocks: Iterator[Block]) -> list[Block]:
    """Return the first blocks up to the next heading."""
    return list(takewhile(lambda block: block.kind != "heading", islice(blocks, SECTION_REACH)))


def is_shared(place: Place, term: str) -> bool:
    """Tell whether another item of a list begins with the same term, so that it asks for neither."""
    listed = place.around("list")
    return listed is not None and _terms_of(listed.block)[term] > 1


@lru_cache(maxsize=64)
def _terms_of(listed: Block) -> Counter[str]:
    """Return how many items of a list begin with each term."""
    texts = (item.children[0].text for item in listed.children if item.children)
    heads = (head_of(text, unmarked=True, period=True) for text in texts)
    return Counter(shown_term(head) for head in heads if head is not None)


def explains_code(place: Place, term: str) -> bool:
    """Tell whether a list goes through the code right above it or its label; that of another section holds its term."""
    listed = place.around("list")
    if listed is None:
        return False
    elsewhere = False
    for block in islice(listed.preceding(), CODE_REACH):
        if block.kind == "code":
            return not elsewhere or plain(term) in block.text
        elsewhere = elsewhere or block.kind == "heading"
    return False
