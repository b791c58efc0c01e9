"""Which files are notes."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress
from pathlib import Path
from typing import Final

from mkcards.data import NoteFile, Vault
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.errors import UsageError
from mkcards.files import codec_of, decode, read_regular
from mkcards.globs import from_root, is_skipped, pattern_of
from mkcards.reading_order import reading_order

SUFFIXES: Final = (".md", ".markdown")
NOT_NAMED: Final = "notes: no-notes none are named; name a folder, or set `notes` in config.yaml"
CONFLICT_COPY: Final = re.compile(
    r"\.sync-conflict-\d{8}-\d{6}"  # Syncthing
    r"|\([^()]*conflicted copy[^()]*\)|\(Case Conflict[^()]*\)"  # Dropbox, Nextcloud, ownCloud
    r"|_conflict-\d{8}-\d{6}|_Conflict\."  # older ownCloud, Synology
    r"|\(SFConflict [^()]*\)|\[conflicted[^\[\]]*\]",  # Seafile, pCloud
    re.IGNORECASE,
)
"""What sync tools put into the name of the copy that they make when a note was changed in two places."""
MARKER: Final = ".obsidian"
COPY: Final = "a sync tool made this copy of a note, so it makes no cards; take over what you need and delete it"
_BROKEN: Final = "this link leads nowhere; mend or remove it"
_OUTSIDE: Final = "this link leads out of the vault; set `outside_links` if what lies there is yours"


@dataclass(frozen=True, slots=True)
class Found:
    """What a run will read."""

    vault: Vault
    notes: tuple[NoteFile, ...]
    """Each note once, in reading order: folder by folder, numbers by their value."""
    roots: tuple[str, ...]
    """The given folders and files, from the vault root; `.` is the whole vault."""
    unread: tuple[str, ...] = ()
    """Folders, from the vault root, that could not be read; nothing is known of the notes below them."""


def discover(
    given: Sequence[Path], exclude: Sequence[str] = (), vault: Path | None = None, *, outside: bool = False
) -> tuple[Found, tuple[Diagnostic, ...]]:
    """Find the notes below the given folders, and the files given by name.

    With `outside` also those to which symbolic links lead out of the vault and the given folders.

    `exclude` holds globs: without a `/` they match any name, with one the path from the vault root, where
    `**` crosses folders. `vault` overrides the vault root.
    Raises UsageError when no path is given, or one does not exist, lies outside the vault, or holds no note.
    """
    starts = _starts(given)
    root, marked = _root(starts, vault)
    for path in starts:
        if not path.is_relative_to(root):
            raise UsageError(f"{path}: outside-vault the vault is {root}; name notes inside it")
    pattern = pattern_of([from_root(glob, root) for glob in exclude])
    walk = _Walk(root, () if outside else tuple(os.path.realpath(path) for path in (root, *_folders(starts))))
    notes: dict[str, NoteFile] = {}
    copies: dict[str, Diagnostic] = {}
    for path in starts:
        for file in _notes(walk, path, pattern):
            if _is_copy(file) and path.is_dir():
                copies[file.name] = Diagnostic(file.name, 0, "conflict-copy", COPY)
            else:
                notes.setdefault(file.real, NoteFile(file.name, file.path))
    tops = [root] if marked else _folders(starts)
    files = _inside((file for top in tops for file in walk.below(top)), root)
    listed = list(notes.values())
    ordered = [listed[place] for place in reading_order(tuple([note.path for note in listed]))]
    roots = tuple(sorted({walk.name(path) for path in starts}))
    here = Vault(root, root.name, files, whole=root in tops, taken=not marked)
    found = Found(here, tuple(ordered), roots, tuple(sorted(walk.unread)))
    return found, (*walk.unread.values(), *copies.values())


def vault_root(given: Sequence[Path], vault: Path | None = None) -> Path:
    """Return the folder inside which all lies that the given notes can show. Raises UsageError as `discover` does."""
    return _root(_starts(given), vault)[0]


def looked_at(given: Sequence[Path], vault: Path | None = None) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the folders in which `discover` looks at all there is, and the paths that decide where the vault is.

    Raises UsageError as `discover` does.
    """
    starts = _starts(given)
    root, marked = _root(starts, vault)
    folders = _folders(starts)
    markers = {up / MARKER for folder in folders for up in (folder, *folder.parents)}
    return ((root,) if marked else ()) + tuple(folders), tuple(sorted(markers))


def read(note: NoteFile) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Return the note's text with every line end as a newline, or None and why it can't be read."""
    data, problems = load(note)
    return (None, problems) if data is None else decoded(note, data)


def load(note: NoteFile) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """Return the note's bytes, or None and why they can't be read."""
    try:
        return read_regular(note.file), ()
    except OSError as error:
        gone = isinstance(error, FileNotFoundError) and os.path.islink(note.file)  # noqa: PTH114
        code, what = ("broken-link", _BROKEN) if gone else ("unreadable", f"{error.strerror}; make it readable")
        message = f"{what} (its cards stay as they were)"
        return None, (Diagnostic(note.path, 0, code, message, Severity.ERROR),)


def decoded(note: NoteFile, data: bytes) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Return the note's text with every line end as a newline, or None and why its bytes are no text."""
    try:
        return decode(data), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"this is not {codec_of(data).upper()}; save the note as UTF-8 (its cards stay as they were)"
        return None, (Diagnostic(note.path, line, "undecodable", message, Severity.ERROR),)


def _starts(given: Sequence[Path]) -> list[Path]:
    if not given:
        raise UsageError(NOT_NAMED)
    return [_existing(path) for path in given]


def _existing(path: Path) -> Path:
    if not path.exists():
        raise UsageError(f"{path}: not-found there is no such file or folder; check the name")
    return Path(os.path.normpath(Path.cwd() / path))


def _root(starts: Sequence[Path], vault: Path | None) -> tuple[Path, bool]:
    """The vault root, and whether it is known to be one rather than taken for want of another."""
    if vault is not None:
        if not vault.is_dir():
            raise UsageError(f"{vault}: not-found there is no such folder; check the name")
        return Path(os.path.normpath(Path.cwd() / vault)), True
    folders = _folders(starts)
    marked = {_marked(folder) for folder in folders}
    if len(marked) > 1:
        names = ", ".join(sorted(str(root or "no vault") for root in marked))
        raise UsageError(f"{starts[0]}: two-vaults the notes span several vaults ({names}); build each alone")
    root = marked.pop()
    return (root, True) if root else (Path(os.path.commonpath(folders)), False)


def _folders(starts: Sequence[Path]) -> list[Path]:
    return [path if path.is_dir() else path.parent for path in starts]


def _notes(walk: _Walk, start: Path, exclude: re.Pattern[str] | None) -> list[_File]:
    if not start.is_dir():
        return [_File(walk.name(start), str(start), os.path.realpath(start))]
    files = [file for file in walk.below(start) if file.name.lower().endswith(SUFFIXES)]
    if exclude:
        files = [*compress(files, _taken(tuple([file.name for file in files]), exclude))]
    if all(map(_is_copy, files)):
        raise UsageError(
            f"{start}: no-notes it holds no *.md or *.markdown that is not excluded; "
            "is it the right folder, and is its disk mounted?"
        )
    return files


def _is_copy(file: _File) -> bool:
    return CONFLICT_COPY.search(file.name.rpartition("/")[2]) is not None


def _marked(folder: Path) -> Path | None:
    return next((up for up in (folder, *folder.parents) if (up / MARKER).is_dir()), None)


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    """From the vault root, with `/`."""
    path: str
    real: str
    """Where it is when every symbolic link is followed."""


@dataclass(slots=True)
class _Walk:
    """Lists folders, and remembers of which paths nothing is known."""

    root: Path
    inside: tuple[str, ...]
    """The folders out of which no link is followed; none when every one is."""
    unread: dict[str, Diagnostic] = field(default_factory=dict)
    walked: dict[Path, list[_File]] = field(default_factory=dict)

    def name(self, path: Path | str) -> str:
        return Path(os.path.relpath(path, self.root)).as_posix()

    def below(self, start: Path) -> list[_File]:
        """Every file below a folder once. Links come after all that is real, so that a real path wins."""
        if start not in self.walked:
            self.walked[start] = self._walked(start)
        return self.walked[start]

    def _walked(self, start: Path) -> list[_File]:
        found: dict[str, _File] = {}
        seen: set[str] = set()
        folders, linked = [str(start)], list[str]()
        while folders:
            links = [link for folder in folders for link in self._tree(folder, seen, found) if self._may_follow(link)]
            folders = sorted(link for link in links if stat.S_ISDIR(_mode(link)))
            linked += [link for link in links if not stat.S_ISDIR(_mode(link))]
        for path in sorted(linked):
            if stat.S_ISREG(_mode(path)) or path.lower().endswith(SUFFIXES):
                real = _real(path)
                found.setdefault(real, _File(self.name(path), path, real))
            elif not _mode(path) and not Path(path).suffix:
                self._keep(path, "broken-link", _BROKEN, Severity.REMARK)
        return list(found.values())

    def _may_follow(self, link: str) -> bool:
        real = _real(link)
        if not self.inside or any(Path(real).is_relative_to(top) for top in self.inside):
            return True
        if not (stat.S_ISDIR(_mode(link)) or stat.S_ISREG(_mode(link))):
            return True  # It leads nowhere or to a device, and whoever follows it says so.
        if stat.S_ISDIR(_mode(link)) or link.lower().endswith(SUFFIXES):
            self._keep(link, "outside-link", _OUTSIDE, Severity.WARNING)
        return False

    def _tree(self, top: str, seen: set[str], found: dict[str, _File]) -> list[str]:
        """Add the real files of a folder and of the real folders below it, and return the links in them."""
        links: list[str] = []
        stack = [top]
        while stack:
            folder = stack.pop()
            real = os.path.realpath(folder)
            if real in seen:
                continue
            seen.add(real)
            name = self.name(folder)
            prefix = "" if name == "." else name + "/"
            for entry in self._list(folder):
                if entry.is_symlink():
                    links.append(entry.path)
                elif entry.is_dir():
                    stack.append(entry.path)
                elif entry.is_file():
                    file = _File(prefix + entry.name, entry.path, real + os.sep + entry.name)
                    found.setdefault(file.real, file)
        return links

    def _list(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return [entry for entry in entries if not is_skipped(entry.name)]
        except OSError as error:
            self._keep(folder, "unreadable-folder", f"{error.strerror}; make it readable", Severity.ERROR)
            return []

    def _keep(self, path: str, code: str, message: str, severity: Severity) -> None:
        name = self.name(path)
        message += " (the cards from below it stay as they were)"
        self.unread[name] = Diagnostic(name, 0, code, message, severity)


def _real(link: str) -> str:
    """Where a link leads; itself when the system does not say, as of some in /proc."""
    try:
        return os.path.realpath(link)
    except OSError:
        return link


def _mode(path: str) -> int:
    """What a link leads to, as `stat` gives it; 0 when it leads nowhere."""
    try:
        return Path(path).stat().st_mode
    except OSError:
        return 0


def _inside(files: Iterable[_File], root: Path) -> tuple[str, ...]:
    real_root = os.path.realpath(root) + os.sep
    return tuple(sorted({file.name for file in files if file.real.startswith(real_root)}))


# While the same files are there, a watch asks the same again and again.
@lru_cache(maxsize=8)
def _taken(names: tuple[str, ...], exclude: re.Pattern[str]) -> tuple[bool, ...]:
    """Say of each path whether it is not excluded."""
    return tuple([exclude.fullmatch(name) is None for name in names])
