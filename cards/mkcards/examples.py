"""What belongs to an example or an exercise, and so says nothing in general."""

from __future__ import annotations

import re
from functools import lru_cache

from mkcards.phrasing import Phrases
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain
from mkcards.terms import SYMBOLS

_COUNTED = re.compile(r"(\D+)[ #.]+\d+[a-z]?\b")


def in_example(look: Look, place: Place) -> bool:
    """Tell whether a heading above announces an example, an exercise or its solution, or the title counts one."""
    counted = _COUNTED.match(look.note.title.casefold())
    if counted and any(counted[1] in look.phrases.words(key) for key in ("example_labels", "exams")):
        return True
    return any(_announces_example(look.phrases, heading.text) for heading in place.headings)


@lru_cache(maxsize=64)
def _announces_example(phrases: Phrases, heading: str) -> bool:
    shown = SYMBOLS.sub("", plain(heading))
    counted = _COUNTED.match(shown.casefold())
    whole = counted is not None and counted.end() == len(shown) and counted[1] in phrases.words("empty_labels")
    exercise = whole or (counted is not None and counted[1] in phrases.words("exams"))
    return exercise or bool(phrases.starts_with(shown, "example_labels"))


def is_one_example(phrases: Phrases, subject: str) -> bool:
    """Tell whether what a term is asked with is one example (`Example 2: ropes`), not all of a kind (`Proofs by …`)."""
    rest = phrases.behind(subject, "example_labels")
    return rest != subject and not rest[:1].isalpha()
