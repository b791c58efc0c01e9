"""A label or term -> a question that a person would ask; what a language needs for that is data in `phrases/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import islice, pairwise
from typing import Any

from mkcards.phrase_tables import LANGUAGES, NEUTRAL, table_of
from mkcards.sentence_ends import sentences
from mkcards.word_lists import QUESTION_MARKS, WORD, any_of, endings, inside, inside_marks, opening, words_of
from mkcards.word_lists import is_cjk as is_cjk
from mkcards.word_lists import size as size

_SHARED = (
    *("empty_labels", "generic_terms", "example_labels", "bibliographic", "definition_kinds", "skip_headings"),
    *("tasks", "exercise_verbs", "exams"),
)
_GROUP = re.compile(r"(?<!\\)(?<!\[\^)\((?!\?)")
_ASIDE = re.compile(r"\([^()]*\)")
_COUNTING = re.compile(r"(?<!\d\.)[^\W_]+(?:-[^\W_]+)*")
_COUNTED = r"(?<![第\d一二三四五六七八九十百千万])"
"""What stands before a Chinese number when it is neither an ordinal nor the end of a longer number."""
_NO_COUNT = re.compile(r"[.):%/'’°ºª-]|\s*(?:[-–—]|$)|(?<=\d)\s?(?:[kKMGT]?i?[bB](?:its?|ytes?)?|Hz|m?s|[cmk]?m|k?g)\b")
"""What follows a number that tells a place or a size: `2° ciclo`, `7 - Third normal form`, `8 bytes`."""
_DIGITS = re.compile(rf"{_COUNTED}(\d{{1,2}})\s?[个個种種大类類项項条條步点點]")


@cache
def phrases(language: str) -> Phrases:
    """Return the table of a language; raises `KeyError` for one that has none."""
    if language not in (*LANGUAGES, NEUTRAL):
        raise KeyError(language)
    return Phrases(language, table_of(language))


@dataclass(frozen=True, eq=False)
class Phrases:
    """The words, patterns and question templates of one language (see `phrases/en.yaml` for each key)."""

    code: str
    table: Mapping[str, Any]

    def words(self, key: str) -> frozenset[str]:
        """Return the words of a list of the table, lower case."""
        return self._words[key]

    @cached_property
    def _words(self) -> Mapping[str, frozenset[str]]:
        found = {
            key: frozenset(str(word).casefold() for word in value)
            for key, value in self.table.items() if isinstance(value, (list, dict))
        }
        if self.code == NEUTRAL:
            # Labels that ask nothing are known even where the language is not.
            for key in _SHARED:
                found[key] = frozenset().union(*(phrases(code).words(key) for code in LANGUAGES))
        elif self.code != "en":
            # `Note:` and `TODO:` are written in every language.
            found["generic_terms"] |= phrases("en").words("generic_terms")
        return found

    @cached_property
    def relative_pronouns(self) -> frozenset[str]:
        """The words that only open a relative clause, where some are prepositions, too."""
        return self.words("relatives") - self.words("prepositions")

    @cached_property
    def definitions(self) -> tuple[re.Pattern[str], ...]:
        """Patterns with the groups `term` and `definition`, for a whole sentence."""
        plain = [self._pattern(one) for one in self.table["definitions"]]
        return (*plain, *(re.compile(self.intro.pattern + one.pattern, re.IGNORECASE) for one in plain))

    @cached_property
    def intro(self) -> re.Pattern[str]:
        """The pattern of what may stand before a sentence that defines (`In algebra, `)."""
        return re.compile(rf"(?:{'|'.join(self.table['intros']) or '(?!)'})\s*", re.IGNORECASE)

    @cached_property
    def marked(self) -> tuple[re.Pattern[str], ...]:
        """The same for a term in bold: a short phrase may stand before it, another name and what narrows it after."""
        plain = [self._pattern(one, tail=self._tail("[^.;]{1,120}?")) for one in self.table["definitions"]]
        then = "|".join(map(re.escape, sorted(self.words("continuations") - self.words("and")))) or "(?!)"
        before = rf"(?:[^,，.。;:]{{2,60}}[,，]\s*(?:(?:{then})\s+)?|\([^()]{{2,80}}\)\s*)"
        return (*plain, *(re.compile(before + one.pattern, re.IGNORECASE) for one in plain))

    @cached_property
    def conditions(self) -> tuple[re.Pattern[str], ...]:
        """Patterns with the groups `subject`, `term` and `definition`: when something is what the term says."""
        return tuple(self._pattern(one, term="{0,40}?") for one in self.table["conditions"])

    @cached_property
    def marked_conditions(self) -> tuple[re.Pattern[str], ...]:
        """The same for a term in bold, which something may narrow (`a minimum of $f$ if …`)."""
        return tuple(self._pattern(one, "{0,40}?", self._tail("[^.,;]{1,60}?")) for one in self.table["conditions"])

    def _tail(self, text: str) -> str:
        """Return the pattern of a term's other name (`or lighter`) and of what narrows it (`for N processes`)."""
        other = rf"(?:,?\s(?-i:{self._any('or') or '(?!)'})\s(?P<other>[^.,;]{{2,60}}?),?)?"
        return rf"{other}(?P<tail>\s(?:{'|'.join([self._any('prepositions'), *self.table['narrowing']])})\s{text})?"

    def _any(self, key: str) -> str:
        return "|".join(map(re.escape, sorted(map(str, self.table[key]), key=len, reverse=True)))

    @cached_property
    def called(self) -> tuple[re.Pattern[str], ...]:
        """Patterns of `… is called TERM`."""
        return tuple(self._pattern(one, term="{0,60}") for one in self.table["called"])

    @cached_property
    def naming(self) -> tuple[re.Pattern[str], ...]:
        """Patterns of the words alone that give a thing its name (`is called`)."""
        return tuple(re.compile(one, re.IGNORECASE) for one in self.table["naming"])

    def _pattern(self, template: str, term: str = "{0,80}?", tail: str = "") -> re.Pattern[str]:
        gap, colon = (r"\s+", "[:：]?") if self.table["spaced"] else (r"\s*", "")
        inserted = r"(?:,\s[^,.;:]{2,30},)?" if self.table["spaced"] else ""  # `is, in short, a rope`
        articles = self._any("articles")
        article = rf"(?:(?:{articles})(?:{gap}|(?<=['’])))?" if articles else ""
        verbs = "|".join(sorted(self.table["verbs"], key=len, reverse=True))
        pattern = (
            _GROUP.sub("(?:", re.sub(r" +(?=\S)", lambda _: gap, template))
            .replace("{term}", rf"{article}[\"“'‘«„‚「『]?(?P<term>\S.{term})[\"”'’»“‘」』]?{tail}")
            .replace("{subject}", r"(?P<subject>\S.{0,60}?)")
            .replace("{verb}", f"(?P<verb>{verbs}){colon}{inserted}")
            .replace("{definition}", r"(?P<definition>\S.*)")
        )
        return re.compile(pattern, re.IGNORECASE)

    @cached_property
    def no_definition(self) -> re.Pattern[str]:
        """Matches a predicate that says something about its subject, not what it is."""
        return re.compile("|".join(self.table["no_definition"]) or r"(?!)", re.IGNORECASE)

    def sentences(self, text: str) -> list[tuple[int, int]]:
        """Return where the sentences of a text start and end."""
        return sentences(text, self.words("abbreviations"))

    def starts_with(self, text: str, *keys: str) -> str:
        """Return the entry with which the text starts, as a whole word, of the table's lists of these keys, or ""."""
        return next(filter(None, (opening(self._words[key], text) for key in keys)), "")

    def behind(self, text: str, key: str) -> str:
        """Return what stands behind the entry of the table's list `key` with which the text starts, or the text."""
        entry = self.starts_with(text, key)
        return inside_marks(text)[len(entry) :].lstrip() if entry else text

    def ends_in(self, text: str, *keys: str) -> bool:
        """Tell whether the last word of a text stands in one of the table's lists of these keys."""
        last = text.rpartition(" ")[2].casefold()
        return any(last in self._words[key] for key in keys)

    def mentions(self, text: str, key: str) -> bool:
        """Tell whether one of the entries of the table's list `key` stands in the text as a whole word."""
        entries, low = self.words(key), text.casefold()
        # Most texts don't hold an entry at all, and to look for it so is fast.
        return any(entry in low for entry in entries) and bool(inside(entries, spaced=self.table["spaced"]).search(low))

    def is_example(self, text: str) -> bool:
        """Tell whether a label announces an example (`Example 2`, `Proof of …`); `Sample mean` does not."""
        opening = self.starts_with(text, "example_labels")
        rest = self.behind(text, "example_labels")
        if not opening or not rest or not rest[0].isalpha():
            return bool(opening)
        return bool(self.starts_with(rest, "prepositions"))

    def is_question(self, text: str) -> bool:
        """Tell whether a text asks: by its mark, or because it opens with a question word."""
        return text.rstrip(" *_\"”’“»')」").endswith(QUESTION_MARKS) or bool(self.starts_with(text, "question_words"))

    def is_empty_question(self, text: str) -> bool:
        """Tell whether a question asks nothing without what stands around it (`What is happening?`)."""
        return text.casefold().strip("¿ ?？\u00a0\u202f") in self.words("empty_questions")

    def existing(self, text: str) -> str:
        """Return what is there, for a text that says so (`There are three types` -> `three types`)."""
        return self.behind(text, "existentials")

    def without_article(self, text: str) -> str:
        """Return the text without the article in front of it; quotation marks around both stay."""
        rest = self.behind(text, "articles")
        marks = text[: len(text) - len(inside_marks(text))] if rest != text else ""
        return f"{marks}{rest}" if rest else text

    def without_adjectives(self, label: str) -> str:
        """Return a label without the adjectives that say nothing of what it names (`main`, `common`)."""
        return " ".join(word for word in label.split() if word.casefold() not in self.words("label_adjectives"))

    def count(self, text: str) -> tuple[int, str] | None:
        """Return the number that a label counts and the word that says it (`Three phases` -> 3, "Three"), or None."""
        return _count(self, text)

    def counts(self, text: str, number: int) -> bool:
        """Tell whether a label counts so many things."""
        counted = self.count(text)
        return counted is not None and counted[0] == number

    @cached_property
    def head_ends(self) -> re.Pattern[str]:
        """The pattern of what may follow the noun that a label is about (` of`, ` in`)."""
        return re.compile(self.table["head_ends"], re.IGNORECASE)

    def head(self, label: str) -> str:
        """Return the noun that a label is about: the word before `of`, `in`, …, else the last one."""
        before = self.head_ends.split(label, maxsplit=1)[0]
        if not self.table["spaced"]:
            nouns = self.words("list_nouns") | self.words("singular_nouns")
            return max((noun for noun in nouns if before.endswith(noun)), key=len, default=str(before))
        words: list[str] = WORD.findall(before)
        if not self.table["head_first"]:
            return words[-1] if words else ""
        small = self.words("articles") | self.words("number_words") | self.words("label_adjectives")
        named = [re.sub("^[dl]['’]", "", word, flags=re.IGNORECASE) for word in words if word.casefold() not in small]
        return (named or words or [""])[0]

    def noun_in(self, label: str, *keys: str) -> bool:
        """Tell whether the noun that a label is about stands in one of the table's lists of these keys."""
        noun = self.head(label).casefold()
        return any(noun in self.words(key) for key in keys)

    def names_items(self, label: str) -> bool:
        """Tell whether a label is a noun that names the items below it: a plural, or `types`, `causes`, …."""
        nouns = self.words("list_nouns")
        if not self.table["spaced"]:
            return any(label.casefold().endswith(noun) for noun in nouns)
        low = self.head(label).casefold()
        return low in nouns or low.endswith(endings(nouns, 5)) or self.is_plural(low)

    def is_plural(self, word: str) -> bool:
        """Tell whether a noun, lower case, has the form of a plural."""
        if word in self.words("irregular_plurals"):
            return True
        if len(word) < 4 or word in self.words("no_plurals") or word.endswith(tuple(self.table["singular_endings"])):
            return False
        return word.endswith(tuple(self.table["plural_endings"]))

    def is_clause(self, label: str) -> bool:
        """Tell whether a label is a sentence or the beginning of one, rather than a noun phrase."""
        words = words_of(label)
        verbs = self.words("finite_verbs")
        if not self.table["spaced"] and any(verb in label for verb in verbs):
            return True
        # `Concrete claims` ends in a noun that can be a verb elsewhere.
        last = words[-1:] if words and words[-1] in self.words("list_nouns") else []
        verbal = words[: len(words) - len(last)]
        opens = bool(self.starts_with(label, "connectives"))
        return opens or any(word in verbs for word in verbal) or bool(any_of(tuple(self.table["acting"])).search(label))

    def commands(self, label: str) -> bool:
        """Tell whether a label tells to do something rather than name it."""
        return bool(any_of(tuple(self.table["imperatives"])).match(label))

    def is_gerund(self, text: str) -> bool:
        """Tell whether a text is about doing something (`Palpating the thyroid`)."""
        words = text.casefold().split()
        return len(words) > 2 and words[0].endswith(tuple(self.table["gerund_endings"]))

    def runs_on(self, label: str) -> bool:
        """Tell whether a plural is followed by what may be its verb (`Two findings support this`): no noun phrase."""
        words = label.casefold().split()
        for word, following in pairwise(words):
            if word in self.words("number_words") or word in self.words("label_adjectives"):
                continue
            if self.is_plural(word) and following[0].isalpha():
                joined = self.words("and") | self.words("prepositions") | self.words("articles")
                return following not in joined and not self.head_ends.match(f" {following}")
        return False

    def ask(self, template: str, **parts: object) -> str:
        """Return a question of the table, filled."""
        return str(self.table["questions"][template]).format(**parts)


@lru_cache(maxsize=64)
def _count(phrases: Phrases, text: str) -> tuple[int, str] | None:
    text, before = _ASIDE.sub("", text), ""
    for place in islice(_COUNTING.finditer(text), 12):
        word = place.group()
        any_of, before = before in phrases.words("quantifiers"), word.casefold()
        if any_of:
            continue
        number = phrases.table["number_words"].get(before)
        if number is None and word.isdecimal() and 2 <= int(word) <= 20:
            number = int(word)
        if number is not None and not _NO_COUNT.match(text, place.end()):
            return int(number), word
    if phrases.table["spaced"]:
        return None
    found = re.search(f"{_COUNTED}(?:{phrases._any('number_words')})", text)
    if found:
        return int(phrases.table["number_words"][found.group()]), found.group()
    digits = _DIGITS.search(text)
    return (int(digits[1]), digits[0]) if digits and 2 <= int(digits[1]) <= 20 else None
