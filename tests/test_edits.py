"""Identity through random edits, with the truth known by construction."""

from __future__ import annotations

from copy import deepcopy
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from editing import LIGHT, Edit, Tally, apply, copy_note, history, reword, swap_answers

VAULT = Path(__file__).parents[2] / "shared/vault"
# With one of these, another edit of the same card leaves nothing that tells which question it was: a key with a
# typo and the answer of another, a renamed list of which there are two.
BLURRING = (swap_answers, copy_note)
PAIRS = [pair for pair in combinations(LIGHT, 2) if not set(pair) & set(BLURRING)]


class Editing(RuleBasedStateMachine):
    """Any sequence of edits on generated notes and on copies of real ones."""

    @initialize(seed=st.integers(0, 10**6))
    def start(self, seed: int) -> None:
        self.told = history(seed, pages=5, templates=10, vault=VAULT if VAULT.is_dir() else None)

    @rule(edit=st.sampled_from(LIGHT))
    def edit(self, edit: Edit) -> None:
        tally = apply(self.told, (edit,))
        assert (tally.lost, tally.wrong, self.told.faults) == (0, 0, [])

    @rule(pair=st.sampled_from(PAIRS))
    def edit_twice(self, pair: tuple[Edit, Edit]) -> None:
        tally = apply(self.told, pair)
        assert (tally.lost, tally.wrong, self.told.faults) == (0, 0, [])

    @rule()
    def reword(self) -> None:
        assert apply(self.told, (reword,)).wrong == 0
        self.told.faults.clear()

    @rule(builds=st.integers(1, 3))
    def leave_for_a_while(self, builds: int) -> None:
        """A note goes, as on another branch, and comes back."""
        world = self.told.world
        away = world.chance.choice(world.pages)
        kept = deepcopy(away)
        world.pages.remove(away)
        for _ in range(builds):
            self.told.build(set())
        world.pages.append(kept)
        tally = self.told.build(set())
        assert (tally.lost, tally.wrong) == (0, 0)

    @invariant()
    def every_id_is_kept(self) -> None:
        assert set(self.told.ids.values()) <= {card.id for card in self.told.ledger.cards}


Editing.TestCase.settings = settings(
    max_examples=40, stateful_step_count=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
TestEditing = Editing.TestCase


@pytest.mark.parametrize("edit", LIGHT)
def test_an_edit_loses_nothing(edit: Edit) -> None:
    total = Tally()
    for seed in range(4):
        told = history(seed)
        for _ in range(3):
            total.add(apply(told, (edit,)))
        assert told.faults == []
    assert total.touched == total.kept > 0


def test_two_edits_at_once_lose_nothing() -> None:
    faults = []
    for number, pair in enumerate(PAIRS):
        told = history(number, pages=5)
        for _ in range(3):
            apply(told, pair)
        faults += told.faults
    assert faults == []


def test_heavier_rewording_keeps_nearly_all() -> None:
    total = Tally()
    for seed in range(40):
        told = history(seed)
        for _ in range(3):
            total.add(apply(told, (reword,)))
    assert total.wrong == 0
    assert total.kept >= 0.95 * total.touched > 0
