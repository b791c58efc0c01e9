"""Markdown as notes write it: CommonMark, the usual extensions and Obsidian's, as markdown-it-py rules.

Both reading a note and rendering a card use this one parser, so that they never disagree about what is markup.
"""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from mkcards.syntax.bounded import bounded_plugin
from mkcards.syntax.dollars import dollars_plugin
from mkcards.syntax.footnotes import footnotes_plugin
from mkcards.syntax.formulas import formulas_plugin
from mkcards.syntax.html import html_plugin
from mkcards.syntax.obsidian import obsidian_plugin
from mkcards.syntax.quick import quick_plugin

MAX_NESTING = 100


def _new() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING, "html": True})
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False)
    md.use(footnotes_plugin)
    md.use(deflist_plugin)
    md.use(dollarmath_plugin, allow_space=False, allow_digits=True, double_inline=True)
    md.use(amsmath_plugin)
    md.use(bounded_plugin)
    md.use(formulas_plugin)
    md.use(dollars_plugin)
    md.use(html_plugin)
    md.use(obsidian_plugin)
    md.use(quick_plugin)
    return md


@cache
def parser() -> MarkdownIt:
    """Return the parser that turns the Markdown of a card into tokens; one instance a process."""
    return _new()


def tokens_of(markdown: str) -> list[Token]:
    """Return the tokens of the blocks of Markdown, and after them those that stand inside blocks."""
    blocks = parser().parse(markdown)
    return [*blocks, *(child for block in blocks for child in block.children or ())]


@cache
def block_parser() -> MarkdownIt:
    """Return a parser that finds blocks only; its `inline` tokens keep their source and have no children."""
    md = _new()
    md.core.ruler.enableOnly(["normalize", "block"])
    return md
