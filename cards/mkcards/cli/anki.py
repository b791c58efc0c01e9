"""What `push` and `watch` share: the options that name an Anki, and how a push speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mkcards.cli.common import number
from mkcards.config import Config
from mkcards.errors import SharedIdsError, UsageError

if TYPE_CHECKING:
    from mkcards.pipeline import Outcome
    from mkcards.push import Report, Wishes
    from mkcards.push.plan import Target

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


def unattended(anki: Anki) -> None:
    """Raise UsageError for what nobody should do unseen: a note may be half written, or on another branch."""
    if anki.retired == "delete":
        raise UsageError(
            "--retired: delete-unattended only a push that you run yourself deletes cards; take tag or suspend here"
        )


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


def pushed(
    outcome: Outcome, to: Target, wishes: Wishes, home: Path, *, yes: bool = False, dry_run: bool = False
) -> Report:
    """Push what was built; `home` is where the deck belongs.

    A new deck is taken back when its ids are those of another, so that it can be born anew.
    """
    from mkcards import ledger, outputs, push

    try:
        return push.push(
            outcome.output, outcome.after, to, wishes, yes=yes, dry_run=dry_run, before=outcome.before, home=home
        )
    except SharedIdsError:
        if not outcome.before.cards:
            for file in (outcome.output, ledger.beside(outcome.output), outputs.aside(outcome.output)):
                file.unlink(missing_ok=True)
        raise


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
    out = f" · {number(len(plan.deleted), 'card')} deleted in Anki left out (add with --again)"
    deleted = out if plan.deleted else ""
    return f"{'Anki would get' if dry_run else 'Anki'}: {said}{kept}{deleted}"
