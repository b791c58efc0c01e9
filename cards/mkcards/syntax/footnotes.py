"""Footnotes that stand in one another."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token


def footnotes_plugin(md: MarkdownIt) -> None:
    """Take a footnote that stands in another out of it; the library that reads them would tear both apart."""
    md.core.ruler.before("footnote_tail", "footnotes_apart", _apart)


def _apart(state: StateCore) -> None:
    found: list[Token] = []
    open_: list[list[Token]] = []
    inner: list[Token] = []
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            open_.append([])
        (open_[-1] if open_ else found).append(token)
        if token.type == "footnote_reference_close":
            ended = open_.pop()
            if open_:
                inner += ended
            else:
                found += [*ended, *inner]
                inner = []
    state.tokens = found
