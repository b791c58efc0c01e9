"""labelled-list: a label over a list asks for the whole list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mkcards.announcing import lists_kinds
from mkcards.asking import own_question
from mkcards.blanks import all_named, only_counts
from mkcards.data import Block
from mkcards.diagnostics import Severity
from mkcards.label import Label
from mkcards.labels import label_lists
from mkcards.material import are_sides, completed_item, item_text, trimmed
from mkcards.numbered_headings import headed_lists
from mkcards.phrasing import Phrases, is_cjk, size
from mkcards.rule import Finding, Look, Place
from mkcards.syntax.inline import plain
from mkcards.syntax.markdown import indent, marker
from mkcards.terms import ORDINAL, Head, head_of, is_term

NAME = "labelled-list"
LONG_ITEM = 12
MANY_ITEMS = 6
"""A numbered list of more items than `MANY_ITEMS`, of `LONG_ITEM` words on average, is asked item by item only."""
LONG_LIST = 9
"""A list with more items than this is hard to learn whole."""


def find(look: Look) -> Iterator[Finding]:
    """Yield one card for each labelled list."""
    labels = label_lists(look)
    yield from _broken(look, labels)
    for place in (*look.of("list"), *headed_lists(look)):
        label = None if place.block.broken else labels.get(place.block)
        if label is None:
            continue
        look.take(NAME, place.block)
        look.asked[place.block] = label
        place = trimmed(look.phrases, place)
        yield from _count(look, label, place)
        block = place.block
        if len(block.children) > LONG_LIST:
            message = f"{len(block.children)} items are hard to learn at once; consider smaller groups"
            yield look.remark(block.line, "long-list", message)
        answer = whole_list(look, label, block)
        count = len(block.children)
        question = own_question(look, label, place)
        if count > MANY_ITEMS and size(plain(answer)) > LONG_ITEM * count:
            alike = only_counts(look.phrases, label, question, place) and not all_named(look.phrases, block.children)
            if block.ordered and not alike:
                continue
            so = "say in its label what they are" if block.ordered else "number the list"
            message = f"the {count} items are long statements; {so} to have its items asked one by one"
            yield look.remark(block.line, "long-items", message)
        yield look.card(
            NAME,
            "list",
            label.text,
            place,
            question,
            answer,
            lines=(block.line, block.end_line),
            label_line=label.line,
        )


def _broken(look: Look, labels: Mapping[Block, Label]) -> Iterator[Finding]:
    """Yield where a list goes on for which its label would ask, if its numbers went on."""
    cut: tuple[Block, ...] = ()
    for place in look.of("list"):
        if not place.block.broken:
            continue
        first = place.block.children[0].number or 0
        if first > 1 and (place.block in labels or place.siblings is cut):
            message = f"this list starts at {first} and continues no other; indent what stands between, or number it on"
            yield look.remark(place.block.line, "broken-list", message, Severity.WARNING)
        cut = place.siblings if first <= 1 and place.block in labels else ()


def _count(look: Look, label: Label, place: Place) -> Iterator[Finding]:
    counted = look.phrases.count(label.plain)
    number = len(place.block.children)
    if counted and counted[0] != number:
        message = f"the label says {counted[1]}, the list has {number} items; correct one of them"
        yield look.remark(label.line, "count-mismatch", message, Severity.WARNING)


def whole_list(look: Look, label: Label, block: Block) -> str:
    """Return the list without nested material; bold terms alone stand for items that the label names."""
    heads = [head_of(item_text(item)) for item in block.children]
    named = look.phrases.names_items(label.plain) or look.phrases.count(label.plain) or label.form in _NAMING
    named = named and not are_sides(label.plain, block)  # Their names alone are in the question.
    short = named and all(head is not None and _nameable(head, look.phrases) for head in heads)
    short = short or lists_kinds(look.phrases, label.plain, block)
    lines = []
    for item, head in zip(block.children, heads, strict=True):
        text = head.term if short and head else item_text(item)
        text = completed_item(look.phrases, text, item)
        mark = marker(item)
        lines.append(mark + indent(text, " " * len(mark)).lstrip())
    return "\n".join(lines)


_NAMING = {"bold", "italic", "heading", "callout", "item"}


def _nameable(head: Head, phrases: Phrases) -> bool:
    long_enough = len(plain(head.term)) > (1 if is_cjk(head.term) else 2)
    fit = is_term(head.term, phrases) and not ORDINAL.fullmatch(plain(head.term))
    return head.mark == "strong" and long_enough and bool(head.rest) and fit
