"""Golden cases: what a note gives, one file a rule, and three for what all rules share.

A case is a title, the note and what it gives, each closed by a line with a single full stop. What it gives is one
stanza a card:

    LINE [kind] prompt
    -> answer
    context: …
    details: …
    reverse: prompt
    <- answer of the reverse card

LINE is where the answer starts (for a question the question). Further lines of a field are indented, an empty one
shows as `|`, and a field that is empty is left out. Diagnostics come first, as `LINE: code message`. The notes stand
in `Note.md`; that title, which every context would begin with, is left out. In the file of a rule only its own cards
and diagnostics count, in the three others those of all rules.
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
    "labelled-list": ("count-mismatch", "long-list", "long-items", "broken-list"),
    "highlighted-question": ("open-question", "same-question", "leaning-question"),
    "question-line": ("open-question", "same-question"),
}
DISAGREES = (("quoted-definition", "A quote under a label that is itself a statement"),)
"""Cases (file, title) that the rules do not get right yet; what they should give stands in the file."""


def _cases() -> Iterator[object]:
    for name in (*RULES, *SHARED):
        for line, title, note, expected in read_fixture_file(FOLDER / f"{name}.md"):
            marks = [pytest.mark.xfail(strict=True)] if (name, title) in DISAGREES else []
            yield pytest.param(name, line, note, expected, id=f"{name}: {title}", marks=marks)


def _field(text: str, lead: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([lead + first, *(f"   {line or '|'}" for line in rest)])


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


EVERYTHING = """\
# Sea

On "Ebb":

> Ebb is the fall of the sea.

A **wave** is a hill of water that moves.

**Tide**: the rise and the fall of the sea

**Two parts of the shore:**

1. the beach
   - it is wet at the flood
2. the dune

==Why is it salty?== Because of the rivers.

## What is a bay?

A bend of the shore that holds a piece of the sea.

## Cove

A small bay that cliffs shelter.
"""


def _rules(config: Config) -> set[str]:
    return {card.rule for card in extract(parse("Note.md", EVERYTHING)[0], config).candidates}


def test_every_rule_finds_something() -> None:
    assert _rules(Config()) == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_can_be_switched_off(name: str) -> None:
    off = {rule: rule != name for rule in RULES}
    assert name not in _rules(Config(rules=off))


def test_a_reverse_can_be_switched_on_and_off() -> None:
    reverse = {"quoted-definition": False, "bold-definition": True, "heading-definition": False, "term-line": True}
    cards = extract(parse("Note.md", EVERYTHING)[0], Config(reverse=reverse)).candidates
    assert {card.rule for card in cards if card.fields.reverse_prompt} == {"bold-definition", "term-line"}


def test_questions_can_be_worded_otherwise_and_keep_their_keys() -> None:
    text = "**Ebb** is the fall of the sea.\n\n**Two winds:**\n\n- the foehn\n- the bora\n"
    own = Config(lang="en", questions={"en": {"what_is": "Define {term}."}, "de": {"what_is": "{term}!"}})
    ours, theirs = (extract(parse("Note.md", text)[0], config).candidates for config in (Config(lang="en"), own))
    assert [card.fields.prompt for card in ours] == ["What is Ebb?", "What are the two winds?"]
    assert [card.fields.prompt for card in theirs] == ["Define Ebb.", "What are the two winds?"]
    assert [card.key for card in ours] == [card.key for card in theirs]


def test_headings_can_be_kept_from_being_labels() -> None:
    text = (
        "## Causes of the tide\n\n1. the moon\n2. the sun\n\n"
        "## Two winds\n\nBoth are warm.\n\n1. the sirocco\n2. the foehn\n\n"
        "**Parts of the shore:**\n\n1. the beach\n2. the dune\n"
    )

    def labels(config: Config) -> list[str]:
        cards = extract(parse("Note.md", text)[0], config).candidates
        return [card.key for card in cards if card.kind == "list"]

    assert labels(Config()) == ["Causes of the tide", "Two winds", "Parts of the shore"]
    assert labels(Config(heading_labels=False)) == ["Parts of the shore"]


@pytest.mark.parametrize(("names", "count"), [(None, 1), ((), 2), (("Words",), 1), (("words", "related"), 0)])
def test_the_headings_to_skip_can_be_changed(names: tuple[str, ...] | None, count: int) -> None:
    text = "## Words\n\n**Ebb**: the fall of the sea\n\n## Related\n\n**Tide**: the rise and the fall of the sea\n"
    assert len(extract(parse("Note.md", text)[0], Config(skip_headings=names)).candidates) == count


@pytest.mark.parametrize(
    ("name", "heading", "skipped"),
    [
        ("Q&A", "Q&A", True),
        ("Salt and Pepper", "Salt and Pepper", True),
        ("Salz und Pfeffer", "Salz und Pfeffer", True),
        ("Input/Output", "Input/Output:", True),
        ("2024 goals", "2024 goals", True),
        ("2024 goals", "Goals", False),
        ("📌 2. Pins", "📌 2. Pins", True),
        ("Pins", "📌 2. Pins", True),
        ("My secrets:", "My Secrets", True),
        ("## My Secrets", "My secrets", True),
        ("Salt", "Salt and Pepper", False),
        ("Output", "Input/Output", False),
    ],
)
def test_a_heading_to_skip_is_named_as_it_stands(name: str, heading: str, skipped: bool) -> None:
    text = f"## {heading}\n\n**Ebb**: the fall of the sea\n"
    found = extract(parse("Note.md", text)[0], Config(skip_headings=(name,))).candidates
    assert [card.key for card in found] == ([] if skipped else ["Ebb"])


@pytest.mark.parametrize(
    ("front", "lang", "prompt"),
    [
        ("", "auto", "Which formula expresses *Ebb*?"),
        ("", "de", "Welche Formel beschreibt *Ebb*?"),
        ("", "de-AT", "Welche Formel beschreibt *Ebb*?"),
        ("---\nlang: fr-CA\n---\n", "de", "Quelle formule exprime *Ebb*\N{NO-BREAK SPACE}?"),
        ("---\nlang: en\n---\n", "zh", "Which formula expresses *Ebb*?"),
    ],
)
def test_the_language_of_a_note(front: str, lang: str, prompt: str) -> None:
    text = f"{front}**Ebb**: $h < 0$\n\nThe height of the sea is then below what it is at rest.\n"
    note, _ = parse("Note.md", text)
    assert [card.fields.prompt for card in extract(note, Config(lang=lang)).candidates] == [prompt]


def _keys(text: str, lang: str = "en") -> list[tuple[str, str]]:
    cards = extract(parse("Note.md", text)[0], Config(lang=lang)).candidates
    return sorted((card.kind, card.key) for card in cards)


def test_the_key_of_an_item_is_its_own() -> None:
    items = ["the sea rises", "the sea stands", "**Ebb**: the sea falls"]
    label = "**Stages of the tide:**\n\n"
    whole = _keys(label + "".join(f"{n}. {item}\n" for n, item in enumerate(items, start=1)))
    turned = _keys(label + "".join(f"{n}. {item}\n" for n, item in enumerate(reversed(items), start=1)))
    longer = _keys(label + "1. the moon pulls\n" + "".join(f"{n}. {item}\n" for n, item in enumerate(items, start=2)))
    assert whole == turned
    assert [key for key in longer if key not in whole] == [("item", "Stages of the tide the moon pulls")]
    assert ("item", "Stages of the tide Ebb") in whole


@pytest.mark.parametrize("lang", ["de", "fr", "es", "it", "zh", "pt", "da", "pl"])
def test_a_key_holds_the_words_of_the_note_only(lang: str) -> None:
    text = "**Zeta:**\n\n1. alpha\n2. beta\n\n==Gamma?== Delta.\n\n**Eta**: ein Ding, das man misst\n"
    assert _keys(text, lang) == _keys(text, "en")
