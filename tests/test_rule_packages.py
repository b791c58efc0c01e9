"""A rule that another package offers, as the README shows it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8").partition("## Rules of your own\n")[2]
OFFER, RULE = re.findall(r"```(?:toml|python)\n(.+?)```", README, re.DOTALL)[:2]
NOTE = "Theorem (Rolle's theorem). Between two equal values a smooth curve has a flat point.\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder on the path of which a package offers the rule."""
    offered = tmp_path / "site"
    (offered / "theorems-1.0.dist-info").mkdir(parents=True)
    (offered / "my_rules.py").write_text(RULE, encoding="utf-8")
    info = offered / "theorems-1.0.dist-info"
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theorems\nVersion: 1.0\n", encoding="utf-8")
    groups = tomllib.loads(OFFER)["project"]["entry-points"]
    lines = [f"[{group}]\n{name} = {place}\n" for group, offers in groups.items() for name, place in offers.items()]
    (info / "entry_points.txt").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "Calculus.md").write_text(NOTE, encoding="utf-8")
    return offered


def listed(folder: Path, offered: Path) -> subprocess.CompletedProcess[str]:
    """Run `mkcards list` with the package on the path."""
    return run(folder, offered, "list", "notes", "--format", "json")


def run(folder: Path, offered: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run mkcards with the package on the path, before what is there already."""
    path = os.pathsep.join((str(offered), *filter(None, [os.environ.get("PYTHONPATH")])))
    return subprocess.run(
        [sys.executable, "-m", "mkcards", *args],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_a_rule_of_another_package_makes_cards(tmp_path: Path, package: Path) -> None:
    card = json.loads(listed(tmp_path, package).stdout)
    assert (card["rule"], card["line"], card["prompt"]) == ("theorem", 1, "What does Rolle's theorem say?")
    assert card["answer"] == "Between two equal values a smooth curve has a flat point."
    assert card["tags"] == ["mkcards::theorem"]


def test_it_can_be_switched_off(tmp_path: Path, package: Path) -> None:
    (tmp_path / "config.yaml").write_text("mkcards:\n  rules:\n    theorem: false\n", encoding="utf-8")
    done = listed(tmp_path, package)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_broken_one_stops_the_run_in_one_line(tmp_path: Path, package: Path) -> None:
    (package / "my_rules.py").write_text("RULE = 1\n", encoding="utf-8")
    done = listed(tmp_path, package)
    message = "my_rules:RULE: rule-package is no mkcards.rule.Rule; mend or uninstall the package that offers it\n"
    assert (done.returncode, done.stderr) == (2, message)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("from mkcards.rule import Rule\nRULE = Rule('theorem', 5)\n", "is no mkcards.rule.Rule"),
        ("import sys\nsys.exit(4)\n", "can't be loaded (SystemExit: 4)"),
    ],
)
def test_one_that_is_no_rule_stops_the_run(tmp_path: Path, package: Path, rule: str, why: str) -> None:
    (package / "my_rules.py").write_text(rule, encoding="utf-8")
    done = listed(tmp_path, package)
    message = f"my_rules:RULE: rule-package {why}; mend or uninstall the package that offers it\n"
    assert (done.returncode, done.stderr) == (2, message)


@pytest.mark.parametrize("name", ["term-line", "theorem"])
def test_a_name_that_another_rule_has_stops_the_run(tmp_path: Path, package: Path, name: str) -> None:
    info = package / "others-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[mkcards.rules]\n{name} = my_rules:RULE\n", encoding="utf-8")
    done = listed(tmp_path, package)
    why = f"is offered as `{name}`, which is another rule"
    message = f"my_rules:RULE: rule-package {why}; mend or uninstall the package that offers it\n"
    assert (done.returncode, done.stderr) == (2, message)


@pytest.mark.parametrize("found", ["find", "functools.partial(find)"])
def test_a_helper_that_changes_is_noticed(tmp_path: Path, package: Path, found: str) -> None:
    code = RULE.replace("import re", "import functools\nimport re\n\nimport my_helper")
    code = code.replace('f"What does {name} say?"', "my_helper.ASKED")
    (package / "my_rules.py").write_text(code.replace('"theorem", find)', f'"theorem", {found})'), encoding="utf-8")
    for asked in ("What is said?", "What is stated?"):
        (package / "my_helper.py").write_text(f"ASKED = {asked!r}\n", encoding="utf-8")
        assert run(tmp_path, package, "notes", "-o", "deck.apkg").returncode == 0
        ledger = (tmp_path / "deck.ledger.jsonl").read_text(encoding="utf-8").splitlines()
        assert json.loads(ledger[1])["prompt"] == asked


def test_the_settings_know_it(tmp_path: Path, package: Path) -> None:
    assert "    theorem: true  # default" in run(tmp_path, package, "config", "notes").stdout.splitlines()
    (tmp_path / "config.yaml").write_text("mkcards:\n  reverse: {theorem: false}\n", encoding="utf-8")
    assert listed(tmp_path, package).returncode == 0
    (tmp_path / "config.yaml").write_text("mkcards:\n  reverse: {list-item: false, lemma: true}\n", encoding="utf-8")
    done = listed(tmp_path, package)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        "config.yaml:2: unknown-rule the rule `list-item` has no reverse card; take it out"
    )


def test_one_offered_under_another_name_stops_the_run(tmp_path: Path, package: Path) -> None:
    (package / "theorems-1.0.dist-info/entry_points.txt").write_text("[mkcards.rules]\nlemma = my_rules:RULE\n")
    done = listed(tmp_path, package)
    message = (
        "my_rules:RULE: rule-package is the rule `theorem` and offered as `lemma`; "
        "mend or uninstall the package that offers it\n"
    )
    assert (done.returncode, done.stderr) == (2, message)


def test_an_entry_point_that_changes_is_noticed(tmp_path: Path, package: Path) -> None:
    build = ("notes", "-o", "deck.apkg")
    assert [run(tmp_path, package, *build).returncode for _ in range(2)] == [0, 0]
    offers = package / "theorems-1.0.dist-info/entry_points.txt"
    offers.write_text("[mkcards.rules]\ntheorem = my_rules:GONE\n", encoding="utf-8")
    done = run(tmp_path, package, *build)
    why = "can't be loaded (AttributeError: module 'my_rules' has no attribute 'GONE')"
    message = f"my_rules:GONE: rule-package {why}; mend or uninstall the package that offers it\n"
    assert (done.returncode, done.stderr) == (2, message)


FAILING = (
    ('yield "card"', "TypeError: it yields str, not what look.card or look.remark gives"),
    (
        "yield look.card('theorem', 'definition', name, place, '?', '!', lines=(1, 1), details=1)",
        "ValidationError: Expected `str`, got `int` - at `$[3][5]`",
    ),
    (
        "yield look.card('theorem', 'definition', name, place, '?', '!', lines=(1, 1), label_line=10**30)",
        f"ValueError: the note has no line {10**30}",
    ),
    ("raise SystemExit(3)", "SystemExit: 3"),
    ("raise KeyError(name)", "KeyError: 'Case 4'"),
)
"""What a rule does, and the error that this is."""


def test_a_rule_that_fails_is_named_with_the_line(tmp_path: Path, package: Path) -> None:
    cases = "".join(
        f"            if name == 'Case {at}':\n                {does}\n" for at, (does, _) in enumerate(FAILING)
    )
    before = "            yield look.card("
    (package / "my_rules.py").write_text(RULE.replace(before, cases + before), encoding="utf-8")
    for at in range(len(FAILING)):
        text = NOTE.replace("Rolle's theorem", f"Case {at}")
        (tmp_path / f"notes/{at}.md").write_text(f"First.\n\n{text}", encoding="utf-8")
    done = listed(tmp_path, package)
    assert (done.returncode, done.stderr.splitlines()[1:]) == (
        1,
        [
            f"{at}.md:3: rule-failed the rule theorem failed here ({error}); please report it with the note"
            for at, (_, error) in enumerate(FAILING)
        ],
    )
    assert json.loads(done.stdout)["path"] == "Calculus.md"
