"""What `mkcards schedule` prints and installs, read by the programs that it is for."""

from __future__ import annotations

import json
import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from command import mkcards as run
from mkcards import ledger
from mkcards.errors import UsageError
from mkcards.schedule import cron, name_of, planned, watched
from mkcards.schedule.job import Job
from mkcards.schedule.windows import NAMESPACE

NOTE = "**Weight**: a number that multiplies an input of a neuron.\n"
AWKWARD = "a 100% $HOME \"q\" 'é %h ${{ x }} \\"
SYSTEMD = "/lib/systemd/systemd"


def tool(name: str) -> str:
    """The path of a program; without it the test is skipped, but fails where everything must be there."""
    path = shutil.which(name)
    if path is None and os.environ.get("CI"):
        pytest.fail(f"{name} is missing, and CI is set")
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / AWKWARD
    (folder / "notes/sub").mkdir(parents=True)
    (folder / "notes/nets.md").write_text(NOTE, encoding="utf-8")
    return folder


def mkcards(folder: Path, *args: str, **env: str) -> tuple[int, str, str]:
    """Exit status, output and errors of a run in a folder; everything it installs goes below `home` beside that."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    return run(folder, *args, HOME=str(home), XDG_CONFIG_HOME=str(home / "config"), **env)


def stub(folder: Path, name: str) -> dict[str, str]:
    """A program that writes down how it was called, first on the path; for what can't run here."""
    (folder / "bin").mkdir(exist_ok=True)
    file = folder / "bin" / name
    file.write_text(f'#!/bin/sh\nprintf "%s\\n" "{name} $*" >> "{folder}/calls"\n', encoding="utf-8")
    file.chmod(0o755)
    return {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}


def job(folder: Path) -> Job:
    """The job that the command makes."""
    deck = folder / "decks/nets.apkg"
    command = (sys.executable, "-m", "mkcards", "build", str(folder / "notes"), "-o", str(deck))
    around = watched([folder / "notes"], deck)
    return Job("mkcards-nets-000000", deck, ledger.beside(deck), command, folder, around, 4, 30)


@pytest.fixture
def units(here: Path) -> tuple[Path, ...]:
    """The units as --install writes them; what it tells systemctl goes to a stub."""
    env = stub(here.parent, "systemctl")
    assert mkcards(here, *SYSTEMD_SCHEDULE, "--install", **env)[::2] == (0, "")
    return _units(here)


SYSTEMD_SCHEDULE = ("schedule", "notes", "-o", "decks/nets.apkg", "--kind", "systemd", "--at", "04:30")


def _units(here: Path) -> tuple[Path, ...]:
    name = name_of(here / "decks/nets.apkg")
    return tuple(here.parent / f"home/config/systemd/user/{name}.{kind}" for kind in ("service", "timer", "path"))


def test_units_are_installed_and_removed(here: Path) -> None:
    env = stub(here.parent, "systemctl")
    units = _units(here)
    name = units[0].stem
    status, out, err = mkcards(here, *SYSTEMD_SCHEDULE, "--install", **env)
    assert (status, err, out.splitlines()[:3]) == (0, "", [f"wrote {unit}" for unit in units])
    calls = (here.parent / "calls").read_text().splitlines()
    assert calls == ["systemctl --user daemon-reload", f"systemctl --user enable --now {name}.timer {name}.path"]
    out = mkcards(here, *SYSTEMD_SCHEDULE, "--remove", **env)[1]
    assert out.splitlines() == [f"removed {unit}" for unit in units]
    assert list(units[0].parent.iterdir()) == []
    assert (here.parent / "calls").read_text().splitlines()[2:] == [
        f"systemctl --user disable --now {name}.timer",
        f"systemctl --user disable --now {name}.path",
    ]
    assert mkcards(here, *SYSTEMD_SCHEDULE, "--remove", **env) == (0, f"{name} is not installed\n", "")


def test_units_are_removed_when_the_notes_are_gone(here: Path) -> None:
    env = stub(here.parent, "systemctl")
    mkcards(here, *SYSTEMD_SCHEDULE, "--install", **env)
    shutil.rmtree(here / "notes")
    out = "".join(f"removed {unit}\n" for unit in _units(here))
    assert mkcards(here, *SYSTEMD_SCHEDULE, "--remove", **env) == (0, out, "")
    assert not any(unit.exists() for unit in _units(here))


def test_systemd_finds_no_fault_with_the_units(here: Path, units: tuple[Path, ...]) -> None:
    runtime = here.parent / "runtime"
    runtime.mkdir()
    found = subprocess.run(
        [tool("systemd-analyze"), "verify", "--user", "--man=no", *map(str, units)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(runtime)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    # Units of the machine itself may be at fault; only ours count.
    ours = [line for line in found.stderr.splitlines() if any(unit.name in line for unit in units)]
    assert (found.returncode, ours) == (0, [])


def test_systemd_reads_the_units_as_they_are_meant(here: Path, units: tuple[Path, ...]) -> None:
    dump = _dumped(here, units[2].name)
    assert f"WorkingDirectory: {here}\n" in dump
    for folder in (here / "notes", here / "notes/sub"):
        assert f"PathChanged: {folder}\n" in dump
    # It shows the line as it would have to be written in a shell, with `$$`, which becomes `$` only when it runs.
    shown = str(here).replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$\\$")
    assert f'-m mkcards build "{shown}/notes" -o "{shown}/decks/nets.apkg"\n' in dump


def _dumped(here: Path, unit: str) -> str:
    """What systemd itself makes of the units, as a user who may read our folders; it does not do this for root."""
    tool("systemd-analyze")
    home, runtime = here.parent / "home", here.parent / "runtime"
    runtime.mkdir()
    command = [SYSTEMD, "--test", "--user", "--no-pager", f"--unit={unit}"]
    if os.getuid() == 0:
        os.chown(runtime, 65534, 65534)
        rights = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
        command = [tool("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups", *rights, *command]
    env = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_RUNTIME_DIR": str(runtime)}
    env["LC_ALL"] = "C.UTF-8"
    done = subprocess.run(command, env=env, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        pytest.skip(f"systemd can't read units in this container: {done.stderr[-100:]}")
    return done.stdout


def test_cron_takes_the_line_and_a_shell_runs_it(here: Path) -> None:
    crontab = tool("crontab")
    file = here.parent / "crontab"
    file.write_text(cron.lines(job(here)), encoding="utf-8")
    assert subprocess.run([crontab, "-n", str(file)], check=False, capture_output=True).returncode == 0
    mark, line = file.read_text(encoding="utf-8").splitlines()
    assert mark == "# mkcards-nets-000000"
    when, command = line[:10], line[10:]
    assert when == "30 4 * * *"
    # cron cuts the command at each `%` and takes the backslash off `\%`.
    assert "%" not in command.replace("\\%", "")
    subprocess.run(["sh", "-c", command.replace("\\%", "%")], check=True)
    assert (here / "decks/nets.apkg").exists()


def test_a_crontab_keeps_all_else(here: Path) -> None:
    mine = job(here)
    assert cron.added("", mine) == cron.lines(mine)
    before = "# of mine\n0 1 * * * true"
    after = cron.added(before, mine)
    assert after == f"{before}\n{cron.lines(mine)}"
    assert cron.added(after, mine) == after
    assert cron.removed(after, mine) == f"{before}\n"
    mark, line = cron.lines(mine).splitlines()
    backup = "0 3 * * * /usr/bin/backup-everything"
    assert cron.removed(f"{mark}\n{backup}\n", mine) == f"{backup}\n"
    assert cron.added(f"{mark}\n{backup}\n", mine) == f"{backup}\n{cron.lines(mine)}"
    assert cron.removed(f"{mark}\n# {line}\n{backup}\n", mine) == f"{backup}\n"


def test_cron_is_installed_and_removed(here: Path) -> None:
    crontab = tool("crontab")
    if subprocess.run([crontab, "-l"], check=False, capture_output=True).returncode == 0:
        pytest.skip("this user has a crontab, which the test leaves alone")
    schedule = ("schedule", "notes", "-o", "nets.apkg", "--kind", "cron")
    try:
        for _ in range(2):
            assert mkcards(here, *schedule, "--install") == (0, "wrote the crontab\n", "")
        now = subprocess.run([crontab, "-l"], check=True, capture_output=True, encoding="utf-8").stdout
        assert now == mkcards(here, *schedule)[1]
        backup = "0 3 * * * /usr/bin/backup-everything\n"
        subprocess.run([crontab, "-"], check=True, input=now + backup, encoding="utf-8")
        assert mkcards(here, *schedule, "--remove") == (0, "wrote the crontab\n", "")
        left = subprocess.run([crontab, "-l"], check=True, capture_output=True, encoding="utf-8").stdout
        assert left == backup
        assert mkcards(here, *schedule, "--remove") == (0, f"{name_of(here / 'nets.apkg')} is not installed\n", "")
        subprocess.run([crontab, "-"], check=True, input=now, encoding="utf-8")
        assert mkcards(here, *schedule, "--remove") == (0, "removed the crontab, which held nothing else\n", "")
        left = subprocess.run([crontab, "-l"], check=False, capture_output=True, encoding="utf-8").stdout
        assert left == ""
    finally:
        subprocess.run([crontab, "-r"], check=False, capture_output=True)


def test_launchd_gets_a_property_list(here: Path) -> None:
    made = job(here)
    (file,) = planned("launchd", made).files
    agent = plistlib.loads(file.content)
    assert agent["Label"] == file.path.stem == "mkcards-nets-000000"
    assert agent["ProgramArguments"] == list(made.command)
    assert agent["WorkingDirectory"] == str(here)
    assert agent["WatchPaths"] == [str(here / "notes"), str(here / "notes/sub")]
    assert agent["StartCalendarInterval"] == {"Hour": 4, "Minute": 30}


def test_windows_gets_a_task(here: Path) -> None:
    made = job(here)
    plan = planned("windows", made)
    task = ElementTree.fromstring(plan.files[0].content)
    space = {"t": NAMESPACE}
    assert [child.tag.partition("}")[2] for child in task] == ["RegistrationInfo", "Triggers", "Settings", "Actions"]
    assert task.findtext(".//t:StartBoundary", namespaces=space) == "2020-01-01T04:30:00"
    assert task.findtext(".//t:Command", namespaces=space) == sys.executable
    assert task.findtext(".//t:WorkingDirectory", namespaces=space) == str(here)
    assert task.findtext(".//t:Arguments", namespaces=space) == subprocess.list2cmdline(made.command[1:])
    assert plan.install[0][:3] == ("schtasks", "/Create", "/TN")


def test_what_no_schedule_can_hold_is_refused(tmp_path: Path) -> None:
    for name in ("a\nb", "a\x9bb"):
        (tmp_path / name / "notes").mkdir(parents=True)
        _refused(job(tmp_path / name))


def _refused(made: Job) -> None:
    with pytest.raises(UsageError) as error:
        planned("systemd", made)
    assert str(error.value).endswith("holds a control character; rename it")


def test_the_folder_of_the_deck_starts_no_build(tmp_path: Path) -> None:
    (tmp_path / "notes/decks").mkdir(parents=True)
    (tmp_path / "notes/.obsidian").mkdir()
    folder = tmp_path / "notes"
    assert watched([folder], folder / "decks/x.apkg") == (folder,)
    assert watched([folder], folder / "x.apkg") == (folder / "decks",)


def test_a_deck_among_the_notes_is_left_to_the_clock(here: Path) -> None:
    message = "only the clock notices its notes, since each build writes the deck there; -o names another folder"
    notes = here / "notes"
    printed = mkcards(notes, "schedule", ".", "-o", "nets.apkg", "--kind", "systemd")
    assert (printed[0], printed[2]) == (0, f"{notes}: {message}\n")
    assert mkcards(notes, "schedule", ".", "-o", "nets.apkg", "--kind", "cron")[2] == ""
    assert mkcards(notes, "schedule", ".", "-o", "sub/nets.apkg", "--kind", "systemd")[2] == ""


def git(folder: Path, *args: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True, encoding="utf-8")
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A clone of an empty repository, with a note."""
    git(tmp_path, "init", "--bare", "origin.git")
    git(tmp_path, "clone", "origin.git", "clone")
    clone = tmp_path / "clone"
    (clone / "my notes").mkdir()
    (clone / "my notes/nets.md").write_text(NOTE, encoding="utf-8")
    (clone / ".gitignore").write_text("decks/\n", encoding="utf-8")
    return clone


def run_workflow(tmp_path: Path, clone: Path, number: int) -> Path:
    """Run the commands of the workflow as GitHub would, in a fresh clone; return that."""
    workflow = yaml.safe_load((clone / ".github/workflows/mkcards.yml").read_text(encoding="utf-8"))
    fresh = tmp_path / f"run {number}"
    git(tmp_path, "clone", "origin.git", fresh.name)
    path = f"{tmp_path / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    for step in workflow["jobs"]["deck"]["steps"]:
        if "run" in step and "pip install" not in step["run"]:
            env = {**os.environ, "PATH": path, "GIT_CONFIG_GLOBAL": os.devnull}
            subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], cwd=fresh, env=env, check=True)
    return fresh


def ids(folder: Path) -> dict[str, str]:
    known = ledger.load(folder / "decks/nets.ledger.jsonl")
    return {card.key: card.id for card in known.cards}


def test_two_runs_of_the_workflow_keep_every_id(tmp_path: Path, repository: Path) -> None:
    schedule = ("schedule", "my notes", "-o", "decks/nets.apkg", "--kind", "github", "--install")
    status, out, err = mkcards(repository, *schedule)
    assert (status, out, err) == (0, f"wrote {repository}/.github/workflows/mkcards.yml\n", "")
    stub(tmp_path, "gh")
    git(repository, "add", ".")
    git(repository, "commit", "-m", "Notes")
    git(repository, "push", "origin", "HEAD:main")
    first = ids(run_workflow(tmp_path, repository, 1))
    git(repository, "pull", "--rebase", "origin", "main")
    text = NOTE.replace("multiplies", "scales") + "\n**Bias**: a number that is added to the sum.\n"
    (repository / "my notes/renamed.md").write_text(text, encoding="utf-8")
    (repository / "my notes/nets.md").unlink()
    git(repository, "add", ".")
    git(repository, "commit", "-m", "Edit")
    git(repository, "push", "origin", "HEAD:main")
    fresh = run_workflow(tmp_path, repository, 2)
    assert ids(fresh) == {**first, "Bias": ids(fresh)["Bias"]}
    assert git(fresh, "log", "--format=%s", "origin/main") == (
        "Keep the ledger of the deck\nEdit\nKeep the ledger of the deck\nNotes"
    )
    # Nothing changed: no commit, and the same deck again.
    run_workflow(tmp_path, repository, 3)
    assert git(fresh, "ls-remote", "origin", "main").split()[0] == git(fresh, "rev-parse", "HEAD")
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls == ["gh release view deck", "gh release upload deck decks/nets.apkg --clobber"] * 3


def test_the_workflow_is_one_that_github_takes(here: Path) -> None:
    git(here, "init")
    text = mkcards(here, "schedule", "notes", "-o", "decks/$'{{}} %.apkg", "--kind", "github")[1]
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "write"}
    assert workflow[True] == {"push": None, "workflow_dispatch": None}  # YAML 1.1 reads `on` as a truth value.
    steps = workflow["jobs"]["deck"]["steps"]
    assert [step.get("uses") or step["name"] for step in steps] == [
        *("actions/checkout@v4", "actions/setup-python@v5"),
        *("Install mkcards", "Build the deck", "Keep the ledger", "Attach the deck to a release"),
    ]
    assert text.count("${{") == 1
    assert planned("github", _named(here, "${{ x }}.apkg")).files[0].content.count(b"${{ '${{' }} x }}.apkg") == 2


def _named(folder: Path, deck: str) -> Job:
    made = job(folder)
    path = folder / deck
    command = (*made.command[:-1], str(path))
    return Job(made.name, path, folder / "x.ledger.jsonl", command, folder, made.watched, None, 0)


def test_the_hook_commits_the_ledger_with_the_notes(repository: Path) -> None:
    schedule = ("schedule", "my notes", "-o", "decks/nets.apkg", "--kind", "pre-commit")
    hook = repository / ".git/hooks/pre-commit"
    assert mkcards(repository, *schedule, "--install") == (0, f"wrote {hook}\n", "")
    git(repository, "add", ".")
    git(repository, "commit", "-m", "Notes")
    first = ids(repository)
    assert "decks/nets.ledger.jsonl" in git(repository, "ls-files").splitlines()
    with (repository / "my notes/nets.md").open("a", encoding="utf-8") as stream:
        stream.write("\n**Bias**: a number that is added to the sum.\n")
    git(repository, "commit", "-am", "More")
    assert ids(repository)["Weight"] == first["Weight"]
    assert git(repository, "status", "--porcelain") == ""
    committed = [json.loads(line) for line in git(repository, "show", "HEAD:decks/nets.ledger.jsonl").splitlines()[1:]]
    assert sorted(card["key"] for card in committed) == ["Bias", "Weight"]
    assert mkcards(repository, *schedule, "--remove") == (0, f"removed {hook}\n", "")
    hook.write_text("#!/bin/sh\ntrue\n", encoding="utf-8")
    assert mkcards(repository, *schedule, "--install") == (
        2,
        "",
        f"{hook}: foreign-file mkcards did not write this; put into it what `mkcards schedule` prints\n",
    )


def test_the_hook_of_a_worktree_commits_its_own_ledger(tmp_path: Path, repository: Path) -> None:
    schedule = ("schedule", "my notes", "-o", "decks/nets.apkg", "--kind", "pre-commit", "--install")
    mkcards(repository, *schedule)
    git(repository, "add", ".")
    git(repository, "commit", "-m", "Notes")
    before = (repository / "decks/nets.ledger.jsonl").read_bytes()
    tree = tmp_path / "tree"
    git(repository, "worktree", "add", str(tree))
    with (tree / "my notes/nets.md").open("a", encoding="utf-8") as stream:
        stream.write("\n**Bias**: a number that is added to the sum.\n")
    git(tree, "commit", "-am", "More")
    committed = [json.loads(line) for line in git(tree, "show", "HEAD:decks/nets.ledger.jsonl").splitlines()[1:]]
    assert sorted(card["key"] for card in committed) == ["Bias", "Weight"]
    assert git(tree, "status", "--porcelain") == ""
    assert (repository / "decks/nets.ledger.jsonl").read_bytes() == before


def test_names_like_options_are_none(tmp_path: Path, repository: Path) -> None:
    (repository / "my notes").rename(repository / "-dash")
    deck = ("-o", "-d.apkg")
    text = mkcards(repository, "schedule", *deck, "--kind", "github", "--", "-dash")[1]
    assert "mkcards build ./-dash -o ./-d.apkg || " in text
    assert "gh release upload deck ./-d.apkg --clobber\n" in text
    text = mkcards(repository, "schedule", *deck, "--kind", "pre-commit", "--", "-dash")[1]
    assert " -m mkcards build ./-dash -o ./-d.apkg)\n" in text


def test_a_path_that_leads_out_of_the_repository_is_refused(tmp_path: Path, repository: Path) -> None:
    (tmp_path / "out/n").mkdir(parents=True)
    (repository / "sub").mkdir()
    out = mkcards(repository / "sub", "schedule", "../../out/n", "-o", "x.apkg", "--kind", "github")
    message = f"{tmp_path}/out/n: outside-repository it is not below {repository}; keep notes and deck inside\n"
    assert out == (2, "", message)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--install", "--remove"), "--install: schedule-twice --remove is the opposite; give one of them\n"),
        (
            ("--kind", "github", "--push"),
            "--push: push-schedule there is no Anki to push into for github; leave it out\n",
        ),
        (
            ("--push", "--retired", "delete"),
            "--retired: delete-unattended only a push that you run yourself deletes cards; take tag or suspend here\n",
        ),
    ],
)
def test_what_can_not_be_meant_is_one_line(here: Path, args: tuple[str, ...], message: str) -> None:
    assert mkcards(here, "schedule", "notes", *args) == (2, "", message)


def test_what_can_not_be_built_is_not_scheduled(here: Path) -> None:
    message = "nowhere: not-found there is no such file or folder; check the name\n"
    assert mkcards(here, "schedule", "nowhere") == (2, "", message)


def test_outside_a_repository_there_is_no_workflow(here: Path) -> None:
    status, out, err = mkcards(here, "schedule", "notes", "--kind", "github")
    assert (status, out) == (2, "")
    assert err == f"{here}: no-repository this needs a repository of git; run `git init` there\n"


def test_a_config_that_was_only_found_reaches_no_further_when_it_is_scheduled(here: Path) -> None:
    (here / "notes/config.yaml").write_text("mkcards:\n  deck: Nets\n", encoding="utf-8")
    schedule = ("schedule", "notes", "-o", "nets.apkg", "--kind", "cron")
    line = mkcards(here, *schedule)[1].splitlines()[1].replace("\\%", "%")
    assert shlex.split(line) == [
        *("0", "*", "*", "*", "*", "cd", str(here), "&&", sys.executable, "-m", "mkcards", "build"),
        *(str(here / "notes"), "-o", str(here / "nets.apkg"), ">/dev/null"),
    ]
    (here / "notes/config.yaml").write_text("mkcards:\n  remote_images: true\n", encoding="utf-8")
    done = subprocess.run(["sh", "-c", line[10:]], check=False, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (
        2,
        f"{here}/notes/config.yaml:2: reaching-setting `remote_images` reaches out of the folder of this file, "
        "which nobody named; if it is yours, name it with --config\n",
    )
    assert not (here / "nets.apkg").exists()
    named = mkcards(here, *schedule, "--config", "notes/config.yaml")[1]
    assert shlex.split(named.splitlines()[1].replace("\\%", "%"))[-3:-1] == [
        *("--config", str(here / "notes/config.yaml")),
    ]


def test_the_workflow_finds_the_config_of_the_folder_that_it_was_made_in(repository: Path) -> None:
    text = "mkcards:\n  notes: [.]\n  output: ../decks/nets.apkg\n"
    (repository / "my notes/config.yaml").write_text(text, encoding="utf-8")
    folder = repository / "my notes"
    assert mkcards(folder, "schedule", "--kind", "github", "--install")[::2] == (0, "")
    workflow = yaml.safe_load((repository / ".github/workflows/mkcards.yml").read_text(encoding="utf-8"))
    steps = {step.get("name"): step.get("run") for step in workflow["jobs"]["deck"]["steps"]}
    command = "mkcards build -o ../decks/nets.apkg"
    assert steps["Build the deck"] == f"cd 'my notes'\n{command} || test $? -eq 1\n"
    assert "git add --force -- decks/nets.ledger.jsonl\n" in steps["Keep the ledger"]
    assert mkcards(folder, *shlex.split(command)[1:])[0] == 0
    assert (repository / "decks/nets.apkg").exists()


def test_a_key_from_the_environment_is_written_nowhere(here: Path) -> None:
    push = ("schedule", "notes", "-o", "nets.apkg", "--push", "--kind")
    for kind in ("systemd", "cron", "launchd", "windows"):
        status, out, err = mkcards(here, *push, kind, MKCARDS_ANKI_KEY="hunter2")
        assert (status, "hunter2" in out, "--key" in out) == (0, False, False)
        assert err == "MKCARDS_ANKI_KEY is not written into the schedule: set it where that runs\n"
    status, out, err = mkcards(here, *push, "cron", "--key", "hunter3", MKCARDS_ANKI_KEY="hunter2")
    assert (status, err) == (0, "")
    assert out.endswith(" --key hunter3 >/dev/null\n")


def test_a_push_is_scheduled_with_all_that_it_needs(here: Path) -> None:
    push = ("--push", "--collection", "Anki2/Ada", "--retired", "suspend")
    out = mkcards(here, "schedule", "notes", "-o", "nets.apkg", "--kind", "cron", *push)[1]
    assert "-m mkcards push " in out
    assert out.rstrip().endswith("/Anki2/Ada' --retired suspend >/dev/null")
