"""Cards of a deck that ask the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mkcards.data import Card
from mkcards.diagnostics import Diagnostic, Severity, glance
from mkcards.render import plain


def doubles(cards: Sequence[Card]) -> Iterator[Diagnostic]:
    """Yield one finding for every two notes that share cards, and one for each question that stands in many places.

    `cards` are those of a deck in reading order.
    """
    alike: dict[tuple[str, str], list[Card]] = {}
    asked: dict[tuple[str, tuple[str, ...]], list[Card]] = {}
    for card in cards:
        alike.setdefault((card.fields.prompt, card.fields.answer), []).append(card)
        asked.setdefault((card.fields.prompt, card.fields.context), []).append(card)
    yield from _same([group for group in alike.values() if len(group) > 1])
    yield from _rivals(asked.values())


def _same(groups: Sequence[Sequence[Card]]) -> Iterator[Diagnostic]:
    pairs: dict[tuple[str, str], list[tuple[Card, Card]]] = {}
    for first, *others in groups:
        for other in others:
            pairs.setdefault((first.path, other.path), []).append((first, other))
    twins = {pair: shared for pair, shared in pairs.items() if len(shared) > 1 and pair[0] != pair[1]}
    for (path, _), shared in twins.items():
        first, other = shared[0]
        message = (
            f"{len(shared)} cards from here on stand in {path}:{_line(first)} too, word for word; "
            "exclude one of the notes, or silence it with `mkcards: false`"
        )
        yield Diagnostic(other.path, _line(other), "same-card", message, Severity.REMARK)
    for first, *others in groups:
        lone = [other for other in others if (first.path, other.path) not in twins]
        if lone:
            where = f"{first.path}:{_line(first)}" + (f" and in {len(lone) - 1} more places" if len(lone) > 1 else "")
            message = f"{_shown(first)} stands in {where} too, with the same answer; silence one with %% nocard %%"
            yield Diagnostic(lone[0].path, _line(lone[0]), "same-card", message, Severity.REMARK)


def _rivals(groups: Iterable[Sequence[Card]]) -> Iterator[Diagnostic]:
    for group in groups:
        answers: dict[str, Card] = {}
        for card in group:
            answers.setdefault(card.fields.answer, card)
        if len(answers) > 1:
            first, second, *_ = answers.values()
            message = (
                f"{_shown(first)} has {len(answers)} answers that nothing tells apart, the first in "
                f"{first.path}:{_line(first)}; say in each question what it is about"
            )
            yield Diagnostic(second.path, _line(second), "rival-answers", message)


def _shown(card: Card) -> str:
    first, *_ = plain(card.fields.prompt).split("\n")
    return f"“{glance(first)}”"


def _line(card: Card) -> int:
    return card.label_line or card.line
