"""Doubles adversarial inputs and fails when the time of any part more than doubles, with a tenth to spare.

    python bench/linear.py [--size 4000] [--only TEXT]

Each input is a unit repeated in a shape: on one line, as lines, as items, nested, … Every part has one look at each;
what takes longest of a class, and all that may be steep, is measured: times are of the processor, the least of three,
and the ratio is the mean of two doublings. It takes about three minutes.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from msgspec.structs import replace

from mkcards.appearance import digests
from mkcards.assets import Library
from mkcards.config import Config
from mkcards.data import Candidate, Card, Fields, Ledger, NoteCards, Vault
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
NOTHING = 0.015
"""Seconds under which a time says nothing."""
PATIENCE = 4.0
"""Seconds after which an input is not doubled again."""
STEPS = 4
"""By how much the two inputs of a first look differ."""
SLOWEST = 1
"""How many inputs of a class, the slowest, are measured although nothing speaks against them."""


class Look(NamedTuple):
    """What one look at a part found."""

    seconds: float
    steep: bool
    part: str


UNITS = (
    *(".", "?", "!)", "…", "?==", ". . ", "a.b", "A.B.", "e.g. ", "(?", "‘", "/"),
    *("a", "ab ", "a. ", "a? ", "a: ", "A b is a c. ", "1", "1. ", "é", "字", "。", "*", "* ", "**", "** ", "**a"),
    *("*a_", "_a*", "*a **b ", "**a** ", "**a**: b ", "__a", "_", "~~", "~~a", "^", "^a ", "`", "` ", "`a"),
    *("``a` ", "`a` ", "`a` \\* ", "$", "$a", "$a$ ", "$$", "$$a", "$$a$$ ", "$ a", "[", "![", "[a", "[[", "[[a"),
    *("[[a]] ", "[a](", "[a](b", "[a](b) ", "![a](b) ", "[a][b", "](", "]", "[^a]", "[^a", "^[", "<", "<a", "<a "),
    *("<a b=", '<a b="', "<!--", "<!-- a ", "-->", "<!-- a -->", "<!-- a ---> ", "<?", "<![CDATA[", "<img "),
    *("<img src", "<b>", "<img src= ", "<div>", "</div>", "<% ", "<% a %>", "{% ", "{{c1::", "{{c1::a}} ", "%%"),
    *("%% ", "%%a", "%%a%% ", "%a%", "=", "==", "==a", "==a== ", "==a?== ", "== a", "=a", "==a [", "#", "#a "),
    *("#a/", "#1", "# a ", "-", "- ", "--", "—", '"', '"a', '"a" ', "“a” ", "(", "(a", "(a) ", "()", ",", ", a"),
    *("; ", ": ", "::", "a:: b ", "http://a.b/c ", "http://", "\\", "By a I mean b. ", "the a of the b "),
    *("A **b** is a c, and a **d** is an e; ", "_____ ", "___a", "&", "&amp;", "&#x20;", " ", "\t", "\n", "\u200b"),
    *("\xa0", "|", "| a ", "|-", "$b. c$; ", "An a is called **b**, ", "The **ab** is\n$$\nc\n$$\nThe de fg hi.\n"),
    *("**a** (b), once **c**, ", "This a. "),
)
"""Pieces that patterns begin with, hold, or wait for."""
SHAPES = MappingProxyType(
    {
        "a line": "{u}",
        "a bold line": "**A**: {u}",
        "a label": "{u}:\n\n- a b\n- c d\n",
        "a highlight": "=={u}?== because of b",
        "an answer": "==Why is a b?== {u}",
        "a quote": 'On "a":\n\n> By a I mean {u}',
        "a gloss": "## Lock\n\nA gate {u}",
        "a theorem": "## Theorem: a b\n\nLet a be {u}",
        "a tag": "<a {u}>",
        "a block of HTML": "<div>{u}",
        "text with references": "[a]: b\n\n[^a]: b\n\n{u}]",
    }
)
"""`{u}` is the repeated unit."""
WHOLES = MappingProxyType({"items": "- {u}\n", "lines": "{u}\n", "paragraphs": "{u}\n\n"})
"""These are repeated whole."""
NOTES = (
    *("# a\n", "## What is a?\n\nb c\n\n", "a\n===\n", "> ", ">> a\n", "- ", "- a\n  - b\n", "1. a\n"),
    *("- a\n\n\tb\n", "1. a b\n2. c d\n\n", "**A:**\n\n1. b c\n2. d e\n\n", "**A** b:\n- c d\n- e f\n"),
    *("```\na\n```\n", "```\n", "````\n~~~~\n", "$$\n", "$$\na\n$$\n", "$$ a\n\n", "- $$ a\n", "\\begin{align}\n"),
    *("- \\begin{align}\n", "- a?\n", "%%\n", "%%\na\n%%\n", "%% nocard %%\n\na\n\n"),
    *("| a | b |\n|---|---|\n| c | d |\n", "| c | d |\n", "a\n: b\n\n", "[^a]: b\n\n", "[a]: b\n", "[a]: <b\n"),
    *("<div>\n", "<div>\n\n", "<!--\n", "<pre>\n", "---\n", "***\n", "    a\n", "\ta\n", "- **a**: b\n"),
    *("- [ ] a\n", "> [!note] a\n> b\n\n", "==a?==\n\n", "- ==a?==\n\t- b\n", "a?\n- b\n- c\n\n"),
    *("1. a\n\nb\n\n3. c\n", "5. a\n\nb\n\n", "3. a\n\n# b\n\n", "1) a\n1. b\n", "1.**a**\n2.**b**\n", "##**a**\n"),
    *("        - a\n", "- a\n**B:**\n", "1. a\n**B:**\n2. c\n", "**A**: b c d\n**C**: d e f\n", "A: b c d\n\n"),
    *("- A: b c d\n", "a ^b\n\n", "^b\n\n", "#a\n", "#a/b #c\n", "A **b** is a c of d.\n\n"),
    *("- **Definition**: a b c\n", "## Def\n\n- Definition: a b c\n", "%% Q: a %%\n\n", "Q: a\n\n", "START\n\n"),
    *("> An **a** is a b of c.\n\n", "{% a %}\n", "On a:\n\n> An a is a b.\n\n", "Why a? Because b c.\n\n"),
    *("**Why a?**\n\n- b\n- c\n\n", "![[a]]\n", "![a](b.png)\n", "<!-- a -->\n\n", "字是一种。\n\n"),
    *("> [!question] Why is a b?\n> c d\n\n", "# A\n\nAn **a** holds b of c and d.\n\n", "*a b*\n**C**: d e f\n\n"),
    *("## Lock\n\nA gate that a b c d.\n\n", "## Theorem: a b\n\nLet a be b.\n\n", "# Definition\n\nA b that c.\n\n"),
)
"""Whole blocks; each is repeated."""
COUNTED = (
    *("{n}. a\n", "{n}. a\n\nb\n\n", "{n}. a\n**B{n}:**\n", "## What is a{n}?\n\nb c\n\n", "**A{n}**: b c d\n\n"),
    *("- A{n}: b c d\n", "An **a{n}** is a b of c.\n\n", "**A{n}**: b c d[^a{n}]\n\n[^a{n}]: b\n\n"),
    *("==Why a{n}?==\n- because b\n\n", "a{n}\n: b\n\n", "**Three a{n}**\n1. b\n2. c\n3. d\n\n"),
    *("- b{n}\n\t- > c{n} is d\n", "![[a{n}.png]] ", "a{n} ^b{n}\n\n", "> [!note] a{n}\n> b\n\n"),
)
"""`{n}` counts up from one."""
GROWING = ("`", "*", "_", "~", "=", "#", "$", "(", "[", ">", "%")
"""Repeated once, then twice, …, with a letter between."""
DEEP = ("> ", "- ", "1. ", ">- ", "* > ")
"""What opens a nested block; repeated on one line, and as a staircase."""
TAGS = ("<div>", "<b>", "<ul><li>", "<table><tr><td>", "<p><b>", "<a href=b>", "<div></p>", "<svg>", "<select>")
"""What opens nested HTML."""
PARTLY = (
    *(("==Why is a b?== p. 1{u}x", "."), ("==Why is a b?== (a {u}", "1999 "), ("==Why is a b?== [{u}", "@ ")),
    *(("<{u}", "a"), ("<div></svg>{u}", "<svg>"), ("<div>{u}", "<svg"), ("> [!note] Definition {u}x\n> b", "1.")),
    *(("## a{u}x\n\nA b is a c.", "#-"), ("# a{u}x\n\nA b is a c.", "_-"), ("# 1{u}\n\nThree a:\n\n- b\n- c", "aB")),
    *(("The parts of a b:\n\n- c\n- {u}!", "."), ("---\ntitle: 2024-01-02\n---\n{u}", "A **b** is a c of d.\n\n")),
    *(("## Lock\n\nA {u}that holds b.\n", "a "), ("## Lock\n\n{u}which holds b.\n", "gates ")),
    *(("A rope is a:\n\n{u}", "- **b** if c\n"), ("A {u} is a:\n\n- **b** if c\n- *d* if e", "rope ")),
    *(("## Lock\n\nA gate that a.\n{u}", "![b](c.png)\n"), ("## Lock\n\nA gate that a:\n{u}", "$$b$$\n")),
    *(("A **b** is a c that d\n{u}", "A **e** is a f that g\n"), ("A **b** is a c\n{u}d", "\u00a0\n")),
    *(("> [!def] A\n> A b is a c:\n{u}", "> - d\n"), ("An a is **b** if\n\n$$\n{u}\n$$\n", "c\n")),
    *(("%% Q: a{u}b %%\n\n> A b is a c.", " "), ("%% ignore a{u}. %%\n\n> A b is a c.", " ")),
)
"""Forms for one unit alone, which their patterns wait in."""
CODE = (("java", "a "), ("python", "a = '"), ("js", "`${"), ("sh", "$(("), ("html", "<a "), ("ruby", "<<a "))
"""Languages, and what the code in them repeats."""


def inputs() -> Iterator[tuple[str, str, Callable[[int], str]]]:
    """Yield each input's class and name, and what makes it as long as one says."""
    for unit in UNITS:
        for shape, form in SHAPES.items():
            yield shape, repr(unit), partial(_formed, form, unit)
        for shape, whole in WHOLES.items():
            yield shape, repr(unit), partial(_repeated, whole.format(u=unit * 3))
    for note in NOTES:
        yield "blocks", repr(note), partial(_repeated, note)
    for note in COUNTED:
        yield "blocks that count", repr(note), partial(_counted, note)
    yield "runs that grow", "code and marks", lambda size: _growing("`", size).replace("a", "a: ^{")
    for mark in GROWING:
        yield "runs that grow", repr(mark), partial(_growing, mark)
    yield "runs that grow", "one fence", _fence
    for opening in DEEP:
        yield "nesting", repr(opening), partial(_nested, opening)
        yield "staircases", repr(opening), partial(_stairs, opening)
    for tag in TAGS:
        yield "HTML tags", tag, partial(_repeated, tag)
        yield "HTML tags", f"{tag} and their ends", partial(_enclosed, tag)
    yield "HTML tags", "left open", _left_open
    for form, unit in PARTLY:
        yield "forms of their own", repr(form.replace("{u}", unit)), partial(_formed, form, unit)
    yield "forms of their own", "formulas before stops in one", _stops
    yield "forms of their own", "comments before one block", _asked
    for language, unit in CODE:
        yield "code", f"{language} {unit!r}", partial(_formed, f"```{language}\n{{u}}\n```", unit)


def _repeated(unit: str, size: int) -> str:
    return unit * max(1, size // len(unit))


def _formed(form: str, unit: str, size: int) -> str:
    return form.replace("{u}", _repeated(unit, size))


def _counted(unit: str, size: int) -> str:
    return "".join(unit.replace("{n}", str(at)) for at in range(1, size // len(unit) + 1))


def _growing(mark: str, size: int) -> str:
    return "a".join(mark * at for at in range(1, int((2 * size) ** 0.5)))


def _fence(size: int) -> str:
    return "`" * (size // 2) + "\n" + "a #b\n" * (size // 10)


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


def _stops(size: int) -> str:
    return "A **a** is a b " + "$b$ " * (size // 8) + "$c" + "." * (size // 2) + "$"


def _asked(size: int) -> str:
    return "%% Q: a %%\n\n" * (size // 24) + "> a b c\n" * (size // 16)


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
    return review(cards, (), {"Note.md": "en"}, Config())


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
"""Parts that see little of how Markdown stands; they are timed on the classes in `PLAIN`."""
PLAIN = ("a line", "blocks", "blocks that count")


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


def growth(work: Callable[[str], Callable[[], object]], make: Callable[[int], str], size: int) -> list[float]:
    """Return the seconds for a size and its next two doublings, as far as patience goes."""
    taken: list[float] = []
    for doubled in (size, 2 * size, 4 * size):
        taken.append(seconds(work(make(doubled)), 1 if taken and taken[-1] > 0.2 else 3))
        if taken[-1] > PATIENCE:
            break
    return taken


def ratio(taken: Sequence[float]) -> float:
    """Return by what a doubling multiplies the time, on the average."""
    return float((taken[-1] / max(taken[0], 1e-6)) ** (1 / (len(taken) - 1))) if len(taken) > 1 else PATIENCE


def looks(part: str, work: Callable[[str], Callable[[], object]], make: Callable[[int], str], size: int) -> Look:
    """Look once at a part: how long it takes, and whether that leaves open that it is linear."""
    last = seconds(work(make(size)), 1)
    steep = last > NOTHING and last > 1.4 * STEPS * seconds(work(make(size // STEPS)), 1)
    return Look(last, steep, part)


def measured(look: Look, make: Callable[[int], str], size: int) -> tuple[float, list[float]]:
    """Return the ratio of a part, and the times it is told by; one that is too much is measured again, larger."""
    work = PARTS[look.part]
    expected = look.seconds / 2
    size //= 2
    while expected < NOTHING and size < 64_000:
        size, expected = 2 * size, 2 * expected
    taken = growth(work, make, size)
    if ratio(taken) > LIMIT and taken[-1] < PATIENCE / 4:
        taken = growth(work, make, 2 * size)
    return ratio(taken), taken


def report(size: int, only: str) -> int:
    """Print one line for each class of inputs; return how many inputs are too steep."""
    print(f"{'class':22}{'inputs':>7}{'at worst':>10}  its part and input, and seconds for it and its doublings")
    classes: dict[str, list[tuple[str, Callable[[int], str]]]] = {}
    for name, unit, make in inputs():
        if only in f"{name} of {unit}":
            classes.setdefault(name, []).append((unit, make))
    bad = 0
    for name, members in classes.items():
        found: list[tuple[Look, str, Callable[[int], str]]] = []
        for unit, make in members:
            parts = (part for part in PARTS if part not in SELDOM or name in PLAIN)
            found += [(looks(part, PARTS[part], make, size), unit, make) for part in parts]
            gc.collect()
        found.sort(key=lambda one: one[0].seconds, reverse=True)
        told = [one for at, one in enumerate(found) if one[0].steep or at < SLOWEST]
        lines = [(*measured(look, make, size), look.part, unit) for look, unit, make in told]
        steep = [line for line in sorted(lines, reverse=True) if line[0] > LIMIT]
        bad += len(steep)
        for at, (worst, taken, part, unit) in enumerate(steep or [max(lines)]):
            head = f"{name:22}{len(members):7}" if not at else " " * 29
            times = " ".join(f"{one:.3f}" for one in taken)
            print(f"{head}{worst:8.2f} x  {part}, {unit}: {times}{' TOO STEEP' if steep else ''}", flush=True)
    count = sum(map(len, classes.values()))
    print(f"{count} inputs, {bad} steeper than {LIMIT} x; {time.process_time():.0f} s of the processor")
    return bad


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--size", type=int, default=4000, help="characters of the inputs that are looked at first")
    arguments.add_argument("--only", default="", help="only inputs whose class and name hold this")
    given = arguments.parse_args()
    gc.disable()
    gc.freeze()
    sys.exit(1 if report(given.size, given.only) else 0)
