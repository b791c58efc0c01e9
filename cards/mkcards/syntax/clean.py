"""Takes out of inline Markdown what must never reach a card: comments, block ids, footnote marks and foreign syntax."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from mkcards.syntax.obsidian import BLOCK_ID, TAG, comment_places

_SUSPECT = re.compile(r"%%|<!--|\^|\{ #|\[fn|&#x20;|&nbsp;|\{c?\d+:|<% |#!|~=\{|=~|<mark|`\{|\\\[[\d[]")
_WORD = re.compile(r"\S+")
_TICKS = re.compile(r"`+")
_CODE_OR_MATH = re.compile(r"`+|\$[^$\n]+\$(?!\d)")
_CLOZE = re.compile(r"\{\{c?\d+::((?:(?!\{\{c?\d|\}\}).)*\}*)\}\}", re.DOTALL)
_SMALL_CLOZE = re.compile(
    r"(?<![\w{}^\\])\{c?\d{1,2}:(?=[^\s:])(?=[^{}\n]*[^\W\d_]{2})((?:(?!\b\d+:)[^{}\n])+)\}(?!\})"
)
"""What others write for a cloze; `{1:n}` is a range, `{1: …, 2: …}` a mapping."""
_CODE_PREFIX = re.compile(r"(?<!`)(`+)(?:#!\w+[ \t]+|\{[a-z+#]{1,12}\}(?=[^\W\d_]))")
_JUNK = (
    (re.compile(r"(?m)(?!^\[\^[^\]\s]+\]:)\\?\[\^[^\]\s^]+\^?\\?\](?:\(#[^)\s\[]*\))?"), ""),
    (re.compile(r"\^?\[\\?\[\d+\\?\]\]\(#[^)\s\[]*\)\^?"), ""),
    (re.compile(r" ?\\\[\[\d+\]\([^)\s\[]*\)\\\]"), ""),
    (re.compile(r"\\\[\d+\\\]"), ""),
    (re.compile(r"\[\^?\]\(#fn[^)\s\[]*\)"), ""),
    (re.compile(r"(?:&#x20;|&nbsp;)+"), " "),
    (re.compile(r"~=\{\w+\}([ \t]*)((?:(?!==|=~|~=)[^\n])+?)([ \t]*)=~"), r"\1==\2==\3"),
    (re.compile(r"<mark\b[^<>\n]*>([ \t]*)((?:(?!==)[^<>\n])+?)([ \t]*)</mark>"), r"\1==\2==\3"),
    (re.compile(r"~=\{\w+\}|=~"), ""),
    (re.compile(r"^#!\w+[ \t]+"), ""),
)
_TAG_WORD = re.compile(rf"({TAG.pattern})[,;]*|[^\x00-\x7f\w]+|\d{{4}}-\d\d-\d\d")
"""A tag, or one of the signs and days that task lists put between and behind tags."""
_GOES_ON = ",;(/&+-"
"""Signs after which a sentence goes on, so that a tag may be its next word."""


def is_tags(text: str) -> bool:
    """Tell whether a text is nothing but tags."""
    return text.lstrip()[:1] == "#" and all(map(_TAG_WORD.fullmatch, text.split()))


def without_tags(text: str, *, heading: bool = False) -> str:
    """Return the text of a block without the tags that are no words of it: those on lines of their own, and at its end.

    One that ends a sentence which is not closed (`log in as #root`) may be a word of it; in a heading it is none.
    """
    if "#" not in text or is_tags(text):
        return text
    if "\n" in text:
        text = "\n".join(["" if is_tags(line) else line for line in text.split("\n")]).rstrip()
    before, count = _without_last_tags(text)
    closed = not (before[-1:].isalnum() or before.endswith(tuple(_GOES_ON)))
    return before if count and (heading or closed or count > 1) else text


def _without_last_tags(text: str) -> tuple[str, int]:
    """Return a text without the tags at its end, and how many there are."""
    start, count = len(text), 0
    for word in reversed(list(_WORD.finditer(text))):
        found = _TAG_WORD.fullmatch(word.group())
        if found is None:
            break
        if found[1]:
            start, count = word.start(), count + 1
    return text[:start].rstrip(), count


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return `text` with `change` applied to the stretches that are neither code nor math."""
    pieces, last = [], 0
    for start, end in _code_places(text):
        pieces += [change(text[last:start]), text[start:end]]
        last = end
    return "".join([*pieces, change(text[last:])])


def code_hidden(text: str) -> str:
    """Return `text`, as long as it is, with full stops in place of all code and math."""
    pieces, last = [], 0
    for start, end in _code_places(text):
        pieces += [text[last:start], "." * (end - start)]
        last = end
    return "".join([*pieces, text[last:]])


def _code_places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where code and math start and end; as many backticks close code as open it."""
    latest = {len(run.group()): run.start() for run in _TICKS.finditer(text)}
    at = 0
    while found := _CODE_OR_MATH.search(text, at):
        at, width = found.end(), len(found.group())
        if found.group()[0] == "$":
            yield found.span()
        elif latest[width] >= at:
            at = next(run.end() for run in _TICKS.finditer(text, at) if len(run.group()) == width)
            yield found.start(), at


def _without_junk(text: str) -> str:
    if "{" in text:
        text = _SMALL_CLOZE.sub(r"\1", _CLOZE.sub(_cloze, text))
    for pattern, instead in _JUNK:
        text = pattern.sub(instead, text)
    return text


def _cloze(found: re.Match[str]) -> str:
    """Return what a foreign cloze hides, without its hint."""
    inner = found.group(1)
    hint = inner.find("::", max(inner.rfind("{"), inner.rfind("}")) + 1)
    return inner if hint < 0 else inner[:hint]


def clean(text: str) -> tuple[str, str, tuple[str, ...]]:
    """Return the inline Markdown without junk, the author's block id or "", and the comments that stood in it."""
    if not _SUSPECT.search(text):
        return text.strip(), "", ()
    comments: list[str] = []

    def take(piece: str) -> str:
        kept, last = [], 0
        for start, end in comment_places(piece):
            comments.append(piece[start:end])
            kept.append(piece[last:start].rstrip(" \t"))
            last = end
        return "".join([*kept, piece[last:]])

    text = outside_code(text, take).strip()
    anchor = next(iter(BLOCK_ID.finditer(text)), None)
    text = _CODE_PREFIX.sub(r"\1", outside_code(text, lambda piece: BLOCK_ID.sub("", piece)) if anchor else text)
    text = outside_code(text, _without_junk)
    return text.strip(), anchor["id"] if anchor else "", tuple(comments)
