"""Texts that break off before what completes them."""

from __future__ import annotations

from functools import lru_cache

from mkcards.phrasing import Phrases
from mkcards.word_lists import words_of

JOINING = ("prepositions", "articles", "and", "relatives", "connectives")
"""The lists of words after which something has to follow."""
_SMALL_WORDS = (
    *("articles", "prepositions", "pronouns", "persons", "leaning", "quantifiers", "number_words", "relatives", "and"),
    *("connectives", "copulas", "modals", "finite_verbs", "function_words", "label_adjectives", "example_labels"),
)
"""The lists of words that name nothing."""
_OPEN_ENDS = ("finite_verbs", "copulas", *JOINING)


@lru_cache(maxsize=64)
def breaks_off(phrases: Phrases, shown: str) -> bool:
    """Tell whether a text is the beginning of a sentence, which a list below completes (`Rust needs:`)."""
    if not phrases.table["spaced"]:
        return shown.endswith(tuple(phrases.words("finite_verbs")))
    before, _, last = shown.casefold().rpartition(" ")
    acts = before.rpartition(" ")[2] in phrases.words("modals") and not phrases.names_items(last)
    symbol = shown[-2:-1] == " " and shown[-1:].isupper()  # `to the right of $A$`
    return bool(before) and not symbol and (acts or phrases.ends_in(shown, *_OPEN_ENDS))


def says_much(phrases: Phrases, shown: str) -> bool:
    """Tell whether half a sentence has words enough of its own (`A sheet bend joins`, not `You can either`)."""
    words = (word for word in words_of(shown) if not word.isdecimal())
    return sum(not any(word in phrases.words(key) for key in _SMALL_WORDS) for word in words) > 1
