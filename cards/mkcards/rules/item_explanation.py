"""item-explanation: what stands below an item of a labelled list explains it."""

from __future__ import annotations

from collections.abc import Iterator

from mkcards.data import Block
from mkcards.labels import Label
from mkcards.material import is_material, item_text
from mkcards.phrasing import size
from mkcards.rule import Finding, Look, Place, is_off
from mkcards.syntax.inline import plain, prose
from mkcards.syntax.markdown import to_markdown
from mkcards.terms import head_of, is_bare_link, shown_term

NAME = "item-explanation"
ITEM_LIMIT = 25
"""An item with more words is no name for what explains it."""


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each item of a labelled list that has an explanation."""
    for place in look.of("list"):
        label = look.asked.get(place.block)
        if label is None:
            continue
        for item in place.block.children:
            yield from _explained(look, label, place, item)


def _explained(look: Look, label: Label, place: Place, item: Block) -> Iterator[Finding]:
    below = [block for block in item.children[1:] if block.kind in {"list", "quote", "paragraph"}]
    if (
        is_off(item)
        or not item.children
        or len(below) != 1
        or below[0] in look.asked
        or (_holds_asked(look, below[0]) and _objection(look, below[0]) is None)
        or look.taken.get(below[0]) == "highlighted-question"
    ):
        return
    head = head_of(item_text(item), period=True)
    name = (
        f"**{shown_term(head)}**"
        if head and head.mark == "strong"
        else prose(item_text(item).partition("\n\n")[0])
    )
    if size(plain(name)) > ITEM_LIMIT or look.phrases.starts_with(plain(name), "leaning"):
        return
    block = below[0]
    objection = _objection(look, block)
    if objection is not None:
        word, answer, lines = objection
        asked = look.phrases.ask(
            "objection", label=label.text.rstrip("?？"), item=name.rstrip(".:："), objection=word
        )
        yield look.card(
            NAME,
            "explanation",
            f"{label.plain} {plain(item_text(item))}",
            place,
            asked,
            answer,
            lines=lines,
            label_line=item.line,
        )
        return
    kept = [child for child in block.children if not _asked(look, child)] if block.kind == "list" else [block]
    if not kept or any(_example(look, child) for child in kept):
        return
    shown = f"{item.number}. {name}" if item.number is not None else name
    parts = {"label": label.text.rstrip("?？"), "item": shown.rstrip(".:："), "n": len(kept)}
    if len(kept) > 1:
        if not is_material(kept, look.phrases) or (head and head.rest):
            return
        template, answer = "points", "\n".join(_point(child) for child in kept)
    else:
        answer = _single(kept[0])
        if not answer or plain(answer).endswith((":", "：", "?", "？")) or is_bare_link(answer):
            return
        template = "explanation"
    yield look.card(
        NAME,
        "explanation",
        f"{label.plain} {plain(item_text(item))}",
        place,
        look.phrases.ask(template, **parts),
        answer,
        lines=(kept[0].line, kept[-1].end_line),
        label_line=item.line,
    )


def _objection(look: Look, block: Block) -> tuple[str, str, tuple[int, int]] | None:
    """Return the word, the text and the lines of a nested `Counter: …`, or of a `Counter:` over points."""
    if block.kind != "list" or len(block.children) != 1:
        return None
    first, *rest = block.children[0].children
    word, colon, text = first.text.partition(":") if ":" in first.text else first.text.partition("：")
    if not colon or plain(word).casefold() not in look.phrases.words("objections"):
        return None
    answer = text.strip("*_ ") or to_markdown(rest)
    line = first.line if text.strip("*_ ") or not rest else rest[0].line
    return (plain(word), answer, (line, block.end_line)) if answer else None


def _holds_asked(look: Look, block: Block) -> bool:
    """Tell whether a list inside a block is asked on its own."""
    return any(child in look.asked or _holds_asked(look, child) for child in block.children)


def _asked(look: Look, item: Block) -> bool:
    return bool(item.children) and look.taken.get(item.children[0]) == "highlighted-question"


def _example(look: Look, block: Block) -> bool:
    first = block.children[0] if block.kind == "item" and block.children else block
    return look.phrases.is_example(plain(first.text)) if first.text else False


def _point(item: Block) -> str:
    return f"- {item_text(item)}"


def _single(block: Block) -> str:
    """Return the Markdown of one explanation, without the bullet or quote mark around it."""
    if block.kind in {"item", "quote"}:
        inner = [child for child in block.children if child.kind != "comment"]
        return _single(inner[0]) if len(inner) == 1 else to_markdown(inner)
    return to_markdown([block])
