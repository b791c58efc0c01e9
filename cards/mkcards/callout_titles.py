"""What the title and kind of a callout say that it is: a definition, a theorem, and of what."""

from __future__ import annotations

import re
from functools import cache

from mkcards.data import Block
from mkcards.defining import read_definition
from mkcards.phrasing import Phrases, size
from mkcards.rule import Look
from mkcards.syntax.inline import named, plain
from mkcards.terms import TERM_LIMIT, head_of, is_term
from mkcards.word_lists import words_of

_RESULT_KINDS = frozenset(
    (
        *("thm", "lem", "prop", "cor", "def"),
        *("axiom", "definition", "theorem", "teorem", "lemma", "proposition", "corollary"),
    )
)
"""Kinds of callouts by which notes in any language name definitions and results, in English or abbreviated."""
_DEFINITIONS = frozenset({"def", "definition"})
OPEN_KINDS = frozenset({"info", "tip", "note", "abstract", "summary", "quote", "cite", "important", "hint"})
"""Kinds of callouts that hold anything, a definition too when their title or text says so."""
_TITLE = re.compile(
    r"(?P<kind>[^\W\d_]+)\.?(?P<number>\s*\d+(?:\.\d+)*(?:[a-z](?=\s*(?:[^\w\s]|$)))?(?!\w))?\s*"
    r"(?:(?P<mark>[.:：—–-])\s*(?P<rest>.*)|[(（](?P<aside>[^()（）]*)[)）][.:：]?|(?P<behind>.*))"
)
"""A title that says what kind of statement a callout is: `Definition 3.2 (Glacier)`, `Theorem: …`."""


def is_statement(look: Look, block: Block) -> bool:
    """Tell whether a callout is a definition or a result (theorem, lemma, law) that its title names."""
    kinds = _statement_kinds(look.phrases)
    plain_text = all(child.kind in {"paragraph", "math"} for child in block.children)
    lone = block.children and head_of(block.children[0].text) is None
    says = look.phrases.noun_in(plain(block.text), "statements") or _names_result(look, block)
    titled = defines(look, block) or (lone and says)
    states = block.info in kinds or (block.info in OPEN_KINDS and titled and plain_text)
    return bool(states and name_in_title(look, block))


def _names_result(look: Look, block: Block) -> bool:
    """Tell whether a callout's title is the name of a result (`Amdahl's Law`), and not of its proof."""
    phrases, title = look.phrases, plain(_titled(look, block)[1] or block.text)
    generic, noun = phrases.words("generic_terms"), phrases.head(title).casefold()
    if title.casefold() in generic or phrases.starts_with(title, "opening_verbs"):
        return False
    return noun in phrases.words("results") - generic and phrases.words("example_labels").isdisjoint(words_of(title))


def name_in_title(look: Look, block: Block) -> str:
    """Return the term that a callout's title names, or ""; in brackets behind its kind it may be longer."""
    _, name = _titled(look, block)
    title = named(block.text)
    if 0 <= name.find(")") < name.find("("):
        return ""
    long = size(name) > TERM_LIMIT and f"({name})" in title and is_term(plain(title).rstrip(".:： "), look.phrases)
    return name if long or is_term(plain(name), look.phrases) else ""


def _titled(look: Look, block: Block) -> tuple[str, str]:
    """Return the kind of statement that a callout's title says, lower case, or "", and what it names besides."""
    phrases, title = look.phrases, named(block.text)
    found = _TITLE.fullmatch(title)
    kind = found["kind"].casefold() if found else ""
    if found is None or kind not in _statement_kinds(phrases):
        return "", title.partition(":")[2].strip() or title.rstrip(":： ")
    definition, behind = kind in _definition_kinds(phrases), found["behind"] or ""
    if found["aside"] and not definition:  # Who found it, as often as its name: `Theorem (Nash, 1951)`.
        return kind, f"{found['kind']} ({found['aside']})"
    if not behind or behind[0] + behind[-1] == "()":
        return kind, (found["aside"] or found["rest"] or behind[1:-1]).strip(".:： ")
    of = phrases.head_ends.match(f" {behind}") if definition else None
    if of:
        bent = phrases.table["bent_terms"]  # `Definition des Graphen`
        return kind, "" if bent else phrases.without_article(f" {behind}"[of.end() :].strip())
    sure = kind in {*phrases.table["definition_kinds"][:1], *_DEFINITIONS}  # No `term structure`.
    return (kind, behind) if found["number"] or sure else ("", title)


@cache
def _statement_kinds(phrases: Phrases) -> frozenset[str]:
    """Return the words for definitions and for results (theorem, lemma, law)."""
    return phrases.words("definition_kinds") | phrases.words("results") | _RESULT_KINDS


@cache
def _definition_kinds(phrases: Phrases) -> frozenset[str]:
    return phrases.words("definition_kinds") | _DEFINITIONS


def defines(look: Look, block: Block) -> bool:
    """Tell whether a callout says by its kind or title that it is a definition."""
    return not _definition_kinds(look.phrases).isdisjoint((block.info, _titled(look, block)[0]))


def may_define(look: Look, block: Block) -> bool:
    """Tell whether a callout may define: by its kind or title, or one of the many kinds whose text opens so."""
    phrases = look.phrases
    kinds = phrases.words("definition_kinds")
    title = plain(block.text).casefold()
    if any(title.startswith(kind) for kind in kinds) or is_statement(look, block):
        return True
    if block.info in kinds:
        return True
    found = read_definition(phrases, block.children[0].text)
    # A kind of the author's own may be the name of what the callout defines.
    return found is not None and (block.info in OPEN_KINDS or block.info == plain(found.term).casefold())
