"""The frozen values that pass between the stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct, field

from mkcards.diagnostics import Diagnostic

NO_REVERSE: Final = ("", "")
"""Prompt and answer of a card that doesn't ask for its term."""
SILENCED: Final = "silenced"
"""The kind of a block that gives no card: it stands between its neighbours still, and no rule knows it."""
UNREAD: Final = "unread"
"""Stands for what a card shows from other files when one of them is there but can't be read."""


class Block(Struct, frozen=True, eq=False):
    """One block of a note and the lines it covers.

    `kind` is one of `heading`, `paragraph`, `list`, `item`, `quote`, `callout`, `code`, `math`, `table`, `html`,
    `rule` (a thematic break), `comment`, `footnote`, `definitions`, `term`, `definition`, and for the rules
    `SILENCED` (what the author took off the cards, a whole section with its heading, or wrote as a flashcard for
    another program, whose mark is its `info`). `text` is inline Markdown for headings, paragraphs, terms and a
    callout's title, Markdown for tables, and the raw content for code, math, html and comments. Blocks
    compare by identity, so that two equal paragraphs stay two places.
    """

    kind: str
    line: int
    """First line in the file, counted from 1, front matter included."""
    end_line: int
    """Last line, inclusive."""
    text: str = ""
    children: tuple[Block, ...] = ()
    level: int = 0
    """Heading level 1-6; 0 otherwise."""
    info: str = ""
    """Language of code, kind of a callout (lower case), label of a footnote."""
    fold: str = ""
    """`-` or `+` of a callout that folds."""
    ordered: bool = False
    """A list with numbers."""
    number: int | None = None
    """The number an item of an ordered list shows."""
    task: bool = False
    """An item with a check box."""
    anchor: str = ""
    """The author's `^block-id`, without the caret."""
    remarks: tuple[str, ...] = ()
    """Comments that stood in its text."""
    footnotes: tuple[str, ...] = ()
    """The labels of the footnotes that its text names, and `^ ` with what those say that stood in it."""
    broken: bool = False
    """A list whose numbers show that it is only a part of one."""
    off: bool = False
    """An item that the author took off the cards; those of its list show it."""


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks and what stands inside them, in reading order."""
    for block in blocks:
        yield block
        yield from walk(block.children)


class NoteFile(Struct, frozen=True):
    """A file that is to be read as a note."""

    path: str
    """From the vault root, with `/`."""
    file: Path | str
    """A text for one of many: making a `Path` takes as long as a look at the file."""


class Vault(Struct, frozen=True):
    """The folder inside which links, embeds and media resolve."""

    root: Path
    name: str
    files: tuple[str, ...]
    """Every file below the root that a note may embed, as sorted paths from the root with `/`."""
    whole: bool = True
    """Whether all below the root was looked at, or only some folders that were named."""
    taken: bool = False
    """Whether it is only taken for the root, since nothing says where that is."""


class Note(Struct, frozen=True):
    """A parsed note."""

    path: str
    title: str
    blocks: tuple[Block, ...]
    meta: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    note_id: str = ""
    """The front matter's `id`, `_id` or `uid`."""
    deck: str = ""
    """The front matter's `deck`."""
    tags: tuple[str, ...] = ()
    """Front matter and inline tags, without `#`, as written."""
    aliases: tuple[str, ...] = ()
    """Other names of the note: the front matter's `aliases` or `alias`."""
    lang: str = ""
    """The front matter's `lang`, or empty."""
    off: bool = False
    """`mkcards: false` in the front matter."""


class Fields(Struct, frozen=True, array_like=True):
    """What a card shows, as Markdown (`context` in parts, outermost first, plain but for code and math)."""

    prompt: str
    answer: str
    reverse_prompt: str = ""
    reverse_answer: str = ""
    context: tuple[str, ...] = ()
    details: str = ""


class Candidate(Struct, frozen=True, array_like=True):
    """A card as a rule found it, before it has an identity.

    `kind` (`definition`, `list`, `item`, `explanation`, `question`) and `key` (the note's own words that the question
    is about) are its identity; our phrasing never is.
    """

    rule: str
    kind: str
    key: str
    fields: Fields
    line: int
    """First line of the answer; for questions the question's."""
    end_line: int
    label_line: int
    """Where the label or question starts."""
    headings: tuple[str, ...] = ()
    anchor: str = ""
    tags: tuple[str, ...] = ()
    spare: tuple[str, str] = NO_REVERSE
    """Prompt and answer of a reverse that the settings don't want, for a card that has one."""


class Reference(Struct, frozen=True, array_like=True):
    """An image, sound or embedded note that a note shows."""

    target: str
    """As written, URL decoded."""
    line: int


class Silence(Struct, frozen=True, array_like=True):
    """Lines of a note about which its author wants no findings with some codes."""

    path: str
    line: int
    end_line: int
    codes: tuple[str, ...]


class NoteCards(Struct, frozen=True, array_like=True):
    """All that one note gave: the unit of parallel work and of caching."""

    path: str
    title: str
    note_id: str = ""
    deck: str = ""
    tags: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    """In reading order."""
    references: tuple[Reference, ...] = ()
    """Of the whole note, also where it gives no card."""
    diagnostics: tuple[Diagnostic, ...] = ()
    readable: bool = True
    """False keeps this note's old cards as they are."""
    silences: tuple[Silence, ...] = ()
    language: str = ""
    """In which it was read: a code that `phrases` knows, or empty when no rule looked at it."""


class Media(Struct, frozen=True):
    """A file that a card shows."""

    name: str
    """The name inside the package; it carries a hash of the content."""
    file: Path


class Assets(Struct, frozen=True):
    """What the Markdown of one card refers to outside itself."""

    media: Mapping[str, Media] = field(default_factory=lambda: MappingProxyType({}))
    """From the target as written in the Markdown to the file that it means."""
    embeds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """From the target of `![[target]]` as written to the Markdown that takes its place."""
    remote: tuple[str, ...] = ()
    """Images from the internet."""

    @property
    def names(self) -> frozenset[str]:
        """The names in the package that the card may show."""
        return frozenset(media.name for media in self.media.values())


class Card(Struct, frozen=True):
    """A candidate with an identity, or a card of the ledger that the notes no longer hold."""

    id: str
    rule: str
    kind: str
    key: str
    path: str
    """Of its note, from the vault root."""
    title: str
    """Of its note."""
    fields: Fields
    note_id: str = ""
    anchor: str = ""
    headings: tuple[str, ...] = ()
    ordinal: int = 0
    """Place among the cards of its note, from 0."""
    deck: str = ""
    tags: tuple[str, ...] = ()
    """As Anki will hold them."""
    hash: str = ""
    """Of all that a learner sees."""
    changed: int = 0
    """The Unix second in which `hash` last changed, or the card retired or returned."""
    retired: int | None = None
    """The Unix second in which it vanished from the notes."""
    dropped: bool = False
    line: int = 0
    """First line of the answer in this run; 0 for a card that the notes no longer hold. Never written to a ledger."""
    end_line: int = 0
    label_line: int = 0
    unknown: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Keys of its ledger line that this version does not know; they are kept."""


class Ledger(Struct, frozen=True):
    """Every card that a deck ever had, living or retired: the memory that gives cards their identity."""

    namespace: str
    """What keeps the ids of two decks apart; set at birth and kept for ever."""
    roots: tuple[str, ...] = ()
    """The folders and files that the last build read, from the vault root; `.` is the whole vault."""
    cards: Sequence[Card] = ()
    """Sorted by id."""
    unknown: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Keys of the header line that this version does not know; they are kept."""
    forgotten: int = 0
    """The Unix second of the last forgetting, 0 if there was none; it parts the ids born since from those of before."""
    folder: str = ""
    """Name of the folder from which the paths count, where that is only `taken` for the vault's root."""
