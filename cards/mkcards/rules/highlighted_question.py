"""highlighted-question: `==…?==` asks, and what belongs to it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mkcards.answers import below_heading, open_question, standing, unwrapped, without_citations
from mkcards.data import Block
from mkcards.highlights import is_question, without_questions
from mkcards.links import PICTURE, is_bare_link
from mkcards.no_answer import says_nothing, without_marks
from mkcards.rule import Finding, Look, Place
from mkcards.syntax.inline import Span, plain, prose, spans, without
from mkcards.syntax.markdown import to_markdown
from mkcards.word_lists import COLONS

NAME = "highlighted-question"
_LEAD = re.compile(r"^(?:[\s:：→—]|[-–>.]+(?=\s))+")
"""What leads from a question to its answer; a dash or stop may belong to that (`-38.8 degrees`, `.gitignore`)."""
_BEFORE = " \t\n:：-–—>→.*_"
_IMAGE = re.compile(PICTURE)
_ANSWER_KINDS = {"list", "quote", "callout", "code", "math", "table"}


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each highlighted question with an answer, and a diagnostic for each without."""
    for place in look.of("paragraph", "heading"):
        if "==" not in place.block.text:
            continue
        marks = [
            span for span in spans(place.block.text) if span.kind == "mark" and is_question(place.block.text, span)
        ]
        for at, mark in enumerate(marks):
            until = marks[at + 1].start if at + 1 < len(marks) else len(place.block.text)
            yield from _question(look, place, mark, until, alone=len(marks) == 1)


def _question(look: Look, place: Place, mark: Span, until: int, *, alone: bool) -> Iterator[Finding]:
    block = place.block
    question = prose(without_citations(block.text[mark.inner_start : mark.inner_end]))
    rest = without_marks(_after(block.text, mark, until))
    before = block.text[: mark.start].strip(_BEFORE)
    if rest.rstrip(".!。！").casefold() in look.phrases.words("tasks") | look.phrases.words("exercise_verbs"):
        question, rest = f"{question} {rest}", ""
    answer, used = _nested(place)
    if not answer and _tells(look, rest):
        answer, used = _led_to(place, rest) if rest.endswith(COLONS) else (rest, ())
    if (
        not answer
        and alone
        and not before
        and not any(c.isalnum() for c in plain(rest))
        and _stands_alone(place)
    ):
        answer, used = _following(look, place)
    line = block.line + block.text[: mark.start].count("\n")
    if not answer:
        yield from open_question(look, place, line, question)
        look.take(NAME, block)
        return
    look.take(NAME, block, *used)
    asked = standing(look, place, question)
    if not asked:
        message = f"“{plain(question)}” leans on what stands before it; name its subject"
        yield look.remark(line, "leaning-question", message)
        return
    end = max([block.end_line, *(one.end_line for one in used)])
    yield look.card(NAME, "question", question, place, asked, answer, lines=(line, end))


def _after(text: str, mark: Span, until: int) -> str:
    """Return what follows a highlighted question up to a place, without the emphasis that is around it."""
    rest = text[mark.end : until]
    opened = text[len(text[: mark.start].rstrip("*_")) : mark.start]
    if opened and rest.startswith(opened):
        rest = rest[len(opened) :]
    elif opened and rest.rstrip().endswith(opened):
        rest = rest.rstrip()[: -len(opened)]
    return _LEAD.sub("", rest).strip()


def _tells(look: Look, rest: str) -> bool:
    """Tell whether what stands behind a question can be its answer, or leads to it."""
    if _IMAGE.fullmatch(rest):
        return True
    return bool(rest) and not is_bare_link(rest) and _has_words(rest) and not says_nothing(look.phrases, rest)


def _led_to(place: Place, rest: str) -> tuple[str, tuple[Block, ...]]:
    """Return a lead-in (`There are three:`) with what it leads to, or no answer when that is not there."""
    after = tuple(place.after()[:1]) if _stands_alone(place) else ()
    kept = [block for block in map(without_questions, after) if block is not None and block.kind in _ANSWER_KINDS]
    return (f"{rest}\n\n{to_markdown(kept)}", after) if kept else ("", ())


def _has_words(text: str) -> bool:
    return any(c.isalnum() for c in plain(without(text, {"mark"})))


def _stands_alone(place: Place) -> bool:
    return place.around("item") is None


def _nested(place: Place) -> tuple[str, tuple[Block, ...]]:
    """Return what is nested below a question in a list item, but for further questions."""
    if place.parent is None or place.parent.block.kind != "item":
        return "", ()
    below = tuple(place.following())
    kept = [without_questions(block) for block in below]
    return unwrapped([block for block in kept if block is not None]), below


def _following(look: Look, place: Place) -> tuple[str, tuple[Block, ...]]:
    if place.block.kind == "heading":
        return below_heading(look, place)
    after: Sequence[Block] = place.after()
    if not after:
        return "", ()
    first = after[0]
    if first.kind == "paragraph" and first.text.rstrip(" *_").endswith(COLONS) and len(after) > 1:
        if after[1].kind in _ANSWER_KINDS:
            return unwrapped(after), tuple(after)
        return "", ()
    if first.kind in _ANSWER_KINDS or _IMAGE.fullmatch(first.text.strip()):
        return unwrapped([first]), (first,)
    return "", ()
