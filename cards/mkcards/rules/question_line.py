"""question-line: a question without highlight, as a heading, a line of its own, or with its answer behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from mkcards.answers import below_heading, leans, open_question, standing, unwrapped
from mkcards.asking import marked, points_back, with_subject
from mkcards.clauses import sentences
from mkcards.context_parts import unnumbered
from mkcards.data import Block
from mkcards.examples import in_example
from mkcards.label import LEAD_LIMIT, conjuncts
from mkcards.links import is_bare_link, leads_away
from mkcards.material import no_material
from mkcards.no_answer import only_asks, only_example, says_nothing
from mkcards.persons import about_persons
from mkcards.phrasing import Phrases, size
from mkcards.pointing import points
from mkcards.predicate import counts_on
from mkcards.question_callout import answer_inside
from mkcards.question_titles import LEANING_QUESTION, SMALL_WORDS, asks, holds_verb, opens_as_question
from mkcards.rule import Finding, Look, Place
from mkcards.syntax.inline import Shown, plain, prose, show, whole
from mkcards.terms import behind_separator
from mkcards.word_lists import COLONS, QUESTION_MARKS, WORD_OR_NUMBER
from mkcards.yes_or_no import yes_or_no

NAME = "question-line"
QUESTION_WORDS = 14
"""A longer opening is no question that its own line answers."""
SHORT_QUESTION = 2
"""A question of so few words needs the heading or title that it is about."""
BLOCK_WORDS = 70
_FIRST_OF_SEVERAL = re.compile(r"1[.)]\s")
_CHOICES = re.compile(r"\W*a[.)]\s[^\n]*\n\W*b[.)]\s", re.IGNORECASE)
_ASKED = re.compile(r"^(?:\*\*Q\d*[.)]\*\*|Q\d*[.)])\s+")
_ANSWERED = re.compile(r"^(?:\*\*A\d*[.)]\*\*|A\d*[.)])\s+", re.MULTILINE)
"""Letters that mark a question and its answer; those with a colon are a plugin's."""
_ANOTHER = re.compile(r"^\**B\d*[.)]", re.MULTILINE)
"""Where one opens a line below an answer, that is one of several to choose from."""
_CODED = re.compile(r"^`([^`\n]+[?？])`(?= *\n)")
"""A question that is set as code, on a line of its own above its answer."""


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each question heading, callout or line that is answered."""
    for place in look.of("heading", "callout", "paragraph"):
        if not look.free(place.block):
            continue
        if place.block.kind == "paragraph":
            yield from _line(look, place)
        else:
            yield from _titled(look, place)


def _titled(look: Look, place: Place) -> Iterator[Finding]:
    text = unnumbered(prose(place.block.text))
    shown = plain(text)
    generic = look.phrases.is_empty_question(shown) or look.phrases.starts_with(shown, "generic_questions")
    if generic or look.phrases.mentions(shown, "days"):
        return
    leaning = leans(look.phrases, shown)
    # A callout asks in the middle of what it asks about, so that `this`, and what names nothing, may be anything there.
    clause = conjuncts(look.phrases, shown)[0].partition(",")[0]
    lost = place.block.kind == "callout" and (points(look.phrases, clause) or _names_nothing(look, place, shown))
    if lost or (leaning and not _has_subject(look, place, shown)):
        look.refuse(NAME, place.block.line, "the question leans on what stands before it")
        return
    if not asks(look.phrases, shown) or in_example(look, place, answered=True):
        return
    if shown.endswith(("??", "？？")):
        return
    if shown.casefold() == look.note.title.casefold() and not shown.endswith(QUESTION_MARKS):
        look.refuse(NAME, place.block.line, "without its mark a title only says what the note is about")
        return
    if place.block.kind == "callout":
        answer, used = answer_inside(look, place.block)
    else:
        answer, used = below_heading(look, place, lambda block: _answered(look, _opening(look, block)) is not None)
    if used and all(block.kind == "list" for block in used):
        unfit = any(no_material(block.children, look.phrases) for block in used)
        decides = look.phrases.starts_with(shown, "question_verbs") and yes_or_no(look.phrases, shown, used[0].children)
        answer = "" if unfit or decides else answer
    if _asks_to_choose(look.phrases, shown, answer):
        return
    part = bool(used) and used[0].kind == "paragraph" and _FIRST_OF_SEVERAL.match(plain(answer))
    if not answer or part or only_asks(look.phrases, shown, answer) or only_example(look.phrases, answer):
        look.refuse(NAME, place.block.line, f"nothing below the {place.block.kind} answers it within a screen")
        return
    look.take(NAME, place.block, *used)
    question = marked(look.phrases, text.rstrip(".:： "))
    if leaning or points_back(look.phrases, shown) or _names_nothing(look, place, shown):
        question = with_subject(look, place, shown, question)
    yield look.card(
        NAME,
        "question",
        shown,
        place,
        question,
        answer,
        lines=(used[0].line, used[-1].end_line),
        label_line=place.block.line,
    )


def _asks_to_choose(phrases: Phrases, shown: str, answer: str) -> bool:
    """Tell whether a question asks which of several things that follow it is right."""
    _, joint, *rest = [*WORD_OR_NUMBER.findall(shown.casefold()), "", ""]
    of = joint in phrases.words("prepositions") | phrases.words("articles")
    chosen = of and phrases.mentions(" ".join(rest[:2]), "following")
    return chosen or (phrases.mentions(shown, "following") and _CHOICES.match(answer) is not None)


def _has_subject(look: Look, place: Place, question: str) -> bool:
    """Tell whether a question that leans on a pronoun is short enough to lean on its section, and that has a name."""
    fits = size(question) <= LEANING_QUESTION and look.phrases.starts_with(question, "question_words")
    return bool(fits and look.subject(place, question))


def _names_nothing(look: Look, place: Place, question: str) -> bool:
    """Tell whether a question has no noun of its own (`Come lo fa?`), or hardly a word, and not that of its section."""
    phrases = look.phrases
    if not phrases.table["spaced"] or size(question) > LEANING_QUESTION:
        return False
    if size(question) <= SHORT_QUESTION:
        return True
    words = [word.casefold() for word in WORD_OR_NUMBER.findall(question)]
    said = [word for word in words if not any(word in phrases.words(key) for key in SMALL_WORDS)]
    opening = phrases.starts_with(question, "question_words")
    verb = holds_verb(phrases, opening) or (len(words) > 1 and words[1] in phrases.words("copulas"))
    if said and said[-1] in look.subject(place, question).casefold():
        return False
    return not verb and len(said) < 2


def _line(look: Look, place: Place) -> Iterator[Finding]:
    block = place.block
    opening = _opening(look, block) or _closing(look, place)
    if opening is None:
        return
    if in_example(look, place, answered=True):
        look.refuse(NAME, block.line, "it belongs to an example or exercise")
        return
    if opening.alone:
        yield from _alone(look, place, bold=bool(whole(block.text)))
        return
    found = _answered(look, opening)
    if found and look.phrases.mentions(plain(found.question), "following"):
        look.refuse(NAME, block.line, "what it asks to choose from stands elsewhere")
        return
    asked = standing(look, place, found.question) if found else ""
    if found and asked:
        look.take(NAME, block)
        lines = (block.line, block.end_line)
        yield look.card(NAME, "question", plain(found.question), place, asked, found.answer, lines=lines)


def _is_question(look: Look, sentence: str) -> bool:
    """Tell whether the first sentence of a line asks; what ends in several marks is the author's doubt."""
    marked = sentence.rstrip('*_"”)').endswith(QUESTION_MARKS) and not sentence.endswith(("??", "？？"))
    if not marked or size(sentence) > QUESTION_WORDS or look.phrases.starts_with(sentence, "generic_questions"):
        return False
    if size(sentence) == 1 and sentence[:1].islower():  # `yes?` takes up an answer.
        return False
    return opens_as_question(look.phrases, sentence)


class _Opening(Struct, frozen=True):
    """The question with which a paragraph opens."""

    shown: Shown
    end: int
    """Where it ends in the text that is shown."""
    alone: bool
    """Nothing stands behind it."""
    marked: bool = False
    """Letters mark it and its answer."""


def _opening(look: Look, block: Block) -> _Opening | None:
    if block.kind != "paragraph" or not any(mark in block.text for mark in QUESTION_MARKS):
        return None
    asked = _ASKED.match(block.text)
    text = block.text[asked.end() :] if asked else _CODED.sub(r"\1", block.text)
    answered = _ANSWERED.search(text) if asked else None
    shown = show(text)
    if answered is not None:
        end = len(show(text[: answered.start()]).text)
        asks_so = shown.text[:end].rstrip().endswith(QUESTION_MARKS)
        if not asks_so or _ANOTHER.search(text, answered.end()) or leads_away(text):
            return None
        return _Opening(shown, end, alone=False, marked=True)
    ranges = sentences(look.phrases, shown)
    if not ranges or not _is_question(look, shown.text[: ranges[0][1]].strip()) or leads_away(text):
        return None
    return _Opening(shown, ranges[0][1], len(ranges) == 1)


def _closing(look: Look, place: Place) -> _Opening | None:
    """Return the question to which a short statement leads, when a block below answers it and the paragraph ends."""
    block, after = place.block, place.after()
    if not after or not _answers(after[0]) or not plain(block.text).endswith(QUESTION_MARKS):
        return None
    shown = show(block.text)
    ranges = sentences(look.phrases, shown)
    lead = shown.text[: ranges[-1][0]] if ranges else ""
    told = 0 < size(lead) <= LEAD_LIMIT and not any(mark in lead for mark in QUESTION_MARKS)
    elsewhere = look.phrases.starts_with(lead, "references", "example_labels")
    if not told or elsewhere or look.phrases.mentions(lead, "preceding") or about_persons(look.phrases, lead):
        return None
    if not _is_question(look, shown.text[ranges[-1][0] :].strip()):
        return None
    return _Opening(shown, len(shown.text), alone=True)


class _Answered(Struct, frozen=True):
    """A question and the answer behind it, as Markdown."""

    question: str
    answer: str


def _answered(look: Look, opening: _Opening | None) -> _Answered | None:
    """Return a question with which a paragraph opens and that the rest of it answers, or None."""
    if opening is None or opening.alone:
        return None
    shown, end = opening.shown, opening.end
    question = shown.text[:end].strip()
    behind = shown.markdown(end, len(shown.text)).lstrip(":： ")
    rest = behind_separator(_ANSWERED.sub("", behind, count=1) if opening.marked else behind)
    said = plain(rest)
    asks_something = opening.marked or _asks_something(look, question, said)
    if not asks_something or size(shown.text) > BLOCK_WORDS or leans(look.phrases, question):
        return None
    goes_on = behind[:1].islower() or said[:1] in "(（" or said.endswith(COLONS)
    how = look.phrases.starts_with(question, "question_words") in look.phrases.words("explaining_words")
    tells = look.phrases.commands(said) and not (
        how or opening.marked or look.phrases.starts_with(said, "connectives")
    )
    tells = tells or bool(look.phrases.starts_with(said, "tasks", "exercise_verbs"))
    announces = counts_on(look.phrases, said) or is_bare_link(rest) or not any(sign.isalnum() for sign in said)
    if goes_on or tells or announces or says_nothing(look.phrases, rest) or any(mark in said for mark in "?？"):
        return None
    return _Answered(prose(shown.markdown(0, end)), rest)


def _asks_something(look: Look, question: str, said: str) -> bool:
    """Tell whether a question in running text asks about a subject rather than the reader.

    One that asks why `we` do something does, when the answer gives a reason (`Because …`).
    """
    phrases = look.phrases
    opening, words = phrases.starts_with(question, "question_words"), WORD_OR_NUMBER.findall(question.casefold())
    if phrases.words("persons").isdisjoint(words):
        return bool(opening)
    reason = opening in phrases.words("explaining_words") and phrases.starts_with(said, "connectives")
    personal = any(word in phrases.words(key) for key in ("first_person", "referring", "pronouns") for word in words)
    return bool(reason) and not personal


def _answers(block: Block) -> bool:
    """Tell whether a block right below a question line answers it: a quote, or a list of one item."""
    return block.kind == "quote" or (block.kind == "list" and len(block.children) == 1)


def _alone(look: Look, place: Place, *, bold: bool) -> Iterator[Finding]:
    block = place.block
    text = prose(whole(block.text) or block.text)
    after = place.after()
    asked = standing(look, place, text)
    answer = unwrapped(after[:1]) if after and look.free(after[0]) and _answers(after[0]) else ""
    if asked and answer and not (only_asks(look.phrases, text, answer) or says_nothing(look.phrases, answer)):
        look.take(NAME, block, after[0])
        yield look.card(NAME, "question", text, place, asked, answer, lines=(block.line, after[0].end_line))
    elif bold and not (after and look.taken.get(after[0], "highlighted-question") != "highlighted-question"):
        yield from open_question(look, place, block.line, text)
