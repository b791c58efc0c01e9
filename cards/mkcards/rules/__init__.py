"""The extraction rules in the order in which they look at a note."""

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
