"""What an author silences in a note stays unsaid, there and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import mkcards
from mkcards.config import Config
from mkcards.data import Silence
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.extract import extract
from mkcards.parse import parse
from mkcards.silence import heard, silences

FAR = 1_000_000


def silent(text: str, code: str = "long-list") -> list[int]:
    """The lines of a note on which a code is silenced; `FAR` stands for all below the note."""
    note, _ = parse("Sea.md", text)
    lines = [*range(text.count("\n") + 1), FAR]
    found = [Diagnostic("Sea.md", line, code, "x") for line in lines]
    said = {one.line for one in heard(found, silences(note))}
    return [line for line in lines if line not in said]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# Sea\n\n**Boats:** %% ignore long-list %%\n- hull\n- keel\n\nmore\n", [3, 4, 5]),
        ("# Sea\n\nThe sea is wide. %% ignore long-list %%\n\nThe shore is long.\n", [3]),
        ("# Sea\n\n%% ignore long-list %%\n\nThe sea is wide.\n\nThe shore is long.\n", [3, 4, 5, 6, 7, FAR]),
        ("# Sea\n\nWide.\n\n%% ignore long-list %%\n\n- hull\n- keel\n\n- mast\n\nmore\n", [5, 6, 7, 8, 9, 10]),
        ("a\n\n## Sea %% ignore long-list %%\n\nb\n\n### Tide\n\nc\n\n## Land\n\nd\n", [3, 4, 5, 6, 7, 8, 9, 10]),
        ("- hull\n  - plank %% ignore long-list %%\n  - rib\n- keel\n", [2]),
        ("> Boats: %% ignore long-list %%\n> - hull\n> - keel\n\nmore\n", [1, 2, 3]),
        ("%% ignore long-list %%\n\n# Sea\n\nwide\n", [0, 1, 2, 3, 4, 5, FAR]),
        ("---\ntitle: Sea\n---\n<!-- ignore long-list -->\n\nwide\n\n## Land\n", [0, 1, 2, 3, 4, 5, 6, 7, 8, FAR]),
        ("a\n\nb %% ignore: same-card, long-list %%\n", [3]),
        ("a\n\nb %% Ignore Long-list %%\n", [3]),
        ("a\n\nb %% nocard, ignore long-list %%\n", [3]),
        ("a\n\nb %% ignore long-items %%\n", []),
        ("a\n\nb %% ignore this long-list as it is old. %%\n", []),
        ("a\n\nb %% ignored long-list %%\n", []),
        ("a\n\n`%% ignore long-list %%`\n", []),
    ],
)
def test_where_a_comment_silences(text: str, lines: list[int]) -> None:
    assert silent(text) == lines


def test_errors_are_always_heard() -> None:
    found = [Diagnostic("Sea.md", 1, "crash", "x", one) for one in Severity]
    assert [one.severity for one in heard(found, [Silence("Sea.md", 1, 2, ("crash",))])] == [Severity.ERROR]


def test_the_note_of_a_silence_is_its_own() -> None:
    found = [Diagnostic(path, 1, "long-list", "x") for path in ("Sea.md", "Land.md")]
    assert heard(found, [Silence("Sea.md", 1, 2, ("long-list",))]) == (found[1],)


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("ignore long-lists", "there is no code `long-lists`; did you mean `long-list`?"),
        ("ignore: long-list, foo", "there is no code `foo`; the README lists what there is"),
        ("ignore long-list foo", "there is no code `foo`; the README lists what there is"),
        ("Ignore foo, long-list", "there is no code `foo`; the README lists what there is"),
        ("ignore long-list", ""),
        ("ignore this for now", ""),
    ],
)
def test_a_code_that_does_not_exist_is_named(comment: str, said: str) -> None:
    note, _ = parse("Sea.md", f"# Sea\n\n- hull\n- keel %% {comment} %%\n")
    found = extract(note, Config()).diagnostics
    assert [(str(one), one.severity) for one in found] == (
        [(f"Sea.md:4: unknown-code {said}", Severity.REMARK)] if said else []
    )


def test_neither_a_build_nor_check_says_it(tmp_path: Path) -> None:
    said = (
        "Sea.md:3: count-mismatch the label says Two, the list has 3 items; correct one of them\n",
        "Sea.md:7: answer-breaks-off “Why is the sea salty?” has an answer that breaks off at "
        "“The rivers carry this to it:”; indent what follows, so that it belongs to it\n",
    )
    text = (
        "# Sea\n\n**Two parts of a boat:**\n- hull\n- keel\n- mast\n"
        "==Why is the sea salty?==\n\n> The rivers carry this to it:\n"
    )
    for quiet, heard_ in (("", said), ("%% ignore count-mismatch %%", said[1:])):
        folder = tmp_path / f"notes{len(quiet)}"
        folder.mkdir()
        note = text.replace("boat:**", f"boat:** {quiet}").replace("mast\n", "mast\n\n")
        (folder / "Sea.md").write_text(note, encoding="utf-8")
        status, out, _ = mkcards(tmp_path, "check", folder.name)
        assert (status, out) == (0, "".join(heard_).replace(":7:", ":8:"))
        _, _, err = mkcards(tmp_path, folder.name, "-o", f"{folder.name}.apkg")
        assert err.count("count-mismatch") == (quiet == "")
