"""Random games without a table, small enough to be tabulated: the table is what separation must agree with."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.domain.assets.battery import Battery
from gametheory.games.coalitional import CoalitionalGame
from gametheory.games.linear import LinearGame
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import TradingStep
from gametheory.models import StorageCoalition
from gametheory.solvers.linear.exact_basis import ExactBasis
from gametheory.solvers.pooled.dual_price import DualPrice

__all__ = ["linear_game", "pooled_game", "tabulated"]


def linear_game(players: int, seed: int, steps: int = 4) -> LinearGame:
    """Return a storage community with whole and half loads, some of them batteries that lose a tenth."""
    rng = np.random.default_rng(seed)
    loads = [[Fraction(int(k), 2) for k in rng.integers(-4, 7, steps)] for _ in range(players)]
    batteries = [
        Battery(int(rng.integers(1, 4)), int(rng.integers(1, 3)), charge_efficiency="0.9", initial=int(rng.integers(2)))
        if rng.random() < 0.5
        else None
        for _ in range(players)
    ]
    sold = rng.integers(0, 3, steps)
    bought = sold + rng.integers(0, 5, steps)
    return StorageCoalition.from_parameters(
        net_load=loads, batteries=batteries, import_price=bought.tolist(), export_price=sold.tolist()
    ).to_game()


def pooled_game(players: int, seed: int, steps: int = 3) -> PooledGame:
    """Return traders who react, some within bounds and some not at all."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(steps):
        curvature = [int(k) for k in rng.integers(0, 3, players)]
        width = [int(k) for k in rng.integers(0, 3, players)]
        sell = Fraction(int(rng.integers(0, 3)))
        made.append(
            TradingStep.from_numbers(
                [Fraction(int(k), 2) for k in rng.integers(-5, 6, players)],
                curvature,
                [int(k) for k in rng.integers(0, 3, players)],
                [-w for w in width],
                width,
                buy_price=sell + int(rng.integers(0, 4)),
                sell_price=sell,
            )
        )
    return PooledGame(tuple("abcdefghijkl"[:players]), tuple(made))


def tabulated(game: Any) -> CoalitionalGame:
    """Return the same game as an exact table, coalition by coalition."""
    size = len(game.players)
    values = [Fraction(0)]
    for mask in range(1, 2**size):
        inside = [i for i in range(size) if mask >> i & 1]
        names = tuple(game.players[i] for i in inside)
        if isinstance(game, LinearGame):
            part: Any = LinearGame(names, game.costs, game.common, tuple(game.members[i] for i in inside))
            values.append(ExactBasis().solve(part).extra["value"])
        else:
            steps = tuple(
                TradingStep(tuple(s.traders[i] for i in inside), s.buy_price, s.sell_price) for s in game.steps
            )
            values.append(DualPrice().solve(PooledGame(names, steps)).extra["value"])
    return CoalitionalGame.from_table(values, game.players, kind="cost")
