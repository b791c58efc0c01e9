"""Markdown of a card -> the HTML of its fields, and its plain text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file
from msgspec.structs import replace

from mkcards import fingerprint, render
from mkcards.data import Assets, Card, Fields, Media
from mkcards.render.code import MOST_COLOURED
from mkcards.render.markdown import Aside, to_html
from mkcards.render.sanitize import sanitize, uncommanded
from mkcards.render.simple import is_simple, simple_html

GOLDEN = read_fixture_file(Path(__file__).parent / "golden" / "render.md")
ASSETS = Assets(
    {
        "cell.png": Media("cell-0123456789ab.png", Path("cell.png")),
        "heart.mp3": Media("heart-0123456789ab.mp3", Path("heart.mp3")),
        "Note\ncell.png": Media("other-0123456789ab.png", Path("other.png")),
    },
    {
        "Note": "# Heading\n\n![[cell.png]]\n\n![[Deep]]",
        "Note\nDeep": "deep **text** ^id",
        "Line": "one *line*",
        "A": "a ![[A]]",
        "A\nA": "never ends",
    },
)


@pytest.mark.parametrize(("line", "title", "markdown", "expected"), GOLDEN, ids=[case[1] for case in GOLDEN])
def test_golden(line: int, title: str, markdown: str, expected: str) -> None:
    assert render.html(markdown) == expected.rstrip("\n"), f"tests/golden/render.md:{line}"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("![[cell.png]]", '<img src="cell-0123456789ab.png" alt="">'),
        ("![[cell.png|300]]", '<img src="cell-0123456789ab.png" alt="" width="300">'),
        ("![[cell.png|300x20]]", '<img src="cell-0123456789ab.png" alt="" width="300" height="20">'),
        ("![[cell.png|A cell|300]]", '<img src="cell-0123456789ab.png" alt="A cell" width="300">'),
        ('![A "cell"](cell.png)', '<img src="cell-0123456789ab.png" alt="A &quot;cell&quot;">'),
        ("![A cell|30](cell.png)", '<img src="cell-0123456789ab.png" alt="A cell" width="30">'),
        (
            '<img width="30" onerror=x src="cell.png" alt="a>b">',
            '<img src="cell-0123456789ab.png" alt="a&gt;b" width="30">',
        ),
        ("Hear ![[heart.mp3]]!", "Hear [sound:heart-0123456789ab.mp3]!"),
        ("[sound:heart.mp3]", "&#91;sound:heart.mp3]"),
        ("![[Line]]", '<span class="embed">one <em>line</em></span>'),
        ("So ![[Line]].", 'So <span class="embed">one <em>line</em></span>.'),
        (
            "![[Note]]",
            '<div class="embed"><h1>Heading</h1>\n<p><img src="other-0123456789ab.png" alt=""></p>\n'
            '<span class="embed">deep <strong>text</strong></span></div>',
        ),
        ("![[Line]] ![[Line]]", '<span class="embed">one <em>line</em></span>'),
    ],
)
def test_media_and_embeds(markdown: str, html: str) -> None:
    assert render.html(markdown, ASSETS) == html


def test_remote_images_on_request() -> None:
    html = render.html("![a|30](https://example.org/a.png) <img src='//x.org/b.png'>", remote_images=True)
    assert html == '<img src="https://example.org/a.png" alt="a" width="30">'


def test_an_image_that_is_not_the_cards_own_is_taken_out() -> None:
    raw = '<img src="known.png"><img alt="x" src="other.png"><img src="https://x.org/a.png"><img>'
    assert sanitize(raw, frozenset({"known.png"}), remote_images=False) == '<img src="known.png">'


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a\x00b\x1fc", "abc"),
        ("a\ud800b", "ab"),
        ("a\x0bb\x0cc", "a b c"),
        ("**a\x1f\x00b**", "<strong>ab</strong>"),
    ],
)
def test_characters_that_break_a_field(markdown: str, html: str) -> None:
    assert render.html(markdown) == html


CARD = Card(
    id="one",
    rule="term-line",
    kind="definition",
    key="k",
    path="Bio/50% & more/Zelle ü.md",
    title="Zelle <ü>",
    fields=Fields("What is *it*?", "**This**", "Which?", "That", ("Cells & co", "", "The $x$ axis"), "> why"),
)


def test_long_code_stays_plain() -> None:
    line = "a = 1\n"
    lines = MOST_COLOURED // len(line)
    assert render.html(f"```python\n{line * lines}```").startswith('<pre class="highlight"><code><span')
    assert render.html(f"```python\n{line * (lines + 1)}```") == f"<pre><code>{line * lines}a = 1</code></pre>"


def test_the_ten_fields() -> None:
    *shown, last = render.fields(CARD, vault_name="My vault")
    assert tuple(shown) == (
        "What is <em>it</em>?",
        "<strong>This</strong>",
        "Which?",
        "That",
        r"Cells &amp; co › The \(x\) axis",
        "",
        "<blockquote>\n<p>why</p>\n</blockquote>",
        '<a href="obsidian://open?vault=My%20vault&amp;file=Bio%2F50%25%20%26%20more%2FZelle%20%C3%BC.md">'
        "Zelle &lt;ü&gt;</a>",
        "",
    )
    assert last == f"one{fingerprint.of(shown, CARD.deck, CARD.tags)}"


def test_a_context_shows_code_and_formulas() -> None:
    shown = Fields("P", "A", context=("Cost $x$ of `<a>`", "1 < *b*"))
    context = render.fields(replace(CARD, fields=shown), vault_name="V")[4]
    assert context == r"Cost \(x\) of <code>&lt;a&gt;</code> › 1 &lt; *b*"


def test_empty_fields_stay_empty() -> None:
    assert (
        render.fields(Card("i", "r", "k", "k", "N.md", "N", Fields("P", "A")), vault_name="V")[2:7]
        == ("",) * 5
    )


def test_a_footnote_that_stands_in_another_is_one_of_its_own() -> None:
    shown = Fields("P", "A[^1] and B[^2]\n\n[^1]:- One\n\n    [^2]:> Two")
    answer, *_, details, _, _, _ = render.fields(replace(CARD, fields=shown), vault_name="V")[1:]
    assert answer == "A<sup>1</sup> and B<sup>2</sup>"
    assert details == (
        '<section class="footnotes"><ol>\n<li><ul>\n<li>One</li>\n</ul>\n</li>\n'
        "<li><blockquote>\n<p>Two</p>\n</blockquote>\n</li>\n</ol></section>"
    )
    assert [render.plain(text) for text in ("[^1]:- [^1]:", "[^1]:>[^1]:")] == ["", ""]


def test_footnotes_and_links_to_notes_go_to_the_details() -> None:
    assets = Assets(embeds={"Noted": "Embedded[^a].\n\n[^a]: Its *note*"})
    answer = "This[^1] in [[#Part]]: ![[Noted]]\n\n[^1]: One"
    shown = Fields("What is [[Cell|it]]?", answer, details="More[^2]\n\n[^2]: Two")
    prompt, answer, *_, details, _, _, _ = render.fields(replace(CARD, fields=shown), assets, vault_name="V")
    assert prompt == 'What is <span class="link">it</span>?'
    assert answer == (
        'This<sup>1</sup> in <span class="link">Part</span>: <span class="embed">Embedded<sup>2</sup>.</span>'
    )
    assert details == (
        "More<sup>3</sup>\n"
        '<section class="footnotes"><ol>\n<li><p>One</p>\n</li>\n<li><p>Its <em>note</em></p>\n</li>\n'
        "<li><p>Two</p>\n</li>\n</ol></section>\n"
        '<p class="links"><a href="obsidian://open?vault=V&amp;file=Cell">it</a> · '
        '<a href="obsidian://open?vault=V&amp;file=Bio%2F50%25%20%26%20more%2FZelle%20%C3%BC.md%23Part">Part</a></p>'
    )


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("", ""),
        ("What is it?", "What is it?"),
        ("finite [[Rings#_def _ $ mathbb{F}[ a]$|rings]] of $Q$", "finite rings of Q"),
        ("a [[1, 2], [3, 4]] b", "a [[1, 2], [3, 4]] b"),
        ("**What** is ==[[Cell|a *cell*]]==, `x < 1` & $a<b$?", "What is a *cell*, x < 1 & a<b?"),
        ("3. one\n4. [?]\n\n   more\n5. three", "3. one\n4. [?]\nmore\n5. three"),
        ("- one\n- two\n    1. nested", "one\ntwo\n1. nested"),
        ("1.\n2. two", "2. two"),
        ("- [x] done", "done"),
        ("one\ntwo  \nthree", "one\ntwo\nthree"),
        ("> [!note] Title\n> text", "Title\ntext"),
        ("| a | b |\n|---|---|\n| 1 | |", "a | b\n1 |"),
        ("```python\nx = 1\n\ny\n```", "x = 1\ny"),
        ("$$\na = b\n$$", "a = b"),
        ("a<br>b <b>c</b> &amp; &copy;", "a\nb c & ©"),
        ("<div>a &lt; b</div>", "a < b"),
        ("Text[^1].\n\n[^1]: note", "Text."),
        ("![alt|300](x.png) ![[y.png]] ![[y.png|300]] ![[Note|alias]]", "alt y.png y.png alias"),
        ("[text](https://example.org) <https://example.org>", "text https://example.org"),
        ("Term\n: meaning", "Term\nmeaning"),
        ("# Head #\n\ntext %%comment%%", "Head\ntext"),
        ("a <script>alert(1)</script> b", "a b"),
        ("<style>\n* {}\n</style>\n<p>b</p>", "b"),
        ("a <svg x='1'><text>b</text></svg> c <script src=x> d", "a c d"),
        ("<div>a <svg>b</SVG > c <svg>d</svg></div>", "a c"),
        ("<div></svg>a <svg>b</div>", "a b"),
        ("git mv <from> <to>, vector<int>", "git mv <from> <to>, vector<int>"),
        ("<div>\ntype <path>\n</div>", "type <path>"),
    ],
)
def test_plain(markdown: str, text: str) -> None:
    assert render.plain(markdown) == text


CHARACTERS = st.text(st.sampled_from("abc 12\n\n-*_`=$[]()!<>&#|:.\"'\\%^~>?\t{}\x00\x1f\ud800"))
PIECES = (
    *("text ", "\n", "\n\n", "> ", "> [!note] x\n", "- ", "1. ", "[?]", "**", "==", "$", "$$", "```", "%%"),
    *("![[Note]]", "![[cell.png|3]]", "[^1]", "[^1]: ", "| a |\n|---|\n", "[sound:x.mp3]", "<!--", "-->"),
    *(
        "<b ",
        "<img src=",
        '"cell.png"',
        ">",
        "</p>",
        "<script>",
        "</script>",
        "<a href=",
        "javascript:alert(1)",
    ),
    *(" onclick=x", "\\href{javascript:x}", "<style>", "<svg onload=x>", "{", "}", "\\"),
)
MARKDOWN = CHARACTERS | st.lists(st.sampled_from(PIECES)).map("".join)
UNSAFE = re.compile(
    r"<script|<[^>]*\son\w+=|(?:href|src)=\"javascript|<(?:style|iframe)|[\x00\x1f\ud800-\udfff]", re.I
)


@given(MARKDOWN)
def test_any_markdown_gives_safe_html(markdown: str) -> None:
    html = render.html(markdown, ASSETS)
    assert not UNSAFE.search(html)
    assert "[sound:x" not in html
    assert set(re.findall(r'<img src="([^"]*)"', html)) <= {medium.name for medium in ASSETS.media.values()}


@given(MARKDOWN)
def test_any_markdown_gives_plain_text(markdown: str) -> None:
    text = render.plain(markdown)
    assert text == text.strip()
    assert "\n\n" not in text


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C",))))
def test_simple_text_needs_no_parser(text: str) -> None:
    if is_simple(text):
        assert render.html(text) == sanitize(
            to_html(text, Assets(), remote_images=False, aside=Aside()), frozenset(), remote_images=False
        )
        assert render.plain(text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<div>" * 3000 + "a" + "</div>" * 3000, "<div>" * 100 + "a" + "</div>" * 100),
        ("<ul><li>" * 3000 + "a", "<ul><li>" * 50 + "a" + "</li></ul>" * 50),
        ("<p><b>a</p>" * 600, "<p><b>a</b></p>" * 600),
        ("<p>a<div>b</div>" * 600, "<p>a</p><div>b</div>" * 600),
        ("<table>" + "<tr><td>a<td>b" * 600, f"<table><tbody>{'<tr><td>a</td><td>b</td></tr>' * 600}</tbody></table>"),
        ("<ul>" + "<li>a<br>" * 600 + "</ul>", f"<ul>{'<li>a<br></li>' * 600}</ul>"),
        ("<dl>" + "<dt>a<dd>b" * 600, f"<dl>{'<dt>a</dt><dd>b</dd>' * 600}</dl>"),
        ("</div>a" * 600, "a" * 600),
        ("<!-- <div> -->a" * 600 + "<!-- b", "a" * 600),
        ('<a href="https://e.org/?a>b" title=\'">\'>a</a>' * 600, '<a href="https://e.org/?a&gt;b">a</a>' * 600),
        ("a < b <div <i>c</i> " * 300, ("a &lt; b &lt;div <i>c</i> " * 300).strip()),
        ("<script>if (a<b) c('<div>')</script>a" * 300, "a" * 300),
    ],
    ids=lambda text: text[:12],
)
def test_html_of_thousands_of_tags_is_made_flat(raw: str, shown: str) -> None:
    assert sanitize(raw, frozenset(), remote_images=False) == shown


def test_tags_left_open_do_not_grow_from_paragraph_to_paragraph() -> None:
    raw = "".join(f'<p><bdo dir="{at}">a</p>' for at in range(600))
    assert sanitize(raw, frozenset(), remote_images=False) == raw.replace("a<", "a</bdo><")


STARTS = ("", "", "", "- ", "- ", "1. ", "2. ", "10. ", "0. ", "１. ", "* ", "> ", "- [ ] ", "# ", "  ", ": ", "1) ")
WORDS = (
    *("word", "a b.", "[?]", "___ x", "(see", '"q"', "7", "½", "字", "-", "—", "=", "|", "!", "~", "<", "> ", "&amp;"),
    *("[sound:x]", "[latex]", "[^1]", "[x]: y", "\\le", "$\\le x$", "$a$", "$}}$", "$$", "`a b`", "` a `", "a_b", "…"),
    *("**b** c", "*i*", "_u_", "==m==", "*a `c` b*", "**see [[A|b]] $x$ end**.", "[[A#b|c]]", "[[|]]", "#tag", "\xa0"),
    *("[t](https://a.org/b?c=d&e)", "[l](x.md)", "[l](mailto:a@b.c)", "[?](HTTPS://a.b)", "\\begin{x}", "\u200b"),
)
lines = st.tuples(st.sampled_from(STARTS), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)).map(
    lambda parts: parts[0] + " ".join(parts[1])
)


@settings(max_examples=500)
@given(st.lists(lines, min_size=1, max_size=3), st.sampled_from(["\n", "\n\n"]))
def test_what_is_made_without_a_parser_is_what_the_parser_makes(found: list[str], between: str) -> None:
    text = between.join(found).strip("\n")
    made, aside = simple_html(text), Aside()
    if made is not None:
        slow = sanitize(to_html(text, Assets(), remote_images=False, aside=aside), frozenset(), remote_images=False)
        assert uncommanded(made.html, frozenset(), remote_images=False) == slow
        assert dict(reversed(made.links)) == aside.links


@pytest.mark.parametrize(
    "text",
    [
        "What is *X*?",
        "- a **b**\n- `c` and $d$",
        "Which?\n\n…\n\n5. a\n6. [?]\n\n…",
        "___ is [[A|b]], see [c](https://a.org).",
    ],
)
def test_what_cards_say_most_often_needs_no_parser(text: str) -> None:
    assert simple_html(text) is not None
