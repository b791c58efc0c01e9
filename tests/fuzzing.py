"""What must hold for any input, as one function of bytes for each part; a fuzzer and the tests feed them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import MappingProxyType

from fuzzing_runs import any_package, compared, damaged_cache, packed_note, same_lines, shown_page
from mkcards.config import RULES, Config
from mkcards.config_file import load as load_config
from mkcards.data import Assets, Card, Fields, Ledger, Media, NoteCards
from mkcards.errors import LedgerError, UsageError
from mkcards.extract import extract
from mkcards.identify import identify
from mkcards.ledger import dumps, loads
from mkcards.parse import parse
from mkcards.render import fields, html, plain
from mkcards.tags import filed
from test_laws import FRONT, check, check_blocks

MEDIA = "cell-0123456789ab.png"
ASSETS = Assets({"cell.png": Media(MEDIA, Path("cell.png"))}, {"Note": "a **b** ![[cell.png]] ![[Note]]"})
SCHEMES = ("http:", "https:", "mailto:", "obsidian:")
RUNNING = frozenset(("script", "iframe", "object", "embed", "style", "link", "meta", "base", "form", "svg", "math"))


class _Page(HTMLParser):
    """Fails on what must not stand in a field."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in RUNNING, tag
        for name, value in attrs:
            assert not name.startswith("on") and name not in ("style", "srcset", "id"), (tag, name)
            if name == "href":
                assert (value or "").lower().startswith(SCHEMES), value
            if name == "src":
                assert value == MEDIA, value


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape").replace("\r", "\n")


def _rule(name: str) -> Callable[[bytes], None]:
    config = replace(Config(), rules={rule: rule == name for rule in RULES})

    def fuzz(data: bytes) -> None:
        text = _text(data)
        found = extract(parse("Note.md", text)[0], config)
        assert [one.message for one in found.diagnostics if one.code == "rule-failed"] == []
        for card in found.candidates:
            assert card.rule == name
            assert 1 <= card.label_line <= card.line <= card.end_line <= text.count("\n") + 1
            assert card.key.strip() and card.fields.prompt.strip() and card.fields.answer.strip()

    return fuzz


def _rules(data: bytes) -> None:
    check(_text(data))


def _parse(data: bytes) -> None:
    text = _text(data)
    note, problems = parse("Note.md", text)
    lines = text.count("\n") + 1
    check_blocks(note.blocks, 1, lines)
    assert all(1 <= one.line <= lines for one in problems)
    below, _ = parse("Note.md", FRONT + text)
    check_blocks(below.blocks, 1, lines + FRONT.count("\n"))


def _front_matter(data: bytes) -> None:
    text = f"---\n{_text(data)}\n---\n\n**Tide**: the rise of the sea at the shore\n"
    note, problems = parse("Note.md", text)
    assert all(1 <= one.line <= text.count("\n") + 1 for one in problems)
    assert all(isinstance(one, str) for one in (note.title, note.note_id, note.deck, note.lang, *note.tags))
    filed(extract(note, Config()), Config(), "deck")


def _render(data: bytes) -> None:
    text = _text(data)
    plain(text)
    shown = Fields(text, text, text, text, (text, "a $b$"), text)
    card = Card("id", "term-line", "definition", text, text[:80], text, shown)
    for field in fields(card, ASSETS, vault_name=text[:20]):
        _Page().feed(field)
        assert not any(c in field for c in "\x00\x1f\ud800\udfff"), field
        field.encode()
    assert html(text) == html(text)


def _ledger(data: bytes) -> None:
    same_lines(data)
    try:
        ledger = loads(data, "x")
    except LedgerError:
        return
    written = dumps(ledger)
    assert loads(written, "x") == ledger
    assert dumps(loads(written, "x")) == written


def _identify(data: bytes) -> None:
    first, _, second = (_cards(part) for part in _text(data).partition("\x00"))
    ledger = identify([first], Ledger("n"), now=1, roots=(".",)).ledger
    again = identify([first], ledger, now=2, roots=(".",))
    assert again.ledger == ledger
    edited = identify([second], ledger, now=2, roots=(".",)).ledger
    assert {card.id for card in ledger.cards} <= {card.id for card in edited.cards}
    assert len({card.id for card in edited.cards}) == len(edited.cards)
    _ledger(dumps(edited))


def _cards(text: str) -> NoteCards:
    return extract(parse("Note.md", text)[0], Config())


def _config(data: bytes) -> None:
    with NamedTemporaryFile(suffix=".yaml") as file:
        file.write(data if data.startswith(b"mkcards") else b"mkcards:\n " + data.replace(b"\n", b"\n "))
        file.flush()
        try:
            load_config(Path(file.name))
        except UsageError as error:
            assert str(error).startswith(file.name), error


TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {
        "parse": _parse,
        "front-matter": _front_matter,
        "rules": _rules,
        **{rule: _rule(rule) for rule in RULES},
        "render": _render,
        "ledger": _ledger,
        "identify": _identify,
        "config": _config,
        "cache": damaged_cache,
        "workers": packed_note,
        "preview": shown_page,
        "push-compare": compared,
        "push-package": any_package,
    }
)
