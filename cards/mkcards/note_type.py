"""The note type of every deck: its fields, templates and look. Its shape is frozen for ever.

Anki silently refuses every later update of a note whose note type has other fields or templates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files

NOTE_TYPE = "mkcards question"
NOTE_TYPE_ID = 1_718_000_000_017
NOTE_TYPE_CHANGED = 1_764_086_400
"""Unix second. Raised only together with the style sheet or a template: Anki then takes the new look over."""
FIELDS = (
    *("Prompt", "Answer", "ReversePrompt", "ReverseAnswer", "Context"),
    *("Hint", "Details", "Source", "Extra", "Id"),
)
"""Frozen for ever: a note type with other fields makes Anki refuse every later update."""

_PARTS = files("mkcards") / "render" / "note_type"
CSS = (_PARTS / "card.css").read_text(encoding="utf-8")
TEMPLATES = tuple(
    (
        name,
        *((_PARTS / f"{name.lower()}_{side}.html").read_text(encoding="utf-8") for side in ("front", "back")),
    )
    for name in ("Forward", "Reverse")
)
"""Name, front and back of each template; frozen like the fields, but for the HTML."""

_PART = re.compile(
    r"\{\{#(?P<section>\w+)\}\}(?P<inside>.*?)\{\{/(?P=section)\}\}|\{\{(?P<field>\w+)\}\}", re.DOTALL
)


def sides(values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the front of each card that Anki makes of a note, and what its back adds below it.

    `values` is the HTML of the fields, in the order of `FIELDS`.
    """
    named = {**dict(zip(FIELDS, values, strict=True)), "FrontSide": ""}
    filled = ((_filled(front, named), _filled(back, named)) for _, front, back in TEMPLATES)
    return tuple((front.strip(), back.strip()) for front, back in filled if front.strip())


def _filled(template: str, values: dict[str, str]) -> str:
    def part(found: re.Match[str]) -> str:
        if found["field"]:
            return values[found["field"]]
        return _filled(found["inside"], values) if values[found["section"]] else ""

    return _PART.sub(part, template)
