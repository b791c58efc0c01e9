"""list-item: each item of a numbered, labelled list is asked on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mkcards.asking import own_question
from mkcards.data import Block
from mkcards.examples import only_example
from mkcards.label import Label, names
from mkcards.material import ELLIPSIS, completed_item, item_name, item_text, trimmed
from mkcards.own_questions import asked_above
from mkcards.phrasing import size
from mkcards.rule import Finding, Look, Place
from mkcards.syntax.inline import named, plain, prose, shortened, show
from mkcards.terms import Head, head_of, is_term, says_something, shown_term
from mkcards.word_lists import COLONS

NAME = "list-item"
MOST_ITEMS = 12
"""In a longer list the place of an item is nothing to learn."""
WINDOW = 3
"""Neighbours shown on each side of the blank in a long list."""
NEIGHBOUR = 16
"""Words of a neighbour that are shown."""
PROMPT_LIMIT = 800
"""Characters of a list with a blank; a longer one is not read through a hundred times."""
_WORD = re.compile(r"\S+")
BLANK = "[?]"


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each item of the numbered lists that have a label."""
    for place in look.of("list"):
        label = look.asked.get(place.block)
        place = trimmed(look.phrases, place)
        if label is None or not place.block.ordered or len(place.block.children) > MOST_ITEMS:
            continue
        question = own_question(look, label, place)
        bare = _only_counts(look, label, question, place)
        named_alike = _all_named(look, place.block.children)
        for number, item in enumerate(place.block.children):
            text = item_text(item)
            if item.off or plain(text).endswith(COLONS) or ELLIPSIS.fullmatch(text):
                continue
            first = item.children[0]
            head = head_of(text, unmarked=named_alike, period=True)
            example = head is not None and only_example(look.phrases, plain(head.rest))
            if head and (named_alike or head.mark == "strong") and says_something(head.rest) and not example:
                prompt, answer = _headed(look, label, head, place), head.rest
            elif bare:
                look.refuse(NAME, first.line, "the items beside it don't show which one is asked for")
                continue
            else:
                prompt, head = f"{question}\n\n{blanked(place.block.children, number)}", None
                answer = completed_item(look.phrases, text, item)
            if len(prompt) > PROMPT_LIMIT:
                look.refuse(NAME, first.line, "the list around the item is too long to be shown")
                continue
            yield look.card(
                NAME,
                "item",
                f"{label.plain} {plain(head.term if head and head.mark == 'strong' else text)}",
                place,
                prompt,
                answer,
                lines=(first.line, first.end_line),
                label_line=label.line,
                anchor=first.anchor,
                extra=(named(label.text),) if head else (),
            )


def _only_counts(look: Look, label: Label, question: str, place: Place) -> bool:
    """Tell whether a question only says how many points a list has: nothing tells one of them from the others.

    One in the author's own words does tell, and so does the order of a sequence.
    """
    told = asked_above(place) or look.phrases.mentions(label.plain, "sequences")
    return not told and question.endswith(look.phrases.ask("list_open", label="", n=len(place.block.children)))


def _all_named(look: Look, items: Sequence[Block]) -> bool:
    """Tell whether all items begin with a term, so that none needs a mark."""
    heads = [head_of(item_text(item), unmarked=True) for item in items]
    return all(head and head.rest and is_term(plain(head.term), look.phrases) for head in heads)


def _headed(look: Look, label: Label, head: Head, place: Place) -> str:
    term = f"**{shown_term(head)}**"
    shown = label.text if names(look.phrases, label) else look.subject(place, label.plain)
    if not shown:
        return look.phrases.ask("what_meant", term=term)
    return look.phrases.ask("head", label=shown, term=term)


def blanked(items: Sequence[Block], hidden: int) -> str:
    """Return the numbered list with one item blanked; a long list shows the neighbours only."""
    first, last = max(0, hidden - WINDOW), min(len(items), hidden + WINDOW + 1)
    if len(items) <= 2 * WINDOW + 1:
        first, last = 0, len(items)
    lines = [
        f"{items[at].number}. {BLANK if at == hidden else _neighbour(items[at])}" for at in range(first, last)
    ]
    return "\n".join([*(["…\n"] if first else []), *lines, *(["\n…"] if last < len(items) else [])])


def _neighbour(item: Block) -> str:
    text = item_name(item)
    head = head_of(text)
    shown = prose(head.term if head and head.mark == "strong" else text)
    ends = [word.end() for word in _WORD.finditer(show(shown).text)]
    if size(shown) <= NEIGHBOUR or "$" in shown or len(ends) <= NEIGHBOUR:
        return shown
    short = shortened(shown, ends[NEIGHBOUR - 1])
    return shown if short == shown else short + " …"
