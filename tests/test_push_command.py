"""What `mkcards push` says, and that a push that can't be done changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from anki.collection import Collection

from anki_connect import Add_on, Quiet, listening, served
from command import mkcards as run
from mkcards import fingerprint
from mkcards.errors import AnkiError
from mkcards.note_type import NOTE_TYPE_ID
from mkcards.push import connect
from mkcards.push.connect import Connect
from mkcards.push.plan import Update

NOTE = "**Weight**: a number that multiplies an input of a neuron.\n\n**Bias**: a number that is added to the sum.\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/nets.md").write_text(NOTE, encoding="utf-8")
    (tmp_path / "Anki2/User 1").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def anki(here: Path) -> Iterator[tuple[str, Add_on]]:
    col = Collection(str(here / "Anki2/User 1/collection.anki2"))
    with served(col) as found:
        yield found
    col.close()


def mkcards(here: Path, *args: str, **env: str) -> tuple[int, str, str]:
    """Exit status, output and errors of a run in a folder, behind a proxy that is no use here."""
    return run(here, *args, XDG_STATE_HOME=str(here / "state"), HTTP_PROXY="http://127.0.0.1:9", **env)


def test_push_says_what_it_would_do_and_what_it_did(here: Path, anki: tuple[str, Add_on]) -> None:
    url, add_on = anki
    push = ("push", "notes", "--url", url, "--profile", "User 1")
    assert mkcards(here, *push, "--dry-run") == (
        0,
        "new      nets.md: Weight\nnew      nets.md: Bias\nAnki would get: 2 new\n",
        "",
    )
    assert (add_on.col.note_count(), (here / "decks").exists()) == (0, False)
    assert mkcards(here, *push) == (0, "Anki: 2 new\n", "")
    assert mkcards(here, *push) == (0, "Anki: nothing to do\n", "")
    text = f"---\ndeck: Nets\ntags: [x]\n---\n{NOTE.replace('multiplies', 'scales').partition('**Bias')[0]}"
    (here / "notes/nets.md").write_text(text, encoding="utf-8")
    assert mkcards(here, *push, "--retired", "delete", "--dry-run") == (
        0,
        "change   nets.md: Weight (Answer, tags, deck)\ndelete   nets.md: Bias\n"
        "Anki would get: 1 changed, 1 moved, 1 deleted\n",
        "",
    )
    assert mkcards(here, *push, "--retired", "delete", "--yes") == (0, "Anki: 1 changed, 1 moved, 1 deleted\n", "")


def test_a_clash_is_said_and_fails_if_strict(here: Path, anki: tuple[str, Add_on]) -> None:
    url, add_on = anki
    push = ("push", "notes", "--url", url)
    mkcards(here, *push)
    note = add_on.col.get_note(add_on.col.find_notes("neuron")[0])
    name = fingerprint.name(note["Id"])
    note["Answer"] = "mine"
    add_on.col.update_note(note)
    assert mkcards(here, *push, "-v") == (
        0,
        "Anki: nothing to do · 1 change made in Anki kept\n",
        'nets.md: kept-in-anki the field Answer of "Weight" was changed in Anki and stays so; '
        f"--overwrite {name} ends that\n",
    )
    (here / "notes/nets.md").write_text(NOTE.replace("multiplies", "scales"), encoding="utf-8")
    status, out, err = mkcards(here, *push, "--strict")
    assert (status, out) == (1, "Anki: nothing to do · 1 change made in Anki kept\n")
    assert err.startswith('nets.md: clash-in-anki the field Answer of "Weight" differs in Anki and ')
    assert mkcards(here, *push, "--overwrite", "nonsense") == (
        2,
        "",
        "nonsense: unknown-card there is no such id in the ledger; see `mkcards list --format json`\n",
    )
    assert mkcards(here, *push, "--overwrite", name) == (0, "Anki: 1 changed\n", "")


def test_a_new_deck_never_takes_the_cards_of_another(here: Path, anki: tuple[str, Add_on]) -> None:
    url, add_on = anki
    note = "# Lecture 1\n\n==What is the aim of this course?== {}\n\n==What do we read first?== {}\n"
    texts = {
        "bio": note.format("To know how cells divide and grow.", "The chapter on the cell and its membrane."),
        "law": note.format("To read a judgment and find its ground.", "The cases on negligence and duty of care."),
    }
    for name, text in texts.items():
        (here / name / "notes").mkdir(parents=True)
        (here / name / "notes/Lecture 1.md").write_text(text, encoding="utf-8")
    push = ("push", "notes", "--url", url)
    assert mkcards(here / "bio", *push) == (0, "Anki: 2 new\n", "")
    refused = (
        2,
        "",
        "push: shared-ids each card that Anki has under an id of this new deck has another answer there, so another "
        "deck made it; set a `namespace` in config.yaml and push again, or add --overwrite all if they are the same "
        "cards\n",
    )
    answers = {add_on.col.get_note(one)["Answer"] for one in add_on.col.find_notes("")}
    for more in ((), ("--dry-run",), ()):
        assert mkcards(here / "law", *push, *more) == refused
    assert list((here / "law/decks").iterdir()) == []
    (here / "law/config.yaml").write_text("mkcards:\n  namespace: law\n", encoding="utf-8")
    assert mkcards(here / "law", *push) == (0, "Anki: 2 new\n", "")
    assert answers < {add_on.col.get_note(one)["Answer"] for one in add_on.col.find_notes("")}
    # A lost ledger whose cards Anki has goes on, also where the learner or the notes changed some.
    for file in (here / "bio/decks").iterdir():
        file.unlink()
    learned = add_on.col.get_note(add_on.col.find_notes("divide")[0])
    learned["Answer"] = "mine"
    add_on.col.update_note(learned)
    (here / "bio/notes/Lecture 1.md").write_text(texts["bio"].replace("chapter", "book"), encoding="utf-8")
    assert mkcards(here / "bio", *push) == (0, "Anki: 1 changed · 1 change made in Anki kept\n", "")
    for file in (here / "bio/decks").iterdir():
        file.unlink()
    # So does one of which each answer is a little changed, but not one where all are others.
    (here / "bio/notes/Lecture 1.md").write_text(note.format("What cells do.", "The book on the cell and its wall."))
    assert mkcards(here / "bio", *push)[:2] == (0, "Anki: 1 changed · 1 change made in Anki kept\n")
    for file in (here / "bio/decks").iterdir():
        file.unlink()
    (here / "bio/notes/Lecture 1.md").write_text(note.format("What cells do.", "Nothing before the second week."))
    assert mkcards(here / "bio", *push) == refused
    assert mkcards(here / "bio", *push, "--overwrite", "all") == (0, "Anki: 2 changed\n", "")


def test_a_deck_that_was_built_before_its_first_push_takes_no_cards_of_another(
    here: Path, anki: tuple[str, Add_on]
) -> None:
    url, add_on = anki
    push = ("push", "notes", "--url", url)
    note = "# Lecture 1\n\n==What is the aim of this course?== {}\n"
    texts = {"bio": "To know how cells divide and grow.", "law": "To read a judgment and find its ground."}
    for name, text in texts.items():
        (here / name / "notes").mkdir(parents=True)
        (here / name / "notes/Lecture 1.md").write_text(note.format(text), encoding="utf-8")
    assert mkcards(here / "bio", *push) == (0, "Anki: 1 new\n", "")
    assert mkcards(here / "law", "notes")[0] == 0
    (here / "law/notes/Lecture 1.md").write_text(note.format("To find the ground of a judgment."), encoding="utf-8")
    for more in (("--dry-run",), (), ()):
        assert mkcards(here / "law", *push, *more) == (
            2,
            "",
            "push: shared-ids each card that Anki has under an id of this deck has another answer there, so another "
            "deck made it; set a `namespace` in config.yaml, delete decks/notes.apkg and decks/notes.ledger.jsonl, so "
            "that it gets ids of its own, and push again, or add --overwrite all if they are the same cards\n",
        )
    assert [add_on.col.get_note(one)["Answer"] for one in add_on.col.find_notes("")] == [texts["bio"]]
    # A deck that was not pushed from here, but by hand or from another computer, goes on.
    shutil.rmtree(here / "bio/state")
    (here / "bio/notes/Lecture 1.md").write_text(note.format("To know how cells grow & divide."), encoding="utf-8")
    assert mkcards(here / "bio", *push) == (0, "Anki: 1 changed\n", "")
    (here / "bio/notes/Lecture 1.md").write_text(note.format("To know how tissue grows."), encoding="utf-8")
    assert mkcards(here / "bio", "notes")[0] == 0
    assert mkcards(here / "bio", *push) == (0, "Anki: 1 changed\n", "")
    for file in ("notes.apkg", "notes.ledger.jsonl"):
        (here / "law/decks" / file).unlink()
    (here / "law/config.yaml").write_text("mkcards:\n  namespace: law\n", encoding="utf-8")
    assert mkcards(here / "law", *push) == (0, "Anki: 1 new\n", "")


@pytest.mark.parametrize(("setting", "lost"), [("", True), ("  deck: All\n", False)])
def test_a_note_that_moves_to_another_deck_of_its_namespace_takes_its_cards_along(
    here: Path, anki: tuple[str, Add_on], setting: str, lost: bool
) -> None:
    url, add_on = anki
    (here / "config.yaml").write_text(f"mkcards:\n  namespace: me\n{setting}", encoding="utf-8")
    for name, text in (("bio", "**Cell**: the smallest unit that lives."), ("law", "**Tort**: a wrong to a person.")):
        (here / name).mkdir()
        (here / f"{name}/{name}.md").write_text(text, encoding="utf-8")
    (here / "bio/nets.md").write_text(f"---\nid: n1\n---\n{NOTE}", encoding="utf-8")

    def pushed(name: str, *more: str) -> str:
        if lost:  # As on another computer.
            shutil.rmtree(here / "state", ignore_errors=True)
        status, out, err = mkcards(here, "push", name, "-o", f"decks/{name}.apkg", "--url", url, *more)
        assert (status, err) == (0, "")
        return out

    assert (pushed("bio"), pushed("law")) == ("Anki: 3 new\n", "Anki: 1 new\n")
    numbers = add_on.col.find_notes("neuron or sum")
    (here / "bio/nets.md").rename(here / "law/nets.md")
    suspend, delete = ("--retired", "suspend", "--yes"), ("--retired", "delete", "--yes")
    assert pushed("bio", *suspend) == "Anki: 2 retired\n"
    assert pushed("law", *suspend) == ("Anki: 2 changed\n" if setting else "Anki: 2 changed, 2 moved\n")
    for more in (suspend, delete):
        assert [pushed(name, *more) for name in ("bio", "law")] == ["Anki: nothing to do\n"] * 2
    if setting:
        # Of a deck there may be the ledger alone, and another's place may be one that can't be looked at.
        (here / "decks/law.apkg").unlink()
        (memory,) = (here / "state/mkcards/pushed").iterdir()
        known = json.loads(memory.read_text())
        known["decks"][f"/{'x' * 300}.apkg"] = []
        memory.write_text(json.dumps(known))
        assert [pushed(name, *delete) for name in ("bio", "law")] == ["Anki: nothing to do\n"] * 2
        # All may lie in another folder now.
        memory.write_text(memory.read_text().replace(str(here), "/gone"))
        assert [pushed(name, *delete) for name in ("bio", "law")] == ["Anki: nothing to do\n"] * 2
    assert add_on.col.find_notes("neuron or sum") == numbers
    assert list(add_on.col.find_cards("is:suspended")) == []
    # It goes from there as from any deck.
    (here / "law/nets.md").unlink()
    assert [pushed(name, *delete) for name in ("bio", "law")] == ["Anki: nothing to do\n", "Anki: 2 deleted\n"]


def test_what_a_restored_backup_lacks_comes_back_when_asked(here: Path) -> None:
    profile = here / "Anki2/User 1"
    Collection(str(profile / "collection.anki2")).close()
    push = ("push", "notes", "--collection", str(profile))
    shutil.copytree(profile, here / "backup")
    assert mkcards(here, *push) == (0, "Anki: 2 new\n", "")
    shutil.rmtree(profile)
    shutil.copytree(here / "backup", profile)
    said = "Anki: nothing to do · 2 cards deleted in Anki left out (add with --again)\n"
    assert mkcards(here, *push)[:2] == (0, said)
    assert mkcards(here, *push, "--again") == (0, "Anki: 2 new\n", "")


def test_push_into_a_closed_collection_makes_a_backup_first(here: Path) -> None:
    profile = here / "Anki2/User 1"
    Collection(str(profile / "collection.anki2")).close()
    assert mkcards(here, "push", "notes", "--collection", str(profile)) == (0, "Anki: 2 new\n", "")
    (backup,) = (profile / "backups").iterdir()
    assert backup.suffix == ".colpkg"
    col = Collection(str(profile / "collection.anki2"))
    try:
        assert mkcards(here, "push", "notes", "--collection", str(profile / "collection.anki2")) == (
            2,
            "",
            f"{profile}/collection.anki2: collection-open Anki has it open; close Anki, or push without --collection\n",
        )
        assert col.note_count() == 2
    finally:
        col.close()


@pytest.mark.parametrize(
    ("change", "args", "message"),
    [
        (
            {"allowed": False},
            (),
            "anki: refused Anki does not let mkcards in; allow it in AnkiConnect's configuration\n",
        ),
        (
            {"key": "secret"},
            (),
            "anki: key-needed AnkiConnect wants the key from its configuration; set MKCARDS_ANKI_KEY to it\n",
        ),
        (
            {},
            ("--profile", "Work"),
            'anki: wrong-profile Anki has "User 1" open, not "Work" (there are: User 1); switch the profile in Anki\n',
        ),
    ],
)
def test_an_anki_that_says_no_is_left_alone(
    here: Path, anki: tuple[str, Add_on], change: dict[str, object], args: tuple[str, ...], message: str
) -> None:
    url, add_on = anki
    for name, value in change.items():
        setattr(add_on, name, value)
    assert mkcards(here, "push", "notes", "--url", url, *args) == (2, "", message)
    assert (add_on.col.note_count(), (here / "decks").exists()) == (0, False)
    assert set(add_on.calls) <= {"requestPermission", "version", "getMediaDirPath", "getProfiles"}


@pytest.mark.parametrize("command", [("push",), ("push", "--dry-run"), ("watch", "--push"), ("schedule", "--push")])
@pytest.mark.parametrize("deck", ["x.csv", "x.jsonl"])
def test_what_is_no_package_is_neither_built_nor_pushed(here: Path, command: tuple[str, ...], deck: str) -> None:
    before = sorted(here.rglob("*"))
    message = f"{deck}: output-kind Anki gets cards from a package; name a *.apkg to push\n"
    assert mkcards(here, command[0], "notes", "-o", deck, *command[1:]) == (2, "", message)
    assert sorted(here.rglob("*")) == before


def test_the_key_can_come_from_the_environment(here: Path, anki: tuple[str, Add_on]) -> None:
    url, add_on = anki
    add_on.key = "secret"
    assert mkcards(here, "push", "notes", "--url", url, MKCARDS_ANKI_KEY="secret") == (0, "Anki: 2 new\n", "")


@pytest.mark.parametrize("call", ["importPackage", "multi", "addTags"])
def test_a_push_that_is_cut_off_is_completed_by_the_next(here: Path, anki: tuple[str, Add_on], call: str) -> None:
    url, add_on = anki
    push = ("push", "notes", "--url", url)
    mkcards(here, *push)
    text = f"---\ntags: [x]\n---\n{NOTE.replace('multiplies', 'scales')}\n**Loss**: how wrong an output is.\n"
    (here / "notes/nets.md").write_text(text, encoding="utf-8")
    add_on.dies_at = call
    status, out, err = mkcards(here, *push)
    assert (status, out) == (2, "")
    assert err == (
        f"anki: lost Anki stopped answering at {url} during {call} (Server disconnected without sending a response.); "
        "push again, which goes on where this ended\n"
    )
    assert [path.name for path in (here / "decks").iterdir() if path.name.startswith(".")] == []
    add_on.dies_at = ""
    assert mkcards(here, *push)[0] == 0
    assert mkcards(here, *push) == (0, "Anki: nothing to do\n", "")
    notes = [add_on.col.get_note(number) for number in add_on.col.find_notes("")]
    assert [note.tags for note in notes] == [["mkcards::term-line", "x"]] * 3
    assert "scales" in notes[0]["Answer"]


def test_what_anki_refuses_is_said_and_does_not_end_a_push(here: Path, anki: tuple[str, Add_on]) -> None:
    url, add_on = anki
    push = ("push", "notes", "--url", url)
    (here / "notes/gone.md").write_text("**Epoch**: one pass over all the training data.\n", encoding="utf-8")
    mkcards(here, *push)
    (here / "notes/gone.md").unlink()
    text = NOTE.replace("a number", "one number") + "\n**Loss**: how wrong an output is.\n\n**Rate**: a size of step.\n"
    (here / "notes/nets.md").write_text(text, encoding="utf-8")
    bad = add_on.col.find_notes("multiplies")[0]
    take, write = add_on.importPackage, add_on.updateNoteFields

    def importPackage(path: str) -> bool:
        take(path)
        add_on.col.remove_notes(add_on.col.find_notes("wrong"))
        return True

    def updateNoteFields(note: dict[str, Any]) -> None:
        if note["id"] == bad:
            raise OSError("the note is locked")
        write(note)

    add_on.importPackage, add_on.updateNoteFields = importPackage, updateNoteFields  # type: ignore[method-assign]
    assert mkcards(here, *push) == (
        1,
        "Anki: 1 new, 1 changed, 1 retired\n",
        'nets.md: not-taken Anki did not take "Loss"; import decks/notes.apkg by hand to see why\n'
        'nets.md: refused Anki did not change "Weight" and answers: the note is locked; push again once it can\n',
    )
    assert len(add_on.col.find_notes("one number")) == 1
    assert len(add_on.col.find_notes("tag:mkcards::retired")) == 1
    add_on.importPackage, add_on.updateNoteFields = take, write  # type: ignore[method-assign]
    assert mkcards(here, *push) == (0, "Anki: 1 new, 1 changed\n", "")


def test_two_pushes_at_once_are_one(here: Path, anki: tuple[str, Add_on]) -> None:
    url, add_on = anki
    push = ("push", "notes", "--url", url)
    take, said = add_on.importPackage, []

    def importPackage(path: str) -> bool:
        add_on.importPackage = take  # type: ignore[method-assign]
        said.append(Path(path).name)
        with served(add_on.col) as (another, _):
            said.append(mkcards(here, "push", "notes", "--url", another))
        return take(path)

    add_on.importPackage = importPackage  # type: ignore[method-assign]
    (here / "decks").mkdir()
    left = [here / f"decks/.notes.push.0000000{number}.apkg" for number in (1, 2)]
    for file in left:
        file.touch()
    os.utime(left[0], (0, 0))
    assert mkcards(here, *push) == (0, "Anki: 2 new\n", "")
    assert said[1] == (0, "Anki: 2 new\n", "")
    assert add_on.col.note_count() == 2
    assert {file.name for file in (here / "decks").iterdir()} == {left[1].name, "notes.apkg", "notes.ledger.jsonl"}


def test_a_dead_anki_is_one_line(here: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        assert mkcards(here, "push", "notes", "--url", url) == (
            2,
            "",
            f"anki: not-running Anki does not answer at {url}; start it with the add-on AnkiConnect (2055492159), "
            "or close it and name its collection with --collection\n",
        )
    assert sorted(path.name for path in here.iterdir()) == ["Anki2", "notes"]


def test_a_collection_that_is_none_is_one_line(here: Path) -> None:
    assert mkcards(here, "push", "notes", "--collection", "Anki2/User 1") == (
        2,
        "",
        "Anki2/User 1/collection.anki2: no-collection there is no such file; name the folder of a profile in Anki2\n",
    )
    (here / "Anki2/User 1/collection.anki2").write_bytes(b"no database" * 500)
    status, out, err = mkcards(here, "push", "notes", "--collection", "Anki2/User 1")
    assert (status, out) == (2, "")
    assert err.startswith("Anki2/User 1/collection.anki2: collection-unreadable Anki's library can't open it (")
    assert mkcards(here, "push", "notes", "--collection", "x", "--profile", "y") == (
        2,
        "",
        "--collection: push-target it names a closed collection; leave out --url and --profile\n",
    )


def test_without_a_backup_a_closed_collection_stays_as_it_is(here: Path, small_disk: Path) -> None:
    profile = here / "Anki2/User 1"
    Collection(str(profile / "collection.anki2")).close()
    (profile / "backups").symlink_to(small_disk)
    (small_disk / "full").write_bytes(b"x" * 4096 * os.statvfs(small_disk).f_bavail)
    status, out, err = mkcards(here, "push", "notes", "--collection", "Anki2/User 1")
    assert (status, out) == (2, "")
    assert err.startswith("Anki2/User 1/backups: no-backup none could be made (")
    assert err.endswith("), so nothing was changed; make room for it there\n")
    assert [file.name for file in small_disk.iterdir()] == ["full"]
    (small_disk / "full").unlink()
    assert mkcards(here, "push", "notes", "--collection", "Anki2/User 1") == (0, "Anki: 2 new\n", "")


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_collection_of_an_old_anki_is_left_as_it_is(here: Path, more: tuple[str, ...]) -> None:
    file = here / "Anki2/User 1/collection.anki2"
    Collection(str(file)).close(downgrade=True)
    before, files = file.read_bytes(), sorted(file.parent.iterdir())
    assert mkcards(here, "push", "notes", "--collection", "Anki2/User 1", *more) == (
        2,
        "",
        "Anki2/User 1/collection.anki2: collection-old an old Anki closed it, which could not open it again after a "
        "push; open it with a newer Anki first\n",
    )
    assert file.read_bytes() == before
    assert sorted(file.parent.iterdir()) == files


def test_a_collection_of_a_newer_anki_is_one_line(here: Path) -> None:
    file = here / "Anki2/User 1/collection.anki2"
    Collection(str(file)).close()
    with closing(sqlite3.connect(file)) as db:
        db.execute("update col set ver = 99")
        db.commit()
    assert mkcards(here, "push", "notes", "--collection", "Anki2/User 1") == (
        2,
        "",
        "Anki2/User 1/collection.anki2: collection-unreadable a newer Anki wrote it than this library knows; pip "
        "install --upgrade anki, or push without --collection\n",
    )


def test_without_ankis_library_a_closed_collection_is_one_line(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "Anki2/User 1/collection.anki2").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "anki.collection", None)
    assert mkcards(here, "push", "notes", "--collection", "Anki2/User 1") == (
        2,
        "",
        "anki: no-library a closed collection needs Anki's own library; pip install 'mkcards[anki]'\n",
    )


NO_ADD_ON = "anki: not-anki what answers at {url} is not AnkiConnect; check --url"


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (200, b"", NO_ADD_ON),
        (200, b"<html>", NO_ADD_ON),
        (200, b"null", NO_ADD_ON),
        (200, b'{"result": 1}', NO_ADD_ON),
        (200, b'{"result": null, "error": null}', NO_ADD_ON),
        (200, b'{"result": {"permission": 1}, "error": null}', NO_ADD_ON),
        (200, b'{"error": ' + b"[" * 100_000, NO_ADD_ON),
        (200, b"\xff\xfe", NO_ADD_ON),
        (404, b"", NO_ADD_ON),
        (500, b"", NO_ADD_ON),
        (302, b"", NO_ADD_ON),
        (403, b"", "anki: refused Anki does not let mkcards in; allow it in AnkiConnect's configuration"),
    ],
)
def test_what_is_no_add_on_is_one_line(status: int, body: bytes, message: str) -> None:
    with answering(status, body) as url, pytest.raises(AnkiError) as error, Connect(url):
        pass
    assert str(error.value) == message.format(url=url)


@pytest.mark.parametrize(
    ("url", "checked"), [("http://127.0.0.1:8765", False), ("https://anki.example", True), ("HTTP://127.0.0.1", True)]
)
def test_who_shows_a_certificate_is_checked_by_it(url: str, checked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(httpx, "Client", lambda **options: asked.append(options["verify"]))
    Connect(url)
    assert asked == [checked]


def test_what_accepts_and_never_answers_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "_AT_FIRST", httpx.Timeout(0.1))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(AnkiError) as error, Connect(url):
            pass
    assert str(error.value) == (
        f"anki: lost Anki stopped answering at {url} during requestPermission (timed out); push again, which goes on "
        "where this ended"
    )


@pytest.mark.parametrize("junk", [None, "x", 5, [None], {"a": 1.5}])
def test_an_add_on_that_answers_nonsense_is_one_line(here: Path, anki: tuple[str, Add_on], junk: object) -> None:
    url, add_on = anki
    assert mkcards(here, "push", "notes", "--url", url)[0] == 0
    ids = [fingerprint.name(add_on.col.get_note(one)["Id"]) for one in add_on.col.find_notes("")]
    update = Update(1, "", {}, (), (), (), (), "")
    asked: dict[str, Callable[[Connect], object]] = {
        "getMediaDirPath": lambda to: to.place(),
        "modelNamesAndIds": lambda to: to.shape(NOTE_TYPE_ID),
        "modelFieldNames": lambda to: to.shape(NOTE_TYPE_ID),
        "modelTemplates": lambda to: to.shape(NOTE_TYPE_ID),
        "findNotes": lambda to: to.notes(ids),
        "notesInfo": lambda to: to.notes(ids),
        "getDecks": lambda to: to.notes(ids),
        "findCards": lambda to: to.notes(ids),
        "getMediaFilesNames": lambda to: to.media(),
        "importPackage": lambda to: to.add(here / "decks/notes.apkg"),
        "multi": lambda to: to.write([update]),
    }
    # What these may be, too.
    fitting = (("getMediaDirPath", "x"), ("modelTemplates", {"a": 1.5}))
    with Connect(url) as to:
        for call, ask in asked.items():
            if (call, junk) in fitting:
                continue
            setattr(add_on, call, lambda **_: junk)
            with pytest.raises(AnkiError) as error:
                ask(to)
            delattr(add_on, call)
            assert str(error.value) == NO_ADD_ON.format(url=url)


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """Serve this status and this body, whatever is asked; give the address."""

    class Handler(Quiet):
        def do_POST(self) -> None:
            self.asked()
            self.answer(status, body)

    with listening(Handler) as url:
        yield url
