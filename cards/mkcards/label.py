"""What a label is, and why one can't be asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import median

from mkcards.announcing import announces, names_following, names_kinds, opens_with_following
from mkcards.contradictions import choices, contradiction
from mkcards.data import Block
from mkcards.examples import ends_as_example, in_example
from mkcards.material import are_sides, is_subject, item_text
from mkcards.persons import about_persons, opens_with_person
from mkcards.phrase_tables import NEUTRAL
from mkcards.phrasing import Phrases, is_cjk, size
from mkcards.pointing import leans_back
from mkcards.rule import Look, Place
from mkcards.statement_labels import is_numbered, statement
from mkcards.syntax.inline import plain, whole
from mkcards.terms import head_of
from mkcards.unfinished import breaks_off
from mkcards.word_lists import QUESTION_MARKS, WORD_OR_NUMBER, inside_marks, words_of
from mkcards.yes_or_no import yes_or_no

NAME_LIMIT = 10
"""A longer label stands in the context of an item's card instead of in its prompt."""
LABEL_LIMIT = 40
"""Longest label, in words."""
LEAD_LIMIT = 20
"""Longer sentences in front of a label, in words, stay out of the question."""
OTHERS_REACH = 4
"""Within so many words stands what says that the things that there are are those left of others."""
REMARK_WORDS = 8
"""Items of so many words, in the middle, are remarks rather than names of things."""
MANY = 6
"""Of so many items or more those of so many words are remarks, too, which nobody would know one and all."""
LOOSE_WORDS = 5
"""The same for a list of two, which nobody could know to be complete, and below a plural, which asks for names."""
LEANS = "the label leans on what stands before it"
_ADDRESS = re.compile(r"https?://|\bwww\.")
_FORMULA = re.compile(r"\$[^$]*\$")
_ASIDE = re.compile(r"\([^()]*\)")
_ARROW = re.compile(r"\\(?:iff|implies|[A-Za-z]*arrow)(?![a-z])")
"""A formula with one says that something follows, and a list may say what."""
_LISTING = re.compile(r",\s|、")


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """The line that says what a list is.

    `form` is `bold`, `italic`, `colon`, `question`, `sentence`, `heading`, `callout` or `item`; `text` is Markdown
    for a question, `lead` what stands before it in its paragraph.
    """

    text: str
    form: str
    line: int
    lead: str = ""

    @property
    def plain(self) -> str:
        """The label as plain text."""
        return plain(self.text)


def conjuncts(phrases: Phrases, shown: str) -> list[str]:
    """Return the nouns that a heading joins (`Pros and cons`), without what follows an `of` or `in`."""
    head = phrases.head_ends.split(shown, maxsplit=1)[0]
    return [part for part in _joints(phrases).split(head) if part.strip(" -")] or [shown]


@cache
def _joints(phrases: Phrases) -> re.Pattern[str]:
    words = "|".join(map(re.escape, phrases.table["and"])) or "(?!)"
    return re.compile(rf"\s*(?:\b(?:{words})\b|&|/|、)\s*")


def asks_nothing(look: Look, label: Label, place: Place) -> str:
    """Return why a label can't be asked about, or ""."""
    phrases, shown = look.phrases, label.plain.strip(" .…")
    if _is_empty(phrases, shown.casefold()) or phrases.is_empty_question(shown) or is_numbered(phrases, shown):
        return "the label asks nothing"
    if size(shown) > LABEL_LIMIT:
        return "the label is too long"
    if not any(c.isalpha() for c in shown):
        return "the label has no words"
    worded = any(c.isalpha() for c in _FORMULA.sub("", label.text))
    if not (worded or label.lead) and ("=" in label.text or not _ARROW.search(label.text)):
        return "the label is a formula, on which the list goes on"
    if _ADDRESS.search(shown):
        return "the label is an address"
    if label.text.count("$$") % 2:
        return "the label breaks off inside a formula"
    if label.text.rstrip(" :：").endswith("$$") and phrases.starts_with(shown, "supposing"):
        return "the label only sets up an example"
    return (
        yes_or_no(phrases, shown, place.block.children)
        or (choices(place.block.children) if phrases.starts_with(shown, "question_words") else "")
        or _several(phrases, label, shown, place.block.children)
        or statement(phrases, shown, place.block)
        or _example(look, label, shown, place)
        or _no_subject(look, label, shown, place)
        or _half(phrases, label, shown, len(place.block.children))
        or contradiction(phrases, shown, place.block.children)
        or _subject(phrases, label, shown, place.block)
        or _topic(phrases, label, shown, place.block)
    )


def _several(phrases: Phrases, label: Label, shown: str, items: Sequence[Block]) -> str:
    """Return that a heading names three things or more, which are not the items."""
    named = len(conjuncts(phrases, _LISTING.sub(" & ", shown))) if label.form == "heading" else 0
    several = named > 2 and named != len(items)
    return "the heading names several things, the list is not of one of them" if several else ""


def _subject(phrases: Phrases, label: Label, shown: str, block: Block) -> str:
    """Return that a plural is what its items are about: one is a sentence that has it for its subject."""
    noun, half = phrases.head(shown).casefold(), asks(phrases, label) or breaks_off(phrases, shown)
    if half or block.ordered or not phrases.is_plural(noun) or phrases.is_clause(shown) or are_sides(shown, block):
        return ""
    return "it is a topic over remarks on it" if is_subject(phrases, noun, block) else ""


def _topic(phrases: Phrases, label: Label, shown: str, block: Block) -> str:
    """Return that a label only names a topic: neither a kind nor a number of things, over long loose remarks."""
    asked = asks(phrases, label) or phrases.is_clause(shown) or breaks_off(phrases, shown)
    counted = names_following(phrases, shown) or names_kinds(phrases, shown) or phrases.count(shown) is not None
    named = counted or phrases.noun_in(shown, "list_nouns", "singular_nouns")
    if asked or named or block.ordered or label.lead or "$" in label.text or are_sides(shown, block):
        return ""
    texts = [item_text(item) for item in block.children]
    plural = phrases.is_plural(phrases.head(shown).casefold())
    nested = all(any(child.kind == "list" for child in item.children) for item in block.children)
    marked = plural and all(whole(text, ("strong", "code")) for text in texts)
    if nested and not marked and phrases.code != NEUTRAL:  # Whose kinds of things aren't known.
        return "it is a topic over an outline"
    least = MANY if len(texts) >= MANY else REMARK_WORDS
    long = median(map(size, map(plain, texts))) >= (LOOSE_WORDS if plural or len(texts) == 2 else least)
    headed = any(map(head_of, texts)) or (plural and all(head_of(text, unmarked=True) for text in texts))
    return "it is a topic over loose remarks" if long and not headed else ""


def _is_empty(phrases: Phrases, low: str) -> bool:
    """Tell whether a label, lower case, is one of those that ask nothing, alone or beside others."""
    empty = phrases.words("empty_labels") | phrases.words("skip_headings")
    bare = phrases.without_adjectives(low)
    joined = [part.strip() for part in conjuncts(phrases, low)]
    kind, colon, _ = low.partition(": ")
    prefixed = bool(colon) and kind in phrases.words("generic_terms")
    alone = {low, bare, bare.rpartition(": ")[2]} & empty
    return bool(alone) or prefixed or (len(joined) > 1 and empty.issuperset(joined))


def _example(look: Look, label: Label, shown: str, place: Place) -> str:
    phrases = look.phrases
    announced = phrases.starts_with(shown, "example_labels") or phrases.is_example(plain(label.lead))
    if announced or in_example(look, place):
        return "it is an example"
    # `Consider a rope of hemp. Then:`, `Consider the following facts:`
    leads = phrases.ends_in(shown, "continuations") or phrases.mentions(shown, "following")
    if phrases.starts_with(shown, "supposing") and label.form != "question" and not leads:
        return "the label only sets up an example"
    if phrases.starts_with(shown, "posing_verbs") and phrases.mentions(shown, "following"):
        return "it is an exercise"
    chain = any(sign in re.sub(r"\([^()]*\)", "", shown) for sign in ("→", "->", "⇒"))
    return "it is a chain or an example" if chain or ends_as_example(phrases, shown) else ""


def _no_subject(look: Look, label: Label, shown: str, place: Place) -> str:
    phrases, words = look.phrases, WORD_OR_NUMBER.findall(shown.casefold())
    if look.nameless(place):
        return "nothing says what the label is about"
    subject = look.subject(place, shown)
    if not subject and needs_subject(phrases, shown) and not asks(phrases, label):
        return "nothing says what the label is about"
    if size(shown) <= NAME_LIMIT and phrases.mentions(shown, "days"):
        return "it is about one day"
    if phrases.mentions(shown, "first_person"):
        return "it is about the writer"
    leads = _leads(phrases, shown, len(place.block.children))
    personal = about_persons(phrases, shown) or opens_with_person(phrases, shown)
    if personal and not leads and not _everybody_asks(phrases, label, words):
        return "it is about the writer or the reader"
    if phrases.words("question_words").issuperset(words) and not label.lead and _below_question(look, label, place):
        return LEANS
    if not phrases.table["spaced"] and phrases.starts_with(shown, "leaning") and not label.lead:  # `这证明了什么？`
        return LEANS
    pairs = pairwise(words)
    prepositions, pronouns = phrases.words("prepositions"), phrases.words("pronouns")
    pointers = pronouns & phrases.words("referring")
    back = any(link in prepositions and word in pointers for link, word in pairs)
    if phrases.words("pronouns").issuperset(words) or phrases.words("prepositions").issuperset(words):
        return LEANS
    # `The values that the gauge takes are`: behind a noun with its article `that` points to nothing else.
    headed = phrases.starts_with(shown, "definite_articles") and not phrases.ends_in(shown, "relatives")
    own = phrases.words("relatives") if headed else frozenset()
    near = not ((pronouns - own).isdisjoint(words[:3]) and (pointers - own).isdisjoint(words[:4]))
    pointing = label.form != "question" and (back or near)
    return LEANS if "??" in shown or (pointing and not label.lead) else ""


def _below_question(look: Look, label: Label, place: Place) -> bool:
    """Tell whether the heading right above a label asks."""
    above = [heading for heading in place.headings if heading.line != label.line][-1:]
    return any(look.phrases.is_question(plain(heading.text)) for heading in above)


def _everybody_asks(phrases: Phrases, label: Label, words: Sequence[str]) -> bool:
    """Tell whether a question about `we` or `you` is one about the subject (`Why do we splice a rope?`)."""
    if label.form != "question" or not phrases.starts_with(label.plain, "question_words"):
        return False
    return not any(word in phrases.words(key) for key in ("pronouns", "referring", "quantifiers") for word in words)


def _half(phrases: Phrases, label: Label, shown: str, items: int) -> str:
    if label.form != "question" and shown.casefold() in phrases.words("connectives"):
        return "the label is a half sentence"
    if asks(phrases, label):
        return ""
    if leans_back(phrases, shown) and not label.lead:
        return LEANS
    concludes = phrases.ends_in(shown, "continuations") and not phrases.ends_in(shown, "and")
    conditional = phrases.starts_with(shown, "connectives")
    goes_on = phrases.starts_with(shown, "continuations") or (concludes and not conditional)
    bare = phrases.without_article(shown)
    kind = phrases.behind(bare, "others")
    others = kind != bare and " " not in kind and not label.lead  # `Other uses`
    there, words = phrases.existing(shown), words_of(shown)  # `There are many other uses`; not `… that hold`
    more = there != shown and not phrases.words("others").isdisjoint(words_of(there)[:OTHERS_REACH])
    more = more and phrases.relative_pronouns.isdisjoint(words)
    others = others or (more and not label.lead)
    if goes_on or others or phrases.mentions(shown, "preceding"):
        return LEANS
    leads = _leads(phrases, shown, items)
    if phrases.starts_with(shown, "question_verbs") and not leads:
        return "the label has no subject"
    joined = phrases.starts_with(shown, "relatives")
    relative = bool(joined) and joined not in phrases.words("question_words") | phrases.words("prepositions")
    main = _ASIDE.sub("", shown).partition(", ")[2]  # `Because ropes stretch, a mooring has some slack`
    whole_one = phrases.is_clause(main) and not phrases.starts_with(main, "connectives", "relatives")
    half = relative or (phrases.starts_with(shown, "connectives") and not (leads or whole_one))
    return "the label is a half sentence" if half else ""


def names(phrases: Phrases, label: Label) -> bool:
    """Tell whether a label is a short name, so that `Label: term?` reads as a question about the term."""
    shown = label.plain
    asked = asks(phrases, label) or phrases.starts_with(shown, "leaning")
    open_end = phrases.is_clause(shown) or breaks_off(phrases, shown)
    return size(shown) <= NAME_LIMIT and not asked and not open_end


def asks(phrases: Phrases, label: Label) -> bool:
    """Tell whether a label asks: by its mark, or its first word, which alone may join a clause in running text."""
    shown = label.plain
    if shown.endswith(QUESTION_MARKS):
        return True
    opening = phrases.starts_with(shown, "question_words")
    if not opening or inside_marks(shown) != shown:
        return False
    following = phrases.behind(shown, "question_words").split()[:1]
    if label.form not in {"colon", "sentence"} or opening.endswith(("'s", "’s")):
        return True
    return bool(following) and following[0].casefold() in phrases.words("question_verbs") | {"to"}


def needs_subject(phrases: Phrases, shown: str) -> bool:
    """Tell whether a label says what is asked only together with what it is about."""
    if phrases.starts_with(shown, "quantifiers") or opens_with_following(phrases, shown):
        return True
    if phrases.starts_with(shown, "prepositions") and len(shown.split()) < 5:
        return True
    there, number = phrases.existing(shown), phrases.words("number_words")
    words = [word for word in there.casefold().split() if not (word.isdecimal() or word in number)] or [there]
    # Without articles and prepositions a second noun says of what (`признаки мачты`).
    of_what = phrases.table["head_first"] and not phrases.table["articles"] and words[0] in phrases.words("list_nouns")
    short = phrases.table["spaced"] and len(words) < (2 if of_what else 3)
    if short and phrases.noun_in(there, "list_nouns"):
        return True
    if phrases.table["spaced"] and " " not in phrases.without_adjectives(there):
        return True
    return is_cjk(shown) and len(shown) <= 4


def _leads(phrases: Phrases, shown: str, items: int) -> bool:
    """Tell whether a sentence leads to the items below it, which complete it or are announced by it."""
    return breaks_off(phrases, shown) or announces(phrases, shown, items)
