"""What editors, sync tools and people do to a folder of notes, at random and fast; and a watch that runs meanwhile."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mkcards import ledger
from mkcards.config import Config
from mkcards.pipeline import build

WORDS = ("signal", "gradient", "policy", "kernel", "reward", "agent", "sparse", "noisy", "hidden", "linear")
LAST = "Lastquux"


class Storm:
    """Changes the notes below a folder; `names` counts what each step did."""

    def __init__(self, root: Path, notes: int, seed: int) -> None:
        self.root = root
        self.chance = random.Random(seed)
        self.count = 0
        self.done: dict[str, int] = {}
        for _ in range(notes):
            self.new()

    def text(self) -> str:
        """A note of a few cards; its name counts up, so that no two notes ask the same."""
        self.count += 1
        lines = (
            f"**{self.word()} {self.count} {n}**: a number that {' '.join(self.word() for _ in range(6))}.\n"
            for n in range(self.chance.randint(1, 4))
        )
        return "\n".join(lines)

    def word(self) -> str:
        return self.chance.choice(WORDS)

    def pick(self) -> Path:
        return self.chance.choice(sorted(self.root.rglob("note*.md")) or [self.new()])

    def new(self) -> Path:
        file = self.root / f"folder {self.chance.randrange(4)}" / f"note {self.count}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.text(), encoding="utf-8")
        return file

    def append(self) -> None:
        with self.pick().open("a", encoding="utf-8") as stream:
            stream.write(f"\n{self.text()}")

    def save_in_place(self) -> None:
        self.pick().write_text(self.text(), encoding="utf-8")

    def save_by_rename(self) -> None:
        """As most editors do: a new file takes the name of the old one."""
        file = self.pick()
        fresh = file.with_name(f".{file.name}.{self.count}")
        fresh.write_text(file.read_text(encoding="utf-8") + f"\n{self.text()}", encoding="utf-8")
        fresh.replace(file)

    def save_with_backup(self) -> None:
        """As vim does: the old file goes aside, a new one is written, the old one goes."""
        file = self.pick()
        aside = file.with_name(f"{file.name}~")
        file.rename(aside)
        file.write_text(aside.read_text(encoding="utf-8") + f"\n{self.text()}", encoding="utf-8")
        aside.unlink()

    def half_write(self) -> None:
        """As sync tools do: a note arrives in pieces."""
        file, data = self.pick(), (self.text() + self.text()).encode()
        for end in (0, len(data) // 3, len(data) * 2 // 3, len(data)):
            file.write_bytes(data[:end])
            time.sleep(0.004)

    def cut_character(self) -> None:
        """A piece that ends inside a character, and is then completed."""
        data = f"{self.text()}\n**Größe {self.count}**: a number that is über all.\n".encode()
        file = self.pick()
        file.write_bytes(data[: data.index("ö".encode()) + 1])
        time.sleep(0.004)
        file.write_bytes(data)

    def delete(self) -> None:
        if len(list(self.root.rglob("note*.md"))) > 3:
            self.pick().unlink()

    def rename(self) -> None:
        self.count += 1
        file = self.pick()
        file.rename(file.with_name(f"note {self.count} {self.word()}.md"))

    def move(self) -> None:
        self.count += 1
        target = self.root / f"folder {self.chance.randrange(6)}" / f"note {self.count}.md"
        target.parent.mkdir(exist_ok=True)
        self.pick().rename(target)

    def rename_folder(self) -> None:
        folder = self.pick().parent
        self.count += 1
        folder.rename(folder.with_name(f"folder {self.count}x"))

    def checkout(self) -> None:
        """As git does when it changes the branch: its lock, then many notes at once."""
        git = self.root / ".git"
        git.mkdir(exist_ok=True)
        (git / "index.lock").touch()
        for _ in range(5):
            self.chance.choice((self.new, self.delete, self.save_by_rename))()
        (git / "index.lock").unlink()

    def picture(self) -> None:
        """A picture that arrives in pieces, in a note that shows it."""
        name = f"picture {self.chance.randrange(5)}.png"
        data = b"\x89PNG\r\n\x1a\n" + self.chance.randbytes(3000)
        for end in (0, 1000, len(data)):
            (self.root / name).write_bytes(data[:end])
        with self.pick().open("a", encoding="utf-8") as stream:
            stream.write(f"\n**{self.word()} {self.count} shown**: a number that has a shape. ![[{name}]]\n")

    def conflict(self) -> None:
        """A sync tool's copy of a note that was changed in two places."""
        file = self.pick()
        copy = file.with_name(f"{file.stem}.sync-conflict-20260101-{self.count % 10**6:06}-ABCDEFG.md")
        shutil.copy(file, copy)

    def step(self) -> None:
        """Do one of all this."""
        steps: tuple[Callable[[], object], ...] = (
            *(self.new, self.append, self.append, self.save_in_place, self.save_by_rename, self.save_with_backup),
            *(self.half_write, self.cut_character, self.delete, self.rename, self.move, self.rename_folder),
            *(self.checkout, self.conflict, self.picture),
        )
        chosen = self.chance.choice(steps)
        name = getattr(chosen, "__name__", "")
        self.done[name] = self.done.get(name, 0) + 1
        chosen()


class Watch:
    """`mkcards watch` as a process of its own; a context manager."""

    def __init__(self, folder: Path, *args: str, **env: str) -> None:
        self.notes, self.deck = folder / "notes", folder / "out/deck.apkg"
        self.log = folder / "watch.log"
        command = [sys.executable, "-u", "-m", "mkcards", "watch", str(self.notes), "-o", str(self.deck), *args]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **env}, cwd=folder
            )

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def lines(self) -> list[str]:
        """What it said, without the times of the day."""
        return [line.partition(" ")[2] for line in self.log.read_text(encoding="utf-8").splitlines()]

    def until(self, done: Callable[[], bool], seconds: float = 60) -> None:
        """Wait; fails when the watch ends meanwhile or nothing comes of it."""
        end = time.monotonic() + seconds
        while not done():
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            assert time.monotonic() < end, self.log.read_text(encoding="utf-8")
            time.sleep(0.02)

    def settled(self) -> None:
        """Write a last note, and wait until its card is in the deck."""
        (self.notes / "note last.md").write_text(f"**{LAST}**: a number that comes last.\n", encoding="utf-8")
        self.until(lambda: LAST in self.asked() and self.deck.exists())
        before = ""
        while before != (before := self.log.read_text(encoding="utf-8")):
            time.sleep(1)

    def asked(self) -> list[str]:
        """The keys of the living cards."""
        path = ledger.beside(self.deck)
        return [card.key for card in ledger.load(path).cards if not card.retired] if path.exists() else []

    def children(self) -> list[int]:
        """The processes that it has started and that live."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in path.read_text().split()]

    def ended(self, number: int = signal.SIGTERM) -> int:
        """End it, and return its exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


def clean_build(watch: Watch, folder: Path, config: Config | None = None) -> dict[str, bytes]:
    """Build elsewhere from a copy of the ledger; return what was written, by its name."""
    folder.mkdir()
    copy = folder / watch.deck.name
    ledger.beside(copy).write_bytes(ledger.beside(watch.deck).read_bytes())
    build(replace(config or Config(), notes=(watch.notes,), output=copy), now=int(time.time()))
    return written(folder)


def written(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, hidden ones too."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
