"""What `explain` says of lines that begin with a term, and what the golden cases do not show of their cards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mkcards.config import Config
from mkcards.data import Candidate
from mkcards.extract import explain
from mkcards.parse import parse
from mkcards.rule import Finding, Look, Rule
from mkcards.rules import RULES

GERMAN = "---\nlang: de\n---\n"


def reasons(text: str) -> list[str]:
    """Return why term-line made no card, each with its line."""
    _, refusals = explain(parse("Note.md", text)[0], Config())
    return [f"{one.line}: {one.reason}" for one in refusals if one.rule == "term-line"]


def cards(text: str) -> tuple[Candidate, ...]:
    return explain(parse("Note.md", text)[0], Config())[0].candidates


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A day at sea.\n\n**Note**: the ferry leaves late.", "3: “Note” is a generic label, no term"),
        ("## Example\n\n**Pier**: a long bridge that ends in the sea", "3: it is an example"),
        ("**Harbour master**: Jonas Petersen", "1: only a name follows the term"),
        ("**Tide table**: who prints one every year?", "1: what follows the term is no text to learn"),
        ("**Pier**: it has three parts and", "1: what follows the term breaks off"),
        ("**All piers**: they end in the sea.", "1: a statement about any or all is no term"),
        (GERMAN + "**Auf See**: Das Schiff fährt und wird gesteuert.", "4: it begins with a preposition"),
        ("**X**: 5 m/s and", "1: a letter, a number or a word to the reader does not show what is asked"),
    ],
)
def test_a_line_without_a_card_says_why(text: str, said: str) -> None:
    assert (reasons(text), cards(text)) == ([said], ())


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ("A1: the boat that leaves at dawn", "A2: the boat that leaves at noon"),
            "a letter or number is no term",
        ),
        (
            ("The crane is old: it stands on the quay", "The pier is new: it stands in the water"),
            "a sentence or formula is no term",
        ),
        (("Pier: big and", "Quay: wide, wet"), "too little follows an unmarked term"),
        (("Pier: so is one", "Quay: wet is it"), "too little follows an unmarked term"),
        (
            ("**Depth**: as in the charts", "**Width**: as in the charts", "**Draught**: as in the charts"),
            "the same text follows other terms",
        ),
    ],
)
def test_each_line_of_a_list_says_why(lines: tuple[str, ...], said: str) -> None:
    text = "\n".join(f"- {line}" for line in lines)
    assert (reasons(text), cards(text)) == ([f"{at}: {said}" for at in range(1, len(lines) + 1)], ())


def test_a_head_under_three_headings_is_a_field() -> None:
    sections = [
        f"# Room {name}\n\n**{head}**: the place by the stairs {name}\n"
        for name, head in zip("123", ("Host", "host", "HOST"), strict=True)
    ]
    assert reasons("\n".join(sections)) == [
        "3: “Host” stands under several headings: a field, no term",
        "7: “host” stands under several headings: a field, no term",
        "11: “HOST” stands under several headings: a field, no term",
    ]
    assert [card.key for card in cards("\n".join(sections[:2]))] == ["Host", "host"]


def test_the_same_text_behind_two_terms_tells_them_apart() -> None:
    text = "- **Depth**: as in the charts\n- **Width**: as in the charts"
    assert reasons(text) == []
    assert [card.key for card in cards(text)] == ["Depth", "Width"]


def test_a_definition_list_knows_the_line_of_its_term() -> None:
    text = "Pier\n: a long bridge that ends in the sea\n\nWhat is a quay?\n: a wall of stone\n\nMole\n: 14\n"
    assert [(card.key, card.label_line, card.line, card.end_line) for card in cards(text)] == [("Pier", 1, 2, 2)]


def test_a_card_knows_the_lines_of_its_answer() -> None:
    text = "- **Wave speed**:\n\n    $$\n    v = \\lambda f\n    $$\n\n- **Wave**\n    - a hill of water that moves\n"
    assert [(card.key, card.label_line, card.line, card.end_line) for card in cards(text)] == [
        ("Wave speed", 1, 1, 5),
        ("Wave", 8, 8, 8),
    ]


@pytest.mark.parametrize(
    "below",
    [
        "- a short post",
        "- a short post on the quay\n    - to which a ship is moored",
        "> - a short post on the quay\n    > - to which a ship is moored",
        "```\n    a short post on the quay\n    ```",
    ],
)
def test_what_stands_below_a_lone_term_must_be_one_text(below: str) -> None:
    assert [card.rule for card in cards(f"- **Bollard**\n    {below}\n") if card.rule == "term-line"] == []


def test_three_words_of_which_two_are_longer_are_enough() -> None:
    text = "- Pier: an old hut\n- Quay: the new pen"
    assert reasons(text) == []
    assert [(card.key, card.fields.answer) for card in cards(text)] == [("Pier", "an old hut"), ("Quay", "the new pen")]


def test_what_makes_no_card_hides_nothing_below_it() -> None:
    definitions = "Pier\n: a long bridge that ends in the sea\n\n"
    quoted = "==Who built the pier?== The town.\n\n"
    assert [card.key for card in cards(f"{definitions}{quoted}**Quay**: a wall at which ships are loaded")] == [
        "Pier",
        "Who built the pier?",
        "Quay",
    ]


def test_a_field_hides_no_term_in_its_paragraph() -> None:
    terms = ("Mole", "Quay", "Pier")
    text = "\n".join(
        f"# Part {term}\n\nThe form of it.\n**Host**: by the stairs\n**{term}**: a wall of stone {at}\n"
        for at, term in enumerate(terms)
    )
    assert reasons(text) == [f"{line}: “Host” stands under several headings: a field, no term" for line in (4, 10, 16)]
    assert [card.key for card in cards(text)] == list(terms)


PIER = "a long bridge that ends in the sea"
QUAY = "a wall at which ships are loaded"
MOLE = "a wall of stone that breaks the waves"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            f"Pier: {PIER}\nQuay: {QUAY}\nMole: {MOLE}",
            [("Pier", PIER, 1, 1), ("Quay", QUAY, 2, 2), ("Mole", MOLE, 3, 3)],
        ),
        (f"Pier: {PIER}\nQuay: {QUAY}", []),
        (f"**Pier**: {PIER}\n*Quay*: {QUAY}", [("Pier", PIER, 1, 1), ("Quay", QUAY, 2, 2)]),
        (f"**Pier**: {PIER}\n**Last year** it burned down", [("Pier", PIER, 1, 1)]),
        (f"**Pier**: {PIER}\nand has a lamp at its end", [("Pier", f"{PIER}\nand has a lamp at its end", 1, 2)]),
        (f"**Pier**. {PIER}\n**Quay**. {QUAY}", [("Pier", PIER, 1, 1), ("Quay", QUAY, 2, 2)]),
        (f"**Pier**. {PIER}", []),
        (f"- **Pier**. {PIER}", [("Pier", PIER, 1, 1)]),
        (f"- Pier: {PIER}", []),
        (f"- Pier: {PIER}\n- Quay: {QUAY}", [("Pier", PIER, 1, 1), ("Quay", QUAY, 2, 2)]),
        (f"> Pier: {PIER}\n\nQuay: {QUAY}", []),
    ],
)
def test_where_a_term_begins_and_its_text_ends(text: str, found: list[tuple[str, str, int, int]]) -> None:
    terms = [card for card in cards(text) if card.rule == "term-line"]
    assert [(card.key, card.fields.answer, card.line, card.end_line) for card in terms] == found


def test_a_lead_to_examples_is_no_part_of_the_text() -> None:
    lead = "**Pier**: a long bridge, built on piles, for example:\n\n- the one of our town\n- the one of Esbjerg"
    (card,) = (one for one in cards(lead) if one.rule == "term-line")
    assert (card.key, card.fields.answer) == ("Pier", "a long bridge, built on piles")
    (whole,) = cards("**Pier**: a long bridge, built on piles, for example of oak")
    assert whole.fields.answer == "a long bridge, built on piles, for example of oak"


def test_a_file_named_after_an_exercise_holds_no_terms() -> None:
    text = f"# Harbours of the north\n\n**Pier**: {PIER}"
    _, refusals = explain(parse("Exercise 4.md", text)[0], Config())
    assert [(one.line, one.reason) for one in refusals if one.rule == "term-line"] == [(3, "it is an example")]
    assert len(explain(parse("Exercises at sea.md", text)[0], Config())[0].candidates) == 1


def test_the_reverse_asks_for_the_term() -> None:
    config = Config(reverse={"term-line": True})
    (card,) = explain(parse("Note.md", f"The sea is wide.\n\n**Pier**: {PIER}")[0], config)[0].candidates
    asked = f"Which term is meant?\n\n{PIER}"
    assert (card.fields.reverse_prompt, card.fields.reverse_answer) == (asked, "Pier")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (f"# Harbour\n\nPier - {PIER}\n\nQuay - {QUAY}\n\nMole - {MOLE}\n", ["Pier", "Quay", "Mole"]),
        (f"Pier - {PIER}\n\nQuay - {QUAY}\n\nThe harbour is old.\n", []),
        (f"Mole - {MOLE}\n\nThe harbour is old.\n\nPier - {PIER}\n\nQuay - {QUAY}\n", []),
        (f"The harbour is old.\n\nPier - {PIER}\n\nQuay - {QUAY}\n\n## Mole - {MOLE}\n", []),
    ],
)
def test_unmarked_terms_count_in_three_paragraphs_in_a_row(text: str, keys: list[str]) -> None:
    assert [card.key for card in cards(text)] == keys


def test_a_field_of_two_words_is_a_field() -> None:
    text = "".join(f"# Room {name}\n\n**First name**: the place by the stairs {name}\n\n" for name in "123")
    said = "“First name” stands under several headings: a field, no term"
    assert (reasons(text), cards(text)) == ([f"{line}: {said}" for line in (3, 7, 11)], ())


def test_what_another_rule_asks_is_left_alone() -> None:
    (card,) = cards("**Tide**: ==What pulls the sea?== The moon pulls the sea.\n")
    assert (card.rule, card.key, card.fields.answer) == (
        "highlighted-question", "What pulls the sea?", "The moon pulls the sea.",
    )  # fmt: skip
    nested = "**Two parts of the harbour:**\n\n1. pier\n    - **Deck**: the planks on which people walk\n2. quay\n"
    assert [(card.rule, card.key) for card in cards(nested)][-2:] == [
        ("item-explanation", "Two parts of the harbour pier"),
        ("term-line", "Deck"),
    ]
    alone = "**Parts of the harbour:**\n\n- **Pier**\n    - a long bridge of wood\n- **Quay**\n    - a wall of stones\n"
    assert [(card.rule, card.key) for card in cards(alone)] == [
        ("labelled-list", "Parts of the harbour"),
        ("item-explanation", "Parts of the harbour Pier"),
        ("item-explanation", "Parts of the harbour Quay"),
    ]


FORMULA = "$$\nv = \\lambda f\n$$"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"**Wave speed**: how fast a crest runs\n\n{FORMULA}\n", [(f"how fast a crest runs\n\n{FORMULA}", 1, 1)]),
        (f"- **Wave speed**:\n\n{FORMULA}\n".replace("\n", "\n  "), [(FORMULA, 1, 5)]),
        (f"*Wave speed*:\n\n{FORMULA}\n", []),
    ],
)
def test_a_formula_below_a_term(text: str, found: list[tuple[str, int, int]]) -> None:
    assert [(card.fields.answer, card.line, card.end_line) for card in cards(text)] == found


def test_a_label_says_of_what_a_list_tells() -> None:
    text = f"**Two parts of the harbour:**\n\n- **Pier**: {PIER}\n- **Quay**: {QUAY}\n"
    parts = [card for card in cards(text) if card.rule == "term-line"]
    assert [card.fields.context for card in parts] == [("Note", "Two parts of the harbour")] * 2
    named = "**Two masters of the harbour:**\n\n- **Pier master**: Jonas Petersen\n- **Quay master**: Anna Hansen\n"
    assert [(card.key, card.fields.answer) for card in cards(named)][1:] == [
        ("Pier master", "Jonas Petersen"),
        ("Quay master", "Anna Hansen"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- **Bollard**\n    > a short stone post\n", [("term-line", "a short stone post", 2)]),
        ("- **Bollard**\n    - a short stone post\n", [("term-line", "a short stone post", 2)]),
        ("- **Bollard**\n    > > a short stone post\n", [("term-line", "a short stone post", 2)]),
        ("- **Bollard**\n    > a stone post\n", []),
        ("- Bollard\n    > a short stone post\n", []),
        ("- **Bollard**\n    > a short stone post\n\n    with it\n", [("quoted-definition", "a short stone post", 2)]),
        ("**Bollard**\n\n> a stone post on the quay\n", [("quoted-definition", "a stone post on the quay", 3)]),
        (
            "- **Bollard**\n    - a short stone post\n    - with a rope\n",
            [("labelled-list", "- a short stone post\n- with a rope", 2)],
        ),
    ],
)
def test_who_asks_for_what_stands_below_a_lone_term(text: str, found: list[tuple[str, str, int]]) -> None:
    assert [(card.rule, card.fields.answer, card.line) for card in cards(text)] == found


def test_a_full_width_colon_leads_to_examples_too() -> None:
    text = "---\nlang: zh\n---\n**码头**：海边的长桥, 例如：\n\n- 我们镇上的\n- 河边的\n"
    assert [(card.key, card.fields.answer) for card in cards(text)] == [("码头", "海边的长桥")]


def test_a_formula_belongs_to_the_term_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []

    def last(look: Look) -> Iterator[Finding]:
        seen.append({block.kind: rule for block, rule in look.taken.items()})
        yield from ()

    monkeypatch.setattr("mkcards.extract.installed", lambda: (*RULES, Rule("last", last)))
    cards(f"**Wave speed**: how fast a crest runs\n\n{FORMULA}\n")
    assert seen == [{"paragraph": "term-line", "math": "term-line"}]
