"""Forty edits with an import into a real Anki collection after each: every review stays with its question."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from anki.collection import Collection

from anki_helpers import answer_all, collection, counts, import_deck, note_by_guid, problems
from editing import WORDS, slip
from mkcards import memory, upkeep
from mkcards.config import Config
from mkcards.pipeline import Outcome, build

THEN = 1_700_000_000
EDITS = 40
CLEAN = "Database rebuilt and optimized."


@dataclass
class Question:
    """`mark` is a word that no edit touches, by which the test knows the question in Anki."""

    mark: str
    asked: str
    told: str


class Vault:
    """Notes of highlighted questions, written to real files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.chance = random.Random(7)
        self.count = 0
        self.notes: dict[str, list[Question]] = {f"note {n}.md": [self.question() for _ in range(4)] for n in range(5)}
        self.dropped: set[str] = set()

    def words(self, count: int) -> str:
        return " ".join(self.chance.sample(WORDS, count))

    def question(self) -> Question:
        self.count += 1
        mark = "".join(chr(ord("a") + int(digit)) for digit in f"{self.count:03}") + "quux"
        return Question(
            mark, f"Why does the {self.words(2)} need a {self.words(1)}?", f"Because of {self.words(6)} {mark}."
        )

    def write(self) -> None:
        for old in self.root.rglob("*.md"):
            old.unlink()
        for name, questions in self.notes.items():
            file = self.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(f"=={one.asked}==\n{one.told}\n" for one in questions), encoding="utf-8")

    def pick(self) -> tuple[str, list[Question]]:
        return self.chance.choice([(name, found) for name, found in self.notes.items() if found])

    def typo(self) -> None:
        one = self.chance.choice(self.pick()[1])
        one.asked = slip(self.chance, one.asked)

    def answer(self) -> None:
        one = self.chance.choice(self.pick()[1])
        one.told = f"Because of {self.words(6)} {one.mark}."

    def reorder(self) -> None:
        self.chance.shuffle(self.pick()[1])

    def insert(self) -> None:
        self.pick()[1].insert(0, self.question())

    def delete(self) -> None:
        questions = self.pick()[1]
        if len(questions) > 2:
            questions.pop()

    def rename(self) -> None:
        name, questions = self.pick()
        del self.notes[name]
        self.count += 1
        self.notes[f"Folder {self.count % 3}/{self.words(2)} {self.count}.md"] = questions

    def move(self) -> None:
        questions = self.pick()[1]
        if len(questions) > 2:
            self.pick()[1].append(questions.pop(0))

    def replace(self) -> None:
        questions = self.pick()[1]
        questions[0] = self.question()

    def marks(self) -> set[str]:
        return {one.mark for found in self.notes.values() for one in found} - self.dropped


def build_at(vault: Vault, now: int) -> Outcome:
    vault.write()
    config = Config(notes=(vault.root,), output=vault.root.parent / "out/deck.apkg", deck="Life")
    return build(config, now=now)


def reviews(col: Collection) -> dict[str, list[int]]:
    """The reviews of every note in Anki by the mark in its answer; fails when a mark stands twice."""
    found: dict[str, list[int]] = {}
    for note_id in col.find_notes("deck:Life"):
        note = col.get_note(note_id)
        mark = next(word for word in note["Answer"].rstrip(".").split() if word.endswith("quux"))
        assert mark not in found
        ids = ",".join(str(one) for one in note.card_ids())
        found[mark] = col.db.list(f"select id from revlog where cid in ({ids}) order by id")
    return found


def test_forty_edits_leave_every_review_with_its_question(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "notes")
    edits: list[Callable[[], None]] = [
        *(vault.typo, vault.answer, vault.reorder, vault.insert, vault.delete, vault.rename, vault.move, vault.replace)
    ]
    deck = tmp_path / "out/deck.apkg"
    with collection(tmp_path) as col:
        build_at(vault, THEN)
        assert counts(import_deck(col, deck)) == {"new": 20}
        answer_all(col, "Life")
        before = reviews(col)
        assert all(before.values())
        for number in range(1, EDITS + 1):
            edits[number % len(edits)]()
            if number % 3 == 0:
                vault.chance.choice(edits)()
            outcome = build_at(vault, THEN + 10 * number)
            if number == 20:
                _drop(vault, outcome, col)
                outcome = build_at(vault, THEN + 10 * number + 5)
            ways = counts(import_deck(col, deck))
            assert ways.keys() <= {"new", "updated", "duplicate"}
            found = reviews(col)
            # What vanished from the notes stays in Anki; what the learner deleted does not come back.
            assert found.keys() == (before.keys() | vault.marks()) - vault.dropped
            assert {mark: ids for mark, ids in found.items() if mark in before} == {
                mark: ids for mark, ids in before.items() if mark in found
            }
            answer_all(col, "Life")
            before = reviews(col)
        assert len(outcome.cards) == len(vault.marks())
        assert problems(col) == CLEAN


def _drop(vault: Vault, outcome: Outcome, col: Collection) -> None:
    """Drop a card and delete it in Anki, as a learner does with a bad one."""
    bad = outcome.cards[0]
    vault.dropped.add(next(word for word in bad.fields.answer.rstrip(".").split() if word.endswith("quux")))
    memory.change(outcome.output, lambda old: upkeep.dropped(old, [bad.id], THEN + 9999))
    col.remove_notes([note_by_guid(col, bad.id).id])


def test_a_restamped_answer_arrives_over_a_tag_and_keeps_the_schedule(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "notes")
    config = Config(notes=(vault.root,), output=tmp_path / "out/deck.apkg", deck="Life")
    with collection(tmp_path) as col:
        first = build_at(vault, THEN)
        import_deck(col, first.output)
        answer_all(col, "Life")
        one = vault.notes["note 0.md"][0]
        one.told = f"Because of another cause {one.mark}."
        changed = build_at(vault, THEN + 10)
        name = next(card.id for card in changed.cards if one.mark in card.fields.answer)
        note = note_by_guid(col, name)
        note.tags.append("leech")
        col.update_note(note)
        schedule = "select id, type, queue, due, ivl, factor, reps from cards order by id"
        known = col.db.all(schedule)
        assert counts(import_deck(col, first.output)) == {"duplicate": 20}
        assert "another cause" not in note_by_guid(col, name)["Answer"]
        now = note_by_guid(col, name).mod + 1
        build(config, now=now, restamp=THEN + 5)
        assert counts(import_deck(col, first.output)) == {"updated": 1, "duplicate": 19}
        assert "another cause" in note_by_guid(col, name)["Answer"]
        assert col.db.all(schedule) == known
