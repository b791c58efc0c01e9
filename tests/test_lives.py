"""The life of ids over many builds, two machines, crashes and hands."""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mkcards import ledger, memory, package, pipeline, reading, upkeep
from mkcards.config import REVERSES, Config
from mkcards.data import Card, Fields, Ledger, NoteCards
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.effort import Effort
from mkcards.errors import LedgerError, OutputError, UsageError
from mkcards.lock import held
from mkcards.pipeline import build, cards

AGI = "**AGI** is an agent which applies skills at or above human level.\n"
WEIGHT = "**Weight** is a number that multiplies an input of a neuron.\n"
THEN = 1_700_000_000


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    write(tmp_path, "notes/AI/agi.md", AGI)
    write(tmp_path, "notes/weight.md", WEIGHT)
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def config(vault: Path, **more: Any) -> Config:
    return Config(**{"notes": (vault / "notes",), "output": vault / "out/deck.apkg", **more})


def ids(outcome: pipeline.Outcome) -> dict[str, str]:
    return {card.key: card.id for card in outcome.cards}


def card(name: str, changed: int = 1, **more: Any) -> Card:
    return Card(name, "rule", "definition", name, "a.md", "A", Fields("?", "!"), changed=changed, **more)


def test_an_edit_is_a_remark_that_says_why(vault: Path) -> None:
    first = build(config(vault), now=THEN)
    write(vault, "notes/AI/agi.md", AGI.replace("**AGI**", "**AGI system**"))
    outcome = build(config(vault), now=THEN + 1)
    assert ids(outcome) == {"AGI system": ids(first)["AGI"], "Weight": ids(first)["Weight"]}
    assert [(str(one), one.severity) for one in outcome.diagnostics] == [
        (
            'AI/agi.md:1: identity "AGI system" taken as an edit of "AGI" '
            "(the question longer or shorter, the same answer; score 0.81)",
            Severity.REMARK,
        )
    ]


def test_another_question_in_the_same_place_is_new(vault: Path) -> None:
    first = build(config(vault), now=THEN)
    write(vault, "notes/AI/agi.md", "**Bias** is a number that is added to the sum of the inputs.\n")
    outcome = build(config(vault), now=THEN + 1)
    assert ids(outcome)["Bias"] not in ids(first).values()
    assert [one.key for one in outcome.retired] == ["AGI"]


def test_a_folder_built_alone_and_then_as_part_of_the_vault(vault: Path) -> None:
    write(vault, "notes/.obsidian/app.json", "{}")
    alone = build(config(vault, notes=(vault / "notes/AI",)), now=THEN)
    whole = build(config(vault), now=THEN + 1)
    again = build(config(vault, notes=(vault / "notes/AI",)), now=THEN + 2)
    assert ids(alone)["AGI"] == ids(whole)["AGI"] == ids(again)["AGI"]
    assert [one.key for one in ledger.load(vault / "out/deck.ledger.jsonl").cards if one.retired] == []


STAGES = """\
**Three stages of a rocket**
1. The booster lifts it off the ground
2. The core carries it out of the air
3. The upper stage brings it into orbit
"""
EDITED = STAGES.replace("lifts it off", "pushes it off")


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize(
    ("label", "number", "right", "kinds"),
    [
        ("**Three stages of a rocket**", "Three", "Four", ["list", "item", "item", "item"]),
        ("## Three stages of a rocket", "Three", "Four", ["list", "item", "item", "item"]),
        ("==What are the three stages of a rocket?==", "three", "four", ["question"]),
    ],
)
def test_a_list_keeps_its_cards_when_an_item_and_its_number_come(
    vault: Path, label: str, number: str, right: str, kinds: list[str], twice: bool
) -> None:
    write(vault, "notes/weight.md", STAGES.replace("**Three stages of a rocket**", f"# Space\n\n{label}\n"))
    first = build(config(vault), now=THEN)
    assert [one.kind for one in first.cards[1:]] == kinds
    longer = (vault / "notes/weight.md").read_text().replace("1. ", "1. The crew boards\n2. ")
    if twice:
        write(vault, "notes/weight.md", longer)
        build(config(vault), now=THEN + 1)
    write(vault, "notes/weight.md", longer.replace(number, right))
    outcome = build(config(vault), now=THEN + 2)
    assert outcome.cards[1].key == label.strip("*#= ").replace(number, right)
    assert {one.id for one in first.cards} <= {one.id for one in outcome.cards}
    assert len(outcome.cards) - len(first.cards) == len(kinds) // 4
    assert outcome.gone == 0


@pytest.mark.parametrize("reverse", [{}, {"bold-definition": False}])
@pytest.mark.parametrize("form", ["A **{}** is {}.\n", "**{}**: {}.\n"])
def test_a_reverse_that_the_settings_no_longer_give_follows_its_definition(
    vault: Path, form: str, reverse: dict[str, bool]
) -> None:
    write(vault, "notes/weight.md", "A **residual stream** is the sum of what all layers before gave.\n")
    first = build(config(vault), now=THEN)
    settings = config(vault, reverse={**REVERSES, **reverse})
    told, asked = "the sum of what all layers so far gave", "Which term is meant?\n\n"
    for second, (term, text) in enumerate((("residual stream", told), ("main stream", told)), 1):
        write(vault, "notes/weight.md", form.format(term, text))
        shown = build(settings, now=THEN + second).cards[1]
        assert shown.id == ids(first)["residual stream"]
        assert shown.fields.reverse_prompt.removesuffix(".") == f"{asked}{text}"
        assert shown.fields.reverse_answer == term
    assert build(settings, now=THEN + 9).written is False


@pytest.mark.parametrize("effort", [Effort(), Effort(1, "code")])
def test_notes_of_another_folder_with_the_same_paths_take_no_cards(vault: Path, effort: Effort) -> None:
    asks = "# Course\n\n==What does the course begin with?== {}\n"
    write(vault, "Bio/intro.md", asks.format("With the parts of the cell and the membrane."))
    write(vault, "Law/intro.md", asks.format("With negligence and the duty of care."))
    first = build(config(vault, notes=(vault / "Bio",)), now=THEN, effort=effort)
    before = {file.name: file.read_bytes() for file in (vault / "out").iterdir()}
    with pytest.raises(UsageError) as caught:
        build(config(vault, notes=(vault / "Law",)), now=THEN + 1, effort=effort)
    assert str(caught.value) == (
        f'{vault}/out/deck.apkg: other-notes the deck is of the notes in "Bio", and 1 of its 1 cards are not in '
        '"Law"; name all its folders together, set `vault` to the one that holds them, or name another deck with -o'
    )
    assert {file.name: file.read_bytes() for file in (vault / "out").iterdir()} == before
    both = build(config(vault, notes=(vault / "Bio", vault / "Law")), now=THEN + 2, effort=effort)
    assert both.cards[0].id == first.cards[0].id
    assert (both.new, both.gone) == (1, 0)
    # As long as all is read from one folder, notes may change as they like.
    write(vault, "Bio/intro.md", asks.format("With nothing that anybody expects."))
    (vault / "Law/intro.md").unlink()
    write(vault, "Law/new.md", WEIGHT)
    assert build(config(vault, notes=(vault / "Bio", vault / "Law")), now=THEN + 3, effort=effort).gone == 1


def test_a_folder_that_gets_another_name_and_some_edits_is_the_same(vault: Path) -> None:
    write(vault, "notes/stages.md", STAGES)
    first = build(config(vault), now=THEN)
    assert ledger.load(vault / "out/deck.ledger.jsonl").folder == "notes"
    (vault / "notes").rename(vault / "thoughts")
    write(vault, "thoughts/weight.md", "**Weight**: the pull of the earth.\n")
    outcome = build(config(vault, notes=(vault / "thoughts",)), now=THEN + 1)
    assert {**ids(outcome), "Weight": ""} == {**ids(first), "Weight": ""}
    assert (len(first.cards), len(outcome.cards)) == (6, 6)
    # Most cards are where they were, and a copy of the folder on another machine may have any name.
    assert ledger.load(vault / "out/deck.ledger.jsonl").folder == "notes"
    write(vault, "thoughts/.obsidian/app.json", "{}")
    build(config(vault, notes=(vault / "thoughts",)), now=THEN + 2)
    assert ledger.load(vault / "out/deck.ledger.jsonl").folder == ""


def moved_below_the_vault(vault: Path) -> dict[str, Any]:
    (vault / "notes/AI").rename(vault / "notes/ML")
    return {"notes": (vault / "notes/ML",)}


def another_vault_root(vault: Path) -> dict[str, Any]:
    return {"notes": (vault / "notes/AI",), "vault": vault}


def a_vault_above(vault: Path) -> dict[str, Any]:
    write(vault, ".obsidian/app.json", "{}")
    return {"notes": (vault / "notes/AI",)}


def a_second_folder(vault: Path) -> dict[str, Any]:
    write(vault, "notes/Law/tort.md", "**Tort**: a wrong for which a civil court grants damages.\n")
    return {"notes": (vault / "notes/AI", vault / "notes/Law")}


def one_file_renamed(vault: Path) -> dict[str, Any]:
    (vault / "notes/AI/agi.md").rename(vault / "notes/AI/minds.md")
    return {"notes": (vault / "notes/AI/minds.md",)}


@pytest.mark.parametrize(("marked", "effort"), [(False, Effort()), (True, Effort(1, "code"))])
@pytest.mark.parametrize(
    "change", [moved_below_the_vault, another_vault_root, a_vault_above, a_second_folder, one_file_renamed]
)
def test_cards_follow_their_notes_when_other_roots_are_read(
    vault: Path, marked: bool, effort: Effort, change: Callable[[Path], dict[str, Any]]
) -> None:
    if marked and change is not a_vault_above:
        write(vault, "notes/.obsidian/app.json", "{}")
    write(vault, "notes/AI/agi.md", f"{AGI}\n{STAGES}")
    notes = "notes/AI/agi.md" if change is one_file_renamed else "notes/AI"
    first = build(config(vault, notes=(vault / notes,)), now=THEN, effort=effort)
    settings = dataclasses.replace(config(vault), **change(vault))
    path = next((vault / "notes").glob("*/[am]*.md"))
    path.write_text(f"{AGI.replace('applies skills', 'uses skills')}\n{EDITED}")
    outcome = build(settings, now=THEN + 1, effort=effort)
    assert [one.id for one in outcome.cards][: len(first.cards)] == [one.id for one in first.cards]
    assert len(outcome.cards) - len(first.cards) == outcome.new == (change is a_second_folder)
    assert (outcome.gone, len(outcome.after.cards)) == (0, len(outcome.cards))


@pytest.mark.parametrize("effort", [Effort(), Effort(1, "code")])
def test_a_note_moved_into_the_folder_that_is_read_brings_its_cards(vault: Path, effort: Effort) -> None:
    write(vault, "notes/.obsidian/app.json", "{}")
    write(vault, "notes/AI/other.md", STAGES)
    first = build(config(vault), now=THEN, effort=effort)
    build(config(vault, notes=(vault / "notes/AI",)), now=THEN + 1, effort=effort)
    (vault / "notes/weight.md").rename(vault / "notes/AI/weight.md")
    outcome = build(config(vault, notes=(vault / "notes/AI",)), now=THEN + 2, effort=effort)
    assert ids(outcome) == ids(first)
    assert (outcome.new, outcome.gone, len(outcome.after.cards)) == (0, 0, len(first.cards))


def test_a_folder_excluded_for_a_day_comes_back(vault: Path) -> None:
    first = build(config(vault), now=THEN)
    away = build(config(vault, exclude=("AI/**",)), now=THEN + 1)
    assert (list(ids(away)), away.gone) == (["Weight"], 1)
    assert ids(build(config(vault), now=THEN + 2)) == ids(first)


def test_a_renamed_deck_keeps_its_namespace(vault: Path) -> None:
    first = build(config(vault), now=THEN)
    for name in ("apkg", "ledger.jsonl"):
        (vault / f"out/deck.{name}").rename(vault / f"out/other.{name}")
    write(vault, "notes/AI/agi.md", f"{AGI}\n{AGI.replace('AGI', 'ASI').replace('human', 'any human')}")
    outcome = build(config(vault, output=vault / "out/other.apkg"), now=THEN + 1)
    assert ids(outcome)["AGI"] == ids(first)["AGI"]
    assert ledger.load(vault / "out/other.ledger.jsonl").namespace == "deck"


def test_without_ledger_and_deck_ids_are_born_as_the_first_time(vault: Path) -> None:
    first = build(config(vault), now=THEN)
    for file in (vault / "out").iterdir():
        file.unlink()
    assert ids(build(config(vault), now=THEN + 1)) == ids(first)


def test_a_newer_ledger_is_refused_untouched(vault: Path) -> None:
    build(config(vault), now=THEN)
    path = vault / "out/deck.ledger.jsonl"
    data = path.read_bytes().replace(b'"format":1', b'"format":2', 1)
    path.write_bytes(data)
    with pytest.raises(LedgerError, match=":1: ledger-newer this has format 2, this mkcards knows 1; update mkcards"):
        build(config(vault), now=THEN + 1)
    assert path.read_bytes() == data


def test_cards_of_a_rule_that_failed_stay_in_the_deck(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(vault, "notes/AI/agi.md", f"{AGI}\n==Why is it so?==\nBecause it is built that way.\n")
    first = build(config(vault), now=THEN)
    extract = reading.extract

    def failing(note: Any, settings: Config) -> NoteCards:
        found = extract(note, settings)
        failed = Diagnostic(note.path, 0, "rule-failed", "the rule failed here", Severity.ERROR)
        left = tuple(one for one in found.candidates if one.key != "AGI")
        return replace(found, candidates=left, diagnostics=(failed,)) if note.path == "AI/agi.md" else found

    monkeypatch.setattr(reading, "extract", failing)
    outcome = build(config(vault), now=THEN + 1)
    assert ids(outcome) == ids(first)
    assert [one.path for one in outcome.cards] == ["AI/agi.md", "AI/agi.md", "weight.md"]
    assert (outcome.gone, outcome.changed) == (0, 0)


def test_a_second_build_says_who_holds_the_deck(vault: Path) -> None:
    output = vault / "out/deck.apkg"
    with held(output), pytest.raises(OutputError) as caught, held(output, wait=0.05):
        pass
    assert str(caught.value).startswith(f"{output}: locked mkcards (process {os.getpid()} on ")
    assert str(caught.value).endswith(") is at work on it; wait for it to end and try again")
    with held(output):
        pass
    assert not (vault / "out").exists()


def test_what_a_killed_build_left_is_swept(vault: Path) -> None:
    build(config(vault), now=THEN)
    left = vault / "out/.deck.ledger.jsonl.0123abcd.tmp"
    left.touch()
    build(config(vault), now=THEN + 1)
    assert sorted(file.name for file in (vault / "out").iterdir()) == ["deck.apkg", "deck.ledger.jsonl"]


def test_a_dropped_card_stays_away_through_edits_until_it_is_taken_back(vault: Path) -> None:
    first = build(config(vault), now=THEN)
    output, name = vault / "out/deck.apkg", ids(first)["AGI"]
    memory.change(output, lambda old: upkeep.dropped(old, [name], THEN + 1))
    outcome = build(config(vault), now=THEN + 2)
    assert (list(ids(outcome)), outcome.retired, outcome.written) == (["Weight"], (), True)
    write(vault, "notes/AI/agi.md", AGI.replace("skills", "all skills"))
    assert list(ids(build(config(vault), now=THEN + 3))) == ["Weight"]
    assert cards(config(vault), now=THEN, with_dropped=True).cards[0].id == name
    memory.change(output, lambda old: upkeep.dropped(old, [name], THEN + 4, drop=False))
    assert ids(build(config(vault), now=THEN + 5)) == ids(first)


def test_dropping_names_what_is_not_there() -> None:
    with pytest.raises(UsageError) as caught:
        upkeep.dropped(Ledger("n"), ["x"], 5)
    hint = "see `mkcards list NOTES -o DECK --format json`"
    assert str(caught.value) == f"x: unknown-card the ledger has no such id; {hint}"


def test_changing_a_ledger_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        memory.change(tmp_path / "x.apkg", lambda old: old)
    assert str(caught.value) == f"{tmp_path}/x.ledger.jsonl: ledger-missing there is none; build the deck first"


def test_only_what_retired_long_ago_is_forgotten() -> None:
    kept = (card("a"), card("b", retired=20), card("c", retired=5, dropped=True))
    before = Ledger("n", (), (*kept, card("d", retired=9)))
    assert upkeep.forgotten(before, 10, 30) == Ledger("n", (), kept, forgotten=30)
    assert upkeep.forgotten(before, 9, 30) == before
    # Of two in one second, too, the later one parts what was born between them from what comes.
    assert upkeep.forgotten(replace(before, forgotten=30), 10, 30).forgotten == 31


def test_the_id_of_what_was_forgotten_is_given_to_no_other_question(vault: Path) -> None:
    first = build(config(vault), now=THEN)
    write(vault, "notes/weight.md", WEIGHT.replace("Weight", "Factor"))
    renamed = build(config(vault), now=THEN + 1)
    assert ids(renamed) == {"AGI": ids(first)["AGI"], "Factor": ids(first)["Weight"]}
    write(vault, "notes/weight.md", "Nothing of interest.\n")
    build(config(vault), now=THEN + 2)
    memory.change(vault / "out/deck.apkg", lambda old: upkeep.forgotten(old, THEN + 3, THEN + 4))
    write(vault, "notes/weight.md", "**Weight**: the pull of the earth on a body that it holds.\n")
    new = build(config(vault), now=THEN + 5)
    assert ids(new) == {"AGI": ids(first)["AGI"], "Weight": ids(new)["Weight"]}
    assert ids(new)["Weight"] != ids(first)["Weight"]
    assert ledger.load(vault / "out/deck.ledger.jsonl").forgotten == THEN + 4
    assert build(config(vault), now=THEN + 6).written is False


def test_restamping_is_newer_than_before_even_in_the_same_second(vault: Path) -> None:
    build(config(vault), now=THEN)
    write(vault, "notes/weight.md", WEIGHT.replace("number", "factor"))
    build(config(vault), now=THEN + 100)
    late = build(config(vault), now=THEN + 100, restamp=THEN + 50)
    assert [(one.key, one.changed) for one in late.cards] == [("AGI", THEN), ("Weight", THEN + 101)]
    everything = build(config(vault), now=THEN + 200, restamp=0)
    assert {one.changed for one in everything.cards} == {THEN + 200}
    assert build(config(vault), now=THEN + 300).written is False


class TestMerging:
    def test_the_later_change_wins(self) -> None:
        ours = Ledger("n", ("Bio",), (card("a", 5, dropped=True), card("b", 5)))
        theirs = Ledger("n", ("Bio", "ML"), (card("a", 4), card("b", 6), card("c")))
        assert upkeep.merged(ours, theirs) == Ledger(
            "n", ("Bio", "ML"), (card("a", 5, dropped=True), card("b", 6), card("c"))
        )

    def test_of_two_stamped_alike_the_one_that_is_not_as_before_wins(self) -> None:
        base, moved = Ledger("n", (), (card("a"),)), Ledger("n", (), (card("a", ordinal=3),))
        assert upkeep.merged(base, moved, base).cards == moved.cards
        assert upkeep.merged(moved, base, base).cards == moved.cards

    def test_what_one_side_forgot_is_gone_unless_the_other_changed_it(self) -> None:
        base = Ledger("n", (), (card("a"), card("b")))
        changed = Ledger("n", (), (card("a"), card("b", 9)))
        assert upkeep.merged(Ledger("n"), changed, base).cards == (card("b", 9),)

    @pytest.mark.parametrize(
        ("ours", "theirs", "base", "merged"),
        [
            (True, False, False, True),
            (False, True, False, True),
            (False, True, True, False),
            (True, False, True, False),
            (True, True, False, True),
            (False, False, True, False),
            (True, False, None, True),
            (False, True, None, True),
            (False, False, None, False),
        ],
    )
    def test_a_drop_or_its_end_survives_a_later_change_of_the_other(
        self, ours: bool, theirs: bool, base: bool | None, merged: bool
    ) -> None:
        before = None if base is None else Ledger("n", (), (card("a", 1, dropped=base),))
        sides = (
            Ledger("n", (), (card("a", 5, dropped=ours),)),
            Ledger("n", (), (card("a", 9, dropped=theirs, anchor="b"),)),
        )
        for one, other in (sides, sides[::-1]):
            assert upkeep.merged(one, other, before).cards == (card("a", 9, dropped=merged, anchor="b"),)

    def test_the_last_forgetting_of_both_counts(self) -> None:
        for ours, theirs in ((3, 9), (9, 3), (0, 9)):
            assert upkeep.merged(Ledger("n", forgotten=ours), Ledger("n", forgotten=theirs)).forgotten == 9

    def test_two_decks_do_not_mix(self) -> None:
        with pytest.raises(LedgerError) as caught:
            upkeep.merged(Ledger("n"), Ledger("m"))
        assert str(caught.value) == (
            'merge-ledgers: ledger-foreign these have the namespaces "n" and "m"; merge those of one deck'
        )

    def test_git_merges_with_it(self, vault: Path) -> None:
        def git(*args: str) -> str:
            who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main")
            return subprocess.run(["git", *who, *args], cwd=vault, check=True, capture_output=True, text=True).stdout

        driver = f"{sys.executable} -m mkcards merge-ledgers %A %B %O -o %A"
        git("init")
        git("config", "merge.mkcards.driver", driver)
        write(vault, ".gitattributes", "*.ledger.jsonl merge=mkcards\n")
        write(vault, ".gitignore", "*.apkg\n")
        first = build(config(vault), now=THEN)
        git("add", ".")
        git("commit", "-m", "first")
        git("checkout", "-b", "other")
        write(vault, "notes/AI/agi.md", AGI.replace("skills", "all skills"))
        build(config(vault), now=THEN + 10)
        git("commit", "-am", "theirs")
        git("checkout", "main")
        write(vault, "notes/weight.md", WEIGHT.replace("number", "factor"))
        build(config(vault), now=THEN + 20)
        git("commit", "-am", "ours")
        git("merge", "other", "-m", "both")
        both = ledger.load(vault / "out/deck.ledger.jsonl")
        assert {one.key: one.changed for one in both.cards} == {"AGI": THEN + 10, "Weight": THEN + 20}
        assert ids(build(config(vault), now=THEN + 30)) == ids(first)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the system has no folder in which nobody may write")
def test_a_folder_without_room_for_a_lock_is_not_held_by_anybody() -> None:
    with pytest.raises(OutputError) as caught, held(Path("/proc/x.apkg"), wait=0.0):
        pass
    message = "output its folder can't be written (No such file or directory); name another"
    assert str(caught.value) == f"/proc/x.apkg: {message}"


def test_the_cards_of_a_line_are_the_nearest() -> None:
    whole = card("list", line=2, end_line=6, label_line=1)
    item = card("item", line=3, end_line=3, label_line=1)
    other = card("other", line=4, end_line=4, label_line=4)
    assert upkeep.at_line([whole, item, other], 4) == (other,)
    assert upkeep.at_line([whole, item, other], 6) == (whole,)
    assert upkeep.at_line([whole, item, other], 3) == (item,)
    assert upkeep.at_line([whole], 9) == ()


def test_a_note_is_found_in_its_vault(tmp_path: Path) -> None:
    known = Ledger("n", (), (replace(card("a"), path="Bio/a.md"),))
    assert upkeep.vault_of(tmp_path / "Bio/a.md", known) == tmp_path
    assert upkeep.vault_of(tmp_path / "Bio/b.md", known) is None


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_build_killed_at_any_moment_loses_nothing(vault: Path) -> None:
    chance = random.Random(0)
    known = ids(build(config(vault), now=THEN))
    command = [sys.executable, "-m", "mkcards", str(vault / "notes"), "-o", str(vault / "out/deck.apkg")]

    def started(number: int) -> subprocess.Popen[bytes]:
        write(vault, "notes/weight.md", WEIGHT.replace("number", f"number {number}"))
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    # The first one may compile all code.
    for number in range(2):
        start = time.monotonic()
        with started(number) as run:
            assert run.wait() == 0
        whole = time.monotonic() - start
    # More than half of that goes by before it opens the deck.
    for number in range(2, 11):
        with started(number) as run:
            time.sleep(chance.uniform(0.5, 1) * whole)
            run.send_signal(signal.SIGKILL)
        stored = ledger.load(vault / "out/deck.ledger.jsonl")
        assert {one.id for one in stored.cards if not one.retired} == set(known.values())
        assert package.read_ledger(vault / "out/deck.apkg") is not None
    assert ids(build(config(vault), now=THEN + 1)) == known
