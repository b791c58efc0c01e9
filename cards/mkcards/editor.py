"""What a good editor of flashcards says about the cards of a deck, one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from string import Formatter
from typing import Final

from mkcards.appearance import Wardrobe
from mkcards.assets import Library
from mkcards.config import Config
from mkcards.data import Card, Vault
from mkcards.diagnostics import Diagnostic, Severity, glance
from mkcards.doubles import doubles
from mkcards.extract import phrases_of
from mkcards.phrase_tables import NEUTRAL
from mkcards.phrasing import Phrases, size
from mkcards.pipeline import Outcome
from mkcards.render import plain
from mkcards.silence import heard
from mkcards.syntax import parser
from mkcards.word_lists import COLONS, QUESTION_MARKS, WORD

SCREEN_CHARACTERS: Final = 1000
SCREEN_LINES: Final = 24
"""An answer of more fits on no screen of a phone."""
LONG_PROMPT: Final = 40
"""Words that one can take in before the question ends."""
SHORT_PROMPT: Final = 15
"""A longer prompt says itself what its pronouns mean, more often than not."""
_SMALL: Final = (
    *("function_words", "articles", "definite_articles", "determiners", "prepositions", "connectives", "and"),
    *("question_words", "question_verbs", "finite_verbs", "copulas", "pronouns", "referring", "leaning"),
    *("persons", "quantifiers", "relatives"),
)
"""The lists of a language's table whose words say nothing by themselves."""
_SENTENCE: Final = re.compile(r"(?<=[.!?;。！？；])\s+|\n")
_SHOWN: Final = re.compile(r"[$`]|!\[|<img\b", re.IGNORECASE)
"""What an answer shows beside words: formulas, code, images."""
_STEM: Final = 4
"""Letters of a word that its forms share at the least."""


@dataclass(frozen=True)
class Page:
    """A card as its learner reads it."""

    card: Card
    phrases: Phrases

    @cached_property
    def prompt(self) -> str:
        """The first line of the prompt; those below it show a list with a blank."""
        return plain(self.card.fields.prompt).partition("\n")[0]

    @cached_property
    def answer(self) -> str:
        """The answer without its markup."""
        return plain(self.card.fields.answer)

    def say(self, code: str, message: str, severity: Severity = Severity.REMARK) -> Diagnostic:
        """Return a finding about this card; the message goes on after its prompt."""
        card = self.card
        return Diagnostic(card.path, card.label_line or card.line, code, f"“{glance(self.prompt)}” {message}", severity)


def unshown(cards: Sequence[Card], vault: Vault) -> tuple[Diagnostic, ...]:
    """Return why some cards can't be learned: what a side of theirs shows is nothing, or is missing."""
    wardrobe = Wardrobe(Library(vault), vault.name)
    return wardrobe.rendered(cards, lambda note: None, remote_images=False)[2]


def findings(outcome: Outcome, faults: Sequence[Diagnostic], config: Config) -> list[Diagnostic]:
    """Return all that there is to say of notes and cards, but what their author or the settings silenced.

    `faults` are why some cards can't be learned.
    """
    edited = review(outcome.cards, outcome.diagnostics, outcome.languages, config)
    said = (*outcome.diagnostics, *heard((*faults, *edited), outcome.silences))
    return [one for one in said if one.code not in config.ignore and one.code in (config.select or (one.code,))]


def review(
    cards: Sequence[Card], said: Sequence[Diagnostic], languages: Mapping[str, str], config: Config
) -> tuple[Diagnostic, ...]:
    """Return what an editor says about cards, beside what was `said` of their notes already.

    `cards` are those of a deck in reading order, `languages` those in which their notes were read, by path.
    """
    long = {(one.path, one.line) for one in said if one.code in ("long-list", "long-items")}
    found: list[Diagnostic] = list(doubles(cards))
    for page in _pages(cards, languages, config):
        for check in CHECKS:
            found += check(page)
        if (page.card.path, page.card.line) not in long:
            found += _long_answer(page)
    return tuple(dict.fromkeys(found))


def _pages(cards: Sequence[Card], languages: Mapping[str, str], config: Config) -> Iterator[Page]:
    for card in cards:
        # An item is asked in the words of its list.
        if card.kind != "item":
            # A note that can't be read keeps its cards.
            yield Page(card, phrases_of(languages.get(card.path) or NEUTRAL, config))


def _long_answer(page: Page) -> Iterator[Diagnostic]:
    length, lines = len(page.answer), page.answer.count("\n") + 1
    if length > SCREEN_CHARACTERS or lines > SCREEN_LINES:
        what = f"{length} characters" if length > SCREEN_CHARACTERS else f"{lines} lines"
        yield page.say("long-answer", f"has an answer of {what}, more than a screen; split it, or ask for less")


def _long_prompt(page: Page) -> Iterator[Diagnostic]:
    if (words := size(page.prompt)) > LONG_PROMPT:
        yield page.say("long-prompt", f"is a question of {words} words; shorten the line that it is made of")


def _nothing_new(page: Page) -> Iterator[Diagnostic]:
    if page.card.kind == "list" or _SHOWN.search(page.card.fields.answer):
        return
    asked = {_stem(word) for word in WORD.findall(page.prompt)}
    told = [word.casefold() for word in WORD.findall(page.answer)]
    digits = any(c.isdecimal() for c in page.answer)
    if not digits and all(word in _small(page.phrases) or _stem(word) in asked for word in told):
        yield page.say("nothing-new", f"is answered “{glance(page.answer)}”, which adds nothing; write an answer")


def _circular(page: Page) -> Iterator[Diagnostic]:
    card = page.card
    if card.kind != "definition" or card.fields.reverse_prompt or len(card.key) < _STEM or "$" in card.key:
        return
    # `Signals: strength?` asks for what a list says of its item.
    if _asks_when(page) or f": {card.key}" in page.prompt:
        return
    first, *rest = _SENTENCE.split(page.answer)
    found = re.search(rf"(?<![\w./@-]){re.escape(card.key)}(?![\w/(-]|\.\w)", first, re.IGNORECASE)
    if not found or not _content(page.phrases, first[: found.start()]):
        return
    # `They are divided into areas. An area is …` defines it after all.
    about = _stem(WORD.findall(card.key)[-1]) if WORD.findall(card.key) else ""
    if not any(about == _stem(word) for one in rest for word in _content(page.phrases, one)[:1]):
        yield page.say("circular", f"is explained by “{found.group()}” itself; say it in other words")


def _asks_when(page: Page) -> bool:
    """Tell whether a prompt asks for the condition under which something is what the term says."""
    questions, prompt = page.phrases.table["questions"], page.card.fields.prompt
    return any(_is_filled(str(questions[name]), prompt) for name in ("when_is", "when_are"))


def _is_filled(template: str, text: str) -> bool:
    pieces = [piece for piece, *_ in Formatter().parse(template)]
    at = 0
    for piece in pieces:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return text.startswith(pieces[0])


def _content(table: Phrases, text: str) -> list[str]:
    """Return the words of a text that say something by themselves."""
    return [word for word in WORD.findall(text) if word.casefold() not in _small(table)]


def _asks_back(page: Page) -> Iterator[Diagnostic]:
    if page.card.kind != "list" and page.answer.endswith(QUESTION_MARKS) and "\n" not in page.answer:
        yield page.say("answer-asks", f"is answered by a question, “{glance(page.answer)}”; answer it")


def _breaks_off(page: Page) -> Iterator[Diagnostic]:
    if page.answer.endswith(COLONS) and not _SHOWN.search(page.card.fields.answer):
        last = page.answer.rpartition("\n")[2]
        message = f"has an answer that breaks off at “{glance(last)}”; indent what follows, so that it belongs to it"
        yield page.say("answer-breaks-off", message, Severity.WARNING)


def _lost_pronoun(page: Page) -> Iterator[Diagnostic]:
    words = [word.casefold() for word in WORD.findall(page.prompt)]
    if page.card.kind not in ("question", "list") or len(words) > SHORT_PROMPT:
        return
    referring, small = page.phrases.words("referring"), _small(page.phrases)
    for at, word in enumerate(words):
        if word in referring:
            # `How long does it take to …`: what it means comes after it.
            if page.phrases.words("relatives").isdisjoint(words[at:]):
                yield page.say("lost-pronoun", f"says “{word}” and not what that is; name it")
            return
        if word not in small:
            return


def _points_elsewhere(page: Page) -> Iterator[Diagnostic]:
    found = _pointer(page.phrases).search(page.answer)
    if found:
        message = f"says “{found.group()}” in its answer, where a learner can't look; say it there, or leave it out"
        yield page.say("points-elsewhere", message)


def _raw_markup(page: Page) -> Iterator[Diagnostic]:
    for source in (page.card.fields.prompt, page.card.fields.answer):
        if "**" not in source:
            continue
        blocks = parser().parse(source)
        texts = (child.content for block in blocks for child in block.children or () if child.type == "text")
        if text := next((text for text in texts if "**" in text), ""):
            message = f"shows the asterisks of “{glance(text.strip())}”; let bold begin and end at a letter"
            yield page.say("raw-markup", message, Severity.WARNING)
            return


CHECKS: Final[tuple[Callable[[Page], Iterator[Diagnostic]], ...]] = (
    *(_long_prompt, _nothing_new, _circular, _asks_back, _breaks_off, _lost_pronoun, _points_elsewhere, _raw_markup),
)


@cache
def _small(table: Phrases) -> frozenset[str]:
    return frozenset(word for key in _SMALL for entry in table.words(key) for word in WORD.findall(entry))


@cache
def _pointer(table: Phrases) -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, table.words("pointers")), key=len, reverse=True)) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)" if table.table["spaced"] else words, re.IGNORECASE)


def _stem(word: str) -> str:
    low = word.casefold()
    return low[: max(_STEM, len(low) - 2)]
