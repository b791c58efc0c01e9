"""Obsidian's callouts: quotes of a kind, with a title, that may fold."""

from __future__ import annotations

from types import MappingProxyType

from markdown_it.token import Token

from mkcards.syntax.obsidian import CALLOUT

PARAGRAPH = ("paragraph_open", "inline", "paragraph_close")
FAMILIES = MappingProxyType(
    {
        kind: family
        for family, kinds in {
            "tip": "abstract summary tldr tip hint important",
            "success": "success check done",
            "warning": "question help faq warning caution attention",
            "danger": "failure fail missing danger error bug",
            "example": "example",
            "quote": "quote cite",
        }.items()
        for kind in kinds.split()
    }
)
"""The look of each kind that Obsidian knows; the others (note, info, todo and what people invent) look like a note."""

_BREAKS = ("softbreak", "hardbreak")


def with_callouts(tokens: list[Token]) -> list[Token]:
    """Turn `> [!kind]- title` and what follows into a title and a paragraph of their own; those with a sign fold."""
    out: list[Token] = []
    quotes: list[Token] = []
    for token in tokens:
        out.append(token)
        if token.type == "blockquote_open":
            quotes.append(token)
        elif token.type == "blockquote_close":
            token.tag = quotes.pop().tag
        elif [one.type for one in out[-4:]] == ["blockquote_open", *PARAGRAPH]:
            out += _callout(*out[-4:])
    return out


def _callout(quote: Token, opening: Token, inline: Token, closing: Token) -> list[Token]:
    """Make the first paragraph of a quote its title, and return what of it is none."""
    children = inline.children or []
    head = CALLOUT.match(children[0].content) if children and children[0].type == "text" else None
    if head is None:
        return []
    kind, sign = head.group(1).strip(), head.group(2)
    family = FAMILIES.get(kind.lower())
    quote.attrSet("class", f"callout callout-{family}" if family else "callout")
    opening.tag = closing.tag = "summary" if sign else "div"
    opening.attrSet("class", "callout-title")
    if sign:
        quote.tag = "details"
    if sign == "+":
        quote.attrSet("open", "")
    end = next((at for at, child in enumerate(children) if child.type in _BREAKS), len(children))
    children[0].content = children[0].content[head.end() :]
    title = [child for child in children[:end] if child.content or child.type != "text"]
    inline.children = title or [Token("text", "", 0, content=kind.replace("-", " ").capitalize())]
    rest = children[end + 1 :]
    if not rest:
        return []
    return [
        Token("paragraph_open", "p", 1, block=True),
        Token("inline", "", 0, children=rest),
        Token("paragraph_close", "p", -1, block=True),
    ]
