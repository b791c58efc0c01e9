"""What a term is, and how a line that begins with one is read."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from msgspec import Struct

from mkcards.links import is_note, leads_away
from mkcards.phrasing import Phrases, is_cjk, size
from mkcards.syntax.inline import plain, prose, spans
from mkcards.word_lists import COLONS, DOUBLE_QUOTES, QUOTES, opening, words_of

TERM_LIMIT = 6
"""Longest term, in words."""

PREPOSITION = "it begins with a preposition"
QUANTIFIER = "a statement about any or all is no term"
EXAMPLE = "it is an example"
GENERIC = "without its adjective it is a generic label, no term"
NUMBER = "a number or date is no term"
NO_NOUN = "it has no noun"
UNLESS_DEFINED = frozenset({EXAMPLE, GENERIC})
"""Why a text is no term that may be one all the same: `Buffer solution`, where a definition follows."""
HEAD_LIMIT = 200
"""A term and what divides it from its text stand within this many characters."""

OPENS_HEAD = ("*", "_", "[", "==")
"""With these a line opens that begins with a marked term; quotation marks may stand in front."""
# It opens with a set of characters because that is what `re` can look for fast.
_SIGNS_OF_HEAD = re.compile(r"[*_:：—–\[=-](?:(?<=[*_:：—–])|(?<=\[)\[|(?<==)=|(?<=\s-)\s)")
_SEPARATOR = re.compile(
    r"\s*(?:[:：]|(?:\s|[ \t]\\)[—–-]{1,3}\s|[—–]{1,3}|\s=\s|\s(?:[→⟶⇒]|-{1,2}>)\s)\s*|\.\s+(?=\S)|[ \t]*\n\s*"
)
_SECOND = re.compile(r"\A[\s:：]*(?:(?:[—–-]{1,3}|-{1,2}>|[→⟶⇒])\s+)?")
"""What may stand between a separator and the text besides: `**Term**: - text`."""
_POINT = re.compile(r"\n\s*(?:[—–-]|[→⟶⇒])")
_ARROWS = frozenset({"→", "⟶", "⇒", "->", "-->"})
_TEX_ARROW = r"\s*\\(?:to|(?:[Ll]ong)?[Rr]ightarrow|implies)(?![a-z])"
_MATH_ARROW = re.compile(rf"\s*\${_TEX_ARROW}(?:\s*(\$)\s*(?=\S)|\s*(?=[^\s$]))")
"""An arrow as TeX has it, alone in its formula or in front of the rest of it."""
ARROW_WORDS = 3
"""An arrow before fewer words leads from one thing to another; before more it explains."""
_POSITIONS = re.compile(r"(?<![\d,])\d,\d(?![\d,])")
"""Two digits in a name (`1,4-dioxane`), whose comma divides no words."""
_INSERTION = re.compile(r"\s*\([^()]*\)")
_ASIDE = re.compile(rf"\s*(\([^()]*\)|（[^（）]*）)|[, \t]+(\$(?!{_TEX_ARROW})[^$]+\$)")
"""What may stand behind a term that belongs to it: words in brackets, its symbol."""
SYMBOLS = re.compile(r"^[^\w\s\x00-\x7f„«»“”‘’\u3008-\u3011（∀-⋿]+\s*(?=\w)")
_BREAKS = ("prepositions", "articles", "relatives", "and", "function_words")
_NO_TERM_OPENINGS = (
    ("leaning", "it leans on what stands before it"),
    ("connectives", "it begins in the middle of a thought"),
    ("question_words", "a question is no term"),
    ("quantifiers", QUANTIFIER),
    ("persons", "it is about the writer or the reader"),
)
_ACRONYM = re.compile(r"[(（][A-Z][\w.&-]{0,9}[)）]")
_ENTRY = re.compile(r"[\w.@-]+(?:/[\w.@-]+)+|[\w-]+\.[a-z]{1,5}")
_ERA = re.compile(
    r"\W*(?:[^\W\d_]+[ -](?=\d{3}0(?:['’]?s|er)))?\d+(?:['’]?s|er)?\W*(?:BCE?|CE|AD|v\. Chr\.)?\W*", re.IGNORECASE
)
ORDINAL = re.compile(r"[^\W\d_]+ (?:\d+(?:\.\d+)*|[IVX]+|[ivx]+|[a-zA-Z])|[^\W\d_]\d{0,2}")
"""A letter, or a word with a number: means something only beside the others."""
_SIGNS = ("=", "→", "->", "⇒", "^", "，")
_NUMBERS = re.compile(r"[\W\d_]*")
_MONTHS = """
jan feb mar apr jun jul aug sep sept oct nov dec
january february march april may june july august september october november december
januar jänner februar märz mai juni juli oktober dezember
marts maj
janvier février mars avril juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
"""
_A_MONTH = rf"(?:{'|'.join(_MONTHS.split())})\b\.?"
_FILED = re.compile(
    r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b|.*\.[a-z]{1,5}:\d|.*(?<!\d)(?:\d{4}-\d\d-\d\d|\d\d[-.]\d\d[-.]\d{4})(?!\d)"
)
"""A commit, a line of a file, or the name of a file or note with its date."""
_COUNTED = re.compile(r"([^\W\d_]+)\.?\s?\d[\d.]*(?:\s?(?:[-–,&]|[^\W\d_]+)\s?\d+)*")
"""A line, figure or page with its number, or numbers (`lines 2 to 6`)."""
_IMAGE = re.compile(r".*\w\.(?:png|jpe?g|gif|svg|webp|bmp)(?: \([^()]*\))?")
DATE = re.compile(
    rf"{_A_MONTH}\s+\d|(?:\d{{1,2}}\s*[-–]\s*)?\d{{1,2}}\.?\s+(?:de\s+)?{_A_MONTH}(?:\s+(?:de\s+)?\d{{4}}|$)",
    re.IGNORECASE,
)

_SEPARATING = ":：—–-"
# A bracket that closes is passed over whole, so that what divides there divides nothing.
_UNMARKED_TERM = r"(?:[^:：\n*_`$\[\]=?.!(]|\.(?=\w)|\([^()\n]*\)|\((?![^()\n]*\))){2,60}?"
_UNMARKED = re.compile(
    rf"({_UNMARKED_TERM})\s*(?:[:：](?=\s|[^\x00-\x7f])|\s[—–]{{1,3}}\s|\s-\s)\s*(\S.*)", re.DOTALL
)

# `A **rope** of hemp: text`: only a part of the term is bold.
_PARTLY_MARKED = re.compile(
    r"([^:：\n*_`$\[\]=?.!]{2,40}\*\*[^:：\n*_`$]{2,40}\*\*[^:：\n*_`$.!?]{0,20}):\s+(\S.*)", re.DOTALL
)


class Head(Struct, frozen=True):
    """`**Term** (aside): rest`; all Markdown. `mark` is `strong`, `em`, `mark`, `wikilink`, `code` or ""."""

    term: str
    rest: str
    aside: str
    mark: str


def may_hold_head(text: str) -> bool:
    """Tell at little cost whether a line of a text may begin with a term, marked or not."""
    return _SIGNS_OF_HEAD.search(text) is not None or text.startswith("`")


def head_of(text: str, *, unmarked: bool = False, period: bool = False) -> Head | None:
    """Return how a line that begins with a marked term and a separator is read, or None.

    The colon may stand inside the bold. With `unmarked`, `Term: text` is read so too; with `period`, `**Term**. Text`
    and a bold term on a line of its own.
    """
    text = text.strip()
    if text.lstrip(QUOTES).startswith(OPENS_HEAD) or (unmarked and text.startswith("`")):
        marked = _marked(text, period)
        if marked is not None:
            return marked
    return _unmarked(text) if unmarked else None


@lru_cache(maxsize=4096)
def _marked(text: str, period: bool) -> Head | None:
    lead = len(text) - len(text.lstrip(QUOTES))
    for span in spans(text[:HEAD_LIMIT]):
        inward = span.kind == "link" and is_note(span.target)  # What others write as `[[note]]`.
        if not (inward or span.kind in {"strong", "em", "wikilink", "mark", "code"}) or span.start > lead:
            continue
        code, kind = span.kind == "code", "wikilink" if inward else span.kind
        inner = text[span.start : span.end] if code else text[span.inner_start : span.inner_end]
        after = text[span.end :].lstrip(QUOTES)
        if plain(inner).endswith(COLONS) or (
            period and plain(inner).endswith(".") and span.kind == "strong"
        ):
            return Head(inner.strip().rstrip(":：.").rstrip(), behind_separator(after), "", kind)
        found = _ASIDE.match(after)
        aside = (found[1] or found[2]) if found else ""
        if found:
            after = after[found.end() :]
        rest = _behind_arrow(after)
        if rest:
            return Head(inner.strip(), rest, aside, kind)
        separator = _SEPARATOR.match(after)
        if separator and separator.group().strip() in _ARROWS and size(after[separator.end() :]) < ARROW_WORDS:
            continue
        bare = separator is not None and separator.group().strip() in {"", "."}
        if separator and (not bare or (period and span.kind == "strong")):
            return Head(inner.strip(), behind_separator(after[separator.end() :]), aside, kind)
    return None


def _behind_arrow(text: str) -> str:
    """Return what an arrow of TeX explains, or "": before few words it leads on, and `$\\to 0$` is a limit."""
    arrow = _MATH_ARROW.match(text)
    rest = text[arrow.end() :] if arrow else ""
    if arrow and arrow[1]:
        return rest if size(rest) >= ARROW_WORDS else ""
    return f"${rest}" if "=" in rest.partition("$")[0] else ""


@lru_cache(maxsize=4096)
def _unmarked(text: str) -> Head | None:
    if not any(sign in text for sign in _SEPARATING):
        return None
    found = _UNMARKED.match(text) or _PARTLY_MARKED.match(text)
    return Head(found.group(1).strip(), behind_separator(found.group(2)), "", "") if found else None


def behind_separator(rest: str) -> str:
    """Return what follows a term, without what else divides the two; a dash may also be the first of several points."""
    return (rest.lstrip(":： ") if _POINT.search(rest) else _SECOND.sub("", rest, count=1)).strip()


def shown_term(head: Head) -> str:
    """Return the term for a question: with its acronym, without links and quotes."""
    term = prose(head.term).strip()
    bare = term.strip(QUOTES + " ")
    # `Rope for "tying"` is not all in quotes.
    term = SYMBOLS.sub("", term if any(sign in bare for sign in DOUBLE_QUOTES) else bare).rstrip(":： ")
    if head.aside and _ACRONYM.fullmatch(head.aside):
        term += " " + head.aside
    return term


def is_term(text: str, phrases: Phrases) -> bool:
    """Tell whether a text can be a term: a few words that are no sentence, number, date or generic label."""
    return not no_term(text, phrases)


@lru_cache(maxsize=2048)
def names_result(phrases: Phrases, name: str) -> bool:
    """Tell whether a name has the word for a result (`Ohm's law`, `Law of the sea`)."""
    return not phrases.words("results").isdisjoint(words_of(name))


def no_term(text: str, phrases: Phrases) -> str:
    """Return why a text can't be a term, or ""."""
    shown = SYMBOLS.sub("", plain(text))
    low = shown.casefold().rstrip(".")
    limit = TERM_LIMIT + (2 if is_cjk(shown) else 0)
    place = _place(phrases, shown, low)
    if place:
        return place
    core = _INSERTION.sub("", shown) if "(" in shown else shown
    if size(core) > limit:
        return "it is too long for a term"
    if shown.count("(") != shown.count(")") or "**" in shown:
        return "it breaks off"
    if not core:
        return "a remark in brackets is no term"
    if phrases.starts_with(low, "prepositions") and set(low.split()[1:2]) & phrases.words("articles"):
        return "it begins in the middle of a thought"
    if sum(map(plain(text).count, "\"“”")) % 2:
        return "it breaks off"
    if phrases.without_article(low.rstrip(" .0123456789")) in phrases.words("results"):
        return f"“{shown}” is a kind of statement, no term"
    if size(core) > 3 and "," in _POSITIONS.sub("", core):
        return "a sentence or formula is no term"
    if not phrases.table["opening_prepositions"] and phrases.starts_with(low, "prepositions"):
        return PREPOSITION
    if not shown.isupper() and phrases.words("function_words").issuperset(low.split()):
        return NO_NOUN
    bare = phrases.without_adjectives(low)
    generic = phrases.words("generic_terms"), phrases.words("verdicts")
    if any(one in words for one in (bare, bare.rstrip(" 0123456789")) for words in generic):
        return f"“{shown}” is a generic label, no term" if bare == low else GENERIC
    if (
        shown.endswith(("?", "？", "!", "！", "。", ",", ";"))
        or any(sign in shown for sign in _SIGNS)
        or ": " in shown
    ):
        return "a sentence or formula is no term"
    example = _example(phrases, low)
    if example:
        return example
    if not ("`" in text and shown.isupper()) and opening(_no_term_openings(phrases), low):  # A keyword: `NOT IN`.
        return next(reason for key, reason in _NO_TERM_OPENINGS if phrases.starts_with(low, key))
    words = low.split()
    said = phrases.table["subject_first"] and words[:1] and words[0] in phrases.words("copulas") and not shown.isupper()
    if said or not phrases.words("question_verbs").isdisjoint(words[1:]):
        return "a sentence or formula is no term"
    pointing = phrases.words("pronouns") & phrases.words("referring")
    if words[:1] and words[0] in phrases.words("prepositions") and not pointing.isdisjoint(words):  # `To try it`
        return "it leans on what stands before it"
    return "it breaks off" if _breaks_off(phrases, shown, low) else ""


def _place(phrases: Phrases, shown: str, low: str) -> str:
    """Return that a text only says where or when something is, or ""."""
    if _NUMBERS.fullmatch(shown) or DATE.match(shown) or _ERA.fullmatch(shown):
        return NUMBER
    counted = _COUNTED.fullmatch(low)
    if counted is not None and counted[1] in phrases.words("numbered"):
        return "the number of a line, figure or page is no term"
    if _FILED.match(low):
        return "a commit, a line of code or what has a date is no term"
    return "the name of an image is no term" if _IMAGE.fullmatch(low) else ""


def _breaks_off(phrases: Phrases, shown: str, low: str) -> bool:
    """Tell whether a term ends in a word after which something has to follow; a capital is a symbol (`tipo A`)."""
    return " " in shown and not shown[-1:].isupper() and phrases.ends_in(low, *_BREAKS, "pronouns")


def _example(phrases: Phrases, low: str) -> str:
    """Return why a term, lower case, announces an example, or "": its first words or its noun do."""
    examples, noun = phrases.words("example_labels"), phrases.without_article(low)
    noun = noun if phrases.table["head_first"] else noun.rpartition(" ")[2]
    announced = phrases.starts_with(low, "example_labels") if phrases.is_example(low) else noun
    if announced not in examples:
        return ""
    alone = low.rstrip(" .0123456789") == announced or any(one.endswith(f" {announced}") for one in examples)
    return f"“{announced}” announces an example, no term" if alone else EXAMPLE


@cache
def _no_term_openings(phrases: Phrases) -> frozenset[str]:
    return frozenset().union(*(phrases.words(key) for key, _ in _NO_TERM_OPENINGS))


def is_entry(term: str) -> bool:
    """Tell whether a term is a link to a project or file on the web (`owner/name`), as in a catalogue of them."""
    return leads_away(term) and _ENTRY.fullmatch(plain(term)) is not None
