"""The questions that the author puts in place of ours (`%% Q: … %%`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from mkcards.data import SILENCED, Block, Candidate, Note
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.rule import Place

OWN_QUESTION = re.compile(r"%%\s*Q:(.*?)%%", re.DOTALL)
_OF_LISTS = ("list", "item")


def reworded(
    note: Note, blocks: Sequence[Block], cards: Sequence[Candidate]
) -> tuple[list[Candidate], list[Diagnostic]]:
    """Return the cards with the author's questions, and a warning about each question that is not that of one card.

    `blocks` are those of the note as the rules see them. A comment before a block asks for the one card of that block,
    one before a list for the whole list; items ask what their list does.
    """
    questions: dict[tuple[int, str], str] = {}
    found: list[Diagnostic] = []
    by_line: dict[int, list[Candidate]] = {}
    for card in cards:
        for number in {card.line, card.label_line}:
            by_line.setdefault(number, []).append(card)
    heads: dict[Block | None, list[tuple[int, str]]] = {None: []}
    for line, block, question in _asked(blocks):
        if block is not None and block.kind == SILENCED:
            continue
        if block is not None and block not in heads:
            lines = range(block.line, block.end_line + 1)
            near = (card for number in lines for card in by_line.get(number, ()))
            heads[block] = list({_head(card): None for card in near if _is_of(card, block)})
        if len(heads[block]) == 1:
            questions.setdefault(heads[block][0], question)
            continue
        message = f"“{question}” replaces no question: {_reason(len(heads[block]))}; put it before what gives one card"
        found.append(Diagnostic(note.path, line, "own-question", message, Severity.WARNING))
    return [_with(card, questions.get(_head(card), "")) for card in cards], found


def asked_above(place: Place) -> bool:
    """Tell whether the author's question stands before a list or the line above it, which is its label."""
    lines = 0
    for block in reversed(place.siblings[: place.index]):
        if block.kind == "comment" and any(map(OWN_QUESTION.search, block.remarks)):
            return True
        lines += block.kind != "comment"
        if lines > 1:
            break
    return False


def _reason(cards: int) -> str:
    return f"what follows it gives {cards} cards" if cards else "no card asks for what follows it as a whole"


def _asked(blocks: Sequence[Block]) -> Iterator[tuple[int, Block | None, str]]:
    """Yield the line of each comment that asks, the block that it stands before, and its question, from the end."""
    after: Block | None = None
    for block in reversed(blocks):
        own = next((found[1].strip() for one in block.remarks if (found := OWN_QUESTION.search(one))), "")
        if own and block.kind == "comment":
            yield block.line, after, own
        after = after if block.kind == "comment" else block
        if block.kind != SILENCED:
            yield from _asked(block.children)


def _head(card: Candidate) -> tuple[int, str]:
    """Return what a list and those of its items that show it have in common; every other card has it for itself."""
    return card.label_line, card.fields.prompt.partition("\n\n")[0]


def _is_of(card: Candidate, block: Block) -> bool:
    """Tell whether a card comes from a block, or, if that is a list, asks for the list or for items in their place."""
    if card.kind == "explanation" or (card.kind == "item" and "\n\n" not in card.fields.prompt):
        return False
    inside = block.line <= card.line <= block.end_line
    if block.kind == "list":
        return card.kind in _OF_LISTS and inside and card.label_line < block.line
    return inside or block.line <= card.label_line <= block.end_line


def _with(card: Candidate, question: str) -> Candidate:
    if not question or card.kind == "explanation":
        return card
    _, gap, rest = card.fields.prompt.partition("\n\n")
    return replace(card, fields=replace(card.fields, prompt=f"{question}{gap}{rest}"))
