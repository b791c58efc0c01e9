"""What a note is called when nothing in it says so."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_STAMP = re.compile(r"^(?:\d{8,}|\d{4}-\d\d-\d\d)[ _-]+(?=[^\W\d_])")
"""The time in front of a note's name by which many people keep their notes apart."""
_SLUG = re.compile(r"(?=.*[^\W\d_])[^\W_]+(?:[-_][^\W_]+){2,}")


def file_name(path: str) -> str:
    """Return what the name of a file says: `20240131-binary-search-trees.md` is about binary search trees."""
    name = _STAMP.sub("", PurePosixPath(path).stem)
    return re.sub("[-_]", " ", name) if _SLUG.fullmatch(name) else name
