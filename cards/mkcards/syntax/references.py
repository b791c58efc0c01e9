"""What Markdown shows of other files: images, sound and embedded notes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from mkcards.data import Block, Reference
from mkcards.syntax import parser

_REMOTE = re.compile(r"(?:https?:|data:|//)", re.IGNORECASE)
_IMG = re.compile(r"<img\b[^<>]*?\ssrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_SHOWING = ("paragraph", "heading", "table", "html", "term")


def is_remote(target: str) -> bool:
    """Say whether a target lies outside every vault."""
    return _REMOTE.match(target) is not None


def may_show(markdown: str) -> bool:
    """Say whether Markdown may hold an image, an embed or an `<img>` tag, at little cost."""
    return "![" in markdown or ("<" in markdown and "<img" in markdown.lower())


def targets(markdown: str) -> Iterator[str]:
    """Yield the targets of images, embeds and `<img>` tags as written, URLs decoded."""
    if not may_show(markdown):
        return
    blocks = parser().parse(markdown)
    for token in [*blocks, *(child for block in blocks for child in block.children or ())]:
        if token.type == "embed":
            yield token.meta["target"]
        elif token.type == "image":
            yield unquote(str(token.attrGet("src") or ""))
        elif token.type in ("html_inline", "html_block"):
            for found in _IMG.finditer(token.content):
                yield unquote(html.unescape("".join(filter(None, found.groups()))))


def references(blocks: Sequence[Block]) -> Iterator[Reference]:
    """Yield what the blocks of a note show of other files, with its line; comments and code show nothing."""
    for block in blocks:
        if block.kind in _SHOWING:
            for target in targets(block.text):
                yield Reference(target, _line(block, target))
        yield from references(block.children)


def _line(block: Block, target: str) -> int:
    """The line on which a target stands: the first that holds the end of its path as it may be written."""
    name = target.rpartition("/")[2]
    for number, line in enumerate(block.text.split("\n")):
        if name in line or name in unquote(line):
            return min(block.line + number, block.end_line)
    return block.line
