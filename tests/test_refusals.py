"""What can't be meant, or can't be done, is one line that says where, what and what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from command import mkcards


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A current folder with a note in `notes`."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/milk.md").write_text("**Whey** is a thin part of milk.\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("args", "message"),
    [
        *(
            ((command,), "notes: no-notes none are named; name a folder, or set `notes` in config.yaml\n")
            for command in ("list", "check", "diff", "preview")
        ),
        (("--", "-x"), "-x: not-found there is no such file or folder; check the name\n"),
        (
            ("check", "notes", "--ignore", "foo"),
            "--ignore: unknown-code there is no code `foo`; the README lists what there is\n",
        ),
        (
            ("push", "notes", "--url", "foo"),
            "--url: bad-value `foo` is no address; write one such as http://127.0.0.1:8765\n",
        ),
    ],
)
def test_what_can_not_be_meant_is_one_line(here: Path, args: tuple[str, ...], message: str) -> None:
    assert mkcards(here, *args) == (2, "", message)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("notes: [nots]", ":2: not-found `notes` is nots: there is no such file or folder; check the name"),
        ("notes: [notes]\n  vault: valt", ":3: not-found `vault` is valt: there is no such folder; check the name"),
        (
            "notes: [notes]\n  output: d.zip",
            ":3: output-kind `output` is d.zip: this is no *.apkg, *.csv or *.jsonl; name a deck",
        ),
    ],
)
def test_a_setting_that_leads_nowhere_is_named_with_its_line(here: Path, settings: str, message: str) -> None:
    (here / "config.yaml").write_text(f"mkcards:\n  {settings}\n", encoding="utf-8")
    assert mkcards(here, "list") == (2, "", f"config.yaml{message}\n")
    if "output" in settings:
        for command in (("drop", "x"), ("explain", "notes/milk.md")):
            assert mkcards(here, *command) == (2, "", f"config.yaml{message}\n")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "Permission denied", "notes/.obsidian"), "notes/.obsidian: system Permission denied; "),
        (OSError(5, "Input/output error"), "mkcards: system Input/output error; "),
    ],
)
def test_what_nobody_foresaw_is_one_line(
    here: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, message: str
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("mkcards.pipeline.cards", fail)
    assert mkcards(here, "list", "notes") == (2, "", f"{message}mend that, or name another place\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_what_can_not_be_printed_is_said(here: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "mkcards", "list", "notes"]
        done = subprocess.run(command, cwd=here, stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    message = "what it prints can't be written (No space left on device); make room, or send it elsewhere"
    assert (done.returncode, done.stderr) == (2, f"mkcards: system {message}\n")


def test_a_current_folder_that_is_gone_is_said(here: Path) -> None:
    script = f"cd gone; rmdir ../gone; exec {sys.executable} -m mkcards notes"
    (here / "gone").mkdir()
    done = subprocess.run(["sh", "-c", script], cwd=here, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (2, "mkcards: not-found the current folder is gone; go to another one\n")
