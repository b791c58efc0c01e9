"""Where inline markup stands in its source: what markdown-it-py's tokens alone do not tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from mkcards.syntax import parser

_MARKUP = re.compile(r"[*_`=$\[<~#]|%%|https?:")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
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


@dataclass(frozen=True, slots=True)
class Span:
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
    inner_end = max(piece.rfind("]("), piece.rfind("][")) if piece.startswith("[") else len(piece) - 1
    return Span("link", open_.start, open_.end, open_.start + 1, open_.start + max(inner_end, 1), href)


@lru_cache(maxsize=8192)
def spans(source: str) -> tuple[Span, ...]:
    """Return the inline markup of `source` in the order in which it opens; nested pieces follow what holds them."""
    if not _MARKUP.search(source):
        return ()
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


@dataclass(frozen=True, slots=True)
class Shown:
    """Inline Markdown beside the text that it shows; each character of `text` knows its place in `source`."""

    source: str
    text: str
    at: tuple[int, ...]

    def markdown(self, start: int, end: int) -> str:
        """Return the Markdown of `text[start:end]`; the marks of markup that lies partly outside are left out."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            return ""
        first, last = self.at[start], self.at[end - 1] + 1
        marks: list[tuple[int, int]] = []
        for span in spans(self.source):
            hidden = _hidden(self.source, span)
            outside = [place for place in hidden if place[0] < first or place[1] > last]
            shown_from, shown_to = _shown_part(span, hidden)
            if first <= shown_from and shown_to <= last:
                first, last = min(first, span.start), max(last, span.end)
            elif outside:
                marks += hidden
        return "".join(
            c
            for place, c in enumerate(self.source[first:last], start=first)
            if not any(left <= place < right for left, right in marks)
        )

    def inside(self, kind: str, start: int, end: int) -> bool:
        """Tell whether all words of `text[start:end]` lie within markup of that kind."""
        marked = [span for span in spans(self.source) if span.kind == kind]
        return bool(marked) and all(
            any(span.inner_start <= self.at[place] < span.inner_end for span in marked)
            for place in range(start, end)
            if self.text[place].isalnum()
        )


def _hidden(source: str, span: Span) -> tuple[tuple[int, int], ...]:
    match span.kind:
        case "comment" | "html" | "embed" | "image":
            return ((span.start, span.end),)
        case "hashtag":
            return ()
        case "wikilink":
            bar = source.find("|", span.start, span.end)
            return ((span.start, bar + 1 if bar >= 0 else span.start + 2), (span.end - 2, span.end))
        case "code" | "math":
            piece, mark = source[span.start : span.end], "`" if span.kind == "code" else "$"
            width = (len(piece) - len(piece.strip(mark))) // 2
            return ((span.start, span.start + width), (span.end - width, span.end))
        case _:
            return ((span.start, span.inner_start), (span.inner_end, span.end))


def _shown_part(span: Span, hidden: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """Return where the part of a piece of markup that is shown starts and ends."""
    if len(hidden) == 2:
        return hidden[0][1], hidden[1][0]
    return span.start, span.end


@lru_cache(maxsize=8192)
def show(source: str) -> Shown:
    """Return what inline Markdown shows; line ends show as spaces."""
    found = spans(source)
    if not found and "\\" not in source:
        return Shown(source, source.replace("\n", " "), tuple(range(len(source))))
    visible = bytearray(b"\1" * len(source))
    raw = bytearray(len(source))
    for span in found:
        for start, end in _hidden(source, span):
            visible[start:end] = bytes(end - start)
        if span.kind in {"code", "math"}:
            raw[span.start : span.end] = b"\1" * (span.end - span.start)
    for escape in _ESCAPE.finditer(source):
        if not raw[escape.start()]:
            visible[escape.start()] = 0
    at = tuple(place for place in range(len(source)) if visible[place])
    return Shown(source, "".join(source[place] for place in at).replace("\n", " "), at)


@lru_cache(maxsize=8192)
def plain(source: str) -> str:
    """Return inline Markdown as the plain text that it shows, on one line."""
    text = show(source).text
    return " ".join((unescape(text) if "&" in text else text).split())


_KEPT = {"em", "s", "code", "math", "hashtag"}


@lru_cache(maxsize=8192)
def prose(source: str) -> str:
    """Return inline Markdown for a question: emphasis, code and math stay, links and bold become their text."""
    found = spans(source)
    if not found:
        return " ".join(source.split())
    visible = bytearray(b"\1" * len(source))
    for span in found:
        if span.kind not in _KEPT:
            for start, end in _hidden(source, span):
                visible[start:end] = bytes(end - start)
    return " ".join("".join(c for place, c in enumerate(source) if visible[place]).split())


def whole(source: str, kinds: tuple[str, ...] = ("strong",)) -> str:
    """Return what stands inside the one piece of markup that is all of `source` but a colon, or ""."""
    text = source.strip()
    bare = text.rstrip(":： ")
    for span in spans(text):
        if span.kind in kinds and span.start == 0 and span.end == len(bare):
            return text[span.inner_start : span.inner_end].strip()
    return ""
