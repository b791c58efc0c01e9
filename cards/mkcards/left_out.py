"""Why a build does not read a file, though it could be named by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from mkcards.discover import CONFLICT_COPY, COPY, SUFFIXES
from mkcards.globs import from_root, is_skipped, pattern_of


def reason(file: Path, root: Path, tops: Sequence[Path], exclude: Sequence[str]) -> str:
    """Return why a build of the folders and files `tops` passes over a file below one of them, or "" if it reads it.

    All paths are absolute; those that the globs of `exclude` match count from `root`, the vault's.
    """
    if file in tops:
        return ""
    top = next((top for top in tops if file.is_relative_to(top)), None)
    if top is None:
        return f"it is not among the notes that are built ({', '.join(map(str, tops))})"
    hidden = next(filter(is_skipped, file.relative_to(top).parts), "")
    if hidden:
        return f"a build does not look into `{hidden}`"
    if file.suffix.lower() not in SUFFIXES:
        return "a build reads *.md and *.markdown; name it by itself to have it read"
    path = file.relative_to(root).as_posix()
    glob = next((glob for glob in exclude if _matches(from_root(glob, root), path)), "")
    if glob:
        return f"`exclude` leaves it out, by the pattern `{glob}`"
    return COPY if CONFLICT_COPY.search(file.name) else ""


def _matches(glob: str, path: str) -> bool:
    pattern = pattern_of([glob])
    return pattern is not None and pattern.fullmatch(path) is not None


def folder_around(file: Path, paths: Iterable[str]) -> Path | None:
    """Return the nearest folder around a file below which one of some paths leads to a file."""
    return next((folder for folder in file.parents if any((folder / path).is_file() for path in paths)), None)
