"""The findings that an author silenced in a note (`%% ignore long-list %%`)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from mkcards.codes import FINDINGS
from mkcards.data import Block, Note, Silence, walk
from mkcards.diagnostics import Diagnostic, Severity, not_known

_IGNORE: Final = re.compile(
    r"(?:%%|<!--)\s*(?:no[ -]?card\s*[,;]\s*)?ignore\b:?([a-z\s,-]+)(?:%%|-->)", re.IGNORECASE
)
_CODE: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")
_LAST: Final = sys.maxsize


def silences(note: Note) -> Iterator[Silence]:
    """Yield what the comments of a note silence, and where.

    One at the end of a block reaches over it and over the list or quote that it labels; one on a line of its own over
    the block that follows, below a heading or at its end over the section, as the first of a note over all of it.
    """
    if note.blocks and note.blocks[0].kind == "comment" and (codes := _codes(note.blocks[0])):
        yield Silence(note.path, 0, _LAST, codes)
    yield from _within(note.path, note.blocks)


def _within(path: str, blocks: Sequence[Block]) -> Iterator[Silence]:
    for at, block in enumerate(blocks):
        if codes := _codes(block):
            yield Silence(path, block.line, _end(blocks, at), codes)
        yield from _within(path, block.children)


def unknown_codes(note: Note) -> Iterator[Diagnostic]:
    """Yield a remark about each code that a comment silences and that does not exist, unless it reads as prose."""
    for block in walk(note.blocks):
        for one in _comments(block):
            parts = [part.strip() for part in one.split(",")]
            codes = _CODE.findall(one)
            for code in codes if codes == parts or not FINDINGS.keys().isdisjoint(codes) else ():
                if code not in FINDINGS:
                    message = not_known("code", code, tuple(FINDINGS))
                    yield Diagnostic(note.path, block.line, "unknown-code", message, Severity.REMARK)


def _codes(block: Block) -> tuple[str, ...]:
    return tuple(code for one in _comments(block) for code in _CODE.findall(one))


def _comments(block: Block) -> Iterator[str]:
    """Yield what the comments of a block ignore, as it is written."""
    found = (_IGNORE.fullmatch(remark.strip()) for remark in block.remarks)
    return (one[1].strip().lower() for one in found if one)


def _end(blocks: Sequence[Block], at: int) -> int:
    block, after = blocks[at], blocks[at + 1 :]
    heads = blocks[at - 1] if block.kind == "comment" and at else block
    if heads.kind == "heading":
        return next((one.line - 1 for one in after if one.kind == "heading" and one.level <= heads.level), _LAST)
    reaches = after and (block.kind == "comment" or after[0].kind not in {"paragraph", "heading"})
    return after[0].end_line if reaches else block.end_line


def heard(found: Iterable[Diagnostic], silenced: Iterable[Silence]) -> tuple[Diagnostic, ...]:
    """Return the findings that nobody silenced; errors always are among them."""
    by_path: dict[str, list[Silence]] = {}
    for one in silenced:
        by_path.setdefault(one.path, []).append(one)
    return tuple(
        one
        for one in found
        if one.severity is Severity.ERROR
        or not any(one.code in by.codes and by.line <= one.line <= by.end_line for by in by_path.get(one.path, ()))
    )
