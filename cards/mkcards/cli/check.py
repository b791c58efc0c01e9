"""`mkcards check`."""

from __future__ import annotations

from dataclasses import replace

import click

from mkcards.cli.common import OPEN_QUESTION, common, counts, looked, wrong
from mkcards.codes import FINDINGS
from mkcards.config import Config
from mkcards.diagnostics import not_known
from mkcards.errors import UsageError

_FORMATS = click.Choice(["text", "json", "github", "sarif"])


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    before, comma, last = incomplete.rpartition(",")
    return [before + comma + code for code in FINDINGS if code.startswith(last)]


@click.command()
@common
@click.option("--format", "form", type=_FORMATS, default="text", help="How to print.")
@click.option("--open-questions", is_flag=True, help="Only the questions for which no answer is found, by note.")
@click.option("--select", multiple=True, metavar="CODES", shell_complete=_complete, help="Only these; with commas.")
@click.option("--ignore", multiple=True, metavar="CODES", shell_complete=_complete, help="None of these.")
def check(
    settings: Config,
    verbose: bool,
    strict: bool,
    form: str,
    open_questions: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
) -> int:
    """Print all that a good editor would say, and write nothing.

    Exits with 1 if any of it is an error, with --strict also if it is a warning. The README lists the codes.
    """
    from mkcards import editor, report

    chosen = (OPEN_QUESTION,) if open_questions else _codes("--select", select) or settings.select
    settings = replace(settings, select=chosen, ignore=_codes("--ignore", ignore) or settings.ignore)
    outcome = looked(settings)
    faults = editor.unshown(outcome.cards, outcome.found.vault)
    found = editor.findings(outcome, faults, settings)
    found.sort(key=lambda one: (one.path, one.line, one.code))
    grouped = open_questions and form == "text"
    lines = report.open_questions(found) if grouped else report.FORMATS[form](found, outcome.found.vault.root)
    for line in lines:
        click.echo(line)
    click.echo(counts(outcome), err=True)
    return int(any(wrong(one.severity, strict) for one in found))


def _codes(option: str, given: tuple[str, ...]) -> tuple[str, ...]:
    codes = tuple(code.strip() for one in given for code in one.split(",") if code.strip())
    for code in codes:
        if code not in FINDINGS:
            raise UsageError(f"{option}: unknown-code {not_known('code', code, tuple(FINDINGS))}")
    return codes
