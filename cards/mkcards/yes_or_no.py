"""Questions that ask for yes or no, and so have no list for their answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from unicodedata import combining, normalize

from mkcards.data import Block
from mkcards.material import item_text
from mkcards.phrasing import Phrases
from mkcards.syntax.inline import plain
from mkcards.word_lists import QUESTION_MARKS, WORD_OR_NUMBER


def yes_or_no(phrases: Phrases, shown: str, items: Sequence[Block]) -> str:
    """Return that a label asks for yes or no, unless the first item says so: it has no question word."""
    if not shown.endswith(QUESTION_MARKS) or _asks_openly(phrases, shown):
        return ""
    said = phrases.starts_with(plain(item_text(items[0])), "verdicts")
    return "" if said else "a question to say yes or no to has no list for its answer"


def _asks_openly(phrases: Phrases, shown: str) -> bool:
    """Tell whether a question has a word that asks for more than yes or no, or its language has none."""
    asking = _question_words(phrases)
    if not phrases.table["spaced"]:
        return any(word in shown for word in asking)
    return not asking or not asking.isdisjoint(map(_unaccented, WORD_OR_NUMBER.findall(shown.casefold())))


@cache
def _question_words(phrases: Phrases) -> frozenset[str]:
    """Return the last words of what opens a question, without accents, which are often left out."""
    return frozenset(_unaccented(word.rpartition(" ")[2]) for word in phrases.words("question_words"))


def _unaccented(word: str) -> str:
    return "".join(sign for sign in normalize("NFD", word) if not combining(sign))
