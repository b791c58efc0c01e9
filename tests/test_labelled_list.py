"""Why a list under a label makes no card, word for word as `explain` says it."""

from __future__ import annotations

import pytest

from mkcards.config import Config
from mkcards.extract import explain
from mkcards.parse import parse

LOAVES = "- a long loaf\n- a small roll"


def reasons(label: str, items: str) -> list[str]:
    """Return why labelled-list made no card of these items under a bold label, each with its line."""
    cards, refusals = explain(parse("Note.md", f"**{label}**\n\n{items}\n")[0], Config())
    assert cards.candidates == ()
    return [f"{one.line}: {one.reason}" for one in refusals if one.rule == "labelled-list"]


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        (f"{'bread ' * 20}and the{' ovens' * 19}:", "the label is too long"),
        ("12 + 5:", "the label has no words"),
        ("E.g.:", "the label asks nothing"),
        ("Bread → oven:", "it is a chain or an example"),
        ("Bread for example:", "it is a chain or an example"),
        ("Bread of you:", "it is about the writer or the reader"),
        ("It needs these tools:", "the label leans on what stands before it"),
        ("But the oven of the town:", "the label leans on what stands before it"),
        ("The kinds of bread above:", "the label leans on what stands before it"),
        ("What of it??", "the label leans on what stands before it"),
        ("Kinds of bread, a long loaf and a small roll:", "the label names its items already"),
    ],
)
def test_a_label_that_can_not_be_asked_says_why(label: str, reason: str) -> None:
    assert reasons(label, LOAVES) == [f"3: {reason}"]


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ("- [ ] a long loaf\n- [x] a roll", "it is a list of tasks"),
        ("- a loaf?\n- a roll?", "it is a list of questions"),
        ("- a loaf:\n- a roll:", "its items are only labels"),
        ("- a loaf\n- a roll:\n- a bun", "an item goes on outside the list"),
        ("- 2021-05-12 a loaf\n- 2021-06-12 a roll", "it is a list of dates"),
        ("- a = 5\n- b = 6", "its items are the values of an example"),
        ("- *Bread and salt*, by A. Miller, 2011\n- *The oven*, by B. Smith, 2012", "it is a reading list"),
        (
            "- loaf\n    ```\n    bake()\n    ```\n- roll\n    ```\n    bake()\n    ```",
            "its items stand for what is nested in them",
        ),
        ("- form:: long\n- crust:: hard", "it is a list of metadata fields"),
        ("- author: Miller\n- year: 2011\n- publisher: Oven", "it describes a book"),
        ("- [[Loaf]]\n- [[Roll]]", "it is a list of links"),
        ("- ```\n  x\n  ```\n- a roll", "an item has no text of its own"),
        ("- 500 g flour\n- 300 ml water", "it is a list of amounts"),
    ],
)
def test_items_that_are_nothing_to_learn_say_why(items: str, reason: str) -> None:
    assert reasons("Kinds of bread:", items) == [f"3: {reason}"]


def test_a_note_without_a_known_language_says_so() -> None:
    note, _ = parse(
        "Note.md", "## Kinds of bread\n\n- rye bread\n- white bread\n- black bread\n- brown bread\n- old bread\n"
    )
    unknown, known = (explain(note, Config(lang=lang)) for lang in ("auto", "en"))
    why = "the note's language is not recognised, so nothing above it is seen to be a label; name it with `lang`"
    assert [(one.line, one.reason) for one in unknown[1]] == [(3, why)]
    assert [card.fields.prompt for card in known[0].candidates] == ["What are the kinds of bread?"]
