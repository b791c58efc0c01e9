"""The command line; the only module that prints or exits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click_default_group import DefaultGroup

from mkcards import __version__
from mkcards.config import Config, find, load
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.errors import MkcardsError

if TYPE_CHECKING:
    from mkcards.pipeline import Outcome, Progress

OPEN_QUESTION = "open-question"


def main() -> None:
    """Run the command line and exit: 0 done, 1 notes have errors, 2 usage or configuration."""
    for stream in (sys.stdout, sys.stderr):
        # File names may hold bytes that are no text, and a terminal may know few characters.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = cli.main(standalone_mode=False, prog_name="mkcards")
    except MkcardsError as error:
        status = _stop(str(error), 2)
    except click.ClickException as error:
        status = _stop(f"mkcards: {error.format_message()}", 2)
    except OSError as error:
        status = _stop(f"mkcards: {error}", 2)
    except (click.Abort, KeyboardInterrupt):
        status = _stop("mkcards: interrupted", 130)
    sys.exit(status)


def _stop(message: str, status: int) -> int:
    click.echo(message, err=True)
    return status


@click.group(
    cls=DefaultGroup,
    default="build",
    default_if_no_args=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="mkcards %(version)s")
def cli() -> None:
    """Compile Markdown and Obsidian notes into an Anki deck.

    `mkcards NOTES -o DECK.apkg` is short for `mkcards build NOTES -o DECK.apkg`.
    """


def _common(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the notes and the options that all share, and hand it the effective settings."""

    @click.argument("notes", nargs=-1, type=click.Path(path_type=Path))
    @click.option("-o", "--output", type=click.Path(path_type=Path), help="The deck.")
    @click.option("--config", "file", type=click.Path(path_type=Path), help="Settings; else config.yaml.")
    @click.option("-v", "--verbose", is_flag=True, help="Say remarks too.")
    @click.option("--strict", is_flag=True, help="Exit 1 on warnings, as on errors.")
    @wraps(command)
    def with_settings(notes: tuple[Path, ...], output: Path | None, file: Path | None, **options: Any) -> int:
        file = file or find(Path(), notes)
        settings = load(file) if file else Config()
        settings = replace(settings, notes=notes or settings.notes, output=output or settings.output)
        return command(settings, **options)

    return with_settings


@click.command()
@_common
def build(settings: Config, verbose: bool, strict: bool) -> int:
    """Bring the deck up to date with the notes."""
    from mkcards import outputs, pipeline

    with _progress() as progress:
        outcome = pipeline.build(settings, now=outputs.clock(), progress=progress)
    _say(outcome.diagnostics, verbose)
    click.echo(_summary(outcome))
    return _status(outcome, strict)


@click.command("list")
@_common
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
@click.option("--retired", is_flag=True, help="Also the cards that the notes no longer hold.")
def list_(settings: Config, verbose: bool, strict: bool, form: str, retired: bool) -> int:
    """Print the cards, and write nothing."""
    from mkcards import export

    outcome = _looked(settings)
    cards = outcome.cards + (outcome.retired if retired else ())
    for line in export.as_json(cards) if form == "json" else export.as_text(cards):
        click.echo(line)
    _say(outcome.diagnostics, verbose)
    return _status(outcome, strict)


@click.command()
@_common
@click.option("--open-questions", is_flag=True, help="Only the questions without an answer.")
def check(settings: Config, verbose: bool, strict: bool, open_questions: bool) -> int:
    """Print all that a good editor would say, and write nothing."""
    outcome = _looked(settings)
    for diagnostic in outcome.diagnostics:
        if diagnostic.code == OPEN_QUESTION or not open_questions:
            click.echo(str(diagnostic))
    click.echo(_counts(outcome), err=True)
    return _status(outcome, strict)


def _looked(settings: Config) -> Outcome:
    from mkcards import outputs, pipeline

    with _progress() as progress:
        return pipeline.cards(settings, now=outputs.clock(), progress=progress)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal, and nothing anywhere else."""
    if not sys.stderr.isatty():
        yield lambda done, notes: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading notes")
        yield lambda done, notes: bar.update(task, completed=done, total=notes)


def _say(diagnostics: Iterable[Diagnostic], verbose: bool) -> None:
    for diagnostic in diagnostics:
        if verbose or diagnostic.severity != Severity.REMARK:
            click.echo(str(diagnostic), err=True)


def _counts(outcome: Outcome, news: str = "") -> str:
    questions = sum(diagnostic.code == OPEN_QUESTION for diagnostic in outcome.diagnostics)
    cards = _number(len(outcome.cards), "card") + news
    return " · ".join((_number(outcome.notes, "note"), cards, _number(questions, "open question")))


def _summary(outcome: Outcome) -> str:
    if not outcome.written:
        return f"{_counts(outcome)} · {outcome.output} is up to date, nothing written"
    return _counts(outcome, f": {outcome.new} new, {outcome.changed} changed, {outcome.gone} retired")


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _status(outcome: Outcome, strict: bool) -> int:
    wrong = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return int(any(diagnostic.severity in wrong for diagnostic in outcome.diagnostics))


for _command in (build, list_, check):
    cli.add_command(_command)
