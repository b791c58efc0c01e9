"""Headings that are numbered from one below a label, read as the list that they are (`## 1. Hull`, `## 2. Deck`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from mkcards.data import Block
from mkcards.heading_labels import heading_label
from mkcards.phrasing import Phrases
from mkcards.rule import Look, Place
from mkcards.syntax.inline import prose

HEADED = "headings"
"""The `info` of a list whose items are headings."""
LEAST = 3
"""Fewer headings are parts of a text rather than a list."""
_NUMBERED = re.compile(r"(\d+)[.)]\s+(?=\S)")


@lru_cache(maxsize=1)
def headed_lists(look: Look) -> tuple[Place, ...]:
    """Return a list, where its first heading stands, for all headings that are numbered below one label."""
    return tuple(_listed(look))


def says_of_what(phrases: Phrases, label: str) -> bool:
    """Tell whether a label says what the headings below it are and of what (`Parts of a hull`).

    `Best practices` above four headings is an outline.
    """
    head, *behind = phrases.head_ends.split(label, maxsplit=1)
    return bool(behind) and phrases.noun_in(head, "list_nouns")


def _listed(look: Look) -> Iterator[Place]:
    for place in look.of("heading"):
        before = place.before() if _number(place.block) == 1 else None
        if before is None or before.kind not in {"heading", "paragraph"}:
            continue
        beside = tuple(_beside(place))
        if len(beside) >= LEAST and [_number(block) for block in beside] == list(range(1, len(beside) + 1)):
            items = tuple(map(_item, beside))
            listed = Block("list", beside[0].line, beside[-1].line, children=items, info=HEADED)
            yield Place(listed, (*place.siblings[: place.index], listed), place.index, None, place.headings)


def _beside(place: Place) -> Iterator[Block]:
    """Yield a heading and those of its level that follow it under the same one."""
    yield place.block
    for block in place.following():
        if 0 < block.level < place.block.level:
            return
        if block.level == place.block.level:
            yield block


def _number(heading: Block) -> int:
    found = _NUMBERED.match(prose(heading.text))
    return int(found[1]) if found else 0


def _item(heading: Block) -> Block:
    named = Block("paragraph", heading.line, heading.line, text=heading_label(heading).text)
    return Block("item", heading.line, heading.line, children=(named,))
