"""Note text -> front matter and a tree of blocks that know their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from mkcards.data import Block, Note
from mkcards.diagnostics import Diagnostic
from mkcards.syntax import block_parser
from mkcards.syntax.frontmatter import names_of, read_front_matter, tags_of
from mkcards.syntax.inline import plain
from mkcards.syntax.loose import loosen
from mkcards.syntax.obsidian import inline_tags
from mkcards.syntax.tree import build
from mkcards.titles import file_name

_TEXTS = ("deck", "id", "_id", "uid", "lang")
"""The settings whose loss would not show in the cards' words."""
_OFF = ("false", "no", "off")
_PLACEHOLDER = re.compile(r"\{.*\}")


def parse(path: str, text: str) -> tuple[Note, tuple[Diagnostic, ...]]:
    """Return the note and what is wrong with its front matter.

    `path` is from the vault root. Never raises, whatever the text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    meta, offset, problem = read_front_matter(text)
    problems = [*_wrong_types(meta, text, offset), *([problem] if problem else ())]
    found = tuple(Diagnostic(path, line, "front-matter", message) for line, message in problems)
    body = text.split("\n", offset)[-1]
    lines = loosen(body).split("\n")
    env: dict[str, Any] = {}
    tokens = block_parser().parse("\n".join(lines), env)
    blocks = build(tokens, lines, offset, env.get("references", {}))
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
        aliases=names_of(meta.get("aliases", meta.get("alias"))),
        lang=_text(meta, "lang"),
        off=_text(meta, "mkcards").lower() in _OFF,
    )


def _wrong_types(meta: Mapping[str, Any], text: str, offset: int) -> Iterator[tuple[int, str]]:
    """Yield the line and what is wrong with each setting that should be a text."""
    for key in _TEXTS:
        if isinstance(value := meta.get(key), list | dict):
            above = text.split("\n", offset)[:offset]
            line = next((at for at, one in enumerate(above, 1) if one.lstrip("\"' ").startswith(key)), 1)
            kind = "a list" if isinstance(value, list) else "a mapping"
            yield line, f"`{key}` is {kind}, not text, so it counts for nothing; write one value"


def _text(meta: Mapping[str, Any], key: str) -> str:
    value = meta.get(key)
    return value if isinstance(value, str) else ""


def _title(path: str, blocks: tuple[Block, ...], meta: Mapping[str, Any]) -> str:
    given = plain(_text(meta, "title"))
    if given:
        return given
    tops = [block for block in blocks if block.kind == "heading" and block.level == 1]
    top = plain(tops[0].text) if len(tops) == 1 and blocks[0] is tops[0] else ""
    return top if top and not _PLACEHOLDER.fullmatch(top) else file_name(path)
