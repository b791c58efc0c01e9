"""Compares a deck with what Anki holds, and says what to do; pure.

For each field, tag and deck three states count: the deck's, Anki's, and what mkcards last wrote, which the note
carries as a fingerprint. What only the notes changed is written; what the learner changed stays.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeVar

from mkcards import fingerprint
from mkcards.fingerprint import UNKNOWN, Fingerprint, folded, short
from mkcards.note_type import FIELDS
from mkcards.push.plan import Held, Kept, Ours, Plan, Retirement, Update
from mkcards.tags import RETIRED_TAG
from mkcards.wording import Wording
from mkcards.wording import compare as compare_wordings

_T = TypeVar("_T")
SUSPENDED: Final = "mkcards::suspended::{}"
"""On notes of which a push suspended the card at this place, from 1, so that it can end that when they come back."""
OLD_SUSPENDED: Final = "mkcards::suspended"
"""The same for all cards of a note, as it was once written."""
EVERYTHING: Final = "all"
OWN: Final = "mkcards::"
_ID: Final = FIELDS[-1]
_ANSWER: Final = FIELDS.index("Answer")
ALIKE: Final = 0.75
"""The share of words that an answer has in common with what became of it."""
_SECOND: Final = 1000
_TAG: Final = re.compile(r"<[^>]*>")
NOTHING: Final[Mapping[str, frozenset[int]]] = MappingProxyType({})
_NOBODY: Final = Fingerprint((UNKNOWN,) * fingerprint.COUNT, UNKNOWN, ())


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person asked for."""

    retired: str = "tag"
    """`tag`, `suspend` or `delete`."""
    overwrite: frozenset[str] = frozenset()
    """Ids whose notes win over what was changed in Anki; `all` is every one."""
    again: bool = False
    """Also add what was deleted in Anki."""


def compare(
    ours: Sequence[Ours],
    gone: Iterable[str],
    held: Sequence[Held],
    pushed: frozenset[str],
    wishes: Wishes,
    doubtful: frozenset[str] = frozenset(),
    asleep: Mapping[str, frozenset[int]] = NOTHING,
) -> Plan:
    """Return what makes Anki hold the deck.

    `gone` are ids that the deck had once and has no more, `pushed` those that an earlier push left in this collection,
    `doubtful` those that `maybe_there` gave, `asleep` says the places of the cards that an earlier push suspended: an
    import by hand takes the tags off that say so, too.
    """
    there: dict[str, list[Held]] = {}
    for one in held:
        there.setdefault(one.id, []).append(one)
    astray = doubtful | {note.id for note in held if _ID not in note.fields}
    missing = [note.id for note in ours if note.id not in there and note.id not in astray]
    deleted = frozenset() if wishes.again else pushed.intersection(missing)
    updates, kept = [], []
    for note in ours:
        if note.id in there and note.id not in astray:
            wins = bool(wishes.overwrite & {note.id, EVERYTHING})
            slept = asleep.get(note.id, frozenset())
            found = [_update(note, copy, wins, slept) for copy in there[note.id]]
            updates += [update for update, _ in found if update]
            kept += found[0][1]
    past = [copy for name in sorted(set(gone) & there.keys()) for copy in there[name]]
    retirements = [_retirement(copy, wishes.retired) for copy in past]
    return Plan(
        new=tuple(name for name in missing if name not in deleted),
        updates=tuple(updates),
        retirements=tuple(one for one in retirements if one),
        kept=tuple(kept),
        deleted=tuple(name for name in missing if name in deleted),
        astray=tuple(note.id for note in ours if note.id in astray),
        twice=tuple(note.id for note in ours if len(there.get(note.id, ())) > 1),
        held=len(there),
    )


def maybe_there(
    ours: Sequence[Ours], held: Sequence[Held], nameless: Sequence[Held], before: frozenset[str]
) -> frozenset[str]:
    """Return the ids of the deck that may belong to nameless notes.

    Those are the ids with a text or with the number of one, and while there is one with neither, all known before.
    A running Anki that is given the note of such an id once more joins both note types, which blanks all our notes.
    """
    own = {folded(tag) for note in ours for tag in note.tags if tag.startswith(OWN)}
    lost = [note for note in nameless if not own.isdisjoint(map(folded, note.tags))]
    if not lost:
        return frozenset()
    there = {note.id for note in held}
    missing = [note for note in ours if note.id not in there]
    ids: dict[object, set[str]] = {}
    for note in missing:
        for sign in _signs(note):
            ids.setdefault(sign, set()).add(note.id)
    theirs = [(note.note % _SECOND, *map(_joined, note.fields.values())) for note in lost]
    found = [{name for sign in signs for name in ids.get(sign, ())} for signs in theirs]
    rest = frozenset() if all(found) else before.intersection(note.id for note in missing)
    return rest.union(*found)


def _signs(note: Ours) -> Iterator[object]:
    """Yield what tells a note from others in an Anki that says no guid: texts, and the milliseconds of its number."""
    # The rest of the number is the second of its last change; Anki steps to the number before if it is taken.
    yield from ((note.number + step) % _SECOND for step in (-1, 0, 1))
    # An import of text without our note type puts the guid into the first field.
    yield from filter(None, map(_joined, (note.id, *note.fields[: _ANSWER + 1])))


def filed_elsewhere(held: Iterable[Held], decks: Iterable[str], marks: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of the notes that mkcards last wrote into another deck than these, for other notes.

    One that is as the push left it that gave this mark was not written since, whatever its deck is called now.
    """
    ours = {UNKNOWN, *(short(folded(deck)) for deck in decks)}
    ids = ((note.id, note.fields.get(_ID, "")) for note in held)
    found = ((name, text, fingerprint.found(text)) for name, text in ids)
    return frozenset(
        name for name, text, mark in found if mark and mark.deck not in ours and marks.get(name) != short(text)
    )


def marks_left(ours: Sequence[Ours], held: Iterable[Held], plan: Plan) -> dict[str, str]:
    """Return by the ids of the cards that Anki has after a push what stands for their field `Id` there."""
    living = {note.id: note.fields[-1] for note in ours}
    texts = {note.id: note.fields.get(_ID, "") for note in held if note.id in living}
    texts |= {name: living[name] for name in plan.new}
    texts |= {one.id: one.fields[_ID] for one in plan.updates}
    return {name: short(text) for name, text in texts.items()}


def are_others(ours: Sequence[Ours], held: Sequence[Held], before: Mapping[str, str]) -> bool:
    """Tell whether Anki has notes under ids of a deck, and every one of them with another answer.

    An answer that mkcards wrote as it is now is the same, whatever the learner made of it; so is one that is nearly
    the answer now, or the one from `before` the deck was built, as plain text by id.
    """
    there = {note.id: note for note in held}
    both = [(note, there[note.id]) for note in ours if note.id in there]
    return bool(both) and not any(_answers_alike(mine, theirs, before.get(mine.id, "")) for mine, theirs in both)


def _answers_alike(ours: Ours, held: Held, before: str) -> bool:
    mine, theirs = ours.fields[_ANSWER], held.fields.get(FIELDS[_ANSWER], "")
    base = fingerprint.found(held.fields.get(_ID, "")) or _NOBODY
    if short(mine) in (base.fields[_ANSWER], short(theirs)):
        return True
    return any(_alike(_joined(theirs), _joined(text)) for text in (mine, before))


def _alike(one: str, other: str) -> bool:
    change = compare_wordings(Wording(one), Wording(other))
    return bool(one) and (one == other or (change.ratio >= ALIKE and not change.opposed))


def _joined(text: str) -> str:
    """Return the words of some HTML."""
    return " ".join(unicodedata.normalize("NFC", html.unescape(_TAG.sub(" ", text))).split())


def _update(
    ours: Ours, held: Held, overwrite: bool, slept: frozenset[int]
) -> tuple[Update | None, list[Kept]]:
    base = fingerprint.found(held.fields.get(_ID, "")) or _NOBODY
    fields, hashes, kept = _fields(ours, held, base, overwrite)
    tag, untag, narrow = _tags(ours, held, base, overwrite)
    move, deck, left = _deck(ours, held, base, overwrite)
    every = _has(held, OLD_SUSPENDED)
    ours_to_wake = (
        card
        for place, card in enumerate(held.cards, 1)
        if every or place in slept or _has(held, SUSPENDED.format(place))
    )
    asleep = tuple(card.id for card in ours_to_wake if card.suspended)
    mark = Fingerprint(hashes, deck, fingerprint.of((), "", ours.tags).tags)
    fields[_ID] = f"{ours.id}{mark}"
    update = Update(held.note, ours.id, MappingProxyType(fields), tag, untag, narrow, move, ours.deck, asleep)
    if not update.shown and held.fields.get(_ID) == fields[_ID]:
        return None, kept + left
    return update, kept + left


def _fields(
    ours: Ours, held: Held, base: Fingerprint, overwrite: bool
) -> tuple[dict[str, str], tuple[str, ...], list[Kept]]:
    """The fields to write, the hash of each as written last, and what Anki keeps."""
    fields: dict[str, str] = {}
    hashes, kept = [], []
    for name, mine, last in zip(FIELDS, ours.fields, base.fields, strict=False):
        theirs = held.fields.get(name, mine)
        same = unicodedata.normalize("NFC", mine) == unicodedata.normalize("NFC", theirs)
        if same or overwrite or short(theirs) == last:
            hashes.append(short(mine))
            if not same:
                fields[name] = mine
        else:
            hashes.append(last)
            kept.append(Kept(ours.id, name, clash=short(mine) != last))
    return fields, tuple(hashes), kept


def _tags(
    ours: Ours, held: Held, base: Fingerprint, overwrite: bool
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The tags to add, to take off and to take off alone; what the learner added or took off stays so."""
    mine = {folded(tag): tag for tag in ours.tags}
    theirs = {folded(tag): tag for tag in held.tags}
    known = frozenset() if overwrite else frozenset(base.tags)
    add = [tag for name, tag in mine.items() if name not in theirs and short(name) not in known]
    off = [name for name in theirs if name not in mine and (short(name) in base.tags or name.startswith(OWN))]
    stay = {name: tag for name, tag in theirs.items() if name not in off}
    below = {name: next((tag for one, tag in stay.items() if one.startswith(f"{name}::")), "") for name in off}
    return (
        tuple(add),
        tuple(theirs[name] for name in off if not below[name]),
        tuple((theirs[name], below[name]) for name in off if below[name]),
    )


def _deck(
    ours: Ours, held: Held, base: Fingerprint, overwrite: bool
) -> tuple[tuple[int, ...], str, list[Kept]]:
    """The cards to move, the hash of the deck as written last, and what Anki keeps where it is."""
    here = short(folded(ours.deck))
    away = [card for card in held.cards if folded(card.deck) != folded(ours.deck)]
    movable = [card for card in away if overwrite or (base.deck != here and short(folded(card.deck)) == base.deck)]
    move = tuple(card.id for card in movable if not card.filtered)
    left = [card for card in away if card.id not in move and not card.filtered]
    waiting = base.deck != here and any(card.filtered for card in away)
    kept = [Kept(ours.id, "deck", clash=base.deck != here)] if left else []
    return move, base.deck if waiting or (left and base.deck != here) else here, kept


def _retirement(held: Held, policy: str) -> Retirement | None:
    if policy == "delete":
        return Retirement(held.note, held.id, delete=True)
    want = [RETIRED_TAG]
    done = Retirement(held.note, held.id)
    if policy == "suspend":
        # What was suspended before and is awake, the learner woke.
        awake = {
            place: card.id
            for place, card in enumerate(held.cards, 1)
            if not card.suspended and not (_has(held, RETIRED_TAG) and _has(held, SUSPENDED.format(place)))
        }
        done = replace(done, suspend=tuple(awake.values()), places=tuple(awake))
        want = [*map(SUSPENDED.format, awake), RETIRED_TAG]
    done = replace(done, tag=tuple(tag for tag in want if not _has(held, tag)))
    return done if done.tag or done.suspend else None


def _has(held: Held, tag: str) -> bool:
    return any(folded(one) == folded(tag) for one in held.tags)


def grouped(changes: Iterable[tuple[int, Sequence[_T]]]) -> dict[_T, list[int]]:
    """Return the numbers of notes or cards by tag or deck, so that each takes one call."""
    found: dict[_T, list[int]] = {}
    for number, names in changes:
        for name in names:
            found.setdefault(name, []).append(number)
    return found
