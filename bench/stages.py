"""Says where the time of a cold build goes: each stage beside the bare markdown-it-py parse of the same notes.

    python bench/stages.py FOLDER...

All in one process and in its processor time, so that the stages add up; each line leaves out what the other lines
name. Worker processes share the lines up to `Reader._look` (the rendering); those from `pipeline.discover` on are
work of one process. The first notes are read once unmeasured: what a process loads and compiles only once is no time
of a note. Below stand the rules, as `bench/rules.py` times them, and what else extraction does.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from unittest import mock

from markdown_it import MarkdownIt

from mkcards import extract, parse, pipeline, reading, writing
from mkcards import ledger as ledgers
from mkcards.appearance import Wardrobe
from mkcards.config import Config
from rules import bare_seconds, extract_all, forget, texts

SHARED = (
    (reading, "load"),
    (reading, "decoded"),
    (MarkdownIt, "parse"),
    (parse, "build"),
    (parse, "loosen"),
    (parse, "_note"),
    (parse, "read_front_matter"),
    (extract, "detect"),
    (extract, "references"),
    (extract, "_run"),
    (reading.Reader, "_look"),
)
"""What workers do to each note; `parse` of markdown-it is the search for blocks, as long as nothing else needs it."""
ALONE = (
    (pipeline, "discover"),
    (pipeline, "filed"),
    (pipeline, "digests"),
    (pipeline, "identify"),
    (pipeline, "_written"),
    (Wardrobe, "rendered"),
    (ledgers, "write"),
    (writing, "write"),
)
REST = "all other"
WARM = 40
"""Notes that are read once unmeasured."""


class Clock:
    """Adds up the processor time of functions; that of one inside another counts for the inner one alone."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._inside: list[float] = []

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function so that it is timed."""

        @wraps(function)
        def run(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            self._inside.append(0.0)
            try:
                return function(*given, **named)
            finally:
                took = time.process_time() - start
                self.spent[name] = self.spent.get(name, 0.0) + took - self._inside.pop()
                if self._inside:
                    self._inside[-1] += took

        return run

    @contextmanager
    def watching(self, functions: tuple[tuple[Any, str], ...]) -> Iterator[None]:
        """Time functions as long as the context lasts."""
        with ExitStack() as stack:
            for owner, name in functions:
                timed = self.timed(_label(owner, name), getattr(owner, name))
                stack.enter_context(mock.patch.object(owner, name, timed))
            yield


def _label(owner: Any, name: str) -> str:
    return f"{owner.__name__.rpartition('.')[2]}.{name}"


def report(folder: Path) -> None:
    """Print what each stage takes of one folder's notes."""
    notes = texts(folder)
    for path, text in notes[:WARM]:
        extract.extract(parse.parse(path, text)[0], Config())
    forget()
    gc.disable()  # As in the workers.
    bare = bare_seconds(notes)
    clock = Clock()
    with tempfile.TemporaryDirectory(prefix="mkcards-bench-") as work:
        config = Config(notes=(folder,), output=Path(work) / "deck.apkg")
        start = time.process_time()
        with clock.watching((*SHARED, *ALONE)):
            pipeline.build(config, now=1)
        whole = time.process_time() - start
    clock.spent[REST] = whole - sum(clock.spent.values())
    count = len(notes)
    print(f"{folder}: {count} notes of {sum(len(text) for _, text in notes) / count:.0f} characters")
    labels = [_label(*one) for one in (*SHARED, *ALONE)]
    lines = [("bare parse", bare), *((name, clock.spent.get(name, 0.0)) for name in (*labels, REST)), ("all", whole)]
    forget()
    rules = extract_all([parse.parse(path, text)[0] for path, text in notes])
    for name, seconds in (*lines, *((f"  rule {name}", seconds) for name, seconds in rules.items())):
        print(f"{name:<30} {seconds / count * 1000:8.3f} ms a note {seconds / bare:8.2f} x bare parse")
    gc.enable()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folders", type=Path, nargs="+")
    for given in arguments.parse_args().folders:
        report(given)
