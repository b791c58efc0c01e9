"""What could run, hide or load something never reaches a card, and the author hears of it."""

from __future__ import annotations

import pytest

from mkcards import render
from mkcards.data import Fields


@pytest.mark.parametrize(
    ("markdown", "names"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<b onclick="x">a</b> <span style="display:none">x</span>', "onclick, style"),
        ("<svg onload=alert(1)>", "<svg>, onload"),
        ("<img src=x onerror=alert(1)>", "onerror"),
        ("<style>.card { display: none }</style>", "<style>"),
        ("[a](javascript:alert(1)) and [b](< file:///etc/passwd>)", "javascript:, file:"),
        ("[x](data:text/html;base64,xx)", "data:"),
        ('<a href="java\nscript:x">a</a>', "javascript:"),
        ("<a href='file:///etc/passwd'>a</a>", "file:"),
        ("> <iframe src=x>\n\n<div\n\n<object data=x>", "<iframe>, <object>"),
    ],
)
def test_what_is_left_out_is_named(markdown: str, names: str) -> None:
    (found,) = render.dropped(Fields("Prompt", "Answer", details=markdown), "Note.md", 3)
    message = f"{names} could run, hide or load something and is left out of the card; remove it"
    assert str(found) == f"Note.md:3: unsafe-html {message}"


@pytest.mark.parametrize(
    "markdown",
    [
        "`<script>` and `[x](javascript:y)`",
        '<span style="color: red">red</span> H<sub>2</sub>O',
        "[a](https://example.org) a < b > c <placeholder>",
        "```html\n<script>x</script>\n```",
        "the scheme javascript: as a word",
        "what <select> and <iframe> do",
        "<iframe> shows another page",
    ],
)
def test_what_does_no_harm_is_no_finding(markdown: str) -> None:
    assert render.dropped(Fields(markdown, markdown), "Note.md", 3) == ()


def test_tags_too_deep_for_a_telephone_go_and_their_text_stays() -> None:
    deep = "<div>" * 10_000 + "bottom"
    (found,) = render.dropped(Fields("Prompt", deep), "Note.md", 3)
    message = "HTML is nested 10000 deep, and tags below 100 are left out of the card; flatten it"
    assert str(found) == f"Note.md:3: deep-html {message}"
    assert render.html(deep) == "<div>" * 100 + "bottom" + "</div>" * 100
    assert render.dropped(Fields("Prompt", "<p>one\n\n" * 200), "Note.md", 3) == ()
