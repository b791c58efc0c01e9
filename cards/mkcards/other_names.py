"""What stands between a term and its verb: other names (`**X** (x), formerly **Y**, is …`), or a symbol for it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from mkcards.phrasing import Phrases
from mkcards.syntax.inline import Shown, next_of

JOINED = "\0"
"""Stands between the words of a marked term, which a pattern must not divide."""
_ASIDE = re.compile(r"\([^()]*\)")
_AFTER = re.compile(r"(?:,?\s*\([^()]*\))?,?")
_LINK = re.compile(r"[^.;:]*")
LINK_WORDS = 4
"""Between two names of a thing stand at most so many words (`and sometimes also called`)."""


def without_symbol(shown: Shown, mark: str, start: int, end: int) -> tuple[str, str]:
    """Return a sentence with spaces for the formula right behind its first term that has the mark, and the formula.

    (`A **lattice** $L$ is …`); ("", "") if there is none.
    """
    first, a = next(_marked(shown, mark, start, end), (0, 0))
    b = a + 1
    while b < end and shown.inside("math", a + 1, b + 1):
        b += 1
    if not a or shown.text[a : a + 1] != " " or b == a + 1:
        return "", ""
    return _without(shown, (start, first, a, b, end)), shown.markdown(a + 1, b)


def without_other_names(phrases: Phrases, shown: Shown, mark: str, start: int, end: int) -> str:
    """Return a sentence with spaces for the other names of its first term that has the mark; "" if it has none.

    `**X**, **Y** and **Z** are` are three things, `**X**, **Y**, or **Z**, is` is one.
    """
    links: list[str] = []
    first = name_end = last_end = 0
    for (name, a), (b, c) in pairwise(_marked(shown, mark, start, end)):
        first, name_end = (first, name_end) if name_end else (name, a)
        link = _link(phrases, shown.text[a:b])
        if link is None:
            break
        links.append(link)
        last_end = c
    after = _AFTER.match(shown.text, last_end, end)
    if not links or not after or not _is_one_thing(phrases, links, closed="," in after[0]):
        return ""
    return _without(shown, (start, first, name_end, after.end(), end))


def _without(shown: Shown, places: tuple[int, int, int, int, int]) -> str:
    """Return a sentence with its term as one word, and spaces for what stands behind that.

    `places` are where the sentence, the term and what stands behind it start, and the rest starts and ends.
    """
    start, a, b, c, end = places
    text = shown.text
    return text[start:a] + text[a:b].replace(" ", JOINED) + " " * (c - b) + text[c:end]


def _marked(shown: Shown, mark: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the pieces that have the mark are shown in a sentence."""
    places = range(len(shown.text))
    behind = shown.at(start - 1) + 1 if start else 0  # Before the mark of a term that opens the sentence.
    while span := next_of(shown.source, mark, behind):
        a, b = (bisect_left(places, border, key=shown.at) for border in (span.inner_start, span.inner_end))
        if b > end:
            return
        yield a, b
        behind = span.end


def _link(phrases: Phrases, between: str) -> str | None:
    """Return the words that link two names, without articles; None where they are no names of one thing."""
    bare = _ASIDE.sub(" ", between)
    if "," not in bare or not _LINK.fullmatch(bare):
        return None
    words = [word for word in bare.replace(",", " ").casefold().split() if word not in phrases.words("articles")]
    return " ".join(words) if len(words) <= LINK_WORDS else None


def _is_one_thing(phrases: Phrases, links: list[str], *, closed: bool) -> bool:
    """Tell whether names are of one thing: `or` stands before the last, or something before each."""
    if phrases.words("or").intersection(links[-1].split()[:1]):
        return True
    said = all(link and link not in phrases.words("and") for link in links)
    return said and (closed or len(links) > 1)
