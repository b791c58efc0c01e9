"""Words that differ little and mean something else: what tells two questions apart.

A missing pair costs nothing as long as the answers differ too; a false one makes a corrected word a new card.
"""

from __future__ import annotations

from typing import Final

_NEGATIONS: Final = """
not no non never none without cannot t nicht kein keine keinen ohne nie pas sans jamais sin nunca ni senza mai
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


def _pairs(table: str) -> tuple[tuple[str, str], ...]:
    halves = (pair.partition("/") for pair in table.split())
    return tuple((one, two) for one, _, two in halves)


NEGATIONS: Final = frozenset(_NEGATIONS.split())
"""Words that turn a statement round; `t` is what is left of `don't`."""
STARTS: Final = _pairs(_STARTS)
"""Beginnings of words that are otherwise the same."""
ENDS: Final = _pairs(_ENDS)
"""Endings of words that are otherwise the same."""
DISTINCT: Final = tuple(frozenset(row.split()) for row in _DISTINCT.strip().split("\n"))
"""Rows of words, of which none means the same as another."""
