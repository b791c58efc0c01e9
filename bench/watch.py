"""Lets a storm of edits loose on a watched folder, and says what is left in the end; then times single edits.

python bench/watch.py [--steps 2000] [--notes 40] [--vault 10000] [--edits 20]
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from storm import Storm, Watch, clean_build, written
from vault import edit, write_vault

STAGES: Final = 2
"""The nameless databases that a watch keeps; SQLite makes a temporary file of each that holds some two megabytes."""


def handles(watch: Watch) -> int:
    """Return how many files and sockets the watch has open."""
    return len(list(Path(f"/proc/{watch.process.pid}/fd").iterdir()))


def memory(watch: Watch) -> int:
    """Return how many MB the watch holds."""
    status = Path(f"/proc/{watch.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) // 1024


def storm(steps: int, notes: int, work: Path) -> None:
    """Print what a storm did; exits with an error when anything was wrong."""
    made = Storm(work / "notes", notes, seed=1)
    with Watch(work) as watch:
        watch.until(watch.deck.exists)
        # What a watch keeps from build to build is opened at its second one.
        edit(min(watch.notes.rglob("*.md")))
        watch.settled()
        opened, held, start = handles(watch), memory(watch), time.perf_counter()
        for _ in range(steps):
            made.step()
            time.sleep(made.chance.random() * 0.1)
        took = time.perf_counter() - start
        watch.settled()
        after, grown, children = handles(watch), memory(watch), watch.children()
        status = watch.ended()
    builds = sum("card" in line and "note" in line and ":" in line for line in watch.lines())
    same = written(watch.deck.parent) == clean_build(watch, work / "clean")
    faults = [line for line in watch.lines() if "Traceback" in line or " crash " in line]
    left = [path.name for path in watch.notes.rglob("*") if path.is_file() and path.suffix not in (".md", ".png")]
    print(f"{steps} steps in {took:.0f} s:", *(f"{count} {name}" for name, count in sorted(made.done.items())))
    print(f"{builds} lines of builds, exit status {status}, deck as of a clean build: {same}, faults: {len(faults)}")
    print(f"open files {opened} -> {after}, memory {held} -> {grown} MB, left: processes {children}, files {left}")
    if not same or faults or status or children or left or after > opened + STAGES:
        raise SystemExit("\n".join([str(watch.log.read_text())[-2000:], "something is wrong"]))


def single(vault: int, edits: int, work: Path) -> None:
    """Print how long after an edit in a large vault the deck holds it."""
    write_vault(work / "notes", vault)
    took = []
    with Watch(work) as watch:
        watch.until(watch.deck.exists, seconds=600)
        notes = sorted(watch.notes.rglob("*.md"))
        for number in range(edits):
            time.sleep(3)
            before = watch.deck.stat().st_mtime_ns
            start = time.perf_counter()
            note = notes[number * 37 % len(notes)]
            text = note.read_text(encoding="utf-8")
            added = f"==Which number is quux {'abcdefghij'[number % 10] * 3}?== The one that comes last.\n\n# Related"
            note.write_text(text.replace("# Related", added), encoding="utf-8")
            watch.until(lambda before=before: watch.deck.stat().st_mtime_ns != before, seconds=60)
            took.append(time.perf_counter() - start)
        held = memory(watch)
        watch.ended()
    late = sorted(took)[math.ceil(len(took) * 0.95) - 1]
    print(
        f"{vault} notes: an edit is in the deck after {statistics.median(took):.2f} s, 95 of 100 after {late:.2f} s, "
        f"the last after {max(took):.2f} s; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    print(f"memory {held} MB, peak {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--steps", type=int, default=2000)
    arguments.add_argument("--notes", type=int, default=40)
    arguments.add_argument("--vault", type=int, default=10_000)
    arguments.add_argument("--edits", type=int, default=20)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="mkcards-watch-") as folder:
        if given.steps:
            (Path(folder) / "storm").mkdir()
            storm(given.steps, given.notes, Path(folder) / "storm")
        if given.edits:
            (Path(folder) / "vault").mkdir()
            single(given.vault, given.edits, Path(folder) / "vault")
