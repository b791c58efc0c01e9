"""What holds for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings


@pytest.fixture(autouse=True, scope="session")
def no_cache_of_others(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the caches of runs, also of other processes, out of the user's own."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("mkcards", deadline=None)
settings.load_profile("mkcards")
