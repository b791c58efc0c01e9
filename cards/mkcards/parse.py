"""Note text -> front matter and a tree of blocks that know their lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

from mkcards.data import Block, Note
from mkcards.diagnostics import Diagnostic
from mkcards.syntax import block_parser
from mkcards.syntax.frontmatter import read_front_matter, tags_of
from mkcards.syntax.inline import plain
from mkcards.syntax.loose import loosen
from mkcards.syntax.obsidian import inline_tags
from mkcards.syntax.tree import build

_OFF = ("false", "no", "off")


def parse(path: str, text: str) -> tuple[Note, tuple[Diagnostic, ...]]:
    """Return the note and what is wrong with its front matter.

    `path` is from the vault root. Never raises, whatever the text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    meta, offset, problem = read_front_matter(text)
    found = () if problem is None else (Diagnostic(path, problem[0], "front-matter", problem[1]),)
    body = text.split("\n", offset)[-1] if offset else text
    lines = loosen(body).split("\n")
    blocks = build(block_parser().parse("\n".join(lines)), lines, offset)
    return _note(path, blocks, meta, body), found


def _note(path: str, blocks: tuple[Block, ...], meta: Mapping[str, Any], body: str) -> Note:
    tags = dict.fromkeys((*tags_of(meta.get("tags", meta.get("tag"))), *inline_tags(body)))
    return Note(
        path=path,
        title=_title(path, blocks, meta),
        blocks=blocks,
        meta=MappingProxyType(dict(meta)),
        note_id=next(filter(None, (_text(meta, key) for key in ("id", "_id", "uid"))), ""),
        deck=_text(meta, "deck"),
        tags=tuple(tags),
        lang=_text(meta, "lang"),
        off=_text(meta, "mkcards").lower() in _OFF,
    )


def _text(meta: Mapping[str, Any], key: str) -> str:
    value = meta.get(key)
    return value if isinstance(value, str) else ""


def _title(path: str, blocks: tuple[Block, ...], meta: Mapping[str, Any]) -> str:
    given = plain(_text(meta, "title"))
    if given:
        return given
    tops = [block for block in blocks if block.kind == "heading" and block.level == 1]
    if len(tops) == 1 and blocks[0] is tops[0] and plain(tops[0].text):
        return plain(tops[0].text)
    return PurePosixPath(path).stem
