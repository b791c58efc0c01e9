"""The commands that look and write nothing: `list`, `diff` and `explain`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import structs

from mkcards.cli.common import FORMAT, checked, common, looked, note_named, say, status
from mkcards.config import Config
from mkcards.diagnostics import visible
from mkcards.effective import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkcards.data import Ledger
    from mkcards.explain import Verdict
    from mkcards.pipeline import Outcome


@click.command("list")
@common
@click.option("--format", "form", type=FORMAT, default="text", help="How to print.")
@click.option("--retired", is_flag=True, help="Also the cards that the notes no longer hold.")
def list_(settings: Config, verbose: bool, strict: bool, form: str, retired: bool) -> int:
    """Print the cards, and write nothing."""
    from mkcards import export

    outcome = looked(settings)
    cards = (*outcome.cards, *(outcome.retired if retired else ()))
    for line in export.as_json(cards) if form == "json" else export.as_text(cards):
        click.echo(line)
    if form == "json":
        _tell_unbuilt(outcome, "the ids are those that a first build gives")
    say(outcome.diagnostics, verbose)
    return status(outcome, strict)


@click.command()
@common
@click.option("--format", "form", type=FORMAT, default="text", help="How to print.")
def diff(settings: Config, verbose: bool, strict: bool, form: str) -> int:
    """Print what a build would do to the identity of cards, and write nothing."""
    from mkcards import diff as differ
    from mkcards import memory

    outcome = looked(settings, elsewhere=True)
    memory.check_notes(outcome.before, outcome.after, outcome.cards, outcome.output)
    found = differ.changes(outcome.before, outcome.after, outcome.cards, outcome.edits)
    for line in differ.as_json(found) if form == "json" else differ.as_text(found):
        click.echo(line)
    say(outcome.diagnostics, verbose)
    return status(outcome, strict)


@click.command()
@click.argument("place", metavar="NOTE[:LINE]")
@click.option("--format", "form", type=FORMAT, default="text", help="How to print.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The deck.")
@click.option("--config", "file", type=click.Path(path_type=Path), help="Settings; else config.yaml.")
def explain(place: str, form: str, output: Path | None, file: Path | None) -> int:
    """Say for each place of a note which rule made a card of it, and which guard said no; write nothing."""
    from mkcards import explain as explainer
    from mkcards import memory, outputs, upkeep

    name, _, line = place.rpartition(":")
    named = Path(name if name and line.isdecimal() else place)
    found = chosen(file, (named,), {"output": output})
    note = note_named(named, found.config)
    configured = found.config.notes
    found = replace(found, config=replace(found.config, notes=configured or (note,)))
    settings = checked(found, "output")
    deck = outputs.output_of(settings)
    ledger, _ = memory.recall(settings, deck)
    said = _left_out(note, configured, settings, ledger)
    if not said:
        settings = replace(settings, notes=(note,), output=deck, vault=upkeep.vault_of(note, ledger) or settings.vault)
        outcome = looked(settings)
        known = {card.id: card.changed for card in outcome.before.cards}
        dropped = [card for card in outcome.after.cards if card.dropped and card.line]
        cards = [structs.replace(card, changed=known[card.id]) for card in outcome.cards if card.id in known]
        said = explainer.verdicts(note, settings, [*cards, *dropped], int(line) if named != Path(place) else 0)
        _tell_unbuilt(outcome, "no id is shown")
    for shown in explainer.as_json(said) if form == "json" else explainer.as_text(said):
        click.echo(shown)
    return 0


def _left_out(note: Path, configured: Sequence[Path], settings: Config, ledger: Ledger) -> list[Verdict]:
    """Return why a build does not read a note: one of what is configured, or else of what the deck was built from.

    Without either, it is one of the current folder.
    """
    from mkcards import left_out
    from mkcards.discover import MARKER, vault_root
    from mkcards.explain import Verdict

    here = Path.cwd()
    file = Path(os.path.normpath(here / note))
    if configured:
        root = vault_root(configured, settings.vault)
        tops = [Path(os.path.normpath(here / path)) for path in configured]
    else:
        root = left_out.folder_around(file, [card.path for card in ledger.cards]) or vault_root((note,), settings.vault)
        tops = [Path(os.path.normpath(root / path)) for path in ledger.roots]
    if not any(map(file.is_relative_to, tops)) and not configured:
        unmarked = root == file.parent and not (root / MARKER).is_dir()
        root = here if unmarked and file.is_relative_to(here) else root
        tops = [root]
    why = left_out.reason(file, root, tops, settings.exclude)
    return [Verdict(Path(os.path.relpath(file, root)).as_posix(), 0, "note", reason=why)] if why else []


def _tell_unbuilt(outcome: Outcome, ids: str) -> None:
    """Say what follows for the ids of the cards, if no deck was built."""
    if not outcome.before.roots:
        message = f"these notes are in no deck of this name, so {ids}; name the deck with -o"
        click.echo(visible(f"{outcome.output}: ledger-missing {message}"), err=True)
