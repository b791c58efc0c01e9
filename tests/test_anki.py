"""What a package does in a real Anki collection."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from anki_helpers import (
    EASY,
    answer_all,
    collection,
    counts,
    import_deck,
    media_report,
    note_by_guid,
    problems,
)
from mkcards import fingerprint, render
from mkcards.data import Assets, Card, Fields, Media
from mkcards.note_type import FIELDS, NOTE_TYPE
from mkcards.package import PackageNote
from packing import write

THEN = 1_700_000_000
CLEAN = "Database rebuilt and optimized."


def card(guid: str, answer: str = "An answer.", **changes: object) -> Card:
    base = Card(
        id=guid,
        rule="term-line",
        kind="definition",
        key=guid,
        path="Bio/Cells.md",
        title="Cells",
        fields=Fields(f"What is {guid}?", answer, context=("Cells", "Parts")),
        deck="Biology",
        tags=("bio::cells",),
        changed=THEN,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def build(path: Path, *cards: Card, assets: Assets | None = None) -> Path:
    notes = [PackageNote(one, render.fields(one, assets, vault_name="My vault")) for one in cards]
    media = {medium.name: medium.file for medium in assets.media.values()} if assets else {}
    write(path, notes, media, b"{}\n", "0" * 64)
    return path


def test_a_first_import_adds_every_note(tmp_path: Path) -> None:
    deck = build(tmp_path / "deck.apkg", card("one"), card("two"))
    with collection(tmp_path) as col:
        assert counts(import_deck(col, deck)) == {"new": 2}
        note = note_by_guid(col, "one")
        assert note.note_type()["name"] == NOTE_TYPE
        assert tuple(note.keys()) == FIELDS
        assert note["Prompt"] == "What is one?"
        assert note["Context"] == "Cells › Parts"
        assert fingerprint.name(note["Id"]) == "one"
        assert fingerprint.found(note["Id"]) == fingerprint.of(note.fields, "Biology", note.tags)
        assert note["Source"] == (
            '<a href="obsidian://open?vault=My%20vault&amp;file=Bio%2FCells.md">Cells</a>'
        )
        assert note.tags == ["bio::cells"]
        assert note.mod == THEN
        assert problems(col) == CLEAN


def test_the_question_side_shows_context_and_prompt_only(tmp_path: Path) -> None:
    deck = build(
        tmp_path / "deck.apkg",
        card("one", "The answer.", fields=Fields("Why?", "The answer.", context=("Here",))),
    )
    with collection(tmp_path) as col:
        import_deck(col, deck)
        (shown,) = note_by_guid(col, "one").cards()
        assert '<div class="context" dir="auto">Here</div>' in shown.question()
        assert '<div class="prompt" dir="auto">Why?</div>' in shown.question()
        assert "The answer." not in shown.question()
        assert "The answer." in shown.answer()
        assert "Cells</a>" in shown.answer()


def test_an_unchanged_rebuild_updates_nothing(tmp_path: Path) -> None:
    deck = build(tmp_path / "deck.apkg", card("one"), card("two"))
    with collection(tmp_path) as col:
        import_deck(col, deck)
        build(deck, card("one"), card("two"))
        assert counts(import_deck(col, deck)) == {"duplicate": 2}


def test_a_new_answer_keeps_reviews_and_due_dates(tmp_path: Path) -> None:
    deck = build(tmp_path / "deck.apkg", card("one", "Old."), card("two"))
    with collection(tmp_path) as col:
        import_deck(col, deck)
        assert answer_all(col, "Biology", EASY) == 2
        schedule = col.db.all(
            "select id, nid, did, ord, type, queue, due, ivl, factor, reps from cards order by id"
        )
        reviews = col.db.all("select id, cid, ease, ivl from revlog order by id")
        assert len(reviews) == 2
        build(deck, card("one", "New.", changed=THEN + 1), card("two"))
        assert counts(import_deck(col, deck)) == {"updated": 1, "duplicate": 1}
        assert note_by_guid(col, "one")["Answer"] == "New."
        assert (
            col.db.all("select id, nid, did, ord, type, queue, due, ivl, factor, reps from cards order by id")
            == schedule
        )
        assert col.db.all("select id, cid, ease, ivl from revlog order by id") == reviews
        assert problems(col) == CLEAN


def test_an_edit_made_in_anki_survives_a_rebuild(tmp_path: Path) -> None:
    deck = build(tmp_path / "deck.apkg", card("one"))
    with collection(tmp_path) as col:
        import_deck(col, deck)
        note = note_by_guid(col, "one")
        note["Answer"] = "My own words."
        col.update_note(note)
        build(deck, card("one"), card("two"))
        assert counts(import_deck(col, deck)) == {"new": 1, "duplicate": 1}
        assert note_by_guid(col, "one")["Answer"] == "My own words."


def test_the_users_own_styling_survives_a_rebuild(tmp_path: Path) -> None:
    deck = build(tmp_path / "deck.apkg", card("one"))
    with collection(tmp_path) as col:
        import_deck(col, deck)
        note_type = col.models.by_name(NOTE_TYPE)
        note_type["css"] = ".card { color: teal; }"
        col.models.update_dict(note_type)
        build(deck, card("one", "New.", changed=THEN + 1), card("two", deck="Other"))
        assert counts(import_deck(col, deck)) == {"new": 1, "updated": 1}
        assert col.models.by_name(NOTE_TYPE)["css"] == ".card { color: teal; }"


def test_a_reverse_prompt_makes_a_second_card(tmp_path: Path) -> None:
    fields = Fields("What is DNA?", "A polymer.", "Which polymer carries genes?", "DNA", ("Cells",))
    deck = build(tmp_path / "deck.apkg", card("one"))
    with collection(tmp_path) as col:
        import_deck(col, deck)
        assert col.card_count() == 1
        build(deck, card("one", fields=fields, changed=THEN + 1))
        assert counts(import_deck(col, deck)) == {"updated": 1}
        forward, reverse = note_by_guid(col, "one").cards()
        assert forward.ord == 0
        assert reverse.ord == 1
        assert "Which polymer carries genes?" in reverse.question()
        assert "Cells" not in reverse.question()
        assert col.get_empty_cards().report == ""
        assert problems(col) == CLEAN


def test_equal_prompts_of_two_decks_coexist(tmp_path: Path) -> None:
    same = Fields("What is it?", "This.")
    ours = build(tmp_path / "ours.apkg", card("one", fields=same, deck=""))
    theirs = build(tmp_path / "theirs.apkg", card("two", fields=same, deck=""))
    with collection(tmp_path) as col:
        assert counts(import_deck(col, ours)) == {"new": 1}
        assert counts(import_deck(col, theirs)) == {"new": 1}
        assert {deck.name for deck in col.decks.all_names_and_ids()} == {"Default", "ours", "theirs"}
        assert problems(col) == CLEAN


def test_row_ids_that_meet_those_of_another_deck_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mkcards.rows.number_of", lambda text: 7)
    ours = build(tmp_path / "ours.apkg", card("one"), card("two"))
    theirs = build(tmp_path / "theirs.apkg", card("three"), card("four"))
    with collection(tmp_path) as col:
        import_deck(col, ours)
        assert counts(import_deck(col, theirs)) == {"new": 2}
        assert col.card_count() == 4
        assert counts(import_deck(col, build(ours, card("one", "New.", changed=THEN + 1)))) == {"updated": 1}
        assert note_by_guid(col, "one")["Answer"] == "New."
        assert note_by_guid(col, "three")["Answer"] == "An answer."
        assert problems(col) == CLEAN


def test_media_arrive_and_are_found(tmp_path: Path) -> None:
    picture = tmp_path / "Cell & co [1].PNG"
    picture.write_bytes(b"\x89PNG picture")
    assets = Assets(
        {"a": Media("Cell_co_1-61578ad7d8af.png", picture), "b": Media("ü-61578ad7d8af.mp3", picture)}
    )
    deck = build(tmp_path / "deck.apkg", card("one", "![[a|300]] ![[b]]"), assets=assets)
    with collection(tmp_path) as col:
        assert counts(import_deck(col, deck)) == {"new": 1}
        assert sorted(path.name for path in Path(col.media.dir()).iterdir()) == [
            "Cell_co_1-61578ad7d8af.png",
            "ü-61578ad7d8af.mp3",
        ]
        assert media_report(col) == {"missing": [], "unused": []}


def test_new_cards_come_in_reading_order(tmp_path: Path) -> None:
    deck = build(tmp_path / "deck.apkg", *(card(f"card {n}") for n in (3, 1, 2)))
    with collection(tmp_path) as col:
        import_deck(col, deck)
        order = "select n.guid from cards c join notes n on c.nid = n.id order by c.due"
        assert col.db.list(order) == ["card 3", "card 1", "card 2"]


def test_decks_that_differ_in_case_are_one(tmp_path: Path) -> None:
    deck = build(tmp_path / "deck.apkg", card("one", deck="Bio::Cells"), card("two", deck="bio::cells"))
    with collection(tmp_path) as col:
        assert counts(import_deck(col, deck)) == {"new": 2}
        assert [one.name for one in col.decks.all_names_and_ids()] == ["Bio", "Bio::Cells", "Default"]


def test_a_package_stamped_nil_is_sound(tmp_path: Path) -> None:
    deck = build(tmp_path / "deck.apkg", card("one", changed=0))
    with collection(tmp_path) as col:
        assert counts(import_deck(col, deck)) == {"new": 1}
        assert problems(col) == CLEAN
        build(deck, card("one", "New.", changed=THEN))
        assert counts(import_deck(col, deck)) == {"updated": 1}


def test_markup_that_anki_would_obey_stays_text(tmp_path: Path) -> None:
    deck = build(
        tmp_path / "deck.apkg", card("one", "{{Prompt}} [sound:beep.mp3] `[latex]x[/latex]` {{c1::x}}")
    )
    with collection(tmp_path) as col:
        import_deck(col, deck)
        (shown,) = note_by_guid(col, "one").cards()
        assert "{{Prompt}} &#91;sound:beep.mp3]" in shown.answer()
        assert shown.answer_av_tags() == []
        assert media_report(col) == {"missing": [], "unused": []}
