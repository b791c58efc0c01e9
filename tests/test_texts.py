"""Decks as text: what Anki imports, and what programs read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions, ImportCsvRequest

from anki_helpers import collection, import_deck, note_by_guid
from mkcards import export
from mkcards.config import Config
from mkcards.data import Card, Fields
from mkcards.errors import OutputError, UsageError
from mkcards.outputs import output_of
from mkcards.package import PackageNote
from mkcards.pipeline import Outcome, build
from mkcards.texts import as_csv

NOTE = """\
**Weight**: a number, often "learned", that multiplies
an input of a neuron.

**Bias** is a number that is added to the sum of the inputs.
"""


def made(folder: Path, name: str, text: str = NOTE, now: int = 1_700_000_000) -> Outcome:
    notes = folder / "notes/AI"
    notes.mkdir(parents=True, exist_ok=True)
    (notes / "nets.md").write_text(text, encoding="utf-8")
    return build(Config(notes=(folder / "notes",), output=folder / name, deck="Nets"), now=now)


def test_the_text_names_the_columns_and_quotes_what_needs_it() -> None:
    card = Card("a1", "term-line", "definition", "k", "a.md", "A", Fields("", ""), tags=("x", "y::z"))
    note = PackageNote(card, ("Why, then?", "<i>so</i>\n\"it\" is", *[""] * 7, "a1"))
    assert as_csv([note], "Deck").splitlines() == [
        "#separator:Comma",
        "#html:true",
        "#notetype:mkcards question",
        "#guid column:1",
        "#deck column:2",
        "#tags column:3",
        "#columns:guid,deck,tags,Prompt,Answer,ReversePrompt,ReverseAnswer,Context,Hint,Details,Source,Extra,Id",
        'a1,Deck,x y::z,"Why, then?","<i>so</i>',
        '""it"" is",,,,,,,,a1',
    ]


def taken(col: Collection, path: Path) -> tuple[int, int]:
    """How many notes Anki's text import adds and updates when the file says itself what it is."""
    metadata = col.get_csv_metadata(path=str(path), delimiter=None)
    log = col.import_csv(ImportCsvRequest(path=str(path), metadata=metadata)).log
    return len(log.new), len(log.updated)


def test_anki_imports_the_text_as_it_imports_the_package(tmp_path: Path) -> None:
    made(tmp_path, "deck.apkg")
    outcome = made(tmp_path, "deck.csv")
    first = outcome.cards[0]
    with collection(tmp_path, "package") as col:
        import_deck(col, tmp_path / "deck.apkg")
        wanted = {card.id: note_by_guid(col, card.id) for card in outcome.cards}
        # The package brings the note type; the text then finds every note by its guid.
        assert taken(col, tmp_path / "deck.csv") == (0, 0)
        col.remove_notes([note_by_guid(col, first.id).id])
        assert taken(col, tmp_path / "deck.csv") == (1, 0)
        back = note_by_guid(col, first.id)
        assert (back.fields, back.tags) == (wanted[first.id].fields, wanted[first.id].tags)
        assert col.decks.name(back.cards()[0].did) == "Nets"
        made(tmp_path, "deck.csv", NOTE.replace("an input", "each input"), now=1_700_000_100)
        assert taken(col, tmp_path / "deck.csv") == (0, 1)
        assert "each input" in note_by_guid(col, first.id)["Answer"]


def test_jsonl_is_what_list_prints(tmp_path: Path) -> None:
    outcome = made(tmp_path, "deck.jsonl")
    lines = (tmp_path / "deck.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines == list(export.as_json(outcome.cards))
    assert [json.loads(line)["key"] for line in lines] == ["Weight", "Bias"]


@pytest.mark.parametrize("name", ["deck.csv", "deck.jsonl"])
def test_a_text_is_written_when_it_is_not_as_it_should_be(tmp_path: Path, name: str) -> None:
    assert made(tmp_path, name).written is True
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "deck.ledger.jsonl", "notes"])
    data = (tmp_path / name).read_bytes()
    assert made(tmp_path, name).written is False
    for other in (data + b"\n", data.replace(b"\n", b"\r\n"), b""):
        (tmp_path / name).write_bytes(other)
        assert made(tmp_path, name).written is True
        assert (tmp_path / name).read_bytes() == data


def test_package_and_texts_of_one_name_share_a_ledger(tmp_path: Path) -> None:
    outcomes = [made(tmp_path, name) for name in ("deck.apkg", "deck.csv", "deck.jsonl", "deck.apkg")]
    assert [outcome.after == outcomes[0].after for outcome in outcomes] == [True] * 4
    assert [outcome.written for outcome in outcomes] == [True, True, True, False]


def _exported(file: Path) -> None:
    """Make a package as Anki does for older versions."""
    with collection(file.parent) as col:
        note = col.new_note(col.models.by_name("Basic"))
        note["Front"] = "mine"
        col.add_note(note, col.decks.id("Mine"))
        options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True, legacy=True)
        col.export_anki_package(out_path=str(file), options=options, limit=None)


@pytest.mark.parametrize("name", ["deck.csv", "deck.jsonl", "deck.apkg", "deck.retired.apkg"])
def test_what_somebody_else_called_like_a_deck_is_left_alone_beside_a_ledger_too(tmp_path: Path, name: str) -> None:
    made(tmp_path, "deck.csv" if name.endswith(".apkg") else "deck.apkg")
    mine = tmp_path / name
    if name.endswith(".apkg"):
        _exported(mine)
    else:
        mine.write_text('{"id": 7, "question": "mine"}\n', encoding="utf-8")
    before = mine.read_bytes()
    with pytest.raises(OutputError) as caught:
        made(tmp_path, name.replace(".retired", ""), NOTE.partition("**Bias**")[0])
    assert str(caught.value) == f"{mine}: foreign-deck mkcards did not write this; move it away, or name another output"
    assert mine.read_bytes() == before


def test_a_text_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "deck.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        made(tmp_path, "deck.csv")
    assert str(caught.value) == (
        f"{tmp_path}/deck.csv: foreign-deck mkcards did not write this; move it away, or name another output"
    )
    assert (tmp_path / "deck.csv").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "deck.ledger.jsonl").exists()


def test_no_deck_takes_the_place_of_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^x\.ledger\.jsonl: output-kind a ledger is called so; name a deck$"):
        output_of(Config(notes=(tmp_path,), output=Path("x.ledger.jsonl")))
