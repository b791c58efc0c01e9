"""Markdown -> HTML that is not yet sanitised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from mkcards.data import Assets
from mkcards.render.arrange import arrange
from mkcards.render.callouts import PARAGRAPH
from mkcards.render.code import highlight
from mkcards.render.images import image, show, with_images
from mkcards.render.simple import tex, words
from mkcards.syntax import parser
from mkcards.syntax.html import with_words


@dataclass(frozen=True, slots=True)
class Aside:
    """What the Markdown of a card says beside its fields; filled while they are rendered."""

    footnotes: list[str] = field(default_factory=list)
    """Their HTML, in the order of their numbers."""
    links: dict[str, str] = field(default_factory=dict)
    """The targets of wikilinks and what stood for them."""


def to_html(markdown: str, assets: Assets, *, remote_images: bool, aside: Aside) -> str:
    """Return Markdown as HTML; what `assets` lacks is left out, footnotes and links go to `aside`."""
    env = {"assets": assets, "prefix": "", "remote_images": remote_images, "shown": set(), "aside": aside}
    return _RENDERER.whole(markdown, env)[0]


class _Renderer(RendererHTML):
    """One method per type of token, as markdown-it-py calls them: all take (tokens, idx, options, env)."""

    def whole(self, markdown: str, env: dict[str, Any]) -> tuple[str, bool]:
        """Return the HTML of a field or an embedded note, and whether it is a single paragraph."""
        # The parser keeps footnotes and references in the environment: each text needs its own.
        tokens = arrange(parser().parse(markdown, {}), env["assets"], env["prefix"])
        at = next((at for at, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
        body, footnotes = tokens[:at], _footnotes(tokens[at:])
        alone = [token.type for token in body] == list(PARAGRAPH)
        if alone:
            body[0].hidden = body[2].hidden = True
        listed = env["aside"].footnotes
        env["numbered"] = len(listed)
        # Kept free now: what this text embeds brings footnotes of its own.
        listed += [""] * len(footnotes)
        html = self.render(body, parser().options, env)
        for number, inside in enumerate(footnotes, env["numbered"]):
            listed[number] = self.render(inside, parser().options, env)
        return html, alone

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return words(tokens[idx].content)

    def softbreak(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        # Obsidian shows a line end as a line end, and those who write notes rely on it.
        return "<br>"

    hardbreak = softbreak

    def comment(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return ""

    footnote_anchor = comment

    def task(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<span class="task">{tokens[idx].content}</span> '

    def wikilink(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        env["aside"].links.setdefault(tokens[idx].meta["target"], tokens[idx].content)
        return f'<span class="link">{escape(tokens[idx].content, quote=False)}</span>'

    def hashtag(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<span class="tag">{escape(tokens[idx].content, quote=False)}</span>'

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return highlight(tokens[idx].content, tokens[idx].info)

    code_block = fence

    def math_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return rf"\({tex(tokens[idx].content)}\)"

    def math_inline_double(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return rf"\[{tex(tokens[idx].content)}\]"

    def math_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<div>{self.math_inline_double(tokens, idx, options, env)}</div>\n"

    math_block_label = amsmath = math_block

    def html_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return _raw(tokens[idx].content, env)

    def html_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return _raw(with_words(tokens[idx].content), env)

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        source = str(tokens[idx].attrGet("src") or "")
        label = self.renderInlineAsText(tokens[idx].children or [], options, env)
        found = image(source, label, env["assets"], env["prefix"], remote_images=env["remote_images"])
        return found or self._transclude(unquote(source), env)

    def embed(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        target, alias = tokens[idx].meta["target"], tokens[idx].meta["alias"]
        media = env["assets"].media.get(env["prefix"] + target)
        return show(media, alias) if media else self._transclude(target, env)

    def _transclude(self, target: str, env: dict[str, Any]) -> str:
        key = env["prefix"] + target
        text = env["assets"].embeds.get(key)
        # Shown once a field: notes that embed one another several times would grow without end.
        if text is None or key in env["shown"]:
            return ""
        env["shown"].add(key)
        html, alone = self.whole(text, {**env, "prefix": key + "\n"})
        tag = "span" if alone else "div"
        return f'<{tag} class="embed">{html}</{tag}>'

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<div class="scroll"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<sup>{env['numbered'] + tokens[idx].meta['id'] + 1}</sup>"


def _raw(html: str, env: Any) -> str:
    return with_images(html, env["assets"], env["prefix"], remote_images=env["remote_images"])


def _footnotes(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the tokens of each footnote in a block of them."""
    found: list[list[Token]] = []
    for token in tokens:
        if token.type == "footnote_open":
            found.append([])
        elif found and token.type not in ("footnote_close", "footnote_block_close"):
            found[-1].append(token)
    return found


_RENDERER = _Renderer()
