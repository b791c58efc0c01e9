"""Scores the labelled notes and fails when a figure is below its floor in .ci/floors.

    python .ci/gold.py FOLDER

FOLDER holds `gold/`, `vault/` and `tools/score.py`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FLOORS = Path(__file__).with_name("floors")
NOTES = {"vault": "vault", "foreign": "gold/notes"}
"""From the name of a label file to its notes."""
FIGURE = re.compile(r"(\w+) (\d\.\d+)")


def scored(shared: Path, labels: str) -> str:
    """Return the line of figures for one label file; raises when a program fails."""
    mkcards = [sys.executable, "-m", "mkcards", "list", str(shared / NOTES[labels]), "--format", "json"]
    cards = subprocess.run(mkcards, check=True, capture_output=True).stdout
    # Whether the figures pass is for the floors to say, not for the program that counts.
    score = [sys.executable, "tools/score.py", "--gold", f"gold/{labels}.yaml", "--pass", "0"]
    said = subprocess.run(score, cwd=shared, check=True, input=cards, stdout=subprocess.PIPE).stdout
    return said.decode().splitlines()[-1]


def too_low(shared: Path) -> Iterator[str]:
    """Print the figures of all label files and yield what is wrong with them."""
    for line in FLOORS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        labels, floors = line.split(maxsplit=1)
        said = scored(shared, labels)
        sys.stdout.write(f"{labels}: {said}\n")
        figures = dict(FIGURE.findall(said))
        for name, floor in FIGURE.findall(floors):
            if float(figures[name]) < float(floor):
                yield f"{labels}: {name} is {figures[name]}; the floor is {floor}"


if __name__ == "__main__":
    sys.exit("\n".join(too_low(Path(sys.argv[1]))) or None)
