"""Display math inside a paragraph, where a TeX environment is a part of the formula and no block of its own."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import partial

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.rules_block import StateBlock

from mkcards.syntax.bounded import kept

_MARK = re.compile(r"\$\$")


def _unless_in_formula(rule: RuleFuncBlockType, state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Try a rule for environments, but let none interrupt a paragraph in which `$$` is open."""
    return not (silent and _is_open(state, start)) and rule(state, start, end, silent)


def _is_open(state: StateBlock, line: int) -> bool:
    """Tell whether a `$$` of the block that is being read is open where a line begins."""
    marks = kept(state, "marks", lambda: [mark.start() for mark in _MARK.finditer(state.src)])
    before = bisect_left(marks, state.bMarks[line]) - bisect_left(marks, state.bMarks[state.line])
    return before % 2 == 1


def formulas_plugin(md: MarkdownIt) -> None:
    """Keep environments inside the `$$` in which they stand; comes after the plugin that reads them."""
    for rule in md.block.ruler.__rules__:
        if rule.name == "amsmath":
            rule.fn = partial(_unless_in_formula, rule.fn)
