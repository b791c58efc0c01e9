"""Why there is, or is no, card of a place in a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from mkcards.config import Config
from mkcards.data import Card, Note
from mkcards.diagnostics import glance, json_of, on_one_line
from mkcards.discover import discover, read
from mkcards.errors import UsageError
from mkcards.extract import explain as looked
from mkcards.parse import parse
from mkcards.syntax.inline import plain

GLANCE = 90
"""Characters of a prompt or answer that a verdict shows."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule made of one place: a card, with its id and its history, or the guard that said no."""

    path: str
    line: int
    rule: str
    prompt: str = ""
    answer: str = ""
    id: str = ""
    changed: str = ""
    """The day on which the card last changed in the ledger; "" for one that no build has seen."""
    reason: str = ""


def verdicts(file: Path, config: Config, cards: Sequence[Card], line: int = 0) -> list[Verdict]:
    """Return what the rules said of a note, or of the block that covers `line`, in reading order.

    `cards` are those of the note, with their ids. Raises UsageError for a file that can't be read as a note.
    """
    note = _note(file, config)
    found, refusals = looked(note, config)
    known = {(card.rule, card.line, card.fields.prompt): card for card in cards}
    said = [Verdict(note.path, one.line, one.rule, reason=one.reason) for one in refusals]
    for one in found.candidates:
        card = known.get((one.rule, one.line, one.fields.prompt))
        day = datetime.fromtimestamp(card.changed, UTC).date().isoformat() if card and card.changed else ""
        asked, told = (_opening(text) for text in (one.fields.prompt, one.fields.answer))
        said.append(Verdict(note.path, one.label_line, one.rule, asked, told, card.id if card else "", day))
    first, last = _around(note, line) if line else (0, 0)
    near = (one for one in said if not line or one.line == 0 or first <= one.line <= last)
    return sorted(near, key=lambda one: (one.line, not one.prompt))


def _note(file: Path, config: Config) -> Note:
    found, problems = discover((file,), (), config.vault, outside=config.outside_links)
    if not found.notes:
        raise UsageError("; ".join(map(str, problems)) or f"{file}: no-note it is no note; name a Markdown file")
    text, unread = read(found.notes[0])
    if text is None:
        raise UsageError(str(unread[0]))
    return parse(found.notes[0].path, text)[0]


def _opening(text: str) -> str:
    """Return the first line of a field as plain text, cut to a glance."""
    return glance(plain(text.partition("\n")[0]), GLANCE)


def _around(note: Note, line: int) -> tuple[int, int]:
    """Return the lines of the block at a line and of the block above it, which may be its label."""
    above, last = 1, line
    for block in note.blocks:
        if block.line <= line <= block.end_line:
            last = block.end_line
            break
        if block.end_line < line:
            above = block.line
    return above, last


def as_text(said: Sequence[Verdict]) -> Iterator[str]:
    """Yield a line for each verdict."""
    for one in said:
        place = f"{one.path}:{one.line}" if one.line else one.path
        what = f"no card: {one.reason}"
        if one.prompt:
            history = f" {one.id}" + (f" of {one.changed}" if one.changed else "") if one.id else ""
            what = f"card{history}: {one.prompt} -> {one.answer}"
        yield on_one_line(f"{place}: {one.rule}: {what}")


def as_json(said: Sequence[Verdict]) -> Iterator[str]:
    """Yield a JSON object for each verdict."""
    return (json_of(asdict(one)) for one in said)
