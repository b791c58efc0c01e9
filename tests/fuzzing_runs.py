"""What must hold for any input of the parts that keep files between runs, or show and compare whole decks."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from mkcards import cache, fingerprint, ledger, reading
from mkcards.config import Config
from mkcards.data import NoteFile, Vault
from mkcards.discover import Found
from mkcards.effort import Effort
from mkcards.errors import LedgerError, OutputError
from mkcards.fingerprint import folded
from mkcards.note_type import FIELDS
from mkcards.package import read_ledger
from mkcards.pipeline import Outcome, cards
from mkcards.preview import page
from mkcards.push.compare import Wishes, compare
from mkcards.push.deck import opened
from mkcards.push.plan import Held, HeldCard, Ours
from mkcards.reading import Reader, Task, look, read_all

_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)
_LOADS = re.compile(r"<(?:iframe|object|embed|base|meta http-equiv=\"refresh)\b", re.IGNORECASE)


def text_of(data: bytes) -> str:
    """Return bytes as a note may hold them."""
    return data.decode("utf-8", "surrogateescape").replace("\r", "\n")


def same_lines(data: bytes) -> None:
    """A line of the ledger says the same whether the quick reader takes it or the one for other versions."""
    for line in data.split(b"\n"):
        try:
            quick = ledger._card(line, "x:1", {})
        except LedgerError:
            quick = None
        try:
            slow = ledger._other(ledger._object(line, "x:1"), "x:1")
        except LedgerError:
            slow = None
        assert quick == slow, line


def damaged_cache(data: bytes) -> None:
    """Whatever became of the cache, the notes give what they give without it, now and in the next run."""
    at, _, rest = data.partition(b"\n")
    with TemporaryDirectory() as folder:
        note = Path(folder) / "Note.md"
        note.write_text("**Tide**: the rise of the sea at the shore\n", encoding="utf-8")
        files = [NoteFile("Note.md", note)]
        reader = Reader(Config(lang="en"), "vault")
        wanted = read_all(files, reader, cache.Cache(), look(files, cache.Cache()), 1, _silent)
        file = Path(folder) / "x.sqlite"
        assert _cached(file, files, reader) == wanted
        stored = bytearray(file.read_bytes())
        start = int.from_bytes(at[:3], "big") % len(stored)
        stored[start : start + len(rest)] = rest
        file.write_bytes(stored if at[3:4] != b"!" else rest)
        assert _cached(file, files, reader) == wanted
        assert _cached(file, files, reader) == wanted


def _cached(file: Path, files: list[NoteFile], reader: Reader) -> list[reading.Reading]:
    with cache.opened(file, "x", anew=True) as kept:
        found = read_all(files, reader, kept, look(files, kept), 1, _silent)
        kept.save()
        return found


def packed_note(data: bytes) -> None:
    """What a worker sends of a note is what it read; and packed bytes that nobody wrote say nothing."""
    with TemporaryDirectory() as folder:
        note = Path(folder) / "Note.md"
        note.write_bytes(data)
        file = NoteFile("Note.md", note)
        reader = Reader(Config(), "vault")
        (done,) = reader([Task(file)])
        found = done.reading or reading._unpacked(done.content)
        assert found == reader._read(file, data, cache.digest_of(data))
        if found.note.readable:
            assert done.content, done
            assert len(found.html()) == len(found.note.candidates)
        else:
            assert [one.code for one in found.note.diagnostics] == ["undecodable"]
    reading._unpacked(data)


def shown_page(data: bytes) -> None:
    """The page of a preview holds its scripts and its data and nothing that a note could slip in."""
    with TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.mkdir()
        (notes / "Note.md").write_bytes(data)
        config = Config(notes=(notes,), output=Path(folder) / "deck.apkg")
        made = page(cards(config, now=1, effort=Effort()), config, lambda card: f"mkcards drop {card}")
    made.html.encode("utf-8", "replace")
    scripts = _SCRIPT.findall(made.html)
    empty = page(_EMPTY, Config(), str).html
    assert len(scripts) == len(_SCRIPT.findall(empty))
    assert not _LOADS.search(made.html.replace("".join(scripts), ""))
    (told,) = [one for one in scripts if one.startswith('{"lengths"')]
    assert len(json.loads(told)["cards"]) >= made.cards


def compared(data: bytes) -> None:
    """A push is done once, takes only what was ours, and its second run finds nothing to do."""
    text = text_of(data).replace("\x1f", "")
    mine, theirs, base = (part.split("|") for part in (*text.split("\n"), "", "", "")[:3])
    deck, other = (parts[0] if parts else "" for parts in (mine, theirs))
    fields = tuple((*mine, *[""] * 9)[:9])
    tags = tuple(dict.fromkeys(folded(tag) for one in mine for tag in one.split()))
    mark = fingerprint.of((*base, *[""] * 9)[:9], base[0], base[-1].split())
    written = dict(zip(FIELDS, ((*theirs, *[""] * 9)[:9]), strict=False))
    note = Ours("id", (*fields, f"id{fingerprint.of(fields, deck, tags)}"), tags, deck, 1)
    card = HeldCard(7, other, filtered="filtered" in text, suspended="asleep" in text)
    last = f"id{mark}" if base != [""] else text
    held = Held(1, "id", {**written, FIELDS[-1]: last}, tuple(theirs[-1].split()), (card,))
    for wishes in (Wishes(), Wishes(overwrite=frozenset(("id",))), Wishes(retired="suspend")):
        plan = compare([note], [], [held], frozenset(("id",)), wishes)
        assert not plan.new and not plan.deleted and len(plan.updates) <= 1
        now = _applied(held, plan.updates[0]) if plan.updates else held
        assert not compare([note], [], [now], frozenset(("id",)), wishes).updates
        kept = {one.what for one in plan.kept}
        for name, value in zip(FIELDS[:-1], note.fields, strict=False):
            if name not in kept:
                assert fingerprint.short(now.fields[name]) == fingerprint.short(value)
            else:
                assert now.fields[name] == held.fields[name]


def _applied(held: Held, update: object) -> Held:
    off = {*update.untag, *(tag for tag, _ in update.narrow)}  # type: ignore[attr-defined]
    tags = (*(tag for tag in held.tags if tag not in off), *update.tag)  # type: ignore[attr-defined]
    moved = tuple(
        HeldCard(one.id, update.deck if one.id in update.move else one.deck, one.filtered, False)  # type: ignore[attr-defined]
        for one in held.cards
    )
    return Held(held.note, held.id, {**held.fields, **update.fields}, tags, moved)  # type: ignore[attr-defined]


def any_package(data: bytes) -> None:
    """A package that somebody else made, or that is damaged, is read or named."""
    decks, _, rest = data.partition(b"\n")
    listing, _, row = rest.partition(b"\n")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "deck.apkg"
        if data.startswith((b"PK", b"!")):
            path.write_bytes(data)
        else:
            _pack(path, decks, listing, row)
        with suppress(OutputError), opened(path) as deck:
            for name in deck.media:
                with suppress(KeyError):
                    deck.read(name)
        with suppress(LedgerError):
            read_ledger(path)


def _pack(path: Path, decks: bytes, listing: bytes, row: bytes) -> None:
    collection = path.with_suffix(".anki2")
    with closing(sqlite3.connect(collection)) as db:
        db.executescript(
            "create table col (decks); create table notes (id, guid, flds, tags);"
            "create table cards (nid, did, ord, due)"
        )
        value = text_of(row).encode("utf-8", "replace").decode()
        db.execute("insert into col values (?)", (text_of(decks).encode("utf-8", "replace").decode(),))
        db.execute("insert into notes values (1, 'a', ?, ?)", (value, value if "\t" in value else row))
        db.execute("insert into cards values (1, ?, 0, 0)", (row[:1].decode("latin-1") or 1,))
        db.commit()
    with zipfile.ZipFile(path, "w") as package:
        package.write(collection, "collection.anki2")
        package.writestr("media", listing)


def _silent(done: int, notes: int) -> None:
    pass


_FOLDER = Path("/nonexistent")
_EMPTY = Outcome(
    notes=0,
    cards=(),
    retired=(),
    diagnostics=(),
    output=Path("deck.apkg"),
    before=ledger.Ledger("n"),
    after=ledger.Ledger("n"),
    edits={},
    found=Found(Vault(_FOLDER, "x", ()), (), ()),
)
