"""What a note's text becomes: its facts, its blocks, and the lines that they know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from mkcards.data import Block, Note
from mkcards.diagnostics import Diagnostic
from mkcards.parse import parse


def outline(blocks: Sequence[Block], depth: int = 0) -> Iterator[str]:
    """Yield one line a block: its lines, kind and what else is set."""
    for block in blocks:
        lines = str(block.line) if block.line == block.end_line else f"{block.line}-{block.end_line}"
        marks = [
            f"h{block.level}" if block.level else "",
            f"[{block.info}]" if block.info else "",
            "ordered" if block.ordered else "",
            f"{block.number}." if block.number is not None else "",
            "task" if block.task else "",
            "broken" if block.broken else "",
            f"^{block.anchor}" if block.anchor else "",
            *(f"remark {remark!r}" for remark in block.remarks),
            repr(block.text) if block.text else "",
        ]
        yield "  " * depth + " ".join([lines, block.kind, *filter(None, marks)])
        yield from outline(block.children, depth + 1)


def blocks_of(text: str) -> list[str]:
    return list(outline(parse("a/Note.md", text)[0].blocks))


CASES = {
    "headings and paragraphs": (
        "# One #\ntwo\nthree\n\nFour\n====\n",
        ["1 heading h1 'One'", "2-3 paragraph 'two\\nthree'", "5 heading h1 'Four'"],
    ),
    "a sentence right above a rule is no heading": (
        "So it is.\n---\n",
        ["1 paragraph 'So it is.'", "2 rule"],
    ),
    "lists": (
        "- a\n- b\n  more\n\n  again\n  1. c\n\n3) d\n",
        [
            "1-6 list",
            "  1 item",
            "    1 paragraph 'a'",
            "  2-6 item",
            "    2-3 paragraph 'b\\nmore'",
            "    5 paragraph 'again'",
            "    6 list ordered",
            "      6 item 1.",
            "        6 paragraph 'c'",
            "8 list ordered broken",
            "  8 item 3.",
            "    8 paragraph 'd'",
        ],
    ),
    "tab-indented nesting": (
        "1. a\n\t- b\n\t\t- c\n",
        [
            "1-3 list ordered",
            "  1-3 item 1.",
            "    1 paragraph 'a'",
            "    2-3 list",
            "      2-3 item",
            "        2 paragraph 'b'",
            "        3 list",
            "          3 item",
            "            3 paragraph 'c'",
        ],
    ),
    "tasks": (
        "- [ ] a\n- [x] b\n- [[c]]\n",
        [
            "1-3 list",
            "  1 item task",
            "    1 paragraph 'a'",
            "  2 item task",
            "    2 paragraph 'b'",
            "  3 item",
            "    3 paragraph '[[c]]'",
        ],
    ),
    "a hash in an item is text": ("- # a\n", ["1 list", "  1 item", "    1 paragraph 'a'"]),
    "quotes and callouts": (
        "> a\n> b\n\n> [!Info]- Title\n> body\n>\n> - c\n",
        [
            "1-2 quote",
            "  1-2 paragraph 'a\\nb'",
            "4-7 callout [info] 'Title'",
            "  5 paragraph 'body'",
            "  7 list",
            "    7 item",
            "      7 paragraph 'c'",
        ],
    ),
    "nested callouts": (
        "> [!multi]\n>> [!example] E\n>> x\n",
        ["1-3 callout [multi]", "  2-3 callout [example] 'E'", "    3 paragraph 'x'"],
    ),
    "code and math": (
        "```Py title\na = 1\n```\n\n$$\nx\n$$\n",
        ["1-3 code [py] 'a = 1\\n'", "5-7 math '\\nx\\n'"],
    ),
    "an unclosed fence runs to the end": ("a\n\n```\n**b**: c\n", ["1 paragraph 'a'", "3-4 code '**b**: c\\n'"]),
    "columns of a table": (
        "|a|b|c|d|\n|---|:--|:-:|-:|\n|1|2|3|4|\n",
        ["1-3 table '| a | b | c | d |\\n| --- | :-- | :-: | --: |\\n| 1 | 2 | 3 | 4 |'"],
    ),
    "tables": (
        "| a | b |\n|---|:-:|\n| 1 | x\\|y |\n",
        ["1-3 table '| a | b |\\n| --- | :-: |\\n| 1 | x\\\\|y |'"],
    ),
    "definition lists": (
        "Term\n: text\n: other\n",
        [
            "1-3 definitions",
            "  1 term 'Term'",
            "  2 definition",
            "    2 paragraph 'text'",
            "  3 definition",
            "    3 paragraph 'other'",
        ],
    ),
    "comments": (
        "%% one %%\n\n<!-- two -->\n\n%%\nthree\n%%\n\nfour %% five %%\n",
        [
            "1 comment remark '%% one %%' '%% one %%'",
            "3 comment remark '<!-- two -->' '<!-- two -->\\n'",
            "5-7 comment remark '%%\\nthree\\n%%' '%%\\nthree\\n%%'",
            "9 paragraph remark '%% five %%' 'four'",
        ],
    ),
    "a comment that never ends is text": ("%% one\n\ntwo\n", ["1 paragraph '%% one'", "3 paragraph 'two'"]),
    "anchors": (
        "one ^a-1\n\ntwo\n\n^b2\n\n- three ^c\n- four\n",
        [
            "1 paragraph ^a-1 'one'",
            "3 paragraph ^b2 'two'",
            "7-8 list",
            "  7 item",
            "    7 paragraph ^c 'three'",
            "  8 item",
            "    8 paragraph 'four'",
        ],
    ),
    "an anchor in code stays": ("`x ^a`\n", ["1 paragraph '`x ^a`'"]),
    "footnotes": ("a[^1] b\n\n[^1]: note\n", ["1 paragraph 'a b'", "3 footnote [1]", "  3 paragraph 'note'"]),
    "tight items": (
        "1.**a**\n2.**b**\n3.**c**\n",
        [
            "1-3 list ordered",
            "  1 item 1.",
            "    1 paragraph '**a**'",
            "  2 item 2.",
            "    2 paragraph '**b**'",
            "  3 item 3.",
            "    3 paragraph '**c**'",
        ],
    ),
    "two tight lines are text": ("1.5 bar\n2.5 bar\n", ["1-2 paragraph '1.5 bar\\n2.5 bar'"]),
    "two tight headings are text": ("##**a**\n\n##**b**\n", ["1 paragraph '##**a**'", "3 paragraph '##**b**'"]),
    "three tight headings": (
        "##**a**\n\n###**b**\n\n##**c**\n",
        ["1 heading h2 '**a**'", "3 heading h3 '**b**'", "5 heading h2 '**c**'"],
    ),
    "tight lines in a fence are code": (
        "```\n1.a\n2.b\n3.c\n```\n",
        ["1-5 code '1.a\\n2.b\\n3.c\\n'"],
    ),
    "a list whose numbers go on is joined": (
        "1. a\n\n> between\n\n2. b\n",
        [
            "1-5 list ordered",
            "  1-3 item 1.",
            "    1 paragraph 'a'",
            "    3 quote",
            "      3 paragraph 'between'",
            "  5 item 2.",
            "    5 paragraph 'b'",
        ],
    ),
    "a list whose numbers do not go on is broken": (
        "1. a\n\nbetween\n\n3. b\n",
        [
            "1 list ordered broken",
            "  1 item 1.",
            "    1 paragraph 'a'",
            "3 paragraph 'between'",
            "5 list ordered broken",
            "  5 item 3.",
            "    5 paragraph 'b'",
        ],
    ),
    "a heading keeps two lists apart": (
        "1. a\n\n## H\n\n2. b\n",
        [
            "1 list ordered",
            "  1 item 1.",
            "    1 paragraph 'a'",
            "3 heading h2 'H'",
            "5 list ordered broken",
            "  5 item 2.",
            "    5 paragraph 'b'",
        ],
    ),
    "a swallowed label splits its list": (
        "- a\n- b\n**Out:**\n- c\n- d\n",
        [
            "1-2 list",
            "  1 item",
            "    1 paragraph 'a'",
            "  2 item",
            "    2 paragraph 'b'",
            "3 paragraph '**Out:**'",
            "4-5 list",
            "  4 item",
            "    4 paragraph 'c'",
            "  5 item",
            "    5 paragraph 'd'",
        ],
    ),
    "a swallowed label below nested items": (
        "1. a\n   - b\nOut:\n1. c\n2. d\n",
        [
            "1-2 list ordered",
            "  1-2 item 1.",
            "    1 paragraph 'a'",
            "    2 list",
            "      2 item",
            "        2 paragraph 'b'",
            "3 paragraph 'Out:'",
            "4-5 list ordered",
            "  4 item 1.",
            "    4 paragraph 'c'",
            "  5 item 2.",
            "    5 paragraph 'd'",
        ],
    ),
    "an indented second line is no label": (
        "- a\n  **b:**\n- c\n",
        ["1-3 list", "  1-2 item", "    1-2 paragraph 'a\\n**b:**'", "  3 item", "    3 paragraph 'c'"],
    ),
    "only a newline ends a line": (
        "a\x0bb\x0cc\u2028d\x85e\n\nf\n",
        ["1 paragraph 'a\\x0bb\\x0cc\\u2028d\\x85e'", "3 paragraph 'f'"],
    ),
    "raw HTML": ("<div>\n**a**: b\n</div>\n", ["1-3 html '<div>\\n**a**: b\\n</div>\\n'"]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=list(CASES))
def test_blocks(text: str, expected: list[str]) -> None:
    assert blocks_of(text) == expected


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=list(CASES))
def test_front_matter_shifts_the_lines(text: str, expected: list[str]) -> None:
    plain, shifted = parse("Note.md", text)[0], parse("Note.md", "---\nlang: en\n\n---\n" + text)[0]
    assert _lines(shifted.blocks) == [line + 4 for line in _lines(plain.blocks)]


def _lines(blocks: Sequence[Block]) -> list[int]:
    return [line for block in blocks for line in (block.line, block.end_line, *_lines(block.children))]


def facts(text: str, path: str = "a/Note.md") -> Note:
    note, found = parse(path, text)
    assert found == ()
    return note


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: Given\n---\n# Heading\n", "Given"),
        ("---\ntitle: 1984\n---\n", "1984"),
        ("---\ntitle:\n---\n# Heading\n", "Heading"),
        ("---\ntitle: [a, b]\n---\n", "Note"),
        ("# The **only** [[one|top]]\n\n## Two\n", "The only top"),
        ("# One\n\n# Two\n", "Note"),
        ("text\n\n# One\n", "Note"),
        ("## Two\n", "Note"),
        ("#\n", "Note"),
        ("", "Note"),
    ],
)
def test_title(text: str, title: str) -> None:
    assert facts(text).title == title


def test_the_title_of_a_path_is_its_last_part_without_its_ending() -> None:
    assert facts("", "a.b/C.D note.md").title == "C.D note"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("202401311205 Binary search", "Binary search"),
        ("20240131-binary-search-trees", "binary search trees"),
        ("2024-01-31-trees", "trees"),
        ("tree_of_life", "tree of life"),
        ("2024-01-31", "2024-01-31"),
        ("20240131", "20240131"),
        ("20240131 - 123005 - Tides", "Tides"),
        ("CS101 - A3 - tides", "tides"),
        ("NAV201 – Tides", "NAV201 – Tides"),
        ("RFC2119 - key words", "RFC2119 - key words"),
        ("F16 - F35 - differences", "F16 - F35 - differences"),
        ("2024-01-31 1984 by Orwell", "2024-01-31 1984 by Orwell"),
        ("CO2 - a gas", "CO2 - a gas"),
        ("A4 - paper", "A4 - paper"),
        ("k-means", "k-means"),
        ("a well-known fact-finder", "a well-known fact-finder"),
    ],
)
def test_a_time_stamp_or_code_is_no_part_of_a_title_and_a_slug_is_read_as_words(name: str, title: str) -> None:
    assert facts("", f"{name}.md").title == title


def test_a_placeholder_is_no_title() -> None:
    assert facts("# {title}\n\ntext\n", "Trees.md").title == "Trees"


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("---\ntags: [a, b/c]\n---\n", ("a", "b/c")),
        ("---\ntags: a, b c\n---\n", ("a", "b c")),
        ("---\ntags: '#a b'\n---\n", ("a", "b")),
        ("---\ntags: [a, null, 7]\n---\n", ("a", "7")),
        ("---\ntag: a\n---\n", ("a",)),
        ("---\ntags: a\n---\nsee #a, #b/c and (#d)\n", ("a", "b/c")),
        ("`#no` [x](#no) # no\n\n```\n#no\n```\n\n%% #no %% <!-- #no --> #123 a#no\n", ()),
    ],
)
def test_tags(text: str, tags: tuple[str, ...]) -> None:
    assert facts(text).tags == tags


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("id: a-1", "note_id", "a-1"),
        ("_id: 5", "note_id", "5"),
        ("uid: u", "note_id", "u"),
        ("deck: A::B", "deck", "A::B"),
        ("lang: de-CH", "lang", "de-CH"),
        ("mkcards: false", "off", True),
        ("mkcards: true", "off", False),
        ("mkcards: 0", "off", False),
    ],
)
def test_recognised_keys(line: str, name: str, value: object) -> None:
    assert getattr(facts(f"---\n{line}\n---\ntext\n"), name) == value


def test_meta_holds_the_other_keys_and_cannot_be_changed() -> None:
    note = facts("---\nexcalidraw-plugin: parsed\n1: 2\n---\n")
    assert dict(note.meta) == {"excalidraw-plugin": "parsed", "1": "2"}
    with pytest.raises(TypeError):
        note.meta["a"] = 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\nplain text\n---\n\nbody\n", 5),
        ("---\n- a list\n---\n\nbody\n", 5),
        ("---\n\n---\n\nbody\n", 5),
        ("---\n---\n\nbody\n", 4),
        ("---\na: 1\n\nbody\n", 4),
        ("\n---\na: 1\n---\n\nbody\n", 6),
        ("---\na: 1\n---\nbody\n", 4),
        ("--- \na: 1\n---\t\nbody\n", 4),
    ],
)
def test_the_body_keeps_its_lines_below_odd_front_matter(text: str, line: int) -> None:
    last = facts(text).blocks[-1]
    assert (last.text.split("\n")[-1], last.end_line) == ("body", line)


def test_settings_of_the_wrong_type_are_named_with_their_lines() -> None:
    note, found = parse("Note.md", "---\ntitle: Sea\nlang: [de]\n\ndeck:\n  name: Sea\nid:\n- 7\n---\nText\n")
    assert (note.lang, note.deck, note.note_id) == ("", "", "")
    assert [str(one) for one in found] == [
        "Note.md:5: front-matter `deck` is a mapping, not text, so it counts for nothing; write one value",
        "Note.md:7: front-matter `id` is a list, not text, so it counts for nothing; write one value",
        "Note.md:3: front-matter `lang` is a list, not text, so it counts for nothing; write one value",
    ]


def test_broken_front_matter_costs_only_the_metadata() -> None:
    note, found = parse("a/Note.md", "---\ntitle: My title\ndate: {{date}}\nid: '7'\n---\n\nbody\n")
    message = "the front matter is no YAML (found unhashable key); quote the value or fix it"
    assert found == (Diagnostic("a/Note.md", 3, "front-matter", message),)
    assert str(found[0]) == f"a/Note.md:3: front-matter {message}"
    assert (note.title, note.note_id, list(outline(note.blocks))) == ("My title", "7", ["7 paragraph 'body'"])


@pytest.mark.parametrize("rest", ["", "\n", "\n\nbody"])
def test_front_matter_at_the_end_of_the_file(rest: str) -> None:
    assert facts("---\ntitle: T\n---" + rest).title == "T"
