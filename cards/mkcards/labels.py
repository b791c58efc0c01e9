"""Which list has a label, what the label says, and which lists are not for learning."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from mkcards.announcing import follows, lists_kinds, names_following, says_there_are
from mkcards.data import Block
from mkcards.heading_labels import SHORT_ITEM, counting_heading, heading_label, names_list
from mkcards.label import LABEL_LIMIT, LEAD_LIMIT, Label, asks_nothing
from mkcards.links import PICTURE
from mkcards.material import item_text, names_things, no_material, trimmed
from mkcards.numbered_headings import HEADED, headed_lists, says_of_what
from mkcards.patterns import conditional
from mkcards.persons import about_persons
from mkcards.phrase_tables import NEUTRAL
from mkcards.phrasing import Phrases, size
from mkcards.pointing import goes_on, leans_back, points
from mkcards.rule import Look, Place
from mkcards.syntax.inline import named, plain, prose, whole, without
from mkcards.terms import SYMBOLS, head_of
from mkcards.unfinished import breaks_off
from mkcards.word_lists import COLONS, QUESTION_MARKS, words_of

RULE = "labelled-list"
BROKEN = "the numbers show that it is only a part of a list; indent what belongs to an item"
"""Why a list makes no card that would make one if nothing else were wrong with it."""
SENTENCE_FIGURES = 2
"""A text with more numbers is a table or a series rather than a sentence that counts."""

LEAST_LEAD = 4
"""Fewer words without a colon (`A rope is`) do not say what is listed below them."""
_LEADING = ("copulas", "relatives", "connectives")
"""The lists of words after which a paragraph without a colon goes on in the list right below it."""
_QUOTED_END = re.compile(r"(?<=[:：])\s*[\"”»“]+$")
_FIGURE = re.compile(r"\d+")
_HASHTAGS = re.compile(r"(?<!\S)#[^\s#]+\s*")
_NUMBER = re.compile(r"^\d+(?:\.\d+)*[.)]\s+(?=\S)")
"""The number before a label; less than before a heading, since `X.` and `4 -` may be words of its own."""
_KIND = re.compile(r"[*_]*([^\W\d_]+)[*_]*[:：][*_]*\s+(?=\S)")
_COMMA = re.compile("[,，]")
_IMAGE = re.compile(rf"\s*(?:{PICTURE}|\{{%.*?%\}})\s*")


def label_of(look: Look, place: Place) -> Label | None:
    """Return the label of the list at `place`, or None when nothing before it is one."""
    if place.index and place.parent is not None and place.parent.block.kind == "item":
        return _item_label(look, place)
    before = _before(place)
    if before is None:
        outer = place.parent
        if outer is not None and outer.block.kind == "callout" and outer.block.text and not place.index:
            label = Label(prose(outer.block.text).rstrip(":： "), "callout", outer.block.line)
            return label if names_list(look, label, place.block) else None
        return None
    if before.kind == "heading":
        if not look.heading_labels:
            return None
        label = heading_label(before)
        return label if names_list(look, label, place.block) else None
    if before.kind != "paragraph":
        return None
    return _paragraph_label(look, before, place) or counting_heading(look, place)


def _before(place: Place) -> Block | None:
    shown = (block for block in place.preceding() if not _IMAGE.fullmatch(block.text))
    return next(shown, None)


def _paragraph_label(look: Look, before: Block, place: Place) -> Label | None:
    above, _, last = before.text.rpartition("\n")
    close = place.block.line - before.end_line <= 1
    for form, kinds in (("bold", ("strong",)), ("italic", ("em",))):
        inner = whole(last.removesuffix("."), kinds)
        if inner and (form == "bold" or size(inner) <= SHORT_ITEM):
            asks = plain(inner).endswith(QUESTION_MARKS)
            text = prose(inner).rstrip(":： ")
            text = text[:-1] if text.endswith(".") and text.count(".") == 1 and not text.endswith(" etc.") else text
            return Label(text, "question" if asks else form, before.end_line)
    title = prose(whole(above) or whole(whole(above, ("em",)))).rstrip(":： ")
    linked = whole(above, ("link", "wikilink")) and not last[:1].islower()  # A line of its own above the label.
    all_of_it = size(before.text) <= LABEL_LIMIT and not title and not linked
    text = prose(before.text if all_of_it else last)
    text = whole(text, ("em",)) or text
    text = _unquoted(text)
    shown = text.rstrip(" *_")
    if shown.endswith(COLONS) or (close and (shown.endswith(("...", "…")) or _leads_on(look, shown, place))):
        form = "colon"
    elif shown.endswith(QUESTION_MARKS) and not look.phrases.starts_with(shown, "empty_labels"):
        form = "question"
    elif _spelled_out(look, shown, place, close=close):
        form = "sentence"
    else:
        return None
    lead, last = parted(look.phrases, text)
    if goes_on(look.phrases, last):
        lead, last = "", f"{lead} {last}".strip()
    opens = all(block.kind == "heading" for block in islice(place.preceding(), 1, 2))  # Its heading says what it is.
    if not opens and points(look.phrases, plain(last)) and leans_back(look.phrases, plain(lead)):
        lead = ""
    lead = f"{title}: {lead}".strip() if title else lead
    line = before.line if title or all_of_it or not above else before.end_line
    return Label(last.rstrip(":： ").removesuffix("...").rstrip("…,; "), form, line, lead)


def _leads_on(look: Look, text: str, place: Place) -> bool:
    """Tell whether a paragraph ends in the middle of a sentence, so that what stands right below it completes that.

    What a heading defines or asks for is more than the list.
    """
    above = plain(place.headings[-1].text) if place.headings else ""
    if look.phrases.is_question(above) or look.phrases.starts_with(above, "definition_words"):
        return False
    last = plain(parted(look.phrases, text)[1])
    # `If a rope is one such that` only sets up what is said behind the list.
    if look.phrases.starts_with(last, "connectives") and look.phrases.ends_in(last, "relatives") and ", " not in last:
        return False
    told = size(last) >= LEAST_LEAD or goes_on(look.phrases, last)
    # Where verbs may end a sentence, one says nothing.
    leading = (*_LEADING, *(() if look.phrases.words("particles") else ("finite_verbs",)))
    return told and look.phrases.ends_in(last, *leading) and not about_persons(look.phrases, last)


def _unquoted(text: str) -> str:
    """Return a label without the marks of a quotation that closes behind its colon."""
    end = _QUOTED_END.search(text)
    if end is None:
        return text
    opening = max(text.rfind(mark, 0, end.start()) for mark in "\"“«„")
    return text[: max(opening, 0)] + text[opening + 1 : end.start()]


def _counts(look: Look, text: str, place: Place, *, close: bool) -> bool:
    """Tell whether a sentence counts the items of a list that it does not name.

    The numbers of a condition, a formula, a series or a table count nothing. A list that is not `close` below holds no
    remarks.
    """
    phrases, items, last = look.phrases, place.block.children, parted(look.phrases, text)[1]
    shown = plain(without(last, {"math"}))
    counted = phrases.count(shown)
    many = last.endswith("..") or len(_FIGURE.findall(last)) > SENTENCE_FIGURES
    if many or not counted or counted[0] != len(items):
        return False
    before, _, behind = shown.partition(counted[1])
    if phrases.words("or").intersection(behind.split(None, 1)[:1]):  # `two or more`
        return False
    conditions = phrases.starts_with(shown, "connectives", "supposing") or conditional(phrases).match(shown)
    kinds = not phrases.words("list_nouns").isdisjoint(words_of(behind)[:1])  # `When it is full we have two options`
    if conditions and not (close and (_COMMA.search(before) or (kinds and not _COMMA.search(behind)))):
        return False
    texts = [plain(item_text(item)) for item in items]
    firsts = {word for text in texts for word in words_of(text)[:1]}
    if len(firsts) == len(items) and firsts.issubset(words_of(shown)):
        return False
    leaning = sum(bool(phrases.starts_with(text, "leaning")) for text in texts)  # `It has two masts`, `It is old`
    return close or not ("$" in last or 2 * leaning >= len(texts) or any(sign in shown for sign in COLONS))


@lru_cache(maxsize=64)
def parted(phrases: Phrases, text: str) -> tuple[str, str]:
    """Return what stands before the last sentence of a label, if it helps to understand that, and the sentence."""
    ranges = phrases.sentences(text)
    start = ranges[-1][0] if ranges else 0
    lead, last = text[:start].strip(), text[start:].strip()
    if size(lead) > LEAD_LIMIT:
        before = (text[first:start].strip() for first, _ in reversed(ranges[:-1]))
        explained = next((one for one in before if not leans_back(phrases, plain(one))), lead)
        lead = explained if goes_on(phrases, last) or points(phrases, plain(last)) else ""
    return "" if about_persons(phrases, lead) else lead, last


def _spelled_out(look: Look, text: str, place: Place, *, close: bool) -> bool:
    """Tell whether a sentence without a colon counts the list's items, or ends in the plural that they spell out.

    Where the list is not `close` below, it has to count them.
    """
    phrases, block, last = look.phrases, place.block, plain(parted(look.phrases, text)[1])
    counted = phrases.count(plain(text))
    if size(text) > SHORT_ITEM * 3 or (text.endswith(("!", "。", ";")) and not counted):
        return False
    if counted or not close:
        return _counts(look, text, place, close=close)
    if text.endswith("."):
        return says_there_are(phrases, last)
    if follows(phrases, last.rstrip(".,")):
        return True
    if size(text) > 2 * SHORT_ITEM or phrases.starts_with(text, "leaning", "connectives"):
        return False
    words = plain(text).split()
    if phrases.is_clause(text):
        named = not block.ordered and names_things(block, phrases)
        return named and bool(words) and phrases.is_plural(words[-1].casefold())
    return bool(words) and (phrases.names_items(" ".join(words)) or phrases.names_items(words[-1]))


def _item_label(look: Look, place: Place) -> Label | None:
    before = place.siblings[place.index - 1]
    if before.kind != "paragraph":
        return None
    text = before.text
    head = head_of(text)
    if head is not None and head.rest:
        opens = head.rest.endswith(COLONS)
        term = f"{prose(head.term)}:"
        return Label(prose(head.rest).rstrip(":： "), "colon", before.line, term) if opens else None
    inner = whole(text) or whole(text, ("em",))
    shown = plain(text)
    if shown.endswith(COLONS):
        form = "colon"
    elif shown.endswith(QUESTION_MARKS):
        form = "question"
    elif _bare_label(look, place, shown, inner) or breaks_off(look.phrases, shown):
        form = "item"
    else:
        return None
    return Label(prose(inner or text).rstrip(":： "), form, before.line)


def _bare_label(look: Look, place: Place, shown: str, inner: str) -> bool:
    """Tell whether an item without a colon labels the list nested in it."""
    if look.phrases.counts(shown, len(place.block.children)):
        return True
    listed = place.around("list")
    if inner and (listed is None or listed.block not in look.labels):
        return True
    names = look.phrases.names_items(shown) or look.phrases.noun_in(shown, "singular_nouns")
    return size(shown) < SHORT_ITEM and names and not look.phrases.is_clause(shown)


def label_lists(look: Look) -> dict[Block, Label]:
    """Return the label of each list that has one worth asking about, though the list may be broken.

    Labels are also noted in `look.labels` for the context.
    """
    found: dict[Block, Label] = {}
    for place in (*look.of("list"), *headed_lists(look)):
        block, kept = place.block, trimmed(look.phrases, place)
        label = label_of(look, kept) if len(kept.block.children) > 1 else None
        if label is not None:
            label = _with_subject_in(look, place, _bare(look.phrases, label))
            look.labels[block] = named(label.text)
        reason = f"{look.taken[block]} made a card of it" if label and not look.free(block) else ""
        reason = reason or _no_card(look, kept, label)
        if reason:
            look.refuse(RULE, block.line, reason)
        if label is not None and reason in {"", BROKEN}:
            found[block] = label
    return found


def _no_card(look: Look, place: Place, label: Label | None) -> str:
    block = place.block
    if len(block.children) < 2:
        return "a list of one item"
    if label is None and look.phrases.code == NEUTRAL and _before(place) is not None:
        return "the note's language is not recognised, so nothing above it is seen to be a label; name it with `lang`"
    if label is None:
        return "nothing directly above it is a label"
    counted = look.phrases.counts(label.plain, len(block.children))
    if block.info == HEADED and not (counted or says_of_what(look.phrases, label.plain)):
        return "what stands above these headings does not say of what they are"
    named = counted or names_following(look.phrases, label.plain) or lists_kinds(look.phrases, label.plain, block)
    unfit = no_material(block.children, look.phrases, counted=counted, named=named)
    return asks_nothing(look, label, place) or unfit or (BROKEN * block.broken)


def _bare(phrases: Phrases, label: Label) -> Label:
    """Return the label without symbols, tags, a number or the word for its kind of statement in front."""
    text = _NUMBER.sub("", SYMBOLS.sub("", _HASHTAGS.sub("", label.text)))
    kind = _KIND.match(text)
    if kind and kind.group(1).casefold() in phrases.words("results") | phrases.words("definition_kinds"):
        text = text[kind.end() :]
    return replace(label, text=text)


def _with_subject_in(look: Look, place: Place, label: Label) -> Label:
    """Return a label that begins with its verb (`Has three dials`) with what it says this of in front."""
    subject = look.subject(place, label.plain)
    verbal = look.phrases.starts_with(label.plain, "question_verbs")
    complete = look.phrases.starts_with(label.plain, "existentials")
    if label.form == "question" or not verbal or complete or not subject:
        return label
    rest = f"{label.text[0].lower()}{label.text[1:]}"
    return replace(label, text=f"{subject}{'' if look.phrases.table['subject_first'] else ':'} {rest}")
