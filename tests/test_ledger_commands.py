"""What `drop` and `merge-ledgers` refuse, and what they leave as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import mkcards

NOTE = """\
**Kinds of bread**:
- Rye bread
\t- ==Why is rye bread dark?==
\t- it keeps for a week
- Wheat bread

- Milk is no bread.

**Three steps to bake**
1. Knead
2. Wait
3. Bake
"""
HEADER = '{"format":1,"namespace":"n","roots":["."]}\n'
OTHER = HEADER.replace('"n"', '"m"')


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ("# A note\n", "foreign-file this is no ledger; name another"),
        ('{"id":"a"}\n', "foreign-file this is no ledger; name another"),
        (OTHER, 'ledger-foreign this is the ledger of "m"; name another'),
        ("", ""),
        (HEADER, ""),
        (f"<<<<<<< ours\n{HEADER}=======\n{HEADER}>>>>>>> theirs\n", ""),
    ],
)
def test_a_merge_overwrites_nothing_but_a_ledger_of_the_deck(tmp_path: Path, content: str, refusal: str) -> None:
    (tmp_path / "a").write_text(HEADER, encoding="utf-8")
    (tmp_path / "out").write_text(content, encoding="utf-8")
    done = mkcards(tmp_path, "merge-ledgers", "a", "a", "-o", "out")
    assert done == ((2, "", f"out: {refusal}\n") if refusal else (0, "", ""))
    assert (tmp_path / "out").read_text(encoding="utf-8") == (content if refusal else HEADER)


def test_a_merge_needs_the_base_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(HEADER, encoding="utf-8")
    done = mkcards(tmp_path, "merge-ledgers", "a", "a", "bsae", "-o", "out")
    assert done == (2, "", "bsae: ledger-missing there is no such file; check the name\n")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    """A folder with a deck of one note."""
    (tmp_path / "notes/Food").mkdir(parents=True)
    (tmp_path / "notes/Food/Bread.md").write_text(NOTE, encoding="utf-8")
    assert mkcards(tmp_path, "notes", "-o", "bread.apkg")[0] == 0
    return tmp_path


def _dropped(folder: Path, target: str) -> list[str]:
    """The keys of the cards that are dropped, or what is said instead."""
    before = (folder / "bread.ledger.jsonl").read_bytes()
    status, out, err = mkcards(folder, "drop", target, "-o", "bread.apkg")
    assert (status == 0) == ((folder / "bread.ledger.jsonl").read_bytes() != before)
    return [line.partition(": ")[2] for line in out.splitlines()[:-1]] or [err.rstrip("\n")]


@pytest.mark.parametrize(
    ("line", "key"),
    [(1, "Kinds of bread"), (2, "Kinds of bread"), (5, "Kinds of bread"), (10, "Knead"), (12, "Bake")],
)
def test_a_line_of_label_or_answer_drops_its_card(bakery: Path, line: int, key: str) -> None:
    (dropped,) = _dropped(bakery, f"Food/Bread.md:{line}")
    assert dropped.removeprefix("Three steps to bake ") == key


@pytest.mark.parametrize("line", [3, 6, 8])
def test_a_line_that_no_card_shows_drops_none(bakery: Path, line: int) -> None:
    target = f"notes/Food/Bread.md:{line}"
    none = f"{target}: no-single-card the cards of this line are: none; name one by its id"
    assert _dropped(bakery, target) == [none]


def test_what_the_last_build_did_not_see_is_not_dropped(bakery: Path) -> None:
    (bakery / "notes/Milk.md").write_text("**Whey** is the thin part of milk.\n", encoding="utf-8")
    new = "the ledger has no card of it; build the deck first"
    assert _dropped(bakery, "notes/Milk.md:1") == [f"notes/Milk.md:1: unknown-note {new}"]
    (bakery / "notes/Food/Bread.md").write_text("**Whey** is the thin part of milk.\n", encoding="utf-8")
    new = "the ledger has no card of this line yet; build the deck first"
    assert _dropped(bakery, "notes/Food/Bread.md:1") == [f"notes/Food/Bread.md:1: unknown-card {new}"]
