"""Packages of notes, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mkcards import package, shelf, stage
from mkcards.package import PackageNote


def write(
    path: Path, notes: Sequence[PackageNote], media: Mapping[str, Path], ledger: bytes | None = None, digest: str = ""
) -> None:
    """Write notes as a package, as a build does, with a ledger or without."""
    with shelf.private() as texts, stage.private() as rows:
        slips = [package.slip_of(one, texts) for one in notes]
        with package.prepared(path, slips, media, texts, rows, None if ledger is None else [ledger]) as made:
            made.write(digest)
