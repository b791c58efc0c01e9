"""A heading that is a term, over words without a verb that say what that is (`A bridge that opens for ships`)."""

from __future__ import annotations

import re
from itertools import takewhile

from mkcards.answers import completed
from mkcards.clauses import sentences
from mkcards.data import Block
from mkcards.defined_above import bare_name, defines, is_name
from mkcards.examples import in_example
from mkcards.phrasing import Phrases, size
from mkcards.predicate import KIND_WORDS
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain, show
from mkcards.terms import ORDINAL, head_of
from mkcards.word_lists import COLONS, QUESTION_MARKS, WORD_OR_NUMBER, any_of

GLOSS_WORDS = 40
"""A longer text goes on about its heading rather than glossing it."""
BARE_WORDS = 15
"""Without an article a longer text is a sentence whose verb is not seen to be one."""
OPENING_WORDS = 4
"""The words with which a text opens: among them stands its subject, or that it is an example."""
LINE = 60
"""A shorter line that ends without a stop is a line of its own, not one of a wrapped paragraph."""
_PICTURE = re.compile(r"!\[")


def glossed_below(look: Look, place: Place) -> tuple[str, str, tuple[Block, ...]] | None:
    """Return the term that a heading names, the text below that glosses it as Markdown and its blocks, or None."""
    below = _paragraph_below(look, place) if look.phrases.table["glossing"] else None
    says_so = _says_definition(look.phrases, place.block)
    if below is None or not (says_so or look.phrases.table["plain_glosses"]):
        return None
    text, shown, alone = below.block.text, show(below.block.text), _is_alone(below)
    first = shown.text[: sentences(look.phrases, shown)[0][1]].strip()
    if not (alone or text.endswith(".")) or not _glosses(look.phrases, first, bare=says_so or alone):
        return None
    term = _term(look, place)
    if not term or in_example(look, below) or _goes_on(plain(term), first) or not defines(look.phrases, term, text):
        return None
    found = completed(look, below, text)
    return (term, found[0], (below.block, *found[1])) if found is not None else None


def _paragraph_below(look: Look, place: Place) -> Place | None:
    """Return the place of a short paragraph that opens the section of a heading and has no lines of their own."""
    at = next((n for n in range(place.index + 1, len(place.siblings)) if place.siblings[n].kind != "rule"), 0)
    block = place.siblings[at] if at else None
    if block is None or block.kind != "paragraph" or not look.free(block) or _PICTURE.search(block.text):
        return None
    lines = block.text.split("\n")
    own = len(lines) > 1 and len(lines[0]) < LINE and not lines[0].endswith(".")
    if own or any(head_of(line, unmarked=True) for line in lines) or size(plain(block.text)) > GLOSS_WORDS:
        return None
    return Place(block, place.siblings, at, place.parent, (*place.headings, place.block))


def _term(look: Look, place: Place) -> str:
    """Return what a heading names, or what stands above one that only says `Definition`; "" if that is no term."""
    above = (one for one in (place.block, *reversed(place.headings)) if not _says_definition(look.phrases, one))
    term = next((bare_name(heading.text) for heading in above), look.note.title)
    if not is_name(look, term) or ORDINAL.fullmatch(plain(term)) or look.phrases.mentions(plain(term), "days"):
        return ""
    # `Treatment` and `Data structure` say of what the title names what stands below.
    part = look.phrases.noun_in(plain(term), "singular_nouns", "list_nouns", "results")
    return "" if part and plain(term).casefold() != look.note.title.casefold() else term


def _says_definition(phrases: Phrases, heading: Block) -> bool:
    """Tell whether a heading says what stands below it, not of what (`Formal definition`)."""
    return phrases.noun_in(plain(heading.text).rstrip(" :"), "definition_words", "definition_kinds")


def _is_alone(place: Place) -> bool:
    """Tell whether nothing but a picture follows a paragraph in its section."""
    after = place.after()[:1]
    return not after or after[0].kind in {"heading", "rule"} or _PICTURE.match(after[0].text) is not None


def _glosses(phrases: Phrases, text: str, *, bare: bool) -> bool:
    """Tell whether a text is a kind and what sets one apart, with an article, or `bare` without one."""
    if size(text) < KIND_WORDS or not text[:1].isalpha() or text.endswith((*COLONS, *QUESTION_MARKS, "!")):
        return False
    opens = phrases.starts_with(text, "connectives", "quantifiers", "definite_articles", "opening_verbs")
    if opens or _is_example(phrases, text) or phrases.no_definition.match(text):
        return False
    if any(naming.search(text) for naming in phrases.naming):
        return False
    kind = phrases.without_article(text)
    alone = kind == text
    if phrases.commands(text) or (alone and (not bare or size(text) > BARE_WORDS)):
        return False
    found = any_of(tuple(phrases.table["bare_glossing" if alone else "glossing"])).match(kind)
    return found is not None and not phrases.is_clause(_main(phrases, kind, found.group()))


def _main(phrases: Phrases, text: str, opening: str) -> str:
    """Return a text without its relative clause, or its opening noun where no word of its own shows that."""
    relatives = phrases.words("relatives") - phrases.words("prepositions")
    if not relatives:
        return opening.rpartition(" ")[0]
    return " ".join(takewhile(lambda word: word.casefold() not in relatives, text.split()))


def _is_example(phrases: Phrases, text: str) -> bool:
    """Tell whether a text is one of several things of its kind (`A relevant example of`)."""
    words = {word.casefold() for word in WORD_OR_NUMBER.findall(text)[:OPENING_WORDS]}
    return not phrases.words("example_labels").isdisjoint(words)


def _goes_on(term: str, text: str) -> bool:
    """Tell whether a text has its heading's words for its subject, as a sentence has (`The tide table lists …`)."""
    words = {word.casefold() for word in WORD_OR_NUMBER.findall(term)}
    return any(word.casefold() in words for word in WORD_OR_NUMBER.findall(text)[:OPENING_WORDS])
