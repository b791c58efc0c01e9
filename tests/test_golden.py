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
DISAGREES: tuple[tuple[str, str], ...] = (
    ("quoted-definition", "A comparative defines nothing"),
    ("quoted-definition", "A quote under a label that is itself a statement"),
    ("quoted-definition", "By X I mean"),
    ("quoted-definition", "X equals"),
    ("quoted-definition", "X means"),
    ("quoted-definition", "X measures"),
    ("quoted-definition", "We call"),
    ("quoted-definition", "Several quotes under one lead-in"),
    ("quoted-definition", "A definition callout whose title says so"),
    ("quoted-definition", "A quoted phrase after the label of an item"),
    ("quoted-definition", "Block id, footnote mark and attribution are left out"),
    ("quoted-definition", "A German definition callout"),
    ("bold-definition", "We call"),
    ("bold-definition", "Two definitions in one paragraph"),
    ("term-line", "A text that is only a name"),
    ("term-line", "A bare remark"),
    ("term-line", "A quoted text"),
    ("term-line", "Unbold terms in consecutive paragraphs"),
    ("labelled-list", "A reading list"),
    ("labelled-list", "One-word navigation"),
    ("labelled-list", "The same generic label twice"),
    ("labelled-list", "A singular label"),
    ("labelled-list", "A heading that counts reaches over a short paragraph"),
    ("labelled-list", "A sentence that ends in the plural"),
    ("labelled-list", "Bold heads that are letters stay with their text"),
    ("labelled-list", "Bold heads that are dates stay with their text"),
    ("labelled-list", "A long bulleted list keeps its card"),
    ("labelled-list", "A list of more than nine"),
    ("labelled-list", "French"),
    ("labelled-list", "Spanish"),
    ("labelled-list", "Italian"),
    ("labelled-list", "A list whose numbers fit nowhere"),
    ("labelled-list", "Each process"),
    ("labelled-list", "Uses takes its heading"),
    ("labelled-list", "Only categories in bold stay with their text"),
    ("list-item", "French"),
    ("list-item", "Spanish"),
    ("list-item", "Italian"),
    ("item-explanation", "A nested label with its own list is asked by labelled-list"),
    ("item-explanation", "A counter"),
    ("item-explanation", "A criticism"),
    ("item-explanation", "A counter with points"),
    ("item-explanation", "German: ein Gegenargument"),
    ("highlighted-question", "Only punctuation or another highlight after it"),
    ("highlighted-question", "A nested question is a card of its own"),
    ("highlighted-question", "Citation links are dropped from the question"),
    ("highlighted-question", "A question that leans takes the sentence before it"),
    ("question-line", "A question that leans on what stands before it"),
    ("question-line", "A bold question with a one-item list"),
    ("question-line", "A plain question with a one-item list"),
    ("reading", "A skipped section ends at the first heading after a thematic break"),
    ("reading", "Inline comments vanish"),
    ("reading", "Escaped and printed footnote marks vanish"),
    ("reading", "A language prefix of code vanishes"),
    ("reading", "A GitBook block"),
    ("author", "A comment on a label switches off its list"),
    ("author", "A question of the author before a term line"),
    ("author", "A question of the author before a list"),
    ("author", "A question of the author before a quote"),
    ("author", "A question of the author in German"),
)
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


@pytest.mark.parametrize(("name", "line", "text", "expected"), list(_cases()))
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
