"""Where a run writes, under which name its ids are born, and at what time."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mkcards.config import Config
from mkcards.discover import NOT_NAMED
from mkcards.errors import OutputError, UsageError
from mkcards.files import is_gone, open_regular, sweep
from mkcards.ledger import SUFFIX, beside
from mkcards.tags import deck_name

PACKAGE: Final = ".apkg"
SUFFIXES: Final = (PACKAGE, ".csv", ".jsonl")
"""A package for Anki, text for Anki, or one JSON object a card."""
_HEADS: Final = MappingProxyType(
    {
        # A member of the name, packed and without a date: no other program writes that first.
        PACKAGE: re.compile(rb"PK\x03\x04....\x08\0\0\0\x21\0.{12}\x10\0..collection\.anki2|\Z", re.DOTALL),
        # Git may give lines another end.
        ".csv": re.compile(rb"#separator:Comma\r?\n#html:true\r?\n#notetype:mkcards |\Z"),
        ".jsonl": re.compile(rb'\{"id": "\w{26}", "kind": |\{"(?:folder|forgotten|format|namespace)":|\Z'),
    }
)
"""How the files begin that a build writes; an empty one is nobody's."""


def clock() -> int:
    """The Unix second of this run: SOURCE_DATE_EPOCH if it is set. Raises UsageError if that is no number."""
    text = os.environ.get("SOURCE_DATE_EPOCH", str(max(int(time.time()), 0)))
    if not re.fullmatch(r"[0-9]{1,11}", text):
        raise UsageError(f'SOURCE_DATE_EPOCH: bad-value "{text}" is no Unix second; correct or unset it')
    # Anki's Check Database fails on a collection with a note of second 0.
    return max(int(text), 1)


def output_of(config: Config) -> Path:
    """The deck that a run writes: the `output` setting, else `decks/<name of the notes>.apkg`.

    Raises UsageError when there are no notes, or the output can't be a deck.
    """
    if not config.notes:
        raise UsageError(NOT_NAMED)
    if config.output is None:
        tops = [path.resolve() for path in config.notes]
        top = tops[0] if len(tops) == 1 else Path(os.path.commonpath(tops))
        return Path("decks") / f"{top.stem if top.is_file() else top.name or 'notes'}.apkg"
    if config.output.suffix not in SUFFIXES:
        raise UsageError(f"{config.output}: output-kind this is no *.apkg, *.csv or *.jsonl; name a deck")
    if config.output.name.endswith(SUFFIX):
        raise UsageError(f"{config.output}: output-kind a ledger is called so; name a deck")
    if config.output.is_dir():
        raise UsageError(f"{config.output}: output-kind this is a folder; name a deck")
    return config.output


def package_of(config: Config) -> Path:
    """The deck that a run writes and pushes. Raises UsageError as `output_of` does, also when that is no package."""
    output = output_of(config)
    if output.suffix != PACKAGE:
        raise UsageError(f"{output}: output-kind Anki gets cards from a package; name a *.apkg to push")
    return output


def aside(output: Path) -> Path:
    """Where the cards stand that the notes no longer hold: `decks/x.apkg` -> `decks/x.retired.apkg`."""
    return output.with_name(f"{output.stem}.retired.apkg")


def check_ours(output: Path) -> None:
    """Raise OutputError when no build wrote a deck that a build writes, or that to which a link in its place leads.

    Of a ledger only the link is looked at: who reads it says what is wrong. A repository may bring decks, ledgers and
    links: nothing but a deck is overwritten through one.
    """
    for path in (output, aside(output)) if output.suffix == PACKAGE else (output,):
        if not path.is_symlink() and not is_gone(path) and not _is_ours(path):
            raise OutputError(f"{path}: foreign-deck mkcards did not write this; move it away, or name another output")
    for path in (output, beside(output), aside(output)):
        target = Path(os.path.realpath(path))
        if path.is_symlink() and not target.is_symlink() and (is_gone(target) or not _is_ours(target)):
            message = f"this link leads to {target}, which mkcards did not write; remove it, or name that file itself"
            raise OutputError(f"{path}: foreign-deck {message}")


def swept(output: Path) -> None:
    """Remove what killed builds left beside the files that a build writes. Raises OutputError."""
    try:
        for path in (output, beside(output), aside(output)):
            sweep(path)
    except OSError as error:
        raise OutputError(f"{error.filename}: output it can't be removed ({error.strerror}); remove it") from error


def _is_ours(file: Path) -> bool:
    head = _HEADS.get(file.suffix)
    try:
        with open_regular(file) as stream:
            return head is not None and head.match(stream.read(1000)) is not None
    except OSError as error:
        raise OutputError(f"{file}: output it can't be read ({error.strerror}); make it readable") from error


def namespace_of(config: Config, output: Path) -> str:
    """The namespace of a ledger that is born now: the setting, else the deck's name, all parts of it.

    Decks below one parent (`Uni::Algebra`, `Uni::Law`) are as apart as any others.
    """
    return config.namespace or deck_name(config.deck) or deck_name(output.stem)
