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
from mkcards.identify import Identities, identify
from mkcards.outputs import namespace_of, output_of
from mkcards.parse import parse
from mkcards.render import RENDER_VERSION, fields
from mkcards.tags import filed

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


def cards(config: Config, *, now: int, progress: Progress = _silent) -> Outcome:
    """Find the cards as a build would, with the ids that it would give, and write nothing.

    Raises UsageError for what the configuration can't mean, LedgerError for a ledger that can't be read.
    """
    return _outcome(_run(config, now, progress, elsewhere=False))


def build(config: Config, *, now: int, progress: Progress = _silent) -> Outcome:
    """Bring ledger and deck up to date with the notes; writes nothing when nothing changed.

    `now` is a Unix second. The ledger is written first and the deck last: after a crash between them the
    deck holds another digest, and the next build writes it again.
    Raises UsageError for what the configuration can't mean, LedgerError and OutputError for what can't be
    read or written.
    """
    from mkcards import package

    run = _run(config, now, progress, elsewhere=True)
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
    aside = run.output.with_name(f"{run.output.stem}.retired.apkg")
    if old:
        package.write(aside, old, old_media)
    else:
        _remove(aside)
    package.write(run.output, shown, media, data if config.ledger_in_deck else None, digest)
    return replace(outcome, diagnostics=_in_order((*outcome.diagnostics, *faults)), written=True)


def _run(config: Config, now: int, progress: Progress, *, elsewhere: bool) -> _Run:
    """Every stage up to the identities. Without `elsewhere`, a ledger of other notes is left alone."""
    output = output_of(config)
    found, problems = discover(config.notes, config.exclude, config.vault)
    stored, before, remarks = _old_ledger(config, output)
    if not elsewhere and not _overlap(before.roots, found.roots):
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


def _old_ledger(config: Config, output: Path) -> tuple[bytes | None, Ledger, tuple[Diagnostic, ...]]:
    """The ledger's bytes and values: from its file, else from inside the deck, else a new one."""
    path = ledgers.beside(output)
    stored = ledgers.read(path)
    if stored is not None:
        ledger = ledgers.loads(stored, str(path))
        if not config.namespace or config.namespace == ledger.namespace:
            return stored, ledger, ()
        message = (
            f'the namespace stays "{ledger.namespace}", or every card would lose its history; set it back'
        )
        return stored, ledger, (Diagnostic(str(path), 1, "namespace-kept", message),)
    fresh = Ledger(namespace_of(config, output))
    if not output.exists():
        return None, fresh, ()
    from mkcards import package

    inside = package.read_ledger(output)
    if inside is None:
        message = "it is gone and the deck holds no copy, so ids are made anew; restore it if you can"
        return None, fresh, (Diagnostic(str(path), 0, "ledger-missing", message),)
    message = f"it was gone and is recovered from {output.name}; nothing is lost"
    remark = Diagnostic(str(path), 0, "ledger-recovered", message, Severity.REMARK)
    return None, ledgers.loads(inside, str(output)), (remark,)


def _overlap(tops: Iterable[str], others: Iterable[str]) -> bool:
    def holds(top: str, path: str) -> bool:
        return top in (".", path) or path.startswith(top + "/")

    return any(holds(top, other) or holds(other, top) for top in tops for other in others)


def _digests(
    notes: Sequence[NoteCards], library: Library, config: Config
) -> tuple[Mapping[tuple[str, int], str], tuple[Diagnostic, ...]]:
    """What stands for all that a card shows but does not say, by its note and place; and what is missing."""
    digests = {}
    problems: list[Diagnostic] = []
    for note in notes:
        for place, one in enumerate(note.candidates):
            assets, missing = library.find(one.fields, note.path, one.line)
            problems += missing
            if digest := _digest(assets, one.fields, config):
                digests[note.path, place] = digest
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


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"{path}: output it can't be removed ({error.strerror}); remove it by hand"
        ) from error


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
        changed=sum(
            card.retired is None and old is not None and old.changed != card.changed for old, card in last
        ),
        gone=sum(card.retired is not None and old is not None and old.retired is None for old, card in last),
    )
