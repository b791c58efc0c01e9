"""Markup that writers mean and CommonMark does not see, rewritten line by line so that line numbers stay."""

from __future__ import annotations

import re

_TIGHT_ITEM = re.compile(r"^(\s{0,3})(\d{1,3})([.)])(?=[^\s\d.)])")
_TIGHT_HEADING = re.compile(r"^(#{2,6})(?=\*\*|__)")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
# What both stand behind is written out because `re` finds a fixed first character fast.
_TIGHT = re.compile(r"\n(?:\s{0,3}\d{1,3}[.)][^\s\d.)]|#{2,6}(?:\*\*|__))")
_BULLET = re.compile(r"^(\s*)([-*+]|\d{1,3}[.)])\s")
_FAR_BULLET = re.compile(r"\n(?: {5,}|\t{2,} *)[-*+] ")
_GITBOOK = re.compile(r"[ \t]*\{%.*%\}[ \t]*")
"""A line of GitBook's own markup; it says how what stands between is shown."""
_TOO_FAR = 4
_ENOUGH = 3


def _fenced(lines: list[str]) -> list[bool]:
    inside, mark, flags = False, "", []
    for line in lines:
        fence = _FENCE.match(line)
        if fence and (not inside or fence.group(1).startswith(mark)):
            inside, mark = not inside, fence.group(1)
            flags.append(True)
        else:
            flags.append(inside)
    return flags


def _tight_runs(lines: list[str], fenced: list[bool]) -> set[int]:
    runs: set[int] = set()
    run: list[tuple[int, int]] = []
    for at, line in enumerate([*lines, ""]):
        found = None if at < len(lines) and fenced[at] else _TIGHT_ITEM.match(line)
        if found and (not run or int(found.group(2)) == run[-1][1] + 1):
            run.append((at, int(found.group(2))))
            continue
        if found is None and not line.strip() and at < len(lines):
            continue
        if len(run) >= _ENOUGH:
            runs.update(place for place, _ in run)
        run = [(at, int(found.group(2)))] if found else []
    if len(run) >= _ENOUGH:
        runs.update(place for place, _ in run)
    return runs


def _pulled_left(lines: list[str], fenced: list[bool]) -> None:
    """Move bullets that stand too far right to be nested (CommonMark reads text or code) below their parent."""
    above: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        bullet = _BULLET.match(line)
        if fenced[at] or bullet is None:
            if line and not line[0].isspace():
                above.clear()
            continue
        column = len(bullet.group(1).expandtabs(4))
        while above and above[-1][0] >= column:
            above.pop()
        written = column
        if above and column - above[-1][1] >= _TOO_FAR:
            written = above[-1][1]
            lines[at] = " " * written + line.lstrip()
        above.append((column, written + len(bullet.group(2)) + 1))


def loosen(text: str) -> str:
    """Return the note's text with `1.**x**` read as an item, `###**x**` as a heading, and far bullets as nested ones.

    The first two need three lines of their kind, items three that count up: a single one may well be a version number
    or a tag. Lines of GitBook's own markup become empty. The number of lines does not change.
    """
    far = _FAR_BULLET.search(f"\n{text}")
    if "{%" not in text and not far and not _TIGHT.search(f"\n{text}"):
        return text
    lines = text.split("\n")
    fenced = _fenced(lines)
    lines = [line if flag or not _GITBOOK.fullmatch(line) else "" for line, flag in zip(lines, fenced, strict=True)]
    if far:
        _pulled_left(lines, fenced)
    for at in _tight_runs(lines, fenced):
        lines[at] = _TIGHT_ITEM.sub(r"\1\2\3 ", lines[at])
    headings = [at for at, line in enumerate(lines) if not fenced[at] and _TIGHT_HEADING.match(line)]
    if len(headings) >= _ENOUGH:
        for at in headings:
            lines[at] = _TIGHT_HEADING.sub(r"\1 ", lines[at])
    return "\n".join(lines)
