"""Sentences that point to what stands before them."""

from __future__ import annotations

from mkcards.announcing import opens_with_following
from mkcards.phrasing import Phrases
from mkcards.word_lists import WORD_OR_NUMBER


def leans_back(phrases: Phrases, text: str) -> bool:
    """Tell whether a sentence begins with what only the one before it explains; `There are`, `The following` do not."""
    return bool(phrases.starts_with(phrases.existing(text), "leaning")) and not opens_with_following(phrases, text)


def points(phrases: Phrases, shown: str) -> bool:
    """Tell whether a label points to what stands before it (`Some ways of achieving this goal include`)."""
    pointers, words = phrases.words("pronouns") - phrases.words("relatives"), WORD_OR_NUMBER.findall(shown.casefold())
    return bool(phrases.starts_with(shown, "leaning")) or not pointers.isdisjoint(words)


def goes_on(phrases: Phrases, text: str) -> bool:
    """Tell whether a sentence is only the word by which it goes on from the one before (`Let … be a rope. Then:`)."""
    return text.rstrip(":：, ").casefold() in phrases.words("continuations")
