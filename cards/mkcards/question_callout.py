"""What stands in a callout whose title asks, as the Markdown of an answer."""

from __future__ import annotations

import re

from mkcards.answers import fits, unwrapped
from mkcards.data import Block, walk
from mkcards.no_answer import says_nothing
from mkcards.rule import Look
from mkcards.syntax.inline import plain
from mkcards.word_lists import COLONS, QUESTION_MARKS

NO_QUESTIONS = frozenset({"example", "todo", "infobox", "dataview"})
"""Kinds of callouts whose title asks nothing that they answer."""
_ANSWER = re.compile(r"[*_]*[AR][*_]*[:：][*_]*\s+")
"""What stands before many an answer."""


def answer_inside(look: Look, callout: Block) -> tuple[str, tuple[Block, ...]]:
    """Return what a callout holds, without a callout around all of it that only says so; "" if it is no answer."""
    blocks = tuple(block for block in callout.children if block.kind not in {"html", "comment"})
    if len(blocks) == 1 and blocks[0].kind == "callout" and _only_says_so(look, blocks[0]):
        return answer_inside(look, blocks[0])
    # Options that stand above the right one are no answer.
    chosen = any(block.kind == "callout" or "[!" in block.text for block in walk(blocks))
    if callout.info in NO_QUESTIONS or chosen or not blocks or not all(map(look.free, blocks)):
        return "", ()
    text = _ANSWER.sub("", unwrapped(blocks), count=1)
    shown, last = plain(text), plain(blocks[-1].text)
    asks_on = any(plain(line).endswith(QUESTION_MARKS) for line in text.split("\n"))
    open_end = asks_on or last.endswith(COLONS) or not any(sign.isalnum() for sign in shown)
    return ("", ()) if open_end or not fits(text) or says_nothing(look.phrases, shown) else (text, blocks)


def _only_says_so(look: Look, callout: Block) -> bool:
    """Tell whether a callout's title is that of its kind or says that an answer follows."""
    title = plain(callout.text).casefold().rstrip(": ")
    return title in {"", callout.info} or title in look.phrases.words("empty_labels")
