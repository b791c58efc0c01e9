"""Markdown -> HTML that is not yet sanitised."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from mkcards.data import Assets
from mkcards.render.arrange import arrange, is_paragraph
from mkcards.render.code import highlight
from mkcards.render.images import image, show, with_images
from mkcards.syntax import parser

BLANK = "[?]"
"""How Markdown writes the item of a list that a card asks for."""


def to_html(markdown: str, assets: Assets, *, remote_images: bool) -> str:
    """Return Markdown as HTML; what `assets` lacks is left out."""
    env = {"assets": assets, "prefix": "", "remote_images": remote_images, "shown": set()}
    return _RENDERER.render(_tokens(markdown, env), parser().options, env)


def _tokens(markdown: str, env: dict[str, Any]) -> list[Token]:
    # The parser keeps footnotes and references in the environment: each text needs its own.
    return arrange(parser().parse(markdown, {}), env["assets"], env["prefix"])


class _Renderer(RendererHTML):
    """One method per type of token, as markdown-it-py calls them: all take (tokens, idx, options, env)."""

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return escape(tokens[idx].content, quote=False).replace(BLANK, '<span class="blank">?</span>')

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
        return f'<span class="link">{escape(tokens[idx].content, quote=False)}</span>'

    def hashtag(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<span class="tag">{escape(tokens[idx].content, quote=False)}</span>'

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return highlight(tokens[idx].content, tokens[idx].info)

    code_block = fence

    def math_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return rf"\({escape(tokens[idx].content.strip(), quote=False)}\)"

    def math_inline_double(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return rf"\[{escape(tokens[idx].content.strip(), quote=False)}\]"

    def math_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<div>{self.math_inline_double(tokens, idx, options, env)}</div>\n"

    math_block_label = math_block

    def html_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        raw, remote = tokens[idx].content, env["remote_images"]
        return with_images(raw, env["assets"], env["prefix"], remote_images=remote)

    html_block = html_inline

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
        inner = {**env, "prefix": key + "\n"}
        tokens = _tokens(text, inner)
        tag = "span" if is_paragraph(tokens) else "div"
        return f'<{tag} class="embed">{self.render(tokens, parser().options, inner)}</{tag}>'

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<div class="scroll"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<sup>{tokens[idx].meta['id'] + 1}</sup>"

    def footnote_block_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<section class="footnotes"><ol>\n'

    def footnote_block_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</ol></section>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "<li>"

    def footnote_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</li>\n"


_RENDERER = _Renderer()
