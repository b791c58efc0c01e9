"""The tables of words, patterns and questions in `phrases/`, one a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

NEUTRAL = "neutral"
"""The table for a note in no language that has one: structure alone decides, and prompts have no words."""
TRADITIONAL = "zh-hant"
"""Chinese in traditional characters: its table is that of `zh` in these."""
LANGUAGES = ("en", "de", "fr", "es", "it", "zh", TRADITIONAL, "ru", "pt", "da", "pl")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def table_of(language: str) -> Mapping[str, Any]:
    """Return the table of a language."""
    found: Mapping[str, Any] = yaml.load(written(language), Loader=LOADER)
    return found


def written(language: str) -> str:
    """Return the table of a language as it stands in its file."""
    if language == TRADITIONAL:
        return written("zh").translate(traditional())
    return files("mkcards").joinpath("phrases", f"{language}.yaml").read_text(encoding="utf-8")


@cache
def traditional() -> Mapping[int, int]:
    """Return the traditional character of each simplified one that has another, by their code points."""
    table = table_of("traditional")
    simple, full = ("".join(table[key].split()) for key in ("simplified", "traditional"))
    return dict(zip(map(ord, simple), map(ord, full), strict=True))
