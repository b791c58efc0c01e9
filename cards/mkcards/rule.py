"""What a rule is, and what it is given to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from msgspec import Struct

from mkcards.bold_headings import bold_above
from mkcards.context_parts import bare, cut, fitted, folder_name, gives_away, key_of, says_too, wider_name
from mkcards.data import NO_REVERSE, Block, Candidate, Fields, Note
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.links import is_field, is_pictures
from mkcards.phrasing import Phrases, size
from mkcards.syntax.inline import named, plain
from mkcards.terms import head_of
from mkcards.titles import is_stamp, says
from mkcards.word_lists import QUESTION_MARKS

_COMMON = ("number_words", "list_nouns", "singular_nouns", "articles", "function_words", "label_adjectives")
_SMALL_WORD = re.compile(r"\b[^\W\d_A-Z][^\W\d_]*\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_ASIDE = re.compile(r"\s*\([^()]*\)")
_SUBJECT_END = ":：. -–—"
FIELDS = 8
"""So many blocks at most that a template left stand above the first words of a note."""
SUBJECT_LIMIT = 10
"""A heading or item of more words is no name for what a label is about."""


class Place(Struct, frozen=True, eq=False):
    """A block where it stands: between its siblings, inside its parents, below its headings."""

    block: Block
    siblings: tuple[Block, ...]
    index: int
    parent: Place | None
    headings: tuple[Block, ...]
    """The headings above it, outermost first."""

    def preceding(self) -> Iterator[Block]:
        """Yield the siblings before it that are no comments, the nearest first."""
        before = (self.siblings[at] for at in range(self.index - 1, -1, -1))
        return (block for block in before if block.kind != "comment")

    def following(self) -> Iterator[Block]:
        """Yield the siblings after it that are no comments."""
        after = (self.siblings[at] for at in range(self.index + 1, len(self.siblings)))
        return (block for block in after if block.kind != "comment")

    def before(self) -> Block | None:
        """Return the sibling before it, passing over comments."""
        return next(self.preceding(), None)

    def after(self) -> tuple[Block, ...]:
        """Return the next two siblings, or as many as there are, passing over comments."""
        after = self.siblings[self.index + 1 : self.index + 3]
        plain_after = all(block.kind != "comment" for block in after)
        return after if plain_after else tuple(islice(self.following(), 2))

    def opens_section(self, *, captions: bool = False) -> bool:
        """Tell whether it is the first below its heading, formulas, pictures and a template's fields at the top aside.

        Where `captions` are looked for, what stands below a picture is one.
        """
        top = not self.headings or (len(self.headings) == 1 and self.headings[0].level == 1)
        above = list(islice(self.preceding(), FIELDS + 1))
        for block in above:
            picture = block.kind == "paragraph" and is_pictures(block.text) and not captions
            field = top and block.kind == "paragraph" and is_field(block.text)
            if not (picture or field or block.kind == "math"):
                return block.kind in {"heading", "rule"}
        return len(above) <= FIELDS

    def begins_section(self, *, captions: bool = False) -> bool:
        """Tell whether a paragraph opens its section, alone or in the first item of a list; `captions` as above."""
        if self.parent is None:
            return self.opens_section(captions=captions)
        listed = self.opened_list()
        return listed is not None and listed.opens_section()

    def opened_list(self) -> Place | None:
        """Return the list, inside nothing else, that opens with this block, or None."""
        item = self.parent
        listed = item.parent if item is not None and self.index == item.index == 0 else None
        return listed if listed is not None and listed.block.kind == "list" and listed.parent is None else None

    def parents(self) -> Iterator[Place]:
        """Yield the places around this one, the nearest first."""
        place = self.parent
        while place is not None:
            yield place
            place = place.parent

    def around(self, kind: str) -> Place | None:
        """Return the nearest place around this one whose block is of that kind."""
        return next((place for place in self.parents() if place.block.kind == kind), None)


class Refusal(Struct, frozen=True):
    """Why a rule that looked at a place made no card of it."""

    rule: str
    line: int
    reason: str


@dataclass(eq=False)
class Look:
    """One note as the rules see it. Rules run one after the other and tell each other what they took."""

    note: Note
    phrases: Phrases
    places: Sequence[Place]
    reverse: Mapping[str, bool] = field(default_factory=dict)
    heading_labels: bool = True
    """Whether a heading can be the label of the list below it."""
    taken: dict[Block, str] = field(default_factory=dict)
    labels: dict[Block, str] = field(default_factory=dict)
    """The label of each list that has one, as it is `named`."""
    asked: dict[Block, Any] = field(default_factory=dict)
    """The lists that labelled-list asks for, and their labels."""
    refusals: list[Refusal] = field(default_factory=list)
    _of: dict[tuple[str, ...], Sequence[Place]] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """All that the rules may look at, block after block."""
        return "\n".join(place.block.text for place in self.places)

    @cached_property
    def _small(self) -> frozenset[str]:
        return frozenset(_SMALL_WORD.findall(self.text))

    def lowered(self, text: str) -> str:
        """Return the text with small first letters where only its being a title, or the start of a line, made them big.

        A word is known to be small when the note, or the language, writes it so; a title with others stays one.
        """
        words = [word for word in _WORD.findall(text) if word[0].isupper() and word[1:].islower()]
        if self.phrases.table["capital_nouns"] or not words or not text[0].isupper():
            return text
        small = {word for word in words if self._is_small(word, text)}
        if len(words) > 1 and set(words).issuperset(_LONG_WORD.findall(text)):
            if not small.issuperset(words):
                return text
            return _WORD.sub(lambda word: word.group().lower() if word.group() in small else word.group(), text)
        return text[0].lower() + text[1:] if words[0] in small and text.startswith(words[0]) else text

    def _is_small(self, word: str, text: str) -> bool:
        low = word.casefold()
        if any(low in self.phrases.words(key) for key in _COMMON) or (low in self.text and low in self._small):
            return True
        endings = tuple(self.phrases.words("common_endings"))
        rest = text[text.index(word) + len(word) :].casefold()
        plural = self.phrases.is_plural(low) and self.phrases.head_ends.match(rest)
        return bool((endings and low.endswith(endings)) or plural)

    def refuse(self, rule: str, line: int, reason: str) -> None:
        """Note why a rule makes no card of the place at this line; `explain` shows it."""
        self.refusals.append(Refusal(rule, line, reason))

    def of(self, *kinds: str) -> Iterator[Place]:
        """Yield the places whose block is of one of the kinds, in reading order."""
        if kinds not in self._of:
            self._of[kinds] = [place for place in self.places if place.block.kind in kinds]
        return iter(self._of[kinds])

    def take(self, rule: str, *blocks: Block) -> None:
        """Note that a rule made cards of these blocks, and of all that stands in them."""
        for block in blocks:
            self.taken.setdefault(block, rule)
            self.take(rule, *block.children)

    def free(self, block: Block) -> bool:
        """Tell whether no rule took the block."""
        return block not in self.taken

    def remark(self, line: int, code: str, message: str, severity: Severity = Severity.REMARK) -> Diagnostic:
        """Return a diagnostic about a line of this note."""
        return Diagnostic(self.note.path, line, code, message, severity)

    def context(self, place: Place, prompt: str, answer: str, extra: Sequence[str] = ()) -> tuple[str, ...]:
        """Return what a learner must know beside the prompt: title, headings, labels and parent items.

        What the prompt says, holds the answer or says a thing twice is left out; the folder leads what says no more.
        """
        title = bare(self.note.title)
        own = title if says(title) else self._section(place)
        parts = [self._wider, own, *(bare(one.text) for one in place.headings), *self._parents(place), *extra]
        asked = key_of(prompt)
        kept: dict[str, str] = {}
        for part in map(cut, parts):
            key = key_of(part)
            if not key or key in kept or gives_away(key, answer):
                continue
            if says_too(asked, key) and (part is not own or len(parts) > 2):
                continue
            kept[key] = part
        folder = folder_name(self.phrases, self.note.path) if all(says_too(asked, key) for key in kept) else ""
        idle = says_too(asked, key_of(folder)) or gives_away(key_of(folder), answer)
        return fitted([*([] if idle else [folder]), *kept.values()])

    def _parents(self, place: Place) -> list[str]:
        found: list[str] = []
        for step in place.parents():
            if step.block.kind == "item" and step.block.children:
                first = step.block.children[0]
                if first.kind == "paragraph" and first is not place.block:
                    head = head_of(first.text)
                    found.insert(0, named(head.term if head else first.text).rstrip(":： "))
            elif step.block in self.labels:
                found.insert(0, self.labels[step.block].rstrip(":： "))
        return found

    def card(
        self,
        rule: str,
        kind: str,
        key: str,
        place: Place,
        prompt: str,
        answer: str,
        *,
        lines: tuple[int, int],
        label_line: int = 0,
        reverse: tuple[str, str] = NO_REVERSE,
        details: str = "",
        extra: Sequence[str] = (),
        anchor: str = "",
    ) -> Candidate:
        """Return a candidate that stands at `place`; `lines` are those of its answer."""
        shown, spare = (reverse, NO_REVERSE) if self.reverse.get(rule, True) else (NO_REVERSE, reverse)
        return Candidate(
            rule=rule,
            kind=kind,
            key=plain(key),
            fields=Fields(prompt, answer, *shown, self.context(place, plain(prompt), plain(answer), extra), details),
            line=lines[0],
            end_line=max(lines),
            label_line=label_line or lines[0],
            headings=tuple(plain(heading.text) for heading in place.headings),
            anchor=anchor or place.block.anchor,
            spare=spare,
        )

    def nameless(self, place: Place) -> bool:
        """Tell whether nothing says what a place is about: a date or id names its note, and no heading is above."""
        return is_stamp(bare(self.note.title)) and not (place.headings or self._parents(place) or self._section(place))

    def _section(self, place: Place) -> str:
        """Return the bold line that stands where a heading would, in a note that a date or id names and no heading."""
        top = [place, *place.parents()][-1]
        return self._bold_above.get(top.block, "") if is_stamp(bare(self.note.title)) and not top.headings else ""

    @cached_property
    def _bold_above(self) -> dict[Block, str]:
        return bold_above([place.block for place in self.places if place.parent is None], SUBJECT_LIMIT)

    @cached_property
    def _wider(self) -> str:
        return wider_name(self.phrases, bare(self.note.title), self.note.path)

    def _generic(self, text: str) -> bool:
        low = _ASIDE.sub("", text.casefold()).strip(" :：")
        small = self.phrases.words("prepositions").issuperset(low.split())
        return small or low in self.phrases.words("empty_labels") or low in self.phrases.words("generic_terms")

    def subject(self, place: Place, label: str) -> str:
        """Return what a label that does not say so itself is about: the parent item, the heading above, the title."""
        key = key_of(label)
        above = [self._section(place), *(bare(one.text) for one in place.headings), *self._parents(place)]
        for part in (one.rstrip(_SUBJECT_END) for one in reversed(above)):
            asks = part.endswith(QUESTION_MARKS)
            ends = self.phrases.ends_in(part, "copulas", "prepositions", "articles")
            leans = ends or self.phrases.starts_with(part, "leaning")
            named = size(part) <= SUBJECT_LIMIT and not (asks or leans or "://" in part)
            if named and says(part) and key_of(part) != key and not self._generic(part):
                return cut(part.rstrip(_SUBJECT_END))
        title = bare(self.note.title)
        return cut(title.rstrip(_SUBJECT_END + "?？")) if says(title) and key_of(title) != key else ""


Finding = Candidate | Diagnostic


@dataclass(frozen=True, slots=True)
class Rule:
    """A named generator over one note; it yields what it finds and never changes a note."""

    name: str
    find: Callable[[Look], Iterator[Finding]]
