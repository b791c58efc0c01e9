"""The ledger of a deck: where a run finds it, and how it is changed by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from mkcards import ledger as ledgers
from mkcards.config import Config
from mkcards.data import Card, Ledger
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.errors import LedgerError, UsageError
from mkcards.lock import held
from mkcards.outputs import namespace_of
from mkcards.wording import Degree, Wording, compare

MANY: Final = 0.2
"""More than this share of the cards does not go from one folder to another."""


def recall(config: Config, output: Path) -> tuple[Ledger, tuple[Diagnostic, ...]]:
    """Return the ledger of a deck: from its file, else from inside the deck, else a new one; and what is odd about it.

    Raises LedgerError when one is there and can't be read.
    """
    return understood(config, output, ledgers.read(ledgers.beside(output)))


def on_disk(output: Path) -> tuple[bytes | None, str]:
    """Return the bytes of a deck's ledger and their SHA-256; None and "" when there is none. Raises LedgerError."""
    stored = ledgers.read(ledgers.beside(output))
    return stored, "" if stored is None else hashlib.sha256(stored).hexdigest()


def understood(config: Config, output: Path, stored: bytes | None) -> tuple[Ledger, tuple[Diagnostic, ...]]:
    """Return what `recall` does when the ledger's file holds these bytes, or is not there. Raises LedgerError."""
    path = ledgers.beside(output)
    if stored is not None:
        ledger = ledgers.loads(stored, str(path))
        if not config.namespace or config.namespace == ledger.namespace:
            return ledger, ()
        message = f'the namespace stays "{ledger.namespace}", or every card would lose its history; set it back'
        return ledger, (Diagnostic(str(path), 1, "namespace-kept", message),)
    fresh = Ledger(namespace_of(config, output))
    if not output.exists():
        return fresh, ()
    from mkcards import package

    inside = package.read_ledger(output) if output.suffix == ".apkg" else None
    if inside is None:
        message = "it is gone and the deck holds no copy, so ids are made anew; restore it if you can"
        return fresh, (Diagnostic(str(path), 0, "ledger-missing", message),)
    message = f"it was gone and is recovered from {output.name}; nothing is lost"
    remark = Diagnostic(str(path), 0, "ledger-recovered", message, Severity.REMARK)
    return ledgers.loads(inside, str(output)), (remark,)


def overlap(tops: Iterable[str], others: Iterable[str]) -> bool:
    """Say whether a file or folder of one group is or holds one of the other."""

    def holds(top: str, path: str) -> bool:
        return top in (".", path) or path.startswith(top + "/")

    return any(holds(top, other) or holds(other, top) for top in tops for other in others)


def check_notes(before: Ledger, after: Ledger, deck: Sequence[Card], output: Path) -> None:
    """Raise UsageError when another folder was read than before and more than a fifth of the cards is not there.

    Paths count from the folder that was read, so that notes of two folders may have the same. `deck` are the cards
    that were found. A note that still holds one of its cards is the same in a copy of the folder, whatever became of
    its others.
    """
    if not (before.folder and after.folder) or before.folder == after.folder:
        return
    found = {card.id: card for card in deck}
    gone = {card.id for card in after.cards if card.retired is not None}
    living = [card for card in before.cards if card.retired is None and (card.id in found or card.id in gone)]
    same = {card.path for card in living if card.id in found and _is_in_place(card, found[card.id])}
    missing = (card for card in living if card.path not in same)
    lost = sum(card.id not in found or _is_other(card, found[card.id]) for card in missing)
    if lost > MANY * len(living):
        raise UsageError(
            f'{output}: other-notes the deck is of the notes in "{before.folder}", and {lost} of its {len(living)} '
            f'cards are not in "{after.folder}"; name all its folders together, set `vault` to the one that holds '
            "them, or name another deck with -o"
        )


def _is_in_place(card: Card, found: Card) -> bool:
    return (found.path, found.fields.answer) == (card.path, card.fields.answer)


def _is_other(one: Card, other: Card) -> bool:
    return compare(Wording(one.fields.answer), Wording(other.fields.answer)).degree == Degree.OTHER


def change(output: Path, edit: Callable[[Ledger], Ledger]) -> tuple[Ledger, Ledger]:
    """Change the ledger of a deck in place; return it as it was and as it is.

    Raises LedgerError when there is none or it can't be read or written, OutputError when another run holds it.
    """
    path = ledgers.beside(output)
    with held(output):
        data = ledgers.read(path)
        if data is None:
            raise LedgerError(f"{path}: ledger-missing there is none; build the deck first")
        before = ledgers.loads(data, str(path))
        after = edit(before)
        if after != before:
            ledgers.write(path, ledgers.written(after))
    return before, after
