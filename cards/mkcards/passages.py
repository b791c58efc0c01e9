"""The part of a note that an embed names."""

from __future__ import annotations

import re
from itertools import pairwise

from markdown_it.token import Token

from mkcards.syntax import block_parser
from mkcards.syntax.frontmatter import read_front_matter
from mkcards.syntax.obsidian import BLOCK_ID

_FOOTNOTE_MARK = re.compile(r"\[\^([^\[\]\s]+)\](?!:)")
_FOOTNOTE = re.compile(r"^\[\^([^\[\]\s]+)\]:.*(?:\n(?:[ \t]+\S.*|[ \t]*(?=\n[ \t]+\S)))*", re.MULTILINE)


def without_front_matter(text: str) -> str:
    """Return the body of a note."""
    return text.split("\n", read_front_matter(text)[1])[-1]


def passage_of(text: str, part: str) -> str | None:
    """Return what `![[note#part]]` shows of a note's text: a section, or the block of `^anchor`; None if it has none.

    The footnotes that the passage names come with it.
    """
    passage = _block(text, part[1:]) if part.startswith("^") else _section(text, part)
    return passage and passage + _footnotes(text, passage)


def _footnotes(text: str, passage: str) -> str:
    named = set(_FOOTNOTE_MARK.findall(passage))
    if not named:
        return ""
    there = {found.group(1) for found in _FOOTNOTE.finditer(passage)}
    return "".join(f"\n\n{one.group()}" for one in _FOOTNOTE.finditer(text) if one.group(1) in named - there)


def _words(heading: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", heading.casefold()))


def _section(text: str, heading: str) -> str | None:
    lines, wanted = text.split("\n"), _words(heading.rpartition("#")[2])
    tokens = block_parser().parse(text)
    start, level = -1, 0
    for token, inline in pairwise(tokens):
        if token.type != "heading_open" or token.level or token.map is None:
            continue
        if start < 0 and _words(inline.content) == wanted:
            start, level = token.map[0], int(token.tag[1])
        elif start >= 0 and int(token.tag[1]) <= level:
            return "\n".join(lines[start : token.map[0]]).strip()
    return None if start < 0 else "\n".join(lines[start:]).strip()


def _narrowest(tokens: list[Token], line: int) -> tuple[int, int] | None:
    found: tuple[int, int] | None = None
    for token in tokens:
        if token.map is None or token.nesting < 0 or not token.map[0] <= line < token.map[1]:
            continue
        if token.type not in ("inline", "paragraph_open") or not found or found[0] != token.map[0]:
            found = token.map[0], token.map[1]
    return found


def _block(text: str, anchor: str) -> str | None:
    """Return the block that carries `^anchor`: an item, a paragraph, or what an anchor line stands below."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        found = BLOCK_ID.search(line)
        if not found or found["id"].casefold() != anchor.casefold():
            continue
        lines[at] = line[: found.start()]
        alone = not lines[at].strip()
        while at > 0 and alone and not lines[at].strip():
            at -= 1
        tokens = block_parser().parse("\n".join(lines))
        if alone:
            tokens = [token for token in tokens if token.level == 0]
        place = _narrowest(tokens, at)
        return "\n".join(lines[place[0] : place[1]]).strip() if place else None
    return None
