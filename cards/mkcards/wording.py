"""How two wordings of one text differ."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from itertools import product
from typing import Final

from rapidfuzz.distance import OSA, Levenshtein

from mkcards.counting import number_of
from mkcards.opposites import DISTINCT, ENDS, NEGATIONS, STARTS, apart
from mkcards.syntax.inline_footnotes import without_notes

_MARKS: Final = re.compile(r"[*=~`_\[]")
_LINK: Final = re.compile(r"!?\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]|!?\[([^\[\]]*)\]\([^\[)\s]*\)")
# A star between spaces, as in `2 * 3`, and an underscore inside a word are no markup.
_MARKUP: Final = re.compile(r"\*+(?=\S)|(?<=\S)\*+|==|~~|`+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|\[\^[^\[\]]*\]")
_ITEM: Final = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+", re.MULTILINE)
# Scripts without spaces give a word for each character; signs of mathematics tell questions apart, commas don't.
_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+|[+<>=≤≥≠^/%±→←↔°′-](?=\S)")
MOST: Final = 12
"""Words in a row of which each is compared with each."""
ROOT: Final = 3
"""Letters that two opposites share at least."""
NO_ROWS: Final[frozenset[int]] = frozenset()
_DIGIT: Final = re.compile(r"\d")


def normal(text: str) -> str:
    """Text without markup and footnotes, and alike for what differs only in case, white space or Unicode form."""
    if _MARKS.search(text):
        text, _ = without_notes(text)
        text = _MARKUP.sub("", _LINK.sub(lambda link: link[1] or link[2] or "", text))
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


class Degree(IntEnum):
    """How near two wordings are."""

    OTHER = 0
    REWORDED = 1
    EXTENDED = 2
    """One holds all words of the other, in their order."""
    SPELLED = 3
    """The same words, some spelled differently."""
    SAME = 4


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a text."""

    degree: Degree
    ratio: float
    """The share of words that both have, long ones counting more, 0 to 1."""
    swapped: frozenset[tuple[str, str]] = frozenset()
    """Words that gave way to other words."""
    opposed: bool = False
    """A number, a negation or a word's opposite changed: what tells two questions apart."""
    size: int = 0
    """Words of the shorter text."""
    held: frozenset[str] = frozenset()
    """Words that both have."""


class Wording:
    """A text taken to words, once."""

    __slots__ = ("__dict__", "text")

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Its lines as `normal` makes them, without the marks of list items."""
        text, _ = without_notes(self.text)
        made = (normal(_ITEM.sub("", line)) for line in text.split("\n"))
        return tuple(line for line in made if line)

    @cached_property
    def plain(self) -> str:
        """All of it as `normal` makes it, without the marks of list items."""
        return " ".join(self.lines)

    @cached_property
    def bag(self) -> frozenset[str]:
        """Its different words."""
        return frozenset(self.words)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words and signs, without punctuation."""
        return tuple(_WORD.findall(self.plain))


def are_far(old: Wording, new: Wording) -> bool:
    """Say at little cost of long texts that hardly a word of them is the same; short ones may differ in spelling."""
    least = min(len(old.bag), len(new.bag))
    return least > MOST and len(old.bag & new.bag) * 4 < least


def compare(old: Wording, new: Wording) -> Change:
    """Say how `new` differs from `old`; lines that both have, such as the items of a list, may stand anywhere."""
    size = min(len(old.words), len(new.words))
    if old.words == new.words:
        return Change(Degree.SAME, 1.0, size=size)
    if len(old.lines) == 1 == len(new.lines):
        return _compare(old.words, new.words, size)
    before, after = Counter(old.lines), Counter(new.lines)
    both = _weight(_WORD.findall(" ".join((before & after).elements())))
    gone = _WORD.findall(" ".join(line for line in old.lines if line not in after))
    come = _WORD.findall(" ".join(line for line in new.lines if line not in before))
    if not both:
        return _compare(old.words, new.words, size)
    if not gone and not come:
        return Change(Degree.SPELLED, 1.0, size=size)
    rest = _compare(gone, come, min(len(gone), len(come)))
    differing = _weight(gone) + _weight(come)
    ratio = (2 * both + rest.ratio * differing) / (2 * both + differing)
    if gone and come and rest.degree < Degree.SPELLED:
        return Change(Degree.REWORDED, ratio, rest.swapped, rest.opposed, size)
    return Change(rest.degree if gone and come else Degree.EXTENDED, ratio, rest.swapped, rest.opposed, size)


@lru_cache(maxsize=1 << 16)
def is_slip(old: str, new: str) -> bool:
    """Say whether two words are likely one word spelled in two ways."""
    shorter = min(len(old), len(new))
    if shorter < 3 or _DIGIT.search(old + new):
        return False
    far = 1 if shorter < 8 else 2
    if OSA.distance(old, new, score_cutoff=far) > far:
        return False
    # In three letters another letter makes another word; a turn does not.
    return shorter > 3 or len(old) != len(new) or sorted(old) == sorted(new)


@lru_cache(maxsize=1 << 16)
def are_opposed(old: str, new: str) -> bool:
    """Say whether one word in place of another makes another question: opposites, numbers, single letters."""
    if _DIGIT.search(old + new) or (len(old) == 1 == len(new)) or not (old + new).isalnum():
        return True
    if number_of(old) and number_of(new) and number_of(old) != number_of(new):
        return True
    if not DISTINCT.get(old, NO_ROWS).isdisjoint(DISTINCT.get(new, NO_ROWS)):
        return True
    starts, ends = apart(old, new)
    longest = max(len(old), len(new))
    return any(
        old.startswith(one) and new.startswith(two) and longest - max(len(one), len(two)) >= ROOT
        for one, two in STARTS.get(starts, ())
    ) or any(
        old.endswith(one) and new.endswith(two) and longest - max(len(one), len(two)) >= ROOT
        for one, two in ENDS.get(ends, ())
    )


def _compare(old: Sequence[str], new: Sequence[str], size: int) -> Change:
    if not old or not new:
        return Change(Degree.EXTENDED if old or new else Degree.SAME, 0.0, size=size)
    common = Counter(old) & Counter(new)
    kept = _weight(common.elements())
    swapped, added, removed, opposed = set(), 0, 0, False
    for gone, come in _differences(old, new):
        if "".join(gone) == "".join(come):
            kept += min(_weight(gone), _weight(come))
            continue
        opposed = opposed or _opposes(gone, come)
        left, right = _without_slips(gone, come)
        kept += _weight(gone) - _weight(left) - _weight(word for word in gone if word in common and word not in left)
        added, removed = added + (not left and bool(right)), removed + (not right and bool(left))
        swapped |= set(product(left[:MOST], right[:MOST]))
    ratio = min(1.0, 2 * kept / (_weight(old) + _weight(new)))
    if not (swapped or added or removed):
        return Change(Degree.SPELLED, max(ratio, 0.9), size=size, opposed=opposed)
    degree = Degree.REWORDED if swapped or (added and removed) else Degree.EXTENDED
    if degree == Degree.REWORDED and ratio < 0.4:
        degree = Degree.OTHER
    return Change(degree, ratio, frozenset(swapped), opposed, size, frozenset(old) & frozenset(new))


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The words that gave way and those that came, for each place where the two differ."""
    before = after = 0
    for block in Levenshtein.opcodes(old, new).as_matching_blocks():
        if block.a > before or block.b > after:
            yield old[before : block.a], new[after : block.b]
        before, after = block.a + block.size, block.b + block.size


def _weight(words: Iterable[str]) -> float:
    """What words count: long ones say more of what a text is about."""
    return sum(2.0 if not word.isascii() and len(word) == 1 else min(len(word), 8) for word in words)


def _without_slips(gone: Sequence[str], come: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words that gave way and came without those that are one word spelled in two ways."""
    left, right = list(gone), list(come)
    for old, new in _pairs(gone[:MOST], come[:MOST]):
        if old in left and new in right and is_slip(old, new):
            left.remove(old)
            right.remove(new)
    return left, right


def _pairs(gone: Sequence[str], come: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(gone, come, strict=True) if len(gone) == len(come) else product(gone, come)


def _opposes(gone: Sequence[str], come: Sequence[str]) -> bool:
    if not gone or not come:
        return any(word in NEGATIONS for word in (*gone, *come))
    if (set(gone) & NEGATIONS) != (set(come) & NEGATIONS):
        return True
    return any(are_opposed(a, b) for a, b in _pairs(gone[:MOST], come[:MOST]))
