"""The command that brings the deck into Anki: `push`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mkcards.cli.common import common, number, progress, say, status
from mkcards.config import Config
from mkcards.errors import UsageError

if TYPE_CHECKING:
    from mkcards.pipeline import Outcome
    from mkcards.push import Report
    from mkcards.push.plan import Plan, Target

KEY_VARIABLE: Final = "MKCARDS_ANKI_KEY"


@dataclass(frozen=True, slots=True)
class Anki:
    """Which Anki a person means, and what should become of retired cards there."""

    url: str | None
    key: str
    profile: str
    collection: Path | None
    retired: str


def into_anki(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that name an Anki, and hand it an `Anki`."""

    @click.option("--collection", type=click.Path(path_type=Path), help="A closed collection, or its profile's folder.")
    @click.option("--url", help="Where AnkiConnect answers; else http://127.0.0.1:8765.")
    @click.option("--key", default="", envvar=KEY_VARIABLE, help=f"AnkiConnect's key; or {KEY_VARIABLE}.")
    @click.option("--profile", default="", help="The profile that Anki must have open.")
    @click.option(
        "--retired",
        type=click.Choice(["tag", "suspend", "delete"]),
        default="tag",
        help="What becomes of cards that the notes no longer hold.  [default: tag]",
    )
    @wraps(command)
    def with_anki(
        settings: Config, collection: Path | None, url: str | None, key: str, profile: str, retired: str, **options: Any
    ) -> int:
        if collection and (url or profile):
            raise UsageError("--collection: push-target it names a closed collection; leave out --url and --profile")
        return command(settings, Anki(url, key, profile, collection, retired), **options)

    return with_anki


@contextmanager
def target(anki: Anki) -> Iterator[Target]:
    """Give the Anki that a person means. Raises AnkiError when it can't be had."""
    if anki.collection:
        from mkcards.push.collection import closed

        with closed(anki.collection) as collection:
            yield collection
    else:
        from mkcards.push.connect import URL, Connect

        with Connect(anki.url or URL, anki.key, anki.profile) as connection:
            yield connection


@click.command()
@common
@into_anki
@click.option("--overwrite", multiple=True, metavar="ID|all", help="Take the notes' side where Anki differs.")
@click.option("--again", is_flag=True, help="Also add cards that were deleted in Anki.")
@click.option("--yes", is_flag=True, help="Suspend or delete more than a fifth of the cards.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
def push(
    settings: Config,
    anki: Anki,
    verbose: bool,
    strict: bool,
    overwrite: tuple[str, ...],
    again: bool,
    yes: bool,
    dry_run: bool,
) -> int:
    """Bring the deck up to date with the notes, and Anki with the deck.

    Anki runs with the add-on AnkiConnect, or is closed and its collection named with --collection.
    """
    from mkcards import push as pusher

    wishes = pusher.Wishes(anki.retired, frozenset(overwrite), again)
    with target(anki) as to, built(settings, dry_run) as outcome:
        report = pusher.push(outcome.output, outcome.after, to, wishes, yes=yes, dry_run=dry_run)
    say((*outcome.diagnostics, *report.diagnostics), verbose)
    if dry_run:
        for line in _lines(report.plan, outcome):
            click.echo(line)
    click.echo(summary(report, dry_run))
    return status(outcome, strict)


@contextmanager
def built(settings: Config, dry_run: bool) -> Iterator[Outcome]:
    """Build the deck; for a dry run a copy of it, in a folder that is gone afterwards."""
    from mkcards import ledger, outputs, pipeline

    output = outputs.output_of(settings)
    with tempfile.TemporaryDirectory(prefix="mkcards-") as folder, progress() as told:
        if dry_run:
            for file in (output, ledger.beside(output)):
                if file.is_file():
                    (Path(folder) / file.name).write_bytes(file.read_bytes())
            settings = replace(settings, output=Path(folder) / output.name)
        yield pipeline.build(settings, now=outputs.clock(), progress=told)


def summary(report: Report, dry_run: bool = False) -> str:
    """Return one line on what a push did or would do."""
    plan = report.plan
    done = [one for one in plan.updates if one.shown]
    gone = len(plan.retirements)
    counts = (
        (len(plan.new), "new"),
        (sum(len(one.fields) > 1 for one in done), "changed"),
        (sum(bool(one.move) for one in done), "moved"),
        (sum(len(one.fields) == 1 and not one.move for one in done), "filed anew"),
        (gone, "deleted" if any(one.delete for one in plan.retirements) else "retired"),
        (report.media, "media added"),
    )
    said = ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing to do"
    kept = f" · {number(len(plan.kept), 'change')} made in Anki kept" if plan.kept else ""
    deleted = f" · {number(len(plan.deleted), 'card')} deleted in Anki left out" if plan.deleted else ""
    return f"{'Anki would get' if dry_run else 'Anki'}: {said}{kept}{deleted}"


def _lines(plan: Plan, outcome: Outcome) -> Iterator[str]:
    cards = {card.id: card for card in outcome.after.cards}
    for name in plan.new:
        yield _line("new", cards[name].path, cards[name].key)
    for update in plan.updates:
        if update.shown:
            parts = [*(field for field in update.fields if field != "Id")]
            parts += ["tags"] if update.tag or update.untag else []
            parts += ["deck"] if update.move else []
            yield _line("change", cards[update.id].path, f"{cards[update.id].key} ({', '.join(parts)})")
    for one in plan.retirements:
        yield _line("delete" if one.delete else "retire", cards[one.id].path, cards[one.id].key)


def _line(what: str, path: str, key: str) -> str:
    return f"{what:<8} {path}: {key}"
