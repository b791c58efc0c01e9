"""Golden cases: what a note gives, one file a rule, and three for what all rules share.

A case is a title, the note and what it gives, each closed by a line with a single full stop. What it gives is one
stanza a card:

    LINE [kind] prompt
    -> answer
    context: …
    details: …
    reverse: prompt
    <- answer of the reverse card

LINE is where the answer starts (for a question the question), further lines of a field are indented, and a field that
is empty is left out. Diagnostics come first, as `LINE: code message`. The notes stand in `Note.md`; that title, which
every context would begin with, is left out. In the file of a rule only its own cards and diagnostics count, in the
three others those of all rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from mkcards.config import RULES, Config
from mkcards.data import Candidate, Note, NoteCards
from mkcards.diagnostics import Diagnostic
from mkcards.extract import extract
from mkcards.parse import parse

FOLDER = Path(__file__).parent / "golden"
SHARED = ("reading", "context", "author")
CODES = {
    "labelled-list": ("count-mismatch", "long-list", "long-items", "broken-list", "same-label"),
    "highlighted-question": ("open-question", "same-question"),
    "question-line": ("open-question", "same-question"),
}
DISAGREES: tuple[tuple[str, str], ...] = ()
"""Cases (file, title) that the rules do not get right yet; what they should give stands in the file."""


def _cases() -> Iterator[object]:
    for name in (*RULES, *SHARED):
        for line, title, note, expected in read_fixture_file(FOLDER / f"{name}.md"):
            marks = [pytest.mark.xfail(strict=True)] if (name, title) in DISAGREES else []
            yield pytest.param(name, line, note, expected, id=f"{name}: {title}", marks=marks)


def _field(text: str, lead: str) -> str:
    return lead + text.replace("\n", "\n   ")


def _card(card: Candidate, *, rule: bool) -> Iterator[str]:
    fields = card.fields
    kind = f"{card.rule} {card.kind}" if rule else card.kind
    context = fields.context[1:] if fields.context[:1] == ("Note",) else fields.context
    yield _field(fields.prompt, f"{card.line} [{kind}] ")
    yield _field(fields.answer, "-> ")
    if context:
        yield "context: " + " › ".join(context)
    if fields.details:
        yield _field(fields.details, "details: ")
    if fields.reverse_prompt:
        yield _field(fields.reverse_prompt, "reverse: ")
        yield _field(fields.reverse_answer, "<- ")


def _facts(note: Note) -> Iterator[str]:
    """Yield what the front matter said, for the cases about reading."""
    if note.title != "Note":
        yield f"title: {note.title}"
    if note.tags:
        yield f"tags: {', '.join(note.tags)}"
    for name, value in (("id", note.note_id), ("deck", note.deck), ("lang", note.lang)):
        if value:
            yield f"{name}: {value}"


def render(name: str, note: Note, found: tuple[Diagnostic, ...], cards: NoteCards) -> str:
    """Return what a note gives, as the golden files write it."""
    shared = name in SHARED
    shown = [one for one in (*found, *cards.diagnostics) if shared or one.code in CODES.get(name, ())]
    head = [*(_facts(note) if name == "reading" else ()), *(f"{d.line}: {d.code} {d.message}" for d in shown)]
    kept = [card for card in cards.candidates if shared or card.rule == name]
    stanzas = ["\n".join(head), *("\n".join(_card(card, rule=shared)) for card in kept)]
    return "\n\n".join(stanza for stanza in stanzas if stanza)


@pytest.mark.parametrize(("name", "line", "text", "expected"), _cases())
def test_golden(name: str, line: int, text: str, expected: str) -> None:
    note, found = parse("Note.md", text)
    cards = extract(note, Config())
    assert [one.message for one in cards.diagnostics if one.code == "rule-failed"] == []
    assert render(name, note, found, cards) == expected.strip("\n"), f"tests/golden/{name}.md:{line + 1}"


@pytest.mark.parametrize("name", [*RULES, *SHARED])
def test_cases_without_a_card_come_first(name: str) -> None:
    cards = ["\n-> " in f"\n{expected}" for _, _, _, expected in read_fixture_file(FOLDER / f"{name}.md")]
    assert cards == sorted(cards), f"tests/golden/{name}.md: a case without a card stands below one with a card"


def test_titles_are_distinct() -> None:
    for name in (*RULES, *SHARED):
        titles = [title for _, title, _, _ in read_fixture_file(FOLDER / f"{name}.md")]
        assert sorted(set(titles)) == sorted(titles), f"tests/golden/{name}.md holds a title twice"


def test_disagreements_name_cases() -> None:
    titles = {(name, case[1]) for name in (*RULES, *SHARED) for case in read_fixture_file(FOLDER / f"{name}.md")}
    assert set(DISAGREES) <= titles
