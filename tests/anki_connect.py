"""A server that speaks as the add-on AnkiConnect does, on top of a real collection: the calls that `push` uses.

Each does what the add-on's code does with the same name (version 6 of its interface): `suspend` skips cards as it
does, every connection is closed after its answer, and an import takes what the add-on takes.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


class Add_on:
    """The calls, each a method of its name."""

    def __init__(self, col: Collection) -> None:
        self.col = col
        self.key = ""
        self.allowed = True
        self.calls: list[str] = []
        self.dies_at = ""
        """The call at which Anki vanishes."""

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        action = request["action"]
        self.calls.append(action)
        try:
            if self.key and request.get("key") != self.key and action != "requestPermission":
                raise Exception("valid api key must be provided")
            return {"result": getattr(self, action)(**request.get("params", {})), "error": None}
        except Exception as error:
            return {"result": None, "error": str(error)}

    def requestPermission(self) -> dict[str, Any]:
        return {"permission": "granted", "version": 6} if self.allowed else {"permission": "denied"}

    def version(self) -> int:
        return 6

    def multi(self, actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [self.handle(action) for action in actions]

    def getProfiles(self) -> list[str]:
        return sorted(path.name for path in Path(self.col.path).parent.parent.iterdir() if path.is_dir())

    def getMediaDirPath(self) -> str:
        return os.path.abspath(self.col.media.dir())  # noqa: PTH100 - as the add-on does, which keeps links

    def getMediaFilesNames(self, pattern: str = "*") -> list[str]:
        return [path.name for path in Path(self.col.media.dir()).glob(pattern)]

    def storeMediaFile(self, filename: str, data: str, deleteExisting: bool) -> str:
        if deleteExisting:
            self.col.media.trash_files([filename])
        return self.col.media.write_data(filename, b64decode(data))

    def modelNamesAndIds(self) -> dict[str, int]:
        return {model.name: model.id for model in self.col.models.all_names_and_ids()}

    def modelFieldNames(self, modelName: str) -> list[str]:
        return [field["name"] for field in self.col.models.by_name(modelName)["flds"]]

    def modelTemplates(self, modelName: str) -> dict[str, dict[str, str]]:
        found = self.col.models.by_name(modelName)["tmpls"]
        return {one["name"]: {"Front": one["qfmt"], "Back": one["afmt"]} for one in found}

    def findNotes(self, query: str) -> list[int]:
        return list(self.col.find_notes(query))

    def findCards(self, query: str) -> list[int]:
        return list(self.col.find_cards(query))

    def notesInfo(self, notes: list[int]) -> list[dict[str, Any]]:
        return [self._note(number) for number in notes]

    def _note(self, number: int) -> dict[str, Any]:
        note = self.col.get_note(number)
        return {
            "noteId": note.id,
            "tags": note.tags,
            "fields": {name: {"value": value, "order": at} for at, (name, value) in enumerate(note.items())},
            "modelName": note.note_type()["name"],
            "cards": self.col.db.list("select id from cards where nid = ? order by ord", number),
        }

    def getDecks(self, cards: list[int]) -> dict[str, list[int]]:
        decks: dict[str, list[int]] = {}
        for card in cards:
            deck = self.col.decks.get(self.col.db.scalar("select did from cards where id = ?", card))["name"]
            decks.setdefault(deck, []).append(card)
        return decks

    def importPackage(self, path: str) -> bool:
        options = ImportAnkiPackageOptions(merge_notetypes=True, with_scheduling=True, with_deck_configs=True)
        self.col.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options))
        return True

    def updateNoteFields(self, note: dict[str, Any]) -> None:
        found = self.col.get_note(note["id"])
        for name, value in note["fields"].items():
            if name in found:
                found[name] = value
        self.col.update_note(found)

    def addTags(self, notes: list[int], tags: str) -> None:
        self.col.tags.bulk_add(notes, tags)

    def removeTags(self, notes: list[int], tags: str) -> None:
        self.col.tags.bulk_remove(notes, tags)

    def replaceTags(self, notes: list[int], tag_to_replace: str, replace_with_tag: str) -> None:
        for number in notes:
            note = self.col.get_note(number)
            if note.has_tag(tag_to_replace):
                note.remove_tag(tag_to_replace)
                note.add_tag(replace_with_tag)
                self.col.update_note(note)

    def changeDeck(self, cards: list[int], deck: str) -> None:
        number = self.col.decks.id(deck)
        self.col.sched.remFromDyn(cards)
        # Also into a filtered deck, where they are lost.
        for card in cards:
            self.col.db.execute("update cards set usn = ?, did = ? where id = ?", self.col.usn(), number, card)

    def getDeckConfig(self, deck: str) -> Any:
        if deck not in {one.name for one in self.col.decks.all_names_and_ids()}:
            return False
        return self.col.decks.config_dict_for_deck_id(self.col.decks.id(deck))

    def suspend(self, cards: list[int], suspend: bool = True) -> bool:
        for card in cards:
            if (self.col.get_card(card).queue == -1) == suspend:
                cards.remove(card)
        if not cards:
            return False
        (self.col.sched.suspend_cards if suspend else self.col.sched.unsuspend_cards)(cards)
        return True

    def unsuspend(self, cards: list[int]) -> None:
        self.suspend(cards, False)

    def deleteNotes(self, notes: list[int]) -> None:
        self.col.remove_notes(notes)


class Quiet(BaseHTTPRequestHandler):
    """Answers requests and logs none."""

    def asked(self) -> bytes:
        """Return what a request brings."""
        return self.rfile.read(int(self.headers["Content-Length"]))

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def listening(handler: type[Quiet]) -> Iterator[str]:
    """Serve requests on a free port; give the address."""
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def served(col: Collection) -> Iterator[tuple[str, Add_on]]:
    """Serve a collection over HTTP; give the address and the add-on."""
    add_on = Add_on(col)

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.asked())
            self.close_connection = True
            if request["action"] == add_on.dies_at:
                return
            body = json.dumps(add_on.handle(request)).encode()
            self.answer(200 if "Origin" not in self.headers else 403, body, Content_Type="application/json")

    with listening(Handler) as url:
        yield url, add_on
