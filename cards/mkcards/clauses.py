"""The sentences of a paragraph, and their parts that name a term each."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache

from mkcards.patterns import opening_term
from mkcards.phrasing import Phrases
from mkcards.syntax.inline import Shown, atom_at
from mkcards.unfinished import JOINING

_BELOW_FORMULA = re.compile(r"\$\$[ \t]*\n\s*(?=[*_]*[^\W\d_])")
_LINE = re.compile(r"\n[^\S\n]*(?=[^\W\d_a-z])")
OPENING = 80
"""Characters among which the word stands that opens a line."""
_CLAUSE = re.compile(r"[,;] (?:and |while |whereas |und |et |y |e )?|；|，")


def sentences(phrases: Phrases, shown: Shown) -> list[tuple[int, int]]:
    """Return the sentences of a paragraph; none ends inside a formula, code or the name of a note."""
    found: list[tuple[int, int]] = []
    open_at: int | None = None
    for start, end in _parted(phrases, shown, phrases.sentences(shown.text)):
        first = start if open_at is None else open_at
        if _is_inside(shown, end - 1):
            open_at = first
            continue
        found.append((first, end))
        open_at = None
    return found if open_at is None else [*found, (open_at, len(shown.text.rstrip()))]


def _parted(phrases: Phrases, shown: Shown, ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the sentences with an end behind each display formula or line below which another one begins.

    A line that opens with an article does so, unless the one above it breaks off.
    """
    source = shown.source
    below = _BELOW_FORMULA.finditer(source) if "$$" in source else ()
    begun = {found.end() for found in below if _begins(phrases, source[found.end() : found.end() + OPENING])}
    lines = _LINE.finditer(source) if "\n" in source else ()
    begun.update(at.end() for at in lines if _begins_line(phrases, source, at.start(), at.end()))
    borders = deque(map(shown.place_of, sorted(begun)))
    for start, end in ranges:
        while borders and borders[0] < end:
            at = borders.popleft()
            if start < at:
                yield start, at
                start = at
        yield start, end


def _begins_line(phrases: Phrases, source: str, end: int, start: int) -> bool:
    """Tell whether one line ends and another begins a sentence: with an article, and no name (`The Hague`)."""
    opening = source[start : start + OPENING]
    article = phrases.starts_with(opening, "articles")
    behind = opening[len(article) :].lstrip()
    above = source[max(0, end - OPENING) : end].rstrip()
    breaks_off = above.endswith(",") or phrases.ends_in(above, *JOINING)
    return bool(article) and not behind[:1].isupper() and not breaks_off


def _begins(phrases: Phrases, text: str) -> bool:
    """Tell whether a line begins a sentence: big, and with no word that goes on from a formula (`Where $a$ is`)."""
    text = text.lstrip("*_")
    big = text[:1].isupper() and not phrases.table["capital_nouns"]  # `Masse $m$ und …` goes on in German.
    return big and not phrases.starts_with(text, "question_words", "connectives")


def _is_inside(shown: Shown, place: int) -> bool:
    """Tell whether a text goes on behind a place inside a formula, code or the name of a note."""
    atom = atom_at(shown.source, shown.at(place))
    return atom is not None and shown.at(place) < atom.end - 1


@cache
def _contrast(phrases: Phrases) -> re.Pattern[str]:
    """Return the pattern of what divides two statements of a sentence."""
    words = "|".join(phrases.table["contrasts"]) or "(?!)"
    return re.compile(rf",?\s(?:{words})\s|;\s", re.IGNORECASE)


def clauses(phrases: Phrases, shown: Shown, start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts of a sentence that name a term each; the sentence itself when it names one at most."""
    contrasts = _contrast(phrases).finditer(shown.text, start, end)
    middle = next((one for one in contrasts if not _is_inside(shown, one.end() - 1)), None)
    if middle and opening_term(phrases).match(shown.text[middle.end() : end]):
        return [(start, middle.start()), (middle.end(), end)]
    cuts = [cut for cut in _CLAUSE.finditer(shown.text, start, end) if not _is_inside(shown, cut.end() - 1)]
    if not cuts or sum(1 for pattern in phrases.naming for _ in pattern.finditer(shown.text, start, end)) < 2:
        return [(start, end)]
    return list(
        zip([start, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), end], strict=True)
    )
