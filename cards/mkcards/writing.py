"""Writes the ledger and the deck of a run, unless they are as they should be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from mkcards import ledger as ledgers
from mkcards.appearance import Wardrobe
from mkcards.config import Config
from mkcards.data import Card
from mkcards.diagnostics import Diagnostic
from mkcards.errors import OutputError
from mkcards.files import replacing
from mkcards.outputs import aside
from mkcards.shelf import Shelf
from mkcards.slips import Slip
from mkcards.syntax.references import shows_more
from mkcards.tags import RETIRED_TAG
from mkcards.warm import Warm


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be written."""

    output: Path
    stored: str
    """The SHA-256 of the ledger that is there, or empty."""
    ledger: Sequence[bytes | memoryview]
    """The one that should be, in pieces."""
    cards: Sequence[Card]
    """Of the deck in reading order, or those that changed, if `whole` knows the others."""
    lacking: Sequence[str]
    """The ids of the living cards that the deck does not hold."""
    retired: Sequence[Card]
    given_up: Mapping[str, Slip]
    """What the last package with the retired cards held of them, by their ids."""
    wardrobe: Wardrobe
    whole: Callable[[list[Slip]], list[Slip]]
    """Gives all notes of a package, in reading order, from those of `cards`."""
    warm: Warm


@dataclass(frozen=True, slots=True)
class Written:
    """What stands there now."""

    ledger: str
    """The SHA-256 of the ledger."""
    faults: tuple[Diagnostic, ...]
    """Why some cards can't be learned."""
    slips: Sequence[tuple[Card, Slip]] = ()
    """What the package holds of the cards."""
    retired: Sequence[Slip] = ()
    """What the package of the retired cards holds of those that show nothing from other files."""
    anew: bool = True
    """Whether anything was written."""


def write(work: Work, config: Config, shelf: Shelf) -> Written:
    """Bring ledger and output up to date, the ledger first; write nothing when they are.

    Raises LedgerError and OutputError for what can't be written, LostError for what was on the shelf
    and no longer is.
    """
    return _packed(work, config, shelf) if work.output.suffix == ".apkg" else _listed(work, config)


def _digest(pieces: Iterable[bytes | memoryview]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _packed(work: Work, config: Config, shelf: Shelf) -> Written:
    from mkcards import package

    digest = _digest(work.ledger)
    # With the digest alone, the deck would not be written again once they are back and the ledger is as it was.
    state = _digest((digest.encode(), *map(str.encode, work.lacking))) if work.lacking else digest
    comment = package.read_comment(work.output)
    is_current = digest == work.stored and comment in (digest, state)
    if is_current and package.holds_ledger(work.output) == config.ledger_in_deck:
        *_, faults = work.wardrobe.rendered(work.cards, lambda note: None, remote_images=config.remote_images)
        return Written(digest, faults, anew=False)

    def made(note: package.PackageNote) -> tuple[Card, Slip]:
        return note.card, package.slip_of(note, shelf)

    known = ((card, work.given_up.get(card.id)) for card in work.retired)
    kept = {card.id: one for card, one in known if one and one.changed == card.changed}
    retired = (replace(card, tags=(*card.tags, RETIRED_TAG)) for card in work.retired if card.id not in kept)
    with package.failing(work.output):
        shown, media, faults = work.wardrobe.rendered(work.cards, made, remote_images=config.remote_images)
        given_up, old_media, _ = work.wardrobe.rendered(retired, made, remote_images=config.remote_images)
    alone = kept | {card.id: one for card, one in given_up if not shows_more(card.fields)}
    every = kept | {card.id: one for card, one in given_up}
    old = [every[card.id] for card in work.retired if card.id in every]
    slips = work.whole([one for _, one in shown])
    inside = work.ledger if config.ledger_in_deck else None
    with package.prepared(work.output, slips, media, shelf, work.warm.deck, inside) as deck:
        ledgers.write(ledgers.beside(work.output), work.ledger)
        if old:
            with package.prepared(aside(work.output), old, old_media, shelf, work.warm.aside) as others:
                others.write()
        else:
            _remove(aside(work.output))
        deck.write(state)
    shelf.drop(one.place for one in old if one.id not in alone)
    return Written(digest, faults, shown, [*alone.values()])


def _listed(work: Work, config: Config) -> Written:
    """Write ledger and text."""
    from mkcards import export, texts

    faults: tuple[Diagnostic, ...] = ()
    if work.output.suffix == ".csv":
        shown, _, faults = work.wardrobe.rendered(work.cards, lambda note: note, remote_images=config.remote_images)
        text = texts.as_csv(shown, work.output.stem)
    else:
        text = "".join(f"{line}\n" for line in export.as_json(work.cards))
    written = text.encode("utf-8", "backslashreplace")
    try:
        before = work.output.read_bytes() if work.output.exists() else None
        digest = _digest(work.ledger)
        if digest == work.stored and written == before:
            return Written(digest, faults, anew=False)
        ledgers.write(ledgers.beside(work.output), work.ledger)
        with replacing(work.output) as stream:
            stream.write(written)
    except OSError as error:
        raise OutputError(f"{work.output}: output it can't be written ({error.strerror}); name another") from error
    return Written(digest, faults)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: output it can't be removed ({error.strerror}); remove it by hand") from error
