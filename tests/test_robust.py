"""Notes, names and folders as bad as they come: nothing hangs, nothing is lost, and one note never costs another."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command import on_a_terminal
from mkcards import ledger, package
from mkcards.config import Config
from mkcards.data import Card, NoteFile
from mkcards.discover import read
from mkcards.effort import Effort
from mkcards.errors import MkcardsError, OutputError, UsageError
from mkcards.files import read_regular
from mkcards.outputs import clock
from mkcards.parse import parse
from mkcards.pipeline import Outcome, build, cards

TIDE = "**Tide**: the rise and fall of the sea at a shore.\n"
NOW = 1_700_000_000
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{at}: &a{at} [*a{at - 1}, *a{at - 1}]\n" for at in range(1, 60))
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{at}: &a{at} {{<<: [*a{at - 1}, *a{at - 1}]}}\n" for at in range(1, 60))


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder with one good note."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "tide.md").write_text(TIDE, encoding="utf-8")
    return folder


def built(notes: Path, now: int = NOW) -> Outcome:
    return build(Config(notes=(notes,), output=notes.parent / "out/deck.apkg"), now=now)


def keys(outcome: Outcome) -> list[str]:
    return [card.key for card in outcome.cards]


def known(notes: Path) -> dict[str, Card]:
    return {card.key: card for card in ledger.load(notes.parent / "out/deck.ledger.jsonl").cards}


def said(outcome: Outcome) -> list[str]:
    return [str(one) for one in outcome.diagnostics]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_note_or_are_named(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.md"
    file.write_bytes(data)
    text, problems = read(NoteFile("any.md", file))
    assert (text is None) == bool(problems)
    assert all(one.code == "undecodable" for one in problems)
    if text is not None:
        parse("any.md", text)


@pytest.mark.parametrize(
    ("yaml", "title", "tags"),
    [
        (f"{BOMB}title: Sea\ntags: *a59", "Sea", ()),
        (f"{MERGES}title: Sea\ntags: [a]", "Sea", ("a",)),
        ("title: 2024-13-45\ntags: [2024-01-01, 1_000, no, 007]", "2024-13-45", ("2024-01-01", "1_000", "no", "007")),
        (f"title: 0x{'f' * 6000}", "0x" + "f" * 6000, ()),
        ("title: !!bool maybe\ntags: !!python/object/apply:os.system [id]", "maybe", ("id",)),
        ("title: a\ntitle: Sea\ntags: [x]\ntags: [y]", "Sea", ("y",)),
        ("title: Sea\ntags: &x [a, *x]", "Sea", ()),
        ("title: &t Sea\ntags: &x [a, *t]", "Sea", ("a", "Sea")),
        ("tags: [a\n\ttitle: b\ntitle: Sea", "Sea", ()),
        (f"title: Sea\ntags: {'[' * 900}a{']' * 900}", "Sea", ()),
        (f"title: Sea\ntags: {'[' * 90_000}", "Sea", ()),
        ("title: Sea\n? [a, b]\n: c", "Sea", ()),
        ("title: Sea\n\x00\x07: \x1b", "Sea", ()),
    ],
)
def test_no_front_matter_costs_a_card_or_grows(yaml: str, title: str, tags: tuple[str, ...]) -> None:
    note, problems = parse("note.md", f"---\n{yaml}\n---\n{TIDE}")
    assert (note.title, note.tags) == (title, tags)
    assert [block.text for block in note.blocks] == [TIDE.strip()]
    assert all(one.code == "front-matter" and 1 <= one.line <= yaml.count("\n") + 2 for one in problems)


@pytest.mark.parametrize(
    "yaml",
    [
        f"tags: {'[' * 100}{']' * 100}",
        f"tags: {'[' * 900}{']' * 900}",
        # PyYAML 6.0.3 runs out of its stack with these, which ends the process.
        f"tags: {'[' * 90_000}",
        f"tags:\n{'- ' * 50_000}a",
        f"{'{a: ' * 50_000}",
        f"{'? ' * 50_000}a",
        "\n".join(f"{' ' * at}a:" for at in range(200)),
    ],
    ids=lambda yaml: f"{len(yaml)} {yaml[:9]!r}",
)
def test_too_deep_front_matter_says_so(yaml: str) -> None:
    _, (problem,) = parse("note.md", f"---\n{yaml}\n---\n{TIDE}")
    assert str(problem) == "note.md:1: front-matter the front matter is nested too deeply; make it flat"


def test_front_matter_nested_a_hundred_deep_is_read() -> None:
    note, problems = parse("note.md", f"---\ntitle: Sea\nother: {'[' * 99}{']' * 99}\n---\n{TIDE}")
    assert (note.title, problems) == ("Sea", ())


ODD_NAMES = (
    *("new\nline.md", "tab\there.md", "quote\"'.md", "$(touch x);`y`.md", "emoji 🌊.md", "-o.md", " space .md"),
    *("back\\slash.md", "percent %41 #1.md", "\x1b[31mred.md", "esc\x07.md", "..md", "a" * 240 + ".md", "<b>.md"),
)


def test_odd_names_make_cards_that_stay(notes: Path) -> None:
    for at, name in enumerate(ODD_NAMES):
        text = f"## Sea\n\n**Term of note {at}**: what the note of this name says.\n"
        (notes / name).write_text(text, encoding="utf-8")
    os.mkdir(os.fsencode(notes) + b"/caf\xe9")  # noqa: PTH102  # pathlib takes no bytes
    with open(os.fsencode(notes) + b"/caf\xe9/\xff.md", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write("## Sea\n\n**Latin**: a note whose name is no UTF-8 at all.\n")
    first = built(notes)
    seen = [f"Term of note {at}" for at, name in enumerate(ODD_NAMES) if not name.startswith(".")]
    assert sorted(keys(first)) == sorted(["Tide", "Latin", *seen])
    assert said(first) == []
    again = built(notes, NOW + 9)
    assert (again.written, again.cards) == (False, first.cards)


def test_the_terminal_gets_no_commands_from_names_or_notes(notes: Path) -> None:
    (notes / "\x1b]0;owned\x07\nfake.md").write_text("==Is this \x1b[31mred\x9b2J?==\n", encoding="utf-8")
    (notes / "config.yaml").write_text('mkcards:\n  output: "x\\e[31m.apkg"\n', encoding="utf-8")
    looks = [["list"], ["check"], ["check", "--open-questions"], ["diff"], ["config"]]
    forms = [["check", "--format", form] for form in ("json", "github", "sarif")]
    forms += [[command, "--format", "json"] for command in ("list", "diff", "config")]
    for command in (*looks, *forms, ["explain"], ["preview"], ["build"], ["build"], ["build", "--no-cache"]):
        target = str(next(notes.glob("*fake.md"))) if command == ["explain"] else str(notes)
        status, shown = on_a_terminal(notes.parent, *command, target)
        assert status == 0, shown
        assert [c for c in shown if c != "\n" and not c.isprintable()] == [], command
        assert all("fake.md" not in line or "owned" in line for line in shown.splitlines()), command


def test_twins_by_unicode_form_keep_their_cards_apart(notes: Path) -> None:
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "Café")
        (notes / f"{name}.md").write_text(f"**Cup in {form}**: a drink of one of the two.\n", encoding="utf-8")
    if len(list(notes.iterdir())) < 3:
        pytest.skip("this file system takes both names for one")
    first = built(notes)
    assert sorted(keys(first)) == ["Cup in NFC", "Cup in NFD", "Tide"]
    assert built(notes, NOW + 9).written is False
    (notes / f"{unicodedata.normalize('NFD', 'Café')}.md").unlink()
    left = built(notes, NOW + 20)
    assert sorted(keys(left)) == ["Cup in NFC", "Tide"]
    assert known(notes)["Cup in NFC"].retired is None


def test_twins_by_case_keep_their_cards_apart(notes: Path) -> None:
    (notes / "TIDE.md").write_text("**Ebb**: the sea going out to its lowest.\n", encoding="utf-8")
    if len(list(notes.iterdir())) < 2:
        pytest.skip("this file system takes both names for one")
    first = built(notes)
    assert sorted(keys(first)) == ["Ebb", "Tide"]
    assert built(notes, NOW + 9).written is False


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_and_sockets_never_keep_a_build_waiting(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(notes / "pipe.md")
    os.mkfifo(notes / "pipe.png")
    os.mkfifo(notes / "config.yaml")
    (notes / "link.md").symlink_to("pipe.md")
    (notes / "device.md").symlink_to(os.devnull)
    (notes / "sea.md").write_text("==What does the sea show?== ![[link]] ![[pipe.png]] the sea\n", encoding="utf-8")
    monkeypatch.chdir(notes)
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("plug.md")  # A longer path may be too long for a socket.
        (notes / "plugged.md").symlink_to("plug.md")
        run = subprocess.run(
            [sys.executable, "-m", "mkcards", ".", "-o", "../out/deck.apkg"],
            capture_output=True,
            check=False,
            timeout=60,
            encoding="utf-8",
        )
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "device.md: unreadable It is no regular file; make it readable (its cards stay as they were)",
        "link.md: unreadable It is no regular file; make it readable (its cards stay as they were)",
        "plugged.md: unreadable No such device or address; make it readable (its cards stay as they were)",
        'sea.md:1: unreadable "link" can\'t be read (It is no regular file); check the file',
        'sea.md:1: missing-media "pipe.png" is not in the vault; add the file or correct the link',
    ]
    assert sorted(known(notes)) == ["Tide", "What does the sea show?"]


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="It is no regular file"):
        read_regular(tmp_path)
    (tmp_path / "x").write_bytes(b"\r\n\x1a\x00")
    assert read_regular(tmp_path / "x") == b"\r\n\x1a\x00"


def test_loops_of_links_end(notes: Path) -> None:
    (notes / "a").symlink_to("b")
    (notes / "b").symlink_to("a")
    (notes / "loop.md").symlink_to("loop.md")
    (notes / "sea.md").write_text("==What does the sea show?== ![[loop]] waves\n", encoding="utf-8")
    (notes / "deep").mkdir()
    (notes / "deep/up").symlink_to("..")
    (notes / "deep/here").symlink_to(".")
    outcome = built(notes)
    assert keys(outcome) == ["What does the sea show?", "Tide"]
    assert said(outcome) == [
        "a: broken-link this link leads nowhere; mend or remove it (the cards from below it stay as they were)",
        "b: broken-link this link leads nowhere; mend or remove it (the cards from below it stay as they were)",
        "loop.md: unreadable Too many levels of symbolic links; make it readable (its cards stay as they were)",
        'sea.md:1: unreadable "loop" can\'t be read (Too many levels of symbolic links); check the file',
    ]


def test_notes_behind_a_link_that_is_no_longer_followed_keep_their_cards(notes: Path) -> None:
    away = notes.parent / "away"
    away.mkdir()
    (away / "ebb.md").write_text("**Ebb**: the sea going out to its lowest.\n", encoding="utf-8")
    (away / "wave.md").write_text("**Wave**: a ridge of water that moves on.\n", encoding="utf-8")
    (notes / "folder").symlink_to(away)
    (notes / "wave.md").symlink_to(away / "wave.md")
    config = Config(notes=(notes,), output=notes.parent / "out/deck.apkg")
    assert sorted(keys(build(replace(config, outside_links=True), now=NOW))) == ["Ebb", "Tide", "Wave"]
    before = known(notes)
    outcome = build(config, now=NOW + 9)
    assert said(outcome) == [
        f"{name}: outside-link this link leads out of the vault; set `outside_links` if what lies there is yours "
        "(the cards from below it stay as they were)"
        for name in ("folder", "wave.md")
    ]
    assert (keys(outcome), outcome.gone, known(notes)) == (["Tide"], 0, before)
    assert sorted(keys(build(replace(config, outside_links=True), now=NOW + 20))) == ["Ebb", "Tide", "Wave"]
    assert known(notes) == before


def test_cards_behind_a_link_that_leads_nowhere_for_a_while_stay(notes: Path) -> None:
    disk = notes / "real"
    disk.mkdir()
    (disk / "ebb.md").write_text("**Ebb**: the sea going out to its lowest.\n", encoding="utf-8")
    built(notes)
    disk.rename(notes.parent / "unmounted")
    disk.symlink_to(notes.parent / "gone")
    outcome = built(notes, NOW + 9)
    assert said(outcome) == [
        "real: broken-link this link leads nowhere; mend or remove it (the cards from below it stay as they were)"
    ]
    assert (keys(outcome), known(notes)["Ebb"].retired) == (["Tide"], None)


def test_a_deck_that_is_a_loop_of_links_is_replaced(notes: Path) -> None:
    deck = notes.parent / "out/deck.apkg"
    deck.parent.mkdir()
    deck.symlink_to(deck)
    built(notes)
    assert (deck.is_symlink(), package.read_ledger(deck)) == (False, (deck.parent / "deck.ledger.jsonl").read_bytes())


@pytest.mark.parametrize("name", ["deck.apkg", "deck.retired.apkg", "deck.ledger.jsonl"])
@pytest.mark.parametrize("there", [True, False])
def test_nothing_is_written_through_a_link_to_what_is_no_deck(notes: Path, name: str, there: bool) -> None:
    mine = notes.parent / name.replace("deck", "mine")
    built(notes)
    (notes.parent / "out" / name).unlink(missing_ok=True)
    (notes.parent / "out" / name).symlink_to(mine)
    if there:
        mine.write_bytes(b"# mine\n")
    (notes / "tide.md").write_text("**Ebb**: the sea going out to its lowest.\n", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        built(notes, NOW + 9)
    assert str(caught.value) == (
        f"{notes.parent}/out/{name}: foreign-deck this link leads to {mine}, which mkcards did not write; "
        "remove it, or name that file itself"
    )
    assert (mine.read_bytes() if there else mine.exists()) == (b"# mine\n" if there else False)


@pytest.mark.parametrize("suffix", [".apkg", ".csv", ".jsonl"])
def test_a_deck_and_its_ledger_may_be_links_to_a_deck_and_its_ledger(notes: Path, suffix: str) -> None:
    output, away = notes.parent / f"out/deck{suffix}", notes.parent / "away"
    away.mkdir()
    build(Config(notes=(notes,), output=output), now=NOW)
    for path in (output, ledger.beside(output)):
        path.rename(away / path.name)
        path.symlink_to(away / path.name)
    (notes / "ebb.md").write_text("**Ebb**: the sea going out to its lowest.\n", encoding="utf-8")
    outcome = build(Config(notes=(notes,), output=output), now=NOW + 9)
    assert (outcome.new, outcome.written, output.is_symlink()) == (1, True, True)
    assert len(ledger.load(away / "deck.ledger.jsonl").cards) == 2


def test_what_a_killed_run_left_is_named_when_it_can_not_be_removed(notes: Path) -> None:
    left = notes.parent / "out/.deck.apkg.01234567.tmp"
    left.mkdir(parents=True)
    with pytest.raises(OutputError) as caught:
        built(notes)
    assert str(caught.value) == f"{left}: output it can't be removed (Is a directory); remove it"


def test_a_note_that_vanishes_while_it_is_read_keeps_its_cards(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (notes / "ebb.md").write_text("**Ebb**: the sea going out to its lowest.\n", encoding="utf-8")
    built(notes)
    whole = os.open

    def vanishing(path: Path, *args: int, **kwargs: object) -> int:
        if str(path).endswith("ebb.md"):
            Path(path).unlink()
        return whole(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", vanishing)
    outcome = built(notes, NOW + 9)
    assert (said(outcome), outcome.written) == ([], False)
    assert known(notes)["Ebb"].retired is None
    monkeypatch.undo()
    assert keys(built(notes, NOW + 20)) == ["Tide"]
    assert known(notes)["Ebb"].retired == NOW + 20


def test_a_note_that_changes_while_it_is_read_is_read_again_by_the_next_build(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = os.open
    later = TIDE.replace("shore", "coast")

    def changing(path: Path, *args: int, **kwargs: object) -> int:
        opened = whole(path, *args, **kwargs)  # type: ignore[arg-type]
        if str(path).endswith("tide.md"):
            fresh = notes / "tide.new"
            fresh.write_text(later, encoding="utf-8")
            fresh.rename(path)
        return opened

    monkeypatch.setattr(os, "open", changing)
    assert [card.fields.answer for card in built(notes).cards] == ["the rise and fall of the sea at a shore."]
    monkeypatch.undo()
    outcome = built(notes, NOW + 9)
    assert [card.fields.answer for card in outcome.cards] == ["the rise and fall of the sea at a coast."]
    assert (outcome.new, outcome.changed, outcome.gone) == (0, 1, 0)


def test_a_picture_that_changes_while_the_deck_is_written_stops_the_build(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notes / "sea.png").write_bytes(b"old")
    (notes / "sea.md").write_text("==How does the sea look?== ![[sea.png]]\n", encoding="utf-8")
    write = package.Package.write

    def painted(*args: object, **kwargs: object) -> None:
        (notes / "sea.png").write_bytes(b"new")
        write(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(package.Package, "write", painted)
    with pytest.raises(OutputError) as caught:
        built(notes)
    deck = notes.parent / "out/deck.apkg"
    assert str(caught.value) == (
        f"{deck}: output the deck can't be written ({notes}/sea.png: it changed while it was read; build again)"
    )
    assert not deck.exists()
    monkeypatch.undo()
    assert built(notes, NOW + 9).written is True


def test_a_clock_that_jumps_back_never_makes_a_card_older(notes: Path) -> None:
    built(notes, NOW)
    (notes / "tide.md").write_text(TIDE.replace("shore", "coast"), encoding="utf-8")
    built(notes, 5)
    assert known(notes)["Tide"].changed == NOW + 1
    (notes / "tide.md").write_text("nothing\n", encoding="utf-8")
    built(notes, 3)
    assert (known(notes)["Tide"].changed, known(notes)["Tide"].retired) == (NOW + 2, NOW + 2)
    (notes / "tide.md").write_text(TIDE, encoding="utf-8")
    built(notes, 1)
    assert (known(notes)["Tide"].changed, known(notes)["Tide"].retired) == (NOW + 3, None)


@pytest.mark.parametrize("text", ["", "-1", "1e9", "٣", "999999999999", "2024-01-01", "1 ", "nan"])
def test_a_bad_source_date_epoch_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    with pytest.raises(UsageError) as caught:
        clock()
    assert str(caught.value) == f'SOURCE_DATE_EPOCH: bad-value "{text}" is no Unix second; correct or unset it'


def test_a_clock_before_1970_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr("time.time", lambda: -5.5)
    assert clock() == 1


def test_the_latest_second_makes_a_deck(notes: Path) -> None:
    outcome = built(notes, 99_999_999_999)
    assert (outcome.written, known(notes)["Tide"].changed) == (True, 99_999_999_999)


@contextmanager
def as_somebody(path: Path) -> Iterator[None]:
    """Do without the rights of root, who may read and write everything; others may pass the folders above a path."""
    if os.name == "nt":
        pytest.skip("permissions are no modes here")
    if os.geteuid() != 0:
        yield
        return
    modes = [(up, up.stat().st_mode) for up in path.parents if up.stat().st_uid == 0]
    for up, mode in modes:
        up.chmod(mode | 0o055)
    with tempfile.TemporaryDirectory(dir=path.parent.parent) as own, pytest.MonkeyPatch.context() as patch:
        Path(own).chmod(0o777)
        patch.setattr("tempfile.tempdir", own)
        os.setegid(65534)
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)
            os.setegid(0)
        for up, mode in modes:
            up.chmod(mode)


def test_what_may_not_be_read_keeps_its_cards(notes: Path) -> None:
    (notes / "ebb.md").write_text("**Ebb**: the sea going out to its lowest.\n", encoding="utf-8")
    (notes / "deep").mkdir()
    (notes / "deep/wave.md").write_text("**Wave**: a ridge of water that moves on.\n", encoding="utf-8")
    built(notes)
    out = notes.parent / "out"
    for path in (out, *out.iterdir()):
        path.chmod(0o777)
    (notes / "ebb.md").chmod(0)
    (notes / "deep").chmod(0)
    with as_somebody(notes / "tide.md"):
        outcome = built(notes, NOW + 9)
    (notes / "deep").chmod(0o755)
    assert said(outcome) == [
        "deep: unreadable-folder Permission denied; make it readable (the cards from below it stay as they were)",
        "ebb.md: unreadable Permission denied; make it readable (its cards stay as they were)",
    ]
    assert {key: card.retired for key, card in known(notes).items()} == {"Ebb": None, "Tide": None, "Wave": None}


def test_a_picture_that_may_not_be_read_keeps_its_cards(notes: Path) -> None:
    (notes / "sea.md").write_text(
        "==What does the sea look like?==\n\n![[sea.png]]\n\n**Wave**: a ridge of water ![[sea.png]] that moves on.\n",
        encoding="utf-8",
    )
    picture = notes / "sea.png"
    picture.write_bytes(b"blue")
    built(notes)
    whole = [card.id for card in built(notes).cards]  # What reads a deck is imported while that may be read.
    before = known(notes)
    out = notes.parent / "out"
    for path in (out, *out.iterdir()):
        path.chmod(0o777)
    (notes / "tide.md").write_text(TIDE.replace("shore", "coast"), encoding="utf-8")
    picture.chmod(0)
    with as_somebody(notes / "tide.md"):
        outcome = built(notes, NOW + 9)
    picture.chmod(0o644)
    message = 'unreadable "sea.png" can\'t be read (Permission denied); check the file'
    assert said(outcome) == [f"sea.md:5: {message}"]
    assert (keys(outcome), outcome.changed, outcome.gone) == (["Tide"], 1, 0)
    assert known(notes) == {**before, "Tide": known(notes)["Tide"]}
    again = built(notes, NOW + 18)
    assert ([card.id for card in again.cards], again.changed, again.written) == (whole, 0, True)
    assert known(notes) == {**before, "Tide": known(notes)["Tide"]}
    assert built(notes, NOW + 27).written is False


def test_a_cache_that_may_not_be_written_is_done_without(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = notes.parent / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(kept))
    config, effort = Config(notes=(notes,), output=notes.parent / "out/deck.apkg"), Effort(1, "code")
    build(config, now=NOW, effort=effort)
    for path in (*kept.rglob("*"), notes.parent / "out", *(notes.parent / "out").iterdir()):
        if os.geteuid() == 0:
            os.chown(path, 65534, 65534)
    (notes / "tide.md").write_text(TIDE.replace("shore", "coast"), encoding="utf-8")
    (file,) = kept.rglob("*.sqlite")
    file.chmod(0o444)
    file.parent.chmod(0o555)
    with as_somebody(notes / "tide.md"):
        outcomes = cards(config, now=NOW + 9, effort=effort), build(config, now=NOW + 9, effort=effort)
    file.parent.chmod(0o755)
    assert [[card.fields.answer for card in one.cards] for one in outcomes] == [
        ["the rise and fall of the sea at a coast."],
        ["the rise and fall of the sea at a coast."],
    ]


def test_an_output_that_may_not_be_written_is_named(notes: Path) -> None:
    built(notes)
    out = notes.parent / "out"
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (notes / "tide.md").write_text(TIDE.replace("shore", "coast"), encoding="utf-8")
    out.chmod(0o555)
    with as_somebody(notes / "tide.md"), pytest.raises(OutputError) as caught:
        built(notes, NOW + 9)
    out.chmod(0o755)
    message = f"{out}/deck.apkg: output its folder can't be written (Permission denied); name another"
    assert str(caught.value) == message
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_full_disk_loses_nothing(notes: Path, small_disk: Path) -> None:
    deck = small_disk / "deck.apkg"
    config = Config(notes=(notes,), output=deck)
    build(config, now=NOW)
    before = {path.name: path.read_bytes() for path in small_disk.iterdir()}
    (notes / "new.md").write_text("**Ebb**: the sea going out to its lowest.\n", encoding="utf-8")
    full = small_disk / "full"
    messages = set()
    free = os.statvfs(small_disk).f_bavail
    for left in (0, 1, 2, 4, 8, 12, 16):
        full.write_bytes(b"x" * 4096 * (free - left))
        try:
            build(config, now=NOW + 9)
        except MkcardsError as error:
            messages.add(str(error))
        else:
            break
        finally:
            full.unlink()
        ids = {card.id for card in ledger.load(small_disk / "deck.ledger.jsonl").cards}
        assert ids >= {card.id for card in ledger.loads(before["deck.ledger.jsonl"], "x").cards}
        assert (deck.read_bytes(), package.read_ledger(deck)) == (before["deck.apkg"], before["deck.ledger.jsonl"])
        assert sorted(path.name for path in small_disk.iterdir()) == ["deck.apkg", "deck.ledger.jsonl"]
    assert len(messages) > 1
    assert all("No space left on device" in one and one.startswith(f"{small_disk}/") for one in messages), messages
    build(config, now=NOW + 20)
    assert package.read_ledger(deck) == (small_disk / "deck.ledger.jsonl").read_bytes()


def test_a_full_disk_for_temporary_files_is_named(
    notes: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    (small_disk / "full").write_bytes(b"x" * 4096 * os.statvfs(small_disk).f_bavail)
    with pytest.raises(OutputError) as caught:
        built(notes)
    deck = notes.parent / "out/deck.apkg"
    reason = f"a temporary file in {small_disk}: database or disk is full"
    assert str(caught.value) == f"{deck}: output the deck can't be written ({reason})"
    assert [path.name for path in small_disk.iterdir()] == ["full"]
    monkeypatch.undo()
    assert built(notes).written is True


# More than Python's stack holds.
ROWS = 1200
NESTED = (
    *("> " * 10_000, "- " * 10_000, "[" * 10_000, "![" * 4_000, "**a " * 4_000, "==a " * 4_000, "(" * 10_000),
    *("<b>" * 10_000, "<div>\n" * 10_000, "`" * 10_000, "%%" * 9_999, "$" * 9_999, "1. " * 10_000, "[^a" * 3_999),
    "".join("\t" * at + "- a\n" for at in range(500)),
    "".join(">" * at + " a\n" for at in range(500)),
    *("- a\n**B:**\n" * ROWS, "1. a\n**B:**\n2. b\n" * ROWS, "%%\na\n%%\n" * ROWS, "%% nocard %%\n\n" * ROWS),
    *("3. a\n\n" * ROWS, "> a\n\n" * ROWS, "a\n: b\n\n" * ROWS, "[^a]: b\n\n" * ROWS, "# a\n" * ROWS),
)


@pytest.mark.parametrize("text", NESTED, ids=[repr(text[:8]) for text in NESTED])
def test_nesting_and_rows_of_thousands_cost_no_card(notes: Path, text: str) -> None:
    whole = f"{text}a?\n\n==What is deep?== {text}\n"
    (notes / "deep.md").write_text(whole, encoding="utf-8")
    outcome = built(notes)
    assert "Tide" in keys(outcome)
    assert [one for one in said(outcome) if "failed" in one] == []


def test_a_line_of_ten_megabytes_costs_no_other_card(notes: Path) -> None:
    (notes / "long.md").write_bytes(b"a word " * 1_500_000)
    outcome = built(notes)
    assert (keys(outcome), said(outcome)) == (["Tide"], [])
