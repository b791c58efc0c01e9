"""The cards of a run as one page that holds all it needs."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
from base64 import b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from mkcards import diff, editor
from mkcards.appearance import Wardrobe
from mkcards.assets import Library
from mkcards.config import Config
from mkcards.data import Card, NoteFile
from mkcards.diagnostics import Diagnostic
from mkcards.discover import read
from mkcards.embedded import deferred, embedded
from mkcards.errors import OutputError
from mkcards.files import replacing
from mkcards.mathml import with_mathml
from mkcards.note_type import CSS, sides
from mkcards.package import PackageNote
from mkcards.pipeline import Outcome
from mkcards.render import plain

MARK = b"<!-- mkcards preview -->"
LENGTHS = (5, 15, 30, 60, 120, None)
"""The most words of an answer of each length; the last has no limit."""
SAME = "same"

_PARTS = files("mkcards") / "page"
_SCRIPTS = ("data.js", "feed.js", "note.js", "overview.js", "start.js")
_LINE = attrgetter("line")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")


@dataclass(frozen=True, slots=True)
class Preview:
    """A page and what it could not show."""

    html: str
    cards: int
    diagnostics: tuple[Diagnostic, ...]


def page(outcome: Outcome, settings: Config, drop: Callable[[str], str]) -> Preview:
    """Return the page that shows the cards of a run, the retired last; reads notes and media, writes nothing.

    `drop` gives the command that drops the card of an id.
    """
    wardrobe = Wardrobe(Library(outcome.found.vault), outcome.found.vault.name)
    shown, media, faults = wardrobe.rendered(outcome.cards, _as_it_is, remote_images=False)
    gone, old_media, _ = wardrobe.rendered(outcome.retired, _as_it_is, remote_images=False)
    data = _data(outcome, (*shown, *gone), drop, editor.findings(outcome, faults, settings))
    data["media"] = embedded(media | old_media)
    return Preview(_filled(outcome.output.stem, data), len(shown), faults)


def _as_it_is(note: PackageNote) -> PackageNote:
    return note


def write(path: Path, html: str) -> None:
    """Put the page in place of the one before. Raises OutputError, also if `path` is a file of somebody else's."""
    try:
        if path.is_file() and MARK not in path.read_bytes()[:200]:
            raise OutputError(f"{path}: foreign-file mkcards did not write this; name another page with -o")
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as stream:
            stream.write(html.encode("utf-8", "replace"))
    except OSError as error:
        raise OutputError(f"{path}: output the page can't be written ({error.strerror})") from error


def drop_command(output: Path | None) -> Callable[[str], str]:
    """Return what gives the command that drops a card; `output` is the deck if it has to be named."""
    deck = f" -o {shlex.quote(str(output))}" if output else ""
    return lambda card: f"mkcards drop {card}{deck}"


def _filled(title: str, data: Mapping[str, Any]) -> str:
    style, script = _part("page.css"), "\n".join(map(_part, _SCRIPTS))
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src-elem '{_digest(style)}'; "
        "style-src-attr 'unsafe-inline'; img-src blob:; media-src blob:; base-uri 'none'; form-action 'none'"
    )
    template = Environment(autoescape=True).from_string(_part("page.html"))
    parts = {"policy": policy, "style": style, "script": script, "data": _json(data), "look": _json(CSS)}
    return template.render(title=title, **{name: Markup(text) for name, text in parts.items()})


def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _json(value: Any) -> str:
    # `<` would let a text end the script that carries it.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _data(
    outcome: Outcome, shown: Sequence[PackageNote], drop: Callable[[str], str], findings: Sequence[Diagnostic]
) -> dict[str, Any]:
    found = {note.path: note for note in outcome.found.notes}
    gone = sorted({note.card.path for note in shown} - found.keys())
    places = {path: at for at, path in enumerate((*found, *gone))}
    said: dict[str, list[Diagnostic]] = {}
    for one in sorted(findings, key=_LINE):
        said.setdefault(one.path, []).append(one)
    changes = diff.changes(outcome.before, outcome.after, outcome.cards, outcome.edits)
    status = {change.card.id: change.what for change in changes}
    status.update((card.id, "retired") for card in outcome.retired)
    counts = dict.fromkeys(places, 0)
    for card in outcome.cards:
        counts[card.path] += 1
    titles = {card.path: card.title for card in (*outcome.retired, *outcome.cards)}
    wanted = said.keys() | titles.keys()
    return {
        "lengths": LENGTHS,
        "notes": [
            _note(path, titles.get(path), found.get(path), counts[path], said.get(path, ()), path in wanted)
            for path in places
        ],
        "cards": [
            {
                **_card(note, places[note.card.path], status.get(note.card.id, SAME)),
                "findings": list(map(_finding, _of(note.card, said.get(note.card.path, ())))),
                "drop": drop(note.card.id),
            }
            for note in shown
        ],
    }


def _note(
    path: str, title: str | None, file: NoteFile | None, count: int, said: Sequence[Diagnostic], wanted: bool
) -> dict[str, Any]:
    text = read(file)[0] if file and wanted else None
    return {
        "path": path,
        "title": title or Path(path).stem,
        "text": text,
        "count": count,
        "gone": file is None,
        "quoted": shlex.quote(os.path.relpath(file.file) if file else path),
        "findings": [_finding(one) for one in said],
    }


def _finding(one: Diagnostic) -> dict[str, Any]:
    return {"line": one.line, "code": one.code, "message": one.message}


def _of(card: Card, said: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """Return what is said about the place of a card; `said` is about its note, by line."""
    found = _between(said, max(card.line, 1), card.end_line)
    label = card.label_line
    return found if card.line <= label <= card.end_line or not label else (*_between(said, label, label), *found)


def _between(said: Sequence[Diagnostic], first: int, last: int) -> Sequence[Diagnostic]:
    return said[bisect_left(said, first, key=_LINE) : bisect_right(said, last, key=_LINE)]


def _card(note: PackageNote, place: int, status: str) -> dict[str, Any]:
    card, markdown = note.card, note.card.fields
    texts = (*markdown.context, markdown.prompt, markdown.answer, markdown.reverse_prompt, markdown.details)
    answer = plain(markdown.answer)
    return {
        "id": card.id,
        "note": place,
        "rule": card.rule,
        "tags": card.tags,
        "status": status,
        "line": card.line,
        "end_line": card.end_line,
        "label_line": card.label_line,
        "label": plain(markdown.prompt),
        "text": "\n".join((*map(plain, filter(None, texts)), *card.tags, card.path, card.id)),
        "words": len(_WORD.findall(answer)),
        "off": _off(card),
        "sides": [
            {"front": deferred(with_mathml(front)), "tail": deferred(with_mathml(tail))}
            for front, tail in sides(note.fields)
        ],
    }


def _off(card: Card) -> dict[str, Any] | None:
    """Return where in its note `%% nocard %%` silences a card; None when the note no longer holds it."""
    if not card.line:
        return None
    if card.kind == "list":
        return {"line": card.line, "before": True}
    return {"line": card.label_line if card.kind in ("question", "explanation") else card.line, "before": False}
