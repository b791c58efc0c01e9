from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import pytest
import yaml

from mkcards import rules
from mkcards.config import RULES, Config, find, load
from mkcards.errors import UsageError

SHIPPED = Path(__file__).parent.parent / "config.yaml"


def config(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    path = config(folder, text)
    with pytest.raises(UsageError) as caught:
        load(path)
    return str(caught.value).replace(f"{folder}/", "").split("\n")


def test_the_shipped_file_holds_every_setting_with_its_default() -> None:
    assert load(SHIPPED) == Config()
    shipped = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["mkcards"]
    assert list(shipped) == [field.name for field in dataclasses.fields(Config)]
    assert list(shipped["rules"]) == list(RULES)
    assert list(shipped["reverse"]) == list(Config().reverse)


def test_the_shipped_file_has_one_comment_for_each_setting() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()[1:]
    assert [line.lstrip().startswith("#") for line in lines] == [True, False] * (len(lines) // 2)


def test_settings_are_read_and_paths_count_from_the_file(tmp_path: Path) -> None:
    path = config(
        tmp_path,
        "mkcards:\n  notes: [Bio, /abs]\n  output: decks/b.apkg\n  deck: Biology\n  namespace: me\n"
        "  vault: .\n  exclude: [Templates]\n  lang: de\n  rules: {list-item: false}\n"
        "  reverse: {term-line: true}\n  skip_headings: [Links]\n  tags: [bio]\n  subdecks: folders\n"
        "  remote_images: yes\n  ledger_in_deck: false\n",
    )
    assert load(path) == Config(
        notes=(tmp_path / "Bio", Path("/abs")),
        output=tmp_path / "decks/b.apkg",
        deck="Biology",
        namespace="me",
        vault=tmp_path,
        exclude=("Templates",),
        lang="de",
        rules={**dict.fromkeys(RULES, True), "list-item": False},
        reverse={"quoted-definition": True, "bold-definition": True, "term-line": True},
        skip_headings=("Links",),
        tags=("bio",),
        subdecks="folders",
        remote_images=True,
        ledger_in_deck=False,
    )


@pytest.mark.parametrize("text", ["mkcards:\n", "mkcards: {}\n", "a: x\nmkcards:\n  deck:\n  tags: null\n"])
def test_nothing_set_means_the_defaults(tmp_path: Path, text: str) -> None:
    assert load(config(tmp_path, text)) == Config()


def test_all_faults_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    text = (
        "mkcards:\n  dekc: x\n  tags: bio\n  deck: 2024\n  lang: no\n  subdecks: yes\n"
        "  rules:\n    term-lines: true\n    list-item: maybe\n  reverse: true\n  deck: y\n"
        "  exclude: [a, 1]\n"
    )
    assert faults(tmp_path, text) == [
        "config.yaml:2: unknown-setting there is no setting `dekc`; did you mean `deck`?",
        "config.yaml:3: wrong-type `tags` is text, not a list; correct it",
        "config.yaml:4: wrong-type `deck` is a number, not text; put it in quotes",
        "config.yaml:5: wrong-type `lang` is true or false, not text; put it in quotes",
        "config.yaml:6: wrong-type `subdecks` is true or false, not text; put it in quotes",
        "config.yaml:6: bad-value `subdecks` can't be `yes`; write none or folders",
        "config.yaml:8: unknown-rule there is no rule `term-lines`; did you mean `term-line`?",
        "config.yaml:9: wrong-type `list-item` is text, not true or false; correct it",
        "config.yaml:10: wrong-type `reverse` is true or false, not a mapping of rules; correct it",
        "config.yaml:11: set-twice the setting `deck` stands here again; keep one",
        "config.yaml:12: wrong-type `exclude` is a number, not text; put it in quotes",
    ]


def test_values_that_mean_nothing(tmp_path: Path) -> None:
    assert faults(tmp_path, "mkcards: {lang: english}\n") == [
        "config.yaml:1: bad-value `english` is no language; write `auto` or a code such as `en`"
    ]
    assert faults(tmp_path, "mkcards: [a]\n") == [
        "config.yaml:1: wrong-type `mkcards` is a list, not a mapping of settings; correct it"
    ]
    assert faults(tmp_path, "mkcards:\n  deck: [\n") == [
        "config.yaml:3: config-syntax did not find expected node content; correct it"
    ]
    assert faults(tmp_path, "title: My site\n") == [
        "config.yaml: no-settings there is no key `mkcards`; put the settings under it"
    ]


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path / "config.yaml")
    assert str(caught.value) == (
        f"{tmp_path}/config.yaml: unreadable No such file or directory; name another file"
    )


def test_the_file_is_found_in_the_current_folder_then_from_the_notes_upwards(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    notes = tmp_path / "vault/Bio/cells"
    notes.mkdir(parents=True)
    assert find(here, [notes]) is None
    top = config(tmp_path / "vault", "mkcards: {deck: a}\n")
    assert find(here, [notes]) == top
    config(tmp_path / "vault/Bio", "title: somebody else's\nparams:\n  mkcards: x\n")
    assert find(here, [notes]) == top
    near = config(notes, "mkcards: {\n")
    assert find(here, [notes]) == near
    assert find(here) is None
    mine = config(here, "'mkcards': {deck: b}\n")
    assert find(here, [notes]) == mine
    assert load(mine).deck == "b"


def test_a_note_given_by_name_and_relative_paths(tmp_path: Path) -> None:
    path = config(tmp_path / "vault", "mkcards:\n")
    (tmp_path / "vault/a.md").write_text("x", encoding="utf-8")
    assert find(tmp_path, [Path("vault/a.md")]) == path


def test_every_rule_has_its_switch() -> None:
    assert sorted(rule.name for rule in rules.RULES) == sorted(RULES)


def test_a_config_can_be_hashed_and_sent_to_a_worker() -> None:
    assert pickle.loads(pickle.dumps(Config())) == Config()
    assert hash(Config(deck="a")) == hash(Config(deck="a"))
