"""What a build made of each note, in the cache under a key that says with which ledger and settings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from sys import intern
from typing import Final, TypeVar

import msgspec
from msgspec.structs import force_setattr

from mkcards.cache import Cache, opened, place_of
from mkcards.config import Config
from mkcards.data import Card, NoteCards, Silence, Vault
from mkcards.diagnostics import Diagnostic
from mkcards.discover import Found
from mkcards.effort import Effort
from mkcards.outputs import output_of
from mkcards.rules import edition_of_others
from mkcards.shelf import LostError, Shelf
from mkcards.slips import Slip

T = TypeVar("T")
RETIRED: Final = ""
"""Stands in the place of a note's path for the cards that retired."""


class Made(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a build made of a note."""

    note_id: str
    diagnostics: tuple[Diagnostic, ...]
    silences: tuple[Silence, ...]
    slips: tuple[Slip, ...]
    """Its cards in the deck."""
    lines: tuple[tuple[int, int, int], ...]
    """Where each stands in the note: first and last line, line of the label."""


def made_of(cache: Cache, key: str) -> Mapping[str, tuple[bytes, Made]]:
    """Return what the last build made of the notes, by their paths, with the digests of their bytes.

    It is empty when that was kept under another key.
    """
    sides: dict[tuple[int, ...], tuple[int, ...]] = {}
    found = {}
    for path, digest, content in cache.made(key):
        one = _MADE.decode(content)
        for slip in one.slips:
            # What many have in common is kept once.
            force_setattr(slip, "path", path or slip.path)
            force_setattr(slip, "kind", intern(slip.kind))
            force_setattr(slip, "sides", sides.setdefault(slip.sides, slip.sides))
        found[path] = digest, one
    return found


def surely(built: Callable[[Effort], T], effort: Effort) -> T:
    """Build with the cache; when what it keeps is lost, with one made anew; when that can't be kept, without."""
    for _ in range(2):
        with suppress(LostError):
            return built(effort)
    return built(Effort(effort.jobs))


@contextmanager
def cached(config: Config, vault: Vault, effort: Effort, *, builds: bool) -> Iterator[Cache]:
    """Give the cache of a deck, anew if it `builds` and there is none; one that keeps nothing without an edition."""
    if not effort.code:
        yield Cache()
        return
    with opened(place_of(output_of(config)), made_by(config, vault, effort.code), anew=builds) as cache:
        try:
            yield cache
        except LostError:
            cache.remove()
            raise


def made_by(config: Config, vault: Vault, code: str) -> str:
    """Return what stands for all but the notes that decides what is found in them; `code` is the running `edition`."""
    others = {"notes": (), "output": None, "exclude": (), "vault": None, "select": (), "ignore": ()}
    filing = {"deck": "", "namespace": "", "tags": (), "subdecks": "none", "ledger_in_deck": True}
    settings = replace(config, **others, **filing)  # type: ignore[arg-type]
    return hashlib.sha256(ascii((code, edition_of_others(), settings, str(vault.root))).encode("ascii")).hexdigest()


def key_of(ledger: str, config: Config, found: Found, deck: str) -> str:
    """Return what stands for all but the notes themselves that decides what a build makes of them.

    `ledger` is the SHA-256 of the ledger.
    """
    filing = (config.tags, config.deck, config.subdecks, deck, found.roots, found.vault.name)
    return hashlib.sha256(ascii((ledger, filing)).encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a build made of the notes that it looked at."""

    notes: Sequence[tuple[NoteCards, bytes]]
    """With the digest of the note's bytes."""
    faults: Sequence[Diagnostic]
    """What there is to say of them but what their reading said."""
    showing: Collection[str]
    """The paths of those that show something from another file."""
    shown: Sequence[tuple[Card, Slip]]
    retired: Sequence[Slip]
    """Of the cards that retired and show nothing from other files."""


def keep(cache: Cache, shelf: Shelf, key: str, fresh: Fresh) -> None:
    """Keep what a build made of the notes that it looked at, and of the cards that retired, for the next."""
    try:
        _keep_notes(cache, shelf, key, fresh)
        _keep_retired(cache, shelf, fresh.retired)
    except LostError:
        cache.remove()


def _keep_retired(cache: Cache, shelf: Shelf, slips: Sequence[Slip]) -> None:
    before = cache.made_of(RETIRED)
    places = {one.place for one in slips}
    shelf.drop(one.place for one in (_MADE.decode(before).slips if before else ()) if one.place not in places)
    cache.forget_made(RETIRED)
    if content := _packed(Made("", (), (), tuple(slips), ())):
        cache.keep_made(RETIRED, b"", content, ())
    else:
        shelf.drop(places)


def _keep_notes(cache: Cache, shelf: Shelf, key: str, fresh: Fresh) -> None:
    if any(one.code == "duplicate-note-id" for one in fresh.faults):
        key = ""  # Which note has the id may change with another one.
    cache.keep_key(key)
    faulty = {one.path for one in fresh.faults}.union(fresh.showing)
    shown: dict[str, list[tuple[Card, Slip]]] = {}
    for card, made in fresh.shown:
        shown.setdefault(card.path, []).append((card, made))
    for note, digest in fresh.notes:
        cache.forget_made(note.path)
        one = _made(note, shown.pop(note.path, ()))
        places = [slip.place for slip in one.slips]
        in_a_row = not places or places == [*range(places[0], places[-1] + 1)]
        content = _packed(one) if _stands_alone(note) and note.path not in faulty and in_a_row else b""
        if content:
            cache.keep_made(note.path, digest, content, places)
        else:
            shelf.drop(places)


def _packed(made: Made) -> bytes:
    try:
        return _PACKED.encode(made)
    except UnicodeEncodeError:
        return b""  # File names may hold bytes that are no text.


def _stands_alone(note: NoteCards) -> bool:
    failed = any(one.code == "rule-failed" for one in note.diagnostics)
    return note.readable and not note.references and not failed


def _made(note: NoteCards, shown: Iterable[tuple[Card, Slip]]) -> Made:
    slips = tuple(made for _, made in shown)
    lines = tuple((card.line, card.end_line, card.label_line) for card, _ in shown)
    return Made(note.note_id, note.diagnostics, note.silences, slips, lines)


_MADE: Final = msgspec.msgpack.Decoder(Made)
_PACKED: Final = msgspec.msgpack.Encoder()
