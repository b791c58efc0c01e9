"""bold-definition: a sentence that says what its term, in bold or italics, is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise, starmap

from msgspec.structs import replace

from mkcards.acting import acting_term
from mkcards.answers import completed, math_below
from mkcards.data import NO_REVERSE, Block
from mkcards.defined_above import behind_definition
from mkcards.defining import MARKS, definitions
from mkcards.definition import Definition
from mkcards.examples import in_example
from mkcards.kind_headings import listed_terms
from mkcards.labels import parted
from mkcards.patterns import conditional, ending_verb
from mkcards.phrasing import Phrases
from mkcards.predicate import only_symbols
from mkcards.reversing import reverse
from mkcards.rule import Finding, Look, Place
from mkcards.syntax.inline import plain, whole, without
from mkcards.terms import OPENS_HEAD, head_of
from mkcards.word_lists import COLONS, QUESTION_MARKS

_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_SYMBOL = re.compile(r"\s[^\W\d_]$")
"""The letter by which a term is called in what follows (`a partition P of A`)."""
_PLURAL = re.compile("(?:(?<=[xz])|(?<=ss|ch|sh))es$|(?<!s)s$")
_BENT_PLURAL = re.compile("[aeio]?s?$")
SHORT_WORD = 3
"""A word of so many letters has no plural that could be told from another word."""
NAME = "bold-definition"
VERB_REACH = 40
"""A verb at the end of a paragraph stands within so many characters."""
HALF = 400
"""A paragraph of more characters above a list is no half sentence that each item completes."""
OPENING = 120
"""A term that title or heading names stands within the first characters of its paragraph."""


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each sentence that defines its marked term, or the term that its heading names."""
    for place in look.of("paragraph"):
        block, opens = place.block, place.begins_section() or bool(_line_above(place))
        if not (opens or any(sign in block.text for sign in ("*", "_", "==")) or _introduces(look.phrases, block.text)):
            continue
        # `Definition: a rope is …` has its term.
        said = behind_definition(look.phrases, block.text) if look.phrases.table["spaced"] else None
        if look.taken.get(block, "labelled-list") != "labelled-list" or (not said and _has_head(place)):
            continue
        text, formula = _with_formula(look, place)
        if said:
            defined, shown_at = list(definitions(look.phrases, said, first_only=True)), place
        else:
            defined, shown_at = _defined(look, place, text, opens=opens)
        if defined and in_example(look, place):  # A formula alone is the value that something has there.
            defined = [one for one in defined if any(sign.isalpha() for sign in without(one.definition, {"math"}))]
        if not (defined or said) and "**" in block.text:
            look.refuse(NAME, block.line, "no sentence says what its bold term is")
        for found in defined:
            if only_symbols(look.phrases, found.definition):
                look.refuse(NAME, block.line + found.line, "only symbols of what stands elsewhere define the term")
                continue
            ended = completed(look, place, found.definition)
            if ended is None:
                look.refuse(NAME, block.line + found.line, "the definition breaks off")
                continue
            look.take(NAME, block, *formula, *ended[1])
            found = replace(found, definition=ended[0])
            yield _card(look, place, shown_at, found, alone=len(defined) == 1)


def _defined(look: Look, place: Place, text: str, *, opens: bool) -> tuple[list[Definition], Place]:
    """Return what a paragraph defines, and the place whose context its cards have.

    That is the list where the half sentence above it, which would stand in the context of its items, is completed.
    """
    listed = place.parent.parent if place.parent is not None and not place.index else None
    completing = list(_completing(look, listed, text)) if listed is not None else []
    if listed is not None and completing:
        return completing, listed
    return list(_found(look, place, text, opens=opens)), place


def _has_head(place: Place) -> bool:
    return head_of(place.block.text, period=place.around("item") is not None) is not None


def _with_formula(look: Look, place: Place) -> tuple[str, tuple[Block, ...]]:
    """Return a paragraph with the formula below it that a verb or an `if` at its end leads to, and that formula."""
    text, below = place.block.text, math_below(place)
    if below is None:
        return text, ()
    lead = text.rstrip(":： ")
    end = lead[-VERB_REACH:]
    leads = _ends(conditional(look.phrases), end) or ending_verb(look.phrases).fullmatch(end)
    behind = place.after()[1:]
    goes_on = bool(behind) and bool(look.phrases.starts_with(plain(behind[0].text), "and", "or"))
    if goes_on or not leads:
        return text, ()
    return f"{lead} ${' '.join(below.text.split())}$", (below,)


def _ends(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether a text ends in what a pattern finds."""
    return any(found.end() == len(text) for found in pattern.finditer(text))


def _completing(look: Look, listed: Place, text: str) -> Iterator[Definition]:
    """Yield what an item defines that completes the half sentence above its list (`A rope is:`, `**slack** if …`)."""
    above = listed.before() if listed.block.kind == "list" else None
    if above is None or above.kind != "paragraph" or len(above.text) > HALF or not text.startswith(OPENS_HEAD):
        return
    half = parted(look.phrases, above.text.rstrip(":： "))[1]
    shown = plain(half)
    names = any(_ends(one, shown) for one in look.phrases.naming)
    if not (names or look.phrases.ends_in(shown, "copulas", "articles")):
        return
    named = whole(text, MARKS)
    for mark in MARKS:
        found = list(definitions(look.phrases, f"{half} {text}", mark=mark, sure=True))
        yield from (replace(one, line=0) for one in found if one.subject or named)
        if found:
            return


def _found(look: Look, place: Place, text: str, *, opens: bool) -> Iterator[Definition]:
    marked = list(definitions(look.phrases, text, mark="strong")) if "**" in text or "__" in text else []
    stressed: list[Definition] = []
    if not marked and "==" in text:
        marked = list(definitions(look.phrases, text, mark="mark"))
    if not marked and _may_hold_em(text):
        marked = list(definitions(look.phrases, text, mark="em"))
        if _answers_heading(look, place) or _holds_others(text, marked):
            stressed = [one for one in marked if one.verb]
            marked = [one for one in marked if not one.verb]  # What is called so is a term for sure.
    yield from marked
    opening = text[:OPENING].casefold()
    introduced = opens or _introduces(look.phrases, text)
    names = _names(look, place, opens=opens) if introduced or "**" in opening else ()
    if not any(_stem(look.phrases, word) in opening for name in names for word in name.split()):
        return
    acting = acting_term(look.phrases, text) if opens and not marked else None
    if acting is not None and any(_is_named(look, _bare(look, plain(acting.term)), name) for name in names):
        yield acting
    for found in definitions(look.phrases, text, first_only=True):
        shown = plain(found.term)
        if not (introduced or _is_partly_bold(text[: text.find(found.definition)], shown)):
            continue
        ways = [shown, *re.findall(r"[(（]([^()（）]+)[)）]", text[: text.find(found.definition)])]
        known = any(found.term == one.term or found.definition == one.definition for one in marked)
        named = any(_is_named(look, _bare(look, way), name) for name in names for way in ways)
        if not (named or any(shown == plain(one.term) for one in stressed)):
            named = any(_is_kind(look, _bare(look, shown), name) for name in names)
        aside = " " not in shown.partition(", ")[0]  # `Now, the old rope`
        if named and not (known or (aside and ", " in shown) or look.phrases.is_gerund(shown)):
            yield found


def _is_partly_bold(before: str, term: str) -> bool:
    """Tell whether some words of a term, and nothing besides, are bold in what stands before its definition."""
    marked = _BOLD.findall(before)
    return bool(marked) and all(one != term and one in term.split() for one in marked)


def _introduces(phrases: Phrases, text: str) -> bool:
    """Tell whether a text opens with an indefinite article, as the definition of a thing does."""
    return phrases.starts_with(text, "articles") not in {"", *phrases.words("definite_articles")}


def _answers_heading(look: Look, place: Place) -> bool:
    """Tell whether a paragraph stands right below a heading that asks."""
    before = place.before()
    heading = plain(before.text) if before is not None and before.kind == "heading" else ""
    return heading.endswith(QUESTION_MARKS) or bool(look.phrases.starts_with(heading, "question_words"))


def _holds_others(text: str, found: Sequence[Definition]) -> bool:
    """Tell whether a line of a paragraph, but for the first, begins with a term and defines none in a sentence."""
    lines = text.split("\n")
    starts = [at for at, line in enumerate(lines) if at and (line.startswith("**") or head_of(line))]
    lots = starmap(range, pairwise([*starts, len(lines)]))
    return any(all(one.line not in lot for one in found) for lot in lots)


def _may_hold_em(text: str) -> bool:
    """Tell at little cost whether a text may set something in italics: marks are left when those of bold are gone."""
    left = text.replace("**", "").replace("__", "")
    return "*" in left or "_" in left


def _names(look: Look, place: Place, *, opens: bool) -> set[str]:
    """Return the terms that title, aliases and heading name; `Definition: a, b` names two, which all below defines."""
    heading = plain(place.headings[-1].text) if place.headings else ""
    listed = listed_terms(look.phrases, heading, "definition_kinds")[1]
    if listed and not opens:
        return set()
    listed = listed or [heading]
    names = {_bare(look, name) for name in (*listed, look.note.title, *look.note.aliases, _line_above(place))}
    return {*names, *map(_initials, names)} - {""}


def _line_above(place: Place) -> str:
    """Return the bold line above a list whose first item opens with a paragraph, or ""."""
    listed = place.parent.parent if place.parent is not None and place.parent.block.kind == "item" else None
    if listed is None or place.index or place.parent is None or place.parent.index or listed.parent is not None:
        return ""
    above = listed.before()
    return plain(whole(above.text)).rstrip(":： ") if above is not None and above.kind == "paragraph" else ""


def _is_named(look: Look, term: str, name: str) -> bool:
    """Tell whether a title or heading names a term, among other words or without what it is of (`the border of A`)."""
    if not look.phrases.table["spaced"]:
        return term in name or name in term
    core = _stems(look.phrases, _SYMBOL.sub("", look.phrases.head_ends.split(term, maxsplit=1)[0].strip()))
    term, name = _stems(look.phrases, term), _stems(look.phrases, name)
    inside = f" {term} " in f" {name} " or (term.startswith(f"{name} ") and term.count(" ") == 1)
    # `A boat lift in a harbour` is named by `Harbour boat lifts`.
    turned = f" {core} " in f" {name} " and set(term.split()) - _joining(look.phrases) <= set(name.split())
    return bool(core) and (inside or turned or name == core or name.startswith(f"{core} "))


def _is_kind(look: Look, term: str, name: str) -> bool:
    """Tell whether a term ends in what a title or heading names, behind one word that names its kind.

    It is a kind of that (`Heap`: `min-heap`), or has it for its name (`IP`: `el protocolo IP`); `my heap` is no kind.
    """
    if not look.phrases.table["spaced"] or not name:
        return False
    word = _ahead_of(name, term) or _ahead_of(_stems(look.phrases, name), _stems(look.phrases, term))
    small = ("label_adjectives", "number_words", "pronouns", "persons", "quantifiers", "prepositions", "leaning")
    own = any(word in look.phrases.words(key) for key in small) or word.endswith(("'s", "’s"))
    return bool(word) and " " not in word and not own


def _ahead_of(name: str, term: str) -> str:
    """Return what stands before a name at the end of a term, or ""."""
    return term.removesuffix(name)[:-1] if term.endswith((f" {name}", f"-{name}")) else ""


@cache
def _joining(phrases: Phrases) -> frozenset[str]:
    """Return the small words of names, as `_stem` leaves them."""
    return frozenset(_stem(phrases, word) for word in phrases.words("prepositions") | phrases.words("articles"))


def _stems(phrases: Phrases, text: str) -> str:
    return " ".join(_stem(phrases, word) for word in text.split())


def _stem(phrases: Phrases, word: str) -> str:
    """Return a word without what a plural may change at its end (`pulsos rectangulares`, `grafo` and `grafi`)."""
    simple = phrases.table["plural_endings"] == ["s"] and not phrases.table["head_first"]
    return (_PLURAL if simple else _BENT_PLURAL).sub("", word) if len(word) > SHORT_WORD else word


def _initials(name: str) -> str:
    """Return how a name of three words or more is shortened (`wet exhaust pump` -> `wep`), or ""."""
    words = re.split(r"[\s-]+", name)
    return "".join(word[:1] for word in words) if len(words) > 2 else ""


def _bare(look: Look, text: str) -> str:
    bare = _ASIDE.sub("", text.casefold()).replace("_", " ").strip(" :?#")
    return look.phrases.without_article(bare).strip()


def _card(look: Look, place: Place, shown_at: Place, found: Definition, *, alone: bool) -> Finding:
    return look.card(
        NAME,
        "definition",
        found.term,
        shown_at,
        found.question(look.phrases, "what_is"),
        found.definition,
        lines=(place.block.line + found.line, place.block.end_line),
        reverse=NO_REVERSE if found.subject else reverse(look, found.term, found.definition, found.narrowed),
        details=found.rest if alone and not found.rest.endswith(COLONS) else "",
        anchor=place.block.anchor,
    )
