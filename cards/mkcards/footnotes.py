"""Footnotes of a note, for the details of the cards whose answers name them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from msgspec.structs import replace

from mkcards.data import Block, Candidate
from mkcards.syntax.inline_footnotes import INLINE
from mkcards.syntax.markdown import to_markdown

_LINE = attrgetter("line")


def with_footnotes(cards: Sequence[Candidate], blocks: Sequence[Block]) -> Iterator[Candidate]:
    """Yield the cards; what the footnotes of an answer say stands at the end of its details.

    `blocks` are all of the note, also those inside others.
    """
    notes = {block.info: block for block in blocks if block.kind == "footnote"}
    named = sorted((block for block in blocks if block.footnotes), key=_LINE)
    if not named:
        yield from cards
        return
    for card in cards:
        yield _with(card, notes, named)


def _with(card: Candidate, notes: Mapping[str, Block], named: Sequence[Block]) -> Candidate:
    first, last = bisect_left(named, card.line, key=_LINE), bisect_left(named, card.end_line + 1, key=_LINE)
    own = (block for block in named[first:last] if block.end_line <= card.end_line)
    every = dict.fromkeys(label for block in own for label in block.footnotes)
    labels = [label for label in every if label in notes or label.startswith(INLINE)]
    if not labels:
        return card
    said = (to_markdown(notes[label].children) if label in notes else label.removeprefix(INLINE) for label in labels)
    details = "\n\n".join(filter(None, (card.fields.details, *said)))
    return replace(card, fields=replace(card.fields, details=details))
