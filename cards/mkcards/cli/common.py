"""What the commands share: the options that name notes, settings and deck, and how a run speaks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mkcards.edition import edition
from mkcards.effort import Effort, cores
from mkcards.errors import UsageError

if TYPE_CHECKING:
    from mkcards.config import Config
    from mkcards.diagnostics import Diagnostic
    from mkcards.effective import Effective
    from mkcards.pipeline import Outcome
    from mkcards.reading import Progress

_EFFORT: Final = "mkcards.effort"
_EMPTY_CARD: Final = "empty-card"
OPEN_QUESTION: Final = "open-question"
DATE: Final = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
FORMAT: Final = click.Choice(["text", "json"])


def given(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the notes and the options that all share, as they are given.

    They decide the effort of its runs, too.
    """

    @click.argument("notes", nargs=-1, type=click.Path(path_type=Path))
    @click.option("-o", "--output", type=click.Path(path_type=Path), help="The deck: *.apkg, *.csv or *.jsonl.")
    @click.option("--config", "file", type=click.Path(path_type=Path), help="Settings; else config.yaml.")
    @click.option("-v", "--verbose", is_flag=True, help="Say remarks too.")
    @click.option("--strict", is_flag=True, help="Exit 1 on warnings, as on errors.")
    @click.option("--jobs", type=click.IntRange(1), help="Processes that may work at once; else one a core.")
    @click.option("--no-cache", is_flag=True, help="Read every note again; what comes out is the same.")
    @wraps(command)
    def as_given(jobs: int | None, no_cache: bool, **options: Any) -> int:
        click.get_current_context().meta[_EFFORT] = Effort(jobs or cores(), "" if no_cache else edition())
        return command(**options)

    return as_given


def common(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the notes and the options that all share, and hand it the effective settings."""

    @given
    @wraps(command)
    def with_settings(notes: tuple[Path, ...], output: Path | None, file: Path | None, **options: Any) -> int:
        removes = bool(options.get("remove"))
        return command(resolved(notes, output, file, must_be_there=not removes), **options)

    return with_settings


def effort() -> Effort:
    """Return the effort of the command that runs."""
    asked: Effort | None = click.get_current_context().meta.get(_EFFORT)
    return asked or Effort(cores(), edition())


def resolved(
    notes: tuple[Path, ...], output: Path | None, file: Path | None, *, must_be_there: bool = True
) -> Config:
    """Return the settings that hold for these options, read anew.

    Raises UsageError; without `must_be_there`, not for notes or a vault that are gone.
    """
    from mkcards.effective import chosen

    found = chosen(file, notes, {"notes": notes, "output": output})
    return checked(found, *(("notes", "vault", "output") if must_be_there else ("output",)))


def checked(found: Effective, *names: str) -> Config:
    """Return the settings. Raises UsageError for one of `names` that can't be meant, with its line if a file sets it.

    `names` are of `notes`, `vault` and `output`.
    """
    from mkcards import outputs
    from mkcards.discover import vault_root
    from mkcards.effective import COMMAND_LINE

    config = found.config
    checks: dict[str, Callable[[], object]] = {
        "notes": lambda: config.notes and vault_root(config.notes, Path()),  # Whatever the vault is.
        "vault": lambda: config.notes and vault_root(config.notes, config.vault),
        "output": lambda: outputs.output_of(config),
    }
    for name in names:
        try:
            checks[name]()
        except UsageError as error:
            source = found.sources.get(name, COMMAND_LINE)
            if source == COMMAND_LINE:
                raise
            place, _, said = str(error).partition(": ")
            code, _, what = said.partition(" ")
            raise UsageError(f"{source}: {code} `{name}` is {place}: {what}") from error
    return config


def for_deck(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that name a deck, and hand it the settings and the deck."""

    @click.option("-o", "--output", type=click.Path(path_type=Path), help="The deck; else that of config.yaml.")
    @click.option("--config", "file", type=click.Path(path_type=Path), help="Settings; else config.yaml.")
    @wraps(command)
    def with_deck(output: Path | None, file: Path | None, **options: Any) -> int:
        from dataclasses import replace

        from mkcards import outputs
        from mkcards.effective import chosen

        found = chosen(file, (), {"output": output})
        settings = found.config
        if settings.output is None and not settings.notes:
            raise UsageError("output: no-deck none is named; say which with -o")
        named = replace(found, config=replace(settings, notes=settings.notes or (Path(),)))
        return command(settings, outputs.output_of(checked(named, "output")), **options)

    return with_deck


def note_named(name: Path, settings: Config) -> Path:
    """Return the note of a path from here, or from the vault root, as `mkcards check` prints it.

    Where neither notes nor a vault are set, the vault is any folder in the current one. Raises UsageError, for a
    folder, too.
    """
    found = [name] if name.exists() else _in_vault(name, settings)
    if len(found) != 1:
        raise UsageError(f"{name}: not-found there is no such file or folder; check the name")
    if found[0].is_dir():
        raise UsageError(f"{name}: no-note it is a folder; name one of its notes")
    return found[0]


def _in_vault(name: Path, settings: Config) -> list[Path]:
    from mkcards.discover import vault_root

    if settings.notes or settings.vault:
        roots = [vault_root(settings.notes or (Path(),), settings.vault)]
    else:
        roots = [folder for folder in Path().iterdir() if folder.is_dir()]
    return [root / name for root in roots if (root / name).exists()]


def looked(settings: Config, *, elsewhere: bool = False) -> Outcome:
    """Return what a build would find, and write nothing."""
    from mkcards import outputs, pipeline

    with progress() as told:
        return pipeline.cards(settings, now=outputs.clock(), progress=told, elsewhere=elsewhere, effort=effort())


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
        tell(diagnostic.severity, str(diagnostic), verbose)


def tell(severity: str, text: str, verbose: bool) -> None:
    """Print a diagnostic for people; a remark only if asked."""
    if verbose or severity != "remark":
        click.echo(text, err=True)


def counts(outcome: Outcome, news: str = "") -> str:
    """Return how many notes, cards and open questions there are, and how many cards show nothing."""
    questions = sum(diagnostic.code == OPEN_QUESTION for diagnostic in outcome.diagnostics)
    empty = sum(one.code == _EMPTY_CARD and one.severity == "error" for one in outcome.diagnostics)
    cards = number(len(outcome.cards), "card") + news
    left_out = (f"{empty} left out",) if empty else ()
    return " · ".join((number(outcome.notes, "note"), cards, *left_out, number(questions, "open question")))


def number(count: int, what: str) -> str:
    """Return a count with its noun."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def status(outcome: Outcome, strict: bool) -> int:
    """Return the exit status that the diagnostics ask for."""
    return int(any(wrong(diagnostic.severity, strict) for diagnostic in outcome.diagnostics))


def wrong(severity: str, strict: bool) -> bool:
    """Tell whether a diagnostic of this severity makes the exit status 1."""
    return severity == "error" or (strict and severity == "warning")
