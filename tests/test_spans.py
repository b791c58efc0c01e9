"""Inline markup that is found without a parser is what the parser finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkcards.patterns import fitting
from mkcards.phrase_tables import LANGUAGES
from mkcards.phrasing import phrases
from mkcards.syntax import block_parser, parser, spans
from mkcards.syntax.obsidian import inline_tags
from mkcards.word_lists import WORD, words_of

PIECES = (
    *("*", "**", "_", "__", "`", "``", "$", "$$", "==", "=", "[", "]", "[[", "]]", "(", ")", "](", "!", "<", ">", "~~"),
    *("%%", "\\", "#", "#tag", "&amp;", "\n", " ", "  ", ".", ":", '"', "’", "—", "\xa0", "a", "Wort", "7", "é", "字"),
    *("**b**", "*i*", "`c`", "$x_1$", "[t](https://a.org/b?c=d)", "[[N|n]]", "![[p.png]]", "==q?==", "[1]", "a_b"),
    "![i](p.png)",
)
sources = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@settings(max_examples=500)
@given(sources)
def test_simple_markup_is_what_the_parser_finds(source: str) -> None:
    found = spans.simple_spans(source)
    assert found is None or found == spans._parsed(source)


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("a **b** c", ["strong"]),
        ("**Term**: `x` and $y$, *so* [on](https://a.org)", ["strong", "code", "math", "em", "link"]),
        ("**see [[A|b]]** #tag ==why?==", ["strong", "wikilink", "hashtag", "mark"]),
        ("![a mast](mast.png) and\xa0**b**", ["image", "strong"]),
        ("2 * 3, snake_case and [x]", []),
        (r"\*a\*, \[b] and \alpha", []),
        ("so that\n$$\na_1 = b\n$$\nholds", ["math"]),
    ],
)
def test_common_markup_needs_no_parser(source: str, kinds: list[str]) -> None:
    found = spans.simple_spans(source)
    assert found is not None
    assert [span.kind for span in found] == kinds


@pytest.mark.parametrize(
    "source", ["***a***", "**a _b_**", r"\\*a*", "$$a$b$$", "<b>a</b>", "![*i*](p.png)", "~~a~~", "**a"]
)
def test_the_rest_is_left_to_the_parser(source: str) -> None:
    assert spans.simple_spans(source) is None


LINES = ("text", "# h", "- a", "1. a", "> q", "```", "~~~", "***", "---", "===", "$$", "%%", "<div>", "[^1]: f")
MORE_LINES = ("[r]: /u", "| a |", "|---|", ": d", "    code", "  - b", "", "", "+ p", "* s", "$$x$$", "%% c %%")
INDENTED = ("  text", "   - c", "    - d", "      - e", "\t- f", "\t\ttext", "> - g", ">   text", "> - h", "> ", " \t")
NESTED = ("> - - h", "-")


@settings(max_examples=400)
@given(st.lists(st.sampled_from(LINES + MORE_LINES + INDENTED + NESTED), max_size=9).map("\n".join))
def test_the_quick_search_for_blocks_finds_what_the_parser_finds(source: str) -> None:
    slow = block_parser.__wrapped__()
    slow.block.__class__ = slow.block.__class__.__base__
    slow.block.ruler.__class__ = slow.block.ruler.__class__.__base__
    assert [token.as_dict() for token in block_parser().parse(source)] == [
        token.as_dict() for token in slow.parse(source)
    ]


def test_tags_stand_alone() -> None:
    text = "#a b #b/c x#d #12 #1a #_x ##e # f `#g` %% #h %%\n#i"
    assert inline_tags(text) == ["a", "b/c", "1a", "_x", "i"]


def test_a_number_is_no_tag() -> None:
    assert inline_tags("#1, #12. #3) #4- #5/ #2026-goals #3/4 #7_a #8.") == ["2026-goals", "3/4", "7_a"]


def test_a_fence_that_nothing_closes_hides_the_tags_below_it() -> None:
    assert inline_tags("#a\n```\n#b\n```\n#c\n```x``` #d\n````\n```\n#e") == ["a", "c", "d"]


VERBS = sorted({str(verb) for code in LANGUAGES for verb in phrases(code).table["verbs"]})
OTHERS = ["By", "I", "mean", "we", "call", "is", "called", "if", "=", "x,", "the", "a", "Als", "bezeichnet", "Si"]


@settings(max_examples=400)
@given(st.sampled_from(LANGUAGES), st.lists(st.sampled_from(VERBS + OTHERS), max_size=8).map(" ".join), st.booleans())
def test_a_pattern_that_is_passed_over_would_not_match(code: str, text: str, bold: bool) -> None:
    table = phrases(code)
    chosen = fitting(table, text, bold=bold)
    conditions = table.marked_conditions if bold else table.conditions
    for pattern in (*conditions, *(table.marked if bold else table.definitions), *table.called):
        assert pattern in chosen or not pattern.match(text)


MATH = ("$$", "$$ a", "$$ a $$", "a $$", "$$ (e1)", "$$ (e (1) ", "\\begin{align}", "\\begin{align*} a", "- $$", "> $$")
ENDS = ("\\end{align}", "a \\end{align*} ", "[^f]: g", "[a][r] [^f] ![i](p.png)", "[r]: /u", "[a [^g] [b](c)", "", "a")


@settings(max_examples=400)
@given(st.lists(st.sampled_from(MATH + ENDS), max_size=10).map("\n".join))
def test_to_look_for_an_end_once_changes_nothing(source: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mkcards.syntax.bounded_plugin", lambda md: None)
        slow = parser.__wrapped__()
    assert [token.as_dict() for token in parser().parse(source, {})] == [
        token.as_dict() for token in slow.parse(source, {})
    ]


@given(st.lists(st.sampled_from(["Wort", "a", "it's", "x-ray", "É", "7", "_", "’s", "-", " ", "字", "ß"]), max_size=8))
def test_words_are_the_same_however_they_are_looked_for(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert words_of(text) == WORD.findall(text.casefold())
