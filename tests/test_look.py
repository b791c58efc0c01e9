"""Cards as Anki fills its templates, in a real browser: every construct, by day and by night, from phone to desktop."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver

from anki_helpers import collection, import_deck, media_report
from browser import browser, console, overflow, picture, requests, size
from mkcards import pipeline, render
from mkcards.assets import Library
from mkcards.config import Config
from mkcards.data import Card, Fields
from mkcards.discover import discover
from mkcards.note_type import CSS, sides
from mkcards.package import PackageNote
from packing import write

VAULT = Path(__file__).parent / "constructs"
NOTES = Path(__file__).parent.parent / "notes"
PICTURES = os.environ.get("MKCARDS_TEST_PICTURES")
"""A folder for pictures of the cards, for people to look at."""
LOOKS = {"day": ("", "card card1"), "night": ("night-mode", "card card1 nightMode night_mode")}
"""The classes that Anki gives the page and its body."""
SECTION = re.compile(r"^## (.+)\n\n((?:(?!^## ).*\n)+)", re.MULTILINE)
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
PLAY = re.compile(r"\[anki:play:[aq]:(\d+)\]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as Anki gives it."""

    question: str
    answer: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collected:
    """The cards of a collection by their prompt, and the folder of its media."""

    cards: dict[str, Shown]
    media: Path


def constructs() -> Iterator[Card]:
    """Yield a card for each section of the note that holds every construct."""
    (path,) = VAULT.glob("*.md")
    for number, (heading, body) in enumerate(SECTION.findall(path.read_text(encoding="utf-8"))):
        fields = Fields(heading, body.strip(), context=("Every construct",))
        yield Card(f"construct-{number:02}", "question-line", "question", heading, path.name, path.stem, fields)


@pytest.fixture(scope="module")
def anki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collected]:
    folder = tmp_path_factory.mktemp("look")
    library = Library(discover([VAULT])[0].vault)
    notes, media = [], {}
    for card in constructs():
        assets, missing = library.find(card.fields, card.path)
        assert missing == ()
        notes.append(PackageNote(card, render.fields(card, assets, vault_name="constructs")))
        media.update((item.name, item.file) for item in assets.media.values())
    write(folder / "deck.apkg", notes, media)
    with collection(folder) as col:
        import_deck(col, folder / "deck.apkg")
        assert media_report(col) == {"missing": [], "unused": []}
        found = {}
        for card in map(col.get_card, col.find_cards("")):
            note = card.note()
            found[note["Prompt"]] = Shown(card.question(), card.answer(), tuple(note.fields))
        yield Collected(found, Path(col.media.dir()))


@pytest.fixture(scope="module")
def driver() -> Iterator[WebDriver]:
    with browser() as found:
        yield found


def show(driver: WebDriver, anki: Collected, look: str, prompt: str = "", side: str = "answer") -> None:
    """Show an empty page with the classes and the style sheet that Anki gives it, or a card on it."""
    if not prompt:
        html, body = LOOKS[look]
        file = anki.media / "page.html"
        page = f'<!doctype html><html class="{html}"><meta charset="utf-8"><style>{CSS}</style><body class="{body}">'
        file.write_text(page, encoding="utf-8")
        driver.get(file.as_uri())
        return
    card = getattr(anki.cards[prompt], side)
    driver.execute_script("document.body.innerHTML = arguments[0]", card)


def test_the_preview_fills_the_templates_as_anki_does(anki: Collected) -> None:
    assert len(anki.cards) == 23
    for shown in anki.cards.values():
        ((front, tail),) = sides(shown.fields)
        sounds = re.findall(r"\[sound:[^\]]+\]", front + tail)

        def plain(html: str, sounds: list[str] = sounds) -> str:
            html = PLAY.sub(lambda found: sounds[int(found.group(1))], STYLE.sub("", html))
            return "\n".join(line for line in html.split("\n") if line.strip())

        assert plain(shown.question) == plain(front)
        assert plain(shown.answer) == plain(f"{front}\n{tail}")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", [320, 1280])
def test_every_construct_fits_its_window(driver: WebDriver, anki: Collected, look: str, width: int) -> None:
    size(driver, width, 640)
    console(driver)
    requests(driver)
    show(driver, anki, look)
    wide = []
    for number, prompt in enumerate(anki.cards):
        show(driver, anki, look, prompt)
        driver.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        wide += [prompt] if overflow(driver) else []
        if PICTURES:
            picture(driver, Path(PICTURES) / f"{number:02}-{look}-{width}.png")
    assert wide == []
    assert console(driver) == []
    assert [url for url in requests(driver) if not url.startswith(anki.media.as_uri())] == []


def test_what_is_long_scrolls_inside_the_card(driver: WebDriver, anki: Collected) -> None:
    size(driver, 320, 640)
    show(driver, anki, "day")
    wide = {"How is a list filtered in Python?": "pre", "How do the instruments compare?": ".scroll"}
    for prompt, inside in wide.items():
        show(driver, anki, "day", prompt)
        element = driver.find_element("css selector", inside)
        assert element.get_property("scrollWidth") > element.get_property("clientWidth")
        assert element.get_property("clientWidth") <= 320 - 2 * 16


@pytest.mark.parametrize(("look", "paper", "ink"), [("day", 253, 36), ("night", 31, 227)])
def test_day_and_night(driver: WebDriver, anki: Collected, look: str, paper: int, ink: int) -> None:
    show(driver, anki, look)
    show(driver, anki, look, "Which words stand out?")
    body = driver.find_element("tag name", "body")
    colours = [body.value_of_css_property(name) for name in ("background-color", "color")]
    assert [int(re.findall(r"\d+", colour)[0]) for colour in colours] == [paper, ink]


def contrast(driver: WebDriver, anki: Collected, look: str) -> dict[str, float]:
    """Return the contrast of every colour of text against what it stands on, after WCAG 2."""
    script = """
    const light = (rgb) => {
      const [r, g, b] = rgb.match(/[\\d.]+/g).slice(0, 3).map((one) => {
        const part = one / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (one) => {
      const colour = getComputedStyle(one).backgroundColor;
      return /, 0\\)$/.test(colour) ? ground(one.parentElement) : colour;
    };
    const found = {};
    for (const one of document.body.querySelectorAll("*")) {
      if (![...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) continue;
      const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
      const name = one.className || one.tagName;
      found[name] = Math.min(found[name] ?? 99, (a + 0.05) / (b + 0.05));
    }
    return found;"""
    least: dict[str, float] = {}
    show(driver, anki, look)
    for prompt in anki.cards:
        show(driver, anki, look, prompt)
        for name, ratio in driver.execute_script(script).items():
            least[name] = min(least.get(name, 99), ratio)
    return least


@pytest.mark.parametrize("look", LOOKS)
def test_every_word_stands_out_from_its_ground(driver: WebDriver, anki: Collected, look: str) -> None:
    assert {name: ratio for name, ratio in contrast(driver, anki, look).items() if ratio < 4.5} == {}


def test_details_are_folded_and_hold_footnotes_and_links(driver: WebDriver, anki: Collected) -> None:
    show(driver, anki, "day")
    for prompt, said in (
        ("What does the footnote say?", "The first footnote.\nThe second footnote\ngoes on in a paragraph."),
        (
            "Where do the links lead?",
            "Other note · Other note > Footnoted · Other note > block · Which words stand out?",
        ),
    ):
        show(driver, anki, "day", prompt)
        more = driver.find_element("css selector", "details.more")
        assert more.text == "More"
        more.find_element("tag name", "summary").click()
        assert more.text == f"More\n{said}"
    links = [link.get_attribute("href") for link in driver.find_elements("css selector", ".links a")]
    assert links == [
        "obsidian://open?vault=constructs&file=Other%20note",
        "obsidian://open?vault=constructs&file=Other%20note%23Footnoted",
        "obsidian://open?vault=constructs&file=Other%20note%23%5Eblock",
        "obsidian://open?vault=constructs&file=Every%20construct.md%23Which%20words%20stand%20out%3F",
    ]


def test_the_item_that_is_asked_for_is_seen(driver: WebDriver, anki: Collected) -> None:
    card = Card("i", "list-item", "item", "k", "N.md", "N", Fields("Which?\n\n1. one\n2. [?]\n3. three", "two"))
    ((front, _),) = sides(render.fields(card, vault_name="V"))
    show(driver, anki, "day")
    driver.execute_script("document.body.innerHTML = arguments[0]", front)
    blank = driver.find_element("css selector", ".blank")
    assert blank.text == "?"
    assert blank.size["width"] > 50
    assert blank.value_of_css_property("border-top-style") == "dashed"


def test_right_to_left_text_starts_right(driver: WebDriver, anki: Collected) -> None:
    show(driver, anki, "day")
    show(driver, anki, "day", "ما هي العاصمة؟")
    directions = {
        name: driver.find_element("css selector", name).value_of_css_property("direction")
        for name in (".context", ".prompt", ".answer", ".answer ul", ".source")
    }
    assert directions == {".context": "ltr", ".prompt": "rtl", ".answer": "rtl", ".answer ul": "rtl", ".source": "ltr"}


def test_pictures_have_the_size_that_the_note_gives(driver: WebDriver, anki: Collected) -> None:
    show(driver, anki, "day")
    show(driver, anki, "day", "What does the picture show?")
    script = """return Promise.all([...document.images].map((one) => one.decode())).then(() =>
      [...document.images].map((one) => [one.clientWidth, one.clientHeight]))"""
    assert driver.execute_script(script) == [[120, 120], [90, 30], [60, 60]]


def test_sound_and_film_play(anki: Collected) -> None:
    files = {path.name: path.stat().st_size for path in anki.media.iterdir()}
    for prompt, start in (("What does it sound like?", "tone-"), ("What moves?", "film-")):
        (name,) = (one for one in re.findall(r"\[sound:([^\]]+)\]", anki.cards[prompt].fields[1]))
        assert name.startswith(start)
        assert files[name] > 900


@pytest.mark.parametrize("notes", [NOTES, VAULT], ids=["the sample notes", "the constructs"])
def test_no_file_is_missing_or_unused(tmp_path: Path, notes: Path) -> None:
    outcome = pipeline.build(Config(notes=(notes,), output=tmp_path / "deck.apkg"), now=1_700_000_000)
    with collection(tmp_path) as col:
        assert len(import_deck(col, tmp_path / "deck.apkg").new) == len(outcome.cards)
        assert media_report(col) == {"missing": [], "unused": []}
