"""What the items of a list say, and which lists are not for learning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from statistics import median

from msgspec.structs import replace

from mkcards.data import Block
from mkcards.highlights import without_questions_in
from mkcards.links import PICTURE, is_bare_link, leads_away
from mkcards.phrasing import Phrases, size
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain, whole
from mkcards.syntax.markdown import to_markdown
from mkcards.terms import head_of
from mkcards.unfinished import breaks_off
from mkcards.word_lists import COLONS, QUESTION_MARKS, words_of

NAME_WORDS = 4
"""Items up to this many words are instances of the plural above them rather than remarks on it."""
_NAME_END = re.compile(r"\s*(?:[:：(（](?!\d)|\s[-–—=]+\s|[→⟶]|\s-+>)")
STEM = 4
"""Letters by which a word is known in its other forms."""
SIDE_WORDS = 3
"""Among so many words at its start an item has the side that it is about."""
AGAINST = re.compile(r"\s+(?:vs\.?|versus)\s+", re.IGNORECASE)
SUBJECT_WORDS = 2
"""The noun that a sentence is about is among so many words at its start."""
CLAUSE_REACH = 6
"""Its verb is among so many."""
PLAN_TASKS = 3
PLAN_SHARE = 0.1
"""A note with at least so many tasks, and this share of tasks among its items, is a plan or the log of a meeting."""
CAPTION_WORDS = 3
"""An item of so few words over code only says what that is."""
AMOUNTS = 3
"""A note with a label of recipes and so many amounts in its lists is one."""
_ELSEWHERE = re.compile(rf"\s*(?:\w+\s+)?(?:{PICTURE}|<?(?:https?://|www\.)\S+)\s*")
_FLASHCARD = ("STARTI [", "START [")
LINKED = re.compile(r"[:：]\s*<?(?:https?://|www\.)\S+$")
TASK_WORDS = 4
"""Fewer words name what is done (`Explain`), they put no exercise."""
_UNDONE = re.compile(r"\W*(?:TODO|TBD|FIXME)\W*", re.IGNORECASE)
_AMOUNT = re.compile(r"(?:ca\.?\s*|[~≈]\s*)?(?:\d+(?:[.,/-]\d+)?|[½¼¾⅓⅔⅛])\s*(?:x\s|[^\W\d_]{1,10}\b)")
ELLIPSIS = re.compile(r"[\s.…$]*(?:\\[lcv]?dots[\s.…$]*)?")
"""What stands for items that are left out."""
_DATE = re.compile(r"\W*(?:\d{1,2}[./]\d{1,2}[./]|\d{4}\b|\d{1,2}:\d\d)")
_FIELD = re.compile(r"\[?[\w -]{1,30}::\s")
_VALUE = re.compile(r"[^=:→]{1,20}[=:]\s*[-+$({⟂⊥]*\d[^a-zA-Z]*")
_BOOK = re.compile(r"[*_\"“«《].{3,80}[*_\"”»》],?\s.*\d{4}.{0,3}")


def trimmed(phrases: Phrases, place: Place) -> Place:
    """Return the place of a list without highlighted questions, and without a last item that is empty or says `etc.`"""
    place = without_questions_in(place)
    items = place.block.children
    if not items or not _only_ends(phrases, items[-1]):
        return place
    return replace(place, block=replace(place.block, children=items[:-1]))


def _only_ends(phrases: Phrases, item: Block) -> bool:
    """Tell whether an item says nothing but that there are more, or nothing at all."""
    if len(item.children) > 1:
        return False
    text = item_text(item)
    more = text and (ELLIPSIS.fullmatch(text) or plain(text).casefold().strip(" .…") in phrases.words("open_ends"))
    return bool(more) or not item.children


def item_name(item: Block) -> str:
    """Return an item's first paragraph, or ""."""
    return item.children[0].text if item.children and item.children[0].kind == "paragraph" else ""


def item_text(item: Block) -> str:
    """Return an item's own words: its first paragraph, and the display math that completes it."""
    text = item_name(item)
    if text and len(item.children) > 1 and item.children[1].kind == "math":
        text += f"\n\n$$\n{item.children[1].text.strip()}\n$$"
    return text


def names_things(block: Block, phrases: Phrases, words: int = NAME_WORDS) -> bool:
    """Tell whether the items of a list are names of things, explained or not, rather than remarks, steps or fields.

    `words` is how long a name may be.
    """
    names = [_NAME_END.split(plain(item_text(item)), maxsplit=1)[0] for item in block.children]
    fields = sum(name.casefold() in phrases.words("generic_terms") for name in names)
    return 2 * fields < len(names) and median(map(size, names)) <= words


def nested(item: Block) -> str:
    """Return, as Markdown, the list, quote, code or formula that completes an item whose text ends in a colon."""
    return to_markdown([child for child in item.children[1:] if child.kind in {"list", "quote", "code", "math"}])


def completed_item(phrases: Phrases, text: str, item: Block) -> str:
    """Return an item's text, with what is nested below it if it means little without: a lead-in, or a condition."""
    shown = plain(text)
    time = phrases.starts_with(shown, "occurring") and not shown.endswith((".", "。"))
    leads = time or phrases.starts_with(shown, "connectives") or phrases.mentions(shown, "following")
    goes_on = leads or shown.endswith((*COLONS, ",")) or breaks_off(phrases, shown)
    return f"{text}\n{nested(item)}".rstrip() if goes_on else text


def _most(tells: Callable[[str], object], texts: Sequence[str]) -> bool:
    """Tell whether something is true of more than half of several texts."""
    return sum(bool(tells(text)) for text in texts) > len(texts) / 2


def holds_amounts(texts: Sequence[str]) -> bool:
    """Tell whether most of several texts start with an amount."""
    return _most(_AMOUNT.match, texts)


def is_recipe(look: Look) -> bool:
    """Tell whether a note is a recipe: a label of recipes (`Ingredients`) and a list of amounts."""
    low = look.text.casefold()
    named = tuple(label for label in look.phrases.words("recipe_labels") if label in low)
    if not named:
        return False
    reach = max(map(len, named))
    texts = (place.block.text.lstrip("*_ ")[:reach].casefold() for place in look.of("heading", "paragraph"))
    if not any(text.startswith(named) for text in texts):
        return False
    lists = [[plain(item_text(item)) for item in place.block.children] for place in look.of("list")]
    amounts = sum(_AMOUNT.match(text) is not None for texts in lists for text in texts)
    return amounts >= AMOUNTS or any(map(holds_amounts, lists))


def is_map(block: Block) -> bool:
    """Tell whether a list is a map of notes: most of its items begin with a link to one."""
    linked = [item_text(item).startswith("[[") for item in block.children]
    return len(linked) > 2 and 2 * sum(linked) > len(linked)


def is_plan(blocks: Iterable[Block]) -> bool:
    """Tell whether a note, given with the blocks inside others, plans or logs work: many of its items are tasks."""
    items = [block.task for block in blocks if block.kind == "item"]
    return sum(items) >= PLAN_TASKS and sum(items) >= PLAN_SHARE * len(items)


def _breaks_off(text: str, phrases: Phrases) -> bool:
    """Tell whether an item ends in a word after which something has to follow (`a lever which`)."""
    before, _, last = text.rpartition(" ")
    # One letter may be a symbol (`the roots x and a`).
    return bool(before) and len(last) > 1 and phrases.ends_in(last, "articles", "copulas")


def _leads_off(text: str, *, counted: bool) -> bool:
    """Tell whether an item is a link or a name and an address, or begins with a link where no label counts it.

    What a label counts may be named by links to notes.
    """
    alone = is_bare_link(text) and not (counted and whole(text, ("wikilink",)))
    return alone or (leads_away(text) and not counted) or LINKED.search(text) is not None


def _is_undone(phrases: Phrases, shown: str) -> bool:
    """Tell whether an item, or what stands behind its colon, is still to be written (`Warps: ! ADD LATER !`)."""
    said = shown.rpartition(":")[2].strip(" \n!?.*").casefold()
    # One word may be what a letter stands for (`C: check`).
    return (" " in said and ":" in shown and said in phrases.words("undone")) or _UNDONE.fullmatch(shown) is not None


def _is_label(item: Block, phrases: Phrases, *, named: bool) -> bool:
    """Tell whether an item ends in a colon, or only names a kind (`Advantages`) over what is nested in it."""
    shown = plain(item_text(item))
    kind = shown.casefold() in phrases.words("list_nouns") and nested(item) != ""
    return kind or (shown.endswith(COLONS) and not named)


def _tasks(phrases: Phrases, items: Sequence[Block], plains: Sequence[str], *, named: bool) -> str:
    """Return that the items of a list are put to somebody: tasks, questions, or exercises (`Explain why …`); or ""."""
    if any(item.task for item in items):
        return "it is a list of tasks"
    pairs, half = zip(plains, map(item_text, items), strict=True), len(items) / 2
    if sum(shown.endswith(QUESTION_MARKS) and head_of(text) is None for shown, text in pairs) >= half:
        return "it is a list of questions"
    told = 0 if named else sum(bool(phrases.starts_with(shown, "exercise_verbs")) for shown in plains)
    return "it is a list of exercises" if told > half and median(map(size, plains)) >= TASK_WORDS else ""


def is_material(items: Sequence[Block], phrases: Phrases) -> bool:
    """Tell whether the items of a list are something to learn."""
    return not no_material(items, phrases)


def no_material(items: Sequence[Block], phrases: Phrases, *, counted: bool = False, named: bool = False) -> str:
    """Return why the items of a list are nothing to learn (links, tasks), or "".

    A label may have `counted` them, or `named` what they are, so that names alone are an answer.
    """
    texts = [item_text(item) for item in items]
    plains, half = [plain(text) for text in texts], len(texts) / 2
    if any(_is_undone(phrases, shown) for shown in plains):
        return "an item is still to be written"
    wordless = sum(not any(c.isalnum() for c in text) for text in texts)
    if not all(texts) or wordless >= half:
        return "an item has no text of its own"
    if any(_ELSEWHERE.fullmatch(text) for text in texts):
        return "an item is only a picture or an address"
    if sum(_leads_off(text, counted=counted) for text in texts) >= half:
        return "it is a list of links"
    if any(text.startswith(_FLASHCARD) for text in texts):
        return "its items are flashcards of a plugin"
    if holds_amounts([text.lstrip("*_") for text in texts]):
        return "it is a list of amounts"
    tasks = _tasks(phrases, items, plains, named=named)
    if tasks:
        return tasks
    if any(map(phrases.is_example, plains)):
        return "an item is an example"
    if _most(_DATE.match, plains):
        return "it is a list of dates"
    labels = [text.rstrip(":： ").casefold() for text in plains if text.endswith(COLONS)]
    if not phrases.words("empty_labels").isdisjoint(labels):
        return "an item is only a label"
    if all(_is_label(item, phrases, named=named) for item in items):
        return "its items are only labels"
    if any(text.endswith(COLONS) and not nested(item) for text, item in zip(plains, items, strict=True)):
        return "an item goes on outside the list"
    if any(_breaks_off(text, phrases) for text in plains):
        return "an item breaks off"
    if _most(_VALUE.fullmatch, plains):
        return "its items are the values of an example"
    if _most(_BOOK.fullmatch, texts):
        return "it is a reading list"
    if _are_captions(items, plains, counted=counted):
        return "its items stand for what is nested in them"
    if any(_FIELD.match(text) for text in texts):
        return "it is a list of metadata fields"
    heads = [text.replace("：", ":").partition(":")[0].casefold().strip() for text in plains]
    if sum(head in phrases.words("bibliographic") for head in heads) > 1:
        return "it describes a book"
    return ""


def _are_captions(items: Sequence[Block], plains: Sequence[str], *, counted: bool) -> bool:
    """Tell whether the items of a list only say what the formulas or the code are that are nested in them."""
    few = sum(size(text) < 3 and nested(item) != "" for text, item in zip(plains, items, strict=True))
    kinds = [{child.kind for child in item.children[1:]} for item in items]
    most = 2 * few > len(items) and not {"code", "math"}.isdisjoint(set().union(*kinds))
    plainly = [item_text(item) for item in items] == list(plains)  # What is marked is a name.
    short = plainly and all(size(text) <= CAPTION_WORDS for text in plains)
    return most or (short and not counted and all("code" in kind for kind in kinds))


def is_subject(phrases: Phrases, noun: str, block: Block) -> bool:
    """Tell whether an item of a list, which begins with no term, is a sentence that has a noun for its subject."""
    texts = (item_text(item) for item in block.children)
    said = (words_of(phrases.without_article(plain(text))) for text in texts if head_of(text, unmarked=True) is None)
    return any(
        noun in words[:SUBJECT_WORDS] and phrases.is_clause(" ".join(words[1:CLAUSE_REACH])) for words in said
    )


def are_sides(shown: str, block: Block) -> bool:
    """Tell whether a label sets things against each other (`Warp vs. weft`), and each item opens with one of them."""
    parts = AGAINST.split(shown)
    if len(parts) < 2 or len(parts) != len(block.children):
        return False
    texts = [plain(item_text(item)) for item in block.children]
    if any(size(text) < NAME_WORDS for text in texts):
        return False
    sides = [{word[:STEM] for word in words_of(part) if len(word) > 1} for part in parts]
    openings = [{word[:STEM] for word in words_of(text)[:SIDE_WORDS]} for text in texts]
    own = [side - set().union(*(other for other in sides if other is not side)) for side in sides]
    return all(any(side & opening for opening in openings) for side in own)
