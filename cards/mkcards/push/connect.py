"""A running Anki, through the add-on AnkiConnect.

The calls are those of its version 6; what each takes and returns stands in the add-on's README.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

import httpx
import msgspec
from msgspec import Struct

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
_AT_FIRST: Final = httpx.Timeout(15, connect=5)


class _Answer(Struct, frozen=True):
    error: Any
    result: msgspec.Raw = msgspec.Raw(b"null")


class _Permission(Struct, frozen=True):
    permission: str


class _Value(Struct, frozen=True):
    value: str


class _Note(Struct, frozen=True):
    """A note, or nothing where there is none with its number."""

    noteId: int = 0
    tags: tuple[str, ...] = ()
    fields: Mapping[str, _Value] = MappingProxyType({})
    cards: tuple[int, ...] = ()

    def values(self) -> dict[str, str]:
        """Return the HTML of the fields by their names."""
        return {name: field.value for name, field in self.fields.items()}


class Connect:
    """Speaks with AnkiConnect; a context manager."""

    def __init__(self, url: str = URL, key: str = "", profile: str = "") -> None:
        self._url, self._key, self._profile = url, key, profile
        self._let_in = False
        # The add-on closes each connection after its answer; a proxy has no business between the two. Plain HTTP, which
        # it speaks, shows no certificate: to load those that are trusted takes 20 ms.
        self._http = httpx.Client(
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            verify=not url.startswith("http://"),
        )

    def __enter__(self) -> Connect:
        """Make sure that Anki answers, lets us in, and has the right profile open."""
        try:
            self._check()
            self._let_in = True
        except BaseException:
            self._http.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def place(self) -> Path:
        """Return the collection's file, which lies beside its media folder."""
        return self._profile_folder().joinpath("collection.anki2").resolve()

    def shape(self, note_type: int) -> Shape | None:
        """Return the note type with this number, or None when there is none yet."""
        names = {number: name for name, number in self._call("modelNamesAndIds", dict[str, int]).items()}
        if note_type not in names:
            return None
        name = names[note_type]
        fields = self._call("modelFieldNames", tuple[str, ...], modelName=name)
        return Shape(name, fields, tuple(self._call("modelTemplates", dict[str, Any], modelName=name)))

    def notes(self, ids: Iterable[str]) -> Sequence[Held]:
        """Return those of our notes that are there, the first one with an id and those that are the same.

        The add-on tells no guid: a copy that differs may be the learner's own.
        """
        wanted = set(ids)
        first: dict[str, _Note] = {}
        found = []
        for note in self._found("Id:_*"):
            name = fingerprint.name(note.values().get("Id", ""))
            if name in wanted and first.setdefault(name, note).fields == note.fields:
                found.append((name, note))
        return self._held(found)

    def nameless(self) -> Sequence[Held]:
        """Return the notes with a tag of ours and no id: the add-on tells no guid."""
        return tuple(
            Held(note.noteId, "", note.values(), note.tags, ())
            for note in self._found(NAMELESS)
        )

    def filtered(self, decks: Sequence[str]) -> frozenset[str]:
        """Return those of some decks that are there and hold only cards of others for a while."""
        answers = self._multi("getDeckConfig", [{"deck": deck} for deck in decks])
        options = [msgspec.json.decode(answer.result) for answer in answers]
        return frozenset(
            deck for deck, found in zip(decks, options, strict=True) if isinstance(found, dict) and found.get("dyn")
        )

    def media(self) -> frozenset[str]:
        """Return the names of all media files."""
        return self._call("getMediaFilesNames", frozenset[str])

    def begin(self) -> None:
        """Do nothing: a running Anki makes its own backups."""

    def add(self, package: Path) -> None:
        """Import a package of new notes."""
        if not self._call("importPackage", bool, path=str(package.resolve())):
            raise AnkiError(f"anki: import-failed Anki took no cards from {package}; import the deck by hand")

    def store(self, name: str, data: bytes) -> None:
        """Add a media file; the add-on takes an empty one for none."""
        text = b64encode(data).decode("ascii")
        self._call("storeMediaFile", filename=name, data=text, deleteExisting=False)

    def write(self, updates: Sequence[Update]) -> Mapping[int, str]:
        """Write the fields of notes; return why Anki did not do so, by their numbers."""
        notes = [{"id": update.note, "fields": dict(update.fields)} for update in updates]
        answers = self._multi("updateNoteFields", [{"note": note} for note in notes])
        return {one.note: str(answer.error) for one, answer in zip(updates, answers, strict=True) if answer.error}

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
        if self._call("requestPermission", _Permission).permission != "granted":
            raise self._refused()
        if (version := self._call("version", int)) < VERSION:
            raise AnkiError(f"anki: old-add-on AnkiConnect answers as version {version}, not {VERSION}; update it")
        here = self._profile_folder().name
        if self._profile and here != self._profile:
            names = ", ".join(self._call("getProfiles", list[str]))
            raise AnkiError(
                f'anki: wrong-profile Anki has "{here}" open, not "{self._profile}" (there are: {names}); '
                "switch the profile in Anki"
            )

    def _profile_folder(self) -> Path:
        return Path(self._call("getMediaDirPath", str)).parent

    def _found(self, query: str) -> Iterator[_Note]:
        for batch in batched(sorted(self._call("findNotes", list[int], query=query)), BATCH):
            yield from (note for note in self._call("notesInfo", list[_Note], notes=batch) if note.noteId)

    def _held(self, found: Sequence[tuple[str, _Note]]) -> tuple[Held, ...]:
        cards = [card for _, note in found for card in note.cards]
        decks: dict[int, str] = {}
        for batch in batched(cards, BATCH):
            for deck, within in self._call("getDecks", dict[str, list[int]], cards=batch).items():
                decks.update(dict.fromkeys(within, deck))
        suspended = self._call("findCards", frozenset[int], query="Id:_* is:suspended")
        filtered = self._call("findCards", frozenset[int], query="Id:_* deck:filtered")
        return tuple(
            Held(
                note=note.noteId,
                id=name,
                fields=note.values(),
                tags=note.tags,
                cards=tuple(
                    HeldCard(card, decks.get(card, ""), card in filtered, card in suspended) for card in note.cards
                ),
            )
            for name, note in found
        )

    def _multi(self, action: str, every: Sequence[dict[str, Any]]) -> list[_Answer]:
        answers: list[_Answer] = []
        for batch in batched(every, BATCH):
            answers += self._call("multi", list[_Answer], actions=[self._request(action, one) for one in batch])
        if len(answers) != len(every):
            raise self._is_another()
        return answers

    def _request(self, action: str, params: dict[str, Any]) -> dict[str, Any]:
        key = {"key": self._key} if self._key else {}
        return {"action": action, "version": VERSION, "params": params, **key}

    def _call(self, action: str, kind: type[_T] = Any, **params: Any) -> _T:  # type: ignore[assignment]
        """Return what the add-on answers, which must be of this kind."""
        patience = _PATIENCE if self._let_in else _AT_FIRST
        try:
            answer = self._http.post(self._url, json=self._request(action, params), timeout=patience)
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
        if answer.status_code == httpx.codes.FORBIDDEN:
            raise self._refused()
        try:
            if answer.status_code != httpx.codes.OK:
                raise ValueError(answer.status_code)
            said = msgspec.json.decode(answer.content, type=_Answer)
            if not said.error:
                return msgspec.json.decode(said.result, type=kind)
        except (ValueError, RecursionError) as error:
            raise self._is_another() from error
        raise self._fault(action, said.error)

    def _fault(self, action: str, fault: object) -> AnkiError:
        if "api key" in str(fault):
            return AnkiError(
                "anki: key-needed AnkiConnect wants the key from its configuration; set MKCARDS_ANKI_KEY to it"
            )
        if "not available" in str(fault):
            return AnkiError("anki: no-profile Anki has no profile open; open one and push again")
        return AnkiError(f"anki: refused Anki answers to {action}: {fault}; push again when that is mended")

    def _refused(self) -> AnkiError:
        return AnkiError("anki: refused Anki does not let mkcards in; allow it in AnkiConnect's configuration")

    def _is_another(self) -> AnkiError:
        return AnkiError(f"anki: not-anki what answers at {self._url} is not AnkiConnect; check --url")


def batched(values: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield lists of at most `size` values."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch
