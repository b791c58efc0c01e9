"""The extraction rules in the order in which they look at a note."""

import sys
from functools import cache
from importlib.metadata import entry_points

from mkcards.config import RULE_GROUP
from mkcards.edition import stats
from mkcards.errors import UsageError
from mkcards.rule import Rule
from mkcards.rules import (
    bold_definition,
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
    Rule("term-line", term_line.find),
    Rule("question-line", question_line.find),
)
"""What an earlier rule takes, a later one leaves alone."""


@cache
def installed() -> tuple[Rule, ...]:
    """Return our rules and, after them, those of other packages in the order of their names.

    Raises UsageError when an entry point of the group does not lead to a rule of its name.
    """
    found = list(RULES)
    for point in sorted(entry_points(group=RULE_GROUP), key=lambda point: point.name):
        try:
            rule = point.load()
        except Exception as error:
            raise UsageError(_problem(point.value, f"can't be loaded ({type(error).__name__}: {error})")) from error
        if not isinstance(rule, Rule):
            raise UsageError(_problem(point.value, "is no mkcards.rule.Rule"))
        if rule.name != point.name:
            # The settings know it by the one, and extraction by the other.
            raise UsageError(_problem(point.value, f"is the rule `{rule.name}` and offered as `{point.name}`"))
        found.append(rule)
    return tuple(found)


def sources() -> tuple[str, ...]:
    """Return the files, or the folders with all below them, that hold the rules of other packages.

    Raises UsageError as `installed` does.
    """
    modules = [sys.modules[rule.find.__module__.partition(".")[0]] for rule in installed()[len(RULES) :]]
    return tuple(path for module in modules for path in getattr(module, "__path__", [module.__file__]) if path)


@cache
def edition_of_others() -> str:
    """Return what changes when the code of those rules does, as it is when first asked for."""
    return stats(sources())


def _problem(value: str, what: str) -> str:
    return f"{value}: rule-package {what}; mend or uninstall the package that offers it"
