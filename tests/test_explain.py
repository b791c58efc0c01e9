"""`mkcards explain`: what each rule saw, and which guard said no."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mkcards.cli import cli

NOTE = """\
# Bread

**Kinds of bread**:
- Rye bread
- Wheat bread

**Note**: the oven of the bakery is very old

## Links

- [[Oven]]
- [[Flour]]
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with one note in `notes`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "Bread.md").write_text(NOTE, encoding="utf-8")
    return tmp_path


def said(*args: str) -> list[str]:
    """Return the lines that `mkcards explain` prints."""
    done = CliRunner().invoke(cli, ["explain", *args], standalone_mode=False)
    assert done.exception is None
    return done.stdout.splitlines()


def test_each_place_has_a_verdict(desk: Path) -> None:
    lines = said("notes/Bread.md")
    card = json.loads(said("notes/Bread.md:3", "--format", "json")[0])["id"]
    assert lines == [
        f"Bread.md:3: labelled-list: card {card} of 2023-11-14: What are the kinds of bread? -> - Rye bread",
        "Bread.md:7: term-line: no card: “Note” is a generic label, no term",
        "Bread.md:9: section: no card: the section is not read: its heading is one of those to skip",
    ]


def test_a_line_narrows_it_to_a_block_and_its_label(desk: Path) -> None:
    assert [line.split(": ")[0] for line in said("notes/Bread.md:5")] == ["Bread.md:3"]


def test_after_a_build_the_id_is_the_ledgers_own(desk: Path) -> None:
    CliRunner().invoke(cli, ["notes", "-o", "bread.apkg"], standalone_mode=False)
    ledger = (desk / "bread.ledger.jsonl").read_text(encoding="utf-8").splitlines()
    (card,) = (json.loads(line) for line in ledger[1:])
    verdict = json.loads(said("notes/Bread.md:3", "-o", "bread.apkg", "--format", "json")[0])
    assert verdict == {
        "path": "Bread.md",
        "line": 3,
        "rule": "labelled-list",
        "prompt": "What are the kinds of bread?",
        "answer": "- Rye bread",
        "id": card["id"],
        "changed": "2023-11-14",
        "reason": "",
    }


def test_a_note_that_is_off_says_so(desk: Path) -> None:
    (desk / "notes" / "Bread.md").write_text("---\nmkcards: false\n---\n" + NOTE, encoding="utf-8")
    assert said("notes/Bread.md") == ["Bread.md:1: note: no card: the front matter says `mkcards: false`"]


def test_long_texts_are_cut_to_a_glance(desk: Path) -> None:
    told = "a loaf that rests for a night, " * 4 + "and then goes into the oven of the bakery"
    (desk / "notes" / "Bread.md").write_text(f"**Rye bread** is {told}.\n", encoding="utf-8")
    (line,) = said("notes/Bread.md")
    assert line.partition(" -> ")[2] == f"{told[:90].rstrip()} …"
    first = CliRunner().invoke(cli, ["diff", "notes"], standalone_mode=False).stdout.splitlines()[0]
    assert first == f"new      Bread.md:1  Rye bread: {told[:80].rstrip()} …"
