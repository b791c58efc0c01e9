"""What a package holds of a card, in a form that can be kept."""

from __future__ import annotations

import msgspec


class Slip(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that a package holds of a note but its texts."""

    id: str
    kind: str
    path: str
    deck: str
    """Empty for the deck that is called like the package."""
    changed: int
    sides: tuple[int, ...]
    """The places of the templates that show something."""
    numbers: tuple[int, ...]
    """What the row ids of the note, and of its card for each template, are made of."""
    place: int
    """Where its tags and fields are on the shelf."""
    digest: int
    """64 bits that stand for them."""
