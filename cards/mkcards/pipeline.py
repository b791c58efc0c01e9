"""The stages in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from msgspec import structs

from mkcards import ledger as ledgers
from mkcards import writing
from mkcards.appearance import Wardrobe, digests
from mkcards.assets import Library
from mkcards.cache import Cache
from mkcards.carried import NONE, Carried, carry
from mkcards.config import Config
from mkcards.data import Card, Ledger, NoteCards, Silence
from mkcards.diagnostics import Diagnostic, in_order
from mkcards.discover import Found, discover
from mkcards.effort import ALONE, Effort
from mkcards.files import is_gone
from mkcards.identify import Identities, identify
from mkcards.lock import held
from mkcards.made import Fresh, cached, keep, key_of, surely
from mkcards.memory import check_notes, on_disk, overlap, understood
from mkcards.outputs import check_ours, namespace_of, output_of, swept
from mkcards.reading import Progress, Reader, Reading, look, read_all
from mkcards.render import RENDER_VERSION
from mkcards.rules import installed
from mkcards.silence import heard
from mkcards.slips import Slip
from mkcards.tags import filed
from mkcards.upkeep import restamped
from mkcards.warm import Warm, warmed


def ignored(*args: object) -> None:
    """Do nothing about what is told."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found and did."""

    notes: int
    cards: Sequence[Card]
    """The cards of the deck, in reading order."""
    retired: tuple[Card, ...]
    """The cards that the notes no longer hold."""
    diagnostics: tuple[Diagnostic, ...]
    output: Path
    before: Ledger
    """What was known before."""
    after: Ledger
    edits: Mapping[str, tuple[float, str]]
    """What was known again by likeness: by id, how sure that is, and why."""
    found: Found
    """The notes and the vault that were read."""
    new: int = 0
    changed: int = 0
    gone: int = 0
    """How many cards retired in this run."""
    written: bool = False
    silences: tuple[Silence, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    """In which the notes were read that needed a look, by their paths."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What is known once every card has its identity."""

    found: Found
    wardrobe: Wardrobe
    notes: Sequence[tuple[NoteCards, bytes]]
    """Those that were looked at, with the digests of their bytes."""
    stored: str
    """The SHA-256 of the ledger that is there, or empty."""
    before: Ledger
    known: Identities
    carried: Carried
    diagnostics: tuple[Diagnostic, ...]
    faults: tuple[Diagnostic, ...]
    """Those that no reading said."""
    showing: Collection[str]
    """The paths of the notes that show something from another file."""
    output: Path


@dataclass(frozen=True, slots=True)
class _Source:
    """What is known of cards and notes before they meet."""

    stored: str
    before: Ledger
    """Without the living cards of notes that need no look."""
    remarks: tuple[Diagnostic, ...]
    readings: list[Reading]
    carried: Carried


@dataclass(frozen=True, slots=True)
class _Work:
    """What a run is given besides its configuration."""

    now: int
    progress: Progress
    effort: Effort
    cache: Cache
    warm: Warm | None = None
    builds: bool = False
    carries: bool = False
    """Whether notes that are as the last build left them need no look."""


def cards(
    config: Config,
    *,
    now: int,
    progress: Progress = ignored,
    elsewhere: bool = False,
    with_dropped: bool = False,
    effort: Effort = ALONE,
) -> Outcome:
    """Find the cards as a build would, with the ids that it would give, and write nothing.

    A ledger of other notes is left alone, unless `elsewhere`; what was dropped is left out, unless `with_dropped`.
    Raises UsageError for what the configuration can't mean, LedgerError for a ledger that can't be read.
    """
    found, problems = discover(config.notes, config.exclude, config.vault, outside=config.outside_links)
    with cached(config, found.vault, effort, builds=False) as cache:
        run = _run(config, found, problems, _Work(now, progress, effort, cache), elsewhere=elsewhere)
    return replace(_outcome(run), cards=run.known.found) if with_dropped else _outcome(run)


def build(
    config: Config,
    *,
    now: int,
    progress: Progress = ignored,
    restamp: int | None = None,
    effort: Effort = ALONE,
    finished: Callable[[Outcome], None] = ignored,
    warm: Warm | None = None,
) -> Outcome:
    """Bring ledger and deck up to date with the notes; writes nothing when nothing changed.

    `now` is a Unix second. With `restamp`, what changed since that second is stamped anew, so that Anki takes it
    even over later changes made there. `finished` is told the outcome while nobody else may write. `warm` is what an
    earlier build of this process left, and is given what this one leaves.
    The ledger is written first and the deck last: after a crash between them the deck holds another digest, and
    the next build writes it again.
    Raises UsageError for what the configuration can't mean, LedgerError and OutputError for what can't be
    read or written, or is held by another run.
    """
    output = output_of(config)
    with held(output), nullcontext(warm) if warm else warmed() as at_hand:
        found, problems = discover(config.notes, config.exclude, config.vault, outside=config.outside_links)
        check_ours(output)
        swept(output)

        def built(effort: Effort) -> Outcome:
            with cached(config, found.vault, effort, builds=True) as cache:
                carries = restamp is None and output.suffix == ".apkg"
                work = _Work(now, progress, effort, cache, at_hand, True, carries)
                run = _run(config, found, problems, work, elsewhere=True)
                return _written(run if restamp is None else _restamped(run, now, restamp), config, cache, at_hand)

        outcome = surely(built, effort)
        finished(outcome)
        return outcome


def _written(run: _Run, config: Config, cache: Cache, warm: Warm) -> Outcome:
    outcome = _outcome(run)
    check_notes(outcome.before, outcome.after, outcome.cards, run.output)
    news, others = run.carried.news(run.before.cards, run.known.ledger)

    def whole(slips: list[Slip]) -> list[Slip]:
        return run.carried.among((file.path for file in run.found.notes), slips) if run.carried.made else slips

    known, gone, given_up = run.known, outcome.retired, run.carried.retired
    text, lacking = tuple(ledgers.written(news, others)), known.lacking()
    work = writing.Work(run.output, run.stored, text, known.cards, lacking, gone, given_up, run.wardrobe, whole, warm)
    with cache.shelf() as shelf:
        done = writing.write(work, config, shelf)
        outcome = replace(outcome, diagnostics=in_order((*outcome.diagnostics, *done.faults)), written=done.anew)
        if not done.anew:
            return outcome
        if cache and run.output.suffix == ".apkg":
            fresh = Fresh(run.notes, (*run.faults, *done.faults), run.showing, done.slips, done.retired)
            keep(cache, shelf, key_of(done.ledger, config, run.found, run.output.stem), fresh)
            cache.save()
    return outcome


def _restamped(run: _Run, now: int, since: int) -> _Run:
    ledger = restamped(run.known.ledger, (card.id for card in run.known.cards), now, since)
    stamps = {card.id: card.changed for card in ledger.cards}
    shown = tuple(structs.replace(card, changed=stamps[card.id]) for card in run.known.cards)
    return replace(run, known=replace(run.known, ledger=ledger, cards=shown))


def _run(config: Config, found: Found, problems: tuple[Diagnostic, ...], work: _Work, *, elsewhere: bool) -> _Run:
    """Every stage up to the identities. Without `elsewhere`, a ledger of other notes is left alone."""
    installed()  # A broken rule package stops the run before any note is read.
    output = output_of(config)
    source = _read(config, found, output, work)
    before, carried = source.before, source.carried
    if not elsewhere and not overlap(before.roots, found.roots):
        before = Ledger(namespace_of(config, output))
    notes = [filed(one.note, config, output.stem) for one in source.readings]
    library = Library(found.vault)
    seen, missing = digests(notes, library, config)
    known = identify(
        notes,
        before,
        now=work.now,
        roots=found.roots,
        folder=found.vault.name if found.vault.taken else "",
        unread=found.unread,
        is_gone=lambda path: is_gone(found.vault.root / path),
        digests=seen,
        render_version=RENDER_VERSION,
        rest=carried.rest(),
    )
    read = (*(one for note in notes for one in note.diagnostics), *carried.diagnostics())
    said = in_order((*problems, *source.remarks, *read, *missing, *known.diagnostics))
    return _Run(
        found,
        Wardrobe(library, found.vault.name, source.readings, seen),
        [(one.note, one.digest) for one in source.readings],
        source.stored,
        before,
        known,
        carried,
        said,
        (*missing, *known.diagnostics),
        {path for path, _ in seen},
        output,
    )


def _read(config: Config, found: Found, output: Path, work: _Work) -> _Source:
    """What is known before, and what each note gives that needs a look."""
    effort, cache = work.effort, work.cache
    # What stands in the cache has its looks.
    reader = Reader(config, found.vault.name, looks=work.builds or bool(effort.code))
    with ThreadPoolExecutor(1) as thread:
        ledger = thread.submit(on_disk, output)
        looked = look(found.notes, cache)
        stored, digest = ledger.result()

    def source(carries: bool) -> _Source:
        carried, rest = NONE, stored
        if carries and stored is not None and work.warm:
            key = key_of(digest, config, found, output.stem)
            carried, rest = carry(cache, found, looked, stored, key, work.warm)
        before, remarks = understood(config, output, rest)
        files = [file for file in found.notes if file.path not in carried.made]
        readings = read_all(files, reader, cache, looked, effort.jobs, work.progress)
        return _Source(digest, before, remarks, readings, carried)

    got = source(work.carries)
    if got.carried.shares_an_id(one.note for one in got.readings):
        got = source(carries=False)
    if work.builds:
        cache.forget(looked.known.keys() - looked.seen.keys())
    cache.save()
    return got


def _outcome(run: _Run) -> Outcome:
    before = {card.id: card for card in run.before.cards}
    last = [(before.get(card.id), card) for card in run.known.ledger.cards]
    silenced = (*(one for note, _ in run.notes for one in note.silences), *run.carried.silences())
    return Outcome(
        notes=len(run.found.notes),
        cards=run.carried.in_deck([file.path for file in run.found.notes], run.known.cards),
        retired=tuple(card for _, card in last if card.retired is not None and not card.dropped),
        diagnostics=heard(run.diagnostics, silenced),
        output=run.output,
        new=sum(old is None for old, _ in last),
        changed=sum(card.retired is None and old is not None and old.changed != card.changed for old, card in last),
        gone=sum(card.retired is not None and old is not None and old.retired is None for old, card in last),
        before=structs.replace(run.before, cards=run.carried.together(run.before.cards)),
        after=structs.replace(run.known.ledger, cards=run.carried.together(run.known.ledger.cards)),
        edits=run.known.edits,
        found=run.found,
        silences=silenced,
        languages={note.path: note.language for note, _ in run.notes},
    )
