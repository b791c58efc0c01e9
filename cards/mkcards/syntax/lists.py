"""Lists that CommonMark breaks in two, or runs together, put back as their writer meant them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from mkcards.data import Block

_STOPS = (".", "!", "?", ")")
_BETWEEN = {"paragraph", "quote", "callout", "list", "code", "math", "table", "html", "comment"}
_MOST_BETWEEN = 3
_LABEL_LINE = re.compile(r"(\*\*|__)[^*_].*\1[:：]?|[^\n]{1,80}[:：]|\*\*[^*]+\*\*\s*[:：].*")


def join_broken(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with numbered lists joined when their numbers go on; the item above gets what stood between.

    A numbered list that starts above 1 and fits nowhere, and the one that it seems to continue, are marked `broken`.
    """
    found: list[Block] = []
    for block in blocks:
        if block.kind != "list" or not block.ordered or _first(block) <= 1:
            found.append(block)
            continue
        at = _continued(found, block)
        if at is None:
            found.append(replace(block, broken=True))
            _mark_before(found)
            continue
        before, between = found[at], found[at + 1 :]
        last = before.children[-1]
        grown = replace(
            last,
            children=(*last.children, *between),
            end_line=between[-1].end_line if between else last.end_line,
        )
        found[at:] = [
            replace(before, children=(*before.children[:-1], grown, *block.children), end_line=block.end_line)
        ]
    return found


def _first(block: Block) -> int:
    number = block.children[0].number if block.children else None
    return 1 if number is None else number


def _continued(found: Sequence[Block], block: Block) -> int | None:
    for steps, at in enumerate(range(len(found) - 1, -1, -1)):
        before = found[at]
        if before.kind == "list" and before.ordered:
            last = before.children[-1].number
            return at if last is not None and last + 1 == _first(block) else None
        if before.kind not in _BETWEEN or steps >= _MOST_BETWEEN:
            return None
    return None


def _mark_before(found: list[Block]) -> None:
    for at in range(len(found) - 2, -1, -1):
        if found[at].kind == "heading":
            return
        if found[at].kind == "list" and found[at].ordered:
            found[at] = replace(found[at], broken=True)
            return


def split_swallowed(blocks: Sequence[Block], raw: Callable[[int], str]) -> Iterator[Block]:
    """Yield the blocks with lists split at a label that stands, unindented, right below one of their items.

    CommonMark reads such a line as the rest of the item above it. `raw` gives the source of a line of the file.
    """
    for block in blocks:
        if block.kind == "list":
            yield from _split(block, raw)
        else:
            yield block


def _split(block: Block, raw: Callable[[int], str]) -> Iterator[Block]:
    first = 0
    for at, item in enumerate(block.children):
        closes = at == len(block.children) - 1
        cut = _swallowed(item, raw) or (_closing_remark(block.children, raw) if closes else None)
        if cut is None:
            continue
        kept, label = cut
        yield replace(_part(block, first, (*block.children[first:at], kept)), end_line=kept.end_line)
        yield label
        first = at + 1
    if first < len(block.children) or not first:
        yield _part(block, first, block.children[first:] if first else block.children)


def _part(block: Block, first: int, items: tuple[Block, ...]) -> Block:
    """Return the list of some items of `block`; those after a label count from 1 again."""
    if not first:
        return block if items is block.children else replace(block, children=items)
    if block.ordered:
        items = tuple(replace(one, number=place) for place, one in enumerate(items, start=1))
    return replace(block, children=items, line=items[0].line)


def _swallowed(item: Block, raw: Callable[[int], str]) -> tuple[Block, Block] | None:
    """Return the item without its last line, and that line as a paragraph, when it is a swallowed label."""
    if not item.children:
        return None
    last = item.children[-1]
    if last.kind == "list" and last.children:
        deeper = _swallowed(last.children[-1], raw)
        if deeper is None:
            return None
        inner = replace(last, children=(*last.children[:-1], deeper[0]), end_line=deeper[0].end_line)
        return replace(item, children=(*item.children[:-1], inner), end_line=inner.end_line), deeper[1]
    if last.kind == "paragraph" and len(item.children) > 1 and _is_label(last, last.text, raw(last.line)):
        above = item.children[:-1]
        return replace(item, children=above, end_line=above[-1].end_line), last
    text, _, label = last.text.rpartition("\n")
    if not text or not _is_label(last, label, raw(last.end_line)):
        return None
    kept = replace(last, text=text, end_line=last.end_line - 1)
    paragraph = Block("paragraph", last.end_line, last.end_line, label.strip())
    return replace(item, children=(*item.children[:-1], kept), end_line=kept.end_line), paragraph


def _closing_remark(items: Sequence[Block], raw: Callable[[int], str]) -> tuple[Block, Block] | None:
    """Return the last item without the lines below it that close the list, and those as a paragraph.

    They stand unindented below no other item, and open a sentence where the item has ended one, or where no item ends
    as a sentence does.
    """
    item = items[-1]
    last = item.children[-1] if item.children else None
    if last is not None and last.kind == "list" and last.children:
        deeper = _closing_remark(last.children, raw)
        if deeper is None:
            return None
        inner = replace(last, children=(*last.children[:-1], deeper[0]), end_line=deeper[0].end_line)
        return replace(item, children=(*item.children[:-1], inner), end_line=inner.end_line), deeper[1]
    texts = [one.children[0].text for one in items[:-1] if one.children]
    if last is None or last.kind != "paragraph" or "\n" not in last.text or any("\n" in text for text in texts):
        return None
    lines = last.text.split("\n")
    states = lines[-1].rstrip().endswith(".") and not any(text.endswith(_STOPS) for text in texts)
    longest = max(map(len, texts), default=0)
    for at in range(1, len(lines)):
        opens = lines[at][:1].isupper() and not raw(last.line + at)[:1].isspace()
        # A longer line than those of the others may be wrapped.
        if opens and ((states and len(lines[at - 1]) <= longest) or lines[at - 1].rstrip().endswith(_STOPS)):
            kept = replace(last, text="\n".join(lines[:at]), end_line=last.line + at - 1)
            remark = Block("paragraph", last.line + at, last.end_line, "\n".join(lines[at:]))
            return replace(item, children=(*item.children[:-1], kept), end_line=kept.end_line), remark
    return None


def _is_label(block: Block, text: str, line: str) -> bool:
    """Tell whether a line of a paragraph, `line` in the file, is a label that stands without indentation."""
    return block.kind == "paragraph" and not line[:1].isspace() and bool(_LABEL_LINE.fullmatch(text.strip()))
