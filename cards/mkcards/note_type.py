"""The note type of every deck: its fields, templates and look. Its shape is frozen for ever.

Anki silently refuses every later update of a note whose note type has other fields or templates.
"""

from __future__ import annotations

from importlib.resources import files

NOTE_TYPE = "mkcards question"
CLOZE_NOTE_TYPE = "mkcards cloze"
"""Reserved: no note type of this name may ever have other fields than the clozes will."""
NOTE_TYPE_ID = 1_718_000_000_017
NOTE_TYPE_CHANGED = 1_760_000_000
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
