"""Headings and titles that ask."""

from __future__ import annotations

import re

from mkcards.phrasing import Phrases
from mkcards.word_lists import QUESTION_MARKS, inside_marks, words_of

LEANING_QUESTION = 4
"""A question of more words that leans on a pronoun leans on a sentence, not on a heading or title."""
UNSPACED_QUESTION = 5
"""A Chinese question with fewer characters names nothing."""
SMALL_WORDS = ("question_words", "question_verbs", "finite_verbs", "function_words", "articles", "pronouns")
"""The lists of words that leave open what a question is about."""
_CLAUSES = re.compile(r"[：:，,；;。！!【\[（(《“—]")
"""What a heading has that is more than one clause, or a remark in brackets."""


def opens_as_question(phrases: Phrases, heading: str) -> bool:
    """Tell whether what ends in a question mark opens as one, where its language shows that, if it is not short."""
    if not phrases.table["opening_questions"]:
        return True
    words = heading.casefold().replace("’", "'").split()
    asking = phrases.words("question_words") | phrases.words("question_verbs")
    return len(words) <= LEANING_QUESTION or any(word.partition("'")[0] in asking for word in words)


def names_nothing(phrases: Phrases, title: str) -> bool:
    """Tell whether a title is a question of small words alone (`What is it?`)."""
    words = words_of(title)
    return words != [] and all(any(word in phrases.words(key) for key in (*SMALL_WORDS, "copulas")) for word in words)


def asks(phrases: Phrases, heading: str) -> bool:
    """Tell whether a heading asks: by its mark, or as `What is X`, `How to X` and `How X works` do without one."""
    if heading.endswith(QUESTION_MARKS) and opens_as_question(phrases, heading):
        return True
    if inside_marks(heading) != heading:
        return False
    if not phrases.table["spaced"]:
        return _asks_unspaced(phrases, heading)
    opening, rest = phrases.starts_with(heading, "question_words"), phrases.behind(heading, "question_words")
    if not opening or not rest:
        return False
    if holds_verb(phrases, opening) and (phrases.starts_with(rest, "articles") or _ends_in_article(phrases, opening)):
        return True
    verbs = phrases.words("question_verbs") | phrases.words("pronouns") | {"to"}
    whole = opening in phrases.words("explaining_words") and len(heading.split()) > 2
    return whole or rest.split()[0].casefold() in verbs


def holds_verb(phrases: Phrases, opening: str) -> bool:
    """Tell whether a question word brings its verb along (`what's`, `cosa sono`)."""
    return "'" in opening or "’" in opening or phrases.ends_in(opening, "copulas")


def _ends_in_article(phrases: Phrases, opening: str) -> bool:
    """Tell whether a question word also brings the article of what it asks for along (`qu'est-ce qu'un`)."""
    return re.split(r"['’]", opening)[-1] in phrases.words("articles")


def _asks_unspaced(phrases: Phrases, heading: str) -> bool:
    """Tell whether a Chinese heading asks what, why or how, in one clause and of what it names itself."""
    persons = any(word in heading for key in ("referring", "persons") for word in phrases.words(key))
    if persons or len(heading) < UNSPACED_QUESTION or _CLAUSES.search(heading):
        return False
    rest = phrases.behind(heading, "question_words")
    if rest != heading and rest.startswith(tuple(phrases.words("copulas"))):
        return True
    verbs = tuple(phrases.words("question_verbs"))
    ends = (heading.removesuffix(word) for word in phrases.words("question_words") if heading.endswith(word))
    explains = any(word in heading[:-2] for word in phrases.words("explaining_words"))
    return explains or any(before.endswith(verbs) for before in ends)
