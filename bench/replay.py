"""Builds at each of the last N commits of a git repository of notes, with one ledger, and says what became of the ids.

    python bench/replay.py REPO [--subdir D] [--commits N] [--show K]

REPO is a repository or a bare git directory; only its objects are read. A suspected loss is a card that retired and
one that is new in the same step, alike in key and answer together; a suspected wrong one kept its id while prompt
and answer both changed.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from mkcards.config import Config
from mkcards.data import Card, Ledger, NoteCards, NoteFile
from mkcards.discover import read
from mkcards.extract import extract
from mkcards.identify import identify
from mkcards.parse import parse
from mkcards.tags import filed

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
ALIKE = 0.6
"""Token F1 from which a retired and a new card are a suspected loss."""
WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Figures:
    """What happened over all steps."""

    builds: int = 0
    kept: int = 0
    new: int = 0
    retired: int = 0
    fuzzy: int = 0
    seconds: float = 0.0
    losses: list[str] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)


class Repository:
    """The notes at the commits of a repository, read without a work tree."""

    def __init__(self, folder: Path, below: str) -> None:
        self.folder = folder / ".git" if (folder / ".git").exists() else folder
        self.below = below

    def git(self, *args: str, data: bytes | None = None) -> bytes:
        """Return what a git command prints; raises when it fails."""
        command = ["git", f"--git-dir={self.folder}", *args]
        return subprocess.run(command, input=data, check=True, capture_output=True).stdout

    def commits(self, count: int) -> list[str]:
        """Return the last commits of the main line, the oldest first."""
        listed = self.git("rev-list", "--first-parent", f"--max-count={count}", "HEAD").decode().split()
        return listed[::-1]

    def changes(self, before: str, after: str) -> Iterator[tuple[str, bytes | None]]:
        """Yield path and text of each note that differs; None when it is gone."""
        args = ("diff", "--raw", "-z", "--no-abbrev", "--no-renames", before, after, "--", f"{self.below or '.'}")
        parts = self.git(*args).decode("utf-8", "surrogateescape").split("\0")[:-1]
        found = [(name, state.split()[3]) for state, name in zip(parts[::2], parts[1::2], strict=True)]
        notes = [(name, blob) for name, blob in found if _is_note(name)]
        living = [blob for _, blob in notes if set(blob) != {"0"}]
        texts = dict(self.blobs(living))
        yield from ((name, texts.get(blob)) for name, blob in notes)

    def blobs(self, names: list[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the content of blobs; one that is absent is left out."""
        out = self.git("cat-file", "--batch", data="".join(f"{name}\n" for name in names).encode())
        at = 0
        while at < len(out):
            end = out.index(b"\n", at)
            name, kind, *size = out[at:end].decode().split()
            at = end + 1
            if kind != "missing":
                yield name, out[at : at + int(size[0])]
                at += int(size[0]) + 1


def _is_note(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix in (".md", ".markdown") and not any(part.startswith(".") for part in path.parts)


def note_cards(path: str, data: bytes, work: Path) -> NoteCards:
    """Return what extraction finds in one note."""
    file = work / "note.md"
    file.write_bytes(data)
    text, _ = read(NoteFile(path, file))
    if text is None:
        return NoteCards(path, path, readable=False)
    return filed(extract(parse(path, text)[0], Config()), Config(), "replay")


def words(card: Card) -> Counter[str]:
    """Return the words of key and answer."""
    return Counter(WORD.findall(f"{card.key} {card.fields.answer}".casefold()))


def f1(one: Counter[str], other: Counter[str]) -> float:
    """Return the token F1 of two texts."""
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def suspected_losses(gone: list[Card], come: list[Card]) -> Iterator[str]:
    """Yield each retired card with the new one that is most alike, if it is alike enough."""
    bags = [(card, words(card)) for card in come]
    for card in gone:
        bag = words(card)
        best = max(((f1(bag, other), new.id, new) for new, other in bags), default=None)
        if best and best[0] >= ALIKE:
            yield f"{best[0]:.2f} {shown(card)}\n         => {shown(best[2])}"


def shown(card: Card) -> str:
    """Return a card in one line."""
    text = f"{card.path} [{card.kind}] {card.key!r}: {card.fields.answer[:300]!r}"
    return text if card.headings == () else f"{text} under {card.headings[-1]!r}"


def step(figures: Figures, notes: dict[str, NoteCards], ledger: Ledger, now: int, commit: str) -> Ledger:
    """Build once and count; return the new ledger."""
    start = time.perf_counter()
    found = identify([notes[path] for path in sorted(notes)], ledger, now=now, roots=(".",))
    figures.seconds += time.perf_counter() - start
    before = {card.id: card for card in ledger.cards}
    living = [card for card in ledger.cards if card.retired is None]
    after = {card.id: card for card in found.cards}
    gone = [card for card in living if found_retired(card, after, notes)]
    come = [card for card in found.cards if card.id not in before]
    figures.builds += 1
    figures.kept += sum(card.id in after for card in living)
    figures.new += len(come)
    figures.retired += len(gone)
    figures.fuzzy += len(found.edits)
    figures.losses += [f"{commit[:8]} {text}" for text in suspected_losses(gone, come)]
    for card in living:
        now_ = after.get(card.id)
        if now_ and now_.fields.prompt != card.fields.prompt and now_.fields.answer != card.fields.answer:
            why = found.edits.get(card.id, (1.0, "exact"))
            figures.wrongs.append(f"{commit[:8]} {why} {shown(card)}\n         => {shown(now_)}")
    return found.ledger


def found_retired(card: Card, after: dict[str, Card], notes: dict[str, NoteCards]) -> bool:
    """Say whether a card is gone, and not only unread."""
    note = notes.get(card.path)
    return card.id not in after and not (note and not note.readable)


def replay(repository: Repository, count: int, work: Path) -> Figures:
    """Build at each commit."""
    figures = Figures()
    notes: dict[str, NoteCards] = {}
    ledger, before = Ledger("replay"), EMPTY_TREE
    for number, commit in enumerate(repository.commits(count)):
        for path, data in repository.changes(before, commit):
            if data is None:
                notes.pop(path, None)
            else:
                notes[path] = note_cards(path, data, work)
        before = commit
        if notes:
            ledger = step(figures, notes, ledger, 1000 + number, commit)
    return figures


def report(figures: Figures, show: int) -> None:
    """Print the figures, then some of each suspicion, evenly spread."""
    rate = 1000 * len(figures.losses) / max(1, figures.kept)
    print(f"{figures.builds} builds, {figures.seconds:.1f} s in identify")
    print(f"kept {figures.kept}, new {figures.new}, retired {figures.retired}, fuzzy {figures.fuzzy}")
    print(f"suspected losses {len(figures.losses)} ({rate:.2f} per 1000 kept)")
    print(f"suspected wrong {len(figures.wrongs)}")
    for name, found in (("loss", figures.losses), ("wrong", figures.wrongs)):
        for text in found[:: max(1, len(found) // show)] if show else ():
            print(f"{name}: {text}")


if __name__ == "__main__":
    import tempfile

    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("repository", type=Path)
    arguments.add_argument("--subdir", default="")
    arguments.add_argument("--commits", type=int, default=300)
    arguments.add_argument("--show", type=int, default=0, help="print about this many of each suspicion")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="mkcards-replay-") as folder:
        report(replay(Repository(given.repository, given.subdir), given.commits, Path(folder)), given.show)
