"""Cards as text that a person or a program reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mkcards.data import Card
from mkcards.diagnostics import json_of, on_one_line, visible
from mkcards.render import SEPARATOR, plain
from mkcards.syntax.inline import is_marked

MORE = "      "


def as_text(cards: Iterable[Card]) -> Iterator[str]:
    """Yield lines to read: the path of each note, and below it prompt and answer of its cards."""
    path = None
    for card in cards:
        if card.path != path:
            if path is not None:
                yield ""
            path = card.path
            yield on_one_line(path)
        yield from map(visible, _card(card))


def as_json(cards: Iterable[Card]) -> Iterator[str]:
    """Yield one JSON object a card."""
    for card in cards:
        yield json_of(_entry(card))


def _card(card: Card) -> Iterator[str]:
    shown = card.fields
    where = str(card.line) if card.line else "retired"
    first, *rest = plain(shown.prompt).split("\n")
    parts = (plain(part) if is_marked(part) else part for part in shown.context)
    context = f"  [{SEPARATOR.join(parts)}]" if shown.context else ""
    yield f"  {where}: {first}{context}"
    yield from (MORE + line for line in rest)
    yield f"   -> {_indented(shown.answer)}"
    if shown.reverse_prompt:
        yield f"   <- {_indented(shown.reverse_prompt)}"


def _indented(markdown: str) -> str:
    return plain(markdown).replace("\n", "\n" + MORE)


def _entry(card: Card) -> dict[str, Any]:
    shown = card.fields
    return {
        "id": card.id,
        "kind": card.kind,
        "key": card.key,
        "rule": card.rule,
        "deck": card.deck,
        "tags": card.tags,
        "path": card.path,
        "line": card.line,
        "end_line": card.end_line,
        "label_line": card.label_line,
        "context": SEPARATOR.join(shown.context),
        "prompt": shown.prompt,
        "answer": shown.answer,
        "reverse_prompt": shown.reverse_prompt,
        "reverse_answer": shown.reverse_answer,
        "details": shown.details,
        "prompt_text": plain(shown.prompt),
        "answer_text": plain(shown.answer),
        "retired": card.retired is not None,
    }
