"""markdown-it-py's search for blocks, made quicker: the same blocks, with fewer rules tried on each line."""

from __future__ import annotations

import re
from itertools import accumulate
from types import MappingProxyType

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.parser_block import ParserBlock, RuleFuncBlockType
from markdown_it.ruler import Rule, Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore, normalize
from markdown_it.token import Token
from markdown_it.utils import EnvType

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
_BULLET = re.compile(r"[-*+] [^\s]")
_CODE_INDENT = 4


class _Ruler(Ruler[RuleFuncBlockType]):
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
        if not name:
            rules.insert([rule.name for rule in rules].index("lheading"), _ONE_LINE)
        opening = {
            first: [rule.fn for rule in rules if first in _OPENINGS.get(rule.name, first)]
            for first in "".join(_OPENINGS.values())
        }
        others = [rule.fn for rule in rules if rule.name not in _OPENINGS]
        others.sort(key=lambda rule: rule is not _ONE_LINE.fn)  # It looks for all that the others could find.

        def first_that_fits(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
            first = state.bMarks[startLine] + state.tShift[startLine]
            fitting = opening.get(state.src[first : first + 1], others)
            # A plain loop: a generator costs more than most rules do on a line that is not theirs.
            for rule in fitting:  # noqa: SIM110
                if rule(state, startLine, endLine, silent):
                    return True
            return False

        return first_that_fits


def _one_line(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Read a paragraph of one line, as most are, where the next line shows that it is one."""
    following = startLine + 1
    if state.sCount[startLine] - state.blkIndent >= _CODE_INDENT or not _ends_paragraph(state, following, endLine):
        return False
    content = mdTrim(state.src[state.bMarks[startLine] + state.tShift[startLine] : state.eMarks[startLine]])
    if "$$" in content:
        return False  # What follows may stand inside a formula.
    state.line = following
    state.push("paragraph_open", "p", 1).map = [startLine, following]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = content, [startLine, following], []
    state.push("paragraph_close", "p", -1)
    return True


def _ends_paragraph(state: StateBlock, line: int, endLine: int) -> bool:
    """Tell whether the text above a line ends there for sure, as a paragraph: at an empty line, or at a bullet."""
    if line >= state.lineMax:
        return True
    first, indent = state.bMarks[line] + state.tShift[line], state.sCount[line]
    if first >= state.eMarks[line]:
        # A colon below makes it the term of a definition list.
        below = state.bMarks[line + 1] + state.tShift[line + 1] if line + 1 < endLine else len(state.src)
        return not state.src.startswith((":", "~"), below)
    near = 0 <= indent < min(state.blkIndent, state.listIndent) + _CODE_INDENT
    return near and _BULLET.match(state.src, first) is not None


_ONE_LINE: Rule[RuleFuncBlockType] = Rule("one_line", True, _one_line, [])


class _State(StateBlock):
    """Finds where the lines of a text begin and end all at once."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__("", md, env, tokens)
        lines = src.split("\n")
        if not lines[-1].strip(" \t"):
            del lines[-1]  # It is no line, though a text that ends in one goes on to its end.
        starts = [0, *accumulate([len(line) + 1 for line in lines])][: len(lines)]
        indents = [len(line) - len(line.lstrip(" \t")) for line in lines]
        self.src = src
        self.bMarks = [*starts, len(src)]
        self.eMarks = [*[start + len(line) for start, line in zip(starts, lines, strict=True)], len(src)]
        self.tShift = [*indents, 0]
        self.sCount = [len(line[:shift].expandtabs(4)) for line, shift in zip(lines, indents, strict=True)] + [0]
        self.bsCount = [0] * len(self.bMarks)
        self.lineMax = len(lines)


class _Parser(ParserBlock):
    """Finds blocks with the rules of a ruler, by way of the above."""

    def __init__(self, ruler: Ruler[RuleFuncBlockType]) -> None:
        super().__init__()
        self.ruler = _Ruler(ruler)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]) -> list[Token] | None:
        state = _State(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens


def _normalize(state: StateCore) -> None:
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def quick_plugin(md: MarkdownIt) -> None:
    """Make the search of `md` for blocks quick; comes after the plugins that add rules for blocks."""
    md.block = _Parser(md.block.ruler)
    md.core.ruler.at("normalize", _normalize)
    md.options["tasklists"] = False  # Its lists look that up, and what is not there takes longer to find.
