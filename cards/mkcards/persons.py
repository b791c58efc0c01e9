"""Texts that speak of their writer or reader."""

from __future__ import annotations

from mkcards.phrasing import Phrases
from mkcards.word_lists import WORD_OR_NUMBER, any_of


def about_persons(phrases: Phrases, text: str, reach: int | None = None) -> bool:
    """Tell whether a text speaks of the writer or the reader (`you`, `you'll`), within its first words if so many."""
    persons = phrases.words("persons")
    words = WORD_OR_NUMBER.findall(text.casefold().replace("’", "'"))[:reach]
    return any(word in persons or word.partition("'")[0] in persons for word in words)


def addresses(phrases: Phrases, text: str) -> bool:
    """Tell whether a text speaks of its writer or reader from its first words on.

    In `allows you to splice` a person is only whom something serves.
    """
    return about_persons(phrases, text, 2) and not phrases.starts_with(text, "serving")


def opens_with_person(phrases: Phrases, text: str) -> bool:
    """Tell whether a text opens with a verb that says `we` by itself (`Calcoliamo il …`)."""
    return any_of(tuple(phrases.table["person_openings"])).match(text) is not None
