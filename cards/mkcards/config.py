"""The settings of a run, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

RULES: Final = (
    "quoted-definition",
    "bold-definition",
    "heading-definition",
    "term-line",
    "labelled-list",
    "list-item",
    "item-explanation",
    "highlighted-question",
    "question-line",
)
RULE_GROUP: Final = "mkcards.rules"
"""The entry-point group in which other packages offer rules; an entry point has the name of its rule."""
REVERSES: Final = MappingProxyType(
    {"quoted-definition": True, "bold-definition": True, "heading-definition": True, "term-line": False}
)
SUBDECKS: Final = ("none", "folders")

NO_NOTES: Final = (
    *("/README.md", "AGENTS.md", "CLAUDE.md", "GEMINI.md", "SKILL.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md"),
    *("CONTRIBUTING.md", "LICENSE.md", "SECURITY.md", "TODO.md", "*Template", "*Templates", "*templates"),
)
"""What by custom holds no notes: files of a repository that speak to programs or contributors, folders of templates."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting with its default; `settings.py` says what each is for."""

    notes: tuple[Path, ...] = ()
    output: Path | None = None
    deck: str = ""
    namespace: str = ""
    vault: Path | None = None
    exclude: tuple[str, ...] = NO_NOTES
    lang: str = "auto"
    # Plain dictionaries, because a Config is pickled for worker processes and a mapping proxy can't be.
    rules: Mapping[str, bool] = field(default_factory=lambda: dict.fromkeys(RULES, True), hash=False)
    reverse: Mapping[str, bool] = field(default_factory=lambda: dict(REVERSES), hash=False)
    heading_labels: bool = True
    skip_headings: tuple[str, ...] | None = None
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    tags: tuple[str, ...] = ()
    subdecks: str = "none"
    remote_images: bool = False
    outside_links: bool = False
    ledger_in_deck: bool = True
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
