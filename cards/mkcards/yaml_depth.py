"""YAML that is nested too deeply for those who build values from it."""

from __future__ import annotations

from typing import Any, Final

import yaml

MAX_DEPTH: Final = 100
"""How deep YAML may nest: what builds its values calls itself at each level, in C, where too deep ends the process."""
_SIGNS: Final = "[{-?:"
"""Each level needs one of these."""


def check_depth(source: str, loader: Any) -> None:
    """Raise RecursionError for YAML that is nested too deeply, YAMLError for some of what is no YAML."""
    if sum(map(source.count, _SIGNS)) <= MAX_DEPTH:
        return
    depth = 0
    try:
        for event in yaml.parse(source, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise RecursionError
    except yaml.MarkedYAMLError as error:
        # libyaml looks ahead, and since 0.2.6 has a limit of its own.
        if "nesting depth" in str(error.problem):
            raise RecursionError from error
        raise
