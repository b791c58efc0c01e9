"""Markdown -> plain text, for people and scripts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from markdown_it.token import Token

from mkcards.data import Assets
from mkcards.render.arrange import arrange
from mkcards.render.sanitize import clean
from mkcards.render.simple import is_simple
from mkcards.syntax import parser
from mkcards.syntax.html import SWALLOWING, with_words

_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr)>", re.IGNORECASE)
_SIZE = re.compile(r"(?:^|\|)\s*\d+(?:x\d+)?\s*$")
_HIDDEN = re.compile(rf"<(/?)({'|'.join(sorted(SWALLOWING))})\b(?:[^<>]*>)?", re.IGNORECASE)
_SPACES = re.compile(r"[ \t]+")
_NOTHING = Assets()


def plain(markdown: str) -> str:
    """Return what Markdown says without its markup.

    Each paragraph, item, row and line stands on a line of its own; numbered items keep `1. `, others lose
    their bullet. Wikilinks read as their alias, formulas as their TeX, images as their text, embeds as
    their alias or target.
    """
    text = clean(markdown).strip()
    if is_simple(text):
        return _SPACES.sub(" ", text)
    lines: list[str] = []
    lead = ""
    stack: list[int | None] = []
    cells: list[str] = []
    for token in _visible(arrange(parser().parse(text, {}), _NOTHING, "")):
        match token.type:
            case "ordered_list_open":
                stack.append(int(token.attrs.get("start", 1)))
            case "bullet_list_open":
                stack.append(None)
            case "ordered_list_close" | "bullet_list_close":
                stack.pop()
            case "list_item_open" if (number := stack[-1]) is not None:
                lead += f"{number}. "
                stack[-1] = number + 1
            case "list_item_close":
                lead = ""
            case "td_open" | "th_open":
                cells.append("")
            case "tr_close":
                lines.append(" | ".join(cells))
                cells = []
            case "inline" if cells:
                cells[-1] = _inline(token.children or [])
            case "inline" | "fence" | "code_block" | "html_block" | "math_block" | "math_block_label" | "amsmath":
                lines.append(lead + _leaf(token))
                lead = ""
    return "\n".join(line for line in _tidy("\n".join(lines)).split("\n") if line)


def _visible(tokens: list[Token]) -> list[Token]:
    at = next((at for at, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    return tokens[:at]


def _tidy(text: str) -> str:
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))


def _leaf(token: Token) -> str:
    if token.type == "inline":
        return _inline(token.children or [])
    return _without_tags(with_words(token.content)) if token.type == "html_block" else token.content.strip()


def _without_tags(raw: str) -> str:
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", _without_hidden(raw))))


def _without_hidden(raw: str) -> str:
    """Return HTML without what a card leaves out whole: from such a tag to the next end of its name."""
    tags = list(_HIDDEN.finditer(raw))
    last = {tag[2].lower(): tag.start() for tag in tags if tag[1]}
    pieces, start, opened = [], 0, ""
    for tag in tags:
        name = tag[2].lower()
        if opened == name and tag[1]:
            start, opened = tag.end(), ""
        elif not (opened or tag[1]) and tag.start() < last.get(name, -1):
            pieces.append(raw[start : tag.start()])
            opened = name
    return "".join([*pieces, raw[start:]])


def _inline(children: list[Token]) -> str:
    words = []
    for child, hidden in zip(children, _hidden(children), strict=True):
        if not hidden:
            words.append(_word(child))
    return "".join(words)


def _hidden(children: list[Token]) -> Iterator[bool]:
    """Tell of each token whether it stands in what a card leaves out whole."""
    tags = [_HIDDEN.match(child.content) if child.type == "html_inline" else None for child in children]
    ends = {tag[2].lower(): at for at, tag in enumerate(tags) if tag and tag[1]}
    until = -1
    for at, tag in enumerate(tags):
        if tag and at > until:
            until = ends.get(tag[2].lower(), -1)
        yield at <= until


def _word(token: Token) -> str:
    match token.type:
        case "text" | "code_inline" | "math_inline" | "math_inline_double" | "wikilink" | "hashtag":
            return token.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "image":
            return _SIZE.sub("", _inline(token.children or []))
        case "embed":
            return _SIZE.sub("", str(token.meta["alias"])) or str(token.meta["target"])
        case "html_inline":
            return _without_tags(token.content)
        case _:
            return ""
