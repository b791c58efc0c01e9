"""What fuzzing found holds for ever, and for whatever comes near it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzzing import TARGETS
from mkcards.config import RULES
from test_laws import ODD, SNIPPETS

FOUND = sorted(path for path in (Path(__file__).parent / "fuzzed").rglob("*") if path.is_file())
PIECES = (
    *(text.encode("utf-8", "surrogatepass") for text in (*SNIPPETS, *ODD)),
    *(b"&a ", b"*a ", b"<<: ", b"!!int ", b"? ", b"{", b"["),
    *(b'{"format": 1, "namespace": "n", "roots": []}', b'{"id": "a", "changed": ', b"1e999", b"null", b"\n", b"\xff"),
)
pieces = st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=8).map(b"".join)


@pytest.mark.parametrize("path", FOUND, ids=[f"{path.parent.name}/{path.name}" for path in FOUND])
def test_what_was_found_holds(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_each_case_has_a_target() -> None:
    assert {path.parent.name for path in FOUND} <= set(TARGETS)
    assert len(FOUND) > 10


@pytest.mark.parametrize("name", sorted(TARGETS.keys() - {"rules", *RULES}))
def test_any_bytes_hold(name: str) -> None:
    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(pieces)
    def hold(data: bytes) -> None:
        TARGETS[name](data)

    hold()
