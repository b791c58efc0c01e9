from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command import mkcards as run
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
    return run(here, *args, SOURCE_DATE_EPOCH="1700000000")


def process(here: Path, *args: str, **env: str) -> tuple[int, str, str]:
    """The same of a process: for what depends on that, and once for each command."""
    done = subprocess.run(
        [sys.executable, "-m", "mkcards", *args],
        cwd=here,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000", **env},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_build_is_the_default_and_says_what_it_did(here: Path) -> None:
    assert process(here, "notes") == (
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
    (here / "config.yaml").write_text("mkcards: {notes: [notes], output: a.apkg, deck: Minds}\n", encoding="utf-8")
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


def test_config_prints_what_holds_and_where_it_came_from(here: Path) -> None:
    assert mkcards(here, "config")[1].splitlines()[:2] == ["mkcards:", "  notes: []  # default"]
    (here / "config.yaml").write_text("mkcards: {notes: [notes], deck: Minds}\n", encoding="utf-8")
    status, out, err = process(here, "config", "-o", "b.apkg")
    assert (status, err) == (0, "")
    assert out.splitlines()[1:4] == [
        "  notes: [notes]  # config.yaml:1",
        "  output: b.apkg  # command line",
        "  deck: Minds  # config.yaml:1",
    ]
    rows = [json.loads(line) for line in mkcards(here, "config", "--format", "json")[1].splitlines()]
    assert rows[1] == {"setting": "output", "value": None, "from": "default"}
    assert json.loads(mkcards(here, "config", "--schema")[1])["title"] == "mkcards configuration"
    (here / "config.yaml").write_text("mkcards:\n  deck: [a]\n  dekc: b\n", encoding="utf-8")
    assert mkcards(here, "config") == (
        2,
        "",
        "config.yaml:2: wrong-type `deck` is a list, not text; correct it\n"
        "config.yaml:3: unknown-setting there is no setting `dekc`; did you mean `deck`?\n",
    )


def test_list_as_text_groups_by_note_and_writes_nothing(here: Path) -> None:
    status, out, err = mkcards(here, "list", "notes")
    assert (status, err) == (0, "")
    assert out.startswith("minds.md\n  3: What is AGI?")
    assert "\n   -> an agent which applies skills at or above human level" in out
    assert sorted(path.name for path in here.iterdir()) == ["notes"]


def test_list_as_json_has_the_ids_of_the_deck(here: Path) -> None:
    mkcards(here, "notes")
    status, out, err = mkcards(here, "list", "notes", "--format", "json")
    (card,) = map(json.loads, out.splitlines())
    (line,) = (here / "decks/notes.ledger.jsonl").read_text(encoding="utf-8").splitlines()[1:]
    assert (status, card["id"], err) == (0, json.loads(line)["id"], "")
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


TWO = """\
**AGI** is an agent which applies skills at or above human level.

**Weight** is a number that multiplies an input of a neuron.
"""


@pytest.fixture
def two(here: Path) -> Path:
    (here / "notes/minds.md").write_text(TWO, encoding="utf-8")
    mkcards(here, "notes")
    return here


def listed(here: Path) -> dict[str, str]:
    """The ids of the cards by their key."""
    _, out, _ = mkcards(here, "list", "notes", "--format", "json")
    return {card["key"]: card["id"] for card in map(json.loads, out.splitlines())}


def test_diff_tells_what_a_build_would_do_and_writes_nothing(two: Path) -> None:
    before = listed(two)
    (two / "notes/minds.md").write_text(TWO.split("\n\n")[0].replace("**AGI**", "**AGI system**"), encoding="utf-8")
    (two / "notes/bias.md").write_text("**Bias** is a number that is added to a sum.\n", encoding="utf-8")
    status, out, err = process(two, "diff", "notes")
    assert (status, err) == (0, "")
    assert out == (
        "new      bias.md:1  Bias: a number that is added to a sum\n"
        "edited   minds.md:1  AGI system: an agent which applies skills at or above human level\n"
        "         was AGI: an agent which applies skills at or above human level "
        "(the question longer or shorter, the same answer; score 0.81)\n"
        "retired  minds.md  Weight: a number that multiplies an input of a neuron\n"
        "1 new, 1 edited, 0 moved, 0 returned, 1 retired; 0 shown otherwise\n"
    )
    _, out, _ = mkcards(two, "diff", "notes", "--format", "json")
    entries = [json.loads(line) for line in out.splitlines()]
    assert [entry["what"] for entry in entries] == ["new", "edited", "retired"]
    assert entries[1] == {
        "what": "edited",
        "id": before["AGI"],
        "path": "minds.md",
        "kind": "definition",
        "key": "AGI system",
        "answer": "an agent which applies skills at or above human level",
        "line": 1,
        "old": {
            "path": "minds.md",
            "kind": "definition",
            "key": "AGI",
            "answer": "an agent which applies skills at or above human level",
        },
        "why": "the question longer or shorter, the same answer",
        "score": 0.81,
    }
    (two / "notes/minds.md").write_text(TWO, encoding="utf-8")
    (two / "notes/bias.md").unlink()
    assert listed(two) == before


def test_diff_tells_moves_and_returns(two: Path) -> None:
    (two / "notes/minds.md").rename(two / "notes/thoughts.md")
    out = mkcards(two, "diff", "notes")[1]
    assert out.splitlines()[:2] == [
        "moved    thoughts.md:1  AGI: an agent which applies skills at or above human level",
        "         was AGI: an agent which applies skills at or above human level "
        "(the same question; score 1.00, from minds.md)",
    ]
    (two / "notes/thoughts.md").write_text("Nothing.\n", encoding="utf-8")
    mkcards(two, "notes")
    (two / "notes/thoughts.md").rename(two / "notes/minds.md")
    (two / "notes/minds.md").write_text(TWO, encoding="utf-8")
    assert mkcards(two, "diff", "notes")[1].endswith(
        "0 new, 0 edited, 0 moved, 2 returned, 0 retired; 0 shown otherwise\n"
    )


def test_drop_and_undrop_by_id_and_by_line(two: Path) -> None:
    before = listed(two)
    deck = ("-o", "decks/notes.apkg")
    assert process(two, "drop", "notes/minds.md:3", *deck) == (
        0,
        f"{before['Weight']} minds.md: Weight\n1 card dropped · build the deck to see it there\n",
        "",
    )
    assert list(listed(two)) == ["AGI"]
    assert mkcards(two, "drop", before["Weight"], *deck)[1] == "0 cards dropped, nothing written\n"
    assert mkcards(two, "notes")[1] == "1 note · 1 card: 0 new, 0 changed, 0 retired · 0 open questions\n"
    status, out, _ = mkcards(two, "undrop", "notes/minds.md:3", *deck)
    assert (status, out.splitlines()[1]) == (0, "1 card taken back · build the deck to see it there")
    assert listed(two) == before


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("drop", "x"), "output: no-deck none is named; say which with -o\n"),
        (
            ("drop", "x", "-o", "decks/notes.apkg"),
            "x: unknown-card the ledger has no such id; see `mkcards list NOTES -o DECK --format json`\n",
        ),
        (
            ("drop", "notes/other.md:1", "-o", "decks/notes.apkg"),
            "notes/other.md: not-found there is no such file or folder; check the name\n",
        ),
        (
            ("drop", "notes:3", "-o", "decks/notes.apkg"),
            "notes: no-note it is a folder; name one of its notes\n",
        ),
        (
            ("drop", "notes/minds.md:2", "-o", "decks/notes.apkg"),
            "notes/minds.md:2: no-single-card the cards of this line are: none; name one by its id\n",
        ),
        (
            ("build", "notes", "--since", "2026-01-01"),
            "--since: restamp-only it narrows --restamp; add that, or leave it out\n",
        ),
        (
            ("merge-ledgers", "a", "b", "-o", "c"),
            "a: ledger-missing there is no such file; check the name\n",
        ),
    ],
)
def test_what_can_not_be_meant_is_one_line(two: Path, args: tuple[str, ...], message: str) -> None:
    assert mkcards(two, *args) == (2, "", message)


def test_a_deck_is_not_built_from_the_notes_of_another_folder(two: Path) -> None:
    (two / "others").mkdir()
    (two / "others/minds.md").write_text("**Mind**: what a person thinks with.\n", encoding="utf-8")
    before = (two / "decks/notes.ledger.jsonl").read_bytes()
    message = (
        'decks/notes.apkg: other-notes the deck is of the notes in "notes", and 2 of its 2 cards are not in "others"; '
        "name all its folders together, set `vault` to the one that holds them, or name another deck with -o\n"
    )
    for command in ("build", "diff"):
        assert mkcards(two, command, "others", "-o", "decks/notes.apkg") == (2, "", message)
    assert (two / "decks/notes.ledger.jsonl").read_bytes() == before
    assert mkcards(two, "list", "others", "-o", "decks/notes.apkg")[0] == 0


def test_forget_needs_a_date_and_forgets_only_the_retired(two: Path) -> None:
    (two / "notes/minds.md").write_text(TWO.split("\n\n")[0], encoding="utf-8")
    mkcards(two, "notes")
    deck = ("-o", "decks/notes.apkg")
    assert mkcards(two, "forget", "--before", "2020-01-01", *deck)[1] == "0 retired cards forgotten\n"
    assert process(two, "forget", "--before", "2026-01-01", *deck)[1] == "1 retired card forgotten\n"
    assert mkcards(two, "forget", *deck) == (2, "", "mkcards: Missing option '--before'.\n")


def test_restamp(two: Path) -> None:
    assert mkcards(two, "build", "notes", "--restamp", "--since", "2026-01-01")[1].endswith("nothing written\n")
    assert mkcards(two, "build", "notes", "--restamp")[1] == (
        "1 note · 2 cards: 0 new, 2 changed, 0 retired · 0 open questions\n"
    )


def test_check_says_everything(here: Path) -> None:
    (here / "notes/bad.md").write_bytes(b"caf\xe9\n")
    question = "minds.md:5: open-question “Why would it want power?” has no answer yet; write it below\n"
    bad = "bad.md:1: undecodable this is not UTF-8; save the note as UTF-8 (its cards stay as they were)\n"
    assert process(here, "check", "notes") == (1, bad + question, "2 notes · 1 card · 1 open question\n")
    assert sorted(path.name for path in here.iterdir()) == ["notes"]


def test_errors_of_notes_are_said_and_the_rest_is_built(here: Path) -> None:
    (here / "notes/bad.md").write_bytes(b"caf\xe9\n")
    assert process(here, "notes") == (
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
        (("notes", "-o", "x.zip"), "x.zip: output-kind this is no *.apkg, *.csv or *.jsonl; name a deck\n"),
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
    assert process(here, "--version") == (0, f"mkcards {__version__}\n", "")
    assert mkcards(here, "--help")[1].startswith("Usage: mkcards [OPTIONS] COMMAND [ARGS]...")


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("mkcards ch", ["plain,check"]),
        ("mkcards me", ["plain,merge-ledgers"]),
        ("mkcards no", ["file,no"]),
        ("mkcards --v", ["plain,--version"]),
        ("mkcards list --format ", ["plain,text", "plain,json"]),
        ("mkcards check --select long-list,bro", ["plain,long-list,broken-list", "plain,long-list,broken-link"]),
        ("mkcards notes --str", ["plain,--strict"]),
    ],
)
def test_a_shell_completes(here: Path, words: str, completed: list[str]) -> None:
    cursor = str(words.count(" "))
    status, out, err = run(here, _MKCARDS_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=cursor)
    assert (status, out.split(), err) == (0, completed, "")


def test_the_completion_of_the_readme_works_in_bash(here: Path) -> None:
    line = 'eval "$(_MKCARDS_COMPLETE=bash_source mkcards)"'
    assert line in (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    script = f"{line}; COMP_WORDS=(mkcards exp); COMP_CWORD=1; _mkcards_completion mkcards exp; echo ${{COMPREPLY[@]}}"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=here,
        env={**os.environ, "PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert (done.stdout, done.stderr) == ("explain\n", "")


def test_a_reader_that_stops_early_gets_no_traceback(here: Path) -> None:
    text = "\n\n".join(f"**Term{number}** is a thing of number {number}." for number in range(3000))
    (here / "notes/many.md").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "mkcards", "list", "notes", "--format", "json"]
    with subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listing:
        assert listing.stdout and listing.stderr
        listing.stdout.readline()
        listing.stdout.close()
        assert (listing.stderr.read(), listing.wait()) == (b"", 1)


def test_file_names_that_are_no_text_are_printed(here: Path) -> None:
    (here / "notes").joinpath(os.fsdecode(b"caf\xe9.md")).write_text(NOTE, encoding="utf-8")
    status, out, _ = process(here, "list", "notes", "--format", "json")
    assert status == 0
    assert json.loads(out.splitlines()[0])["path"] == "caf\udce9.md"
    assert process(here, "notes")[0] == 0


REACHING = """\
mkcards:
  deck: Sea
  vault: ..
  output: ../elsewhere.apkg
  remote_images: true
  outside_links: true
"""


def test_a_config_that_lies_with_the_notes_reaches_nothing(here: Path) -> None:
    (here / "notes/config.yaml").write_text(REACHING, encoding="utf-8")
    what = "reaches out of the folder of this file, which nobody named; if it is yours, name it with --config"
    said = "".join(
        f"{here.resolve()}/notes/config.yaml:{line}: reaching-setting `{name}` {what}\n"
        for line, name in enumerate(("vault", "output", "remote_images", "outside_links"), 3)
    )
    for command in ("build", "list", "check", "preview", "config"):
        assert mkcards(here, command, "notes") == (2, "", said)
    assert not (here / "elsewhere.apkg").exists()
    assert mkcards(here, "config", "notes", "--config", "notes/config.yaml")[0] == 0
    assert mkcards(here / "notes", "config")[0] == 0
    (here / "notes/config.yaml").write_text("mkcards: {deck: Sea, output: decks/sea.apkg}\n", encoding="utf-8")
    assert mkcards(here, "notes")[0] == 0
    assert (here / "notes/decks/sea.apkg").exists()
