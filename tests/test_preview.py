"""The preview in a real browser: what a person and their keyboard find there."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from browser import browser, console, overflow, requests, size
from mkcards import pipeline, preview
from mkcards.config import Config
from mkcards.embedded import MAX_FILE, deferred, embedded
from mkcards.extract import extract
from mkcards.parse import parse

SEA = """\
---
tags: [water]
---
# Sea

**Tide**: the rise and the fall of the sea

**Two parts of the shore:**

1. the beach
2. the dune

A **wave** is a hill of water that moves.

## What does the formula of a wave say?

That $v = \\lambda f$ and, so they say, $\\ce{H2O}$: ![[gone.png]] ![[dot.svg]] [more](https://example.org/waves)
"""
MOON = """\
# Moon

**Phase**: the part of the moon that the sun lights

==Why does it pull?== Because of its mass.
"""
EMPTY = "# Nothing\n\nHere is no card.\n"
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle r="8" fill="#2a63a8"/></svg>'


def vault(folder: Path) -> Config:
    """Write notes, build their deck, and edit them: one card new, one edited, one retired."""
    notes = folder / "notes"
    notes.mkdir()
    files = {"Sea.md": SEA, "Moon.md": MOON, "Nothing.md": EMPTY, "dot.svg": DOT}
    for name, text in files.items():
        (notes / name).write_text(text, encoding="utf-8")
    config = Config(notes=(notes,), output=folder / "sea.apkg")
    pipeline.build(config, now=1_700_000_000)
    sea = SEA.replace("A **wave** is a hill of water that moves.", "**Ebb**: the fall of the sea")
    sea = sea.replace("the rise and the fall of the sea", "the rise and the fall of the sea, twice a day", 1)
    (notes / "Sea.md").write_text(sea, encoding="utf-8")
    return config


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("preview")
    config = vault(folder)
    outcome = pipeline.cards(config, now=1_700_000_001)
    file = folder / "preview.html"
    preview.write(file, preview.page(outcome, config, preview.drop_command(Path("my decks/sea.apkg"))).html)
    return file


@pytest.fixture(scope="module")
def driver() -> Iterator[WebDriver]:
    with browser() as found:
        yield found


@pytest.fixture
def opened(driver: WebDriver, page: Path) -> WebDriver:
    """The page as it opens; what the browser said before is forgotten."""
    size(driver, 1280, 900)
    driver.get(page.as_uri())
    WebDriverWait(driver, 10).until(lambda one: one.execute_script("return document.documentElement.matches('.ready')"))
    return driver


def press(driver: WebDriver, *keys: str) -> None:
    ActionChains(driver).send_keys(*keys).perform()


def current(driver: WebDriver) -> WebElement:
    return driver.find_element("css selector", "article[aria-current]")


def sees(article: WebElement) -> str:
    """The text of a card as its reader sees it."""
    hosts = article.find_elements("css selector", ".face")
    return "\n".join(host.shadow_root.find_element("css selector", ".card").text for host in hosts)


def until(driver: WebDriver, condition: Callable[[], bool]) -> None:
    WebDriverWait(driver, 5, 0.02).until(lambda _: condition())


def count(driver: WebDriver) -> str:
    return driver.find_element("id", "count").text


def choose(driver: WebDriver, facet: str, value: str) -> None:
    script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change'))"
    driver.execute_script(script, driver.find_element("id", f"facet-{facet}"), value)


def lit(driver: WebDriver, part: str) -> list[str]:
    """The lines of the note that are marked as the card's label or answer."""
    return [line.text for line in driver.find_elements("css selector", f"#note .{part}")]


def test_the_page_is_quiet_and_asks_nobody(opened: WebDriver, page: Path) -> None:
    press(opened, "a")
    assert console(opened) == []
    assert set(requests(opened)) <= {page.as_uri()}
    assert count(opened) == "8 cards"
    assert opened.title == "sea: preview"


def test_a_card_turns_over_by_key_click_and_button(opened: WebDriver) -> None:
    article = current(opened)
    assert sees(article) == "Moon\nWhat is meant by Phase?"
    press(opened, " ")
    assert sees(article) == "Moon\nWhat is meant by Phase?\nthe part of the moon that the sun lights\nMoon"
    article.find_element("css selector", ".face").click()
    assert sees(article) == "Moon\nWhat is meant by Phase?"
    button = article.find_element("css selector", ".turn")
    button.click()
    assert (button.text, button.get_attribute("aria-expanded")) == ("Hide answer", "true")
    assert "the sun lights" in sees(article)


def test_every_answer_at_once(opened: WebDriver) -> None:
    press(opened, "a")
    assert "the sun lights" in sees(current(opened))
    press(opened, "j", " ")
    assert "mass" not in sees(current(opened))
    press(opened, "a")
    assert "mass" not in sees(current(opened))


def test_keys_move_from_card_to_card_and_their_source_follows(opened: WebDriver) -> None:
    press(opened, "j")
    assert sees(current(opened)).endswith("What is meant by Phase?")
    press(opened, "j", Keys.ARROW_DOWN)
    article = current(opened)
    assert sees(article).endswith("What is meant by Tide?")
    assert opened.switch_to.active_element == article
    assert opened.find_element("css selector", "#note h2").text == "Sea"
    assert lit(opened, "answer") == ["**Tide**: the rise and the fall of the sea, twice a day"]
    press(opened, "j", "j")
    assert lit(opened, "label") == ["**Two parts of the shore:**"]
    assert lit(opened, "answer") == ["1. the beach"]
    press(opened, "k", Keys.ARROW_UP, Keys.END, Keys.HOME)
    assert sees(current(opened)).endswith("What is meant by Phase?")


def test_search_by_key(opened: WebDriver) -> None:
    press(opened, "/", "SHÖRE dune")
    until(opened, lambda: count(opened) == "3 of 8 cards")
    assert not opened.find_element("id", "overview").is_displayed()
    press(opened, Keys.ENTER, "j")
    assert "the beach" in sees(current(opened)) or "the dune" in sees(current(opened))
    press(opened, Keys.ESCAPE)
    until(opened, lambda: count(opened) == "8 cards")
    assert opened.find_element("id", "overview").is_displayed()
    press(opened, "/", "no such words")
    until(opened, lambda: opened.find_element("id", "none").is_displayed())
    opened.find_element("id", "clear").click()
    assert count(opened) == "8 cards"


@pytest.mark.parametrize(
    ("facet", "value", "said", "question"),
    [
        ("status", "new", "1 of 8 cards", "What is meant by Ebb?"),
        ("status", "edited", "1 of 8 cards", "What is meant by Tide?"),
        ("status", "retired", "1 of 8 cards", "What is a wave?"),
        ("rule", "list-item", "2 of 8 cards", "What are the two parts of the shore?"),
        ("note", "0", "2 of 8 cards", "What is meant by Phase?"),
        ("tag", "water", "6 of 8 cards", "What is meant by Tide?"),
        ("finding", "missing-media", "1 of 8 cards", "What does the formula of a wave say?"),
        ("finding", "any", "1 of 8 cards", "What does the formula of a wave say?"),
        ("length", "1", "4 of 8 cards", "What is meant by Phase?"),
    ],
)
def test_filters(opened: WebDriver, facet: str, value: str, said: str, question: str) -> None:
    choose(opened, facet, value)
    assert count(opened) == said
    assert question in sees(current(opened))


def test_what_check_says_stands_at_its_line(opened: WebDriver) -> None:
    choose(opened, "finding", "missing-media")
    assert [one.text for one in current(opened).find_elements("css selector", ".finding")] == ["missing-media"]
    said = [one.text for one in opened.find_elements("css selector", "#note .said")]
    assert said == ['missing-media: "gone.png" is not in the vault; add the file or correct the link']


def test_formulas_pictures_and_links(opened: WebDriver) -> None:
    choose(opened, "finding", "missing-media")
    press(opened, " ")
    card = current(opened).find_element("css selector", ".face").shadow_root
    assert [one.text.split() for one in card.find_elements("css selector", "math")] == [["v", "=", "λ", "f"]]
    assert [one.text for one in card.find_elements("css selector", "code.tex")] == [r"\ce{H2O}"]
    (picture,) = card.find_elements("css selector", "img")
    until(opened, lambda: opened.execute_script("return arguments[0].naturalWidth", picture) == 8)
    link = card.find_element("css selector", "a")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")


def test_night(opened: WebDriver) -> None:
    def paper() -> tuple[str, str]:
        card = current(opened).find_element("css selector", ".face").shadow_root.find_element("css selector", ".card")
        desk = opened.find_element("tag name", "body")
        return card.value_of_css_property("background-color"), desk.value_of_css_property("background-color")

    assert paper() == ("rgba(253, 252, 250, 1)", "rgba(233, 235, 238, 1)")
    press(opened, "n")
    assert paper() == ("rgba(31, 34, 38, 1)", "rgba(21, 23, 26, 1)")
    assert opened.find_element("id", "night").get_attribute("aria-pressed") == "true"


def test_a_system_that_prefers_the_dark(opened: WebDriver) -> None:
    size(opened, 1280, 900, night=True)
    opened.refresh()
    assert "night" in str(opened.find_element("tag name", "html").get_attribute("class")).split()


@pytest.mark.parametrize("width", [320, 700, 1000, 1600])
def test_no_window_is_too_narrow(opened: WebDriver, width: int) -> None:
    size(opened, width, 700)
    press(opened, "a")
    assert overflow(opened) == 0
    press(opened, "o")
    assert overflow(opened) == 0
    assert opened.find_element("id", "note").is_displayed()


def test_a_telephone_folds_filters_and_note(opened: WebDriver) -> None:
    size(opened, 320, 700)
    assert not opened.find_element("id", "facets").is_displayed()
    opened.find_element("id", "filters").click()
    assert opened.find_element("id", "facets").is_displayed()
    assert not opened.find_element("id", "note").is_displayed()
    current(opened).find_element("css selector", ".place").click()
    assert opened.find_element("id", "note").is_displayed()
    press(opened, Keys.ESCAPE)
    assert not opened.find_element("id", "note").is_displayed()


def test_what_silences_a_card_is_ready_to_copy(opened: WebDriver, page: Path) -> None:
    allowed = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    opened.execute_cdp_cmd("Browser.grantPermissions", allowed)
    off, drop = current(opened).find_elements("css selector", ".copy")
    assert current(opened).find_element("css selector", ".tools span").text == "at the end of line 3"
    off.click()
    until(opened, lambda: opened.find_element("id", "said").get_attribute("textContent") == "Copied: %% nocard %%")
    drop.click()
    pasted = opened.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert re.fullmatch(r"mkcards drop \w{26} -o 'my decks/sea\.apkg'", pasted)


def test_the_deck_at_a_glance(opened: WebDriver) -> None:
    overview = opened.find_element("id", "overview")
    rows = [" ".join(row.text.split()) for row in overview.find_elements("css selector", "li button")]
    assert rows[:3] == ["Sea 6", "Moon 2", "Nothing 0"]
    assert "1 note of 3 without a card" in overview.text
    assert {"term-line 3", "list-item 2", "1–5 words 4", "over 120 words 0"} <= set(rows)
    overview.find_elements("css selector", "li button")[1].click()
    assert count(opened) == "2 of 8 cards"
    overview.find_elements("css selector", "li button")[2].click()
    assert opened.find_element("css selector", "#note h2").text == "Nothing"


def test_a_screen_reader_finds_a_name_for_everything(opened: WebDriver) -> None:
    tree = opened.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = Counter[str]()
    for node in tree:
        role = node.get("role", {}).get("value")
        if role in ("button", "combobox", "searchbox", "article", "region", "complementary"):
            assert node.get("name", {}).get("value"), f"a {role} without a name"
            named[role] += 1
    assert named["article"] >= 5
    assert (named["searchbox"], named["combobox"], named["complementary"]) == (1, 6, 1)
    assert opened.find_element("tag name", "html").get_attribute("lang") == "en"


def test_only_what_is_near_is_drawn(driver: WebDriver, tmp_path: Path) -> None:
    lines = (f"**Tone {n} of a lute**: a sound of {n} waves a second" for n in range(400))
    (tmp_path / "Tones.md").write_text("\n\n".join(lines), encoding="utf-8")
    outcome = pipeline.cards(Config(notes=(tmp_path,)), now=1)
    preview.write(tmp_path / "p.html", preview.page(outcome, Config(), str).html)
    size(driver, 1280, 900)
    driver.get((tmp_path / "p.html").as_uri())
    drawn = "return document.querySelectorAll('article > footer').length"
    until(driver, lambda: 5 < driver.execute_script(drawn) < 60)
    press(driver, Keys.END)
    assert "Tone 399" in sees(current(driver))
    until(driver, lambda: 5 < driver.execute_script(drawn) < 60)
    assert driver.execute_script("return document.querySelectorAll('article').length") == 400


HOSTILE = """\
# Hostile </script><script>window.hacked = 1</script>

**Script**: a <script>window.hacked = 1</script><img src=x onerror="hacked = 1"> word <b onclick="hacked = 1">here</b>

**Hyperlink**: a word that leads to [one](javascript:hacked=1) and <a href="javascript:hacked=1">another</a> place

**Style**: hidden <style>.card { display: none }</style> <span style="position: fixed; inset: 0">over all</span>

**File**: what ![](file:///etc/passwd) and ![[../../etc/passwd]] and <img src="../../../etc/passwd"> hold in them

**Drawing**: a picture ![[evil.svg]] and ![[dot.svg]] of something

**Formula**: it says $\\text{<img src=x onerror=window.hacked=1>}$ and $\\href{javascript:window.hacked=1}{x}$ here
"""
LEFT_OUT = " could run, hide or load something and is left out of the card"
EVIL = '<svg xmlns="http://www.w3.org/2000/svg"><script>window.hacked = 1</script></svg>'


def test_hostile_notes_run_nothing_and_load_nothing(driver: WebDriver, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for name, text in {"Hostile.md": HOSTILE, "evil.svg": EVIL, "dot.svg": DOT}.items():
        (notes / name).write_text(text, encoding="utf-8")
    outcome = pipeline.cards(Config(notes=(notes,)), now=1)
    assert [str(one).partition("; ")[0].replace(LEFT_OUT, "") for one in outcome.diagnostics] == [
        'Hostile.md:3: unresolved-embed "x" is not in the vault',
        "Hostile.md:3: unsafe-html <script>, onerror, onclick",
        "Hostile.md:5: unsafe-html javascript:",
        "Hostile.md:7: unsafe-html <style>, style",
        'Hostile.md:9: unresolved-embed "../../etc/passwd" lies outside the vault',
        'Hostile.md:9: unresolved-embed "../../../etc/passwd" lies outside the vault',
        "Hostile.md:9: unsafe-html file:",
        'Hostile.md:11: unsafe-media "evil.svg" holds a script',
    ]
    file = tmp_path / "p.html"
    preview.write(file, preview.page(outcome, Config(), str).html)
    size(driver, 1280, 900)
    console(driver)
    requests(driver)
    driver.get(file.as_uri())
    press(driver, "a")
    for article in driver.find_elements("css selector", "article"):
        for face in article.find_elements("css selector", ".face"):
            for link in face.shadow_root.find_elements("css selector", "a, b, img, span"):
                assert not link.get_attribute("onclick")
            assert face.is_displayed()
        driver.execute_script("arguments[0].click()", article)
    assert driver.execute_script("return window.hacked === undefined")
    assert console(driver) == []
    assert requests(driver) == [file.as_uri()]


def test_sound_and_film_wait_until_they_are_wanted() -> None:
    html = '<img src="a-0.png" alt="x"> [sound:b-0.mp3] [sound:c-0.WEBM] &#91;sound:d.mp3]'
    assert deferred(html) == (
        '<img data-media="a-0.png" alt="x"> <audio controls preload="none" data-media="b-0.mp3"></audio> '
        '<video controls preload="none" data-media="c-0.WEBM"></video> &#91;sound:d.mp3]'
    )


def test_what_is_too_large_for_a_page_is_left_to_its_name(driver: WebDriver, tmp_path: Path) -> None:
    text = "**Sea**: the water that covers most of the earth ![[sea.png]]\n"
    (tmp_path / "Sea.md").write_text(text, encoding="utf-8")
    with (tmp_path / "sea.png").open("wb") as picture:
        picture.truncate(MAX_FILE + 1)
    (tmp_path / "dot.svg").write_text(DOT, encoding="utf-8")
    assert embedded({"s.png": tmp_path / "sea.png", "dot.svg": tmp_path / "dot.svg"}) == {
        "dot.svg": ("image/svg+xml", b64encode(DOT.encode()).decode())
    }
    outcome = pipeline.cards(Config(notes=(tmp_path,)), now=1)
    preview.write(tmp_path / "p.html", preview.page(outcome, Config(), str).html)
    driver.get((tmp_path / "p.html").as_uri())
    press(driver, " ")
    assert re.search(r"earth \[sea-[0-9a-f]{12}\.png is too large for this page\]", sees(current(driver)))


def test_the_line_that_silences_a_card_does() -> None:
    notes = Path(__file__).parent.parent / "notes"
    outcome = pipeline.cards(Config(notes=(notes,)), now=1)
    html = preview.page(outcome, Config(), str).html
    data = json.loads(html.partition('id="data">')[2].partition("</script>")[0])
    still = []
    for card, entry in zip(outcome.cards, data["cards"], strict=True):
        lines = (notes / card.path).read_text(encoding="utf-8").split("\n")
        at = entry["off"]["line"] - 1
        if entry["off"]["before"]:
            lines.insert(at, re.match(r"[\s>]*", lines[at])[0] + "%% nocard %%")  # type: ignore[index]
        else:
            lines[at] += " %% nocard %%"
        note, _ = parse(card.path, "\n".join(lines))
        left = {(one.kind, one.key) for one in extract(note, Config()).candidates}
        still += [card.key] if (card.kind, card.key) in left else []
    assert still == []


def test_the_same_notes_give_the_same_page(tmp_path: Path) -> None:
    config = vault(tmp_path)
    pages = [preview.page(pipeline.cards(config, now=now), config, str).html for now in (1_700_000_001, 1_800_000_000)]
    assert pages[0] == pages[1]


def test_a_preview_writes_neither_deck_nor_ledger(tmp_path: Path) -> None:
    config = vault(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    preview.page(pipeline.cards(config, now=1_700_000_001), config, str)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_without_notes_that_give_a_card_the_page_says_so(driver: WebDriver, tmp_path: Path) -> None:
    (tmp_path / "Nothing.md").write_text(EMPTY, encoding="utf-8")
    outcome = pipeline.cards(Config(notes=(tmp_path,)), now=1)
    preview.write(tmp_path / "p.html", preview.page(outcome, Config(), str).html)
    driver.get((tmp_path / "p.html").as_uri())
    assert driver.find_element("id", "none").is_displayed()
    assert console(driver) == []
