"""What the commands share: the options that name notes, settings and deck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from mkcards.config import Config, find, load
from mkcards.errors import UsageError

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
        file = file or find(Path(), notes)
        settings = load(file) if file else Config()
        settings = replace(settings, notes=notes or settings.notes, output=output or settings.output)
        return command(settings, **options)

    return with_settings


def for_deck(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that name a deck, and hand it the settings and the deck."""

    @click.option("-o", "--output", type=click.Path(path_type=Path), help="The deck; else that of config.yaml.")
    @click.option("--config", "file", type=click.Path(path_type=Path), help="Settings; else config.yaml.")
    @wraps(command)
    def with_deck(output: Path | None, file: Path | None, **options: Any) -> int:
        from mkcards import outputs

        file = file or find(Path())
        settings = load(file) if file else Config()
        settings = replace(settings, output=output or settings.output)
        if settings.output is None and not settings.notes:
            raise UsageError("output: no-deck none is named; say which with -o")
        return command(settings, outputs.output_of(replace(settings, notes=settings.notes or (Path(),))), **options)

    return with_deck
