"""The collection of a closed Anki, through Anki's own library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mkcards.errors import AnkiError
from mkcards.push.plan import Held, HeldCard, Shape, Update

if TYPE_CHECKING:
    from anki.collection import Collection as Anki

NAME: Final = "collection.anki2"
SCHEMA: Final = 18
"""The version of a collection's tables that Anki's library leaves; it changes older ones as soon as it opens them."""
BACKUPS: Final = "backups"
"""Where Anki keeps the backups of a profile, beside its collection."""


@contextmanager
def closed(path: Path) -> Iterator[Collection]:
    """Give the collection in a file, or in the folder of a profile.

    Raises AnkiError when there is none, Anki has it open, or Anki's library is missing or does not know it.
    """
    file = path / NAME if path.is_dir() else path
    if not file.is_file():
        raise AnkiError(f"{file}: no-collection there is no such file; name the folder of a profile in Anki2")
    try:
        from anki.collection import Collection as Anki
        from anki.errors import AnkiException, DBError
    except ImportError as error:
        raise AnkiError(
            "anki: no-library a closed collection needs Anki's own library; pip install 'mkcards[anki]'"
        ) from error
    if _schema(file) < SCHEMA:
        raise AnkiError(
            f"{file}: collection-old an old Anki closed it, which could not open it again after a push; open it with a "
            "newer Anki first"
        )
    try:
        col = Anki(str(file.resolve()))
    except DBError as error:
        if "already open" in str(error):
            message = f"{file}: collection-open Anki has it open; close Anki, or push without --collection"
        elif "FileTooNew" in str(error):
            newer = "a newer Anki wrote it than this library knows; pip install --upgrade anki"
            message = f"{file}: collection-unreadable {newer}, or push without --collection"
        else:
            message = f"{file}: collection-unreadable Anki's library can't open it ({error}); is it a collection?"
        raise AnkiError(message) from error
    try:
        yield Collection(col, file)
    except AnkiException as error:
        raise AnkiError(f"{file}: refused Anki's library answers: {error}; the backup is beside it") from error
    finally:
        col.close()


def _schema(file: Path) -> int:
    """Return the version of a collection's tables, or that which needs no other when it can't be told."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=0)) as db:
            ((version,),) = db.execute("select ver from col")
    except (sqlite3.Error, ValueError):
        return SCHEMA  # Anki's library says what is wrong.
    return int(version)


class Collection:
    """An open collection that nobody else uses."""

    def __init__(self, col: Anki, file: Path) -> None:
        self._col, self._file = col, file

    def place(self) -> Path:
        """Return the collection's file."""
        return self._file.resolve()

    def shape(self, note_type: int) -> Shape | None:
        """Return the note type with this number, or None when there is none yet."""
        found: Any = self._col.models.get(note_type)  # type: ignore[arg-type]  # their name for a number
        if found is None:
            return None
        names = [[part["name"] for part in found[parts]] for parts in ("flds", "tmpls")]
        return Shape(found["name"], tuple(names[0]), tuple(names[1]))

    def notes(self, ids: Iterable[str]) -> Sequence[Held]:
        """Return those of our notes that are there."""
        wanted = set(ids)
        db = self._col.db
        assert db is not None
        rows = [row for row in db.all("select id, guid, mid, flds, tags from notes order by id") if row[1] in wanted]
        cards: dict[int, list[HeldCard]] = {row[0]: [] for row in rows}
        for note, card, deck, home, queue in db.all("select nid, id, did, odid, queue from cards order by nid, ord"):
            if note in cards:
                name = self._col.decks.name(home or deck)
                cards[note].append(HeldCard(card, name, filtered=bool(home), suspended=queue == -1))
        names = {row[2]: self._names(row[2]) for row in rows}
        return tuple(
            Held(
                note=note,
                id=guid,
                fields=dict(zip(names[kind], fields.split("\x1f"), strict=True)),
                tags=tuple(tags.split()),
                cards=tuple(cards[note]),
            )
            for note, guid, kind, fields, tags in rows
        )

    def nameless(self) -> Sequence[Held]:
        """Return none: here a note is known by its guid, whatever its fields are."""
        return ()

    def filtered(self, decks: Sequence[str]) -> frozenset[str]:
        """Return those of some decks that are there and hold only cards of others for a while."""
        found = [(name, self._col.decks.id_for_name(name)) for name in decks]
        return frozenset(name for name, number in found if number and self._col.decks.is_filtered(number))

    def media(self) -> frozenset[str]:
        """Return the names of all media files."""
        folder = Path(self._col.media.dir())
        return frozenset(file.name for file in folder.iterdir()) if folder.is_dir() else frozenset()

    def begin(self) -> None:
        """Make a backup, as Anki does when it closes; one that is not whole goes again."""
        from anki.errors import AnkiException

        folder = self._file.parent / BACKUPS
        before: set[Path] = set()
        try:
            folder.mkdir(exist_ok=True)
            before = set(folder.iterdir())
            self._col.create_backup(backup_folder=str(folder), force=True, wait_for_completion=True)
        except (AnkiException, OSError) as error:
            for file in {*folder.glob("*")} - before:
                file.unlink()
            raise AnkiError(
                f"{folder}: no-backup none could be made ({error}), so nothing was changed; make room for it there"
            ) from error

    def add(self, package: Path) -> None:
        """Import a package of new notes."""
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        options = ImportAnkiPackageOptions(merge_notetypes=False, with_scheduling=False)
        self._col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))

    def store(self, name: str, data: bytes) -> None:
        """Add a media file."""
        self._col.media.write_data(name, data)

    def write(self, updates: Sequence[Update]) -> Mapping[int, str]:
        """Write the fields of notes, all at once; return why Anki did not do so, by their numbers: none."""
        notes = []
        for update in updates:
            note = self._col.get_note(update.note)  # type: ignore[arg-type]
            for name, value in update.fields.items():
                if name in note:
                    note[name] = value
            notes.append(note)
        self._col.update_notes(notes)
        return {}

    def tag(self, notes: Sequence[int], tag: str, *, add: bool) -> None:
        """Add a tag to notes, or take it off."""
        change = self._col.tags.bulk_add if add else self._col.tags.bulk_remove
        change(list(notes), tag)  # type: ignore[arg-type]

    def narrow(self, notes: Sequence[int], tag: str, below: str) -> None:
        """Take a tag off notes and leave those below it, of which they have this one."""
        found = [self._col.get_note(number) for number in notes]  # type: ignore[arg-type]
        for note in found:
            note.remove_tag(tag)
        self._col.update_notes(found)

    def move(self, cards: Sequence[int], deck: str) -> None:
        """Move cards to a deck, made if need be."""
        number = self._col.decks.id(deck)
        assert number is not None
        self._col.set_deck(list(cards), number)  # type: ignore[arg-type]

    def suspend(self, cards: Sequence[int], *, on: bool) -> None:
        """Suspend cards, or end that."""
        change = self._col.sched.suspend_cards if on else self._col.sched.unsuspend_cards
        change(list(cards))  # type: ignore[arg-type]

    def delete(self, notes: Sequence[int]) -> None:
        """Delete notes with their cards."""
        self._col.remove_notes(list(notes))  # type: ignore[arg-type]

    def _names(self, kind: int) -> list[str]:
        found: Any = self._col.models.get(kind)  # type: ignore[arg-type]
        return [field["name"] for field in found["flds"]]
