"""Times builds beside what they can't do without: a bare parse, a stat of every file, genanki's own writing.

    python bench/build.py [--notes 1000 10000] [--bytes 3000 | --like VAULT] [--work FOLDER]

With --like the notes are those of a real vault, under other titles, instead of ones made for this.

Each line is a process of its own: its wall time (processor time for the rebuilds and their floors, which are single
processes), and the most memory that it and the processes it started held together. The ratio is to the floor named
behind it, measured in the same run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mkcards import ledger
from vault import edit, write_like, write_vault

BARE_PARSE = """
import pathlib, sys
from markdown_it import MarkdownIt
parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
for file in sorted(pathlib.Path(sys.argv[1]).rglob("*.md")):
    parser.parse(file.read_text(encoding="utf-8"))
"""
STAT_ALL = """
import os, sys
import click
for folder, _, files in os.walk(sys.argv[1]):
    for file in files:
        os.stat(os.path.join(folder, file))
"""
GENANKI = """
import sys, time
from pathlib import Path
import genanki
from mkcards import ledger, package, rows
import pickle
model = rows.model()
fields = pickle.loads(Path(sys.argv[1]).read_bytes())
start = time.process_time()
deck = genanki.Deck(1, "deck")
for guid, tags, values in fields:
    deck.add_note(genanki.Note(model, values, tags=tags, guid=guid))
genanki.Package(deck).write_to_file(sys.argv[1] + ".apkg")
print(time.process_time() - start)
"""
PICKLE = """
import pickle, sqlite3, sys, zipfile
from pathlib import Path
folder = Path(sys.argv[2]).parent
with zipfile.ZipFile(sys.argv[1]) as package:
    package.extract("collection.anki2", folder)
notes = sqlite3.connect(folder / "collection.anki2").execute("SELECT guid, tags, flds FROM notes").fetchall()
Path(sys.argv[2]).write_bytes(pickle.dumps([(guid, tags.split(), flds.split("\\x1f")) for guid, tags, flds in notes]))
"""
QUIET = subprocess.DEVNULL
SETTLED = 3
"""Seconds after which a file's stat stands for its content; a younger one is read again."""
TICK = 0.02
"""Seconds between two looks at the memory of a process and its children."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process and those that it started took."""

    seconds: float
    mebibytes: float = 0.0


def resident(group: int) -> float:
    """Return how many MiB the processes of a group hold together, shared pages counted once (Linux; else 0)."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == group:
                lines = (folder / "smaps_rollup").read_text().splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue  # It has ended.
    return total / 1024


def measure(command: list[str]) -> Cost:
    """Run a command to its end and return what it took; raises when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=QUIET, stderr=QUIET, start_new_session=True)
    most = 0.0
    while process.poll() is None:
        most = max(most, resident(process.pid))
        time.sleep(TICK)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(seconds, most)


def timed(command: list[str], before: Callable[[], None] = lambda: None) -> Cost:
    """Return the processor time of a command, the least of five, and its memory; `before` is done before each."""
    costs, most = [], 0
    for _ in range(5):
        before()
        process = subprocess.Popen(command, stdout=QUIET, stderr=QUIET)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        costs.append(usage.ru_utime + usage.ru_stime)
        most = max(most, usage.ru_maxrss)
    return Cost(min(costs), most / 1024)


def genanki(deck: Path, work: Path) -> Cost:
    """Return what genanki itself takes to write the notes of a deck as a package."""
    fields = work / "fields.pickle"
    subprocess.run([sys.executable, "-c", PICKLE, str(deck), str(fields)], check=True)
    done = subprocess.run([sys.executable, "-c", GENANKI, str(fields)], check=True, capture_output=True, text=True)
    return Cost(float(done.stdout))


def report(count: int, size: int, like: Path | None, work: Path) -> None:
    """Print what one vault costs."""
    name = f"{count}-{like.name if like else size}"
    notes, deck = work / f"notes-{name}", work / f"deck-{name}.apkg"
    if like:
        write_like(notes, count, like)
    else:
        write_vault(notes, count, size)
    mkcards = str(Path(sysconfig.get_path("scripts")) / "mkcards")
    build = [mkcards, str(notes), "-o", str(deck)]
    # Once unmeasured, so that all find the files in the page cache and the modules compiled.
    parse = [sys.executable, "-c", BARE_PARSE, str(notes)]
    stat = [sys.executable, "-c", STAT_ALL, str(notes)]
    subprocess.run(parse, check=True)
    subprocess.run([mkcards, "--version"], check=True, stdout=subprocess.DEVNULL)
    floors = {"bare parse": measure(parse), "stat of all": timed(stat)}
    lines = [("cold build", measure(build), "bare parse")]
    time.sleep(SETTLED)
    timed(build)
    lines.append(("unchanged rebuild", timed(build), "stat of all"))
    floors["genanki"] = genanki(deck, work)
    lines.append(("one note changed", timed(build, lambda: edit(min(notes.rglob("*.md")))), "genanki"))
    kept = len(ledger.load(ledger.beside(deck)).cards)
    print(f"{name}: {kept / count:.2f} cards a note, deck of {deck.stat().st_size / 1e6:.1f} MB")
    for what, cost in floors.items():
        print(f"{name:>12}  {what:<18} {cost.seconds:8.2f} s {cost.mebibytes:5.0f} MiB")
    for what, cost, floor in lines:
        ratio = f"{cost.seconds / floors[floor].seconds:6.2f} x {floor}"
        print(f"{name:>12}  {what:<18} {cost.seconds:8.2f} s {cost.mebibytes:5.0f} MiB {ratio}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--notes", type=int, nargs="+", default=[1000, 10000])
    arguments.add_argument("--bytes", type=int, default=3000)
    arguments.add_argument("--like", type=Path, help="a real vault whose notes to take, one after another")
    arguments.add_argument("--work", type=Path, help="keep vaults and decks in this folder")
    given = arguments.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory(prefix="mkcards-bench-") as folder:
        place = given.work or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        # A package that is installed has its modules compiled; some build machines forbid it.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["XDG_CACHE_HOME"] = str(place / "cache")
        for number in given.notes:
            report(number, given.bytes, given.like, place)
