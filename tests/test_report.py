"""Findings in every format, and the command that prints them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from mkcards import __version__
from mkcards.codes import FINDINGS
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.report import FORMATS, open_questions
from test_cli import mkcards

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
RULE = {"type": "object", "required": ["id", "shortDescription"], "properties": {"shortDescription": TEXT}}
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string", "pattern": "^[!-~]+$"}},
                },
                "region": {
                    "type": "object",
                    "required": ["startLine"],
                    "properties": {"startLine": {"type": "integer", "minimum": 1}},
                },
            },
            "additionalProperties": False,
        }
    },
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
    "properties": {
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION, "minItems": 1},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
DRIVER = {"type": "object", "required": ["name", "rules"], "properties": {"rules": {"type": "array", "items": RULE}}}
RUN = {
    "type": "object",
    "required": ["tool", "results"],
    "properties": {
        "tool": {"type": "object", "required": ["driver"], "properties": {"driver": DRIVER}},
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": {"type": "array", "items": RESULT},
    },
}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {"version": {"enum": ["2.1.0"]}, "runs": {"type": "array", "items": RUN, "minItems": 1}},
}
"""What SARIF 2.1.0 demands of the parts that we write."""

FOUND = (
    Diagnostic("a b/100%.md", 3, "long-list", "10 items; cut, or\nsplit: 5%", Severity.REMARK),
    Diagnostic("c,d:e.md", 0, "unreadable", "x; y; z", Severity.ERROR),
    Diagnostic("a b/100%.md", 9, "count-mismatch", "s; d"),
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "v/a b").mkdir(parents=True)
    (tmp_path / "v/a b/100%.md").write_text("x", encoding="utf-8")
    (tmp_path / "v/c,d:e.md").write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sarif(found: tuple[Diagnostic, ...], root: Path) -> dict[str, Any]:
    log: dict[str, Any] = json.loads("\n".join(FORMATS["sarif"](found, root)))
    Draft7Validator(SARIF).validate(log)
    return log


def test_json_parts_what_was_seen_from_what_to_do(here: Path) -> None:
    assert [json.loads(line) for line in FORMATS["json"](FOUND[1:], here / "v")] == [
        {"path": "c,d:e.md", "line": 0, "code": "unreadable", "severity": "error", "seen": "x; y", "do": "z"},
        {"path": "a b/100%.md", "line": 9, "code": "count-mismatch", "severity": "warning", "seen": "s", "do": "d"},
    ]


def test_annotations_count_from_here_and_are_escaped(here: Path) -> None:
    assert list(FORMATS["github"](FOUND, here / "v")) == [
        "::notice file=v/a b/100%25.md,line=3,title=long-list::10 items; cut, or%0Asplit: 5%25",
        "::error file=v/c%2Cd%3Ae.md,title=unreadable::x; y; z",
        "::warning file=v/a b/100%25.md,line=9,title=count-mismatch::s; d",
    ]


def test_what_would_command_a_terminal_is_escaped_in_every_form(here: Path) -> None:
    found = (Diagnostic("a\nb\x07.md", 3, "open-question", "“Why \x1b[31mred\x9b?\r” has no answer yet; x"),)
    assert list(open_questions(found)) == ["a\\nb\\x07.md", "  3: Why \\x1b[31mred\\x9b?\\x0d"]
    assert list(FORMATS["github"](found, here)) == [
        "::warning file=a%0Ab\\x07.md,line=3,title=open-question::“Why \\x1b[31mred\\x9b?\\x0d” has no answer yet; x"
    ]
    (line,) = FORMATS["json"](found, here)
    assert line == (
        '{"path": "a\\nb\\u0007.md", "line": 3, "code": "open-question", "severity": "warning", '
        '"seen": "“Why \\u001b[31mred\\u009b?\\r” has no answer yet", "do": "x"}'
    )
    assert json.loads(line)["seen"] == "“Why \x1b[31mred\x9b?\r” has no answer yet"


def test_sarif_has_the_shape_that_it_must_have(here: Path) -> None:
    log = sarif(FOUND, here / "v")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("mkcards", __version__)
    assert [rule["id"] for rule in driver["rules"]] == ["count-mismatch", "long-list", "unreadable"]
    assert driver["rules"][1]["shortDescription"]["text"] == FINDINGS["long-list"]
    results = run["results"]
    assert [(one["ruleId"], one["ruleIndex"], one["level"]) for one in results] == [
        ("long-list", 1, "note"),
        ("unreadable", 2, "error"),
        ("count-mismatch", 0, "warning"),
    ]
    assert [one["locations"][0]["physicalLocation"] for one in results] == [
        {"artifactLocation": {"uri": "v/a%20b/100%25.md"}, "region": {"startLine": 3}},
        {"artifactLocation": {"uri": "v/c%2Cd%3Ae.md"}},
        {"artifactLocation": {"uri": "v/a%20b/100%25.md"}, "region": {"startLine": 9}},
    ]


def test_sarif_without_findings_is_a_run_without_results(here: Path) -> None:
    (run,) = sarif((), here)["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_a_finding_keeps_its_fingerprint_when_it_moves_down(here: Path) -> None:
    one = Diagnostic("c,d:e.md", 3, "same-card", "it has 10 cards of a.md:3; cut")
    two = Diagnostic("c,d:e.md", 7, "same-card", "it has 10 cards of a.md:5; cut")
    other = Diagnostic("c,d:e.md", 7, "same-card", "it has 11 cards of a.md:3; cut")
    marks = [one["partialFingerprints"]["mkcards/v1"] for one in sarif((one, two, other), here)["runs"][0]["results"]]
    assert marks[0] == marks[1] != marks[2]


def test_files_elsewhere_and_names_that_are_no_text(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    (here / "v" / name).write_text("x", encoding="utf-8")
    (here / "else").mkdir()
    monkeypatch.chdir(here / "else")
    (result,) = sarif((Diagnostic(name, 1, "long-list", "x; y"),), here / "v")["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == f"file://{here.resolve()}/v/caf%E9.md"


NOTE = "# Minds\n\n==Why would it want power?==\n\n==Why does the moon rise?== It does.\n"
QUESTION = "minds.md:3: open-question “Why would it want power?” has no answer yet; write it below\n"
NOTHING = (
    "minds.md:5: nothing-new “Why does the moon rise?” is answered “It does.”, which adds nothing; write an answer\n"
)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/minds.md").write_text(NOTE, encoding="utf-8")
    return tmp_path


def test_check_selects_and_ignores_by_option_and_by_file(vault: Path) -> None:
    assert mkcards(vault, "check", "notes")[1] == QUESTION + NOTHING
    assert mkcards(vault, "check", "notes", "--select", "nothing-new,circular")[1] == NOTHING
    assert mkcards(vault, "check", "notes", "--ignore", "nothing-new", "--ignore", "circular")[1] == QUESTION
    (vault / "config.yaml").write_text("mkcards: {notes: [notes], ignore: [open-question]}\n", encoding="utf-8")
    assert mkcards(vault, "check")[1] == NOTHING
    assert mkcards(vault, "check", "--ignore", "nothing-new")[1] == QUESTION
    assert mkcards(vault, "check", "--select", "circulars") == (
        2,
        "",
        "--select: unknown-code there is no code `circulars`; did you mean `circular`?\n",
    )


def test_check_fails_on_errors_and_if_strict_on_warnings(vault: Path) -> None:
    assert mkcards(vault, "check", "notes", "--strict")[0] == 0
    (vault / "notes/sea.md").write_text("==Why is the sea salty?== The **rivers ** bring it.\n", encoding="utf-8")
    assert mkcards(vault, "check", "notes")[0] == 0
    assert mkcards(vault, "check", "notes", "--strict")[0] == 1
    assert mkcards(vault, "check", "notes", "--strict", "--ignore", "raw-markup")[0] == 0


def test_open_questions_are_a_list_to_read_by_note(vault: Path) -> None:
    (vault / "notes/a.md").write_text("==What is “deep”?==\n\n==How deep?==\n", encoding="utf-8")
    assert mkcards(vault, "check", "notes", "--open-questions") == (
        0,
        "a.md\n  1: What is “deep”?\n  3: How deep?\n\nminds.md\n  3: Why would it want power?\n",
        "2 notes · 1 card · 3 open questions\n",
    )
    assert mkcards(vault, "check", "notes", "--open-questions", "--format", "github")[1].splitlines()[2] == (
        "::notice file=notes/minds.md,line=3,title=open-question"
        "::“Why would it want power?” has no answer yet; write it below"
    )
