"""The command line; the only module that prints or exits."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click_default_group import DefaultGroup

from mkcards import __version__
from mkcards.config import Config, find, load
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.errors import MkcardsError, UsageError
from mkcards.options import DATE, FORMAT, common, for_deck

if TYPE_CHECKING:
    from mkcards.pipeline import Outcome, Progress

OPEN_QUESTION = "open-question"


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


@click.command()
@common
@click.option("--restamp", is_flag=True, help="Let Anki take the cards even over what was changed there.")
@click.option("--since", type=DATE, help="With --restamp: only the cards that changed since then.")
def build(settings: Config, verbose: bool, strict: bool, restamp: bool, since: datetime | None) -> int:
    """Bring the deck up to date with the notes."""
    from mkcards import ledger, outputs, pipeline

    if since and not restamp:
        raise UsageError("--since: restamp-only it narrows --restamp; add that, or leave it out")
    again = (int(since.timestamp()) if since else 0) if restamp else None
    with _progress() as told:
        outcome = pipeline.build(settings, now=outputs.clock(), progress=told, restamp=again)
    _say(outcome.diagnostics, verbose)
    click.echo(_summary(outcome))
    if outcome.written and not outcome.before.cards:
        kept = ledger.beside(outcome.output)
        click.echo(f"{kept} is new: keep it, it remembers which card is which")
    return _status(outcome, strict)


@click.command("list")
@common
@click.option("--format", "form", type=FORMAT, default="text", help="How to print.")
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
@common
@click.option("--open-questions", is_flag=True, help="Only the questions without an answer.")
def check(settings: Config, verbose: bool, strict: bool, open_questions: bool) -> int:
    """Print all that a good editor would say, and write nothing."""
    outcome = _looked(settings)
    for diagnostic in outcome.diagnostics:
        if diagnostic.code == OPEN_QUESTION or not open_questions:
            click.echo(str(diagnostic))
    click.echo(_counts(outcome), err=True)
    return _status(outcome, strict)


@click.command()
@common
@click.option("--format", "form", type=FORMAT, default="text", help="How to print.")
def diff(settings: Config, verbose: bool, strict: bool, form: str) -> int:
    """Print what a build would do to the identity of cards, and write nothing."""
    from mkcards import diff as differ

    outcome = _looked(settings, elsewhere=True)
    found = differ.changes(outcome.before, outcome.after, outcome.cards, outcome.edits)
    for line in differ.as_json(found) if form == "json" else differ.as_text(found):
        click.echo(line)
    _say(outcome.diagnostics, verbose)
    return _status(outcome, strict)


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
    note = Path(name if name and line.isdecimal() else place)
    file = file or find(Path(), (note,))
    settings = load(file) if file else Config()
    settings = replace(settings, output=output or settings.output, notes=settings.notes or (note,))
    deck = outputs.output_of(settings)
    _, ledger, _ = memory.recall(settings, deck)
    settings = replace(settings, notes=(note,), output=deck, vault=upkeep.vault_of(note, ledger) or settings.vault)
    cards = _looked(settings).cards
    said = explainer.verdicts(note, settings, cards, int(line) if note != Path(place) else 0)
    for shown in explainer.as_json(said) if form == "json" else explainer.as_text(said):
        click.echo(shown)
    return 0


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="ID|NOTE:LINE...")
@for_deck
def drop(settings: Config, output: Path, targets: tuple[str, ...]) -> int:
    """Never ship these cards again, whatever becomes of their notes."""
    return _drop(settings, output, targets, drop=True)


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="ID|NOTE:LINE...")
@for_deck
def undrop(settings: Config, output: Path, targets: tuple[str, ...]) -> int:
    """Ship dropped cards again."""
    return _drop(settings, output, targets, drop=False)


def _drop(settings: Config, output: Path, targets: tuple[str, ...], *, drop: bool) -> int:
    from mkcards import memory, outputs, upkeep

    ids = [_target(settings, output, target) for target in targets]
    now = outputs.clock()
    before, after = memory.change(output, lambda ledger: upkeep.dropped(ledger, ids, now, drop=drop))
    changed = [card for card in after.cards if card not in before.cards]
    for card in changed:
        click.echo(f"{card.id} {card.path}: {card.key}")
    done = f"{_number(len(changed), 'card')} {'dropped' if drop else 'taken back'}"
    click.echo(f"{done} · build the deck to see it there" if changed else f"{done}, nothing written")
    return 0


def _target(settings: Config, output: Path, target: str) -> str:
    """The id that a person means: itself, or that of the card at a line of a note."""
    from mkcards import memory, outputs, pipeline, upkeep

    name, _, line = target.rpartition(":")
    if not (name and line.isdecimal()):
        return target
    _, ledger, _ = memory.recall(settings, output)
    note = Path(name)
    vault = upkeep.vault_of(note, ledger)
    if vault is None:
        raise UsageError(f"{target}: unknown-note the ledger has no card of it; build the deck first")
    looked = replace(settings, notes=(note,), vault=vault, output=output)
    found = upkeep.at_line(pipeline.cards(looked, now=outputs.clock(), with_dropped=True).cards, int(line))
    if len(found) != 1:
        which = ", ".join(card.id for card in found) or "none"
        raise UsageError(f"{target}: no-single-card the cards of this line are: {which}; name one by its id")
    return found[0].id


@click.command()
@click.option("--before", type=DATE, required=True, help="Forget what retired before this date.")
@for_deck
def forget(settings: Config, output: Path, before: datetime) -> int:
    """Take cards out of the ledger that the notes have long ceased to hold; their history can't come back."""
    from mkcards import memory, upkeep

    second = int(before.timestamp())
    old, new = memory.change(output, lambda ledger: upkeep.forgotten(ledger, second))
    click.echo(f"{_number(len(old.cards) - len(new.cards), 'retired card')} forgotten")
    return 0


@click.command("merge-ledgers")
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.argument("base", type=click.Path(path_type=Path), required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The merged ledger.")
def merge_ledgers(ours: Path, theirs: Path, base: Path | None, output: Path) -> int:
    """Merge the ledgers of one deck from two machines; of each card the later change wins.

    As git's merge driver: `git config merge.mkcards.driver "mkcards merge-ledgers %A %B %O -o %A"`, and
    `*.ledger.jsonl merge=mkcards` in .gitattributes.
    """
    from mkcards import ledger, upkeep

    sides = [ledger.load(path) for path in (ours, theirs)]
    # Where both machines made the file, git gives an empty one as their base.
    common = ledger.load(base) if base and base.exists() and base.stat().st_size else None
    ledger.write(output, ledger.dumps(upkeep.merged(sides[0], sides[1], common)))
    return 0


def _looked(settings: Config, *, elsewhere: bool = False) -> Outcome:
    from mkcards import outputs, pipeline

    with _progress() as told:
        return pipeline.cards(settings, now=outputs.clock(), progress=told, elsewhere=elsewhere)


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


for _command in (build, list_, check, explain, diff, drop, undrop, forget, merge_ledgers):
    cli.add_command(_command)
