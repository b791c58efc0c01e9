"""Globs for files and folders as regular expressions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_END: Final = r"(?=/|\Z)"
"""Where a file or a folder of a path ends."""

_SKIPPED: Final = ("node_modules",)


def is_skipped(name: str) -> bool:
    """Say whether nobody looks at a file or folder of this name: it is hidden, or filled by a package manager."""
    return name.startswith(".") or name in _SKIPPED


def pattern_of(globs: Sequence[str]) -> re.Pattern[str] | None:
    """Return what matches the whole paths that one of the globs matches, or None without globs.

    Without a `/` a glob matches any name, with one the path from the root, where `**` crosses folders.
    """
    return re.compile("|".join(map(_glob, globs)), re.DOTALL) if globs else None


def _glob(glob: str) -> str:
    """A glob as a regular expression for a whole path; what matches a folder matches all below it.

    Each wildcard skips as little as it can and never tries again, or a few of them would take for ever.
    """
    glob = glob.removeprefix("./")
    anywhere = "" if "/" in glob.rstrip("/") else "**/"
    pieces = re.split(r"(\*\*/|\*\*)", anywhere + glob.strip("/"))
    names = [_names(piece, end) for piece, end in zip(pieces[::2], [*[""] * (len(pieces) // 2), _END], strict=True)]
    wild = {"**/": "(?:.*?/)??", "**": ".*?"}
    steps = (f"(?>{wild[skip]}{name})" for skip, name in zip(pieces[1::2], names[1:], strict=True))
    return f"{names[0]}{''.join(steps)}(?:/.*)?"


def _names(glob: str, end: str = "") -> str:
    """A glob without `**` as a regular expression; `end` is one for what must follow."""
    pieces = [re.escape(piece).replace(r"\?", "[^/]") for piece in glob.split("*")]
    pieces[-1] += end
    return pieces[0] + "".join(f"(?>[^/]*?{piece})" for piece in pieces[1:])


def from_root(glob: str, root: Path) -> str:
    """Return a glob as it counts from the root, where it names the folders first that lead there (`notes/Daily`).

    It stays as it is when the root itself holds what it begins with.
    """
    if root.as_posix().strip("/") and glob.startswith(f"{root.as_posix()}/"):
        return glob.removeprefix(root.as_posix())
    parts, above = glob.removeprefix("./").split("/"), root.parts
    for count in range(min(len(parts), len(above)) - 1, 0, -1):
        if tuple(parts[:count]) == above[-count:] and not (root / parts[0]).exists():
            return "/" + "/".join(parts[count:])
    return glob
