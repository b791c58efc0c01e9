"""Where inline markup stands in its source: what markdown-it-py's tokens alone do not tell."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from msgspec import Struct

from mkcards.syntax import parser
from mkcards.syntax.obsidian import TAG, WIKILINK

MARKUP = re.compile(r"[*_`=$\[<~#%]")
"""What every piece of inline markup begins with."""
PLAIN_URL = re.compile(r"https?://[a-z0-9.-]+(?:/[A-Za-z0-9_./?=&#-]*)?")
"""An address that stays as it is when a parser makes it safe."""
_SIGN = re.compile(r"[*_`=$\[<~#!%\\]")
_LABEL = r"[^\[\]\\`*_=$<~#%\n]"
_URL = r"[^\s()<>\\;\x00-\x1f\x7f]+"
_SIMPLE = re.compile(
    rf"""
    (?P<code>`[^`]+`(?!`))
    | (?P<math>\$(?![\s$])[^$`]*(?<![\s\\])\$(?![$0-9]) | \$\$(?!\$)[^$]*[^\s$\\]\s*\$\$(?!\$))
    | (?P<wikilink>{WIKILINK.pattern})
    | (?P<image>!\[{_LABEL}*\]\((?P<source>{_URL})\))
    | (?P<link>(?<!!)\[(?P<label>{_LABEL}+)\]\((?P<url>{_URL})\))
    | (?P<mark>(?<!=)==(?![=\s]){_LABEL}+(?<!\s)==(?!=))
    | (?P<hashtag>(?<!\S)(?-x:{TAG.pattern}))
    | (?P<open>(?<![^ \t\n\xa0])(?:\*\*?|__?)(?=[^\s*_]) | (?<=["'(])(?:\*\*?|__?)(?=[^\W_]))
    | (?P<close>(?<=[^\s*_])(?:\*\*?|__?)(?![^ \t\n\xa0.,;:!?"')\]…–—]))
    | (?P<text>
        (?<!!)\[{_LABEL}*\](?![(\[]) | (?<=[^\W_])_+(?=[^\W_]) | (?<![^ \t\n])(?:\*+|_+)(?![^ \t\n])
        | [$<](?![^ \t\n]) | \\[^\n\\]
      )
    | (?P<other>[*_`$\[<\\] | == | ~~ | %%)
    """,
    re.VERBOSE,
)
"""Markup whose end shows without a parser, in the order in which the parser tries it; `other` needs the parser."""
_PAIRED = {"strong": 2, "em": 1, "s": 2}
_WHOLE = {
    "code_inline": "code",
    "math_inline": "math",
    "math_inline_double": "math",
    "image": "image",
    "wikilink": "wikilink",
    "embed": "embed",
    "comment": "comment",
    "html_inline": "html",
    "hashtag": "hashtag",
}
_EMPHASIS = {1: "em", 2: "strong"}


class Span(Struct, frozen=True):
    """A piece of inline markup.

    `kind` is one of `strong`, `em`, `s`, `mark`, `link`, `code`, `math`, `image`, `wikilink`, `embed`, `comment`,
    `html`, `hashtag`. `start:end` is the whole piece in its source, `inner_start:inner_end` what stands between its
    markers.
    """

    kind: str
    start: int
    end: int
    inner_start: int
    inner_end: int
    target: str = ""


def simple_spans(source: str) -> tuple[Span, ...] | None:
    """Return the markup of a source that holds only simple markup, as the parser would find it, or None.

    Parsing costs more than all else that is done to a note, and most markup is simple: pieces in one another only as
    atoms in emphasis, and emphasis whose ends can be nothing else.
    """
    found: list[Span] = []
    opened: tuple[int, re.Match[str]] | None = None
    end = 0
    while sign := _SIGN.search(source, end):
        end = sign.end()
        piece = _SIMPLE.match(source, sign.start())
        if piece is None:
            continue
        kind, (start, end) = str(piece.lastgroup), piece.span()
        if kind == "open" and opened is None:
            opened = len(found), piece
            found.append(Span("", start, end, start, end))
        elif kind == "close" and opened is not None and opened[1].group() == piece.group():
            place, opening = opened
            found[place] = Span(_EMPHASIS[end - start], opening.start(), end, opening.end(), start)
            opened = None
        elif kind in {"open", "close", "other"}:
            return None
        elif kind != "text":
            span = _atom(kind, piece)
            if span is None:
                return None
            found.append(span)
    return tuple(found) if opened is None else None


def _atom(kind: str, piece: re.Match[str]) -> Span | None:
    start, end = piece.span()
    match kind:
        case "mark":
            return Span(kind, start, end, start + 2, end - 2)
        case "link" | "image":
            image, md = kind == "image", parser()
            href = piece["source" if image else "url"]
            if not PLAIN_URL.fullmatch(href):
                href = md.normalizeLink(href)
            inner = (start, end) if image else (start + 1, piece.end("label"))
            return Span(kind, start, end, *inner, href) if md.validateLink(href) else None
        case "wikilink":
            target = piece["target"].partition("|")[0].rstrip("\\").strip()
            return Span("embed" if piece[0][0] == "!" else kind, start, end, start, end, target)
        case _:
            return Span(kind, start, end, start, end)


class _PositionedInline(ParserInline):
    """Notes on each token where the rule that made it started and ended."""

    def tokenize(self, state: StateInline) -> None:
        rules = self.ruler.getRules("")
        end = state.posMax
        nesting = state.md.options["maxNesting"]
        while state.pos < end:
            start, count = state.pos, len(state.tokens)
            if state.level < nesting and self._matched(state, rules):
                if len(state.tokens) > count:
                    _place(state.tokens, count, start, state.pos)
                continue
            state.append_pending(state.src[state.pos])
            state.pos += 1
        if state.pending:
            state.pushPending()

    @staticmethod
    def _matched(state: StateInline, rules: list[RuleFuncInlineType]) -> bool:
        # A plain loop: a generator costs half of the time that is spent here.
        for rule in rules:  # noqa: SIM110
            if rule(state, False):
                return True
        return False


def _place(tokens: list[Token], count: int, start: int, end: int) -> None:
    markers = 0
    for token in tokens[count:]:
        if "start" in token.meta:
            continue
        if token.type == "text" and token.content in {"*", "_", "~~"}:
            token.meta = {"start": start + markers, "end": end}
            markers += len(token.content)
        elif token.type != "text":
            token.meta = {**token.meta, "start": start, "end": end}


@cache
def _positioned() -> MarkdownIt:
    md = MarkdownIt("commonmark")
    base = parser()
    inline = _PositionedInline()
    inline.ruler = base.inline.ruler
    inline.ruler2 = base.inline.ruler2
    inline.terminator_re = base.inline.terminator_re
    md.inline = inline
    md.options = base.options
    return md


def _opened(token: Token) -> Span:
    kind = token.type.removesuffix("_open")
    start = token.meta.get("start", 0)
    if kind in _PAIRED:
        width = _PAIRED[kind]
        inner = start + (2 if kind == "s" else 1)
        return Span(kind, inner - width, inner, inner, inner)
    return Span(kind, start, token.meta.get("end", start), start, start)


def _closed(open_: Span, token: Token, source: str, href: str) -> Span:
    start = token.meta.get("start", open_.end)
    if open_.kind in _PAIRED:
        return Span(open_.kind, open_.start, start + _PAIRED[open_.kind], open_.inner_start, start)
    if open_.kind == "mark":
        inner = source[open_.start : open_.end]
        left = len(inner) - len(inner.lstrip("="))
        right = len(inner) - len(inner.rstrip("="))
        return Span("mark", open_.start, open_.end, open_.start + left, open_.end - right)
    piece = source[open_.start : open_.end]
    inner_end = piece.rfind("](" if piece.endswith(")") else "][") if piece.startswith("[") else len(piece) - 1
    return Span("link", open_.start, open_.end, open_.start + 1, open_.start + max(inner_end, 1), href)


@lru_cache(maxsize=8192)
def spans(source: str) -> tuple[Span, ...]:
    """Return the inline markup of `source` in the order in which it opens; nested pieces follow what holds them."""
    if not MARKUP.search(source):
        return ()
    found = simple_spans(source)
    return _parsed(source) if found is None else found


def _parsed(source: str) -> tuple[Span, ...]:
    md = _positioned()
    tokens: list[Token] = []
    md.inline.parse(source, md, {}, tokens)
    found: list[Span] = []
    stack: list[tuple[int, Span, str]] = []
    for token in tokens:
        if token.nesting == 1:
            stack.append((len(found), _opened(token), str(token.attrGet("href") or "")))
            found.append(stack[-1][1])
        elif token.nesting == -1 and stack:
            place, open_, href = stack.pop()
            found[place] = _closed(open_, token, source, href)
        elif token.type in _WHOLE and "start" in token.meta:
            start, end = token.meta["start"], token.meta["end"]
            target = str(token.meta.get("target") or token.attrGet("src") or "")
            found.append(Span(_WHOLE[token.type], start, end, start, end, target))
    return tuple(found)
