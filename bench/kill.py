"""Kills a build at random moments and says whether ledger and deck stayed readable and every id was kept.

python bench/kill.py [--times 500] [--notes 60] [-- --no-cache --jobs 2]

What follows -- is given to the builds; from 200 notes without a cache on, worker processes read them.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mkcards import ledger, package
from mkcards.errors import MkcardsError
from vault import edit, write_vault


def faults(deck: Path, known: set[str]) -> list[str]:
    """Return what is wrong with ledger and deck as a killed build left them."""
    found = []
    try:
        stored = ledger.load(ledger.beside(deck))
        if lost := known - {card.id for card in stored.cards}:
            found.append(f"{len(lost)} ids lost from the ledger")
        if package.read_ledger(deck) is None:
            found.append("the deck holds no ledger")
    except MkcardsError as error:
        found.append(str(error))
    return found


def report(times: int, count: int, options: list[str], work: Path) -> None:
    """Print one line; exits with an error when anything was wrong."""
    chance, notes, deck = random.Random(1), work / "notes", work / "out/deck.apkg"
    write_vault(notes, count)
    command = [sys.executable, "-m", "mkcards", str(notes), "-o", str(deck), *options]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    whole = time.perf_counter() - start
    wrong, killed = [], 0
    for _ in range(times):
        known = {card.id for card in ledger.load(ledger.beside(deck)).cards}
        edit(chance.choice(sorted(notes.rglob("*.md"))))
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as run:
            # Most of the moments fall into the second half, in which things are written.
            time.sleep(whole * chance.triangular(0.1, 1.1, 0.9))
            run.send_signal(signal.SIGKILL)
        killed += run.returncode < 0
        wrong += faults(deck, known)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    left = [file.name for file in deck.parent.iterdir() if file.name.startswith(".")]
    print(
        f"{times} builds of {whole:.2f} s, {killed} killed before their end, {len(wrong)} faults, left behind: {left}"
    )
    if wrong:
        raise SystemExit("\n".join(wrong))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--times", type=int, default=500)
    arguments.add_argument("--notes", type=int, default=60)
    arguments.add_argument("options", nargs="*")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="mkcards-kill-") as folder:
        report(given.times, given.notes, given.options, Path(folder))
