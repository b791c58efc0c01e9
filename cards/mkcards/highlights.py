"""Highlighted questions, which are cards of their own wherever they stand."""

from __future__ import annotations

import re

from msgspec.structs import replace

from mkcards.data import Block
from mkcards.rule import Place
from mkcards.syntax.inline import Span, plain, spans
from mkcards.word_lists import QUESTION_MARKS

_CLOSING = " \t*_\"'”’)]」』》"


def is_question(text: str, span: Span) -> bool:
    """Tell whether a highlight is a question; one that ends in several marks is the author's doubt."""
    inner = text[span.inner_start : span.inner_end].rstrip(_CLOSING)
    return (
        inner.endswith(QUESTION_MARKS)
        and not re.search(r"[?？]{2}$", inner)
        and any(c.isalnum() for c in plain(inner))
    )


def opens_with_question(text: str) -> bool:
    """Tell whether a text begins with a highlighted question."""
    opening = (span for span in spans(text) if span.kind == "mark" and span.start == 0) if "==" in text else ()
    return any(is_question(text, span) for span in opening)


def without_questions(block: Block) -> Block | None:
    """Return a list without the items that are highlighted questions, None when no item is left, or another block."""
    if block.kind != "list":
        return block
    items = tuple(item for item in block.children if not (item.children and opens_with_question(item.children[0].text)))
    if len(items) == len(block.children):
        return block
    if block.ordered:
        first = block.children[0].number or 1
        items = tuple(replace(item, number=number) for number, item in enumerate(items, start=first))
    return replace(block, children=items) if items else None


def without_questions_in(place: Place) -> Place:
    """Return the place of a list as one of its items that are no highlighted questions; there may be none."""
    kept = without_questions(place.block)
    if kept is place.block:
        return place
    return replace(place, block=kept or replace(place.block, children=()))
