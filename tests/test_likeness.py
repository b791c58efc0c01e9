"""How sure it is that one card is an edit of another, to three places, by what is known besides their words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mkcards.counting import uncounted
from mkcards.likeness import Setting, judge
from mkcards.match import Spot
from mkcards.phrase_tables import LANGUAGES
from mkcards.phrasing import phrases
from mkcards.wording import Wording

BEST = Setting(place=True, near=True, shared=False, heading=True, alive=False, mould=lambda words: False)
NEAR = replace(BEST, place=False, heading=False)
SETTINGS = (
    BEST,
    NEAR,
    replace(NEAR, near=False),
    replace(BEST, shared=True),
    replace(BEST, alive=True),
    replace(BEST, shared=True, mould=lambda words: True),
)
"""The best; elsewhere in its note; in another note; an answer of others too; a question of others; one of a mould."""
PULLS = "the moon pulls the water of the sea towards itself"
DRAWS = PULLS.replace("pulls", "draws")
TWICE = f"{PULLS} twice a day"
SLIP = PULLS.replace("water", "watre")


def scores(old: Spot, new: Spot) -> tuple[float, ...]:
    """Return the score in each setting, 0 for two questions."""
    verdicts = (judge(old, new, setting) for setting in SETTINGS)
    return tuple(round(verdict.score, 3) if verdict else 0 for verdict in verdicts)


def changed(kind: str, *texts: str, to: str = "") -> tuple[Spot, Spot]:
    """Return a card and what became of it: question, answer, question, answer; the key of an item ends in its text."""
    old, new = texts[:2], texts[2:]
    keys = [f"{asked} {told}" if kind == "item" else asked for asked, told in (old, new)]
    return (
        Spot("a.md", kind, keys[0], (), "", old[1]),
        Spot("a.md", to or kind, keys[1], (), "", new[1]),
    )


@pytest.mark.parametrize(
    ("pair", "score"),
    [
        pytest.param(changed("definition", "Ebb", PULLS, "Low water", PULLS), (0.71, 0, 0, 0, 0, 0), id="renamed term"),
        pytest.param(
            changed(
                "list",
                "Parts of a ship",
                "- bow\n- stern\n- keel of oak\n- deck of pine",
                "What it is built of",
                "- bow\n- stern\n- keel of oak\n- deck of pine",
            ),
            (0.71, 0, 0, 0.71, 0, 0.71),
            id="renamed list",
        ),
        pytest.param(
            changed("question", "Does the tide rise every day?", "yes", "Does the tide rise every single day?", "yes"),
            (0.825, 0, 0, 0.825, 0.825, 0),
            id="reworded question yes",
        ),
        pytest.param(
            changed(
                "question",
                "Does the tide rise quickly in winter?",
                "yes",
                "Does the tide rise quickly in summer?",
                "yes",
            ),
            (0.8, 0, 0, 0.8, 0, 0),
            id="swapped content yes",
        ),
        pytest.param(
            changed(
                "question",
                "What is the left pier made of?",
                "planks of oak and pine from the north",
                "What is the right pier made of?",
                "planks of oak and pine from the north",
            ),
            (0.76, 0.7, 0, 0, 0, 0),
            id="opposed question same answer",
        ),
        pytest.param(
            changed("question", "tide", "yes", "tied", "yes"),
            (1.01, 0.95, 0.95, 1.01, 1.01, 1.01),
            id="respelled question same answer",
        ),
        pytest.param(
            changed("question", "Why is there a tide?", PULLS, "Why is there a tide?", SLIP),
            (0.96, 0.9, 0.9, 0.96, 0.96, 0.96),
            id="respelled answer same question",
        ),
        pytest.param(
            changed("question", "harbor", "a haven of shps", "harbour", "a haven of ships"),
            (0.94, 0.88, 0.88, 0.94, 0.94, 0.94),
            id="respelled answer respelled question",
        ),
        pytest.param(
            changed("question", "Why is there a tide?", PULLS, "Why is there a high tide?", SLIP),
            (0.875, 0.815, 0.815, 0.875, 0.875, 0.875),
            id="respelled answer reworded question",
        ),
        pytest.param(
            changed("definition", "Ebb", PULLS, "Low water", SLIP),
            (0.68, 0, 0, 0.68, 0, 0.68),
            id="respelled answer other question",
        ),
        pytest.param(
            changed("question", "Why is there a tide?", PULLS, "Why is there a tide?", TWICE),
            (0.91, 0.85, 0.85, 0.91, 0.91, 0.91),
            id="extended answer same question",
        ),
        pytest.param(
            changed("question", "Who?", "the captain of a large ship of the north", "Who?", "captain"),
            (0.56, 0, 0, 0.56, 0.56, 0.56),
            id="extended little answer same question",
        ),
        pytest.param(
            changed("question", "harbor", PULLS, "harbour", TWICE),
            (0.86, 0.8, 0.8, 0.86, 0.86, 0.86),
            id="extended answer respelled question",
        ),
        pytest.param(
            changed("question", "Why is there a tide?", PULLS, "Why is there a high tide?", TWICE),
            (0.825, 0.765, 0.765, 0.825, 0.825, 0.825),
            id="extended answer reworded question",
        ),
        pytest.param(
            changed("definition", "Ebb", PULLS, "Low water", TWICE),
            (0.66, 0, 0, 0.66, 0, 0.66),
            id="extended answer other definition",
        ),
        pytest.param(
            changed("question", "Why is there a tide?", PULLS, "Why is there a tide?", DRAWS),
            (0.823, 0.763, 0.763, 0.823, 0.823, 0.823),
            id="reworded answer same question",
        ),
        pytest.param(
            changed(
                "question",
                "Why is there a tide?",
                "the moon pulls the sea",
                "Why is there a tide?",
                "the moon draws water",
            ),
            (0.56, 0, 0, 0.56, 0.56, 0.56),
            id="reworded answer same question low",
        ),
        pytest.param(
            changed(
                "question",
                "harbor",
                f"{PULLS} and so the ships can enter the harbour twice a day only",
                "harbour",
                f"{DRAWS} and so the ships can enter the harbour twice a day only",
            ),
            (0.842, 0.782, 0.782, 0.842, 0.842, 0.842),
            id="reworded answer respelled question long",
        ),
        pytest.param(
            changed("question", "What is the old harbor?", PULLS, "What is the old harbour?", DRAWS),
            (0.773, 0.713, 0.713, 0.773, 0.773, 0.773),
            id="reworded answer respelled question",
        ),
        pytest.param(
            changed(
                "question", "Why is there a tide in the sea?", PULLS, "Why is there a high tide in the sea?", DRAWS
            ),
            (0.82, 0.76, 0, 0.82, 0.82, 0.82),
            id="reworded answer reworded question",
        ),
        pytest.param(
            changed(
                "list",
                "Ebb",
                "- the moon pulls the sea\n- the sun pulls the sea\n- the earth turns",
                "Low water",
                "- the moon pulls the sea\n- the sun draws the sea\n- the earth turns",
            ),
            (0.61, 0, 0, 0.61, 0, 0.61),
            id="reworded answer other question list",
        ),
        pytest.param(
            changed("question", "Why is there a tide?", PULLS, "Why is there a tide?", "nobody knows"),
            (0.56, 0, 0, 0.56, 0.56, 0.56),
            id="other answer same question",
        ),
        pytest.param(
            changed("definition", "Tide", PULLS, "What is the tide?", PULLS, to="question"),
            (0.771, 0.711, 0.711, 0, 0.771, 0),
            id="kind",
        ),
        pytest.param(
            changed("item", "Parts", "bow of the old ship", "Parts", "bow of the old white ship"),
            (0.903, 0.843, 0, 0.903, 0.903, 0.903),
            id="item extended",
        ),
        pytest.param(
            changed("item", "Parts", "the bow of the old ship at sea", "Parts", "the bow of the white ship at sea"),
            (0.81, 0.75, 0, 0.81, 0.81, 0.81),
            id="item reworded",
        ),
        pytest.param(
            changed("item", "Parts", "the bow of the old ship at sea", "Belongings", "the bow of the old ship at sea"),
            (0.66, 0, 0, 0, 0, 0),
            id="item other label",
        ),
        pytest.param(
            changed("item", "Parts of ships:", "bow of it", "Main parts of ships:", "bow of it"),
            (0.817, 0.757, 0, 0, 0.817, 0),
            id="item reworded label",
        ),
        pytest.param(
            changed("item", "Parts", "bow", "Part", "bow"), (0.96, 0.9, 0, 0.96, 0.96, 0.96), id="item respelled"
        ),
        pytest.param(
            changed("list", "Parts", "- bow\n- stern\n- keel", "What it has", "- bow\n- stern\n- keel\n- deck"),
            (0.66, 0, 0, 0.66, 0, 0.66),
            id="extended list",
        ),
    ],
)
def test_how_sure_an_edit_is(pair: tuple[Spot, Spot], score: tuple[float, ...]) -> None:
    assert scores(*pair) == score


SAILS = "1. main sail\n2. fore sail\n    - the jib"
MORE_SAILS = f"{SAILS}\n3. topsail"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Two sails of a cutter", "Three sails of a cutter"),
        ("The 2 sails of a cutter", "The 3 sails of a cutter"),
        ("What are the two sails of a cutter?", "What are the three sails of a cutter?"),
        ("Zwei Segel eines Kutters", "Drei Segel eines Kutters"),
        ("Deux voiles d'un cotre", "Trois voiles d'un cotre"),
        ("Dos velas de un balandro", "Tres velas de un balandro"),
        ("Due vele di un cutter", "Tre vele di un cutter"),
        ("Duas velas de um cúter", "Três velas de um cúter"),
        ("Два паруса тендера", "Три паруса тендера"),
        ("快艇的两个帆", "快艇的三个帆"),
    ],
)
@pytest.mark.parametrize("kind", ["list", "question"])
def test_a_number_that_counts_the_items_is_no_difference(kind: str, before: str, after: str) -> None:
    same = scores(*changed(kind, before, SAILS, before, MORE_SAILS))
    assert same == (0.91, 0.85, 0.85, 0.91, 0.91, 0.91)
    assert scores(*changed(kind, before, SAILS, after, MORE_SAILS)) == same
    assert scores(*changed(kind, after, MORE_SAILS, before, SAILS)) == same
    # Where the number was wrong, and is right now.
    assert scores(*changed(kind, before, MORE_SAILS, after, MORE_SAILS))[0] == 1.03
    # Where it counts something else.
    assert scores(*changed(kind, after, SAILS, before, MORE_SAILS))[1:3] == (0, 0)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_number_that_labels_count_by_is_known(code: str) -> None:
    words = phrases(code).table["number_words"]
    unknown = {word for word, number in words.items() if uncounted((*Wording(word).words, "x"), number)[-1:] != "x"}
    # They are other words in English, French and Italian, whose labels would lose them.
    assert unknown == ({"to", "fire", "ni", "ti"} if code == "da" else set())


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(
            changed("question", "Who leads the ship?", "the captain", "Which officer commands here?", "the captain"),
            id="renamed question, short answer",
        ),
        pytest.param(
            changed("question", "What is the left pier made of?", "oak", "What is the right pier made of?", "oak"),
            id="opposed question short",
        ),
        pytest.param(
            changed("question", "Ebb?", PULLS, "Low water?", SLIP), id="respelled answer other question question"
        ),
        pytest.param(
            changed("question", "ethane", "a gas of ethane", "ethan", "a gas of ethene"), id="opposed respelled answer"
        ),
        pytest.param(
            changed("question", "Who?", "the captain of a large ship of the north", "Where at all?", "captain"),
            id="extended little answer other question",
        ),
        pytest.param(
            changed("question", "Why?", "it is a bird", "Why at all?", "it is not a bird"), id="extended opposed"
        ),
        pytest.param(
            changed("question", "harbor", "a haven", "harbour", "a big haven"),
            id="extended answer respelled question short",
        ),
        pytest.param(changed("question", "Ebb?", PULLS, "Low water?", TWICE), id="extended answer other question"),
        pytest.param(changed("item", "Parts", "bow of the old ship", "Parts", "keel"), id="item same label other"),
        pytest.param(changed("item", "Parts", "old bow here", "Parts", "white bow here"), id="item reworded little"),
        pytest.param(changed("item", "Lungs", "left lung", "Lungs", "right lung"), id="item opposed"),
        pytest.param(
            changed(
                "question",
                "Kinds of things",
                "bow stern keel deck mast sail rope oar hull rudder anchor helm galley cabin",
                "Kinds of trees",
                "oak pine elm ash birch cedar beech maple fir yew alder holly rowan willow",
            ),
            id="far answers",
        ),
        pytest.param(
            changed("question", "Ebb", "the fall of the sea", "Keel", "a long beam below"),
            id="other answer other question",
        ),
        pytest.param(
            changed(
                "question",
                "the harbor",
                "it lies on the left side of the old town",
                "the harbour",
                "it lies on the right side of the old town",
            ),
            id="reworded answer opposed",
        ),
    ],
)
def test_what_is_another_question_wherever_it_stands(pair: tuple[Spot, Spot]) -> None:
    assert scores(*pair) == (0, 0, 0, 0, 0, 0)
