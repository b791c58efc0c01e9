"""The card that asks for the term of a definition."""

from __future__ import annotations

import re

from mkcards.data import NO_REVERSE
from mkcards.phrasing import Phrases, size
from mkcards.rule import Look
from mkcards.syntax.inline import plain

_WORD = re.compile(r"\w+")
REVERSE_WORDS = 4
"""A shorter definition fits many terms."""


def masked(definition: str, term: str, phrases: Phrases) -> str:
    """Return the definition with the term blanked, or "" when that stays readable or too little is left."""
    words = [word for word in _WORD.findall(plain(term).casefold()) if word not in phrases.words("function_words")]
    shown = plain(definition).casefold()
    if not words or size(shown) < REVERSE_WORDS or "$" in definition:
        return ""
    text, count, parts = definition, 0, _WORD.findall(plain(term))
    if all(part.casefold() in definition.casefold() for part in parts):
        whole_term = r"\W+".join(map(re.escape, parts))
        text, count = re.subn(rf"\b{whole_term}\w{{0,2}}\b", "___", definition, flags=re.IGNORECASE)
    left = " ".join(["", *_WORD.findall(plain(text).casefold())])
    readable = sum(f" {word}" in left for word in words)
    return "" if 2 * readable > len(words) or (count and "[" in definition) else text


def reverse(look: Look, term: str, definition: str, shown: str = "") -> tuple[str, str]:
    """Return the prompt and answer of the card that asks for the term, both "" when the text gives none."""
    hidden = masked(definition, term, look.phrases)
    return (f"{look.phrases.ask('reverse')}\n\n{hidden}", shown or term) if hidden else NO_REVERSE
