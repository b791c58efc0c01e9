"""Makes the pictures of the README from the sample notes: docs/card.png, two cards as Anki shows them, one by day and
one by night, and docs/preview.png, the page of `mkcards preview`.

    .venv/bin/python docs/picture.py

Needs Chromium with its chromedriver and the packages of the tests. Run it from the top of the repository after a change
of the cards' look or of the preview.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver

from mkcards.config import Config
from mkcards.data import Card
from mkcards.note_type import CSS, sides
from mkcards.pipeline import cards
from mkcards.preview import drop_command, page, write
from mkcards.render import fields

NOTES = Path("notes")
FOLDER = Path("docs")
DECK = Path("decks/alignment.apkg")
CARDS_SIZE, PREVIEW_SIZE, SCALE = (1120, 500), (1280, 960), 1.25
SHOWN = (
    ("quoted-definition", "goal misgeneralization", "card"),
    ("list-item", "Three ways to mitigate goal misgeneralization Keep", "card nightMode"),
)
"""Rule, start of the key and classes of each card."""
PAGE = """<!doctype html><meta charset="utf-8"><style>{css}
body {{ display: flex; gap: 16px; margin: 0; padding: 16px; background: #b9c0c8; }}
.card {{ flex: 1; height: {height}px; padding: 28px 32px; border-radius: 12px; box-sizing: border-box; }}
</style>{body}"""


def find(rule: str, key: str, among: tuple[Card, ...]) -> Card:
    """Return the first card of a rule whose key starts so; raises SystemExit when the notes have none."""
    for card in among:
        if card.rule == rule and card.key.casefold().startswith(key.casefold()):
            return card
    raise SystemExit(f"{NOTES}: no {rule} card for “{key}”; name another one in SHOWN")


def back_of(card: Card) -> str:
    """Return the HTML of the answer side of a card, its details unfolded."""
    (front, tail), *_ = sides(fields(card, vault_name=NOTES.name))
    return (front + tail).replace("<details", "<details open")


@contextmanager
def browser() -> Iterator[WebDriver]:
    """Give a headless Chromium; raises SystemExit when there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not program or not driver:
        raise SystemExit("no Chromium with its chromedriver found; install both")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(flag)
    found = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield found
    finally:
        found.quit()


def take(driver: WebDriver, file: Path, size: tuple[int, int], target: Path) -> None:
    """Show a page in a window of that size, and write what is seen."""
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": SCALE, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.get(file.resolve().as_uri())
    # Two frames: the pictures of a page may come with the second.
    driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    driver.save_screenshot(str(target))


def main() -> None:
    """Write the pictures."""
    settings = Config(notes=(NOTES,), output=DECK)
    outcome = cards(settings, now=1)
    backs = [(look, back_of(find(rule, key, outcome.cards))) for rule, key, look in SHOWN]
    body = "".join(f'<div class="{look}">{back}</div>' for look, back in backs)
    with tempfile.TemporaryDirectory() as folder, browser() as driver:
        both, preview = Path(folder) / "card.html", Path(folder) / "preview.html"
        both.write_text(PAGE.format(css=CSS, height=CARDS_SIZE[1] - 32, body=body), encoding="utf-8")
        write(preview, page(outcome, settings, drop_command(None)).html)
        take(driver, both, CARDS_SIZE, FOLDER / "card.png")
        take(driver, preview, PREVIEW_SIZE, FOLDER / "preview.png")


if __name__ == "__main__":
    main()
