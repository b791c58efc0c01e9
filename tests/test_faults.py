"""Each open, sync, rename and removal of a build and many of its writes fail once: nothing is lost, and it is said."""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mkcards import ledger, package
from mkcards.config import Config
from mkcards.errors import MkcardsError
from mkcards.pipeline import Outcome, build

NOW = 1_700_000_000
TIDE = "**Tide**: the rise and fall of the sea at a shore.\n"
EBB = "**Ebb**: the sea going out to its lowest.\n"
CAUSES = (errno.ENOSPC, errno.EIO, errno.EACCES)


@dataclass
class Disk:
    """Counts what is done to the files below some folders, and lets one of these acts fail."""

    folders: tuple[Path, ...]
    failing: int = -1
    cause: int = 0
    acts: list[tuple[str, str]] = field(default_factory=list)
    """What was done to which file."""

    def act(self, what: str, path: object) -> None:
        """Count an act, or make it fail."""
        if isinstance(path, int) or not str(path).startswith(tuple(map(str, self.folders))):
            return
        self.acts.append((what, str(path)))
        if len(self.acts) - 1 == self.failing:
            raise OSError(self.cause, os.strerror(self.cause), str(path))


class _Watched(io.BufferedWriter):
    """A file that tells a disk of what is written to it."""

    disk: Disk
    path: Path

    def write(self, data: Any) -> int:
        self.disk.act("write", self.path)
        return super().write(data)


def watch(monkeypatch: pytest.MonkeyPatch, disk: Disk) -> None:
    """Let a disk see what goes through `os`, `open` and the files that it gives."""
    paths: dict[int, object] = {}
    opens, low = io.open, os.open

    def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        disk.act("open", file)
        if "b" not in mode or "r" in mode or isinstance(file, int):
            return opens(file, mode, *args, **kwargs)
        stream = _Watched(io.FileIO(file, mode.replace("b", "")))
        stream.disk, stream.path = disk, file
        paths[stream.fileno()] = file
        return stream

    def opened_low(path: Any, *args: Any, **kwargs: Any) -> int:
        disk.act("open", path)
        handle = low(path, *args, **kwargs)
        paths[handle] = path
        return handle

    def told(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def does(path: Any, *args: Any, **kwargs: Any) -> Any:
            disk.act(name, paths.get(path, "") if isinstance(path, int) else path)
            return real(path, *args, **kwargs)

        return does

    monkeypatch.setattr(io, "open", opened)
    monkeypatch.setattr(builtins, "open", opened)
    monkeypatch.setattr(os, "open", opened_low)
    for name in ("fsync", "replace", "rename", "unlink", "mkdir"):
        monkeypatch.setattr(os, name, told(name))


def config(folder: Path) -> Config:
    return Config(notes=(folder / "notes",), output=folder / "out/deck.apkg")


def prepare(folder: Path) -> dict[str, bytes]:
    """Build a deck with a living and a retired card, change its notes, and return the files beside the deck."""
    notes = folder / "notes"
    notes.mkdir(parents=True)
    (folder / "tmp").mkdir()
    (notes / "sea.png").write_bytes(b"a picture")
    (notes / "tide.md").write_text(TIDE + "\n" + EBB, encoding="utf-8")
    build(config(folder), now=NOW)
    (notes / "tide.md").write_text(TIDE, encoding="utf-8")
    build(config(folder), now=NOW + 1)
    (notes / "tide.md").write_text(TIDE.replace("shore", "coast"), encoding="utf-8")
    (notes / "wave.md").write_text("==What does a wave look like?== ![[sea.png]]\n", encoding="utf-8")
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


def attempt(folder: Path, disk: Disk) -> Outcome | str:
    """Build with a disk that may fail; return what came of it, or the message."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder / "tmp"))
        watch(patch, disk)
        try:
            return build(config(folder), now=NOW + 2)
        except MkcardsError as error:
            return str(error)


def acts(tmp_path: Path) -> list[tuple[str, str]]:
    folder = tmp_path / "whole"
    prepare(folder)
    disk = Disk((folder / "out", folder / "notes", folder / "tmp"))
    assert isinstance(attempt(folder, disk), Outcome)
    return disk.acts


def test_the_acts_of_a_build_are_seen(tmp_path: Path) -> None:
    seen = [(what, Path(path).name) for what, path in acts(tmp_path)]
    names = ("deck.apkg", "deck.ledger.jsonl", "deck.retired.apkg")
    for name in names:
        temporary = [what for what, path in seen if path.startswith(f".{name}.")]
        assert temporary[0] == "open"
        assert temporary[-2:] == ["fsync", "replace"], name
        assert set(temporary[1:-2]) == {"write"}
    assert {("open", "sea.png"), ("open", "tide.md"), ("open", ".deck.lock"), ("fsync", "out")} <= set(seen)


def telling(acts: list[tuple[str, str]]) -> Iterator[int]:
    """Yield the places of all acts but of two in three writes to one file: a package takes dozens, each as the next."""
    written: Counter[str] = Counter()
    for place, (what, path) in enumerate(acts):
        if what != "write" or written[path] % 3 == 0:
            yield place
        written[path] += what == "write"


def test_each_act_may_fail_once(tmp_path: Path) -> None:
    places = list(telling(acts(tmp_path)))
    assert len(places) > 50
    before = prepare(tmp_path / "before")
    for place in places:
        folder = tmp_path / str(place)
        shutil.copytree(tmp_path / "before", folder)
        disk = Disk((folder / "out", folder / "notes", folder / "tmp"), place, CAUSES[place % len(CAUSES)])
        came = attempt(folder, disk)
        check(folder, before, disk, came)


def check(folder: Path, before: dict[str, bytes], disk: Disk, came: Outcome | str) -> None:
    """Assert that nothing is lost or left, that the fault is named, and that the next build mends all."""
    what, path = disk.acts[disk.failing]
    case, out = f"{what} {path}: {os.strerror(disk.cause)} -> {came}", folder / "out"
    if isinstance(came, str):
        assert os.strerror(disk.cause) in came, case
        assert came.startswith(f"{out}/deck"), case
    elif "/notes/" in path:
        assert any(os.strerror(disk.cause) in str(one) for one in came.diagnostics), case
    if not path.startswith(str(folder / "tmp/")):
        assert list((folder / "tmp").iterdir()) == [], case
    left = {file.name for file in out.iterdir()} - {".deck.lock" if what == "unlink" else ""}
    assert left <= {"deck.apkg", "deck.ledger.jsonl", "deck.retired.apkg"}, case
    data = (out / "deck.ledger.jsonl").read_bytes()
    ids = {card.id for card in ledger.loads(before["deck.ledger.jsonl"], "x").cards}
    assert ids <= {card.id for card in ledger.loads(data, "x").cards}, case
    inside = package.read_ledger(out / "deck.apkg")
    assert inside in (before["deck.ledger.jsonl"], data), case
    # A deck that lacks cards for a time says so, and is written again once they are back.
    found = () if isinstance(came, str) else came.diagnostics
    lacks = any((one.path, one.code) == ("tide.md", "unreadable") for one in found)
    assert (package.read_comment(out / "deck.apkg") == sha256(inside).hexdigest()) is not lacks, case
    with zipfile.ZipFile(out / "deck.apkg") as deck:
        assert deck.testzip() is None, case
    mended = build(config(folder), now=NOW + 3)
    assert [card.key for card in mended.cards] == ["Tide", "What does a wave look like?"], case
    mended_data = (out / "deck.ledger.jsonl").read_bytes()
    assert package.read_comment(out / "deck.apkg") == sha256(mended_data).hexdigest(), case
    assert package.read_ledger(out / "deck.apkg") == mended_data, case
    assert {file.name for file in out.iterdir()} == {"deck.apkg", "deck.ledger.jsonl", "deck.retired.apkg"}, case
