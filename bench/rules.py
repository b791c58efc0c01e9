"""Times each rule over a folder of notes, as a share of the bare markdown-it-py parse of the same notes.

    python bench/rules.py FOLDER

A rule is timed at its place in the order of all rules, so it sees what the earlier ones took. All times are the
processor's, which a busy machine hardly changes.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from unittest import mock

from markdown_it import MarkdownIt

from mkcards import extract
from mkcards.config import Config
from mkcards.data import Candidate, Note, NoteFile
from mkcards.diagnostics import Diagnostic
from mkcards.discover import read
from mkcards.parse import parse
from mkcards.rule import Look
from mkcards.rules import RULES

_CACHED = type(lru_cache(lambda: None))
Finder = Callable[[Look], Iterator[Candidate | Diagnostic]]


def timed(name: str, find: Finder, spent: dict[str, float]) -> Finder:
    """Return the finder of a rule so that it adds its seconds to `spent`."""

    def find_timed(look: Look) -> Iterator[Candidate | Diagnostic]:
        start = time.process_time()
        found = list(find(look))
        spent[name] += time.process_time() - start
        return iter(found)

    return find_timed


def texts(folder: Path) -> list[tuple[str, str]]:
    """Return path and text of the readable notes below a folder."""
    found = ((str(file), read(NoteFile(str(file), file))[0]) for file in sorted(folder.rglob("*.md")))
    return [(path, text) for path, text in found if text is not None]


def bare_seconds(notes: list[tuple[str, str]]) -> float:
    """Return how long the bare parse of the notes takes."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    start = time.process_time()
    for _, text in notes:
        parser.parse(text)
    return time.process_time() - start


def forget() -> None:
    """Empty the caches of texts that a process has seen; a cold build sees each note once."""
    for one in gc.get_objects():
        if isinstance(one, _CACHED) and str(one.__module__).startswith("mkcards.") and one.cache_info().maxsize:
            one.cache_clear()


def extract_all(parsed: list[Note]) -> dict[str, float]:
    """Return the seconds that each rule spends on the notes."""
    spent: dict[str, float] = dict.fromkeys((rule.name for rule in RULES), 0.0)
    rules = tuple(replace(rule, find=timed(rule.name, rule.find, spent)) for rule in RULES)
    with mock.patch.object(extract, "installed", lambda: rules):
        start = time.process_time()
        for note in parsed:
            extract.extract(note, Config())
        total = time.process_time() - start
    spent["(the rest of extract)"] = total - sum(spent.values())
    return spent


def report(folder: Path) -> None:
    """Print one line for the bare parse, for ours and for each rule."""
    notes = texts(folder)
    if not notes:
        raise SystemExit(f"{folder}: no notes below it; name another folder")
    bare = bare_seconds(notes)
    start = time.process_time()
    parsed = [parse(path, text)[0] for path, text in notes]
    ours = time.process_time() - start
    print(f"{len(notes)} notes, {sum(len(text) for _, text in notes) / 1e6:.1f} million characters")
    extract_all(parsed)  # Unmeasured: it loads what the rules load when they first need it.
    forget()
    slowest_first = sorted(extract_all(parsed).items(), key=lambda line: -line[1])
    for name, seconds in (("bare parse", bare), ("parse", ours), *slowest_first):
        print(f"{name:<24} {seconds:8.3f} s {seconds / bare:8.1%} of the bare parse")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folder", type=Path)
    report(arguments.parse_args().folder)
