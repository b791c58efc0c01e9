"""Which list has a label, what the label says, and which lists are not for learning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from mkcards.data import Block
from mkcards.phrasing import Phrases, is_cjk, size
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain, prose, whole
from mkcards.terms import head_of, is_bare_link, leads_away

LABEL_LIMIT = 40
"""Longest label, in words."""
SHORT_ITEM = 6
"""Items up to this many words are taken for names of things."""
NAME_WORDS = 4
"""Items up to this many words are instances of the plural above them rather than remarks on it."""
LONG_ITEM = 12
MANY_ITEMS = 6
"""A numbered list of more long statements than this is asked item by item only."""

_AMOUNT = re.compile(r"(?:ca\.?\s*)?(?:\d+(?:[.,/-]\d+)?|[½¼¾⅓⅔])\s*(?:x\s|[a-zA-Zäöü]{1,10}\b)")
_IMAGE = re.compile(r"\s*(?:!\[\[[^\]]*\]\]|!\[[^\]]*\]\([^)]*\)|\{%.*?%\})\s*")
_LETTERED = re.compile(r"\w[:：]\s")
_DATE = re.compile(r"\W*(?:\d{4}-\d\d|\d{1,2}[./]\d{1,2}[./]|\d{4}\b|\d{1,2}:\d\d)")
_FIELD = re.compile(r"\[?[\w -]{1,30}::\s")


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """The line that says what a list is.

    `form` is `bold`, `italic`, `colon`, `question`, `sentence`, `heading`, `callout` or `item`; `text` is Markdown for a
    question, `lead` what stands before it in its paragraph.
    """

    text: str
    form: str
    line: int
    lead: str = ""

    @property
    def plain(self) -> str:
        """The label as plain text."""
        return plain(self.text)


def item_text(item: Block) -> str:
    """Return an item's own words: its first paragraph, and the display math that completes it."""
    if not item.children or item.children[0].kind != "paragraph":
        return ""
    text = item.children[0].text
    if len(item.children) > 1 and item.children[1].kind == "math":
        text += f"\n\n$$\n{item.children[1].text.strip()}\n$$"
    return text


def is_material(items: Sequence[Block], phrases: Phrases) -> bool:
    """Tell whether the items of a list are something to learn rather than links, tasks, questions or amounts."""
    texts = [item_text(item) for item in items]
    most = len(texts) / 2
    if any(not text for text in texts) or any(item.task for item in items):
        return False
    plains = [plain(text) for text in texts]
    if sum(is_bare_link(text) or leads_away(text) for text in texts) >= most or sum(bool(_AMOUNT.match(text)) for text in plains) > most:
        return False
    if sum(text.endswith(("?", "？")) for text in plains) >= most or sum(bool(_DATE.match(text)) for text in plains) > most:
        return False
    if all(text.rstrip().endswith((":", "：")) for text in plains):
        return False
    if any(_FIELD.match(text) for text in texts) or texts[-1].rstrip().endswith((":", "：")) and len(items[-1].children) == 1:
        return False
    heads = [text.split(":")[0].split("：")[0].casefold().strip() for text in plains]
    return sum(head in phrases.words("bibliographic") for head in heads) < 2


def label_of(look: Look, place: Place) -> Label | None:
    """Return the label of the list at `place`, or None when nothing before it is one."""
    if place.index and place.parent is not None and place.parent.block.kind == "item":
        return _item_label(look, place)
    before = _before(place)
    if before is None:
        outer = place.parent
        if outer is not None and outer.block.kind == "callout" and outer.block.text and not place.index:
            label = Label(prose(outer.block.text), "callout", outer.block.line)
            return label if _heading_names(look, label, place.block) else None
        return None
    if before.kind == "heading":
        label = Label(prose(before.text).rstrip(":： "), "heading", before.line)
        return label if _heading_names(look, label, place.block) else None
    return _paragraph_label(look, before, place) if before.kind == "paragraph" else None


def _before(place: Place) -> Block | None:
    for block in reversed(place.siblings[: place.index]):
        if block.kind != "comment" and not (block.kind == "paragraph" and _IMAGE.fullmatch(block.text)):
            return block
    return None


def _paragraph_label(look: Look, before: Block, place: Place) -> Label | None:
    above, _, last = before.text.rpartition("\n")
    close = place.block.line - before.end_line <= 1
    for form, kinds in (("bold", ("strong",)), ("italic", ("em",))):
        inner = whole(last, kinds)
        if inner:
            asks = plain(inner).endswith(("?", "？"))
            return Label(prose(inner).rstrip(":： "), "question" if asks else form, before.end_line)
    text = prose(before.text if size(before.text) <= LABEL_LIMIT else last)
    shown = text.rstrip(" *_")
    if shown.endswith((":", "：")):
        form = "question" if shown.rstrip(":： ").endswith(("?", "？")) else "colon"
    elif shown.endswith(("?", "？")) and not look.phrases.starts_with(shown, "empty_labels"):
        form = "question"
    elif close and _spelled_out(look.phrases, shown, place.block):
        form = "sentence"
    else:
        return None
    if above and shown == prose(last).rstrip(" *_"):
        above = ""
    ranges = look.phrases.sentences(text)
    start = ranges[-1][0] if ranges else 0
    return Label(
        text[start:].strip().rstrip(":： "),
        form,
        before.line if text == prose(before.text) else before.end_line,
        text[:start].strip(),
    )


def _spelled_out(phrases: Phrases, text: str, block: Block) -> bool:
    """Tell whether a sentence without a colon counts the list's items, or ends in the plural that the list spells out."""
    if size(text) > SHORT_ITEM * 3 or text.endswith(("!", "。", ";")):
        return False
    text = text.rstrip(".")
    counted = phrases.count(plain(text))
    if counted:
        return counted[0] == len(block.children)
    if is_cjk(text) or size(text) > SHORT_ITEM or phrases.is_clause(text):
        return False
    words = plain(text).split()
    return bool(words) and (phrases.names_items(" ".join(words)) or phrases.names_items(words[-1]))


def _item_label(look: Look, place: Place) -> Label | None:
    before = place.siblings[place.index - 1]
    if before.kind != "paragraph":
        return None
    text = before.text
    inner = whole(text) or whole(text, ("em",))
    shown = plain(text)
    if shown.endswith((":", "：")):
        form = "colon"
    elif shown.endswith(("?", "？")):
        form = "question"
    elif look.phrases.count(shown) and look.phrases.count(shown)[0] == len(place.block.children):  # type: ignore[index]
        form = "item"
    elif inner and look.labels.get(place.parent.parent.block if place.parent and place.parent.parent else place.block) is None:
        form = "item"
    elif size(shown) <= SHORT_ITEM - 1 and _names(look.phrases, shown) and not look.phrases.is_clause(shown):
        form = "item"
    else:
        return None
    return Label(prose(inner or text).rstrip(":： "), form, before.line)


def _names(phrases: Phrases, shown: str) -> bool:
    return phrases.names_items(shown) or phrases.head(shown).casefold() in phrases.words("singular_nouns")


def _heading_names(look: Look, label: Label, block: Block) -> bool:
    shown = label.plain
    if look.phrases.is_question(shown):
        return True
    counted = look.phrases.count(shown)
    if counted and counted[0] == len(block.children):
        return True
    if look.phrases.is_clause(shown) or size(shown) > 2 * SHORT_ITEM:
        return False
    return all(map(look.phrases.names_items, _conjuncts(look.phrases, shown))) or block.ordered


def _conjuncts(phrases: Phrases, shown: str) -> list[str]:
    """Return the nouns that a heading joins (`Pros and cons`); a phrase after the first `of` or `in` stays with each."""
    head = re.split(phrases.table["head_ends"], shown, maxsplit=1, flags=re.IGNORECASE)[0]
    words = "|".join(map(re.escape, phrases.table["and"]))
    return [part for part in re.split(rf"\s*(?:\b(?:{words})\b|&|/|、)\s*", head) if part.strip()] or [shown]


def asks_nothing(look: Look, label: Label, place: Place) -> str:
    """Return why a label can't be asked about, or ""."""
    phrases, shown = look.phrases, label.plain.strip(" .…")
    low = shown.casefold()
    bare = " ".join(word for word in low.split() if word not in phrases.words("label_adjectives"))
    if not any(c.isalnum() for c in shown) or {low, bare, bare.rpartition(": ")[2]} & phrases.words("empty_labels"):
        return "the label asks nothing"
    if size(shown) > LABEL_LIMIT:
        return "the label is too long"
    if phrases.starts_with(low, "example_labels") or any(
        phrases.starts_with(plain(heading.text), "example_labels") for heading in place.headings
    ):
        return "it is an example"
    if any(sign in shown for sign in ("→", "->", "⇒")) or low.split()[-1] in phrases.words("example_labels"):
        return "it is a chain or an example"
    if _LETTERED.match(label.text):
        return "the label is one of a pair"
    if label.form != "question" and not asks(phrases, label):
        if phrases.starts_with(phrases.existing(low), "leaning") and not label.lead:
            return "the label leans on what stands before it"
        if phrases.starts_with(low, "question_verbs") and not look.subject(place, shown):
            return "the label has no subject"
        if phrases.starts_with(low, "connectives"):
            return "the label is a half sentence"
    if not any(c.isalpha() for c in shown) and "$" not in label.text:
        return "the label has no words"
    names = _item_names(place.block.children)
    if len(names) > 1 and all(name and name in low for name in names):
        return "the label names its items already"
    return ""


def _item_names(items: Sequence[Block]) -> list[str]:
    heads = [head_of(item_text(item)) for item in items]
    return [
        plain(head.term if head else item_text(item)).casefold() for head, item in zip(heads, items, strict=True)
    ]


def label_lists(look: Look) -> dict[Block, Label]:
    """Return the label of each list that has one worth asking about; also noted in `look.labels` for the context."""
    found: dict[Block, Label] = {}
    for place in look.of("list"):
        block = place.block
        label = label_of(look, place) if len(block.children) > 1 else None
        if label is None:
            continue
        look.labels[block] = label.plain
        if block.broken or not look.free(block) or asks_nothing(look, label, place):
            continue
        if is_material(block.children, look.phrases):
            found[block] = label
    return found


def own_question(look: Look, label: Label, place: Place) -> str:
    """Return the question that asks for the whole list at `place`."""
    phrases, block = look.phrases, place.block
    text, shown = label.text, label.plain
    if label.form == "question" or asks(phrases, label):
        asked = text if text.endswith(("?", "？")) else text + phrases.table["question_mark"]
        if size(shown) <= 2 and not label.lead:
            asked = with_subject(look, place, shown, asked)
        return f"{label.lead} {asked}".strip()
    number = len(block.children)
    counted = phrases.count(shown)
    if counted and counted[0] != number and text.casefold().startswith(counted[1].casefold()):
        text = text[len(counted[1]) :].lstrip()
    if phrases.starts_with(shown, "question_verbs"):
        text = f"{look.subject(place, shown)} {text[0].lower()}{text[1:]}"
    asked = _statement(look, label, text, block, number)
    if _needs_subject(phrases, shown):
        asked = with_subject(look, place, shown, asked)
    return f"{label.lead} {asked}".strip()


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


def with_subject(look: Look, place: Place, label: str, asked: str) -> str:
    """Return a question with what it is about in front of it, when something above says so."""
    subject = look.subject(place, label)
    if not subject:
        return asked
    return look.phrases.ask("subject", subject=subject, question=look.phrases.lower(asked))


def _needs_subject(phrases: Phrases, shown: str) -> bool:
    words = [word for word in shown.split() if word.casefold() not in phrases.words("label_adjectives")]
    return len(words) <= 1 and phrases.table["spaced"] or (is_cjk(shown) and len(shown) <= 4)


def _statement(look: Look, label: Label, text: str, block: Block, number: int) -> str:
    phrases = look.phrases
    bare = look.lowered(phrases.without_article(phrases.existing(text)))
    shown = plain(bare)
    if not phrases.is_clause(shown):
        head = phrases.head(shown)
        marked = label.form in {"bold", "italic", "heading", "callout", "item", "sentence"}
        counted = phrases.count(shown)
        early = counted is not None and counted[1].casefold() in shown.casefold().split()[:3]
        named = head.casefold() in phrases.words("list_nouns") or (early and counted is not None and counted[0] == number)
        if named or (marked and phrases.names_items(shown) and _things(block)):
            return phrases.ask("list_plural", label=bare, n=number)
        if head.casefold() in phrases.words("singular_nouns") or (marked and 1 < size(shown) <= 5 and head.islower()):
            if not block.ordered or label.form != "heading":
                return phrases.ask("list_singular", label=bare, n=number)
    template = "list_steps" if block.ordered and label.form == "heading" else "list_open"
    return phrases.ask(template, label=text, n=number)


def _things(block: Block) -> bool:
    heads = [head_of(item_text(item)) for item in block.children]
    return median(
        size(head.term if head else plain(item_text(item))) for head, item in zip(heads, block.children, strict=True)
    ) <= NAME_WORDS

