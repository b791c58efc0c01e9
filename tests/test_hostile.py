"""A vault that means harm, built, looked into, and imported: nothing runs, nothing from outside is packaged."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from anki_helpers import collection, import_deck, media_report, problems
from mkcards import pipeline, preview
from mkcards.config import Config
from mkcards.pipeline import Outcome

PIXEL = b"\x89PNG pixel"
SECRET = b"the words of another person"
ACTIVE = re.compile(r"<(?:script|style|iframe|svg|object)|<[^>]*(?:\s(?:on\w+|style|hidden)\b|javascript:)")
LEFT_OUT = " could run, hide or load something and is left out of the card"
DEEP = 10_000
NOTE = f"""\
# Harm

**Alpha**: a thing with <script>alert(1)</script> and <img src=x onerror=alert(1)> and [here](javascript:alert(1)) in it

**Beta**: a thing under <style>.card{{display:none}}</style><div style="position:fixed;inset:0" hidden>cover</div> it

**Gamma**: a thing to read ![](file:///etc/passwd) ![[../../secret.png]] ![[linked.png]] <img src="/../../secret.png">

**Delta**: a thing that draws ![[evil.svg]] a picture

**Epsilon**: a thing that weighs ![[huge.png]] much

**Zeta**: a thing that is {"<div>" * DEEP}nested{"</div>" * DEEP}

**Eta**: a thing that costs ${"{" * DEEP}x{"}" * DEEP}$ time

**Theta**: a thing that says [sound:../../secret.png] [latex]\\input{{/etc/passwd}}[/latex] {{{{Details}}}} words

**Iota**: a thing with an ![[ok.png]] image
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    folder = tmp_path_factory.mktemp("hostile")
    notes = folder / "vault" / "notes"
    notes.mkdir(parents=True)
    (folder / "secret.png").write_bytes(SECRET)
    (folder / "vault" / "secret.png").write_bytes(SECRET)
    (notes / "Harm.md").write_text(NOTE, encoding="utf-8")
    (notes / "ok.png").write_bytes(PIXEL)
    (notes / "evil.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", encoding="utf-8")
    (notes / "linked.png").symlink_to(folder / "secret.png")
    with (notes / "huge.png").open("wb") as huge:
        huge.truncate(50_000_000)
    return folder, pipeline.build(Config(notes=(notes,), output=folder / "deck.apkg"), now=1_700_000_000)


def test_what_was_left_out_is_said(built: tuple[Path, Outcome]) -> None:
    said = [str(one).partition(";")[0].replace(LEFT_OUT, "") for one in built[1].diagnostics]
    assert said == [
        'Harm.md:3: unresolved-embed "x" is not in the vault',
        "Harm.md:3: unsafe-html javascript:, <script>, onerror",
        "Harm.md:5: unsafe-html <style>, style",
        'Harm.md:7: missing-media "../../secret.png" lies outside the vault',
        'Harm.md:7: missing-media "linked.png" is not in the vault',
        'Harm.md:7: missing-media "/../../secret.png" is not in the vault',
        "Harm.md:7: unsafe-html file:",
        'Harm.md:9: unsafe-media "evil.svg" holds a script',
        'Harm.md:11: large-media "huge.png" has 50 MB, a picture on a card at most 20',
        "Harm.md:13: deep-html HTML is nested 10000 deep, and tags below 100 are left out of the card",
    ]


def test_only_what_lies_in_the_vault_is_packaged(built: tuple[Path, Outcome]) -> None:
    with zipfile.ZipFile(built[0] / "deck.apkg") as package:
        media = json.loads(package.read("media"))
        assert [re.sub("-[0-9a-f]{12}", "", name) for name in media.values()] == ["ok.png"]
        assert package.read("0") == PIXEL
        assert not any(SECRET in package.read(name) for name in package.namelist())


def test_anki_takes_it_and_shows_only_text(built: tuple[Path, Outcome], tmp_path: Path) -> None:
    with collection(tmp_path) as col:
        assert len(import_deck(col, built[0] / "deck.apkg").new) == len(built[1].cards) == 9
        assert media_report(col) == {"missing": [], "unused": []}
        assert problems(col) == "Database rebuilt and optimized."
        for card in map(col.get_card, col.find_cards("")):
            shown = re.sub(r"<style>.*?</style>", "", card.answer(), flags=re.DOTALL)
            assert ACTIVE.findall(shown) == []
            assert card.answer_av_tags() == []


def test_the_preview_holds_only_what_lies_in_the_vault(built: tuple[Path, Outcome]) -> None:
    page = preview.page(built[1], Config(), str).html
    media = json.loads(page.partition('id="data">')[2].partition("</script>")[0])["media"]
    assert [re.sub("-[0-9a-f]{12}", "", name) for name in media] == ["ok.png"]
    assert page.count("<script") == 3
