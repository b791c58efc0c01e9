"""Feeds the functions of tests/fuzzing.py with inputs that reach new code, and keeps each that fails or is slow.

    python bench/fuzz.py [--seconds 3600] [--found tests/fuzzed] [--only cache,preview]

Needs the package `atheris`. A failure is kept once for each line of ours that it comes from, as
`FOUND/<target>/<name>`; the tests read that folder.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import atheris
from markdown_it.utils import read_fixture_file

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

with atheris.instrument_imports(include=["mkcards"]):
    from fuzzing import TARGETS
    from test_laws import ODD, PREFIXES, SNIPPETS

LONGEST = 4096
"""Bytes of an input."""
SLOW = 2.0
"""Seconds that an input of `LONGEST` bytes may take at most."""
PACKAGE = b'{"1": {"name": "A::B"}}\n{"0": "a.png"}\n1 <b>a</b>\tb'
PUSH = b"a|<b>b</b>|x y\nA::B|c|x\na|b|x y"
LEDGER = (
    '{"format": 1, "namespace": "n", "roots": ["."]}\n{"id": "a", "kind": "k", "key": "K", "rule": "r", "path": "p", '
    '"prompt": "?", "answer": "!", "changed": 5, "retired": null, "dropped": true, "tags": ["x"], "new": [1]}\n'
)
YAML = (
    "title: 2024-01-01\ntags: [a, b]\n",
    "a: &x [1]\nb: *x\nc: {<<: *x}\n",
    "? [a]\n: b\n\tc: d\n!!python/object:os.system {}\n",
    "id: .nan\naliases:\n- 0o7\n- 1_000\n- 190:20:30\nlang: no\nmkcards: off\n",
    "rules: {term-line: 1}\nexclude: [1]\nlang: xx-\n",
)
TEXTS = (*SNIPPETS, *YAML, LEDGER, *PREFIXES, *ODD)
PIECES = (*(text.encode("utf-8", "surrogatepass") for text in TEXTS), PACKAGE, PUSH)
SEEDS = MappingProxyType({LEDGER.encode(): "ledger", PACKAGE: "push-package", PUSH: "push-compare"})
"""The targets of pieces that are made for one."""


class Session:
    """Counts what was tried and keeps what failed."""

    def __init__(self, found: Path, seconds: float, names: Sequence[str]) -> None:
        self.found = found
        self.names = names
        self.end = time.monotonic() + seconds
        self.tried = Counter[str]()
        self.failed: dict[str, str] = {}

    def one(self, data: bytes) -> None:
        """Try an input, whose first byte says on which target; exits when the time is over."""
        if time.monotonic() > self.end:
            self.report()
            # libFuzzer takes any other end for a crash.
            os._exit(0)
        if len(data) < 2:
            return
        name = self.names[data[0] % len(self.names)]
        self.tried[name] += 1
        start = time.process_time()
        try:
            TARGETS[name](data[1:])
        except Exception as error:
            self.keep(name, data[1:], error)
        spent = time.process_time() - start
        if spent > SLOW:
            self.keep(name, data[1:], TimeoutError(f"{spent:.1f} s"))

    def keep(self, name: str, data: bytes, error: Exception) -> None:
        """Write an input that failed, unless another failed at the same place."""
        frames = traceback.extract_tb(error.__traceback__)
        where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames][-3:]
        key = f"{name} {type(error).__name__} {' '.join(where)}"
        if key in self.failed:
            return
        self.failed[key] = str(error)[:200]
        folder = self.found / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)
        print(f"{key}: {str(error)[:200]!r}", file=sys.stderr, flush=True)

    def report(self) -> None:
        """Print one line for each target."""
        for name in self.names:
            print(f"{name:<22} {self.tried[name]:9,} inputs")
        print(f"{sum(self.tried.values()):,} inputs, {len(self.failed)} failures", flush=True)


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """Change an input: by bytes, or by putting Markdown, YAML or a part of itself somewhere."""
    chance = random.Random(seed)
    head, body = data[:1] or b"\x00", data[1:]
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(body) + 1)
        match chance.randrange(6):
            case 0:
                body = atheris.Mutate(body, most - 1) if body else b"a"
            case 1 | 2:
                body = body[:at] + chance.choice(PIECES) + body[at:]
            case 3:
                to = min(len(body), at + chance.randrange(1, 40))
                body = body[:to] + body[at:to] * chance.randrange(1, 5) + body[to:]
            case 4:
                body = body[:at] + body[at + chance.randrange(1, 40) :]
            case _:
                prefix = chance.choice(PREFIXES).encode()
                body = b"\n".join(prefix + line for line in body.split(b"\n"))
    if chance.randrange(8) == 0:
        head = bytes([chance.randrange(256)])
    return (head + body)[:most]


def write_seeds(folder: Path, names: Sequence[str]) -> None:
    """Write something for each target to begin with."""
    golden = Path(__file__).parents[1] / "tests" / "golden"
    cases = [case[2] for file in sorted(golden.glob("*.md")) for case in read_fixture_file(file)]
    for at, text in enumerate((*PIECES, *(case.encode() for case in cases))):
        target = SEEDS.get(text, "")
        name = names.index(target) if target in names else at % len(names)
        (folder / f"{at:05}").write_bytes(bytes([name]) + text[: LONGEST - 1])


def run(seconds: float, found: Path, seeds: Path, names: Sequence[str]) -> None:
    """Fuzz for so long, and print what was tried."""
    write_seeds(seeds, names)
    session = Session(found, seconds, names)
    options = (f"-max_len={LONGEST}", "-timeout=600", "-rss_limit_mb=4096", "-verbosity=0", "-len_control=0")
    atheris.Setup([sys.argv[0], *options, str(seeds)], session.one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--seconds", type=float, default=3600)
    arguments.add_argument("--found", type=Path, default=Path(__file__).parents[1] / "tests" / "fuzzed")
    arguments.add_argument("--only", default=",".join(TARGETS), help="targets, with commas between them")
    given = arguments.parse_args()
    # Not removed by us: the run ends without coming back here.
    run(given.seconds, given.found, Path(tempfile.mkdtemp(prefix="mkcards-fuzz-")), given.only.split(","))
