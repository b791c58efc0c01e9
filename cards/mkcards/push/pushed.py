"""Remembers which cards a collection was given, so that what somebody deletes there stays deleted.

The memory stands outside the project, one file for each collection and deck. It may be lost: then what was
deleted in Anki comes once more, as it does with an import.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from platformdirs import user_state_path

from mkcards.errors import OutputError
from mkcards.files import replacing


def memory(collection: Path, namespace: str) -> Path:
    """Return the file that remembers what the deck with this namespace gave to a collection."""
    name = sha256(f"{collection}\n{namespace}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return user_state_path("mkcards") / "pushed" / f"{name}.txt"


def recall(file: Path) -> frozenset[str]:
    """Return the ids that were pushed; none when nothing is remembered."""
    try:
        return frozenset(file.read_text(encoding="utf-8").split())
    except (FileNotFoundError, UnicodeDecodeError):
        return frozenset()
    except OSError as error:
        raise OutputError(f"{file}: push-memory it can't be read ({error.strerror}); make it readable") from error


def remember(file: Path, ids: Iterable[str]) -> None:
    """Remember these ids and no others. Raises OutputError when they can't be written."""
    data = "".join(f"{name}\n" for name in sorted(ids)).encode("utf-8")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as stream:
            stream.write(data)
    except OSError as error:
        message = f"{file}: push-memory it can't be written ({error.strerror}); make its folder writable"
        raise OutputError(message) from error
