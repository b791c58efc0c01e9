from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkcards import unchanged
from mkcards.config import Config
from mkcards.data import NoteFile
from mkcards.discover import discover, read
from mkcards.errors import UsageError


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", encoding="utf-8")


def paths(root: Path, *exclude: str) -> list[str]:
    found, diagnostics = discover([root], exclude)
    assert diagnostics == ()
    return [note.path for note in found.notes]


def test_notes_come_folder_by_folder_with_numbers_by_value(tmp_path: Path) -> None:
    write(tmp_path, "10 last.md", "2 second.md", "1 first.markdown", "B/x.md", "a/y.MD", "image.png")
    assert paths(tmp_path) == ["1 first.markdown", "2 second.md", "10 last.md", "a/y.MD", "B/x.md"]


def test_hidden_folders_and_node_modules_are_skipped(tmp_path: Path) -> None:
    write(tmp_path, "a.md", ".trash/b.md", ".obsidian/c.md", "node_modules/d.md", ".hidden.md", "x/.git/e.md")
    assert paths(tmp_path) == ["a.md"]


@pytest.mark.parametrize(
    ("glob", "left"),
    [
        ("Templates", ["Daily/2024.md", "a.md", "x/b.draft.md"]),
        ("*.draft.md", ["Daily/2024.md", "Templates/t.md", "a.md", "x/Templates/u.md"]),
        ("Daily/**", ["Templates/t.md", "a.md", "x/b.draft.md", "x/Templates/u.md"]),
        ("/Templates/", ["Daily/2024.md", "a.md", "x/b.draft.md", "x/Templates/u.md"]),
        ("**/Templates/*.md", ["Daily/2024.md", "a.md", "x/b.draft.md"]),
        ("x/*", ["Daily/2024.md", "Templates/t.md", "a.md"]),
        ("?.md", ["Daily/2024.md", "x/b.draft.md"]),
    ],
)
def test_exclude_globs(tmp_path: Path, glob: str, left: list[str]) -> None:
    write(tmp_path, "a.md", "x/b.draft.md", "Templates/t.md", "x/Templates/u.md", "Daily/2024.md")
    assert sorted(paths(tmp_path, glob)) == sorted(left)


def test_a_glob_may_name_the_folders_that_lead_to_the_root(tmp_path: Path) -> None:
    root = tmp_path / "big" / "v"
    write(root, "a.md", "Daily/2024.md", "x/v/Daily/b.md")
    left = ["a.md", "x/v/Daily/b.md"]
    assert paths(root, "v/Daily") == paths(root, "./big/v/Daily/") == paths(root, f"{root}/Daily/*.md") == left
    write(root, "v/Daily/c.md")
    assert paths(root, "v/Daily") == ["a.md", "Daily/2024.md", "x/v/Daily/b.md"]


def test_globs_of_many_wildcards_end(tmp_path: Path) -> None:
    write(tmp_path, f"{'a' * 200}.md", f"{'a/' * 60}c.md", "a\nb.md")
    assert len(paths(tmp_path, "*a" * 12 + "b", "**/a/" * 8 + "b", "**a" * 12 + "b", "a?" * 60)) == 3
    assert paths(tmp_path, "*a" * 12 + "*.md", "**/a/" * 8 + "**/c.md") == ["a\nb.md"]


def test_the_vault_root_is_the_nearest_ancestor_with_its_marker(tmp_path: Path) -> None:
    write(tmp_path, "Vault/Bio/cell.md", "Vault/attachments/cell.png", "Vault/.obsidian/app.json")
    found, _ = discover([tmp_path / "Vault/Bio"])
    assert (found.vault.root, found.vault.name) == (tmp_path / "Vault", "Vault")
    assert found.vault.files == ("Bio/cell.md", "attachments/cell.png")
    assert [note.path for note in found.notes] == ["Bio/cell.md"]
    assert found.roots == ("Bio",)


def test_without_a_marker_the_given_folder_is_the_vault(tmp_path: Path) -> None:
    write(tmp_path, "notes/a.md", "other/b.png")
    found, _ = discover([tmp_path / "notes"])
    assert (found.vault.root, found.vault.files, found.roots) == (tmp_path / "notes", ("a.md",), (".",))


def test_several_folders_share_their_parent_but_nothing_beside_them(tmp_path: Path) -> None:
    write(tmp_path, "a/x.md", "b/y.md", "c/z.png")
    found, _ = discover([tmp_path / "b", tmp_path / "a"])
    assert (found.vault.root, found.vault.files) == (tmp_path, ("a/x.md", "b/y.md"))
    assert ([note.path for note in found.notes], found.roots) == (["a/x.md", "b/y.md"], ("a", "b"))


def test_vault_setting_overrides(tmp_path: Path) -> None:
    write(tmp_path, "notes/deep/a.md")
    found, _ = discover([tmp_path / "notes/deep"], vault=tmp_path / "notes")
    assert found.notes == (NoteFile("deep/a.md", str(tmp_path / "notes/deep/a.md")),)
    write(tmp_path, "else/b.md")
    with pytest.raises(UsageError) as caught:
        discover([tmp_path / "notes/deep"], vault=tmp_path / "else")
    assert str(caught.value) == (
        f"{tmp_path}/notes/deep: outside-vault the vault is {tmp_path}/else; name notes inside it"
    )


def test_a_file_given_by_name(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b.txt")
    found, _ = discover([tmp_path / "b.txt", tmp_path / "a.md", tmp_path / "a.md"])
    assert [note.path for note in found.notes] == ["a.md", "b.txt"]
    assert found.roots == ("a.md", "b.txt")


def test_errors_name_the_path(tmp_path: Path) -> None:
    write(tmp_path, "empty/image.png", "Vault/.obsidian/x", "Vault/a.md", "loose/b.md")
    with pytest.raises(UsageError) as caught:
        discover([tmp_path / "nowhere"])
    assert (
        str(caught.value) == f"{tmp_path}/nowhere: not-found there is no such file or folder; check the name"
    )
    with pytest.raises(UsageError) as caught:
        discover([tmp_path / "empty"])
    assert str(caught.value) == (
        f"{tmp_path}/empty: no-notes it holds no *.md or *.markdown that is not excluded; "
        "is it the right folder, and is its disk mounted?"
    )
    with pytest.raises(UsageError) as caught:
        discover([tmp_path / "Vault", tmp_path / "loose"])
    assert str(caught.value) == (
        f"{tmp_path}/Vault: two-vaults the notes span several vaults ({tmp_path}/Vault, no vault); "
        "build each alone"
    )


@pytest.mark.parametrize(
    "name",
    [
        "a.sync-conflict-20260102-030405-ABCDEFG.md",
        "a (Ada's conflicted copy 2026-01-02).md",
        "a (conflicted copy 2026-01-02 030405).md",
        "a (Case Conflict 1).md",
        "a_conflict-20260102-030405.md",
        "a (SFConflict ada@example.org 2026-01-02-03-04-05).md",
        "a [conflicted 2].md",
        "a_Disk_Jan-02-0304-2026_Conflict.md",
    ],
)
def test_a_conflict_copy_makes_no_cards_unless_it_is_named(tmp_path: Path, name: str) -> None:
    write(tmp_path, "a.md", f"folder/{name}", "On conflict.md", "conflicted.md")
    found, problems = discover([tmp_path])
    assert [note.path for note in found.notes] == ["a.md", "conflicted.md", "On conflict.md"]
    assert [str(one) for one in problems] == [
        f"folder/{name}: conflict-copy a sync tool made this copy of a note, so it makes no cards; "
        "take over what you need and delete it"
    ]
    assert [note.path for note in discover([tmp_path / "folder" / name])[0].notes] == [name]
    with pytest.raises(UsageError, match="no-notes it holds no"):
        discover([tmp_path / "folder"])


def test_links_give_each_note_once_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path, "real/a.md", "real/b.md")
    (tmp_path / "real/up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "real")
    for number in range(2000):
        (tmp_path / f"{number}.md").symlink_to(tmp_path / "real/a.md")
    (tmp_path / "self.png").symlink_to("self.png")
    assert paths(tmp_path) == ["real/a.md", "real/b.md"]


def test_links_that_lead_out_are_named_and_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "notes/a.md", "notes/deep/c.md", "else/b.md", "else/secret.png", "notes2/d.md")
    for name, target in {
        "link": "else",
        "note.md": "else/b.md",
        "up": "",
        "beside": "notes2",
        "secret.png": "else/secret.png",
        "inner": "notes/deep",
    }.items():
        (tmp_path / "notes" / name).symlink_to(tmp_path / target)
    found, problems = discover([tmp_path / "notes"])
    assert [note.path for note in found.notes] == ["a.md", "deep/c.md"]
    assert found.vault.files == ("a.md", "deep/c.md")
    assert found.unread == ("beside", "link", "note.md", "up")
    assert str(min(problems, key=lambda one: one.path)) == (
        "beside: outside-link this link leads out of the vault; set `outside_links` if what lies there is yours "
        "(the cards from below it stay as they were)"
    )
    assert sorted((one.path, one.code, one.severity.value) for one in problems) == [
        (name, "outside-link", "warning") for name in ("beside", "link", "note.md", "up")
    ]


def test_what_is_named_is_read_wherever_links_lead(tmp_path: Path) -> None:
    write(tmp_path, "vault/.obsidian/x", "vault/a.md", "else/b.md")
    (tmp_path / "vault/link").symlink_to(tmp_path / "else")
    (tmp_path / "vault/note.md").symlink_to(tmp_path / "else/b.md")
    (tmp_path / "door").symlink_to(tmp_path / "vault")
    assert [note.path for note in discover([tmp_path / "vault/link"])[0].notes] == ["link/b.md"]
    assert [note.path for note in discover([tmp_path / "vault/note.md"])[0].notes] == ["note.md"]
    assert [note.path for note in discover([tmp_path / "door"])[0].notes] == ["a.md"]


def test_linked_notes_from_elsewhere_are_read_if_allowed_but_their_neighbours_are_not_embedded(tmp_path: Path) -> None:
    write(tmp_path, "notes/a.md", "else/b.md", "else/secret.png")
    (tmp_path / "notes/link").symlink_to(tmp_path / "else")
    found, _ = discover([tmp_path / "notes"], outside=True)
    assert [note.path for note in found.notes] == ["a.md", "link/b.md"]
    assert found.vault.files == ("a.md",)


def test_links_that_lead_nowhere_keep_their_cards(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    (tmp_path / "gone.md").symlink_to(tmp_path / "unmounted/gone.md")
    (tmp_path / "disk").symlink_to(tmp_path / "unmounted")
    (tmp_path / "gone.png").symlink_to(tmp_path / "unmounted/gone.png")
    found, diagnostics = discover([tmp_path])
    assert [note.path for note in found.notes] == ["a.md", "gone.md"]
    assert found.unread == ("disk",)
    assert [str(diagnostic) for diagnostic in diagnostics] == [
        "disk: broken-link this link leads nowhere; mend or remove it "
        "(the cards from below it stay as they were)"
    ]
    text, (diagnostic,) = read(found.notes[1])
    assert text is None
    assert str(diagnostic) == (
        "gone.md: broken-link this link leads nowhere; mend or remove it (its cards stay as they were)"
    )


def test_a_link_that_the_system_does_not_follow_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.md")
    (tmp_path / "exe").symlink_to("a.md")
    readlink = os.readlink

    def refused(path: str) -> str:
        if path.endswith("exe"):
            raise FileNotFoundError(2, "No such file or directory", path)
        return readlink(path)

    monkeypatch.setattr(os, "readlink", refused)
    found, diagnostics = discover([tmp_path])
    assert ([note.path for note in found.notes], diagnostics) == (["a.md"], ())
    assert "->" not in unchanged.snapshot((), (str(tmp_path),), (), 0).text


def test_an_unreadable_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.md", "locked/b.md")
    scandir = os.scandir

    def locked(path: str) -> object:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", locked)
    found, diagnostics = discover([tmp_path])
    assert found.unread == ("locked",)
    assert [str(diagnostic) for diagnostic in diagnostics] == [
        "locked: unreadable-folder Permission denied; make it readable "
        "(the cards from below it stay as they were)"
    ]


@pytest.mark.parametrize(
    "data",
    [
        "ä\nb\nc\n".encode(),
        b"\xef\xbb\xbf\xc3\xa4\r\nb\rc\n",
        "ä\r\nb\nc\n".encode("utf-16"),
        b"\xfe\xff" + "ä\nb\nc\n".encode("utf-16-be"),
        "ä\nb\nc\n".encode("utf-32"),
    ],
)
def test_encodings_and_line_ends(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.md").write_bytes(data)
    assert read(NoteFile("a.md", tmp_path / "a.md")) == ("ä\nb\nc\n", ())


def test_undecodable_bytes_name_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one\ntwo caf\xe9\n")
    text, (diagnostic,) = read(NoteFile("x/a.md", tmp_path / "a.md"))
    assert text is None
    assert str(diagnostic) == (
        "x/a.md:2: undecodable this is not UTF-8; save the note as UTF-8 (its cards stay as they were)"
    )


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff")))
def test_any_text_is_read_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.md"
    file.write_bytes(text.encode())
    assert read(NoteFile("any.md", file)) == (text, ())


def test_what_speaks_to_programs_and_contributors_is_left_out(tmp_path: Path) -> None:
    for name in ("README.md", "AGENTS.md", "Tides.md", "Moon/README.md", "Moon/CLAUDE.md", "Templates/Day.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# Tides\n", encoding="utf-8")
    assert paths(tmp_path, *Config().exclude) == ["Moon/README.md", "Tides.md"]
