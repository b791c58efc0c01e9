"""Which candidate is an edit of which old card, where nothing exact says so."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import PurePosixPath
from typing import Final

from mkcards.likeness import Setting, Verdict, judge
from mkcards.match import LEANING_KINDS, Link, Matching, Spot

THRESHOLD: Final = 0.5
SUREST: Final = 0.99
"""The score that is told at most; 1 is what is exact."""
FAR_THRESHOLD: Final = 0.7
"""For cards of different notes, and for retired ones."""
MARGIN: Final = 0.015
"""Two pairs whose scores differ by less are equally likely."""
MOST_PAIRS: Final = 4000
"""A note with more pairs of free cards compares only those that share rare words."""
RARE: Final = 20
"""A word in more free cards than this leads from no card to another."""
NEAREST: Final = 5
"""How many cards of other notes one candidate is compared with."""

LEAST_WORDS: Final = 3
"""Words in an answer from which it may tell a question that another kind of card asks."""

Shared = Callable[[Spot, Spot], bool]
"""Says whether other cards have the answer of this pair too."""


@dataclass(frozen=True, slots=True)
class _Pair:
    verdict: Verdict
    new: int
    old: int


def complete(matching: Matching, shared: Shared) -> None:
    """Match what was edited, after all that is exact: whole cards first, then what follows them.

    Globally best first. Where several are equally likely and not alike, none is taken.
    """
    for kinds in (("",), *((kind,) for kind in LEANING_KINDS)):
        if kinds != ("",) and _follow(matching, kinds):
            matching.exact(kinds)
        free_new, free_old = matching.free_new(kinds), matching.free_old(kinds)
        if free_new and free_old:
            _take(matching, sorted(_judged(matching, free_new, free_old, shared), key=_order))
    _regrouped(matching)


def _regrouped(matching: Matching) -> None:
    """Match an item that became a card of its own, or the other way round: one answer, and a key that ends alike."""
    waiting = defaultdict[tuple[str, str], list[int]](list)
    for place in matching.free_old():
        spot = matching.old[place]
        if not spot.retired and len(spot.told.words) >= LEAST_WORDS:
            waiting[spot.home, spot.words[2]].append(place)
    come = Counter((matching.new[place].home, matching.new[place].words[2]) for place in matching.free_new())
    for place in matching.free_new():
        spot = matching.new[place]
        olds = waiting.get((spot.home, spot.words[2]), [])
        if len(olds) != 1 or come[spot.home, spot.words[2]] != 1:
            continue
        short, long = sorted((spot.name[1], matching.old[olds[0]].name[1]), key=len)
        if matching.old[olds[0]].family != spot.family and long.endswith(f" {short}"):
            matching.link(place, Link(olds[0], 0.8, "the same answer, found by another rule"))


def _order(pair: _Pair) -> tuple[float, int, int]:
    return -pair.verdict.score, pair.new, pair.old


def _take(matching: Matching, pairs: Sequence[_Pair]) -> None:
    by_new, by_old = defaultdict[int, list[_Pair]](list), defaultdict[int, list[_Pair]](list)
    for pair in pairs:
        by_new[pair.new].append(pair)
        by_old[pair.old].append(pair)
    unclear: set[tuple[str, int]] = set()
    for pair in pairs:
        if pair.new in matching.links or pair.old in matching.used:
            continue
        if ("new", pair.new) in unclear or ("old", pair.old) in unclear:
            continue
        rivals = [
            rival
            for rival in (*by_new[pair.new], *by_old[pair.old])
            if rival is not pair
            and rival.new not in matching.links
            and rival.old not in matching.used
            and rival.verdict.score > pair.verdict.score - MARGIN
            and not _alike(matching, pair, rival)
        ]
        if rivals:
            for one in (pair, *rivals):
                unclear |= {("new", one.new), ("old", one.old)}
            continue
        matching.link(pair.new, Link(pair.old, round(min(pair.verdict.score, SUREST), 2), pair.verdict.why))


def _alike(matching: Matching, one: _Pair, other: _Pair) -> bool:
    """Whether it makes no difference which of two pairs is taken."""
    same_new = matching.new[one.new].words == matching.new[other.new].words
    return same_new and matching.old[one.old].words == matching.old[other.old].words


def _judged(matching: Matching, free_new: Sequence[int], free_old: Sequence[int], shared: Shared) -> Iterator[_Pair]:
    flows = _flows(matching) | _kin(matching)
    places = _Places(matching)
    keys = _Keys(matching)
    names = {matching.new[place].name for place in free_new}, {matching.old[place].name for place in free_old}
    for new, old in _near(matching, free_new, free_old, flows):
        one, other = matching.old[old], matching.new[new]
        near = one.home == other.home or (one.home, other.home) in flows
        if one.retired and one.home != other.home:
            continue
        place = not one.retired and near and places.fits(new, old)
        heading = one.headings == other.headings
        alive = one.name != other.name and (one.name in names[0] or other.name in names[1])
        setting = Setting(place, near, shared(one, other), heading, alive, keys.others(one, other))
        verdict = judge(one, other, setting)
        if verdict is None:
            continue
        far = one.home != other.home
        least = FAR_THRESHOLD if far or one.retired else THRESHOLD
        if verdict.score >= least:
            yield _Pair(Verdict(verdict.score - 0.05 * far - 0.1 * one.retired, verdict.why), new, old)


def _flows(matching: Matching) -> set[tuple[str, str]]:
    """The pairs of notes between which cards moved."""
    homes = ((matching.old[link.place].home, matching.new[place].home) for place, link in matching.links.items())
    return {(before, after) for before, after in homes if before != after}


def _kin(matching: Matching) -> set[tuple[str, str]]:
    """The pairs of a note that is gone and a new one with its file name, or with most of its answers."""
    old, new = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for spots, answers in ((matching.old, old), (matching.new, new)):
        for spot in spots:
            if not spot.retired:
                answers[spot.home].add(spot.words[2])
    gone, fresh = [home for home in old if home not in new], [home for home in new if home not in old]
    holders = defaultdict[str, list[str]](list)
    for home in fresh:
        for clue in (_file_name(home), *new[home]):
            holders[clue].append(home)
    found: set[tuple[str, str]] = set()
    for home in gone:
        votes = Counter(other for answer in old[home] for other in holders.get(answer, ()))
        best = [other for other, count in votes.items() if count * 2 > len(old[home])]
        named = holders.get(_file_name(home), [])
        found.update((home, other) for other in (*best, *(named if len(named) <= RARE else ())))
    return found


def _file_name(home: str) -> str:
    return f"/{PurePosixPath(home).name}"


def _near(
    matching: Matching, free_new: Sequence[int], free_old: Sequence[int], flows: set[tuple[str, str]]
) -> Iterator[tuple[int, int]]:
    """The pairs worth a comparison: of one note, of notes between which cards moved, or with rare words in common."""
    new, old = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for place in free_new:
        new[matching.new[place].home].append(place)
    for place in free_old:
        old[matching.old[place].home].append(place)
    seen: set[tuple[int, int]] = set()
    for before, after in (*((home, home) for home in sorted(new)), *sorted(flows)):
        if before in old and after in new and len(old[before]) * len(new[after]) <= MOST_PAIRS:
            seen.update(product(new[after], old[before]))
    seen.update(_sharing(matching, free_new, free_old))
    yield from sorted(seen)


def _sharing(matching: Matching, free_new: Sequence[int], free_old: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The pairs that share the most rare words."""
    holders = defaultdict[str, list[int]](list)
    for place in free_old:
        for word in _vocabulary(matching.old[place]):
            holders[word].append(place)
    for place in free_new:
        common = Counter[int]()
        for word in _vocabulary(matching.new[place]):
            if len(found := holders.get(word, ())) <= RARE:
                common.update(found)
        ranked = sorted(common.items(), key=lambda item: (-item[1], item[0]))
        for other, _ in ranked[:NEAREST]:
            yield place, other


def _vocabulary(spot: Spot) -> set[str]:
    return {*spot.asked.words, *spot.told.words}


class _Keys:
    """The words of the questions of each note."""

    def __init__(self, matching: Matching) -> None:
        self.spots = defaultdict[str, list[Spot]](list)
        for spot in (*matching.old, *matching.new):
            self.spots[spot.home].append(spot)

    def others(self, one: Spot, other: Spot) -> Callable[[frozenset[str]], bool]:
        """Say whether questions besides these two hold all of some words."""

        def hold(words: frozenset[str]) -> bool:
            spots = (spot for home in {one.home, other.home} for spot in self.spots[home])
            own = {one.asked.plain, other.asked.plain}
            return any(words.issubset(spot.asked.words) for spot in spots if spot.asked.plain not in own)

        return hold


class _Places:
    """Says whether a candidate stands between the neighbours that an old card had."""

    def __init__(self, matching: Matching) -> None:
        self.matching = matching
        self.matched: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
        for new in sorted(matching.links):
            one, other = matching.new[new], matching.old[matching.links[new].place]
            ordinals, before = self.matched.setdefault((one.home, other.home), ([], []))
            ordinals.append(one.ordinal)
            before.append(other.ordinal)

    def fits(self, new: int, old: int) -> bool:
        """Whether the matched cards next to the two are the same."""
        one, other = self.matching.new[new], self.matching.old[old]
        ordinals, before = self.matched.get((one.home, other.home), ([], []))
        at = bisect_left(ordinals, one.ordinal)
        left = before[at - 1] if at else -1
        right = before[at] if at < len(before) else other.ordinal + 1
        return left < other.ordinal < right


def _follow(matching: Matching, kinds: Sequence[str]) -> bool:
    """Take the old cards of these kinds to where their list or item is now; say whether any moved."""
    leaders = defaultdict[tuple[str, tuple[str, ...]], dict[str, Spot]](dict)
    for place, link in matching.links.items():
        old, new = matching.old[link.place], matching.new[place]
        home, headings, name = old.stand
        if old.kind != "explanation" and old.stand != new.stand:
            leaders[home, headings][name] = new
    lengths = {stand: sorted({len(label) for label in labels}, reverse=True) for stand, labels in leaders.items()}
    moved = False
    for place in matching.free_old(kinds):
        spot = matching.old[place]
        home, headings, name = spot.stand
        starts = (name[:end] for end in lengths.get((home, headings), ()) if name[end : end + 1] in ("", " "))
        label = next((start for start in starts if start in leaders[home, headings]), None)
        if label is not None and not spot.retired:
            leader = leaders[home, headings][label]
            spot.follow(leader.name[1] + name[len(label) :], leader)
            moved = True
    return moved
