"""Every code that the program can say is in its table, and in the README."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import mkcards
from mkcards.codes import FINDINGS, STOPS

SOURCE = Path(mkcards.__file__).parent
README = Path(__file__).parent.parent / "README.md"
TAKES_CODE = {
    "Diagnostic": 2,
    "remark": 1,
    "say": 0,
    "fault": 1,
    "_report": 0,
    "_keep": 1,
    "_file": 2,
}
"""The functions that are handed a code, and as which argument."""
TOLD = re.compile(r"^(?:§|[^§]*?\w)(?::§)?: ([a-z]+(?:-[a-z]+)*) ")
"""The head of a message that stops a run: a place (§ stands for what is filled in), then the code."""


def _text(node: ast.expr) -> str:
    """A string, with § for what is filled in; "" for all else."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "§" for part in node.values)
    return ""


def _said(tree: ast.Module) -> Iterator[str]:
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            at = TAKES_CODE.get(ast.unparse(node.func).rpartition(".")[2])
            if at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant):
                yield _text(node.args[at])
        text = _text(node) if isinstance(node, ast.expr) and node not in docstrings else ""
        if "; " in text and (found := TOLD.match(text)):
            yield found.group(1)


FILES = [path for path in SOURCE.rglob("*.py") if path.name not in ("codes.py", "settings.py")]
TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in FILES]


def test_every_code_that_is_said_is_in_the_table() -> None:
    said = {code for tree in TREES for code in _said(tree)}
    assert sorted(said - {*FINDINGS, *STOPS}) == []
    assert {"open-question", "circular", "missing-media", "locked", "set-twice"} <= said


def test_every_code_of_the_table_can_be_said() -> None:
    said = {code for tree in TREES for code in _said(tree)}
    strings = {node.value for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert sorted({*FINDINGS, *STOPS} - said - strings) == []


def test_the_readme_documents_every_code() -> None:
    readme = README.read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \| ([^|]+\.) \|$", readme, re.MULTILINE)
    assert listed == [*FINDINGS.items(), *STOPS.items()]


def test_a_code_is_lower_case_with_hyphens_and_what_it_means_a_sentence() -> None:
    for code, meaning in (*FINDINGS.items(), *STOPS.items()):
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert meaning[-1] == "." and meaning.count(". ") == 0


def test_the_readme_names_the_warnings_about_notes() -> None:
    text = README.read_text(encoding="utf-8").partition("Of notes and files these are warnings:")[2]
    named = re.findall(r"`([a-z-]+)`", text.partition(" Files that")[0])
    told = ("REMARK", "ERROR")
    made = {
        (node.args[2].value, any(f"Severity.{one}" in ast.unparse(node) for one in told))
        for tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Diagnostic" and len(node.args) > 3
        if isinstance(node.args[2], ast.Constant)
    }
    warned = {code for code, other in made if not other and code in FINDINGS} - {"empty-card", "rival-answers"}
    assert warned <= {*named}
    assert {*named} <= {*FINDINGS}
