"""Is this split of bills stable: gains from the definition, the least subsidy from another solver."""

from __future__ import annotations

import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import gametheory as gt
from gametheory.errors import InputError
from gametheory.io.solutions import loads
from gametheory.markets import mid_market_rate
from gametheory.models.pooled_community import PooledCommunity
from gametheory.numerics.covering import least_cover

from ..solvers.pooled.strategies import communities, pooled_games

money = st.integers(-8, 8).map(lambda k: Fraction(k, 4))


@given(pooled_games(largest=4, steps=2), st.data())
@settings(deadline=None, max_examples=60)
def test_gains_and_savings_are_the_definition(game: Any, data: Any) -> None:
    bills = [data.draw(money) for _ in game.players]
    found = gt.core_check(game, bills)
    costs = gt.characteristic_function(game).profile
    size = len(bills)
    gains = {
        tuple(name for i, name in enumerate(game.players) if mask >> i & 1): sum(
            (x for i, x in enumerate(bills) if mask >> i & 1), Fraction(0)
        )
        - costs[mask]
        for mask in range(1, 2**size)
    }
    assert found.grand == gains.pop(game.players)
    assert [gain for _, gain in found.blocking] == sorted(gains.values(), reverse=True)[:10]
    assert all(gains[names] == gain for names, gain in found.blocking)
    assert found.singles == tuple((name, bills[i] - costs[1 << i]) for i, name in enumerate(game.players))
    assert found.savings == tuple(-gain for _, gain in found.singles)
    assert found.stable is (max(gains.values(), default=Fraction(0)) <= 0) is found.certificate.holds()
    assert found.certificate.strength == "exact"
    assert found.subsidy == 0 if found.stable else found.subsidy > 0


def least_by_highs(demands: list[Any], size: int) -> float:
    rows = [[-float(mask >> i & 1) for i in range(size)] for mask in range(len(demands))]
    kept = [mask for mask, demand in enumerate(demands) if demand is not None]
    if not kept:
        return 0.0
    right = [-float(Fraction(int(demands[mask].p), int(demands[mask].q))) for mask in kept]
    return float(linprog(np.ones(size), A_ub=[rows[mask] for mask in kept], b_ub=right, method="highs").fun)


@given(st.integers(1, 5), st.data())
@settings(deadline=None, max_examples=80)
def test_the_least_subsidy_is_that_of_a_linear_programming_solver(size: int, data: Any) -> None:
    entries = st.none() | st.integers(-6, 6).map(lambda k: flint.fmpq(k, 3))
    demands = [None] + [data.draw(entries) for _ in range(2**size - 1)]
    payments, weights = least_cover(demands, size)
    assert sum(payments) == sum(w * Fraction(int(demands[m].p), int(demands[m].q)) for m, w in weights.items())
    assert float(sum(payments)) == pytest.approx(least_by_highs(demands, size), abs=1e-8)


@given(pooled_games(largest=4, steps=2), st.data())
@settings(deadline=None, max_examples=60)
def test_paid_the_subsidy_everybody_stays_and_a_changed_one_is_refused(game: Any, data: Any) -> None:
    bills = [data.draw(money) for _ in game.players]
    found = gt.core_check(game, bills)
    after = [bill - paid for bill, paid in zip(bills, found.subsidies, strict=True)]
    assert gt.core_check(game, after).stable
    more = {**found.profile, "subsidies": [found.subsidies[0] + 1, *found.subsidies[1:]]}
    assert gt.certify(game, more, concept="core_check").strength == "refuted"
    if found.subsidy:
        halved = {**found.profile, "subsidies": [s / 2 for s in found.subsidies]}
        verdict = gt.certify(game, halved, concept="core_check")
        assert verdict.strength == "refuted"
        assert "still gains" in verdict.claim
        heavy = {**found.profile, "weights": [(names, 3 * w) for names, w in found.profile["weights"]]}
        assert gt.certify(game, heavy, concept="core_check").strength == "refuted"


@given(communities(largest=4, steps=2))
@settings(deadline=None, max_examples=40)
def test_the_price_supported_split_needs_no_subsidy(community: Any) -> None:
    split = gt.social_optimum(PooledCommunity(community, elasticity=0)).details["price_supported"]
    found = gt.core_check(community, dict(zip(community.names, split, strict=True)))
    assert (found.stable, found.grand, found.subsidy) == (True, 0, 0)


def test_the_sample_at_the_mid_market_rate(tmp_path: Path) -> None:
    sample = gt.Community.sample()
    deal = mid_market_rate(sample)
    found = gt.core_check(sample, dict(zip(sample.names, deal.bills, strict=True)))
    assert found.grand == 0
    assert not found.stable
    assert all(saving >= 0 for saving in found.savings)
    assert len(found.blocking) == 10
    assert str(found).startswith("not stable: (")
    reference = gt.core_check(sample, deal.bills, baseline=dict(zip(sample.names, deal.bills, strict=True)))
    assert not any(reference.savings)
    path = tmp_path / "check.json"
    found.to_json(path)
    assert loads(path.read_text()) == found
    program = (
        "import sys\n"
        "absent = ('gametheory.solvers', 'gametheory.models', 'gametheory.numerics', 'scipy')\n"
        "sys.modules.update(dict.fromkeys(absent))\n"
        "from gametheory.io.solutions import read_solution\n"
        "from gametheory.certificates import certify\n"
        "assert certify(read_solution(sys.argv[1])).strength == 'exact'\n"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True, cwd=Path(__file__).resolve().parents[2])


def test_discomfort_counts_with_elasticity() -> None:
    sample = gt.Community.sample()
    best = gt.social_optimum(PooledCommunity(sample))
    assert gt.core_check(sample, best.details["price_supported"], elasticity="0.1").grand == 0


def test_a_single_member_and_a_coalitional_game() -> None:
    alone = PooledCommunity.from_positions((-1,), feed_in=0, retail_price=1)
    found = gt.core_check(alone, [2])
    assert (found.stable, found.blocking, found.grand) == (True, (), 1)
    glove = gt.CoalitionalGame.glove(1, 2)
    assert gt.core_check(glove, [1, 0, 0]).holds()


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda c: gt.core_check(c, {"x": 1}), "has no bill"),
        (lambda c: gt.core_check(c, dict.fromkeys(c.names, 1) | {"x": 1}), "no member"),
        (lambda c: gt.core_check(c, [1]), "one for each"),
        (lambda c: gt.core_check(c, [float("nan")] * len(c)), "finite"),
        (lambda c: gt.core_check(c, [1] * len(c), baseline="grid"), "'grid'"),
        (lambda c: gt.core_check(c, [1] * len(c), baseline={"x": 1}), "reference bill"),
        (lambda c: gt.core_check(PooledCommunity(c), [1] * len(c), elasticity=1), "of its own"),
        (lambda c: gt.core_check(gt.CoalitionalGame.glove(1, 1), [1, 0], baseline=[1, 1]), "baseline"),
    ],
)
def test_bad_input(call: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        call(gt.Community.sample())


def test_more_members_than_a_table_holds() -> None:
    """Seventeen who all import gain nothing from each other; one who pays less than its share is paid for."""
    many = PooledCommunity.from_positions([-1] * 17, feed_in=0, retail_price=1)
    fair = gt.core_check(many, [1] * 17)
    assert fair.strength == "exact"
    assert fair.bound == 0
    unfair = gt.core_check(many, [0, 2, *[1] * 15])
    assert unfair.bound == 1
    assert unfair.witness["coalitions"][0][1] == 1
    assert "2" in unfair.witness["coalitions"][0][0]
    assert "1" not in unfair.witness["coalitions"][0][0]


@pytest.mark.slow
def test_sixteen_members() -> None:
    rng = np.random.default_rng(7)
    positions = [Fraction(int(x), 100) for x in rng.integers(-300, 300, 16)]
    trio = PooledCommunity.from_positions(positions, feed_in="0.1", retail_price="0.3")
    start = time.perf_counter()
    found = gt.core_check(trio, mid_market_rate([-x for x in positions], feed_in="0.1", retail_price="0.3").bills)
    print(f"core_check of 16 members, one step: {time.perf_counter() - start:.1f} s")
    assert not found.stable
    assert found.certificate.strength == "exact"
