"""The rows of a package beside those that genanki writes itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import genanki

from mkcards import shelf, stage
from mkcards.data import Card, Fields
from mkcards.note_type import FIELDS
from mkcards.rows import Rows, deck_id, model, slip

CHANGED = 1_700_000_000
TABLES = ("col", "notes", "cards", "revlog", "graves")


def shown(name: str, *, reverse: str = "", tags: tuple[str, ...] = ()) -> tuple[Card, tuple[str, ...]]:
    card = Card(name, "term-line", "definition", name, "a.md", "A", Fields("", ""), tags=tags, changed=CHANGED)
    return card, (f"What is {name}?", "<b>an answer</b>", reverse, reverse, "A › B", "", "", "", "", name)


DECKS = {"A": [shown("one", tags=("x", "y::z")), shown("two", reverse="and back")], "B::C": [shown("three")]}


def tables(connection: sqlite3.Connection) -> dict[str, list[Any]]:
    # Where a table stands in the file is SQLite's affair.
    look = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
    return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES} | {
        "schema": connection.execute(look).fetchall()
    }


def test_the_rows_are_those_of_genanki(tmp_path: Path) -> None:
    rows = Rows()
    file = tmp_path / "collection.anki2"
    with shelf.private() as texts, stage.private() as held:
        for name, notes in DECKS.items():
            rows.add(name, [slip(*one, texts) for one in notes])
        rows.write(file, CHANGED, held, texts)
    with closing(sqlite3.connect(file)) as ours, closing(sqlite3.connect(":memory:")) as theirs:
        ids = iter([row for note in rows.notes for row in (note, *(one[0] for one in rows.cards if one[1] == note))])
        decks = []
        for name, notes in DECKS.items():
            deck = genanki.Deck(deck_id(name), name)
            for due, (card, values) in enumerate(notes, 1):
                deck.add_note(genanki.Note(model(), list(values), tags=card.tags, guid=card.id, due=due))
            decks.append(deck)
        cursor = theirs.cursor()
        genanki.Package(decks).write_to_db(cursor, CHANGED, ids)
        cursor.execute("UPDATE col SET mod = ?", (CHANGED * 1000,))
        assert tables(ours) == tables(theirs)
        fields = [text.count("\x1f") for (text,) in ours.execute("SELECT flds FROM notes")]
        assert [len(rows.notes), len(rows.cards), fields] == [3, 4, [len(FIELDS) - 1] * 3]
