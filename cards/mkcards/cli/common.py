"""What the commands share: the options that name notes, settings and deck, and how a run speaks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mkcards.config import Config
from mkcards.config_file import find
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.effective import effective
from mkcards.errors import UsageError

if TYPE_CHECKING:
    from mkcards.pipeline import Outcome, Progress

OPEN_QUESTION: Final = "open-question"
DATE: Final = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
FORMAT: Final = click.Choice(["text", "json"])


def common(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the notes and the options that all share, and hand it the effective settings."""

    @click.argument("notes", nargs=-1, type=click.Path(path_type=Path))
    @click.option("-o", "--output", type=click.Path(path_type=Path), help="The deck.")
    @click.option("--config", "file", type=click.Path(path_type=Path), help="Settings; else config.yaml.")
    @click.option("-v", "--verbose", is_flag=True, help="Say remarks too.")
    @click.option("--strict", is_flag=True, help="Exit 1 on warnings, as on errors.")
    @wraps(command)
    def with_settings(notes: tuple[Path, ...], output: Path | None, file: Path | None, **options: Any) -> int:
        return command(resolved(notes, output, file), **options)

    return with_settings


def resolved(notes: tuple[Path, ...], output: Path | None, file: Path | None) -> Config:
    """Return the settings that hold for these options, read anew. Raises UsageError."""
    return effective(file or find(Path(), notes), {"notes": notes, "output": output}).config


def for_deck(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that name a deck, and hand it the settings and the deck."""

    @click.option("-o", "--output", type=click.Path(path_type=Path), help="The deck; else that of config.yaml.")
    @click.option("--config", "file", type=click.Path(path_type=Path), help="Settings; else config.yaml.")
    @wraps(command)
    def with_deck(output: Path | None, file: Path | None, **options: Any) -> int:
        from mkcards import outputs

        settings = effective(file or find(Path()), {"output": output}).config
        if settings.output is None and not settings.notes:
            raise UsageError("output: no-deck none is named; say which with -o")
        return command(settings, outputs.output_of(replace(settings, notes=settings.notes or (Path(),))), **options)

    return with_deck


def looked(settings: Config, *, elsewhere: bool = False) -> Outcome:
    """Return what a build would find, and write nothing."""
    from mkcards import outputs, pipeline

    with progress() as told:
        return pipeline.cards(settings, now=outputs.clock(), progress=told, elsewhere=elsewhere)


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar on a terminal, and nothing anywhere else."""
    if not sys.stderr.isatty():
        yield lambda done, notes: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading notes")
        yield lambda done, notes: bar.update(task, completed=done, total=notes)


def say(diagnostics: Iterable[Diagnostic], verbose: bool) -> None:
    """Print diagnostics for people; remarks only if asked."""
    for diagnostic in diagnostics:
        if verbose or diagnostic.severity != Severity.REMARK:
            click.echo(str(diagnostic), err=True)


def counts(outcome: Outcome, news: str = "") -> str:
    """Return how many notes, cards and open questions there are."""
    questions = sum(diagnostic.code == OPEN_QUESTION for diagnostic in outcome.diagnostics)
    cards = number(len(outcome.cards), "card") + news
    return " · ".join((number(outcome.notes, "note"), cards, number(questions, "open question")))


def number(count: int, what: str) -> str:
    """Return a count with its noun."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def status(outcome: Outcome, strict: bool) -> int:
    """Return the exit status that the diagnostics ask for."""
    return int(any(wrong(diagnostic, strict) for diagnostic in outcome.diagnostics))


def wrong(diagnostic: Diagnostic, strict: bool) -> bool:
    """Tell whether a diagnostic makes the exit status 1."""
    return diagnostic.severity == Severity.ERROR or (strict and diagnostic.severity == Severity.WARNING)
