"""Random demand-bidding games for the tests: ties, inelastic players, flat costs and tight bounds included."""

from __future__ import annotations

import random
from fractions import Fraction

from hypothesis import strategies as st

from gametheory.errors import Infeasible
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.games.trading import TradingStep

__all__ = ["bidding_games", "plain_game", "random_game"]


def _number(rng: random.Random, low: int, high: int) -> Fraction:
    return Fraction(rng.randint(4 * low, 4 * high), 4)


def random_game(
    seed: int, *, grid: bool | None = None, bounds: bool = True, players: int | None = None
) -> DemandBiddingGame:
    """Return a small game with coarse numbers, so that ties and degenerate cases are common."""
    rng = random.Random(seed)
    while True:
        size = players or rng.randint(2, 6)
        try:
            steps = tuple(
                _step(rng, size, rng.random() < 0.6 if grid is None else grid, bounds) for _ in range(rng.randint(1, 2))
            )
            return DemandBiddingGame(tuple(f"m{k}" for k in range(size)), steps, _number(rng, 1, 4))
        except Infeasible:
            continue


def _step(rng: random.Random, size: int, grid: bool, bounds: bool) -> TradingStep:
    curvature = [_number(rng, 0, 4) if rng.random() < 0.8 else Fraction(0) for _ in range(size)]
    if not bounds:
        curvature = [max(c, Fraction(1, 4)) for c in curvature]
    lower: list[Fraction | None] = [None] * size
    upper: list[Fraction | None] = [None] * size
    for i in range(size):
        if bounds:
            low = _number(rng, -4, 0)
            high = low + (_number(rng, 0, 4) if rng.random() < 0.8 else 0)
            lower[i] = None if curvature[i] > 0 and rng.random() < 0.2 else low
            upper[i] = None if curvature[i] > 0 and rng.random() < 0.2 else high
    position = [_number(rng, -5, 5) for _ in range(size)]
    slope = [_number(rng, -3, 3) for _ in range(size)]
    sell = _number(rng, -1, 2) if grid else None
    buy = None if sell is None else sell + (_number(rng, 0, 2) if rng.random() < 0.8 else 0)
    return TradingStep.from_numbers(position, curvature, slope, lower, upper, buy_price=buy, sell_price=sell)


def plain_game(seed: int) -> DemandBiddingGame:
    """Return an islanded game without bounds: the closed form applies."""
    return random_game(seed, grid=False, bounds=False)


bidding_games = st.integers(0, 10**9).map(random_game)
