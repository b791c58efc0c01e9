"""Blocks back to Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from mkcards.data import SILENCED, Block

_UNSHOWN = frozenset({"comment", "footnote", SILENCED})


def marker(item: Block) -> str:
    """Return what an item of a list starts with: `3. ` or `- `."""
    return f"{item.number}. " if item.number is not None else "- "


def indent(text: str, by: str) -> str:
    """Return `text` with `by` before every line but empty ones."""
    return "\n".join(by + line if line.strip() else "" for line in text.split("\n"))


def _list(block: Block) -> str:
    items = []
    for item in block.children:
        mark = marker(item)
        body = to_markdown(item.children)
        if item.children and all(child.kind in _UNSHOWN for child in item.children):
            continue
        items.append(mark + indent(body, " " * len(mark)).lstrip(" ") if body else mark.rstrip())
    return "\n".join(items)


def _fence(block: Block) -> str:
    ticks = "```"
    while ticks in block.text:
        ticks += "`"
    return f"{ticks}{block.info}\n{block.text.rstrip()}\n{ticks}"


def _definitions(block: Block) -> str:
    lines: list[str] = []
    for at, child in enumerate(block.children):
        if child.kind == "term":
            # Right below a definition a term would go on with it.
            lines += ["", child.text] if at and block.children[at - 1].kind != "term" else [child.text]
        else:
            lines.append(": " + indent(to_markdown(child.children), "  ").lstrip(" "))
    return "\n".join(lines)


def _one(block: Block) -> str:
    match block.kind:
        case "heading":
            return "#" * block.level + " " + block.text
        case "list":
            return _list(block)
        case "quote":
            return indent_quote(to_markdown(block.children))
        case "callout":
            return indent_quote(f"[!{block.info}]{block.fold} {block.text}\n{to_markdown(block.children)}")
        case "code":
            return _fence(block)
        case "math":
            return f"$$\n{block.text.strip()}\n$$"
        case "rule":
            return "---"
        case "definitions":
            return _definitions(block)
        case kind:
            return "" if kind in _UNSHOWN else block.text


def indent_quote(text: str) -> str:
    """Return `text` as a blockquote."""
    return "\n".join("> " + line if line else ">" for line in text.strip("\n").split("\n"))


def to_markdown(blocks: Iterable[Block]) -> str:
    """Return the Markdown of blocks that follow each other; a list stands right below the paragraph above it."""
    text, before = "", ""
    for block in blocks:
        piece = _one(block)
        if not piece:
            continue
        if text:
            text += "\n" if block.kind == "list" and before == "paragraph" else "\n\n"
        text += piece
        before = block.kind
    return text
