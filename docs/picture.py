"""Makes docs/card.png: two cards of the sample notes as Anki shows them, one by day and one by night.

    .venv/bin/python docs/picture.py

Needs Chromium. Run it from the top of the repository after a change of the cards' look.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from mkcards.config import Config
from mkcards.data import Card
from mkcards.note_type import CSS, FIELDS, TEMPLATES
from mkcards.pipeline import cards
from mkcards.render import fields

NOTES = Path("notes")
PICTURE = Path("docs/card.png")
WIDTH, HEIGHT, SCALE = 1120, 500, 1.25
SHOWN = (
    ("quoted-definition", "goal misgeneralization", "card"),
    ("list-item", "Three ways to mitigate goal misgeneralization Keep", "card nightMode"),
)
"""Rule, start of the key and classes of each card."""
PAGE = """<!doctype html><meta charset="utf-8"><style>{css}
body {{ display: flex; gap: 16px; margin: 0; padding: 16px; background: #b9c0c8; }}
.card {{ flex: 1; height: {height}px; padding: 28px 32px; border-radius: 12px; box-sizing: border-box; }}
</style>{body}"""
SECTION = re.compile(r"\{\{#(\w+)\}\}(.*?)\{\{/\1\}\}", re.DOTALL)


def find(rule: str, key: str, among: tuple[Card, ...]) -> Card:
    """Return the first card of a rule whose key starts so; raises SystemExit when the notes have none."""
    for card in among:
        if card.rule == rule and card.key.casefold().startswith(key.casefold()):
            return card
    raise SystemExit(f"{NOTES}: no {rule} card for “{key}”; name another one in SHOWN")


def fill(template: str, values: dict[str, str]) -> str:
    """Return a template of the note type with its fields filled in, as Anki does it."""
    while SECTION.search(template):
        template = SECTION.sub(lambda found: found.group(2) if values[found.group(1)] else "", template)
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found.group(1)], template)


def back_of(card: Card) -> str:
    """Return the HTML of the answer side of a card, its details unfolded."""
    _, front, back = TEMPLATES[0]
    values = dict(zip(FIELDS, fields(card, vault_name=NOTES.name), strict=True))
    values["FrontSide"] = fill(front, values)
    return fill(back, values).replace("<details", "<details open")


def main() -> None:
    """Write the picture."""
    among = cards(Config(notes=(NOTES,)), now=1).cards
    backs = [(look, back_of(find(rule, key, among))) for rule, key, look in SHOWN]
    body = "".join(f'<div class="{look}">{back}</div>' for look, back in backs)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium found; install it")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "card.html"
        page.write_text(PAGE.format(css=CSS, height=HEIGHT - 32, body=body), encoding="utf-8")
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += [f"--window-size={WIDTH},{HEIGHT}", f"--force-device-scale-factor={SCALE}"]
        subprocess.run([*command, f"--screenshot={PICTURE.resolve()}", page.as_uri()], check=True)


if __name__ == "__main__":
    main()
