"""Candidates and the old ledger -> cards with ids and the new ledger."""

from __future__ import annotations

import hashlib
import unicodedata
from base64 import b32encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from mkcards.data import Candidate, Card, Fields, Ledger, NoteCards
from mkcards.diagnostics import Diagnostic
from mkcards.match import Spot, match, normal, renamed

NOTHING: Final[Mapping[tuple[str, int], str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Found:
    """A candidate and the note that it stands in."""

    note: NoteCards
    home: str
    note_id: str
    """Empty when another note holds it too."""
    ordinal: int
    candidate: Candidate


def identify(
    notes: Sequence[NoteCards],
    old: Ledger,
    *,
    now: int,
    roots: Sequence[str],
    unread: Sequence[str] = (),
    digests: Mapping[tuple[str, int], str] = NOTHING,
    render_version: int = 0,
) -> tuple[Ledger, tuple[Card, ...], tuple[Diagnostic, ...]]:
    """Give every candidate the id of the card that it is.

    `notes` carry tags and deck as Anki will; `now` is a Unix second; `roots` are the files and folders, from
    the vault root, that this run read, and `unread` those below them that it could not; `digests` stands for
    the media and embeds of a candidate, by path of its note and place in it.
    Returns the new ledger, the cards of this deck in reading order, and what is wrong with note ids.
    """
    note_ids, diagnostics = _note_ids(notes)
    found = _found(notes, note_ids)
    silent = (*unread, *(note.path for note in notes if not note.readable))
    read, unknown = _Below(roots), _Below(silent)
    known = [card for card in old.cards if card.path in read and card.path not in unknown]
    known.sort(key=lambda card: (card.path, card.ordinal))
    pairs = _pairs(found, known, {note_id: home for home, note_id in note_ids.items()})
    births = _Births(old)
    cards = []
    for place, item in enumerate(found):
        last = known[pairs[place]] if place in pairs else None
        digest = digests.get((item.note.path, item.ordinal), "")
        cards.append(_card(item, last, last.id if last else births.take(item), (render_version, digest), now))
    matched = set(pairs.values())
    gone = (_retired(card, now) for place, card in enumerate(known) if place not in matched)
    kept = {card.id: card for part in (old.cards, gone, cards) for card in part}
    ledger = replace(old, roots=tuple(roots), cards=tuple(kept[name] for name in sorted(kept)))
    return ledger, tuple(card for card in cards if not card.dropped), diagnostics


@lru_cache(maxsize=1 << 15)
def _home(path: str) -> str:
    # Some file systems decompose names; a note must have the same path on every machine.
    return unicodedata.normalize("NFC", path)


class _Below:
    """Says of paths whether they are, or lie below, one of some files and folders."""

    def __init__(self, tops: Iterable[str]) -> None:
        self.tops = {_home(top) for top in tops}
        self.known: dict[str, bool] = {}

    def __contains__(self, path: str) -> bool:
        if path not in self.known:
            parts = _home(path).split("/")
            ups = {".", *("/".join(parts[: length + 1]) for length in range(len(parts)))}
            self.known[path] = not self.tops.isdisjoint(ups)
        return self.known[path]


def _note_ids(notes: Sequence[NoteCards]) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The ids that one note alone holds, by its path, and the others as diagnostics."""
    counts = Counter(note.note_id for note in notes if note.note_id)
    own = {_home(note.path): note.note_id for note in notes if counts[note.note_id] == 1}
    message = '{} notes have the id "{}", so it tells none of them apart; give each its own'
    diagnostics = (
        Diagnostic(note.path, 1, "duplicate-note-id", message.format(counts[note.note_id], note.note_id))
        for note in notes
        if counts[note.note_id] > 1
    )
    return own, tuple(diagnostics)


def _found(notes: Sequence[NoteCards], note_ids: Mapping[str, str]) -> list[_Found]:
    return [
        _Found(note, home, note_ids.get(home, ""), ordinal, candidate)
        for note in notes
        if note.readable
        for home in (_home(note.path),)
        for ordinal, candidate in enumerate(note.candidates)
    ]


def _pairs(found: Sequence[_Found], known: Sequence[Card], owners: Mapping[str, str]) -> dict[int, int]:
    """The place among the known cards of every candidate that is one of them."""
    new = [
        Spot(item.home, c.kind, c.key, c.headings, c.anchor, c.fields)
        for item in found
        for c in (item.candidate,)
    ]
    old = [
        Spot(
            owners.get(card.note_id) or _home(card.path),
            card.kind,
            card.key,
            card.headings,
            card.anchor,
            card.fields,
            card.retired is not None,
        )
        for card in known
    ]
    moves = renamed(new, old)
    for spot in old:
        spot.home = moves.get(spot.home, spot.home)
    return match(new, old)


class _Births:
    """Gives ids that no card, living or retired, ever had."""

    def __init__(self, old: Ledger) -> None:
        self.namespace = old.namespace
        self.taken = {card.id for card in old.cards}
        self.counts = Counter[tuple[str, str, str]]()

    def take(self, item: _Found) -> str:
        born = item.note_id or item.home, item.candidate.kind, normal(item.candidate.key)
        while True:
            self.counts[born] += 1
            card_id = _birth_id(self.namespace, *born, str(self.counts[born]))
            if card_id not in self.taken:
                self.taken.add(card_id)
                return card_id


def _birth_id(*parts: str) -> str:
    """128 bits as 26 letters and digits. Lengths before the parts keep `a`, `bc` apart from `ab`, `c`."""
    hashed = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        hashed.update(len(data).to_bytes(8, "big") + data)
    return b32encode(hashed.digest()).decode("ascii").rstrip("=").lower()


def _card(item: _Found, last: Card | None, card_id: str, rendering: tuple[int, str], now: int) -> Card:
    note, candidate = item.note, item.candidate
    fields = _with_reverse(candidate.fields, last)
    shown = _hash(item, fields, rendering)
    if last is None:
        changed = now
    elif last.hash == shown and last.retired is None:
        changed = last.changed
    else:
        changed = max(now, last.changed + 1)
    return Card(
        id=card_id,
        rule=candidate.rule,
        kind=candidate.kind,
        key=candidate.key,
        path=note.path,
        title=note.title,
        fields=fields,
        note_id=item.note_id,
        anchor=candidate.anchor,
        headings=candidate.headings,
        ordinal=item.ordinal,
        deck=note.deck,
        tags=candidate.tags,
        hash=shown,
        changed=changed,
        dropped=last.dropped if last else False,
        line=candidate.line,
        end_line=candidate.end_line,
        label_line=candidate.label_line,
        unknown=last.unknown if last else MappingProxyType({}),
    )


def _with_reverse(fields: Fields, last: Card | None) -> Fields:
    # Anki offers to delete the card of an emptied reverse, with its history.
    if last is None or fields.reverse_prompt or not last.fields.reverse_prompt:
        return fields
    before = last.fields
    return replace(fields, reverse_prompt=before.reverse_prompt, reverse_answer=before.reverse_answer)


def _hash(item: _Found, fields: Fields, rendering: tuple[int, str]) -> str:
    """Of all that a learner sees; the deck is no part of it, because Anki moves no card that it has."""
    content = (
        *(fields.prompt, fields.answer, fields.reverse_prompt, fields.reverse_answer),
        *(fields.context, fields.details, item.home, item.note.title, item.candidate.tags),
        *rendering,
    )
    return hashlib.blake2b(ascii(content).encode("ascii"), digest_size=16).hexdigest()


def _retired(card: Card, now: int) -> Card:
    if card.retired is not None:
        return card
    second = max(now, card.changed + 1)
    return replace(card, retired=second, changed=second)
