"""The JSON schema of `config.yaml`, with which editors complete and check it."""

from __future__ import annotations

from typing import Any

from mkcards.config_file import SECTION
from mkcards.settings import SETTINGS


def schema() -> dict[str, Any]:
    """Return the schema, made from the table that reads the file; rules of installed packages are in it."""
    settings: dict[str, Any] = {}
    for setting in SETTINGS:
        shown = {"description": setting.about, **setting.kind.schema()}
        if "properties" in shown:
            about = setting.entries
            shown["properties"] = {
                name: {"description": about[name], **one} if name in about else one
                for name, one in shown["properties"].items()
            }
        settings[setting.name] = shown
    ours = {"type": ["object", "null"], "properties": settings, "additionalProperties": False}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "mkcards configuration",
        "type": "object",
        "properties": {SECTION: ours},
    }
