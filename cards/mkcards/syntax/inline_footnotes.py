"""Footnotes that are written where they belong: `text^[what the footnote says]`."""

from __future__ import annotations

import re
from typing import Final

from mkcards.syntax.clean import outside_code

INLINE: Final = "^ "
"""What stands before a footnote that has no label; no label begins with it."""
_NOTE: Final = re.compile(r"(?<![\\^\[])\^\[((?:[^\[\]]|\[\[?[^\[\]]*\]\]?)++)\](?!\()")
# `^[a-z0-9]` is a pattern of characters.
_SAYS: Final = re.compile(r"[^\W\d_]{3,}|.*?(?:\s|://).*", re.DOTALL)


def without_notes(text: str) -> tuple[str, tuple[str, ...]]:
    """Return inline Markdown without the footnotes in it, and what they say."""
    if "^[" not in text:
        return text, ()
    notes: list[str] = []

    def take(note: re.Match[str]) -> str:
        if not _SAYS.fullmatch(note[1]):
            return note[0]
        notes.append(note[1].strip())
        return ""

    return outside_code(text, lambda piece: _NOTE.sub(take, piece)), tuple(notes)
