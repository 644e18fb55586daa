"""How long exact, certified auctions take, against a linear programme in floats."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import gametheory as gt
from gametheory.domain.orders import Order
from gametheory.games.auction import AuctionGame
from gametheory.markets import double_auction


def seconds(call: Callable[[], Any], *, repeats: int = 3) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def made_up(count: int) -> list[Order]:
    """Return orders with two decimals of kWh and five of money."""
    rng = random.Random(count)
    return [
        Order(
            str(k),
            f"p{k % 500}",
            rng.choice(["buy", "sell"]),
            f"{rng.randint(1, 999) / 100:.2f}",
            f"{rng.randint(1, 40_000) / 1e5:.5f}",
        )
        for k in range(count)
    ]


@pytest.mark.benchmark
@pytest.mark.parametrize("count", [1_000, 10_000])
def test_clearing_a_book(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    orders = made_up(count)
    signs = np.array([1.0 if order.side == "buy" else -1.0 for order in orders])
    values = np.array([float(order.price) for order in orders])
    bounds = [(0.0, float(order.quantity)) for order in orders]
    deal = double_auction(orders)
    best = linprog(-signs * values, A_eq=[signs], b_eq=[0], bounds=bounds)
    assert float(deal.surplus) == pytest.approx(-best.fun)
    assert gt.certify(deal).holds()
    exact = seconds(lambda: double_auction(orders))
    check = seconds(lambda: gt.certify(deal))
    floats = seconds(lambda: linprog(-signs * values, A_eq=[signs], b_eq=[0], bounds=bounds))
    with capsys.disabled():
        print(f"\n{count} orders: exact {exact:.3f} s, certificate {check:.3f} s, HiGHS {floats:.3f} s "
              f"(exact and certificate / HiGHS {(exact + check) / floats:.2f})")  # fmt: skip


@pytest.mark.benchmark
def test_the_storage_owners_equilibrium(capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(3)

    def column(count: int, low: int, high: int) -> list[Fraction]:
        return [Fraction(rng.randint(10 * low, 10 * high), 10) for _ in range(count)]

    with capsys.disabled():
        print()
        for size in (3, 5, 10):
            columns = [column(size, low, high) for low, high in ((0, 5), (1, 6), (0, 1), (3, 10), (1, 6))]
            game = AuctionGame(tuple(map(str, range(size))), *columns)
            found = gt.nash_equilibrium(game)
            assert (found.certificate.strength == "refuted") == (found.status != gt.Status.SOLVED)
            check = seconds(lambda game=game, found=found: gt.certify(game, found.profile, epsilon=found.epsilon))
            print(
                f"{size} sellers, {size} buyers: {found.status} in {found.wall_time:.3f} s, certificate {check:.3f} s"
            )
