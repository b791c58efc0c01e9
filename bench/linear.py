"""Doubles adversarial inputs and fails when the time of any part more than doubles, with a tenth to spare.

    python bench/linear.py [--start 1000] [--doublings 3] [--only TEXT] [--each-rule]

Each input is a unit repeated in a shape: on one line, as lines, as items, nested, … Times are of the processor, the
least of a few; what counts is the mean of the last two doublings. Each rule is timed where extraction may be steep.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from mkcards.appearance import digests
from mkcards.assets import Library
from mkcards.config import RULES, Config
from mkcards.data import Candidate, Card, Fields, Ledger, Note, NoteCards, Vault
from mkcards.editor import review
from mkcards.extract import extract
from mkcards.identify import identify
from mkcards.language import detect
from mkcards.ledger import dumps, loads
from mkcards.parse import parse
from mkcards.render import html, plain
from mkcards.render.sanitize import sanitize

LIMIT = 2.2
"""How much longer a doubled input may take."""
NOTHING = 0.01
"""Seconds under which a time says nothing."""
PATIENCE = 4.0
"""Seconds after which an input is not doubled again."""

UNITS = (
    *(
        "a",
        "ab ",
        " ",
        "\t",
        "\n",
        "\\",
        "&",
        "&amp;",
        "é",
        "字",
        "。",
        "a. ",
        "a? ",
        "a: ",
        "A b is a c. ",
        "1",
        "1. ",
    ),
    *(
        "*",
        "* ",
        "**",
        "** ",
        "**a",
        "*a_",
        "_a*",
        "*a **b ",
        "**a** ",
        "**a**: b ",
        "__a",
        "_",
        "~~",
        "~~a",
        "^",
        "^a ",
    ),
    *("`", "` ", "`a", "``a` ", "`a` ", "$", "$a", "$a$ ", "$$", "$$a", "$$a$$ ", "$ a"),
    *(
        "[",
        "![",
        "[a",
        "[[",
        "[[a",
        "[[a]] ",
        "[a](",
        "[a](b",
        "[a](b) ",
        "![a](b) ",
        "[a][b",
        "](",
        "]",
        "[^a]",
        "[^a",
        "^[",
    ),
    *(
        "<",
        "<a",
        "<a ",
        "<a b=",
        '<a b="',
        "<!--",
        "<!-- a ",
        "-->",
        "<!-- a -->",
        "<?",
        "<![CDATA[",
        "<img ",
        "<img src",
        "<b>",
    ),
    *(
        "<img src= ",
        "<div>",
        "</div>",
        "<% ",
        "<% a %>",
        "{% ",
        "{{c1::",
        "{{c1::a}} ",
        "%%",
        "%% ",
        "%%a",
        "%%a%% ",
        "%a%",
    ),
    *(
        "=",
        "==",
        "==a",
        "==a== ",
        "==a?== ",
        "== a",
        "=a",
        "#",
        "#a ",
        "#a/",
        "# a ",
        "|",
        "| a ",
        "|-",
        "-",
        "- ",
        "--",
        "—",
    ),
    *(
        '"',
        '"a',
        '"a" ',
        "“a” ",
        "(",
        "(a",
        "(a) ",
        "()",
        ",",
        ", a",
        "; ",
        ": ",
        "::",
        "a:: b ",
        "http://a.b/c ",
        "http://",
    ),
    *(
        "By a I mean b. ",
        "the a of the b ",
        "A **b** is a c, and a **d** is an e; ",
        "_____ ",
        "___a",
        "&#x20;",
        "\u200b",
        "\xa0",
    ),
)
"""Pieces that patterns begin with, hold, or wait for."""
SHAPES = MappingProxyType(
    {
        "line": "{u}",
        "bold line": "**A**: {u}",
        "label line": "{u}:\n\n- a b\n- c d\n",
        "highlight": "=={u}?== because of b",
        "quote": 'On "a":\n\n> By a I mean {u}',
        "tag": "<a {u}>",
        "block of HTML": "<div>{u}",
        "items": None,
        "lines": None,
        "paragraphs": None,
    }
)
"""`{u}` is the repeated unit; the last three repeat a whole."""
WHOLES = MappingProxyType({"items": "- {u}\n", "lines": "{u}\n", "paragraphs": "{u}\n\n"})
NOTES = (
    *(
        "# a\n",
        "## What is a?\n\nb c\n\n",
        "a\n===\n",
        "> ",
        ">> a\n",
        "- ",
        "- a\n  - b\n",
        "1. a\n",
        "1. a b\n2. c d\n\n",
    ),
    *(
        "**A:**\n\n1. b c\n2. d e\n\n",
        "**A** b:\n- c d\n- e f\n",
        "```\na\n```\n",
        "```\n",
        "````\n~~~~\n",
        "$$\n",
        "$$\na\n$$\n",
    ),
    *("%%\n", "%%\na\n%%\n", "%% nocard %%\n\na\n\n", "| a | b |\n|---|---|\n| c | d |\n", "| c | d |\n", "a\n: b\n\n"),
    *(
        "[^a]: b\n\n",
        "[a]: b\n",
        "[a]: <b\n",
        "<div>\n",
        "<div>\n\n",
        "<!--\n",
        "<pre>\n",
        "---\n",
        "***\n",
        "    a\n",
        "\ta\n",
    ),
    *(
        "- a\n\n\tb\n",
        "- **a**: b\n",
        "- [ ] a\n",
        "> [!note] a\n> b\n\n",
        "==a?==\n\n",
        "- ==a?==\n\t- b\n",
        "a?\n- b\n- c\n\n",
    ),
    *(
        "1. a\n\nb\n\n3. c\n",
        "5. a\n\nb\n\n",
        "3. a\n\n# b\n\n",
        "1) a\n1. b\n",
        "1.**a**\n2.**b**\n",
        "##**a**\n",
        "        - a\n",
    ),
    *(
        "- a\n**B:**\n",
        "1. a\n**B:**\n2. c\n",
        "**A**: b c d\n**C**: d e f\n",
        "A: b c d\n\n",
        "- A: b c d\n",
        "a ^b\n\n",
        "^b\n\n",
    ),
    *(
        "#a\n",
        "#a/b #c\n",
        "A **b** is a c of d.\n\n",
        "> An **a** is a b of c.\n\n",
        "On a:\n\n> An a is a b.\n\n",
        "{% a %}\n",
    ),
    *(
        "Why a? Because b c.\n\n",
        "**Why a?**\n\n- b\n- c\n\n",
        "![[a]]\n",
        "![a](b.png)\n",
        "<!-- a -->\n\n",
        "字是一种。\n\n",
    ),
)
"""Whole blocks; each is repeated."""
DEEP = ("> ", "- ", "1. ", ">- ", "* > ")
"""What opens a nested block; repeated on one line, and as a staircase."""
TAGS = ("<div>", "<b>", "<ul><li>", "<table><tr><td>", "<p><b>", "<a href=b>", "<div></p>", "<svg>", "<select>")
"""What opens nested HTML."""


def inputs() -> Iterator[tuple[str, Callable[[int], str]]]:
    """Yield each input's name and what makes it as long as one says."""
    for unit in UNITS:
        for shape, form in SHAPES.items():
            if form is None:
                whole = WHOLES[shape].format(u=unit * 3)
                yield f"{shape} of {unit!r}", partial(_repeated, whole)
            else:
                yield f"{shape} of {unit!r}", partial(_formed, form, unit)
    for note in NOTES:
        yield f"note of {note!r}", partial(_repeated, note)
    for opening in DEEP:
        yield f"nesting of {opening!r}", partial(_nested, opening)
        yield f"staircase of {opening!r}", partial(_stairs, opening)
    for tag in TAGS:
        yield f"tags {tag!r}", partial(_repeated, tag)
        yield f"tags {tag!r} and their ends", partial(_enclosed, tag)
    yield "tags left open", _left_open


def _repeated(unit: str, size: int) -> str:
    return unit * max(1, size // len(unit))


def _formed(form: str, unit: str, size: int) -> str:
    return form.replace("{u}", _repeated(unit, size))


def _nested(opening: str, size: int) -> str:
    return opening * (size // len(opening)) + "a"


def _stairs(opening: str, size: int) -> str:
    steps = int((2 * size / len(opening)) ** 0.5)
    indent = opening if ">" in opening else " " * len(opening)
    return "".join(f"{indent * step}{opening}a{step}\n" for step in range(steps))


def _enclosed(tag: str, size: int) -> str:
    half = _repeated(tag, size // 2)
    return half + "a" + half.replace("<", "</")


def _left_open(size: int) -> str:
    return "".join(f"<p><b title={at}>a</p>" for at in range(size // 22))


def _rule(name: str, note: Note) -> object:
    return extract(note, replace(Config(), lang="en", rules={rule: rule == name for rule in RULES}))


def _cards(text: str, mark: str) -> NoteCards:
    parts = (text[at : at + 40] for at in range(0, len(text), 40))
    found = (
        Candidate("term-line", "definition", f"{part} {at}", Fields("?", f"{part} {mark}"), at, at, at)
        for at, part in enumerate(parts)
    )
    return NoteCards("Note.md", "Note", candidates=tuple(found))


def _identify(text: str) -> object:
    """Know the cards of a note again of which every answer was edited, and write and read their ledger."""
    before = identify([_cards(text, "before")], Ledger("n"), now=1, roots=(".",)).ledger
    return loads(dumps(identify([_cards(text, "after")], before, now=2, roots=(".",)).ledger), "x")


def _editor(text: str) -> object:
    """Review a card that is all of the text, and as many as it has parts."""
    shown = [Fields(text, text, text, text), *(one.fields for one in _cards(text, "").candidates)]
    cards = [
        Card(f"{at}", "term-line", "definition", one.prompt[:40], "Note.md", "Note", one, line=at)
        for at, one in enumerate(shown, 1)
    ]
    return review(cards, (), Config())


def _assets(text: str) -> Callable[[], object]:
    note = extract(parse("Note.md", text)[0], Config())
    card = Candidate("term-line", "definition", "a", Fields("?", text), 1, 1, 1)
    whole = replace(note, candidates=(*note.candidates, card))
    config = Config(remote_images=True)
    return lambda: digests([whole], Library(Vault(Path("/nonexistent"), "x", ("b.png", "a.md"))), config)


def _front_matter(text: str) -> object:
    return parse("Note.md", f"---\n{text}\n---\nb\n")


def _extract(text: str) -> Callable[[], object]:
    return partial(extract, parse("Note.md", text)[0], Config())


PARTS: Mapping[str, Callable[[str], Callable[[], object]]] = MappingProxyType(
    {
        "parse": lambda text: partial(parse, "Note.md", text),
        "extract": _extract,
        "render": lambda text: partial(html, text),
        "plain": lambda text: partial(plain, text),
        "sanitise": lambda text: partial(sanitize, text, frozenset(), remote_images=False),
        "language": lambda text: partial(detect, text.split("\n")),
        "front matter": lambda text: partial(_front_matter, text),
        "identify": lambda text: partial(_identify, text),
        "editor": lambda text: partial(_editor, text),
        "media": _assets,
    }
)
"""What is timed: from a text to the work on it."""
SELDOM = ("language", "front matter", "identify", "editor", "media")
"""Parts that see little of how Markdown stands; they are timed on the inputs whose names begin with one of `PLAIN`."""
PLAIN = ("line of", "lines of", "block of HTML", "note of")
RULE_PARTS: Mapping[str, Callable[[str], Callable[[], object]]] = MappingProxyType(
    {name: lambda text, name=name: partial(_rule, name, parse("Note.md", text)[0]) for name in RULES}
)
"""Each rule alone; timed where extraction is steep, to say which it is,."""


def forget() -> None:
    """Empty the caches that would answer the second time."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith("mkcards"):
            for value in vars(module).values():
                info = getattr(value, "cache_info", None)
                if info and info().maxsize is not None:
                    value.cache_clear()


def seconds(work: Callable[[], object], times: int) -> float:
    """Return the least time of the processor that a piece of work takes."""
    least = float("inf")
    for _ in range(times):
        forget()
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least


def growth(
    part: Callable[[str], Callable[[], object]], make: Callable[[int], str], sizes: Sequence[int]
) -> list[float]:
    """Return the seconds of one part for a size and its doublings, as far as patience goes."""
    taken: list[float] = []
    for size in sizes:
        taken.append(seconds(part(make(size)), 1 if taken and taken[-1] > 1 else 4))
        if taken[-1] > PATIENCE:
            break
    return taken


def factor(taken: Sequence[float]) -> float:
    """Return by what a doubling multiplies the time, on the average of the last two that can be measured."""
    told = [one for one in taken if one > NOTHING][-3:]
    return (told[-1] / told[0]) ** (1 / (len(told) - 1)) if len(told) > 1 else 1.0


def suspicious(work: Callable[[str], Callable[[], object]], make: Callable[[int], str], sizes: Sequence[int]) -> bool:
    """Say whether one quick look leaves it open that a part is linear."""
    last = seconds(work(make(sizes[-1])), 1)
    if last < 2 * NOTHING:
        return False
    first = seconds(work(make(sizes[0])), 1)
    return last >= 1.3 * first * sizes[-1] / sizes[0]


def report(start: int, doublings: int, only: str, each_rule: bool) -> int:
    """Print the steep ones; return how many there are."""
    sizes = [start << step for step in range(doublings + 1)]
    careful = [*sizes[1:], *(sizes[-1] << step for step in (1, 2))]
    counts = Counter[str]()
    worst: dict[str, list[tuple[float, str]]] = {}
    for name, make in inputs():
        if only not in name:
            continue
        for part, work in PARTS.items():
            if part in SELDOM and not name.startswith(PLAIN):
                continue
            counts[part] += 1
            if not suspicious(work, make, sizes):
                continue
            rules = RULE_PARTS if part == "extract" or each_rule else {}
            for piece, timed in {part: work, **rules}.items():
                taken = growth(timed, make, careful)
                line = f"{piece}, {name}: {' '.join(f'{one:.3f}' for one in taken)} s"
                worst.setdefault(piece, []).append((factor(taken), line))
                if factor(taken) > LIMIT:
                    print(f"{factor(taken):.2f} x  {line}", flush=True)
        gc.collect()
    for lines in worst.values():
        print(f"{max(lines)[0]:.2f} x at worst: {max(lines)[1]}")
    steep = sum(ratio > LIMIT for lines in worst.values() for ratio, _ in lines)
    told = ", ".join(f"{part} {count}" for part, count in counts.items())
    print(f"inputs: {told}; {steep} times more than {LIMIT} x for twice the input")
    return steep


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--start", type=int, default=1000)
    arguments.add_argument("--doublings", type=int, default=3)
    arguments.add_argument("--only", default="", help="only inputs whose name holds this")
    arguments.add_argument("--each-rule", action="store_true", help="each rule alone wherever a part may be steep")
    given = arguments.parse_args()
    gc.disable()
    gc.freeze()
    sys.exit(1 if report(given.start, given.doublings, given.only, given.each_rule) else 0)
