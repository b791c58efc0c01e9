"""The stages in order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from mkcards import ledger as ledgers
from mkcards.assets import Library
from mkcards.config import Config
from mkcards.data import Assets, Card, Fields, Ledger, NoteCards, NoteFile
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.discover import Found, discover, read
from mkcards.errors import OutputError
from mkcards.extract import extract
from mkcards.files import sweep
from mkcards.identify import Identities, identify
from mkcards.lock import held
from mkcards.memory import overlap, recall
from mkcards.outputs import namespace_of, output_of
from mkcards.parse import parse
from mkcards.render import RENDER_VERSION, dropped, fields
from mkcards.rules import installed
from mkcards.tags import filed
from mkcards.upkeep import restamped

if TYPE_CHECKING:
    from mkcards.package import PackageNote

Progress = Callable[[int, int], None]
"""Told how many of how many notes are read."""


def _silent(done: int, notes: int) -> None:
    """Report no progress."""


RETIRED_TAG: Final = "mkcards::retired"
_REMOTE_IMAGE: Final = re.compile(r"!\[[^\]]*\]\(\s*<?(?:https?:)?//|<img\b", re.IGNORECASE)


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


@dataclass(frozen=True, slots=True)
class _Run:
    """What is known once every card has its identity."""

    found: Found
    library: Library
    notes: int
    stored: bytes | None
    before: Ledger
    known: Identities
    diagnostics: tuple[Diagnostic, ...]
    output: Path


def cards(
    config: Config,
    *,
    now: int,
    progress: Progress = _silent,
    elsewhere: bool = False,
    with_dropped: bool = False,
) -> Outcome:
    """Find the cards as a build would, with the ids that it would give, and write nothing.

    A ledger of other notes is left alone, unless `elsewhere`; what was dropped is left out, unless `with_dropped`.
    Raises UsageError for what the configuration can't mean, LedgerError for a ledger that can't be read.
    """
    found, problems = discover(config.notes, config.exclude, config.vault)
    run = _run(config, found, problems, now, progress, elsewhere=elsewhere)
    outcome = _outcome(run)
    return replace(outcome, cards=run.known.found) if with_dropped else outcome


def build(config: Config, *, now: int, progress: Progress = _silent, restamp: int | None = None) -> Outcome:
    """Bring ledger and deck up to date with the notes; writes nothing when nothing changed.

    `now` is a Unix second. With `restamp`, what changed since that second is stamped anew, so that Anki takes it
    even over later changes made there. The ledger is written first and the deck last: after a crash between them
    the deck holds another digest, and the next build writes it again.
    Raises UsageError for what the configuration can't mean, LedgerError and OutputError for what can't be
    read or written, or is held by another run.
    """
    output = output_of(config)
    found, problems = discover(config.notes, config.exclude, config.vault)
    with held(output):
        for path in (output, ledgers.beside(output), _aside(output)):
            _swept(path)
        run = _run(config, found, problems, now, progress, elsewhere=True)
        return _written(run if restamp is None else _restamped(run, now, restamp), config)


def _written(run: _Run, config: Config) -> Outcome:
    from mkcards import package

    data = ledgers.dumps(run.known.ledger)
    digest = hashlib.sha256(data).hexdigest()
    comment = package.read_comment(run.output)
    if run.stored is None and run.output.exists() and not comment:
        raise OutputError(f"{run.output}: foreign-deck mkcards did not write this; name another output")
    outcome = _outcome(run)
    if data == run.stored and comment == digest and _carries(run.output) == config.ledger_in_deck:
        return outcome
    shown, media, faults = _rendered(run, run.known.cards, config)
    retired = [replace(card, tags=(*card.tags, RETIRED_TAG)) for card in outcome.retired]
    old, old_media, _ = _rendered(run, retired, config)
    ledgers.write(ledgers.beside(run.output), data)
    if old:
        package.write(_aside(run.output), old, old_media)
    else:
        _remove(_aside(run.output))
    package.write(run.output, shown, media, data if config.ledger_in_deck else None, digest)
    return replace(outcome, diagnostics=_in_order((*outcome.diagnostics, *faults)), written=True)


def _aside(output: Path) -> Path:
    """Where the cards stand that the notes no longer hold."""
    return output.with_name(f"{output.stem}.retired.apkg")


def _restamped(run: _Run, now: int, since: int) -> _Run:
    ledger = restamped(run.known.ledger, (card.id for card in run.known.cards), now, since)
    stamps = {card.id: card.changed for card in ledger.cards}
    shown = tuple(replace(card, changed=stamps[card.id]) for card in run.known.cards)
    return replace(run, known=replace(run.known, ledger=ledger, cards=shown))


def _run(
    config: Config,
    found: Found,
    problems: tuple[Diagnostic, ...],
    now: int,
    progress: Progress,
    *,
    elsewhere: bool,
) -> _Run:
    """Every stage up to the identities. Without `elsewhere`, a ledger of other notes is left alone."""
    installed()  # A broken rule package stops the run before any note is read.
    output = output_of(config)
    stored, before, remarks = recall(config, output)
    if not elsewhere and not overlap(before.roots, found.roots):
        before = Ledger(namespace_of(config, output))
    notes = []
    for done, file in enumerate(found.notes, 1):
        notes.append(filed(_note(file, config), config, output.stem))
        progress(done, len(found.notes))
    library = Library(found.vault)
    digests, missing = _digests(notes, library, config)
    known = identify(
        notes,
        before,
        now=now,
        roots=found.roots,
        unread=found.unread,
        digests=digests,
        render_version=RENDER_VERSION,
    )
    said = (*problems, *remarks, *(one for note in notes for one in note.diagnostics), *missing, *known.diagnostics)
    return _Run(found, library, len(notes), stored, before, known, _in_order(said), output)


def _note(file: NoteFile, config: Config) -> NoteCards:
    text, problems = read(file)
    lost = NoteCards(file.path, PurePosixPath(file.path).stem, diagnostics=problems, readable=False)
    if text is None:
        return lost
    try:
        note, problems = parse(file.path, text)
        found = extract(note, config)
    except Exception as error:
        message = (
            f"mkcards failed on this note ({type(error).__name__}: {error}); please report it with the note "
            "(its cards stay as they were)"
        )
        return replace(lost, diagnostics=(Diagnostic(file.path, 0, "crash", message, Severity.ERROR),))
    return replace(found, diagnostics=(*problems, *found.diagnostics))


def _digests(
    notes: Sequence[NoteCards], library: Library, config: Config
) -> tuple[Mapping[tuple[str, int], str], tuple[Diagnostic, ...]]:
    """What stands for all that a card shows but does not say, by its note and place; and what is missing."""
    digests = {}
    problems: list[Diagnostic] = []
    for note in notes:
        of_cards: list[Diagnostic] = []
        for place, one in enumerate(note.candidates):
            assets, missing = library.find(one.fields, note.path, one.line)
            of_cards += (*missing, *dropped(one.fields, note.path, one.line))
            if digest := _digest(assets, one.fields, config):
                digests[note.path, place] = digest
        problems += library.lacking(note, of_cards, remote_images=config.remote_images)
    return digests, tuple(problems)


def _digest(assets: Assets, shown: Fields, config: Config) -> str:
    media = sorted((target, media.name) for target, media in assets.media.items())
    parts = [part for pair in (*media, *sorted(assets.embeds.items())) for part in pair]
    if config.remote_images and any(map(_REMOTE_IMAGE.search, (shown.prompt, shown.answer, shown.details))):
        parts.append("remote images")
    return hashlib.sha256(ascii(parts).encode("ascii")).hexdigest() if parts else ""


def _rendered(
    run: _Run, chosen: Iterable[Card], config: Config
) -> tuple[tuple[PackageNote, ...], dict[str, Path], tuple[Diagnostic, ...]]:
    from mkcards.package import PackageNote, complete

    media: dict[str, Path] = {}
    notes = []
    for card in chosen:
        assets, _ = run.library.find(card.fields, card.path)
        name = run.found.vault.name
        html = fields(card, assets, vault_name=name, remote_images=config.remote_images)
        notes.append(PackageNote(card, html))
        media.update((item.name, item.file) for item in assets.media.values())
    whole, faults = complete(notes)
    return whole, media, faults


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
    return Outcome(
        notes=run.notes,
        cards=run.known.cards,
        retired=tuple(card for _, card in last if card.retired is not None and not card.dropped),
        diagnostics=run.diagnostics,
        output=run.output,
        new=sum(old is None for old, _ in last),
        changed=sum(card.retired is None and old is not None and old.changed != card.changed for old, card in last),
        gone=sum(card.retired is not None and old is not None and old.retired is None for old, card in last),
        before=run.before,
        after=run.known.ledger,
        edits=run.known.edits,
        found=run.found,
    )
