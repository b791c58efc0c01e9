"""What stands where an answer would, and is none."""

from __future__ import annotations

import re

from mkcards.links import is_bare_link
from mkcards.phrasing import Phrases, size
from mkcards.syntax.inline import plain
from mkcards.syntax.obsidian import TAG
from mkcards.terms import DATE
from mkcards.word_lists import COLONS, QUESTION_MARKS, QUOTES

REFERENCE_WORDS = 10
"""A longer text that sends elsewhere also says something."""
ASKED_WORDS = 2
"""A question of so few words may be answered by a question, as in a grammar (`Who?`)."""
_TAG = re.compile(rf"(?<!\S){TAG.pattern}")
_CITED = re.compile(r"\[[^\[\]@]*+@[^\[\]]*+\](?!\()|(?<!\S)-?@[\w:.-]*\w")
"""What Pandoc and its plugins write for a source: `[@hecht2017, p. 159]`, `@hecht2017`."""
_SOURCE = re.compile(
    r"[(（]\s*+(?=[^()（）]*+[)）][.。]?\Z)[^\W\d_][^()（）]*?\b(?:1[5-9]|20)\d\d[a-z]?\b[^()（）]*+[)）][.。]?"
)
"""The same in words: `(Hecht 2017, p. 159)`."""
_PLACE = re.compile(
    r"\W*(?:pp?|pgs?|ss?|págs?|pags?|стр|с|ch|chap|kap|cap|sec|sect|fig|abb|eq|§)\.?\s*\d[\d.,\s–-]*+\W*", re.IGNORECASE
)
"""A place in a source: `p. 40`, `Kap. 3`."""
_KEY = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])[A-Za-z0-9]{20,}")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
"""What a template leaves to be filled in (`{your text}`)."""
_WORDS = re.compile(r"[^\W\d_]{3}|[\u3040-\u30ff\u3400-\u9fff]{2}")
_FIELDS = re.compile(r"(?<!\|)\|\s+\*\*[^*\n]{1,30}(?::\*\*|\*\*:)\s")
"""Where another field of a note stands on the same line (`**Pages:** 3 | **Marks:** 10`)."""
_END = " \t.,;:!…。()（）[]*_"
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|\n")


def without_marks(text: str) -> str:
    """Return what stands behind a question without tags and sources, or the text as it is when it says something."""
    rest = _CITED.sub("", _TAG.sub("", text)).strip(_END)
    shown = plain(text).strip()
    marked = not rest or _SOURCE.fullmatch(shown) or _PLACE.fullmatch(shown)
    return "" if marked else text


def says_nothing(phrases: Phrases, text: str) -> bool:
    """Tell whether a text says that an answer is to be written (`TODO`, `??`), or where it stands (`See Hecht`)."""
    shown = plain(_TAG.sub("", text)).strip(_END)
    if not shown.strip("?？ ") or shown.casefold() in phrases.words("undone"):
        return True
    if not phrases.starts_with(shown, "references") or size(shown) > REFERENCE_WORDS:
        return False
    rest = phrases.behind(shown, "references")
    # `See whether it holds` tells what to do.
    told = phrases.starts_with(rest, "connectives", "relatives", "question_words")
    return not told and len(phrases.sentences(shown)) == 1


def only_asks(phrases: Phrases, question: str, answer: str) -> bool:
    """Tell whether what answers a question is nothing but further questions."""
    asked = plain(question)
    if not phrases.starts_with(asked, "question_words", "question_verbs") or size(asked) <= ASKED_WORDS:
        return False
    said = [part.strip(" *_\"”’)") for part in _SENTENCE.split(answer) if any(sign.isalnum() for sign in part)]
    return bool(said) and all(part.endswith(QUESTION_MARKS) for part in said)


def only_example(phrases: Phrases, answer: str) -> bool:
    """Tell whether what answers a question is one sentence that gives an example of what is asked for."""
    shown = plain(answer)
    return bool(phrases.starts_with(shown, "example_labels")) and len(phrases.sentences(shown)) == 1


def says_something(text: str) -> bool:
    """Tell whether what stands after a term can be an answer: no question, link, date, number, key or lead-in."""
    shown = plain(text)
    if _KEY.fullmatch(shown):
        return False
    if "$" not in text and shown[:1] == "[" and shown.find("]") == len(shown) - 1:
        return False
    if shown.startswith(("...", "…")) or _PLACEHOLDER.fullmatch(shown) or _FIELDS.search(text):
        return False
    opens_aside = shown[:1] in "(（" and not re.search(r"[)）]", shown[:-1])
    inside = shown.strip(QUOTES) if shown[:1] in QUOTES else shown
    asks = inside.endswith(QUESTION_MARKS + COLONS)
    if opens_aside or is_bare_link(text) or asks or DATE.match(shown):
        return False
    if shown.endswith(("!", "！")) and size(shown) < 4:
        return False
    return bool(_WORDS.search(shown)) or "$" in text
