"""Sentences that define, read with the patterns of a language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from mkcards.clauses import clauses, sentences
from mkcards.definition import Definition
from mkcards.definition_match import fits, is_loose, is_plural, is_thing, said
from mkcards.other_names import JOINED, bare_readings
from mkcards.patterns import conditional, fitting
from mkcards.phrasing import Phrases
from mkcards.syntax.inline import Shown, atom_at, next_of, plain, prose, show
from mkcards.word_lists import COLONS, any_of, words_of

_END = " .。;；,"
_OPENING_QUOTES = "\"“‘«„「『"
_BEHIND = " :："
"""What may stand between a term and its verb, or the verb and its definition."""
MARKS = ("strong", "em", "mark")
"""How a term, or another name of it, is set."""
_QUOTES = "„\"“”'‘’«»「」"


def read_definition(phrases: Phrases, text: str) -> Definition | None:
    """Return the definition with which a paragraph opens, or None."""
    return next(definitions(phrases, text, first_only=True), None)


def definitions(
    phrases: Phrases, text: str, *, mark: str = "", first_only: bool = False, sure: bool = False
) -> Iterator[Definition]:
    """Yield what the sentences of a paragraph define.

    With a `mark`, `strong` or `em`, only terms that are set so; `sure` says that italics stress nothing else there.
    Only the first has what follows it: where there are several, it is no part of any.
    """
    if not fitting(phrases, text, bold=bool(mark)):
        return
    shown = show(text)
    ranges = sentences(phrases, shown)
    alone = True
    for start, end in ranges[:1] if first_only else ranges:
        if mark and not shown.touches(mark, start, end):
            continue
        patterns = fitting(phrases, shown.text[start:end], bold=bool(mark))
        for first, last in clauses(phrases, shown, start, end) if patterns else ():
            for text, pattern, symbol in _readings(phrases, shown, first, last, patterns, mark):
                found = _read(phrases, shown, first, text, pattern, mark=mark, sure=sure)
                if found is not None:
                    rest = shown.markdown(last, len(shown.text)) if alone else ""
                    alone = False
                    yield replace(found, rest=rest, tail=found.tail or symbol)
                    break


def _readings(
    phrases: Phrases, shown: Shown, start: int, end: int, patterns: Sequence[re.Pattern[str]], mark: str
) -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Yield each pattern with what it reads, and a symbol that this leaves out.

    That is a sentence without its stop, at last without what stands between a marked term and its verb.
    """
    last = _stripped(shown, start, end)
    for pattern in patterns:
        called = mark and pattern in phrases.called
        yield (_called_by(phrases, shown, mark, start, end) if called else shown.text[start:last]), pattern, ""
    for text, symbol in bare_readings(phrases, shown, mark, start, last) if mark else ():
        yield from ((text, pattern, symbol) for pattern in patterns if pattern not in phrases.called)


def _read(
    phrases: Phrases, shown: Shown, start: int, text: str, pattern: re.Pattern[str], *, mark: str, sure: bool
) -> Definition | None:
    match = pattern.match(text)
    if not match:
        return None
    a, b = _term(phrases, shown, match, start)
    if mark and not shown.inside(mark, a, b):
        return None
    first, last = _tail(shown, match, start)
    tail = prose(shown.markdown(first, last))
    if tail and any(sign in shown.text[b:first] for sign in COLONS):
        return None
    if tail and _goes_on(phrases, plain(tail)):
        return None
    if not phrases.relative_pronouns.isdisjoint(words_of(tail)):
        return None
    b = _named_to(shown, match, start, a, b, mark)
    if not b:
        return None
    if tail and mark and any(shown.inside(one, first, last) for one in (MARKS if said(match, "other") else (mark,))):
        b, tail = (last if shown.inside(mark, a, last) else b), ""
    elif tail and mark and _runs_over(phrases, shown, mark, first, last):
        return None
    behind = start + match.start("definition")
    if _cuts(shown, b, behind) or (_covers(shown, mark, b, behind) if mark else _divides(shown, b - 1, behind)):
        return None
    # Italics also stress, and much is highlighted that is no term.
    bold = mark == "strong" or (mark == "em" and (sure or pattern in phrases.called))
    formula = shown.inside("math", behind, behind + 1)
    if formula and pattern in phrases.called and shown.text[b:].lstrip()[:1].isalpha():
        return None  # In `is called the **phase** speed` more is called so than the bold.
    if not fits(phrases, match, pattern, shown.text[a:b], bold=bold, formula=formula):
        return None
    before = shown.text[max(start, a - 6) : a].rstrip(_OPENING_QUOTES).split()
    article = before[-1] if before and before[-1].casefold() in phrases.words("articles") else ""
    if mark == "em" and not (sure or is_thing(phrases, match, pattern, shown.text[a:b], article)):
        return None
    loose = (not article and is_loose(phrases, match, shown.text[a:b])) or _speaks_of_names(phrases, shown, match, a, b)
    return Definition(
        prose(shown.markdown(a, b)).strip("*_" if mark == "em" else ""),
        article.lower(),
        shown.markdown(*_stretch(phrases, shown, match, pattern, start)),
        verb=said(match, "verb").casefold(),
        line=shown.source[: shown.at(a)].count("\n"),
        tail=tail,
        subject=_group(shown, match, start, "subject"),
        plural=is_plural(phrases, match),
        loose=loose,
    )


def _speaks_of_names(phrases: Phrases, shown: Shown, match: re.Match[str], a: int, b: int) -> bool:
    """Tell whether a verb is a plural because of other names of its term (`**Furling**, formerly **X**, are …`)."""
    left_out = match.string[match.end("term") : match.start("definition")].startswith("  ")
    several = said(match, "verb").casefold() in phrases.words("plural_verbs")
    return left_out and several and not phrases.is_plural(phrases.head(shown.text[a:b]).casefold())


def _stripped(shown: Shown, start: int, end: int) -> int:
    """Return where a sentence ends without its stop; a stop inside a formula or code is a part of that."""
    last = start + len(shown.text[start:end].rstrip(_END))
    while last < end and _is_solid(shown, last):
        last += 1
    return last


def _is_solid(shown: Shown, place: int) -> bool:
    """Tell whether a character stands inside a formula or code."""
    atom = atom_at(shown.source, shown.at(place))
    return atom is not None and atom.kind != "wikilink" and atom.start < shown.at(place)


def _called_by(phrases: Phrases, shown: Shown, mark: str, start: int, end: int) -> str:
    """Return a sentence up to its first term that has the mark, as one word, or up to the `genannt` behind it.

    "" when a condition follows, so that the term is not what the thing is called.
    """
    first = next_of(shown.source, mark, shown.at(start))
    if first is None:
        return shown.text[start:end].rstrip(_END)
    a, b = (min(shown.place_of(border), end) for border in (first.inner_start, first.inner_end))
    behind = next((found for one in phrases.naming if (found := one.match(shown.text, min(b + 1, end), end))), None)
    text = shown.text[start:a] + shown.text[a:b].rstrip(_END).replace(" ", JOINED)
    text += shown.text[start + len(text) : behind.end()] if behind else ""
    condition = conditional(phrases).search(shown.text, start + len(text), end)
    if condition and "," not in shown.text[start + len(text) : condition.start()].rstrip(", "):
        return ""
    return text


def _goes_on(phrases: Phrases, tail: str) -> bool:
    """Tell whether a tail has a part of a sentence to come or one of its own (`**Knot** as it is known`).

    A capital is a symbol (`para $f$ en $A$`), no preposition.
    """
    keys = ("prepositions", "and", "pronouns")
    return "," in tail or any(tail.rpartition(" ")[2] in phrases.words(key) for key in keys)


def _runs_over(phrases: Phrases, shown: Shown, mark: str, start: int, end: int) -> bool:
    """Tell whether a tail goes on behind the markup of its term as more than a symbol and what narrows it."""
    border = next((at for at in range(start, end) if not shown.touches(mark, at, at + 1)), end)
    symbol = (at for at in range(border, end) if not (shown.text[at].isspace() or shown.inside("math", at, at + 1)))
    tail = shown.text[next(symbol, end) : end]
    participle = any_of(tuple(phrases.table["narrowing"])).match(tail)
    narrows = not tail or participle or phrases.starts_with(tail, "prepositions")
    return not narrows or (border < end and shown.touches(mark, border, end))


def _covers(shown: Shown, mark: str, start: int, end: int) -> bool:
    """Tell whether what stands between a term and its definition has the mark, too, or is a sign (`=`) alone."""
    return bool(shown.text[start:end].strip(" ,")) and shown.inside(mark, start, end)


def _divides(shown: Shown, start: int, end: int) -> bool:
    """Tell whether bold holds a term with its verb, and not what follows: `**Boat measures** punish a crew`."""
    verb = shown.text[start + 1 : end].strip()  # None where a definition begins with it (`представляет собой меру`).
    return bool(verb) and shown.inside("strong", start, end) and not shown.inside("strong", end, end + 1)


def _cuts(shown: Shown, end: int, start: int) -> bool:
    """Tell whether the term ends, or the definition starts, inside a formula or code."""
    return any(_is_halfway(shown.source, place) for place in (shown.at(end - 1) + 1, shown.at(start)))


def _is_halfway(source: str, place: int) -> bool:
    """Tell whether some of a formula or code stands before a place, and some behind it."""
    atom = atom_at(source, place)
    if atom is None or atom.kind == "wikilink":
        return False
    return all(part.strip("$` \n") for part in (source[atom.start : place], source[place : atom.end]))


def _term(phrases: Phrases, shown: Shown, match: re.Match[str], start: int) -> tuple[int, int]:
    """Return where the term stands, without quotation marks, an article inside them, and a colon behind it.

    A comma stays where one stands before the term, too: what is between two (`A first way, **drift**, is …`) is not
    what the verb is about.
    """
    a, b = (start + place for place in match.span("term"))
    while a < b and shown.text[a] in _QUOTES + "*_":
        a += 1
    behind = _QUOTES + _BEHIND + ("" if shown.text[start:a].rstrip().endswith(",") else ",")
    while b > a and shown.text[b - 1] in behind:
        b -= 1
    inner = phrases.starts_with(shown.text[a:b], "articles")
    if inner and shown.text[a + len(inner)].isspace():
        a += len(inner) + 1
    return a, b


def _named_to(shown: Shown, match: re.Match[str], start: int, a: int, b: int, mark: str) -> int:
    """Return where a term ends: with its other name when both are one (`**left or right cosets**`).

    0 when what stands behind its `or` is no name, or both are the last of several (`**knot**, **bend** or **hitch**`).
    """
    if not said(match, "other"):
        return b
    c, d = (start + place for place in match.span("other"))
    before = start + len(shown.text[start:a].rstrip())
    several = shown.text[start:before].endswith(",") and any(shown.touches(one, before - 2, before) for one in MARKS)
    if several or "," in shown.text[a:b] or not any(shown.inside(one, c, d) for one in MARKS):
        return 0
    return d if shown.inside(mark, a, d) else b


def _stretch(
    phrases: Phrases, shown: Shown, match: re.Match[str], pattern: re.Pattern[str], start: int
) -> tuple[int, int]:
    """Return where the definition stands: with its `if`, without a colon, the term's article or a closing quote."""
    c, d = (start + place for place in match.span("definition"))
    c = d - len(shown.text[c:d].lstrip(_BEHIND + "\n"))
    if said(match, "subject"):
        narrowed = max(match.end(name) for name in ("term", "other", "tail") if name in match.re.groupindex)
        between = match.string[narrowed : c - start]
        c -= len(between.lstrip(" ,\"”’»"))
    if pattern in phrases.called:
        text = shown.text[c:d].rstrip(" ,，")
        d = c + len(text)
        last = text.rpartition(" ")[2]
        if last.casefold() in phrases.words("articles"):
            d -= len(last)
    if match.string[:1] in _QUOTES:
        d = c + len(shown.text[c:d].rstrip(_END + _QUOTES))
    return c, d


def _tail(shown: Shown, match: re.Match[str], start: int) -> tuple[int, int]:
    """Return where what narrows the term stands, without a colon behind it."""
    if not said(match, "tail"):
        return start, start
    first, last = (start + place for place in match.span("tail"))
    while last > first and shown.text[last - 1] in _BEHIND:
        last -= 1
    return first, last


def _group(shown: Shown, match: re.Match[str], start: int, name: str) -> str:
    """Return a group of a sentence's match as Markdown for a question."""
    if not said(match, name):
        return ""
    first, last = match.span(name)
    return prose(shown.markdown(start + first, start + last))
