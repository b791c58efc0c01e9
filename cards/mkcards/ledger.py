"""Reads and atomically writes the identity ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from mkcards.data import Card, Fields, Ledger
from mkcards.errors import LedgerError
from mkcards.files import replacing

FORMAT: Final = 1
SUFFIX: Final = ".ledger.jsonl"
CONFLICT_MARKS: Final = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")
# Where a card stands in this run's notes; it would change with every line inserted above it.
NOT_WRITTEN: Final = ("line", "end_line", "label_line", "unknown", "fields")
FIELD_KEYS: Final = tuple(item.name for item in fields(Fields))
CARD_KEYS: Final = tuple(item.name for item in fields(Card) if item.name not in NOT_WRITTEN)
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_FIELD_DEFAULTS: Final = ("", "", "", "", (), "")
LAST_SECOND: Final = 1 << 40
"""No Unix second is later; Anki's files hold milliseconds in 64 bits."""
REQUIRED_KEYS: Final = ("id", "kind", "key", "rule", "path", "prompt", "answer")


def beside(deck: Path) -> Path:
    """Where the ledger of a deck stands: `decks/x.apkg` -> `decks/x.ledger.jsonl`."""
    return deck.with_name(deck.stem + SUFFIX)


def dumps(ledger: Ledger) -> bytes:
    """The ledger as JSON lines: a header, then the cards sorted by id."""
    header = {"format": FORMAT, "namespace": ledger.namespace, "roots": ledger.roots, **ledger.unknown}
    cards = sorted(ledger.cards, key=lambda card: card.id)
    text = "".join(f"{_ENCODER.encode(line)}\n" for line in (header, *map(_entry, cards)))
    # Only a lone surrogate, which a file name may hold, has no UTF-8; this writes the escape that JSON has.
    return text.encode("utf-8", "backslashreplace")


def loads(data: bytes, name: str) -> Ledger:
    """Read what `dumps` gave; `name` is the file's, for messages.

    Raises LedgerError naming the line: merge conflicts, a newer format, a line that is no card, an id twice.
    """
    lines = [line for line in enumerate(data.split(b"\n"), 1) if line[1].strip()]
    for number, line in lines:
        if line.startswith(CONFLICT_MARKS):
            raise LedgerError(
                f"{name}:{number}: ledger-conflict a merge left its marks here; remove them, and of each "
                "card that then stands twice keep the line with the later `changed`"
            )
    if not lines:
        raise LedgerError(
            f"{name}: ledger-empty nothing is in it; restore it, or delete it to recover it from the deck"
        )
    header = _header(lines[0][1], f"{name}:{lines[0][0]}")
    cards: dict[str, Card] = {}
    for number, line in lines[1:]:
        card = _card(_object(line, f"{name}:{number}"), f"{name}:{number}")
        if card.id in cards:
            raise LedgerError(
                f"{name}:{number}: ledger-twice the card {card.id} stands above too; "
                "keep the line with the later `changed`"
            )
        cards[card.id] = card
    unknown = MappingProxyType({key: header[key] for key in header.keys() - {"format", "namespace", "roots"}})
    return Ledger(header["namespace"], tuple(header["roots"]), tuple(cards[key] for key in sorted(cards)), unknown)


def read(path: Path) -> bytes | None:
    """The bytes of the ledger, or None when there is none. Raises LedgerError when it can't be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LedgerError(f"{path}: ledger-unreadable {error.strerror}; make it readable") from error


def load(path: Path) -> Ledger:
    """Read a ledger that must be there. Raises LedgerError when it is not, or can't be read."""
    data = read(path)
    if data is None:
        raise LedgerError(f"{path}: ledger-missing there is no such file; check the name")
    return loads(data, str(path))


def write(path: Path, data: bytes) -> None:
    """Put the ledger in place of the old one, whole or not at all, creating its folder.

    Raises LedgerError when it can't be written; the old one is then intact.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as stream:
            stream.write(data)
    except OSError as error:
        raise LedgerError(f"{path}: ledger-unwritable {error.strerror}; name another output") from error


_CARD_VALUES: Final = attrgetter(*CARD_KEYS)
_FIELD_VALUES: Final = attrgetter(*FIELD_KEYS)
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def _entry(card: Card) -> dict[str, Any]:
    entry = dict(zip(CARD_KEYS, _CARD_VALUES(card), strict=True))
    entry.update(zip(FIELD_KEYS, _FIELD_VALUES(card.fields), strict=True))
    return {**card.unknown, **entry} if card.unknown else entry


def _object(line: bytes, place: str) -> dict[str, Any]:
    try:
        value = json.loads(line.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _corrupt(place, "this is not JSON") from error
    if not isinstance(value, dict):
        raise _corrupt(place, "this is not a JSON object")
    return value


def _header(line: bytes, place: str) -> dict[str, Any]:
    header = _object(line, place)
    version = header.get("format")
    if type(version) is not int:
        raise _corrupt(place, "there is no `format`")
    if version > FORMAT:
        raise LedgerError(
            f"{place}: ledger-newer this has format {version}, this mkcards knows {FORMAT}; update mkcards"
        )
    for key in ("namespace", "roots"):
        if not _HEADER[key](header.get(key)):
            raise _corrupt(place, f"`{key}` is missing or wrong")
    return header


def _card(entry: dict[str, Any], place: str) -> Card:
    if not _is_plain(tuple(entry), tuple(map(type, entry.values()))) or not _holds_plain(entry):
        _check(entry, place)
    for key in _LISTS:
        entry[key] = tuple(entry.get(key, ()))
    shown = Fields(*map(entry.get, FIELD_KEYS, _FIELD_DEFAULTS))
    known = {key: entry[key] for key in CARD_KEYS if key in entry}
    extra = entry.keys() - _CHECKS.keys()
    unknown = MappingProxyType({key: value for key, value in entry.items() if key in extra}) if extra else NOTHING
    return Card(**{"title": "", **known}, fields=shown, unknown=unknown)


@lru_cache(maxsize=256)
def _is_plain(keys: tuple[str, ...], types: tuple[type, ...]) -> bool:
    """Whether values of these types are as a card's are, as far as their types tell.

    Most lines of a ledger have the same keys with the same types, so that each line need not be checked key by key.
    """
    wanted = (_TYPES.get(key) for key in keys)
    return set(REQUIRED_KEYS) <= set(keys) and all(
        want is None or kind in want for kind, want in zip(types, wanted, strict=True)
    )


def _holds_plain(entry: dict[str, Any]) -> bool:
    texts = [entry.get(key, ()) for key in _LISTS]
    numbers = (entry.get(key) or 0 for key in ("ordinal", "changed", "retired"))
    return all(type(text) is str for part in texts for text in part) and all(map(_is_number, numbers))


def _check(entry: dict[str, Any], place: str) -> None:
    """Raise LedgerError for what no card can be."""
    for key in REQUIRED_KEYS:
        if key not in entry:
            raise _corrupt(place, f"`{key}` is missing")
    for key, value in entry.items():
        if not _CHECKS.get(key, _anything)(value):
            raise _corrupt(place, f"`{key}` can't be {json.dumps(value)[:40]}")


def _corrupt(place: str, what: str) -> LedgerError:
    return LedgerError(f"{place}: ledger-corrupt {what}; restore the ledger, or delete it to recover it from the deck")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value <= LAST_SECOND


def _anything(value: object) -> bool:
    return True


_HEADER: Final[Mapping[str, Callable[[object], bool]]] = MappingProxyType({"namespace": _is_text, "roots": _is_texts})
_LISTS: Final = ("headings", "tags", "context")
_TYPES: Final[Mapping[str, tuple[type, ...]]] = MappingProxyType(
    dict.fromkeys((*CARD_KEYS, *FIELD_KEYS), (str,))
    | dict.fromkeys(_LISTS, (list,))
    | dict.fromkeys(("ordinal", "changed"), (int,))
    | {"retired": (int, type(None)), "dropped": (bool,)}
)
_CHECKS: Final[Mapping[str, Callable[[object], bool]]] = MappingProxyType(
    dict.fromkeys((*CARD_KEYS, *FIELD_KEYS), _is_text)
    | dict.fromkeys(_LISTS, _is_texts)
    | dict.fromkeys(("ordinal", "changed"), _is_number)
    | {
        "retired": lambda value: value is None or _is_number(value),
        "dropped": lambda value: type(value) is bool,
    }
)
