"""Other names of a term between it and its verb (`**X** (x), formerly **Y**, is …`)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from mkcards.phrasing import Phrases
from mkcards.syntax.inline import Shown, next_of

_ASIDE = re.compile(r"\([^()]*\)")
_AFTER = re.compile(r"(?:,?\s*\([^()]*\))?,?")
_LINK = re.compile(r"[^.;:]*")
LINK_WORDS = 4
"""Between two names of a thing stand at most so many words (`and sometimes also called`)."""


def without_other_names(phrases: Phrases, shown: Shown, mark: str, start: int, end: int) -> str:
    """Return a sentence with spaces for the other names of its first term that has the mark; "" if it has none.

    `**X**, **Y** and **Z** are` are three things, `**X**, **Y**, or **Z**, is` is one.
    """
    links: list[str] = []
    name_end = last_end = 0
    for (_, a), (b, c) in pairwise(_marked(shown, mark, start, end)):
        name_end = name_end or a
        link = _link(phrases, shown.text[a:b])
        if link is None:
            break
        links.append(link)
        last_end = c
    after = _AFTER.match(shown.text, last_end, end)
    if not links or not after or not _is_one_thing(phrases, links, closed="," in after[0]):
        return ""
    return shown.text[start:name_end] + " " * (after.end() - name_end) + shown.text[after.end() : end]


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
