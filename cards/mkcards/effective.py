"""The settings that hold for a run, and where each came from: command line over file over default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml

from mkcards.config import Config
from mkcards.config_file import SECTION, Loaded, check_reach, find, read
from mkcards.diagnostics import json_of, on_one_line
from mkcards.setting_kinds import rule_names
from mkcards.settings import SETTINGS

COMMAND_LINE: Final = "command line"
DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class Effective:
    """The settings of a run; `sources` says of each that is no default where it stands (`config.yaml:3`)."""

    config: Config
    sources: Mapping[str, str]


def chosen(file: Path | None, notes: Sequence[Path], given: Mapping[str, Any]) -> Effective:
    """Return the settings of the named file, else of the one in this folder, else of the one nearest to the notes.

    Raises UsageError as `effective` does, and for a file that nobody chose and that reaches out of its folder.
    """
    found = file or find(Path(), notes)
    if found and not file and found.parent.resolve() != Path.cwd().resolve():
        check_reach(found, read(found))
    return effective(found, given)


def effective(file: Path | None, given: Mapping[str, Any]) -> Effective:
    """Return the settings of a file under those `given` on the command line; an empty one counts as not given.

    Raises UsageError for a file that can't be read or has faults.
    """
    loaded = read(file) if file else Loaded(Config(), {})
    said = {name: value for name, value in given.items() if value}
    sources = {name: f"{file}:{line}" for name, line in loaded.lines.items()}
    return Effective(replace(loaded.config, **said), sources | dict.fromkeys(said, COMMAND_LINE))


def rows(settings: Effective) -> Iterator[tuple[str, Any, str]]:
    """Yield each setting by name (`rules.list-item`), its value as YAML and JSON can write it, and its source."""
    for setting in SETTINGS:
        value = _plain(getattr(settings.config, setting.name))
        if setting.name == "rules":
            value = dict.fromkeys(rule_names(), True) | value
        parts = {f"{setting.name}.{key}": one for key, one in value.items()} if isinstance(value, dict) else {}
        for name, one in (parts or {setting.name: value}).items():
            yield name, one, settings.sources.get(name, DEFAULT)


def as_text(settings: Effective) -> Iterator[str]:
    """Yield the lines of a `config.yaml` that sets everything as it is, each with its source as a comment."""
    yield f"{SECTION}:"
    above = ""
    for name, value, source in rows(settings):
        owner, _, entry = name.rpartition(".")
        if owner and owner != above:
            yield f"  {owner}:"
        above = owner
        yield f"  {'  ' if owner else ''}{entry}: {_yaml(value)}  # {on_one_line(source)}"


def as_json(settings: Effective) -> Iterator[str]:
    """Yield a JSON object for each setting."""
    for name, value, source in rows(settings):
        yield json_of({"setting": name, "value": value, "from": source})


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _yaml(value: Any) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=2**16)
    return text.removesuffix("...\n").strip()
