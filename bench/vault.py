"""Writes a vault of N notes, the same for the same N: about 3 KB and five cards each, or like those of a real vault.

python bench/vault.py FOLDER N [--like VAULT]
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

FOLDERS = ("Papers", "Concepts", "Lectures/Spring", "Lectures/Autumn")
NOUNS = (
    *("policy", "model", "network", "signal", "dataset", "gradient", "feature"),
    *("layer", "probe", "reward", "agent", "prior", "sample", "kernel"),
)
QUALITIES = (
    *("sparse", "noisy", "stable", "hidden", "learned", "linear"),
    *("robust", "global", "local", "causal", "dense", "smooth"),
)
VERBS = (
    *("predicts", "limits", "shifts", "encodes", "removes", "averages"),
    *("compares", "updates", "samples", "bounds", "masks", "scales"),
)
SECTION = ("Method", "Results", "Setting", "Remarks", "Evaluation", "Notation")
TARGET_BYTES = 3000


class Writer:
    """Sentences and the constructs of a note, from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def term(self) -> str:
        """Return a noun phrase such as `sparse reward model`."""
        first, second = self.chance.sample(NOUNS, 2)
        return f"{self.chance.choice(QUALITIES)} {first} {second}"

    def clause(self) -> str:
        """Return a clause without capital or full stop."""
        verb, other = self.chance.sample(VERBS, 2)
        return f"the {self.term()} {verb} every {self.term()} and {other} the {self.term()}"

    def prose(self) -> str:
        """Return a paragraph with links, emphasis, math and code, which makes no card."""
        number = self.chance.randrange(999)
        said = [
            f"{self.clause().capitalize()}, as *{self.term()}* does in [[{self.term().title()}|this note]].",
            f"With $x_{number % 9} \\le {number}$ {self.clause()} `step({self.term()!r})`.",
            f"{self.clause().capitalize()}; see [the slides](https://example.org/{number}).",
            f"Since **{self.term()}** matters here, {self.clause()} #lecture/{self.chance.choice(NOUNS)}.",
        ]
        return " ".join(self.chance.sample(said, 2))

    def definition(self) -> str:
        """Return a quoted definition below its lead-in line."""
        term = self.term()
        meaning = f"By {term} I mean a {self.term()} in which {self.clause()}."
        return f'On "[[{term.title()}]]":\n> {meaning} {self.prose()}'

    def bold_definition(self) -> str:
        """Return a sentence that defines its bold term."""
        return f"A **{self.term()}** is a {self.term()} in which {self.clause()}."

    def term_line(self) -> str:
        """Return a term and what it is."""
        text = f"a {self.term()} that {self.chance.choice(VERBS)} the {self.term()}"
        return f"**{self.term().capitalize()}**: {text}"

    def labelled_list(self) -> str:
        """Return a bulleted list below a bold label."""
        items = "\n".join(f"- {self.clause()}" for _ in range(3))
        return f"**Three limits of the {self.term()}**:\n{items}"

    def question(self) -> str:
        """Return a highlighted question, half of the time with its answer."""
        asked = f"==Why does the {self.term()} need a {self.term()}?=="
        return f"{asked} Because {self.clause()}." if self.chance.random() < 0.5 else asked

    def quiet(self) -> str:
        """Return a construct that makes no card."""
        made = (
            f"```python\n{self.chance.choice(NOUNS)} = {self.chance.randrange(99)}  # ==no question?==\n```",
            f"| name | value |\n|---|---|\n| {self.term()} | {self.chance.random():.3f} |",
            f"%% {self.clause()} %%",
            f"- [ ] read about the {self.term()}\n- [x] mail the {self.chance.choice(NOUNS)} group",
            f"> [!warning] {self.term().capitalize()}\n> {self.clause()}.",
            f"$$\\sum_i {self.chance.choice('abc')}_i = {self.chance.randrange(99)}$$",
        )
        return self.chance.choice(made)

    def note(self, size: int = TARGET_BYTES) -> str:
        """Return a whole note of about `size` characters."""
        term = self.term()
        title = f"{term.capitalize()} {self.chance.randrange(10**6)}"
        head = f"---\ntitle: {title}\ntags: [bench, {term.split()[0]}]\n---"
        makers = [self.definition, self.bold_definition, self.term_line, self.labelled_list, self.question]
        self.chance.shuffle(makers)
        parts = [head]
        for section, make in zip(self.chance.sample(SECTION, len(makers)), makers, strict=True):
            parts += [f"## {section}", make(), self.prose(), self.quiet()]
        while sum(map(len, parts)) < size - 200:
            parts.append(self.prose())
        links = "\n".join(f"- [[{self.term().title()}]]" for _ in range(4))
        return "\n\n".join([*parts, f"# Related\n\n{links}", ""])


def edit(file: Path) -> None:
    """Change a note of `write_vault` so that one card of it is new, another one each time."""
    text = file.read_text(encoding="utf-8")
    added = Writer(time.time_ns()).term_line()
    end = "# Related" if "# Related\n" in text else ""
    head, _, tail = text.rpartition(end) if end else (text, "", "")
    file.write_text(f"{head}\n\n{added}\n\n{end}{tail}", encoding="utf-8")


def write_vault(folder: Path, count: int, size: int = TARGET_BYTES) -> None:
    """Write `count` notes of about `size` characters below `folder`, which must not hold any yet."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    for number in range(count):
        place = folder / FOLDERS[number % len(FOLDERS)] / f"note {number:05}.md"
        place.write_text(Writer(number).note(size), encoding="utf-8")


def write_like(folder: Path, count: int, model: Path) -> None:
    """Write `count` notes below `folder` with the text of those of a real vault, in an order of chance.

    Only titles and ids differ, so that no two notes are one. Notes come again when the vault has too few.
    """
    files = sorted(file for file in model.rglob("*.md") if "/." not in f"/{file.relative_to(model)}")
    random.Random(0).shuffle(files)
    for number in range(count):
        file = files[number % len(files)]
        place = folder / FOLDERS[number % len(FOLDERS)] / f"note {number:05}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
        place.write_text(_retitled(text, f"{file.stem} {number:05}"), encoding="utf-8")


def _retitled(text: str, title: str) -> str:
    meta, end, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not end:
        meta, body = "", text
    kept = [line for line in meta.split("\n") if not line.startswith(("title:", "id:", "_id:", "uid:"))]
    return "\n".join(("---", f"title: {json.dumps(title, ensure_ascii=False)}", *kept, "---", body))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("count", type=int)
    arguments.add_argument("--like", type=Path)
    given = arguments.parse_args()
    if given.like:
        write_like(given.folder, given.count, given.like)
    else:
        write_vault(given.folder, given.count)
