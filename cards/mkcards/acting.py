"""Sentences that say what a bold term does (`A **winch** pulls in a rope`), where none says what it is."""

from __future__ import annotations

from mkcards.clauses import sentences
from mkcards.definition import Definition
from mkcards.phrasing import Phrases, size
from mkcards.syntax.inline import next_of, plain, prose, show
from mkcards.terms import is_term
from mkcards.word_lists import any_of

LEAST_WORDS = 5
"""A shorter sentence says too little of what a term does."""


def acting_term(phrases: Phrases, text: str) -> Definition | None:
    """Return what the first sentence of a paragraph says that its first words, in bold, do; None if it does not."""
    patterns = tuple(phrases.table["acts"])
    bold = next_of(text, "strong", 0) if patterns else None
    article = text[: bold.start].strip() if bold else ""
    if bold is None or (article and article.casefold() not in phrases.words("articles")):
        return None
    shown = show(text)
    end = sentences(phrases, shown)[0][1]
    start = min(shown.place_of(bold.end), end)
    does = shown.text[start:end].strip()
    verb, _, following = does.partition(" ")
    # `The **strait** used by ships is …` only narrows its term.
    acts = any_of(patterns).match(does) is not None and verb.endswith("s")
    term = prose(text[bold.inner_start : bold.inner_end])
    if not acts or phrases.starts_with(following, "finite_verbs", "copulas"):
        return None
    if size(does) < LEAST_WORDS or not is_term(plain(term), phrases) or does.endswith(":"):
        return None
    said, rest = shown.markdown(start, end).rstrip("."), shown.markdown(end, len(shown.text))
    return Definition(term, article.lower(), said, "", rest, acts=True)
