"""What a sentence that fits a pattern says: whether it defines its term, and how many things that is."""

from __future__ import annotations

import re

from mkcards.no_answer import says_something
from mkcards.patterns import conditional, ends_in_condition
from mkcards.phrasing import Phrases, size
from mkcards.predicate import KIND_WORDS, RELATION, is_predicate, leads_back, names_kind, opens_as_definition
from mkcards.terms import QUANTIFIER, UNLESS_DEFINED, is_term, no_term
from mkcards.word_lists import COLONS

_NOT_CALLED = ("connectives", "prepositions", "continuations", "existentials")
_NAME = re.compile(r"[^\W\d_]{2}|[\u3400-\u9fff]")
_EQUATION = re.compile(r"[=<>≤≥∈]|\\(?:le|ge|neq?|in)(?![a-z])")
_MATH = re.compile(r"\$[^$]*\$|\\\S+")
_REFERENCE = re.compile(r"(?<![^\W_])\(\d{1,2}\)")
"""The number of a formula or statement elsewhere."""
_POINTED = re.compile(r"(?<![\w$\\}])\((?:i{1,3}|iv|vi{0,3}|\d)\)(?= (?:and|but|or|,|not)|[.,;]|$)")
"""The number of a condition that stands elsewhere."""
_ASIDE = re.compile(r"\([^()]*\)")


def fits(
    phrases: Phrases, match: re.Match[str], pattern: re.Pattern[str], term: str, *, bold: bool, formula: bool
) -> bool:
    """Tell whether a sentence of the form of a definition, which may begin with a `formula`, is one."""
    definition, subject = match["definition"], said(match, "subject")
    if not bold and (phrases.starts_with(term, "prepositions") or match.string.endswith(("!", "！"))):
        return False
    if _leans(phrases, match, term) or _POINTED.search(definition):
        return False
    if phrases.starts_with(definition, "and") or leads_back(phrases, definition):
        return False
    if any(part.count("(") != part.count(")") for part in (definition, subject)):
        return False
    if not ((formula and RELATION.search(definition)) or says_something(definition)):
        return False
    if subject:
        # `The weak point is **an old gate**: if it jams, …`; one word may be what holds then.
        if match["term"].rstrip().endswith(COLONS) and " " in term:
            return False
        unfit = _unfit_subject(phrases, subject) or phrases.is_clause(subject) or ", " in _ASIDE.sub("", subject)
        return not unfit and no_term(term, phrases) in {"", QUANTIFIER}  # `A bend is **more secure** if …`
    if not bold and not _NAME.search(term):
        return False
    # `Se define una función como una función par si …` defines what is behind the verb.
    same = not said(match, "verb") and _first_noun(phrases, definition) == _first_noun(phrases, term)
    if same and conditional(phrases).search(definition):
        return False
    if pattern in phrases.called:
        return _is_called(phrases, match, bold=bold, formula=formula) and is_term(term, phrases)
    verb = said(match, "verb").casefold()
    if verb in phrases.words("formula_verbs") and not formula:
        return False
    if verb in phrases.words("stating_verbs"):
        return is_term(term, phrases)
    if verb in phrases.words("claiming_verbs"):
        return is_term(term, phrases) and _is_result(phrases, term)
    strict = verb in phrases.words("copulas")
    equation = formula and RELATION.search(definition) is not None
    stated = equation and verb[:1].isalpha() and not strict
    if not (stated or is_predicate(phrases, definition, strict=strict)):
        return False
    reason = no_term(term, phrases)
    if reason and not (reason in UNLESS_DEFINED and opens_as_definition(phrases, definition)):
        return False
    return bold or not strict or equation or names_kind(phrases, definition)


def _leans(phrases: Phrases, match: re.Match[str], term: str) -> bool:
    """Tell whether what stands for a term is a part of a sentence, or speaks of what stands before it."""
    if not (phrases.words("relatives") | phrases.words("pronouns")).isdisjoint(term.casefold().split()):
        return True
    # `A keel of $(1)$ is`: a formula in brackets is no remark.
    cut = match.string[match.end("term") :].lstrip().startswith("(") and phrases.ends_in(term, "prepositions")
    return cut or bool(phrases.intro.match(term)) or ends_in_condition(phrases, said(match, "tail") or term)


def _first_noun(phrases: Phrases, text: str) -> str:
    return phrases.without_article(text.casefold()).partition(" ")[0]


def _is_result(phrases: Phrases, term: str) -> bool:
    """Tell whether a term names a theorem, a law, an argument or the like, not somebody who says something."""
    words = phrases.head_ends.split(term.casefold(), maxsplit=1)[0].split()
    return not phrases.words("results").isdisjoint(words if phrases.table["head_first"] else words[-1:])


def _is_naming(phrases: Phrases, text: str) -> bool:
    """Tell whether a text says that something has a name (`is called`), not what somebody calls it."""
    return any(naming.search(text) for naming in phrases.naming)


def is_thing(
    phrases: Phrases, match: re.Match[str], pattern: re.Pattern[str], term: str, article: str
) -> bool:
    """Tell whether words in italics, which also stress, name a thing.

    They do where it is called so, and with an article, a capital or a second word.
    """
    if pattern in phrases.called:
        return _is_naming(phrases, match.string)
    if said(match, "subject"):
        return bool(phrases.starts_with(match["subject"], "articles"))
    return bool(article) or not term[:1].islower() or " " in term.strip()


def _is_called(phrases: Phrases, match: re.Match[str], *, bold: bool, formula: bool) -> bool:
    """Tell whether a sentence that says what something is called says what it is, too."""
    definition = match["definition"]
    if formula and bold and "=" in definition and _is_naming(phrases, match.string):
        return True
    told = phrases.behind(definition, "definition_kinds").lstrip(" .:")
    opens = phrases.starts_with(told, *_NOT_CALLED)
    written = _EQUATION.search(definition) is not None  # `The condition $a = b$`
    known = not written and size(definition) < KIND_WORDS and phrases.starts_with(definition, "definite_articles")
    pronouns = (phrases.words("pronouns") | phrases.words("leaning")) - phrases.words("relatives")
    bare = _ASIDE.sub("", definition).casefold().split()
    pointing = not pronouns.isdisjoint((*bare[:2], *bare[-2:]))  # `Un tale insieme`, `…, und dieser Körper`
    if opens or known or pointing or phrases.ends_in(definition, "pronouns", "leaning", "relatives"):
        return False
    words = _MATH.sub("", definition).rstrip(", ")
    few = not written and size(words) < KIND_WORDS - 1 and bool(phrases.starts_with(words, "articles", "leaning"))
    verbal = size(words) < KIND_WORDS and phrases.ends_in(words, "copulas")  # `… wahr sind, heißen **Tautologien**`
    if few or verbal or not _NAME.search(words) or phrases.starts_with(definition, "quantifiers"):
        return False
    between = match.string[match.end("definition") : match.start("term")]
    named = _is_naming(phrases, between) and phrases.starts_with(definition, "articles")
    return (bold or bool(named)) and is_predicate(phrases, definition, strict=False)


def is_plural(phrases: Phrases, match: re.Match[str]) -> bool:
    """Tell whether the verb between a subject and its term is a plural."""
    if not said(match, "subject"):
        return False
    between = match.string[match.end("subject") : match.start("term")].casefold().split()
    return any(word in phrases.words("plural_verbs") for word in between)


def is_loose(phrases: Phrases, match: re.Match[str], term: str) -> bool:
    """Tell whether several things are called so, or the term may be an adjective of what they are (`Una curva …`)."""
    if not phrases.table["agreeing"] or said(match, "verb"):
        return False
    before, behind = match.end("definition"), match.start("term")
    between = match.string[before if before < behind else 0 : behind].casefold().split()
    endings = phrases.table["agreeing"].get(match["definition"].partition(" ")[0].casefold(), "")
    agrees = " " not in term and term.islower() and term.endswith(tuple(endings))
    return agrees or any(word in phrases.words("plural_naming") for word in between)


def _unfit_subject(phrases: Phrases, subject: str) -> bool:
    opens = phrases.starts_with(subject, "leaning", "prepositions", "connectives", "persons", "quantifiers")
    return bool(opens) or _REFERENCE.search(subject) is not None


def said(match: re.Match[str], name: str) -> str:
    """Return what a group of a match holds, or "" when its pattern has none of that name."""
    return (match[name] or "") if name in match.re.groupindex else ""
