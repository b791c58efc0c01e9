"""What a build does to the identity of cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mkcards.data import Card, Ledger
from mkcards.diagnostics import glance, json_of, visible
from mkcards.render import plain

SAME_QUESTION = "the same question"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one card."""

    what: str
    """`new`, `edited`, `moved`, `retired`, `returned` or `shown` (only what stands around it changed)."""
    card: Card
    old: Card | None = None
    why: str = ""
    score: float = 1.0
    """How sure it is that the two are one card; 1 is exact."""


def changes(
    before: Ledger, after: Ledger, cards: Sequence[Card], edits: Mapping[str, tuple[float, str]]
) -> list[Change]:
    """Return what a build that gives `cards` and the ledger `after` does, in reading order, the retired last.

    `edits` are what was known again by likeness: by id, how sure that is, and why.
    """
    known = {card.id: card for card in before.cards}
    found = [change for card in cards if (change := _change(card, known.get(card.id), edits))]
    gone = [card for card in after.cards if card.retired is not None and card.id in known]
    retired = [Change("retired", card, known[card.id]) for card in gone if known[card.id].retired is None]
    return found + sorted(retired, key=lambda change: (change.card.path, change.card.ordinal))


def _change(card: Card, old: Card | None, edits: Mapping[str, tuple[float, str]]) -> Change | None:
    if old is None:
        return Change("new", card)
    score, why = edits.get(card.id, (1.0, SAME_QUESTION))
    if old.retired is not None:
        return Change("returned", card, old, why, score)
    if _own_words(card) != _own_words(old):
        return Change("edited", card, old, why, score)
    if card.path != old.path:
        return Change("moved", card, old, why, score)
    return Change("shown", card, old) if card.hash != old.hash else None


def _own_words(card: Card) -> tuple[str, ...]:
    return card.key, card.fields.answer, card.fields.details, card.fields.reverse_answer


def as_text(found: Sequence[Change]) -> Iterator[str]:
    """Yield a line or two for each change, and one that counts them."""
    for change in found:
        if change.what != "shown":
            yield from map(visible, _lines(change))
    counts = Counter(change.what for change in found)
    names = ("new", "edited", "moved", "returned", "retired")
    yield ", ".join(f"{counts[name]} {name}" for name in names) + f"; {counts['shown']} shown otherwise"


def _lines(change: Change) -> Iterator[str]:
    card, old = change.card, change.old
    place = f"{card.path}:{card.label_line}" if card.label_line else card.path
    yield f"{change.what:<8} {place}  {_short(card.key)}: {_short(card.fields.answer)}"
    if old is None or change.what == "retired":
        return
    moved = f", from {old.path}" if old.path != card.path else ""
    yield f"         was {_short(old.key)}: {_short(old.fields.answer)} ({change.why}; score {change.score:.2f}{moved})"


def _short(markdown: str) -> str:
    return glance(plain(markdown), 80)


def as_json(found: Sequence[Change]) -> Iterator[str]:
    """Yield one JSON object for each change."""
    for change in found:
        entry: dict[str, Any] = {"what": change.what, "id": change.card.id, **_entry(change.card)}
        entry["line"] = change.card.label_line
        entry["old"] = _entry(change.old) if change.old else None
        entry |= {"why": change.why, "score": change.score}
        yield json_of(entry)


def _entry(card: Card) -> dict[str, Any]:
    return {"path": card.path, "kind": card.kind, "key": card.key, "answer": card.fields.answer}
