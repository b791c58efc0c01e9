"""`push` into a real collection: closed, and open behind a server that speaks as AnkiConnect does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ImportCsvRequest

from anki_connect import Add_on, served
from anki_helpers import EASY, answer_all, import_deck, note_by_guid, problems
from mkcards import fingerprint, ledger, memory, upkeep
from mkcards.config import Config
from mkcards.errors import AnkiError, UsageError
from mkcards.note_type import NOTE_TYPE
from mkcards.pipeline import Outcome, build
from mkcards.push import Report, Wishes, push
from mkcards.push.collection import closed
from mkcards.push.connect import Connect

THEN = 1_700_000_000
CLEAN = "Database rebuilt and optimized."
NOTE = """\
**Weight**: a number that multiplies an input of a neuron.

**Bias**: a number that is added to the sum of the inputs.

**Loss**: a number that says how wrong an output is.
"""
PICTURE = b"\x89PNG\r\n\x1a\n picture"


@dataclass
class World:
    """Notes, their deck, and an Anki to push into."""

    folder: Path
    live: Collection | None = None
    """The collection while a server shows it; None when Anki is closed."""
    url: str = ""
    add_on: Add_on | None = None
    now: int = THEN
    config: Config = field(default_factory=Config)

    def write(self, text: str, name: str = "nets.md") -> None:
        file = self.folder / "notes" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    @property
    def profile(self) -> Path:
        return self.folder / "Anki2/User 1"

    @contextmanager
    def anki(self) -> Iterator[Collection]:
        if self.live:
            yield self.live
            return
        col = Collection(str(self.profile / "collection.anki2"))
        try:
            yield col
        finally:
            col.close()

    def build(self) -> Outcome:
        self.now += 10
        return build(self.config, now=self.now)

    def push(self, *, yes: bool = False, dry_run: bool = False, **wishes: Any) -> Report:
        outcome = self.build()
        target = Connect(self.url) if self.live else closed(self.profile)
        with target as to:
            wanted = Wishes(**wishes)
            return push(outcome.output, outcome.after, to, wanted, yes=yes, dry_run=dry_run, before=outcome.before)

    def id(self, key: str) -> str:
        known = ledger.load(self.folder / "out/deck.ledger.jsonl")
        return next(card.id for card in known.cards if card.key == key)

    def edit(self, key: str, **fields: str) -> None:
        """Change fields in Anki."""
        name = self.id(key)
        with self.anki() as col:
            note = note_by_guid(col, name)
            for field_name, value in fields.items():
                note[field_name] = value
            col.update_note(note)

    def retype(self, key: str) -> None:
        """Change the note type in Anki to one without our fields."""
        guid = self.id(key)
        with self.anki() as col:
            note, basic = note_by_guid(col, guid), col.models.by_name("Basic")
            col.models.change(note.note_type(), [note.id], basic, {0: 0, 1: 1}, {0: 0})

    def field(self, key: str, name: str = "Answer") -> str:
        guid = self.id(key)
        with self.anki() as col:
            return note_by_guid(col, guid)[name]

    def tags(self, key: str) -> list[str]:
        guid = self.id(key)
        with self.anki() as col:
            return note_by_guid(col, guid).tags

    def decks(self, key: str) -> list[str]:
        guid = self.id(key)
        with self.anki() as col:
            return [col.decks.name(card.odid or card.did) for card in note_by_guid(col, guid).cards()]


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    made = World(tmp_path)
    made.config = Config(notes=(tmp_path / "notes",), output=tmp_path / "out/deck.apkg", deck="Nets")
    made.write(NOTE)
    made.profile.mkdir(parents=True)
    col = Collection(str(made.profile / "collection.anki2"))
    if getattr(request, "param", "running") == "closed":
        col.close()
        yield made
        return
    with served(col) as (made.url, made.add_on):
        made.live = col
        yield made
    col.close()


BOTH = pytest.mark.parametrize("world", ["closed", "running"], indirect=True)


def counts(report: Report) -> tuple[int, int, int]:
    """How many cards were new, updated and retired."""
    plan = report.plan
    return len(plan.new), sum(one.shown for one in plan.updates), len(plan.retirements)


def schedule(col: Collection) -> tuple[Any, Any]:
    """All that Anki knows of cards and reviews, but for the deck."""
    cards = col.db.all("select id, nid, ord, type, queue, due, ivl, factor, reps, lapses from cards order by id")
    return cards, col.db.all("select id, cid, ease, ivl from revlog order by id")


def said(report: Report) -> list[str]:
    return [f"{one.severity}: {one}" for one in report.diagnostics]


@BOTH
def test_a_first_push_adds_the_cards_with_our_ids_and_a_second_does_nothing(world: World) -> None:
    with world.anki() as col:
        options = col.decks.get_config(1)
        options["new"]["perDay"] = 7
        col.decks.update_config(options)
    assert counts(world.push()) == (3, 0, 0)
    assert world.decks("Bias") == ["Nets"]
    assert fingerprint.name(world.field("Bias", "Id")) == world.id("Bias")
    report = world.push()
    assert (report.plan.writes, said(report)) == (False, [])
    with world.anki() as col:
        assert col.card_count() == 3
        assert col.decks.config_dict_for_deck_id(col.decks.id("Nets"))["new"]["perDay"] == 7
        order = "select n.sfld from cards c join notes n on c.nid = n.id order by c.due"
        assert col.db.list(order) == [f"What is meant by {key}?" for key in ("Weight", "Bias", "Loss")]
        assert problems(col) == CLEAN
    assert sorted(path.name for path in (world.folder / "out").iterdir()) == ["deck.apkg", "deck.ledger.jsonl"]


@BOTH
def test_only_what_changed_is_written_and_reviews_stay(world: World) -> None:
    world.push()
    with world.anki() as col:
        assert answer_all(col, "Nets", EASY) == 3
        before = schedule(col)
        stamps = dict(col.db.all("select guid, mod from notes"))
    world.write(NOTE.replace("added to the sum", "added to the weighted sum"))
    with world.anki() as col:  # Later than any stamp that the build gives: an import would skip the note.
        col.db.execute("update notes set mod = ?", 2_000_000_000)
        stamps = dict.fromkeys(stamps, 2_000_000_000)
    report = world.push()
    assert counts(report) == (0, 1, 0)
    assert [set(one.fields) for one in report.plan.updates] == [{"Answer", "Id"}]
    assert world.field("Bias") == "a number that is added to the weighted sum of the inputs."
    with world.anki() as col:
        assert schedule(col) == before
        changed = {guid for guid, mod in col.db.all("select guid, mod from notes") if mod != stamps[guid]}
        assert problems(col) == CLEAN
    assert changed == {world.id("Bias")}


def test_what_the_learner_edited_stays_and_is_said(world: World) -> None:
    world.push()
    world.edit("Bias", Answer="my words", Extra="a mnemonic")
    report = world.push()
    assert (report.plan.writes, len(report.plan.kept)) == (False, 2)
    name = world.id("Bias")
    assert said(report)[0] == (
        f'remark: nets.md: kept-in-anki the field Answer of "Bias" was changed in Anki and stays so; '
        f"--overwrite {name} ends that"
    )
    # The notes change another field of the same card: that one arrives.
    world.write(f"---\ntitle: Networks\n---\n{NOTE}")
    assert counts(world.push()) == (0, 3, 0)
    assert world.field("Bias") == "my words"
    assert world.field("Bias", "Context") == world.field("Loss", "Context")


def test_a_field_that_both_changed_is_kept_and_warned_of_until_they_agree(world: World) -> None:
    world.push()
    world.edit("Bias", Answer="my words")
    text = NOTE.replace("added to the sum", "added to the weighted sum")
    world.write(text)
    name = world.id("Bias")
    for _ in range(2):
        report = world.push()
        assert counts(report) == (0, 0, 0)
        assert said(report) == [
            'warning: nets.md: clash-in-anki the field Answer of "Bias" differs in Anki and the notes changed it too, '
            f"so Anki keeps its own; make them alike, or take that of the notes with --overwrite {name}"
        ]
    assert world.field("Bias") == "my words"
    world.edit("Bias", Answer="a number that is added to the weighted sum of the inputs.")
    assert said(world.push()) == []
    # From here on they agree, so that the next change of the notes arrives.
    world.write(text.replace("inputs", "weighted inputs"))
    assert counts(world.push()) == (0, 1, 0)
    assert world.field("Bias") == "a number that is added to the weighted sum of the weighted inputs."


def test_overwrite_takes_the_notes_words(world: World) -> None:
    world.push()
    world.edit("Bias", Answer="my words")
    world.edit("Loss", Answer="my words")
    assert counts(world.push(overwrite=frozenset([world.id("Bias")]))) == (0, 1, 0)
    assert world.field("Bias") == "a number that is added to the sum of the inputs."
    assert world.field("Loss") == "my words"
    assert counts(world.push(overwrite=frozenset(["all"]))) == (0, 1, 0)
    assert said(world.push()) == []


def test_without_a_fingerprint_nothing_is_overwritten(world: World) -> None:
    world.push()
    world.edit("Bias", Answer="other words", Id=world.id("Bias"))
    world.edit("Loss", Id=world.id("Loss"))
    report = world.push()
    assert (counts(report), len(report.plan.kept)) == ((0, 0, 0), 1)
    assert report.diagnostics[0].code == "clash-in-anki"
    assert world.field("Bias") == "other words"
    # What was the same is known again, and the next change of it arrives.
    world.write(NOTE.replace("how wrong", "how very wrong"))
    assert counts(world.push()) == (0, 1, 0)


def test_an_import_by_hand_and_a_push_know_of_each_other(world: World) -> None:
    with world.anki() as col:
        import_deck(col, world.build().output)
    assert world.push().plan.writes is False
    world.write(NOTE.replace("how wrong", "how very wrong"))
    with world.anki() as col:
        import_deck(col, world.build().output)
    assert world.push().plan.writes is False
    world.write(NOTE.replace("how wrong", "how badly wrong"))
    assert counts(world.push()) == (0, 1, 0)
    assert world.field("Loss") == "a number that says how badly wrong an output is."


@BOTH
def test_tags_of_the_learner_stay_and_ours_follow_the_notes(world: World) -> None:
    world.write(f"---\ntags: [nets, old]\n---\n{NOTE}")
    world.push()
    name = world.id("Bias")
    with world.anki() as col:
        note = note_by_guid(col, name)
        note.tags = ["leech", "mine", "nets", "Old", "mkcards::term-line"]
        col.update_note(note)
        note = note_by_guid(col, world.id("Loss"))
        note.tags = ["nets", "mkcards::term-line"]
        col.update_note(note)
    assert world.push().plan.writes is False
    world.write(f"---\ntags: [nets, fresh]\n---\n{NOTE}")
    assert counts(world.push()) == (0, 3, 0)
    assert sorted(world.tags("Bias")) == ["fresh", "leech", "mine", "mkcards::term-line", "nets"]
    assert sorted(world.tags("Loss")) == ["fresh", "mkcards::term-line", "nets"]


@BOTH
def test_with_a_tag_go_none_of_those_below_it(world: World) -> None:
    world.write(f"---\ntags: [ml, ml/rl, ml/old]\n---\n{NOTE}")
    world.push()
    with world.anki() as col:
        col.tags.bulk_add([note_by_guid(col, world.id("Bias")).id], "ml::mine::deep ML2")
    world.write(f"---\ntags: [ml/rl]\n---\n{NOTE}")
    assert counts(world.push()) == (0, 3, 0)
    assert world.tags("Bias") == ["mkcards::term-line", "ML2", "ml::mine::deep", "ml::rl"]
    assert world.tags("Loss") == ["mkcards::term-line", "ml::rl"]
    world.write(NOTE)
    assert counts(world.push()) == (0, 3, 0)
    assert world.tags("Bias") == ["mkcards::term-line", "ML2", "ml::mine::deep"]
    assert world.push().plan.writes is False


@BOTH
def test_cards_follow_their_deck_unless_the_learner_moved_them(world: World) -> None:
    world.push()
    with world.anki() as col:
        answer_all(col, "Nets", EASY)
        before = schedule(col)
        mine = col.decks.id("Mine")
        col.set_deck(note_by_guid(col, world.id("Loss")).card_ids(), mine)
    report = world.push()
    assert (report.plan.writes, [one.what for one in report.plan.kept]) == (False, ["deck"])
    world.write(f"---\ndeck: Nets::Basics\n---\n{NOTE}")
    report = world.push()
    assert (counts(report), len(report.diagnostics)) == ((0, 2, 0), 1)
    assert [world.decks(key) for key in ("Weight", "Bias", "Loss")] == [["Nets::Basics"], ["Nets::Basics"], ["Mine"]]
    with world.anki() as col:
        assert schedule(col) == before
        assert problems(col) == CLEAN
    assert counts(world.push(overwrite=frozenset(["all"]))) == (0, 1, 0)
    assert world.decks("Loss") == ["Nets::Basics"]


def test_a_card_retires_also_where_anki_has_it_under_an_earlier_name_of_its_deck(world: World) -> None:
    world.write(f"---\ndeck: One\n---\n{NOTE}")
    world.push()
    with world.anki() as col:
        col.set_deck(note_by_guid(col, world.id("Loss")).card_ids(), col.decks.id("Mine"))
    # Loss stays where the learner moved it, and says to be from the first of the three.
    world.write(f"---\ndeck: Two\n---\n{NOTE}")
    assert [(one.id, one.what, one.clash) for one in world.push().plan.kept] == [(world.id("Loss"), "deck", True)]
    world.write(f"---\ndeck: Three\n---\n{NOTE}")
    world.build()
    world.write("---\ndeck: Three\n---\n")
    assert counts(world.push()) == (0, 0, 3)
    assert [world.tags(key)[0] for key in ("Weight", "Bias", "Loss")] == ["mkcards::retired"] * 3
    assert world.push().plan.writes is False


@BOTH
def test_a_card_in_a_filtered_deck_moves_when_it_is_home_again(world: World) -> None:
    world.push()
    with world.anki() as col:
        filtered = col.decks.new_filtered("Cram")
        deck = col.sched.get_or_create_filtered_deck(filtered)
        deck.config.search_terms[0].search = "deck:Nets"
        col.sched.add_or_update_filtered_deck(deck)
        assert col.db.scalar("select count() from cards where odid != 0") == 3
    world.write(f"---\ndeck: Basics\n---\n{NOTE}")
    assert said(world.push()) == []
    with world.anki() as col:
        assert col.db.scalar("select count() from cards where odid != 0") == 3
        col.sched.empty_filtered_deck(filtered)
    assert counts(world.push()) == (0, 3, 0)
    assert world.decks("Bias") == ["Basics"]


@BOTH
def test_a_filtered_deck_takes_no_cards(world: World) -> None:
    world.push()
    with world.anki() as col:
        filtered = col.decks.new_filtered("Cram")
    refused = (
        'anki: filtered-deck "Cram" is a filtered deck in Anki, which has no cards of its own; rename it there, or '
        "give the cards another `deck`"
    )
    texts = (
        f"---\ndeck: Cram\n---\n{NOTE}",
        f"---\ndeck: Cram::Nets\n---\n{NOTE}",
        f"---\ndeck: Cram\n---\n{NOTE}\n**Rate**: the size of a step.\n",
    )
    for text in texts:
        world.write(text)
        for dry_run in (True, False):
            with pytest.raises(AnkiError) as error:
                world.push(dry_run=dry_run)
            assert str(error.value) == refused
    with world.anki() as col:
        assert {col.decks.name(deck) for (deck,) in col.db.all("select distinct did from cards")} == {"Nets"}
        col.decks.rename(filtered, "Cram session")
    assert counts(world.push()) == (1, 3, 0)
    assert (world.decks("Bias"), world.decks("Rate")) == (["Cram"], ["Cram"])
    with world.anki() as col:
        assert problems(col) == CLEAN


def test_retired_cards_are_tagged_and_come_back(world: World) -> None:
    world.push()
    world.write(NOTE.split("\n\n")[0])
    assert counts(world.push()) == (0, 0, 2)
    assert "mkcards::retired" in world.tags("Bias")
    assert world.push().plan.writes is False
    world.write(NOTE)
    assert counts(world.push()) == (0, 2, 0)
    assert world.tags("Bias") == ["mkcards::term-line"]


@BOTH
def test_retired_cards_can_be_suspended_until_they_come_back(world: World) -> None:
    world.push()
    name = world.id("Loss")
    with world.anki() as col:  # This one the learner suspended before.
        col.sched.suspend_cards(note_by_guid(col, name).card_ids())
    world.write(NOTE.split("\n\n")[0])
    with pytest.raises(UsageError) as error:
        world.push(retired="suspend")
    assert str(error.value) == (
        "push: many-retired 1 of 3 cards would be suspended in Anki; see which with --dry-run, and if that is right "
        "add --yes"
    )
    assert world.tags("Loss") == ["mkcards::term-line"]
    assert counts(world.push(retired="suspend", yes=True)) == (0, 0, 2)
    assert world.push(retired="suspend").plan.writes is False
    with world.anki() as col:
        assert col.db.list("select queue from cards order by id").count(-1) == 2
    world.write(NOTE)
    assert counts(world.push()) == (0, 2, 0)
    with world.anki() as col:
        assert col.find_cards("is:suspended") == note_by_guid(col, name).card_ids()


def test_what_a_push_suspended_wakes_also_when_an_import_brings_it_back(world: World) -> None:
    world.push()
    world.write(NOTE.split("\n\n")[0])
    assert counts(world.push(retired="suspend", yes=True)) == (0, 0, 2)
    assert world.push(retired="suspend").plan.writes is False
    world.write(NOTE)
    world.now = 2_000_000_000  # Later than any change in Anki, so that the import takes it.
    with world.anki() as col:
        import_deck(col, world.build().output)
        assert len(col.find_cards("is:suspended")) == 2
    assert world.tags("Bias") == ["mkcards::term-line"]
    assert counts(world.push()) == (0, 2, 0)
    with world.anki() as col:
        assert list(col.find_cards("is:suspended")) == []
        # From here on what is suspended is the learner's.
        col.sched.suspend_cards(note_by_guid(col, world.id("Bias")).card_ids())
    assert world.push().plan.writes is False


def test_a_retired_card_that_the_learner_wakes_stays_awake(world: World) -> None:
    world.push()
    world.write(NOTE.split("\n\n")[0])
    world.push()
    assert counts(world.push(retired="suspend", yes=True)) == (0, 0, 2)
    name = world.id("Loss")
    with world.anki() as col:
        assert len(col.find_cards("is:suspended")) == 2
        col.sched.unsuspend_cards(note_by_guid(col, name).card_ids())
    assert world.push(retired="suspend").plan.writes is False
    with world.anki() as col:
        assert list(col.find_cards("-is:suspended tag:mkcards::retired")) == note_by_guid(col, name).card_ids()
    world.write(NOTE)
    assert counts(world.push()) == (0, 2, 0)
    world.write(NOTE.split("\n\n")[0])
    assert counts(world.push(retired="suspend", yes=True)) == (0, 0, 2)
    with world.anki() as col:
        assert len(col.find_cards("is:suspended")) == 2


@BOTH
@pytest.mark.parametrize("own", [0, 1])
def test_of_two_cards_of_a_note_the_one_that_a_push_suspended_wakes(world: World, own: int) -> None:
    gradient = "A **gradient** is the vector of the slopes of a function in all directions.\n"
    world.write(gradient, "gradient.md")
    world.push()
    name = world.id("gradient")
    with world.anki() as col:
        both = note_by_guid(col, name).card_ids()
        col.sched.suspend_cards([both[own]])
    world.write("Nothing of interest.\n", "gradient.md")
    assert counts(world.push(retired="suspend", yes=True)) == (0, 0, 1)
    assert world.tags("gradient") == [
        "mkcards::bold-definition",
        "mkcards::retired",
        f"mkcards::suspended::{2 - own}",
    ]
    with world.anki() as col:
        assert sorted(col.find_cards("is:suspended")) == both
    world.write(gradient, "gradient.md")
    assert counts(world.push()) == (0, 1, 0)
    assert world.tags("gradient") == ["mkcards::bold-definition"]
    with world.anki() as col:
        assert col.find_cards("is:suspended") == [both[own]]


@BOTH
def test_retired_and_dropped_cards_can_be_deleted(world: World) -> None:
    world.push()
    bad = world.id("Bias")
    memory.change(world.folder / "out/deck.apkg", lambda old: upkeep.dropped(old, [bad], THEN + 5000))
    # One that was dropped by name needs no second yes.
    assert counts(world.push(retired="delete")) == (0, 0, 1)
    world.write(NOTE.split("\n\n")[0])
    assert counts(world.push(retired="delete", dry_run=True)) == (0, 0, 1)
    with pytest.raises(UsageError, match="1 of 2 cards would be deleted in Anki"):
        world.push(retired="delete")
    assert counts(world.push(retired="delete", yes=True)) == (0, 0, 1)
    with world.anki() as col:
        assert col.note_count() == 1
        assert problems(col) == CLEAN


def test_what_was_deleted_in_anki_stays_deleted(world: World) -> None:
    world.push()
    name = world.id("Bias")
    with world.anki() as col:
        col.remove_notes([note_by_guid(col, name).id])
    for _ in range(2):
        report = world.push()
        assert counts(report) == (0, 0, 0)
        assert said(report) == [
            'remark: nets.md: deleted-in-anki "Bias" was deleted in Anki, or lost there when a backup was restored, '
            f"and is not added again; `mkcards drop {name}` ends it for good, --again brings it back"
        ]
    assert counts(world.push(again=True)) == (1, 0, 0)
    # What a push deleted comes back with its text.
    world.write(NOTE.split("\n\n")[0])
    assert counts(world.push(retired="delete", yes=True)) == (0, 0, 2)
    world.write(NOTE)
    assert counts(world.push()) == (2, 0, 0)
    # So does one that somebody deleted once it was retired, but not one that was deleted before.
    with world.anki() as col:
        col.remove_notes([note_by_guid(col, name).id])
    world.write(NOTE.split("\n\n")[0])
    assert counts(world.push()) == (0, 0, 1)
    with world.anki() as col:
        col.remove_notes(list(col.find_notes("tag:mkcards::retired")))
    assert counts(world.push()) == (0, 0, 0)
    world.write(NOTE)
    report = world.push()
    assert (report.plan.new, report.plan.deleted) == ((world.id("Loss"),), (name,))
    with world.anki() as col:
        col.remove_notes(list(col.find_notes("")))
    assert (counts(world.push()), len(world.push().plan.deleted)) == ((0, 0, 0), 3)
    assert counts(world.push(again=True)) == (3, 0, 0)


def test_what_the_first_memories_list_as_pushed_stays_deleted(world: World) -> None:
    world.push()
    name = world.id("Bias")
    with world.anki() as col:
        col.remove_notes([note_by_guid(col, name).id])
    (file,) = (world.folder / "state/mkcards/pushed").iterdir()
    file.unlink()
    file.with_suffix(".txt").write_text("".join(f"{world.id(key)}\n" for key in ("Weight", "Bias", "Loss")))
    for _ in range(2):
        assert world.push().plan.deleted == (name,)
    assert (world.folder / "state/mkcards/pushed" / file.name).exists()
    # The list names no deck, so that no other deck has these cards.
    world.write(NOTE.split("\n\n")[0])
    assert counts(world.push()) == (0, 0, 1)


@BOTH
def test_two_notes_of_one_card_both_follow(world: World) -> None:
    world.push()
    guid = world.id("Bias")
    with world.anki() as col:  # As when two computers push a card before they synchronise.
        first = note_by_guid(col, guid)
        twin = col.new_note(first.note_type())
        twin.fields, twin.tags = list(first.fields), list(first.tags)
        col.add_note(twin, first.cards()[0].did)
        twin.guid = guid
        col.update_note(twin)
        # And one of the learner's own.
        mine = col.new_note(first.note_type())
        mine.fields = ["mine", *first.fields[1:]]
        col.add_note(mine, first.cards()[0].did)
    text = NOTE.replace("added to the sum", "added to the weighted sum")
    world.write(text)
    for changed in (2, 0):
        report = world.push()
        assert counts(report) == (0, changed, 0)
        assert said(report) == [
            'warning: nets.md: twice-in-anki "Bias" has several notes in Anki, as when two computers push it before '
            "they sync; all follow, delete those that you don't need"
        ]
    with world.anki() as col:
        assert [col.get_note(one)["Answer"] for one in (first.id, twin.id, mine.id)] == [
            *["a number that is added to the weighted sum of the inputs."] * 2,
            "a number that is added to the sum of the inputs.",
        ]
        col.remove_notes([first.id])
    world.write(text.partition("**Loss**")[0].partition("**Bias**")[0])
    assert counts(world.push()) == (0, 0, 2)
    with world.anki() as col:
        assert (col.get_note(twin.id).tags, col.get_note(mine.id).tags) == (
            ["mkcards::retired", "mkcards::term-line"],
            [],
        )


def test_a_profile_behind_a_link_is_one_collection(world: World) -> None:
    assert world.live
    assert world.add_on
    (world.folder / "link").symlink_to(world.profile.parent)
    world.add_on.getMediaDirPath = lambda: str(world.folder / "link/User 1/collection.media")  # type: ignore[method-assign]
    world.push()
    guid = world.id("Bias")
    world.live.remove_notes([note_by_guid(world.live, guid).id])
    world.live.close()
    outcome = world.build()
    with closed(world.folder / "link/User 1") as to:
        report = push(outcome.output, outcome.after, to, Wishes(), before=outcome.before)
    assert (counts(report), report.plan.deleted) == ((0, 0, 0), (guid,))
    world.live.reopen()


@BOTH
def test_a_dry_run_changes_nothing(world: World) -> None:
    world.push()
    world.write(NOTE.replace("how wrong", "how very wrong") + "\n**Rate**: the size of a step of training.\n")
    with world.anki() as col:
        before = col.db.all("select * from notes"), col.db.all("select * from cards"), col.mod
    assert counts(world.push(dry_run=True)) == (1, 1, 0)
    with world.anki() as col:
        assert (col.db.all("select * from notes"), col.db.all("select * from cards"), col.mod) == before


@BOTH
def test_pictures_arrive_with_new_cards_with_changes_and_when_they_are_missing(world: World) -> None:
    (world.folder / "notes/a.png").write_bytes(PICTURE)
    text = NOTE.replace("a neuron.", "a neuron. ![[a.png]]")
    world.write(text)
    assert world.push().media == 0
    (world.folder / "notes/b.png").write_bytes(PICTURE + b"b")
    world.write(text.replace("of the inputs.", "of the inputs. ![[b.png]]"))
    assert world.push().media == 1
    with world.anki() as col:
        folder = Path(col.media.dir())
        found = {path.name.partition("-")[0]: path for path in folder.iterdir()}
        assert {name: path.read_bytes() for name, path in found.items()} == {"a": PICTURE, "b": PICTURE + b"b"}
        assert found["b"].name in note_by_guid(col, world.id("Bias"))["Answer"]
        found["a"].unlink()
    assert world.push().media == 1
    assert found["a"].read_bytes() == PICTURE


@BOTH
def test_a_picture_that_nobody_can_see_is_not_added(world: World) -> None:
    (world.folder / "notes/a.png").write_bytes(PICTURE)
    (world.folder / "notes/b.png").write_bytes(b"")
    world.write(NOTE.replace("the inputs.", "the inputs. ![[a.png]]"))
    world.push()
    with world.anki() as col:
        col.remove_notes([note_by_guid(col, world.id("Bias")).id])
        col.media.trash_files([path.name for path in Path(col.media.dir()).iterdir()])
    report = world.push()
    assert (report.media, len(report.plan.deleted)) == (0, 1)
    world.write(NOTE.replace("a neuron.", "a neuron. ![[b.png]]"))
    assert [world.push().media for _ in range(2)] == [0, 0]


@BOTH
def test_a_note_type_with_another_field_is_refused_before_anything_is_done(world: World) -> None:
    world.push()
    with world.anki() as col:
        model = col.models.by_name(NOTE_TYPE)
        col.models.add_field(model, col.models.new_field("Mnemonic"))
        col.models.update_dict(model)
    world.write(NOTE + "\n**Rate**: the size of a step of training.\n")
    with pytest.raises(AnkiError) as error:
        world.push()
    assert str(error.value) == (
        'anki: note-type-changed the note type "mkcards question" has other fields or templates than mkcards gave it '
        '("Mnemonic"), so Anki would take no more cards into it; keep yours as a clone '
        "(Tools › Manage Note Types › Add › Clone), undo the change in this one, and push again"
    )
    with world.anki() as col:
        assert col.note_count() == 3


def test_a_card_that_the_learner_gave_another_note_type_still_follows(world: World) -> None:
    world.push()
    guid = world.id("Bias")
    with world.anki() as col:
        model = col.models.copy(col.models.by_name(NOTE_TYPE))
        col.models.add_field(model, col.models.new_field("Mnemonic"))
        col.models.update_dict(model)
        old = col.models.by_name(NOTE_TYPE)
        note = note_by_guid(col, guid)
        col.models.change(old, [note.id], model, {at: at for at in range(10)}, {0: 0, 1: 1})
        note = note_by_guid(col, guid)
        note["Mnemonic"] = "bee"
        col.update_note(note)
    world.write(NOTE.replace("added to the sum", "added to the weighted sum"))
    assert counts(world.push()) == (0, 1, 0)
    assert world.field("Bias") == "a number that is added to the weighted sum of the inputs."
    assert world.field("Bias", "Mnemonic") == "bee"


def test_a_running_anki_never_joins_our_note_type_with_another(world: World) -> None:
    world.push()
    world.retype("Bias")
    with world.anki() as col:
        before = col.db.all("select id, guid, mid, flds, tags from notes order by id"), schedule(col)
    for lost in (False, True):
        if lost:  # As on another computer.
            shutil.rmtree(world.folder / "state")
        report = world.push(again=True)
        assert (counts(report), report.plan.writes, report.plan.deleted) == ((0, 0, 0), False, ())
        assert said(report) == [
            'warning: anki: note-type-changed "Bias" is not added: Anki has notes of ours without the field Id '
            "(search it for tag:mkcards::* -Id:_*), and may have it so; close Anki and push with --collection, which "
            "knows notes by their guid"
        ]
    # What was not there before this build can't be in Anki.
    world.write(NOTE + "\n**Rate**: the size of a step of training.\n")
    assert counts(world.push()) == (1, 0, 0)
    with world.anki() as col:
        (new,) = (number for number in col.find_notes("") if number not in {row[0] for row in before[0]})
        col.remove_notes([new])
        assert (col.db.all("select id, guid, mid, flds, tags from notes order by id"), schedule(col)) == before
        assert problems(col) == CLEAN
    # A ledger that is born once more knows its notes by their texts.
    for file in (world.folder / "out").iterdir():
        file.unlink()
    assert counts(world.push()) == (0, 0, 0)


def test_a_note_with_a_tag_that_only_looks_like_ours_keeps_no_card_out(world: World) -> None:
    with world.anki() as col:
        note = col.new_note(col.models.by_name("Basic"))
        note["Front"], note.tags = "mine", ["mkcards::todo"]
        col.add_note(note, col.decks.id("Mine"))
    world.build()
    assert counts(world.push()) == (3, 0, 0)


@pytest.mark.parametrize(("number", "kept"), [(0, 1), (999, 1), (500, 2)])
def test_a_note_without_id_keeps_out_the_card_of_its_number_or_all_that_the_ledger_knew(
    world: World, number: int, kept: int
) -> None:
    world.push()
    world.retype("Bias")
    with world.anki() as col:
        note = note_by_guid(col, world.id("Bias"))
        note["Front"], note["Back"] = "mine", "mine too"
        col.update_note(note)
        # Anki adds 999 to a number that another note has.
        col.db.execute("update notes set id = id + ? where id = ?", number, note.id)
        col.db.execute("update cards set nid = nid + ? where nid = ?", number, note.id)
    world.write(NOTE + "\n**Rate**: the size of a step of training.\n")
    world.build()
    report = world.push()
    assert (counts(report), len(report.plan.astray)) == ((2 - kept, 0, 0), kept)
    world.write(NOTE + "\n**Rate**: the size of a step of training.\n\n**Epoch**: a pass over all samples.\n")
    assert len(world.push().plan.new) == 1


@pytest.mark.parametrize("world", ["closed"], indirect=True)
def test_a_note_of_another_note_type_in_a_closed_anki_is_left_alone(world: World) -> None:
    world.push()
    world.retype("Bias")
    name = world.id("Bias")
    world.write(NOTE.replace("added to the sum", "added to the weighted sum"))
    for _ in range(2):
        report = world.push(again=True)
        assert (counts(report), report.plan.writes) == ((0, 0, 0), False)
        assert said(report) == [
            'warning: nets.md: note-type-changed the note of "Bias" has another note type in Anki, without the field '
            'Id, and no longer follows; give it the note type "mkcards question" again, or end it with '
            f"`mkcards drop {name}`"
        ]


@pytest.mark.parametrize("world", ["closed"], indirect=True)
def test_a_text_that_was_imported_without_our_note_type_is_not_joined_with_it(world: World) -> None:
    with world.anki() as col:
        text = str(build(replace(world.config, output=world.folder / "out/deck.csv"), now=world.now).output)
        options = ImportCsvRequest(path=text, metadata=col.get_csv_metadata(text, None))
        assert len(col.import_csv(options).log.new) == 3
    col = Collection(str(world.profile / "collection.anki2"))
    with served(col) as (world.url, world.add_on):
        world.live = col
        report = world.push()
        assert (counts(report), report.plan.writes, len(report.plan.astray)) == ((0, 0, 0), False, 3)
        assert said(report)[0].startswith('warning: anki: note-type-changed "Weight" and 2 more are not added: Anki ')
        assert col.models.by_name(NOTE_TYPE) is None
    col.close()


def test_a_reverse_that_comes_later_is_a_card_more(world: World) -> None:
    world.push()
    world.config = replace(world.config, reverse={"term-line": True})
    assert counts(world.push()) == (0, 3, 0)
    with world.anki() as col:
        assert col.card_count() == 6
        assert problems(col) == CLEAN
    assert world.push().plan.writes is False
