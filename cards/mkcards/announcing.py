"""Sentences that say that things follow."""

from __future__ import annotations

from functools import lru_cache

from mkcards.data import Block
from mkcards.material import item_text
from mkcards.phrasing import Phrases
from mkcards.syntax.inline import plain, whole
from mkcards.word_lists import COLONS, words_of


def announces(phrases: Phrases, shown: str, number: int) -> bool:
    """Tell whether a sentence says that there are the items, counts them, or ends in the plural that they spell out."""
    named = phrases.ends_in(shown, "list_nouns")
    told = named or bool(phrases.starts_with(shown, "existentials")) or phrases.mentions(shown, "following")
    return told or phrases.counts(shown, number)


def names_following(phrases: Phrases, shown: str) -> bool:
    """Tell whether a sentence says of what kind the things are that follow (`A form has the following fields`)."""
    told = phrases.starts_with(shown, "opening_verbs", "exercise_verbs", "supposing")
    if told or (phrases.commands(shown) and ", " not in shown):  # `Until the tide turns, …`
        return False
    return phrases.mentions(shown, "following") and not phrases.words("list_nouns").isdisjoint(words_of(shown))


def says_there_are(phrases: Phrases, shown: str) -> bool:
    """Tell whether a sentence says that there are things of a kind, and not how many (`There are a few ways to …`)."""
    things = phrases.behind(phrases.existing(shown), "quantifiers")
    return things != shown and phrases.count(shown) is None and phrases.noun_in(things, "list_nouns")


def names_kinds(phrases: Phrases, shown: str) -> bool:
    """Tell whether a sentence says that there are several kinds of something (`Here we find various types of rope`)."""
    words, keys = shown.casefold().split(), ("label_adjectives", "list_nouns", "prepositions")
    return any(
        all(word in phrases.words(key) for word, key in zip(three, keys, strict=True))
        for three in zip(words, words[1:], words[2:], strict=False)
    )


def follows(phrases: Phrases, shown: str) -> bool:
    """Tell whether a label is a sentence that says of several things that they follow (`The following are equal`)."""
    if not phrases.table["spaced"] or ": " in shown or not phrases.is_clause(shown):
        return False
    parts = (f" {shown.casefold()} ".partition(f" {entry} ") for entry in phrases.words("following"))
    return any(found and _is_of_several(phrases, rest) for _, found, rest in parts)


def opens_with_following(phrases: Phrases, shown: str) -> bool:
    """Tell whether a sentence about what follows names nothing else before its verb."""
    return phrases.mentions(phrases.starts_with(shown, "leaning"), "following") and follows(phrases, shown)


def _is_of_several(phrases: Phrases, rest: str) -> bool:
    """Tell whether what stands behind `following` is nothing, a plural or its verb."""
    word = rest.strip().partition(" ")[0].rstrip(",.")
    return not word or phrases.is_plural(word) or word in phrases.words("plural_verbs")


@lru_cache(maxsize=16)
def lists_kinds(phrases: Phrases, label: str, block: Block) -> bool:
    """Tell whether a label without a number says of what kinds or parts the items are the names, in bold."""
    numbered = phrases.counts(label, len(block.children)) or names_following(phrases, label)
    if numbered or not phrases.noun_in(label, "kinds"):
        return False
    texts = [item_text(item) for item in block.children]
    fields = phrases.words("list_nouns") | phrases.words("generic_terms")
    named = all(plain(text).endswith(COLONS) and whole(text.rstrip(":： ")) for text in texts)
    bare = (phrases.without_adjectives(plain(text).rstrip(":： ").casefold()) for text in texts)
    return named and fields.isdisjoint(bare)
