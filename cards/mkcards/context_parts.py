"""The names in the context of a card: of headings, and of what a note is about whose title does not say so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import PurePosixPath

from mkcards.phrasing import Phrases
from mkcards.syntax.inline import is_marked, named, shortened, show
from mkcards.terms import ORDINAL
from mkcards.titles import file_name, says
from mkcards.word_lists import CJK

PART_LIMIT = 100
"""Longest part of a context, in characters."""
CONTEXT_LIMIT = 240
"""Longest context of more than two parts, in characters."""
_NUMBERING = re.compile(
    r"^(?:\d{12,14}\s|\d+(?:\.\d+)+(?:[.)]|(?![A-Za-z\d]))(?:\s[-–—]\s)?|\d+(?:[.,]\d+)+(?:[.)]|\s[-–—]\s)|\d+[.)]|\d{1,2}\s?[-–—]\s|[IVX]+\.(?!\w)|\d+(?:\.\d+)*\.[A-Z](?=\s)|[一二三四五六七八九十]+、)\s*(?=\S)"
)
_ADDRESS = re.compile(r"(?<!\])\(https?://[^\s()]*\)")
_NO_WORD = re.compile(r"[\W_]+")
_NO_ASCII_WORD = {sign: " " for sign in range(128) if not chr(sign).isalnum()}
_PARTS = re.compile(r"\s[-–—]\s")
_KINDS = ("list_nouns", "singular_nouns", "definition_words", "empty_labels", "generic_terms", "exams")
"""The lists of words that as a title do not say what a note is about."""


def wider_name(phrases: Phrases, title: str, path: str) -> str:
    """Return what a note is about whose title does not say so (`Introduction`, `Lecture 3`), or "".

    The name of the file says it, or that of the nearest folder that is no such word itself.
    """
    return _first_telling(phrases, (file_name(path), *_folders(path))) if _says_nothing(phrases, title) else ""


def folder_name(phrases: Phrases, path: str) -> str:
    """Return the name of the nearest folder around a note that says what that is about, or ""."""
    return _first_telling(phrases, _folders(path))


def _folders(path: str) -> Iterator[str]:
    """Return the folders around a note, the nearest first."""
    return reversed(PurePosixPath(path).parent.parts)


def _first_telling(phrases: Phrases, names: Iterable[str]) -> str:
    return next((name for name in map(bare, names) if says(name) and not _says_nothing(phrases, name)), "")


def _says_nothing(phrases: Phrases, title: str) -> bool:
    low = title.casefold()
    counted = all(ORDINAL.fullmatch(part) and not part[-1].isalpha() for part in _PARTS.split(low))
    notes = low.rpartition(" ")[2] in phrases.words("texts")  # `Main notes`
    return counted or notes or any(low in phrases.words(key) for key in _KINDS)


def unnumbered(heading: str) -> str:
    """Return a heading without the number of its section in front, and without addresses in brackets."""
    heading = heading.lstrip("# ")
    return _NUMBERING.sub("", _ADDRESS.sub("", heading).rstrip() if "://" in heading else heading)


@lru_cache(maxsize=1024)
def bare(heading: str) -> str:
    """Return the text of a heading without the number that its section has."""
    return unnumbered(named(heading))


@lru_cache(maxsize=4096)
def key_of(text: str) -> str:
    low = text.casefold()
    return " ".join(low.translate(_NO_ASCII_WORD).split()) if low.isascii() else _NO_WORD.sub(" ", low).strip()


def says_too(asked: str, key: str) -> bool:
    """Tell whether a question has what a part of a context says, from the start of a word; both as `key_of` gives them.

    The plural of it may stand there, but `cost` does not say `OS`.
    """
    return key in asked if CJK.search(key) else f" {key}" in f" {asked}"


def gives_away(key: str, answer: str) -> bool:
    """Tell whether a part of a context, as `key_of` gives it, holds the answer."""
    opening = key_of(answer[:PART_LIMIT])  # No part has room for more, and most answers are longer.
    return opening in key and len(key_of(answer)) > 2 and key_of(answer) in key


def cut(text: str) -> str:
    """Return a text as `named` gives it, cut to a part of a context."""
    if len(text) <= PART_LIMIT:
        return text
    shown = (show(text).text if is_marked(text) else text)[:PART_LIMIT]
    kept = shown.rpartition(" ")[0] or shown
    short = shortened(text, len(kept)) if is_marked(text) else kept
    return text if short == text else short.rstrip(",;:") + " …"


def fitted(parts: list[str]) -> tuple[str, ...]:
    """Return the parts of a context without those behind the first that make it too long."""
    while len(parts) > 2 and len(" › ".join(parts)) > CONTEXT_LIMIT:
        parts = [parts[0], *parts[2:]]
    return tuple(parts)
