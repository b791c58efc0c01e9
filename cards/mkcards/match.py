"""Which candidate is which old card, as far as that is exact."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from mkcards.wording import Degree, Wording, compare, normal

LEANING_KINDS: Final = ("item", "explanation")
"""Kinds whose key and answer may be too short to say by themselves which question is meant."""


class Spot:
    """What a candidate, or an old card, is known by: the note's own words and where they stand."""

    # Not slotted: most spots are unchanged, and only for the others, and once, are their words made alike.

    def __init__(
        self,
        home: str,
        kind: str,
        key: str,
        headings: tuple[str, ...],
        anchor: str,
        answer: str,
        ordinal: int = 0,
        retired: bool = False,
    ) -> None:
        self.home = home
        """Path of the note in which it stands, or would stand, in this run."""
        self.kind = kind
        self.key = key
        self.headings = headings
        self.anchor = anchor
        self.answer = answer
        self.ordinal = ordinal
        self.retired = retired
        self.origin: tuple[str, tuple[str, ...], str] | None = None

    @property
    def whole(self) -> Hashable:
        """All of it, as written."""
        return self.home, self.kind, self.key, self.headings, self.anchor, self.answer

    @property
    def family(self) -> str:
        """Its kind, but one name for the kinds that may see the same place."""
        return self.kind if self.kind in LEANING_KINDS else ""

    @cached_property
    def asked(self) -> Wording:
        """The words of its key."""
        return Wording(self.key)

    @cached_property
    def told(self) -> Wording:
        """The words of its answer."""
        return Wording(self.answer)

    @cached_property
    def name(self) -> tuple[str, str]:
        """Kind and key."""
        return self.kind, normal(self.key)

    @cached_property
    def words(self) -> tuple[str, str, str]:
        """Kind, key and answer."""
        return *self.name, normal(self.answer)

    @property
    def told_apart(self) -> tuple[str, ...]:
        """Kind, key and answer, and the note as well for kinds whose words two notes may well share."""
        return (*self.words, self.home) if self.kind in LEANING_KINDS else self.words

    @property
    def section(self) -> str:
        """The nearest heading."""
        return normal(self.headings[-1]) if self.headings else ""

    @property
    def stand(self) -> tuple[str, tuple[str, ...], str]:
        """Home, headings and key, as they were before it followed anything."""
        return self.origin or (self.home, self.headings, self.name[1])

    def follow(self, key: str, leader: Spot) -> None:
        """Stand where its list or item stands now, under the label that it has now."""
        self.origin = self.stand
        self.key, self.home, self.headings = key, leader.home, leader.headings
        for made in ("asked", "name", "words"):
            self.__dict__.pop(made, None)


class Link(Struct, frozen=True):
    """The old card that a candidate is."""

    place: int
    """Among the old ones."""
    score: float = 1.0
    why: str = ""
    """Empty when it is exact."""


@dataclass(frozen=True, slots=True)
class Step:
    """One way to know an old card again: a candidate with an equal key."""

    name: str
    key: Callable[[Spot], Hashable]
    single: bool = False
    """Only where one card and one candidate that nothing matched have that key."""
    alone: bool = False
    """Only where one living card and one candidate of the note have that key, matched before or not."""
    kept: bool = False
    """Only where something of the answer stayed, or its heading but for the spelling."""
    short: bool = True
    """Also for retired cards of `LEANING_KINDS`."""


STEPS: Final = (
    Step("unchanged", lambda spot: spot.whole),
    Step("same section", lambda spot: (spot.home, spot.headings, spot.words)),
    Step("same note", lambda spot: (spot.home, spot.words), short=False),
    Step("moved with its heading", lambda spot: (spot.section, spot.words), short=False),
    Step("moved", lambda spot: spot.told_apart, short=False),
    Step("another kind", lambda spot: (spot.home, spot.family, spot.words[1:]), single=True, short=False),
    Step("new answer", lambda spot: (spot.home, spot.headings, spot.kind, spot.key), single=True),
    Step("new spelling and answer", lambda spot: (spot.home, spot.headings, spot.name), single=True),
    Step("new section and answer", lambda spot: (spot.home, spot.name), alone=True, kept=True),
    Step("another kind and answer", lambda spot: (spot.home, spot.family, spot.name[1]), alone=True, kept=True),
)
"""From the surest; what one step matched is out of reach of the next."""
SURE_STEPS: Final = STEPS[:6]
"""Those for which key and answer are as they were."""


@dataclass(slots=True)
class Matching:
    """The old and new spots of a run, and which of them are one card."""

    new: Sequence[Spot]
    old: Sequence[Spot]
    links: dict[int, Link] = field(default_factory=dict)
    """From the place among the new ones; each old one is used once."""
    used: set[int] = field(default_factory=set)
    """Places among the old ones."""

    def link(self, place: int, link: Link) -> None:
        """Make a candidate and an old card one."""
        self.links[place] = link
        self.used.add(link.place)

    def free_new(self, kinds: Iterable[str] = ()) -> list[int]:
        """The candidates that are no old card yet, of these families or of all."""
        return [
            place
            for place, spot in enumerate(self.new)
            if place not in self.links and (not kinds or spot.family in kinds)
        ]

    def free_old(self, kinds: Iterable[str] = ()) -> list[int]:
        """The old cards without a candidate, the living first."""
        free = [
            place
            for place, spot in enumerate(self.old)
            if place not in self.used and (not kinds or spot.family in kinds)
        ]
        return sorted(free, key=lambda place: self.old[place].retired)

    def exact(self, kinds: Iterable[str] = (), steps: Sequence[Step] = ()) -> None:
        """Match what has an equal key, step by step; of those exactly alike the first come first."""
        for step in steps or STEPS:
            free_new, free_old = self.free_new(kinds), self.free_old(kinds)
            if not (free_new and free_old):
                return
            self._step(step, free_new, free_old)

    def merged(self, present: Iterable[str]) -> None:
        """Take what is left of a vanished note to the note that most of its cards moved to."""
        here = set(present)
        moves = Counter((self.old[link.place].home, self.new[place].home) for place, link in self.links.items())
        sizes = Counter(spot.home for spot in self.old if not spot.retired)
        homes = {old: new for (old, new), count in moves.items() if old not in here and count * 2 > sizes[old]}
        for place in self.free_old():
            spot = self.old[place]
            if not spot.retired:
                spot.home = homes.get(spot.home, spot.home)

    def _step(self, step: Step, free_new: Sequence[int], free_old: Sequence[int]) -> None:
        keys = self._lonely(step, {self.new[place].home for place in free_new}) if step.alone else None
        waiting: dict[Hashable, list[int]] = {}
        for place in reversed(free_old):
            spot = self.old[place]
            if step.short or not (spot.retired and spot.kind in LEANING_KINDS):
                waiting.setdefault(step.key(spot), []).append(place)
        counts = Counter(step.key(self.new[place]) for place in free_new) if step.single else Counter()
        for place in free_new:
            key = step.key(self.new[place])
            alike = waiting.get(key)
            if not alike or (keys is not None and key not in keys):
                continue
            if step.kept and not _keeps(self.old[alike[-1]], self.new[place]):
                continue
            if not step.single or (counts[key] == 1 and self._is_single(alike)):
                self.link(place, Link(alike.pop()))

    def _is_single(self, alike: Sequence[int]) -> bool:
        living = sum(not self.old[place].retired for place in alike)
        return living == 1 or (living == 0 and len(alike) == 1)

    def _lonely(self, step: Step, homes: set[str]) -> set[Hashable]:
        found = []
        for spots in (self.new, self.old):
            counts = Counter(step.key(spot) for spot in spots if spot.home in homes and not spot.retired)
            found.append({key for key, count in counts.items() if count == 1})
        return found[0] & found[1]


def _keeps(old: Spot, new: Spot) -> bool:
    """Tell whether something of an answer stayed, or the heading above it but for its spelling."""
    if compare(old.told, new.told).degree > Degree.OTHER:
        return True
    return compare(Wording(old.section), Wording(new.section)).degree >= Degree.SPELLED


def renamed(new: Sequence[Spot], old: Sequence[Spot], present: Iterable[str]) -> dict[str, str]:
    """Return the new path of each note that vanished while most of its cards stand in one new note.

    `present` are the notes of this run. Of several that hold as much, the one with the most alike path counts.
    """
    here = set(present)
    living = [spot for spot in old if not spot.retired]
    before = {spot.home for spot in living}
    # A note that was away for a time may come back elsewhere.
    gone = [spot for spot in old if spot.home not in here and not (spot.retired and spot.home in before)]
    places = defaultdict[Hashable, set[str]](set)
    for spot in new if gone else ():
        if spot.home not in before:
            places[spot.words].add(spot.home)
    sizes = Counter(spot.home for spot in gone)
    votes = Counter((spot.home, home) for spot in gone for home in places.get(spot.words, ()))
    ranked = sorted(votes.items(), key=lambda vote: (-vote[1], *_unlike(*vote[0]), vote[0]))
    out: dict[str, str] = {}
    taken: set[str] = set()
    for (path, target), count in ranked:
        if count * 2 > sizes[path] and path not in out and target not in taken:
            out[path] = target
            taken.add(target)
    return out


def _unlike(path: str, target: str) -> tuple[bool, int]:
    """Whether the file names differ, and how few folders two paths share."""
    one, two = PurePosixPath(path), PurePosixPath(target)
    return one.name != two.name, -len(set(one.parent.parts) & set(two.parent.parts))
