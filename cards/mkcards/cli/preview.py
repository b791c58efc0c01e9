"""`mkcards preview`."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from mkcards.cli.common import looked, number, resolved, say, status
from mkcards.diagnostics import visible


@click.command()
@click.argument("notes", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default="preview.html", show_default=True,
    help="The page.",
)  # fmt: skip
@click.option("--open", "opened", is_flag=True, help="Show the page in the browser.")
@click.option("--deck", type=click.Path(path_type=Path), help="The deck to compare with; else that of config.yaml.")
@click.option("--config", "file", type=click.Path(path_type=Path), help="Settings; else config.yaml.")
@click.option("-v", "--verbose", is_flag=True, help="Say remarks too.")
@click.option("--strict", is_flag=True, help="Exit 1 on warnings, as on errors.")
def preview(
    notes: tuple[Path, ...],
    output: Path,
    opened: bool,
    deck: Path | None,
    file: Path | None,
    verbose: bool,
    strict: bool,
) -> int:
    """Write every card as Anki will show it into one page, beside its note; change neither deck nor ledger."""
    from mkcards import preview as previews

    settings = resolved(notes, deck, file)
    outcome = looked(settings)
    named = None if deck is None and settings.output is not None else outcome.output
    page = previews.page(outcome, settings, previews.drop_command(named))
    previews.write(output, page.html)
    say((*outcome.diagnostics, *page.diagnostics), verbose)
    click.echo(visible(f"{output}: {number(page.cards, 'card')} of {number(outcome.notes, 'note')}"))
    if opened and not webbrowser.open(output.resolve().as_uri()):
        click.echo(visible(f"There is no browser to open {output} with, so open it by hand"), err=True)
    return status(outcome, strict)
