"""The bilevel test problems: every known value is made again from all patterns of tight constraints, in rationals."""

from __future__ import annotations

from fractions import Fraction

import pytest

import gametheory as gt
from gametheory.catalogue import bilevel
from gametheory.errors import Infeasible, Unbounded

from ..solvers.bilevel.patterns import best_of_all_patterns

ENTRIES = {entry.name: entry for entry in bilevel.entries()}
SOLVED = [name for name, entry in ENTRIES.items() if "value" in entry.facts]
#: Its leader's payoff, a price times a quantity, is not concave: the oracle's programmes are not.
BY_HAND = "price_takes_all"


@pytest.mark.parametrize("name", [name for name in SOLVED if name != BY_HAND])
def test_the_value_is_that_of_all_patterns(name: str) -> None:
    assert best_of_all_patterns(ENTRIES[name].game) == ENTRIES[name].facts["value"]


@pytest.mark.parametrize("name", SOLVED)
def test_the_value_is_found_and_certified(name: str) -> None:
    solution = gt.stackelberg_equilibrium(ENTRIES[name].game)
    assert solution.value == solution.bound == ENTRIES[name].facts["value"]
    assert solution.attained
    assert solution.certificate.strength == "exact"


def test_the_price_that_takes_all_is_the_follower_s_worth() -> None:
    game = ENTRIES[BY_HAND].game
    # Up to 6 the follower buys 3 and the payoff rises with the price; above 6 it buys nothing.
    best = max(game.values((price, 3 if price <= 6 else 0))[0] for price in map(Fraction, range(11)))
    assert best == ENTRIES[BY_HAND].facts["value"]


def test_the_multiplier_at_the_optimum_is_larger_than_the_bounds_that_fail() -> None:
    solution = gt.stackelberg_equilibrium(ENTRIES["dual_bound_of_fifty"].game)
    assert solution.witness["multipliers"] == ((0, 100),)
    assert solution.leader == {"x": 2}
    assert solution.follower == {"follower": {"y": 100}}


def test_a_stated_optimum_that_is_only_local_is_refuted_with_the_better_decision() -> None:
    entry = ENTRIES["haurie_savard_white_1990"]
    corner = {"decision": (Fraction(2),), "replies": ((Fraction(6),),)}
    assert entry.game.values((2, 6))[0] == entry.facts["local"] == 32
    step = Fraction(201, 100)  # the reply to it is (6 + 3 x)/2
    assert entry.game.values((step, (6 + 3 * step) / 2))[0] > 32
    verdict = gt.certify(entry.game, corner, concept="stackelberg_equilibrium")
    assert (verdict.strength, verdict.bound) == ("refuted", 5)
    assert verdict.witness["better_decision"]["value"] == 27


def test_infeasible_and_unbounded_games_are_told_apart() -> None:
    with pytest.raises(Infeasible, match="leaves 'follower' a feasible reply"):
        gt.stackelberg_equilibrium(ENTRIES["no_reply_at_all"].game)
    with pytest.raises(Infeasible, match="have no lowest value"):
        gt.stackelberg_equilibrium(ENTRIES["follower_without_lowest_cost"].game)
    with pytest.raises(Unbounded, match="improves for ever"):
        gt.stackelberg_equilibrium(ENTRIES["leader_without_bound"].game)


@pytest.mark.parametrize("name", [name for name in SOLVED if "pessimistic" in ENTRIES[name].facts])
def test_the_pessimistic_value_is_found_and_certified(name: str) -> None:
    facts = ENTRIES[name].facts
    solution = gt.stackelberg_equilibrium(ENTRIES[name].game, tie_breaking="pessimistic")
    assert solution.value == solution.bound == facts["pessimistic"]
    assert solution.attained == facts["pessimistic_attained"]
    assert (solution.certificate.strength, solution.certificate.bound) == ("exact", 0)
    # The optimist is never worse off.
    costs = ENTRIES[name].game.sense == "cost"
    assert solution.value >= facts["value"] if costs else solution.value <= facts["value"]
