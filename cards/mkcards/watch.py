"""Builds again whenever the notes change, until told to stop."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Final

import watchfiles

from mkcards import ledger
from mkcards.config import Config
from mkcards.discover import SUFFIXES, vault_root
from mkcards.effort import ALONE, Effort
from mkcards.errors import MkcardsError, OutputError
from mkcards.globs import is_skipped
from mkcards.outputs import aside, clock, output_of
from mkcards.pipeline import Outcome, build
from mkcards.syntax.references import is_medium
from mkcards.warm import Warm, warmed

TICK: Final = 0.5
"""Seconds after which a quiet watch looks around: did the settings change, is the folder still the same?"""
QUIET: Final = 0.05
"""Seconds without a change after which a burst of them is over."""
BURST: Final = 3.0
"""Seconds after which a burst of changes is looked at although it goes on."""
FILLING: Final = 2.0
"""Seconds that an empty note is given to be filled, and media that went to come back: editors and sync tools empty or
remove a file before they write it."""
GIT: Final = 30.0
"""Seconds that git is given to finish what it does to the notes."""
POLL: Final = 10.0
"""Seconds between two looks at all files, where the system watches no more of them."""
RETRY: Final = 5.0
"""Seconds after which a build that failed is tried again."""
_TEMPORARY: Final = ("~", ".tmp", ".swp", ".part", ".crdownload", ".bak")


def outcomes(
    load: Callable[[], Config], stop: Event, effort: Effort = ALONE
) -> Iterator[Outcome | MkcardsError | None]:
    """Build now and after each change, and yield each outcome, or why a build failed; None while nothing happens.

    `load` gives the settings and is asked before each build; `stop` ends the watch after the build under way. What
    keeps a build from being done keeps no later one from it: a missing folder is waited for.
    """
    with warmed() as warm:
        yield from _outcomes(load, stop, effort, warm)


def _outcomes(
    load: Callable[[], Config], stop: Event, effort: Effort, warm: Warm
) -> Iterator[Outcome | MkcardsError | None]:
    failed = 0.0
    for changed in _changes(load, stop):
        if isinstance(changed, MkcardsError):
            yield changed
            continue
        if changed is None and not (failed and time.monotonic() - failed > RETRY):
            yield None
            continue
        try:
            settings = load()
            outcome: Outcome | MkcardsError = build(settings, now=clock(), effort=effort, warm=warm)
            failed = 0.0
        except MkcardsError as error:
            outcome, failed = error, time.monotonic()
        except OSError as error:  # A file went while it was read.
            outcome = OutputError(f"watch: output the notes changed under a build ({error}); it is tried again")
            failed = time.monotonic()
        yield outcome
        if not isinstance(outcome, MkcardsError):
            with suppress(MkcardsError):  # The next build says it.
                warm.look_ahead(settings, outcome.found, outcome.output, effort)


def check(settings: Config) -> None:
    """Raise UsageError for what can't be watched; once a watch has begun, it waits until that is mended."""
    output_of(settings)
    vault_root(settings.notes, settings.vault)


def _changes(load: Callable[[], Config], stop: Event) -> Iterator[frozenset[Path] | MkcardsError | None]:
    """Yield what changed once it has settled, at first and after an interruption nothing in particular; else None.

    Once it yields that the system watches no more folders, after which it looks at them all from time to time.
    """
    polls = False
    while not stop.is_set():
        try:
            settings = load()
            output, root = output_of(settings), vault_root(settings.notes, settings.vault)
            before, real = _state(root), root.resolve()
            first = True
            for found in _watched(real, Relevant(real, output, settings.notes), stop, polls=polls):
                if first or found:
                    first = False
                    changed = frozenset(Path(path) for _, path in found)
                    settle(real, changed, stop)
                    yield changed
                elif load() != settings or _state(root) != before:
                    break
                else:
                    yield None
        except (MkcardsError, OSError) as error:
            if isinstance(error, OSError) and error.errno is None and not polls:  # It comes from the watcher.
                polls = True
                yield OutputError(
                    f"{root}: watch-limit the system watches no more folders, so they are looked at every {POLL:.0f} "
                    "seconds; raise its limit (on Linux fs.inotify.max_user_watches and max_user_instances)"
                )
                continue
            # The build says what is wrong, also when that is mended before the next look.
            yield frozenset()
            stop.wait(TICK)


def _watched(
    root: Path, relevant: Relevant, stop: Event, *, polls: bool
) -> Iterator[set[tuple[watchfiles.Change, str]]]:
    return watchfiles.watch(
        root,
        watch_filter=relevant,
        step=round(QUIET * 1000),
        debounce=round(BURST * 1000),
        rust_timeout=round(TICK * 1000),
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
        force_polling=polls or None,
        poll_delay_ms=round(POLL * 1000),
    )


class Relevant:
    """Says whether a change can change the deck."""

    def __init__(self, root: Path, output: Path, given: Iterable[Path] = ()) -> None:
        """`root` has no links in it; `given` are notes that count whatever they are called, and folders."""
        self._root = root
        self._folder = output.parent.resolve()
        self._ours = frozenset((output.name, ledger.beside(output).name, aside(output).name))
        self._given = frozenset(str(path.resolve()) for path in given)

    def __call__(self, change: watchfiles.Change, path: str) -> bool:
        """Hidden, temporary and our own files change nothing, nor do others that are neither notes nor media."""
        whole = Path(path)
        try:
            parts = whole.relative_to(self._root).parts
        except ValueError:  # A link led out of the vault.
            parts = (whole.name,)
        if any(map(is_skipped, parts)) or path.endswith(_TEMPORARY):
            return False
        if whole.name in self._ours and whole.parent.resolve() == self._folder:
            return False
        if path.lower().endswith(SUFFIXES) or is_medium(whole.name) or path in self._given:
            return True
        # What is gone may have been a folder.
        return change is watchfiles.Change.deleted or whole.is_dir()


def settle(root: Path, changed: Collection[Path], stop: Event) -> None:
    """Wait until git is done, empty notes are filled, media are back and no changed file grows, or patience ends.

    Programs that save a picture may remove it first.
    """
    while _git_works(root):
        if stop.wait(QUIET):
            return
    before, start = _sizes(changed), time.monotonic()
    while changed and not stop.wait(QUIET):
        now = _sizes(changed)
        empty = any(not size for path, (size, _) in now.items() if path.suffix.lower() in SUFFIXES)
        lost = any(path not in now for path in changed if is_medium(path.name))
        if now == before and not ((empty or lost) and time.monotonic() - start < FILLING):
            return
        if time.monotonic() - start > BURST:
            return
        before = now


def _git_works(root: Path) -> bool:
    """Say whether git holds its lock on the folder, unless that is so old that somebody left it behind."""
    git = next((up / ".git" for up in (root, *root.parents) if (up / ".git").exists()), None)
    try:
        if git and git.is_file():  # In a worktree or a submodule it says where the folder is.
            git = git.parent / os.fsdecode(git.read_bytes()).removeprefix("gitdir:").strip()
        return git is not None and time.time() - (git / "index.lock").stat().st_mtime < GIT
    except (OSError, ValueError):  # What a file says may be no path.
        return False


def _sizes(paths: Iterable[Path]) -> Mapping[Path, tuple[int, int]]:
    """Size and time of the files that are there."""
    found = {}
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            continue
        found[path] = stat.st_size, stat.st_mtime_ns
    return found


def _state(root: Path) -> tuple[int, int]:
    """What tells a folder from another one that took its place."""
    stat = root.stat()
    return stat.st_dev, stat.st_ino
