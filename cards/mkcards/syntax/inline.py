"""What inline Markdown shows."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import accumulate
from operator import attrgetter

from msgspec import Struct

from mkcards.syntax.spans import MARKUP, Span, spans

__all__ = [
    "Shown",
    "Span",
    "atom_at",
    "is_marked",
    "named",
    "next_of",
    "plain",
    "prose",
    "shortened",
    "show",
    "spans",
    "whole",
    "without",
]

_ESCAPE = re.compile(r"\\([\n!-/:-@\[-`{-~])")
"""A sign that stands for itself, or a line end that shows as one."""
_START = attrgetter("start")
_SOLID = frozenset(("code", "math"))
_ATOMS = _SOLID | {"wikilink"}


class Shown(Struct, frozen=True):
    """Inline Markdown beside the text that it shows; each character of `text` knows its place in `source`.

    `text` is made of pieces of the source: `starts` are their places in `text`, `sources` those in `source`.
    """

    source: str
    text: str
    starts: tuple[int, ...] = (0,)
    sources: tuple[int, ...] = (0,)

    def at(self, place: int) -> int:
        """Return where in `source` the character at this place of `text` stands."""
        piece = bisect_right(self.starts, place) - 1
        return self.sources[piece] + place - self.starts[piece]

    def place_of(self, border: int) -> int:
        """Return the first place of `text` whose character stands at a place of `source` or behind it; else its end."""
        return bisect_left(range(len(self.text)), border, key=self.at)

    def markdown(self, start: int, end: int) -> str:
        """Return the Markdown of `text[start:end]`; the marks of markup that lies partly outside are left out."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            return ""
        first, last = self.at(start), self.at(end - 1) + 1
        marks: list[tuple[int, int]] = []
        for span in spans(self.source):
            if span.end <= first or span.start >= last:
                continue
            hidden = _hidden(self.source, span)
            outside = [place for place in hidden if place[0] < first or place[1] > last]
            shown_from, shown_to = _shown_part(self.source, span, hidden)
            if first <= shown_from and shown_to <= last:
                first, last = min(first, span.start), max(last, span.end)
            elif outside:
                marks += hidden
        return "".join(self.source[left:right] for left, right in _between(marks, first, last))

    def touches(self, kind: str, start: int, end: int) -> bool:
        """Tell whether a piece of markup of that kind has a part in `text[start:end]`, which is not empty."""
        return bool(_overlapping(self.source, kind, self.at(start), self.at(end - 1)))

    def inside(self, kind: str, start: int, end: int) -> bool:
        """Tell whether all words of `text[start:end]` lie within markup of that kind, of which there is some."""
        first, last = self.at(start), self.at(end - 1)
        marked = _overlapping(self.source, kind, first, last)
        if any(span.inner_start <= first and last < span.inner_end for span in marked):
            return True
        return bool(_of_kind(self.source, kind)[0]) and all(
            any(span.inner_start <= self.at(place) < span.inner_end for span in marked)
            for place in range(start, end)
            if self.text[place].isalnum()
        )


def _hidden(source: str, span: Span) -> tuple[tuple[int, int], ...]:
    match span.kind:
        case "comment" | "html" | "embed" | "image":
            return ((span.start, span.end),)
        case "hashtag":
            return ()
        case "wikilink":
            bar = source.find("|", span.start, span.end)
            return ((span.start, bar + 1 if bar >= 0 else span.start + 2), (span.end - 2, span.end))
        case "code" | "math":
            piece, mark = source[span.start : span.end], "`" if span.kind == "code" else "$"
            width = (len(piece) - len(piece.strip(mark))) // 2
            return ((span.start, span.start + width), (span.end - width, span.end))
        case _:
            return ((span.start, span.inner_start), (span.inner_end, span.end))


def _shown_part(source: str, span: Span, hidden: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """Return where the part of a piece of markup that is shown starts and ends, without white space at its borders."""
    start, end = (hidden[0][1], hidden[1][0]) if len(hidden) == 2 else (span.start, span.end)
    inner = source[start:end]
    left, right = len(inner) - len(inner.lstrip()), len(inner) - len(inner.rstrip())
    return (start + left, end - right) if inner.strip() else (start, end)


@lru_cache(maxsize=1024)
def _of_kind(source: str, kind: str) -> tuple[tuple[Span, ...], tuple[int, ...]]:
    """Return the markup of a kind, and how far it has come with each piece."""
    found = tuple(span for span in spans(source) if span.kind == kind)
    return found, tuple(accumulate((span.end for span in found), max))


def _overlapping(source: str, kind: str, first: int, last: int) -> list[Span]:
    """Return the markup of a kind that has a part in `source[first : last + 1]`."""
    found, ends = _of_kind(source, kind)
    near = found[bisect_right(ends, first) : bisect_right(found, last, key=_START)]
    return [span for span in near if first < span.end]


def next_of(source: str, kind: str, place: int) -> Span | None:
    """Return the first piece of markup of a kind that opens at a place or behind it, or None."""
    found, _ = _of_kind(source, kind)
    return next(iter(found[bisect_left(found, place, key=_START) :]), None)


@lru_cache(maxsize=1024)
def _atoms(source: str) -> tuple[Span, ...]:
    return tuple(span for span in spans(source) if span.kind in _ATOMS)


def atom_at(source: str, place: int) -> Span | None:
    """Return the code, the formula or the name of a note that stands at a place of inline Markdown, or None."""
    found = _atoms(source)
    before = bisect_right(found, place, key=_START) - 1
    return found[before] if before >= 0 and place < found[before].end else None


@lru_cache(maxsize=8192)
def show(source: str) -> Shown:
    """Return what inline Markdown shows; line ends show as spaces."""
    found = spans(source)
    if not found and "\\" not in source:
        return Shown(source, source.replace("\n", " "))
    hidden = [place for span in found for place in _hidden(source, span)]
    if "\\" in source:
        hidden += [(place, place + 1) for place, _ in _escapes(source, found)]
    starts, sources, pieces, length = [0], [0], [], 0
    for start, end in _between(hidden, 0, len(source)):
        starts.append(length)
        sources.append(start)
        pieces.append(source[start:end])
        length += end - start
    return Shown(source, "".join(pieces).replace("\n", " "), tuple(starts), tuple(sources))


def _escapes(source: str, found: Sequence[Span]) -> Iterator[tuple[int, str]]:
    """Yield where backslashes stand outside code and math that only say how the sign behind them is meant, and it."""
    raw = [span for span in found if span.kind in _SOLID]
    for escape in _ESCAPE.finditer(source):
        at = bisect_right(raw, escape.start(), key=_START) - 1
        if at < 0 or raw[at].end <= escape.start():
            yield escape.start(), escape[1]


def _between(hidden: Iterable[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Return the ranges of `start:end` that lie outside all of the given ones."""
    found = []
    for left, right in sorted(hidden):
        if start < left and start < end:
            found.append((start, min(left, end)))
        start = max(start, right)
    if start < end:
        found.append((start, end))
    return found


@lru_cache(maxsize=8192)
def plain(source: str) -> str:
    """Return inline Markdown as the plain text that it shows, on one line."""
    text = show(source).text if "\\" in source or MARKUP.search(source) else source
    return " ".join((unescape(text) if "&" in text else text).split())


def without(source: str, kinds: Collection[str]) -> str:
    """Return inline Markdown without the markup of some kinds and what stands in it."""
    gone = [(span.start, span.end) for span in spans(source) if span.kind in kinds]
    return "".join(source[start:end] for start, end in _between(gone, 0, len(source))) if gone else source


_KEPT = _SOLID | {"em", "s", "hashtag"}


@lru_cache(maxsize=8192)
def prose(source: str) -> str:
    """Return inline Markdown for a question: emphasis, code and math stay, links and bold become their text."""
    return _only(source, _KEPT)


def _only(source: str, kept: frozenset[str]) -> str:
    found, broken = spans(source), "\\\n" in source
    if not found and not broken:
        return " ".join(source.split())
    hidden = [place for span in found if span.kind not in kept for place in _hidden(source, span)]
    if broken:
        hidden += [(place, place + 1) for place, sign in _escapes(source, found) if sign == "\n"]
    shown = "".join(source[start:end] for start, end in _between(hidden, 0, len(source)))
    return " ".join(shown.split())


def named(source: str) -> str:
    """Return inline Markdown as it is named in questions and contexts: as plain text unless it has code or math.

    What is plain code or math may be something else in Markdown.
    """
    solid = is_marked(source) and any(span.kind in _SOLID for span in spans(source))
    return _only(source, _SOLID) if solid else plain(source)


def is_marked(name: str) -> bool:
    """Tell whether what `named` returned is Markdown rather than plain text."""
    return "`" in name or "$" in name


def shortened(source: str, end: int) -> str:
    """Return the Markdown of the first `end` characters that `source` shows; code and math are whole or left out."""
    last = show(source).at(end - 1) + 1
    marks: list[tuple[int, int]] = []
    for span in spans(source):
        if span.start < last < span.end:
            hidden = _hidden(source, span)
            if last >= _shown_part(source, span, hidden)[1]:
                last = span.end
            elif span.kind in _SOLID:
                last = span.start or span.end
            else:
                marks += hidden
    return "".join(source[left:right] for left, right in _between(marks, 0, last)).rstrip()


_ENDS = ("*", "_", "=", "`", "[", "]", ")")
"""What markup that may hold a whole line begins and ends with."""


def whole(source: str, kinds: tuple[str, ...] = ("strong",)) -> str:
    """Return what stands inside the one piece of markup that is all of `source` but a colon, or ""."""
    text = source.strip()
    bare = text.rstrip(":： ")
    if bare[:1] not in _ENDS or bare[-1:] not in _ENDS:
        return ""
    for span in spans(text):
        if span.kind in kinds and span.start == 0 and span.end == len(bare):
            return text[span.inner_start : span.inner_end].strip()
    return ""
