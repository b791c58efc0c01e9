"""How cards look: their HTML, the media that it shows, and what stands for both in their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from mkcards.assets import Library
from mkcards.config import Config
from mkcards.data import UNREAD, Assets, Candidate, Card, NoteCards
from mkcards.diagnostics import Diagnostic
from mkcards.reading import Reading
from mkcards.render import dropped, fields, filed
from mkcards.syntax.references import says_all

if TYPE_CHECKING:
    from mkcards.package import PackageNote

T = TypeVar("T")
Digests = Mapping[tuple[str, int], str]
"""What stands for all that a card shows but does not say, by its note and place; most cards have none."""


NO_DIGESTS: Final[Digests] = MappingProxyType({})


def digests(notes: Sequence[NoteCards], library: Library, config: Config) -> tuple[Digests, tuple[Diagnostic, ...]]:
    """Return what stands for the media and embeds of the cards, and what is missing."""
    found = {}
    problems: list[Diagnostic] = []
    for note in notes:
        of_cards: list[Diagnostic] = []
        linked: set[str] = set()
        for place, one in enumerate(note.candidates):
            if says_all(one.fields):
                continue
            assets, missing = library.find(one.fields, note.path, one.line)
            of_cards += (*missing, *dropped(one.fields, note.path, one.line))
            if not config.remote_images:
                linked.update(assets.remote)
            is_unread = any(problem.code == "unreadable" for problem in missing)
            if digest := UNREAD if is_unread else _digest(assets, config):
                found[note.path, place] = digest
        problems += library.lacking(note, of_cards, linked)
    return found, tuple(problems)


def _digest(assets: Assets, config: Config) -> str:
    media = sorted((target, media.name) for target, media in assets.media.items())
    parts = [part for pair in (*media, *sorted(assets.embeds.items())) for part in pair]
    if config.remote_images and assets.remote:
        parts.append("remote images")
    return hashlib.sha256(ascii(parts).encode("ascii")).hexdigest() if parts else ""


class Wardrobe:
    """Renders cards, and takes over the HTML that was made when their notes were read."""

    def __init__(
        self, library: Library, vault_name: str, readings: Iterable[Reading] = (), seen: Digests = NO_DIGESTS
    ) -> None:
        self._library = library
        self._readings = {one.note.path: one for one in readings if one.looks}
        self._seen = seen
        self._vault_name = vault_name
        self._made = _Kept()

    def rendered(
        self, chosen: Iterable[Card], made: Callable[[PackageNote], T], *, remote_images: bool
    ) -> tuple[list[T], dict[str, Path], tuple[Diagnostic, ...]]:
        """Return what is made of the cards with their HTML, the media by their names, and what can't be learned.

        What was rendered when a note was read is let go with the note's last card.
        """
        from mkcards.package import PackageNote, complete

        media: dict[str, Path] = {}
        out: list[T] = []
        faults: list[Diagnostic] = []
        for card in chosen:
            html = self._kept(card)
            if html is None:
                assets, _ = self._library.find(card.fields, card.path)
                html = fields(card, assets, vault_name=self._vault_name, remote_images=remote_images)
                media.update((item.name, item.file) for item in assets.media.values())
            whole, problems = complete((PackageNote(card, html),))
            out += map(made, whole)
            faults += problems
        return out, media, tuple(faults)

    def _kept(self, card: Card) -> tuple[str, ...] | None:
        """The HTML of a card that says what its note says now and shows nothing from other files."""
        if not card.line or (card.path, card.ordinal) in self._seen:
            return None
        if self._made.path != card.path:
            reading = self._readings.pop(card.path, None)
            if reading is None:
                return None
            self._made = _Kept(card.path, reading.note.candidates, reading.html())
        same = self._made.candidates[card.ordinal].fields == card.fields
        return filed(self._made.html[card.ordinal], card) if same else None


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was rendered when a note was read."""

    path: str = ""
    candidates: Sequence[Candidate] = ()
    html: Sequence[tuple[str, ...]] = ()
