"""The last fence before a field: nothing that runs, hides, calls home or breaks Anki's files."""

from __future__ import annotations

import re

import nh3

from mkcards.render.callouts import FAMILIES
from mkcards.render.nesting import MAX_DEPTH, VOID, flattened
from mkcards.syntax.html import SWALLOWING, TAG

_TAGS = frozenset(
    (
        *(
            "a",
            "abbr",
            "b",
            "bdi",
            "bdo",
            "blockquote",
            "br",
            "caption",
            "cite",
            "code",
            "dd",
            "del",
            "details",
            "div",
            "dl",
            "dt",
        ),
        *(
            "em",
            "figcaption",
            "figure",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "img",
            "ins",
            "kbd",
            "li",
        ),
        *(
            "mark",
            "ol",
            "p",
            "pre",
            "q",
            "rp",
            "rt",
            "ruby",
            "s",
            "samp",
            "section",
            "small",
            "span",
            "strong",
        ),
        *(
            "sub",
            "summary",
            "sup",
            "table",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "tr",
            "u",
            "ul",
            "var",
            "wbr",
        ),
    )
)
_ATTRIBUTES = {
    "*": {"class", "dir", "lang"},
    "a": {"href"},
    "abbr": {"title"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}
_CLASSES = frozenset(
    (
        *("blank", "callout", "callout-title", "embed", "footnotes", "highlight"),
        *("link", "links", "scroll", "tag", "task"),
        *(f"callout-{family}" for family in FAMILIES.values()),
    )
)
_COLOUR = re.compile(r"[a-z]{1,2}[0-9a-z]?")
_SCHEMES = ("http", "https", "mailto", "obsidian")
OUTWARD = re.compile(rf"(?:{'|'.join(_SCHEMES)}):", re.IGNORECASE)
"""The addresses of links that lead out of the vault."""
_REMOTE = re.compile(r"https?://", re.IGNORECASE)

_BREAKING = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_IMAGE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"[^>]*>|<img\b[^>]*>')
_ANKI = re.compile(r"\[(?:sound:([^\[\]]*)\]|anki:|/?latex\]|/?\$\$?\])", re.IGNORECASE)
_TEX = re.compile(
    r"(<(pre|code)\b.*?</\2>)"
    r"|\\(?:href|require|style|class|cssId|data|mmlToken|bbox)(?![A-Za-z])(?:\s*\{[^{}]*\})?(?:\s*\[[^\[\]]*\])?",
    re.DOTALL,
)
"""Commands of MathJax that load, link, or style; the last two take attributes and CSS in brackets."""
_ANY_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_EMPTY_PARAGRAPH = re.compile(r"<p>\s*</p>\n?")


def clean(text: str) -> str:
    """Return `text` without NUL, Anki's field separator, other control characters and lone surrogates."""
    return text if text.isprintable() else _LINE_END.sub(" ", _BREAKING.sub("", text))


def _filter(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        names = value.split()
        kept = (name for name in names if name in _CLASSES or (tag == "span" and _COLOUR.fullmatch(name)))
        return " ".join(kept) or None
    if attribute == "href":
        return value if OUTWARD.match(value) else None
    return " ".join(value.split()) if attribute in ("alt", "title") else value


_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(SWALLOWING),
    attributes=_ATTRIBUTES,
    attribute_filter=_filter,
    url_schemes=set(_SCHEMES),
    link_rel=None,
)


def sanitize(html: str, media: frozenset[str], *, remote_images: bool) -> str:
    """Return HTML without what could run, hide, load from elsewhere or be a command to Anki or MathJax.

    `media` are the names in the package that the field may show.
    """
    safe = _CLEANER.clean(flattened(_unswallowing(html)))
    return uncommanded(_shallow(safe), media, remote_images=remote_images)


def _unswallowing(html: str) -> str:
    """Return HTML without the tags that are left out but for what stands in them.

    With those of SVG and MathML, and those that nothing ends, the cleaner would take out what follows.
    """
    ends = {tag[2].lower(): tag.start() for tag in TAG.finditer(html) if tag[1]}

    def kept(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        return tag[0] if name in _TAGS or (name in SWALLOWING and tag.start() <= ends.get(name, -1)) else ""

    return TAG.sub(kept, html)


def uncommanded(safe: str, media: frozenset[str], *, remote_images: bool) -> str:
    """Return HTML of safe tags without images that a field may not show and commands to Anki or MathJax."""

    def checked(image: re.Match[str]) -> str:
        source = image.group(1) or ""
        return image.group() if source in media or (remote_images and _REMOTE.match(source)) else ""

    def defused(command: re.Match[str]) -> str:
        return command.group() if command.group(1) in media else "&#91;" + command.group()[1:]

    if "<img" in safe:
        safe = _IMAGE.sub(checked, safe)
    if "[" in safe:
        safe = _ANKI.sub(defused, safe)
    if "\\" in safe:
        safe = _TEX.sub(lambda found: found.group(1) or " ", safe)
    return _EMPTY_PARAGRAPH.sub("", safe).strip()


def _shallow(html: str) -> str:
    """Return well-formed HTML without the tags that lie deeper than browsers and telephones take."""
    if html.count("<") <= MAX_DEPTH:
        return html
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag.group(2) in VOID:
            return tag.group()
        if tag.group(1):
            depth -= 1
            return tag.group() if depth < MAX_DEPTH else ""
        depth += 1
        return tag.group() if depth <= MAX_DEPTH else ""

    return _ANY_TAG.sub(kept, html)
