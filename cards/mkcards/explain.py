"""Why there is, or is no, card of a place in a note."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from mkcards.config import Config
from mkcards.data import Note
from mkcards.extract import explain as looked
from mkcards.syntax.inline import plain


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule made of one place: a card, or the guard that said no."""

    path: str
    line: int
    rule: str
    prompt: str = ""
    reason: str = ""


def verdicts(note: Note, config: Config, line: int = 0) -> list[Verdict]:
    """Return what the rules said of a note, or of the block that covers `line`, in reading order."""
    cards, refusals = looked(note, config)
    first, last = _around(note, line) if line else (0, 0)
    said = [Verdict(note.path, one.label_line, one.rule, prompt=plain(one.fields.prompt)) for one in cards.candidates]
    said += [Verdict(note.path, one.line, one.rule, reason=one.reason) for one in refusals]
    near = (one for one in said if not line or one.line == 0 or first <= one.line <= last)
    return sorted(near, key=lambda one: (one.line, not one.prompt))


def _around(note: Note, line: int) -> tuple[int, int]:
    """Return the first and last line of the block at a line, with the block above it, which may be its label."""
    above, last = 1, line
    for block in note.blocks:
        if block.line <= line <= block.end_line:
            last = block.end_line
            break
        if block.end_line < line:
            above = block.line
    return above, last


def as_text(said: list[Verdict]) -> Iterator[str]:
    """Yield a line for each verdict."""
    for one in said:
        what = f"card: {one.prompt}" if one.prompt else f"no card: {one.reason}"
        yield f"{one.path}:{one.line}: {one.rule}: {what}" if one.line else f"{one.path}: {one.rule}: {what}"


def as_json(said: list[Verdict]) -> Iterator[str]:
    """Yield a JSON object for each verdict."""
    return (json.dumps(asdict(one), ensure_ascii=False) for one in said)
