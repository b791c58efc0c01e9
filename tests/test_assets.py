"""Images, sounds and embedded notes are found as Obsidian finds them, inside the vault only."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from mkcards import pipeline
from mkcards.appearance import digests
from mkcards.assets import MAX_DEPTH, MAX_EMBEDS, Library, media_name
from mkcards.config import Config
from mkcards.data import Assets, Candidate, Fields, NoteCards, Vault
from mkcards.extract import extract
from mkcards.parse import parse
from mkcards.syntax.references import references

PIXEL = b"\x89PNG pixel"
PIXEL_12 = hashlib.sha256(PIXEL).hexdigest()[:12]


def vault_of(root: Path, files: dict[str, str | bytes]) -> Vault:
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return Vault(root, root.name, tuple(sorted(files)))


def find(vault: Vault, answer: str, path: str = "Bio/Cells.md") -> tuple[Assets, list[str]]:
    assets, problems = Library(vault).find(Fields("Prompt", answer), path, 4)
    return assets, [str(problem) for problem in problems]


def files_of(assets: Assets) -> dict[str, str]:
    return {target: str(media.file) for target, media in assets.media.items()}


def test_what_lies_beside_the_named_folders_needs_a_vault(tmp_path: Path) -> None:
    vault_of(tmp_path, {"Bio/Cells.md": "![[cell.png]]\n", "Sea/Tide.md": "Tide\n", "img/cell.png": PIXEL})
    named = Config(notes=(tmp_path / "Bio", tmp_path / "Sea"))
    advice = "set `vault` to a folder that holds it too, or add the file"
    said = [f'Bio/Cells.md:1: missing-media "cell.png" is in none of the named folders; {advice}']
    assert [str(one) for one in pipeline.cards(named, now=1).diagnostics] == said
    for config in (replace(named, vault=tmp_path), Config(notes=(tmp_path,))):
        assert pipeline.cards(config, now=1).diagnostics == ()


def test_plain_text_refers_to_nothing(tmp_path: Path) -> None:
    assert find(vault_of(tmp_path, {}), "[[Note]] and `![[code.png]]` and a [link](x.png)!") == (Assets(), [])


@pytest.mark.parametrize(
    ("markdown", "target"),
    [
        ("![[cell.png|300]]", "cell.png"),
        ("![[CELL.PNG]]", "CELL.PNG"),
        ("![alt](cell.png)", "cell.png"),
        ("![alt|300](attachments/cell.png)", "attachments/cell.png"),
        ("![](/attachments/cell.png)", "/attachments/cell.png"),
        ("![](../attachments/cell.png)", "../attachments/cell.png"),
        ("![](../attachments/./cell.png)", "../attachments/./cell.png"),
        ('<img src="cell.png" width=3>', "cell.png"),
        ("text\n\n<div>\n<img alt='x' src='attachments/cell.png'></div>", "attachments/cell.png"),
    ],
)
def test_ways_to_name_an_image(tmp_path: Path, markdown: str, target: str) -> None:
    assets, problems = find(vault_of(tmp_path, {"attachments/cell.png": PIXEL}), markdown)
    assert problems == []
    assert files_of(assets) == {target: str(tmp_path / "attachments/cell.png")}
    assert assets.media[target].name == f"cell-{PIXEL_12}.png"


def test_an_encoded_address_is_decoded(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"img/große Zelle.png": PIXEL})
    assets, problems = find(vault, "![](img/gro%C3%9Fe%20Zelle.png) ![](<img/große Zelle.png>)")
    assert problems == []
    assert files_of(assets) == {"img/große Zelle.png": str(tmp_path / "img/große Zelle.png")}


def test_the_image_beside_the_note_comes_first(tmp_path: Path) -> None:
    vault = vault_of(
        tmp_path, {"a.png": b"root", "Bio/a.png": b"near", "Bio/deep/b.png": b"deep", "z/b.png": b"high"}
    )
    assets, _ = find(vault, "![[a.png]] ![[b.png]] ![](/a.png)")
    assert files_of(assets) == {
        "a.png": str(tmp_path / "Bio/a.png"),
        "b.png": str(tmp_path / "z/b.png"),
        "/a.png": str(tmp_path / "a.png"),
    }


def test_a_sound_is_a_medium_too(tmp_path: Path) -> None:
    assets, problems = find(vault_of(tmp_path, {"heart.mp3": b"tock"}), "![[heart.mp3]]")
    assert problems == []
    assert list(assets.media) == ["heart.mp3"]


def test_remote_images_are_left_alone(tmp_path: Path) -> None:
    assert find(vault_of(tmp_path, {}), "![a](https://example.org/a.png) ![](//example.org/a.png)") == (
        Assets(remote=("https://example.org/a.png", "//example.org/a.png")),
        [],
    )


def test_a_missing_image_is_named_once(tmp_path: Path) -> None:
    assert find(vault_of(tmp_path, {}), "![[gone.png]] ![[gone.png]]") == (
        Assets(),
        ['Bio/Cells.md:4: missing-media "gone.png" is not in the vault; add the file or correct the link'],
    )


@pytest.mark.parametrize("target", ["../../secret.png", "../../../secret.png"])
def test_nothing_from_outside_the_vault(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.png").write_bytes(PIXEL)
    vault = vault_of(tmp_path / "vault", {"Bio/Cells.md": ""})
    assert find(vault, f"![]({target})") == (
        Assets(),
        [f'Bio/Cells.md:4: missing-media "{target}" lies outside the vault; copy it into the vault'],
    )


def test_no_link_leads_out_of_the_vault(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PIXEL)
    (tmp_path / "secret.md").write_text("secret")
    vault_of(tmp_path / "vault", {"Bio/Cells.md": ""})
    for name in ("secret.png", "secret.md"):
        (tmp_path / "vault" / name).symlink_to(tmp_path / name)
    vault = Vault(tmp_path / "vault", "vault", ("Bio/Cells.md", "secret.md", "secret.png"))
    assert find(vault, "![[secret.png]] ![[secret]]") == (
        Assets(),
        [
            'Bio/Cells.md:4: missing-media "secret.png" lies outside the vault; copy it into the vault',
            'Bio/Cells.md:4: unresolved-embed "secret" lies outside the vault; copy it into the vault',
        ],
    )


def test_a_file_that_is_gone_since_the_listing(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"cell.png": PIXEL, "Note.md": "x"})
    for name in vault.files:
        (tmp_path / name).unlink()
    assert find(vault, "![[cell.png]] ![[Note]]") == (
        Assets(),
        [
            'Bio/Cells.md:4: unreadable "cell.png" can\'t be read (No such file or directory);'
            " check the file",
            'Bio/Cells.md:4: unreadable "Note" can\'t be read (No such file or directory); check the file',
        ],
    )


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a/Cell.PNG", "Cell-0123456789ab.png"),
        ('we:ird?"na\\me[1].png', "we_ird_na_me_1-0123456789ab.png"),
        ("_hidden.svg", "hidden-0123456789ab.svg"),
        ("a b & 100%.jpg", "a_b_100-0123456789ab.jpg"),
        ("细胞.png", "细胞-0123456789ab.png"),
        ("u\u0308.png", "ü-0123456789ab.png"),
        ("???.png", "media-0123456789ab.png"),
        ("x" * 90 + ".png", "x" * 40 + "-0123456789ab.png"),
    ],
)
def test_media_names(file: str, name: str) -> None:
    assert media_name(file, "0123456789abcdef") == name


NOTE = """---
title: Hidden
---
# First

One.

## Second: *part*

Two.

- an item ^item
- another

| a |
|---|
| b |

^table

# Third

Three. ^para
More.
"""


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("Other", NOTE.removeprefix("---\ntitle: Hidden\n---\n")),
        ("Other.md#third", "# Third\n\nThree. ^para\nMore."),
        ("Other#First#Second part", NOTE[NOTE.index("## Second") : NOTE.index("\n# Third")].strip()),
        ("Other#^item", "- an item"),
        ("Other#^TABLE", "| a |\n|---|\n| b |"),
        ("Other#^para", "Three.\nMore."),
    ],
)
def test_what_an_embed_takes(tmp_path: Path, target: str, text: str) -> None:
    assets, problems = find(vault_of(tmp_path, {"x/Other.md": NOTE}), f"![[{target}]]")
    assert problems == []
    assert dict(assets.embeds) == {target: text}


def test_an_embed_of_the_notes_own_section(tmp_path: Path) -> None:
    assets, problems = find(vault_of(tmp_path, {"Bio/Cells.md": NOTE}), "![[#Third]]")
    assert problems == []
    assert dict(assets.embeds) == {"#Third": "# Third\n\nThree. ^para\nMore."}


@pytest.mark.parametrize("target", ["Other#Fourth", "Other#^nope"])
def test_a_place_that_is_not_there(tmp_path: Path, target: str) -> None:
    assert find(vault_of(tmp_path, {"Other.md": NOTE}), f"![[{target}]]") == (
        Assets(),
        [f'Bio/Cells.md:4: unresolved-embed "{target}" names no place of its note; correct the link'],
    )


def test_what_is_neither_note_nor_media_cannot_be_shown(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"files/tides.pdf": "x", "v1.2.md": "Version"})
    assert find(vault, "![[tides.pdf]]") == (
        Assets(),
        [
            'Bio/Cells.md:4: unresolved-embed "tides.pdf" is no note, image or sound; link to it instead',
        ],
    )
    assert find(vault, "![[v1.2]]")[0].embeds == {"v1.2": "Version"}


def test_a_missing_note(tmp_path: Path) -> None:
    assert find(vault_of(tmp_path, {}), "![[Nowhere|alias]]") == (
        Assets(),
        [
            'Bio/Cells.md:4: unresolved-embed "Nowhere" is not in the vault;'
            " add the file or correct the link"
        ],
    )


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    assert find(vault_of(tmp_path, {"Other.md": b"\xff\xff\x00"}), "![[Other]]") == (
        Assets(),
        ['Bio/Cells.md:4: unresolved-embed "Other" can\'t be read as text; check the file'],
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_and_carriage_returns_are_read(tmp_path: Path, encoding: str) -> None:
    assets, _ = find(vault_of(tmp_path, {"Other.md": "ä\r\nb\rc".encode(encoding)}), "![[Other]]")
    assert dict(assets.embeds) == {"Other": "ä\nb\nc"}


@pytest.mark.parametrize(
    "text",
    [
        "---\nA knot fastens ropes.\n\n---\n\nA hitch fastens a rope to a post.\n",
        "---\ntitle: Knots\n...\n\nA bend joins two ropes.\n",
        "---\n- a knot\n---\nA bend joins two ropes.\n",
    ],
)
def test_what_is_body_to_the_parser_is_body_when_embedded(tmp_path: Path, text: str) -> None:
    assert parse("Other.md", text)[0].blocks[-1].line == text.count("\n")
    assets, _ = find(vault_of(tmp_path, {"Other.md": text}), "![[Other]]")
    assert dict(assets.embeds) == {"Other": text}


def test_what_an_embed_refers_to_is_found_from_its_own_place(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"Art/Other.md": "![](a.png)", "Art/a.png": b"art", "Bio/a.png": b"bio"}
    assets, problems = find(vault_of(tmp_path, files), "![](a.png) ![[Other]]")
    assert problems == []
    assert files_of(assets) == {
        "a.png": str(tmp_path / "Bio/a.png"),
        "Other\na.png": str(tmp_path / "Art/a.png"),
    }


def test_circles_end(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"A.md": "![[B]]", "B.md": "![[A]]", "Bio/Cells.md": ""})
    assets, problems = find(vault, "![[A]] ![[Cells]]")
    assert list(assets.embeds) == ["A", "A\nB"]
    assert problems == [
        'Bio/Cells.md:4: unresolved-embed "A" embeds itself; break the circle',
        'Bio/Cells.md:4: unresolved-embed "Cells" embeds itself; break the circle',
    ]


def test_depth_ends(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {f"{n}.md": f"![[{n + 1}]]" for n in range(9)})
    assets, problems = find(vault, "![[0]]")
    assert len(assets.embeds) == MAX_DEPTH
    assert problems == [
        'Bio/Cells.md:4: unresolved-embed "5" is embedded more than 5 deep; embed it directly'
    ]


def test_breadth_ends(tmp_path: Path) -> None:
    hub = "\n".join(f"![[{n}]]" for n in range(30))
    vault = vault_of(tmp_path, {f"{n}.md": hub for n in range(30)})
    assets, problems = find(vault, hub)
    assert len(assets.embeds) == MAX_EMBEDS
    assert "Bio/Cells.md:4: unresolved-embed a card embeds more than 20 notes; embed fewer" in problems


def test_every_field_counts(tmp_path: Path) -> None:
    names = ("a", "b", "c", "d", "e")
    vault = vault_of(tmp_path, {f"{name}.png": name for name in names})
    prompt, answer, reverse_prompt, reverse_answer, details = (f"![[{name}.png]]" for name in names)
    fields = Fields(prompt, answer, reverse_prompt, reverse_answer, (), details)
    assets, problems = Library(vault).find(fields, "Note.md")
    assert problems == ()
    assert list(assets.media) == [f"{name}.png" for name in names]


def test_each_file_is_read_once(tmp_path: Path) -> None:
    library = Library(vault_of(tmp_path, {"a.png": PIXEL}))
    first, _ = library.find(Fields("", "![[a.png]]"), "Note.md")
    (tmp_path / "a.png").unlink()
    second, problems = library.find(Fields("", "![](a.png)"), "Note.md")
    assert problems == ()
    assert first.media["a.png"] is second.media["a.png"]


LACKING = """\
# Cells

![](https://example.org/a.png) and ![[gone.png]]

- ![[Nowhere#Part]] and ![over](../../over.png)
  ![](//example.org/b.png)

| a            | b                                |
|--------------|----------------------------------|
| ![[cell.png]] | <img src="large%20film.mp4"> |

```
![[code.png]]
```

%% ![[comment.png]] %%

**Cell**: the smallest part of a living thing ![[gone.png]]

![[a.mp3]]
![[b.mp3]] ![[c.mp3]]

![](https://example.org/c.png) ![[Cells.pdf]]
"""
SHOWN = "\n**Nucleus**: the plan of a living cell ![](https://example.org/a.png) ![](//example.org/b.png)\n"


def lacking(vault: Vault, text: str, *, remote_images: bool = False) -> list[str]:
    cards = extract(parse("Bio/Cells.md", text)[0], Config())
    _, found = digests([cards], Library(vault), Config(remote_images=remote_images))
    return [f"{one.severity} {one}" for one in sorted(found, key=lambda one: one.line)]


def test_everything_that_a_note_lacks_is_told_by_its_own_line(tmp_path: Path) -> None:
    files = {"Bio/Cells.md": LACKING, "cell.png": PIXEL, "large film.mp4": b"film", "Cells.pdf": b"%PDF"}
    vault = vault_of(tmp_path, files)
    with (tmp_path / "large film.mp4").open("r+b") as film:
        film.truncate(123_000_000)
    assert lacking(vault, LACKING) == [
        'warning Bio/Cells.md:3: missing-media "gone.png" is not in the vault; add the file or correct the link',
        'remark Bio/Cells.md:5: unresolved-embed "Nowhere" is not in the vault; add the file or correct the link',
        'remark Bio/Cells.md:5: missing-media "../../over.png" lies outside the vault; copy it into the vault',
        'remark Bio/Cells.md:10: large-media "large film.mp4" has 123 MB, '
        "sound or film on a card at most 100; make it smaller",
        'remark Bio/Cells.md:20: missing-media "a.mp3" is not in the vault, like 2 more (line 21); '
        "add the file or correct the link",
    ]
    remote = [one for one in lacking(vault, LACKING + SHOWN) if "remote-image" in one]
    assert remote == [
        "remark Bio/Cells.md:3: remote-image a card shows links in place of images from the internet "
        "(lines 3, 6, 25); save them in the vault, or set `remote_images`"
    ]
    assert lacking(vault, LACKING + SHOWN, remote_images=True) == lacking(vault, LACKING)


def test_a_file_that_only_obsidian_shows_is_wrong_on_a_card_alone(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"Cells.pdf": b"%PDF"})
    assert lacking(vault, "![[Cells.pdf]]\n") == []
    assert lacking(vault, "**Cell**: the smallest part of a living thing ![[Cells.pdf]]\n") == [
        'warning Bio/Cells.md:1: unresolved-embed "Cells.pdf" is no note, image or sound; link to it instead'
    ]


def test_a_finding_about_many_lines_names_ten(tmp_path: Path) -> None:
    assert lacking(vault_of(tmp_path, {}), "".join(f"![[{at}.png]]\n\n" for at in range(12))) == [
        'remark Bio/Cells.md:1: missing-media "0.png" is not in the vault, like 11 more '
        "(lines 3, 5, 7, 9, 11, 13, 15, 17, 19, 21 …); add the file or correct the link"
    ]


def test_a_picture_of_50_megabytes_is_no_part_of_a_card(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"huge.png": PIXEL})
    with (tmp_path / "huge.png").open("r+b") as picture:
        picture.truncate(50_000_000)
    assert find(vault, "![[huge.png]]") == (
        Assets(),
        ['Bio/Cells.md:4: large-media "huge.png" has 50 MB, a picture on a card at most 20; make it smaller'],
    )


@pytest.mark.parametrize(
    "drawing",
    [
        "<svg><script>alert(1)</script></svg>",
        "<svg><svg:script href='x'/></svg>",
        '<svg onload="alert(1)"/>',
        '<svg><a href="JavaScript:alert(1)"/></svg>',
        '<svg onload="alert(1)"/>'.encode("utf-16"),
        b"\xff<svg onload='alert(1)'/>",
    ],
)
def test_a_drawing_with_a_script_is_no_part_of_a_card(tmp_path: Path, drawing: str | bytes) -> None:
    assert find(vault_of(tmp_path, {"plan.svg": drawing}), "![[plan.svg]]") == (
        Assets(),
        ['Bio/Cells.md:4: unsafe-media "plan.svg" holds a script; export the drawing without it'],
    )


def test_a_drawing_without_a_script_is(tmp_path: Path) -> None:
    drawing = '<svg><foreignObject><div>on = off</div></foreignObject><text>one="two"</text></svg>'
    assets, problems = find(vault_of(tmp_path, {"plan.svg": drawing}), "![[plan.svg]]")
    assert (list(assets.media), problems) == (["plan.svg"], [])


def test_footnotes_come_with_the_passage_that_names_them(tmp_path: Path) -> None:
    note = "# A\n\nText[^1] and[^two].\n\n# B\n\nMore[^3]. ^b\n\n[^1]: One\n[^two]: Two\n\n    goes on\n\n[^3]: Three\n"
    assets, _ = find(vault_of(tmp_path, {"Other.md": note}), "![[Other#A]] ![[Other#^b]]")
    assert dict(assets.embeds) == {
        "Other#A": "# A\n\nText[^1] and[^two].\n\n[^1]: One\n\n[^two]: Two\n\n    goes on",
        "Other#^b": "More[^3].\n\n[^3]: Three",
    }


@pytest.mark.parametrize(
    ("markdown", "shows"),
    [
        ("![a](https://example.org/a.png)", True),
        ("![a [b]](<//example.org/a.png>)", True),
        ('a <img src="https://example.org/a.png">', True),
        ("[a](https://example.org/a.png)", False),
        ("`![a](https://example.org/a.png)`", False),
        ("![" * 3000, False),
    ],
)
def test_only_images_from_the_internet_change_how_a_card_looks(tmp_path: Path, markdown: str, shows: bool) -> None:
    one = Candidate("term-line", "definition", "a", Fields("a", markdown), 1, 1, 1)
    note, library = NoteCards("a.md", "a", candidates=(one,)), Library(Vault(tmp_path, "x", ()))
    seen, _ = digests([note], library, Config(remote_images=True))
    assert list(seen) == [("a.md", 0)] * shows


def test_the_lines_of_thousands_of_images_are_found_in_passing() -> None:
    text = "".join(f"![a](b{at}.png) ![a](c%20{at}.png) ![a](b0.png)\n" for at in range(1, 2001))
    found = list(references(parse("a.md", f"# H\n\n{text}")[0].blocks))
    assert [(one.target, one.line) for one in found[-3:]] == [("b2000.png", 2002), ("c 2000.png", 2002), ("b0.png", 3)]
    odd = list(references(parse("a.md", "![a](x&amp;1.png)\n![a](y.png)\n")[0].blocks))
    assert [(one.target, one.line) for one in odd] == [("x&1.png", 1), ("y.png", 2)]
