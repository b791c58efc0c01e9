"""Laws that hold for every note, however odd: nothing raises, spans fit, and nothing hidden reaches a card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple, replace

from mkcards import headed_lines
from mkcards.config import RULES, Config
from mkcards.data import Block, Note, NoteCards
from mkcards.extract import explain, extract
from mkcards.parse import parse

CONFIG = Config()
FRONT = "---\nlang: en\ntags: [a, b]\n---\n"
"""Four lines that change no card but their place."""

SNIPPETS = (
    "\ttab\n\n  - a\n\n\tb\n",
    "- `one\n- two`\n",
    "***\n---\n___\n _ _ _\n",
    "# a\n## b ##\n####### c\n#d\n\\## e\n###\n",
    "a *b*\nc\n====\n\nd\n---\ne\n\n    ---\n",
    "    code\n\n    more\n  - text\n\n      code\n",
    "```\na\n~~~\n```\n~~~~ py\nb\n~~~\n~~~~\n",
    "```\nnever closed\n",
    "<div>\n*a*\n\n*b*\n</div>\n",
    "<pre><code>\n\n**a**: b\n</code></pre>\n",
    "<!-- one\n\ntwo --> three\n",
    "<?php echo 1; ?>\n<!DOCTYPE x>\n<![CDATA[ y ]]>\n",
    "<del>*a*</del>\n<a href='x\n'>b</a>\n",
    "[a]: /url 'title'\n\n[a] [b][a] [c](d) ![e](f)\n",
    "[a]: <b c>\n'multi\nline'\n",
    "a\nb  \nc\\\nd\n   e\n",
    "> a\n> > b\nc\n>\n> - d\n> > e\n>\n",
    "> ```\na\n> ```\n",
    "- a\n- b\n+ c\n* d\n\n\n- e\n",
    "1. a\n2) b\n003. c\n123456789. d\n1234567890. e\n0. f\n-1. g\n",
    "-\n- \n-   \n\n  a\n1.\n",
    "- a\n - b\n  - c\n   - d\n    - e\n",
    "- a\n  > b\n  ```\n  c\n  ```\n- # d\n- e\n  ---\n  f\n",
    "- [ ] a\n- [x] b\n- [-] c\n- [ ]\n",
    "10) a\n   11) b\n\n   12) c\n",
    "\\*a\\* \\`b\\` \\[c] \\# d \\\n",
    "&amp; &#35; &#x20; &#0; &nope; &quot;\n",
    "`` a ` b `` ` `` ` `\n",
    "*a **b* c** ***d*** _e_f_ __g__ **h\n",
    "<https://a.b> <m@n.op> https://q.r www.s.t\n",
    "~~a~~ ~b~ ~~~c~~~\n",
    "| a | b |\n|--|:-:|\n| `c|d` | e \\| f |\n| g\n",
    "| a |\nnot a table\n|---|\n",
    "a[^1] b[^long] ^[inline]\n\n[^1]: c\n    d\n\n    e\n[^long]: - f\n",
    "Term\n: a\n  b\n\n: c\n\nOther\n~ d\n",
    "$a$ $$b$$ $1 and $2 \\$c$\n\n$$\nd\n\n$$ (1)\n",
    "==a== ===b=== ==c ==d== e== ====\n",
    "==why?== because\n\n- ==how?==\n\t- so\n",
    "%%a%% b %%c\nd%%\n\n%%\ne\n",
    "[[a|b]] ![[c#d^e|100]] [[]] [[f\n]] #tag/sub #1 #a\n",
    "> [!note]\n> [!x]- y\n>> [!z|w]+\n> b\n",
    "**A**: b\n**C:** d ^id\n*E* — f\n[[G]]: \"h\"\n",
    "A **b** is a c of the d. By e I mean f. We call g an h.\n",
    "On \"[[A]]\":\n\n> An a is a b of the c.\n>\n> — d\n",
    "**Three a:**\n\n1. b\n> c\n2. d\n3. **e**: f\n",
    "**A**\n- b\n- c\n**D:**\n1. e\n2. f\n",
    "## What is a?\n\nA b.\n\n## Two c\n\nd\n\n- e\n- f\n",
    "1.**a**\n2.**b**\n3.**c**\n##**d**\n##**e**\n##**f**\n",
    "1. a\n\nb\n\n3. c\n4. d\n- e\n5. f\n",
    "a:: b\n[c:: d]\n{% e %}\n!!! f\n<% g %>\n",
    "如何？\n\n1. 甲：乙\n2. 丙是丁的一种。\n",
    "**术语**：意思\n“引用”是指一种说法。\n",
)
"""Each kind of Markdown at its edges."""

PREFIXES = ("", "> ", "- ", "1. ", "   ", "    ", "\t", ">> ", "- > ", "## ", "**", "==", "%% ")
ODD = "\x00\x0b\x0c\x85\u2028\u2029\ud800\udfff\r\ufeff\u200b\u00a0\u3000\x1f"


def settled(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True)


def _prefixed(text: str, prefix: str) -> str:
    return "".join(prefix + line for line in text.splitlines(keepends=True))


snippets = st.builds(_prefixed, st.sampled_from(SNIPPETS), st.sampled_from(("", "", *PREFIXES)))
wild = st.text(
    st.one_of(
        st.sampled_from("ab \n\n\t*_=`~#>-+.:[]()!|^$%\\<&123?？：。\"“”"),
        st.sampled_from(ODD),
        st.characters(),
    ),
    max_size=120,
)
notes = st.lists(st.one_of(snippets, wild), min_size=1, max_size=6).map("\n".join)

WORDS = ("the", "sea", "of", "a", "wave", "is", "what", "moon", "tide", "an", "which", "to", "why", "and", "sand")
phrase = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
HIDDEN = ("%%hush me%%", "&#x20;", "\\[7\\]", "<!-- hush me -->", "[^hush1]", "[^hush1^](#fnhush)", "{{c1::open}}")
inline = st.one_of(
    phrase,
    phrase.map("**{}**".format),
    phrase.map("=={}==".format),
    phrase.map("=={}?==".format),
    phrase.map("[[{}]]".format),
    phrase.map("[{}](https://example.org/x)".format),
    phrase.map("`{} = **b**: ==c?==`".format),
    st.just("$a_1 + b^2$"),
    st.sampled_from(HIDDEN),
)
line = st.builds(
    lambda parts, end: " ".join(parts) + end,
    st.lists(inline, min_size=1, max_size=4),
    st.sampled_from(("", "", ".", "?", ":", " ^hush-2")),
)
term = st.builds("**{}**: {}".format, phrase, line)
labelled = st.builds(
    lambda label, items, mark: f"**{label}:**\n\n" + "\n".join(mark.format(at, item) for at, item in items),
    phrase,
    st.lists(line, min_size=1, max_size=4).map(lambda items: list(enumerate(items, start=1))),
    st.sampled_from(("- {1}", "{0}. {1}", "{0}. **x**: {1}", "- {1}\n\t- below {1}", "{0}. {1}\n   > below {1}")),
)
quote = st.builds("On \"{}\":\n\n> A {} is a {}".format, phrase, phrase, line)
heading = st.builds("{} {}".format, st.sampled_from(("#", "##", "###")), line)
code = st.builds("```{}\n**{}**: {}\n```".format, st.sampled_from(("", "py")), phrase, phrase)
defining = st.builds(
    lambda form, term, text: form.format(term, text),
    st.sampled_from(("A **{}** is a {}.", "> A {} is the {}.", "**{}** refers to the {}.", "A {1} is called **{0}**.")),
    phrase,
    phrase,
)
tame = st.lists(st.one_of(line, term, labelled, quote, heading, code), min_size=1, max_size=6).map("\n\n".join)


def cards_of(text: str) -> tuple[Note, NoteCards]:
    """Return the note and its cards; a rule that fails is a failure."""
    note, _ = parse("Note.md", text)
    cards = extract(note, CONFIG)
    assert [one.message for one in cards.diagnostics if one.code == "rule-failed"] == []
    return note, cards


def check_blocks(blocks: Sequence[Block], first: int, last: int) -> None:
    """Assert that blocks follow each other inside the lines `first` to `last`."""
    at = first
    for block in blocks:
        assert at <= block.line <= block.end_line <= last, (block.kind, at, block.line, block.end_line, last)
        check_blocks(block.children, block.line, block.end_line)
        at = block.end_line if block.kind in {"term", "definition"} else block.end_line + 1


def check(text: str) -> None:
    lines = text.count("\n") + 1
    note, cards = cards_of(text)
    check_blocks(note.blocks, 1, lines)
    for card in cards.candidates:
        assert 1 <= card.label_line <= card.line <= card.end_line <= lines
        assert card.rule in RULES
        assert card.key.strip() and card.fields.prompt.strip() and card.fields.answer.strip()
        assert bool(card.fields.reverse_prompt) == bool(card.fields.reverse_answer)
    asked = [(card.fields.prompt, card.fields.context) for card in cards.candidates]
    assert len(set(asked)) == len(asked)
    for found in cards.diagnostics:
        assert 1 <= found.line <= lines
    assert [card.label_line for card in cards.candidates] == sorted(card.label_line for card in cards.candidates)
    again, refusals = explain(note, CONFIG)
    assert again == cards
    assert all(0 <= refusal.line <= lines and refusal.reason for refusal in refusals)


def check_shift(text: str) -> None:
    """Assert that front matter moves everything down by its own length and changes nothing else."""
    note, _ = parse("Note.md", text)
    below, cards = parse("Note.md", FRONT + text)[0], extract(replace(note, lang="en"), CONFIG)
    shift = FRONT.count("\n")
    assert below.title == note.title
    moved = extract(below, CONFIG)
    assert moved.candidates == tuple(
        replace(one, line=one.line + shift, end_line=one.end_line + shift, label_line=one.label_line + shift)
        for one in cards.candidates
    )
    assert moved.diagnostics == tuple(replace(found, line=found.line + shift) for found in cards.diagnostics)
    check(FRONT + text)


@pytest.mark.parametrize("text", SNIPPETS)
def test_each_kind_of_markdown_keeps_the_laws(text: str) -> None:
    for prefix in PREFIXES:
        check(_prefixed(text, prefix))
    check(text.removesuffix("\n"))
    check_shift(text)


@settled(250)
@given(notes)
def test_any_note_keeps_the_laws(text: str) -> None:
    check(text.replace("\r", "\n"))


@settled(120)
@given(notes)
def test_front_matter_moves_every_line(text: str) -> None:
    check_shift(text.replace("\r", "\n").lstrip("-"))


@settled(120)
@given(notes)
def test_nothing_raises_even_with_odd_line_ends(text: str) -> None:
    cards_of(text)
    cards_of(text.replace("\n", "\r\n"))


@settled(120)
@given(wild)
def test_front_matter_may_hold_anything(text: str) -> None:
    cards_of(f"---\n{text}\n---\n\n**Tide**: the rise of the sea\n")


@settled(120)
@given(st.one_of(notes, tame))
def test_extracting_twice_gives_the_same(text: str) -> None:
    assert cards_of(text)[1] == cards_of(text)[1]


@settled(250)
@given(tame)
def test_nothing_hidden_reaches_a_card(text: str) -> None:
    check(text)
    for card in cards_of(text)[1].candidates:
        shown = [card.key, *astuple(card.fields)]
        for piece in ("%%", "<!--", "hush", "{{c1", "[7", "&#x20;"):
            assert piece not in str(shown), text


@settled(150)
@given(st.lists(defining, min_size=1, max_size=3).map("\n\n".join))
def test_a_reverse_never_names_its_term(text: str) -> None:
    for card in cards_of(text)[1].candidates:
        answer = card.fields.reverse_answer.casefold()
        assert not answer or f" {answer} " not in f" {card.fields.reverse_prompt.casefold()} ", text


@settled(120)
@given(st.one_of(notes, tame))
def test_code_never_makes_a_card(text: str) -> None:
    text = text.replace("\r", "\n").replace("~~~~~", "~")
    assert cards_of(f"~~~~~~\n{text}\n~~~~~~\n")[1].candidates == ()
    indented = "".join("    " + one for one in text.splitlines(keepends=True) if one.strip())
    assert cards_of(indented)[1].candidates == ()


@settled(50)
@given(phrase, tame)
def test_inline_code_is_no_markup(words: str, text: str) -> None:
    line = text.replace("`", "'").replace("\n", " ").replace("%%", "")
    assert cards_of(f"{words} `{line}`\n")[1].candidates == ()


def test_each_line_of_a_paragraph_of_terms_is_looked_at_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    def counting(*given: Any, **named: Any) -> Any:
        nonlocal looks
        looks += 1
        return head_of(*given, **named)

    head_of = headed_lines.head_of
    monkeypatch.setattr(headed_lines, "head_of", counting)
    note, _ = parse("Note.md", "".join(f"**Tide {at}**: the rise of the sea number {at}\n" for at in range(300)))
    extract(note, Config())
    assert 300 <= looks <= 4 * 300
