"""What holds for every test."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings


def pytest_collection_finish() -> None:
    """Keep thousands of tests out of each search for garbage, and search seldom: that took eight seconds of a run."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


@pytest.fixture(autouse=True, scope="session")
def no_cache_of_others(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the caches of runs, also of other processes, out of the user's own."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(autouse=True, scope="session")
def code_is_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where Python is told to keep no compiled code, let the processes that tests start share it nevertheless."""
    if sys.dont_write_bytecode:
        patch = pytest.MonkeyPatch()
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("compiled")))


@pytest.fixture(autouse=True, scope="session")
def nobody_waits_for_the_disk() -> None:
    """Builds within the tests' own process need not outlive a loss of power; those of other processes sync."""
    # A descriptor that is none still fails.
    pytest.MonkeyPatch().setattr(os, "fsync", os.fstat)


# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("mkcards", deadline=None)
settings.load_profile("mkcards")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can't be mounted here; that needs root on Linux")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)
