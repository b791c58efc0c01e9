"""What the editor says of notes, and what it keeps quiet about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkcards.codes import FINDINGS
from mkcards.config import Config
from mkcards.data import Card
from mkcards.diagnostics import Severity
from mkcards.editor import findings, review, unshown
from mkcards.extract import extract
from mkcards.parse import parse
from mkcards.pipeline import build, cards
from test_laws import notes, tame

LONG = "The tide turns twice a day. " * 40


def said(folder: Path, notes: dict[str, str], **settings: object) -> list[str]:
    """The findings of the editor alone, without those of the rules."""
    for name, text in notes.items():
        (folder / name).write_text(text, encoding="utf-8")
    config = Config(notes=(folder,), output=folder / "deck.apkg", **settings)  # type: ignore[arg-type]
    outcome = cards(config, now=1)
    return [str(one) for one in review(outcome.cards, outcome.diagnostics, outcome.languages, config)]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (
            f"==Why does the sea move?== {LONG}\n",
            "long-answer “Why does the sea move?” has an answer of 1119 characters, more than a screen; "
            "split it, or ask for less",
        ),
        (
            "==How is a boat built?==\n\n```\n" + "plank\n" * 30 + "```\n",
            "long-answer “How is a boat built?” has an answer of 30 lines, more than a screen; "
            "split it, or ask for less",
        ),
        (
            f"=={'When a wave comes to the shore ' * 7}why does it break?== The ground holds its foot.\n",
            "long-prompt “When a wave comes to the shore When a wave comes to the shor …” is a question of 53 words; "
            "shorten the line that it is made of",
        ),
        (
            "==Why does the tide rise?== The tide does rise!\n",
            "nothing-new “Why does the tide rise?” is answered “The tide does rise!”, which adds nothing; "
            "write an answer",
        ),
        (
            "==Why does the moon rise?== It does.\n",
            "nothing-new “Why does the moon rise?” is answered “It does.”, which adds nothing; write an answer",
        ),
        (
            "==Why does the moon rise?==\n- It does.\n- The moon does rise!\n",
            "nothing-new “Why does the moon rise?” is answered “It does. The moon does rise!”, which adds nothing; "
            "write an answer",
        ),
        (
            "**Ebb tide**: Sailors wait for the ebb tide before they leave.\n",
            "circular “What characterises Ebb tide?” is explained by “ebb tide” itself; say it in other words",
        ),
        (
            "==Why is the sea salty?== Do the rivers carry salt?\n",
            "answer-asks “Why is the sea salty?” is answered by a question, “Do the rivers carry salt?”; answer it",
        ),
        (
            "==Why is the sea salty?==\n\n> The rivers carry this to it:\n",
            "answer-breaks-off “Why is the sea salty?” has an answer that breaks off at "
            "“The rivers carry this to it:”; indent what follows, so that it belongs to it",
        ),
        (
            "%% Q: Where is it used? %%\n\n**Three places of the keel:**\n\n- bow\n- hull\n- stern\n",
            "lost-pronoun “Where is it used?” says “it” and not what that is; name it",
        ),
        (
            "==Why is the sea salty?== The rivers carry salt, as shown above.\n",
            "points-elsewhere “Why is the sea salty?” says “shown above” in its answer, where a learner can't look; "
            "say it there, or leave it out",
        ),
        (
            "==Why is the sea salty?== The rivers **carry ** salt to the sea.\n",
            "raw-markup “Why is the sea salty?” shows the asterisks of “The rivers **carry ** salt to the sea.”; "
            "let bold begin and end at a letter",
        ),
    ],
)
def test_findings(tmp_path: Path, text: str, finding: str) -> None:
    at = 3 if text.startswith("%% Q") else 1
    assert said(tmp_path, {"a.md": text}, lang="en") == [f"a.md:{at}: {finding}"]


@pytest.mark.parametrize(
    "text",
    [
        "==Why does the sea move?== The moon pulls at it.\n",
        "==How many seas are there?== There are 7.\n",
        "==Which law holds for the sea?== $F = ma$\n",
        "==How is the sea called in C?== `sea`\n",
        "==How long does it take to cross the sea?== A week.\n",
        "==Why does a boat need this keel when it sails?== Against the drift.\n",
        "==Why does the sea look blue?== Red is swallowed first; above the water it is grey.\n",
        "==What is a pointer to a pointer in C?== It is declared as `int **p` there.\n",
        "==Which code opens the port?==\n\n```\nopen(port):\n```\n",
        "**Ebb tide**: the fall of the sea. The ebb tide lasts six hours.\n",
        "**Ebb tide**: The ebb tide is the fall of the sea.\n",
        "**Node**: what `fs.node` and @node/types name in this library\n",
        "**Ebb tide** is the fall of the sea after the flood.\n",
        "**Areas**: Large networks are divided into areas. An area is a group of routers with a map of its own.\n",
        "A shore is **closed** if every wave that meets a closed part of it comes back.\n",
        "**Eleven ports:**\n\n" + "".join(f"- {name} has a long quay\n" for name in "abcdefghijk"),
        "![[sea.png]]\n\n==What does a wave look like?==\n\n![A wave](wave.png)\n",
        '==What does a wave look like?== <img src="wave.png"> and <img src="sea.png">\n',
    ],
)
def test_nothing_to_say(tmp_path: Path, text: str) -> None:
    (tmp_path / "sea.png").write_bytes(b"sea")
    (tmp_path / "wave.png").write_bytes(b"wave")
    assert said(tmp_path, {"a.md": text}, lang="en") == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("---\nlang: de\n---\n==Wann wird das Wasser dafür gebraucht?== Bei Flut, siehe oben.\n", "siehe oben"),
        ("---\nlang: fr\n---\n==D’où vient le sel ?== Du sel des fleuves, voir ci-dessous.\n", "voir ci-dessous"),
        ("---\nlang: zh\n---\n==海水为什么是咸的？== 如下图，河流带来盐。\n", "如下图"),
        ("---\nlang: pl\n---\n==Dlaczego morze jest słone?== Rzeki niosą sól, patrz wyżej.\n", "patrz wyżej"),
        ("---\nlang: da\n---\n==Hvorfor er havet salt?== Floderne bringer salt, se ovenfor.\n", "se ovenfor"),
        ("---\nlang: pt\n---\n==Por que o mar é salgado?== Os rios trazem sal, ver acima.\n", "ver acima"),
    ],
)
def test_other_languages(tmp_path: Path, text: str, finding: str) -> None:
    question = re.findall("==(.*)==", text)[0]
    assert said(tmp_path, {"a.md": text}) == [
        f"a.md:4: points-elsewhere “{question}” says “{finding}” in its answer, where a learner can't look; "
        "say it there, or leave it out"
    ]


def test_a_note_is_judged_in_the_language_that_it_was_read_in(tmp_path: Path) -> None:
    text = "==Wann kommt Ebbe?== Zweimal täglich; siehe oben.\n"
    finding = (
        "points-elsewhere “Wann kommt Ebbe?” says “siehe oben” in its answer, where a learner can't look; "
        "say it there, or leave it out"
    )
    assert said(tmp_path, {"a.md": text}, lang="de") == [f"a.md:1: {finding}"]
    assert said(tmp_path, {"a.md": f"---\nlang: de\n---\n{text}"}) == [f"a.md:4: {finding}"]
    assert said(tmp_path, {"a.md": f"---\nlang: de\n---\n{text}"}, lang="en") == [f"a.md:4: {finding}"]
    assert said(tmp_path, {"a.md": f"---\nlang: en\n---\n{text}"}, lang="de") == []
    # Alone the question and its answer would show no language; the rest of the note does.
    long = f"{text}\nDas Wasser ist mit der Flut da, und es geht mit der Ebbe, wenn der Mond weiter ist.\n"
    assert said(tmp_path, {"a.md": long}) == [f"a.md:1: {finding}"]


CONDITION = "A shore is **closed** if every wave that meets a closed part of it comes back.\n"
CONDITIONS = "Two shores are **closed** if every wave that meets a closed part of them comes back.\n"


@pytest.mark.parametrize("template", ["Say when {subject} is {term}.", "{subject} is {term}: when?"])
@pytest.mark.parametrize(("text", "name"), [(CONDITION, "when_is"), (CONDITIONS, "when_are")])
def test_a_condition_may_name_its_term_in_whatever_words_it_is_asked(
    tmp_path: Path, template: str, text: str, name: str
) -> None:
    assert said(tmp_path, {"a.md": text}, lang="en") == []
    assert said(tmp_path, {"a.md": text}, lang="en", questions={"en": {name: template}}) == []


def test_an_answer_that_a_rule_called_long_is_not_called_so_twice(tmp_path: Path) -> None:
    items = "".join(f"- the port of {name} has {'a quay and ' * 20}a light\n" for name in "abcdefghij")
    assert said(tmp_path, {"a.md": f"**Ten ports of the bay:**\n\n{items}"}) == []


NOTHING_LEFT = (
    "==What does a wave look like?== ![[wave.png|300]]\n\n"
    "==And a small one?== ![[wave.png]] It has no crest.\n\n"
    "==What is a harbour?== ![[Harbours#Nowhere]]\n\n"
    "==What does a keel look like?== ![[keel.svg]]\n\n"
    "==Which form does a ship fill in?== <script>ship()</script>\n\n"
    "==What is a port?== ![[Harbours#Port]]\n"
)


def test_an_answer_that_shows_nothing_is_the_error_that_it_is_in_a_build(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(NOTHING_LEFT, encoding="utf-8")
    (tmp_path / "Harbours.md").write_text("# Port\n\nWhere ships lie.\n", encoding="utf-8")
    (tmp_path / "keel.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", encoding="utf-8")
    config = Config(notes=(tmp_path,), output=tmp_path / "deck.apkg", lang="en", select=("empty-card",))
    outcome = cards(config, now=1)
    checked = findings(outcome, unshown(outcome.cards, outcome.found.vault), config)
    assert [(str(one), one.severity) for one in checked] == [
        (
            f'a.md:{line}: empty-card the answer of "{key}" shows nothing, so it makes no card; complete the note',
            Severity.ERROR,
        )
        for line, key in (
            (1, "What does a wave look like?"),
            (5, "What is a harbour?"),
            (7, "What does a keel look like?"),
            (9, "Which form does a ship fill in?"),
        )
    ]
    assert checked == [one for one in build(config, now=1).diagnostics if one.code == "empty-card"]


EBB = "**Ebb**: the fall of the sea\n"
FLOOD = "**Flood**: the rise of the sea\n"


def test_notes_that_share_cards_are_told_once(tmp_path: Path) -> None:
    both = f"{EBB}\n{FLOOD}"
    assert said(tmp_path, {"a.md": both, "b.md": f"Again.\n\n{both}"}) == [
        "b.md:3: same-card 2 cards from here on stand in a.md:1 too, word for word; "
        "exclude one of the notes, or silence it with `mkcards: false`"
    ]


def test_a_card_that_stands_in_many_places_is_told_once(tmp_path: Path) -> None:
    assert said(tmp_path, {"a.md": EBB, "b.md": EBB}) == [
        "b.md:1: same-card “What is meant by Ebb?” stands in a.md:1 too, with the same answer; "
        "silence one with %% nocard %%"
    ]
    assert said(tmp_path, {"c.md": EBB, "d.md": EBB}) == [
        "b.md:1: same-card “What is meant by Ebb?” stands in a.md:1 and in 2 more places too, with the same answer; "
        "silence one with %% nocard %%"
    ]


def test_answers_that_nothing_tells_apart(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    (tmp_path / "3").mkdir()
    other = "**Ebb**: the thing that leaves the harbour dry\n"
    notes = {"1/tides.md": EBB, "2/tides.md": other, "3/tides.md": "**Ebb**: the outgoing water\n"}
    assert said(tmp_path, notes) == [
        "2/tides.md:1: rival-answers “What is meant by Ebb?” has 3 answers that nothing tells apart, "
        "the first in 1/tides.md:1; say in each question what it is about"
    ]
    assert said(tmp_path, {"1/tides.md": EBB, "2/tides.md": f"# Harbours\n\n{other}", "3/tides.md": "-\n"}) == []


@settings(max_examples=120, deadline=None)
@given(st.one_of(notes, tame))
def test_of_any_note_every_finding_says_what_was_seen_and_what_to_do(text: str) -> None:
    lines = text.count("\n") + 1
    read = extract(parse("Note.md", text)[0], Config())
    deck = [
        Card("", one.rule, one.kind, one.key, "Note.md", "Note", one.fields, line=one.line, label_line=one.label_line)
        for one in (*read.candidates, *read.candidates)
    ]
    told = review(deck, (), {"Note.md": read.language}, Config())
    assert told == review(deck, (), {"Note.md": read.language}, Config())
    for one in told:
        assert one.code in FINDINGS
        assert 1 <= one.line <= lines
        assert "\n" not in one.message
        assert all(part.strip() for part in one.message.rpartition("; "))
    assert {one.code for one in told} >= ({"same-card"} if deck else set())


def test_what_no_learner_can_answer_is_a_warning_and_the_rest_a_remark(tmp_path: Path) -> None:
    text = "==Why is the sea salty?==\n\n> The **rivers ** do this:\n\n==Why does the moon rise?== It does.\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    config = Config(notes=(tmp_path,), lang="en")
    found = review(cards(config, now=1).cards, (), {"a.md": "en"}, config)
    assert {one.code: one.severity for one in found} == {
        "answer-breaks-off": Severity.WARNING,
        "raw-markup": Severity.WARNING,
        "nothing-new": Severity.REMARK,
    }
