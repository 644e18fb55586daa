"""Several leaders, market power and the network operator: times of whole answers, certificates included.

The peer is what one would write with scipy: the leaders in turn, each by a bounded scalar search over the followers'
replies, in floats and without any bound on what a deviation could bring.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from scipy.optimize import minimize_scalar

import gametheory as gt
from gametheory.catalogue.multi_leader import generator_bids, stackelberg_cournot

from ..models.test_distribution_operator import random_model

pytestmark = pytest.mark.benchmark


def _median(run: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    took, answer = [], None
    for _ in range(times):
        start = time.perf_counter()
        answer = run()
        took.append(time.perf_counter() - start)
    return statistics.median(took), answer


def _scipy_in_turn(leaders: int, followers: int, margin: float) -> list[float]:
    """Sherali's game by scalar searches: the followers' reply in closed form."""
    decisions = [0.0] * leaders
    for _ in range(60):
        before = list(decisions)
        for i in range(leaders):
            others = sum(decisions) - decisions[i]

            def loss(x: float, others: float = others) -> float:
                follow = max(margin - x - others, 0.0) * followers / (followers + 1)
                return -x * (margin - x - others - follow)

            decisions[i] = float(minimize_scalar(loss, bounds=(0, margin), method="bounded").x)
        if max(abs(a - b) for a, b in zip(decisions, before, strict=True)) < 1e-9:
            break
    return decisions


def test_leaders_in_turn_and_all_equilibria() -> None:
    print("\nleaders followers   one (s)   all (s)   scipy in turn, floats, no proof (s)")
    for m, n in ((2, 1), (2, 2), (3, 2), (4, 3)):
        game = stackelberg_cournot([1] * m, [1] * n, intercept=10)
        one, found = _median(lambda game=game: gt.stackelberg_equilibrium(game))
        every, listed = _median(lambda game=game: gt.stackelberg_equilibria(game), times=1)
        peer, floats = _median(lambda m=m, n=n: _scipy_in_turn(m, n, 9.0))
        assert found.certificate.holds()
        assert listed.complete
        assert [float(v) for (v,) in found.profile["decisions"]] == pytest.approx(floats, abs=1e-4)
        print(f"{m:7d} {n:9d} {one:9.3f} {every:9.3f} {peer:9.3f}")


def test_bids_of_generators_with_whole_sets_closed() -> None:
    for line in (None, 4):
        took, every = _median(
            lambda line=line: gt.stackelberg_equilibria(generator_bids(line, highest_bid=20)), times=1
        )
        assert every.complete
        print(f"\nbids, line {line}: {len(every)} equilibria, complete, {every.iterations} nodes, {took:.2f} s")


def test_market_power_of_the_sample() -> None:
    park = gt.Community.sample()
    took, power = _median(lambda: gt.market_power(park), times=1)
    assert power.certificate.strength == "exact"
    games = park.steps * sum(row.repair != "share limit" for row in power.rows)
    print(f"\nmarket power of the sample: {len(power.rows)} rows, {games} certified games, {took:.1f} s")


def test_the_network_operator() -> None:
    for steps in (1, 4, 8):
        took, found = _median(lambda steps=steps: gt.stackelberg_equilibrium(random_model(1, steps=steps)))
        assert found.certificate.holds()
        size = f"{found.details['pairs']} pairs, {found.details['nodes']} nodes"
        print(f"\nnetwork operator, {steps} steps: {size}, {took:.2f} s")
