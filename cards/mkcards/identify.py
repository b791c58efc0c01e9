"""Candidates and the old ledger -> cards with ids and the new ledger."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from mkcards.data import UNREAD, Candidate, Card, Fields, Ledger, NoteCards
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.linking import Found, Rest, candidates, home_of, links_of
from mkcards.match import LEANING_KINDS, Link
from mkcards.wording import normal

NOTHING: Final[Mapping[tuple[str, int], str]] = MappingProxyType({})
NO_REST: Final = Rest()
HASH_LENGTH: Final = 24
"""Hexadecimal digits of each half of a card's hash: of its look, and of what it says."""
_UNSEEN: Final = "0" * HASH_LENGTH
"""Stands for the look of a card that shows what can't be read."""


@dataclass(frozen=True, slots=True)
class Identities:
    """Who is who after a run."""

    ledger: Ledger
    found: tuple[Card, ...]
    """The cards that the notes hold, in reading order."""
    cards: tuple[Card, ...]
    """Those of them that the deck holds."""
    diagnostics: tuple[Diagnostic, ...]
    """Wrong note ids, and what was taken as an edit of what."""
    edits: Mapping[str, tuple[float, str]]
    """By id: how sure it is that a card is an edit of the one that had the id, 0 to 1, and why."""

    def lacking(self) -> tuple[str, ...]:
        """Return the ids of the living cards that the deck does not hold: unreadable for now, or outside the roots."""
        shown = {card.id for card in self.cards}
        living = (card.id for card in self.ledger.cards if card.retired is None and not card.dropped)
        return tuple(name for name in living if name not in shown)


def nowhere(path: str) -> bool:
    """Say that a path is no note that went away."""
    return False


def identify(
    notes: Sequence[NoteCards],
    old: Ledger,
    *,
    now: int,
    roots: Sequence[str],
    folder: str = "",
    unread: Sequence[str] = (),
    is_gone: Callable[[str], bool] = nowhere,
    digests: Mapping[tuple[str, int], str] = NOTHING,
    render_version: int = 0,
    rest: Rest = NO_REST,
) -> Identities:
    """Give every candidate the id of the card that it is.

    `notes` carry tags and deck as Anki will; `now` is a Unix second; `roots` are the files and folders, from
    the vault root, that this run read, and `unread` those below them that it could not; `folder` is the name of that
    root if it is only taken for one. `is_gone` says of the path of a note elsewhere that nothing is there: its cards
    may have come here, though they don't retire. `digests` stands for the media and embeds of a candidate, by path of
    its note and place in it; a card of which they become `UNREAD` stays as it was, but is not in the deck. The notes of
    `rest` are not among `notes`, and of their cards only the retired ones among `old`; all else is found as with them.
    """
    note_ids, diagnostics = _note_ids(notes)
    found = candidates(notes, note_ids)
    read, unknown = _Below(roots), _Unknown(unread, notes)
    strays = {path for path in {card.path for card in old.cards} if path not in read and is_gone(path)}
    known = [card for card in old.cards if (card.path in read or card.path in strays) and card.path not in unknown]
    known.sort(key=lambda card: (card.path, card.ordinal))
    present = [home_of(note.path) for note in notes]
    links = links_of(found, known, {note_id: home for home, note_id in note_ids.items()}, present, rest)
    births = _Births(old, rest.ids)
    looks = [_rendering(render_version, digests.get((item.note.path, item.ordinal), "")) for item in found]
    cards = []
    for place, item in enumerate(found):
        last = known[links[place].place] if place in links else None
        cards.append(_card(item, last, last.id if last else births.take(item), looks[place], now))
    partial = {home_of(note.path) for note in notes if note.diagnostics and not _is_complete(note)}
    missing = _unmatched(known, links, read)
    held = [card for card in missing if home_of(card.path) in partial]
    gone = [_retired(card, now) for card in missing if home_of(card.path) not in partial]
    kept = {card.id: card for part in (old.cards, gone, cards) for card in part}
    folder = folder and _first_name(old, folder, stays=bool(rest.homes) or _are_in_place(known, found, links))
    ledger = replace(old, roots=tuple(roots), folder=folder, cards=tuple(kept[name] for name in sorted(kept)))
    order = {home: place for place, home in enumerate(present)}
    whole = (card for card, look in zip(cards, looks, strict=True) if card.hash.startswith(look))
    shipped = (card for card in (*whole, *held) if not card.dropped and card.retired is None)
    living = tuple(sorted(shipped, key=lambda card: order[home_of(card.path)]) if held else shipped)
    edits = {cards[place].id: (link.score, link.why) for place, link in links.items() if link.why}
    remarks = (_remark(cards[place], known[link.place], link) for place, link in links.items() if link.why)
    return Identities(ledger, tuple(cards), living, (*diagnostics, *remarks), edits)


def _unmatched(known: Sequence[Card], links: Mapping[int, Link], read: _Below) -> list[Card]:
    """The known cards of the notes that were read which are no candidate."""
    matched = {link.place for link in links.values()}
    return [card for place, card in enumerate(known) if place not in matched and card.path in read]


def _first_name(old: Ledger, folder: str, *, stays: bool) -> str:
    return old.folder if stays and old.folder else home_of(folder)


def _are_in_place(known: Sequence[Card], found: Sequence[Found], links: Mapping[int, Link]) -> bool:
    """Whether most living cards are where they were: a copy of their folder may have another name."""
    pairs = ((known[link.place], found[place]) for place, link in links.items())
    there = ((card, item.candidate) for card, item in pairs if home_of(card.path) == item.home)
    same = sum(card.fields.answer == candidate.fields.answer for card, candidate in there)
    return 2 * same > sum(card.retired is None for card in known)


def _remark(card: Card, last: Card, link: Link) -> Diagnostic:
    message = f'"{card.key}" taken as an edit of "{last.key}" ({link.why}; score {link.score:.2f})'
    return Diagnostic(card.path, card.label_line, "identity", message, Severity.REMARK)


def _is_complete(note: NoteCards) -> bool:
    """Whether every rule had its say; cards that a failed rule may have found stay what they were."""
    return not any(one.code == "rule-failed" for one in note.diagnostics)


class _Below:
    """Says of paths whether they are, or lie below, one of some files and folders."""

    def __init__(self, tops: Iterable[str]) -> None:
        self.tops = {home_of(top) for top in tops}
        self.known: dict[str, bool] = {}

    def __contains__(self, path: str) -> bool:
        if not self.tops or "." in self.tops:
            return bool(self.tops)
        if path not in self.known:
            parts = home_of(path).split("/")
            ups = {"/".join(parts[: length + 1]) for length in range(len(parts))}
            self.known[path] = not self.tops.isdisjoint(ups)
        return self.known[path]


class _Unknown:
    """Says of paths whether nothing is known of the notes there now."""

    def __init__(self, unread: Sequence[str], notes: Sequence[NoteCards]) -> None:
        homes = {home_of(note.path) for note in notes if note.readable}
        lost = [note.path for note in notes if not note.readable]
        self.below = _Below((*unread, *(path for path in lost if home_of(path) not in homes)))
        # Some file systems hold two notes whose names differ only in how an é is composed.
        self.twins = {path for path in lost if home_of(path) in homes}

    def __contains__(self, path: str) -> bool:
        return path in self.twins or path in self.below


def _note_ids(notes: Sequence[NoteCards]) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The ids that one note alone holds, by its path, and the others as diagnostics."""
    counts = Counter(note.note_id for note in notes if note.note_id)
    own = {home_of(note.path): note.note_id for note in notes if counts[note.note_id] == 1}
    message = '{} notes have the id "{}", so it tells none of them apart; give each its own'
    diagnostics = (
        Diagnostic(note.path, 1, "duplicate-note-id", message.format(counts[note.note_id], note.note_id))
        for note in notes
        if counts[note.note_id] > 1
    )
    return own, tuple(diagnostics)


class _Births:
    """Gives ids that no card, living or retired, ever had."""

    def __init__(self, old: Ledger, others: Iterable[str]) -> None:
        self.namespace = old.namespace
        # What was forgotten is among no ids any more, and must not be given again.
        self.since = (str(old.forgotten),) if old.forgotten else ()
        self.taken = {*others, *(card.id for card in old.cards)}
        self.counts = Counter[tuple[str, str, str]]()

    def take(self, item: Found) -> str:
        born = item.note_id or item.home, item.candidate.kind, normal(item.candidate.key)
        while True:
            self.counts[born] += 1
            card_id = _birth_id(self.namespace, *born, str(self.counts[born]), *self.since)
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


def _card(item: Found, last: Card | None, card_id: str, rendering: str, now: int) -> Card:
    note, candidate = item.note, item.candidate
    if last and rendering == _UNSEEN and not last.hash.startswith(_UNSEEN):
        return replace(last, line=candidate.line, end_line=candidate.end_line, label_line=candidate.label_line)
    fields = _with_reverse(candidate, last)
    shown = rendering + _hash(item, fields, last)
    if last is None:
        changed = now
    elif last.hash == shown and last.retired is None:
        changed = last.changed
    else:
        changed = max(now, last.changed + 1)
    return Card(
        id=card_id,
        rule=candidate.rule,
        kind=_kind(candidate.kind, last),
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


def _kind(found: str, last: Card | None) -> str:
    """A place that another rule finds now stays what it was, unless it came from a list or went into one."""
    return last.kind if last and not {found, last.kind} & {*LEANING_KINDS} else found


def _with_reverse(candidate: Candidate, last: Card | None) -> Fields:
    # Anki offers to delete the card of an emptied reverse, with its history.
    fields = candidate.fields
    if last is None or fields.reverse_prompt or not last.fields.reverse_prompt:
        return fields
    prompt, answer = candidate.spare
    if not prompt:
        prompt, answer = last.fields.reverse_prompt, last.fields.reverse_answer
    return replace(fields, reverse_prompt=prompt, reverse_answer=answer)


def _hash(item: Found, fields: Fields, last: Card | None) -> str:
    """Of all that the card says; the deck is no part of it, because Anki moves no card that it has."""
    note, tags = item.note, item.candidate.tags
    same = last and last.fields == fields and last.tags == tags and last.title == note.title
    if last and same and home_of(last.path) == item.home and len(last.hash) == 2 * HASH_LENGTH:
        return last.hash[HASH_LENGTH:]
    content = (
        *(fields.prompt, fields.answer, fields.reverse_prompt, fields.reverse_answer),
        *(fields.context, fields.details, item.home, note.title, tags),
    )
    return _digest(content)


@lru_cache(maxsize=1 << 10)
def _rendering(version: int, digest: str) -> str:
    """Of all that decides how the card looks."""
    return _UNSEEN if digest == UNREAD else _digest((version, digest))


def _digest(content: tuple[object, ...]) -> str:
    return hashlib.blake2b(ascii(content).encode("ascii"), digest_size=HASH_LENGTH // 2).hexdigest()


def _retired(card: Card, now: int) -> Card:
    if card.retired is not None:
        return card
    second = max(now, card.changed + 1)
    return replace(card, retired=second, changed=second)
