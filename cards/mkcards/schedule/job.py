"""What is to run when, and what a system needs for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from mkcards.errors import UsageError
from mkcards.globs import is_skipped

MARK: Final = "Made by mkcards schedule"
"""In every file that we write and that could be somebody else's."""
Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A run of mkcards."""

    name: str
    """Of letters, digits and hyphens; the same for the same deck."""
    deck: Path
    ledger: Path
    command: Command
    """Program and arguments."""
    folder: Path
    """Where it runs."""
    watched: tuple[Path, ...]
    """The folders whose change should start it; none when it is only to be removed."""
    hour: int | None
    """Of each day, or None for every hour."""
    minute: int


@dataclass(frozen=True, slots=True)
class File:
    """A file to install."""

    path: Path
    content: bytes
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a system needs to run a job."""

    files: tuple[File, ...]
    install: tuple[Command, ...] = ()
    """Commands to run once the files are there."""
    remove: tuple[Command, ...] = ()
    """Commands to run before the files go."""
    former: tuple[Path, ...] = ()
    """Further files that may be there from when the same job was installed; they go with the others."""


def name_of(deck: Path) -> str:
    """Return a name for the job of a deck: `mkcards-`, its stem, and what tells it from others called alike."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", deck.stem).strip("-") or "deck"
    return f"mkcards-{stem}-{sha256(str(deck.resolve()).encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


def check(texts: Sequence[str]) -> None:
    """Raise UsageError for what no schedule can hold: characters that end a line, or bytes that are no text."""
    for text in texts:
        if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", text):
            raise UsageError(f"schedule: bad-path {text!a} holds a control character; rename it")


def folders(tops: Sequence[Path], skipped: Path, most: int) -> tuple[Path, ...]:
    """Return the folders `tops` and all below them, without hidden ones and without `skipped`; at most `most`."""
    found: list[Path] = []
    waiting = sorted({top if top.is_dir() else top.parent for top in tops}, reverse=True)
    while waiting and len(found) < most:
        folder = waiting.pop()
        if folder != skipped:
            found.append(folder)
        inner = (one for one in folder.iterdir() if one.is_dir() and not one.is_symlink())
        waiting += sorted((one for one in inner if not is_skipped(one.name)), reverse=True)
    return tuple(dict.fromkeys(found))
