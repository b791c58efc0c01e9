"""Every code that a message can carry, and what it means; the README lists them too."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FINDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open-question": "A highlighted or bold question has no answer yet.",
        "leaning-question": "A highlighted question leans on what stands before it and makes no card.",
        "same-question": "A note asks the same question twice.",
        "long-list": "A list is longer than one can well learn at once.",
        "long-items": "The items of a list are whole statements.",
        "count-mismatch": "A label counts other than its list.",
        "broken-list": "A numbered list continues no other, so it may be a part of one.",
        "long-answer": "An answer is longer than a screen.",
        "long-prompt": "A question is longer than forty words.",
        "same-card": "Two places, or two notes, give the same card.",
        "rival-answers": "Two cards ask the same under the same headings and have different answers.",
        "nothing-new": "An answer says nothing that its question does not say.",
        "circular": "A term is explained by itself.",
        "answer-asks": "A question is answered by a question.",
        "answer-breaks-off": "An answer ends in a colon.",
        "lost-pronoun": "A question says “it” or “this” and not what that is.",
        "points-elsewhere": "An answer refers to what stands above or below it in the note.",
        "raw-markup": "A card shows the asterisks of bold text that Markdown does not take for bold.",
        "remote-image": "Cards of a note show links in place of images from the internet.",
        "missing-media": "An image or sound that a card shows is not in the vault, or can't be read.",
        "unresolved-embed": "An embedded note or passage can't be found, or embeds itself.",
        "empty-card": "A card shows nothing on one side.",
        "front-matter": "The front matter is no YAML; its settings are lost, the note is read.",
        "duplicate-note-id": "Several notes have the same `id`.",
        "unreadable": "A file can't be read.",
        "undecodable": "A file is no text in UTF-8 or UTF-16.",
        "unreadable-folder": "A folder can't be read.",
        "broken-link": "A symbolic link leads nowhere.",
        "rule-failed": "A rule crashed on a note.",
        "crash": "mkcards crashed on a note.",
        "identity": "A card is taken for an edit of a known one.",
        "namespace-kept": "The configuration names another namespace than the ledger.",
        "ledger-missing": "There is no ledger where one should be.",
        "ledger-recovered": "A lost ledger came back from its deck.",
    }
)
"""What can be said of notes and cards; `select` and `ignore` name these."""

STOPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unknown-setting": "The configuration has a setting that does not exist.",
        "unknown-rule": "The configuration names a rule that does not exist.",
        "unknown-code": "`select` or `ignore` name a code that does not exist.",
        "unknown-language": "`questions` names a language that has no questions.",
        "unknown-question": "`questions` names a question that does not exist.",
        "bad-template": "A question of `questions` lacks its parts, or has others.",
        "set-twice": "A setting stands twice.",
        "wrong-type": "A setting has a value of the wrong type.",
        "bad-value": "A setting, or a variable of the environment, has a value that means nothing.",
        "bad-glob": "A pattern of `exclude` can't mean what it seems to.",
        "config-syntax": "The configuration is no YAML.",
        "no-settings": "The file has no key `mkcards`.",
        "unreadable": "The configuration can't be read.",
        "undecodable": "The configuration is not UTF-8.",
        "no-notes": "No notes are named, or a folder holds none.",
        "no-note": "The file is no note.",
        "not-found": "A file or folder does not exist.",
        "outside-vault": "Notes lie outside the vault.",
        "two-vaults": "The notes lie in several vaults.",
        "no-deck": "No deck is named.",
        "output-kind": "The output can't be a deck.",
        "foreign-deck": "Another program wrote the output.",
        "output": "The output can't be written.",
        "locked": "Another run holds the deck.",
        "package": "The deck can't be read.",
        "rule-package": "A package that offers a rule is broken.",
        "restamp-only": "`--since` stands without `--restamp`.",
        "unknown-card": "The ledger has no card of that id.",
        "unknown-note": "The ledger has no card of that note.",
        "no-single-card": "A line has no card, or several.",
        "ledger-missing": "There is no ledger.",
        "ledger-unreadable": "The ledger can't be read.",
        "ledger-unwritable": "The ledger can't be written.",
        "ledger-empty": "The ledger has no line.",
        "ledger-conflict": "A merge left its marks in the ledger.",
        "ledger-twice": "A card stands twice in the ledger.",
        "ledger-corrupt": "A line of the ledger is no card.",
        "ledger-newer": "A newer mkcards wrote the ledger.",
        "ledger-foreign": "The ledgers are of different decks.",
    }
)
"""What ends a run with exit status 2."""
