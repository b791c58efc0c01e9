"""Cards -> a text file that Anki imports: one line a note, known again by its guid."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

from mkcards.note_type import FIELDS, NOTE_TYPE
from mkcards.package import PackageNote

_COLUMNS: Final = ("guid", "deck", "tags", *FIELDS)
_HEAD: Final = (
    "#separator:Comma\n"
    "#html:true\n"
    f"#notetype:{NOTE_TYPE}\n"
    "#guid column:1\n"
    "#deck column:2\n"
    "#tags column:3\n"
    f"#columns:{','.join(_COLUMNS)}\n"
)


def as_csv(notes: Iterable[PackageNote], default: str) -> str:
    """Return the text; `default` is the deck of a note that names none."""
    text = io.StringIO()
    text.write(_HEAD)
    lines = csv.writer(text, lineterminator="\n")
    for note in notes:
        card = note.card
        lines.writerow((card.id, card.deck or default, " ".join(card.tags), *note.fields))
    return text.getvalue()
