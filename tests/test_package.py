"""Cards -> a package that is the same to the byte, whole or not there."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mkcards.data import Card, Fields
from mkcards.diagnostics import Severity
from mkcards.errors import LedgerError, OutputError
from mkcards.note_type import CSS, FIELDS, NOTE_TYPE_CHANGED, NOTE_TYPE_ID, TEMPLATES
from mkcards.package import (
    LEDGER_MEMBER,
    SIBLING_DISTANCE,
    PackageNote,
    complete,
    in_order,
    is_blank,
    read_comment,
    read_ledger,
)
from mkcards.rows import Rows, deck_id, slip
from mkcards.shelf import private
from mkcards.slips import Slip
from packing import write

LEDGER = b'{"format":1}\n{"id":"one"}\n'
DIGEST = hashlib.sha256(LEDGER).hexdigest()


def card(guid: str, kind: str = "definition", path: str = "Cells.md", **changes: object) -> Card:
    base = Card(
        guid,
        "term-line",
        kind,
        f"key of {guid}",
        path,
        "Cells",
        Fields("", ""),
        deck="Bio",
        changed=1_700_000_000,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def note(
    one: Card, *, prompt: str = "Prompt", answer: str = "Answer", reverse: tuple[str, str] = ("", "")
) -> PackageNote:
    return PackageNote(one, (prompt, answer, *reverse, "", "", "", "", "", one.id))


def filed(guid: str, kind: str = "definition", path: str = "Cells.md") -> Slip:
    made = note(card(guid, kind, path))
    with private() as shelf:
        return slip(made.card, made.fields, shelf)


def rows(path: Path, folder: Path, query: str) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(path) as package:
        package.extract("collection.anki2", folder)
    with closing(sqlite3.connect(folder / "collection.anki2")) as connection:
        return connection.execute(query).fetchall()


def test_the_note_type_changes_only_on_purpose() -> None:
    look = hashlib.sha256(json.dumps([CSS, TEMPLATES]).encode()).hexdigest()
    assert (NOTE_TYPE_ID, NOTE_TYPE_CHANGED, look) == (
        1_718_000_000_017,
        1_764_086_400,
        "85d32792db89265bc583f6a150c1c993555ee23b1027db9e5eb0bfff848d656f",
    ), "a new look needs a later NOTE_TYPE_CHANGED and an entry in the CHANGELOG"


def test_the_shape_of_the_note_type_is_frozen() -> None:
    assert FIELDS == (
        "Prompt", "Answer", "ReversePrompt", "ReverseAnswer", "Context",
        "Hint", "Details", "Source", "Extra", "Id",
    )  # fmt: skip
    assert [name for name, _, _ in TEMPLATES] == ["Forward", "Reverse"]
    assert "{{Context}}" not in TEMPLATES[1][1]


def test_the_look_loads_and_runs_nothing() -> None:
    parts = "\n".join([CSS, *(side for _, *sides in TEMPLATES for side in sides)])
    assert re.findall(r"url\(|@import|@font-face|https?:|<script|javascript:|\son\w+=", parts) == []


def test_same_values_give_the_same_bytes(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"picture")
    notes = [note(card("one")), note(card("two", deck="Other"), reverse=("a", "b"))]
    media = {"b.png": picture, "a.png": picture}
    write(tmp_path / "first.apkg", notes, media, LEDGER, DIGEST)
    os.utime(picture, (0, 0))
    write(tmp_path / "second.apkg", notes, dict(sorted(media.items())), LEDGER, DIGEST)
    assert (tmp_path / "first.apkg").read_bytes() == (tmp_path / "second.apkg").read_bytes()


def test_members_of_the_package(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"picture")
    path = tmp_path / "decks" / "deck.apkg"
    write(path, [note(card("one"))], {"b.png": picture, "a.png": picture}, LEDGER, DIGEST)
    with zipfile.ZipFile(path) as package:
        assert package.namelist() == ["collection.anki2", "0", "1", "media", LEDGER_MEMBER]
        assert json.loads(package.read("media")) == {"0": "a.png", "1": "b.png"}
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert [file.name for file in path.parent.iterdir()] == ["deck.apkg"]


def test_the_ledger_comes_back_exactly(tmp_path: Path) -> None:
    path = tmp_path / "deck.apkg"
    write(path, [note(card("one"))], {}, LEDGER, DIGEST)
    assert read_comment(path) == DIGEST
    assert read_ledger(path) == LEDGER
    write(path, [note(card("one"))], {}, None, DIGEST)
    assert read_comment(path) == DIGEST
    assert read_ledger(path) is None


def test_no_package_has_no_ledger(tmp_path: Path) -> None:
    assert read_comment(tmp_path / "deck.apkg") == ""
    assert read_ledger(tmp_path / "deck.apkg") is None


def test_a_broken_package_says_so(tmp_path: Path) -> None:
    path = tmp_path / "deck.apkg"
    path.write_bytes(b"no zip")
    assert read_comment(path) == ""
    with pytest.raises(LedgerError) as caught:
        read_ledger(path)
    assert str(caught.value) == (
        f"{path}: package its ledger can't be read (File is not a zip file);"
        " restore the file from a backup or delete it"
    )


def test_rows_carry_the_cards_own_times(tmp_path: Path) -> None:
    notes = [
        note(card("one", changed=1_700_000_000)),
        note(card("two", changed=1_600_000_000), reverse=("a", "b")),
    ]
    path = tmp_path / "deck.apkg"
    write(path, notes, {})
    assert rows(path, tmp_path, "select guid, mod from notes order by guid") == [
        ("one", 1_700_000_000),
        ("two", 1_600_000_000),
    ]
    assert rows(path, tmp_path, "select mod, ord from cards order by mod, ord") == [
        (1_600_000_000, 0),
        (1_600_000_000, 1),
        (1_700_000_000, 0),
    ]
    assert rows(path, tmp_path, "select mod from col") == [(1_700_000_000_000,)]
    for made, changed in rows(path, tmp_path, "select id, mod from notes union select id, mod from cards"):
        assert isinstance(made, int)
        assert isinstance(changed, int)
        assert 0 <= changed * 1000 - made < 3_600_000


def test_row_ids_never_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mkcards.rows.number_of", lambda text: 7)
    path = tmp_path / "deck.apkg"
    write(path, [note(card(f"card {n}")) for n in range(3)], {})
    assert rows(path, tmp_path, "select id from notes order by id") == [
        (1_699_999_999_993,), (1_699_999_999_994,), (1_699_999_999_995,),
    ]  # fmt: skip


def test_deck_ids_depend_on_the_name_alone() -> None:
    assert deck_id("Bio") == deck_id("Bio") != deck_id("Bio::Cells")


def test_a_note_without_a_deck_goes_to_the_outputs_own(tmp_path: Path) -> None:
    path = tmp_path / "alignment.apkg"
    write(path, [note(card("one", deck=""))], {})
    assert rows(path, tmp_path, "select did from cards") == [(deck_id("alignment"),)]


def test_a_missing_medium_leaves_the_old_package(tmp_path: Path) -> None:
    path, gone = tmp_path / "deck.apkg", tmp_path / "gone.png"
    write(path, [note(card("one"))], {})
    before = path.read_bytes()
    with pytest.raises(OutputError) as caught:
        write(path, [note(card("one"))], {"gone.png": gone})
    assert str(caught.value) == f"{path}: output the deck can't be written ({gone}: No such file or directory)"
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["deck.apkg"]


def test_a_full_disk_leaves_the_old_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deck.apkg"
    write(path, [note(card("one"))], {})
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError) as caught:
        write(path, [note(card("one", changed=1_800_000_000))], {})
    assert str(caught.value) == f"{path}: output the deck can't be written (No space left on device)"
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["deck.apkg"]


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    path = tmp_path / "deck.apkg"
    path.mkdir()
    with pytest.raises(OutputError) as caught:
        write(path, [note(card("one"))], {})
    assert str(caught.value) == f"{path}: output the deck can't be written (Is a directory)"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    write(tmp_path / "deck.apkg", [note(card("one"))], {})
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_temporary_folder_that_can_not_be_emptied_costs_no_deck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    remove = os.unlink

    def refuse(path: str, **options: Any) -> None:
        if str(path).endswith("collection.anki2"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        remove(path, **options)

    monkeypatch.setattr(os, "unlink", refuse)
    write(tmp_path / "deck.apkg", [note(card("one"))], {}, LEDGER, DIGEST)
    assert read_ledger(tmp_path / "deck.apkg") == LEDGER
    (left,) = (tmp_path / "tmp").iterdir()
    assert left.name.startswith("mkcards-")


def test_an_output_that_is_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    path = tmp_path / "deck.apkg"
    path.symlink_to(tmp_path / "real" / "deck.apkg")
    write(path, [note(card("one"))], {}, LEDGER, DIGEST)
    assert path.is_symlink()
    assert read_ledger(tmp_path / "real" / "deck.apkg") == LEDGER


@pytest.mark.parametrize("html", ["", " \n", "<p></p>", "&nbsp;<br>", '<span class="blank"></span>', "\u00a0"])
def test_blank_fields(html: str) -> None:
    assert is_blank(html)


@pytest.mark.parametrize("html", ["x", '<img src="a.png">', "[sound:a.mp3]", "0", r"\(x\)"])
def test_fields_that_show_something(html: str) -> None:
    assert not is_blank(html)


def test_an_empty_card_is_left_out() -> None:
    whole = note(card("one"))
    kept, problems = complete(
        [whole, note(card("two", line=7), answer="<p></p>"), note(card("three", line=9), prompt="")]
    )
    assert kept == (whole,)
    assert [str(problem) for problem in problems] == [
        'Cells.md:7: empty-card the answer of "key of two" shows nothing, so it makes no card; complete the note',
        'Cells.md:9: empty-card the prompt of "key of three" shows nothing, so it makes no card; complete the note',
    ]
    assert {problem.severity for problem in problems} == {Severity.ERROR}


def test_half_a_reverse_is_left_out() -> None:
    kept, problems = complete([note(card("one", line=3), reverse=("Which?", ""))])
    assert kept == (note(card("one", line=3)),)
    assert [str(problem) for problem in problems] == [
        'Cells.md:3: empty-card the reverse of "key of one" shows nothing on one side and is left out;'
        " complete the note"
    ]


def test_an_empty_card_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^card one has an empty side$"):
        write(tmp_path / "deck.apkg", [note(card("one"), answer="<p></p>")], {})
    assert list(tmp_path.iterdir()) == []


def test_one_id_is_never_written_twice(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^card one stands twice in one package$"):
        write(tmp_path / "deck.apkg", [note(card("one")), note(card("one"))], {})


def test_items_come_well_after_their_list() -> None:
    notes = [filed("list", "list"), *(filed(f"item {n}", "item") for n in range(2))]
    others = [filed(f"other {n}") for n in range(12)]
    assert [one.id for one in in_order([*notes, *others])] == [
        "list",
        *(f"other {n}" for n in range(10)),
        "item 0",
        "item 1",
        "other 10",
        "other 11",
    ]


def test_items_of_another_note_do_not_wait() -> None:
    notes = [filed("list", "list"), filed("item", "item", path="Other.md")]
    assert [one.id for one in in_order(notes)] == ["list", "item"]


KINDS = st.lists(
    st.tuples(st.sampled_from(("list", "item", "question")), st.sampled_from(("A.md", "B.md"))), max_size=40
)


@given(KINDS)
def test_order_keeps_all_notes_and_its_distance(kinds: list[tuple[str, str]]) -> None:
    notes = [filed(str(n), kind, path) for n, (kind, path) in enumerate(kinds)]
    ordered = in_order(notes)
    assert sorted(ordered, key=lambda one: int(one.id)) == notes
    rest = [one for one in ordered if one.kind != "item"]
    assert rest == [one for one in notes if one.kind != "item"]
    for place, one in enumerate(ordered):
        number = int(one.id)
        before = [other for other in notes[:number] if other.kind == "list" and other.path == one.path]
        later = [other for other in ordered[place:] if other.kind != "item"]
        if one.kind == "item" and before and later:
            assert place - ordered.index(before[-1]) > SIBLING_DISTANCE


def test_what_the_files_in_a_package_are(tmp_path: Path) -> None:
    path = tmp_path / "deck.apkg"
    write(path, [note(card("one"))], {}, LEDGER, DIGEST)
    with zipfile.ZipFile(path) as package:
        found = {(entry.create_system, entry.external_attr, entry.compress_type) for entry in package.infolist()}
    assert found == {(3, 0o644 << 16, zipfile.ZIP_DEFLATED)}


def test_ids_of_decks_and_rows_are_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "deck.apkg"
    assert deck_id("Bio") == 1_611_054_988_262
    write(path, [note(card("one"), reverse=("a", "b")), note(card("two"))], {})
    assert rows(path, tmp_path, "select id, guid, mod from notes") == [
        (1_699_997_538_846, "two", 1_700_000_000),
        (1_699_999_754_496, "one", 1_700_000_000),
    ]
    assert rows(path, tmp_path, "select id, did, ord, due, mod from cards order by nid, ord") == [
        (1_699_997_290_654, deck_id("Bio"), 0, 2, 1_700_000_000),
        (1_699_999_016_847, deck_id("Bio"), 0, 1, 1_700_000_000),
        (1_699_998_008_790, deck_id("Bio"), 1, 1, 1_700_000_000),
    ]
    assert rows(path, tmp_path, "select mod from col") == [(1_700_000_000_000,)]


def test_the_note_type_in_a_package_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "deck.apkg"
    write(path, [note(card("one"))], {})
    ((text,),) = rows(path, tmp_path, "select models from col")
    model = json.loads(str(text))[str(NOTE_TYPE_ID)]
    assert (model["did"], model["mod"], model["css"]) == (1, NOTE_TYPE_CHANGED, CSS)
    shown = [(one["name"], one["qfmt"], one["afmt"]) for one in model["tmpls"]]
    assert shown == list(TEMPLATES)


def test_decks_are_told_apart_by_name_but_not_by_case(tmp_path: Path) -> None:
    path = tmp_path / "deck.apkg"
    notes = [note(card("one", deck="Bio")), note(card("two", deck="Art")), note(card("three", deck="BIO"))]
    write(path, notes, {})
    found = rows(path, tmp_path, "select n.guid, c.did from notes n join cards c on c.nid = n.id order by n.guid")
    assert found == [("one", deck_id("Bio")), ("three", deck_id("Bio")), ("two", deck_id("Art"))]


def test_an_item_waits_only_while_its_list_is_near() -> None:
    def order(between: int) -> list[str]:
        others = [filed(f"{at}") for at in range(between)]
        found = in_order([filed("list", "list"), *others, filed("item", "item"), filed("last")])
        return [one.id for one in found][-2:]

    assert order(SIBLING_DISTANCE - 1) == ["last", "item"]
    assert order(SIBLING_DISTANCE) == ["item", "last"]


@pytest.mark.parametrize("side", [{"prompt": ""}, {"answer": " "}])
def test_no_side_may_be_empty(tmp_path: Path, side: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="card one has an empty side"):
        write(tmp_path / "deck.apkg", [note(card("one"), **side)], {})  # type: ignore[arg-type]


def test_a_reverse_without_its_answer_is_left_out_whatever_the_context() -> None:
    one = note(card("one"), reverse=("Which is it?", ""))
    one = replace(one, fields=(*one.fields[:4], "Cells", *one.fields[5:]))
    (kept,), (problem,) = complete([one])
    assert (kept.fields[2:5], problem.code) == (("", "", "Cells"), "empty-card")


@pytest.mark.parametrize("comment", [b"made by hand", b"\xff", DIGEST.encode() + b"0", DIGEST.upper().encode()])
def test_a_comment_that_is_no_digest_is_not_ours(tmp_path: Path, comment: bytes) -> None:
    path = tmp_path / "deck.apkg"
    with zipfile.ZipFile(path, "w") as package:
        package.comment = comment
    assert read_comment(path) == ""


def test_a_medium_that_is_no_longer_what_its_name_says(tmp_path: Path) -> None:
    path, picture = tmp_path / "deck.apkg", tmp_path / "cell.png"
    picture.write_bytes(b"first")
    name = f"cell-{hashlib.sha256(b'first').hexdigest()[:12]}.png"
    write(path, [note(card("one"))], {name: picture})
    before = path.read_bytes()
    picture.write_bytes(b"second")
    with pytest.raises(OutputError) as caught:
        write(path, [note(card("one"))], {name: picture})
    assert str(caught.value) == (
        f"{path}: output the deck can't be written ({picture}: it changed while it was read; build again)"
    )
    assert isinstance(caught.value.__cause__, BlockingIOError)
    assert path.read_bytes() == before


def test_a_database_that_fails_names_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def full(*args: object) -> None:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("PRAGMA max_page_count = 1")
            connection.execute("CREATE TABLE notes (id)")

    monkeypatch.setattr(Rows, "write", full)
    path = tmp_path / "deck.apkg"
    with pytest.raises(OutputError) as caught:
        write(path, [note(card("one"))], {})
    assert str(caught.value) == (
        f"{path}: output the deck can't be written (a temporary file in {tmp_path}: database or disk is full)"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_package_without_cards_in_folders_that_it_makes(tmp_path: Path) -> None:
    path = tmp_path / "new" / "er" / "deck.apkg"
    write(path, [], {})
    assert rows(path, tmp_path, "SELECT count(*) FROM notes") == [(0,)]
    assert rows(path, tmp_path, "SELECT mod FROM col") == [(1_000_000_000_000,)]
    assert (read_comment(path), read_ledger(path)) == ("", None)
    with zipfile.ZipFile(path) as package:
        assert package.comment == b""
