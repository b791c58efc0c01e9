"""What the tests ask of a real Anki collection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anki.collection import (
    Collection,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
    ImportLogWithChanges,
)
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition
from anki.notes import Note

IF_NEWER = ImportAnkiPackageUpdateCondition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4


@contextmanager
def collection(folder: Path, name: str = "collection") -> Iterator[Collection]:
    """Give an Anki collection in `folder`; a second call with the same name opens it again."""
    col = Collection(str(folder / f"{name}.anki2"))
    try:
        yield col
    finally:
        col.close()


def import_deck(col: Collection, path: Path) -> ImportLogWithChanges.Log:
    """Import a package as Anki does by default, updating what is newer; return its log."""
    options = ImportAnkiPackageOptions(
        merge_notetypes=False, update_notes=IF_NEWER, update_notetypes=IF_NEWER, with_scheduling=False
    )
    request = ImportAnkiPackageRequest(package_path=str(path), options=options)
    return col.import_anki_package(request).log


def counts(log: ImportLogWithChanges.Log) -> dict[str, int]:
    """Return how many notes the import took in each way, without those it took in none."""
    ways = (
        "new",
        "updated",
        "duplicate",
        "conflicting",
        "first_field_match",
        "missing_notetype",
        "missing_deck",
        "empty_first_field",
    )
    return {way: len(getattr(log, way)) for way in ways if len(getattr(log, way))}


def note_by_guid(col: Collection, guid: str) -> Note:
    """Return the collection's note with a guid; fails the test if there is not exactly one."""
    (note_id,) = col.db.list("select id from notes where guid = ?", guid)
    return col.get_note(note_id)


def answer_all(col: Collection, deck: str, rating: int = GOOD) -> int:
    """Answer each card of a deck that is due now once and return how many there were."""
    col.decks.select(col.decks.id(deck))
    for answered in range(10_000):
        card = col.sched.getCard()
        if card is None:
            return answered
        col.sched.answerCard(card, rating)
    raise AssertionError("the queue does not end")


def problems(col: Collection) -> str:
    """Run Anki's Check Database; return its report, `Database rebuilt and optimized.` if all is well.

    That it notes when a card was last reviewed, from the reviews themselves, is no fault.
    """
    report = col.fix_integrity()[0].split("\n")
    return "\n".join(line for line in report if not line.startswith("Added last review time"))


def media_report(col: Collection) -> dict[str, list[str]]:
    """Run Anki's Check Media and return the missing and the unused files."""
    found = col.media.check()
    return {"missing": list(found.missing), "unused": list(found.unused)}
