"""What a note held when mkcards last wrote it, kept inside the note as short hashes.

Only so can a later push tell what the notes changed from what the learner changed in Anki, on any machine and
after any import. The hashes stand as an HTML comment behind the id in the field `Id`, where nobody sees them.
"""

from __future__ import annotations

import re
import unicodedata
from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from msgspec import Struct

UNKNOWN: Final = "****"
"""Stands for what nobody knows: no text has this hash."""
COUNT: Final = 9
"""How many fields are hashed: all but the last, which holds the hashes."""
_SIZE: Final = len(UNKNOWN)
_SIGNS: Final = bytes.maketrans(b"+/", b"._")
_MARK: Final = re.compile(r"<!--mk1 ([\w.*]{36}) ([\w.*]{4}) ((?:[\w.*]{4})*)-->", re.ASCII)



class Fingerprint(Struct, frozen=True):
    """Hashes of the fields in their order, of the deck, and of the tags (sorted)."""

    fields: tuple[str, ...]
    deck: str
    tags: tuple[str, ...]

    def __str__(self) -> str:
        return f"<!--mk1 {''.join(self.fields)} {self.deck} {''.join(self.tags)}-->"


def of(fields: Sequence[str], deck: str, tags: Iterable[str]) -> Fingerprint:
    """Return the fingerprint of a note with these fields as HTML; what follows the ninth is not looked at."""
    return Fingerprint(tuple(map(short, fields[:COUNT])), _named(deck), _tags(tags))


def refiled(mark: str, deck: str, tags: Iterable[str]) -> str:
    """Return the fingerprint of a note with the same fields in a deck with tags, both as text.

    Raises ValueError when `mark` is none.
    """
    match = _MARK.fullmatch(mark)
    if not match:
        raise ValueError("these fields have no fingerprint")
    return f"<!--mk1 {match[1]} {_named(deck)} {''.join(_tags(tags))}-->"


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(map(_named, tags))))


@lru_cache(maxsize=4096)
def _named(name: str) -> str:
    """Return what stands for a deck or a tag; many notes share them."""
    return short(folded(name))


def found(text: str) -> Fingerprint | None:
    """Return the fingerprint in the field `Id`, or None when there is none."""
    match = _MARK.search(text)
    if not match:
        return None
    fields, deck, tags = match.groups()
    return Fingerprint(_split(fields), deck, _split(tags))


def name(text: str) -> str:
    """Return the id in the field `Id`."""
    return text.partition("<")[0].strip()


@lru_cache(maxsize=64)
def short(text: str) -> str:
    """Return four characters that stand for a text as Anki stores it."""
    digest = blake2b(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass"), digest_size=3).digest()
    return b2a_base64(digest, newline=False).translate(_SIGNS).decode("ascii")


def folded(text: str) -> str:
    """Return a tag or the name of a deck without its case, in which Anki sees no difference."""
    return unicodedata.normalize("NFC", text).casefold()


def _split(text: str) -> tuple[str, ...]:
    return tuple(text[at : at + _SIZE] for at in range(0, len(text), _SIZE))
