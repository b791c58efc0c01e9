"""Patterns for the entries of a word list, compiled once a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

COLONS = (":", "：")
QUESTION_MARKS = ("?", "？")
"""What a text ends in that leads on, and one that asks; the second of each is Chinese."""
DOUBLE_QUOTES = "\"“”«»「」『』"
QUOTES = DOUBLE_QUOTES + "'‘’"
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
WORD_OR_NUMBER = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ASCII_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_BEFORE = "\"'“‘«„¿¡(["
"""What may stand before the first word of a text."""


def is_cjk(text: str) -> bool:
    """Tell whether a text is written without spaces between its words."""
    return bool(CJK.search(text))


def words_of(text: str) -> list[str]:
    """Return the words of a text, lower case."""
    low = text.casefold()
    return (_ASCII_WORD if low.isascii() else WORD).findall(low)


def inside_marks(text: str) -> str:
    """Return a text without the quotation marks and brackets in front of its first word."""
    return text.lstrip(_BEFORE)


def opening(entries: frozenset[str], text: str) -> str:
    """Return the entry with which the text starts, as a whole word, or "".

    Entries are all lower case, and none begins with a quotation mark or bracket.
    """
    groups, reach = _openings(entries)
    low = inside_marks(text)[:reach].casefold()
    group = groups.get(low[:1])
    # Most texts differ from all entries in their first letters already.
    found = _whole(group).match(low) if group and low.startswith(group) else None
    return found.group() if found else ""


@cache
def _openings(entries: frozenset[str]) -> tuple[Mapping[str, tuple[str, ...]], int]:
    """Return the entries by their first letter, and within how many characters all end for sure."""
    groups: dict[str, list[str]] = {}
    for entry in sorted(entries):
        groups.setdefault(entry[0], []).append(entry)
    reach = max(map(len, entries), default=0) + len("'s")
    return {first: tuple(group) for first, group in groups.items()}, reach


@cache
def _whole(entries: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of the entries, as whole words, the longest that fits."""
    whole = r"(?![^\W_]|['’]\w|-)"
    ends = (re.escape(entry) + ("" if is_cjk(entry) or entry[-1] in "'’" else whole) for entry in _longest(entries))
    return re.compile("|".join(ends))


@cache
def inside(entries: frozenset[str], *, spaced: bool) -> re.Pattern[str]:
    """Return the pattern of an entry anywhere in a text; a whole word where words are `spaced`."""
    choices = "|".join(map(re.escape, _longest(entries)))
    return re.compile(rf"(?<![^\W_])(?:{choices})(?![^\W_])" if spaced else choices)


@cache
def endings(entries: frozenset[str], longer_than: int) -> tuple[str, ...]:
    """Return the entries that are long enough to be known at the end of a longer word."""
    return tuple(entry for entry in entries if len(entry) > longer_than)


@cache
def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return one pattern for several; none matches nothing."""
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def _longest(entries: Iterable[str]) -> list[str]:
    return sorted(entries, key=len, reverse=True)


def size(text: str) -> int:
    """Return how long a text is in words; two CJK characters count as one."""
    signs = 0 if text.isascii() else len(CJK.findall(text))
    return len((CJK.sub("", text) if signs else text).split()) + (signs + 1) // 2
