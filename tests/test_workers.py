"""Work spread over real processes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from mkcards import reading
from mkcards.cache import Cache
from mkcards.config import Config
from mkcards.data import NoteFile
from mkcards.reading import Reader, look, read_all
from mkcards.workers import spread
from working import doubled, dying, mortal, too_large

HERE = Path(__file__).parent
NOTES = sorted(path for name in ("fuzzed", "golden") for path in (HERE / name).rglob("*") if path.is_file())
PARENT = """
import sys
sys.path.insert(0, sys.argv[1])
from mkcards.workers import spread
from working import slowly
if __name__ == "__main__":
    for place, pid in spread(slowly, [0.0, 0.0, 0.3, 0.3, 0.3, 0.3], 2, "working"):
        print(pid, flush=True)
"""


def test_each_batch_is_done_once() -> None:
    done = dict(spread(doubled, [[number] for number in range(20)], 3, "working"))
    assert done == {number: [2 * number] for number in range(20)}


def test_what_a_dead_worker_had_in_hand_is_done_here() -> None:
    assert dict(spread(dying, list(range(6)), 2, "working")) == {number: number for number in range(6)}


def test_what_nobody_is_left_to_do_is_done_here() -> None:
    assert dict(spread(mortal, list(range(20)), 2, "working")) == {number: number for number in range(20)}


def test_an_error_of_a_worker_is_said_once_and_here(capfd: pytest.CaptureFixture[str]) -> None:
    done = spread(too_large, [1, 2, 3], 2, "working")
    with pytest.raises(MemoryError, match=r"^no room for 2$"):
        list(done)
    assert capfd.readouterr() == ("", "")


def test_workers_find_in_any_bytes_what_one_process_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WORTH", 1)
    monkeypatch.setattr(reading, "BATCH", 4)
    files = []
    for at, path in enumerate(NOTES):
        (tmp_path / f"{at}.md").write_bytes(path.read_bytes())
        files.append(NoteFile(f"{at}.md", tmp_path / f"{at}.md"))
    files.append(NoteFile("gone.md", tmp_path / "gone.md"))
    reader = Reader(Config(), "vault")
    looked = look(files, Cache())
    one, two = (read_all(files, reader, Cache(), looked, jobs, lambda done, notes: None) for jobs in (1, 2))
    assert two == one
    assert sum(len(reading.note.candidates) for reading in one) > 100


def test_workers_end_with_a_killed_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, str(HERE)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = {int(parent.stdout.readline()) for _ in range(2)}
        parent.kill()
    end = time.monotonic() + 20
    while alive := {pid for pid in workers if _lives(pid)}:
        assert time.monotonic() < end, alive
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    """Tell whether a process is more than an entry that nobody has collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
