"""`config.yaml` and the command line -> a frozen `Config`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

import yaml

from mkcards.diagnostics import Diagnostic
from mkcards.errors import UsageError
from mkcards.files import read_regular

FILE_NAME: Final = "config.yaml"
SECTION: Final = "mkcards"
RULES: Final = (
    "quoted-definition",
    "bold-definition",
    "term-line",
    "labelled-list",
    "list-item",
    "item-explanation",
    "highlighted-question",
    "question-line",
)
RULE_GROUP: Final = "mkcards.rules"
"""The entry-point group in which other packages offer rules; an entry point has the name of its rule."""
REVERSES: Final = MappingProxyType({"quoted-definition": True, "bold-definition": True, "term-line": False})
SUBDECKS: Final = ("none", "folders")
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting with its default; the project's `config.yaml` explains each."""

    notes: tuple[Path, ...] = ()
    output: Path | None = None
    deck: str = ""
    namespace: str = ""
    vault: Path | None = None
    exclude: tuple[str, ...] = ()
    lang: str = "auto"
    # Plain dictionaries, because a Config is pickled for worker processes and a mapping proxy can't be.
    rules: Mapping[str, bool] = field(default_factory=lambda: dict.fromkeys(RULES, True), hash=False)
    reverse: Mapping[str, bool] = field(default_factory=lambda: dict(REVERSES), hash=False)
    skip_headings: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()
    subdecks: str = "none"
    remote_images: bool = False
    ledger_in_deck: bool = True


def find(folder: Path, notes: Sequence[Path] = ()) -> Path | None:
    """Return the `config.yaml` that holds for a run, or None.

    It is the one in `folder` (the current one), else the nearest from the first of the notes upwards. A file
    without our key belongs to another program and is passed over.
    """
    start = [(folder / notes[0]).resolve()] if notes else []
    folders = [folder, *start, *(up for path in start for up in path.parents)]
    return next((path for path in (up / FILE_NAME for up in folders) if _is_ours(path)), None)


def load(path: Path) -> Config:
    """Read the settings from a file; relative paths in it count from its folder.

    Raises UsageError with one line for each fault: `config.yaml:LINE: CODE what was seen; what to do`.
    """
    reading = _Reading(path)
    values = {}
    section = reading.section()
    if section is not None and not _is_null(section):
        for name, node in reading.entries(section, SECTION, tuple(_READERS), "setting"):
            if not _is_null(node):
                values[name] = _READERS[name](reading, name, node)
    if reading.faults:
        faults = sorted(reading.faults, key=lambda fault: fault.line)
        raise UsageError("\n".join(str(fault) for fault in faults))
    return Config(**values)


def _is_ours(path: Path) -> bool:
    try:
        text = read_regular(path).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return False
    return re.search(rf"^[\"']?{SECTION}[\"']?\s*:", text, re.MULTILINE) is not None


def _is_null(node: yaml.Node) -> bool:
    return str(node.tag) == "tag:yaml.org,2002:null"


class _Reading:
    """Reads one file and gathers all that is wrong with it; a faulty value is replaced by an empty one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Diagnostic] = []

    def fault(self, node: yaml.Node, code: str, message: str) -> None:
        self.faults.append(Diagnostic(str(self.path), node.start_mark.line + 1, code, message))

    def section(self) -> yaml.Node | None:
        """The value of our key."""
        try:
            root = yaml.compose(self.path.read_text(encoding="utf-8-sig"), _Loader)
        except OSError as error:
            raise UsageError(f"{self.path}: unreadable {error.strerror}; name another file") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"{self.path}: undecodable this is not UTF-8; save it as UTF-8") from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = f"{self.path}:{mark.line + 1}" if mark else str(self.path)
            problem = getattr(error, "problem", None) or "this is not YAML"
            raise UsageError(f"{place}: config-syntax {problem}; correct it") from error
        if isinstance(root, yaml.MappingNode):
            for key, value in root.value:
                if key.value == SECTION:
                    return cast(yaml.Node, value)
        raise UsageError(f"{self.path}: no-settings there is no key `{SECTION}`; put the settings under it")

    def entries(
        self, node: yaml.Node, owner: str, known: Sequence[str], what: str
    ) -> Iterator[tuple[str, yaml.Node]]:
        """The entries of a mapping whose keys are known and stand once."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, owner, f"a mapping of {what}s")
            return
        seen = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                self.fault(key, "set-twice", f"the {what} `{name}` stands here again; keep one")
            elif name in known:
                yield name, value
            else:
                near = difflib.get_close_matches(name, known, 1, 0.0)[0]
                self.fault(key, f"unknown-{what}", f"there is no {what} `{name}`; did you mean `{near}`?")
            seen.add(name)

    def wrong(self, node: yaml.Node, name: str, wanted: str) -> None:
        kind = _KINDS.get(node.tag.rpartition(":")[2], node.tag)
        quotes = wanted == "text" and isinstance(node, yaml.ScalarNode)
        remedy = "put it in quotes" if quotes else "correct it"
        self.fault(node, "wrong-type", f"`{name}` is {kind}, not {wanted}; {remedy}")


_KINDS: Final = MappingProxyType(
    {
        "str": "text",
        "bool": "true or false",
        "int": "a number",
        "float": "a number",
        "timestamp": "a date",
        "null": "nothing",
        "seq": "a list",
        "map": "a mapping",
    }
)


def _text(reading: _Reading, name: str, node: yaml.Node) -> str:
    if node.tag != "tag:yaml.org,2002:str":
        reading.wrong(node, name, "text")
    return str(node.value).strip()


def _switch(reading: _Reading, name: str, node: yaml.Node) -> bool:
    if node.tag != "tag:yaml.org,2002:bool":
        reading.wrong(node, name, "true or false")
    return str(node.value).lower() in ("true", "yes", "on")


def _texts(reading: _Reading, name: str, node: yaml.Node) -> tuple[str, ...]:
    if not isinstance(node, yaml.SequenceNode):
        reading.wrong(node, name, "a list")
        return ()
    return tuple(_text(reading, name, item) for item in node.value)


def _path(reading: _Reading, name: str, node: yaml.Node) -> Path:
    return reading.path.parent / Path(_text(reading, name, node)).expanduser()


def _paths(reading: _Reading, name: str, node: yaml.Node) -> tuple[Path, ...]:
    return tuple(reading.path.parent / Path(text).expanduser() for text in _texts(reading, name, node))


def _lang(reading: _Reading, name: str, node: yaml.Node) -> str:
    text = _text(reading, name, node)
    if not re.fullmatch(r"auto|[a-z]{2,3}(-[A-Za-z0-9]+)*", text):
        reading.fault(node, "bad-value", f"`{text}` is no language; write `auto` or a code such as `en`")
    return text


def _subdecks(reading: _Reading, name: str, node: yaml.Node) -> str:
    text = _text(reading, name, node)
    if text not in SUBDECKS:
        reading.fault(node, "bad-value", f"`{name}` can't be `{text}`; write {' or '.join(SUBDECKS)}")
    return text


def _rules(reading: _Reading, name: str, node: yaml.Node) -> Mapping[str, bool]:
    others = tuple(sorted(point.name for point in entry_points(group=RULE_GROUP)))
    return {**dict.fromkeys(RULES, True), **_switches(reading, name, node, RULES + others)}


def _reverse(reading: _Reading, name: str, node: yaml.Node) -> Mapping[str, bool]:
    return {**REVERSES, **_switches(reading, name, node, tuple(REVERSES))}


def _switches(reading: _Reading, name: str, node: yaml.Node, known: Sequence[str]) -> dict[str, bool]:
    entries = reading.entries(node, name, known, "rule")
    return {rule: _switch(reading, rule, value) for rule, value in entries}


_READERS: Final[Mapping[str, Callable[[_Reading, str, yaml.Node], Any]]] = MappingProxyType(
    {
        "notes": _paths,
        "output": _path,
        "deck": _text,
        "namespace": _text,
        "vault": _path,
        "exclude": _texts,
        "lang": _lang,
        "rules": _rules,
        "reverse": _reverse,
        "skip_headings": _texts,
        "tags": _texts,
        "subdecks": _subdecks,
        "remote_images": _switch,
        "ledger_in_deck": _switch,
    }
)
