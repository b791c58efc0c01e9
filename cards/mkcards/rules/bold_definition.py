"""bold-definition: a sentence that says what its bold term is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mkcards.answers import completed
from mkcards.data import Block
from mkcards.defining import Definition, definitions, reverse
from mkcards.rule import Finding, Look, Place
from mkcards.syntax.inline import plain
from mkcards.terms import head_of

NAME = "bold-definition"
OPENING = 120
"""An unmarked term stands within the first characters of its paragraph."""


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each sentence that defines its bold term, or the term that its heading names."""
    for place in look.of("paragraph"):
        block = place.block
        if look.taken.get(block, "labelled-list") != "labelled-list" or head_of(block.text):
            continue
        defined = list(_found(look, place))
        if not defined and "**" in block.text:
            look.refuse(NAME, block.line, "no sentence says what its bold term is")
        for found in defined:
            whole = completed(look, place, found.definition)
            if whole is None:
                look.refuse(NAME, block.line + found.line, "the definition breaks off")
                continue
            look.take(NAME, block, *whole[1])
            found = replace(found, definition=whole[0])
            yield _card(look, place, block, found, alone=len(defined) == 1)


def _found(look: Look, place: Place) -> Iterator[Definition]:
    text = place.block.text
    marked = list(definitions(look.phrases, text, bold=True)) if "**" in text or "__" in text else []
    yield from marked
    if not marked and place.parent is None and _opens_section(place):
        names = {
            _bare(look, plain(place.headings[-1].text)) if place.headings else "",
            _bare(look, look.note.title),
        }
        opening = text[:OPENING].casefold()
        if not any(name and name in opening for name in names):
            return
        for found in definitions(look.phrases, text, bold=False, first_only=True):
            if _bare(look, plain(found.term)) in names:
                yield found


def _opens_section(place: Place) -> bool:
    before = place.before()
    return before is None or before.kind == "heading"


def _bare(look: Look, text: str) -> str:
    low = look.phrases.without_article(text.casefold()).strip(" :?")
    return low.removesuffix("s")


def _card(look: Look, place: Place, block: Block, found: Definition, *, alone: bool) -> Finding:
    phrases = look.phrases
    line = block.line + found.line
    return look.card(
        NAME,
        "definition",
        found.term,
        place,
        found.question(phrases, "what_is"),
        found.definition,
        lines=(line, block.end_line),
        reverse=("", "") if found.subject else reverse(look, NAME, found.term, found.definition),
        details=found.rest if alone and not found.rest.endswith((":", "：")) else "",
    )
