"""Builds what is far larger than a vault: a note of so many megabytes, and a folder of so many notes.

    python bench/size.py [--megabytes 50] [--files 200000]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PARAGRAPH = "The tide rises twice a day, and what it leaves on the sand is gone by the evening.\n\n"
TERM = "**Tide**: the rise and the fall of the sea\n"


def built(notes: Path, what: str) -> None:
    """Build a folder in a process of its own and print what that took."""
    start = time.monotonic()
    command = [sys.executable, "-m", "mkcards", str(notes), "-o", str(notes.parent / "deck.apkg")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    said = (done.stdout + done.stderr).strip().split("\n")[0]
    print(f"{what}: {time.monotonic() - start:.1f} s, {peak} MB at most, exit {done.returncode}: {said}", flush=True)


def measure(megabytes: int, files: int) -> None:
    """Build both."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.mkdir()
        (notes / "small.md").write_text(TERM, encoding="utf-8")
        (notes / "large.md").write_text(PARAGRAPH * (megabytes * 1_000_000 // len(PARAGRAPH)), encoding="utf-8")
        built(notes, f"a note of {megabytes} MB")
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.mkdir()
        for at in range(files):
            (notes / f"{at}.md").write_text(TERM if at == 7 else "A line.\n", encoding="utf-8")
        built(notes, f"{files:,} notes in one folder")
        built(notes, "the same again")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--megabytes", type=int, default=50)
    arguments.add_argument("--files", type=int, default=200_000)
    given = arguments.parse_args()
    measure(given.megabytes, given.files)
