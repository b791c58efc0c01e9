"""markdown-it-py's flat tokens -> a tree of blocks, and lists as their writer meant them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from markdown_it.token import Token
from msgspec.structs import replace

from mkcards.data import Block
from mkcards.syntax.bounded import FOOTNOTE_MARK
from mkcards.syntax.clean import clean, is_tags, without_tags
from mkcards.syntax.inline_footnotes import INLINE, without_notes
from mkcards.syntax.link_definitions import with_addresses
from mkcards.syntax.lists import join_broken, split_swallowed
from mkcards.syntax.obsidian import CALLOUT

_TASK = re.compile(r"\[([^\[\]])\](?:\s|$)")
_DECORATION = re.compile(r"[^\W\dxX_]|[!?*\"]")
"""What many themes of Obsidian show as a sign of its own in a check box (`[p]`, a point in favour), not as a task."""
_AFTER_COMMENT = re.compile(r"\s*((?:<!--.*?-->\s*)+)(\S[^\n]*)\s*", re.DOTALL)
_COMMENT_HTML = re.compile(r"\s*<!--.*-->\s*", re.DOTALL)
_LEAVES = {
    "fence": "code",
    "code_block": "code",
    "math_block": "math",
    "math_block_label": "math",
    "amsmath": "math",
    "hr": "rule",
}
_QUERIES = ("dataview", "dataviewjs", "query", "tasks")
"""The languages in which notes ask Obsidian and its plugins for what they show in place of the code."""
_CONTAINERS = {
    "blockquote_open": "quote",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "footnote_reference_open": "footnote",
    "dl_open": "definitions",
    "dd_open": "definition",
}
_MENDED = {"list", "comment"}
_HEADING_ATTRIBUTES = re.compile(r"\s*\{[#.][^{}\n]*\}\s*$")
"""What Pandoc, kramdown and Hugo write behind a heading to name it (`{#id .class}`)."""
_TEXTS = {"paragraph_open": "paragraph", "heading_open": "heading", "dt_open": "term"}
_RULES = MappingProxyType({"": "---", "left": ":--", "center": ":-:", "right": "--:"})
"""What stands below the head of a column, by how the column is set."""
_SENTENCE_END = (".", "!", ":", ";", ",", "。", "！", "：")


class _Builder:
    """Walks the tokens once; `lines` are the body's, `offset` what stands above it in the file."""

    def __init__(
        self, tokens: Sequence[Token], lines: Sequence[str], offset: int, defined: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self.tokens = tokens
        self.defined = defined
        self.lines = lines
        self.offset = offset
        self.at = 0
        self.numbers: list[int | None] = []
        """The next number of each list that is open."""

    def blocks(self, closing: str | None = None) -> tuple[Block, ...]:
        found: list[Block] = []
        while self.at < len(self.tokens) and self.tokens[self.at].type != closing:
            self._next(found)
        if _MENDED.isdisjoint([block.kind for block in found]):
            return tuple(found)
        return tuple(split_swallowed(join_broken(_anchored(found)), self._raw))

    def _raw(self, line: int) -> str:
        return self.lines[line - 1 - self.offset]

    def _span(self, token: Token) -> tuple[int, int]:
        first, last = token.map or (0, 1)
        if last <= first + 1:
            return first + 1 + self.offset, first + 1 + self.offset
        while last > first + 1 and not self.lines[last - 1].strip(" \t>"):
            last -= 1
        return first + 1 + self.offset, last + self.offset

    def _next(self, found: list[Block]) -> None:
        token = self.tokens[self.at]
        self.at += 1
        if token.type in _TEXTS:
            self._text(token, found)
        elif token.type in _CONTAINERS:
            found.append(self._container(token))
        elif token.type == "table_open":
            found.append(self._table(token))
        elif token.type in _LEAVES:
            info = _language(token.info)
            if info in _QUERIES:
                found.append(Block("html", *self._span(token)))
            else:
                found.append(Block(_LEAVES[token.type], *self._span(token), token.content, info=info))
        elif token.type == "comment":
            found.append(Block("comment", *self._span(token), token.content, remarks=(token.content,)))
        elif token.type == "html_block":
            rest = _AFTER_COMMENT.fullmatch(token.content)
            if rest and "<" not in rest.group(2):
                last = self._span(token)[1]
                text, anchor, remarks = clean(rest.group(2))
                remarks = (rest.group(1).strip(), *remarks)
                found.append(Block("paragraph", last, last, text, anchor=anchor, remarks=remarks))
                return
            comment = _COMMENT_HTML.fullmatch(token.content)
            kind = "comment" if comment else "html"
            remarks = (token.content.strip(),) if comment else ()
            found.append(Block(kind, *self._span(token), token.content, remarks=remarks))

    def _text(self, token: Token, found: list[Block]) -> None:
        inline = self.tokens[self.at]
        self.at += 2
        kind, level = _TEXTS[token.type], int(token.tag[1]) if token.tag[:1] == "h" else 0
        first, last = self._span(token)
        content, notes = without_notes(with_addresses(inline.content, self.defined))
        text, anchor, remarks = clean(content)
        if kind == "heading":
            text = _HEADING_ATTRIBUTES.sub("", text)
        if kind == "heading" and token.markup in {"-", "="}:
            last = max(first, last - 1)
            if "\n" in inline.content or text.endswith(_SENTENCE_END):
                found.append(Block("paragraph", first, last, text, anchor=anchor, remarks=remarks))
                found.append(Block("rule", last + 1, last + 1))
                return
        bare = without_tags(text, heading=kind == "heading")
        text = bare.lstrip("\n")
        first += len(bare) - len(text)
        if kind == "paragraph" and not self.numbers and is_tags(text):
            kind = "comment"  # Among the items of a list it may be one of them (`#id` among selectors).
        if text or remarks or kind == "heading":
            named = tuple(FOOTNOTE_MARK.findall(content)) if "[^" in content else ()
            named += tuple(INLINE + clean(note)[0] for note in notes)
            found.append(Block(kind, first, last, text, level=level, anchor=anchor, remarks=remarks, footnotes=named))
        elif anchor:
            found.append(Block("comment", first, last, anchor=anchor))

    def _container(self, token: Token) -> Block:
        kind = _CONTAINERS[token.type]
        ordered = token.type == "ordered_list_open"
        number = self._number() if kind == "item" else None
        if kind == "list":
            self.numbers.append(int(token.attrGet("start") or 1) if ordered else None)
        start = self.at
        children = self.blocks(token.type.removesuffix("open") + "close")
        self.at += 1
        if kind == "list":
            self.numbers.pop()
        first, last = self._span(token) if token.map else self._span(self.tokens[start])
        last = max(first, children[-1].end_line) if children else last
        info = str(token.meta["label"]) if kind == "footnote" else ""
        block = Block(kind, first, last, children=children, ordered=ordered, number=number, info=info)
        if kind == "item":
            return _task(block)
        return _callout(block) if kind == "quote" else block

    def _number(self) -> int | None:
        """Return the number of the next item of the innermost list, or None for one without numbers."""
        number = self.numbers[-1]
        self.numbers[-1] = None if number is None else number + 1
        return number

    def _table(self, token: Token) -> Block:
        rows: list[list[str]] = []
        rules: list[str] = []
        while self.tokens[self.at].type != "table_close":
            inner = self.tokens[self.at]
            if inner.type == "tr_open":
                rows.append([])
            elif inner.type == "th_open":
                rules.append(_RULES[str(inner.attrGet("style") or "").rpartition(":")[2]])
            elif inner.type == "inline":
                rows[-1].append(clean(with_addresses(inner.content, self.defined))[0].replace("|", "\\|"))
            self.at += 1
        self.at += 1
        rows.insert(1, rules)
        text = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        return Block("table", *self._span(token), text)


def _language(info: str) -> str:
    return info.split()[0].lower() if info.split() else ""


def _task(item: Block) -> Block:
    """Mark an item with a check box; `# of x` as an item's text is no heading."""
    first = item.children[0] if item.children else None
    if first is not None and first.kind == "heading" and first.text:
        first = replace(first, kind="paragraph", level=0)
        item = replace(item, children=(first, *item.children[1:]))
    box = _TASK.match(first.text) if first is not None and first.kind == "paragraph" else None
    if first is None or box is None:
        return item
    first = replace(first, text=first.text[box.end() :])
    return replace(item, task=not _DECORATION.fullmatch(box[1]), children=(first, *item.children[1:]))


def _callout(quote: Block) -> Block:
    first = quote.children[0] if quote.children else None
    if first is None or first.kind != "paragraph":
        return quote
    found = CALLOUT.match(first.text)
    if not found:
        return quote
    title, _, text = first.text[found.end() :].partition("\n")
    rest = text.lstrip("\n")
    body = (
        (replace(first, line=first.line + 1, text=rest), *quote.children[1:]) if rest else quote.children[1:]
    )
    title, info, fold = title.strip(), found.group(1).strip().lower(), found.group(2)
    if not title and [child.kind for child in body].count("heading") == 1 and body[0].kind == "heading":
        title, body = body[0].text, body[1:]
    remarks = () if rest else first.remarks
    return replace(quote, kind="callout", info=info, fold=fold, text=title, children=body, remarks=remarks)


def _anchored(blocks: list[Block]) -> list[Block]:
    """Give a block id that stands on a line of its own to the block before it."""
    found: list[Block] = []
    for block in blocks:
        if block.kind == "comment" and block.anchor and not block.text:
            if found:
                found[-1] = replace(found[-1], anchor=found[-1].anchor or block.anchor)
            continue
        found.append(block)
    return found


def build(
    tokens: Sequence[Token], lines: Sequence[str], offset: int, defined: Mapping[str, Mapping[str, Any]]
) -> tuple[Block, ...]:
    """Return the blocks of a note.

    `tokens` are those of `block_parser()` for the text whose `lines` are given, `defined` the addresses of links that
    it found; `offset` is the number of lines above them in the file.
    """
    return _Builder(tokens, lines, offset, defined).blocks()
