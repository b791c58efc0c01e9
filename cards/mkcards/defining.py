"""Sentences that define, read with the patterns of a language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mkcards.phrasing import Phrases, size
from mkcards.syntax.inline import Shown, plain, show, spans
from mkcards.terms import is_term, says_something

_END = " .。;；,"
_QUOTES = "\"“”'‘’«»「」"


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and what it is said to be, as Markdown; `article` and `verb` are the sentence's own."""

    term: str
    article: str
    definition: str
    rest: str
    verb: str
    line: int = 0

    @property
    def term_with_article(self) -> str:
        """The term as the sentence has it, article included."""
        return f"{self.article} {self.term}" if self.article else self.term


def read_definition(phrases: Phrases, text: str, *, bold: bool) -> Definition | None:
    """Return the definition with which a paragraph opens, or None."""
    return next(definitions(phrases, text, bold=bold, first_only=True), None)


def definitions(phrases: Phrases, text: str, *, bold: bool, first_only: bool = False) -> Iterator[Definition]:
    """Yield what the sentences of a paragraph define; with `bold`, only terms that are set in bold."""
    shown = show(text)
    ranges = phrases.sentences(shown.text)
    for start, end in ranges[:1] if first_only else ranges:
        for pattern in (*phrases.definitions, *phrases.called):
            found = _read(phrases, shown, start, end, pattern, bold=bold)
            if found is not None:
                yield found
                break


def _read(
    phrases: Phrases, shown: Shown, start: int, end: int, pattern: re.Pattern[str], *, bold: bool
) -> Definition | None:
    sentence = shown.text[start:end].rstrip(_END)
    match = pattern.match(sentence)
    if not match:
        return None
    a, b = (start + place for place in match.span("term"))
    while a < b and shown.text[a] in _QUOTES:
        a += 1
    while b > a and shown.text[b - 1] in _QUOTES + " ":
        b -= 1
    term, definition = shown.text[a:b], match.group("definition")
    called = pattern in phrases.called
    if not term or not is_term(term, phrases) or (bold and not shown.inside("strong", a, b)):
        return None
    if not says_something(definition, phrases) or not is_predicate(phrases, definition, called=called):
        return None
    c, d = (start + place for place in match.span("definition"))
    before = shown.text[max(start, a - 6) : a].split()
    article = before[-1] if before and before[-1].casefold() in phrases.words("articles") else ""
    verb = match.groupdict().get("verb") or ""
    line = shown.source[: shown.at[a]].count("\n")
    return Definition(
        term.strip(), article.lower(), shown.markdown(c, d), shown.markdown(end, len(shown.text)), verb.casefold(), line
    )


def is_predicate(phrases: Phrases, definition: str, *, called: bool = False) -> bool:
    """Tell whether a predicate says what its subject is."""
    if called:
        return size(definition) > 1 and not phrases.starts_with(definition, "leaning")
    low = definition.casefold()
    if phrases.starts_with(low, "leaning") or phrases.no_definition.match(low):
        return False
    return size(definition) > 1


def masked(definition: str, term: str, phrases: Phrases) -> str:
    """Return the definition with the term's words blanked, or "" when little else is left or the term stays readable."""
    words = [word for word in re.findall(r"\w+", plain(term).casefold()) if len(word) > 2 or word.isupper()]
    words = [word for word in words if word not in phrases.words("function_words")]
    if not words:
        return ""
    text, count = definition, 0
    for word in words:
        text, hits = re.subn(rf"\b{re.escape(word)}\w{{0,3}}\b", "___", text, flags=re.IGNORECASE)
        count += hits
    if count and (count >= len(words) or any(span.kind in {"link", "wikilink", "math"} for span in spans(definition))):
        return ""
    return text
