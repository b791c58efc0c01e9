from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mkcards.data import Candidate, Card, Fields, Ledger, NoteCards
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.identify import identify
from mkcards.match import STEPS
from mkcards.wording import normal


def cand(key: str, answer: str = "an answer", *headings: str, kind: str = "definition", **more: Any) -> Candidate:
    shown = {name: more.pop(name) for name in ("reverse_prompt", "reverse_answer", "details") if name in more}
    fields = Fields(more.pop("prompt", f"What is {key}?"), answer, **shown)
    return Candidate("term-line", kind, key, fields, 1, 1, 1, headings, **more)


def note(path: str, *candidates: Candidate, **more: Any) -> NoteCards:
    return NoteCards(path, more.pop("title", "T"), candidates=candidates, **more)


def run(old: Ledger, *notes: NoteCards, now: int = 100, **more: Any) -> tuple[Ledger, tuple[Card, ...]]:
    found = identify(notes, old, now=now, **{"roots": (".",), **more})
    assert all(one.code in ("identity", "duplicate-note-id") for one in found.diagnostics)
    return found.ledger, found.cards


def born(*notes: NoteCards) -> tuple[Ledger, dict[tuple[str, str], str]]:
    """The ledger of a first build, and the ids in it by key and answer."""
    ledger, living = run(Ledger("n"), *notes, now=10)
    return ledger, {(card.key, card.fields.answer): card.id for card in living}


def ids(living: Sequence[Card]) -> list[str]:
    return [card.id for card in living]


def test_of_two_notes_of_one_name_the_readable_one_keeps_its_cards() -> None:
    good, bad = "Caf\u00e9.md", "Cafe\u0301.md"
    ledger, known = born(note(good, cand("AGI")), note(bad, cand("Weight")))
    for now in (20, 30):
        lost = replace(note(bad), readable=False)
        ledger, living = run(ledger, note(good, cand("AGI"), cand("Bias")), lost, now=now)
        assert {card.key: card.retired for card in ledger.cards} == {"AGI": None, "Weight": None, "Bias": None}
        assert ids(living)[0] == known["AGI", "an answer"]
    assert len(ledger.cards) == 3


def test_a_birth_id_is_for_ever() -> None:
    _, living = run(Ledger("n"), note("x/a.md", cand("AGI")))
    assert ids(living) == ["p36yd36bcy2cvb3xqtie7dhmm4"]


def test_ids_ignore_phrasing_rule_deck_tags_and_other_machines() -> None:
    _, (first,) = run(Ledger("n"), note("Bücher.md", cand("**AGI**")))
    other = replace(cand("agi ", "else", prompt="Was ist AGI?", anchor="x"), rule="quoted-definition", tags=("t",))
    _, (second,) = run(Ledger("n"), note("Bu\u0308cher.md", other, deck="d", title="U"), now=999)
    assert first.id == second.id


def test_ids_depend_on_namespace_note_and_kind() -> None:
    notes = (note("a.md", cand("k")), note("b.md", cand("k"), cand("k", kind="question")))
    _, living = run(Ledger("n"), *notes)
    _, others = run(Ledger("m"), *notes)
    assert len({*ids(living), *ids(others)}) == 6


def test_a_new_card_is_stamped_now_and_an_unchanged_one_keeps_its_stamp() -> None:
    ledger, _ = born(note("a.md", cand("k")))
    again, living = run(ledger, note("a.md", cand("k")))
    assert again == ledger
    assert living[0].changed == 10


@pytest.mark.parametrize(
    "edited",
    [
        note("a.md", cand("k", "new answer")),
        note("a.md", cand("k", details="more")),
        note("a.md", cand("k", prompt="k?")),
        note("a.md", cand("k", tags=("t",))),
        note("a.md", cand("k"), title="new title"),
        note("b.md", cand("k")),
    ],
)
def test_what_a_learner_sees_moves_the_stamp(edited: NoteCards) -> None:
    ledger, old = born(note("a.md", cand("k")))
    _, (card,) = run(ledger, edited)
    assert (card.id, card.changed) == (old["k", "an answer"], 100)
    _, (card,) = run(ledger, edited, now=3)
    assert card.changed == 11


def test_deck_anchor_and_headings_do_not_move_the_stamp() -> None:
    ledger, _ = born(note("a.md", cand("k")))
    _, (card,) = run(ledger, note("a.md", cand("k", "an answer", "H", anchor="x"), deck="other"))
    assert (card.changed, card.deck, card.headings, card.anchor) == (10, "other", ("H",), "x")


def test_media_and_rendering_move_the_stamp() -> None:
    ledger, _ = born(note("a.md", cand("j"), cand("k")))
    _, living = run(ledger, note("a.md", cand("j"), cand("k")), digests={("a.md", 1): "media"})
    assert [card.changed for card in living] == [10, 100]
    _, living = run(ledger, note("a.md", cand("j"), cand("k")), render_version=1)
    assert [card.changed for card in living] == [100, 100]


def test_a_hash_is_for_ever() -> None:
    _, (card,) = run(Ledger("n"), note("x/a.md", cand("AGI", "an agent")))
    assert card.hash == "28d14d94cec69c11ef3cf510f5dd3f1bf1eb5f50dea44c39"


def test_a_vanished_card_retires_and_returns_with_its_id() -> None:
    ledger, old = born(note("a.md", cand("j"), cand("k")))
    ledger, living = run(ledger, note("a.md", cand("j")))
    assert ids(living) == [old["j", "an answer"]]
    gone = next(card for card in ledger.cards if card.key == "k")
    assert (gone.retired, gone.changed) == (100, 100)
    assert run(ledger, note("a.md", cand("j")), now=200)[0] == ledger
    ledger, living = run(ledger, note("a.md", cand("j"), cand("k")), now=300)
    assert [(card.id, card.retired, card.changed) for card in living] == [
        (old["j", "an answer"], None, 10),
        (old["k", "an answer"], None, 300),
    ]


def test_a_new_question_in_place_of_an_old_one_gets_a_new_id() -> None:
    ledger, old = born(note("a.md", cand("hypothyroidism", "too little hormone")))
    _, (card,) = run(ledger, note("a.md", cand("hyperthyroidism", "too much hormone")))
    assert card.id not in old.values()


def test_swapped_answers_follow_their_questions() -> None:
    ledger, old = born(note("a.md", cand("j", "one"), cand("k", "two")))
    _, living = run(ledger, note("a.md", cand("j", "two"), cand("k", "one")))
    assert ids(living) == [old["j", "one"], old["k", "two"]]


def test_reordering_and_inserting_move_no_id() -> None:
    ledger, old = born(note("a.md", cand("j", "one"), cand("k", "two")))
    _, living = run(ledger, note("a.md", cand("new"), cand("k", "two"), cand("j", "one")))
    assert ids(living)[1:] == [old["k", "two"], old["j", "one"]]


def test_markup_case_and_spacing_are_no_edit_of_the_key() -> None:
    ledger, old = born(note("a.md", cand("General intelligence", "x"), cand("Na", "sodium"), cand("NA", "none")))
    notes = note("a.md", cand("**[[AGI|General  Intelligence]]**", "y"), cand("NA", "not"), cand("Na", "natrium"))
    _, living = run(ledger, notes)
    assert ids(living) == [old["General intelligence", "x"], old["NA", "none"], old["Na", "sodium"]]


def test_duplicates_keep_apart_when_their_order_changes() -> None:
    one, two = cand("k", "same", "A", kind="list"), cand("k", "same", "B", kind="list")
    ledger, _ = born(note("a.md", one, two))
    first, second = (next(card.id for card in ledger.cards if card.headings == (name,)) for name in "AB")
    assert first != second
    _, living = run(ledger, note("a.md", two, one))
    assert ids(living) == [second, first]
    _, living = run(ledger, note("a.md", cand("k", "edited", "B", kind="list")))
    assert ids(living) == [second]


def test_the_same_label_of_another_section_is_another_question() -> None:
    ledger, old = born(
        note("a.md", cand("uses", "cut", "Knife", kind="list"), cand("uses", "eat", "Fork", kind="list"))
    )
    notes = note("a.md", cand("uses", "eat", "Fork", kind="list"), cand("uses", "stir", "Spoon", kind="list"))
    _, living = run(ledger, notes)
    assert living[0].id == old["uses", "eat"]
    assert living[1].id not in old.values()


def test_a_renamed_heading_with_a_new_answer_is_still_the_same_question() -> None:
    ledger, old = born(note("a.md", cand("uses", "cut", "Knife", kind="list")))
    _, living = run(ledger, note("a.md", cand("uses", "cut, slice", "Knives", kind="list")))
    assert ids(living) == [old["uses", "cut"]]


def test_the_same_label_of_a_section_that_took_the_place_of_another_is_another_question() -> None:
    ledger, old = born(note("a.md", cand("uses", "- cut bread\n- peel apples", "Knife", kind="list")))
    _, living = run(ledger, note("a.md", cand("uses", "- stir soup\n- serve rice", "Ladle", kind="list")))
    assert ids(living) != [old["uses", "- cut bread\n- peel apples"]]


def test_a_label_in_a_respelled_section_keeps_its_id_whatever_the_answer() -> None:
    ledger, old = born(note("a.md", cand("uses", "cut", "Kitchen knife", kind="list")))
    _, living = run(ledger, note("a.md", cand("uses", "peel", "Kitchen knive", kind="list")))
    assert ids(living) == [old["uses", "cut"]]


def test_a_renamed_note_takes_its_edited_cards_along() -> None:
    ledger, old = born(note("a.md", cand("i"), cand("j"), cand("k", "old")), note("b.md", cand("k", "b")))
    renamed = note("dir/c.md", cand("i"), cand("j"), cand("k", "new"))
    _, living = run(ledger, renamed, note("b.md", cand("k", "b")))
    assert ids(living) == [old["i", "an answer"], old["j", "an answer"], old["k", "old"], old["k", "b"]]


def test_a_moved_card_keeps_its_id_but_a_copy_is_new() -> None:
    ledger, old = born(note("a.md", cand("j"), cand("k")), note("b.md", cand("l")))
    _, living = run(ledger, note("a.md", cand("j")), note("b.md", cand("k", "an answer", "New"), cand("l")))
    assert ids(living) == [old["j", "an answer"], old["k", "an answer"], old["l", "an answer"]]
    _, living = run(ledger, note("0.md", cand("k")), note("a.md", cand("j"), cand("k")), note("b.md", cand("l")))
    assert living[0].id not in old.values()
    assert living[2].id == old["k", "an answer"]


def test_a_short_retired_item_is_not_taken_for_one_of_another_note() -> None:
    ledger, old = born(note("a.md", cand("uses: cut", "cut", "Knife", kind="item"), cand("k")))
    ledger, _ = run(ledger, note("a.md", cand("k")))
    for heading in ("Saw", "Knife"):
        _, living = run(ledger, note("a.md", cand("k")), note("b.md", cand("uses: cut", "cut", heading, kind="item")))
        assert living[1].id not in old.values()


def test_a_short_item_that_vanished_is_not_taken_for_one_of_a_new_note() -> None:
    ledger, old = born(note("a.md", cand("uses: cut", "cut", "Knife", kind="item"), cand("k"), cand("l")))
    notes = note("a.md", cand("k"), cand("l")), note("b.md", cand("uses: cut", "cut", "Saw", kind="item"))
    _, living = run(ledger, *notes)
    assert living[2].id not in old.values()


def test_a_note_that_was_away_comes_back_elsewhere_with_all_its_cards() -> None:
    cards = cand("uses", "- cut\n- peel", "Knife", kind="list"), cand("uses cut", "cut", "Knife", kind="item")
    ledger, old = born(note("a.md", *cards), note("b.md", cand("k")))
    ledger, _ = run(ledger, note("b.md", cand("k")))
    _, living = run(ledger, note("b.md", cand("k")), note("dir/a.md", *cards), now=200)
    assert ids(living) == [old["k", "an answer"], old["uses", "- cut\n- peel"], old["uses cut", "cut"]]


def test_the_first_name_of_a_folder_stays_while_its_cards_do() -> None:
    ledger, _ = run(Ledger("n"), note("a.md", cand("i"), cand("j"), cand("k")), folder="laptop")
    copied, _ = run(ledger, note("a.md", cand("i"), cand("j"), cand("l", "else")), folder="desktop")
    other, _ = run(ledger, note("b.md", cand("x", "of another")), folder="Law")
    assert (ledger.folder, copied.folder, other.folder) == ("laptop", "laptop", "Law")


def test_a_note_id_follows_the_note_wherever_it_goes() -> None:
    ledger, old = born(note("a.md", cand("k", "old"), note_id="7"))
    _, living = run(ledger, note("a.md", cand("k", "another")), note("b.md", cand("k", "new"), note_id="7"))
    assert living[1].id == old["k", "old"]
    assert living[0].id not in old.values()


def test_a_note_id_that_two_notes_hold_counts_for_neither() -> None:
    ledger, old = born(note("a.md", cand("k"), note_id="7"))
    copies = [note("0.md", cand("k"), note_id="7"), note("a.md", cand("k"), note_id="7")]
    found = identify(copies, ledger, now=100, roots=(".",))
    living = found.cards
    assert living[1].id == old["k", "an answer"]
    assert [card.note_id for card in living] == ["", ""]
    message = 'duplicate-note-id 2 notes have the id "7", so it tells none of them apart; give each its own'
    assert [str(diagnostic) for diagnostic in found.diagnostics] == [f"0.md:1: {message}", f"a.md:1: {message}"]


def test_cards_of_unreadable_notes_and_folders_stay_but_are_not_shipped() -> None:
    ledger, old = born(note("a.md", cand("j")), note("locked/b.md", cand("k")), note("c.md", cand("l")))
    unreadable = replace(note("a.md"), readable=False)
    again, living = run(ledger, unreadable, note("c.md", cand("l"), cand("j")), unread=("locked",))
    assert living[0].id == old["l", "an answer"]
    assert living[1].id not in old.values()
    assert all(card in again.cards for card in ledger.cards)


def test_only_what_lies_under_the_roots_retires() -> None:
    ledger, _ = born(note("Bio/a.md", cand("j")), note("Biology.md", cand("k")))
    again, living = run(ledger, note("Bio/b.md", cand("l")), roots=("Bio",))
    assert [(card.key, card.retired) for card in sorted(again.cards, key=lambda card: card.key)] == [
        ("j", 100),
        ("k", None),
        ("l", None),
    ]
    assert [card.key for card in living] == ["l"]
    assert again.roots == ("Bio",)


def test_a_note_that_is_gone_elsewhere_gives_its_cards_but_never_retires() -> None:
    ledger, before = born(note("Inbox/m.md", cand("j"), cand("k")), note("Inbox/n.md", cand("l")), note("Inbox/o.md"))
    come = note("Bio/m.md", cand("j"), cand("l"))
    again, living = run(ledger, come, roots=("Bio",), is_gone=lambda path: path == "Inbox/m.md")
    assert living[0].id == before["j", "an answer"]
    assert living[1].id not in before.values()
    assert sorted((card.path, card.key, card.retired) for card in again.cards) == [
        ("Bio/m.md", "j", None),
        ("Bio/m.md", "l", None),
        ("Inbox/m.md", "k", None),
        ("Inbox/n.md", "l", None),
    ]


def test_only_paths_outside_the_roots_are_asked_for() -> None:
    ledger, _ = born(note("Bio/a.md", cand("j"), cand("k")), note("Law/b.md", cand("l"), cand("m")))
    asked: list[str] = []
    run(ledger, note("Bio/c.md", cand("n")), roots=("Bio",), is_gone=lambda path: bool(asked.append(path)))
    assert asked == ["Law/b.md"]


def test_a_filled_reverse_stays_filled() -> None:
    both = cand("k", reverse_prompt="Which?", reverse_answer="k")
    ledger, _ = born(note("a.md", both))
    _, (card,) = run(ledger, note("a.md", cand("k", "new")))
    assert (card.fields.reverse_prompt, card.fields.reverse_answer) == ("Which?", "k")
    _, (card,) = run(ledger, note("a.md", cand("k", reverse_prompt="Who?", reverse_answer="K")))
    assert (card.fields.reverse_prompt, card.fields.reverse_answer) == ("Who?", "K")
    _, (card, other) = run(ledger, note("a.md", cand("k", spare=("Whose?", "K")), cand("l", spare=("Whose?", "L"))))
    assert (card.fields.reverse_prompt, card.fields.reverse_answer) == ("Whose?", "K")
    assert (other.fields.reverse_prompt, other.fields.reverse_answer) == ("", "")


def test_a_dropped_card_never_ships_again() -> None:
    ledger, _ = born(note("a.md", cand("k")))
    ledger = replace(ledger, cards=(replace(ledger.cards[0], dropped=True, unknown={"why": "bad"}),))
    again, living = run(ledger, note("a.md", cand("k", "new")))
    assert living == ()
    assert (again.cards[0].dropped, again.cards[0].unknown) == (True, {"why": "bad"})


def test_an_id_once_given_is_never_given_again() -> None:
    ledger, old = born(note("a.md", cand("k", "one", "A", kind="list")))
    _, living = run(ledger, note("a.md", cand("k", "two", "B", kind="list"), cand("k", "three", "C", kind="list")))
    assert len({*ids(living), *old.values()}) == 3


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**Bold**  _text_", "bold text"),
        ("[[Page#Part|shown]] and [[Page]]", "shown and page"),
        ("[link](http://x.y/z_a) ![](i.png)", "link"),
        ("snake_case 2 * 3 C++ C#", "snake_case 2 * 3 c++ c#"),
        ("==mark== `code`[^1]", "mark code"),
        ("a post^[of *iron*, see [[Iron]]] and `a^[b c]`", "a post and a^[b c]"),
        ("STRASSE Straße", "strasse strasse"),
        ("e\u0301", "é"),
    ],
)
def test_normal(text: str, plain: str) -> None:
    assert normal(text) == plain


def test_the_order_of_the_steps_is_from_the_surest() -> None:
    assert [step.name for step in STEPS] == [
        "unchanged",
        "same section",
        "same note",
        "moved with its heading",
        "moved",
        "another kind",
        "new answer",
        "new spelling and answer",
        "new section and answer",
        "another kind and answer",
    ]


CANDIDATES = st.builds(
    cand,
    st.sampled_from(["j", "K", "k", "**k**"]),
    st.sampled_from(["one", "two"]),
    st.sampled_from(["A", "B"]),
    kind=st.sampled_from(["definition", "item"]),
)
VAULTS = st.lists(
    st.builds(
        lambda path, cards, note_id: note(path, *cards, note_id=note_id),
        st.sampled_from("abc"),
        st.lists(CANDIDATES, max_size=5),
        st.sampled_from(["", "", "7"]),
    ),
    max_size=3,
    unique_by=lambda item: item.path,
)


@given(st.lists(VAULTS, min_size=1, max_size=4))
def test_laws_over_any_history(history: list[list[NoteCards]]) -> None:
    ledger = Ledger("n")
    for now, notes in enumerate(history, 10):
        before = ledger
        ledger, living = run(before, *notes, now=now)
        assert len(living) == sum(len(item.candidates) for item in notes)
        assert len(set(ids(living))) == len(living)
        assert {card.id for card in before.cards} <= {card.id for card in ledger.cards}
        assert {card.id for card in ledger.cards if card.retired is None} == set(ids(living))
        again, same = run(ledger, *notes, now=now + 50)
        assert (again, same) == (ledger, living)
        last = {card.id: card for card in before.cards}
        for card in living:
            if card.id in last:
                assert last[card.id].kind == card.kind


def test_a_question_that_becomes_a_list_keeps_its_kind_and_id() -> None:
    asked, causes = "What are the causes?", "- greed\n- fear"
    ledger, old = born(note("a.md", cand(asked, causes, kind="question")))
    for answer in (causes, causes, "- greed\n- fear\n- pride"):
        ledger, (card,) = run(ledger, note("a.md", cand(asked, answer, kind="list")))
        assert (card.id, card.kind) == (old[asked, causes], "question")
    ledger, (card,) = run(ledger, note("a.md", cand(asked, causes, kind="question")))
    assert (card.id, card.kind) == (old[asked, causes], "question")


def test_items_and_explanations_follow_their_list_under_a_new_label_to_another_note() -> None:
    def listed(label: str, *headings: str) -> tuple[Candidate, ...]:
        return (
            cand(label, "1. learn to plan\n2. act on the plan", *headings, kind="list"),
            cand(f"{label} learn to plan", "learn to plan", *headings, kind="item"),
            cand(f"{label} learn to plan", "it foresees what follows", *headings, kind="explanation"),
            cand(f"{label} act on the plan", "act on the plan", *headings, kind="item"),
        )

    ledger, _ = born(note("a.md", cand("j"), *listed("Phases", "Training")))
    before = ids(run(ledger, note("a.md", cand("j"), *listed("Phases", "Training")))[1])
    _, living = run(ledger, note("a.md", cand("j"), *listed("Three steps of growth", "Learning")))
    assert ids(living) == before
    _, living = run(ledger, note("a.md", cand("j")), note("b.md", *listed("Phases of it", "Training")))
    assert ids(living) == before


def test_a_footnote_inside_a_text_is_no_edit_of_a_list_or_its_items() -> None:
    def listed(mark: str, more: str) -> tuple[Candidate, ...]:
        label = f"Parts of a pump{mark}"
        return (
            cand(label, f"- a rod{more}\n- a cup", kind="list"),
            cand(f"{label} a rod{more}", f"a rod{more}", kind="item"),
            cand(f"{label} a cup", "a cup", kind="item"),
        )

    plain, rings = note("a.md", *listed("", "")), note("b.md", cand("k", "a cup"))
    told = note("a.md", *listed("^[as smiths build it]", "^[of iron, or of wood where iron was too dear to be had]"))
    ledger, living = run(Ledger("n"), plain, rings)
    again, marked = run(ledger, told, rings)
    assert ids(marked) == ids(living) == ids(run(again, plain, rings)[1])


def test_of_two_equally_likely_none_is_taken() -> None:
    ledger, old = born(note("a.md", cand("weight of a neuron", "a number that multiplies it")))
    two = (
        cand("weight of one neuron", "a number that multiplies it"),
        cand("weight of any neuron", "a number that multiplies it"),
    )
    _, living = run(ledger, note("a.md", *two))
    assert not {*ids(living)} & {*old.values()}


def test_the_same_question_in_ten_notes_stays_ten_questions() -> None:
    notes = [note(f"{at}.md", cand("What are the limits?", f"the limits of paper {at} are many")) for at in range(10)]
    ledger, old = born(*notes)
    edited = note("3.md", cand("What are the limts?", "the limits of paper 3 are many"))
    _, living = run(ledger, *notes[:3], edited, *notes[4:])
    assert ids(living) == list(old.values())
    _, living = run(ledger, *notes[:3], note("3.md", cand("What are the limits?", "none")), *notes[4:])
    assert ids(living) == list(old.values())


def test_an_edit_is_reported_with_score_and_reason() -> None:
    ledger, _ = born(note("a.md", cand("weight of a neuron", "a number that multiplies it")))
    found = identify(
        [note("a.md", cand("weight of a nueron", "a number that multiplies it"))], ledger, now=50, roots=(".",)
    )
    assert [str(one) for one in found.diagnostics] == [
        'a.md:1: identity "weight of a nueron" taken as an edit of "weight of a neuron" '
        "(the question spelled differently, the same answer; score 0.99)"
    ]
    assert list(found.edits.values()) == [(0.99, "the question spelled differently, the same answer")]


def test_an_item_that_becomes_a_definition_of_its_own_keeps_its_id() -> None:
    text = "tell whether assertions are on"
    ledger, old = born(note("a.md", cand("Steps Set the mode", text, kind="item"), cand("j")))
    ledger, living = run(ledger, note("a.md", cand("Set the mode", text), cand("j")))
    assert (living[0].id, living[0].kind) == (old["Steps Set the mode", text], "definition")
    ledger, living = run(ledger, note("a.md", cand("Set the mode", "something else"), cand("j")))
    assert living[0].id == old["Steps Set the mode", text]


def test_only_a_failed_rule_keeps_what_a_note_no_longer_holds() -> None:
    ledger, _ = run(Ledger("n"), note("a.md", cand("AGI"), cand("Weight")))
    for code, left in (("rule-failed", {"AGI", "Weight"}), ("open-question", {"AGI"})):
        said = (Diagnostic("a.md", 1, code, "…"),)
        found = identify([note("a.md", cand("AGI"), diagnostics=said)], ledger, now=200, roots=(".",))
        assert {card.key for card in found.ledger.cards if card.retired is None} == left
        assert {card.key for card in found.cards} == left


@pytest.mark.parametrize(
    ("root", "retired"), [("a/b", {"in"}), ("a", {"in", "beside", "like"}), ("a/b/x.md", {"in"}), ("b", set())]
)
def test_what_lies_under_a_deep_root_retires(root: str, retired: set[str]) -> None:
    notes = (note("a/b/x.md", cand("in")), note("a/y.md", cand("beside")), note("a/bc/z.md", cand("like")))
    ledger, _ = run(Ledger("n"), *notes)
    after, _ = run(ledger, roots=(root,), now=200)
    assert {card.key for card in after.cards if card.retired == 200} == retired


def test_a_card_retires_after_its_last_change_whatever_the_clock() -> None:
    ledger, _ = run(Ledger("n"), note("a.md", cand("AGI")), now=100)
    after, _ = run(ledger, note("a.md"), now=5)
    assert [(card.changed, card.retired) for card in after.cards] == [(101, 101)]


def test_a_remark_says_what_was_taken_for_an_edit() -> None:
    ledger, _ = run(Ledger("n"), note("a.md", cand("general inteligence", "what an agent needs for all tasks")))
    edited = note("a.md", cand("general intelligence", "what an agent needs for all tasks"))
    (said,) = identify([edited], ledger, now=200, roots=(".",)).diagnostics
    assert (said.path, said.line, said.code, said.severity) == ("a.md", 1, "identity", Severity.REMARK)
    assert said.message.startswith('"general intelligence" taken as an edit of "general inteligence" (')


def test_an_id_of_one_note_alone_is_nothing_to_speak_of() -> None:
    assert identify([note("a.md", cand("k"), note_id="7")], Ledger("n"), now=1, roots=(".",)).diagnostics == ()


def test_cards_that_stay_although_their_note_can_not_be_read_keep_its_place() -> None:
    notes = [note(f"{name}.md", cand(name)) for name in "abc"]
    ledger, _ = run(Ledger("n"), *notes)
    failed = note("b.md", diagnostics=(Diagnostic("b.md", 0, "rule-failed", "…"),))
    found = identify([notes[2], failed, notes[0]], ledger, now=200, roots=(".",))
    assert [card.key for card in found.cards] == ["c", "b", "a"]
    assert [card.key for card in found.found] == ["c", "a"]


def test_a_card_carries_what_was_found() -> None:
    fields = Fields("What is AGI?", "an agent", "Which?", "AGI", ("Minds",), "more")
    found = Candidate("bold-definition", "definition", "AGI", fields, 5, 7, 4, ("Minds",), "agi", ("mind",))
    notes = [note("x.md", cand("k")), NoteCards("x/a.md", "Agents", "7", "Minds::AI", ("note",), candidates=(found,))]
    _, living = run(Ledger("n"), *notes, now=42)
    assert living[1] == Card(
        id="i4z3al6m6cjd4hbik5r57e7pbi",
        rule="bold-definition",
        kind="definition",
        key="AGI",
        path="x/a.md",
        title="Agents",
        fields=fields,
        note_id="7",
        anchor="agi",
        headings=("Minds",),
        ordinal=0,
        deck="Minds::AI",
        tags=("mind",),
        hash="28d14d94cec69c11ef3cf5102487a1aa1f8aadba72a3aa89",
        changed=42,
        line=5,
        end_line=7,
        label_line=4,
    )


def test_a_path_that_is_no_utf_8_has_an_id_too() -> None:
    _, living = run(Ledger("n"), note("caf\udce9.md", cand("AGI")))
    assert ids(living) == ["aouzowik7uqmr3uu4vddodvaau"]


def test_the_hash_of_what_did_not_change_stays_however_it_was_made() -> None:
    ledger, _ = born(note("a.md", cand("k")))
    (card,) = ledger.cards
    kept = replace(ledger, cards=(replace(card, hash=card.hash[:24] + "0" * 24),))
    assert run(kept, note("a.md", cand("k")))[0] == kept
    for short in ("", "0" * 24, "0" * 72):
        (again,) = run(replace(ledger, cards=(replace(card, hash=short),)), note("a.md", cand("k")))[1]
        assert (again.hash, again.changed) == (card.hash, 100)
