"""Which language a note is written in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from operator import itemgetter

import yaml

from mkcards.phrase_tables import LANGUAGES, LOADER, TRADITIONAL, traditional, written
from mkcards.word_lists import CJK, words_of

ENOUGH_WORDS = 2000
"""A note's language shows in so many of its words."""
STRIDE = 7
"""Every block so far on is read first, since a note may open with a table or quotation in another language; odd, so
that a translation below each paragraph hides neither."""
SURE_WORDS, SURE_SHARE, SURE_LEAD = 100, 0.15, 4
"""After this many words it shows for sure when the share of its function words, and its lead, are at least these."""
LONG_TEXT = 40
LONG_TEXT_SHARE, SHORT_TEXT_SHARE = 0.05, 0.1
"""The least share of function words, in texts above and up to `LONG_TEXT` words."""
_FORMULA = re.compile(r"\$\$[^$]*\$\$|\$[^$]*\$")
_FUNCTION_WORDS = re.compile(r"^function_words:.*?(?=^\w|\Z)", re.MULTILINE | re.DOTALL)
_NEIGHBOURS = {
    "no": "og er ikke av å til som det en på med kan har hva også ved fra mellom blir bli når hvis uten"
    " hvor hvordan noe noen mye være brukes",
    "sv": "och är inte av att till där som det en ett på med för kan har vad också vid från mellan blir när om utan"
    " hur något några mycket vara används",
    "is": "og er ekki af að til hvað með við það þegar eða milli verður vera hvernig eru",
    "nl": "het een niet zijn voor met aan wordt worden ook naar bij door maar deze dat er kan",
}
"""Words of languages without questions that would be taken for Danish, which shares many of them."""
CYRILLIC_SHARE = 0.5
"""Least share of Cyrillic words in a text that its letters show to be Russian."""
_CYRILLIC = re.compile(r"[\u0400-\u052f]+")
_RUSSIAN_ONLY = re.compile("[ыэё]")
"""Letters that neither Ukrainian nor Bulgarian nor Serbian has."""
_NOT_RUSSIAN = re.compile(r"[^а-яё]")
_KANA = re.compile(r"[\u3040-\u30ff]")


def detect(texts: Iterable[str]) -> str:
    """Return the language whose function words the texts use most, or "" when none fits, or two alike."""
    words: Counter[str] = Counter()
    cjk = kana = total = 0
    sure = SURE_WORDS
    held = [text for text in texts if text]
    for text in chain.from_iterable(held[start::STRIDE] for start in range(STRIDE)):
        text = _FORMULA.sub(" ", text) if "$" in text else text
        found = words_of(text)
        words.update(found)
        total += len(found)
        if not text.isascii():
            cjk += len(CJK.findall(text))
            kana += len(_KANA.findall(text))
        if total + cjk > ENOUGH_WORDS:
            break
        if total > sure and not cjk:
            (code, first), (_, second), *_ = _spoken(words)
            if first >= SURE_SHARE * total and first >= SURE_LEAD * second:
                return code if code in LANGUAGES else ""
            sure *= 2
    if cjk > total:
        return "" if kana * 10 > cjk else chinese(words)
    (best, count), (_, second), *_ = _spoken(words)
    enough = LONG_TEXT_SHARE if total > LONG_TEXT else SHORT_TEXT_SHARE
    if total and count > second and count / total >= enough:
        return best if best in LANGUAGES else ""
    return "ru" if _is_russian(words) else ""


def chinese(texts: Iterable[str]) -> str:
    """Return the code of Chinese in the characters, simplified or traditional, that texts have more of."""
    signs = Counter(chain.from_iterable(texts))
    simple, full = (sum(signs[chr(one)] for one in ones) for ones in (traditional(), traditional().values()))
    return TRADITIONAL if full > simple else "zh"


def _is_russian(words: Counter[str]) -> bool:
    """Tell by the letters alone whether words are Russian, which drops its small words in short notes."""
    cyrillic = "".join(_CYRILLIC.findall(" ".join(words)))
    russian = _RUSSIAN_ONLY.search(cyrillic) is not None and not _NOT_RUSSIAN.search(cyrillic)
    share = sum(count for word, count in words.items() if _CYRILLIC.search(word))
    return russian and share >= CYRILLIC_SHARE * words.total()


def _spoken(words: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return how many of the words are function words of each language, the most first."""
    counts = dict.fromkeys((*LANGUAGES, *_NEIGHBOURS), 0)
    speakers = _speakers()
    for word in words.keys() & speakers.keys():
        for code in speakers[word]:
            counts[code] += words[word]
    return sorted(counts.items(), key=itemgetter(1), reverse=True)


def function_words(language: str) -> frozenset[str]:
    """Return the words by which a language is known, without the rest of its table, which takes long to read."""
    found = _FUNCTION_WORDS.search(written(language))
    assert found
    (words,) = yaml.load(found.group(), Loader=LOADER).values()
    return frozenset(str(word).casefold() for word in words)


@cache
def _speakers() -> Mapping[str, list[str]]:
    """Return the languages of each function word."""
    found: dict[str, list[str]] = {}
    known = [(code, function_words(code)) for code in LANGUAGES]
    for code, words in (*known, *((code, said.split()) for code, said in _NEIGHBOURS.items())):
        for word in words:
            if len(word) > 1 or not word.isascii():  # Formulas are full of single letters.
                found.setdefault(word, []).append(code)
    return found
