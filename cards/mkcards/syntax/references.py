"""What Markdown shows of other files: images, sound and embedded notes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from urllib.parse import unquote

from mkcards.data import Block, Fields, Reference
from mkcards.syntax import tokens_of

_REMOTE = re.compile(r"(?:https?:|data:|//)", re.IGNORECASE)
_IMG = re.compile(r"<img\b[^<>]*?\ssrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_PICTURES = "apng|avif|bmp|gif|ico|jpeg|jpg|png|svg|tif|tiff|webp"
_PICTURE = re.compile(rf".*\.(?:{_PICTURES})", re.IGNORECASE)
_SOUNDS = "3gp|aac|flac|m4a|mkv|mov|mp3|mp4|mpeg|mpg|oga|ogg|ogv|opus|wav|webm"
_MEDIUM = re.compile(rf".*\.(?:{_PICTURES}|{_SOUNDS})", re.IGNORECASE)
_MISSES = 20
"""Targets of a block written in a way that is not recognised, after which no more are looked for."""
_SHOWING = ("paragraph", "heading", "table", "html", "term")


def is_remote(target: str) -> bool:
    """Say whether a target lies outside every vault."""
    return _REMOTE.match(target) is not None


def is_picture(file: str) -> bool:
    """Say whether a file of this name is shown as an image."""
    return _PICTURE.fullmatch(file) is not None


def is_medium(file: str) -> bool:
    """Say whether a file of this name is an image, or sound or film to be played."""
    return _MEDIUM.fullmatch(file) is not None


def texts_of(fields: Fields) -> tuple[str, ...]:
    """Return the Markdown of a card."""
    forward, reverse = (fields.prompt, fields.answer), (fields.reverse_prompt, fields.reverse_answer)
    return *forward, *reverse, fields.details


def shows_more(fields: Fields) -> bool:
    """Say whether a card may show something that it does not say: media, or what stands in another note."""
    return may_show("\n".join(texts_of(fields)))


def says_all(fields: Fields) -> bool:
    """Say at little cost whether a card has neither tags of HTML, nor embeds, nor links to the web."""
    whole = "\n".join(texts_of(fields))
    return not ("<" in whole or "](" in whole or "![" in whole)


def may_show(markdown: str) -> bool:
    """Say whether Markdown may hold an image, an embed or an `<img>` tag, at little cost."""
    return "![" in markdown or ("<" in markdown and "<img" in markdown.lower())


def targets(markdown: str) -> Iterator[str]:
    """Yield the targets of images, embeds and `<img>` tags as written, URLs decoded."""
    if not may_show(markdown):
        return
    for token in tokens_of(markdown):
        if token.type == "embed":
            yield token.meta["target"]
        elif token.type == "image":
            yield unquote(str(token.attrGet("src") or ""))
        elif token.type in ("html_inline", "html_block"):
            for found in _IMG.finditer(token.content):
                yield unquote(html.unescape("".join(filter(None, found.groups()))))


def references(blocks: Sequence[Block]) -> Iterator[Reference]:
    """Yield what blocks show of other files, with its line; comments and code show nothing.

    What stands inside a block is left out: `blocks` are all of a note.
    """
    for block in blocks:
        if block.kind in _SHOWING and may_show(block.text):
            lines = _Lines(block)
            for target in targets(block.text):
                yield Reference(target, lines.of(target))


class _Lines:
    """Finds the lines of a block on which targets stand, told in the order in which they do."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._at = 0
        self._known: dict[str, int] = {}
        self._misses = 0

    def of(self, target: str) -> int:
        """Return the first line that holds the end of a target's path as it may be written."""
        name = target.rpartition("/")[2]
        if name not in self._known:
            self._known[name] = self._look(name)
        return min(self._block.line + self._known[name], self._block.end_line)

    def _look(self, name: str) -> int:
        if self._misses > _MISSES:
            return 0
        # A name that is new stands at or below the last, so that all lines are passed once.
        for at in chain(range(self._at, len(self._texts)), range(self._at)):
            if name in self._texts[at] or name in unquote(self._texts[at]):
                self._at = at
                return at
        self._misses += 1
        return 0

    @cached_property
    def _texts(self) -> list[str]:
        return self._block.text.split("\n")
