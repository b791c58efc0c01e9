"""Text and Markdown so simple that it needs neither parser nor sanitiser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from msgspec import Struct

from mkcards.render.sanitize import OUTWARD
from mkcards.syntax.bounded import FOOTNOTE_MARK
from mkcards.syntax.obsidian import shown
from mkcards.syntax.spans import PLAIN_URL, Span, simple_spans

BLANK = "[?]"
"""How Markdown writes the item of a list that a card asks for."""
MOST_LINES = 100
_PLAIN_WORDS = re.compile(r"[\w“”‘’„«»(\"'][\w .:,;?!()'\"“”‘’„«»–—/…‐-]*")
_STARTS_ITEM = re.compile(r"\d+[.)](?:\s|$)")
_ITEM = re.compile(r"(?:-|([0-9]{1,9})\.) (.+)")
_STARTS_TEXT = re.compile(
    r"""(?!\d+[.)](?:\s|$))
    (?:[^\W_]|["'“”‘’„«»(….]|\*\*?[^\W_]|==[^\W_]|`[^`]|\$[^\s$]|___?[ ][^\W_]|\[\[|\[\?\]$|\[[^\[\]^]+\]\()""",
    re.VERBOSE,
)
"""The start of a line that can be nothing but a paragraph."""
_PAIRED = ("strong", "em")


class Made(Struct, frozen=True):
    """The HTML of a text, and the targets of its wikilinks with what stands for them."""

    html: str
    links: tuple[tuple[str, str], ...] = ()


class _NotSimple(Exception):
    """Only the parser can tell what a text means."""


def is_simple(text: str) -> bool:
    """Say whether `text` is one line that means the same with and without Markdown."""
    return "_" not in text and _PLAIN_WORDS.fullmatch(text) is not None and not _STARTS_ITEM.match(text)


def words(text: str) -> str:
    """Return the HTML of plain words of Markdown; beside others `[?]` is the author's own."""
    if "[" in text:
        text = FOOTNOTE_MARK.sub("", text)
    return '<span class="blank">?</span>' if text == BLANK else escape(text, quote=False)


def tex(source: str) -> str:
    """Return the HTML of a formula, without its marks."""
    # Anki takes `}}` for the end of a cloze, should somebody make one of the card.
    return escape(re.sub(r"\}(?=\})", "} ", source.strip()), quote=False)


def simple_html(text: str) -> Made | None:
    """Return what the parser and the sanitiser make of paragraphs of one line and flat lists, or None.

    Their markup must be simple too (see `simple_spans`). Most of what cards say is, and the way through the parser
    takes twenty times as long.
    """
    links: list[tuple[str, str]] = []
    try:
        parts = list(_blocks(text, links))
    except _NotSimple:
        return None
    alone = len(parts) == 1 and not parts[0].startswith(("<ul", "<ol"))
    return Made(parts[0] if alone else "\n".join(map(_block, parts)), tuple(links))


def _block(part: str) -> str:
    return part if part.startswith(("<ul", "<ol")) else f"<p>{part}</p>"


def _blocks(text: str, links: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the HTML of each paragraph, without its tag, and of each list."""
    if "&" in text or text.count("\n") > MOST_LINES:
        raise _NotSimple
    listed = False
    for chunk in text.split("\n\n"):
        first = _ITEM.match(chunk)
        if first is None and "\n" not in chunk:
            yield _line(chunk, links)
        elif first is None or listed:  # What stands between the items of one list makes it another.
            raise _NotSimple
        else:
            yield _list(chunk, first[1], links)
        listed = first is not None


def _list(chunk: str, number: str | None, links: list[tuple[str, str]]) -> str:
    items = [_ITEM.fullmatch(line) for line in chunk.split("\n")]
    if any(item is None or (item[1] is None) != (number is None) for item in items):
        raise _NotSimple
    shown_items = "".join(f"<li>{_line(item[2], links)}</li>\n" for item in items if item)
    if number is None:
        return f"<ul>\n{shown_items}</ul>"
    start = "" if int(number) == 1 else f' start="{int(number)}"'
    return f"<ol{start}>\n{shown_items}</ol>"


def _line(line: str, links: list[tuple[str, str]]) -> str:
    """Return the HTML of a line of text; adds its wikilinks to `links`."""
    spans = simple_spans(line)
    if spans is None or not line.isprintable() or line[-1:] == " " or not _STARTS_TEXT.match(line):
        raise _NotSimple
    made: list[str] = []
    at, closing = 0, ""
    ends: Span | None = None
    for span in spans:
        if ends is not None and span.start >= ends.end:
            made += _words(line[at : ends.inner_end]), closing
            at, ends = ends.end, None
        made.append(_words(line[at : span.start]))
        if span.kind in _PAIRED:
            made.append(f"<{span.kind}>")
            at, ends, closing = span.inner_start, span, f"</{span.kind}>"
        else:
            made.append(_atom(line, span, links))
            at = span.end
    if ends is not None:
        made += _words(line[at : ends.inner_end]), closing
        at = ends.end
    return "".join([*made, _words(line[at:])])


def _words(text: str) -> str:
    if "\\" in text:  # A backslash may hide a sign.
        raise _NotSimple
    return words(text)


def _atom(line: str, span: Span, links: list[tuple[str, str]]) -> str:
    """Return the HTML of a piece of markup that holds no other."""
    inner = line[span.inner_start : span.inner_end]
    match span.kind:
        case "mark":
            return f"<mark>{words(inner)}</mark>"
        case "code" if inner.strip(" `"):
            code = inner[1:-1]
            bare = code[1:-1] if code[0] == code[-1] == " " else code
            return f"<code>{escape(bare, quote=False)}</code>"
        case "math" if not inner.startswith("$$"):
            return rf"\({tex(inner[1:-1])}\)"
        case "wikilink":
            text = shown(inner[2:-2])
            links.append((span.target, text))
            return f'<span class="link">{escape(text, quote=False)}</span>'
        case "link" if not OUTWARD.match(span.target):
            return f'<span class="link">{words(inner)}</span>'
        case "link" if PLAIN_URL.fullmatch(span.target):
            return f'<a href="{span.target}">{words(inner)}</a>'
        case "hashtag":
            return f'<span class="tag">{escape(inner, quote=False)}</span>'
        case _:
            raise _NotSimple
