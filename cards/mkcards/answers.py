"""What stands below a question, as the Markdown of an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from mkcards.asking import points_back
from mkcards.data import SILENCED, Block
from mkcards.diagnostics import Diagnostic
from mkcards.highlights import opens_with_question
from mkcards.label import LEAD_LIMIT
from mkcards.no_answer import says_nothing
from mkcards.phrasing import Phrases, size
from mkcards.predicate import KIND_WORDS, counts_on
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain, prose, spans, whole
from mkcards.syntax.markdown import to_markdown
from mkcards.unfinished import JOINING
from mkcards.word_lists import COLONS, QUESTION_MARKS, WORD_OR_NUMBER, any_of

_DRAWING = "tikz"
"""The language of code that stands for a diagram in a sentence."""
_END = " .,;:。，；：\n"
_CLOSING = "*_\"”’»)"
TAIL = 12
"""Characters by which the end of a definition is known to be the end of its paragraph."""
HALF_WORDS = 2
"""A condition of so few words goes on in the list below it."""
LEADING_REACH = 4
"""A word such as `following` this near to the end of a definition leads to what stands below it."""
LEANING_REACH = 4
"""A pronoun this near to the start of a question is its subject; a later one has its noun in the question."""
SCREEN_LINES = 14
SCREEN_WORDS = 140
"""An answer with more does not fit a screen."""


def without_citations(source: str) -> str:
    """Return a question without links whose text is only a number or mark (`[2](…)`)."""
    for span in reversed(spans(source)):
        if span.kind == "link" and not any(c.isalpha() for c in source[span.inner_start : span.inner_end]):
            source = source[: span.start].rstrip() + source[span.end :]
    return source


def leans(phrases: Phrases, question: str) -> bool:
    """Tell whether a question's subject is a pronoun that only what stands before it can explain."""
    if not phrases.table["spaced"]:
        return False
    asked = any_of(tuple(phrases.table["empty_pronouns"])).sub(_filler, plain(question))
    words = [word.casefold() for word in WORD_OR_NUMBER.findall(asked)]
    return any(word in phrases.words("pronouns") for word in words[:LEANING_REACH])


def _filler(found: re.Match[str]) -> str:
    """Return as many words as were found, none of which is a pronoun."""
    return " ".join("x" for _ in found.group().split())


def standing(look: Look, place: Place, question: str) -> str:
    """Return the question with the sentence or heading that it leans on in front, or "" when there is none."""
    if size(plain(question)) < 2:
        subject = look.subject(place, plain(question))
        return look.phrases.ask("subject", subject=subject, question=question) if subject else ""
    if not leans(look.phrases, question) and not points_back(look.phrases, question):
        return question
    if place.block.kind == "paragraph" and _answers_heading(place):
        return ""
    before = place.before()
    told = before is not None and before.kind == "paragraph" and not any(mark in before.text for mark in QUESTION_MARKS)
    if place.block.kind == "paragraph" and before is not None and told:
        text = prose(before.text)
        ranges = look.phrases.sentences(text)
        last = text[ranges[-1][0] :].strip() if ranges else ""
        if last and size(last) <= LEAD_LIMIT:
            return f"{last} {question}"
    if place.around("item") is not None or place.headings:
        subject = look.subject(place, plain(question))
        return look.phrases.ask("subject", subject=subject, question=question) if subject else ""
    return ""


def _answers_heading(place: Place) -> bool:
    """Tell whether what stands around a place answers the question above it."""
    return bool(place.headings) and plain(place.headings[-1].text).endswith(QUESTION_MARKS)


def completed(look: Look, place: Place, text: str) -> tuple[str, tuple[Block, ...]] | None:
    """Return a definition with the formula or list that it leads to, and the blocks used; None when it breaks off."""
    text = _without_comma(look.phrases, place, text)
    shown = plain(text)
    opens = look.phrases.ends_in(shown.rstrip(" ,;"), *JOINING) or shown.endswith((":", "：", ","))
    opens = opens and not text.endswith("$")  # `D = a` ends in a symbol.
    at_end = place.block.text.rstrip(_END).endswith(text.rstrip(_END)[-TAIL:])
    after = place.after()
    # `if both have` goes on in the list below; `what ropes can do` is whole.
    ends = size(shown) <= HALF_WORDS or look.phrases.ends_in(shown, "finite_verbs")  # `if both`
    half = look.phrases.starts_with(shown, "connectives") and ends
    # `such that, for each rope` does, too.
    half = half or look.phrases.ends_in(shown.rpartition(", ")[0], "relatives")
    # `if it satisfies the following condition` has it below; `falls below zero.` is whole.
    leads = look.phrases.mentions(" ".join(shown.split()[-LEADING_REACH:]), "following")
    half = half or (leads and not place.block.text.rstrip().endswith((".", "。")))
    opens = opens or bool(half and after and after[0].kind == "list")
    kinds = {"math", "list", "code", "table"} if opens else {"math"}
    if at_end and after and after[0].kind in kinds and (opens or not shown.endswith((".", "。"))):
        return f"{text}\n\n{to_markdown(after[:1])}", after[:1]
    # `Each diagram of the form below commutes`, or `if there is a sequence`, which a diagram shows
    goes_on = look.phrases.mentions(shown, "following") or (after[:1] and after[0].info == _DRAWING)
    shown_below = at_end and bool(after) and after[0].kind == "code" and goes_on
    return None if shown_below or (opens and not _is_stopped(look.phrases, place, text)) else (text, ())


def _without_comma(phrases: Phrases, place: Place, text: str) -> str:
    """Return a text without the comma or semicolon at its end that divides its item from the next."""
    last = place.parent is not None and place.parent.block.kind == "item" and not place.after()
    if not (last and text.endswith((",", ";", "，", "；"))):
        return text
    shown = plain(text[:-1])
    clause = shown.rpartition(", ")[2]
    half = phrases.starts_with(shown, "connectives", "occurring") or phrases.starts_with(clause, "relatives")
    return text if half or phrases.starts_with(clause, "example_labels", "generic_terms") else text[:-1]


def _is_stopped(phrases: Phrases, place: Place, text: str) -> bool:
    """Tell whether a full stop ends a definition in its paragraph behind a preposition, a symbol or an adverb.

    (`better than before`, `entailed by A`, `to do so`); what ends in an article or a conjunction is no definition.
    """
    end = text.rstrip(_END)[-TAIL:]
    rest = place.block.text.partition(end)[2].lstrip(_CLOSING)
    last = plain(text).rpartition(" ")[2].strip(_CLOSING)
    symbol = len(last) == 1 and last.isupper()
    joining = ("connectives",) if size(text) >= KIND_WORDS else ()  # `quick though` is a remark.
    ended = phrases.ends_in(last, "prepositions", "relatives", "continuations", *joining)
    ended = ended and not phrases.ends_in(last, "and")
    return rest[:1] in {".", "。"} and (symbol or ended)


def math_below(place: Place) -> Block | None:
    """Return the display math right below a block, or None."""
    after = place.after()
    return after[0] if after and after[0].kind == "math" else None


def unwrapped(blocks: Sequence[Block]) -> str:
    """Return the Markdown of an answer; a lone bullet or quote mark around all of it is taken off."""
    kept = [block for block in blocks if block.kind not in {"comment", SILENCED}]
    if len(kept) == 1:
        block = kept[0]
        if (block.kind == "list" and len(block.children) == 1) or block.kind in {"item", "quote"}:
            return unwrapped(block.children)
    return to_markdown(kept)


def fits(text: str) -> bool:
    """Tell whether an answer fits a screen."""
    return text.count("\n") < SCREEN_LINES and size(plain(text)) <= SCREEN_WORDS


def _asks_on(block: Block) -> bool:
    """Tell whether a block is a question line of its own."""
    if block.kind != "paragraph":
        return False
    marked = bool(whole(block.text, ("strong", "mark"))) and plain(block.text).endswith(QUESTION_MARKS)
    return marked or opens_with_question(block.text)


def _is_bold(block: Block) -> bool:
    return block.kind == "paragraph" and bool(whole(block.text))


def _without_label(look: Look, found: Sequence[Block], stop: Block | None) -> list[Block]:
    """Return blocks without the label, at their end, of a list that is asked for and stands right below them."""
    label = look.asked.get(stop) if found and stop is not None else None
    if label is None or found[-1].kind != "paragraph" or not found[-1].line <= label.line <= found[-1].end_line:
        return list(found)
    last = found[-1]
    kept = "\n".join(last.text.split("\n")[: label.line - last.line])
    return [*found[:-1], *([replace(last, text=kept, end_line=label.line - 1)] if kept else [])]


def below_heading(
    look: Look, place: Place, stands_alone: Callable[[Block], bool] | None = None
) -> tuple[str, tuple[Block, ...]]:
    """Return what stands below a heading up to the next one, when it is an answer: a screen at most, and no lead-in.

    It ends above a question line, and where a block `stands_alone`.
    """
    found: list[Block] = []
    stop: Block | None = None
    for block in place.following():
        alone = _asks_on(block) or (stands_alone is not None and stands_alone(block))
        if block.kind in {"heading", "rule", SILENCED} or not look.free(block) or alone:
            stop = block
            break
        if block.kind not in {"html", "footnote"}:
            found.append(block)
    blocks, found = found, _without_label(look, found, stop)
    # An answer in parts, each below a bold line, is none without those that are asked for by themselves.
    if any(map(_is_bold, found[:-1])) and any(map(_is_bold, blocks[len(found) :])):
        return "", ()
    if len(found) > 1 and plain(found[-1].text).endswith(COLONS):
        found.pop()
    if not found:
        return "", ()
    if found[0].kind == "quote" and not fits(unwrapped(found)):
        found = found[:1]
    text = unwrapped(found)
    last = plain(found[-1].text) if found[-1].kind == "paragraph" else ""
    first = plain(found[0].text) if found[0].kind == "paragraph" else ""
    nothing = counts_on(look.phrases, first) or says_nothing(look.phrases, first)
    if _asks(found[0]) or (len(found) == 1 and first and nothing):
        return "", ()
    if not fits(text) or last.endswith(QUESTION_MARKS + COLONS) or not any(c.isalpha() for c in plain(text)):
        return "", ()
    return text, tuple(blocks[: len(found)])


def open_question(look: Look, place: Place, line: int, question: str) -> Iterator[Diagnostic]:
    """Yield the remark that a question has no answer, unless the author silenced what stands below it."""
    below = next(place.following(), None)
    if below is not None and below.kind == SILENCED and not below.level:
        return
    message = f"“{plain(question)}” has no answer yet; write it below"
    query = below is not None and below.kind == "html" and not below.text
    if below is not None and not (query or below.kind in {"heading", "rule", "footnote", SILENCED} or _asks(below)):
        what = f"“{plain(question)}” has no answer, since what stands below is not taken for one"
        message = f"{what}; put it into the same paragraph, a quote or a list"
    yield look.remark(line, "open-question", message)


def _asks(block: Block) -> bool:
    """Tell whether a block is a question itself, or a list of questions."""
    if block.kind in {"list", "item"}:
        return all(map(_asks, block.children if block.kind == "list" else block.children[:1]))
    return block.kind == "paragraph" and (block.text.startswith("==") or plain(block.text).endswith(QUESTION_MARKS))
