"""The house rules: what may import what, who prints, and how long things are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mkcards
from mkcards.config import RULES as RULE_NAMES
from mkcards.rules import RULES

SOURCE = Path(mkcards.__file__).parent
GOLDEN = Path(__file__).parent / "golden"
ORDER = (
    "mkcards",
    "edition",
    "diagnostics",
    "data",
    "errors",
    "files",
    "codes",
    "config",
    "yaml_depth",
    "sentence_ends",
    "word_lists",
    "phrase_tables",
    "phrasing",
    "setting_kinds",
    "settings",
    "config_file",
    "effective",
    "config_schema",
    "globs",
    "reading_order",
    "discover",
    "left_out",
    "titles",
    "syntax.bounded",
    "syntax.dollars",
    "syntax.footnotes",
    "syntax.formulas",
    "syntax.html",
    "syntax.obsidian",
    "syntax.quick",
    "syntax",
    "syntax.clean",
    "syntax.inline_footnotes",
    "syntax.link_definitions",
    "syntax.references",
    "syntax.frontmatter",
    "syntax.spans",
    "syntax.inline",
    "syntax.lists",
    "syntax.loose",
    "syntax.markdown",
    "syntax.tree",
    "parse",
    "nocard",
    "plugin_cards",
    "language",
    "patterns",
    "links",
    "terms",
    "bold_headings",
    "context_parts",
    "rule",
    "own_questions",
    "bold_sections",
    "highlights",
    "unfinished",
    "material",
    "examples",
    "announcing",
    "pointing",
    "persons",
    "yes_or_no",
    "contradictions",
    "statement_labels",
    "label",
    "heading_labels",
    "numbered_headings",
    "labels",
    "asking",
    "blanks",
    "predicate",
    "definition",
    "no_answer",
    "clauses",
    "definition_match",
    "other_names",
    "defining",
    "callout_titles",
    "recurring",
    "reversing",
    "answers",
    "footnotes",
    "defined_above",
    "headed_lines",
    "heading_gloss",
    "item_gloss",
    "term_prompt",
    "kind_headings",
    "formula_headings",
    "named_above",
    "acting",
    "told_of_heading",
    "callout_gloss",
    "question_titles",
    "question_callout",
    "rules.*",
    "rules",
    "silence",
    "extract",
    "lock",
    "ledger_lines",
    "ledger",
    "opposites",
    "counting",
    "wording",
    "match",
    "likeness",
    "fuzzy",
    "linking",
    "identify",
    "passages",
    "assets",
    "fingerprint",
    "render.callouts",
    "render.nesting",
    "render.sanitize",
    "render.simple",
    "render.arrange",
    "render.code",
    "render.images",
    "render.markdown",
    "render.plain",
    "render.dropped",
    "render",
    "note_type",
    "effort",
    "deflate",
    "shelf",
    "slips",
    "stage",
    "rows",
    "package",
    "tags",
    "outputs",
    "memory",
    "upkeep",
    "unchanged",
    "cache",
    "workers",
    "reading",
    "made",
    "warm",
    "carried",
    "appearance",
    "texts",
    "export",
    "writing",
    "pipeline",
    "doubles",
    "editor",
    "report",
    "explain",
    "diff",
    "push.plan",
    "push.compare",
    "push.deck",
    "push.pushed",
    "push.remarks",
    "push.connect",
    "push.collection",
    "push",
    "watch",
    "schedule.job",
    "schedule.*",
    "schedule",
    "mathml",
    "embedded",
    "preview",
    "cli.common",
    "cli.anki",
    "cli.*",
    "cli",
    "__main__",
)
"""A module imports only from modules above it; those of `rules.*` know nothing of each other."""

STAGES = {
    "discover": {"discover"},
    "parse": {"parse"},
    "extract": {
        "extract",
        "rules",
        "links",
        "terms",
        "unfinished",
        "material",
        "announcing",
        "pointing",
        "yes_or_no",
        "contradictions",
        "statement_labels",
        "label",
        "heading_labels",
        "numbered_headings",
        "labels",
        "asking",
        "blanks",
        "predicate",
        "definition",
        "other_names",
        "defining",
        "callout_titles",
        "recurring",
        "reversing",
        "no_answer",
        "answers",
        "defined_above",
        "kind_headings",
        "formula_headings",
    "named_above",
        "heading_gloss",
        "item_gloss",
        "acting",
        "told_of_heading",
        "callout_gloss",
        "question_titles",
        "question_callout",
        "headed_lines",
        "term_prompt",
        "footnotes",
    },
    "ledger": {"ledger", "ledger_lines"},
    "identify": {"identify", "match", "fuzzy", "likeness", "linking", "wording", "opposites", "counting"},
    "assets": {"assets", "passages"},
    "render": {"render"},
    "package": {"package", "note_type", "rows", "shelf", "stage", "deflate"},
}
"""Each stage and the modules that are its own; only the pipeline knows more than one."""

PRINTING = "cli"
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50

FILES = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(SOURCE.rglob("*.py"))
}
MODULES = {("mkcards" if name == "__init__" else name): path for name, path in FILES.items()}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def _place(name: str) -> int:
    if name not in ORDER and f"{name.partition('.')[0]}.*" in ORDER:
        name = f"{name.partition('.')[0]}.*"
    assert name in ORDER, f"{name} is new: say in ORDER which modules it may import"
    return ORDER.index(name)


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield the modules of the package that a module imports, also inside its functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name.removeprefix("mkcards.") in MODULES else str(node.module) for name in whole]
        else:
            continue
        yield from (name.removeprefix("mkcards.") for name in names if name.partition(".")[0] == "mkcards")


def _calls(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_the_order_names_no_module_that_is_gone() -> None:
    assert [name for name in ORDER if not name.endswith("*") and name not in MODULES] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_from_modules_above_it(name: str) -> None:
    place = _place(name)
    assert [other for other in _imported(TREES[name]) if _place(other) >= place and other != name] == []


def test_no_stage_imports_another() -> None:
    owners = {module: stage for stage, modules in STAGES.items() for module in modules}
    met = {
        (stage, owners.get(other.partition(".")[0], stage))
        for name, tree in TREES.items()
        if (stage := owners.get(name.partition(".")[0]))
        for other in _imported(tree)
    }
    assert {pair for pair in met if pair[0] != pair[1]} == set()


def test_a_rule_is_one_file_one_name_and_one_golden_file() -> None:
    names = [rule.name for rule in RULES]
    files = sorted(name.removeprefix("rules.") for name in MODULES if name.startswith("rules."))
    assert sorted(names) == sorted(RULE_NAMES)
    assert sorted(name.replace("-", "_") for name in names) == files
    assert [name for name in names if not (GOLDEN / f"{name}.md").is_file()] == []
    assert {rule.name: rule.find.__module__ for rule in RULES} == {
        name: f"mkcards.rules.{name.replace('-', '_')}" for name in names
    }


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("rules.")])
def test_importing_a_rule_has_no_side_effect(name: str) -> None:
    allowed = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.ClassDef)
    for node in TREES[name].body:
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        assert text or isinstance(node, allowed), f"{name}:{node.lineno} runs on import"
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            calls = {ast.unparse(one.func) for one in ast.walk(node.value) if isinstance(one, ast.Call)}
            assert calls <= {"re.compile", "frozenset", "MappingProxyType", "rf", "'|'.join"}, f"{name}:{node.lineno}"


@pytest.mark.parametrize("name", [name for name in MODULES if name.partition(".")[0] != PRINTING])
def test_only_the_command_line_prints_or_exits(name: str) -> None:
    called = set(_calls(TREES[name]))
    assert called & {"print", "input", "exit", "quit", "sys.exit", "os._exit", "click.echo", "SystemExit"} == set()
    streams = {ast.unparse(node) for node in ast.walk(TREES[name]) if isinstance(node, ast.Attribute)}
    assert streams & {"sys.stdout", "sys.stderr", "sys.argv"} == set()


@pytest.mark.parametrize("name", MODULES)
def test_modules_and_functions_are_short(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    functions = [n for n in ast.walk(TREES[name]) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {one: length for one, length in lengths.items() if length > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("name", MODULES)
def test_no_module_keeps_state_in_a_global_name(name: str) -> None:
    assert [node.lineno for node in ast.walk(TREES[name]) if isinstance(node, ast.Global)] == []


def test_the_order_holds_each_name_once() -> None:
    assert len(set(ORDER)) == len(ORDER)
