"""Why there is, or is no, card of a place in a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from mkcards.config import Config
from mkcards.data import Block, Card, Note
from mkcards.diagnostics import glance, json_of, on_one_line
from mkcards.discover import discover, read
from mkcards.errors import UsageError
from mkcards.extract import explain as looked
from mkcards.parse import parse
from mkcards.syntax.inline import plain

GLANCE = 90
"""Characters of a prompt or answer that a verdict shows."""
COSTLY: Final = ("open-question", "leaning-question", "same-question", "broken-list", "rule-failed")
"""The findings about a note that say why it has no card of a place."""


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

    It is never empty: where no rule looks, that is said. `cards` are those of the note, with their ids.
    Raises UsageError for a file that can't be read as a note.
    """
    note, length = _note(file, config)
    if line > length > 0:
        return [Verdict(note.path, line, "note", reason=f"it ends at line {length}")]
    found, refusals = looked(note, config)
    known = {(card.rule, card.line, card.fields.prompt): card for card in cards}
    said = [Verdict(note.path, one.line, one.rule, reason=one.reason) for one in refusals]
    said += [
        Verdict(note.path, one.line, one.code, reason=one.message) for one in found.diagnostics if one.code in COSTLY
    ]
    for one in found.candidates:
        card = known.get((one.rule, one.line, one.fields.prompt))
        if card and card.dropped:
            reason = f"it is dropped; `mkcards undrop {card.id}` takes it back"
            said.append(Verdict(note.path, one.label_line, one.rule, id=card.id, reason=reason))
            continue
        day = datetime.fromtimestamp(card.changed, UTC).date().isoformat() if card and card.changed else ""
        asked, told = (_opening(text) for text in (one.fields.prompt, one.fields.answer))
        said.append(Verdict(note.path, one.label_line, one.rule, asked, told, card.id if card else "", day))
    first, last = _around(note, line) if line else (0, 0)
    near = [one for one in said if not line or one.line == 0 or first <= one.line <= last]
    if line and not any(one.line for one in near):
        sections = _sections(note, line)
        near += [one for one in said if one.rule == "section" and one.line in sections]
    nothing = "nothing that a rule looks at stands here" if note.blocks else "it is empty"
    near = near or [Verdict(note.path, line, "note", reason=nothing)]
    return sorted(near, key=lambda one: (one.line, not one.prompt))


def _sections(note: Note, line: int) -> list[int]:
    """Return the lines of the headings below which a line stands."""
    above: list[Block] = []
    for block in note.blocks:
        if block.kind == "heading" and block.line <= line:
            above = [*(one for one in above if one.level < block.level), block]
    return [one.line for one in above]


def _note(file: Path, config: Config) -> tuple[Note, int]:
    """Return a note and how many lines it has."""
    found, problems = discover((file,), (), config.vault, outside=config.outside_links)
    if not found.notes:
        raise UsageError("; ".join(map(str, problems)) or f"{file}: no-note it is no note; name a Markdown file")
    text, unread = read(found.notes[0])
    if text is None:
        raise UsageError(str(unread[0]))
    return parse(found.notes[0].path, text)[0], text.count("\n") + (text[-1:] not in {"", "\n"})


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
