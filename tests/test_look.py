"""Cards as Anki fills its templates, in a real browser: every construct, by day and by night, from phone to desktop."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver

from anki_helpers import collection, import_deck, media_report
from browser import browser, console, overflow, picture, requests, size
from mkcards import render
from mkcards.assets import Library
from mkcards.data import Card, Fields
from mkcards.discover import discover
from mkcards.package import PackageNote, write

VAULT = Path(__file__).parent / "constructs"
PICTURES = os.environ.get("MKCARDS_TEST_PICTURES")
"""A folder for a picture of each card, for people to look at."""
PAGE = '<!doctype html><html class="{html}"><meta charset="utf-8"><style>{css}</style><body class="{body}">{card}'
LOOKS = {"day": ("", "card card1"), "night": ("night-mode", "card card1 nightMode night_mode")}
"""The classes that Anki gives the page and its body."""
SECTION = re.compile(r"^## (.+)\n\n((?:(?!^## ).*\n)+)", re.MULTILINE)


def constructs() -> Iterator[Card]:
    """Yield a card for each section of the note that holds every construct."""
    (path,) = VAULT.glob("*.md")
    for number, (heading, body) in enumerate(SECTION.findall(path.read_text(encoding="utf-8"))):
        fields = Fields(heading, body.strip(), context=("Every construct",))
        yield Card(f"construct-{number:02}", "question-line", "question", heading, path.name, path.stem, fields)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str, str]]:
    """The front, the back and the style sheet of each construct's card as Anki gives them, and the media beside them."""
    folder = tmp_path_factory.mktemp("look")
    library = Library(discover([VAULT])[0].vault)
    notes, media, problems = [], {}, []
    for card in constructs():
        assets, missing = library.find(card.fields, card.path)
        problems += missing
        notes.append(PackageNote(card, render.fields(card, assets, vault_name="constructs")))
        media.update((item.name, item.file) for item in assets.media.values())
    assert problems == []
    write(folder / "deck.apkg", notes, media)
    with collection(folder) as col:
        import_deck(col, folder / "deck.apkg")
        assert media_report(col) == {"missing": [], "unused": []}
        cards = [col.get_card(one) for one in col.find_cards("")]
        found = {one.note()["Prompt"]: (one.question(), one.answer(), one.css()) for one in cards}
    return found


def page(folder: Path, html: str, css: str, look: str) -> str:
    classes = LOOKS[look]
    file = folder / "card.html"
    file.write_text(PAGE.format(html=classes[0], body=classes[1], css=css, card=html), encoding="utf-8")
    return file.as_uri()
