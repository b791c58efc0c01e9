"""Which candidate is which old card."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from mkcards.data import Fields

LEANING_KINDS: Final = ("item", "explanation")
"""Kinds whose key and answer may be too short to say by themselves which question is meant."""
_MARKS: Final = re.compile(r"[*=~`_\[]")
_LINK: Final = re.compile(r"!?\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]|!?\[([^\]]*)\]\([^)\s]*\)")
# A star between spaces, as in `2 * 3`, and an underscore inside a word are no markup.
_MARKUP: Final = re.compile(r"\*+(?=\S)|(?<=\S)\*+|==|~~|`+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|\[\^[^\]]*\]")


def normal(text: str) -> str:
    """Text without markup, and alike for what differs only in case, white space or Unicode form."""
    if _MARKS.search(text):
        text = _MARKUP.sub("", _LINK.sub(lambda link: link[1] or link[2] or "", text))
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


@dataclass(slots=True, eq=False)
class Spot:
    """What a candidate, or an old card, is known by."""

    home: str
    """Path of the note in which it stands, or would stand, in this run."""
    kind: str
    key: str
    headings: tuple[str, ...]
    anchor: str
    fields: Fields
    retired: bool = False
    # Most spots are unchanged: only for the others, and once, are their words made alike.
    _name: tuple[str, str] | None = None
    _words: tuple[str, str, str] | None = None

    @property
    def whole(self) -> Hashable:
        """All of it, as written."""
        shown = self.fields
        place = self.home, self.kind, self.key, self.headings, self.anchor
        return *place, shown.prompt, shown.answer, shown.context, shown.details

    @property
    def name(self) -> tuple[str, str]:
        """Kind and key."""
        if self._name is None:
            self._name = self.kind, normal(self.key)
        return self._name

    @property
    def words(self) -> tuple[str, str, str]:
        """Kind, key and answer."""
        if self._words is None:
            self._words = *self.name, normal(self.fields.answer)
        return self._words

    @property
    def section(self) -> str:
        """The nearest heading."""
        return normal(self.headings[-1]) if self.headings else ""


@dataclass(frozen=True, slots=True)
class Step:
    """One way to know an old card again: a candidate with an equal key."""

    name: str
    key: Callable[[Spot], Hashable]
    alone: bool = False
    """Only where one living card and one candidate of the note have that key, matched before or not."""
    short: bool = True
    """Also for retired cards of `LEANING_KINDS`."""


STEPS: Final = (
    Step("unchanged", lambda spot: spot.whole),
    Step("same section", lambda spot: (spot.home, spot.headings, spot.words)),
    Step("same note", lambda spot: (spot.home, spot.words), short=False),
    Step("moved with its heading", lambda spot: (spot.section, spot.words)),
    Step("moved", lambda spot: spot.words, short=False),
    Step("new answer", lambda spot: (spot.home, spot.headings, spot.kind, spot.key)),
    Step("new spelling and answer", lambda spot: (spot.home, spot.headings, spot.name)),
    Step("new section and answer", lambda spot: (spot.home, spot.name), alone=True),
)
"""From the surest; what one step matched is out of reach of the next."""


def match(new: Sequence[Spot], old: Sequence[Spot]) -> dict[int, int]:
    """Return, by place in `new`, the place in `old` of the same card; each is used once.

    Where several are alike the first come first.
    """
    pairs: dict[int, int] = {}
    free_new = list(range(len(new)))
    free_old = sorted(range(len(old)), key=lambda place: old[place].retired)
    for step in STEPS:
        found = _step(step, new, old, free_new, free_old)
        pairs |= found
        used = set(found.values())
        free_new = [place for place in free_new if place not in found]
        free_old = [place for place in free_old if place not in used]
        if not (free_new and free_old):
            break
    return pairs


def _step(
    step: Step, new: Sequence[Spot], old: Sequence[Spot], free_new: Sequence[int], free_old: Sequence[int]
) -> dict[int, int]:
    homes = {new[place].home for place in free_new}
    keys = _lonely(step, new, homes) & _lonely(step, old, homes) if step.alone else None
    waiting: dict[Hashable, list[int]] = {}
    for place in reversed(free_old):
        spot = old[place]
        if step.short or not (spot.retired and spot.kind in LEANING_KINDS):
            waiting.setdefault(step.key(spot), []).append(place)
    found = {}
    for place in free_new:
        key = step.key(new[place])
        alike = waiting.get(key)
        if alike and (keys is None or key in keys):
            found[place] = alike.pop()
    return found


def _lonely(step: Step, spots: Sequence[Spot], homes: set[str]) -> set[Hashable]:
    counts = Counter(step.key(spot) for spot in spots if spot.home in homes and not spot.retired)
    return {key for key, count in counts.items() if count == 1}


def renamed(new: Sequence[Spot], old: Sequence[Spot]) -> dict[str, str]:
    """Return the new path of each note that vanished while most of its cards stand in one new note."""
    living = [spot for spot in old if not spot.retired]
    before, after = {spot.home for spot in living}, {spot.home for spot in new}
    places = defaultdict[Hashable, set[str]](set)
    for spot in new:
        if spot.home not in before:
            places[spot.words].add(spot.home)
    gone = [spot for spot in living if spot.home not in after] if places else []
    sizes = Counter(spot.home for spot in gone)
    votes = Counter((spot.home, *places[spot.words]) for spot in gone if len(places.get(spot.words, ())) == 1)
    out: dict[str, str] = {}
    for (path, target), count in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if count * 2 > sizes[path] and path not in out and target not in out.values():
            out[path] = target
    return out
