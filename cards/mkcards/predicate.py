"""What a predicate says of its subject: what it is, or only something about it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mkcards.persons import about_persons
from mkcards.phrasing import Phrases, size
from mkcards.syntax.inline import plain, spans, without
from mkcards.word_lists import WORD_OR_NUMBER, words_of

ONE_NOUN = 2
"""With so many words besides articles a text says more than of what kind its symbols are."""
RELATION = re.compile(r"[=<>≤≥∈⊂⊆+*/^(\\-]")
"""What a formula has that is more than a symbol."""
_NUMBER = re.compile(r"\d+\s")
RELATIVE_REACH = 8
"""A relative clause that sets its kind apart begins within so many words."""
NOUN_REACH = 4
"""Among so many words stands the noun with which a predicate opens."""
CLAUSE_WORDS = 2
"""The verb of a relative clause stands within so many words behind its pronoun, for sure."""
KIND_WORDS = 4
"""A definition by kind and difference has at least this many words."""


def leads_back(phrases: Phrases, definition: str) -> bool:
    """Tell whether a definition ends in something that stands before it (`a set of this kind`)."""
    *before, last = definition.casefold().split()
    if last in before or last in phrases.words("finite_verbs"):  # `the facts of those facts`, `as long as he can`
        return False
    link, pointing, *_ = [*before[-1:], last, ""] if len(before) < KIND_WORDS else [*before[-2:], last]
    return link in phrases.words("prepositions") and pointing in phrases.words("pronouns") & phrases.words("referring")


def counts_on(phrases: Phrases, definition: str) -> bool:
    """Tell whether a definition ends in a number of things that stand elsewhere (`it satisfies two conditions`)."""
    return phrases.ends_in(definition.rstrip(".。 "), "list_nouns") and phrases.count(definition) is not None


def opens_as_definition(phrases: Phrases, text: str) -> bool:
    """Tell whether a text opens as a definition does (`a bridge that …`), not as a sentence (`The bridge can …`)."""
    if not phrases.starts_with(text, "determiners") or phrases.starts_with(text, "quantifiers"):
        return False
    joining = phrases.words("relatives") | phrases.words("prepositions")
    for word in text.casefold().split():
        if word in joining or word.endswith((",", ";", ":", ".")):
            return True
        if word in phrases.words("finite_verbs"):
            return False
    return True


def sets_apart(phrases: Phrases, text: str) -> bool:
    """Tell whether a text opens with a kind and a relative clause that sets one apart (`a solution that …`)."""
    if not phrases.starts_with(text, "articles") or not opens_as_definition(phrases, text):
        return False
    relatives = phrases.relative_pronouns
    for word in text.casefold().split()[:RELATIVE_REACH]:
        if word in relatives or word in phrases.words("finite_verbs"):
            return word in relatives
    return False


def is_predicate(phrases: Phrases, definition: str, *, strict: bool = True) -> bool:
    """Tell whether a predicate says what its subject is; after `means` and the like nearly anything does."""
    low = definition.casefold()
    if _NUMBER.match(low) or phrases.starts_with(low, "persons"):
        return False
    if not strict:
        return size(definition) > 1 and (low.startswith("that ") or not phrases.starts_with(low, "leaning"))
    if phrases.starts_with(low, "leaning") or phrases.no_definition.match(definition):
        return False
    if phrases.starts_with(low, "connectives"):
        return False
    if phrases.starts_with(low, "prepositions") and not phrases.starts_with(low, "determiners"):
        return False
    return size(definition) > 1


def names_kind(phrases: Phrases, definition: str) -> bool:
    """Tell whether a predicate names a kind and what sets it apart (`a cell that …`), not a property or another name.

    Languages without articles can't be told so.
    """
    if not phrases.table["articles"]:
        return True
    words = definition.casefold().split()
    if len(words) < KIND_WORDS:
        return False
    plural = any(phrases.is_plural(word.strip(",.;")) for word in words[:KIND_WORDS])
    if words[0] not in phrases.words("articles") and words[1] in phrases.words("articles"):  # `essentially a rope`
        return True
    return plural or _is_substance(phrases, words) or bool(phrases.starts_with(definition, "articles", "determiners"))


def _is_substance(phrases: Phrases, words: Sequence[str]) -> bool:
    """Tell whether a noun without an article is set apart by a relative clause (`storage that is kept dry`)."""
    verbs = phrases.words("copulas") | phrases.words("modals")
    return words[1] in phrases.relative_pronouns and words[2] in verbs


def only_symbols(phrases: Phrases, text: str) -> bool:
    """Tell whether a text only gives the symbols of a thing that stands elsewhere (`the points $P$ and $Q$`)."""
    formulas = [text[span.inner_start : span.inner_end] for span in spans(text) if span.kind == "math"]
    bare = phrases.behind(plain(without(text, {"math"})), "copulas")
    if not formulas or any(map(RELATION.search, formulas)) or not phrases.starts_with(bare, "definite_articles"):
        return False
    small = phrases.words("articles") | phrases.words("and")
    return len([word for word in words_of(bare) if word not in small]) < ONE_NOUN


def speaks_of_itself(phrases: Phrases, text: str) -> bool:
    """Tell whether `This is …` speaks of what stands here (`a summary of …`), not of what the heading names."""
    pronouns = phrases.words("leaning") | phrases.words("pronouns")
    if text.partition(" ")[0].casefold() not in pronouns:
        return False
    said = phrases.behind(text, "bare_copulas")
    opening = words_of(said)[:NOUN_REACH]
    noun = next((at for at, word in enumerate(opening) if word in phrases.words("prepositions")), len(opening))
    named = not phrases.words("texts").isdisjoint(opening[:noun])
    definite = phrases.starts_with(said, "definite_articles")
    return named or bool(definite) or about_persons(phrases, said) or phrases.mentions(said, "preceding")


def tells_when(phrases: Phrases, text: str) -> bool:
    """Tell whether a text is a clause of time alone (`When two ropes cross.`), of nobody's doings."""
    later = phrases.words("continuations") - phrases.words("and")
    personal = about_persons(phrases, text) or phrases.mentions(text, "first_person")
    goes_on = any(sign in text for sign in ",:;→$") or not later.isdisjoint(words_of(text))
    doing = phrases.is_gerund(phrases.behind(text, "occurring"))  # `When tying ropes a knot is …`
    return text.endswith((".", "。")) and not (personal or goes_on or doing)


def is_sentence(phrases: Phrases, text: str) -> bool:
    """Tell whether a text is a sentence: it has a verb of being outside a relative clause."""
    words = [word.casefold() for word in WORD_OR_NUMBER.findall(text)]
    joining = (phrases.words("relatives") | phrases.words("question_words")) - phrases.words("prepositions")
    definite = phrases.starts_with(text, "definite_articles") and joining.isdisjoint(words[:NOUN_REACH])
    return any(
        word in phrases.words("copulas")
        and joining.isdisjoint(words[max(0, at - CLAUSE_WORDS) : at])
        and (definite or not phrases.words("articles").isdisjoint(words[at + 1 : at + 2]))
        for at, word in enumerate(words)
    )


def has_second_verb(phrases: Phrases, text: str) -> bool:
    """Tell whether a verb of being stands behind a relative clause (`A rope that can be spliced to another is …`)."""
    words = words_of(text)
    relatives = phrases.relative_pronouns
    start = next((at for at, word in enumerate(words) if word in relatives), len(words))
    behind = next((at for at in range(start + 1, len(words)) if words[at] in phrases.words("modals")), len(words))
    joining = relatives.union(*(phrases.words(key) for key in ("and", "connectives", "question_words", "persons")))
    being = (at for at in range(behind + 2, len(words)) if words[at] in phrases.words("copulas"))
    return any(joining.isdisjoint(words[behind:at]) for at in being)
