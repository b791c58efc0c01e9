"""A heading `Definition: term`, `Definition` or `Theorem: name`, below which stands what that means or states."""

from __future__ import annotations

import re
from itertools import dropwhile, pairwise, takewhile

from mkcards.answers import below_heading, fits
from mkcards.data import Block
from mkcards.defined_above import bare_name, defines, is_name, term_above, word_stems
from mkcards.examples import in_example
from mkcards.headed_lines import mostly_terms
from mkcards.material import STEM
from mkcards.phrasing import Phrases
from mkcards.rule import Look, Place
from mkcards.syntax.inline import named, plain, prose
from mkcards.syntax.markdown import to_markdown
from mkcards.term_prompt import as_named
from mkcards.terms import head_of, is_term, names_result
from mkcards.word_lists import WORD_OR_NUMBER

NAMES = 3
"""A heading that names more terms is none that one card asks for."""
_COLON = re.compile(r"[:：]|\s[|–—-]\s")
_CALLED = re.compile(r"(?P<kind>[^\W\d_]+)\.?\s*(?:\d+(?:\.\d+)*\.?)?\s*[(（](?P<name>.+)[)）][.:：]?")
_ASIDE = re.compile(r"\([^()]*\)")
_COMMA = re.compile("[,，、]")
_TEXT = frozenset({"paragraph", "math", "list", "quote"})
"""What a definition is written in; code would be that of a diagram."""
_PART = re.compile(r"\(?(?:[b-h]|i{1,3}|iv|v|[2-9])[.)]\s")
"""What opens a further part of a statement (`(b) …`)."""
_ENDS = (".", "。", "$")
_SHOWN = frozenset({"code", "table"})
"""What stands right below the text that leads to it."""


def listed_terms(phrases: Phrases, heading: str, key: str) -> tuple[str, list[str]]:
    """Return the word of the list `key` that a heading begins with, and the terms behind it (`Definition: warp, weft`).

    They may stand in brackets (`Definition 3 (Warp)`). "" and none when it begins with no such word.
    """
    called = _CALLED.fullmatch(heading)
    called = called if called and not phrases.starts_with(called["name"], "prepositions") else None
    kinds, *rest = called.groups() if called else _COLON.split(heading, maxsplit=1)
    said = (kind.strip(" .0123456789") for kind in _COMMA.split(_ASIDE.sub("", kinds)))
    kind = next((kind for kind in said if kind.casefold() in phrases.words(key)), "")
    if not rest or not kind:
        return "", []
    return kind, [name.strip(" .。") for name in _COMMA.split(rest[0]) if name.strip(" .。")]


def defined_below(look: Look, place: Place) -> tuple[list[str], str, tuple[Block, ...]] | None:
    """Return the terms that a heading defines, the text below it as Markdown and its blocks, or None.

    None, too, where another rule found the definition in that text.
    """
    _, terms = listed_terms(look.phrases, named(place.block.text), "definition_words")
    if len(terms) > NAMES or not all(is_term(plain(term), look.phrases) for term in terms):
        return None
    answer, used = _written_below(look, place) if terms else ("", ())
    if answer and all(_is_named(term, terms[0], answer) for term in terms[1:]):
        return terms, answer, used
    return _spoken_of(look, place, terms or _term_of(look, place))


def _spoken_of(look: Look, place: Place, terms: list[str]) -> tuple[list[str], str, tuple[Block, ...]] | None:
    """Return terms with what the opening of a section below their heading says of them, and its blocks, or None.

    The text has to speak of all of them, since the heading may be of a part (`Definition` above a whole section).
    """
    answer, used = _opening(look, place) if terms else ("", ())
    if not answer:
        return None
    cores = (look.phrases.head_ends.split(plain(term), maxsplit=1)[0] for term in terms)
    words = {stem for core in cores for stem in word_stems(look.phrases.without_article(core))}
    speaks = words <= set(word_stems(plain(answer)))
    return (terms, answer, used) if speaks and defines(look.phrases, terms[0], answer) else None


def _opening(look: Look, place: Place) -> tuple[str, tuple[Block, ...]]:
    """Return the statement with which the section below a heading opens, as Markdown, and its blocks; "" if none does.

    It fits a screen.
    """
    below = list(dropwhile(lambda block: block.kind == "rule", place.following()))
    opens = bool(below) and below[0].kind == "paragraph" and _opens(look, below[0]) and head_of(below[0].text) is None
    if not opens or in_example(look, place):
        return "", ()
    used = _statement(look.phrases, tuple(takewhile(lambda block: block.kind in _TEXT and look.free(block), below)))
    answer, after = to_markdown(used), below[len(used) : len(used) + 1]
    # `Then` leads to a list that another rule asks for, and a text to what is drawn below it.
    leads = any(block.kind in _SHOWN or (block.kind != "heading" and not answer.endswith(_ENDS)) for block in after)
    return (answer, used) if fits(answer) and not leads else ("", ())


def _term_of(look: Look, place: Place) -> list[str]:
    """Return the term of a heading `Definition of a term` or `Term definition`, or that above a lone `Definition`."""
    phrases, words = look.phrases, look.phrases.words("definition_words")
    name = bare_name(place.block.text)
    low = _ASIDE.sub("", plain(name).casefold()).strip()  # `Definition (for ropes)`
    if low in words:
        beside = (one.block.text for one in look.of("heading") if one.headings == place.headings)
        lone = sum(plain(bare_name(one)).casefold() in words for one in beside) == 1
        above = term_above(look, place) if lone else ""
        return [above] if above else []
    behind = phrases.behind(name, "definition_words")
    of = phrases.head_ends.match(f" {behind}") if behind != name else None
    if of and not phrases.table["bent_terms"]:
        term = f" {behind}"[of.end() :].strip()
    else:
        ahead, _, last = name.rpartition(" ")
        term = ahead if plain(last).casefold() in words and not phrases.table["head_first"] else ""
    return [term] if is_name(look, term) else []


def stated_below(look: Look, place: Place) -> tuple[str, str, str, tuple[Block, ...]] | None:
    """Return the question for what a heading names (`Theorem: the two tides`), its name, and what stands below it.

    That is the statement as Markdown, and its blocks. None when the heading names no theorem or the like.
    """
    phrases = look.phrases
    kind, names = listed_terms(phrases, named(place.block.text), "statements")
    if len(names) != 1 or not is_term(plain(names[0]), phrases) or phrases.is_clause(plain(names[0])):
        return None
    used = _statement(phrases, _written_below(look, place)[1]) or _opening(look, place)[1]
    if not used or any(block.kind == "list" and mostly_terms(block) for block in used):
        return None
    told = names_result(phrases, plain(names[0]))
    if told:
        question = phrases.ask("what_states", term=as_named(phrases, _with_article(phrases, names[0])))
    else:
        question = phrases.ask("head", label=kind[0].upper() + kind[1:], term=as_named(phrases, names[0]))
    return question, names[0], to_markdown(used), used


def _with_article(phrases: Phrases, name: str) -> str:
    """Return the name of a theorem with its article, where a language has one for all; `Euler's theorem` has none."""
    articles = phrases.table["definite_articles"]
    whose = any(mark in name for mark in "'’$")
    return name if whose or len(articles) != 1 or phrases.starts_with(name, "articles") else f"{articles[0]} {name}"


def _statement(phrases: Phrases, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the first of several blocks that make up a statement: what follows its full stop is said about it."""
    for at, (block, following) in enumerate(pairwise(blocks)):
        goes_on = phrases.starts_with(plain(following.text), "continuations") or following.kind != "paragraph"
        goes_on = goes_on or _PART.match(following.text) is not None
        opens = bool(phrases.starts_with(plain(block.text), "connectives"))  # `Suppose that …`
        opens = opens and len(phrases.sentences(prose(block.text))) == 1
        if block.kind == "paragraph" and block.text.rstrip().endswith((".", ".$$")) and not (goes_on or opens):
            return blocks[: at + 1]
    return blocks


def _written_below(look: Look, place: Place) -> tuple[str, tuple[Block, ...]]:
    """Return what is written below a heading that says what that is, as Markdown, and its blocks; "" if nothing is."""
    below = next(place.following(), None)
    if below is None or not _opens(look, below) or in_example(look, place):
        return "", ()
    answer, used = below_heading(look, place)
    return (answer, used) if all(block.kind in _TEXT for block in used) else ("", ())


def _opens(look: Look, block: Block) -> bool:
    """Tell whether a definition or statement may begin with a block: no example, and nothing that points above."""
    if block.kind not in {"paragraph", "math"} or not look.free(block):
        return False
    opening = plain(block.text)
    return not (look.phrases.starts_with(opening, "example_labels") or look.phrases.mentions(opening, "preceding"))


def _is_named(term: str, first: str, text: str) -> bool:
    """Tell whether a text has a word of a term, in some form, if the term has words that the first one has not."""
    others = [word[:STEM].casefold() for word in WORD_OR_NUMBER.findall(term) if len(word) >= STEM]
    own = [stem for stem in others if stem not in first.casefold()]
    return not own or any(stem in text.casefold() for stem in own)
