"""Builds wheel and sdist, installs the wheel with the lowest or the newest dependencies, and runs the sdist's tests.

    python .ci/bounds.py lowest|newest [FOLDER]

All that is run comes from the wheel and the sdist, nothing from this checkout. FOLDER is kept; without it the work
is done in a temporary one. Takes as long as the tests, and a minute.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import venv
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOWEST = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?>=([0-9.]+)")


def say(text: str) -> None:
    """Print a text at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run(*command: object, cwd: Path, **env: str) -> None:
    """Run a command without this checkout in reach; raises when it fails."""
    say("$ " + " ".join(map(str, command)))
    around = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    subprocess.run([str(part) for part in command], cwd=cwd, env=around | env, check=True)


def constraints() -> str:
    """Return the lowest version of each dependency that pyproject.toml allows; each must have an upper bound too."""
    parts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, extras = parts["project"], parts["project"]["optional-dependencies"]
    wanted = [*parts["build-system"]["requires"], *project["dependencies"], *chain(*extras.values())]
    if unbounded := [one for one in wanted if "<" not in one]:
        raise SystemExit(f"no upper bound: {', '.join(unbounded)}")
    return "".join(f"{name}=={version}\n" for name, version in map(_lowest, dict.fromkeys(wanted)))


def _lowest(requirement: str) -> tuple[str, str]:
    found = LOWEST.match(requirement)
    if not found:
        raise SystemExit(f"no lower bound: {requirement}")
    return found[1], found[2]


def check(which: str, work: Path) -> None:
    """Do it all in a folder."""
    venv.create(work / "build", with_pip=True)
    venv.create(work / "env", with_pip=True)
    limits = work / "constraints.txt"
    limits.write_text(constraints() if which == "lowest" else "", encoding="utf-8")
    run(work / "build/bin/pip", "install", "--quiet", "build", cwd=work)
    # The environments that `build` makes take the constraint from the variable alone.
    build = work / "build/bin/python", "-m", "build", "--outdir", work / "dist", ROOT
    run(*build, cwd=work, PIP_CONSTRAINT=str(limits))
    wheel, sdist = next((work / "dist").glob("*.whl")), next((work / "dist").glob("*.tar.gz"))
    run(work / "env/bin/pip", "install", "--quiet", "-c", limits, f"{wheel}[test]", cwd=work)
    run(work / "env/bin/pip", "freeze", cwd=work)
    with tarfile.open(sdist) as archive:
        archive.extractall(work / "sdist", filter="data")
    source = next((work / "sdist").iterdir())
    # The tests must find the wheel, not the sources that stand beside them.
    (source / "cards").rename(source / "unused")
    run(work / "env/bin/mkcards", "--version", cwd=work)
    run(work / "env/bin/python", "-m", "mkcards", source / "notes", "-o", work / "deck.apkg", cwd=work)
    run(work / "env/bin/python", "-m", "pytest", "-q", cwd=source)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
        check(sys.argv[1], Path(sys.argv[2]).resolve())
    else:
        with tempfile.TemporaryDirectory() as folder:
            check(sys.argv[1], Path(folder))
