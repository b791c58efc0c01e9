"""What a label is, and why one can't be asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mkcards.data import Block
from mkcards.material import item_text
from mkcards.phrasing import Phrases, is_cjk, size
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain
from mkcards.terms import head_of

NAME_LIMIT = 10
"""A longer label stands in the context of an item's card instead of in its prompt."""
LABEL_LIMIT = 40
"""Longest label, in words."""
WORD = r"[^\W_]+(?:['’-][^\W_]+)*"
_LETTERED = re.compile(r"\w[:：]\s")


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """The line that says what a list is.

    `form` is `bold`, `italic`, `colon`, `question`, `sentence`, `heading`, `callout` or `item`; `text` is Markdown
    for a question, `lead` what stands before it in its paragraph.
    """

    text: str
    form: str
    line: int
    lead: str = ""

    @property
    def plain(self) -> str:
        """The label as plain text."""
        return plain(self.text)


def conjuncts(phrases: Phrases, shown: str) -> list[str]:
    """Return the nouns that a heading joins (`Pros and cons`), without what follows an `of` or `in`."""
    head = re.split(phrases.table["head_ends"], shown, maxsplit=1, flags=re.IGNORECASE)[0]
    words = "|".join(map(re.escape, phrases.table["and"]))
    return [part for part in re.split(rf"\s*(?:\b(?:{words})\b|&|/|、)\s*", head) if part.strip(" -")] or [shown]


def asks_nothing(look: Look, label: Label, place: Place) -> str:
    """Return why a label can't be asked about, or ""."""
    phrases, shown = look.phrases, label.plain.strip(" .…")
    low = shown.casefold()
    bare = " ".join(word for word in low.split() if word not in phrases.words("label_adjectives"))
    if not any(c.isalnum() for c in shown) or {low, bare, bare.rpartition(": ")[2]} & phrases.words(
        "empty_labels"
    ):
        return "the label asks nothing"
    if low.partition(": ")[1] and low.partition(": ")[0] in phrases.words("generic_terms"):
        return "the label asks nothing"
    joined = [part.strip() for part in conjuncts(phrases, low)]
    if len(joined) > 1 and phrases.words("empty_labels").issuperset(joined):
        return "the label asks nothing"
    if size(shown) > LABEL_LIMIT:
        return "the label is too long"
    headings = (plain(heading.text) for heading in place.headings)
    if any(phrases.starts_with(text, "example_labels") for text in (low, *headings)):
        return "it is an example"
    if any(sign in shown for sign in ("→", "->", "⇒")) or low.split()[-1] in phrases.words("example_labels"):
        return "it is a chain or an example"
    if needs_subject(phrases, shown) and not asks(phrases, label) and not look.subject(place, shown):
        return "nothing says what the label is about"
    words = re.findall(WORD, low)
    if phrases.starts_with(low, "quantifiers") and not look.subject(place, shown):
        return "the label leans on what stands before it"
    if any(word in phrases.words("persons") for word in words):
        return "it is about the writer or the reader"
    if len(words) > 1 and words[-1] in phrases.words("articles"):
        return "the label breaks off"
    counted = phrases.count(shown)
    pointing = label.form != "question" and any(word in phrases.words("pronouns") for word in words[:3])
    if "??" in shown or (pointing and not label.lead):
        return "the label leans on what stands before it"
    if counted and counted[0] != len(place.block.children) and not low.startswith(counted[1].casefold()):
        return f"the label says {counted[1]}, the list has {len(place.block.children)} items"
    if _LETTERED.match(label.text):
        return "the label is one of a pair"
    if label.form != "question" and not asks(phrases, label):
        if phrases.starts_with(phrases.existing(low), "leaning") and not label.lead:
            return "the label leans on what stands before it"
        if phrases.starts_with(low, "question_verbs"):
            return "the label has no subject"
        if phrases.starts_with(low, "connectives"):
            return "the label is a half sentence"
    if not any(c.isalpha() for c in shown) and "$" not in label.text:
        return "the label has no words"
    names = _item_names(place.block.children)
    said = f" {' '.join(re.findall(WORD, low))} "
    if len(names) > 1 and all(name and f" {' '.join(re.findall(WORD, name))} " in said for name in names):
        return "the label names its items already"
    return ""


def _item_names(items: Sequence[Block]) -> list[str]:
    heads = [head_of(item_text(item)) for item in items]
    return [
        plain(head.term if head else item_text(item)).casefold()
        for head, item in zip(heads, items, strict=True)
    ]


def names(phrases: Phrases, label: Label) -> bool:
    """Tell whether a label is a short name, so that `Label: term?` reads as a question about the term."""
    shown = label.plain
    asked = label.form == "question" or asks(phrases, label) or phrases.starts_with(shown, "leaning")
    return size(shown) <= NAME_LIMIT and not asked and not phrases.is_clause(shown)


def asks(phrases: Phrases, label: Label) -> bool:
    """Tell whether a label without a question mark asks; in running text a question word alone may join a clause."""
    shown = label.plain
    if shown.endswith(("?", "？")):
        return True
    opening = phrases.starts_with(shown, "question_words")
    if not opening:
        return False
    following = shown[len(opening) :].split()[:1]
    if label.form not in {"colon", "sentence"}:
        return True
    return bool(following) and following[0].casefold() in phrases.words("question_verbs") | {"to"}


def needs_subject(phrases: Phrases, shown: str) -> bool:
    """Tell whether a label says what is asked only together with what it is about."""
    if phrases.starts_with(shown, "quantifiers"):
        return True
    short = phrases.table["spaced"] and len(shown.split()) < 3
    if short and phrases.head(shown).casefold() in phrases.words("list_nouns"):
        return True
    words = [word for word in shown.split() if word.casefold() not in phrases.words("label_adjectives")]
    return (len(words) <= 1 and phrases.table["spaced"]) or (is_cjk(shown) and len(shown) <= 4)
