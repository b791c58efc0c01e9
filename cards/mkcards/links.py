"""Texts that say nothing of their own: links, addresses, references and the fields of templates."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from mkcards.syntax.inline import plain, spans, without
from mkcards.word_lists import QUOTES

PICTURE = r"!\[\[[^\]]*\]\]|!\[[^\]]*\]\([^)]*\)"
"""An image or embed, as a part of patterns."""
_PICTURES = re.compile(rf"\s*(?:(?:{PICTURE})\s*)+")
_ADDRESS = re.compile(r"\W*<?(?:https?://|www\.)\S+\s*")
_LINKS = {"link", "wikilink", "embed", "image", "html"}
_OUTWARD = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|www\.", re.IGNORECASE)
_FIELD = re.compile(
    r"[^\w#\[!]*+(?:[^\W\d_]{2,12}[*_ ]*+::?[*_ ]*+)?"
    r"(?:(?:\[\[[^\[\]]*+\]\]|#[^\s#]++|\[[^\[\]]*+\]\([^()]*+\)|\d[\d:./-]*+)[\s,;|·-]*+)++"
    r"|(?:tags?|sources?)[^\w:]*+:\W*+",
    re.IGNORECASE,
)
"""A line of the time, tags and links, behind a word for them (`Tags: #rope`); a tag at its end is no text."""
_OPENING = QUOTES + "*_(["
"""What may stand before the link with which a reference begins."""


def is_pictures(text: str) -> bool:
    """Tell whether a text is nothing but images and embeds."""
    return _PICTURES.fullmatch(text) is not None


def is_field(text: str) -> bool:
    """Tell whether a paragraph only holds what a template keeps of a note: its time, its tags, links to others."""
    return all(map(_FIELD.fullmatch, text.split("\n")))


def is_note(target: str) -> bool:
    """Tell whether what a Markdown link leads to is another note: no address, file of another kind or heading here."""
    suffix = PurePosixPath(target.partition("#")[0]).suffix.lower()
    return suffix in {"", ".md", ".markdown"} and not _OUTWARD.match(target)


def is_bare_link(text: str) -> bool:
    """Tell whether a text is nothing but links, quotes, punctuation or a bare address."""
    rest = without(text, _LINKS)
    if rest == text:
        return _ADDRESS.fullmatch(text) is not None
    return sum(c.isalpha() for c in rest) < 3


def leads_away(text: str) -> bool:
    """Tell whether a text is a reference: it begins with a link to the web, or is mostly such links."""
    found = [span for span in spans(text) if span.kind == "link" and span.target.startswith(("http", "www"))]
    if not found:
        return False
    opening = len(text) - len(text.lstrip(_OPENING)) + 1
    linked = sum(span.inner_end - span.inner_start for span in found)
    return any(span.start <= opening for span in found) or 2 * linked > len(plain(text)) > 0
