"""`config.yaml`: where it is found, and how it becomes a `Config`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from mkcards.config import Config
from mkcards.diagnostics import Diagnostic
from mkcards.errors import UsageError
from mkcards.files import read_regular
from mkcards.setting_kinds import Reading, is_null
from mkcards.settings import SETTINGS
from mkcards.yaml_depth import check_depth

FILE_NAME: Final = "config.yaml"
SECTION: Final = "mkcards"
_MARK: Final = rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?"
_NAMED: Final = re.compile(rb"^%s[ \t{\"']*%s[\"']?\s*:(?=\s|$)" % (_MARK, SECTION.encode()), re.MULTILINE)
"""Where our key may stand in a file that is no YAML."""
_NO_TEXT: Final = "this is not UTF-8; save it as UTF-8"
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings of a file, and the line of each that it sets; entries of a mapping as `rules.list-item`."""

    config: Config
    lines: Mapping[str, int]


def find(folder: Path, notes: Sequence[Path] = ()) -> Path | None:
    """Return the `config.yaml` that holds for a run, or None.

    It is the one in `folder` (the current one), else the nearest from the first of the notes upwards. A file
    without our key belongs to another program and is passed over; one that may have it, but can't be read, is not.
    """
    return next(filter(_is_ours, candidates(folder, notes)), None)


def candidates(folder: Path, notes: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Return the files, there or not, of which `find` takes the first that is ours."""
    start = [(folder / notes[0]).resolve()] if notes else []
    folders = [folder, *start, *(up for path in start for up in path.parents)]
    return tuple(up / FILE_NAME for up in folders)


def load(path: Path) -> Config:
    """Return what `read` returns without the lines."""
    return read(path).config


def read(path: Path) -> Loaded:
    """Read the settings from a file; relative paths in it count from its folder.

    Raises UsageError with one line for each fault: `config.yaml:LINE: CODE what was seen; what to do`.
    """
    reading = Reading(path)
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    kinds = {setting.name: setting.kind for setting in SETTINGS}
    section = _section(path)
    if not is_null(section):
        for name, node in reading.entries(section, SECTION, tuple(kinds), "setting"):
            if not is_null(node):
                values[name] = kinds[name].read(reading, name, node)
                lines |= _lines(name, node)
    if reading.faults:
        faults = sorted(reading.faults, key=lambda fault: fault.line)
        raise UsageError("\n".join(str(fault) for fault in faults))
    return Loaded(Config(**values), lines)


def check_reach(path: Path, loaded: Loaded) -> None:
    """Raise UsageError for what a file may not set that nobody named and that lies with the notes.

    Such a file may be a stranger's: it may not reach out of its own folder, nor let a deck do so. To pass over what it
    sets would be worse than to stop: another output is another ledger, which would give every card a new id.
    """
    folder = path.parent.resolve()
    reaching = [name for name in ("remote_images", "outside_links") if getattr(loaded.config, name)]
    for name in ("output", "vault"):
        value = getattr(loaded.config, name)
        if value is not None and not value.resolve().is_relative_to(folder):
            reaching.append(name)
    if reaching:
        what = "reaches out of the folder of this file, which nobody named; if it is yours, name it with --config"
        found = [Diagnostic(str(path), loaded.lines[name], "reaching-setting", f"`{name}` {what}") for name in reaching]
        raise UsageError("\n".join(map(str, sorted(found, key=lambda one: one.line))))


def _is_ours(path: Path) -> bool:
    """Tell whether a file has our key, or may have it: one that can't be read or is damaged is not passed over."""
    if not os.path.isfile(path):  # noqa: PTH113  # In a folder that nobody may enter, there are no notes to read, either.
        return False
    try:
        data = read_regular(path).replace(b"\0", b"")  # UTF-16 has them between the letters.
    except OSError:
        return True
    if SECTION.encode() not in data:
        return False
    try:
        return any(_sections(data.decode("utf-8-sig")))
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError):
        return _NAMED.search(data) is not None


def _section(path: Path) -> yaml.Node:
    """Return the value of our key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if "\0" in text:
            raise UsageError(f"{path}: undecodable {_NO_TEXT}")
        found = list(_sections(text))
    except OSError as error:
        raise UsageError(f"{path}: unreadable {error.strerror}; name another file") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: undecodable {_NO_TEXT}") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        deep = "this is nested too deeply" if isinstance(error, RecursionError) else "this is not YAML"
        problem = getattr(error, "problem", None) or deep
        raise UsageError(f"{place}: config-syntax {problem}; correct it") from error
    if not found:
        raise UsageError(f"{path}: no-settings there is no key `{SECTION}`; put the settings under it")
    if len(found) > 1:
        line = found[1][0].start_mark.line + 1
        raise UsageError(f"{path}:{line}: set-twice the key `{SECTION}` stands here again; keep one")
    return found[0][1]


def _sections(text: str) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Yield our key and its value, each time that it stands in a file. Raises YAMLError or RecursionError."""
    check_depth(text, _Loader)
    root = yaml.compose(text, _Loader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    return ((key, value) for key, value in pairs if key.value == SECTION)


def _lines(name: str, node: yaml.Node) -> dict[str, int]:
    if isinstance(node, yaml.MappingNode):
        return {f"{name}.{key.value}": key.start_mark.line + 1 for key, _ in node.value}
    return {name: node.start_mark.line + 1}
