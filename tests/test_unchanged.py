"""The quick end of a build that finds all as it was, and what it must not overlook."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mkcards import pipeline, unchanged
from mkcards.cli import cli

NOTE = "**AGI** is an agent which applies skills above human level.\n\n==What does it show?==\n\n![[deep/p.png]]\n"
SAID = "2 notes · 3 cards · 0 open questions · out/deck.apkg is up to date, nothing written\n"


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("notes/agi.md", NOTE),
        ("notes/deep/p.png", "picture"),
        ("notes/deep/weight.md", "**Weight** is a number that multiplies an input of a neuron.\n"),
        ("config.yaml", "mkcards:\n  notes: [notes]\n  output: out/deck.apkg\n"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run().exit_code == 0
    return tmp_path


def run(*options: str) -> Result:
    return CliRunner().invoke(cli, ["build", *options], standalone_mode=False)


def slow(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the builds that look further than at stats."""
    counted: list[int] = []
    build = pipeline.build

    def counting(*given: object, **options: object) -> pipeline.Outcome:
        counted.append(1)
        return build(*given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "build", counting)
    return counted


def test_nothing_changed_is_said_without_a_look_at_the_notes(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = slow(monkeypatch)
    assert [run().output for _ in range(3)] == [SAID] * 3
    assert counted == []
    assert run("--no-cache").output == SAID
    assert len(counted) == 1


@pytest.mark.parametrize("output", ["out/deck.apkg", "out/deck.csv"])
def test_a_card_that_is_empty_is_said_each_time(vault: Path, output: str) -> None:
    Path("notes/agi.md").write_text("==What does a wave look like?== ![[gone.png]]\n", encoding="utf-8")
    said = 'agi.md:1: empty-card the answer of "What does a wave look like?" shows nothing, so it makes no card; '
    said += "complete the note"
    for options in ((), (), ("--no-cache",), ()):
        done = run("-o", output, *options)
        assert (done.exit_code, [line for line in done.stderr.splitlines() if "empty-card" in line]) == (0, [said])
        assert done.return_value == 1
        assert " · 1 left out · 0 open questions" in done.stdout
    Path("notes/deep/weight.md").write_text("**Weight** is a number that a neuron multiplies.\n", encoding="utf-8")
    assert run("-o", output).return_value == 1


def _edit(name: str, text: str) -> Callable[[], None]:
    def edit() -> None:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")

    return edit


def _same_size() -> None:
    note = Path("notes/agi.md")
    stat = note.stat()
    note.write_text(NOTE.replace("above", "aboon"), encoding="utf-8")
    os.utime(note, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _linked() -> None:
    Path("notes/link.md").symlink_to(Path("config.yaml").absolute())


CHANGES = {
    "a note": _edit("notes/agi.md", "Nothing.\n"),
    "a note, its size and time kept": _same_size,
    "a new note": _edit("notes/new.md", "Nothing.\n"),
    "a note gone": lambda: Path("notes/deep/weight.md").unlink(),
    "a note renamed": lambda: shutil.move("notes/agi.md", "notes/agi 2.md"),
    "a link": _linked,
    "a picture": _edit("notes/deep/p.png", "another"),
    "a picture gone": lambda: Path("notes/deep/p.png").unlink(),
    "the settings": _edit("config.yaml", "mkcards:\n  notes: [notes]\n  output: out/deck.apkg\n  lang: en\n"),
    "the ledger gone": lambda: Path("out/deck.ledger.jsonl").unlink(),
    "the ledger": lambda: Path("out/deck.ledger.jsonl").write_bytes(Path("out/deck.ledger.jsonl").read_bytes() + b"\n"),
    "the deck gone": lambda: Path("out/deck.apkg").unlink(),
    "the deck": lambda: os.truncate("out/deck.apkg", 100),
    "the vault's root": lambda: Path("notes/.obsidian").mkdir(),
    "the vault's root above": lambda: Path(".obsidian").mkdir(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_looked_at(vault: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = slow(monkeypatch)
    CHANGES[what]()
    run()
    assert len(counted) == 1


def test_other_code_is_looked_at(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = slow(monkeypatch)
    monkeypatch.setattr(sys, "path", [*sys.path, str(vault / "notes")])  # As if a package were installed there.
    assert run().output == SAID
    assert len(counted) == 1


def test_the_folder_of_scripts_is_no_code(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = slow(monkeypatch)
    monkeypatch.syspath_prepend(str(Path(sys.prefix) / "bin"))
    assert (run().output, counted) == (SAID, [])


def test_what_is_young_is_compared_by_content(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two edits of one size within a tick of the file system's clock have one stat.
    monkeypatch.setattr(unchanged, "signature", lambda found: str(found.st_size))
    run("--restamp")
    _edit("notes/agi.md", NOTE.replace("above", "below"))()
    run()
    counted = slow(monkeypatch)
    assert run().output == SAID
    _edit("notes/agi.md", NOTE.replace("above", "aboon"))()
    assert run().output == "2 notes · 3 cards: 0 new, 2 changed, 0 retired · 0 open questions\n"
    assert len(counted) == 1


def test_findings_are_said_again(vault: Path) -> None:
    _edit("notes/open.md", "# A\n\n==Why is it open?==\n")()
    first = run("--strict")
    again = run("--strict")
    assert (first.output.splitlines()[:-1], first.return_value) == (again.output.splitlines()[:-1], again.return_value)
    assert again.output.splitlines()[-1].endswith("1 open question · out/deck.apkg is up to date, nothing written")
    assert again.return_value == run("--strict", "--no-cache").return_value


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"no json", b'{"inputs": [[], [], [], []]}\nx'])
def test_a_damaged_memory_is_made_anew(vault: Path, damage: bytes) -> None:
    place = unchanged.place_of(("-o", "None", "--config", "None"))
    assert place.is_file()
    place.write_bytes(damage)
    assert run().output == SAID
    assert place.read_bytes() != damage
