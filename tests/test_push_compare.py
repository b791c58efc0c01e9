"""Laws of the comparison: what the notes change arrives, what the learner changes stays, and a push is done once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkcards import fingerprint
from mkcards.note_type import FIELDS
from mkcards.push.compare import Wishes, are_others, compare
from mkcards.push.plan import Held, HeldCard, Ours, Plan

WORDS = st.sampled_from(["", "a", "b", "ä", "a\u0308"])
TAGS = st.frozensets(st.sampled_from(["x", "x::y", "x::y::z", "Z", "mkcards::rule"]))
DECKS = st.sampled_from(["One", "Two", "Two::Three"])
TEXTS = st.lists(WORDS, min_size=9, max_size=9)
OWN = {"mkcards::rule"}


def ours(texts: list[str], tags: frozenset[str], deck: str) -> Ours:
    fields = tuple(texts)
    return Ours("id", (*fields, f"id{fingerprint.of(fields, deck, tags)}"), tuple(sorted(tags)), deck, 1)


def imported(note: Ours) -> Held:
    """The note as an import leaves it in Anki."""
    card = HeldCard(7, note.deck, filtered=False, suspended=False)
    return Held(1, note.id, dict(zip(FIELDS, note.fields, strict=True)), note.tags, (card,))


def applied(plan: Plan, held: Held) -> Held:
    """The note after a push."""
    for update in plan.updates:
        # With a tag Anki takes off all below it.
        gone = [tag for tag in held.tags if any(f"{tag}::".startswith(f"{off}::") for off in update.untag)]
        tags = [tag for tag in held.tags if tag not in (*gone, *(off for off, _ in update.narrow))]
        cards = tuple(replace(one, deck=update.deck) if one.id in update.move else one for one in held.cards)
        held = replace(held, fields={**held.fields, **update.fields}, tags=(*tags, *update.tag), cards=cards)
    return held


def pushed(note: Ours, held: Held, *overwrite: str) -> tuple[Plan, Held]:
    plan = compare([note], [], [held], frozenset(), Wishes(overwrite=frozenset(overwrite)))
    return plan, applied(plan, held)


def same(one: str, other: str) -> bool:
    return fingerprint.short(one) == fingerprint.short(other)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, TAGS, DECKS, TEXTS, TAGS, DECKS, st.booleans()), max_size=4), TEXTS, TAGS, DECKS)
def test_what_the_notes_change_arrives_and_what_the_learner_changes_stays(
    rounds: list[tuple[list[str], frozenset[str], str, list[str], frozenset[str], str, bool]],
    texts: list[str],
    tags: frozenset[str],
    deck: str,
) -> None:
    last = ours(texts, tags, deck)
    held = imported(last)
    for new_texts, new_tags, new_deck, edits, learner_tags, learner_deck, touched in rounds:
        before = dict(held.fields)
        if touched:
            held = replace(
                held,
                fields={**held.fields, **dict(zip(FIELDS, edits, strict=False))},
                tags=tuple(sorted(learner_tags)),
                cards=tuple(replace(card, deck=learner_deck) for card in held.cards),
            )
        note = ours(new_texts, new_tags, new_deck)
        base = fingerprint.found(held.fields["Id"])
        assert base
        plan, after = pushed(note, held)
        for name, mine, was in zip(FIELDS, new_texts, base.fields, strict=False):
            known = fingerprint.short(held.fields[name]) == was
            assert same(after.fields[name], mine if known else held.fields[name])
        if not touched and not plan.kept:
            assert all(same(after.fields[name], mine) for name, mine in zip(FIELDS, new_texts, strict=False))
        # Tags: what the learner added and what only we know of; nothing that mkcards took back.
        learners = {tag for tag in held.tags if fingerprint.short(tag.casefold()) not in base.tags} - OWN
        assert learners <= set(after.tags)
        fresh = {tag for tag in new_tags if fingerprint.short(tag.casefold()) not in base.tags}
        assert fresh <= set(after.tags)
        assert set(after.tags) <= learners | new_tags
        moved = fingerprint.short(held.cards[0].deck.casefold()) == base.deck
        assert after.cards[0].deck == (new_deck if moved else held.cards[0].deck)
        assert pushed(note, after)[0].writes is False
        held = after
        assert before.keys() == held.fields.keys()


NOTES = st.builds(ours, TEXTS, TAGS, DECKS)


@settings(deadline=None)
@given(NOTES, NOTES, st.booleans())
def test_overwrite_makes_anki_hold_the_notes(old: Ours, note: Ours, lost: bool) -> None:
    held = imported(old)
    if lost:
        held = replace(held, fields={**held.fields, "Id": "id"})
    plan, after = pushed(note, held, "id")
    assert plan.kept == ()
    assert all(same(after.fields[name], mine) for name, mine in zip(FIELDS[:-1], note.fields, strict=False))
    assert set(note.tags) <= set(after.tags)
    assert after.cards[0].deck == note.deck
    assert pushed(note, after)[0].writes is False


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_without_a_fingerprint_nothing_that_differs_is_written(texts: list[str], edits: list[str]) -> None:
    held = imported(ours(edits, frozenset(), "One"))
    held = replace(held, fields={**held.fields, "Id": "id"})
    plan, after = pushed(ours(texts, frozenset(), "One"), held)
    assert {name: after.fields[name] for name in FIELDS[:-1]} == {name: held.fields[name] for name in FIELDS[:-1]}
    assert {one.what for one in plan.kept} == {
        name for name, mine, theirs in zip(FIELDS, texts, edits, strict=False) if not same(mine, theirs)
    }
    assert all(one.clash for one in plan.kept)


@settings(deadline=None)
@given(TEXTS, TAGS, DECKS)
def test_a_fingerprint_is_read_as_it_was_written(texts: list[str], tags: frozenset[str], deck: str) -> None:
    made = fingerprint.of(texts, deck, tags)
    assert fingerprint.found(f"some-id{made}") == made
    assert fingerprint.name(f"some-id{made}") == "some-id"
    assert "--" not in str(made)[4:-3]


@pytest.mark.parametrize(
    ("mine", "theirs", "before", "others"),
    [
        ("a sum that <b>scales</b> with the inputs of a cell", "a sum that grows with the inputs of a cell", "", False),
        ("what a cell gives", "a sum that grows with its inputs", "a sum that scales with its inputs", False),
        ("what a cell gives", "a sum that grows with its inputs", "", True),
        ("an exam of two hours", "an exam of three hours", "", True),
        ('<img src="a-1.png">', '<img src="a-1.png">', "", False),
        ('<img src="a-1.png">', '<img src="b-2.png">', "", True),
    ],
)
def test_answers_that_are_others_are_those_of_another_deck(mine: str, theirs: str, before: str, others: bool) -> None:
    note = ours(["p", mine, *[""] * 7], frozenset(), "One")
    held = imported(ours(["p", theirs, *[""] * 7], frozenset(), "One"))
    assert are_others([note], [held], {"id": before}) is others
