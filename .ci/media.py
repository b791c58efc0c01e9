"""Imports decks into Anki and fails if Check Media finds a file missing or unused: media.py DECK..."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from anki_helpers import collection, import_deck, media_report

for deck in map(Path, sys.argv[1:]):
    with tempfile.TemporaryDirectory() as folder, collection(Path(folder)) as col:
        added = len(import_deck(col, deck).new)
        found = media_report(col)
    missing, unused = found["missing"] or "none", found["unused"] or "none"
    sys.stdout.write(f"{deck.name}: {added} notes; missing {missing}, unused {unused}\n")
    if not added or found["missing"] or found["unused"]:
        sys.exit(1)
