"""`mkcards explain`: what each rule saw, and which guard said no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from command import mkcards
from mkcards.cli import cli
from mkcards.rule import Finding, Look, Rule

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
    assert said("notes/Bread.md") == [
        "Bread.md:3: labelled-list: card: What are the kinds of bread? -> - Rye bread",
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


def test_without_a_deck_explain_shows_no_id(desk: Path) -> None:
    status, out, err = mkcards(desk, "explain", "notes/Bread.md:3", "--format", "json")
    message = "these notes are in no deck of this name, so no id is shown; name the deck with -o"
    assert (status, json.loads(out)["id"], json.loads(out)["changed"]) == (0, "", "")
    assert err == f"decks/Bread.apkg: ledger-missing {message}\n"


def test_without_a_deck_the_ids_of_a_list_are_those_of_a_first_build(desk: Path) -> None:
    status, out, err = mkcards(desk, "list", "notes", "--format", "json")
    what, todo = "these notes are in no deck of this name", "name the deck with -o"
    message = f"{what}, so the ids are those that a first build gives; {todo}"
    assert (status, err) == (0, f"decks/notes.apkg: ledger-missing {message}\n")
    mkcards(desk, "notes")
    assert mkcards(desk, "list", "notes", "--format", "json") == (0, out, "")


def test_a_card_that_no_build_has_seen_has_neither_id_nor_day(desk: Path) -> None:
    assert mkcards(desk, "notes", "-o", "bread.apkg")[0] == 0
    (desk / "notes" / "Bread.md").write_text("**Crust** is the hard shell that bread has.\n\n" + NOTE, encoding="utf-8")
    line, *_ = said("notes/Bread.md:1", "-o", "bread.apkg")
    assert line == "Bread.md:1: bold-definition: card: What is Crust? -> the hard shell that bread has"


def test_a_note_may_be_named_from_the_vault(desk: Path) -> None:
    first = [line for line in said("Bread.md") if ":3: " in line]
    assert first == ["Bread.md:3: labelled-list: card: What are the kinds of bread? -> - Rye bread"]
    (desk / "more").mkdir()
    (desk / "more" / "Bread.md").write_text(NOTE, encoding="utf-8")
    not_found = (2, "", "Bread.md: not-found there is no such file or folder; check the name\n")
    assert mkcards(desk, "explain", "Bread.md") == not_found
    (desk / "config.yaml").write_text("mkcards:\n  notes: [notes]\n", encoding="utf-8")
    assert mkcards(desk, "explain", "Bread.md")[0] == 0


SILENT = """\
# Bread

**Kinds of bread**: %% nocard %%
- Rye bread
- Wheat bread

%% nocard %%
**Crust** is the hard shell that bread has.

==Why is rye bread dark?==

## Flour
%% nocard %%

**Bran** is the hard shell that a grain has.

Mills turned by water were there before those turned by wind.
"""


def test_silence_and_findings_are_said(desk: Path) -> None:
    (desk / "notes" / "Bread.md").write_text(SILENT, encoding="utf-8")
    question = "open-question: no card: “Why is rye bread dark?” has no answer yet; write it below"
    section = "Bread.md:12: section: no card: the section is not read: %% nocard %%"
    assert said("notes/Bread.md") == [
        "Bread.md:3: block: no card: it is silenced: %% nocard %%",
        "Bread.md:4: block: no card: it is silenced: %% nocard %%",
        "Bread.md:8: block: no card: it is silenced: %% nocard %%",
        f"Bread.md:10: {question}",
        section,
    ]
    assert said("notes/Bread.md:17") == [section]


def test_where_no_rule_looks_is_said(desk: Path) -> None:
    nothing = "note: no card: nothing that a rule looks at stands here"
    (desk / "notes" / "Bread.md").write_text("Mills are turned by water.\n\nOr by wind.\n", encoding="utf-8")
    assert said("notes/Bread.md:3") == [f"Bread.md:3: {nothing}"]
    assert said("notes/Bread.md:99") == ["Bread.md:99: note: no card: it ends at line 3"]
    (desk / "notes" / "Bread.md").write_text("", encoding="utf-8")
    assert said("notes/Bread.md") == ["Bread.md: note: no card: it is empty"]


def test_a_rule_that_fails_is_said(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(look: Look) -> Iterator[Finding]:
        for place in look.of("list"):
            raise KeyError(place.block.line)
        yield from ()

    monkeypatch.setattr("mkcards.extract.installed", lambda: (Rule("labelled-list", fail),))
    what = "the rule labelled-list failed here (KeyError: 4); please report it with the note"
    assert said("notes/Bread.md:4") == [f"Bread.md:4: rule-failed: no card: {what}"]


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


def test_what_a_build_leaves_out_is_said(desk: Path) -> None:
    for name in ("Templates/T.md", "Bread (conflicted copy).md", ".trash/B.md", "Rye.draft.md", "B.txt", "README.md"):
        (desk / "notes" / name).parent.mkdir(exist_ok=True)
        (desk / "notes" / name).write_text(NOTE, encoding="utf-8")
    (desk / "other.yaml").write_text('mkcards:\n  notes: [notes]\n  exclude: ["*.draft.md"]\n', encoding="utf-8")
    assert mkcards(desk, "notes", "-o", "bread.apkg")[0] == 0
    deck, other = ("-o", "bread.apkg"), ("--config", "other.yaml")
    copy = "a sync tool made this copy of a note, so it makes no cards; take over what you need and delete it"
    left_out = {
        ("notes/Templates/T.md", *deck): "`exclude` leaves it out, by the pattern `*Templates`",
        ("notes/README.md", *deck): "`exclude` leaves it out, by the pattern `/README.md`",
        ("notes/Rye.draft.md", *other): "`exclude` leaves it out, by the pattern `*.draft.md`",
        ("notes/.trash/B.md", *deck): "a build does not look into `.trash`",
        ("notes/.trash/B.md",): "a build does not look into `.trash`",
        ("notes/B.txt", *other): "a build reads *.md and *.markdown; name it by itself to have it read",
        ("notes/Bread (conflicted copy).md", *deck): copy,
        ("bread.yaml", *other): f"it is not among the notes that are built ({desk / 'notes'})",
    }
    (desk / "bread.yaml").write_text(NOTE, encoding="utf-8")
    for args, reason in left_out.items():
        assert [line.partition(": ")[2] for line in said(*args)] == [f"note: no card: {reason}"]
    assert ": card " in said("notes/Bread.md:3", *deck)[0]
    assert mkcards(desk, "notes/README.md", "-o", "readme.apkg")[0] == 0
    assert ": card " in said("notes/README.md:3", "-o", "readme.apkg")[0]


def test_a_dropped_card_is_said(desk: Path) -> None:
    assert mkcards(desk, "notes", "-o", "bread.apkg")[0] == 0
    verdict = json.loads(said("notes/Bread.md:3", "-o", "bread.apkg", "--format", "json")[0])
    assert mkcards(desk, "drop", verdict["id"], "-o", "bread.apkg")[0] == 0
    reason = f"it is dropped; `mkcards undrop {verdict['id']}` takes it back"
    assert said("notes/Bread.md:3", "-o", "bread.apkg") == [f"Bread.md:3: labelled-list: no card: {reason}"]
    assert mkcards(desk, "undrop", verdict["id"], "-o", "bread.apkg")[0] == 0
    assert ": card " in said("notes/Bread.md:3", "-o", "bread.apkg")[0]


def test_a_folder_is_no_note_to_explain(desk: Path) -> None:
    assert mkcards(desk, "explain", "notes") == (2, "", "notes: no-note it is a folder; name one of its notes\n")
