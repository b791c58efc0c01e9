"""Every setting: its name, what it takes, and what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from mkcards.setting_kinds import (
    CODE_LIST,
    FOLDING,
    GLOBS,
    LANGUAGE,
    PATH,
    PATHS,
    REVERSE_SWITCHES,
    RULE_SWITCHES,
    SWITCH,
    TEXT,
    TEXTS,
    WORDINGS,
    Kind,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting and what it is for."""

    name: str
    kind: Kind
    about: str
    """The comment above it in the project's `config.yaml`."""
    entries: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The same for the entries of a mapping."""


SETTINGS: Final = (
    Setting("notes", PATHS, "Folders and files to read when the command line names none."),
    Setting("output", PATH, "The deck to write; without it decks/<name of the notes folder>.apkg."),
    Setting(
        "deck",
        TEXT,
        "The deck's name in Anki; empty takes the name of the output. A note's front matter `deck` wins.",
    ),
    Setting(
        "namespace",
        TEXT,
        "Keeps your ids apart from other people's; empty takes the deck's name. "
        "Set it before the first build of a deck to share.",
    ),
    Setting(
        "vault",
        PATH,
        "The folder inside which links, embeds and images resolve; "
        "without it the nearest one with .obsidian, else the notes folder.",
    ),
    Setting(
        "exclude",
        GLOBS,
        'Notes to leave out: Archive (any file or folder of that name), "*.draft.md", "Daily/**". '
        "Yours take the place of these, which by custom hold no notes.",
    ),
    Setting(
        "lang",
        LANGUAGE,
        "The language of the notes: auto, or a code such as en, de, fr, es, pt, zh. A note's front matter `lang` wins.",
    ),
    Setting(
        "rules",
        RULE_SWITCHES,
        "What becomes a card.",
        MappingProxyType(
            {
                "quoted-definition": "A quote that says what a term means.",
                "bold-definition": "A sentence that defines its term, in bold, italics or a highlight.",
                "heading-definition": "What a heading or title means, said in the words below it.",
                "term-line": "**Term**: what it is.",
                "labelled-list": "A list below a label, asked as a whole.",
                "list-item": "Each item of a numbered list below a label that says what the items are.",
                "item-explanation": "What is nested below an item.",
                "highlighted-question": "==A highlighted question?== with its answer.",
                "question-line": "A question as a heading or a line of its own, with its answer.",
            }
        ),
    ),
    Setting(
        "reverse",
        REVERSE_SWITCHES,
        "Which definitions are also asked from definition to term; a card that has a reverse keeps it.",
        MappingProxyType(
            {
                "quoted-definition": "For quoted definitions.",
                "bold-definition": "For sentences that define their term.",
                "heading-definition": "For what headings and titles mean.",
                "term-line": "For lines such as **Term**: what it is.",
            }
        ),
    ),
    Setting("heading_labels", SWITCH, "Whether a heading can be the label of the list below it."),
    Setting(
        "skip_headings",
        TEXTS,
        "Sections that make no cards, by heading; null takes the usual ones "
        "(Related, References, See also, …) in English and in the language of the note.",
    ),
    Setting(
        "questions",
        WORDINGS,
        "Questions in your words, by language, such as {en: {what_is: 'Define {term}.'}}; "
        "the README tells which there are.",
    ),
    Setting("tags", TEXTS, "Tags for every card, besides those of the note and of its folders."),
    Setting("subdecks", FOLDING, "folders puts the cards of each folder into a subdeck; none keeps one deck."),
    Setting(
        "remote_images",
        SWITCH,
        "Whether cards may load images from the internet, which tells their server when you review.",
    ),
    Setting(
        "outside_links",
        SWITCH,
        "Whether symbolic links are followed to notes outside the vault and the given folders.",
    ),
    Setting(
        "ledger_in_deck",
        SWITCH,
        "Whether the deck carries the ledger, from which a lost one can be recovered; false for decks to share.",
    ),
    Setting("select", CODE_LIST, "What `mkcards check` says: only findings with these codes; empty takes all."),
    Setting("ignore", CODE_LIST, "What `mkcards check` leaves out: findings with these codes."),
)
"""In the order in which `config.yaml` lists them."""
