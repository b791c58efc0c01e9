"""Which items of a list can be asked one by one, and the list with one of them blanked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mkcards.data import Block
from mkcards.label import Label
from mkcards.material import item_name, item_text
from mkcards.own_questions import asked_above
from mkcards.phrasing import Phrases, size
from mkcards.rule import Place
from mkcards.syntax.inline import plain, prose, shortened, show
from mkcards.terms import head_of, is_term

WINDOW = 3
"""Neighbours shown on each side of the blank in a long list."""
NEIGHBOUR = 16
"""Words of a neighbour that are shown."""
_WORD = re.compile(r"\S+")
BLANK = "[?]"


def only_counts(phrases: Phrases, label: Label, question: str, place: Place) -> bool:
    """Tell whether a question only says how many points a list has: nothing tells one of them from the others.

    One in the author's own words does tell, and so do a label that names what they are and the order of a sequence.
    """
    kinds = phrases.noun_in(label.plain, "list_nouns") or phrases.mentions(label.plain, "sequences")
    told = kinds or asked_above(place)
    return not told and question.endswith(phrases.ask("list_open", label="", n=len(place.block.children)))


def all_named(phrases: Phrases, items: Sequence[Block]) -> bool:
    """Tell whether all items begin with a term, so that none needs a mark."""
    heads = [head_of(item_text(item), unmarked=True) for item in items]
    return all(head and head.rest and is_term(plain(head.term), phrases) for head in heads)


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
