"""Every act of a command on its files fails once: it goes on, or says in one line which file and why."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from anki.collection import Collection

from command import mkcards
from mkcards import ledger
from test_faults import CAUSES, EBB, NOW, TIDE, Disk, watch
from test_schedule import stub

FOLDERS = ("out", "notes", "tmp", "cache", "state", "home", "Anki2", "page")
ENV = {"SOURCE_DATE_EPOCH": str(NOW)}


def prepare(folder: Path) -> None:
    """Build a deck, then change its notes."""
    (folder / "notes").mkdir(parents=True)
    (folder / "tmp").mkdir()
    (folder / "notes/tide.md").write_text(f"{TIDE}\n{EBB}", encoding="utf-8")
    for suffix in ("apkg", "csv"):
        assert run(folder, "notes", "-o", f"out/deck.{suffix}")[0] == 0
    (folder / "notes/tide.md").write_text(TIDE.replace("shore", "coast"), encoding="utf-8")


def run(folder: Path, *args: str) -> tuple[int, str, str]:
    env = {"XDG_CACHE_HOME": str(folder / "cache"), "XDG_STATE_HOME": str(folder / "state"), **ENV}
    args = tuple(str(folder / arg) if arg.partition("/")[0] in FOLDERS else arg for arg in args)
    return mkcards(folder, *args, HOME=str(folder / "home"), **env, **stub(folder, "systemctl"))


def attempt(folder: Path, disk: Disk, args: tuple[str, ...]) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder / "tmp"))
        watch(patch, disk)
        return run(folder, *args)


def disk_of(folder: Path, failing: int = -1) -> Disk:
    watched = tuple(folder / name for name in FOLDERS)
    return Disk(watched, failing, CAUSES[failing % len(CAUSES)])


def left(folder: Path) -> set[str]:
    """The files that a command leaves and no other reads: their names begin with a dot, or end in a number."""
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return {name for name in names if Path(name).name.startswith(".") or name.rpartition(".")[2].isdecimal()}


COMMANDS: dict[str, tuple[str, ...]] = {
    "csv": ("notes", "-o", "out/deck.csv"),
    "list": ("list", "notes", "-o", "out/deck.apkg"),
    "preview": ("preview", "notes", "--deck", "out/deck.apkg", "-o", "page/new/preview.html"),
    "drop": ("drop", "notes/tide.md:1", "-o", "out/deck.apkg"),
    "schedule": ("schedule", "notes", "-o", "out/deck.apkg", "--kind", "systemd", "--install"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_act_of_a_command_may_fail(tmp_path: Path, name: str) -> None:
    args = COMMANDS[name]
    prepare(tmp_path / "before")
    whole = tmp_path / "whole"
    shutil.copytree(tmp_path / "before", whole)
    disk = disk_of(whole)
    assert attempt(whole, disk, args)[0] == 0
    acts = len(disk.acts)
    assert acts > 3
    for place in range(acts):
        folder = tmp_path / str(place)
        shutil.copytree(tmp_path / "before", folder)
        disk = disk_of(folder, place)
        status, _, err = attempt(folder, disk, args)
        what, path = disk.acts[place]
        case = f"{what} {path} {os.strerror(disk.cause)}: {status} {err}"
        if status == 2:
            assert os.strerror(disk.cause) in err and str(folder) in err, case
            assert err.count("\n") == 1, case
        if what != "unlink" and not path.startswith(str(folder / "tmp/mkcards-")):
            assert left(folder) == set(), case
            assert list((folder / "tmp").iterdir()) == [], case
        assert len(ledger.load(folder / "out/deck.ledger.jsonl").cards) == 2, case
        assert run(folder, *args)[0] == 0, case


def _ours(out: str) -> str:
    """What a push prints; the library of older Ankis also prints where it waited on a busy machine."""
    return "".join(line for line in out.splitlines(keepends=True) if line.startswith("Anki:"))


def test_each_act_of_a_push_may_fail(tmp_path: Path) -> None:
    push = ("push", "notes", "-o", "out/deck.apkg", "--collection", "Anki2/collection.anki2")
    before, whole = tmp_path / "before", tmp_path / "whole"
    prepare(before)
    (before / "Anki2").mkdir()
    Collection(str(before / "Anki2/collection.anki2")).close()
    assert run(before, *push)[:2] == (0, "Anki: 1 new\n")
    (before / "notes/ebb.md").write_text(EBB, encoding="utf-8")
    assert run(before, "notes", "-o", "out/deck.apkg")[0] == 0
    shutil.copytree(before, whole)
    disk = disk_of(whole)
    assert attempt(whole, disk, push)[:2] == (0, "Anki: 1 new\n")
    # Those of the build before it may fail in the tests above; of several alike one is enough.
    kinds = tuple(f"{whole}/{name}" for name in ("state/", "tmp/", "out/.deck.push."))
    acts = [(at, what, path) for at, (what, path) in enumerate(disk.acts) if path.startswith(kinds)]
    places = {(what, path.startswith(kinds[1]), Path(path).suffix): at for at, what, path in acts}
    assert {what for what, _, _ in places} == {"open", "write", "fsync", "replace", "mkdir", "unlink"}
    for place in places.values():
        folder = tmp_path / str(place)
        shutil.copytree(before, folder)
        disk = disk_of(folder, place)
        status, out, err = attempt(folder, disk, push)
        out = _ours(out)
        what, path = disk.acts[place]
        case = f"{what} {path} {os.strerror(disk.cause)}: {status} {out} {err}"
        assert (status, out) == (0, "Anki: 1 new\n") or (status, out, err.count("\n")) == (2, "", 1), case
        assert not err or (os.strerror(disk.cause) in err and str(folder) in err), case
        if what != "unlink" and not path.startswith(str(folder / "tmp/mkcards-")):
            assert left(folder) == set(), case
        status, out, _ = run(folder, *push)
        assert (status, _ours(out)) in ((0, "Anki: 1 new\n"), (0, "Anki: nothing to do\n")), case


def test_too_little_memory_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **options: object) -> None:
        raise MemoryError

    monkeypatch.setattr("mkcards.pipeline.cards", full)
    (tmp_path / "notes").mkdir()
    said = "mkcards: memory there is too little; close other programs, or name fewer notes\n"
    assert run(tmp_path, "list", "notes") == (2, "", said)
