"""What a note is called when nothing in it says so, and which titles say nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePosixPath

_DATE = re.compile(r"\W*(?:\d{1,4}(?:[-_/ ]\d{1,4})+|\d{1,4}(?:\.\d{1,4}){2,}|\d{6,})\W*")
_ID = re.compile(r"(?=\S{16,200}$)(?=.*\d)(?:(?:[A-Za-z_-]*\d+[A-Za-z_-]+){3}|(?:[^A-Z]*[a-z][A-Z]){3})\S*")
_RANDOM = re.compile(r"(?=.*\d)[A-Za-z\d]{20,21}")
"""As long as the ids that nanoid and Firebase make; their letters and figures follow no pattern."""
_TURNS = re.compile(r"[a-z](?=[A-Z\d])|[A-Z](?=[a-z\d])|\d(?=[A-Za-z])")
_STAMP = re.compile(r"^(?:\d{8,}|\d{4}-\d\d-\d\d)[ _-]+(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?[ _-]+)?(?=[^\W\d_])")
"""The time in front of a note's name by which many people keep their notes apart."""
_CODES = re.compile(r"^[A-Z]{2,5}\d{3,}[a-z]?\s+[-–—]\s+[A-Z]\d{0,2}[a-z]?\s+[-–—]\s+(?=[^\W\d_])")
"""The course and the place in it in front of a name (`CS101 - A3 - recursion`)."""
_SLUG = re.compile(r"(?=.*[^\W\d_])[^\W_]+(?:[-_][^\W_]+){2,}")


def file_name(path: str) -> str:
    """Return what the name of a file says: `20240131-binary-search-trees.md` is about binary search trees."""
    name = _CODES.sub("", _STAMP.sub("", PurePosixPath(path).stem))
    return re.sub("[-_]", " ", name) if _SLUG.fullmatch(name) else name


@lru_cache(maxsize=1024)
def says(title: str) -> bool:
    """Tell whether a title has words; the name of a daily note has none, nor has an id that a program made."""
    return sum(c.isalpha() for c in title) > 1 and not is_id(title)


@lru_cache(maxsize=1024)
def is_stamp(title: str) -> bool:
    """Tell whether a title is only a date or an id."""
    return bool(_DATE.fullmatch(title)) or is_id(title)


def is_id(title: str) -> bool:
    """Tell whether a title is an id that a program made."""
    turns = _TURNS.findall(title) if _RANDOM.fullmatch(title) else ()
    return bool(_ID.fullmatch(title)) or 5 * len(turns) >= 2 * len(title)
