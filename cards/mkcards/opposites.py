"""Words that differ little and mean something else: what tells two questions apart.

A missing pair costs nothing as long as the answers differ too; a false one makes a corrected word a new card.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from rapidfuzz.distance import Postfix, Prefix

_NEGATIONS: Final = """
not no non never none without cannot t nicht kein keine keinen ohne nie pas sans jamais sin nunca ni senza mai
não nem sem не нет ни без никогда
不 没 无 非 未
"""
_STARTS: Final = """
hypo/hyper hypo/iso hyper/iso hypo/normo hyper/normo intra/inter intra/extra intra/infra infra/supra intro/extro
intro/extra endo/exo endo/ecto pre/post ante/post ante/anti macro/micro maxi/mini ab/ad af/ef ana/cata in/ex im/ex
in/out in/de in/con over/under up/down sub/super homo/hetero auto/hetero auto/allo iso/aniso mono/poly mono/di
mono/bi di/tri bi/tri uni/multi uni/bi eu/dys eu/pro pro/anti pro/con sym/asym mei/mit per/pro ileu/iliu
/un /in /im /il /ir /non /a /an /dis /anti /de /mis /pseudo /proto /ultra /semi /sub /super
"""
_ENDS: Final = """
ane/ene ane/yne ene/yne ane/ine one/ane ite/ate ide/ate ide/ite ase/ose er/ee or/ee ful/less /less ous/ic oid/al
"""
_DISTINCT: Final = """
left right middle
first second third fourth fifth last
one two three four five six seven eight nine ten
increase decrease
maximum minimum max min
upper lower
inner outer
high low medium
big small large
more less fewer most least
much little
north south east west
true false
male female
before after
above below
alpha beta gamma delta epsilon zeta eta theta kappa lambda mu omega sigma
i ii iii iv v vi vii viii ix x
advantages disadvantages
pros cons
strengths weaknesses
cause effect
causes effects
affect effect
ileum ilium
ureter urethra
with without
from to
"""


Pairs = Mapping[tuple[str, str], Sequence[tuple[str, str]]]


def _pairs(table: str) -> frozenset[tuple[str, str]]:
    """Both ways round."""
    halves = [(one, two) for one, _, two in (pair.partition("/") for pair in table.split())]
    return frozenset((*halves, *((two, one) for one, two in halves)))


def _rows(table: str) -> Mapping[str, frozenset[int]]:
    rows = [row.split() for row in table.strip().split("\n")]
    return MappingProxyType(
        {word: frozenset(at for at, row in enumerate(rows) if word in row) for row in rows for word in row}
    )


def _stripped(pairs: Iterable[tuple[str, str]], *, starts: bool) -> Pairs:
    """The pairs by what is left of them when a word loses all that it shares with another."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for pair in pairs:
        found.setdefault(apart(*pair)[0 if starts else 1], []).append(pair)
    return MappingProxyType(found)


def apart(one: str, two: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return what stands in two words before all that ends them alike, and after all that begins them alike."""
    end, start = Postfix.similarity(one, two), Prefix.similarity(one, two)
    return (one[: len(one) - end], two[: len(two) - end]), (one[start:], two[start:])


NEGATIONS: Final = frozenset(_NEGATIONS.split())
"""Words that turn a statement round; `t` is what is left of `don't`."""
STARTS: Final = _stripped(_pairs(_STARTS), starts=True)
"""Beginnings of words that are otherwise the same."""
ENDS: Final = _stripped(_pairs(_ENDS), starts=False)
"""Endings of words that are otherwise the same."""
DISTINCT: Final = _rows(_DISTINCT)
"""Words and the rows in which they stand; of one row none means the same as another."""
