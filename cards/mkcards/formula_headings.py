"""A heading that names what the formula right below it expresses (`Ohm's law`, `$$U = R I$$`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile, islice, takewhile

from mkcards.data import Block
from mkcards.defined_above import bare_name, is_name
from mkcards.examples import in_example
from mkcards.material import item_text
from mkcards.phrasing import Phrases
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain
from mkcards.syntax.markdown import to_markdown
from mkcards.terms import ORDINAL, names_result

_SIDES = re.compile(r"(?<![<>!:\\])=|\\(?:coloneqq|equiv|propto|approx)(?![a-z])|:=")
_STEP = re.compile(r"\\\\|&|\\(?:implies|iff|therefore|Rightarrow|Leftrightarrow|to)(?![a-z])")
"""What a derivation has, a system of equations, or a proof."""
_SUM = re.compile(r"(?<![{^_(,])[+-]|\\(?:cdot|times|frac|int|sum|prod|lim|begin|sqrt)(?![a-z])")
"""What the name of a quantity does not have on its side of the formula."""
_SPACES = re.compile(r"\\(?:displaystyle|Huge|LARGE|Large|large|quad|qquad|[,;!: ])|~")
_NUMBERS = re.compile(r"[\d\s.,{}()+*/^-]*")
MOST_BLOCKS = 4
"""The formula, its legend and what stands below them are among so many blocks."""
SIDES = 2
"""A formula of more sides is a calculation or a derivation."""
_SYMBOL = re.compile(r"\$[^$]+\$\s*(?:[:=]|is\b|[–—-]\s)")
"""How a line of a legend opens."""


def formula_below(look: Look, place: Place) -> tuple[str, str, str, tuple[Block, ...]] | None:
    """Return the question for what a heading names, its name, and the formula and legend below it, or None.

    The formula is one equation; its left side is one quantity, unless the heading names a law or the like.
    """
    below = tuple(islice(_below(place), MOST_BLOCKS))
    if not below or below[0].kind != "math" or not look.free(below[0]) or in_example(look, place):
        return None
    name = bare_name(place.block.text)
    result = names_result(look.phrases, plain(name))
    if not (_names_one(look, name, result=result) and _is_equation(below[0].text, result=result)):
        return None
    legend = tuple(takewhile(lambda block: _is_legend(look.phrases, block), below[1:]))
    used = (below[0], *legend)
    if any(block.kind == "math" for block in below[len(used) : len(used) + 1]):
        return None
    question = look.phrases.ask("which_formula", term=name if "$" in name else f"*{name}*")
    return question, name, to_markdown(used), used


def _below(place: Place) -> Iterator[Block]:
    below = dropwhile(lambda block: block.kind == "rule", place.following())
    return takewhile(lambda block: block.kind not in {"heading", "rule"}, below)


def _names_one(look: Look, name: str, *, result: bool) -> bool:
    """Tell whether a heading names one quantity or law, not a step, a part of a text or several things."""
    phrases, shown = look.phrases, plain(name)
    if not is_name(look, name) or ORDINAL.fullmatch(shown) or phrases.is_gerund(shown) or phrases.commands(shown):
        return False
    if result:
        return shown.casefold() not in phrases.words("results") | phrases.words("statements")
    part = phrases.noun_in(shown, "list_nouns", "singular_nouns", "empty_labels", "generic_terms", "texts", "sequences")
    return not (part or phrases.is_plural(phrases.head(shown).casefold()))


def _is_equation(text: str, *, result: bool) -> bool:
    """Tell whether a formula is one equation of something, rather than a calculation or a derivation."""
    sides = _SIDES.split(_SPACES.sub(" ", text))
    if not 1 < len(sides) <= SIDES or _STEP.search(text) or any(_NUMBERS.fullmatch(side.strip()) for side in sides):
        return False
    return result or not _SUM.search(sides[0])


def _is_legend(phrases: Phrases, block: Block) -> bool:
    """Tell whether a block says what the symbols of the formula above it stand for."""
    if block.kind == "list":
        return all(_SYMBOL.match(item_text(item)) for item in block.children)
    opens = _SYMBOL.match(block.text) or phrases.starts_with(plain(block.text), "legends")
    return block.kind == "paragraph" and bool(opens)
