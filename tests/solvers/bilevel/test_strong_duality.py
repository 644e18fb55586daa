"""Strong duality for linear followers: the same optimum as complementarity, whole decisions, and what is refused."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory.catalogue import bilevel
from gametheory.errors import Infeasible, InputError, UnsupportedGame
from gametheory.games.stackelberg import StackelbergGame
from gametheory.models.bilevel_pricing import BilevelPricing
from gametheory.solvers.bilevel.strong_duality import StrongDuality

ENTRIES = {entry.name: entry for entry in bilevel.entries()}


@pytest.mark.parametrize("name", ["dual_bound_of_fifty", "price_takes_all", "follower_with_ties",
                                  "constraint_against_every_reply", "indifference_costs_the_leader"])  # fmt: skip
def test_the_known_value_is_found_and_certified(name: str) -> None:
    solution = gt.stackelberg_equilibrium(ENTRIES[name].game, solver=StrongDuality())
    assert solution.value == ENTRIES[name].facts["value"]
    assert solution.certificate.strength == "exact"


def test_price_leaders_agree_with_complementarity_and_the_closed_form() -> None:
    for seed in range(8):
        dice = random.Random(seed)
        count = dice.randint(1, 4)
        model = BilevelPricing(
            tuple(Fraction(dice.randint(1, 12)) for _ in range(count)),
            tuple(Fraction(dice.randint(1, 9)) for _ in range(count)),
            Fraction(dice.randint(0, 3)),
            Fraction(dice.randint(4, 12)),
        )
        solution = gt.stackelberg_equilibrium(model, solver=StrongDuality())
        assert solution.value == model.best_profit, f"seed {seed}"
        assert solution.certificate.holds(solution.epsilon)


def test_a_leader_in_whole_numbers_over_linear_followers() -> None:
    for seed in range(6):
        dice = random.Random(seed)
        worth, most = dice.randint(3, 9), dice.randint(1, 5)
        game = StackelbergGame.from_terms(
            ("seller", {"half": (0, 10), "discount": (0, Fraction(1, 3))}, {("half", "y"): Fraction(3, 2), "y": -1}),
            [("buyer", {"y": (0, most)}, {"y": worth, ("half", "y"): Fraction(-3, 2)})],
            sense="payoff",
            integers=("half",),
        )
        solution = gt.stackelberg_equilibrium(game, solver=StrongDuality())
        # The largest whole number of 3/2 that the buyer still pays.
        assert solution.value == (Fraction(3, 2) * (2 * worth // 3) - 1) * most, f"seed {seed}"
        assert solution.value == gt.stackelberg_equilibrium(game).value


@pytest.mark.parametrize(
    ("name", "word"),
    [("bard_1988_example_1", "not linear"), ("bard_1984_last_corner", "is proved"), ("leader_without_bound", "linear")],
)
def test_what_has_no_proved_bound_is_refused(name: str, word: str) -> None:
    with pytest.raises(UnsupportedGame, match=word):
        StrongDuality().solve(ENTRIES[name].game)


def test_infeasible_games_and_settings() -> None:
    with pytest.raises(Infeasible):
        StrongDuality().solve(ENTRIES["no_reply_at_all"].game)
    bad: dict[str, Any]
    for bad in ({"tolerance": 0}, {"most_boxes": 0}):
        with pytest.raises(InputError, match="most_boxes"):
            StrongDuality(**bad)
