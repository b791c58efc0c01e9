"""Front matter, read through python-frontmatter's YAML handler; a broken one costs the metadata, never the body."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from mkcards.yaml_depth import check_depth

KEYS = ("title", "tags", "tag", "deck", "id", "_id", "uid", "mkcards", "lang")
"""The keys that are rescued, line by line, from broken YAML."""

_OPENS = re.compile(r"---[ \t]*\n")
_SCALAR = re.compile(rf"^({'|'.join(KEYS)}):[ \t]+([^\[{{|>&*!\n].*)$", re.MULTILINE)
_HANDLER = YAMLHandler()
# Every scalar stays the text that the author wrote: dates, numbers and tags can neither fail nor change.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NOTHING = ("", "~", "null", "Null", "NULL")


def _rescue(source: str) -> dict[str, Any]:
    found = ((key, value.strip().strip("'\"")) for key, value in _SCALAR.findall(source))
    return {key: value for key, value in found if value not in _NOTHING and "{{" not in value}


def read_front_matter(text: str) -> tuple[dict[str, Any], int, tuple[int, str] | None]:
    """Return the metadata, the number of lines it takes, and (line, message) of what is wrong with it or None.

    Values are texts as written, and lists and mappings of them; `null` is empty. Text between two `---` lines that is
    no mapping is body, not metadata.
    """
    if not _OPENS.match(text):
        return {}, 0, None
    try:
        source, body = _HANDLER.split(text)
    except ValueError:
        return {}, 0, None
    offset = text.count("\n") - body.count("\n")
    if body.startswith("\n"):
        body, offset = body[1:], offset + 1
    try:
        check_depth(source, _LOADER)
        meta = _HANDLER.load(source, Loader=_LOADER)
    except RecursionError:
        return _rescue(source), offset, (1, "the front matter is nested too deeply; make it flat")
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = " ".join(str(getattr(error, "problem", None) or error).split())
        return (
            _rescue(source),
            offset,
            (line, f"the front matter is no YAML ({what}); quote the value or fix it"),
        )
    if meta is None or meta == "":
        return {}, offset, None
    if not isinstance(meta, dict):
        return {}, 0, None
    return {key: "" if value in _NOTHING else value for key, value in meta.items()}, offset, None


def _words(value: object, separators: str) -> Iterable[str]:
    if isinstance(value, str):
        return re.split(separators, value)
    return (item for item in value if isinstance(item, str) and item not in _NOTHING) if isinstance(value, list) else ()


def names_of(value: object) -> tuple[str, ...]:
    """Return the names in a front matter value: a list, or text with commas."""
    return tuple(name for name in (word.strip() for word in _words(value, ",")) if name)


def tags_of(value: object) -> list[str]:
    """Return the tags of a front matter value: a list, or text with commas or spaces."""
    separators = r"," if isinstance(value, str) and "," in value else r"\s+"
    return [tag for tag in (word.strip().lstrip("#") for word in _words(value, separators)) if tag]
