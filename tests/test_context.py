"""Which names stand in the context of a card, beside those of the golden cases, whose notes have no folder."""

from __future__ import annotations

import pytest

from mkcards.config import Config
from mkcards.extract import extract
from mkcards.parse import parse

DEFINED = "A **bowline** is a knot that makes a loop at the end of a rope."


def _context(path: str, title: str) -> str:
    (card,) = extract(parse(path, f"{title}{DEFINED}\n")[0], Config()).candidates
    return " › ".join(card.fields.context)


@pytest.mark.parametrize(
    ("path", "title", "context"),
    [
        ("Knots/Lecture 3.md", "", "Knots › Lecture 3"),
        ("Knots/Lecture 3 - Part 2.md", "", "Knots › Lecture 3 - Part 2"),
        ("Knots/02 - Introduction.md", "", "Knots › Introduction"),
        ("Knots/Notes/Introduction.md", "", "Knots › Introduction"),
        ("Knots/2024-01-31/Introduction.md", "", "Knots › Introduction"),
        ("Knots/Loops.md", "# Overview\n\n", "Loops › Overview"),
        ("Introduction.md", "", "Introduction"),
        ("Knots/Loops.md", "", "Loops"),
        ("Knots/Loops.md", "# Loops at sea\n\n", "Loops at sea"),
    ],
)
def test_a_title_that_does_not_say_what_a_note_is_about_has_the_name_of_its_file_or_folder_before_it(
    path: str, title: str, context: str
) -> None:
    assert _context(path, title) == context


@pytest.mark.parametrize(
    ("path", "title", "context"),
    [
        ("Knots/Bowline.md", "", "Knots › Bowline"),
        ("Knots/Main notes/Bowline.md", "", "Knots › Bowline"),
        ("Knots/Exam/Bowline.md", "", "Knots › Bowline"),
        ("Knots/vM4kPcUVaOHbMdAoVJs9L.md", "", "Knots"),
        ("Knots/MooringLinesAndBends2.md", "", "MooringLinesAndBends2"),
        ("Knots/2024-01-31/Bowline.md", "# The bowline\n\n## Bowline\n\n", "The bowline"),
        ("Bowlines/Bowline.md", "# Bowline\n\n## What is a bowline?\n\n", "Bowlines"),
        ("Bowline/Bowline.md", "", "Bowline"),
        ("Knots/Line.md", "", "Line"),
        ("Bowline.md", "", "Bowline"),
    ],
)
def test_where_the_prompt_says_all_of_the_context_the_folder_leads_it(path: str, title: str, context: str) -> None:
    assert _context(path, title) == context


def test_a_folder_that_holds_the_answer_leads_no_context() -> None:
    (card,) = extract(parse("Loop at an end/Bowline.md", "**Bowline**: loop at an end\n")[0], Config()).candidates
    assert (card.fields.answer, card.fields.context) == ("loop at an end", ("Bowline",))
