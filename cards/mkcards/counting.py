"""Words for numbers in every language that has questions, and whether one says how many items a list has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

_ROWS: Final = """
two both zwei beide beiden deux dos ambos ambas due entrambi entrambe dois duas два две двух оба обе 两 兩
three drei trois tres tre três три трёх трех 三
four vier quatre cuatro quattro quatro четыре четырёх четырех 四
five fünf cinq cinco cinque пять пяти 五
six sechs seis sei шесть шести 六
seven sieben sept siete sette sete семь семи 七
eight acht huit ocho otto oito восемь восьми 八
nine neun neuf nueve nove девять девяти 九
ten zehn dix diez dieci dez десять десяти 十
eleven elf onze once undici одиннадцать 十一
twelve zwölf douze doce dodici doze двенадцать 十二
"""
_MORE: Final = """
begge dwa dwie dwóch oba obie
trzy trzech
cztery czterech
fem pięć pięciu
seks sześć sześciu
syv siedem
otte osiem
dziewięć
dziesięć
elleve jedenaście
tolv dwanaście
"""
NUMBERS: Final[Mapping[str, int]] = MappingProxyType(
    {
        word: number
        for rows in (_ROWS, _MORE)
        for number, row in enumerate(rows.strip().split("\n"), 2)
        for word in row.split()
    }
)
_ARTICLES: Final = "the die les los las i gli le os as are of sind sont son sono são"
_LEADING: Final = frozenset(_ARTICLES.split())
"""Words after which a number in digits counts what follows."""
_ITEM: Final = re.compile(r"^(?:[-*+]|\d+[.)])\s", re.MULTILINE)


def number_of(word: str) -> int:
    """Return the number that a word says, or 0."""
    return int(word) if word.isdecimal() and len(word) < 3 else NUMBERS.get(word, 0)


def items_in(answer: str) -> int:
    """Return how many items the lists of an answer in Markdown have, without those nested in others."""
    return len(_ITEM.findall(answer))


def uncounted(words: Sequence[str], number: int = 0) -> str:
    """Return a text, given by its words, without the first that says this number, or any; "" when none does.

    Chinese words are single characters, so that two of them may say one number.
    """
    for at in range(len(words)):
        for end in (at + 2, at + 1):
            said = number_of("".join(words[at:end]))
            names = words[at].isdecimal() and at > 0 and words[at - 1] not in _LEADING  # `grade 2`
            if said and not names and number in (0, said):
                return " ".join((*words[:at], *words[end:]))
    return ""
