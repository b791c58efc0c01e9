"""What the golden cases do not show of highlighted questions: diagnostics in full, and lines."""

from __future__ import annotations

from mkcards.config import Config
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.extract import extract
from mkcards.parse import parse


def lines(text: str) -> list[tuple[int, int, int]]:
    """Return the lines of each card: of its question, and the first and last of its answer."""
    found = extract(parse("Note.md", text)[0], Config()).candidates
    return [(card.label_line, card.line, card.end_line) for card in found]


def said(text: str) -> tuple[Diagnostic, ...]:
    return extract(parse("Note.md", text)[0], Config()).diagnostics


def test_an_open_question_is_only_remarked() -> None:
    message = "“Why does the gauge jump at noon?” has no answer yet; write it below"
    assert said("The gauge is old.\n==Why does the gauge jump at noon?==") == (
        Diagnostic("Note.md", 2, "open-question", message, Severity.REMARK),
    )


def test_a_question_that_leans_on_nothing_is_named() -> None:
    text = "- a pump\n\n==Why is it so?== Nobody had told him the time."
    message = "“Why is it so?” leans on what stands before it; name its subject"
    assert (said(text), lines(text)) == (
        (Diagnostic("Note.md", 3, "leaning-question", message, Severity.REMARK),),
        [],
    )


def test_a_card_knows_the_lines_of_its_answer() -> None:
    assert lines("The gauge is old.\n==Who reads the gauge?== The cook.\nNobody else.") == [(2, 2, 3)]
    assert lines("==Which tools are needed?==\n\nFor the small valve:\n\n- a wrench\n- a torch\n") == [(1, 1, 6)]
    assert lines("- ==Who reads the gauge?==\n\t- The cook.\n\t- The plumber.\n") == [(1, 1, 3)]


def test_the_block_of_an_open_question_makes_no_other_card() -> None:
    text = "**Pier**: a long bridge that ends in the sea"
    assert lines(text) == [(1, 1, 1)]
    assert lines(f"{text} ==(is it one?)==") == []
    assert [one.code for one in said(f"{text} ==(is it one?)==")] == ["open-question"]


def test_each_question_of_a_paragraph_ends_at_the_next() -> None:
    text = "==Who reads the gauge?== The cook. ==Who mends the gauge?== The smith. ==Who sells the gauge?== The town."
    found = extract(parse("Note.md", text)[0], Config()).candidates
    assert [card.fields.answer for card in found] == ["The cook.", "The smith.", "The town."]
