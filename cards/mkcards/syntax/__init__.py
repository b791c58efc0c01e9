"""Markdown as notes write it: CommonMark, the usual extensions and Obsidian's, as markdown-it-py rules.

Both reading a note and rendering a card use this one parser, so that they never disagree about what is markup.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from mkcards.syntax.bounded import bounded_plugin
from mkcards.syntax.obsidian import obsidian_plugin

MAX_NESTING = 100
_OPENINGS = MappingProxyType(
    {
        "math_block": "$",
        "amsmath": "\\",
        "obsidian_comment": "%",
        "fence": "`~",
        "blockquote": ">",
        "hr": "*-_",
        "list": "*+-0123456789",
        "footnote_def": "[",
        "reference": "[",
        "html_block": "<",
        "heading": "#",
    }
)
"""The characters with which the blocks of a rule open; those of other rules may open with any."""


class _QuickRuler(Ruler[RuleFuncBlockType]):
    """Tries on a line only those rules whose blocks may open with its first character; most lines are just text."""

    def __init__(self, ruler: Ruler[RuleFuncBlockType]) -> None:
        super().__init__()
        self.__rules__ = ruler.__rules__
        self._chains: dict[str, list[RuleFuncBlockType]] = {}

    def getRules(self, chainName: str = "") -> list[RuleFuncBlockType]:
        if chainName not in self._chains:
            self._chains[chainName] = [self._chain(chainName)]
        return self._chains[chainName]

    def _chain(self, name: str) -> RuleFuncBlockType:
        rules = [rule for rule in self.__rules__ if rule.enabled and (not name or name in rule.alt)]
        opening = {
            first: [rule.fn for rule in rules if first in _OPENINGS.get(rule.name, first)]
            for first in "".join(_OPENINGS.values())
        }
        others = [rule.fn for rule in rules if rule.name not in _OPENINGS]

        def first_that_fits(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
            first = state.bMarks[startLine] + state.tShift[startLine]
            fitting = opening.get(state.src[first : first + 1], others)
            # A plain loop: a generator costs more than most rules do on a line that is not theirs.
            for rule in fitting:  # noqa: SIM110
                if rule(state, startLine, endLine, silent):
                    return True
            return False

        return first_that_fits


def _new() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING, "html": True})
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False)
    md.use(deflist_plugin)
    md.use(dollarmath_plugin, allow_space=False, allow_digits=True, double_inline=True)
    md.use(amsmath_plugin)
    md.use(bounded_plugin)
    md.use(obsidian_plugin)
    md.block.ruler = _QuickRuler(md.block.ruler)
    return md


@cache
def parser() -> MarkdownIt:
    """Return the parser that turns the Markdown of a card into tokens; one instance a process."""
    return _new()


@cache
def block_parser() -> MarkdownIt:
    """Return a parser that finds blocks only; its `inline` tokens keep their source and have no children."""
    md = _new()
    md.core.ruler.enableOnly(["normalize", "block"])
    return md
