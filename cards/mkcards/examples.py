"""What belongs to an example or an exercise, and so says nothing in general."""

from __future__ import annotations

import re
from functools import lru_cache

from mkcards.phrasing import Phrases
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain
from mkcards.terms import DATE, SYMBOLS
from mkcards.titles import file_name

_NUMBERED = r"n(?:[°ºo]\.?|um\.?|r\.?|\.) ?|\(?(?:AY|WS|SS|WiSe|SoSe) ?'?"
_COUNTED = re.compile(rf"(\D+?)(?<![ #._-])[ #._-]+(?:{_NUMBERED})?\d+[a-z]?(?![^\W_])", re.IGNORECASE)
_GLUED = re.compile(r"([^\W\d_][^\W\d_A-Z]+)\d{1,2}")
"""A word and its number in one (`ej11`); in capitals it is a name (`ES6`)."""
_BRACKETED = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
"""What kind of note it is, in front of its title (`(Example) Splices`)."""
_BEHIND_EXAMPLE = frozenset(":,.-–—")


def in_example(look: Look, place: Place, *, answered: bool = False) -> bool:
    """Tell whether a heading or callout announces an example, an exercise or its solution, or the title counts one.

    A set of questions (`Quiz`, `Exam 2`) is none for those that have their answers.
    """
    phrases, title = look.phrases, look.note.title
    if _is_titled_as_example(phrases, title, look.note.path):
        return True
    if not answered and (_is_question_set(phrases, title) or _is_titled_as_exam(phrases, title, look.note.path)):
        return True
    callout = place.around("callout")  # With a title of its own it may hold anything.
    if callout is not None and not callout.block.text and _announces_example(phrases, callout.block.info):
        return True
    items = (outer.block.children for outer in place.parents() if outer.block.kind == "item")
    if any(children and only_example(phrases, plain(children[0].text)) for children in items):
        return True
    headings = [SYMBOLS.sub("", plain(heading.text)) for heading in place.headings]
    if answered:
        headings = [one for one in headings if not phrases.starts_with(one, "question_sets")]
    elif any(_is_exam(phrases, one.casefold()) for one in headings):
        return True
    return any(_announces_example(phrases, one) for one in headings)


@lru_cache(maxsize=64)
def _is_titled_as_example(phrases: Phrases, title: str, path: str) -> bool:
    """Tell whether a title, or the name of the file, counts an example (`Exercise 4`)."""
    glued = filter(None, map(_GLUED.fullmatch, (title, file_name(path))))
    if any(one[1].casefold() in phrases.words("example_labels") for one in glued):
        return True
    names = {title.casefold(), file_name(path).casefold()}
    bracketed = filter(None, (_BRACKETED.match(name) for name in names))
    if any(one[1] in phrases.words("example_labels") for one in bracketed):
        return True
    counted = filter(None, map(_COUNTED.match, names))
    return any(one[1] in phrases.words("example_labels") for one in counted)


@lru_cache(maxsize=64)
def _is_titled_as_exam(phrases: Phrases, title: str, path: str) -> bool:
    """Tell whether a title, or the name of the file, counts or dates an exam (`Exam 2`)."""
    return any(_is_exam(phrases, name.casefold()) for name in (title, file_name(path)))


@lru_cache(maxsize=64)
def _is_question_set(phrases: Phrases, title: str) -> bool:
    """Tell whether a title ends in what names a set of questions (`Mooring quiz`): the note has only the answers."""
    low = title.casefold()
    if phrases.starts_with(low, "question_words"):  # `How to write a quiz`
        return False
    return any(low == name or low.endswith(f" {name}") for name in phrases.words("question_sets"))


def ends_as_example(phrases: Phrases, label: str) -> bool:
    """Tell whether a label ends in what announces an example (`A longer proof`); `Methods of proof` names kinds."""
    examples, last = phrases.words("example_labels"), label.casefold().split()[-2:]
    if " ".join(last) in examples:
        return True
    kinds = phrases.head(label).casefold() in phrases.words("list_nouns") - examples
    return bool(last) and last[-1] in examples and not kinds


@lru_cache(maxsize=64)
def _announces_example(phrases: Phrases, shown: str) -> bool:
    counted = _COUNTED.fullmatch(shown.casefold())
    exercise = counted is not None and counted[1] in phrases.words("empty_labels") | phrases.words("exercises")
    bare = phrases.behind(shown, "quantifiers")  # `Another example`
    return exercise or bool(phrases.starts_with(bare, "example_labels"))


def _is_exam(phrases: Phrases, low: str) -> bool:
    """Tell whether a title or heading, lower case, counts or dates an exam or the like; not `Exam 2 review`."""
    counted = _COUNTED.match(low)
    if counted is None or counted[1] not in phrases.words("exams"):
        return False
    rest = low[counted.end() :].lstrip()
    more = rest[1:] if low[counted.end() :].startswith(("-", "_")) else rest
    return not more[:1].isalnum() or DATE.match(low[counted.end(1) :].lstrip(" #._-")) is not None


def is_one_example(phrases: Phrases, subject: str) -> bool:
    """Tell whether what a term is asked with is one example (`Example 2: ropes`), not all of a kind (`Proofs by …`)."""
    rest = phrases.behind(subject, "example_labels")
    return rest != subject and not rest[:1].isalpha()


def only_example(phrases: Phrases, shown: str) -> bool:
    """Tell whether a text is nothing but an example (`e.g. a bowline`, `An example of a knot is the bowline`)."""
    opening, behind = phrases.starts_with(shown, "example_labels"), phrases.behind(shown, "example_labels")
    if opening and (behind[:1] in _BEHIND_EXAMPLE or opening in phrases.words("connectives")):
        return True
    bare = phrases.without_article(shown)
    rest = phrases.behind(bare, "example_labels")
    return bare != shown != rest and bool(phrases.starts_with(rest, "prepositions")) and phrases.is_clause(shown)
