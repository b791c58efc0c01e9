"""Formulas as MathML, for pages without a script and without the net."""

from __future__ import annotations

import pytest

from mkcards.mathml import MAX_STEPS, with_mathml


def test_inline_and_block() -> None:
    assert with_mathml(r"So \(a &lt; b\), and \[c\]") == (
        "So <math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>, and "
        '<math display="block"><mi>c</mi></math>'
    )


def test_what_has_no_formula_stays() -> None:
    assert with_mathml("plain <b>words</b>") == "plain <b>words</b>"
    assert with_mathml(r"<code>\(a\)</code> <pre>\[b\]</pre>") == r"<code>\(a\)</code> <pre>\[b\]</pre>"


@pytest.mark.parametrize("tex", [r"\ce{H2O}", r"\frac{", "x_", r"\unknown{x}"])
def test_what_cannot_be_read_stays_tex(tex: str) -> None:
    assert with_mathml(rf"\({tex}\)") == f'<code class="tex">{tex}</code>'


def test_equations_have_no_numbers() -> None:
    shown = with_mathml(r"\[\begin{align} a &amp;= b \\ c &amp;= d \end{align}\]")
    assert shown.startswith('<math display="block"><mtable')
    assert "<mtext>(1)" not in shown


@pytest.mark.parametrize("tex", ["{" * 10_000 + "}" * 10_000, r"\sqrt" * 10_000 + " x", r"\left(" * (MAX_STEPS + 1)])
def test_nesting_without_end_stays_tex(tex: str) -> None:
    assert with_mathml(rf"\({tex}\)") == f'<code class="tex">{tex}</code>'


def test_no_tag_comes_out_of_a_formula() -> None:
    shown = with_mathml(r"\(\text{&lt;script&gt;x&lt;/script&gt;}\)")
    assert "<script" not in shown
    assert "&lt;script" in shown
