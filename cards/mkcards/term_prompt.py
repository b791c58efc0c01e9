"""The question for a term and the text behind it."""

from __future__ import annotations

import re
from itertools import takewhile

from mkcards.examples import is_one_example
from mkcards.label import Label, names
from mkcards.persons import addresses
from mkcards.phrasing import Phrases, size
from mkcards.predicate import opens_as_definition, sets_apart
from mkcards.recurring import comes_back
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain
from mkcards.terms import ORDINAL
from mkcards.word_lists import QUESTION_MARKS, any_of, words_of

STEM = 5
"""Letters by which a word is known in its plural, too."""
CALCULATED = 2
"""With more sides an equation that ends in a number is a calculation; with two it may be a constant."""
POINT_WORDS = 3
"""A term of as many words may be a point that its text goes into, not a thing that it defines."""
OPENING = 6
"""Among so many words stands the subject of a sentence."""
_FORMULAS = re.compile(r"\$\$[^$]+\$\$|\$[^$]+\$")
_RELATIONS = re.compile(r"=|\\approx|\\simeq")
_ARITHMETIC = re.compile(r"(?:[\d\s.,(){}+*/^×·-]|\\(?:times|cdot|frac|div|left|right|[,;: ]))+")
"""Numbers alone, with what is done to them."""
_UNIT = re.compile(r"\\(?:text|mathrm|rm)\s?\{[^{}]*\}|\\?\s*[A-Za-z]{1,3}\s*$")
_NUMBER = re.compile(r"[\s{]*-?(?:\d+[.,]\d|\d\d|[2-9])[\d.,]*[\s}%]*")
_EQUATION = re.compile(r"[=≤≥<>]|\\(?:le|ge|iff|to|frac|begin)")


def term_prompt(look: Look, place: Place, term: str, text: str, label: Label | None) -> str:
    """Return the question for a term of a line and the text behind it, or "" when they don't show what is asked.

    `label` is that of the list in which the line stands.
    """
    phrases, shown = look.phrases, plain(text)
    named = as_named(phrases, term)
    generic = any(plain(term).casefold() in phrases.words(key) for key in ("empty_labels", "supposing"))
    formula = not generic and opens_with_equation(text)
    only_formula = not generic and is_formula(text)
    says = opens_as_definition(phrases, shown) and not _tells_of_another(phrases, term, shown)
    if says and _is_step(place) and phrases.starts_with(shown, "definite_articles"):
        says = sets_apart(phrases, shown)
    defined = says or only_formula or shown.endswith(QUESTION_MARKS)  # What a problem asks.
    if generic and not (defined or formula or (label is not None and names(phrases, label))):
        return ""
    above = plain(place.headings[-1].text).rstrip(":： ").casefold() if place.headings else ""
    defined = defined or (above in phrases.words("vocabulary") and not _tells_of(phrases, term, shown))
    if not defined and addresses(phrases, shown):
        return ""
    vague = "`" in term or _is_vague(phrases, plain(term))
    if label is not None and not defined and names(phrases, label):
        return phrases.ask("head", label=label.text, term=named)
    short = size(plain(term)) < POINT_WORDS
    alone = short and not defined and not comes_back(look, term)
    acts = alone and bool(any_of(tuple(phrases.table["acts"])).match(shown))
    subject = look.subject(place, term) if vague or not (defined or acts) else ""
    if is_one_example(phrases, subject) or (ORDINAL.fullmatch(term) and not _counts_on(subject, term)):
        return ""
    if subject:
        return phrases.ask("head", label=subject, term=named)
    if vague:
        return ""
    if acts:
        return phrases.ask("what_characterises", term=named)
    return phrases.ask("which_formula" if only_formula else "what_meant", term=named)


def opens_with_equation(text: str) -> bool:
    """Tell whether a text, Markdown, opens with a formula that says something: it has a sign between two sides."""
    return text.startswith("$") and _EQUATION.search(text.lstrip("$").partition("$")[0]) is not None


def is_formula(text: str) -> bool:
    """Tell whether a text, Markdown, is an equation and nothing else."""
    return opens_with_equation(text) and not any(sign.isalnum() for sign in _FORMULAS.sub("", text))


def is_calculated(text: str) -> bool:
    """Tell whether a text ends in the number that a calculation comes to (`$P = \\frac{4}{2}e^{-2} \\approx 0.27$`)."""
    if _FORMULAS.fullmatch(text.strip()) is None:
        return False
    sides = _RELATIONS.split(text.strip("$ \n"))
    numbers = len(sides) > 1 and all(_ARITHMETIC.fullmatch(_UNIT.sub("", side)) for side in sides)
    if numbers and any(sign.isdigit() for sign in sides[0]):
        return True
    return len(sides) > CALCULATED and _NUMBER.fullmatch(sides[-1]) is not None


def as_named(phrases: Phrases, term: str) -> str:
    """Return a term as a question names it: in italics, unless a formula, code or star is in it, its article small."""
    article = phrases.starts_with(term, "articles")
    small = term[0].lower() + term[1:] if article else term
    return small if any(sign in term for sign in "$`*") else f"*{small}*"


def _tells_of(phrases: Phrases, term: str, shown: str) -> bool:
    """Tell whether a text is a sentence that goes on about its term: it has a word of it, also in another form."""
    if not phrases.is_clause(shown) or phrases.starts_with(shown, "articles"):
        return False
    said = {word[:STEM] for word in words_of(shown)}
    return any(len(word) >= STEM and word[:STEM] in said for word in words_of(plain(term)))


def _tells_of_another(phrases: Phrases, term: str, shown: str) -> bool:
    """Tell whether a text is a sentence about something that it has with its article (`The length of the ropes grows`).

    `The breaking load is …` may say what `Breaking load` is.
    """
    if not phrases.starts_with(shown, "definite_articles"):
        return False
    joining = phrases.words("relatives") | phrases.words("question_words")
    first = shown[: phrases.sentences(shown)[0][1]].partition(", ")[0]  # Behind a comma `dass` opens a clause, too.
    main = list(takewhile(lambda word: word not in joining, words_of(first)))
    stems = {word[:STEM] for word in words_of(plain(term))}
    return phrases.is_clause(" ".join(main)) and stems.isdisjoint(word[:STEM] for word in main[:OPENING])


def _is_step(place: Place) -> bool:
    """Tell whether a line stands in a numbered list, where a sentence may say what happens then, not what a term is."""
    listed = place.around("list")
    return listed is not None and listed.block.ordered


def _is_vague(phrases: Phrases, term: str) -> bool:
    """Tell whether a head means something only as a point of its section (`Use cases`, `In harbour`, `Purpose`)."""
    if phrases.starts_with(term, "prepositions") or ORDINAL.fullmatch(term):
        return True
    plural = phrases.noun_in(term, "list_nouns") and size(term) < POINT_WORDS
    return plural or term.casefold() in phrases.words("singular_nouns")


def _counts_on(subject: str, term: str) -> bool:
    """Tell whether a numbered word belongs to what its section is about (`Version 2` to `Versions of the protocol`)."""
    word, space, _ = term.casefold().rpartition(" ")
    return bool(space) and word[:STEM] in subject.casefold() and term.casefold() not in subject.casefold()
