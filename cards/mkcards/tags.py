"""The tags and the deck of a note's cards, as Anki holds them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from msgspec.structs import replace

from mkcards.config import Config
from mkcards.data import NoteCards

RETIRED_TAG: Final = "mkcards::retired"
"""What Anki shows of cards that the notes no longer hold."""


def filed(note: NoteCards, config: Config, deck: str) -> NoteCards:
    """Return the note with its final deck and every candidate with its final tags.

    `deck` is the name to take when neither the note nor the config has one.
    """
    shared = (*note.tags, *config.tags, note.path.rpartition("/")[0])
    candidates = tuple(replace(one, tags=_tags((*shared, *one.tags), one.rule)) for one in note.candidates)
    return replace(note, deck=_deck(note, config, deck), candidates=candidates)


@lru_cache(maxsize=4096)
def deck_name(text: str) -> str:
    """Return a deck name without the empty parts and control characters that Anki would replace."""
    parts = (" ".join(_printable(part).split()) for part in text.split("::"))
    return "::".join(part for part in parts if part)


@lru_cache(maxsize=4096)
def tag(text: str) -> str:
    """Return a tag as Anki holds it: `#a b/c` -> `a_b::c`."""
    parts = (part.strip() for part in re.split(r"::|/", _printable(text).removeprefix("#")))
    return "::".join(re.sub(r"\s+", "_", part) for part in parts if part)


@lru_cache(maxsize=4096)
def _tags(written: tuple[str, ...], rule: str) -> tuple[str, ...]:
    # Anki takes `Bio` and `bio` for one tag.
    spelled = {name.casefold(): name for name in sorted(map(tag, (*written, f"mkcards::{rule}")), reverse=True) if name}
    return tuple(sorted(spelled.values()))


def _deck(note: NoteCards, config: Config, deck: str) -> str:
    if name := deck_name(note.deck):
        return name
    folders = PurePosixPath(note.path).parent.parts if config.subdecks == "folders" else ()
    return deck_name("::".join((deck_name(config.deck) or deck, *folders)))


def _printable(text: str) -> str:
    return "".join(
        " " if unicodedata.category(c) == "Cc" else c
        for c in unicodedata.normalize("NFC", text)
        if unicodedata.category(c) != "Cs"
    )
