"""Pictures, sound and film as part of a page."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from mimetypes import guess_type
from pathlib import Path

MAX_FILE = 8_000_000
MAX_PAGE = 80_000_000
"""Bytes: what is larger is named in the page instead, so that it still opens on a small machine."""

_SHOWN = re.compile(r'<img src="([^"]*)"|\[sound:([^\]]+)\]')
_FILM = re.compile(r".*\.(?:3gp|mkv|mov|mp4|mpeg|mpg|ogv|webm)", re.IGNORECASE)


def deferred(html: str) -> str:
    """Return HTML whose pictures and sounds carry the names of their files only, so that a page asks for none."""

    def instead(found: re.Match[str]) -> str:
        if found.group(1) is not None:
            return f'<img data-media="{found.group(1)}"'
        tag = "video" if _FILM.fullmatch(found.group(2)) else "audio"
        return f'<{tag} controls preload="none" data-media="{found.group(2)}"></{tag}>'

    return _SHOWN.sub(instead, html)


def embedded(files: Mapping[str, Path]) -> dict[str, tuple[str, str]]:
    """Return the type and the Base64 of each file by its name, without those that are too large. Raises OSError."""
    found: dict[str, tuple[str, str]] = {}
    room = MAX_PAGE
    for name, file in sorted(files.items(), key=_size):
        size = _size((name, file))
        if size > MAX_FILE or size > room:
            break
        room -= size
        kind = guess_type(name)[0] or "application/octet-stream"
        found[name] = (kind, base64.b64encode(file.read_bytes()).decode("ascii"))
    return dict(sorted(found.items()))


def _size(item: tuple[str, Path]) -> int:
    return item[1].stat().st_size
