from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mkcards import __version__

NOTE = """\
# Minds

**AGI** is an agent which applies skills at or above human level.

==Why would it want power?==
"""
KEEP = "decks/notes.ledger.jsonl is new: keep it, it remembers which card is which\n"
KEYS = [
    *("id", "kind", "key", "rule", "deck", "tags", "path", "line", "end_line", "label_line", "context"),
    *("prompt", "answer", "reverse_prompt", "reverse_answer", "details"),
    *("prompt_text", "answer_text", "retired"),
]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/minds.md").write_text(NOTE, encoding="utf-8")
    return tmp_path


def mkcards(here: Path, *args: str) -> tuple[int, str, str]:
    """Exit status, output and errors of a run in a folder."""
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    done = subprocess.run(
        [sys.executable, "-m", "mkcards", *args],
        cwd=here,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_build_is_the_default_and_says_what_it_did(here: Path) -> None:
    assert mkcards(here, "notes") == (
        0,
        f"1 note · 1 card: 1 new, 0 changed, 0 retired · 1 open question\n{KEEP}",
        "",
    )
    assert sorted(path.name for path in (here / "decks").iterdir()) == ["notes.apkg", "notes.ledger.jsonl"]
    assert mkcards(here, "build", "notes", "--strict") == (
        0,
        "1 note · 1 card · 1 open question · decks/notes.apkg is up to date, nothing written\n",
        "",
    )


def test_the_output_and_the_notes_can_come_from_the_config(here: Path) -> None:
    (here / "config.yaml").write_text(
        "mkcards: {notes: [notes], output: a.apkg, deck: Minds}\n", encoding="utf-8"
    )
    assert mkcards(here)[0] == 0
    assert (here / "a.ledger.jsonl").exists()
    assert mkcards(here, "-o", "b.apkg")[0] == 0
    assert (here / "b.ledger.jsonl").exists()
    (here / "other.yaml").write_text("mkcards: {dekc: x}\n", encoding="utf-8")
    assert mkcards(here, "notes", "--config", "other.yaml") == (
        2,
        "",
        "other.yaml:1: unknown-setting there is no setting `dekc`; did you mean `deck`?\n",
    )


def test_list_as_text_groups_by_note_and_writes_nothing(here: Path) -> None:
    status, out, err = mkcards(here, "list", "notes")
    assert (status, err) == (0, "")
    assert out.startswith("minds.md\n  3: What is AGI?")
    assert "\n   -> an agent which applies skills at or above human level" in out
    assert sorted(path.name for path in here.iterdir()) == ["notes"]


def test_list_as_json_has_the_ids_of_the_deck(here: Path) -> None:
    _, before, _ = mkcards(here, "list", "notes", "--format", "json")
    mkcards(here, "notes")
    status, out, _ = mkcards(here, "list", "notes", "--format", "json")
    assert (status, out) == (0, before)
    (card,) = map(json.loads, out.splitlines())
    assert list(card) == KEYS
    assert (card["key"], card["path"], card["line"], card["deck"]) == ("AGI", "minds.md", 3, "notes")
    assert (card["tags"], card["retired"]) == (["mkcards::bold-definition"], False)


def test_list_can_show_retired_cards(here: Path) -> None:
    mkcards(here, "notes")
    (here / "notes/minds.md").write_text("Nothing.\n", encoding="utf-8")
    assert mkcards(here, "list", "notes", "--format", "json") == (0, "", "")
    _, out, _ = mkcards(here, "list", "notes", "--format", "json", "--retired")
    (card,) = map(json.loads, out.splitlines())
    assert (card["key"], card["line"], card["retired"]) == ("AGI", 0, True)


def test_check_says_everything(here: Path) -> None:
    (here / "notes/bad.md").write_bytes(b"caf\xe9\n")
    question = "minds.md:5: open-question “Why would it want power?” has no answer yet; write it below\n"
    bad = "bad.md:1: undecodable this is not UTF-8; save the note as UTF-8 (its cards stay as they were)\n"
    assert mkcards(here, "check", "notes") == (1, bad + question, "2 notes · 1 card · 1 open question\n")
    assert mkcards(here, "check", "notes", "--open-questions")[1] == question
    assert sorted(path.name for path in here.iterdir()) == ["notes"]


def test_errors_of_notes_are_said_and_the_rest_is_built(here: Path) -> None:
    (here / "notes/bad.md").write_bytes(b"caf\xe9\n")
    assert mkcards(here, "notes") == (
        1,
        f"2 notes · 1 card: 1 new, 0 changed, 0 retired · 1 open question\n{KEEP}",
        "bad.md:1: undecodable this is not UTF-8; save the note as UTF-8 (its cards stay as they were)\n",
    )


def test_warnings_fail_only_if_strict_and_remarks_are_said_only_if_asked(here: Path) -> None:
    for name in ("minds.md", "copy.md"):
        (here / "notes" / name).write_text(f"---\nid: 7\n---\n{NOTE}", encoding="utf-8")
    status, _, err = mkcards(here, "notes")
    message = 'duplicate-note-id 2 notes have the id "7", so it tells none of them apart; give each its own'
    assert (status, err) == (0, f"copy.md:1: {message}\nminds.md:1: {message}\n")
    assert mkcards(here, "notes", "--strict")[0] == 1
    assert "open-question" in mkcards(here, "-v", "notes")[2]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "notes: no-notes none are named; name a folder, or set `notes` in config.yaml\n"),
        (("nowhere",), "nowhere: not-found there is no such file or folder; check the name\n"),
        (("notes", "-o", "x.zip"), "x.zip: output-kind this is no *.apkg; name a deck\n"),
        (("notes", "-o"), "mkcards: Option '-o' requires an argument.\n"),
        (
            ("notes", "--config", "no.yaml"),
            "no.yaml: unreadable No such file or directory; name another file\n",
        ),
    ],
)
def test_usage_errors_are_one_line(here: Path, args: tuple[str, ...], message: str) -> None:
    assert mkcards(here, *args) == (2, "", message)


def test_version_and_help(here: Path) -> None:
    assert mkcards(here, "--version") == (0, f"mkcards {__version__}\n", "")
    assert mkcards(here, "--help")[1].startswith("Usage: mkcards [OPTIONS] COMMAND [ARGS]...")


def test_a_reader_that_stops_early_gets_no_traceback(here: Path) -> None:
    text = "\n\n".join(f"**Term{number}** is a thing of number {number}." for number in range(3000))
    (here / "notes/many.md").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "mkcards", "list", "notes", "--format", "json"]
    with subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout and run.stderr
        run.stdout.readline()
        run.stdout.close()
        assert (run.stderr.read(), run.wait()) == (b"", 1)


def test_file_names_that_are_no_text_are_printed(here: Path) -> None:
    (here / "notes").joinpath(os.fsdecode(b"caf\xe9.md")).write_text(NOTE, encoding="utf-8")
    status, out, _ = mkcards(here, "list", "notes", "--format", "json")
    assert status == 0
    assert json.loads(out.splitlines()[0])["path"] == "caf\udce9.md"
    assert mkcards(here, "notes")[0] == 0
