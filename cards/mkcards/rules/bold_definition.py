"""bold-definition: a sentence that says what its term, in bold or italics, is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, starmap

from msgspec.structs import replace

from mkcards.acting import acting_term
from mkcards.answers import completed, math_below
from mkcards.bold_sections import below_bold
from mkcards.clauses import sentences
from mkcards.data import NO_REVERSE, Block
from mkcards.defined_above import behind_definition
from mkcards.defining import MARKS, definitions
from mkcards.definition import Definition
from mkcards.examples import in_example
from mkcards.kind_headings import listed_terms
from mkcards.labels import parted
from mkcards.named_above import ROOT, bare_term, is_kind, is_named, is_quality, line_above, mentions, names_above
from mkcards.patterns import conditional, ending_verb, ends_in_condition
from mkcards.phrasing import Phrases
from mkcards.predicate import only_symbols
from mkcards.reversing import reverse
from mkcards.rule import Finding, Look, Place
from mkcards.syntax.inline import plain, show, whole, without
from mkcards.terms import OPENS_HEAD, head_of
from mkcards.titles import is_id
from mkcards.word_lists import COLONS, QUESTION_MARKS, words_of

_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_BEHIND_BOLD = re.compile(r"(?:[^\W\d_]{1,6} )?\*\*[^*]+\*\*\s+([^\W\d_]+)")
"""The word behind the bold with which a text opens, which may be its noun (`The **fisherman** anchor`)."""
NAME = "bold-definition"
VERB_REACH = 40
"""A verb at the end of a paragraph stands within so many characters."""
HALF = 400
"""A paragraph of more characters above a list is no half sentence that each item completes."""


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each sentence that defines its marked term, or the term that its heading names."""
    for place in look.of("paragraph"):
        block, opens = place.block, place.begins_section() or bool(line_above(place))
        marked = any(sign in block.text for sign in ("*", "_", "=="))
        if not (opens or marked or below_bold(place) is not place or _introduces(look, place)):
            continue
        # `Definition: a rope is …` has its term, and so has what `In short:` leads to.
        said = behind_definition(look.phrases, block.text) if look.phrases.table["spaced"] else None
        said = said or (_behind_label(look, place, block.text) if opens else None)
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
    headed, found = below_bold(place), list(_found(look, place, text, opens=opens))
    return found or ([] if headed is place else list(_found(look, headed, text, opens=True))), place


def _has_head(place: Place) -> bool:
    return head_of(place.block.text, period=place.around("item") is not None) is not None


def _behind_label(look: Look, place: Place, text: str) -> str | None:
    """Return what a word like `TL;DR:` leads to, when that defines what is named above, or None."""
    head = head_of(text, unmarked=True, period=True)
    asked = bool(place.headings) and plain(place.headings[-1].text).endswith(QUESTION_MARKS)
    if head is None or not head.rest or head.mark == "wikilink" or asked:
        return None
    if not head.mark and plain(head.term).casefold() not in look.phrases.words("generic_terms"):
        return None
    names = names_above(look, place, opens=True)
    if any(is_named(look, bare_term(look, plain(head.term)), name) for name in names):
        return None
    found = definitions(look.phrases, head.rest, first_only=True)
    named = (is_named(look, bare_term(look, plain(one.term)), name) for one in found for name in names)
    return head.rest if any(named) else None


def _with_formula(look: Look, place: Place) -> tuple[str, tuple[Block, ...]]:
    """Return a paragraph with the formula below it that a verb or an `if` at its end leads to, and that formula."""
    text, below = place.block.text, math_below(place)
    if below is None:
        return text, ()
    lead = text.rstrip(":： ")
    end = lead[-VERB_REACH:]
    leads = ends_in_condition(look.phrases, end) or ending_verb(look.phrases).fullmatch(end)
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
    if opens and not marked:
        marked = list(_of_quality(look, place, text))
    yield from marked
    names, noun = names_above(look, place, opens=opens), _BEHIND_BOLD.match(text)
    nameless = opens and is_id(look.note.title) and _opens_note(look, place)
    introduced = nameless or (opens and mentions(look, text, names)) or _introduces(look, place)
    if not (introduced or (noun is not None and mentions(look, noun[1], names))):
        return
    acting = acting_term(look.phrases, text) if opens and not marked else None
    if acting is not None and any(is_named(look, bare_term(look, plain(acting.term)), name) for name in names):
        yield acting
    # Below `Definition: warp` all that is written defines the warp, its setting too.
    whole_one = any(listed_terms(look.phrases, plain(one.text), "definition_kinds")[1] for one in place.headings[-1:])
    for found in _opening(look.phrases, text, opens=opens and not whole_one):
        shown = plain(found.term)
        before = text[: text.find(found.definition)]
        if any(sign in shown for sign in COLONS) or (not opens and _leans(look.phrases, plain(found.definition))):
            continue
        if not (introduced or (_is_partly_bold(before, shown) and _is_one_of_several(place, noun))):
            continue
        ways = [shown, *re.findall(r"[(（]([^()（）]+)[)）]", before)]
        known = any(found.term == one.term or found.definition == one.definition for one in marked)
        named = nameless or any(is_named(look, bare_term(look, way), name) for name in names for way in ways)
        if not (named or any(shown == plain(one.term) for one in stressed)):
            named = any(is_kind(look, bare_term(look, shown), name) for name in names)
        aside = " " not in shown.partition(", ")[0]  # `Now, the old rope`
        if named and not (known or (aside and ", " in shown) or look.phrases.is_gerund(shown)):
            yield found


def _opens_note(look: Look, place: Place) -> bool:
    """Tell whether a paragraph is the first text of a note, below no heading but one that says nothing (`Overview`)."""
    names = [bare_term(look, plain(heading.text)) for heading in place.headings]
    return place.index == len(names) and look.phrases.words("empty_labels").issuperset(names)


def _opening(phrases: Phrases, text: str, *, opens: bool) -> Iterator[Definition]:
    """Yield the definition with which a text opens; a setting may go before one that `opens` its section."""
    found = list(definitions(phrases, text, first_only=True))
    yield from found
    if found or not opens or not phrases.starts_with(text, "letting"):  # `Let $r$ be a rope.`
        return
    shown = show(text)
    starts = [start for start, _ in sentences(phrases, shown)]
    behind = next((at for at in starts if not phrases.starts_with(shown.text[at:].strip(), "letting")), len(shown.text))
    yield from definitions(phrases, shown.markdown(behind, len(shown.text)).lstrip(), first_only=True)


def _of_quality(look: Look, place: Place, text: str) -> Iterator[Definition]:
    """Yield when a thing has the quality that the heading above names (`Tightness`: `A joint is tight if …`)."""
    name = bare_term(look, plain(place.headings[-1].text)) if place.headings else ""
    # Most paragraphs have no word like it, and to see that so is quick.
    alike = len(name) > ROOT and " " not in name and name[:ROOT] in text.casefold()
    for found in definitions(look.phrases, text, first_only=True) if alike else ():
        if found.subject and is_quality(plain(found.term), name):
            yield found


def _is_partly_bold(before: str, term: str) -> bool:
    """Tell whether some words of a term, and nothing besides, are bold in what stands before its definition."""
    marked = _BOLD.findall(before)
    return bool(marked) and all(one != term and one in term.split() for one in marked)


def _is_one_of_several(place: Place, noun: re.Match[str] | None) -> bool:
    """Tell whether other text beside a paragraph opens with a kind of the same noun in bold; one may be stressed."""
    return noun is not None and _nouns(place.siblings)[noun[1]] > 1


@lru_cache(maxsize=16)
def _nouns(siblings: tuple[Block, ...]) -> Counter[str]:
    """Return how many blocks open with a kind in bold of each noun; each of them asks."""
    return Counter(noun[1] for noun in (_BEHIND_BOLD.match(block.text) for block in siblings) if noun is not None)


def _leans(phrases: Phrases, definition: str) -> bool:
    """Tell whether a definition, which nothing marks as one, has a condition or points to what stands around it."""
    pointing = phrases.words("pronouns") & phrases.words("referring")
    pointing |= phrases.words("places") | phrases.words("persons")
    points = not pointing.isdisjoint(words_of(definition)) or phrases.mentions(definition, "preceding")
    # `A rope is a **bend** if …` defines the bend.
    return points or conditional(phrases).search(definition) is not None


def _introduces(look: Look, place: Place) -> bool:
    """Tell whether a paragraph opens with an indefinite article and has what stands above it among its first words.

    What is listed below a question answers that.
    """
    text, listed = place.block.text, place.around("list")
    if look.phrases.starts_with(text, "articles") in {"", *look.phrases.words("definite_articles")}:
        return False
    asked = listed is not None and listed.block in look.asked
    return not asked and mentions(look, text, names_above(look, place, opens=False))


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
