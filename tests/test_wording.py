from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkcards.likeness import Setting, judge
from mkcards.match import Spot
from mkcards.wording import Degree, Wording, are_opposed, compare, is_slip

BEST = Setting(place=True, near=True, shared=False, heading=True, alive=False, mould=lambda words: False)


@pytest.mark.parametrize(
    ("old", "new", "degree", "opposed"),
    [
        ("The *policy*.", "the policy", Degree.SAME, False),
        ("hypothyroidism", "hypothyrodism", Degree.SPELLED, False),
        ("hypothyroidism", "hyperthyroidism", Degree.SPELLED, True),
        ("adduction", "abduction", Degree.SPELLED, True),
        ("typical", "atypical", Degree.SPELLED, True),
        ("data set", "dataset", Degree.SPELLED, False),
        ("Na", "K", Degree.OTHER, False),
        ("CD4 cells", "CD8 cells", Degree.REWORDED, True),
        ("a hormone", "not a hormone", Degree.EXTENDED, True),
        ("сахар растворяется", "сахар не растворяется", Degree.EXTENDED, True),
        ("a corda cede", "a corda não cede", Degree.EXTENDED, True),
        ("What is the capital?", "What is the capital of France?", Degree.EXTENDED, False),
        ("What is the capital of France?", "What is the capital of Spain?", Degree.REWORDED, False),
        ("- one\n- two\n- three", "- three\n- one\n- two", Degree.SPELLED, False),
        ("- one\n- two", "- one\n- two\n- three", Degree.EXTENDED, False),
        ("1. one thing\n2. two things", "1. one thign\n2. two things", Degree.SPELLED, False),
        ("a post^[of iron, see [[Iron]]] and a rope", "a post and a rope", Degree.SAME, False),
        ("- a post^[of iron,\nnot of wood]\n- a rope", "- a post\n- a rope", Degree.SAME, False),
    ],
)
def test_how_two_wordings_differ(old: str, new: str, degree: Degree, opposed: bool) -> None:
    change = compare(Wording(old), Wording(new))
    assert (change.degree, change.opposed) == (degree, opposed)


@given(st.text(max_size=40), st.text(max_size=40))
def test_comparing_is_total_and_fair(old: str, new: str) -> None:
    one, other = compare(Wording(old), Wording(new)), compare(Wording(new), Wording(old))
    assert 0 <= one.ratio <= 1
    assert (one.degree == Degree.SAME) == (other.degree == Degree.SAME)
    assert compare(Wording(old), Wording(old)).degree == Degree.SAME


@pytest.mark.parametrize(("old", "new"), [("policy", "polciy"), ("policy", "poliy"), ("cat", "cats"), ("the", "teh")])
def test_slips(old: str, new: str) -> None:
    assert is_slip(old, new)


@pytest.mark.parametrize(("old", "new"), [("cat", "car"), ("na", "ma"), ("t3", "t4"), ("left", "right")])
def test_no_slips(old: str, new: str) -> None:
    assert not is_slip(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [("afferent", "efferent"), ("ethane", "ethene"), ("maltase", "maltose"), ("left", "right"), ("x", "y"), ("<", ">")],
)
def test_opposites(old: str, new: str) -> None:
    assert are_opposed(old, new)
    assert are_opposed(new, old)


def spot(key: str, answer: str, kind: str = "question") -> Spot:
    return Spot("a.md", kind, key, (), "", answer)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            spot("hypothyroidism", "too little hormone of the thyroid"),
            spot("hypothyrodism", "too little hormone of the thyroid"),
            "the question spelled differently, the same answer",
        ),
        (
            spot("Why does it move?", "Because a force acts on it."),
            spot("Why does the body move?", "Because a force acts on it."),
            "the question reworded, the same answer",
        ),
        (
            spot("Causes of war", "1. greed of kings\n2. fear of others", "list"),
            spot("Why wars begin", "1. greed of kings\n2. fear of others\n3. pride", "list"),
            "the question in other words, the answer longer or shorter",
        ),
        (
            spot("Phases learning to plan far ahead", "learning to plan far ahead", "item"),
            spot("Phases learning to plann far ahead", "learning to plann far ahead", "item"),
            "the same label, the item spelled differently",
        ),
    ],
)
def test_what_is_an_edit(old: Spot, new: Spot, why: str) -> None:
    verdict = judge(old, new, BEST)
    assert verdict is not None
    assert verdict.why == why


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (spot("hypothyroidism", "too little hormone"), spot("hyperthyroidism", "too much hormone")),
        (spot("hypothyroidism", "a thyroid disorder"), spot("hyperthyroidism", "a thyroid disorder")),
        (spot("Is light a wave?", "yes"), spot("Is sound a wave?", "yes")),
        (
            spot("What is the capital of France?", "Paris is the capital of France"),
            spot("What is the capital of Spain?", "Madrid is the capital of Spain"),
        ),
        (spot("Lungs left lung", "left lung", "item"), spot("Lungs right lung", "right lung", "item")),
        (spot("Na", "sodium"), spot("K", "potassium")),
        (
            spot("What does insulin do to the sugar in the blood?", "It lowers the sugar in the blood in minutes."),
            spot("What does glucagon do to the sugar in the blood?", "It raises the sugar in the blood in minutes."),
        ),
        (
            spot("What does insulin do to the sugar in the blood?", "It lowers it."),
            spot("What does glucagon do to the sugar in the blood?", "It lowers it and the pressure in the blood."),
        ),
    ],
)
def test_what_is_another_question_even_in_the_same_place(old: Spot, new: Spot) -> None:
    assert judge(old, new, BEST) is None
