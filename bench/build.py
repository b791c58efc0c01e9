"""Times cold builds and unchanged rebuilds beside the bare markdown-it-py parse of the same notes.

    python bench/build.py [--notes 1000 10000] [--work FOLDER]

Each run is a process of its own; wall time and peak memory are what the operating system says of it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from vault import write_vault

BARE_PARSE = """
import pathlib, sys
from markdown_it import MarkdownIt
parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
for file in sorted(pathlib.Path(sys.argv[1]).rglob("*.md")):
    parser.parse(file.read_text(encoding="utf-8"))
"""
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in one unit of `ru_maxrss`."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    seconds: float
    mebibytes: float


def measure(command: list[str]) -> Cost:
    """Run a command to its end and return its wall time and peak memory; raises when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(seconds, usage.ru_maxrss * RSS_UNIT / 2**20)


def costs(work: Path, count: int) -> dict[str, Cost]:
    """Return what the bare parse, a cold build and an unchanged rebuild of `count` notes take."""
    notes, deck = work / f"notes-{count}", work / f"deck-{count}.apkg"
    write_vault(notes, count)
    mkcards = str(Path(sysconfig.get_path("scripts")) / "mkcards")
    build = [mkcards, str(notes), "-o", str(deck)]
    parse = [sys.executable, "-c", BARE_PARSE, str(notes)]
    # Once unmeasured, so that all find the files in the page cache and the modules compiled.
    measure(parse)
    measure([mkcards, "--version"])
    return {
        "bare parse": measure(parse),
        "cold build": measure(build),
        "unchanged rebuild": measure(build),
    }


def report(counts: list[int], work: Path) -> None:
    """Print one table for all the vaults."""
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"{'notes':>6}  {'what':<18} {'seconds':>8} {'x parse':>8} {'MiB':>6} {'x parse':>8}")
    for count in counts:
        measured = costs(work, count)
        parse = measured["bare parse"]
        for name, cost in measured.items():
            times, sizes = cost.seconds / parse.seconds, cost.mebibytes / parse.mebibytes
            figures = f"{cost.seconds:8.2f} {times:8.2f} {cost.mebibytes:6.0f} {sizes:8.2f}"
            print(f"{count:>6}  {name:<18} {figures}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--notes", type=int, nargs="+", default=[1000, 10000])
    arguments.add_argument("--work", type=Path, help="keep vaults and decks in this folder")
    given = arguments.parse_args()
    if given.work:
        given.work.mkdir(parents=True, exist_ok=True)
        report(given.notes, given.work)
    else:
        with tempfile.TemporaryDirectory(prefix="mkcards-bench-") as folder:
            report(given.notes, Path(folder))
