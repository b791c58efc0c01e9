"""Notes that are edited at random while the truth about every card is known."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath

from mkcards.config import Config
from mkcards.data import Candidate, Card, Fields, Ledger, NoteCards, NoteFile
from mkcards.discover import read
from mkcards.extract import extract
from mkcards.identify import identify
from mkcards.parse import parse

TERMS = (
    *("Na", "K", "AI", "pH", "ATP", "hypothyroidism", "hyperthyroidism", "afferent", "efferent", "abduction"),
    *("adduction", "mitosis", "meiosis", "ileum", "ilium", "hypotonic", "hypertonic", "osmosis", "weight", "bias"),
    *("intrinsic", "extrinsic", "macrophage", "nitrate", "nitrite", "typical", "atypical", "type 1", "type 2"),
)
SHARED = ("lung", "a hormone of the thyroid", "yes", "no", "1945", "an ion", "the kidney", "it depends on the dose")
TEMPLATE = ("What is the main idea?", "What are the limits?", "Who wrote this?", "When was it written?")
_WORDS = """
signal gradient policy kernel reward agent sparse noisy hidden linear robust global cell membrane enzyme protein energy
voltage current matter light wave theorem proof lemma graph vertex edge market price demand supply history empire treaty
river mountain climate carbon oxygen sodium muscle nerve tissue reflex
"""
WORDS = tuple(_WORDS.split())


@dataclass
class Entry:
    """A card of the world; a list has items, and an item or a list item may have an explanation."""

    truth: int
    kind: str
    asked: str
    told: str = ""
    items: list[Entry] = field(default_factory=list)
    explanation: Entry | None = None


@dataclass
class Section:
    heading: str
    entries: list[Entry]


@dataclass
class Page:
    path: str
    sections: list[Section]
    note_id: str = ""
    title: str = ""


class World:
    """A vault and the number of every question in it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.pages: list[Page] = []
        self.count = 0

    def number(self) -> int:
        self.count += 1
        return self.count

    def clause(self, words: int) -> str:
        return " ".join(self.chance.choice(WORDS) for _ in range(words))

    def definition(self) -> Entry:
        chance = self.chance
        asked = chance.choice(TERMS) if chance.random() < 0.4 else self.clause(2)
        told = chance.choice(SHARED) if chance.random() < 0.4 else self.clause(chance.randint(3, 14))
        return Entry(self.number(), "definition", asked, told)

    def question(self) -> Entry:
        chance = self.chance
        asked = f"Why does the {self.clause(2)} of {self.clause(2)} need a {self.clause(1)}?"
        told = chance.choice(SHARED) if chance.random() < 0.2 else self.clause(chance.randint(4, 20))
        return Entry(self.number(), "question", asked, told)

    def item(self) -> Entry:
        one = Entry(self.number(), "item", self.clause(self.chance.randint(2, 8)))
        if self.chance.random() < 0.3:
            one.explanation = Entry(self.number(), "explanation", "", self.clause(10))
        return one

    def listed(self) -> Entry:
        made = Entry(self.number(), "list", f"{self.clause(1)} of {self.clause(2)}")
        made.items = [self.item() for _ in range(self.chance.randint(2, 5))]
        return made

    def entry(self) -> Entry:
        return self.chance.choice((self.definition, self.definition, self.question, self.listed))()

    def page(self) -> Page:
        folder = self.chance.choice(("", "Bio/", "Bio/Cells/", "ML/"))
        name = f"{folder}{self.clause(2)} {self.number()}.md"
        sections = [Section(self.clause(2), self.entries()) for _ in range(self.chance.randint(1, 3))]
        return Page(name, sections)

    def entries(self) -> list[Entry]:
        made = [self.entry() for _ in range(self.chance.randint(1, 4))]
        # Two questions of one wording below one heading are told apart by nothing but their answers.
        return list({(one.kind, one.asked): one for one in made}.values())

    def templates(self, count: int) -> Iterator[Page]:
        """Notes that ask the same questions; some have the same answers."""
        for at in range(count):
            entries = [Entry(self.number(), "question", asked, self.told(at)) for asked in TEMPLATE]
            yield Page(f"Papers/paper {at}.md", [Section("Summary", entries)])

    def told(self, at: int) -> str:
        return self.chance.choice(SHARED) if at % 3 == 0 else self.clause(8)

    def fill(self, pages: int, templates: int) -> None:
        self.pages = [*(self.page() for _ in range(pages)), *self.templates(templates)]


@lru_cache(maxsize=1)
def _found(folder: Path) -> list[tuple[str, tuple[Candidate, ...]]]:
    texts = ((file, read(NoteFile(file.name, file))[0]) for file in sorted(folder.rglob("*.md")))
    return [(file.stem, extract(parse(file.name, text)[0], Config()).candidates) for file, text in texts if text]


def from_vault(world: World, folder: Path, count: int) -> Iterator[Page]:
    """Some notes with the cards of real ones: definitions, questions, and lists with their items."""
    real = [(name, cards) for name, cards in _found(folder) if cards]
    for name, cards in world.chance.sample(real, min(len(real), count)):
        sections: dict[tuple[str, ...], Section] = {}
        for one in cards:
            _add(world, sections.setdefault(one.headings, Section("/".join(one.headings), [])), one)
        yield Page(f"Vault/{name} {world.number()}.md", list(sections.values()))


def _add(world: World, section: Section, one: Candidate) -> None:
    if one.kind in ("definition", "question", "list"):
        section.entries.append(Entry(world.number(), one.kind, one.key, one.fields.answer))
        return
    for entry in section.entries:
        if one.kind == "item" and entry.kind == "list" and one.key.startswith(f"{entry.asked} "):
            entry.items.append(Entry(world.number(), "item", one.key.removeprefix(f"{entry.asked} ")))
            return


def made(world: World) -> list[NoteCards]:
    """The notes as extraction gives them; the truth stands in `line`, which no stage of identity looks at."""
    out = []
    for page in sorted(world.pages, key=lambda page: page.path):
        cards = [card for section in page.sections for card in _section(section)]
        title = page.title or PurePosixPath(page.path).stem
        out.append(NoteCards(page.path, title, page.note_id, candidates=tuple(cards)))
    return out


def _section(section: Section) -> Iterator[Candidate]:
    for entry in section.entries:
        yield from _cards(entry, (section.heading,))


def _cards(entry: Entry, headings: tuple[str, ...]) -> Iterator[Candidate]:
    def card(one: Entry, key: str, told: str) -> Candidate:
        return Candidate("rule", one.kind, key, Fields(f"{key}?", told), one.truth, 1, 1, headings)

    if entry.kind != "list":
        yield card(entry, entry.asked, entry.told)
        return
    told = "\n".join(f"{at}. {item.asked}" for at, item in enumerate(entry.items, 1))
    yield card(entry, entry.asked, told or entry.told)
    for item in entry.items:
        key = f"{entry.asked} {item.asked}"
        yield card(item, key, item.asked)
        if item.explanation:
            yield card(item.explanation, key, item.explanation.told)


# --- edits: each changes the world and returns the questions it touched -------------------------------------


def entries(page: Page) -> list[tuple[Section, Entry]]:
    return [(section, entry) for section in page.sections for entry in section.entries]


def truths(entry: Entry) -> set[int]:
    inner = [truths(item) for item in entry.items]
    return {entry.truth, *(set().union(*inner)), *(truths(entry.explanation) if entry.explanation else set())}


def page_truths(page: Page) -> set[int]:
    return {truth for _, entry in entries(page) for truth in truths(entry)}


def slip(chance: random.Random, text: str) -> str:
    """The text with one wrong letter in one of its words of four letters or more, if it has one."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return text
    at = chance.choice(long)
    word, place = words[at], chance.randrange(1, len(words[at]) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    elif kind == 1:
        word = word[:place] + word[place + 1 :]
    elif kind == 2:
        word = word[:place] + word[place] + word[place:]
    else:
        word = word[:place] + chance.choice("etaoinsr") + word[place + 1 :]
    words[at] = word
    return " ".join(words)


def _pick(world: World, page: Page) -> Entry | None:
    found = [entry for _, entry in entries(page)]
    return world.chance.choice(found) if found else None


def _pick_list(world: World, page: Page) -> Entry | None:
    found = [entry for _, entry in entries(page) if entry.items]
    return world.chance.choice(found) if found else None


def typo_in_question(world: World, page: Page) -> set[int]:
    if (entry := _pick(world, page)) is None:
        return set()
    entry.asked = slip(world.chance, entry.asked)
    return truths(entry)


def typo_in_answer(world: World, page: Page) -> set[int]:
    if (entry := _pick(world, page)) is None:
        return set()
    if entry.items:
        item = world.chance.choice(entry.items)
        item.asked = slip(world.chance, item.asked)
    entry.told = slip(world.chance, entry.told)
    return truths(entry)


def reorder(world: World, page: Page) -> set[int]:
    world.chance.shuffle(page.sections)
    for section in page.sections:
        world.chance.shuffle(section.entries)
    return page_truths(page)


def insert(world: World, page: Page) -> set[int]:
    section = world.chance.choice(page.sections)
    new = world.entry()
    if all((new.kind, new.asked) != (one.kind, one.asked) for one in section.entries):
        section.entries.insert(world.chance.randint(0, len(section.entries)), new)
    return page_truths(page)


def delete(world: World, page: Page) -> set[int]:
    section = world.chance.choice(page.sections)
    if len(section.entries) > 1:
        section.entries.pop(world.chance.randrange(len(section.entries)))
    return page_truths(page)


def another_question(world: World, page: Page) -> set[int]:
    """Another question takes the place of one."""
    section = world.chance.choice(page.sections)
    if section.entries:
        new = world.entry()
        if all((new.kind, new.asked) != (one.kind, one.asked) for one in section.entries):
            section.entries[world.chance.randrange(len(section.entries))] = new
    return page_truths(page)


def rename_file(world: World, page: Page) -> set[int]:
    page.path = str(PurePosixPath(page.path).with_name(f"{world.clause(2)} {world.number()}.md"))
    return page_truths(page)


def move_folder(world: World, page: Page) -> set[int]:
    folder = str(PurePosixPath(page.path).parent)
    target = f"Archive {world.number()}"
    touched = set()
    for other in world.pages:
        if str(PurePosixPath(other.path).parent) == folder:
            other.path = f"{target}/{PurePosixPath(other.path).name}"
            touched |= page_truths(other)
    return touched


def rename_heading(world: World, page: Page) -> set[int]:
    section = world.chance.choice(page.sections)
    section.heading = world.clause(2)
    return {truth for entry in section.entries for truth in truths(entry)}


def rename_label(world: World, page: Page) -> set[int]:
    if (entry := _pick_list(world, page)) is None:
        return set()
    entry.asked = f"{world.clause(1)} of {world.clause(2)}"
    return truths(entry)


def move_within(world: World, page: Page) -> set[int]:
    section = world.chance.choice(page.sections)
    page.sections.remove(section)
    page.sections.insert(world.chance.randint(0, len(page.sections)), section)
    return page_truths(page)


def move_section(world: World, page: Page) -> set[int]:
    others = [other for other in world.pages if other is not page]
    if len(page.sections) < 2 or not others:
        return set()
    section = page.sections.pop(world.chance.randrange(len(page.sections)))
    world.chance.choice(others).sections.append(section)
    return {truth for entry in section.entries for truth in truths(entry)}


def split(world: World, page: Page) -> set[int]:
    if len(page.sections) < 2:
        return set()
    touched = page_truths(page)
    half = len(page.sections) // 2
    name = f"{world.clause(2)} {world.number()}.md"
    world.pages.append(Page(name, page.sections[half:]))
    page.sections = page.sections[:half]
    return touched


def merge(world: World, page: Page) -> set[int]:
    others = [other for other in world.pages if other is not page]
    if not others:
        return set()
    other = world.chance.choice(others)
    touched = page_truths(page) | page_truths(other)
    page.sections += other.sections
    world.pages.remove(other)
    return touched


def item_inserted(world: World, page: Page) -> set[int]:
    if (entry := _pick_list(world, page)) is None:
        return set()
    entry.items.insert(world.chance.randint(0, len(entry.items)), world.item())
    return truths(entry)


def item_removed(world: World, page: Page) -> set[int]:
    if (entry := _pick_list(world, page)) is None:
        return set()
    if len(entry.items) > 2:
        entry.items.pop(world.chance.randrange(len(entry.items)))
    return truths(entry)


def items_reordered(world: World, page: Page) -> set[int]:
    if (entry := _pick_list(world, page)) is None:
        return set()
    world.chance.shuffle(entry.items)
    return truths(entry)


def front_matter_id(world: World, page: Page) -> set[int]:
    page.note_id = f"id-{world.number()}"
    return page_truths(page)


def front_matter_title(world: World, page: Page) -> set[int]:
    page.title = world.clause(3)
    return page_truths(page)


def swap_answers(world: World, page: Page) -> set[int]:
    found = [entry for _, entry in entries(page) if entry.kind == "definition"]
    if len(found) > 1:
        one, other = world.chance.sample(found, 2)
        one.told, other.told = other.told, one.told
    return page_truths(page)


def copy_note(world: World, page: Page) -> set[int]:
    """A note is copied; the copy asks anew."""
    copied = deepcopy(page)
    copied.path, copied.note_id = f"{PurePosixPath(page.path).with_suffix('')} copy {world.number()}.md", ""
    for _, entry in entries(copied):
        _renumber(world, entry)
    world.pages.append(copied)
    return page_truths(page)


def _renumber(world: World, entry: Entry) -> None:
    entry.truth = world.number()
    for inner in (*entry.items, *([entry.explanation] if entry.explanation else [])):
        _renumber(world, inner)


def reword(world: World, page: Page) -> set[int]:
    """Three in ten words of a question become other words."""
    # Three in ten of fewer words would be most of what is asked.
    found = [entry for _, entry in entries(page) if len(entry.asked.split()) > 5]
    if not found:
        return set()
    entry = world.chance.choice(found)
    words = entry.asked.split()
    for at in world.chance.sample(range(len(words)), max(1, round(len(words) * 0.3))):
        words[at] = world.chance.choice(WORDS)
    entry.asked = " ".join(words)
    return truths(entry)


Edit = Callable[[World, Page], set[int]]
LIGHT: tuple[Edit, ...] = (
    *(typo_in_question, typo_in_answer, reorder, insert, delete, rename_file, move_folder, rename_heading),
    *(rename_label, move_within, move_section, split, merge, item_inserted, item_removed, items_reordered),
    *(front_matter_id, front_matter_title, swap_answers, copy_note, another_question),
)


@dataclass
class Tally:
    touched: int = 0
    kept: int = 0
    lost: int = 0
    wrong: int = 0

    def add(self, other: Tally) -> None:
        self.touched += other.touched
        self.kept += other.kept
        self.lost += other.lost
        self.wrong += other.wrong


class History:
    """Builds of one world, each with the ledger of the one before."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids: dict[int, str] = {}
        self.ledger = Ledger("n")
        self.now = 10
        self.faults: list[str] = []
        self.build(set())

    def build(self, touched: set[int]) -> Tally:
        """Build, and count what became of the questions that an edit touched, and of every other."""
        self.now += 1
        before = {card.id: card for card in self.ledger.cards}
        found = identify(made(self.world), self.ledger, now=self.now, roots=(".",))
        self.ledger = found.ledger
        owners = {name: truth for truth, name in self.ids.items()}
        tally = Tally()
        # Of two that are equal to the letter, either may go on.
        equal = {card.id for card in found.cards if card.id in before and _words(before[card.id]) == _words(card)}
        for card in found.cards:
            truth, expected = card.line, self.ids.get(card.line)
            if card.id in equal or expected in equal:
                expected = expected and card.id
                owners[card.id] = truth
            if expected and (truth in touched or card.id != expected):
                tally.touched += 1
                tally.kept += card.id == expected
                tally.lost += card.id != expected
            if owners.get(card.id, truth) != truth:
                tally.wrong += 1
                self.faults.append(f"wrong: {_shown(before, card.id)} -> {card.key!r}: {card.fields.answer!r}")
            elif expected and card.id != expected:
                self.faults.append(f"lost: {_shown(before, expected)} -> {card.key!r}: {card.fields.answer!r}")
            self.ids[truth] = card.id
        return tally


def _words(card: Card) -> tuple[str, str, str]:
    return card.kind, card.key, card.fields.answer


def _shown(before: dict[str, Card], name: str) -> str:
    card = before.get(name)
    return f"{card.path} {card.key!r}: {card.fields.answer!r}" if card else "?"


def history(seed: int, pages: int = 8, templates: int = 5, vault: Path | None = None) -> History:
    """A first build of a world that is hard on purpose, with some notes of a real vault if there is one."""
    world = World(seed)
    world.fill(pages, templates)
    if vault:
        world.pages += from_vault(world, vault, pages)
    return History(world)


def apply(told: History, edits: Sequence[Edit]) -> Tally:
    """Make some edits on one note, then build."""
    page = told.world.chance.choice(told.world.pages)
    touched: set[int] = set()
    for edit in edits:
        if page in told.world.pages:
            touched |= edit(told.world, page)
    return told.build(touched)
