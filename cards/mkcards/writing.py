"""Writes the ledger and the deck of a run, unless they are as they should be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mkcards import ledger as ledgers
from mkcards.appearance import Wardrobe
from mkcards.config import Config
from mkcards.data import Card
from mkcards.diagnostics import Diagnostic
from mkcards.errors import OutputError
from mkcards.files import replacing
from mkcards.outputs import aside
from mkcards.slips import Slip

RETIRED_TAG: Final = "mkcards::retired"


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be written."""

    output: Path
    stored: bytes | None
    """The ledger that is there."""
    data: bytes
    """The ledger that should be."""
    cards: Sequence[Card]
    """Of the deck in reading order, or those that changed, if `whole` knows the others."""
    retired: Sequence[Card]
    wardrobe: Wardrobe
    whole: Callable[[list[Slip]], list[Slip]]
    """Gives all notes of a package, in reading order, from those of `cards`."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    faults: tuple[Diagnostic, ...]
    """Why some cards can't be learned."""
    slips: tuple[tuple[Card, Slip], ...] = ()
    """What the package holds of the cards."""


def write(work: Work, config: Config) -> Written | None:
    """Bring ledger and output up to date, the ledger first; return None when they are.

    Raises LedgerError and OutputError for what can't be written, or is not ours.
    """
    return _packed(work, config) if work.output.suffix == ".apkg" else _listed(work, config)


def _packed(work: Work, config: Config) -> Written | None:
    from mkcards import package

    digest = hashlib.sha256(work.data).hexdigest()
    comment = package.read_comment(work.output)
    if work.stored is None and work.output.exists() and not comment:
        raise _foreign(work.output)
    if work.data == work.stored and comment == digest and package.holds_ledger(work.output) == config.ledger_in_deck:
        return None
    shown, media, faults = work.wardrobe.rendered(work.cards, remote_images=config.remote_images)
    retired = [replace(card, tags=(*card.tags, RETIRED_TAG)) for card in work.retired]
    old, old_media, _ = work.wardrobe.rendered(retired, remote_images=config.remote_images)
    ledgers.write(ledgers.beside(work.output), work.data)
    if old:
        package.write(aside(work.output), package.slips_of(old), old_media)
    else:
        _remove(aside(work.output))
    slips = package.slips_of(shown)
    inside = work.data if config.ledger_in_deck else None
    package.write(work.output, work.whole(slips), media, inside, digest)
    return Written(faults, tuple((note.card, one) for note, one in zip(shown, slips, strict=True)))


def _listed(work: Work, config: Config) -> Written | None:
    """Write ledger and text."""
    from mkcards import export, texts

    faults: tuple[Diagnostic, ...] = ()
    if work.output.suffix == ".csv":
        shown, _, faults = work.wardrobe.rendered(work.cards, remote_images=config.remote_images)
        text = texts.as_csv(shown, work.output.stem)
    else:
        text = "".join(f"{line}\n" for line in export.as_json(work.cards))
    written = text.encode("utf-8", "backslashreplace")
    try:
        before = work.output.read_bytes() if work.output.exists() else None
        if work.stored is None and before is not None:
            raise _foreign(work.output)
        if work.data == work.stored and written == before:
            return None
        ledgers.write(ledgers.beside(work.output), work.data)
        with replacing(work.output) as stream:
            stream.write(written)
    except OSError as error:
        raise OutputError(f"{work.output}: output it can't be written ({error.strerror}); name another") from error
    return Written(faults)


def _foreign(output: Path) -> OutputError:
    return OutputError(f"{output}: foreign-deck mkcards did not write this; name another output")


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: output it can't be removed ({error.strerror}); remove it by hand") from error
