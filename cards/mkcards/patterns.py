"""Which of a language's patterns for definitions may fit a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import cycle

from mkcards.phrasing import Phrases

_FIXED = re.compile(r"\([^()]*\)|[^\s()]+")
_NOT_FIXED = re.compile(r"\(\?=.*?\)(?=\{)|\([^()]*\)\?|\{\w+\}|\\\.\?|,\?")
_PLAIN = re.compile(r"[\w ,'’-]+|=")
_WORD = re.compile(r"[^\W\d_]+|=")
_CONDITIONAL = re.compile(r"\(([^()]*)\),?\?? \{definition\}")
_NO_ASCII_WORD = {sign: " " for sign in range(128) if not chr(sign).islower() and chr(sign) != "="}


def fitting(phrases: Phrases, text: str, *, bold: bool) -> tuple[re.Pattern[str], ...]:
    """Return the patterns whose own words the text has, in the order in which they are tried.

    Most sentences define nothing, and to look for words is much faster than to match. `bold` takes the patterns for
    terms that are set in bold.
    """
    return _with(phrases, _telling(phrases, text), bold=bold)


@cache
def conditional(phrases: Phrases) -> re.Pattern[str]:
    """Return the pattern of the words that lead to a condition (`if`), as those for conditions have them."""
    groups = (group for template in phrases.table["conditions"] for group in _CONDITIONAL.findall(template))
    words = "|".join(groups).replace(" ", r"\s+") or "(?!)"
    return re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])|\\iff|⇔|⟺", re.IGNORECASE)


def ends_in_condition(phrases: Phrases, text: str) -> bool:
    """Tell whether a text ends in the word that leads to a condition (`A rope is slack if:`)."""
    lead = text.rstrip(":： ")
    return any(found.end() == len(lead) for found in conditional(phrases).finditer(lead))


@cache
def opening_term(phrases: Phrases) -> re.Pattern[str]:
    """Return the pattern of a text that may define what it begins with: a verb that defines follows within reach."""
    return re.compile(rf".{{2,80}}?(?:{_verbs(phrases)})", re.IGNORECASE)


@cache
def ending_verb(phrases: Phrases) -> re.Pattern[str]:
    """Return the pattern of a text that ends in a verb that defines (`The load of a mast is defined as`)."""
    return re.compile(rf".*(?<![^\W\d_])(?:{_verbs(phrases)})", re.IGNORECASE | re.DOTALL)


def _verbs(phrases: Phrases) -> str:
    return "|".join(sorted(map(str, phrases.table["verbs"]), key=len, reverse=True)) or "(?!)"


@lru_cache(maxsize=1024)
def _telling(phrases: Phrases, text: str) -> frozenset[str]:
    """Return the words of a text that patterns have; a text is asked for several times."""
    low = text.casefold()
    words = low.translate(_NO_ASCII_WORD).replace("=", " = ").split() if low.isascii() else _WORD.findall(low)
    found = _known(phrases).intersection(words)
    longer = _longer_verbs(phrases)
    return frozenset(word for word in found if word not in longer or any(verb in low for verb in longer[word]))


@cache
def _longer_verbs(phrases: Phrases) -> Mapping[str, tuple[str, ...]]:
    """Return the words that only open longer verbs (`can be defined as`), with these verbs: alone they tell nothing."""
    templates = (one for key in ("conditions", "definitions", "called") for one in phrases.table[key])
    other = frozenset().union(*(need for one in templates if "{verb}" not in one for need in _needs(phrases, one)))
    verbs = [str(verb).casefold() for verb in phrases.table["verbs"]]
    if not all(map(_PLAIN.fullmatch, verbs)):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for verb in verbs:
        first = _WORD.findall(verb)[0]
        found[first] = (*found.get(first, ()), verb)
    return {word: full for word, full in found.items() if word not in other and all(" " in verb for verb in full)}


@cache
def _known(phrases: Phrases) -> frozenset[str]:
    """Return the words of all patterns; those for terms in bold have the same."""
    return frozenset().union(*(need for _, needs in _patterns(phrases, bold=False) for need in needs))


@lru_cache(maxsize=4096)
def _with(phrases: Phrases, words: frozenset[str], *, bold: bool) -> tuple[re.Pattern[str], ...]:
    return tuple(
        pattern
        for pattern, needs in _patterns(phrases, bold=bold)
        if not any(need.isdisjoint(words) for need in needs)
    )


@cache
def _patterns(phrases: Phrases, *, bold: bool) -> tuple[tuple[re.Pattern[str], tuple[frozenset[str], ...]], ...]:
    """Return each pattern with what `_needs` says of its template."""
    found: list[tuple[re.Pattern[str], tuple[frozenset[str], ...]]] = []
    kinds = {
        "conditions": phrases.marked_conditions if bold else phrases.conditions,
        "definitions": phrases.marked if bold else phrases.definitions,
        "called": phrases.called,
    }
    for key, patterns in kinds.items():
        # `definitions` has each template twice, plain and with something in front of it.
        templates = cycle(_needs(phrases, template) for template in phrases.table[key])
        found += zip(patterns, templates, strict=False)
    return tuple(found)


def _needs(phrases: Phrases, template: str) -> tuple[frozenset[str], ...]:
    """Return sets of words; a sentence that fits the template has a word of each. What is hard to tell is left out."""
    if not phrases.table["spaced"]:
        return ()
    if "{verb}" in template:
        choices = [list(map(str, phrases.table["verbs"]))]
    else:
        choices = [one.strip("()").split("|") for one in _FIXED.findall(_NOT_FIXED.sub(" ", template))]
    return tuple(
        frozenset(_WORD.findall(way.casefold())[0] for way in ways)
        for ways in choices
        if all(map(_PLAIN.fullmatch, ways))
    )
