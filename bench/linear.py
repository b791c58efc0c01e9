"""Doubles adversarial inputs and fails when the time of any part more than doubles, with a tenth to spare.

    python bench/linear.py [--start 2000] [--doublings 3] [--only TEXT] [--each-rule]

Each input is a unit repeated in a shape: on one line, as lines, as items, nested, … Times are of the processor, the
least of a few; what counts is the mean of the last two doublings.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from mkcards.config import RULES, Config
from mkcards.data import Candidate, Fields, Ledger, Note, NoteCards
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


def _rule(name: str, note: Note) -> object:
    return extract(note, replace(Config(), lang="en", rules={rule: rule == name for rule in RULES}))


def _cards(text: str, mark: str) -> NoteCards:
    found = (
        Candidate("term-line", "definition", f"{part[:60]} {at}", Fields("?", f"{part} {mark}"), at, at, at)
        for at, part in enumerate(text.split("\n"))
    )
    return NoteCards("Note.md", "Note", candidates=tuple(found))


def _identify(text: str) -> object:
    """Know the cards of a note again of which every answer was edited, and write and read their ledger."""
    before = identify([_cards(text, "before")], Ledger("n"), now=1, roots=(".",)).ledger
    return loads(dumps(identify([_cards(text, "after")], before, now=2, roots=(".",)).ledger), "x")


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
    }
)
"""What is timed: from a text to the work on it."""
RULE_PARTS: Mapping[str, Callable[[str], Callable[[], object]]] = MappingProxyType(
    {name: lambda text, name=name: partial(_rule, name, parse("Note.md", text)[0]) for name in RULES}
)
"""Each rule alone; timed where extraction is steep, to say which it is, and with `--each-rule`."""


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


def report(start: int, doublings: int, only: str, each_rule: bool) -> int:
    """Print the steep ones; return how many there are."""
    gc.disable()
    sizes = [start << step for step in range(doublings + 1)]
    parts = {**PARTS, **RULE_PARTS} if each_rule else PARTS
    worst, steep, count = [], 0, 0
    for name, make in inputs():
        if only not in name:
            continue
        for part, work in parts.items():
            count += 1
            first, last = (seconds(work(make(size)), 1) for size in (sizes[0], sizes[-1]))
            # A sieve; what falls through is measured with care.
            if last < 2 * NOTHING or last < 1.3 * first * 2**doublings:
                continue
            taken = growth(work, make, [*sizes, *(sizes[-1] << step for step in (1, 2))])
            worst.append((factor(taken), f"{part}, {name}: {' '.join(f'{one:.3f}' for one in taken)} s"))
            if worst[-1][0] > LIMIT:
                steep += 1
                print(f"{worst[-1][0]:.1f} x  {worst[-1][1]}", flush=True)
        gc.collect()
    for ratio, line in sorted(worst, reverse=True)[:5]:
        print(f"{ratio:.2f} x at worst: {line}")
    print(f"{count} pairs of part and input, {steep} of them take more than {LIMIT} x for twice the input")
    return steep


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--start", type=int, default=2000)
    arguments.add_argument("--doublings", type=int, default=3)
    arguments.add_argument("--only", default="", help="only inputs whose name holds this")
    arguments.add_argument("--each-rule", action="store_true", help="also each rule alone")
    given = arguments.parse_args()
    sys.exit(1 if report(given.start, given.doublings, given.only, given.each_rule) else 0)
