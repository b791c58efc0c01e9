"""Rules of the parser and its plugins that look ahead without an end, kept linear in the length of a note.

Each would look through the rest of the text, in vain, at every mark that opens and is never closed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

FOOTNOTE_MARK = re.compile(r"\[\^([^\[\]\s]+)\]")
ENDS = re.compile(r"(\$\$)\s*(?:\([^)$\r\n]+\)\s*)?$|(\\end\{[a-zA-Z]+\*?\})\s*$")
"""How a line ends that closes display math: `$$`, `$$ (label)` or `\\end{…}`."""
_BEGIN = re.compile(r"\\begin\{([a-zA-Z]+\*?)\}")


def unclosed(state: StateInline) -> dict[tuple[str, int], int]:
    """Return where something opens that nothing closes, by what would close it and how far that was looked for.

    Nothing closes what opens after it either.
    """
    found: dict[tuple[str, int], int] = kept(state, "unclosed", dict)
    return found


def kept(state: StateInline | StateBlock, name: str, new: Callable[[], Any]) -> Any:
    """Return what rules noted about one text; the environment outlives it, and may be shared with others."""
    text, known = state.env.get(name, (None, None))
    found = known if text is state.src else new()
    state.env[name] = (state.src, found)
    return found


def _if_closed(rule: RuleFuncInlineType, state: StateInline, silent: bool) -> bool:
    """Try a rule for what stands in brackets only where there is a closing one."""
    if state.src[state.pos] not in "![":
        return False
    known, end = unclosed(state), ("]", state.posMax)
    last = state.src.rfind("]", state.pos, known.get(end, state.posMax))
    if last < 0:
        known[end] = min(state.pos, known.get(end, state.pos))
        return False
    known[end] = last + 1
    return rule(state, silent)


def _footnote_ref(state: StateInline, silent: bool) -> bool:
    """Read `[^label]` of a footnote that the text has; as the plugin does, but no label holds a bracket."""
    notes = state.env.get("footnotes")
    if state.src[state.pos] != "[" or not notes:
        return False
    found = FOOTNOTE_MARK.match(state.src, state.pos, state.posMax)
    label = f":{found[1]}" if found else ""
    if not found or label not in notes["refs"]:
        return False
    if not silent:
        if notes["refs"][label] < 0:
            notes["refs"][label] = len(notes["list"])
            notes["list"][notes["refs"][label]] = {"label": found[1], "count": 0}
        named = notes["list"][notes["refs"][label]]
        token = state.push("footnote_ref", "", 0)
        token.meta = {"id": notes["refs"][label], "subId": named["count"], "label": found[1]}
        named["count"] += 1
    state.pos = found.end()
    return True


def _if_ended(rule: RuleFuncBlockType, state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Try a rule for display math only where a line that closes it follows, or it may close on its own line."""
    first = state.bMarks[start] + state.tShift[start]
    begin = _BEGIN.match(state.src, first, state.eMarks[start])
    mark = f"\\end{{{begin[1]}}}" if begin else "$$"
    if not begin and not state.src.startswith(mark, first):
        return False
    # A line of no more than `$$` opens and closes nothing.
    least = start if state.eMarks[start] - first > len(mark) + 1 else start + 1
    lines = kept(state, "ends", partial(_ends, state.src))[mark]
    at = bisect_left(lines, least)
    return at < len(lines) and lines[at] < end and rule(state, start, end, silent)


def _ends(text: str) -> dict[str, list[int]]:
    """Return the lines that may close display math, by what closes it."""
    found = defaultdict[str, list[int]](list)
    for number, line in enumerate(text.split("\n")):
        if ("$$" in line or "\\end{" in line) and (end := ENDS.search(line)):
            found[end[1] or end[2]].append(number)
    return found


def bounded_plugin(md: MarkdownIt) -> None:
    """Keep the rules of `md` for links, images, footnotes and display math linear."""
    for rule in md.inline.ruler.__rules__:
        if rule.name in ("link", "image"):
            rule.fn = partial(_if_closed, rule.fn)
        elif rule.name == "footnote_ref":
            rule.fn = _footnote_ref
    for block in md.block.ruler.__rules__:
        if block.name in ("math_block", "amsmath"):
            block.fn = partial(_if_ended, block.fn)
