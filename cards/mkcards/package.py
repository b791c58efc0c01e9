"""Cards -> `.apkg` through genanki, reproducible to the byte."""

from __future__ import annotations

import errno
import hashlib
import json
import re
import sqlite3
import tempfile
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from mkcards.data import Card
from mkcards.deflate import BLOCK, Ahead, Deflater
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.effort import cores
from mkcards.errors import LedgerError, OutputError
from mkcards.files import open_regular, replacing
from mkcards.rows import Rows, slip
from mkcards.shelf import Shelf
from mkcards.slips import Slip
from mkcards.stage import Stage

T = TypeVar("T")
Pieces = Sequence[bytes | memoryview]
NO_MEDIA: Mapping[str, Path] = MappingProxyType({})
LEDGER_MEMBER = "mkcards.ledger.jsonl"
SIBLING_DISTANCE = 10
"""How many notes stand at least between a list and the first of its items, as far as there are so many."""

_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_DIGEST = re.compile(r"-([0-9a-f]{12})\.[^.]*$")
"""What a media file's name says of its content: the first digits of its SHA-256."""
_COMMENT = re.compile(r"[0-9a-f]{64}")
_BLANK = re.compile(r"(?:<(?!img\b)[^>]*>|&nbsp;|[\s\u00a0\u200b]+)*+")


class PackageNote(Struct, frozen=True):
    """A card and the HTML of its fields, in the order of `FIELDS`."""

    card: Card
    fields: tuple[str, ...]


def is_blank(html: str) -> bool:
    """Say whether a field shows nothing: neither text, nor image, nor sound."""
    return _BLANK.fullmatch(html) is not None


def complete(notes: Sequence[PackageNote]) -> tuple[tuple[PackageNote, ...], tuple[Diagnostic, ...]]:
    """Return the notes that can be learned, and why others can't.

    A note without prompt or answer is left out; a reverse without its answer is taken off its note.
    """
    kept, problems = [], []
    for note in notes:
        card = note.card
        if is_blank(note.fields[0]) or is_blank(note.fields[1]):
            side = "prompt" if is_blank(note.fields[0]) else "answer"
            message = f'the {side} of "{card.key}" shows nothing, so it makes no card; complete the note'
            problems.append(Diagnostic(card.path, card.line, "empty-card", message, Severity.ERROR))
            continue
        if is_blank(note.fields[2]) != is_blank(note.fields[3]):
            note = replace(note, fields=(*note.fields[:2], "", "", *note.fields[4:]))
            message = f'the reverse of "{card.key}" shows nothing on one side and is left out; complete the note'
            problems.append(Diagnostic(card.path, card.line, "empty-card", message))
        kept.append(note)
    return tuple(kept), tuple(problems)


def in_order(notes: Sequence[Slip]) -> tuple[Slip, ...]:
    """Return the notes of one deck in the order to learn them: as read, but items well after their list."""
    out: list[Slip] = []
    waiting: deque[tuple[int, Slip]] = deque()
    lists: dict[str, int] = {}
    for note in notes:
        while waiting and waiting[0][0] <= len(out):
            out.append(waiting.popleft()[1])
        after = lists.get(note.path)
        if note.kind == "item" and after is not None and after + SIBLING_DISTANCE >= len(out):
            waiting.append((after + SIBLING_DISTANCE + 1, note))
            continue
        if note.kind == "list":
            lists[note.path] = len(out)
        out.append(note)
    return (*out, *(note for _, note in waiting))


def _by_deck(notes: Sequence[Slip], default: str) -> list[tuple[str, list[Slip]]]:
    """Group by deck; Anki takes `a` and `A` for one deck, so the first spelling stands for both."""
    spelling: dict[str, str] = {}
    groups: dict[str, list[Slip]] = {}
    for note in notes:
        name = note.deck or default
        groups.setdefault(spelling.setdefault(name.casefold(), name), []).append(note)
    return sorted(groups.items())


def _rows(notes: Sequence[Slip], default: str) -> Rows:
    rows = Rows()
    for name, within in _by_deck(notes, default):
        rows.add(name, in_order(within))
    return rows


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED_DATE)
    entry.compress_type = compression
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def _opened(package: zipfile.ZipFile, entry: zipfile.ZipInfo, packer: Deflater | Ahead | None) -> IO[bytes]:
    """Open a member to write it, its size known."""
    target = package.open(entry, "w")
    if packer:
        # There is no public way to another compressor.
        target._compressor = packer  # type: ignore[attr-defined]
    return target


def _take(target: IO[bytes], file: Path, wanted: str = "") -> None:
    """Make a member of a file, whose SHA-256 begins with `wanted`."""
    digest = hashlib.sha256()
    with open_regular(file) as source:
        while piece := source.read(BLOCK):
            if wanted:
                digest.update(piece)
            target.write(piece)
    if not digest.hexdigest().startswith(wanted):
        raise OSError(errno.EAGAIN, "it changed while it was read; build again", str(file))


def _fill(package: zipfile.ZipFile, made: Package, comment: str) -> None:
    names = sorted(made.media)
    listing = json.dumps({str(number): name for number, name in enumerate(names)}).encode()

    def member(name: str, size: int, packer: Deflater | Ahead | None) -> IO[bytes]:
        entry = _entry(name, zipfile.ZIP_DEFLATED if packer else zipfile.ZIP_STORED)
        entry.file_size = size
        return _opened(package, entry, packer)

    with member("collection.anki2", made.collection.stat().st_size, Deflater(made.threads)) as target:
        _take(target, made.collection)
    for number, name in enumerate(names):
        named = _DIGEST.search(name)
        # Pictures and sound are compressed already.
        with member(str(number), made.media[name].stat().st_size, None) as target:
            _take(target, made.media[name], named[1] if named else "")
    with member("media", len(listing), Deflater(made.threads)) as target:
        target.write(listing)
    if made.ledger:
        with member(LEDGER_MEMBER, sum(map(len, made.ledger.pieces)), made.ledger) as target:
            target.writelines(made.ledger.pieces)
    package.comment = comment.encode("ascii")


def slip_of(note: PackageNote, shelf: Shelf) -> Slip:
    """Return what a package holds of a note, and put its texts on the shelf.

    Raises ValueError when it has an empty side, and as `shelf` does.
    """
    if is_blank(note.fields[0]) or is_blank(note.fields[1]):
        raise ValueError(f"card {note.card.id} has an empty side")
    return slip(note.card, note.fields, shelf)


def _check(slips: Sequence[Slip]) -> None:
    if len({one.id for one in slips}) < len(slips):
        counts = Counter(one.id for one in slips)
        raise ValueError(f"card {counts.most_common(1)[0][0]} stands twice in one package")


def _reason(error: Exception, media: Mapping[str, Path]) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    if isinstance(error, sqlite3.Error):
        return f"a temporary file in {tempfile.gettempdir()}: {reason}"
    file = str(getattr(error, "filename", None))
    return f"{file}: {reason}" if file in map(str, media.values()) else reason


@contextmanager
def prepared(
    path: Path,
    slips: Sequence[Slip],
    media: Mapping[str, Path],
    shelf: Shelf,
    stage: Stage,
    ledger: Pieces | None = None,
) -> Iterator[Package]:
    """Give a package of notes that is whole but for its writing; the same values give the same bytes.

    `slips` are in reading order, their texts on `shelf`, or on `stage` if it holds the package before; `media` maps
    names in the package to files. A note without a deck goes to the deck that is called like the output. The ledger is
    taken into the package unless None.
    Raises OutputError when something can't be read or written, ValueError when two notes have one id, LostError when a
    text is not on the shelf.
    """
    _check(slips)
    newest = max((one.changed for one in slips), default=0)
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(cores()))
        packed = None if ledger is None else Ahead(ledger, threads)
        with failing(path, media):
            made = tempfile.TemporaryDirectory(prefix="mkcards-", ignore_cleanup_errors=True)
            folder = stack.enter_context(made)
            collection = Path(folder) / "collection.anki2"
            _rows(slips, path.stem).write(collection, newest, stage, shelf)
        yield Package(path, collection, media, packed, threads)


@dataclass(frozen=True, slots=True)
class Package:
    """What `prepared` gives."""

    path: Path
    collection: Path
    media: Mapping[str, Path]
    ledger: Ahead | None
    threads: ThreadPoolExecutor

    def write(self, state: str = "") -> None:
        """Replace the output at once or not at all; `state`, a SHA-256 in hex, becomes the zip comment.

        It is that of the ledger when the package holds all its living cards.

        Raises OutputError when something can't be read or written.
        """
        with failing(self.path, self.media):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(self.path) as stream, zipfile.ZipFile(stream, "w") as package:
                _fill(package, self, state)


@contextmanager
def failing(path: Path, media: Mapping[str, Path] = NO_MEDIA) -> Iterator[None]:
    """Say of which output it is that something can't be read or written. Raises OutputError."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise OutputError(f"{path}: output the deck can't be written ({_reason(error, media)})") from error


def read_comment(path: Path) -> str:
    """Return the digest of the ledger that a package was built from, or "" if it has none or can't be read."""
    try:
        with zipfile.ZipFile(path) as package:
            comment = package.comment.decode("ascii", "replace")
            return comment if _COMMENT.fullmatch(comment) else ""
    except (OSError, zipfile.BadZipFile):
        return ""


def holds_ledger(path: Path) -> bool:
    """Say whether a package holds a ledger. Raises LedgerError when the package can't be read."""
    return _member(path, lambda package: package.getinfo(LEDGER_MEMBER)) is not None


def read_ledger(path: Path) -> bytes | None:
    """Return the ledger inside a package, or None when there is no package or it holds none.

    Raises LedgerError when the package can't be read.
    """
    return _member(path, lambda package: package.read(LEDGER_MEMBER))


def _member(path: Path, look: Callable[[zipfile.ZipFile], T]) -> T | None:
    try:
        with zipfile.ZipFile(path) as package:
            return look(package)
    except (FileNotFoundError, KeyError):
        return None
    except (OSError, zipfile.BadZipFile) as error:
        message = f"{path}: package its ledger can't be read ({error}); restore the file from a backup or delete it"
        raise LedgerError(message) from error
