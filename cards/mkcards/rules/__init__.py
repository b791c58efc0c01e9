"""The extraction rules in the order in which they look at a note."""

import sys
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from sysconfig import get_paths

from mkcards.config import RULE_GROUP
from mkcards.edition import stats
from mkcards.errors import UsageError
from mkcards.rule import Rule
from mkcards.rules import (
    bold_definition,
    heading_definition,
    highlighted_question,
    item_explanation,
    labelled_list,
    list_item,
    question_line,
    quoted_definition,
    term_line,
)

RULES: tuple[Rule, ...] = (
    Rule("highlighted-question", highlighted_question.find),
    Rule("quoted-definition", quoted_definition.find),
    Rule("labelled-list", labelled_list.find),
    Rule("list-item", list_item.find),
    Rule("item-explanation", item_explanation.find),
    Rule("bold-definition", bold_definition.find),
    Rule("heading-definition", heading_definition.find),
    Rule("term-line", term_line.find),
    Rule("question-line", question_line.find),
)
"""What an earlier rule takes, a later one leaves alone."""


def installed() -> tuple[Rule, ...]:
    """Return our rules and, after them, those of other packages in the order of their names.

    Raises UsageError when an entry point of the group does not lead to a rule of its name, or two have one name.
    """
    return RULES + _others()[0]


def sources() -> tuple[str, ...]:
    """Return the files, or the folders with all below them, that hold the rules of other packages.

    Raises UsageError as `installed` does.
    """
    return _others()[1]


@cache
def _others() -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Return the rules of other packages, and where their code is."""
    before, points = set(sys.modules), sorted(entry_points(group=RULE_GROUP), key=lambda point: point.name)
    found: list[Rule] = []
    for point in points:
        taken = {rule.name for rule in (*RULES, *found)}
        if point.name in taken:
            raise UsageError(_problem(point.value, f"is offered as `{point.name}`, which is another rule"))
        found.append(_loaded(point))
    modules = (*(point.module for point in points), *(getattr(rule.find, "__module__", "") for rule in found))
    tops = {module.partition(".")[0] for module in modules} & sys.modules.keys()
    paths = {path for point in points for path in _files(point)}
    paths |= {path for top in tops for path in getattr(sys.modules[top], "__path__", ())}
    paths |= {path for name in sys.modules.keys() - before if _is_at_work(path := _file(name))} | set(map(_file, tops))
    return tuple(found), tuple(sorted(paths - {""}))


def _loaded(point: EntryPoint) -> Rule:
    try:
        rule = point.load()
    except (Exception, SystemExit) as error:
        raise UsageError(_problem(point.value, f"can't be loaded ({type(error).__name__}: {error})")) from error
    if not isinstance(rule, Rule) or not callable(rule.find):
        raise UsageError(_problem(point.value, "is no mkcards.rule.Rule"))
    if rule.name != point.name:
        # The settings know it by the one, and extraction by the other.
        raise UsageError(_problem(point.value, f"is the rule `{rule.name}` and offered as `{point.name}`"))
    return rule


def _files(point: EntryPoint) -> list[str]:
    """Return the files of code that were installed with an entry point."""
    files = (point.dist.files if point.dist else None) or ()
    return [str(file.locate()) for file in files if file.suffix == ".py"]


def _file(module: str) -> str:
    return getattr(sys.modules[module], "__file__", None) or ""


def _is_at_work(path: str) -> bool:
    """Tell whether a file lies neither with Python nor where packages are installed: its author may change it."""
    return bool(path) and not any(Path(path).is_relative_to(folder) for folder in set(get_paths().values()))


@cache
def edition_of_others() -> str:
    """Return what changes when the code of those rules does, as it is when first asked for."""
    return stats(sources())


def _problem(value: str, what: str) -> str:
    return f"{value}: rule-package {what}; mend or uninstall the package that offers it"
