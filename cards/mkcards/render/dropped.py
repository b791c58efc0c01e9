"""What a card leaves out of the HTML of its note because it could run, hide or load something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from mkcards.data import Fields
from mkcards.diagnostics import Diagnostic
from mkcards.render.nesting import MAX_DEPTH
from mkcards.syntax import tokens_of
from mkcards.syntax.clean import outside_code
from mkcards.syntax.html import with_words
from mkcards.syntax.references import texts_of

_RAW = re.compile(r"<[a-z!?/]", re.IGNORECASE)
_TAGS = frozenset(
    (
        *("applet", "base", "button", "embed", "form", "frame", "iframe", "input", "link", "math", "meta", "noscript"),
        *("object", "script", "select", "style", "svg", "template", "textarea"),
    )
)
_UNCLOSED = frozenset(("br", "dd", "dt", "hr", "img", "li", "p", "td", "th", "tr", "wbr"))
_ADDRESSES = ("href", "src", "xlink:href", "action", "formaction", "srcset", "poster", "background")
_DANGEROUS = re.compile(r"(?:javascript|vbscript|data|file):", re.IGNORECASE)
_LINK = re.compile(r"\]\(\s*<?\s*((?:javascript|vbscript|data|file):)", re.IGNORECASE)
_BLANKS = re.compile(r"[\s\x00-\x1f]+")
_HIDING = re.compile(r"display\s*:\s*none|visibility|position|opacity|clip|url\s*\(|expression", re.IGNORECASE)


class _Tags(HTMLParser):
    """Names the tags and attributes of raw HTML that no card takes over, and counts how deep the others nest."""

    def __init__(self, names: dict[str, None]) -> None:
        super().__init__()
        self.names = names
        self.depth = self.deepest = 0

    def handle_endtag(self, tag: str) -> None:
        self.depth = max(0, self.depth - (tag not in _UNCLOSED))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag not in _UNCLOSED
        self.deepest = max(self.deepest, self.depth)
        if tag in _TAGS:
            self.names[f"<{tag}>"] = None
        for name, value in attrs:
            # Browsers overlook blanks inside the scheme of an address.
            scheme = _DANGEROUS.match(_BLANKS.sub("", value or "")) if name in _ADDRESSES else None
            if name.startswith("on"):
                self.names[name] = None
            elif scheme:
                self.names[scheme.group().lower()] = None
            elif name == "style" and _HIDING.search(value or ""):
                self.names["style"] = None


def _refused(markdown: str, names: dict[str, None]) -> None:
    """Name the schemes of links that Markdown refuses; they stay text."""

    def look(piece: str) -> str:
        names.update((found.group(1).lower(), None) for found in _LINK.finditer(piece))
        return piece

    outside_code(markdown, look)


def _raw(markdown: str) -> Iterator[str]:
    tokens = (token for token in tokens_of(markdown) if token.type in ("html_inline", "html_block"))
    return (with_words(token.content) if token.type == "html_block" else token.content for token in tokens)


def dropped(fields: Fields, path: str, line: int) -> tuple[Diagnostic, ...]:
    """Return what the Markdown of a card holds that could run, hide or load something; no card takes it over.

    `path` and `line` are those of the card.
    """
    texts = texts_of(fields)
    whole = "\n".join(texts)
    if "](" not in whole and "<" not in whole:
        return ()
    names: dict[str, None] = {}
    deepest = 0
    for text in texts:
        if "](" in text:
            _refused(text, names)
        if _RAW.search(text):
            tags = _Tags(names)
            for raw in _raw(text):
                tags.reset()  # An unfinished tag ends with its piece.
                tags.feed(raw)
            deepest = max(deepest, tags.deepest)
    return tuple(_findings(names, deepest, path, line))


def _findings(names: Iterable[str], deepest: int, path: str, line: int) -> Iterator[Diagnostic]:
    if names:
        message = f"{', '.join(names)} could run, hide or load something and is left out of the card; remove it"
        yield Diagnostic(path, line, "unsafe-html", message)
    if deepest > MAX_DEPTH:
        message = f"HTML is nested {deepest} deep, and tags below {MAX_DEPTH} are left out of the card; flatten it"
        yield Diagnostic(path, line, "deep-html", message)
