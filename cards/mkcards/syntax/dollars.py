"""Dollar signs that mark formulas, and those of prices (`$5-$10`) and variables (``$HOME or `$PATH` ``)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from functools import partial
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.rules_inline import StateInline

from mkcards.syntax.bounded import kept

_DIGITS: Final = frozenset("0123456789")
_TICKS: Final = re.compile("`+")


def _math_inline(rule: RuleFuncInlineType, state: StateInline, silent: bool) -> bool:
    """Try the rule for formulas, none of which ends before a digit (as in Pandoc and Obsidian) or inside code."""
    start = state.pos
    if state.src[start] != "$" or not rule(state, True):
        return False
    end, state.pos = state.pos, start
    double = state.src.startswith("$$", start)
    if not double and (state.src[end : end + 1] in _DIGITS or _in_code(state, start, end)):
        return False
    return rule(state, silent)


def _in_code(state: StateInline, start: int, end: int) -> bool:
    """Tell whether code that opens in a stretch of text goes on behind it; as many backticks close it as open it."""
    if "`" not in state.src[start:end]:
        return False
    runs, at = kept(state, "ticks", partial(_runs, state.src)), start
    for opening in _TICKS.finditer(state.src, start, end):
        width = len(opening.group())
        places = runs[width]
        closing = bisect_left(places, opening.end())
        if opening.start() < at or closing == len(places):
            continue
        if places[closing] >= end:
            return True
        at = places[closing] + width
    return False


def _runs(text: str) -> dict[int, list[int]]:
    """Return where backticks stand in a row, by how many."""
    found = defaultdict[int, list[int]](list)
    for run in _TICKS.finditer(text):
        found[len(run.group())].append(run.start())
    return found


def dollars_plugin(md: MarkdownIt) -> None:
    """Keep prices and variables out of the formulas that `md` finds; comes after the plugin for them."""
    for rule in md.inline.ruler.__rules__:
        if rule.name == "math_inline":
            rule.fn = partial(_math_inline, rule.fn)
