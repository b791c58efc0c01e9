"""Headings that are the labels of the lists below them."""

from __future__ import annotations

from itertools import islice
from statistics import median

from mkcards.announcing import follows
from mkcards.context_parts import unnumbered
from mkcards.data import Block
from mkcards.label import LEAD_LIMIT, Label, conjuncts
from mkcards.material import are_sides, item_text, names_things
from mkcards.phrasing import Phrases, size
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain, prose, whole

SHORT_ITEM = 6
"""Items up to this many words are taken for names of things."""


def heading_label(heading: Block) -> Label:
    """Return a heading as a label."""
    return Label(unnumbered(prose(heading.text)).rstrip(":： "), "heading", heading.line)


def counting_heading(look: Look, place: Place) -> Label | None:
    """Return the heading that counts the list's items, when one short paragraph stands between them."""
    above = tuple(islice(place.preceding(), 2))
    if not look.heading_labels or len(above) < 2 or above[1].kind != "heading" or size(above[0].text) > LEAD_LIMIT:
        return None
    label = heading_label(above[1])
    return label if look.phrases.counts(label.plain, len(place.block.children)) else None


def names_list(look: Look, label: Label, block: Block) -> bool:
    """Tell whether a heading, or the title of a callout, says what the list below it is, rather than a topic."""
    shown = label.plain
    if look.phrases.is_question(shown):
        return True
    if look.phrases.counts(shown, len(block.children)) or follows(look.phrases, shown) or are_sides(shown, block):
        return True
    if look.phrases.is_clause(shown) or size(shown) > 2 * SHORT_ITEM:
        return False
    parts = [part for part in conjuncts(look.phrases, shown) if not part.endswith("-")]
    if look.phrases.is_gerund(shown) and not block.ordered:
        return False
    if block.ordered and not names_things(block, look.phrases, words=1):
        return True
    if all(look.phrases.noun_in(part, "list_nouns") for part in parts) or _names_parts(look.phrases, shown, block):
        return True
    return all(map(look.phrases.names_items, parts)) and names_things(block, look.phrases)


def _names_parts(phrases: Phrases, shown: str, block: Block) -> bool:
    """Tell whether a heading is one noun (`Treatment`) whose parts the items are: a few words each."""
    low, texts = shown.casefold(), [item_text(item) for item in block.children]
    if low not in phrases.words("singular_nouns") - phrases.words("definition_words"):
        return False
    if any(whole(text, ("code",)) for text in texts):
        return False
    return median(map(size, map(plain, texts))) <= SHORT_ITEM
