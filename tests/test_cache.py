"""What the cache may never change, and that it spares work."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mkcards import appearance, cache, made, pipeline, reading, unchanged
from mkcards.carried import Carried
from mkcards.config import Config
from mkcards.data import Card, NoteFile
from mkcards.diagnostics import Diagnostic
from mkcards.effort import Effort
from mkcards.pipeline import Outcome
from mkcards.warm import Warm, warmed

NOW = 1_700_000_000
CACHED = Effort(1, "code")
KINDS = (
    "**Term {0}**: a thing that does {1} to the others.",
    "A **kind {0}** is a process in which {1} happens.",
    "**Three parts of {0}**\n1. part {1}\n2. another part\n3. a third part",
    "==Why is {0} slow?== Because of {1}.",
    "==What does {0} show?==\n\n![[picture {1}.png]]",
    "==What else is said of {0}?==\n\n![[note {1}]]",
    "Only prose about {0} and {1}.",
)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The notes that are read, in their order."""
    read: list[str] = []
    load = reading.load

    def counting(note: NoteFile) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
        read.append(note.path)
        return load(note)

    monkeypatch.setattr(reading, "load", counting)
    return read


def write(root: Path, name: str, text: str, *, old: bool = True) -> Path:
    """Write a file; an old one is none that could change again within its second."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if old:
        os.utime(path, (NOW, NOW))
    return path


def build(root: Path, effort: Effort = CACHED, now: int = NOW, **settings: Any) -> Outcome:
    config = Config(notes=(root / "notes",), output=root / "out/deck.apkg", **settings)
    return pipeline.build(config, now=now, effort=effort)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every file for old: a stat of now, but not of within two seconds, takes two seconds to make."""
    monkeypatch.setattr(unchanged, "is_young", lambda found, now: False)


@pytest.fixture
def warm() -> Iterator[Warm]:
    with warmed() as at_hand:
        yield at_hand


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    for name in ("one", "two", "three"):
        write(tmp_path, f"notes/{name}.md", f"**Term {name}**: a thing that is like no other.\n")
    return tmp_path


def written(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((root / "out").iterdir())}


@pytest.mark.usefixtures("settled")
def test_only_what_changed_is_read(vault: Path, loads: list[str]) -> None:
    build(vault)
    assert sorted(loads) == ["one.md", "three.md", "two.md"]
    loads.clear()
    assert build(vault).written is False
    assert loads == []
    write(vault, "notes/two.md", "**Term two**: another thing.\n", old=False)
    outcome = build(vault, now=NOW + 5)
    assert (loads, outcome.changed) == (["two.md"], 1)
    loads.clear()
    (vault / "notes/one.md").rename(vault / "notes/uno.md")
    build(vault, now=NOW + 9)
    assert loads == ["uno.md"]


def test_a_touched_note_is_read_but_not_parsed(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(vault)
    os.utime(vault / "notes/one.md", (NOW + 1, NOW + 1))
    monkeypatch.setattr(reading, "parse", None)
    assert [card.key for card in build(vault).cards] == ["Term one", "Term three", "Term two"]


def test_an_edit_of_the_same_size_in_the_same_second_is_seen(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As on a file system that counts seconds.
    def coarse(found: os.stat_result) -> str:
        return f"{found.st_mtime_ns // 10**9} {found.st_size} {found.st_ino}"

    monkeypatch.setattr(unchanged, "signature", coarse)
    note = write(vault, "notes/two.md", "**Term two**: a thing that is red.\n", old=False)
    before = note.stat()
    build(vault)
    with note.open("r+", encoding="utf-8") as stream:
        stream.write("**Term two**: a thing that is odd.\n")
    os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert coarse(note.stat()) == coarse(before)
    assert [card.fields.answer for card in build(vault, now=NOW + 1).cards if card.key == "Term two"] == [
        "a thing that is odd."
    ]


@pytest.mark.usefixtures("settled")
def test_a_host_is_made_again_when_what_it_embeds_changes(vault: Path, loads: list[str]) -> None:
    write(vault, "notes/host.md", "==What is said of the tide?==\n\n![[one]]\n")
    first = build(vault)
    loads.clear()
    write(vault, "notes/one.md", "Something else entirely.\n", old=False)
    second = build(vault, now=NOW + 7)
    assert loads == ["one.md"]
    hosts = [next(card for card in run.cards if card.path == "host.md") for run in (first, second)]
    assert [hosts[0].id == hosts[1].id, hosts[0].changed, hosts[1].changed] == [True, NOW, NOW + 7]


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    ("effort", "settings"), [(Effort(1, "other code"), {}), (CACHED, {"lang": "de"}), (CACHED, {"remote_images": True})]
)
def test_other_code_and_other_settings_read_all(
    vault: Path, loads: list[str], effort: Effort, settings: dict[str, Any]
) -> None:
    build(vault)
    loads.clear()
    build(vault, effort, **settings)
    assert len(loads) == 3


@pytest.mark.usefixtures("settled")
def test_settings_that_only_file_the_cards_read_nothing(vault: Path, loads: list[str]) -> None:
    build(vault)
    loads.clear()
    outcome = build(vault, tags=("new",), deck="Elsewhere")
    assert (loads, outcome.cards[0].deck, "new" in outcome.cards[0].tags) == ([], "Elsewhere", True)


@pytest.mark.usefixtures("settled")
def test_a_look_at_one_note_with_other_settings_leaves_the_cache_alone(vault: Path, loads: list[str]) -> None:
    build(vault)
    one = Config(notes=(vault / "notes/one.md",), output=vault / "out/deck.apkg", vault=vault / "notes", lang="de")
    pipeline.cards(one, now=NOW, effort=CACHED)
    loads.clear()
    build(vault)
    assert loads == []


def _garbage(file: Path) -> None:
    file.write_bytes(b"no database at all" * 100)


def _foreign(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE notes (something)")


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _flipped(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for path, content in connection.execute("SELECT path, content FROM notes").fetchall():
            wrong = content.replace(b"Term", b"Worm")
            connection.execute("UPDATE notes SET content = ? WHERE path = ?", (wrong, path))


def _mistyped(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE notes SET digest = 7, content = 'text'")


def _unsayable(file: Path) -> None:
    # SQLite quotes the statement in its message, and Python can't decode that.
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE", b"CRE\xb0TE TABLE", 1))


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("damage", [_garbage, _foreign, _cut, _flipped, _mistyped, _unsayable, _emptied, Path.unlink])
def test_a_damaged_cache_is_made_anew(vault: Path, loads: list[str], damage: Callable[[Path], None]) -> None:
    build(vault)
    before = written(vault)
    damage(cache.place_of(vault / "out/deck.apkg"))
    shutil.rmtree(vault / "out")
    loads.clear()
    build(vault)
    assert (written(vault), len(loads)) == (before, 3)
    loads.clear()
    build(vault)
    assert loads == []


def test_a_cache_that_another_run_is_writing_is_done_without(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "WAIT", 0.05)
    build(vault)
    file = cache.place_of(vault / "out/deck.apkg")
    write(vault, "notes/two.md", "**Term two**: another thing.\n")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert build(vault, now=NOW + 1).changed == 1
    other.close()
    assert build(vault, now=NOW + 2).written is False


def test_a_cache_that_cannot_be_written_is_done_without(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = write(vault, "no folder", "")
    monkeypatch.setattr(made, "place_of", lambda output: blocked / "x.sqlite")
    assert len(build(vault).cards) == 3


@pytest.mark.parametrize("effort", [Effort(), CACHED])
def test_cards_look_as_if_each_were_rendered_when_it_is_written(
    vault: Path, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n\n".join(kind.format(number, number) for number, kind in enumerate(KINDS))
    text = f"---\ntags: [x]\ndeck: Other\n---\n{text}\n\n**[[one]]**: what is <b>in</b> it is $x$.\n"
    write(vault, "notes/deep/all.md", text)
    write(vault, "notes/picture 4.png", "picture")
    build(vault, effort)
    before = written(vault)
    shutil.rmtree(vault / "out")
    monkeypatch.setattr(appearance.Wardrobe, "_kept", lambda wardrobe, card: None)
    assert len(build(vault, effort).cards) == 12
    assert written(vault) == before


def _edited(root: Path, chance: random.Random) -> None:
    """Do to a vault what people do to theirs."""
    notes = sorted((root / "notes").rglob("*.md"))
    name = f"notes/{chance.choice(('', 'deep/'))}note {chance.randrange(12)}.md"
    kinds = chance.choices(KINDS, k=chance.randint(1, 4))
    text = "\n\n".join(kind.format(chance.randrange(9), chance.randrange(12)) for kind in kinds)
    match chance.randrange(6):
        case 0 if len(notes) > 3:
            chance.choice(notes).unlink()
        case 1 if notes:
            chance.choice(notes).rename(root / f"notes/moved {chance.randrange(9)}.md")
        case 2:
            write(root, f"notes/picture {chance.randrange(12)}.png", str(chance.random()), old=False)
        case 3 if notes:
            note = chance.choice(notes)
            note.write_bytes(note.read_bytes() + f"\n\n{text}\n".encode())
        case 4:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(chance.choice((b"\xff\xfe", b"\xff", b"")) + text.encode("utf-16-le"))
        case _:
            write(root, name, text, old=chance.random() < 0.5)


@pytest.mark.parametrize("seed", range(2))
def test_with_and_without_the_cache_all_is_the_same(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(reading, "WORTH", 8)
    for step in range(18):
        for _ in range(chance.randint(1, 3)):
            _edited(tmp_path, chance)
        write(tmp_path, "notes/always.md", "**Always**: what is always there.\n")
        settings: dict[str, Any] = {"subdecks": chance.choice(("none", "folders")), "remote_images": step > 12}
        jobs = 2 if step in (3, 15) else 1
        left = []
        for name, effort in (("cached", Effort(jobs, "code")), ("plain", Effort())):
            config = Config(notes=(tmp_path / "notes",), output=tmp_path / name / "deck.apkg", **settings)
            outcome = pipeline.build(config, now=NOW + step, effort=effort)
            files = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
            said = [str(one).replace(name, "") for one in outcome.diagnostics]
            counts = outcome.new, outcome.changed, outcome.gone
            left.append((files, said, tuple(outcome.cards), outcome.retired, counts))
        assert left[0] == left[1], f"seed {seed}, step {step}"


def _reworded(root: Path, chance: random.Random) -> None:
    """Change one note as people do: its id, a line of it, or a copy of it."""
    note = chance.choice(sorted((root / "notes").rglob("*.md")))
    lines = note.read_bytes().split(b"\n")
    at = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            lines = [b"---", b"id: %d" % chance.randrange(20), b"---", *lines]
        case 1:
            (root / f"notes/copy {chance.randrange(9)}.md").write_bytes(note.read_bytes())
        case 2:
            del lines[at]
        case 3:
            lines[at] = lines[at].replace(b"thing", b"long thing")
        case _:
            lines.insert(at, b"")
    note.write_bytes(b"\n".join(lines))


@pytest.mark.usefixtures("settled")
def test_notes_that_need_no_look_come_out_the_same(
    tmp_path: Path, warm: Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(7)
    carried = []
    rest = Carried.rest
    monkeypatch.setattr(Carried, "rest", lambda self: (carried.append(len(self.made)), rest(self))[1])
    for number in range(20):
        write(tmp_path, f"notes/note {number}.md", "\n\n".join(kind.format(number, number % 5) for kind in KINDS[:4]))
    for step in range(30):
        (_edited if step % 4 == 3 else _reworded)(tmp_path, chance)
        left = []
        for name, effort, at_hand in (("warm", CACHED, warm), ("cached", CACHED, None), ("plain", Effort(), None)):
            config = Config(notes=(tmp_path / "notes",), output=tmp_path / name / "deck.apkg")
            outcome = pipeline.build(config, now=NOW + step, effort=effort, warm=at_hand)
            files = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
            said = [str(one).replace(name, "") for one in outcome.diagnostics]
            cards = tuple(outcome.cards), outcome.retired, len(outcome.cards)
            known = [(card.id, card.changed) for part in (outcome.before, outcome.after) for card in part.cards]
            left.append((files, said, cards, known, outcome.new, outcome.changed, outcome.gone, outcome.edits))
        assert left[0] == left[1] == left[2], f"step {step}"
    assert sum(count > 10 for count in carried) > 20


@pytest.mark.usefixtures("settled")
def test_what_is_kept_of_a_build_holds_for_its_ledger_and_settings_alone(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[list[str]] = []
    rest = Carried.rest
    monkeypatch.setattr(Carried, "rest", lambda self: (carried.append(sorted(self.made)), rest(self))[1])
    ledger_file = vault / "out/deck.ledger.jsonl"

    def edited(text: str, **settings: Any) -> list[str]:
        write(vault, "notes/one.md", f"**Term one**: {text}\n")
        build(vault, **settings)
        return carried[-1]

    assert edited("a first thing.") == []
    before = ledger_file.read_bytes()
    assert edited("a second thing.") == ["three.md", "two.md"]
    assert edited("a third thing.", tags=("x",)) == []
    assert edited("a fourth thing.", tags=("x",)) == ["three.md", "two.md"]
    ledger_file.write_bytes(before)
    assert edited("a fifth thing.", tags=("x",)) == []
    write(vault, "notes/two.md", "---\nid: a\n---\n**Term two**: a thing that is like no other.\n")
    build(vault, tags=("x",))
    assert edited("a sixth thing.", tags=("x",)) == ["three.md", "two.md"]
    write(vault, "notes/copy.md", "---\nid: a\n---\n**Term copy**: another thing.\n")
    assert edited("a seventh thing.", tags=("x",)) == []


@pytest.mark.usefixtures("settled")
def test_texts_that_are_lost_or_damaged_are_made_anew(vault: Path, loads: list[str]) -> None:
    file = cache.place_of(vault / "out/deck.apkg")
    for number, damage in enumerate(("DELETE FROM texts", "UPDATE texts SET text = x'00'", "DROP TABLE texts")):
        build(vault, now=NOW + number)
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute(damage)
        write(vault, "notes/two.md", f"**Term two**: the thing of number {number}.\n", old=False)
        loads.clear()
        outcome = build(vault, now=NOW + 10 + number)
        assert (outcome.changed, outcome.written, sorted(set(loads))) == (1, True, ["one.md", "three.md", "two.md"])
        after = written(vault)
        (vault / "out/deck.apkg").unlink()
        build(vault, Effort(), now=NOW + 10 + number)
        assert written(vault) == after
        loads.clear()
        assert build(vault, now=NOW + 20).written is False
        assert loads == []


@pytest.mark.usefixtures("settled")
def test_retired_cards_are_rendered_again_only_for_what_they_show(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    fields = appearance.fields

    def counting(card: Card, *args: Any, **options: Any) -> tuple[str, ...]:
        rendered.append(card.key)
        return fields(card, *args, **options)

    monkeypatch.setattr(appearance, "fields", counting)
    write(vault, "notes/picture.png", "red")
    gone = "**Term gone**: a thing of the past.\n\n==What did it look like?==\n\n![[picture.png]]\n"
    write(vault, "notes/gone.md", gone)
    build(vault)
    write(vault, "notes/gone.md", "Nothing.\n", old=False)
    build(vault, now=NOW + 1)
    rendered.clear()
    write(vault, "notes/one.md", "**Term one**: another thing.\n", old=False)
    build(vault, now=NOW + 2)
    assert rendered == ["What did it look like?"]
    before = written(vault)["deck.retired.apkg"]
    write(vault, "notes/picture.png", "blue", old=False)
    write(vault, "notes/one.md", "**Term one**: a third thing.\n", old=False)
    build(vault, now=NOW + 3)
    assert written(vault)["deck.retired.apkg"] != before
    after = written(vault)
    for name in ("deck.apkg", "deck.retired.apkg"):
        (vault / "out" / name).unlink()
    build(vault, Effort(), now=NOW + 3)
    assert written(vault) == after


def _interfered(root: Path, chance: random.Random, kept: dict[str, dict[str, bytes]], now: int) -> dict[str, Any]:
    """Do what other programs may between two builds of a watch; return the settings that hold from then on."""
    out = [root / name for name in ("warm", "plain")]
    match chance.randrange(8):
        case 0 if kept:
            for folder in out:
                for name, data in kept[folder.name].items():
                    (folder / name).write_bytes(data)
        case 1:
            kept |= {folder.name: {path.name: path.read_bytes() for path in folder.iterdir()} for folder in out}
        case 2:
            for folder in out:
                (folder / "deck.apkg").unlink(missing_ok=True)
        case 3:
            cache.place_of(out[0] / "deck.apkg").unlink(missing_ok=True)
        case 4:
            for folder, effort in zip(out, (CACHED, Effort()), strict=True):
                config = Config(notes=(root / "notes",), output=folder / "deck.apkg")
                pipeline.build(config, now=now, effort=effort)
        case 5:
            with closing(sqlite3.connect(cache.place_of(out[0] / "deck.apkg"))) as connection, connection:
                connection.execute("UPDATE texts SET text = x'00' WHERE place % 3 = 0")
        case 6:
            return {"deck": chance.choice(("A", "B::C")), "subdecks": chance.choice(("none", "folders"))}
    return {}


@pytest.mark.usefixtures("settled")
def test_whatever_happens_between_the_builds_of_a_watch_they_come_out_the_same(tmp_path: Path, warm: Warm) -> None:
    chance = random.Random(11)
    kept: dict[str, dict[str, bytes]] = {}
    for number in range(8):
        write(tmp_path, f"notes/note {number}.md", "\n\n".join(kind.format(number, number % 5) for kind in KINDS[:4]))
    for step in range(30):
        now = NOW + 10 * step
        settings = _interfered(tmp_path, chance, kept, now) if step else {}
        (_edited if step % 4 == 3 else _reworded)(tmp_path, chance)
        left = []
        for name, effort, at_hand in (("warm", CACHED, warm), ("plain", Effort(), None)):
            config = Config(notes=(tmp_path / "notes",), output=tmp_path / name / "deck.apkg", **settings)
            outcome = pipeline.build(config, now=now + 5, effort=effort, warm=at_hand)
            if at_hand and chance.random() < 0.7:
                at_hand.look_ahead(config, outcome.found, outcome.output, effort)
            files = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
            left.append((files, outcome.new, outcome.changed, outcome.gone, outcome.written, len(outcome.cards)))
        assert left[0] == left[1], f"step {step}"
