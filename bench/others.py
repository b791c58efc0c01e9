"""Times mkcards beside other programs that make decks of Markdown, on equal question-answer pairs.

    python bench/others.py --ankdown FILE --ankivalenz FILE --mdanki FILE [--pairs 1000 10000]

Each file is the program of that name, installed somewhere of its own; one that is not given is left out. Every
program gets the pairs in its own syntax; one that fails or writes no deck is said to fail, with its last words.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from build import measure
from vault import Writer


def pairs(count: int) -> Iterator[tuple[str, str]]:
    """Yield questions and answers, no question twice."""
    writer = Writer(count)
    for number in range(count):
        yield f"Why does the {writer.term()} of case {number} need a {writer.term()}?", f"Because {writer.clause()}."


def for_mkcards(program: str, folder: Path, count: int) -> list[str]:
    """Write notes of ten highlighted questions each and return the command."""
    for number, (question, answer) in enumerate(pairs(count)):
        with (folder / f"note {number // 10:05}.md").open("a", encoding="utf-8") as note:
            note.write(f"=={question}== {answer}\n\n")
    return [program, str(folder), "-o", str(folder / "deck.apkg"), "--no-cache"]


def for_ankdown(program: str, folder: Path, count: int) -> list[str]:
    """Write notes of ten cards each and return the command."""
    for number, (question, answer) in enumerate(pairs(count)):
        with (folder / f"note {number // 10:05}.md").open("a", encoding="utf-8") as note:
            note.write(f"{question}\n\n%\n\n{answer}\n" + ("\n---\n\n" if number % 10 < 9 else ""))
    return [program, "-r", str(folder), "-p", str(folder / "deck.apkg")]


def for_ankivalenz(program: str, folder: Path, count: int) -> list[str]:
    """Write notes of ten list items each and return the command; it names the deck after the folder."""
    for number, (question, answer) in enumerate(pairs(count)):
        with (folder / f"note {number // 10:05}.md").open("a", encoding="utf-8") as note:
            head = "" if number % 10 else f"# Note {number}\n\n"
            note.write(f"{head}- {question} ?:: {answer}\n")
    subprocess.run([program, "init", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return [program, "run", str(folder)]


def for_mdanki(program: str, folder: Path, count: int) -> list[str]:
    """Write notes of ten headings each and return the command."""
    for number, (question, answer) in enumerate(pairs(count)):
        with (folder / f"note {number // 10:05}.md").open("a", encoding="utf-8") as note:
            note.write(f"## {question}\n\n{answer}\n\n")
    return [program, str(folder), str(folder / "deck.apkg")]


PROGRAMS: dict[str, Callable[[str, Path, int], list[str]]] = {
    "mkcards": for_mkcards,
    "ankdown": for_ankdown,
    "ankivalenz": for_ankivalenz,
    "mdanki": for_mdanki,
}


def report(name: str, program: str, count: int) -> None:
    """Print what one program takes for so many pairs, or why it fails."""
    with tempfile.TemporaryDirectory(prefix="mkcards-bench-") as place:
        folder = Path(place) / "deck"
        folder.mkdir()
        command = PROGRAMS[name](program, folder, count)
        try:
            os.chdir(place)  # Some write where they are called.
            cost = measure(command)
        except subprocess.CalledProcessError as error:
            print(f"{count:>6}  {name:<11} fails: exit status {error.returncode}")
            return
        decks = [*Path(place).rglob("*.apkg")]
        size = f"{decks[0].stat().st_size / 2**20:6.1f} MiB deck" if decks else "fails: it wrote no deck"
        print(f"{count:>6}  {name:<11} {cost.seconds:8.2f} s {cost.mebibytes:5.0f} MiB {size}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--pairs", type=int, nargs="+", default=[1000, 10000])
    for option in ("ankdown", "ankivalenz", "mdanki"):
        arguments.add_argument(f"--{option}", type=Path)
    given = vars(arguments.parse_args())
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    installed = {"mkcards": Path(sysconfig.get_path("scripts")) / "mkcards"}
    installed |= {name: given[name] for name in PROGRAMS if given.get(name)}
    for number in given["pairs"]:
        for each, file in installed.items():
            report(each, str(file.absolute()), number)
