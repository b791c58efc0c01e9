"""Where the sentences of a text start and end."""

from __future__ import annotations

import re
from collections.abc import Set

_SENTENCE_END = re.compile(
    # It opens with a set of characters because that is what `re` can look for fast.
    # A run of them is looked at from its first one only, or a line of dots would take the square of its length.
    r"[.!?…。！？](?:(?<=[.!?…])(?<![.!?…].)[.!?…]*+[\"'”’“»)\]*_]*+(?=\s)|(?<=[。！？])[。！？]*[”’」』）]*)",
    re.DOTALL,
)
_OMISSION = re.compile(r"[\[(](?:…|\.\.\.)[\])]")
"""What a quote leaves out (`[…]`), which ends no sentence."""
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
"""What is cut short to letters, in any language (`s.t.`)."""
_ROMAN = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "ix"})
_FIRST = re.compile(r"(?<!\S)i\.\s")
"""Numbers of points that follow each other (`i. … ii. …`); one letter never ends a sentence."""
_NO_SPACE = re.compile(r"\S")
_LONGEST_WORD = 40
"""Characters that are looked at for the word before the end of a sentence."""


def sentences(text: str, abbreviations: Set[str]) -> list[tuple[int, int]]:
    """Return where the sentences of a text start and end; a full stop after an abbreviation, lower case, ends none."""
    found, start = [], len(text) - len(text.lstrip())
    counted = _FIRST.search(text) if "i." in text else None
    for end in _SENTENCE_END.finditer(text):
        word = text[max(start, end.start() - _LONGEST_WORD) : end.start()].rsplit(None, 1)[-1:] or [""]
        last = word[0].lstrip("([\"'“‘„«¿¡").casefold()
        following = _NO_SPACE.search(text, end.end())
        cut = (len(last) == 1 and last.isalpha()) or (word[0][-1:].islower() and _LETTERS.fullmatch(last))
        counts = counted is not None and last in _ROMAN and counted.end() <= end.start()
        if end.group()[0] == "." and (last in abbreviations or cut or counts):
            continue
        if end.group()[0] in ".…" and following and following.group().islower():
            continue
        if _OMISSION.match(text, end.start() - 1):
            continue
        found.append((start, end.end()))
        start = following.start() if following else len(text)
    if _NO_SPACE.search(text, start):
        found.append((start, len(text.rstrip())))
    return found
