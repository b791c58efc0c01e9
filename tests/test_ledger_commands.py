"""What `drop` and `merge-ledgers` refuse, and what they leave as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import mkcards

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
