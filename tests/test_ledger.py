from __future__ import annotations

import json
import os
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mkcards.data import Card, Fields, Ledger
from mkcards.errors import LedgerError
from mkcards.ledger import LAST_SECOND, beside, dumps, load, loads, read, write

CARD = Card(
    id="b",
    rule="term-line",
    kind="definition",
    key="AGI",
    path="x/a.md",
    title="A",
    fields=Fields("What is AGI?", "an agent", "?", "AGI", ("A", "B"), "more"),
    note_id="7",
    anchor="agi",
    headings=("B",),
    ordinal=3,
    deck="d",
    tags=("x",),
    hash="h",
    changed=5,
    retired=6,
    dropped=True,
    unknown=MappingProxyType({"later": [1]}),
)
LINE = (
    '{"anchor":"agi","answer":"an agent","changed":5,"context":["A","B"],"deck":"d",'
    '"details":"more","dropped":true,"hash":"h","headings":["B"],"id":"b","key":"AGI",'
    '"kind":"definition","later":[1],"note_id":"7","ordinal":3,"path":"x/a.md","prompt":'
    '"What is AGI?","retired":6,"reverse_answer":"AGI","reverse_prompt":"?","rule":'
    '"term-line","tags":["x"],"title":"A"}\n'
)
HEADER = '{"format":1,"namespace":"n","roots":["."]}\n'
MINIMAL = '{"id": "a", "kind": "k", "key": "K", "rule": "r", "path": "p", "prompt": "?", "answer": "!"}\n'


def message(text: str) -> str:
    with pytest.raises(LedgerError) as caught:
        loads(text.encode(), "d/x.ledger.jsonl")
    return str(caught.value)


def test_the_ledger_stands_beside_the_deck() -> None:
    assert beside(Path("decks/my.notes.apkg")) == Path("decks/my.notes.ledger.jsonl")


def test_one_sorted_line_for_each_card_below_the_header() -> None:
    other = Card("a", "r", "k", "K", "p", "", Fields("?", "!"))
    ledger = Ledger("n", (".",), (CARD, other))
    lines = dumps(ledger).decode().splitlines(keepends=True)
    assert lines[0] == HEADER
    assert [json.loads(line)["id"] for line in lines[1:]] == ["a", "b"]
    assert lines[2] == LINE
    assert loads(dumps(ledger), "x") == Ledger("n", (".",), (other, CARD))


def test_unknown_keys_are_kept() -> None:
    header = '{"format":1,"made_by":{"a":36893488147419103232},"namespace":"n","roots":[]}\n'
    assert dumps(loads((header + LINE).encode(), "x")).decode() == header + LINE


def test_the_last_forgetting_stands_in_the_header() -> None:
    header = '{"forgotten":5,"format":1,"namespace":"n","roots":[]}\n'
    assert loads(header.encode(), "x") == Ledger("n", forgotten=5)
    assert dumps(Ledger("n", forgotten=5)).decode() == header


def test_the_folder_of_the_paths_stands_in_the_header() -> None:
    header = '{"folder":"Bio","format":1,"namespace":"n","roots":[]}\n'
    assert loads(header.encode(), "x") == Ledger("n", folder="Bio")
    assert dumps(Ledger("n", folder="Bio")).decode() == header


def test_absent_keys_take_their_defaults() -> None:
    assert loads((HEADER + MINIMAL).encode(), "x").cards == (
        Card("a", "r", "k", "K", "p", "", Fields("?", "!")),
    )


def test_line_ends_marks_and_empty_lines_of_an_editor_are_tolerated() -> None:
    text = "\ufeff" + HEADER.replace("\n", "\r\n") + "\r\n" + LINE.replace("\n", "\r\n")
    assert loads(text.encode(), "x") == Ledger("n", (".",), (CARD,))


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.characters(min_codepoint=0xDC00, max_codepoint=0xDFFF)
)
CARDS = st.builds(
    Card,
    id=TEXTS,
    rule=TEXTS,
    kind=TEXTS,
    key=TEXTS,
    path=TEXTS,
    title=TEXTS,
    fields=st.builds(Fields, TEXTS, TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=2).map(tuple), TEXTS),
    headings=st.lists(TEXTS, max_size=2).map(tuple),
    ordinal=st.integers(0, 9999),
    changed=st.integers(0, LAST_SECOND),
    retired=st.none() | st.integers(0, LAST_SECOND),
    dropped=st.booleans(),
)


@given(TEXTS, st.lists(CARDS, max_size=4, unique_by=lambda card: card.id))
def test_reading_is_the_inverse_of_writing(namespace: str, cards: list[Card]) -> None:
    ledger = Ledger(namespace, (".",), tuple(sorted(cards, key=lambda card: card.id)))
    data = dumps(ledger)
    assert loads(data, "x") == ledger
    assert dumps(loads(data, "x")) == data


def test_conflict_marks_name_their_line() -> None:
    text = HEADER + MINIMAL + "<<<<<<< HEAD\n" + LINE + "=======\n" + LINE + ">>>>>>> other\n"
    assert message(text) == (
        "d/x.ledger.jsonl:3: ledger-conflict a merge left its marks here; take its sides from git "
        "(`git show :2:./NAME` and `:3:./NAME`) and join them with `mkcards merge-ledgers`"
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ": ledger-empty nothing is in it"),
        ("{\n", ":1: ledger-corrupt this is not JSON"),
        ("[]\n", ":1: ledger-corrupt this is not a JSON object"),
        ("{}\n", ":1: ledger-corrupt there is no `format`"),
        (
            '{"format": 1, "namespace": 1, "roots": []}\n',
            ":1: ledger-corrupt `namespace` is missing or wrong",
        ),
        ('{"format": 1, "namespace": ""}\n', ":1: ledger-corrupt `roots` is missing or wrong"),
        (HEADER.replace("}", ',"forgotten":-1}'), ":1: ledger-corrupt `forgotten` is missing or wrong"),
        (HEADER.replace("}", ',"folder":1}'), ":1: ledger-corrupt `folder` is missing or wrong"),
        (HEADER + '{"id": "a"}\n', ":2: ledger-corrupt `kind` is missing"),
        (HEADER + MINIMAL.replace('"?"', "1"), ":2: ledger-corrupt `prompt` can't be 1"),
        (HEADER + "\n" + LINE.replace("5", "-5"), ":3: ledger-corrupt `changed` can't be -5"),
        (HEADER + LINE.replace("true", '"no"'), ':2: ledger-corrupt `dropped` can\'t be "no"'),
        (HEADER + LINE.replace('["x"]', "[1]"), ":2: ledger-corrupt `tags` can't be [1]"),
        (HEADER + LINE.replace('"retired":6', '"retired":-1'), ":2: ledger-corrupt `retired` can't be -1"),
        (HEADER + LINE.replace('"ordinal":3', '"ordinal":-1'), ":2: ledger-corrupt `ordinal` can't be -1"),
        (HEADER + LINE[:50], ":2: ledger-corrupt this is not JSON"),
        (HEADER + "[" * 10_000 + "\n", ":2: ledger-corrupt this is not JSON"),
        (HEADER + LINE.replace("5", "1e400"), ":2: ledger-corrupt `changed` can't be Infinity"),
        (HEADER + LINE.replace("5", f"{2**40 + 1}"), f":2: ledger-corrupt `changed` can't be {2**40 + 1}"),
        (HEADER + LINE.replace("5", f'"{"5" * 60}"'), f":2: ledger-corrupt `changed` can't be \"{'5' * 39}"),
    ],
)
def test_what_is_no_ledger_names_its_line(text: str, fault: str) -> None:
    remedy = "restore it, or delete" if not text else "restore the ledger, or delete"
    assert message(text) == f"d/x.ledger.jsonl{fault}; {remedy} it to recover it from the deck"


def test_a_card_twice_is_refused() -> None:
    assert message(HEADER + LINE + MINIMAL + LINE) == (
        "d/x.ledger.jsonl:4: ledger-twice the card b stands above too; keep the line with the later `changed`"
    )


def test_a_newer_format_is_refused() -> None:
    assert message(HEADER.replace("1", "2")) == (
        "d/x.ledger.jsonl:1: ledger-newer this has format 2, this mkcards knows 1; update mkcards"
    )


def test_writing_replaces_whole_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "new/x.ledger.jsonl"
    assert read(path) is None
    write(path, [b"one"])
    write(path, [b"two"])
    assert read(path) == b"two"
    assert [entry.name for entry in path.parent.iterdir()] == ["x.ledger.jsonl"]


def test_a_new_ledger_is_as_readable_as_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write(tmp_path / "x", [b""])
    assert (tmp_path / "x").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_linked_ledger_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(tmp_path / "link", [b"x"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"x"


def test_a_failed_write_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.ledger.jsonl"
    write(path, [b"old"])

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerError) as caught:
        write(path, [b"new"])
    assert str(caught.value) == f"{path}: ledger-unwritable No space left on device; name another output"
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.ledger.jsonl"]


def test_a_folder_in_its_place_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        read(tmp_path)
    assert str(caught.value) == f"{tmp_path}: ledger-unreadable Is a directory; make it readable"


def test_a_ledger_makes_the_folders_that_it_needs(tmp_path: Path) -> None:
    write(tmp_path / "one/two/x.ledger.jsonl", [b"x"])
    assert read(tmp_path / "one/two/x.ledger.jsonl") == b"x"


def test_the_first_second_is_a_time() -> None:
    line = MINIMAL.replace("}", ', "changed":0, "retired":0, "ordinal":0, "headings": []}')
    (card,) = loads((HEADER + line).encode(), "x").cards
    assert (card.changed, card.retired, card.ordinal) == (0, 0, 0)


def test_the_last_second_is_a_time() -> None:
    for line in (LINE.replace('"later":[1],', ""), LINE):
        line = line.replace('"changed":5', f'"changed":{LAST_SECOND}').replace(":6,", f":{LAST_SECOND},")
        (card,) = loads((HEADER + line).encode(), "x").cards
        assert (card.changed, card.retired) == (LAST_SECOND, LAST_SECOND)


def test_a_ledger_that_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "x.ledger.jsonl"
    with pytest.raises(LedgerError) as missing:
        load(path)
    assert str(missing.value) == f"{path}: ledger-missing there is no such file; check the name"
    path.write_text(HEADER + LINE, encoding="utf-8")
    assert load(path) == Ledger("n", (".",), (CARD,))
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(LedgerError) as broken:
        load(path)
    assert str(broken.value) == (
        f"{path}:1: ledger-corrupt this is not a JSON object; "
        "restore the ledger, or delete it to recover it from the deck"
    )


def test_a_name_that_is_no_utf_8_is_written_as_its_escape() -> None:
    plain = replace(CARD, id="a", path="caf\udce9/é.md", unknown=MappingProxyType({}))
    ledger = Ledger("n", ("caf\udce9",), (plain, replace(CARD, path="caf\udce9/é.md")))
    header, first, second = dumps(ledger).decode().splitlines(keepends=True)
    written = LINE.replace('"path":"x/a.md"', '"path":"caf\\udce9/é.md"')
    assert header == HEADER.replace('"."', '"caf\\udce9"')
    assert first == written.replace('"id":"b"', '"id":"a"').replace('"later":[1],', "")
    assert second == written
    assert loads(dumps(ledger), "x") == ledger
