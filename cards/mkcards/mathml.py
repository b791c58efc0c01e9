"""Formulas that a page can show without a script and without the net."""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape

from math_core import LatexError, LatexToMathML

_FORMULA = re.compile(
    r"(?P<code><(?P<tag>pre|code)\b.*?</(?P=tag)>)|\\\((?P<inline>.+?)\\\)|\\\[(?P<block>.+?)\\\]", re.DOTALL
)
_STEP = re.compile(r"\\[A-Za-z]+|\{")
MAX_STEPS = 400
"""Commands and groups in one formula: the converter recurses, and 600 of them in one another fill a stack of 1 MB."""
_NUMBERED = re.compile(r"\\(begin|end)\{(align|alignat|equation|flalign|gather|multline)\}")


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)


def with_mathml(html: str) -> str:
    """Return the HTML of a field with its `\\(…\\)` and `\\[…\\]` as MathML; what can't be read stays TeX."""
    return _FORMULA.sub(_formula, html) if "\\" in html else html


def _formula(found: re.Match[str]) -> str:
    if found["code"]:
        return found["code"]
    tex = unescape(found["inline"] or found["block"]).strip()
    return _converted(tex, block=found["inline"] is None) or f'<code class="tex">{escape(tex, quote=False)}</code>'


def _converted(tex: str, *, block: bool) -> str:
    """Return the MathML of a formula, or "" if it can't be read."""
    if sum(1 for _ in _STEP.finditer(tex)) > MAX_STEPS:
        return ""
    try:
        # Anki's MathJax numbers no equation.
        plain = _NUMBERED.sub(r"\\\1{\2*}", tex)
        return _converter().convert_with_local_state(plain, displaystyle=block)
    except LatexError:
        return ""
