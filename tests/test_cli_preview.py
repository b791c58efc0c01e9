"""`mkcards preview` from the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from test_cli import here, mkcards, process

__all__ = ["here"]

DROP = re.compile(r'"drop":"([^"]+)"')


def test_the_page_is_written_and_nothing_else(here: Path) -> None:
    assert mkcards(here, "preview", "notes") == (0, "preview.html: 1 card of 1 note\n", "")
    assert sorted(path.name for path in here.iterdir()) == ["notes", "preview.html"]
    assert mkcards(here, "preview", "notes", "-o", "new/page.html")[1] == "new/page.html: 1 card of 1 note\n"
    first = (here / "preview.html").read_bytes()
    assert mkcards(here, "preview", "notes")[0] == 0
    assert (here / "preview.html").read_bytes() == first


@pytest.mark.parametrize("deck", ["decks/notes.apkg", "my decks/minds.apkg"])
def test_the_command_that_drops_a_card_does(here: Path, deck: str) -> None:
    assert mkcards(here, "notes", "-o", deck)[0] == 0
    assert mkcards(here, "preview", "notes", "--deck", deck)[0] == 0
    (command,) = DROP.findall((here / "preview.html").read_text(encoding="utf-8"))
    program, verb, card, option, named = re.findall(r"'[^']+'|\S+", command)
    assert (program, verb, option) == ("mkcards", "drop", "-o")
    assert mkcards(here, verb, card, option, named.strip("'"))[1] == (
        f"{card} minds.md: AGI\n1 card dropped · build the deck to see it there\n"
    )
    assert mkcards(here, "preview", "notes", "--deck", deck)[1] == "preview.html: 0 cards of 1 note\n"


def test_the_deck_of_the_configuration_needs_no_name(here: Path) -> None:
    (here / "config.yaml").write_text("mkcards:\n  notes: [notes]\n  output: decks/minds.apkg\n", encoding="utf-8")
    assert mkcards(here, "preview") == (0, "preview.html: 1 card of 1 note\n", "")
    (command,) = DROP.findall((here / "preview.html").read_text(encoding="utf-8"))
    assert re.fullmatch(r"mkcards drop \w{26}", command)


def test_a_file_of_somebody_else_stays(here: Path) -> None:
    (here / "preview.html").write_text("<p>mine</p>", encoding="utf-8")
    assert mkcards(here, "preview", "notes") == (
        2,
        "",
        "preview.html: foreign-file mkcards did not write this; name another page with -o\n",
    )
    assert mkcards(here, "preview", "notes", "-o", "notes/minds.md")[0] == 2
    assert (here / "preview.html").read_text(encoding="utf-8") == "<p>mine</p>"


def test_what_is_wrong_with_the_notes_is_said(here: Path) -> None:
    (here / "notes/broken.md").write_bytes(b"\xff\xfe\x00")
    status, said, errors = mkcards(here, "preview", "notes")
    assert (status, said) == (1, "preview.html: 1 card of 2 notes\n")
    assert errors.startswith("broken.md:1: undecodable ")
    assert mkcards(here, "preview", "nowhere") == (
        2,
        "",
        "nowhere: not-found there is no such file or folder; check the name\n",
    )


def test_the_page_opens_in_the_browser_that_the_system_names(here: Path) -> None:
    program = here / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" > "{here}/asked"\n', encoding="utf-8")
    program.chmod(0o755)
    assert process(here, "preview", "notes", "--open", BROWSER=f"{program} %s") == (
        0,
        "preview.html: 1 card of 1 note\n",
        "",
    )
    assert (here / "asked").read_text(encoding="utf-8") == f"{(here / 'preview.html').as_uri()}\n"
