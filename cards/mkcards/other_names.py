"""What stands between a term and its verb: other names (`**X** (x), formerly **Y**, is …`), or a symbol for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from mkcards.phrasing import Phrases
from mkcards.syntax.inline import Shown, next_of

JOINED = "\0"
"""Stands between the words of a marked term, which a pattern must not divide."""
_ASIDE = re.compile(r"\([^()]*\)")
_AFTER = re.compile(r"(?:,?\s*\([^()]*\))?,?")
_LINK = re.compile(r"[^.;:]*")
_APPOSITION = re.compile(r",\s([^\s,;:.!?]+(?:\s[^\s,;:.!?]+){2,}),(?=\s)")
"""What is said of a term between it and its verb (`**X**, first built by Y, is …`); fewer words are another thing."""
_NO_APPOSITION = (
    *("connectives", "continuations", "prepositions", "supposing", "occurring", "relatives", "question_words"),
    *("example_labels", "pronouns", "persons", "articles"),
)
"""The lists of words that open a condition, a remark or another of several things."""
LINK_WORDS = 4
"""Between two names of a thing stand at most so many words (`and sometimes also called`)."""


def bare_readings(phrases: Phrases, shown: Shown, mark: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """Yield a sentence with spaces for what stands behind its first term that has the mark, and a symbol left out."""
    names = list(_marked(shown, mark, start, end))
    if not names:
        return
    behind = _behind_names(phrases, shown, names, end)
    if behind:
        yield _without(shown, start, end, names[0], behind), ""
    behind = 0 if behind else _behind_apposition(phrases, shown, start, names[0], end)
    if behind:
        yield _without(shown, start, end, names[0], behind), ""
    behind = _behind_symbol(shown, names[0][1], end)
    if behind:
        yield _without(shown, start, end, names[0], behind), shown.markdown(names[0][1], behind)


def _behind_apposition(phrases: Phrases, shown: Shown, start: int, name: tuple[int, int], end: int) -> int:
    """Return where what is said of a term with which the sentence opens ends; 0 if nothing is."""
    told = _APPOSITION.match(shown.text, name[1], end)
    before = shown.text[start : name[0]].strip().casefold()
    opens = before in {"", *phrases.words("articles")}
    return told.end() if told and opens and not phrases.starts_with(told[1], *_NO_APPOSITION) else 0


def _behind_symbol(shown: Shown, a: int, end: int) -> int:
    """Return where the formula ends that stands right behind a term (`A **lattice** $L$ is …`); 0 if none does."""
    b = a + 1
    while b < end and shown.inside("math", a + 1, b + 1):
        b += 1
    return b if shown.text[a : a + 1] == " " and b > a + 1 else 0


def _behind_names(phrases: Phrases, shown: Shown, names: list[tuple[int, int]], end: int) -> int:
    """Return where the other names of the first of several end; 0 if they are none.

    `**X**, **Y** and **Z** are` are three things, `**X**, **Y**, or **Z**, is` is one.
    """
    links: list[str] = []
    last_end = names[0][1]
    for (_, a), (b, c) in pairwise(names):
        link = _link(phrases, shown.text[a:b])
        if link is None:
            break
        links.append(link)
        last_end = c
    after = _AFTER.match(shown.text, last_end, end)
    if not links:  # `**slack** (loose), if …`
        return after.end() if after and "(" in after[0] else 0
    if not after or not _is_one_thing(phrases, links, closed="," in after[0]):
        return 0
    return after.end()


def _without(shown: Shown, start: int, end: int, name: tuple[int, int], behind: int) -> str:
    """Return a sentence with its term as one word, and spaces from that to `behind`."""
    text, (a, b) = shown.text, name
    return text[start:a] + text[a:b].replace(" ", JOINED) + " " * (behind - b) + text[behind:end]


def _marked(shown: Shown, mark: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the pieces that have the mark are shown in a sentence."""
    behind = shown.at(start - 1) + 1 if start else 0  # Before the mark of a term that opens the sentence.
    while span := next_of(shown.source, mark, behind):
        a, b = shown.place_of(span.inner_start), shown.place_of(span.inner_end)
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
