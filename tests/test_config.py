from __future__ import annotations

import dataclasses
import json
import pickle
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from mkcards import rules
from mkcards.config import RULES, Config
from mkcards.config_file import find, load
from mkcards.config_schema import schema
from mkcards.effective import as_json, as_text, effective
from mkcards.errors import UsageError
from mkcards.phrasing import phrases
from mkcards.settings import SETTINGS

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


def test_the_shipped_file_says_above_each_setting_what_it_is_for() -> None:
    lines = [line.strip() for line in SHIPPED.read_text(encoding="utf-8").splitlines()[1:]]
    pairs = zip(lines[::2], lines[1::2], strict=True)
    said = {line.partition(":")[0]: comment.removeprefix("# ") for comment, line in pairs}
    about = {setting.name: setting.about for setting in SETTINGS}
    assert {name: said[name] for name in about} == about
    for owner in ("rules", "reverse"):
        at = lines.index(f"{owner}:")
        (setting,) = (one for one in SETTINGS if one.name == owner)
        entries = [f"# {text}" for text in setting.entries.values()]
        assert lines[at + 1 : at + 2 * len(entries) : 2] == entries


def test_the_table_has_every_setting() -> None:
    assert [setting.name for setting in SETTINGS] == [field.name for field in dataclasses.fields(Config)]


def test_settings_are_read_and_paths_count_from_the_file(tmp_path: Path) -> None:
    path = config(
        tmp_path,
        "mkcards:\n  notes: [Bio, /abs]\n  output: decks/b.apkg\n  deck: Biology\n  namespace: me\n"
        "  vault: .\n  exclude: [Templates]\n  lang: de\n  rules: {list-item: false}\n"
        "  reverse: {term-line: true}\n  skip_headings: [Links]\n  tags: [bio]\n  subdecks: folders\n"
        "  remote_images: yes\n  outside_links: yes\n"
        "  ledger_in_deck: false\n  heading_labels: off\n  select: [long-list]\n"
        "  ignore: [identity]\n  questions: {de: {what_is: 'Nenne {term}.'}}\n",
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
        reverse={"quoted-definition": True, "bold-definition": True, "heading-definition": True, "term-line": True},
        skip_headings=("Links",),
        tags=("bio",),
        subdecks="folders",
        remote_images=True,
        outside_links=True,
        ledger_in_deck=False,
        heading_labels=False,
        questions={"de": {"what_is": "Nenne {term}."}},
        select=("long-list",),
        ignore=("identity",),
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
        "config.yaml:5: bad-value `no` is no language with questions; "
        "write auto, or one of en, de, fr, es, it, zh, zh-hant, ru, pt, da, pl",
        "config.yaml:6: bad-value `subdecks` can't be `yes`; write none or folders",
        "config.yaml:8: unknown-rule there is no rule `term-lines`; did you mean `term-line`?",
        "config.yaml:9: wrong-type `list-item` is text, not true or false; correct it",
        "config.yaml:10: wrong-type `reverse` is true or false, not a mapping of rules; correct it",
        "config.yaml:11: set-twice the setting `deck` stands here again; keep one",
        "config.yaml:12: wrong-type `exclude` is a number, not text; put it in quotes",
    ]


def test_values_that_mean_nothing(tmp_path: Path) -> None:
    assert faults(tmp_path, "mkcards: {lang: english}\n") == [
        "config.yaml:1: bad-value `english` is no language with questions; "
        "write auto, or one of en, de, fr, es, it, zh, zh-hant, ru, pt, da, pl"
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


@pytest.mark.parametrize(
    ("glob", "fault"),
    [
        ("''", "`` is empty; write a name or a pattern"),
        ("Daily\\\\**", "`Daily\\\\**` has a backslash; write / between folders, on Windows too"),
        ("'!keep.md'", "`!keep.md` begins with !, which takes nothing back here; leave that line out"),
        ("../other", "`../other` leads out of the vault; name what lies inside"),
        ("'*.{md,txt}'", "`*.{md,txt}` has { }, which means nothing here; write a pattern for each"),
        ("'[0-9]*.md'", "`[0-9]*.md` has [ ], which stands for itself here; use ? or *"),
    ],
)
def test_globs_that_cannot_mean_what_they_seem_to(tmp_path: Path, glob: str, fault: str) -> None:
    glob = glob.replace("\\\\", "\\")
    fault = fault.replace("\\\\", "\\")
    assert faults(tmp_path, f"mkcards:\n  exclude:\n    - a..b\n    - {glob}\n") == [f"config.yaml:4: bad-glob {fault}"]


def test_globs_that_are_names_are_none_of_our_business(tmp_path: Path) -> None:
    names = ("[Archive]", "/Daily", "Templates", "**/old/*.md", "2024?", "~tmp", "a..b")
    text = "mkcards:\n  exclude: " + json.dumps(names)
    assert load(config(tmp_path, text)).exclude == names


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("'Define it.'", "bad-template `Define it.` lacks {term}, without which it asks nothing; put it in"),
        (
            "'{term} is {what}?'",
            "bad-template `{term} is {what}?` has no use for {what}; it can hold {term}",
        ),
        (
            "'{term.__class__}'",
            "bad-template `{term.__class__}` has no use for {term.__class__}; it can hold {term}",
        ),
        ("'{term!r}'", "bad-template `{term!r}` has no use for {term!r}; it can hold {term}"),
        ("'{term:>9}'", "bad-template `{term:>9}` has no use for {term:>9}; it can hold {term}"),
        (
            "'{term'",
            "bad-template `{term` is no template (expected '}' before end of string); "
            "write a brace of the question itself twice",
        ),
        ("[a]", "wrong-type `what_is` is a list, not text; correct it"),
    ],
)
def test_question_templates_have_the_parts_of_ours(tmp_path: Path, text: str, fault: str) -> None:
    assert faults(tmp_path, f"mkcards:\n  questions:\n    en:\n      what_is: {text}\n") == [f"config.yaml:4: {fault}"]


def test_the_readme_lists_the_questions() -> None:
    readme = SHIPPED.with_name("README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| (.*\{\w+\}.*|Which term is meant\?) \|$", readme, re.MULTILINE))
    assert listed == phrases("en").table["questions"]


def test_questions_of_no_language_and_of_no_name(tmp_path: Path) -> None:
    assert faults(tmp_path, "mkcards:\n  questions:\n    eng: {}\n    en: {what_iss: '{term}'}\n") == [
        "config.yaml:3: unknown-language there is no language `eng`; did you mean `en`?",
        "config.yaml:4: unknown-question there is no question `what_iss`; did you mean `what_is`?",
    ]


def test_codes_are_known(tmp_path: Path) -> None:
    assert faults(tmp_path, "mkcards:\n  select: [[a]]\n") == [
        "config.yaml:2: wrong-type `select` is a list, not text; correct it",
    ]
    assert faults(tmp_path, "mkcards:\n  select: [long-lists]\n  ignore: long-list\n") == [
        "config.yaml:2: unknown-code there is no code `long-lists`; did you mean `long-list`?",
        "config.yaml:3: wrong-type `ignore` is text, not a list; correct it",
    ]


def test_yaml_that_refers_to_itself_or_nests_without_end(tmp_path: Path) -> None:
    assert faults(tmp_path, "mkcards:\n  tags: &a [*a]\n  ? [b]\n  : c\n") == [
        "config.yaml:2: wrong-type `tags` is a list, not text; correct it",
        "config.yaml:3: unknown-setting there is no setting `?`; the README lists what there is",
    ]
    for deep in ("[" * 5000, "[" * 900 + "]" * 900):
        assert faults(tmp_path, f"mkcards: {deep}") == [
            "config.yaml: config-syntax this is nested too deeply; correct it"
        ]


def test_the_command_line_beats_the_file_and_the_file_the_default(tmp_path: Path) -> None:
    path = config(tmp_path, "mkcards:\n  deck: a\n  output: b.apkg\n  rules:\n    list-item: false\n")
    found = effective(path, {"notes": (), "output": Path("c.apkg")})
    assert (found.config.deck, found.config.output) == ("a", Path("c.apkg"))
    shown = {row["setting"]: row for row in map(json.loads, as_json(found))}
    assert shown["output"] == {"setting": "output", "value": "c.apkg", "from": "command line"}
    assert shown["deck"] == {"setting": "deck", "value": "a", "from": f"{path}:2"}
    assert shown["notes"] == {"setting": "notes", "value": [], "from": "default"}
    assert shown["rules.list-item"] == {"setting": "rules.list-item", "value": False, "from": f"{path}:5"}
    assert shown["rules.term-line"]["from"] == "default"


def test_what_is_printed_is_a_file_that_sets_the_same(tmp_path: Path) -> None:
    path = config(
        tmp_path,
        "mkcards:\n  deck: 'a: b'\n  notes: [/x]\n  reverse: {term-line: true}\n"
        "  questions: {en: {what_is: 'Say {term}.'}}\n",
    )
    lines = list(as_text(effective(path, {})))
    assert lines[:4] == [
        "mkcards:",
        f"  notes: [/x]  # {path}:3",
        "  output: null  # default",
        f"  deck: 'a: b'  # {path}:2",
    ]
    assert load(config(tmp_path / "again", "\n".join(lines))) == load(path)


def test_the_schema_takes_the_shipped_file_and_describes_every_setting() -> None:
    Draft7Validator.check_schema(schema())
    shipped = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    assert list(Draft7Validator(schema()).iter_errors(shipped)) == []
    ours = schema()["properties"]["mkcards"]
    assert {name: one["description"] for name, one in ours["properties"].items()} == {
        setting.name: setting.about for setting in SETTINGS
    }


@pytest.mark.parametrize(
    "text",
    [
        *("dekc: x", "tags: bio", "deck: 2024", "lang: english", "subdecks: 'yes'", "rules: {term-lines: true}"),
        *("rules: {list-item: maybe}", "reverse: true", "exclude: [a, 1]", "select: [x]", "remote_images: 1"),
        *("questions: {eng: {}}", "questions: {en: {what: x}}", "subdecks: [a]", "lang: tr", "lang: ''"),
    ],
)
def test_the_schema_and_the_reader_refuse_the_same(tmp_path: Path, text: str) -> None:
    section = f"mkcards: {{{text}}}"
    assert len(list(Draft7Validator(schema()).iter_errors(yaml.safe_load(section)))) == 1
    assert len(faults(tmp_path, section)) == 1


@pytest.mark.parametrize(
    "text", ["deck: ", "rules: {list-item: false}", "questions: {en: {what_is: '{term}!'}}", "lang: de-AT"]
)
def test_the_schema_and_the_reader_take_the_same(tmp_path: Path, text: str) -> None:
    section = f"mkcards: {{{text}}}"
    assert list(Draft7Validator(schema()).iter_errors(yaml.safe_load(section))) == []
    load(config(tmp_path, section))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path / "config.yaml")
    assert str(caught.value) == (f"{tmp_path}/config.yaml: unreadable No such file or directory; name another file")


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


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"mkcards:\n  # f\xfcr\n  output: d.apkg\n", ": undecodable this is not UTF-8; save it as UTF-8"),
        ("mkcards:\n".encode("utf-16"), ": undecodable this is not UTF-8; save it as UTF-8"),
        ("mkcards:\n".encode("utf-16-le"), ": undecodable this is not UTF-8; save it as UTF-8"),
        (b"  mkcards:\n  - [\n", ":3: config-syntax did not find expected node content; correct it"),
        (b"mkcards: {}\na: b\nmkcards:\n", ":3: set-twice the key `mkcards` stands here again; keep one"),
    ],
)
def test_a_file_that_may_be_ours_is_not_passed_over(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(content)
    assert find(tmp_path) == path
    with pytest.raises(UsageError) as caught:
        load(path)
    assert str(caught.value) == f"{path}{fault}"


def test_a_file_that_may_not_be_read_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = config(tmp_path, "mkcards:\n")

    def refused(*args: object, **options: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("mkcards.config_file.read_regular", refused)
    monkeypatch.setattr(Path, "read_text", refused)
    assert find(tmp_path) == path
    with pytest.raises(UsageError) as caught:
        load(path)
    assert str(caught.value) == f"{path}: unreadable Permission denied; name another file"


@pytest.mark.parametrize(
    "text", ["{mkcards: {deck: a}}", '{"title": 1, "mkcards": {"deck": "a"}}', "  mkcards:\n    deck: a\n"]
)
def test_our_key_is_found_however_it_is_written(tmp_path: Path, text: str) -> None:
    path = config(tmp_path, text)
    assert find(tmp_path) == path
    assert load(path).deck == "a"


@pytest.mark.parametrize(
    "content",
    [b"# mkcards: x\n- [\n", b"tags: [mkcards]\n", b"a: b\n---\nc: mkcards\n", b"title: f\xfcr\n", b"- mkcards: x\n"],
)
def test_a_file_of_somebody_else_is_passed_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.yaml").write_bytes(content)
    assert find(tmp_path) is None


def test_a_note_given_by_name_and_relative_paths(tmp_path: Path) -> None:
    path = config(tmp_path / "vault", "mkcards:\n")
    (tmp_path / "vault/a.md").write_text("x", encoding="utf-8")
    assert find(tmp_path, [Path("vault/a.md")]) == path


def test_every_rule_has_its_switch() -> None:
    assert sorted(rule.name for rule in rules.RULES) == sorted(RULES)


def test_a_config_can_be_hashed_and_sent_to_a_worker() -> None:
    assert pickle.loads(pickle.dumps(Config())) == Config()
    assert hash(Config(deck="a")) == hash(Config(deck="a"))
