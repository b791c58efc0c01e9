"""What settings can take: how it is read from YAML, what is wrong with it, and its JSON schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Final

import yaml

from mkcards.codes import FINDINGS
from mkcards.config import REVERSES, RULE_GROUP, RULES, SUBDECKS
from mkcards.diagnostics import Diagnostic, not_known
from mkcards.phrase_tables import LANGUAGES
from mkcards.phrasing import phrases

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
_UNKNOWN: Final = MappingProxyType(
    {
        "setting": "unknown-setting",
        "rule": "unknown-rule",
        "code": "unknown-code",
        "language": "unknown-language",
        "question": "unknown-question",
    }
)
_LANGUAGE: Final = rf"auto|({'|'.join(LANGUAGES)})(-[A-Za-z0-9]+)*"
_GLOB_FAULTS: Final = (
    (re.compile(r"\s*"), "is empty; write a name or a pattern"),
    (re.compile(r".*\\.*"), "has a backslash; write / between folders, on Windows too"),
    (re.compile(r"!.*"), "begins with !, which takes nothing back here; leave that line out"),
    (re.compile(r"(?:.*/)?\.\.(?:/.*)?"), "leads out of the vault; name what lies inside"),
    (re.compile(r".*\{[^{}]*,[^{}]*\}.*"), "has { }, which means nothing here; write a pattern for each"),
    (re.compile(r".*\[[^\]]+-[^\]]+\].*|.*\[[!^].*"), "has [ ], which stands for itself here; use ? or *"),
)
"""What a whole glob looks like that can't mean what its writer thinks."""


class Reading:
    """Gathers all that is wrong with the settings of one file; a faulty value is replaced by an empty one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Diagnostic] = []

    def fault(self, node: yaml.Node, code: str, message: str) -> None:
        """Note what is wrong at a node."""
        self.faults.append(Diagnostic(str(self.path), node.start_mark.line + 1, code, message))

    def wrong(self, node: yaml.Node, name: str, wanted: str) -> None:
        """Note that a node is not of the type that it should have."""
        kind = _KINDS.get(node.tag.rpartition(":")[2], node.tag)
        quotes = wanted == "text" and isinstance(node, yaml.ScalarNode)
        remedy = "put it in quotes" if quotes else "correct it"
        self.fault(node, "wrong-type", f"`{name}` is {kind}, not {wanted}; {remedy}")

    def entries(self, node: yaml.Node, owner: str, known: Sequence[str], what: str) -> Iterator[tuple[str, yaml.Node]]:
        """Yield the entries of a mapping whose keys are known and stand once."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, owner, f"a mapping of {what}s")
            return
        seen = set()
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if name in seen:
                self.fault(key, "set-twice", f"the {what} `{name}` stands here again; keep one")
            elif name in known:
                yield name, value
            else:
                self.unknown(key, name, known, what)
            seen.add(name)

    def unknown(self, node: yaml.Node, name: str, known: Sequence[str], what: str) -> None:
        """Note that a name is not known, and which known one is most like it."""
        if what == "rule" and name in RULES:
            self.fault(node, _UNKNOWN[what], f"the rule `{name}` has no reverse card; take it out")
            return
        self.fault(node, _UNKNOWN[what], not_known(what, name, known))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a setting takes."""

    read: Callable[[Reading, str, yaml.Node], Any]
    schema: Callable[[], Mapping[str, Any]]
    """The JSON schema of its values; a function, since some depend on the installed rules."""


def is_null(node: yaml.Node) -> bool:
    """Tell whether nothing stands where a value could."""
    return str(node.tag) == "tag:yaml.org,2002:null"


def _text(reading: Reading, name: str, node: yaml.Node) -> str:
    if node.tag != "tag:yaml.org,2002:str":
        reading.wrong(node, name, "text")
    return str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""


def _switch(reading: Reading, name: str, node: yaml.Node) -> bool:
    if node.tag != "tag:yaml.org,2002:bool":
        reading.wrong(node, name, "true or false")
    return isinstance(node, yaml.ScalarNode) and str(node.value).lower() in ("true", "yes", "on")


def _items(reading: Reading, name: str, node: yaml.Node) -> Sequence[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return tuple(node.value)
    reading.wrong(node, name, "a list")
    return ()


def _texts(reading: Reading, name: str, node: yaml.Node) -> tuple[str, ...]:
    return tuple(_text(reading, name, item) for item in _items(reading, name, node))


def _path(reading: Reading, name: str, node: yaml.Node) -> Path:
    return reading.path.parent / Path(_text(reading, name, node)).expanduser()


def _paths(reading: Reading, name: str, node: yaml.Node) -> tuple[Path, ...]:
    return tuple(_path(reading, name, item) for item in _items(reading, name, node))


def _globs(reading: Reading, name: str, node: yaml.Node) -> tuple[str, ...]:
    items = _items(reading, name, node)
    globs = tuple(_text(reading, name, item) for item in items)
    for item, glob in zip(items, globs, strict=True):
        fault = next((says for looks, says in _GLOB_FAULTS if looks.fullmatch(glob)), None)
        if fault and isinstance(item, yaml.ScalarNode):
            reading.fault(item, "bad-glob", f"`{glob}` {fault}")
    return globs


def _codes(reading: Reading, name: str, node: yaml.Node) -> tuple[str, ...]:
    items = _items(reading, name, node)
    codes = tuple(_text(reading, name, item) for item in items)
    for item, code in zip(items, codes, strict=True):
        if isinstance(item, yaml.ScalarNode) and code not in FINDINGS:
            reading.unknown(item, code, tuple(FINDINGS), "code")
    return codes


def _lang(reading: Reading, name: str, node: yaml.Node) -> str:
    text = _word(reading, name, node)
    if isinstance(node, yaml.ScalarNode) and not re.fullmatch(_LANGUAGE, text):
        codes = ", ".join(LANGUAGES)
        reading.fault(node, "bad-value", f"`{text}` is no language with questions; write auto, or one of {codes}")
    return text


def _subdecks(reading: Reading, name: str, node: yaml.Node) -> str:
    text = _word(reading, name, node)
    if isinstance(node, yaml.ScalarNode) and text not in SUBDECKS:
        reading.fault(node, "bad-value", f"`{name}` can't be `{text}`; write {' or '.join(SUBDECKS)}")
    return text


def _word(reading: Reading, name: str, node: yaml.Node) -> str:
    """Return one of few words as it is written: YAML takes `no` for false, but quotes would not make it right."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else _text(reading, name, node)


def rule_names() -> tuple[str, ...]:
    """Return the names of our rules, and of those of other packages."""
    return RULES + tuple(sorted(point.name for point in entry_points(group=RULE_GROUP)))


def _rules(reading: Reading, name: str, node: yaml.Node) -> Mapping[str, bool]:
    return {**dict.fromkeys(RULES, True), **_switches(reading, name, node, rule_names())}


def _reverse(reading: Reading, name: str, node: yaml.Node) -> Mapping[str, bool]:
    return {**REVERSES, **_switches(reading, name, node, _reversible())}


def _reversible() -> tuple[str, ...]:
    """Return the names of the rules that may have a reverse card; those of other packages do as they like."""
    return (*REVERSES, *rule_names()[len(RULES) :])


def _switches(reading: Reading, name: str, node: yaml.Node, known: Sequence[str]) -> dict[str, bool]:
    entries = reading.entries(node, name, known, "rule")
    return {rule: _switch(reading, rule, value) for rule, value in entries}


def _questions(reading: Reading, name: str, node: yaml.Node) -> Mapping[str, Mapping[str, str]]:
    templates = phrases("en").table["questions"]
    found: dict[str, dict[str, str]] = {}
    for language, entries in reading.entries(node, name, LANGUAGES, "language"):
        found[language] = {}
        for question, value in reading.entries(entries, language, tuple(templates), "question"):
            text = _text(reading, question, value)
            fault = _template_fault(text, templates[question])
            if fault and isinstance(value, yaml.ScalarNode):
                reading.fault(value, "bad-template", f"`{text}` {fault}")
            found[language][question] = text
    return found


def _template_fault(text: str, english: str) -> str:
    """Return why a text can't stand for a template, or ""."""
    wanted = {name for _, name, _, _ in Formatter().parse(english) if name}
    try:
        parts = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text) if name is not None]
    except ValueError as error:
        return f"is no template ({error}); write a brace of the question itself twice"
    for name, spec, conversion in parts:
        if name not in wanted or spec or conversion:
            written = name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            return f"has no use for {{{written}}}; it can hold {_braced(wanted)}"
    missing = wanted - {name for name, _, _ in parts}
    return f"lacks {_braced(missing)}, without which it asks nothing; put it in" if missing else ""


def _braced(names: Iterable[str]) -> str:
    return " and ".join(f"{{{name}}}" for name in sorted(names))


def _question_schema() -> Mapping[str, Any]:
    texts = {name: {"type": "string"} for name in phrases("en").table["questions"]}
    language = {"type": "object", "properties": texts, "additionalProperties": False}
    return {"type": ["object", "null"], "properties": dict.fromkeys(LANGUAGES, language), "additionalProperties": False}


def _list_of(**items: Any) -> Mapping[str, Any]:
    return {"type": ["array", "null"], "items": items}


def _each(names: Sequence[str], kind: str) -> Mapping[str, Any]:
    properties = {name: {"type": kind} for name in names}
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


TEXT: Final = Kind(_text, lambda: {"type": ["string", "null"]})
SWITCH: Final = Kind(_switch, lambda: {"type": ["boolean", "null"]})
PATH: Final = Kind(_path, lambda: {"type": ["string", "null"]})
PATHS: Final = Kind(_paths, lambda: _list_of(type="string"))
TEXTS: Final = Kind(_texts, lambda: _list_of(type="string"))
GLOBS: Final = Kind(_globs, lambda: _list_of(type="string"))
CODE_LIST: Final = Kind(_codes, lambda: _list_of(enum=list(FINDINGS)))
LANGUAGE: Final = Kind(_lang, lambda: {"type": ["string", "null"], "pattern": f"^({_LANGUAGE})$"})
FOLDING: Final = Kind(_subdecks, lambda: {"enum": [*SUBDECKS, None]})
RULE_SWITCHES: Final = Kind(_rules, lambda: _each(rule_names(), "boolean"))
REVERSE_SWITCHES: Final = Kind(_reverse, lambda: _each(_reversible(), "boolean"))
WORDINGS: Final = Kind(_questions, _question_schema)
