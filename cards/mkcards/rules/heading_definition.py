"""heading-definition: what stands below a heading or title and says what the term in it means."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from mkcards.bold_sections import below_bold
from mkcards.callout_gloss import callout_gloss
from mkcards.data import NO_REVERSE, Block
from mkcards.formula_headings import formula_below
from mkcards.heading_gloss import Gloss, gloss
from mkcards.item_gloss import listed_gloss
from mkcards.kind_headings import defined_below, stated_below
from mkcards.reversing import reverse
from mkcards.rule import Finding, Look, Place
from mkcards.term_prompt import as_named
from mkcards.told_of_heading import told

NAME = "heading-definition"


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each heading that a text below it glosses, or that says that it is defined there."""
    for place in map(below_bold, look.of("paragraph")):
        opens = look.free(place.block) and place.begins_section(captions=True)
        glossed = gloss(look, place) or told(look, place) if opens else None
        if glossed is not None:
            yield _glossed(look, place, glossed)
    for place in look.of("list"):
        listed = listed_gloss(look, place) if look.free(place.block) else None
        if listed is not None:
            yield _whole(look, place, listed, next(place.preceding()), place.block)
    for place in look.of("callout"):
        titled = callout_gloss(look, place) if look.free(place.block) else None
        if titled is not None:
            yield _whole(look, place, titled, place.block, place.block.children[0])
    for place in look.of("heading"):
        below = defined_below(look, place)
        stated = stated_below(look, place) or formula_below(look, place) if below is None else None
        if below is not None:
            terms, text, used = below
            question = look.phrases.ask("what_meant", term=as_named(look.phrases, ", ".join(terms)))
            yield _headed(look, place, question, terms[0], text, used)
        elif stated is not None:
            yield _headed(look, place, *stated)


def _headed(look: Look, place: Place, question: str, term: str, text: str, used: tuple[Block, ...]) -> Finding:
    look.take(NAME, *used)
    lines = (used[0].line, used[-1].end_line)
    # A heading is more likely to get another term than to lose its first, which alone is the key.
    return look.card(NAME, "definition", term, place, question, text, lines=lines, label_line=place.block.line)


def _whole(look: Look, place: Place, found: Gloss, label: Block, first: Block) -> Finding:
    look.take(NAME, label, place.block)
    lines, question = (first.line, place.block.end_line), _question(look, found)
    return look.card(NAME, "definition", found.term, place, question, found.text, lines=lines, label_line=label.line)


def _glossed(look: Look, place: Place, found: Gloss) -> Finding:
    look.take(NAME, place.block, *found.below)
    return look.card(
        NAME,
        "definition",
        found.term,
        replace(place, headings=place.headings[:-1]),
        _question(look, found),
        found.text,
        lines=(place.block.line, (place.block, *found.below)[-1].end_line),
        label_line=place.headings[-1].line if place.headings else 0,
        reverse=NO_REVERSE if found.acts else reverse(look, found.term, found.text),
        details=found.rest,
    )


def _question(look: Look, found: Gloss) -> str:
    asked = "what_characterises" if found.acts else "what_meant"
    return look.phrases.ask(asked, term=as_named(look.phrases, found.term))
