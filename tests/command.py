"""Runs the command line inside the test's own process, which saves the start of a Python for each run."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TextIO
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
    status = _status(folder, args, env, out, err)
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    return status, said[0], said[1]


def on_a_terminal(folder: Path, *args: str) -> tuple[int, str]:
    """Exit status of a run in a folder, and what a terminal gets; on its way to anything else click takes colours out.

    Without cursor control the terminal is shown no bar of progress.
    """
    ours, its = os.openpty()
    with ThreadPoolExecutor(1) as thread:
        shown = thread.submit(_all_of, ours)
        with open(its, "w", encoding="utf-8") as terminal:  # noqa: PTH123
            status = _status(folder, args, {"TERM": "dumb"}, terminal, terminal)
        return status, shown.result().decode().replace("\r\n", "\n")


def _all_of(terminal: int) -> bytes:
    found = b""
    # One that nobody writes to any more reads as an error.
    with open(terminal, "rb", buffering=0) as stream, suppress(OSError):
        while piece := stream.read(65536):
            found += piece
    return found


def _status(folder: Path, args: tuple[str, ...], env: dict[str, str], out: TextIO, err: TextIO) -> int:
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
    return status
