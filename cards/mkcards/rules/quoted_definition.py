"""quoted-definition: a quote that says what a term means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from mkcards.answers import completed, fits
from mkcards.callout_titles import defines, is_statement, may_define, name_in_title
from mkcards.data import NO_REVERSE, Block
from mkcards.defined_above import bare_name, term_above
from mkcards.defined_above import defines as says_so
from mkcards.defining import definitions, read_definition
from mkcards.definition import Definition
from mkcards.material import item_text
from mkcards.named_above import stems
from mkcards.no_answer import says_something
from mkcards.phrasing import size
from mkcards.predicate import opens_as_definition
from mkcards.reversing import reverse
from mkcards.rule import Finding, Look, Place
from mkcards.syntax.inline import plain, show, whole
from mkcards.syntax.markdown import to_markdown
from mkcards.term_prompt import as_named, opens_with_equation
from mkcards.terms import ORDINAL, head_of, is_term, names_result, shown_term
from mkcards.word_lists import COLONS

NAME = "quoted-definition"
QUOTE_SENTENCES = 3
"""A longer quote under a lead-in is a passage, not a definition."""
GENERIC_WORDS = 6
"""So many words at least define a term whose article says nothing."""
_PHRASE = re.compile(r"[\"“«„「][^”»」]+[\"”»“」][.。]?")
_PHRASE_ENDS = ('"', "”", "»", "“", "」")
_ATTRIBUTION = re.compile(r"(?:^|\n)\s*[_*(]*(?:[—–―~]|--)\s*[^\n]{2,80}$")
_BEFORE_NAME = " \t\n—–―~-_*(\"“«„「"
_LINKED = ("[", "@")
"""With these a name opens that is a link or a citation."""
SAID_WORDS = 4
"""Fewer words above a dash are a term that it divides from its text."""
_QUOTATION = "\"“”'‘’«»*_「」 "
_MARKS = _QUOTATION + "[]"


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each quote, or definition callout, that defines."""
    for place in look.of("quote", "callout", "paragraph"):
        block = place.block
        if block.kind == "paragraph":
            yield from _quoted_phrase(look, place)
            continue
        first = block.children[0] if block.children else None
        if first is not None and first.kind == "list" and block.kind == "callout" and look.free(block):
            yield from _listed(look, place)
            continue
        if first is None or first.kind != "paragraph" or not look.free(block):
            continue
        first = replace(first, text=_unsigned(first.text))
        if block.kind == "callout" and not may_define(look, block):
            look.refuse(NAME, block.line, f"a callout of the kind “{block.info}” that does not define")
            continue
        found = read_definition(look.phrases, first.text) or _marked(look, block, first) or _named(look, place, first)
        if found is None and block.kind == "callout" and defines(look, block) and not name_in_title(look, block):
            found = _of_section(look, place, first)
        ended = _ended(look, place, first, found) if found is not None else None
        if found is None or ended is None or _points_back(look, place, found):
            if block.kind == "callout" and is_statement(look, block):
                yield from _stated(look, place)
            else:
                look.refuse(NAME, block.line, "the quote does not say what a term means")
            continue
        more = _further(look, place, found) if found.named else ()
        look.take(NAME, block, *more)
        yield _card(look, place, ended[0], first, ended[1], more)


def _ended(look: Look, place: Place, first: Block, found: Definition) -> tuple[Definition, tuple[Block, ...]] | None:
    """Return a definition with the list or formula to which it leads, and what else the quote holds, or None."""
    blocks = (first, *place.block.children[1:])
    whole_one = len(blocks) == 1 or look.phrases.ends_in(plain(found.term), "connectives")
    inner = Place(first, blocks, 0, place, place.headings)
    ended = (found.definition, ()) if whole_one else completed(look, inner, found.definition)
    if ended is None or (plain(first.text).endswith(COLONS) and not ended[1]):
        return None
    return replace(found, definition=ended[0]), blocks[1 + len(ended[1]) :]


def _quoted_phrase(look: Look, place: Place) -> Iterator[Finding]:
    """Yield the card of an item that is a term and a phrase in quotation marks (`- Term: "…"`)."""
    quoted = place.block.text.rstrip().rstrip(".。").endswith(_PHRASE_ENDS)
    head = head_of(place.block.text, unmarked=True) if quoted and place.around("item") is not None else None
    if head is None or not _PHRASE.fullmatch(head.rest) or not look.free(place.block):
        return
    term, text = shown_term(head), head.rest.rstrip(".。").strip(_QUOTATION)
    if is_term(term, look.phrases) and not look.phrases.is_clause(term) and says_something(text) and size(text) > 2:
        look.take(NAME, place.block)
        found = Definition(term, "", text, "", named=True)
        yield _card(look, place, found, place.block, ())


def _points_back(look: Look, place: Place, found: Definition) -> bool:
    """Tell whether a term with a definite article is one that the text spoke of before."""
    if found.article not in look.phrases.words("definite_articles") or _is_generic(look, place.block, found):
        return False
    if place.block.kind == "callout" and defines(look, place.block):
        return False
    above = " ".join([plain(_lead_in(look, place)[0]), look.note.title, *(plain(one.text) for one in place.headings)])
    return plain(found.term).casefold() not in above.casefold()


def _is_generic(look: Look, block: Block, found: Definition) -> bool:
    """Tell whether a definite article says nothing: it stands before all nouns, and what follows defines for sure."""
    phrases, shown = look.phrases, plain(found.definition)
    if not phrases.table["generic_article"] or any(child.kind == "list" for child in block.children):
        return False
    kind = phrases.starts_with(shown, "articles") and opens_as_definition(phrases, shown)
    return bool(kind) and size(shown) >= GENERIC_WORDS


def _listed(look: Look, place: Place) -> Iterator[Finding]:
    """Yield the card of a callout that defines in a list what its title is."""
    name, items = name_in_title(look, place.block), place.block.children[0].children
    result = names_result(look.phrases, plain(name))
    if result and is_statement(look, place.block) and not defines(look, place.block):
        yield from _stated(look, place)
        return
    told = len(items) == 1 or opens_as_definition(look.phrases, plain(item_text(items[0])))
    if name and told and defines(look, place.block) and plain(place.block.text).rstrip(":： ").endswith(name):
        yield from _stated(look, place)


def _stated(look: Look, place: Place) -> Iterator[Finding]:
    """Yield the card of a callout that states what its title names; all of it is the answer."""
    block = place.block
    answer, name = to_markdown(block.children), name_in_title(look, block)
    kind, _, number = name.casefold().partition(" ")
    # `Gershgorin II` is a name, `Theorem II` and `Corolary 11.7` are none.
    counted = ORDINAL.fullmatch(name) and (number[:1].isdigit() or kind in look.phrases.words("results"))
    if counted or name.casefold() in look.phrases.words("statements"):
        look.refuse(NAME, block.line, "the title says that a statement stands below it, not what that is about")
        return
    if look.phrases.starts_with(plain(answer).lstrip("#"), "undone"):
        look.refuse(NAME, block.line, "the callout is still to be written")
        return
    if not fits(answer):
        look.refuse(NAME, block.line, "the callout is longer than a screen")
        return
    look.take(NAME, block)
    result = names_result(look.phrases, name)
    states = "which_formula" if opens_with_equation(answer) and not result else "what_states"
    question = "what_meant" if defines(look, block) else states
    prompt = look.phrases.ask(question, term=as_named(look.phrases, name))
    lines = (block.children[0].line, block.end_line)
    yield look.card(NAME, "definition", name, place, prompt, answer, lines=lines, label_line=block.line)


def _marked(look: Look, block: Block, first: Block) -> Definition | None:
    """Return what a definition callout says of a term that it sets in bold or italics, in any of its sentences."""
    if block.kind != "callout":
        return None
    sure = defines(look, block)
    found = (one for mark in ("strong", "em") for one in definitions(look.phrases, first.text, mark=mark, sure=sure))
    return next(found, None)


def _unsigned(text: str) -> str:
    """Return a quote without the line below it that says whose words it is; a dash may also open a second point."""
    line = _ATTRIBUTION.search(text)
    opening = line.group().lstrip(_BEFORE_NAME)[:1] if line else ""
    if not line or opening.islower() or not (opening.isalpha() or opening in _LINKED):
        return text
    said = text[: line.start()].rstrip()
    return said if size(plain(said)) >= SAID_WORDS and not _ATTRIBUTION.search(said) else text


def _further(look: Look, place: Place, of: Definition) -> tuple[Block, ...]:
    """Return the quotes that go on right after one: several under one lead-in are one answer, but for other terms."""
    found: list[Block] = []
    for block in place.following():
        first = block.children[0] if block.kind == "quote" and block.children else None
        other = read_definition(look.phrases, first.text) if first else None
        if first is None or (other and plain(other.term).casefold() != plain(of.term).casefold()):
            break
        found.append(block)
    return tuple(found)


def _named(look: Look, place: Place, first: Block) -> Definition | None:
    """Return the definition of the term that stands above the quote, alone on its line."""
    name, heading = _lead_in(look, place)
    if not name or len(place.block.children) > 1:
        return None
    text = show(first.text)
    sentences = look.phrases.sentences(text.text)
    if not 0 < len(sentences) <= QUOTE_SENTENCES:
        return None
    if heading:
        result = not look.phrases.words("results").isdisjoint(re.findall(r"\w+", name.casefold()))
        result = result or _is_one_of_results(look, place)
        names = not ORDINAL.fullmatch(plain(name)) and not look.phrases.mentions(plain(name), "days")
        goes_on = names and _completes(look, plain(first.text))  # Below `Chapter 3` it does not.
        tells = result or _repeats(look, plain(name), first.text) or goes_on
    else:
        tells = opens_as_definition(look.phrases, plain(first.text))
    if not tells:
        return None
    end = sentences[0][1]
    return Definition(name, "", text.markdown(0, end), "", rest=text.markdown(end, len(text.text)), named=True)


def _is_one_of_results(look: Look, place: Place) -> bool:
    """Tell whether the heading around that of a quote names several results (`Principles`), of which it states one."""
    noun = look.phrases.head(plain(place.headings[-2].text)).casefold() if len(place.headings) > 1 else ""
    results = look.phrases.words("results") - look.phrases.words("generic_terms")  # `Problems` are there to be solved.
    several = look.phrases.is_plural(noun)
    return several and stems(look.phrases, noun) in {stems(look.phrases, one) for one in results}


def _of_section(look: Look, place: Place, first: Block) -> Definition | None:
    """Return what a callout that only says that it defines, and opens its section, says of what that names."""
    asks = look.phrases.is_question(plain(place.block.text))
    term = term_above(look, place) if place.opens_section() and not asks else ""
    if not (term and says_so(look.phrases, term, first.text)):
        return None
    return Definition(term, "", first.text, "", named=True)


def _repeats(look: Look, name: str, text: str) -> bool:
    """Tell whether a text begins with the noun of its heading, as a definition by genus does."""
    opening = look.phrases.without_article(plain(text)).casefold()
    head = look.phrases.head(name).casefold()
    return bool(head) and opening.partition(" ")[0] == head


def _completes(look: Look, text: str) -> bool:
    """Tell whether a quote goes on from its heading as a definition does: a noun phrase or gerund, begun small."""
    doing = look.phrases.is_gerund(text) and not look.phrases.is_clause(text)
    whole_one = size(text) >= GENERIC_WORDS and text[:1].islower()
    return whole_one and (doing or opens_as_definition(look.phrases, text))


def _lead_in(look: Look, place: Place) -> tuple[str, bool]:
    """Return the term that stands above a quote or in a callout's title, or "", and whether a heading stands there."""
    before = place.before()
    if place.block.kind == "callout":
        return name_in_title(look, place.block), False
    if before is None or place.block.line - before.end_line > 2:
        return "", False
    shown = plain(before.text)
    if before.kind == "heading":
        name = bare_name(before.text)
        return (name if is_term(plain(name), look.phrases) else "", True)
    if before.kind != "paragraph" or not (shown.endswith(COLONS) or whole(before.text)):
        return "", False
    name = look.phrases.behind(shown.rstrip(":： "), "lead_ins").strip(_MARKS)
    fit = is_term(name, look.phrases) and not look.phrases.is_clause(name)
    return (name if fit else "", False)


def _card(
    look: Look,
    place: Place,
    found: Definition,
    first: Block,
    rest: tuple[Block, ...],
    more: tuple[Block, ...] = (),
) -> Finding:
    name, heading = _lead_in(look, place)
    details = _ATTRIBUTION.sub("", "\n\n".join(part for part in (found.rest, to_markdown(rest)) if part)).strip()
    answer = "\n\n".join([found.definition, *(_unsigned(to_markdown(quote.children)) for quote in more)])
    other = (name,) if name and not heading and plain(name).casefold() != plain(found.term).casefold() else ()
    before = place.before()
    return look.card(
        NAME,
        "definition",
        found.term,
        place,
        found.question(look.phrases, "what_meant"),
        answer,
        lines=(first.line, (more or (place.block,))[-1].end_line),
        label_line=before.line if name and before is not None else place.block.line,
        reverse=NO_REVERSE if found.subject else reverse(look, found.term, answer),
        details=details,
        extra=other,
        anchor=first.anchor,
    )
