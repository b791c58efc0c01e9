"""Markdown of a card -> the HTML of its Anki fields."""

from __future__ import annotations

import html as _html
from urllib.parse import quote

from mkcards import fingerprint
from mkcards.data import Assets, Card
from mkcards.render.markdown import to_html
from mkcards.render.plain import plain
from mkcards.render.sanitize import clean, sanitize
from mkcards.render.simple import is_simple

__all__ = ["RENDER_VERSION", "fields", "html", "plain", "source"]

RENDER_VERSION = 1
"""Raised by hand when a change of the HTML is worth stamping every note anew."""

SEPARATOR = " › "


def html(markdown: str, assets: Assets | None = None, *, remote_images: bool = False) -> str:
    """Return Markdown as the HTML of one field, safe to show and without what Anki's files can't hold.

    A single paragraph stands bare. Without `remote_images` an image from the net becomes a link to it. What
    `assets` lacks is left out.
    """
    text = clean(markdown).strip("\n")
    if is_simple(text):
        return _html.escape(text.strip(), quote=False)
    assets = assets or Assets()
    names = frozenset(media.name for media in assets.media.values())
    return sanitize(to_html(text, assets, remote_images=remote_images), names, remote_images=remote_images)


def source(card: Card, vault_name: str) -> str:
    """Return the link that opens the card's note in Obsidian, its title as text."""
    target = (
        f"obsidian://open?vault={quote(clean(vault_name), safe='')}&file={quote(clean(card.path), safe='')}"
    )
    return f'<a href="{_html.escape(target)}">{_html.escape(clean(card.title), quote=False)}</a>'


def _context(parts: tuple[str, ...]) -> str:
    shown = (html(part) if "$" in part else _html.escape(clean(part), quote=False) for part in parts)
    return SEPARATOR.join(part for part in shown if part.strip())


def fields(
    card: Card, assets: Assets | None = None, *, vault_name: str, remote_images: bool = False
) -> tuple[str, ...]:
    """Return the ten fields of the note type `mkcards question`, in its order; the last is the id and a fingerprint.

    `assets` are the card's own, `vault_name` is what Obsidian calls the vault.
    """
    markdown = card.fields
    prompt, answer, reverse_prompt, reverse_answer, details = (
        html(text, assets, remote_images=remote_images) if text else ""
        for text in (
            markdown.prompt,
            markdown.answer,
            markdown.reverse_prompt,
            markdown.reverse_answer,
            markdown.details,
        )
    )
    context, hint, extra = _context(markdown.context), "", ""
    link = source(card, vault_name)
    shown = (prompt, answer, reverse_prompt, reverse_answer, context, hint, details, link, extra)
    return (*shown, f"{card.id}{fingerprint.of(shown, card.deck, card.tags)}")
