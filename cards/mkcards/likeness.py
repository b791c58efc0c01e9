"""Whether a candidate is an edit of an old card: how sure that is, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mkcards.counting import items_in, uncounted
from mkcards.match import Spot
from mkcards.wording import Change, Degree, Wording, are_far, compare, normal

TELLING: Final = 6
"""Words in an answer that nothing else has, from which it tells by itself which question is meant."""
TELLING_LIST: Final = 3
"""The same of a list, whose items are seldom those of another."""
CONTENT: Final = 4
"""Letters from which a word likely says what a question is about."""
_COMMON_ANSWERS: Final = """
yes no true false ja nein wahr falsch oui non vrai faux sí verdadero falso vero sim não verdadeiro да нет 是 否
"""
COMMON_ANSWERS: Final = frozenset(_COMMON_ANSWERS.split())


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of a pair besides its words."""

    place: bool
    """Between the same neighbours as before."""
    near: bool
    """In one note, or in one to which others of its note's cards moved."""
    shared: bool
    """Other cards have the same answer."""
    heading: bool
    """Below the same headings."""
    alive: bool
    """The old question, word for word, or the new one, has its own unmatched card."""
    mould: Callable[[frozenset[str]], bool]
    """Says whether other questions of the two notes hold all these words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How sure it is that two are one card, and why; 1 and a little more is the surest."""

    score: float
    why: str


_WHY: Final = (
    "the {} in other words",
    "the {} reworded",
    "the {} longer or shorter",
    "the {} spelled differently",
    "the same {}",
)


def judge(old: Spot, new: Spot, setting: Setting) -> Verdict | None:
    """Say how sure it is that `new` is an edit of `old`, or None when they are two questions.

    A near key with another answer is another question; the same answer with a near key is a typo.
    """
    parts = _item(old), _item(new)
    if old.kind == "item" and parts[0] and parts[1]:
        asked, told = compare(parts[0][0], parts[1][0]), compare(parts[0][1], parts[1][1])
        score, names = _item_score(asked, told, setting), ("label", "item")
    else:
        if old.name != new.name and are_far(old.told, new.told):
            return None
        told = compare(old.told, new.told)
        if old.name != new.name and told.degree == Degree.OTHER:
            return None
        asked = _compared(old, new, told)
        score, names = _TABLE[told.degree](asked, told, setting, new), ("question", "answer")
    if setting.alive and asked.degree < Degree.EXTENDED:
        return None
    if old.kind != new.kind and max(asked.degree, told.degree) < Degree.SAME:
        return None
    if not score:
        return None
    score += 0.04 * setting.place + 0.02 * setting.heading - 0.03 * (old.kind != new.kind)
    score += 0.1 * bool(old.anchor and old.anchor == new.anchor)
    why = (_WHY[change.degree].format(name) for change, name in zip((asked, told), names, strict=True))
    return Verdict(score, ", ".join(why))


def _compared(old: Spot, new: Spot, told: Change) -> Change:
    """What became of a question; that it counts the items of its answer anew is no change."""
    counts = items_in(old.answer), items_in(new.answer)
    # Where only the number was wrong, the items are as they were.
    before = uncounted(old.asked.words, 0 if told.degree == Degree.SAME else counts[0])
    after = uncounted(new.asked.words, counts[1]) if all(counts) else ""
    both = (Wording(before), Wording(after)) if before and after else (old.asked, new.asked)
    return compare(*both)


def _item(spot: Spot) -> tuple[Wording, Wording] | None:
    """The label and the text of an item whose key is the two in a row."""
    key, text = normal(spot.key), normal(spot.answer)
    if not key.endswith(f" {text}"):
        return None
    return Wording(key.removesuffix(text)), Wording(text)


def _is_telling(told: Change, setting: Setting, new: Spot | None = None) -> bool:
    enough = TELLING_LIST if new and new.kind == "list" else TELLING
    return not setting.shared and told.size >= enough


def _same_answer(asked: Change, told: Change, setting: Setting, new: Spot) -> float:
    telling = _is_telling(told, setting)
    if asked.degree == Degree.SAME:
        return 0.97
    if asked.opposed:
        return 0.7 if telling and setting.near and asked.degree > Degree.OTHER else 0
    if asked.degree == Degree.SPELLED:
        long = len(new.asked.plain) >= 6
        return 0.95 if not setting.shared or setting.place else 0.9 if setting.near or long else 0
    if asked.degree == Degree.OTHER:
        return _renamed_term(told, setting, new)
    return _reworded_question(asked, told, setting, new)


def _reworded_question(asked: Change, told: Change, setting: Setting, new: Spot) -> float:
    score = 0.6 + 0.3 * asked.ratio
    if _is_telling(told, setting):
        return score
    if not (setting.shared or _says_little(new.told.plain)) and (told.size >= 2 or not _swaps_content(asked)):
        return score if setting.near or asked.ratio >= 0.5 else 0
    # Questions of one mould differ in one word, and may well have one answer.
    held = frozenset(word for word in asked.held if len(word) >= CONTENT or not word.isascii())
    sure = asked.ratio >= 0.6 and setting.place and (not _swaps_content(asked) or len(held) > 1)
    return score - 0.1 if sure and asked.size >= 3 and not setting.mould(held) else 0


def _renamed_term(told: Change, setting: Setting, new: Spot) -> float:
    if not setting.near:
        return 0.6 if told.size >= 2 * TELLING and not setting.shared else 0
    if new.kind == "list" and told.size >= TELLING and setting.place and setting.heading:
        return 0.65
    return 0.65 if _is_telling(told, setting, new) and (setting.place or setting.heading) else 0


def _spelled_answer(asked: Change, told: Change, setting: Setting, new: Spot) -> float:
    if asked.degree == Degree.SAME:
        return 0.9 if setting.near or told.size >= 3 else 0
    if asked.opposed or told.opposed:
        return 0
    if asked.degree == Degree.SPELLED:
        return 0.88 if told.size >= 2 or setting.place else 0
    if asked.degree > Degree.OTHER and told.size >= 4 and asked.ratio >= 0.5:
        return 0.55 + 0.3 * asked.ratio
    sure = told.size >= TELLING + 2 and setting.near and (setting.place or setting.heading)
    return 0.62 if sure and new.kind != "question" else 0


def _extended_answer(asked: Change, told: Change, setting: Setting, new: Spot) -> float:
    if told.ratio < 0.5 and told.size < TELLING and new.kind != "list":
        return _other_answer(asked, told, setting, new)
    if asked.degree == Degree.SAME:
        return 0.85 if setting.near or told.size >= 4 else 0
    if asked.opposed or told.opposed:
        return 0
    if asked.degree == Degree.SPELLED:
        return 0.8 if told.size >= 3 else 0
    if asked.degree > Degree.OTHER and told.size >= 5 and asked.ratio >= 0.6 and not _swaps_content(asked):
        return 0.5 + 0.3 * asked.ratio
    listed = new.kind == "list"
    sure = told.size >= (TELLING_LIST if listed else 10) and told.ratio >= (0.3 if listed else 0.5)
    if not (sure and setting.near and (setting.place or setting.heading)):
        return 0
    return 0.6 if new.kind != "question" else 0


def _reworded_answer(asked: Change, told: Change, setting: Setting, new: Spot) -> float:
    if asked.degree == Degree.SAME:
        if told.ratio < 0.6:
            return _other_answer(asked, told, setting, new)
        return 0.5 + 0.3 * told.ratio if setting.near or (told.ratio >= 0.7 and told.size >= 6) else 0
    # Where one word stands for one other in question and answer alike, they are two of one mould.
    long = told.size >= 3 * TELLING and told.ratio >= 0.85
    if asked.opposed or (told.opposed and not long) or asked.swapped & told.swapped:
        return 0
    if _swaps_content(asked) and told.swapped:
        return 0
    if asked.degree == Degree.SPELLED and long:
        return 0.5 + 0.3 * told.ratio
    if asked.degree == Degree.SPELLED:
        return 0.45 + 0.3 * told.ratio if told.ratio >= 0.75 and told.size >= 5 and asked.size >= 3 else 0
    if not (setting.near and told.size >= TELLING and told.ratio >= 0.7):
        return 0
    if asked.degree > Degree.OTHER and asked.ratio >= 0.7 and asked.size >= 5:
        return 0.4 + 0.2 * (asked.ratio + told.ratio)
    return 0.55 if new.kind == "list" and told.size >= 8 and setting.place else 0


def _other_answer(asked: Change, told: Change, setting: Setting, new: Spot) -> float:
    same = asked.degree == Degree.SAME and setting.near and setting.place and setting.heading
    return 0.5 if same else 0


_TABLE: Final = (_other_answer, _reworded_answer, _extended_answer, _spelled_answer, _same_answer)
"""By what became of the answer; each gives the score for what became of the question, 0 for another one."""


def _item_score(asked: Change, told: Change, setting: Setting) -> float:
    """Of an item: `asked` is what became of its label, `told` of its text."""
    if told.opposed or told.degree == Degree.OTHER:
        return 0
    if asked.degree >= Degree.SPELLED and not asked.opposed:
        if told.degree >= Degree.SPELLED:
            return 0.9 if setting.near or told.size >= 3 else 0
        if told.degree == Degree.EXTENDED:
            return 0.5 + 0.4 * told.ratio if told.ratio >= 0.5 and setting.near else 0
        sure = told.ratio >= 0.7 and told.size >= 5 and setting.near
        return 0.5 + 0.3 * told.ratio if sure else 0
    if asked.degree == Degree.OTHER or asked.opposed:
        sure = told.degree == Degree.SAME and _is_telling(told, setting) and setting.near
        return 0.6 if sure and setting.place else 0
    sure = told.degree >= Degree.SPELLED and told.size >= 2 and not setting.shared
    return 0.5 + 0.3 * asked.ratio if sure and (setting.near or told.size >= TELLING) else 0


def _says_little(answer: str) -> bool:
    return answer in COMMON_ANSWERS or not any(map(str.isalpha, answer)) or (answer.isascii() and len(answer) < 4)


def _swaps_content(asked: Change) -> bool:
    """Tell whether a word that a question is about gave way to another: of one mould, it is another question."""
    swapped = asked.swapped
    return any(min(len(old), len(new)) >= CONTENT or not (old + new).isascii() for old, new in swapped)
