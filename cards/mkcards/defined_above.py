"""A line `Definition: …`, which says what the heading, the item or the bold line above it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice

from mkcards.answers import completed, unwrapped
from mkcards.context_parts import unnumbered
from mkcards.data import Block
from mkcards.defining import definitions
from mkcards.label import conjuncts
from mkcards.material import STEM
from mkcards.no_answer import says_something
from mkcards.persons import addresses
from mkcards.phrasing import Phrases, size
from mkcards.predicate import KIND_WORDS
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain, prose, whole
from mkcards.terms import ORDINAL, SYMBOLS, head_of, is_term
from mkcards.unfinished import breaks_off
from mkcards.word_lists import WORD_OR_NUMBER

_ASIDE = re.compile(r"[(（]([^()（）]*)[)）]\s*[:：.]?\s*")
"""What is defined, in brackets behind the word `Definition`."""
_CALLED = re.compile(r"\d[.:]?\s*[(（]|[(（][A-ZÀ-Þ]")
"""What a heading that says what it defines has behind the word for it."""
_LETTER = re.compile(r"^[A-Z][.)]\s+|^\d{1,2}\s+(?=[\u3400-\u9fff])")
"""The letter or number of a section before its name, where a name is all that a heading is."""


def defined_above(look: Look, place: Place) -> tuple[str, str, tuple[Block, ...]] | None:
    """Return the term, its definition as Markdown and the blocks below that belong to it, or None.

    None, too, where several lines define below one name, or the text defines something else.
    """
    rest = behind_definition(look.phrases, place.block.text)
    if rest is None or not _opens_section(look, place):
        return None
    owner, lines = _owner(place), _owners(look)
    # `Basic concepts` are those of what the title names.
    passed = sum(lines.values()) == 1 and plain(owner).casefold() in look.phrases.words("empty_labels")
    term = bare_name(look.note.title) if passed else owner or look.note.title
    if not is_name(look, term) or lines[place.headings, owner or look.note.title] > 1:
        return None
    aside = _ASIDE.match(rest)
    if aside is not None:
        if set(word_stems(aside[1])).isdisjoint(word_stems(term)):
            return None
        rest = rest[aside.end() :]
    below = place.after()[:1]
    if not rest and not (below and _is_answer(look, below[0])):
        return None
    text = rest or unwrapped(below)
    found = completed(look, place, text) if rest else (text, below)
    return (term, *found) if found is not None and defines(look.phrases, term, text) else None


def _is_answer(look: Look, block: Block) -> bool:
    """Tell whether a block alone is a definition, which no other rule asks for."""
    one = block.kind == "list" and len(block.children) == 1
    return look.free(block) and (one or block.kind in {"paragraph", "quote", "math"})


def behind_definition(phrases: Phrases, text: str) -> str | None:
    """Return what stands behind the word `Definition`, or None when a text does not begin so."""
    match = _word(phrases).match(text)
    return text[match.end() :].strip() if match else None


@cache
def _word(phrases: Phrases) -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(phrases.words("definition_words")))) or "(?!)"
    marked = rf"[*_]{{1,3}}(?:{words})(?:[*_]{{1,3}}\s*[:：]|[:：.]?[*_]{{1,3}}(?!\S))"
    return re.compile(rf"(?:{marked}|(?:{words})(?:\s?[:：]|\s[-–—]\s))\s*", re.IGNORECASE)


def _opens_section(look: Look, place: Place) -> bool:
    """Tell whether a line is among the first below its heading: where other terms stand before it, it is one of them.

    In a note that defines several things so, it may follow other fields of the same form (`Symbol: …`).
    """
    several = sum(islice(_owners(look).values(), 2)) > 1
    step: Place | None = place
    top = place
    while step is not None and not over_list(step):
        above = step.parent
        if step.block.kind == "item" and step.index and not (several and above and _holds_fields(above.block)):
            return False
        top, step = step, above
    before = [] if step is not None else list(islice(top.preceding(), 2))
    if not before or before[0].kind == "heading":
        return True
    lone = before[0].kind == "paragraph" and (len(before) == 1 or before[1].kind == "heading")
    return lone and (several or head_of(before[0].text, unmarked=True) is None)


@lru_cache(maxsize=1024)
def _holds_fields(listed: Block) -> bool:
    """Tell whether all items of a list open with a term."""
    return all(item.children and head_of(item.children[0].text) is not None for item in listed.children)


def _owner(place: Place) -> str:
    """Return what stands nearest above a line: the item or the bold line over its list, or the heading; "" if none."""
    names = map(over_list, (place, *place.parents()))
    heading = place.headings[-1].text if place.headings else ""
    return bare_name(next(filter(None, names), heading))


def over_list(place: Place) -> str:
    """Return the text of the item that a list stands in, a term in it without its colon, or the bold line above it."""
    before = place.before() if place.block.kind == "list" else None
    if before is None:
        return ""
    head = head_of(before.text)
    item = head.term if head and not head.rest else before.text
    if item and place.parent is not None and place.parent.block.kind == "item":
        return item
    return whole(before.text) if before.kind == "paragraph" else ""


def bare_name(text: str) -> str:
    """Return what a heading or line names, without its number, symbols and final colon, as Markdown."""
    return SYMBOLS.sub("", _LETTER.sub("", unnumbered(prose(text)))).strip(":：-–— ")


def is_name(look: Look, term: str) -> bool:
    """Tell whether what stands above names one thing: no question, kind of section or list of several things."""
    phrases, low = look.phrases, plain(term).casefold()
    if whole(term, ("code",)):  # `any` is no quantifier there.
        return True
    kinds = ("skip_headings", "empty_labels", "definition_words", "definition_kinds")
    if any(low in phrases.words(key) for key in kinds) or phrases.starts_with(low, "definition_words"):
        return False
    opening = phrases.behind(low, "empty_labels")  # `Introduction to knots`
    if opening != low and phrases.starts_with(opening, "prepositions"):
        return False
    # `Syntactic or syntax analysis` is one thing.
    one = " ".join(word for word in plain(term).split() if word.casefold() not in phrases.words("or"))
    return is_term(term, phrases) and not phrases.is_clause(term) and len(conjuncts(phrases, one)) == 1


def names_one(look: Look, term: str) -> bool:
    """Tell whether a line of its own names one thing, rather than a kind of things or a part of what it is about."""
    phrases, shown = look.phrases, plain(term)
    if breaks_off(phrases, shown) or phrases.commands(shown):
        return False
    part = phrases.noun_in(shown, "list_nouns", "singular_nouns", "results", "empty_labels")
    return not part and _is_one(look, term)


def _is_one(look: Look, term: str) -> bool:
    """Tell whether what stands above is a name, and not of a day or by its number alone."""
    shown = plain(term)
    return is_name(look, term) and not ORDINAL.fullmatch(shown) and not look.phrases.mentions(shown, "days")


def term_above(look: Look, place: Place, text: str = "") -> str:
    """Return what the heading above a place names, passing over one that only says `Definition`; "" if it is no term.

    Where no heading is left that is the title of the note. The `text` to go on about it may begin with its noun.
    """
    above = (one for one in reversed(place.headings) if not says_definition(look.phrases, one))
    title = unnumbered(look.note.title)
    term = next((bare_name(heading.text) for heading in above), title)
    if not _is_one(look, term):
        return ""
    # `Treatment` and `Data structure` say of what the title names what stands below; `Loss function` over `A function
    # that …` does not.
    noun, opening = look.phrases.head(plain(term)), look.phrases.without_article(plain(text)).partition(" ")[0]
    part = look.phrases.noun_in(plain(term), "singular_nouns", "list_nouns", "results")
    own = noun.casefold() == opening.casefold() and " " in term
    return "" if part and not own and plain(term).casefold() != title.casefold() else term


def says_definition(phrases: Phrases, heading: Block) -> bool:
    """Tell whether a heading says what stands below it, not of what, as `Definition 3 (Warp)` does."""
    shown = plain(heading.text).rstrip(" :")
    return phrases.noun_in(shown, "definition_words", "definition_kinds") and not _CALLED.search(shown)


@lru_cache(maxsize=1)
def _owners(look: Look) -> Counter[tuple[tuple[Block, ...], str]]:
    """Return how many lines define below each name."""
    lines = (place for place in look.of("paragraph") if behind_definition(look.phrases, place.block.text) is not None)
    return Counter((place.headings, _owner(place) or look.note.title) for place in lines)


def defines(phrases: Phrases, term: str, text: str) -> bool:
    """Tell whether a text can say what a term is: it points to nothing above and defines nothing else."""
    shown = plain(text)
    named = bool(whole(text)) and size(shown) < KIND_WORDS  # A bold line of few words is itself a name.
    if not says_something(text) or named or addresses(phrases, shown) or phrases.starts_with(shown, "leaning"):
        return False
    stems = set(word_stems(term))
    return all(not stems.isdisjoint(word_stems(f"{other} {on}")) for other, on in _defined(phrases, text))


def _defined(phrases: Phrases, text: str) -> Iterator[tuple[str, str]]:
    """Yield what a text defines itself, and what that is said of."""
    first = definitions(phrases, text, first_only=True)
    for found in (*first, *definitions(phrases, text, mark="strong"), *definitions(phrases, text, mark="em")):
        yield plain(found.term), plain(found.subject)


def word_stems(text: str) -> Iterator[str]:
    """Yield the first letters of each word of a text, lower case, by which its forms are known."""
    return (word[:STEM] for word in WORD_OR_NUMBER.findall(text.casefold()))
