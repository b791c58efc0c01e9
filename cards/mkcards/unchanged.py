"""Whether a build would find all as the last one left it, by stats alone and without reading or importing much."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from platformdirs import user_cache_path

from mkcards.edition import stats
from mkcards.globs import is_skipped

RACY = 2_000_000_000
"""Nanoseconds: a file that changed so shortly before its stat was taken may change again and keep that stat."""


class Snapshot(NamedTuple):
    """The stats of files at one moment; those too young for a stat to tell their next change by their content."""

    text: str
    young: tuple[tuple[str, str], ...] = ()
    """Path and digest."""


class Told(NamedTuple):
    """What a build says when it finds all as it was."""

    line: str
    findings: Sequence[tuple[str, str]]
    """Severity and text of each diagnostic."""


def place_of(request: Sequence[str]) -> Path:
    """Where it stands what a build of this request left; the request is what the command line named."""
    key = "\0".join((os.getcwd(), *request))  # noqa: PTH109
    name = hashlib.blake2b(os.fsencode(key), digest_size=12).hexdigest()
    return user_cache_path("mkcards", appauthor=False) / f"{name}.last"


def clock(place: Path) -> int:
    """Return the time of the file system in which the cache stands, in nanoseconds; 0 when it can't be had."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        os.utime(place.parent)
        return place.parent.stat().st_mtime_ns
    except OSError:
        return 0


def signature(found: os.stat_result) -> str:
    """Return what changes with the content of a file."""
    return f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_size} {found.st_ino}"


def is_young(found: os.stat_result, now: int) -> bool:
    """Tell whether a file may change again and keep its stat; `now` is the cache's own time in nanoseconds."""
    return max(found.st_mtime_ns, found.st_ctime_ns) >= now - RACY


def snapshot(files: Iterable[str], tops: Iterable[str], without: Iterable[str], now: int) -> Snapshot:
    """Return the stats of some files, there or not, and of all that a run may see below some folders.

    `without` are files to pass over below the folders; `now` is the time of `clock`.
    """
    lines: list[str] = []
    young: list[str] = []
    for path in files:
        _note(path, _stat(path), now, lines, young)
    _walk(tops, frozenset(without), now, lines, young)
    return Snapshot("\n".join(lines), tuple((path, _digest(path)) for path in young))


def _note(path: str, found: os.stat_result | None, now: int, lines: list[str], young: list[str]) -> None:
    if found is None:
        lines.append(f"{path} -")
    elif stat.S_ISREG(found.st_mode):
        lines.append(f"{path} {signature(found)}")
        if is_young(found, now):
            young.append(path)
    else:
        lines.append(f"{path} {found.st_mode}")


def _walk(tops: Iterable[str], without: frozenset[str], now: int, lines: list[str], young: list[str]) -> None:
    """Note each folder and file below some folders once, links followed, as a run sees them."""
    seen = set()
    folders = list(tops)[::-1]
    while folders:
        folder = folders.pop()
        real = os.path.realpath(folder)
        if real in seen:
            continue
        seen.add(real)
        try:
            with os.scandir(folder) as entries:
                # Their order is the file system's; it stays as long as nothing is added or removed.
                found = [entry for entry in entries if not is_skipped(entry.name)]
        except OSError:
            lines.append(f"{folder} -")
            continue
        for entry in found:
            path, state = entry.path, _stat(entry)
            if entry.is_symlink():
                with suppress(OSError):  # Some in /proc lead where nobody may look.
                    lines.append(f"{path} -> {os.path.realpath(path)}")
            if state is not None and stat.S_ISDIR(state.st_mode):
                folders.append(path)
            if path not in without:
                _note(path, state, now, lines, young)


class Inputs(NamedTuple):
    """What a build looks at, and what it writes."""

    files: tuple[str, ...]
    """Files on which it depends, there or not."""
    tops: tuple[str, ...]
    """Folders on which it depends with all below them."""
    outputs: tuple[str, ...]
    """As absolute paths."""
    rules: tuple[str, ...]
    """Files and folders with the code of other packages' rules."""

    def seen(self, now: int, code: str) -> Snapshot:
        """Return how they are, but for the outputs; `code` is the `edition` that runs."""
        found = snapshot(self.files, self.tops, self.outputs, now)
        return found._replace(text="\n".join((code, stats(self.rules), found.text)))

    def left(self, now: int) -> Snapshot:
        """Return how the outputs are."""
        return snapshot(self.outputs, (), (), now)


def recall(place: Path, code: str) -> Told | None:
    """Return what the last build of a request says again, or None when something may have changed since."""
    try:
        head, _, text = place.read_bytes().partition(b"\n")
        kept = json.loads(head)
        inputs, now = Inputs(*map(tuple, kept["inputs"])), clock(place)
        seen, left = inputs.seen(now, code), inputs.left(now)
        if text != _text(seen, left) or any(_digest(path) != digest for path, digest in kept["young"]):
            return None
        if kept["young"]:
            _write(place, {**kept, "young": seen.young + left.young}, text)
        return Told(*kept["told"])
    except (OSError, ValueError, LookupError, TypeError):
        return None  # Nothing is kept, or what is kept is damaged.


def remember(place: Path, inputs: Inputs, seen: Snapshot, left: Snapshot, told: Told) -> None:
    """Keep what a build says again as long as inputs, outputs and code stay as they are.

    `seen` was taken before the build looked at anything, `left` while it still held the deck.
    """
    try:
        _write(place, {"inputs": inputs, "young": seen.young + left.young, "told": told}, _text(seen, left))
    except OSError:
        with suppress(OSError):  # What stands there is compared with the files before it is believed.
            place.unlink(missing_ok=True)


def _text(seen: Snapshot, left: Snapshot) -> bytes:
    return f"{seen.text}\n{left.text}".encode("utf-8", "surrogateescape")


def _write(place: Path, kept: dict[str, Any], text: bytes) -> None:
    temporary = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        temporary.write_bytes(json.dumps(kept).encode() + b"\n" + text)
        temporary.replace(place)
    except OSError:
        with suppress(OSError):  # What went wrong first is what should be told.
            temporary.unlink(missing_ok=True)
        raise


def _stat(file: str | os.DirEntry[str]) -> os.stat_result | None:
    try:
        return os.stat(file) if isinstance(file, str) else file.stat()  # noqa: PTH116
    except OSError:
        return None


def _digest(path: str) -> str:
    try:
        with open(path, "rb", opener=_without_waiting) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
