"""`mkcards watch` while notes are written as editors, sync tools and git write them."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer
from typing import Any

import pytest
import watchfiles
from anki.collection import Collection
from watchfiles import Change

from anki_connect import served
from mkcards import ledger
from mkcards.config import Config
from mkcards.pipeline import Outcome
from mkcards.watch import Relevant, outcomes, settle
from storm import Storm, Watch, clean_build, written

NOTE = "**Weight**: a number that multiplies an input of a neuron.\n"
STEPS = 60


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/nets.md").write_text(NOTE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def watch(here: Path) -> Iterator[Watch]:
    with Watch(here) as made:
        made.until(lambda: made.asked() == ["Weight"])
        yield made


def test_after_a_storm_the_deck_is_that_of_a_clean_build(tmp_path: Path) -> None:
    storm = Storm(tmp_path / "notes", 12, seed=7)
    with Watch(tmp_path) as watch:
        watch.until(watch.deck.exists)
        for _ in range(STEPS):
            storm.step()
            time.sleep(storm.chance.random() * 0.05)
        watch.settled()
        assert watch.children() == []
        assert watch.ended() == 0
    assert written(watch.deck.parent) == clean_build(watch, tmp_path / "clean")
    assert [line for line in watch.lines() if "Traceback" in line or "crash" in line] == []
    known = ledger.load(ledger.beside(watch.deck)).cards
    assert not any(".sync-conflict-" in card.path for card in known)
    assert not [path for path in watch.notes.rglob("*") if path.is_file() and path.suffix not in (".md", ".png")]


def _save(note: Path, text: str) -> None:
    fresh = note.with_name(f".{note.name}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(note)


def test_one_line_a_build_and_a_clean_end(watch: Watch) -> None:
    note = watch.notes / "nets.md"
    # By a rename each change is one event, so that it is one build however slow the machine is.
    _save(note, f"{NOTE}\n**Bias**: a number that is added to the sum.\n")
    watch.until(lambda: "Bias" in watch.asked())
    _save(watch.notes / "copy (conflicted copy 2026-01-02).md", note.read_text(encoding="utf-8"))
    watch.until(lambda: len(watch.lines()) == 3)
    assert watch.ended(signal.SIGINT) == 0
    assert watch.lines() == [
        "1 note · 1 card: 1 new, 0 changed, 0 retired · 0 open questions",
        "1 note · 2 cards: 1 new, 0 changed, 0 retired · 0 open questions",
        # The first word of a line is the time of the day, and here the name of the copy.
        "(conflicted copy 2026-01-02).md: conflict-copy a sync tool made this copy of a note, so it makes no cards; "
        "take over what you need and delete it",
    ]
    assert sorted(written(watch.deck.parent)) == ["deck.apkg", "deck.ledger.jsonl"]


def test_a_folder_that_goes_and_comes_back_costs_nothing(watch: Watch) -> None:
    away = watch.notes.with_name("away")
    watch.notes.rename(away)
    watch.until(lambda: any("not-found" in line for line in watch.lines()))
    away.rename(watch.notes)
    watch.until(lambda: watch.lines()[-1].endswith("nothing changed"))
    (watch.notes / "bias.md").write_text("**Bias**: a number that is added to the sum.\n", encoding="utf-8")
    watch.until(lambda: "Bias" in watch.asked())
    assert watch.ended() == 0
    assert sum("not-found" in line for line in watch.lines()) == 1
    assert "Weight" in watch.asked()


def test_what_can_not_be_watched_is_one_line(here: Path) -> None:
    shutil.rmtree(here / "notes")
    with Watch(here) as watch:
        assert watch.process.wait(timeout=60) == 2
    assert watch.log.read_text() == f"{here}/notes: not-found there is no such file or folder; check the name\n"


def test_where_the_system_watches_no_more_folders_they_are_looked_at(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    native, stop = watchfiles.watch, Event()

    def limited(*args: Any, force_polling: bool | None, **kwargs: Any) -> Iterator[set[tuple[Change, str]]]:
        if not force_polling:
            raise OSError('OS file watch limit reached. about ["notes"]')
        return native(*args, force_polling=force_polling, **kwargs)

    monkeypatch.setattr(watchfiles, "watch", limited)
    monkeypatch.setattr("mkcards.watch.POLL", 0.2)
    settings = Config(notes=(here / "notes",), output=here / "deck.apkg")
    told = filter(None, outcomes(lambda: settings, stop))
    assert str(next(told)) == (
        f"{here}/notes: watch-limit the system watches no more folders, so they are looked at every 0 seconds; "
        "raise its limit (on Linux fs.inotify.max_user_watches and max_user_instances)"
    )
    first = next(told)
    assert isinstance(first, Outcome)
    assert (first.new, first.written) == (1, True)
    (here / "notes/more.md").write_text("**Bias**: a number that is added to what comes in.\n", encoding="utf-8")
    second = next(told)
    assert isinstance(second, Outcome)
    assert [card.key for card in second.cards] == ["Bias", "Weight"]
    stop.set()
    assert list(told) == []


def test_new_settings_hold_from_then_on(here: Path) -> None:
    settings = here / "config.yaml"
    settings.write_text("mkcards: {deck: One}\n", encoding="utf-8")
    with Watch(here) as watch:
        watch.until(lambda: watch.asked() == ["Weight"])
        settings.write_text("mkcards: {dekc: Two}\n", encoding="utf-8")
        watch.until(lambda: any("unknown-setting" in line for line in watch.lines()))
        settings.write_text('mkcards: {vault: "d\\e[31meck"}\n', encoding="utf-8")
        wrong = "config.yaml:1: not-found `vault` is d\\x1b[31meck: there is no such folder; check the name"
        watch.until(lambda: wrong in watch.lines())
        settings.write_text("mkcards: {deck: Two}\n", encoding="utf-8")
        watch.until(lambda: '"deck":"Two"' in (here / "out/deck.ledger.jsonl").read_text())
        assert watch.ended() == 0


@pytest.mark.parametrize("wait", [0.05, 0.3, 0.5])
def test_a_build_under_way_is_finished_or_leaves_nothing(tmp_path: Path, wait: float) -> None:
    Storm(tmp_path / "notes", 60, seed=3)
    with Watch(tmp_path) as watch:
        time.sleep(wait)
        status = watch.ended()
    # Before it has begun to listen, a signal ends it as any process.
    assert status in (0, -signal.SIGTERM)
    if watch.deck.exists():
        assert written(watch.deck.parent) == clean_build(watch, tmp_path / "clean")
    else:
        assert not watch.deck.parent.exists() or written(watch.deck.parent) == {}


def test_watch_pushes_each_build(here: Path) -> None:
    profile = here / "Anki2/User 1"
    profile.mkdir(parents=True)
    col = Collection(str(profile / "collection.anki2"))
    with served(col) as (url, _), Watch(here, "--push", "--url", url, XDG_STATE_HOME=str(here / "state")) as watch:
        watch.until(lambda: "Anki: 1 new" in watch.lines())
        (watch.notes / "bias.md").write_text("**Bias**: a number that is added to the sum.\n", encoding="utf-8")
        watch.until(lambda: watch.lines().count("Anki: 1 new") == 2)
        assert watch.ended() == 0
        assert col.note_count() == 2
    col.close()


def test_watch_does_not_push_a_new_deck_over_the_cards_of_another(here: Path) -> None:
    profile = here / "Anki2/User 1"
    profile.mkdir(parents=True)
    col = Collection(str(profile / "collection.anki2"))
    state = {"XDG_STATE_HOME": str(here / "state")}
    with served(col) as (url, _):
        with Watch(here, "--push", "--url", url, **state) as watch:
            watch.until(lambda: "Anki: 1 new" in watch.lines())
            assert watch.ended() == 0
        for file in watch.deck.parent.iterdir():
            file.unlink()
        (watch.notes / "nets.md").write_text("**Weight**: the pull of the earth on a body.\n", encoding="utf-8")
        with Watch(here, "--push", "--url", url, **state) as watch:
            watch.until(lambda: any("shared-ids" in line for line in watch.lines()))
            (watch.notes / "bias.md").write_text("**Bias**: a number that is added to the sum.\n", encoding="utf-8")
            watch.until(lambda: any("2 new" in line for line in watch.lines()))
            assert watch.ended() == 0
        assert sum("shared-ids" in line for line in watch.lines()) == 2
        assert (col.note_count(), written(watch.deck.parent)) == (1, {})
    col.close()


def test_an_anki_that_is_not_there_is_said_once(here: Path) -> None:
    with Watch(here, "--push", "--url", "http://127.0.0.1:9") as watch:
        watch.until(lambda: any("not-running" in line for line in watch.lines()))
        (watch.notes / "bias.md").write_text("**Bias**: a number that is added to the sum.\n", encoding="utf-8")
        watch.until(lambda: "Bias" in watch.asked())
        assert watch.ended() == 0
    assert sum("not-running" in line for line in watch.lines()) <= 2


@pytest.mark.parametrize(
    ("path", "relevant"),
    [
        ("a.md", True),
        ("Folder/b c.md", True),
        ("Folder", True),
        ("picture.png", True),
        (".obsidian/workspace.json", False),
        ("Folder/.a.md.swp", False),
        (".git/index.lock", False),
        ("node_modules/x/readme.md", False),
        ("a.md~", False),
        ("a.md.part", False),
        ("decks/x.apkg", False),
        ("decks/x.ledger.jsonl", False),
        ("decks/x.retired.apkg", False),
        ("decks/y.md", True),
        ("log", False),
        ("config.yaml", False),
        ("named.txt", True),
    ],
)
def test_what_can_change_the_deck(tmp_path: Path, path: str, relevant: bool) -> None:
    (tmp_path / "Folder").mkdir()
    found = Relevant(tmp_path, tmp_path / "decks/x.apkg", [tmp_path / "named.txt"])
    assert found(Change.modified, str(tmp_path / path)) is relevant


def test_what_is_gone_may_have_been_a_folder(tmp_path: Path) -> None:
    found = Relevant(tmp_path, tmp_path / "decks/x.apkg")
    assert found(Change.deleted, str(tmp_path / "Folder")) is True
    assert found(Change.deleted, str(tmp_path / "decks/x.apkg")) is False


def test_its_own_files_start_no_build_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "vault/decks").mkdir(parents=True)
    (tmp_path / "vault/link").symlink_to("decks")
    found = Relevant(tmp_path / "vault", tmp_path / "vault/link/x.csv")
    for name in ("decks/x.csv", "link/x.csv"):
        assert found(Change.added, str(tmp_path / "vault" / name)) is False
    assert found(Change.deleted, str(tmp_path / "vault/x.csv")) is True


def test_a_deck_in_a_vault_behind_a_link_is_built_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mkcards.watch.TICK", 0.2)
    (here / "notes/decks").mkdir()
    (here / "link").symlink_to("notes")
    settings, stop = Config(notes=(here / "link",), output=here / "link/decks/x.apkg"), Event()
    told = outcomes(lambda: settings, stop)
    assert isinstance(next(told), Outcome)
    with (here / "notes/log").open("w", encoding="utf-8") as log:
        log.write("what it said\n")
    assert [next(told) for _ in range(3)] == [None] * 3
    stop.set()
    assert list(told) == []


def test_an_empty_note_is_given_time_to_be_filled(tmp_path: Path) -> None:
    note = tmp_path / "a.md"
    note.touch()
    later = Timer(0.3, note.write_text, ["full"])
    later.start()
    settle(tmp_path, {note, tmp_path / "gone.md"}, Event())
    assert note.stat().st_size > 0
    later.join()


def test_a_picture_that_went_is_given_time_to_come_back(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    later = Timer(0.3, picture.write_bytes, [b"blue"])
    later.start()
    settle(tmp_path, {picture}, Event())
    assert picture.exists()
    later.join()


@pytest.mark.parametrize("git", [".git", "main/.git/worktrees/x"])
def test_git_is_given_time_to_finish(tmp_path: Path, git: str) -> None:
    lock = tmp_path / git / "index.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    if git != ".git":
        (tmp_path / ".git").write_text(f"gitdir: {git}\n", encoding="utf-8")
    later = Timer(0.2, lock.unlink)
    later.start()
    settle(tmp_path / "notes", set(), Event())
    assert not lock.exists()
    later.join()
    # One that was left behind, and a watch that is to end, wait for nothing.
    lock.touch()
    os.utime(lock, (0, 0))
    settle(tmp_path, set(), Event())
    lock.touch()
    stop = Event()
    stop.set()
    settle(tmp_path, set(), stop)
    assert lock.exists()
