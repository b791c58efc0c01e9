"""Reads and atomically writes the identity ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final

import msgspec

from mkcards.data import Card, Fields, Ledger
from mkcards.errors import LedgerError
from mkcards.files import replacing
from mkcards.ledger_lines import Lines

FORMAT: Final = 1
SUFFIX: Final = ".ledger.jsonl"
CONFLICT_MARKS: Final = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")
# Where a card stands in this run's notes; it would change with every line inserted above it.
NOT_WRITTEN: Final = ("line", "end_line", "label_line", "unknown", "fields")
FIELD_KEYS: Final = Fields.__struct_fields__
CARD_KEYS: Final = tuple(name for name in Card.__struct_fields__ if name not in NOT_WRITTEN)
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
NO_LINES: Final = Lines()
_FIELD_DEFAULTS: Final = ("", "", "", "", (), "")
LAST_SECOND: Final = 1 << 40
"""No Unix second is later; Anki's files hold milliseconds in 64 bits."""
REQUIRED_KEYS: Final = ("id", "kind", "key", "rule", "path", "prompt", "answer")


def beside(deck: Path) -> Path:
    """Where the ledger of a deck stands: `decks/x.apkg` -> `decks/x.ledger.jsonl`."""
    return deck.with_name(deck.stem + SUFFIX)


def dumps(ledger: Ledger) -> bytes:
    """The ledger as JSON lines: a header, then the cards sorted by id."""
    return b"".join(written(ledger))


def written(ledger: Ledger, others: Lines = NO_LINES) -> Iterator[bytes | memoryview]:
    """Yield what `dumps` gives in pieces; `others` are lines of more cards, as an earlier call wrote them."""
    header = {"format": FORMAT, "namespace": ledger.namespace, "roots": ledger.roots, **ledger.unknown}
    seldom = {"folder": ledger.folder, "forgotten": ledger.forgotten}
    yield _encoded(header | {key: value for key, value in seldom.items() if value})
    cards = sorted(ledger.cards, key=attrgetter("id"))
    yield from others.merged((card.id, _line(card)) for card in cards)


def cards_of(lines: Iterable[bytes]) -> Iterator[Card]:
    """Yield the cards of lines that `dumps` wrote."""
    return (_card(line, "ledger", {}) for line in lines)


def loads(data: bytes, name: str) -> Ledger:
    """Read what `dumps` gave; `name` is the file's, for messages.

    Raises LedgerError naming the line: merge conflicts, a newer format, a line that is no card, an id twice.
    """
    for number, line in enumerate(BytesIO(data), 1):
        if line.startswith(CONFLICT_MARKS):
            raise LedgerError(
                f"{name}:{number}: ledger-conflict a merge left its marks here; take its sides from git "
                "(`git show :2:./NAME` and `:3:./NAME`) and join them with `mkcards merge-ledgers`"
            )
    lines = ((number, line) for number, line in enumerate(BytesIO(data), 1) if line.strip())
    first = next(lines, None)
    if first is None:
        raise LedgerError(
            f"{name}: ledger-empty nothing is in it; restore it, or delete it to recover it from the deck"
        )
    header = _header(first[1], f"{name}:{first[0]}")
    cards: dict[str, Card] = {}
    shared: dict[object, Any] = {}
    for number, line in lines:
        card = _card(line, f"{name}:{number}", shared)
        if card.id in cards:
            raise LedgerError(
                f"{name}:{number}: ledger-twice the card {card.id} stands above too; "
                "keep the line with the later `changed`"
            )
        cards[card.id] = card
    unknown = MappingProxyType({key: header[key] for key in header.keys() - {"format", *_HEADER}})
    known = tuple(cards[key] for key in sorted(cards))
    seldom = header.get("forgotten") or 0, header.get("folder") or ""
    return Ledger(header["namespace"], tuple(header["roots"]), known, unknown, *seldom)


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


def check_place(path: Path, namespace: str) -> None:
    """Raise LedgerError unless a ledger of this namespace may be written here.

    It may where there is nothing, an empty file, or one of this namespace, also with the marks that a merge left.
    """
    lines = (line for line in (read(path) or b"").splitlines() if line.strip() and not line.startswith(CONFLICT_MARKS))
    first = next(lines, None)
    if first is None:
        return
    try:
        there = _header(first, str(path))["namespace"]
    except LedgerError as error:
        raise LedgerError(f"{path}: foreign-file this is no ledger; name another") from error
    if there != namespace:
        raise LedgerError(f'{path}: ledger-foreign this is the ledger of "{there}"; name another')


def write(path: Path, pieces: Iterable[bytes | memoryview]) -> None:
    """Put a ledger in place of the old one, whole or not at all, creating its folder.

    Raises LedgerError when it can't be written; the old one is then intact.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as stream:
            stream.writelines(pieces)
    except OSError as error:
        raise LedgerError(f"{path}: ledger-unwritable {error.strerror}; name another output") from error


_Number = Annotated[int, msgspec.Meta(ge=0, le=LAST_SECOND)]


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """A card as this version writes it, its keys in their order."""

    anchor: str
    answer: str
    changed: _Number
    context: tuple[str, ...]
    deck: str
    details: str
    dropped: bool
    hash: str
    headings: tuple[str, ...]
    id: str
    key: str
    kind: str
    note_id: str
    ordinal: _Number
    path: str
    prompt: str
    retired: _Number | None
    reverse_answer: str
    reverse_prompt: str
    rule: str
    tags: tuple[str, ...]
    title: str


_SHARED: Final = ("context", "deck", "headings", "kind", "path", "rule", "tags", "title")


_KNOWN_IN: Final = attrgetter(*CARD_KEYS)
_SHOWN_IN: Final = attrgetter(*FIELD_KEYS)
_LINE_VALUES: Final = attrgetter(*(f"fields.{key}" if key in FIELD_KEYS else key for key in _Line.__struct_fields__))
_PLAIN: Final = msgspec.json.Decoder(_Line)
_ENCODER: Final = msgspec.json.Encoder(order="sorted")
# A lone surrogate, which a file name may hold, has no UTF-8; this writes the escape that JSON has.
_ESCAPING: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _line(card: Card) -> bytes:
    return _encoded(_entry(card)) if card.unknown else _encoded(_Line(*_LINE_VALUES(card)))


def _encoded(line: _Line | dict[str, Any]) -> bytes:
    try:
        return _ENCODER.encode(line) + b"\n"
    except UnicodeEncodeError:
        entry = line if isinstance(line, dict) else msgspec.structs.asdict(line)
        return (_ESCAPING.encode(entry) + "\n").encode("utf-8", "backslashreplace")


def _entry(card: Card) -> dict[str, Any]:
    entry = dict(zip(CARD_KEYS, _KNOWN_IN(card), strict=True))
    entry.update(zip(FIELD_KEYS, _SHOWN_IN(card.fields), strict=True))
    return {**card.unknown, **entry}


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
    for key, fits in _HEADER.items():
        if not fits(header.get(key)):
            raise _corrupt(place, f"`{key}` is missing or wrong")
    return header


def _card(line: bytes, place: str, shared: dict[object, Any]) -> Card:
    """The card of a line; `shared` holds what other cards say too, so that it is kept once."""
    try:
        plain = _PLAIN.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):  # No ValueError in old versions.
        return _other(_object(line, place), place)
    for key in _SHARED:
        value = getattr(plain, key)
        setattr(plain, key, shared.setdefault(value, value))
    shown = Fields(*_SHOWN_IN(plain))
    return Card(**dict(zip(CARD_KEYS, _KNOWN_IN(plain), strict=True)), fields=shown, unknown=NOTHING)


def _other(entry: dict[str, Any], place: str) -> Card:
    """A card of which this version would not write the line: with other keys, or without some."""
    _check(entry, place)
    for key in _LISTS:
        entry[key] = tuple(entry.get(key, ()))
    shown = Fields(*map(entry.get, FIELD_KEYS, _FIELD_DEFAULTS))
    known = {key: entry[key] for key in CARD_KEYS if key in entry}
    unknown = {key: value for key, value in entry.items() if key not in _CHECKS}
    return Card(**{"title": "", **known}, fields=shown, unknown=MappingProxyType(unknown) if unknown else NOTHING)


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


_HEADER: Final[Mapping[str, Callable[[object], bool]]] = MappingProxyType(
    {
        "namespace": _is_text,
        "roots": _is_texts,
        "forgotten": lambda value: value is None or _is_number(value),
        "folder": lambda value: value is None or _is_text(value),
    }
)
_LISTS: Final = ("headings", "tags", "context")
_CHECKS: Final[Mapping[str, Callable[[object], bool]]] = MappingProxyType(
    dict.fromkeys((*CARD_KEYS, *FIELD_KEYS), _is_text)
    | dict.fromkeys(_LISTS, _is_texts)
    | dict.fromkeys(("ordinal", "changed"), _is_number)
    | {
        "retired": lambda value: value is None or _is_number(value),
        "dropped": lambda value: type(value) is bool,
    }
)
