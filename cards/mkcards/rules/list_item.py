"""list-item: each item of a numbered, labelled list is asked on its own."""

from __future__ import annotations

from collections.abc import Iterator

from mkcards.asking import own_question
from mkcards.blanks import all_named, blanked, only_counts
from mkcards.examples import only_example
from mkcards.label import Label, names
from mkcards.material import ELLIPSIS, completed_item, item_text, trimmed
from mkcards.no_answer import says_something
from mkcards.rule import Finding, Look, Place
from mkcards.syntax.inline import named, plain
from mkcards.terms import Head, head_of, shown_term
from mkcards.word_lists import COLONS

NAME = "list-item"
MOST_ITEMS = 12
"""In a longer list the place of an item is nothing to learn."""
PROMPT_LIMIT = 800
"""Characters of a list with a blank; a longer one is not read through a hundred times."""


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each item of the numbered lists that have a label."""
    for place in look.of("list"):
        label = look.asked.get(place.block)
        place = trimmed(look.phrases, place)
        if label is None or not place.block.ordered or len(place.block.children) > MOST_ITEMS:
            continue
        question = own_question(look, label, place)
        alike = only_counts(look.phrases, label, question, place)
        named_alike = all_named(look.phrases, place.block.children)
        for number, item in enumerate(place.block.children):
            text = item_text(item)
            if item.off or plain(text).endswith(COLONS) or ELLIPSIS.fullmatch(text):
                continue
            first = item.children[0]
            head = head_of(text, unmarked=named_alike, period=True)
            example = head is not None and only_example(look.phrases, plain(head.rest))
            if head and (named_alike or head.mark == "strong") and says_something(head.rest) and not example:
                prompt, answer = _headed(look, label, head, place), head.rest
            elif alike:
                look.refuse(NAME, first.line, "the items beside it don't show which one is asked for")
                continue
            else:
                prompt, head = f"{question}\n\n{blanked(place.block.children, number)}", None
                answer = completed_item(look.phrases, text, item)
            if len(prompt) > PROMPT_LIMIT:
                look.refuse(NAME, first.line, "the list around the item is too long to be shown")
                continue
            yield look.card(
                NAME,
                "item",
                f"{label.plain} {plain(head.term if head and head.mark == 'strong' else text)}",
                place,
                prompt,
                answer,
                lines=(first.line, first.end_line),
                label_line=label.line,
                anchor=first.anchor,
                extra=(named(label.text),) if head else (),
            )


def _headed(look: Look, label: Label, head: Head, place: Place) -> str:
    term = f"**{shown_term(head)}**"
    shown = label.text if names(look.phrases, label) else look.subject(place, label.plain)
    if not shown:
        return look.phrases.ask("what_meant", term=term)
    return look.phrases.ask("head", label=shown, term=term)
