from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from mkcards import ledger, package, pipeline, reading
from mkcards.config import Config
from mkcards.data import Candidate, Fields, NoteCards
from mkcards.errors import LedgerError, OutputError, UsageError
from mkcards.lock import held
from mkcards.outputs import clock, output_of
from mkcards.pipeline import build, cards
from mkcards.tags import deck_name, filed, tag

AGI = "**AGI** is an agent which applies skills at or above human level.\n"
WEIGHT = "**Weight** is a number that multiplies an input of a neuron.\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    write(tmp_path, "notes/AI/agi.md", AGI)
    write(tmp_path, "notes/weight.md", WEIGHT)
    return tmp_path


def write(root: Path, name: str, text: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def config(vault: Path, **settings: Any) -> Config:
    return Config(**{"notes": (vault / "notes",), "output": vault / "out/deck.apkg", **settings})


def written(vault: Path) -> dict[str, tuple[bytes, int]]:
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in (vault / "out").iterdir()}


def namespace(vault: Path, deck: str) -> str:
    return ledger.loads((vault / f"out/{deck}.ledger.jsonl").read_bytes(), deck).namespace


def test_a_build_writes_deck_and_ledger(vault: Path) -> None:
    outcome = build(config(vault), now=1_700_000_000)
    assert [(card.key, card.path, card.line) for card in outcome.cards] == [
        ("AGI", "AI/agi.md", 1),
        ("Weight", "weight.md", 1),
    ]
    assert (outcome.notes, outcome.new, outcome.changed, outcome.gone, outcome.written) == (2, 2, 0, 0, True)
    assert outcome.diagnostics == ()
    assert [card.tags for card in outcome.cards] == [
        ("AI", "mkcards::bold-definition"),
        ("mkcards::bold-definition",),
    ]
    assert sorted(written(vault)) == ["deck.apkg", "deck.ledger.jsonl"]
    data = (vault / "out/deck.ledger.jsonl").read_bytes()
    assert package.read_comment(vault / "out/deck.apkg") == hashlib.sha256(data).hexdigest()
    assert package.read_ledger(vault / "out/deck.apkg") == data
    stored = ledger.loads(data, "x")
    assert (stored.namespace, stored.roots) == ("deck", (".",))


def test_nothing_changed_writes_nothing(vault: Path) -> None:
    build(config(vault), now=1_700_000_000)
    before = written(vault)
    outcome = build(config(vault), now=1_800_000_000)
    assert (outcome.new, outcome.changed, outcome.gone, outcome.written) == (0, 0, 0, False)
    assert written(vault) == before


def test_a_build_that_waited_for_another_works_with_the_notes_of_now(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def waited(output: Path) -> Iterator[None]:
        with held(output):
            write(vault, "notes/new.md", "**Bias** is a number that is added to the sum.\n")
            yield

    monkeypatch.setattr(pipeline, "held", waited)
    assert [card.key for card in build(config(vault), now=5).cards] == ["AGI", "Bias", "Weight"]


def test_a_build_of_no_notes_leaves_no_folder(vault: Path) -> None:
    (vault / "empty").mkdir()
    with pytest.raises(UsageError, match="no-notes"):
        build(config(vault, notes=(vault / "empty",)), now=5)
    assert not (vault / "out").exists()


def test_looking_gives_the_ids_of_a_build_and_writes_nothing(vault: Path) -> None:
    seen = cards(config(vault), now=5)
    assert not (vault / "out").exists()
    built = build(config(vault), now=5)
    assert seen.cards == built.cards
    write(vault, "notes/weight.md", WEIGHT.replace("number", "factor"))
    before = written(vault)
    again = cards(config(vault), now=9)
    assert [card.id for card in again.cards] == [card.id for card in built.cards]
    assert written(vault) == before


def test_looking_elsewhere_leaves_the_ledger_alone(vault: Path) -> None:
    write(vault, "notes/.obsidian/app.json", "{}")
    build(config(vault, notes=(vault / "notes/AI",), namespace="mine"), now=5)
    outcome = cards(config(vault, notes=(vault / "notes/weight.md",)), now=5)
    assert outcome.retired == ()
    assert (vault / "out/deck.ledger.jsonl").read_bytes().startswith(b'{"format":1,"namespace":"mine"')


def test_retired_cards_stand_beside_the_deck_until_they_return(vault: Path) -> None:
    first = build(config(vault), now=1_700_000_000)
    write(vault, "notes/weight.md", "Nothing.\n")
    outcome = build(config(vault), now=1_700_000_100)
    assert (outcome.new, outcome.changed, outcome.gone) == (0, 0, 1)
    assert [card.key for card in outcome.retired] == ["Weight"]
    assert (vault / "out/deck.retired.apkg").exists()
    with_anki = imported(vault, "deck.retired.apkg")
    assert with_anki == {first.cards[1].id: ["mkcards::bold-definition", "mkcards::retired"]}
    write(vault, "notes/weight.md", WEIGHT)
    outcome = build(config(vault), now=1_700_000_200)
    assert [card.id for card in outcome.cards] == [card.id for card in first.cards]
    assert (outcome.new, outcome.changed, outcome.gone) == (0, 1, 0)
    assert sorted(written(vault)) == ["deck.apkg", "deck.ledger.jsonl"]


def imported(vault: Path, *names: str) -> dict[str, list[str]]:
    """The guids and tags that Anki holds after importing packages into an empty collection."""
    (vault / "anki").mkdir(exist_ok=True)
    collection = Collection(str(vault / f"anki/{names[0]}.anki2"))
    try:
        for name in names:
            request = ImportAnkiPackageRequest(
                package_path=str(vault / "out" / name), options=ImportAnkiPackageOptions(merge_notetypes=True)
            )
            collection.import_anki_package(request)
        notes = [collection.get_note(note) for note in collection.find_notes("")]
        return {note.guid: note.tags for note in notes}
    finally:
        collection.close()


def test_anki_takes_the_deck(vault: Path) -> None:
    outcome = build(config(vault), now=1_700_000_000)
    assert imported(vault, "deck.apkg") == {card.id: list(card.tags) for card in outcome.cards}


def test_same_notes_same_bytes(vault: Path) -> None:
    build(config(vault), now=1_700_000_000)
    build(config(vault, output=vault / "again/deck.apkg"), now=1_700_000_000)
    for name in ("deck.apkg", "deck.ledger.jsonl"):
        assert (vault / "out" / name).read_bytes() == (vault / "again" / name).read_bytes()


def test_a_crash_between_ledger_and_deck_heals(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(config(vault), now=1_700_000_000)
    write(vault, "notes/weight.md", WEIGHT.replace("number", "factor"))

    def crash(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(package.Package, "write", crash)
        build(config(vault), now=1_700_000_100)
    outcome = build(config(vault), now=1_700_000_200)
    assert (outcome.changed, outcome.written) == (0, True)
    assert sorted(card.changed for card in outcome.cards) == [1_700_000_000, 1_700_000_100]
    assert build(config(vault), now=1_700_000_300).written is False


def test_a_damaged_deck_is_written_again(vault: Path) -> None:
    build(config(vault), now=1_700_000_000)
    deck = vault / "out/deck.apkg"
    whole = deck.read_bytes()
    deck.write_bytes(whole[:100])
    assert build(config(vault), now=1_700_000_100).written is True
    assert deck.read_bytes() == whole


def test_a_lost_ledger_comes_back_from_the_deck(vault: Path) -> None:
    build(config(vault), now=1_700_000_000)
    path = vault / "out/deck.ledger.jsonl"
    data = path.read_bytes()
    path.unlink()
    seen = cards(config(vault), now=1_700_000_100)
    outcome = build(config(vault), now=1_700_000_100)
    assert path.read_bytes() == data
    assert [str(diagnostic) for diagnostic in outcome.diagnostics] == [
        f"{path}: ledger-recovered it was gone and is recovered from deck.apkg; nothing is lost"
    ]
    assert seen.diagnostics == outcome.diagnostics


def test_a_deck_to_share_holds_no_ledger(vault: Path) -> None:
    build(config(vault), now=1_700_000_000)
    assert build(config(vault, ledger_in_deck=False), now=1_700_000_100).written is True
    assert package.read_ledger(vault / "out/deck.apkg") is None
    assert build(config(vault, ledger_in_deck=False), now=1_700_000_100).written is False
    (vault / "out/deck.ledger.jsonl").unlink()
    outcome = build(config(vault, ledger_in_deck=False), now=1_700_000_100)
    assert [str(diagnostic) for diagnostic in outcome.diagnostics] == [
        f"{vault}/out/deck.ledger.jsonl: ledger-missing it is gone and the deck holds no copy, so ids are "
        "made anew; restore it if you can"
    ]


def test_somebody_elses_deck_is_not_overwritten(vault: Path) -> None:
    import zipfile

    (vault / "out").mkdir()
    with zipfile.ZipFile(vault / "out/deck.apkg", "w") as foreign:
        foreign.writestr("collection.anki2", b"")
    before = written(vault)
    with pytest.raises(OutputError) as caught:
        build(config(vault), now=5)
    assert str(caught.value) == (
        f"{vault}/out/deck.apkg: foreign-deck mkcards did not write this; move it away, or name another output"
    )
    assert written(vault) == before


def test_a_deck_that_was_written_without_a_note_is_written_again_when_that_is_back(vault: Path) -> None:
    whole = build(config(vault), now=1_700_000_000)
    write(vault, "notes/weight.md", b"caf\xe9\n")
    write(vault, "notes/AI/agi.md", AGI.replace("skills", "abilities"))
    assert build(config(vault), now=1_700_000_100).written
    assert build(config(vault), now=1_700_000_200).written is False
    assert len(imported(vault, "deck.apkg")) == 1
    write(vault, "notes/weight.md", WEIGHT)
    outcome = build(config(vault), now=1_700_000_300)
    assert (outcome.new, outcome.changed, outcome.written) == (0, 0, True)
    assert imported(vault, "deck.apkg").keys() == {card.id for card in whole.cards}
    assert build(config(vault), now=1_700_000_400).written is False


def test_an_undecodable_note_keeps_its_cards(vault: Path) -> None:
    first = build(config(vault), now=1_700_000_000)
    write(vault, "notes/weight.md", b"caf\xe9\n")
    outcome = build(config(vault), now=1_700_000_100)
    assert [diagnostic.code for diagnostic in outcome.diagnostics] == ["undecodable"]
    assert (outcome.gone, outcome.retired, outcome.written) == (0, (), False)
    write(vault, "notes/weight.md", WEIGHT)
    assert [card.id for card in build(config(vault), now=1_700_000_200).cards] == [
        card.id for card in first.cards
    ]


def test_a_crash_on_one_note_costs_nothing_else(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(config(vault), now=1_700_000_000)
    extract = reading.extract

    def crash(note: Any, settings: Config) -> NoteCards:
        if note.path == "weight.md":
            raise ValueError("no luck")
        return extract(note, settings)

    monkeypatch.setattr(reading, "extract", crash)
    outcome = build(config(vault), now=1_700_000_100)
    assert [card.key for card in outcome.cards] == ["AGI"]
    assert outcome.gone == 0
    assert [str(diagnostic) for diagnostic in outcome.diagnostics] == [
        "weight.md: crash mkcards failed on this note (ValueError: no luck); please report it with the note "
        "(its cards stay as they were)"
    ]


def test_conflict_marks_stop_the_build_before_anything_is_written(vault: Path) -> None:
    build(config(vault), now=1_700_000_000)
    path = vault / "out/deck.ledger.jsonl"
    path.write_bytes(b"<<<<<<< HEAD\n" + path.read_bytes())
    before = written(vault)
    with pytest.raises(LedgerError, match=rf"^{path}:1: ledger-conflict "):
        build(config(vault), now=1_700_000_100)
    assert written(vault) == before


def test_a_folder_that_became_empty_retires_nothing(vault: Path) -> None:
    build(config(vault), now=1_700_000_000)
    before = written(vault)
    (vault / "notes/weight.md").unlink()
    (vault / "notes/AI/agi.md").unlink()
    with pytest.raises(UsageError, match=": no-notes it holds no "):
        build(config(vault), now=1_700_000_100)
    assert written(vault) == before


def test_an_output_that_can_not_be_written(vault: Path) -> None:
    (vault / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        build(config(vault), now=5)
    assert str(caught.value) == (
        f"{vault}/out/deck.apkg: output its folder can't be written (File exists); name another"
    )


def test_the_namespace_of_the_ledger_stays(vault: Path) -> None:
    first = build(config(vault), now=1_700_000_000)
    outcome = build(config(vault, namespace="other"), now=1_700_000_000)
    assert [card.id for card in outcome.cards] == [card.id for card in first.cards]
    assert [str(diagnostic) for diagnostic in outcome.diagnostics] == [
        f'{vault}/out/deck.ledger.jsonl:1: namespace-kept the namespace stays "deck", or every card would '
        "lose its history; set it back"
    ]


def test_decks_below_one_parent_have_ids_of_their_own(vault: Path) -> None:
    write(vault, "algebra/Glossary.md", "A **kernel** is the set of elements that a map sends to zero.\n")
    write(vault, "os/Glossary.md", "A **kernel** is the program that runs before all others.\n")
    decks = (("algebra", "Uni::Algebra"), ("os", "Uni::Operating systems"))
    made = [
        build(config(vault, notes=(vault / folder,), output=vault / f"out/{folder}.apkg", deck=deck), now=5)
        for folder, deck in decks
    ]
    assert [namespace(vault, folder) for folder, _ in decks] == ["Uni::Algebra", "Uni::Operating systems"]
    assert imported(vault, "algebra.apkg", "os.apkg").keys() == {one.cards[0].id for one in made}
    assert len({one.cards[0].id for one in made}) == 2


def test_a_deck_name_without_a_name_is_that_of_the_output(vault: Path) -> None:
    outcome = build(config(vault, deck="::"), now=5)
    assert (namespace(vault, "deck"), {card.deck for card in outcome.cards}) == ("deck", {"deck"})


def test_an_image_that_changes_moves_the_stamp(vault: Path) -> None:
    write(vault, "notes/weight.md", "==How does a weight look?==\n- like this: ![](w.png)\n")
    write(vault, "notes/w.png", b"one")
    build(config(vault), now=1_700_000_000)
    write(vault, "notes/w.png", b"two")
    outcome = build(config(vault), now=1_700_000_100)
    assert [(card.key, card.changed) for card in outcome.cards] == [
        ("AGI", 1_700_000_000),
        ("How does a weight look?", 1_700_000_100),
    ]


def test_progress_is_told(vault: Path) -> None:
    told: list[tuple[int, int]] = []
    cards(config(vault), now=5, progress=lambda done, notes: told.append((done, notes)))
    assert told == [(1, 2), (2, 2)]


def test_where_the_output_goes(vault: Path) -> None:
    notes = (vault / "notes",)
    assert output_of(Config(notes=notes)) == Path("decks/notes.apkg")
    assert output_of(Config(notes=(vault / "notes/weight.md",))) == Path("decks/weight.apkg")
    assert output_of(Config(notes=(vault / "notes/AI", vault / "notes/B"))) == Path("decks/notes.apkg")
    assert output_of(Config(notes=notes, output=Path("x.apkg"))) == Path("x.apkg")
    for settings, message in [
        (Config(), "notes: no-notes none are named; name a folder, or set `notes` in config.yaml"),
        (
            Config(notes=notes, output=Path("x.zip")),
            "x.zip: output-kind this is no *.apkg, *.csv or *.jsonl; name a deck",
        ),
    ]:
        with pytest.raises(UsageError) as caught:
            output_of(settings)
        assert str(caught.value) == message


def test_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert clock() == 1_700_000_000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert clock() == 1
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(UsageError) as caught:
        clock()
    assert str(caught.value) == 'SOURCE_DATE_EPOCH: bad-value "soon" is no Unix second; correct or unset it'
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert clock() > 1_700_000_000


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("#ml/deep learning", "ml::deep_learning"),
        ("a::b", "a::b"),
        (" / x // y/", "x::y"),
        ("a\tb\u3000c", "a_b_c"),
    ],
)
def test_tags(text: str, held: str) -> None:
    assert tag(text) == held


def test_decks_and_tags_of_a_note() -> None:
    one = Candidate("list-item", "item", "k", Fields("?", "!"), 1, 1, 1, tags=("own",))
    note = NoteCards("Bio/Cell stuff/a.md", "a", tags=("x", "bio", "#Z"), candidates=(one,))
    settings = Config(tags=("Bio", "course one"), subdecks="folders")
    done = filed(note, settings, "deck")
    assert done.deck == "deck::Bio::Cell stuff"
    assert done.candidates[0].tags == (
        "Bio",
        "Bio::Cell_stuff",
        "Z",
        "course_one",
        "mkcards::list-item",
        "own",
        "x",
    )
    assert filed(note, Config(deck="Biology :: One"), "deck").deck == "Biology::One"
    own = NoteCards("Bio/a.md", "a", deck="Mine")
    assert filed(own, settings, "deck").deck == "Mine"
    assert deck_name("a::::b\n c:: ") == "a::b c"
