"""A deck's life in a real Anki collection, built by the command as a person runs it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from anki.collection import Collection

from anki_helpers import answer_all, collection, counts, import_deck, media_report, note_by_guid, problems
from command import mkcards
from test_cli import process

BRIDGES = """\
On "[[Bridge]]":
> A bridge is a structure that carries a road over an obstacle.

**Three kinds of bridges**
1. Beam bridges
2. Arch bridges
3. Suspension bridges

==Why do long bridges hang from cables?==
- A cable carries tension with little weight.
"""
RIVERS = """\
**Delta**: a fan of sand where a river meets the sea

**Estuary**: a river mouth that the tide widens
"""


def run(folder: Path, *args: str, now: int = 1_700_000_000) -> str:
    """Run `mkcards` in a folder at a given second; return what it printed, and fail on an error."""
    status, out, err = mkcards(folder, *args, SOURCE_DATE_EPOCH=str(now))
    assert (status, err) == (0, "")
    return out


def ids(folder: Path) -> dict[str, str]:
    """Return the id of each card by the first line of its prompt and its answer."""
    cards = map(json.loads, run(folder, "list", "notes", "-o", "deck.apkg", "--format", "json").splitlines())
    return {f"{card['prompt'].splitlines()[0]} | {card['answer'].splitlines()[0]}": card["id"] for card in cards}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a vault of two notes, built and named as a person would."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "Bridges.md").write_text(BRIDGES, encoding="utf-8")
    (tmp_path / "notes" / "Rivers.md").write_text(RIVERS, encoding="utf-8")
    run(tmp_path, "notes", "-o", "deck.apkg")
    return tmp_path


def reviews(col: Collection) -> list[tuple[int, int, int]]:
    """Return the review log: card, ease and time of each answer."""
    return [tuple(row) for row in col.db.all("select cid, ease, id from revlog order by id")]


def dues(col: Collection) -> list[tuple[int, int]]:
    """Return when each card is due."""
    return [tuple(row) for row in col.db.all("select id, due from cards order by id")]


def test_a_first_import_and_an_unchanged_rebuild(desk: Path) -> None:
    with collection(desk) as col:
        assert counts(import_deck(col, desk / "deck.apkg")) == {"new": 8}
        said = run(desk, "notes", "-o", "deck.apkg", now=1_700_009_999)
        assert said == "2 notes · 8 cards · 0 open questions · deck.apkg is up to date, nothing written\n"
        assert counts(import_deck(col, desk / "deck.apkg")) == {"duplicate": 8}
        assert problems(col) == "Database rebuilt and optimized."
        assert media_report(col) == {"missing": [], "unused": []}


def test_an_edited_answer_arrives_and_reviews_stay(desk: Path) -> None:
    delta = ids(desk)["What is meant by *Delta*? | a fan of sand where a river meets the sea"]
    with collection(desk) as col:
        import_deck(col, desk / "deck.apkg")
        assert answer_all(col, "deck") > 8
        before = reviews(col), dues(col)
        rivers = desk / "notes" / "Rivers.md"
        rivers.write_text(RIVERS.replace("a fan of sand", "a fan of mud and sand"), encoding="utf-8")
        run(desk, "notes", "-o", "deck.apkg", now=1_700_000_100)
        assert counts(import_deck(col, desk / "deck.apkg")) == {"updated": 1, "duplicate": 7}
        assert note_by_guid(col, delta)["Answer"] == "a fan of mud and sand where a river meets the sea"
        assert (reviews(col), dues(col)) == before


def test_an_edit_made_in_anki_survives_an_unchanged_rebuild(desk: Path) -> None:
    delta = ids(desk)["What is meant by *Delta*? | a fan of sand where a river meets the sea"]
    with collection(desk) as col:
        import_deck(col, desk / "deck.apkg")
        note = note_by_guid(col, delta)
        note["Answer"] = "my own words"
        col.update_note(note)
        (desk / "deck.apkg").unlink()
        run(desk, "notes", "-o", "deck.apkg", now=1_700_000_200)
        assert counts(import_deck(col, desk / "deck.apkg")) == {"duplicate": 8}
        assert note_by_guid(col, delta)["Answer"] == "my own words"


def test_a_card_that_left_and_came_back_has_its_history(desk: Path) -> None:
    key = "What is meant by *Estuary*? | a river mouth that the tide widens"
    estuary = ids(desk)[key]
    rivers = desk / "notes" / "Rivers.md"
    with collection(desk) as col:
        import_deck(col, desk / "deck.apkg")
        answer_all(col, "deck")
        before = reviews(col)
        rivers.write_text(RIVERS.split("\n\n")[0] + "\n", encoding="utf-8")
        assert "1 retired" in run(desk, "notes", "-o", "deck.apkg", now=1_700_000_300)
        assert counts(import_deck(col, desk / "deck.apkg")) == {"duplicate": 7}
        assert note_by_guid(col, estuary).tags == ["mkcards::term-line"]
        assert counts(import_deck(col, desk / "deck.retired.apkg")) == {"updated": 1}
        assert note_by_guid(col, estuary).tags == ["mkcards::retired", "mkcards::term-line"]
        rivers.write_text(RIVERS, encoding="utf-8")
        run(desk, "notes", "-o", "deck.apkg", now=1_700_000_400)
        assert ids(desk)[key] == estuary
        assert counts(import_deck(col, desk / "deck.apkg")) == {"updated": 1, "duplicate": 7}
        assert note_by_guid(col, estuary).tags == ["mkcards::term-line"]
        assert reviews(col) == before
        assert not (desk / "deck.retired.apkg").exists()


def test_two_decks_with_the_same_notes_live_side_by_side(desk: Path, tmp_path: Path) -> None:
    run(desk, "notes", "-o", "other.apkg")
    with collection(desk) as col:
        assert counts(import_deck(col, desk / "deck.apkg")) == {"new": 8}
        assert counts(import_deck(col, desk / "other.apkg")) == {"new": 8}
        assert col.note_count() == 16


def test_the_bytes_depend_on_nothing_but_the_notes(tmp_path: Path) -> None:
    digests = set()
    for name, seed in (("one", "1"), ("two", "2")):
        notes = tmp_path / name / "notes"
        notes.mkdir(parents=True)
        (notes / "Bridges.md").write_text(BRIDGES, encoding="utf-8")
        assert process(tmp_path / name, "notes", "-o", "deck.apkg", PYTHONHASHSEED=seed)[0] == 0
        digests.add(hashlib.sha256((tmp_path / name / "deck.apkg").read_bytes()).hexdigest())
    assert len(digests) == 1
