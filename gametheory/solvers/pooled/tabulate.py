"""Every coalition's pooled cost, exactly: one sweep over the bends of a step decides all coalitions at once.

On a piece between two bends every trader's share is a quadratic in the price, ``a_i + A_i lam - B_i lam^2 / 2``, so a
coalition's is the sum, and its slope at a bend is a subset sum of integers: 2^n additions each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import flint
import numpy as np

from gametheory.arithmetic import exact
from gametheory.errors import SizeLimit
from gametheory.games.coalition_table import subset_sums
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.result import Answer, Concept

__all__ = ["Sweep", "Tabulate"]


@dataclass(frozen=True, slots=True)
class Tabulate:
    """Cost all ``2^n`` coalitions; entry ``k`` of the table is the coalition whose members are the bits of ``k``.

    Parameters
    ----------
    largest
        More players than this are refused: time and memory double with each.
    grain
        Round the costs of coalitions (not of single players, nor of all together) to multiples of this (money), and
        claim no more than half of it. Exact costs have a denominator each; over a common one they grow with the
        number of coalitions, and what is computed from all of them (a Shapley value) has thousands of digits.

    Examples
    --------
    >>> step = TradingStep.from_numbers([-2, -2, 2], [0] * 3, [0] * 3, [0] * 3, [0] * 3, buy_price=3, sell_price=1)
    >>> [str(cost) for cost in Tabulate().solve(PooledGame(("a", "b", "c"), (step,))).profile]
    ['0', '-2', '-2', '-4', '6', '0', '0', '-2']
    """

    accepts: ClassVar[tuple[str, ...]] = ("PooledGame",)
    concept: ClassVar[Concept] = Concept.CHARACTERISTIC
    largest: int = 16
    grain: Fraction | None = None

    def solve(self, game: PooledGame) -> Answer:
        """Return the table."""
        size = len(game.players)
        if size > self.largest:
            raise SizeLimit(
                f"{size} players have 2^{size} coalitions, more than Tabulate(largest={self.largest}) takes; "
                "social_optimum() and the price-supported split work for any number"
            )
        sweeps = [Sweep(step) for step in game.steps]
        whole = math.lcm(*(q for sweep in sweeps for q in sweep.denominators()))
        fine = math.lcm(*(q for sweep in sweeps for q in sweep.slope_denominators()))
        base = np.zeros(2**size, dtype=object)
        curved: list[dict[int, int]] = [{} for _ in range(2**size)]
        for sweep in sweeps:
            sweep.add_to(base, curved, whole, fine)
        costs = [_total(int(b), whole, cells, fine) for b, cells in zip(base, curved, strict=True)]
        if self.grain is None:
            return Answer(profile=tuple(costs))
        for mask in range(1, len(costs) - 1):
            if mask.bit_count() > 1:
                costs[mask] = round(costs[mask] / self.grain) * self.grain
        return Answer(profile=tuple(costs), epsilon=self.grain / 2)


def _total(base: int, whole: int, cells: dict[int, int], fine: int) -> Fraction:
    """Return ``base/whole + sum A^2 / (2 B)``, where the integers ``A`` and ``B`` are counted in ``1/fine``."""
    value = flint.fmpq(base, whole)
    for bend, square in cells.items():
        value += flint.fmpq(square, 2 * fine * bend)
    return exact(value)


class Sweep:
    """One step: its bends, each trader's share at the bends, and the three coefficients of each piece."""

    def __init__(self, step: TradingStep) -> None:
        assert step.buy_price is not None
        assert step.sell_price is not None  # the form refuses islanded steps
        low, high = step.sell_price, step.buy_price
        bends = {
            bend
            for trader in step.traders
            for bound in (trader.lower, trader.upper)
            if bound is not None and low < (bend := trader.slope + trader.curvature * bound) < high
        }
        self.knots = sorted({low, high} | bends)
        self.pieces = [
            [_piece(trader, (left + right) / 2) for trader in step.traders]
            for left, right in zip(self.knots, self.knots[1:], strict=False)
        ]
        if self.pieces:
            ends = [*zip(self.knots, self.pieces, strict=False), (self.knots[-1], self.pieces[-1])]
            self.shares = [[a + lam * (A - B * lam / 2) for a, A, B in piece] for lam, piece in ends]
        else:  # one price: every answer to it is optimal
            self.shares = [[a + low * (A - B * low / 2) for a, A, B in (_piece(t, low) for t in step.traders)]]

    def denominators(self) -> set[int]:
        """Denominators of the shares at bends and of the constants."""
        found = {share.denominator for row in self.shares for share in row}
        return found | {a.denominator for piece in self.pieces for a, _, _ in piece}

    def slope_denominators(self) -> set[int]:
        """Denominators of the linear and quadratic coefficients."""
        return {x.denominator for piece in self.pieces for _, A, B in piece for x in (A, B)} | {1}

    def add_to(self, base: Any, curved: list[dict[int, int]], whole: int, fine: int) -> None:
        """Add each coalition's maximum over the price: what is rational in `whole` to `base`, squares to `curved`."""
        open_ = np.ones(len(base), dtype=bool)
        for k, piece in enumerate(self.pieces):
            left, right = self.knots[k], self.knots[k + 1]
            # The slope just above the left end is not positive: the maximum is at that end.
            here = open_ & (subset_sums(_scaled([A - B * left for _, A, B in piece])) <= 0)
            if here.any():
                base[here] += subset_sums(_integers(self.shares[k], whole))[here]
            open_ &= ~here
            inside = open_ & (subset_sums(_scaled([A - B * right for _, A, B in piece])) < 0)
            if inside.any():
                base[inside] += subset_sums(_integers([a for a, _, _ in piece], whole))[inside]
                slopes = subset_sums(_integers([A for _, A, _ in piece], fine))
                bends = subset_sums(_integers([B for _, _, B in piece], fine))
                for mask in np.flatnonzero(inside).tolist():
                    cells, bend = curved[mask], int(bends[mask])
                    cells[bend] = cells.get(bend, 0) + int(slopes[mask]) ** 2
            open_ &= ~inside
            if not open_.any():
                return
        base[open_] += subset_sums(_integers(self.shares[-1], whole))[open_]


def _piece(trader: Trader, price: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    """Return ``(a, A, B)`` of a trader's share ``a + A lam - B lam^2 / 2`` around a price that is no bend of it."""
    held = None
    if trader.curvature == 0:
        held = trader.upper if price > trader.slope else trader.lower
    else:
        cut = (price - trader.slope) / trader.curvature
        if trader.lower is not None and cut <= trader.lower:
            held = trader.lower
        elif trader.upper is not None and cut >= trader.upper:
            held = trader.upper
    if held is not None:
        return held * (trader.curvature * held / 2 + trader.slope), trader.position - held, Fraction(0)
    response = 1 / trader.curvature
    return -(trader.slope**2) * response / 2, trader.position + trader.slope * response, response


def _scaled(numbers: Sequence[Fraction]) -> list[int]:
    return _integers(numbers, math.lcm(*(number.denominator for number in numbers)))


def _integers(numbers: Sequence[Fraction], whole: int) -> list[int]:
    return [number.numerator * (whole // number.denominator) for number in numbers]
