"""A list whose first item says what the line or item above it names (`Bollard` over `A post that …`)."""

from __future__ import annotations

from functools import lru_cache

from mkcards.answers import fits, unwrapped
from mkcards.data import Block
from mkcards.defined_above import bare_name, defines, names_one
from mkcards.examples import in_example
from mkcards.headed_lines import RUN, SHARE, mostly_terms
from mkcards.heading_gloss import MOST_POINTS, Gloss, acts_alone, glosses, has_parallels, has_subject
from mkcards.material import NAME_WORDS, is_material, item_text
from mkcards.persons import addresses
from mkcards.phrasing import Phrases, size
from mkcards.predicate import RELATIVE_REACH
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain, whole
from mkcards.word_lists import COLONS, any_of, words_of


def listed_gloss(look: Look, place: Place) -> Gloss | None:
    """Return what the first item of a list says of the term on the line or item above it, with the other items."""
    phrases, items, above = look.phrases, place.block.children, place.before()
    if above is None or above.kind != "paragraph" or "\n" in above.text or len(items) > MOST_POINTS:
        return None
    single, bold, first = len(items) == 1, whole(above.text), plain(item_text(items[0]))
    named = "" if single else bold or (above.text if above.text.endswith(COLONS) else "")
    # The one item below a bold line is what term-line asks for.
    alike = not (single and bold) and _is_one_of_names(phrases, place)
    # Most lists go on about something else, and to see that so is quick.
    article = phrases.starts_with(first, "articles")
    opens = (named or alike) and phrases.table["plain_glosses"] if article else alike
    if place.block.ordered or not (first and opens) or (alike and mostly_terms(place.block)):
        return None
    term = bare_name(named or above.text)
    if not names_one(look, term):
        return None
    shown = plain(term)
    first = first[: phrases.sentences(first)[0][1]].strip()
    sure = article or single or _is_set_apart(phrases, first)
    says = bool(sure) and glosses(phrases, first, bare=alike, stated=False)
    acts = alike and not says and acts_alone(phrases, first)
    if not (says or acts) or has_subject(phrases, shown, first):
        return None
    fit = defines(phrases, term, first)
    personal = any(addresses(phrases, plain(item_text(item))) for item in items)
    unfit = personal or in_example(look, place) or has_parallels(phrases, place.block)
    unfit = unfit or not (single or is_material(items, phrases))
    if unfit or not fit:
        return None
    answer = unwrapped([place.block])
    return Gloss(term, answer, "", (), acts) if fits(answer) else None


def is_one_of_pairs(phrases: Phrases, place: Place) -> bool:
    """Tell whether a paragraph opens an item of a list that goes on so: each is a name over a list of one item."""
    item = place.parent
    if place.index or item is None or item.block.kind != "item" or item.parent is None:
        return False
    return _are_pairs(phrases, item.parent.block)


@lru_cache(maxsize=64)
def _are_pairs(phrases: Phrases, listed: Block) -> bool:
    items = listed.children
    pairs = len(items) >= RUN and all(_is_name(phrases, one) and len(one.children[1].children) == 1 for one in items)
    return pairs and not any(mostly_terms(one.children[1]) for one in items)  # `Use: a pull along the post`


def _is_set_apart(phrases: Phrases, text: str) -> bool:
    """Tell whether a relative clause stands among the first words of a text, so that it is no point beside others."""
    relatives = phrases.relative_pronouns
    return not relatives.isdisjoint(words_of(text)[:RELATIVE_REACH])


def _is_one_of_names(phrases: Phrases, place: Place) -> bool:
    """Tell whether a list stands below an item that is a name alone, as most items beside it are."""
    item = place.parent
    if item is None or item.block.kind != "item" or item.parent is None or len(item.block.children) > 2:
        return False
    return _are_explained(phrases, item.parent.block)


@lru_cache(maxsize=64)
def _are_explained(phrases: Phrases, listed: Block) -> bool:
    """Tell whether most items of a list, and two at least, are names over a list."""
    names = sum(_is_name(phrases, item) for item in listed.children)
    return names > 1 and names >= SHARE * len(listed.children)


def _is_name(phrases: Phrases, item: Block) -> bool:
    """Tell whether an item is a few words over a list, and no statement, verb or adjective."""
    if [block.kind for block in item.children] != ["paragraph", "list"]:
        return False
    name = plain(item.children[0].text)
    tells = phrases.no_definition.match(name) or any_of(tuple(phrases.table["acts"])).match(name)
    return size(name) <= NAME_WORDS and "\n" not in name and not (tells or phrases.is_clause(name))
