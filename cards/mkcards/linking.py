"""Which known card every candidate is."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from mkcards.data import Candidate, Card, NoteCards
from mkcards.fuzzy import complete
from mkcards.match import LEANING_KINDS, SURE_STEPS, Link, Matching, Spot, renamed


class Found(Struct, frozen=True):
    """A candidate and the note that it stands in."""

    note: NoteCards
    home: str
    note_id: str
    """Empty when another note holds it too."""
    ordinal: int
    candidate: Candidate


def no_answers() -> Iterable[int]:
    """Return the hashes of the answers of no cards."""
    return ()


@dataclass(frozen=True, slots=True)
class Rest:
    """What must be known of notes that are not looked at, since they and their cards are as the last run left them."""

    homes: tuple[str, ...] = ()
    owners: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The home of each note id."""
    ids: Collection[str] = ()
    """Of their living cards."""
    answers: Callable[[], Iterable[int]] = no_answers
    """The hashes of those of their living cards, for when they are needed."""


@lru_cache(maxsize=1 << 15)
def home_of(path: str) -> str:
    """The path by which a note is known."""
    # Some file systems decompose names; a note must have the same path on every machine.
    return unicodedata.normalize("NFC", path)


def candidates(notes: Sequence[NoteCards], note_ids: Mapping[str, str]) -> list[Found]:
    """Return the candidates of the readable notes; `note_ids` are those that one note alone holds, by path."""
    return [
        Found(note, home, note_ids.get(home, ""), ordinal, candidate)
        for note in notes
        if note.readable
        for home in (home_of(note.path),)
        for ordinal, candidate in enumerate(note.candidates)
    ]


def links_of(
    found: Sequence[Found], known: Sequence[Card], owners: Mapping[str, str], present: Sequence[str], rest: Rest
) -> dict[int, Link]:
    """The known card that every candidate is, if any, by place."""
    owners, present = {**rest.owners, **owners}, (*present, *rest.homes)
    homes = [owners.get(card.note_id) or home_of(card.path) for card in known]
    links = _untouched(found, known, homes)
    same = {link.place for link in links.values()}
    # Notes in which nothing changed need no further look.
    new = [place for place in range(len(found)) if place not in links]
    old = [place for place in range(len(known)) if place not in same]
    spots = [_old_spot(known[place], homes[place]) for place in old]
    matching = Matching([_new_spot(found[place]) for place in new], spots)
    moves = renamed(matching.new, matching.old, present)
    for spot in matching.old:
        spot.home = moves.get(spot.home, spot.home)
    matching.exact(steps=SURE_STEPS)
    matching.merged(present)
    matching.exact()
    if matching.free_new() and matching.free_old():
        others = Counter(rest.answers())
        answers = [others.copy(), others]
        answers[0].update(hash(card.fields.answer) for card in known if card.retired is None)
        answers[1].update(hash(item.candidate.fields.answer) for item in found)

        def shared(one: Spot, other: Spot) -> bool:
            return any(counts[hash(spot.answer)] > 1 for counts in answers for spot in (one, other))

        complete(matching, shared)
    for place, link in matching.links.items():
        links[new[place]] = replace(link, place=old[link.place])
    return links


def _untouched(found: Sequence[Found], known: Sequence[Card], homes: Sequence[str]) -> dict[int, Link]:
    """The candidates of the notes whose cards are all as they were, in their order."""
    new, old = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for place, item in enumerate(found):
        new[item.home].append(place)
    for place, home in enumerate(homes):
        if known[place].retired is None:
            old[home].append(place)
    links: dict[int, Link] = {}
    for home, places in new.items():
        before = old.get(home, ())
        if len(before) == len(places) and all(map(_same, (found[p] for p in places), (known[p] for p in before))):
            links.update(zip(places, map(Link, before), strict=True))
    return links


def _same(item: Found, card: Card) -> bool:
    one = item.candidate
    return (
        one.key == card.key
        and one.fields.answer == card.fields.answer
        and one.headings == card.headings
        and one.anchor == card.anchor
        and (one.kind == card.kind or not {one.kind, card.kind} & {*LEANING_KINDS})
    )


def _new_spot(item: Found) -> Spot:
    one = item.candidate
    return Spot(item.home, one.kind, one.key, one.headings, one.anchor, one.fields.answer, item.ordinal)


def _old_spot(card: Card, home: str) -> Spot:
    place = card.headings, card.anchor, card.fields.answer, card.ordinal, card.retired is not None
    return Spot(home, card.kind, card.key, *place)
