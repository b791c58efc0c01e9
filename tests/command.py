"""Runs the command line inside the test's own process, which saves the start of a Python for each run."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

from mkcards.cli import main


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def mkcards(folder: Path, *args: str, **env: str) -> tuple[int, str, str]:
    """Exit status, output and errors of a run in a folder."""
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    status = None
    with (
        _within(folder),
        patch.dict(os.environ, env),
        patch.object(sys, "argv", ["mkcards", *args]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code
        finally:
            gc.enable()  # A run ends before garbage matters, a test does not.
    assert isinstance(status, int)
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    return status, said[0], said[1]
