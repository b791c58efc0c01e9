"""Findings as lines to read, as JSON, as GitHub's annotations and as SARIF 2.1.0."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from mkcards import __version__
from mkcards.codes import FINDINGS
from mkcards.diagnostics import Diagnostic, Severity, json_of, on_one_line, visible

_SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LINE: Final = re.compile(r"(?<=\w):\d+\b")
_ANNOTATION: Final = MappingProxyType(
    {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.REMARK: "notice"}
)
_LEVEL: Final = MappingProxyType({Severity.ERROR: "error", Severity.WARNING: "warning", Severity.REMARK: "note"})


def as_text(found: Sequence[Diagnostic], root: Path) -> Iterator[str]:
    """Yield a line for each finding."""
    yield from map(str, found)


def as_json(found: Sequence[Diagnostic], root: Path) -> Iterator[str]:
    """Yield a JSON object for each finding; `seen` and `do` are the two halves of its message."""
    for one in found:
        seen, _, do = one.message.rpartition("; ")
        entry = {"path": one.path, "line": one.line, "code": one.code, "severity": one.severity, "seen": seen, "do": do}
        yield json_of(entry)


def as_annotations(found: Sequence[Diagnostic], root: Path) -> Iterator[str]:
    """Yield a workflow command for each finding, with which GitHub marks its line in a pull request."""
    for one in found:
        place = f"file={_property(_from_here(one, root))}" + (f",line={one.line}" if one.line else "")
        yield f"::{_ANNOTATION[one.severity]} {place},title={_property(one.code)}::{_escaped(one.message)}"


def as_sarif(found: Sequence[Diagnostic], root: Path) -> Iterator[str]:
    """Yield a SARIF 2.1.0 log; paths count from the current folder, those outside it are absolute."""
    codes = sorted({one.code for one in found})
    rules = [{"id": code, "shortDescription": {"text": FINDINGS.get(code, code)}} for code in codes]
    driver = {"name": "mkcards", "version": __version__, "rules": rules}
    results = [_result(one, codes.index(one.code), root) for one in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    yield json_of({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


FORMATS: Final[Mapping[str, Callable[[Sequence[Diagnostic], Path], Iterator[str]]]] = MappingProxyType(
    {"text": as_text, "json": as_json, "github": as_annotations, "sarif": as_sarif}
)


def open_questions(found: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield lines to read: the path of each note, and below it its questions without an answer."""
    path = None
    for one in found:
        if one.path != path:
            if path is not None:
                yield ""
            path = one.path
            yield on_one_line(path)
        question, _, _ = one.message.removeprefix("“").rpartition("”")
        yield on_one_line(f"  {one.line}: {question}")


def _result(one: Diagnostic, rule: int, root: Path) -> Mapping[str, Any]:
    path = _from_here(one, root)
    uri = quote(os.fsencode(path))
    place: dict[str, Any] = {"artifactLocation": {"uri": f"file://{uri}" if path.startswith("/") else uri}}
    if one.line:
        place["region"] = {"startLine": one.line}
    # Without lines, so that a finding stays the same when text is added above it.
    parts = (one.path, one.code, _LINE.sub("", one.message))
    mark = hashlib.sha256(os.fsencode("\0".join(parts))).hexdigest()
    return {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": _LEVEL[one.severity],
        "message": {"text": one.message},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"mkcards/v1": mark[:32]},
    }


def _from_here(one: Diagnostic, root: Path) -> str:
    """Return the path of a finding's file from the current folder, or absolute when it lies outside that."""
    file = root / one.path
    # A ledger's path counts from here already.
    place = file if file.exists() else Path(one.path)
    here = os.path.relpath(place).replace(os.sep, "/")
    return place.resolve().as_posix() if here.startswith("../") else here


def _escaped(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
