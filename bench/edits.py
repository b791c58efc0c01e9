"""Prints what every edit does to the identity of the cards it touches, with the truth known by construction.

python bench/edits.py [--rounds 20] [--faults]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from editing import LIGHT, Edit, Tally, apply, history, reword


def run(edits: Sequence[Edit], rounds: int, faults: list[str]) -> Tally:
    """Return what became of the cards in as many worlds, each edited five times."""
    total = Tally()
    for seed in range(rounds):
        told = history(seed)
        for _ in range(5):
            total.add(apply(told, edits))
        faults += [f"{seed} {'+'.join(edit.__name__ for edit in edits)} {fault}" for fault in told.faults]
    return total


def line(name: str, tally: Tally) -> str:
    """Return one line of the table."""
    return f"{name:<32} {tally.touched:>8} {tally.kept:>8} {tally.lost:>6} {tally.wrong:>6}"


def report(rounds: int, show: bool) -> None:
    """Print the table: each edit, then all pairs of two."""
    faults: list[str] = []
    print(f"{'edit':<32} {'touched':>8} {'kept':>8} {'lost':>6} {'wrong':>6}")
    for edit in (*LIGHT, reword):
        print(line(edit.__name__.replace("_", " "), run((edit,), rounds, faults)), flush=True)
    pairs, worst = Tally(), []
    for pair in combinations(LIGHT, 2):
        tally = run(pair, max(1, rounds // 5), faults)
        pairs.add(tally)
        if tally.lost or tally.wrong:
            worst.append(line(" + ".join(edit.__name__ for edit in pair), tally))
    print(line("every pair of two", pairs))
    print("\n".join(worst))
    if show:
        print("\n".join(faults))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--rounds", type=int, default=20)
    arguments.add_argument("--faults", action="store_true", help="print what was lost or wrong")
    given = arguments.parse_args()
    report(given.rounds, given.faults)
