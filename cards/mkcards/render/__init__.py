"""Markdown of a card -> the HTML of its Anki fields."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from urllib.parse import quote

from mkcards import fingerprint
from mkcards.data import Assets, Card
from mkcards.render.dropped import dropped
from mkcards.render.markdown import Aside, to_html
from mkcards.render.plain import plain
from mkcards.render.sanitize import clean, sanitize, uncommanded
from mkcards.render.simple import is_simple, simple_html
from mkcards.syntax.inline import is_marked

__all__ = ["RENDER_VERSION", "dropped", "fields", "filed", "html", "plain", "source"]

RENDER_VERSION = 1
"""Raised by hand when a change of the HTML is worth stamping every note anew."""

SEPARATOR = " › "


def html(markdown: str, assets: Assets | None = None, *, remote_images: bool = False) -> str:
    """Return Markdown as the HTML of one field, safe to show and without what Anki's files can't hold.

    A single paragraph stands bare, footnotes come last. Without `remote_images` an image from the net becomes a
    link to it. What `assets` lacks is left out.
    """
    aside = Aside()
    shown = _html(markdown, assets or Assets(), remote_images, aside)
    return "\n".join(part for part in (shown, _footnotes(aside, assets or Assets(), remote_images)) if part)


def _html(markdown: str, assets: Assets, remote_images: bool, aside: Aside) -> str:
    text = clean(markdown).strip("\n")
    if is_simple(text):
        return escape(text.strip(), quote=False)
    if (made := simple_html(text)) is not None:
        for target, shown in made.links:
            aside.links.setdefault(target, shown)
        return uncommanded(made.html, assets.names, remote_images=remote_images)
    raw = to_html(text, assets, remote_images=remote_images, aside=aside)
    return sanitize(raw, assets.names, remote_images=remote_images)


def _footnotes(aside: Aside, assets: Assets, remote_images: bool) -> str:
    if not aside.footnotes:
        return ""
    items = "".join(f"<li>{one}</li>\n" for one in aside.footnotes)
    raw = f'<section class="footnotes"><ol>\n{items}</ol></section>'
    return sanitize(raw, assets.names, remote_images=remote_images)


def _open(vault_name: str, path: str) -> str:
    """Return the address that opens a note in Obsidian."""
    return f"obsidian://open?vault={quote(clean(vault_name), safe='')}&file={quote(clean(path), safe='')}"


@lru_cache(maxsize=64)
def _anchor(vault_name: str, path: str, text: str) -> str:
    return f'<a href="{escape(_open(vault_name, path))}">{escape(clean(text), quote=False)}</a>'


def source(card: Card, vault_name: str) -> str:
    """Return the link that opens the card's note in Obsidian, its title as text."""
    return _anchor(vault_name, card.path, card.title)


def _links(aside: Aside, card: Card, vault_name: str) -> str:
    """Return the links to the notes that a card names; Obsidian resolves their names as it does in the note."""
    found = (
        _anchor(vault_name, card.path + target if target.startswith("#") else target, text)
        for target, text in aside.links.items()
    )
    return f'<p class="links">{" · ".join(found)}</p>' if aside.links else ""


def _context(parts: tuple[str, ...]) -> str:
    shown = (html(part) if is_marked(part) else escape(clean(part), quote=False) for part in parts)
    return SEPARATOR.join(part for part in shown if part.strip())


def fields(
    card: Card, assets: Assets | None = None, *, vault_name: str, remote_images: bool = False
) -> tuple[str, ...]:
    """Return the ten fields of the note type `mkcards question`, in its order; the last is the id and a fingerprint.

    Footnotes and links to other notes go to the details.

    `assets` are the card's own, `vault_name` is what Obsidian calls the vault.
    """
    markdown, assets, aside = card.fields, assets or Assets(), Aside()
    prompt, answer, reverse_prompt, reverse_answer, details = (
        _html(text, assets, remote_images, aside) if text else ""
        for text in (
            markdown.prompt,
            markdown.answer,
            markdown.reverse_prompt,
            markdown.reverse_answer,
            markdown.details,
        )
    )
    asides = (details, _footnotes(aside, assets, remote_images), _links(aside, card, vault_name))
    details = "\n".join(part for part in asides if part)
    context, hint, extra = _context(markdown.context), "", ""
    link = source(card, vault_name)
    shown = (prompt, answer, reverse_prompt, reverse_answer, context, hint, details, link, extra)
    return (*shown, f"{card.id}{fingerprint.of(shown, card.deck, card.tags)}")


def filed(made: Sequence[str], card: Card) -> tuple[str, ...]:
    """Return the fields of a card from those that `fields` made when it had no id, no tags and another deck."""
    return (*made[:-1], f"{card.id}{fingerprint.refiled(made[-1], card.deck, card.tags)}")
