"""Text that needs no Markdown parser."""

from __future__ import annotations

import re

_PLAIN_WORDS = re.compile(r"[\w“”‘’„«»(\"'][\w .:,;?!()'\"“”‘’„«»–—/…‐-]*")
_STARTS_ITEM = re.compile(r"\d+[.)](?:\s|$)")


def is_simple(text: str) -> bool:
    """Say whether `text` is one line that means the same with and without Markdown."""
    return "_" not in text and _PLAIN_WORDS.fullmatch(text) is not None and not _STARTS_ITEM.match(text)
