"""The command that keeps the deck up to date by itself: `watch`."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Iterable
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

from mkcards.cli.anki import Anki, into_anki, pushed, summary, target, unattended
from mkcards.cli.common import common, counts, effort, resolved, say
from mkcards.config import Config
from mkcards.diagnostics import Severity, visible
from mkcards.errors import MkcardsError, SharedIdsError

if TYPE_CHECKING:
    from mkcards.diagnostics import Diagnostic
    from mkcards.pipeline import Outcome

PUSH_AGAIN: Final = 30.0
"""Seconds after which a push that failed is tried again."""


@click.command()
@common
@into_anki
@click.option("--push", "pushing", is_flag=True, help="Push into Anki after each build.")
def watch(settings: Config, anki: Anki, verbose: bool, strict: bool, pushing: bool) -> int:
    """Build whenever notes or media change, one line for each build that changed the deck, until interrupted."""
    from mkcards import outputs
    from mkcards import watch as watcher

    unattended(anki)
    watcher.check(settings)
    if pushing:
        outputs.package_of(settings)
    given = click.get_current_context().params
    stop = _stopped()
    speaker = _Speaker(verbose)
    pusher = _Pusher(anki, speaker) if pushing else None
    for outcome in watcher.outcomes(lambda: resolved(given["notes"], given["output"], given["file"]), stop, effort()):
        if isinstance(outcome, MkcardsError):
            speaker.failed(outcome)
        elif outcome:
            speaker.built(outcome)
            # Runs don't collect garbage, since they end soon; this one does not.
            gc.collect()
        if pusher and not isinstance(outcome, MkcardsError):
            pusher.look(outcome)
    return 0


def _stopped() -> Event:
    """An event that the first SIGINT or SIGTERM sets; a second one ends the process at once."""
    stop = Event()

    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
    return stop


class _Speaker:
    """Says each thing once: a line for each build that changed something, for the first, and for one after a fault.

    Of the diagnostics of a build, those that the one before had not.
    """

    def __init__(self, verbose: bool) -> None:
        self._verbose = verbose
        self._said: dict[str, frozenset[Diagnostic]] = {}
        self._fault = ""
        self._is_first = True

    def built(self, outcome: Outcome) -> None:
        self.remark("build", outcome.diagnostics)
        if outcome.written:
            self.line(counts(outcome, f": {outcome.new} new, {outcome.changed} changed, {outcome.gone} retired"))
        elif self._is_first or self._fault:
            self.line(f"{counts(outcome)} · nothing changed")
        self._is_first, self._fault = False, ""

    def failed(self, error: MkcardsError) -> None:
        if str(error) != self._fault:
            self._fault = str(error)
            self.line(self._fault, err=True)

    def remark(self, of: str, diagnostics: Iterable[Diagnostic]) -> None:
        now = frozenset(diagnostics)
        before = self._said.get(of, frozenset())
        self._said[of] = now
        say((one for one in diagnostics if one not in before), self._verbose)

    def line(self, text: str, *, err: bool = False) -> None:
        click.echo(f"{time.strftime('%H:%M:%S')} {visible(text)}", err=err)


class _Pusher:
    """Pushes what was built, and tries again while Anki can't be had."""

    def __init__(self, anki: Anki, speaker: _Speaker) -> None:
        self._anki, self._speaker = anki, speaker
        self._waiting: Outcome | None = None
        self._first, self._next = True, 0.0

    def look(self, outcome: Outcome | None) -> None:
        if outcome and (outcome.written or self._first or self._waiting):
            self._waiting, self._next, self._first = outcome, 0.0, False
        if self._waiting and time.monotonic() >= self._next:
            self._next = time.monotonic() + PUSH_AGAIN
            if self._push(self._waiting):
                self._waiting = None

    def _push(self, outcome: Outcome) -> bool:
        from mkcards import push

        try:
            with target(self._anki) as to:
                report = pushed(outcome, to, push.Wishes(self._anki.retired), outcome.output)
        except SharedIdsError as error:
            self._speaker.failed(error)
            return True
        except MkcardsError as error:
            self._speaker.failed(error)
            return False
        self._speaker.remark("push", report.diagnostics)
        if report.plan.writes or report.media:
            self._speaker.line(summary(report))
        return all(one.severity != Severity.ERROR for one in report.diagnostics)
