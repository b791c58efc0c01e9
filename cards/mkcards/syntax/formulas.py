"""Paragraphs with display math of several lines, in which no line is a list, a heading or a block of its own."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import partial

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.rules_block import StateBlock

from mkcards.syntax.bounded import ENDS, kept

_MARK = "$$"
_NO_MARK = re.compile(r"`[^`]*`|\\.")
_FENCE = re.compile(r"```|~~~")
_BREAKS = re.compile(r"#{1,6} |```|~~~")
"""What no formula goes on through once it has an empty line."""
_UNDERLINE = re.compile(r"=+\s*")
_CODE_INDENT = 4


def _formula(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Read a paragraph that holds display math of several lines; it ends at nothing that stands inside of that."""
    indented = state.sCount[startLine] - state.blkIndent >= _CODE_INDENT
    if indented or _next_mark(state, startLine) >= state.lineMax:
        return False
    line, closed = startLine, False
    while line < state.lineMax and not (line > startLine and _ends(state, line)):
        last = _closing(state, line)
        if last is None or (not closed and _UNDERLINE.fullmatch(_text(state, line))):
            return False
        closed = closed or last > line
        line = last + 1
    if not closed:
        return False
    state.line = line
    state.push("paragraph_open", "p", 1).map = [startLine, line]
    inline = state.push("inline", "", 0)
    inline.content = mdTrim(state.getLines(startLine, line, state.blkIndent, False))
    inline.map, inline.children = [startLine, line], []
    state.push("paragraph_close", "p", -1)
    return True


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


def _marks(line: str) -> int:
    """Return how many `$$` a line has outside code."""
    return _NO_MARK.sub("", line).count(_MARK) if _MARK in line else 0


def _marked(text: str) -> list[int]:
    return [number for number, line in enumerate(text.split("\n")) if _marks(line)]


def _next_mark(state: StateBlock, line: int) -> int:
    """Return the first line from `line` on that has a `$$`."""
    lines = kept(state, "marked", partial(_marked, state.src))
    at = bisect_left(lines, line)
    return int(lines[at]) if at < len(lines) else len(state.bMarks)


def _ends(state: StateBlock, line: int) -> bool:
    """Tell whether a paragraph ends above a line, as it does for the parser."""
    if state.isEmpty(line):
        return True
    if state.sCount[line] < 0 or state.sCount[line] - state.blkIndent >= _CODE_INDENT:
        return False
    return any(rule(state, line, state.lineMax, True) for rule in state.md.block.ruler.getRules("paragraph"))


def _closing(state: StateBlock, line: int) -> int | None:
    """Return the line on which the math that opens on a line closes, the line itself if none is left open, or None."""
    text = _text(state, line)
    if _marks(text) % 2 == 0:
        return line
    last = _next_mark(state, line + 1)
    if last >= state.lineMax or _marks(_text(state, last)) % 2 == 0:
        return None
    inside = range(line + 1, last)
    if any(_FENCE.match(_text(state, at)) for at in inside):
        return None
    if any(state.isEmpty(at) for at in inside):
        broken = any(_BREAKS.match(_text(state, at)) for at in inside)
        # Whoever does not indent a formula below an item indents none of its lines.
        least = min(state.blkIndent, state.sCount[line])
        left = any(not state.isEmpty(at) and state.sCount[at] < least for at in (*inside, last))
        return None if broken or left or not text.startswith(_MARK) else last
    return last if _stands_out(text) or _stands_out(_text(state, last)) else None


def _stands_out(text: str) -> bool:
    """Tell whether a line begins or ends with `$$`, as display math is written."""
    return text.startswith(_MARK) or text.endswith(_MARK)


def _if_closed_first(rule: RuleFuncBlockType, state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Try the rule for math blocks, which looks for a line that ends in `$$`, where no line before has one inside."""
    first = _text(state, start)
    if first.startswith(_MARK) and _MARK not in first[2:]:
        last = _next_mark(state, start + 1)
        if last < end and not ENDS.search(_text(state, last)):
            return False
    return rule(state, start, end, silent)


def formulas_plugin(md: MarkdownIt) -> None:
    """Keep display math of several lines whole in paragraphs; comes after the plugins that read blocks of math."""
    for rule in md.block.ruler.__rules__:
        if rule.name == "math_block":
            rule.fn = partial(_if_closed_first, rule.fn)
    md.block.ruler.before("lheading", "formula", _formula)
