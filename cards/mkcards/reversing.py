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
SHORT_TERM = 4
"""With other letters behind it than those of a plural or a case, a term of so many is another word (arm, army)."""


def masked(definition: str, term: str, phrases: Phrases) -> str:
    """Return the definition with the term blanked, or "" when that stays readable or too little is left."""
    words = [word for word in _WORD.findall(plain(term).casefold()) if word not in phrases.words("function_words")]
    shown = plain(definition).casefold()
    if not words or size(shown) < REVERSE_WORDS or "$" in definition:
        return ""
    text, count, parts = definition, 0, _WORD.findall(plain(term))
    if all(part.casefold() in definition.casefold() for part in parts):
        whole_term = r"\W+".join(map(re.escape, parts))
        text, count = re.subn(rf"\b{whole_term}{_ending(parts[-1])}", "___", definition, flags=re.IGNORECASE)
    left = plain(text).casefold()
    patterns = (rf"\b{word}{_ending(word) if _is_short(word) else ''}" for word in words)
    readable = sum(re.search(pattern, left) is not None for pattern in patterns)
    return "" if 2 * readable > len(words) or (count and "[" in definition) else text


def _is_short(word: str) -> bool:
    return word.isascii() and len(word) <= SHORT_TERM


def _ending(word: str) -> str:
    """Return the pattern of the letters with which a word is still the same one."""
    return r"(?:e?[sn])?\b" if _is_short(word) else r"\w{0,2}\b"


def reverse(look: Look, term: str, definition: str, shown: str = "") -> tuple[str, str]:
    """Return the prompt and answer of the card that asks for the term, both "" when the text gives none."""
    hidden = masked(definition, term, look.phrases)
    return (f"{look.phrases.ask('reverse')}\n\n{hidden}", shown or term) if hidden else NO_REVERSE
