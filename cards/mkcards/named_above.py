"""What title, heading and a bold line above a paragraph name, and whether a term is that or a kind of it."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import takewhile

from mkcards.context_parts import unnumbered
from mkcards.defined_above import over_list
from mkcards.kind_headings import listed_terms
from mkcards.phrasing import Phrases
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain

_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")
_DIVIDED = re.compile(r"[:：]\s*|\s[–—|-]\s")
_SYMBOL = re.compile(r"\s[^\W\d_]$")
"""The letter by which a term is called in what follows (`a partition P of A`)."""
_PLURAL = re.compile("(?:(?<=[xz])|(?<=ss|ch|sh))es$|(?<!s)s$")
_BENT_PLURAL = re.compile("[aeio]?s?$")
SHORT_WORD = 3
"""A word of so many letters has no plural that could be told from another word."""
ROOT = 5
"""A noun and its adjective share so many letters at least."""
ENDING = 2
"""So many letters at most an adjective has behind those that its noun shares; the noun has as many at least."""
OPENING = 120
"""A term that title or heading names stands within the first characters of its paragraph."""


def names_above(look: Look, place: Place, *, opens: bool) -> frozenset[str]:
    """Return the terms that title, aliases, heading and a bold line above name."""
    heading = place.headings[-1].text if place.headings else ""
    return _named_by(look, heading, line_above(place), opens=opens)


@lru_cache(maxsize=16)
def _named_by(look: Look, heading: str, line: str, *, opens: bool) -> frozenset[str]:
    """Return the terms that these name; `Definition: a, b` names two, which all below defines."""
    numbered, heading = plain(heading), plain(unnumbered(heading))
    listed = listed_terms(look.phrases, heading, "definition_kinds")[1]
    if listed and not opens:
        return frozenset()
    # What a theorem is called is not what it speaks of.
    stated = listed_terms(look.phrases, heading, "statements")[1]
    # A number may be a part of the name (`802.1Q`).
    listed = listed or [numbered, heading, *(() if stated else parts(heading))]
    title = look.note.title
    names = {bare_term(look, name) for name in (*listed, title, *parts(title), *look.note.aliases, line)}
    return frozenset({*names, *map(_initials, names)} - {""})


def parts(heading: str) -> list[str]:
    """Return the names that a heading has for one thing (`PSK: Phase-shift keying`, `Phase-shift keying (PSK)`)."""
    parts = _DIVIDED.split(_ASIDE.sub("", heading))
    return [*(parts if len(parts) == 2 else ()), *(aside[1:-1] for aside in _ASIDE.findall(heading))]


def line_above(place: Place) -> str:
    """Return the bold line above a list that a paragraph opens, or ""."""
    listed = place.opened_list()
    return plain(over_list(listed)).rstrip(":： ") if listed is not None else ""


def mentions(look: Look, text: str, names: frozenset[str]) -> bool:
    """Tell whether a text has a word of what the names name among its first words, also in another form."""
    opening = text[:OPENING].casefold()
    return any(stem in opening for stem in _stems_of(look.phrases, names))


@lru_cache(maxsize=16)
def _stems_of(phrases: Phrases, names: frozenset[str]) -> frozenset[str]:
    return frozenset(_stem(phrases, word) for name in names for word in name.split())


def is_named(look: Look, term: str, name: str) -> bool:
    """Tell whether a title or heading names a term, among other words or without what it is of (`the border of A`)."""
    if not look.phrases.table["spaced"]:
        return term in name or name in term
    core = stems(look.phrases, _SYMBOL.sub("", look.phrases.head_ends.split(term, maxsplit=1)[0].strip()))
    term, name = stems(look.phrases, term), stems(look.phrases, name)
    inside = f" {term} " in f" {name} " or (term.startswith(f"{name} ") and term.count(" ") == 1)
    # `A boat lift in a harbour` is named by `Harbour boat lifts`.
    turned = f" {core} " in f" {name} " and set(term.split()) - _joining(look.phrases) <= set(name.split())
    # `Left and right ends` names the left end, and `Pubsub` what is written `pub-sub`.
    joined = set(core.split()) <= set(name.split()) and not look.phrases.words("and").isdisjoint(name.split())
    same = _squeezed(term) == _squeezed(name)
    return bool(core) and (inside or turned or joined or same or name == core or name.startswith(f"{core} "))


def _squeezed(name: str) -> str:
    return name.replace(" ", "").replace("-", "")


def is_kind(look: Look, term: str, name: str) -> bool:
    """Tell whether a term ends in what a title or heading names, behind one word that names its kind.

    It is a kind of that (`Heap`: `min-heap`), or has it for its name (`IP`: `el protocolo IP`); `my heap` is no kind.
    """
    if not look.phrases.table["spaced"] or not name:
        return False
    word = _ahead_of(name, term) or _ahead_of(stems(look.phrases, name), stems(look.phrases, term))
    small = ("label_adjectives", "number_words", "pronouns", "persons", "quantifiers", "prepositions", "leaning")
    own = any(word in look.phrases.words(key) for key in small) or word.endswith(("'s", "’s"))
    return bool(word) and " " not in word and not own


def is_quality(term: str, name: str) -> bool:
    """Tell whether a name is the noun of what a thing is said to be (`tightness`: `tight`, `Dichtheit`: `dicht`)."""
    word, low = re.split(r"[\s-]", term.casefold())[-1], name.casefold()
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, low, strict=False)))
    return shared >= ROOT and len(word) - shared <= ENDING <= len(low) - shared


def _ahead_of(name: str, term: str) -> str:
    """Return what stands before a name at the end of a term, or ""."""
    return term.removesuffix(name)[:-1] if term.endswith((f" {name}", f"-{name}")) else ""


@cache
def _joining(phrases: Phrases) -> frozenset[str]:
    """Return the small words of names, as `_stem` leaves them."""
    return frozenset(_stem(phrases, word) for word in phrases.words("prepositions") | phrases.words("articles"))


def stems(phrases: Phrases, text: str) -> str:
    return " ".join(_stem(phrases, word) for word in text.split())


def _stem(phrases: Phrases, word: str) -> str:
    """Return a word without what a plural may change at its end (`pulsos rectangulares`, `grafo` and `grafi`)."""
    simple = phrases.table["plural_endings"] == ["s"] and not phrases.table["head_first"]
    if not simple and len(word) == SHORT_WORD + 1 and word.endswith("s"):
        return word[:-1]  # Its singular is too short to lose more (`usos`: `uso`).
    return (_PLURAL if simple else _BENT_PLURAL).sub("", word) if len(word) > SHORT_WORD else word


def _initials(name: str) -> str:
    """Return how a name of three words or more is shortened (`wet exhaust pump` -> `wep`), or ""."""
    words = re.split(r"[\s-]+", name)
    return "".join(word[:1] for word in words) if len(words) > 2 else ""


def bare_term(look: Look, text: str) -> str:
    """Return a term or name, lower case, without its article and what stands in brackets."""
    bare = _ASIDE.sub("", text.casefold()).replace("_", " ").strip(" :?#")
    return look.phrases.without_article(bare).strip()
