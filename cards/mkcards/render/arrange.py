"""Markdown tokens made ready for a card: check boxes, links inside the vault, bare embeds, callouts."""

from __future__ import annotations

import re

from markdown_it.token import Token

from mkcards.data import Assets
from mkcards.render.callouts import with_callouts
from mkcards.render.sanitize import OUTWARD
from mkcards.syntax.obsidian import BLOCK_ID

_TASK = re.compile(r"\[([ xX/-])\] ")


def arrange(tokens: list[Token], assets: Assets, prefix: str) -> list[Token]:
    """Return the tokens of one field or embedded note as the renderer wants them."""
    tokens = with_callouts([token for token in tokens if token.type != "comment"])
    for at, token in enumerate(tokens):
        if token.type == "inline":
            _arrange_inline(
                token, starts_item=at > 1 and tokens[at - 2].type == "list_item_open", embedded=bool(prefix)
            )
            if _only_embed(token, assets, prefix):
                tokens[at - 1].hidden = tokens[at + 1].hidden = True
        elif token.type in ("th_open", "td_open"):
            style = str(token.attrs.pop("style", ""))
            if style:
                token.attrSet("align", style.rpartition(":")[2])
    return tokens


def _arrange_inline(inline: Token, *, starts_item: bool, embedded: bool) -> None:
    children = inline.children or []
    inward = False
    for child in children:
        if child.type == "link_open":
            inward = not OUTWARD.match(str(child.attrGet("href") or ""))
            if inward:
                child.tag, child.attrs = "span", {"class": "link"}
        elif child.type == "link_close" and inward:
            child.tag = "span"
    if children and embedded and children[-1].type == "text":
        children[-1].content = BLOCK_ID.sub("", children[-1].content)
    if starts_item and children and (box := _TASK.match(children[0].content)) and children[0].type == "text":
        children[0].content = children[0].content[box.end() :]
        children.insert(0, Token("task", "", 0, content="☐" if box.group(1) == " " else "☑"))


def _only_embed(inline: Token, assets: Assets, prefix: str) -> bool:
    shown = [child for child in inline.children or () if child.type != "comment" and child.content.strip()]
    return len(shown) == 1 and shown[0].type == "embed" and prefix + shown[0].meta["target"] in assets.embeds
