"""HTML made flat before it is parsed: parsers take quadratic time for thousands of tags in one another."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

VOID: Final = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
MAX_DEPTH: Final = 100
"""How deep the HTML of a field nests; what lies deeper loses its markup and keeps its text."""
_MANY: Final = 500
"""Tags that no parser is slow with, however they stand."""
_PIECE: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>?"
    r"|<(?P<end>/?)(?P<name>[a-z][a-z0-9-]*)(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>|<",
    re.IGNORECASE | re.DOTALL,
)
_BLOCKS: Final = frozenset(
    ("blockquote", "details", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul")
)
_ENDED_BY: Final = {
    "p": _BLOCKS | {"li", "dt", "dd", "td", "th", "tr"},
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "td": {"td", "th", "tr", "tbody", "tfoot"},
    "th": {"td", "th", "tr", "tbody", "tfoot"},
    "tr": {"tr", "tbody", "tfoot"},
}
"""What begins where the end tag of an element may be left out."""


def flattened(html: str) -> str:
    """Return HTML of thousands of tags with an end tag for each, and without those too deep; other HTML as it is.

    Comments are left out, and `<` that begins no tag becomes text, so that the parser sees no tag but these.
    """
    if html.count("<") <= _MANY:
        return html
    walk = _Walk()
    return _PIECE.sub(walk.piece, html) + walk.end()


class _Walk:
    """The elements that are open where one reads."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._counts: Counter[str] = Counter()

    def piece(self, found: re.Match[str]) -> str:
        """Return what stands for a tag, a comment or a lone `<`."""
        if not found["name"]:
            return "&lt;" if found.group() == "<" else ""
        name = found["name"].lower()
        if name in VOID:
            return found.group()
        return self._closed(name) if found["end"] else self._opened(name, found.group())

    def end(self) -> str:
        """Return the end tags of all that is still open."""
        return "".join(self._pop() for _ in range(len(self._open)))

    def _opened(self, name: str, tag: str) -> str:
        ends = ""
        while self._open and name in _ENDED_BY.get(self._open[-1], ()):
            ends += self._pop()
        self._open.append(name)
        self._counts[name] += 1
        return ends + tag if len(self._open) <= MAX_DEPTH else ends

    def _closed(self, name: str) -> str:
        ends = ""
        if self._counts[name]:
            while self._open[-1] != name:
                ends += self._pop()
            ends += self._pop()
        return ends

    def _pop(self) -> str:
        name = self._open.pop()
        self._counts[name] -= 1
        return f"</{name}>" if len(self._open) < MAX_DEPTH else ""
