"""B.3 for arrays: the array form is the exact sweep, its bound is rigorous, and moved answers are refuted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory.arithmetic import exact
from gametheory.certificates.log_price_arrays import bound_log_prices
from gametheory.errors import InputError, NotApplicable
from gametheory.games.log_pricing import LogPricingGame
from gametheory.models.microgrid_operator import consumption, outcome
from gametheory.solvers.pricing.log_price_arrays import best_log_prices, exact_sum
from gametheory.solvers.pricing.log_price_sweep import LogPriceSweep

_NUMBERS = st.one_of(
    st.integers(1, 8).map(lambda n: n / 4), st.floats(0.01, 8).map(lambda v: round(v, 3)), st.just(0.25), st.just(1.0)
)
_OWN = st.one_of(st.just(0.0), st.integers(0, 6).map(float), st.floats(0, 20))


@st.composite
def _steps(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(1, 7))
    k = draw(st.lists(_NUMBERS, min_size=count, max_size=count))
    energy = draw(st.lists(_OWN, min_size=count, max_size=count))
    low, high = draw(st.sampled_from([(0.25, 1.0), (0.5, 3.0), (1.0, 1.0), (0.125, 8.0)]))
    return {"k": k, "energy": energy, "feed_in": low, "retail_price": high}


def _game(step: dict[str, Any]) -> LogPricingGame:
    return LogPricingGame.single(step["k"], step["energy"], buy_price=step["retail_price"], sell_price=step["feed_in"])


@settings(max_examples=150, deadline=None)
@given(_steps())
def test_the_arrays_are_the_sweep(step: dict[str, Any]) -> None:
    found = best_log_prices(**step)
    game = _game(step)
    best = outcome(game, LogPriceSweep().solve(game).profile)["value"]
    stake = sum(step["k"]) + step["retail_price"] * sum(step["energy"])
    assert abs(found.profit - best) <= 1e-12 * stake
    # The stated profit is what the model's own formulas give at these prices.
    replies = [
        [consumption(k, e, found.buy_price, found.sell_price)]
        for k, e in zip(*(map(exact, step[n]) for n in ("k", "energy")), strict=True)
    ]
    stated = outcome(
        game, {"buy_prices": [found.buy_price], "sell_prices": [found.sell_price], "consumptions": replies}
    )
    assert (stated["value"], stated["bought"], stated["sold"]) == (found.profit, (found.bought,), (found.sold,))
    certificate = bound_log_prices(
        **step, buy_price=found.buy_price, sell_price=found.sell_price, consumption=found.consumption
    )
    assert certificate.strength == "bounded"
    assert certificate.bound <= 1e-10 * stake * step["retail_price"] / step["feed_in"]
    assert certificate.witness["greatest_profit"] >= best


def _park(size: int, regime: str) -> dict[str, Any]:
    rng = np.random.default_rng(5)
    shift = {"surplus": 4.0, "deficit": -1.0, "balanced": 0.5}[regime]
    return {
        "k": rng.uniform(0.2, 2.0, size) + (0.6 if regime == "deficit" else 0.0),
        "energy": np.maximum(rng.normal(shift, 1.0, size), 0.0),
        "feed_in": 0.25,
        "retail_price": 1.0,
    }


@pytest.mark.parametrize("regime", ["surplus", "deficit", "balanced"])
def test_both_regimes_and_the_kink_of_a_large_park(regime: str) -> None:
    step = _park(20_000, regime)
    found = best_log_prices(**step)
    assert found.regime == regime
    assert found.profit > 0
    certificate = bound_log_prices(
        **step, buy_price=found.buy_price, sell_price=found.sell_price, consumption=found.consumption
    )
    assert certificate.strength == "bounded"
    assert certificate.bound <= 1e-8 * found.profit
    # One cent in a hundred elsewhere, answered optimally, is refuted with better prices.
    buy, sell = found.buy_price, found.sell_price
    buy, sell = (buy * 99 / 100, sell) if regime != "deficit" else (buy, sell * 101 / 100)
    replies = np.maximum(
        step["k"] / float(buy) - 1, np.minimum(step["energy"], np.maximum(step["k"] / float(sell) - 1, 0))
    )
    moved = bound_log_prices(**step, buy_price=buy, sell_price=sell, consumption=replies, epsilon=1e-6)
    assert moved.strength == "refuted"
    assert moved.witness["better_prices"]["gain"] > 0
    # So is one prosumer that consumes one per cent more.
    replies = found.consumption.copy()
    who = int(np.argmax(replies))
    replies[who] *= 1.01
    greedy = bound_log_prices(**step, buy_price=found.buy_price, sell_price=found.sell_price, consumption=replies)
    lazy = bound_log_prices(
        **step, buy_price=found.buy_price, sell_price=found.sell_price, consumption=replies, epsilon=1e-7
    )
    assert greedy.bound > certificate.bound
    assert lazy.strength == "refuted"
    assert lazy.witness["follower"] == who


def test_other_units_of_money_change_no_decision() -> None:
    step = _park(500, "balanced")
    cents = {**step, "k": step["k"] * 2.0**17, "feed_in": 0.25 * 2**17, "retail_price": 2**17}
    one, other = best_log_prices(**step), best_log_prices(**cents)
    assert abs(float(other.buy_price / 2**17 / one.buy_price) - 1) < 1e-15
    assert abs(float(other.profit / 2**17 / one.profit) - 1) < 1e-15


@given(st.lists(st.floats(-1e200, 1e200), max_size=30))
def test_sums_are_exact(values: list[float]) -> None:
    assert exact_sum(np.array(values, dtype=float)) == sum(map(exact, values))


@pytest.mark.parametrize(
    ("changes", "error", "text"),
    [
        ({"feed_in": 0}, NotApplicable, "positive"),
        ({"feed_in": 2}, InputError, "feed_in 2|must satisfy 2"),
        ({"k": [1.0, 0.0]}, InputError, "k must"),
        ({"energy": [1.0, float("nan")]}, InputError, "energy must"),
        ({"energy": [1.0]}, InputError, "shape"),
    ],
)
def test_bad_input_is_refused(changes: dict[str, Any], error: type[Exception], text: str) -> None:
    step = {"k": [1.0, 2.0], "energy": [0.0, 1.0], "feed_in": 0.5, "retail_price": 1.0, **changes}
    with pytest.raises(error, match=text):
        best_log_prices(**step)
    with pytest.raises(error, match=text):
        bound_log_prices(**step, buy_price=0.75, sell_price=0.75, consumption=[0.0, 1.0])
