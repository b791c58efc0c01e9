"""A running Anki, through the add-on AnkiConnect.

The calls are those of its version 6; what each takes and returns stands in the add-on's README.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx

from mkcards import fingerprint
from mkcards.errors import AnkiError
from mkcards.push.plan import NAMELESS, Held, HeldCard, Shape, Update

URL: Final = "http://127.0.0.1:8765"
VERSION: Final = 6
BATCH: Final = 500
"""How many notes or calls go into one request."""
_T = TypeVar("_T")
# An import of many notes keeps Anki busy for minutes, but a dead one should be noticed at once.
_PATIENCE: Final = httpx.Timeout(600, connect=5)


class Connect:
    """Speaks with AnkiConnect; a context manager."""

    def __init__(self, url: str = URL, key: str = "", profile: str = "") -> None:
        self._url, self._key, self._profile = url, key, profile
        # The add-on closes each connection after its answer; a proxy has no business between the two.
        self._http = httpx.Client(timeout=_PATIENCE, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))

    def __enter__(self) -> Connect:
        """Make sure that Anki answers, lets us in, and has the right profile open."""
        try:
            self._check()
        except BaseException:
            self._http.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def place(self) -> Path:
        """Return the collection's file, which lies beside its media folder."""
        return Path(str(self._call("getMediaDirPath"))).with_name("collection.anki2").resolve()

    def shape(self, note_type: int) -> Shape | None:
        """Return the note type with this number, or None when there is none yet."""
        names = {number: name for name, number in self._call("modelNamesAndIds").items()}
        if note_type not in names:
            return None
        name = names[note_type]
        fields = self._call("modelFieldNames", modelName=name)
        return Shape(name, tuple(fields), tuple(self._call("modelTemplates", modelName=name)))

    def notes(self, ids: Iterable[str]) -> Sequence[Held]:
        """Return those of our notes that are there, the first one with an id and those that are the same.

        The add-on tells no guid: a copy that differs may be the learner's own.
        """
        wanted = set(ids)
        first: dict[str, dict[str, Any]] = {}
        found = []
        for note in self._found("Id:_*"):
            name = fingerprint.name(note["fields"].get("Id", {}).get("value", ""))
            if name in wanted and first.setdefault(name, note)["fields"] == note["fields"]:
                found.append((name, note))
        return self._held(found)

    def nameless(self) -> Sequence[Held]:
        """Return the notes with a tag of ours and no id: the add-on tells no guid."""
        return tuple(
            Held(note["noteId"], "", _values(note), tuple(note["tags"]), ())
            for note in self._found(NAMELESS)
        )

    def media(self) -> frozenset[str]:
        """Return the names of all media files."""
        return frozenset(self._call("getMediaFilesNames"))

    def begin(self) -> None:
        """Do nothing: a running Anki makes its own backups."""

    def add(self, package: Path) -> None:
        """Import a package of new notes."""
        if self._call("importPackage", path=str(package.resolve())) is not True:
            raise AnkiError(f"anki: import-failed Anki took no cards from {package}; import the deck by hand")

    def store(self, name: str, data: bytes) -> None:
        """Add a media file, unless it is empty, which the add-on takes for none."""
        if data:
                self._call("storeMediaFile", filename=name, data=b64encode(data).decode("ascii"), deleteExisting=False)

    def write(self, updates: Sequence[Update]) -> Mapping[int, str]:
        """Write the fields of notes; return why Anki did not do so, by their numbers."""
        faults = {}
        for batch in batched(updates, BATCH):
            notes = [{"id": update.note, "fields": dict(update.fields)} for update in batch]
            answers = self._call("multi", actions=[self._request("updateNoteFields", {"note": note}) for note in notes])
            for update, answer in zip(batch, answers, strict=True):
                if answer["error"]:
                    faults[update.note] = str(answer["error"])
        return faults

    def tag(self, notes: Sequence[int], tag: str, *, add: bool) -> None:
        """Add a tag to notes, or take it off."""
        self._call("addTags" if add else "removeTags", notes=list(notes), tags=tag)

    def narrow(self, notes: Sequence[int], tag: str, below: str) -> None:
        """Take a tag off notes and leave those below it, of which they have this one."""
        self._call("replaceTags", notes=list(notes), tag_to_replace=tag, replace_with_tag=below)

    def move(self, cards: Sequence[int], deck: str) -> None:
        """Move cards to a deck, made if need be."""
        self._call("changeDeck", cards=list(cards), deck=deck)

    def suspend(self, cards: Sequence[int], *, on: bool) -> None:
        """Suspend cards, or end that."""
        self._call("suspend" if on else "unsuspend", cards=list(cards))

    def delete(self, notes: Sequence[int]) -> None:
        """Delete notes with their cards."""
        self._call("deleteNotes", notes=list(notes))

    def _check(self) -> None:
        allowed = self._call("requestPermission")
        if allowed.get("permission") != "granted":
            raise self._refused()
        if (version := self._call("version")) < VERSION:
            raise AnkiError(f"anki: old-add-on AnkiConnect answers as version {version}, not {VERSION}; update it")
        here = self.place().parent.name
        if self._profile and here != self._profile:
            names = ", ".join(self._call("getProfiles"))
            raise AnkiError(
                f'anki: wrong-profile Anki has "{here}" open, not "{self._profile}" (there are: {names}); '
                "switch the profile in Anki"
            )

    def _found(self, query: str) -> Iterator[dict[str, Any]]:
        for batch in batched(sorted(self._call("findNotes", query=query)), BATCH):
            yield from filter(None, self._call("notesInfo", notes=batch))

    def _held(self, found: Sequence[tuple[str, dict[str, Any]]]) -> tuple[Held, ...]:
        cards = [card for _, note in found for card in note["cards"]]
        decks: dict[int, str] = {}
        for batch in batched(cards, BATCH):
            for deck, within in self._call("getDecks", cards=batch).items():
                decks.update(dict.fromkeys(within, deck))
        suspended = set(self._call("findCards", query="Id:_* is:suspended"))
        filtered = set(self._call("findCards", query="Id:_* deck:filtered"))
        return tuple(
            Held(
                note=note["noteId"],
                id=name,
                fields=_values(note),
                tags=tuple(note["tags"]),
                cards=tuple(
                    HeldCard(card, decks.get(card, ""), card in filtered, card in suspended) for card in note["cards"]
                ),
            )
            for name, note in found
        )

    def _request(self, action: str, params: dict[str, Any]) -> dict[str, Any]:
        key = {"key": self._key} if self._key else {}
        return {"action": action, "version": VERSION, "params": params, **key}

    def _call(self, action: str, **params: Any) -> Any:
        try:
            answer = self._http.post(self._url, json=self._request(action, params))
        except httpx.ConnectError as error:
            raise AnkiError(
                f"anki: not-running Anki does not answer at {self._url}; start it with the add-on AnkiConnect "
                "(2055492159), or close it and name its collection with --collection"
            ) from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise AnkiError(f"--url: bad-value `{self._url}` is no address; write one such as {URL}") from error
        except httpx.HTTPError as error:
            raise AnkiError(
                f"anki: lost Anki stopped answering at {self._url} during {action} "
                f"({error or type(error).__name__}); push again, which goes on where this ended"
            ) from error
        if answer.status_code != httpx.codes.OK:
            raise self._refused()
        try:
            return self._result(action, answer.json())
        except ValueError as error:
            message = f"anki: not-anki what answers at {self._url} is not AnkiConnect; check --url"
            raise AnkiError(message) from error

    def _result(self, action: str, answer: Any) -> Any:
        if not isinstance(answer, dict) or "error" not in answer:
            raise ValueError(answer)
        if not (fault := answer["error"]):
            return answer.get("result")
        if "api key" in str(fault):
            raise AnkiError(
                "anki: key-needed AnkiConnect wants the key from its configuration; set MKCARDS_ANKI_KEY to it"
            )
        if "not available" in str(fault):
            raise AnkiError("anki: no-profile Anki has no profile open; open one and push again")
        raise AnkiError(f"anki: refused Anki answers to {action}: {fault}; push again when that is mended")

    def _refused(self) -> AnkiError:
        return AnkiError("anki: refused Anki does not let mkcards in; allow it in AnkiConnect's configuration")


def _values(note: Mapping[str, Any]) -> dict[str, str]:
    return {field: value["value"] for field, value in note["fields"].items()}


def batched(values: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield lists of at most `size` values."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch
