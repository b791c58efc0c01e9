"""What a label says that its list does not bear out, and lists that say nothing beyond their label."""

from __future__ import annotations

from collections.abc import Sequence

from mkcards.data import Block
from mkcards.material import item_text
from mkcards.phrasing import Phrases
from mkcards.syntax.inline import plain
from mkcards.terms import head_of
from mkcards.word_lists import QUESTION_MARKS, WORD_OR_NUMBER

_LETTERS = "abcdefgh"


def choices(items: Sequence[Block]) -> str:
    """Return that the items below a question are answers to choose from (`a) …`, `b) …`), or ""."""
    marks = (tuple(letter + mark for mark in ".)") for letter in _LETTERS)
    lettered = all(item_text(item).startswith(mark) for item, mark in zip(items, marks, strict=False))
    return "the items are answers to choose from" if lettered and len(items) > 1 else ""


def contradiction(phrases: Phrases, shown: str, items: Sequence[Block]) -> str:
    """Return that a label counts other than its list, or names its items already, or ""."""
    low = shown.casefold()
    counted = phrases.count(shown)
    if counted and counted[0] != len(items) and not low.startswith(counted[1].casefold()):
        return f"the label says {counted[1]}, the list has {len(items)} items"
    said, gap = f" {' '.join(WORD_OR_NUMBER.findall(low))} ", " " if phrases.table["spaced"] else ""
    names = [" ".join(WORD_OR_NUMBER.findall(name)) for name in map(_item_name, items)]
    # Of a sentence its first word is enough, where several name the items (`Each is red or blue`: `Red ones are …`).
    first_words = [name.partition(" ")[0] for name in names]
    all_named = len(items) > 1 and all(name and f"{gap}{name}{gap}" in said for name in names)
    asking = shown.endswith(QUESTION_MARKS) or phrases.starts_with(shown, "question_words")
    first_named = not asking and len(set(first_words)) == len(items) > 2 and all(
        len(word) > 2 and f"{gap}{word}{gap}" in said and not _is_small(phrases, word) for word in first_words
    )
    return "the label names its items already" if all_named or first_named else ""


def _is_small(phrases: Phrases, word: str) -> bool:
    """Tell whether a word names nothing."""
    keys = ("articles", "prepositions", "pronouns", "connectives", "quantifiers", "function_words", "question_words")
    return any(word in phrases.words(key) for key in keys)


def _item_name(item: Block) -> str:
    text = item_text(item)
    head = head_of(text)
    return plain(head.term if head else text).casefold()
