"""Note files -> what their cards say and how they look: from the cache, here, or in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mkcards.cache import Cache, Known, Seen, digest_of
from mkcards.config import Config
from mkcards.data import Candidate, Card, NoteCards, NoteFile
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.discover import decoded, load
from mkcards.extract import extract
from mkcards.files import is_gone
from mkcards.parse import parse
from mkcards.render import fields
from mkcards.workers import spread

Progress = Callable[[int, int], None]
"""Told how many of how many notes are read."""
WORTH: Final = 200
"""Notes to read for which starting worker processes pays."""
BATCH: Final = 25
"""Notes that a worker gets at once: few enough that all end together."""


class Reading(Struct, frozen=True, array_like=True):
    """What one note gave."""

    note: NoteCards
    looks: bytes = b""
    """The HTML of the fields of its candidates, packed, for those that show nothing from other files."""
    digest: bytes = b""
    """Of the note's bytes."""

    def html(self) -> list[tuple[str, ...]]:
        """Return the fields of each candidate as `render.fields` gives them, without the id."""
        return _LOOKS.decode(self.looks) if self.looks else []


@dataclass(frozen=True, slots=True)
class Task:
    """A note to read, and the digest of the content that is known already."""

    file: NoteFile
    known: bytes = b""


class Done(Struct, frozen=True):
    """What became of a task."""

    digest: bytes = b""
    content: bytes = b""
    """What was read, packed; empty when it is what is known, or can't be packed."""
    reading: Reading | None = None
    """What can't be packed, or is not to be kept."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads notes under one configuration; `vault_name` is what Obsidian calls the vault."""

    config: Config
    vault_name: str
    looks: bool = True
    """Whether to render, too."""

    def __call__(self, tasks: Sequence[Task]) -> list[Done]:
        """Return what becomes of each task."""
        return [self._done(task) for task in tasks]

    def _done(self, task: Task) -> Done:
        data, problems = load(task.file)
        if data is None:
            # What went since it was listed is no fault: the next run does not list it, or finds it back.
            return Done(reading=_lost(task.file, () if is_gone(Path(task.file.file)) else problems))
        digest = digest_of(data)
        if digest == task.known:
            return Done(digest)
        reading = self._read(task.file, data, digest)
        if not reading.note.readable:
            return Done(digest, reading=reading)
        try:
            return Done(digest, _PACKED.encode(reading))
        except UnicodeEncodeError:  # File names may hold bytes that are no text.
            return Done(digest, reading=reading)

    def _read(self, file: NoteFile, data: bytes, digest: bytes) -> Reading:
        text, problems = decoded(file, data)
        if text is None:
            return _lost(file, problems)
        try:
            note, problems = parse(file.path, text)
            found = extract(note, self.config)
            looks = _PACKED.encode([self._look(found, one) for one in found.candidates]) if self.looks else b""
        except Exception as error:
            message = (
                f"mkcards failed on this note ({type(error).__name__}: {error}); please report it with the note "
                "(its cards stay as they were)"
            )
            return _lost(file, (Diagnostic(file.path, 0, "crash", message, Severity.ERROR),))
        return Reading(replace(found, diagnostics=(*problems, *found.diagnostics)), looks, digest)

    def _look(self, note: NoteCards, one: Candidate) -> tuple[str, ...]:
        card = Card("", one.rule, one.kind, one.key, note.path, note.title, one.fields)
        return fields(card, vault_name=self.vault_name, remote_images=self.config.remote_images)


_PACKED: Final = msgspec.msgpack.Encoder()
_READING: Final = msgspec.msgpack.Decoder(Reading)
_LOOKS: Final = msgspec.msgpack.Decoder(list[tuple[str, ...]])


@dataclass(frozen=True, slots=True)
class Looked:
    """How notes are by their stats, and how the cache knows them, by their paths."""

    seen: Mapping[str, Seen | None]
    known: Mapping[str, Known]

    def unchanged(self, path: str) -> Known | None:
        """Return what the cache keeps of a note, if that is as it was."""
        kept = self.known.get(path)
        return kept if kept and kept.seen.settled and kept.seen == self.seen[path] else None


def look(files: Iterable[NoteFile], cache: Cache) -> Looked:
    """Look at notes without reading them."""
    return Looked({file.path: cache.see(file.file) for file in files}, cache.known())


def read_all(
    files: Sequence[NoteFile], reader: Reader, cache: Cache, looked: Looked, jobs: int, progress: Progress
) -> list[Reading]:
    """Return what each note gives, reading only those of which the cache does not know it.

    `looked` is what `look` said of the files; `jobs` is how many processes may work at once.
    """
    seen = looked.seen
    found: dict[str, Reading] = {}
    tasks = []
    for file in files:
        if looked.unchanged(file.path) is None:
            kept = looked.known.get(file.path)
            tasks.append(Task(file, kept.digest if kept else b""))
        elif reading := _unpacked(cache.content(file.path)):
            found[file.path] = reading
        else:
            tasks.append(Task(file))
    for task, done in _done(tasks, reader, jobs):
        path, sight = task.file.path, seen[task.file.path]
        reading = done.reading or _unpacked(done.content or cache.content(path))
        if reading is None:  # What is kept of it is damaged.
            (done,) = reader([Task(task.file)])
            reading = done.reading or _unpacked(done.content)
        if sight and done.content:
            cache.keep(path, sight, done.digest, done.content)
        elif sight and not done.reading:
            cache.see_again(path, sight)
        assert reading is not None
        found[path] = reading
        progress(len(found), len(files))
    return [found[file.path] for file in files]


def _done(tasks: Sequence[Task], reader: Reader, jobs: int) -> Iterator[tuple[Task, Done]]:
    batches = [tasks[start : start + BATCH] for start in range(0, len(tasks), BATCH)]
    if jobs > 1 and len(tasks) >= WORTH:
        results: Iterable[tuple[int, list[Done]]] = spread(reader, batches, jobs, __name__)
    else:
        results = ((place, reader(batch)) for place, batch in enumerate(batches))
    for place, done in results:
        yield from zip(batches[place], done, strict=True)


def _unpacked(content: bytes | None) -> Reading | None:
    try:
        return _READING.decode(content) if content else None
    except (msgspec.MsgspecError, ValueError, RecursionError):  # No ValueError in old versions.
        return None


def _lost(file: NoteFile, problems: tuple[Diagnostic, ...]) -> Reading:
    return Reading(NoteCards(file.path, PurePosixPath(file.path).stem, diagnostics=problems, readable=False))
