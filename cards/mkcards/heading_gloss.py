"""Words without a verb below a heading or title that is a term, which say what that is (`A bridge that opens`)."""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile

from msgspec import Struct

from mkcards.answers import completed
from mkcards.clauses import sentences
from mkcards.data import Block
from mkcards.defined_above import defines, says_definition, term_above
from mkcards.examples import in_example
from mkcards.headed_lines import mostly_terms
from mkcards.links import is_bare_link, is_pictures, leads_away
from mkcards.material import item_text
from mkcards.patterns import ends_in_condition
from mkcards.phrasing import Phrases, size
from mkcards.predicate import KIND_WORDS, has_second_verb, is_sentence, speaks_of_itself, tells_when
from mkcards.rule import Look, Place
from mkcards.syntax.inline import Shown, plain, show, whole
from mkcards.terms import head_of
from mkcards.unfinished import breaks_off
from mkcards.word_lists import COLONS, QUESTION_MARKS, WORD_OR_NUMBER, any_of

GLOSS_WORDS = 40
"""Of a longer text the first sentence glosses, if any does, and the rest goes on about its heading."""
MOST_POINTS = 5
"""A longer list below a term is a section about it."""
BARE_WORDS = 15
"""Without an article a longer text is a sentence whose verb is not seen to be one."""
ACTING_WORDS = 25
"""A predicate without its subject may be longer, since its verb shows what it is."""
OPENING_WORDS = 4
"""The words with which a text opens: among them stands its subject, or that it is an example."""
LINE = 60
"""A shorter line that ends without a stop is a line of its own, not one of a wrapped paragraph."""
_NOT_ACTING = ("prepositions", "connectives", "relatives", "continuations", "quantifiers", "existentials", "supposing")
_NO_GLOSS = (
    *("connectives", "quantifiers", "opening_verbs", "prepositions", "relatives", "question_words"),
    "definition_words",  # `Definition of the keel and its parts` says what the note has.
)
_ASIDE = re.compile(r" \([^()]*\)")
_PICTURE = re.compile(r"!\[")
_FORMULA = re.compile(r"\$\$[^$]+\$\$")


class Gloss(Struct, frozen=True):
    """A term, what says what it is or, if it `acts`, does, and what is said besides; all Markdown."""

    term: str
    text: str
    rest: str
    below: tuple[Block, ...]
    """The blocks below the paragraph that belong to the text."""
    acts: bool


def gloss(look: Look, place: Place) -> Gloss | None:
    """Return what a paragraph that opens its section or its note glosses, or None."""
    phrases, text = look.phrases, said(look, place)
    stated = text[:1].isalpha() and bool(phrases.starts_with(text, "bare_copulas"))
    says_so = bool(place.headings) and says_definition(phrases, place.headings[-1])
    listed = place.around("list")
    if listed is None:
        brief = "\n" not in text and size(text.partition(". ")[0]) <= BARE_WORDS
        short = brief and size(text) <= BARE_WORDS and (text.endswith(".") or _is_line(look, place, text))
        bare = says_so or short or _is_alone(place)
        brief = brief or bare
        closed = bare or text.endswith((".", "。", "$$", *COLONS))
    else:
        parallel = has_parallels(phrases, listed.block)
        bare, brief = says_so or len(listed.block.children) == 1, not parallel
        closed = not listed.block.ordered and (stated or not parallel)
    if not phrases.table["glossing"] or not closed:
        return None
    # With its article a noun may be the subject of a sentence as well.
    opening = phrases.starts_with(text, "articles", "occurring")
    loose = phrases.table["plain_glosses"] and (bare or opening in phrases.words("articles"))
    may = stated or says_so or loose or (brief and not opening)
    # Most paragraphs gloss nothing, and to see that so is quick.
    opened = opening_sentence(look, place, text) if may else None
    if opened is None:
        return None
    term, shown, end = opened
    first = shown.text[:end].strip()
    if listed is not None and not bare and phrases.noun_in(plain(term), "list_nouns"):
        return None  # What such a list holds are the `Properties of …` themselves.
    if stated and speaks_of_itself(phrases, first):
        return None
    first = phrases.behind(first, "bare_copulas") if stated else first
    says = glosses(phrases, first, bare=bare, stated=stated)
    acts = brief and not (stated or says) and acts_alone(phrases, first)
    if not (says or acts) or (not stated and has_subject(phrases, plain(term), first)):
        return None
    if not defines(phrases, term, first.rstrip(":： ")) or ends_in_condition(phrases, first.partition(":")[0]):
        return None
    return with_rest(look, place, term, shown, end, acts=acts)


def opening_sentence(look: Look, place: Place, text: str) -> tuple[str, Shown, int] | None:
    """Return the term above a text that may go on about it, what the text shows, and where its first sentence ends."""
    term = term_above(look, place, text) if _is_one_paragraph(text) else ""
    if not term or leads_away(text) or is_bare_link(text) or in_example(look, place):
        return None
    shown = show(text)
    return (term, shown, sentences(look.phrases, shown)[0][1]) if shown.text.strip() else None


def with_rest(look: Look, place: Place, term: str, shown: Shown, end: int, *, acts: bool) -> Gloss | None:
    """Return a gloss that is a whole paragraph with what it leads to, or its first sentence and the rest beside it.

    None when neither is whole.
    """
    first = shown.text[:end].strip()
    found = _finished(look, place, shown.source, first) if size(shown.text) <= GLOSS_WORDS else None
    if found is not None:
        return Gloss(term, found[0], "", found[1], acts)
    rest = shown.markdown(end, len(shown.text)).strip()
    if not rest or first.endswith(COLONS):
        return None
    return Gloss(term, shown.markdown(0, end).strip(), "" if rest.endswith(COLONS) else rest, (), acts)


def has_parallels(phrases: Phrases, block: Block) -> bool:
    """Tell whether the items of a list are several things: the first and another open as one of a kind (`A rope`)."""
    first, *others = (phrases.starts_with(plain(item_text(item)), "articles") for item in block.children)
    return bool(first) and first not in phrases.words("definite_articles") and first in others


def acts_alone(phrases: Phrases, text: str) -> bool:
    """Tell whether a text is a predicate without its subject, which stands above (`Joins the two ends of a rope`)."""
    fewest = KIND_WORDS + (not text.endswith("."))
    if not fewest <= size(text) <= ACTING_WORDS or phrases.mentions(text, "first_person"):
        return False
    object_ = text.partition(", ")[0].partition(" ")[2]
    if phrases.starts_with(text, *_NOT_ACTING):
        return False
    verbal = any_of(tuple(phrases.table["acting_glosses"])).match(text)
    return bool(verbal) and not (phrases.is_clause(object_) or is_sentence(phrases, object_))


def said(look: Look, place: Place) -> str:
    """Return a paragraph without pictures on lines of their own that end it, a line without the label below it."""
    lines, below = place.block.text.split("\n"), place.after()[:1]
    while len(lines) > 1 and is_pictures(lines[-1]):
        lines.pop()
    listed = len(lines) == 2 and bool(below) and below[0].kind == "list"
    if listed and (whole(lines[1]) or lines[1].endswith(COLONS)):
        lines.pop()
    return "\n".join(lines).rstrip(" \\")


def _finished(look: Look, place: Place, text: str, first: str) -> tuple[str, tuple[Block, ...]] | None:
    """Return a gloss with what it leads to, and the blocks of that; None when it breaks off."""
    if _FORMULA.fullmatch(text.rpartition("\n")[2]):
        return text, ()
    found = completed(look, place, text)
    if found is None or (first.endswith(COLONS) and not found[1]):
        return None
    taken = any(not look.free(block) or (block.kind == "list" and mostly_terms(block)) for block in found[1])
    return None if taken else found


def _is_one_paragraph(text: str) -> bool:
    """Tell whether a text is one paragraph rather than a picture, terms or several lines of their own."""
    lines = text.split("\n")
    own = len(lines) > 1 and len(lines[0]) < LINE and not (lines[0].endswith(".") or _FORMULA.fullmatch(lines[1]))
    return not (own or _PICTURE.search(text) or any(head_of(line, unmarked=True) for line in lines))


def _is_alone(place: Place) -> bool:
    """Tell whether nothing follows a paragraph in its section, or a picture of what it says."""
    after = place.after()[:1]
    return not after or after[0].kind in {"heading", "rule"} or _PICTURE.match(after[0].text) is not None


def _is_line(look: Look, place: Place, text: str) -> bool:
    """Tell whether a line without a full stop is no caption of a picture below it and no label of a list."""
    after = place.after()[:1]
    first = place.block.line
    labels = after and after[0] in look.asked and look.asked[after[0]].line in {first, first + text.count("\n")}
    ends = not (text.endswith(COLONS) or breaks_off(look.phrases, plain(text)))
    return ends and not (labels or (after and _PICTURE.match(after[0].text)))


def glosses(phrases: Phrases, text: str, *, bare: bool, stated: bool) -> bool:
    """Tell whether a text is a kind and what sets one apart: with an article, `bare` without one, or behind a verb."""
    if not KIND_WORDS <= size(text) <= GLOSS_WORDS or not text[:1].isalpha() or text.endswith((*QUESTION_MARKS, "!")):
        return False
    if phrases.starts_with(text, "occurring"):
        return tells_when(phrases, text)
    opens = phrases.starts_with(text, *_NO_GLOSS)
    if opens or phrases.mentions(text, "first_person") or _is_example(phrases, text):
        return False
    kind = phrases.without_article(text)
    alone = kind == text and not stated
    # Where the noun comes first, a subject has its article, and a text without one is no sentence.
    indefinite = _indefinite_article(phrases) if alone and phrases.table["head_first"] else ""
    sure = bool(indefinite)
    read = f"{indefinite} {text[0].lower()}{text[1:]}" if sure else text
    if phrases.no_definition.match(read) or is_sentence(phrases, text):
        return False
    if not stated and has_second_verb(phrases, text):
        return False
    if any(naming.search(text) for naming in phrases.naming):
        return False
    if phrases.commands(text) or (alone and (not bare or size(text) > (GLOSS_WORDS if sure else BARE_WORDS))):
        return False
    kind = _ASIDE.sub("", kind)
    forms = phrases.table["bare_glossing" if alone else "glossing"]
    if stated:
        forms = [*forms, *phrases.table["bare_glossing"]]
    found, first = any_of(tuple(forms)).match(kind), kind.partition(", ")[0]
    # Where no word of its own opens a relative clause, a comma does.
    told = alone and phrases.table["spaced"] and not phrases.words("relatives")
    if found is None or (told and phrases.is_clause(first)):
        return False
    # Behind a comma a stated kind goes on with more of it (`It is a rope of hemp, it was made in 1890`).
    main = first if stated else kind
    return not phrases.is_clause(found.group() if sure else _main(phrases, main, found.group()))


@cache
def _indefinite_article(phrases: Phrases) -> str:
    return next((one for one in phrases.table["articles"] if one not in phrases.words("definite_articles")), "")


def _main(phrases: Phrases, text: str, opening: str) -> str:
    """Return a text without its relative clause, or its opening noun where no word of its own shows that."""
    relatives = phrases.relative_pronouns
    if not relatives:
        return opening.rpartition(" ")[0]
    return " ".join(takewhile(lambda word: word.casefold() not in relatives, text.split()))


def _is_example(phrases: Phrases, text: str) -> bool:
    """Tell whether a text is one of several things of its kind (`A relevant example of`)."""
    words = {word.casefold() for word in WORD_OR_NUMBER.findall(text)[:OPENING_WORDS]}
    return not phrases.words("example_labels").isdisjoint(words)


def has_subject(phrases: Phrases, term: str, text: str) -> bool:
    """Tell whether a text has its heading's words for its subject, as a sentence has (`The tide table lists …`).

    A kind is often the noun of what it is a kind of (`Suspension bridge`: `A bridge that …`).
    """
    small = phrases.words("prepositions") | phrases.words("articles")
    words = [word.casefold() for word in WORD_OR_NUMBER.findall(term)]
    noun = phrases.head(term).casefold() if len(words) > 1 else ""
    opening = [word.casefold() for word in WORD_OR_NUMBER.findall(text)[:OPENING_WORDS]]
    return any(word in words and word != noun and word not in small for word in opening)
