"""Times what identity adds to a build: N old cards against N new ones of which one in a hundred changed.

python bench/identify.py [--cards 100000]
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mkcards.data import Candidate, Fields, Ledger, NoteCards
from mkcards.identify import identify
from mkcards.ledger import dumps, loads

A_NOTE = 10
"""Cards."""
WORDS = ("the", "noisy", "gradient", "limits", "every", "hidden", "network", "of", "robust", "kernel", "masks")
T = TypeVar("T")


def note(number: int, edited: bool) -> NoteCards:
    """Return a note of ten cards; edited, one card in ten notes has a typo and another a longer answer."""
    chance = random.Random(number)
    cards = []
    for at in range(A_NOTE):
        key = f"{chance.choice(WORDS)} reward model {number} of the policy {at}"
        answer = " ".join(chance.choice(WORDS) for _ in range(25)) + f" number {number}"
        if edited and number % 20 == 0 and at < 2:
            key, answer = (key.replace("policy", "polciy"), answer) if at else (key, f"{answer} and more")
        shown = Fields(f"What is {key}?", answer, f"Which is {answer}?", key, ("Note", "Section"))
        place = (f"Section {at}",)
        cards.append(Candidate("term-line", "definition", key, shown, at, at, at, place, tags=("Papers",)))
    return NoteCards(f"Papers/{number % 50}/note {number}.md", f"note {number}", candidates=tuple(cards))


def peak() -> float:
    """Return the peak of resident memory since the last reset, in MiB."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.partition("VmHWM:")[2].split()[0]) / 1024


def measured(name: str, work: Callable[[], T]) -> T:
    """Run a piece of work and print its seconds and what it added to the peak memory."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before, start, cpu = peak(), time.perf_counter(), time.process_time()
    made = work()
    seconds, spent = time.perf_counter() - start, time.process_time() - cpu
    print(f"{name:<28} {seconds:6.2f} s ({spent:.2f} s of the processor) {peak() - before:6.0f} MiB")
    return made


def report(cards: int) -> None:
    """Print one line for each step."""
    # As the command line does.
    gc.disable()
    count = cards // A_NOTE
    first = identify([note(at, False) for at in range(count)], Ledger("n"), now=10, roots=(".",)).ledger
    data = dumps(first)
    del first
    again = [note(at, True) for at in range(count)]
    old = measured("read the ledger", lambda: loads(data, "ledger"))
    found = measured("match and identify", lambda: identify(again, old, now=20, roots=(".",)))
    written = measured("ledger to bytes", lambda: dumps(found.ledger))
    changed = sum(card.changed == 20 for card in found.cards)
    print(f"{len(found.cards)} cards, {changed} changed, {len(found.edits)} fuzzy, {len(written) / 2**20:.0f} MiB")
    if len(found.ledger.cards) != len(found.cards):
        raise SystemExit(f"{len(found.ledger.cards) - len(found.cards)} cards were lost")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--cards", type=int, default=100_000)
    report(arguments.parse_args().cards)
