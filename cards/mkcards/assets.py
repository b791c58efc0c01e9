"""What the Markdown of a card refers to outside itself: media and embedded notes, all inside the vault."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

from mkcards.data import Assets, Fields, Media, NoteCards, Vault
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.files import decode, open_regular, read_regular
from mkcards.passages import passage_of, without_front_matter
from mkcards.syntax.references import is_medium, is_picture, is_remote, shows_more, targets, texts_of

MAX_DEPTH = 5
"""How deep embedded notes may embed others; the sixth is left out."""
MAX_EMBEDS = 20
"""How many notes one card may embed, directly or not: a card that wants more is no card."""

MAX_PICTURE = 20
"""Megabytes: what a phone still shows while somebody reviews."""
MAX_SOUND = 100
"""Megabytes: AnkiWeb takes no larger file."""

_NOTES = (".md", ".markdown")
_ACTIVE = re.compile(r"<\s*(?:\w+:)?script|<[^<>]*\son[a-z]+\s*=|javascript:", re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w-]+")
_LONGEST_STEM = 40
_NAMED_LINES = 10


def media_name(file: str, digest: str) -> str:
    """Return what a file is called inside the package.

    That is what Anki keeps of its own name, and 12 hex digits of the SHA-256 of its content.
    """
    stem, suffix = posixpath.splitext(posixpath.basename(file))
    safe = _UNSAFE.sub("_", unicodedata.normalize("NFC", stem)).strip("_-")[:_LONGEST_STEM]
    return f"{safe or 'media'}-{digest[:12]}{suffix.lower()}"


def _excess(file: Path) -> str:
    limit = MAX_PICTURE if is_picture(file.name) else MAX_SOUND
    size = file.stat().st_size
    if size <= limit * 1_000_000:
        return ""
    what = "a picture" if limit == MAX_PICTURE else "sound or film"
    return f"has {size / 1_000_000:.0f} MB, {what} on a card at most {limit}; make it smaller"


def _drawing(file: Path) -> str:
    try:
        return decode(read_regular(file))
    except UnicodeError:
        return read_regular(file).decode("latin-1")


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


_MISSING = "is not in the vault; add the file or correct the link"
_NOT_NAMED = "is in none of the named folders; set `vault` to a folder that holds it too, or add the file"


class Library:
    """Finds what cards refer to inside one vault; each file is read once."""

    def __init__(self, vault: Vault) -> None:
        self._root = vault.root.resolve()
        self._files = vault.files
        self.missing = _MISSING if vault.whole else _NOT_NAMED
        self._media: dict[str, Media] = {}
        self._texts: dict[str, str] = {}
        self._excess: dict[str, str] = {}
        self._scripts: dict[str, bool] = {}

    @cached_property
    def _names(self) -> Mapping[str, Sequence[str]]:
        names: dict[str, list[str]] = {}
        for path in self._files:
            names.setdefault(_key(posixpath.basename(path)), []).append(path)
        return names

    def find(self, fields: Fields, path: str, line: int = 0) -> tuple[Assets, tuple[Diagnostic, ...]]:
        """Return what the Markdown of one card refers to, and what of it can't be had.

        `path` is the note's, from the vault root, `line` the card's. Whether to show remote images is the renderer's.
        Keys of the result are targets as written, URL-decoded; those inside an embedded note are preceded by
        the target that embeds it and a newline. Never raises on what notes and files hold.
        """
        if not shows_more(fields):
            return Assets(), ()
        search = _Search(self, path)
        for text in texts_of(fields):
            search.walk(text, path, "", ())
        problems = tuple(Diagnostic(path, line, code, message) for code, message in search.problems)
        return Assets(MappingProxyType(search.media), MappingProxyType(search.embeds), tuple(search.remote)), problems

    def lacking(self, note: NoteCards, problems: Iterable[Diagnostic], links: Container[str]) -> list[Diagnostic]:
        """Return `problems`, those of the note's cards, at the lines that cause them, and what else it lacks.

        `links` are the remote images for which its cards show links. What no card shows is a remark.
        """
        of_cards = {(one.code, one.message): one for one in problems}
        found: dict[tuple[str, str], Diagnostic] = {}
        unshown: dict[tuple[str, str], int] = {}
        linked: dict[int, None] = {}
        for reference in note.references:
            search = _Search(self, note.path, reading=False)
            search.take(reference.target, note.path, "", ())
            if reference.target in links:
                linked[reference.line] = None
            for problem, faulty in search.problems.items():
                if problem in of_cards:
                    found.setdefault(problem, Diagnostic(note.path, reference.line, *problem))
                elif faulty:
                    unshown.setdefault(problem, reference.line)
        remarks = (*_alike(note.path, unshown), *([_linked(note.path, tuple(linked))] if linked else ()))
        return [*found.values(), *remarks, *(one for problem, one in of_cards.items() if problem not in found)]

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
        file = Path(os.path.realpath(self._root / path))
        return file if file.is_relative_to(self._root) else None

    def media(self, path: str, file: Path) -> Media:
        """Return the file under the name it has in the package. Raises OSError if it can't be read."""
        if path not in self._media:
            with open_regular(file) as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            self._media[path] = Media(media_name(path, digest), file)
        return self._media[path]

    def excess(self, path: str, file: Path) -> str:
        """Return in words by how much a file is too large for a card, or "". Raises OSError if it can't be read."""
        if path not in self._excess:
            self._excess[path] = _excess(file)
        return self._excess[path]

    def has_script(self, path: str, file: Path) -> bool:
        """Say whether a file is a drawing that could run something. Raises OSError if it can't be read."""
        if path not in self._scripts:
            self._scripts[path] = file.suffix.lower() == ".svg" and _ACTIVE.search(_drawing(file)) is not None
        return self._scripts[path]

    def text(self, path: str, file: Path) -> str:
        """Return a note without its front matter. Raises OSError or UnicodeError if it can't be read."""
        if path not in self._texts:
            self._texts[path] = without_front_matter(decode(read_regular(file)))
        return self._texts[path]


def _linked(path: str, lines: Sequence[int]) -> Diagnostic:
    """Return one finding for a note: a page from the web has dozens of images."""
    where = f" ({_listed(lines)})" if len(lines) > 1 else ""
    message = f"a card shows links in place of images from the internet{where}; save them in the vault"
    return Diagnostic(path, lines[0], "remote-image", f"{message}, or set `remote_images`", Severity.REMARK)


def _alike(path: str, problems: Mapping[tuple[str, str], int]) -> Iterator[Diagnostic]:
    """Yield one finding for all targets of a note with which the same is wrong; `problems` have their lines."""
    groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for (code, message), line in problems.items():
        groups.setdefault((code, message.rpartition('"')[2]), []).append((line, message))
    for (code, _), ((line, message), *others) in groups.items():
        seen, _, do = message.rpartition("; ")
        lines = tuple(dict.fromkeys(other for other, _ in others))
        like = f", like {len(others)} more ({_listed(lines)})" if others else ""
        yield Diagnostic(path, line, code, f"{seen}{like}; {do}", Severity.REMARK)


def _listed(lines: Sequence[int]) -> str:
    named = ", ".join(map(str, lines[:_NAMED_LINES])) + (" …" if len(lines) > _NAMED_LINES else "")
    return f"line {named}" if len(lines) == 1 else f"lines {named}"


class _Search:
    """Collects the assets of one card; without `reading`, media are looked for but not read."""

    def __init__(self, library: Library, path: str, *, reading: bool = True) -> None:
        self.library = library
        self.reading = reading
        self.path = path
        self.media: dict[str, Media] = {}
        self.embeds: dict[str, str] = {}
        self.remote: dict[str, None] = {}
        self.problems: dict[tuple[str, str], bool] = {}
        """Codes and messages, and whether it is wrong in a note too, or on a card alone."""

    def walk(self, markdown: str, note: str, prefix: str, chain: tuple[str, ...]) -> None:
        for target in targets(markdown):
            self.take(target, note, prefix, chain)

    def take(self, target: str, note: str, prefix: str, chain: tuple[str, ...]) -> None:
        key = prefix + target
        if is_remote(target):
            self.remote[target] = None
            return
        if key in self.media or key in self.embeds or not target:
            return
        if is_medium(file := target.partition("#")[0]):
            self._take_media(file, note, key)
        else:
            self._take_embed(target, note, key, chain)

    def _report(self, code: str, message: str, *, on_card: bool = False) -> None:
        self.problems[code, message] = not on_card

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
            self._report(code, f'"{shown}" {self.library.missing}')
        return None

    def _take_media(self, target: str, note: str, key: str) -> None:
        found = self._file(target, note, "missing-media")
        if found is None:
            return
        try:
            if excess := self.library.excess(*found):
                self._report("large-media", f'"{target}" {excess}')
            elif self.library.has_script(*found):
                self._report("unsafe-media", f'"{target}" holds a script; export the drawing without it')
            else:
                self.media[key] = self.library.media(*found) if self.reading else Media("", found[1])
        except OSError as error:
            self._report("unreadable", f'"{target}" can\'t be read ({error.strerror}); check the file')

    def _take_embed(self, target: str, note: str, key: str, chain: tuple[str, ...]) -> None:
        page, _, part = (piece.strip() for piece in target.partition("#"))
        name = "/" + note if not page else page if page.lower().endswith(_NOTES) else page + ".md"
        if page and not self.library.resolve(name, note) and self.library.resolve(page, note):
            message = f'"{page}" is no note, image or sound; link to it instead'
            self._report("unresolved-embed", message, on_card=True)
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
        except OSError as error:
            self._report("unreadable", f'"{target}" can\'t be read ({error.strerror}); check the file')
            return None
        except UnicodeError:
            self._report("unresolved-embed", f'"{target}" can\'t be read as text; check the file')
            return None
        passage = passage_of(text, part) if part else text
        if passage is None:
            self._report("unresolved-embed", f'"{target}" names no place of its note; correct the link')
        return passage
