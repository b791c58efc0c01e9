"""`Diagnostic` and how one prints."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Severity(StrEnum):
    """How much a finding matters: an error costs cards, a warning may, a remark does not."""

    ERROR = "error"
    WARNING = "warning"
    REMARK = "remark"


class Diagnostic(Struct, frozen=True, array_like=True):
    """Something a person should know about one place of one file.

    `message` says what was seen and, after a semicolon, what to do.
    """

    path: str
    line: int
    """Counted from 1; 0 when the finding is about the whole file."""
    code: str
    """Stable, lower case with hyphens: `open-question`, `undecodable`, …"""
    message: str
    severity: Severity = Severity.WARNING

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return on_one_line(f"{place}: {self.code} {self.message}")


def visible(text: str) -> str:
    """Return text for a terminal: control characters, of which notes and file names may hold any, show as escapes."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found.group()):02x}", text)


def on_one_line(text: str) -> str:
    """Return the same with line breaks as escapes, too."""
    return visible(text).replace("\n", "\\n")


def json_of(value: Any, indent: int | None = None) -> str:
    """Return a value as JSON that a terminal can show, too."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def not_known(what: str, name: str, known: Sequence[str]) -> str:
    """Return the message that there is no `what` of this name, and which known one is most like it, if one is."""
    near = difflib.get_close_matches(name, known, 1)
    todo = f"did you mean `{near[0]}`?" if near else "the README lists what there is"
    return f"there is no {what} `{name}`; {todo}"


def glance(text: str, limit: int = 60) -> str:
    """Return the beginning of a text on one line, enough to know it by: at most `limit` characters and a mark."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[:limit].rstrip(" ,;:") + " …"


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return each diagnostic once, by path and line."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda one: (one.path, one.line)))
