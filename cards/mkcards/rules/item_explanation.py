"""item-explanation: what stands below an item of a labelled list explains it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mkcards.announcing import lists_kinds, names_following
from mkcards.answers import unwrapped
from mkcards.data import Block
from mkcards.label import NAME_LIMIT, Label, asks
from mkcards.links import is_bare_link
from mkcards.material import NAME_WORDS, completed_item, is_material, item_name, item_text, trimmed
from mkcards.phrasing import size
from mkcards.predicate import opens_as_definition
from mkcards.rule import Finding, Look, Place
from mkcards.syntax.inline import plain, prose
from mkcards.syntax.markdown import indent, to_markdown
from mkcards.terms import head_of, shown_term
from mkcards.word_lists import COLONS, QUESTION_MARKS

NAME = "item-explanation"
EXPLANATION_WORDS = 4
"""What has fewer words names something; it does not explain."""
ITEM_LIMIT = 25
"""An item with more words is no name for what explains it."""

_SENTENCE_ENDS = (".", "!", "。", "！", ".)", ".”", '."')


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each item of a labelled list that has an explanation."""
    for place in look.of("list"):
        label = look.asked.get(place.block)
        if label is None or asks(look.phrases, label) or lists_kinds(look.phrases, label.plain, place.block):
            continue  # The items answer a question; what stands below them is said about an answer.
        for item in trimmed(look.phrases, place).block.children:
            yield from _explained(look, label, place, item)


@dataclass(frozen=True, slots=True)
class _Explanation:
    """What stands below an item, and the question template that asks for it."""

    template: str
    answer: str
    lines: tuple[int, int]
    count: int = 1
    objection: str = ""


def _explained(look: Look, label: Label, place: Place, item: Block) -> Iterator[Finding]:
    below = [block for block in item.children[1:] if block.kind in {"list", "quote", "paragraph"}]
    if item.off or not item.children or len(below) != 1:
        return
    head = head_of(item_text(item), unmarked=True, period=True)
    marked = head is not None and head.mark == "strong"
    name = f"**{shown_term(head)}**" if head and marked else prose(item_name(item))
    shown = plain(name)
    if size(shown) > ITEM_LIMIT or look.phrases.starts_with(shown, "leaning"):
        return
    if shown.casefold() in look.phrases.words("generic_terms"):
        return
    found = _objection(look, below[0]) or _explanation(look, below[0])
    if found is None or (found.template != "objection" and head and head.rest):
        return
    if found.template != "objection" and below[0].kind != "quote" and _remarks(look, label, item, found):
        look.refuse(NAME, item.line, "what stands below is a remark, no explanation to ask for")
        return
    numbered = (f"{item.number}. {name}" if item.number is not None else name).rstrip(".:：, ")
    stated = found.template == "head" and size(plain(name)) > NAME_WORDS
    prompt = look.phrases.ask(
        "explanation" if stated else found.template,
        label=label.text.rstrip("?？"),
        item=numbered,
        term=numbered,
        n=found.count,
        objection=found.objection,
    )
    key = f"{label.plain} {plain(item_text(item))}"
    yield look.card(
        NAME, "explanation", key, place, prompt, found.answer, lines=found.lines, label_line=item.line
    )


def _remarks(look: Look, label: Label, item: Block, found: _Explanation) -> bool:
    """Tell whether what stands below an item is jotted down beside it: no sentence, or points of no step or kind."""
    shown = plain(prose(item_name(item)))
    told = item.number is None and look.phrases.commands(shown)
    if told or look.phrases.is_clause(shown):
        return True
    kinds = look.phrases.noun_in(label.plain, "list_nouns") or look.phrases.count(label.plain) is not None
    if found.template == "points":
        return not (kinds or item.number is not None) or size(shown) > NAME_LIMIT or shown.endswith(_SENTENCE_ENDS)
    return not (kinds or names_following(look.phrases, label.plain))


def _explanation(look: Look, block: Block) -> _Explanation | None:
    """Return what explains an item: one quote or sentence, or a list of points."""
    if block in look.asked or _holds_asked(look, block) or look.taken.get(block) == "highlighted-question":
        return None
    kept = [child for child in block.children if not _asked(look, child)] if block.kind == "list" else [block]
    kept = [child for child in kept if not _example(look, child)]
    if not kept:
        return None
    lines = (kept[0].line, kept[-1].end_line)
    if len(kept) > 1:
        answer = "\n".join(_point(look, child) for child in kept)
        return _Explanation("points", answer, lines, len(kept)) if is_material(kept, look.phrases) else None
    answer = unwrapped(kept)
    if not answer or plain(answer).endswith(COLONS + QUESTION_MARKS):
        return None
    shown = plain(answer)
    if size(shown) < EXPLANATION_WORDS or is_bare_link(answer) or look.phrases.starts_with(shown, "continuations"):
        return None
    tells = kept[0].kind != "item" or look.phrases.is_clause(shown) or opens_as_definition(look.phrases, shown)
    return _Explanation("explanation" if tells else "head", answer, lines)


def _objection(look: Look, block: Block) -> _Explanation | None:
    """Return a nested `Counter: …`, or a `Counter:` over points."""
    if len(block.children) != 1 or not block.children[0].children:
        return None
    first, *rest = block.children[0].children
    word, colon, text = first.text.partition(":") if ":" in first.text else first.text.partition("：")
    if not colon or plain(word).casefold() not in look.phrases.words("objections"):
        return None
    own = text.strip("*_ ")
    line = first.line if own or not rest else rest[0].line
    answer = own or to_markdown(rest)
    return _Explanation("objection", answer, (line, block.end_line), objection=plain(word)) if answer else None


def _holds_asked(look: Look, block: Block) -> bool:
    """Tell whether a list inside a block is asked on its own."""
    return any(child in look.asked or _holds_asked(look, child) for child in block.children)


def _asked(look: Look, item: Block) -> bool:
    return bool(item.children) and look.taken.get(item.children[0]) == "highlighted-question"


def _example(look: Look, block: Block) -> bool:
    first = block.children[0] if block.kind == "item" and block.children else block
    return look.phrases.is_example(plain(first.text))


def _point(look: Look, item: Block) -> str:
    return "- " + indent(completed_item(look.phrases, item_text(item), item), "  ").lstrip()
