"""What the Markdown of a card refers to outside itself: media and embedded notes, all inside the vault."""

from __future__ import annotations

import hashlib
import html
import posixpath
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

from markdown_it.token import Token

from mkcards.data import Assets, Fields, Media, Vault
from mkcards.diagnostics import Diagnostic
from mkcards.files import open_regular, read_regular
from mkcards.syntax import block_parser, parser

MAX_DEPTH = 5
"""How deep embedded notes may embed others; the sixth is left out."""
MAX_EMBEDS = 20
"""How many notes one card may embed, directly or not: a card that wants more is no card."""

_NOTES = (".md", ".markdown")
_IMAGES = "apng|avif|bmp|gif|ico|jpeg|jpg|png|svg|tif|tiff|webp"
_SOUNDS = "3gp|aac|flac|m4a|mkv|mov|mp3|mp4|mpeg|mpg|oga|ogg|ogv|opus|wav|webm"
_MEDIA = re.compile(rf".*\.(?:{_IMAGES}|{_SOUNDS})", re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?:|data:|//)", re.IGNORECASE)
_IMG = re.compile(r"<img\b[^>]*?\ssrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w-]+")
_LONGEST_STEM = 40
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_BLOCK_ID = re.compile(r"(?:^|\s)\^([A-Za-z0-9-]+)[ \t]*$")


def _references(markdown: str) -> Iterator[str]:
    """Yield the targets of images, embeds and `<img>` tags as written, URLs decoded."""
    if "![" not in markdown and "<img" not in markdown.lower():
        return
    blocks = parser().parse(markdown)
    for token in [*blocks, *(child for block in blocks for child in block.children or ())]:
        if token.type == "embed":
            yield token.meta["target"]
        elif token.type == "image":
            yield unquote(str(token.attrGet("src") or ""))
        elif token.type in ("html_inline", "html_block"):
            for found in _IMG.finditer(token.content):
                yield unquote(html.unescape("".join(filter(None, found.groups()))))


def media_name(file: str, digest: str) -> str:
    """Return what a file is called inside the package.

    That is what Anki keeps of its own name, and 12 hex digits of the SHA-256 of its content.
    """
    stem, suffix = posixpath.splitext(posixpath.basename(file))
    safe = _UNSAFE.sub("_", unicodedata.normalize("NFC", stem)).strip("_-")[:_LONGEST_STEM]
    return f"{safe or 'media'}-{digest[:12]}{suffix.lower()}"


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _decode(raw: bytes) -> str:
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def _words(heading: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", heading.casefold()))


def _section(text: str, heading: str) -> str | None:
    lines, wanted = text.split("\n"), _words(heading.rpartition("#")[2])
    tokens = block_parser().parse(text)
    start, level = -1, 0
    for token, inline in pairwise(tokens):
        if token.type != "heading_open" or token.level or token.map is None:
            continue
        if start < 0 and _words(inline.content) == wanted:
            start, level = token.map[0], int(token.tag[1])
        elif start >= 0 and int(token.tag[1]) <= level:
            return "\n".join(lines[start : token.map[0]]).strip()
    return None if start < 0 else "\n".join(lines[start:]).strip()


def _narrowest(tokens: list[Token], line: int) -> tuple[int, int] | None:
    found: tuple[int, int] | None = None
    for token in tokens:
        if token.map is None or token.nesting < 0 or not token.map[0] <= line < token.map[1]:
            continue
        if token.type not in ("inline", "paragraph_open") or not found or found[0] != token.map[0]:
            found = token.map[0], token.map[1]
    return found


def _block(text: str, anchor: str) -> str | None:
    """Return the block that carries `^anchor`: an item, a paragraph, or what an anchor line stands below."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        found = _BLOCK_ID.search(line)
        if not found or found.group(1).casefold() != anchor.casefold():
            continue
        lines[at] = line[: found.start()]
        alone = not lines[at].strip()
        while at > 0 and alone and not lines[at].strip():
            at -= 1
        tokens = block_parser().parse("\n".join(lines))
        if alone:
            tokens = [token for token in tokens if token.level == 0]
        place = _narrowest(tokens, at)
        return "\n".join(lines[place[0] : place[1]]).strip() if place else None
    return None


class Library:
    """Finds what cards refer to inside one vault; each file is read once."""

    def __init__(self, vault: Vault) -> None:
        self._root = vault.root.resolve()
        self._names: dict[str, list[str]] = {}
        for path in vault.files:
            self._names.setdefault(_key(posixpath.basename(path)), []).append(path)
        self._media: dict[str, Media] = {}
        self._texts: dict[str, str] = {}

    def find(self, fields: Fields, path: str, line: int = 0) -> tuple[Assets, tuple[Diagnostic, ...]]:
        """Return what the Markdown of one card refers to, and what of it can't be had.

        `path` is the note's, from the vault root, `line` the card's. Remote images are left to the renderer.
        Keys of the result are targets as written, URL-decoded; those inside an embedded note are preceded by
        the target that embeds it and a newline. Never raises on what notes and files hold.
        """
        search = _Search(self, path)
        forward, reverse = (fields.prompt, fields.answer), (fields.reverse_prompt, fields.reverse_answer)
        for text in (*forward, *reverse, fields.details):
            search.walk(text, path, "", ())
        problems = tuple(Diagnostic(path, line, code, message) for code, message in search.problems)
        if not search.media and not search.embeds:
            return _NOTHING, problems
        return Assets(MappingProxyType(search.media), MappingProxyType(search.embeds)), problems

    def resolve(self, target: str, note: str) -> str | None:
        """Return the vault's file that a link means as Obsidian reads it, or None.

        A path is tried from the note, then from the vault root; else the file with that path's end that lies
        nearest to the root is taken. Upper and lower case count as the same.
        """
        wanted = _key(posixpath.normpath(target.lstrip("/")))
        near = _key(posixpath.normpath(posixpath.join(posixpath.dirname(note), target.lstrip("/"))))
        end = wanted.replace("../", "")
        fits = [
            path
            for path in self._names.get(posixpath.basename(end), ())
            if (key := _key(path)) in (near, wanted) or key.endswith("/" + end) or key == end
        ]
        first = wanted if target.startswith("/") else near

        def distance(path: str) -> tuple[bool, bool, int, str]:
            return _key(path) != first, _key(path) != wanted, path.count("/"), path

        return min(fits, key=distance, default=None)

    def inside(self, path: str) -> Path | None:
        """Return the file at a path from the vault root, or None if a symbolic link leads outside."""
        file = (self._root / path).resolve()
        return file if file.is_relative_to(self._root) else None

    def media(self, path: str, file: Path) -> Media:
        """Return the file under the name it has in the package. Raises OSError if it can't be read."""
        if path not in self._media:
            with open_regular(file) as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            self._media[path] = Media(media_name(path, digest), file)
        return self._media[path]

    def text(self, path: str, file: Path) -> str:
        """Return a note without its front matter. Raises OSError or UnicodeError if it can't be read."""
        if path not in self._texts:
            self._texts[path] = _FRONT_MATTER.sub("", _decode(read_regular(file)))
        return self._texts[path]


_NOTHING = Assets()


class _Search:
    """Collects the assets of one card."""

    def __init__(self, library: Library, path: str) -> None:
        self.library = library
        self.path = path
        self.media: dict[str, Media] = {}
        self.embeds: dict[str, str] = {}
        self.problems: dict[tuple[str, str], None] = {}

    def walk(self, markdown: str, note: str, prefix: str, chain: tuple[str, ...]) -> None:
        for target in _references(markdown):
            key = prefix + target
            if key in self.media or key in self.embeds or not target or _REMOTE.match(target):
                continue
            if _MEDIA.fullmatch(file := target.partition("#")[0]):
                self._take_media(file, note, key)
            else:
                self._take_embed(target, note, key, chain)

    def _report(self, code: str, message: str) -> None:
        self.problems[code, message] = None

    def _file(self, target: str, note: str, code: str, shown: str = "") -> tuple[str, Path] | None:
        """The file that a target means; what is wrong with it is told of `shown`, the target as written."""
        shown = shown or target
        path = self.library.resolve(target, note) or self.library.resolve(unquote(target), note)
        file = self.library.inside(path) if path else None
        if path and file:
            return path, file
        away = posixpath.normpath(posixpath.join(posixpath.dirname(note), target)).startswith("..")
        if path or away:
            self._report(code, f'"{shown}" lies outside the vault; copy it into the vault')
        else:
            self._report(code, f'"{shown}" is not in the vault; add the file or correct the link')
        return None

    def _take_media(self, target: str, note: str, key: str) -> None:
        found = self._file(target, note, "missing-media")
        if found is None:
            return
        try:
            self.media[key] = self.library.media(*found)
        except OSError as error:
            self._report("missing-media", f'"{target}" can\'t be read ({error.strerror}); check the file')

    def _take_embed(self, target: str, note: str, key: str, chain: tuple[str, ...]) -> None:
        page, _, part = (piece.strip() for piece in target.partition("#"))
        name = "/" + note if not page else page if page.lower().endswith(_NOTES) else page + ".md"
        if page and not self.library.resolve(name, note) and self.library.resolve(page, note):
            self._report("unresolved-embed", f'"{page}" is no note, image or sound; link to it instead')
            return
        found = self._file(name, note, "unresolved-embed", page)
        if found is None:
            return
        step = f"{found[0]}#{part}"
        if step in chain or (page and not part and found[0] == self.path):
            self._report("unresolved-embed", f'"{target}" embeds itself; break the circle')
        elif len(chain) >= MAX_DEPTH:
            message = f'"{target}" is embedded more than {MAX_DEPTH} deep; embed it directly'
            self._report("unresolved-embed", message)
        elif len(self.embeds) >= MAX_EMBEDS:
            self._report("unresolved-embed", f"a card embeds more than {MAX_EMBEDS} notes; embed fewer")
        elif (text := self._text(target, part, found)) is not None:
            self.embeds[key] = text
            self.walk(text, found[0], key + "\n", (*chain, step))

    def _text(self, target: str, part: str, found: tuple[str, Path]) -> str | None:
        try:
            text = self.library.text(*found)
        except (OSError, UnicodeError):
            self._report("unresolved-embed", f'"{target}" can\'t be read as text; check the file')
            return None
        if not part:
            return text
        passage = _block(text, part[1:]) if part.startswith("^") else _section(text, part)
        if passage is None:
            self._report("unresolved-embed", f'"{target}" names no place of its note; correct the link')
        return passage
