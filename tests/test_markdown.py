"""Blocks back to Markdown, as it stands in the fields of a card."""

from __future__ import annotations

import pytest

from mkcards.parse import parse
from mkcards.syntax.markdown import to_markdown


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("## The *tide*\n\nIt rises.\n", "## The *tide*\n\nIt rises."),
        ("It rises.\n\n---\n\nIt falls.\n", "It rises.\n\n---\n\nIt falls."),
        ("It rises.\n\n* twice\n* a day\n", "It rises.\n- twice\n- a day"),
        ("3) ebb\n4) flood\n\n   and slack\n", "3. ebb\n4. flood\n\n   and slack"),
        ("- ebb\n-\n- flood\n", "- ebb\n-\n- flood"),
        ("> It rises.\n>\n> It falls.\n", "> It rises.\n>\n> It falls."),
        ("> [!note]- Tide\n> It rises.\n", "> [!note]- Tide\n> It rises."),
        ("~~~py\nask('```')\n~~~\n", "````py\nask('```')\n````"),
        ("$$ v = \\lambda f $$\n", "$$\nv = \\lambda f\n$$"),
        ("Ebb\n: the fall\n: of the sea\n\nFlood\n: the rise", "Ebb\n: the fall\n: of the sea\n\nFlood\n: the rise"),
        ("It rises.\n\n%% twice? %%\n\nIt falls.\n", "It rises.\n\nIt falls."),
        ("It rises.\n\n[^1]: Twice a day.\n", "It rises."),
    ],
)
def test_blocks_are_written_as_they_were_meant(source: str, written: str) -> None:
    assert to_markdown(parse("Note.md", source)[0].blocks) == written
    assert to_markdown(parse("Note.md", written)[0].blocks) == written
