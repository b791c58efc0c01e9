"""The command line; the only part that prints or exits."""

from __future__ import annotations

import errno
import gc
import os
import sys
from importlib import import_module
from types import MappingProxyType

import click
from click.shell_completion import CompletionItem
from click_default_group import DefaultGroup

from mkcards import __version__
from mkcards.errors import MkcardsError

COMMANDS = MappingProxyType(
    {
        "build": "build.build",
        "list": "look.list_",
        "check": "check.check",
        "explain": "look.explain",
        "diff": "look.diff",
        "watch": "watch.watch",
        "schedule": "schedule.schedule",
        "push": "push.push",
        "preview": "preview.preview",
        "drop": "ledger.drop",
        "undrop": "ledger.undrop",
        "forget": "ledger.forget",
        "merge-ledgers": "ledger.merge_ledgers",
        "config": "config.config",
    }
)
"""Every command and where it stands; only the one that runs is imported."""


class _Commands(DefaultGroup):  # type: ignore[misc]  # it comes without types
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[:1] == ["--"]:
            args = [self.default_cmd_name, *args]
        if not ctx.resilient_parsing:
            parsed: list[str] = super().parse_args(ctx, args)
            return parsed
        # While a shell completes the first word, it may yet become any command.
        return click.Group.parse_args(self, ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        found: list[CompletionItem] = super().shell_complete(ctx, incomplete)
        return found or [CompletionItem(incomplete, type="file")]

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for name in {cmd_name, self.default_cmd_name} & COMMANDS.keys():
            module, _, function = COMMANDS[name].partition(".")
            self.add_command(getattr(import_module(f"{__name__}.{module}"), function))
        command: click.Command | None = super().get_command(ctx, cmd_name)
        return command


def main() -> None:
    """Run the command line and exit: 0 done, 1 notes have errors, 2 usage or configuration."""
    # What a run makes lives to its end and hardly holds a cycle: looking for those took a sixth of the time.
    gc.disable()
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
        status = _stop(_refusal(error), 2)
    except MemoryError:
        status = _stop("mkcards: memory there is too little; close other programs, or name fewer notes", 2)
    except (click.Abort, KeyboardInterrupt):
        status = _stop("mkcards: interrupted", 130)
    sys.exit(status)


def _refusal(error: OSError) -> str:
    """What there is to say when the system refuses what nobody foresaw."""
    try:
        os.getcwd()  # noqa: PTH109
    except OSError:
        return "mkcards: not-found the current folder is gone; go to another one"
    if error.filename is None and error.errno == errno.ENOSPC:
        return f"mkcards: system what it prints can't be written ({error.strerror}); make room, or send it elsewhere"
    return f"{error.filename or 'mkcards'}: system {error.strerror or error}; mend that, or name another place"


def _stop(message: str, status: int) -> int:
    from mkcards.diagnostics import visible

    click.echo(visible(message), err=True)
    return status


@click.group(
    cls=_Commands,
    default="build",
    default_if_no_args=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="mkcards %(version)s")
def cli() -> None:
    """Compile Markdown and Obsidian notes into an Anki deck.

    `mkcards NOTES -o DECK.apkg` is short for `mkcards build NOTES -o DECK.apkg`.
    """
