"""Links and images whose address stands elsewhere in a note (`[text][1]`), written so that a card can hold them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from markdown_it.common.utils import normalizeReference

from mkcards.syntax.clean import outside_code

_LINK: Final = re.compile(r"(?<![\\\[])(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*+)\](?:\[([^\[\]]*)\]|(?![\[(:]))")


def with_addresses(text: str, defined: Mapping[str, Mapping[str, Any]]) -> str:
    """Return inline Markdown with the addresses of its links and images in place.

    `defined` is what the parser found in the note: `[1]: address`, by label.
    """
    if not defined or "[" not in text:
        return text

    def resolved(link: re.Match[str]) -> str:
        found = defined.get(normalizeReference(link[3] or link[2]))
        # A number is the mark of a source, not the text of a link.
        if found is None or link[2].isdecimal():
            return link[0]
        address = str(found["href"])
        shown = f"<{address}>" if "(" in address or ")" in address else address
        return f"{link[1]}[{with_addresses(link[2], defined)}]({shown})"

    return outside_code(text, lambda piece: _LINK.sub(resolved, piece))
