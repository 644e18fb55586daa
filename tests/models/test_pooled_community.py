"""C.1 and the study's coalition: elasticity 0 is C.1, and measured behaviour is optimal at grid prices."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory import characteristic_function, social_optimum
from gametheory.domain.community import Community
from gametheory.errors import InputError
from gametheory.models.economy import DEFAULT_ELASTICITY, elasticities, grid_bill
from gametheory.models.pooled_community import PooledCommunity, adjustment, grid_value, share

from ..solvers.pooled.strategies import communities

number = st.fractions(-9, 9, max_denominator=12)


@given(communities(lowest_price=-3))
@settings(deadline=None)
def test_elasticity_0_is_the_canonical_game(community: Community) -> None:
    model = PooledCommunity(community, elasticity=0)
    table = characteristic_function(model)
    for mask in range(1, 2 ** len(community)):
        names = [name for i, name in enumerate(community.names) if mask >> i & 1]
        bill = sum(
            grid_bill(sum(community[name].load.at(t) - community[name].pv.at(t) for name in names), retail, feed_in)
            for t, (retail, feed_in) in enumerate(
                zip(community.exact_retail_price, community.exact_feed_in, strict=True)
            )
        )
        assert table.profile[mask] == bill == -model.value(names)


@given(st.lists(number, min_size=1, max_size=4), st.tuples(number, number).map(sorted))
@settings(deadline=None)
def test_plain_numbers_give_the_grid_value(positions: list[Fraction], prices: list[Fraction]) -> None:
    model = PooledCommunity.from_positions(positions, feed_in=prices[0], retail_price=prices[1])
    table = characteristic_function(model)
    for mask in range(1, 2 ** len(positions)):
        surplus = sum((e for i, e in enumerate(positions) if mask >> i & 1), Fraction(0))
        assert -table.profile[mask] == grid_value(surplus, *prices)


@given(communities().filter(lambda c: sum(c.exact_retail_price) > 0), st.sampled_from(["1/20", "1/10", "1/5", "3"]))
@settings(deadline=None)
def test_measured_behaviour_is_optimal_at_grid_prices(community: Community, elasticity: str) -> None:
    table = characteristic_function(PooledCommunity(community, elasticity=elasticity))
    measured = characteristic_function(PooledCommunity(community, elasticity=0))
    for i in range(len(community)):
        assert table.profile[1 << i] == measured.profile[1 << i]
    assert all(own <= fixed for own, fixed in zip(table.profile, measured.profile, strict=True))


@given(communities().filter(lambda c: sum(c.exact_retail_price) > 0))
@settings(deadline=None)
def test_the_lowered_game_is_the_formula(community: Community) -> None:
    model = PooledCommunity(community)
    best = social_optimum(model)
    assert model.cost(community.names, best.details["adjustments"]) == best.value
    floats = [[float(x) for x in row] for row in best.details["adjustments"]]
    assert float(model.cost(community.names, floats)) == pytest.approx(float(best.value), abs=1e-9)
    for t, (step, price) in enumerate(zip(model.steps, best.details["prices"], strict=True)):
        for trader, row in zip(step.traders, best.details["adjustments"], strict=True):
            response = 1 / trader.curvature if trader.curvature else 0
            assert adjustment(price, response, trader.slope, trader.lower, trader.upper) == row[t]
    shares = [
        sum(
            share(price, step.traders[i].position, row[t], step.traders[i].curvature, step.traders[i].slope)
            for t, (step, price) in enumerate(zip(model.steps, best.details["prices"], strict=True))
        )
        for i, row in enumerate(best.details["adjustments"])
    ]
    assert tuple(shares) == best.details["price_supported"]


def test_elasticity_by_name() -> None:
    sample = Community.sample()
    first, *rest = sample.names
    values = elasticities(sample, {first: "0.2"})
    assert values == (Fraction(1, 5), *[DEFAULT_ELASTICITY] * len(rest))
    still = PooledCommunity(sample, elasticity={first: 0})
    assert all(step.traders[0].lower == step.traders[0].upper == 0 for step in still.steps)
    assert still.provenance["elasticity"][first] == "0"
    with pytest.raises(InputError, match="no member"):
        elasticities(sample, {"nobody": 1})
    with pytest.raises(InputError, match="negative"):
        elasticities(sample, -1)


def test_bad_input() -> None:
    with pytest.raises(InputError, match="above buy_price"):
        PooledCommunity.from_positions((1,), feed_in=2, retail_price=1)
    with pytest.raises(InputError, match="names"):
        PooledCommunity.from_positions((1,), feed_in=0, retail_price=1, players=("a", "b"))
    with pytest.raises(InputError, match="no member"):
        PooledCommunity.from_positions((1,), feed_in=0, retail_price=1).value(("x",))
    with pytest.raises(InputError, match="at least 1"):
        PooledCommunity.from_positions((), feed_in=0, retail_price=1).to_game()
