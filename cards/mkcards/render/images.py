"""Images, sound and film of a card."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from urllib.parse import unquote

from mkcards.data import Assets, Media
from mkcards.syntax.references import is_picture

_SIZE = re.compile(r"(\d{1,4})(?:x(\d{1,4}))?")
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_IMG = re.compile(r"<img\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>", re.IGNORECASE)


class _Attributes(HTMLParser):
    """Reads the attributes of a single tag."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = {name: value or "" for name, value in attrs}


def _split_size(label: str) -> tuple[str, str]:
    """Return what `alt|300x200` says: the text and the attributes for the size."""
    alt, bar, last = label.rpartition("|")
    size = _SIZE.fullmatch(last.strip())
    if not size:
        return label.strip(), ""
    height = f' height="{size.group(2)}"' if size.group(2) else ""
    return alt.strip() if bar else "", f' width="{size.group(1)}"{height}'


def show(media: Media, label: str) -> str:
    """Return the HTML that shows a file of the package; `label` is Obsidian's: text, size, or `text|size`."""
    if not is_picture(media.name):
        return f"[sound:{media.name}]"
    alt, size = _split_size(label)
    return f'<img src="{html.escape(media.name)}" alt="{html.escape(" ".join(alt.split()))}"{size}>'


def image(source: str, label: str, assets: Assets, prefix: str, *, remote_images: bool) -> str:
    """Return the HTML of an image whose source is a path or a URL, or "" when there is no such file.

    `prefix` is what precedes the keys of `assets` inside an embedded note.
    """
    media = assets.media.get(prefix + unquote(source))
    if media:
        return show(media, label)
    if not _REMOTE.match(source):
        return ""
    alt, size = _split_size(label)
    alt, url = html.escape(" ".join(alt.split())), html.escape(source)
    if remote_images:
        return f'<img src="{url}" alt="{alt}"{size}>'
    return f'<a href="{url}">{alt or url}</a>'


def with_images(raw: str, assets: Assets, prefix: str, *, remote_images: bool) -> str:
    """Return raw HTML of a note with the `<img>` tags in it pointing into the package."""

    def instead(found: re.Match[str]) -> str:
        attributes = _Attributes(found.group()).found
        width = attributes.get("width", "")
        label = attributes.get("alt", "") + (f"|{width}" if width.isascii() and width.isdigit() else "")
        return image(attributes.get("src", ""), label, assets, prefix, remote_images=remote_images)

    return _IMG.sub(instead, raw)
