"""Tags of HTML that are markup, and words in angle brackets that are not: `git checkout <path>`, `vector<int>`."""

from __future__ import annotations

import re
from functools import partial
from html import escape
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.common.html_blocks import block_names
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.rules_inline import StateInline
from msgspec import Struct

from mkcards.syntax.bounded import kept

_WITH_CONTENTS: Final = "iframe math noscript object script select style svg template textarea"
_WITHOUT_END: Final = (
    "abbr b bdi bdo big br caption center cite code colgroup dd del dfn dt em font hr i ins kbd li mark p q rp rt s "
    "samp small span strike strong sub sup tbody td tfoot th thead tr tt u var wbr"
)
_OTHERS: Final = (
    "a acronym area audio button canvas data datalist embed hgroup img input label map marquee meta meter output "
    "picture pre progress rtc ruby slot source time video"
)
SWALLOWING: Final = frozenset(_WITH_CONTENTS.split())
"""The tags that a card leaves out with all that stands in them."""
_ALONE: Final = frozenset(_WITHOUT_END.split())
"""What says something without an end tag, or lost it where a text was cut."""
_KNOWN: Final = SWALLOWING | _ALONE | frozenset((*block_names, *_OTHERS.split()))
_DRAWN: Final = frozenset(("svg", "math"))
"""What holds tags of another language than HTML."""
TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*+)([^<>]*+)>")
"""A tag, or what looks like one: whether it is an end, its name and what follows that."""


class Tags(Struct, frozen=True):
    """The tags in a text: the names of those that are ended, and of those with values (`<x y="z">`)."""

    ended: frozenset[str]
    valued: frozenset[str]

    def are_words(self, tag: str) -> bool:
        """Tell whether a tag of the text is none, but words in angle brackets.

        Such is a name that HTML does not know, and what would show nothing: without end, contents and values.
        """
        found = TAG.fullmatch(tag)
        if found is None or "=" in found[3]:
            return False
        name = found[2].lower()
        if name in _KNOWN:
            return not found[1] and name not in _ALONE and name not in self.ended
        return name not in self.valued and self.ended.isdisjoint(_DRAWN)


def tags_of(text: str) -> Tags:
    """Return the tags that stand anywhere in a text."""
    ended, valued = set[str](), set[str]()
    for tag in TAG.finditer(text) if "<" in text else ():
        if tag[1]:
            ended.add(tag[2].lower())
        elif "=" in tag[3]:
            valued.add(tag[2].lower())
    return Tags(frozenset(ended), frozenset(valued))


def with_words(raw: str) -> str:
    """Return a block of HTML with the brackets of words escaped.

    A tag that HTML knows, and that swallows nothing, may be ended in another block.
    """
    tags = tags_of(raw)

    def checked(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        is_words = (name not in _KNOWN or name in SWALLOWING) and tags.are_words(tag[0])
        return escape(tag[0], quote=False) if is_words else tag[0]

    return TAG.sub(checked, raw)


def _html_inline(rule: RuleFuncInlineType, state: StateInline, silent: bool) -> bool:
    """Try the rule for tags only where there is one."""
    if state.src[state.pos] != "<":
        return False
    tag = TAG.match(state.src, state.pos, state.posMax)
    if tag and kept(state, "tags", partial(tags_of, state.src)).are_words(tag[0]):
        return False
    return rule(state, silent)


def html_plugin(md: MarkdownIt) -> None:
    """Let `md` leave words in angle brackets as text."""
    for rule in md.inline.ruler.__rules__:
        if rule.name == "html_inline":
            rule.fn = partial(_html_inline, rule.fn)
