"""The stages in order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mkcards import ledger as ledgers
from mkcards.appearance import Wardrobe, digests
from mkcards.assets import Library
from mkcards.cache import Cache, opened, place_of
from mkcards.config import Config
from mkcards.data import Card, Ledger, NoteCards, Silence, Vault
from mkcards.diagnostics import Diagnostic
from mkcards.discover import Found, discover
from mkcards.effort import ALONE, Effort
from mkcards.errors import OutputError
from mkcards.files import replacing, sweep
from mkcards.identify import Identities, identify
from mkcards.lock import held
from mkcards.memory import overlap, recall
from mkcards.outputs import aside, check_links, namespace_of, output_of
from mkcards.reading import Progress, Reader, Reading, read_all
from mkcards.render import RENDER_VERSION
from mkcards.rules import edition_of_others, installed
from mkcards.silence import heard
from mkcards.tags import filed
from mkcards.upkeep import restamped


def _silent(done: int, notes: int) -> None:
    """Report no progress."""


def ignored(outcome: Outcome) -> None:
    """Do nothing about an outcome."""


RETIRED_TAG: Final = "mkcards::retired"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found and did."""

    notes: int
    cards: tuple[Card, ...]
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


@dataclass(frozen=True, slots=True)
class _Run:
    """What is known once every card has its identity."""

    found: Found
    wardrobe: Wardrobe
    notes: Sequence[NoteCards]
    stored: bytes | None
    before: Ledger
    known: Identities
    diagnostics: tuple[Diagnostic, ...]
    output: Path


@dataclass(frozen=True, slots=True)
class _Work:
    """What a run is given besides its configuration."""

    now: int
    progress: Progress
    effort: Effort
    builds: bool = False


def cards(
    config: Config,
    *,
    now: int,
    progress: Progress = _silent,
    elsewhere: bool = False,
    with_dropped: bool = False,
    effort: Effort = ALONE,
) -> Outcome:
    """Find the cards as a build would, with the ids that it would give, and write nothing.

    A ledger of other notes is left alone, unless `elsewhere`; what was dropped is left out, unless `with_dropped`.
    Raises UsageError for what the configuration can't mean, LedgerError for a ledger that can't be read.
    """
    found, problems = discover(config.notes, config.exclude, config.vault, outside=config.outside_links)
    run = _run(config, found, problems, _Work(now, progress, effort), elsewhere=elsewhere)
    outcome = _outcome(run)
    return replace(outcome, cards=run.known.found) if with_dropped else outcome


def build(
    config: Config,
    *,
    now: int,
    progress: Progress = _silent,
    restamp: int | None = None,
    effort: Effort = ALONE,
    finished: Callable[[Outcome], None] = ignored,
) -> Outcome:
    """Bring ledger and deck up to date with the notes; writes nothing when nothing changed.

    `now` is a Unix second. With `restamp`, what changed since that second is stamped anew, so that Anki takes it
    even over later changes made there. `finished` is told the outcome while nobody else may write.
    The ledger is written first and the deck last: after a crash between them the deck holds another digest, and
    the next build writes it again.
    Raises UsageError for what the configuration can't mean, LedgerError and OutputError for what can't be
    read or written, or is held by another run.
    """
    output = output_of(config)
    found, problems = discover(config.notes, config.exclude, config.vault, outside=config.outside_links)
    with held(output):
        check_links(output)
        for path in (output, ledgers.beside(output), aside(output)):
            _swept(path)
        run = _run(config, found, problems, _Work(now, progress, effort, builds=True), elsewhere=True)
        outcome = _written(run if restamp is None else _restamped(run, now, restamp), config)
        finished(outcome)
        return outcome


def _written(run: _Run, config: Config) -> Outcome:
    data = ledgers.dumps(run.known.ledger)
    return (_packed if run.output.suffix == ".apkg" else _listed)(run, config, data)


def _packed(run: _Run, config: Config, data: bytes) -> Outcome:
    """Write ledger and package, unless they are as they should be."""
    from mkcards import package

    digest = hashlib.sha256(data).hexdigest()
    comment = package.read_comment(run.output)
    if run.stored is None and run.output.exists() and not comment:
        raise _foreign(run.output)
    outcome = _outcome(run)
    if data == run.stored and comment == digest and _carries(run.output) == config.ledger_in_deck:
        return outcome
    shown, media, faults = run.wardrobe.rendered(run.known.cards, remote_images=config.remote_images)
    retired = [replace(card, tags=(*card.tags, RETIRED_TAG)) for card in outcome.retired]
    old, old_media, _ = run.wardrobe.rendered(retired, remote_images=config.remote_images)
    ledgers.write(ledgers.beside(run.output), data)
    if old:
        package.write(aside(run.output), package.slips_of(old), old_media)
    else:
        _remove(aside(run.output))
    package.write(run.output, package.slips_of(shown), media, data if config.ledger_in_deck else None, digest)
    return replace(outcome, diagnostics=_in_order((*outcome.diagnostics, *faults)), written=True)


def _listed(run: _Run, config: Config, data: bytes) -> Outcome:
    """Write ledger and text, unless they are as they should be."""
    from mkcards import export, texts

    faults: tuple[Diagnostic, ...] = ()
    if run.output.suffix == ".csv":
        shown, _, faults = run.wardrobe.rendered(run.known.cards, remote_images=config.remote_images)
        text = texts.as_csv(shown, run.output.stem)
    else:
        text = "".join(f"{line}\n" for line in export.as_json(run.known.cards))
    written = text.encode("utf-8", "backslashreplace")
    outcome = _outcome(run)
    try:
        before = run.output.read_bytes() if run.output.exists() else None
        if run.stored is None and before is not None:
            raise _foreign(run.output)
        if data == run.stored and written == before:
            return outcome
        ledgers.write(ledgers.beside(run.output), data)
        with replacing(run.output) as stream:
            stream.write(written)
    except OSError as error:
        raise OutputError(f"{run.output}: output it can't be written ({error.strerror}); name another") from error
    return replace(outcome, diagnostics=_in_order((*outcome.diagnostics, *faults)), written=True)


def _foreign(output: Path) -> OutputError:
    return OutputError(f"{output}: foreign-deck mkcards did not write this; name another output")


def _restamped(run: _Run, now: int, since: int) -> _Run:
    ledger = restamped(run.known.ledger, (card.id for card in run.known.cards), now, since)
    stamps = {card.id: card.changed for card in ledger.cards}
    shown = tuple(replace(card, changed=stamps[card.id]) for card in run.known.cards)
    return replace(run, known=replace(run.known, ledger=ledger, cards=shown))


def _run(config: Config, found: Found, problems: tuple[Diagnostic, ...], work: _Work, *, elsewhere: bool) -> _Run:
    """Every stage up to the identities. Without `elsewhere`, a ledger of other notes is left alone."""
    installed()  # A broken rule package stops the run before any note is read.
    output = output_of(config)
    stored, before, remarks = recall(config, output)
    if not elsewhere and not overlap(before.roots, found.roots):
        before = Ledger(namespace_of(config, output))
    readings = _read(config, found, output, work)
    notes = [filed(one.note, config, output.stem) for one in readings]
    library = Library(found.vault)
    seen, missing = digests(notes, library, config)
    known = identify(
        notes,
        before,
        now=work.now,
        roots=found.roots,
        unread=found.unread,
        digests=seen,
        render_version=RENDER_VERSION,
    )
    said = (*problems, *remarks, *(one for note in notes for one in note.diagnostics), *missing, *known.diagnostics)
    wardrobe = Wardrobe(library, readings, seen, found.vault.name)
    return _Run(found, wardrobe, notes, stored, before, known, _in_order(said), output)


def _read(config: Config, found: Found, output: Path, work: _Work) -> list[Reading]:
    """What each note gives, from the cache where it is as it was; that of a whole build holds no other notes."""
    if not work.effort.code:
        reader = Reader(config, found.vault.name, looks=work.builds)
        return read_all(found.notes, reader, Cache(), work.effort.jobs, work.progress)
    reader = Reader(config, found.vault.name)
    made_by = _made_by(config, found.vault, work.effort.code)
    with opened(place_of(output), made_by, anew=work.builds) as cache:
        readings = read_all(found.notes, reader, cache, work.effort.jobs, work.progress)
        if work.builds:
            cache.forget(cache.known().keys() - {file.path for file in found.notes})
        cache.save()
        return readings


def _made_by(config: Config, vault: Vault, code: str) -> str:
    """All but the notes that decides what is found in them."""
    others = {"notes": (), "output": None, "exclude": (), "vault": None, "select": (), "ignore": ()}
    filing = {"deck": "", "namespace": "", "tags": (), "subdecks": "none", "ledger_in_deck": True}
    settings = replace(config, **others, **filing)  # type: ignore[arg-type]
    return hashlib.sha256(ascii((code, edition_of_others(), settings, str(vault.root))).encode("ascii")).hexdigest()


def _carries(deck: Path) -> bool:
    from mkcards import package

    return package.read_ledger(deck) is not None


def _swept(path: Path) -> None:
    try:
        sweep(path)
    except OSError as error:
        raise OutputError(f"{error.filename}: output it can't be removed ({error.strerror}); remove it") from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: output it can't be removed ({error.strerror}); remove it by hand") from error


def _in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda one: (one.path, one.line)))


def _outcome(run: _Run) -> Outcome:
    before = {card.id: card for card in run.before.cards}
    last = [(before.get(card.id), card) for card in run.known.ledger.cards]
    silenced = tuple(one for note in run.notes for one in note.silences)
    return Outcome(
        notes=len(run.notes),
        cards=run.known.cards,
        retired=tuple(card for _, card in last if card.retired is not None and not card.dropped),
        diagnostics=heard(run.diagnostics, silenced),
        output=run.output,
        new=sum(old is None for old, _ in last),
        changed=sum(card.retired is None and old is not None and old.changed != card.changed for old, card in last),
        gone=sum(card.retired is not None and old is not None and old.retired is None for old, card in last),
        before=run.before,
        after=run.known.ledger,
        edits=run.known.edits,
        found=run.found,
        silences=silenced,
    )
