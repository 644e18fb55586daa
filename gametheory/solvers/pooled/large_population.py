"""Shapley values of a large pooled community by the normal law of sums: an approximation, made in one pass.

In the multilinear extension each other member is there with chance ``tau``, ``tau`` uniform on [0, 1] (Owen 1972). The
pooled cost is additive but for positive parts of sums ``sum_i a_i`` (see :mod:`gametheory.solvers.pooled.halves`); what
comes before a member is near normal with mean ``tau M`` and variance ``tau (1 - tau) Q``, ``M = sum a_i`` and
``Q = sum a_i^2``. To second order in the member's own size the positive part charges it

``a I(kappa) + a^2 J(kappa) / sqrt(Q)``, ``kappa = M / sqrt(Q)``, with the price of section C.2

``I = 1/2 + kappa c E / 2``,  ``J = |kappa| / 2 - kappa^2 c E / 2``,  ``c = sqrt(pi/2)``,
``E = exp(kappa^2/2) erfc(|kappa|/sqrt(2))``.

As ``kappa I + J = kappa^+``, these shares add up to ``M^+`` exactly: the gap of the uniform price of C.2 is what the
second term fills. The normal law is off by the order of ``sum |a_i|^3 / Q^(3/2)``, which falls as ``1 / sqrt(n)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray, to_float
from gametheory.games.pooled import PooledGame
from gametheory.games.pooled_loads import PooledLoads
from gametheory.result import Answer, Concept
from gametheory.solvers.pooled.dual_price import DualPrice
from gametheory.solvers.pooled.tabulate import Sweep

__all__ = ["LargePopulation"]

#: Members whose amounts are worked on at once.
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class LargePopulation:
    """Approximate Shapley values of a pooled game of any size; only that they add up is claimed.

    A member who reacts to prices with a curved discomfort has a straight share in each of many short price intervals:
    `nodes` Gauss-Legendre points stand for the prices between two outside prices.

    Attributes
    ----------
    nodes
        Prices of a step at which curved shares are looked at.

    Examples
    --------
    >>> game = PooledLoads(("a", "b", "c"), [[-2.0], [-2.0], [2.0]], buy_price=[0.5], sell_price=[0.25])
    >>> answer = LargePopulation().solve(game)
    >>> [round(x, 3) for x in answer.profile["values"]], sum(answer.profile["values"])
    ([-0.586, -0.586, 0.673], -0.5)
    """

    accepts: ClassVar[tuple[str, ...]] = ("PooledGame", "PooledLoads")
    concept: ClassVar[Concept] = Concept.SHAPLEY
    nodes: int = 64

    def solve(self, game: PooledGame | PooledLoads) -> Answer:
        """Return the approximate values, with how far they may be from adding up."""
        if isinstance(game, PooledLoads):
            values, error, size = _of_arrays(game.net_load, game.sell_price, game.buy_price - game.sell_price)
        else:
            values, error, size = self._of_records(game)
        # Floats add some 1e-16 of every amount; between Gauss-Legendre points curved shares leave a gap of their own.
        tolerance = Fraction(size) * Fraction(1, 10**11)
        if isinstance(game, PooledGame) and any(trader.curvature for step in game.steps for trader in step.traders):
            tolerance += abs(DualPrice().solve(game).extra["value"] - sum(map(Fraction, values.tolist())))
        estimate = tuple(values.tolist())
        return Answer(
            profile={
                "values": estimate,
                "approximation": "large population",
                "error_order": error,
                "tolerance": tolerance,
            },
            epsilon=tolerance,
            extra={"players": game.players, "approximate": estimate},
        )

    def _of_records(self, game: PooledGame) -> tuple[FloatArray, float, float]:
        points, weights = np.polynomial.legendre.leggauss(self.nodes)
        additive = np.zeros(len(game.players))
        columns: list[FloatArray] = []
        for step in game.steps:
            sweep = Sweep(step)
            additive += [to_float(share) for share in sweep.shares[0]]
            if not any(bend for piece in sweep.pieces for _, _, bend in piece):
                rows = np.array([[to_float(share) for share in row] for row in sweep.shares])
                columns.extend(np.diff(rows, axis=0))
                continue
            knots = np.array([to_float(knot) for knot in sweep.knots])
            width = (knots[-1] - knots[0]) / 2
            prices = knots[0] + width * (points + 1)
            for price, weight, k in zip(prices, weights * width, np.searchsorted(knots, prices) - 1, strict=True):
                columns.append(np.array([weight * (to_float(A) - to_float(B) * price) for _, A, B in sweep.pieces[k]]))
        parts = np.array(columns).T if columns else np.zeros((len(additive), 1))
        ones = np.ones(parts.shape[1])
        values, error, size = _of_arrays(parts, 0 * ones, ones)
        return additive + values, error, size + float(np.abs(additive).sum())


def _of_arrays(loads: FloatArray, base: FloatArray, spread: FloatArray) -> tuple[FloatArray, float, float]:
    """Return the shares, the largest ``sum |a|^3 / Q^(3/2)`` of a step that matters, and the size of all amounts."""
    from scipy.special import erfcx

    total, square, cube = (np.zeros(loads.shape[1]) for _ in range(3))
    size = 0.0
    one_sign = [np.ones(loads.shape[1], dtype=bool) for _ in range(2)]
    for start in range(0, len(loads), _BLOCK):
        block = loads[start : start + _BLOCK]
        sizes = np.abs(block)
        total += block.sum(axis=0)
        square += np.einsum("it,it->t", block, block)
        cube += np.einsum("it,it,it->t", sizes, sizes, sizes)
        size += float((sizes @ (np.abs(base) + spread)).sum())
        one_sign[0] &= (block >= 0).all(axis=0)
        one_sign[1] &= (block <= 0).all(axis=0)
    root = np.sqrt(square)
    safe = np.where(root > 0, root, 1.0)
    kappa = total / safe
    tail = np.sqrt(np.pi / 2) * erfcx(np.abs(kappa) / np.sqrt(2)) / 2
    price = 0.5 + kappa * tail
    price = np.where(kappa < 0, 0.5 - np.abs(kappa) * tail, price)
    own = (np.abs(kappa) / 2 - kappa**2 * tail) / safe
    # Where all have one sign nothing is approximate.
    price = np.where(one_sign[0], 1.0, np.where(one_sign[1], 0.0, price))
    own = np.where(one_sign[0] | one_sign[1], 0.0, own)
    linear, quadratic = base + spread * price, spread * own
    shares = np.concatenate(
        [
            block @ linear + (block * block) @ quadratic
            for block in (loads[start : start + _BLOCK] for start in range(0, len(loads), _BLOCK))
        ]
    )
    mixed = ~(one_sign[0] | one_sign[1]) & (spread > 0)
    error = float((cube / safe**3)[mixed].max(initial=0.0))
    return shares, error, size
