"""Obsidian's syntax: highlights, wikilinks, embeds, comments and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from mkcards.syntax.bounded import unclosed

WIKILINK = re.compile(
    r"!?\[\[(?P<target>[^\[\]\n]+?|[^\[\]\n|](?:[^\[\]\n|]|\[(?!\[)|\](?!\]))*\|[^\[\]\n]+?)\]\]"
)
"""What a link with an alias names may have brackets (`[[Rings#$F[x]$|rings]]`); `[[1, 2], [3]]` is no link."""
CALLOUT = re.compile(r"\[!([^\[\]|\n]+)(?:\|[^\]]*)?\]([+-]?)[ \t]*")
"""The head of a callout, up to its title: the kind, and the sign of one that folds."""
BLOCK_ID = re.compile(r"(?:^|[ \t\n])(?:\^|(\{) #)(?P<id>[A-Za-z0-9-]+)(?(1) ?\})[ \t]*$", re.MULTILINE)
"""The name at the end of a line by which other notes link to a block; `{ #name}` where a site was made of the notes."""
# As in Obsidian, a number alone is no tag: `issue #12`.
_TAG_NAME = r"(?:(?!\d+[/-]*(?![\w/-]))[^\W_]|_[\w/-])[\w/-]*"
TAG = re.compile(f"#{_TAG_NAME}")
_COMMENT_ENDS = MappingProxyType({"%%": "%%", "<!--": "-->"})
_COMMENT_OPENS = re.compile("%%|<!--")
# A fence or `<!--` that nothing closes hides the rest.
# Each way begins with a fixed character because that is what `re` finds fast.
_NO_TAGS = re.compile(
    r"\n *(`{3,}+(?=[^`\n]*$)|~{3,}+).*?(?:^ *\1|\Z)|`[^`\n]*`|%%.*?%%|<!--(?:.*?-->|.*)"
    r"|<[A-Za-z][^<>\n]*>",
    re.DOTALL | re.MULTILINE,
)
# What may stand before the sign is checked behind it for the same reason.
_LONE_TAG = re.compile(rf"#(?<!\S#){_TAG_NAME}")
_LIKE_TAG = re.compile(r"#\w")


def shown(target: str) -> str:
    """Return what `[[target]]` shows: its alias, or the target with `#` read as a step down."""
    name, bar, alias = target.partition("|")
    if bar and alias.strip():
        return alias.strip().rstrip("\\")
    page, _, heading = name.rstrip("\\").partition("#")
    heading = heading.lstrip("^")
    return " > ".join(part.strip() for part in (page, *heading.split("#")) if part.strip())


def _wikilink(state: StateInline, silent: bool) -> bool:
    found = WIKILINK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        embed = found.group().startswith("!")
        target, _, alias = found.group(1).partition("|")
        token = state.push("embed" if embed else "wikilink", "", 0)
        token.content = shown(found.group(1))
        token.meta = {"target": target.rstrip("\\").strip(), "alias": alias.strip()}
    state.pos = found.end()
    return True


def _comment(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "%<":
        return False
    opening = _COMMENT_OPENS.match(state.src, state.pos, state.posMax)
    if not opening:
        return False
    ending, known = _COMMENT_ENDS[opening.group()], unclosed(state)
    end = -1
    if state.pos < known.get((ending, state.posMax), state.posMax):
        end = state.src.find(ending, opening.end(), state.posMax)
    if end < 0:
        known.setdefault((ending, state.posMax), state.pos)
        return False
    if not silent:
        state.push("comment", "", 0).content = state.src[state.pos : end + len(ending)]
    state.pos = end + len(ending)
    return True


def _hashtag(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "#" or (state.pos and not state.src[state.pos - 1].isspace()):
        return False
    found = TAG.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("hashtag", "", 0).content = found.group()
    state.pos = found.end()
    return True


def _closing(state: StateInline, start: int) -> int:
    """Return where the `==` that closes a highlight stands, or -1; code and links are skipped as units."""
    known = unclosed(state)
    if start >= known.get(("==", state.posMax), state.posMax):
        return -1
    outer, cursor = state.pos, start
    try:
        while (hit := state.src.find("==", cursor, state.posMax)) >= 0:
            state.pos = cursor
            while state.pos < hit:
                state.md.inline.skipToken(state)
            if state.pos == hit:
                if hit > start and not state.src[hit - 1].isspace():
                    return hit
                cursor = hit + 1
            else:
                cursor = state.pos
        known["==", state.posMax] = start
        return -1
    finally:
        state.pos = outer


def _highlight(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not state.src.startswith("==", start) or (start and state.src[start - 1] == "="):
        return False
    inner = start
    while inner < state.posMax and state.src[inner] == "=":
        inner += 1
    if inner >= state.posMax or state.src[inner].isspace() or inner - start > 3:
        return False
    end = _closing(state, inner)
    if end < 0:
        return False
    if not silent:
        limit = state.posMax
        state.push("mark_open", "mark", 1).markup = "=="
        state.pos, state.posMax = inner, end
        state.md.inline.tokenize(state)
        state.posMax = limit
        state.push("mark_close", "mark", -1).markup = "=="
    state.pos = end + 2
    while state.pos < state.posMax and state.src[state.pos] == "=":
        state.pos += 1
    return True


def _comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("%%", first) or state.is_code_block(start):
        return False
    if "%%" in state.src[first + 2 : state.eMarks[start]]:
        if not state.src[first : state.eMarks[start]].rstrip().endswith("%%"):
            return False
        last = start
    else:
        last = start + 1
        while last < end and "%%" not in state.src[state.bMarks[last] : state.eMarks[last]]:
            last += 1
        if last >= end:
            return False
    if silent:
        return True
    token = state.push("comment", "", 0)
    token.content = state.src[first : state.eMarks[last]]
    token.map = [start, last + 1]
    token.block = True
    state.line = last + 1
    return True


def _nothing(self: Any, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
    return ""


def obsidian_plugin(md: MarkdownIt) -> None:
    """Add Obsidian's inline and block rules to `md`."""
    md.inline.ruler.before("link", "wikilink", _wikilink)
    md.inline.ruler.before("html_inline", "obsidian_comment", _comment)
    md.inline.ruler.before("emphasis", "highlight", _highlight)
    md.inline.ruler.before("link", "hashtag", _hashtag)
    md.block.ruler.before(
        "fence", "obsidian_comment", _comment_block, {"alt": ["paragraph", "blockquote", "list"]}
    )
    md.add_render_rule("comment", _nothing)


def comment_places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where comments start and end; one that is not closed is none."""
    at, open_ = 0, set[str]()
    while opening := _COMMENT_OPENS.search(text, at):
        at = opening.end()
        if opening.group() in open_:
            continue
        ending = _COMMENT_ENDS[opening.group()]
        end = text.find(ending, at)
        if end < 0:
            open_.add(opening.group())
        else:
            at = end + len(ending)
            yield opening.start(), at


def inline_tags(text: str) -> list[str]:
    """Return the `#tags` of a note's body, without `#`, in order; code, comments and HTML tags have none."""
    if not _LIKE_TAG.search(text):
        return []
    prose = _NO_TAGS.sub(" ", f"\n{text}")
    return [tag[1:].rstrip("/") for tag in _LONE_TAG.findall(prose)]
