"""Footnotes that are written where they belong: `text^[what the footnote says]`."""

from __future__ import annotations

import re
from typing import Final

from mkcards.syntax.clean import code_hidden

INLINE: Final = "^ "
"""What stands before a footnote that has no label; no label begins with it."""
_NOTE: Final = re.compile(r"(?<![\\^\[])\^\[((?:[^\[\]]|\[\[?[^\[\]]*\]\]?)++)\](?!\()")
# `^[a-z0-9]` is a pattern of characters.
_SAYS: Final = re.compile(r"[^\W\d_]{3,}|.*?(?:\s|://).*", re.DOTALL)


def without_notes(text: str) -> tuple[str, tuple[str, ...]]:
    """Return inline Markdown without the footnotes in it, and what they say."""
    if "^[" not in text:
        return text, ()
    kept, notes, last = [], [], 0
    for note in _NOTE.finditer(code_hidden(text)):
        said = text[slice(*note.span(1))]
        if _SAYS.fullmatch(said):
            kept.append(text[last : note.start()])
            notes.append(said.strip())
            last = note.end()
    return "".join([*kept, text[last:]]), tuple(notes)
