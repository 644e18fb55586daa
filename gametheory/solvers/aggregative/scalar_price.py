"""One price a step: where the traders' demand curves sum to zero, in exact rationals.

Every equilibrium of a step is a price ``lam`` at which purchases sum to zero, each trader receiving what its
:mod:`~gametheory.solvers.aggregative.curves` says. The sum falls and is piecewise linear, so: (1) bisect over the
knots of all curves, in floats; (2) make the bracket right in rationals; (3) solve one linear equation; (4) where the
sum is zero on an interval, find both ends and pick by the rule.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import flint
import numpy as np

from gametheory.arithmetic import FloatArray, exact, rational, to_float
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.result import Answer, Concept
from gametheory.solvers.aggregative.answers import StepAnswer, own_adjustment, tree_sum, user_answer
from gametheory.solvers.aggregative.curves import DemandCurve, demand_curve
from gametheory.solvers.aggregative.replies import FloatGame, exact_steps, largest_gain

__all__ = ["ScalarPrice", "uniqueness"]

Rational = Any  # flint.fmpq

#: Exact answers hold this many numbers at most (players x steps), and this many bits of work: numbers grow with the
#: players, and products of them with the square. 140 players x 48 steps take some seconds and tens of megabytes.
EXACT_CELLS = 100_000
EXACT_WORK = 100_000_000

RULE = "where several prices clear a step, the one nearest to the mean marginal discomfort"


@dataclass(frozen=True, slots=True)
class ScalarPrice:
    """Solve one scalar equation a step, with bounds, ties, inelastic traders and outside prices.

    Parameters
    ----------
    rounded
        False answers in exact rationals, which grow by some 60 bits a player and a number. True bisects in floats and
        claims the regret that rounding leaves, measured exactly. None rounds where exact numbers would get too long:
        beyond 140 players x 48 steps, or 460 players in one.

    Examples
    --------
    >>> from gametheory.games.trading import TradingStep
    >>> step = TradingStep.from_numbers([2, -1], [1, 1], [0, 0], buy_price=3, sell_price=1)
    >>> ScalarPrice().solve(DemandBiddingGame(("a", "b"), (step,), 1)).extra["details"]["prices"]
    (Fraction(4, 3),)
    """

    accepts: ClassVar[tuple[str, ...]] = ("DemandBiddingGame",)
    concept: ClassVar[Concept] = Concept.NASH
    rounded: bool | None = None

    def solve(self, game: DemandBiddingGame) -> Answer:
        """Return an equilibrium; bids are unique where each step has one price."""
        cells = len(game.players) * len(game.steps)
        large = cells > EXACT_CELLS or cells * len(game.players) ** 2 > EXACT_WORK
        if self.rounded or (self.rounded is None and large):
            return _rounded(game)
        kappa = rational(game.kappa)
        answers = [solve_step(step, kappa) for step in game.steps]
        return user_answer(game, answers, rule=RULE, unique=uniqueness(game, answers), iterations=len(answers))


def _rounded(game: DemandBiddingGame) -> Answer:
    """Bisect for the price of every step at once, in floats."""
    floats = FloatGame.of(game)
    low, high, rounds = _bracket(floats)
    while True:
        middle = low + (high - low) / 2
        if ((middle <= low) | (middle >= high)).all():
            break
        above = floats.demand(middle)[0].sum(axis=0) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
        rounds += 1
    received, adjustments = floats.demand(high)
    steps = exact_steps(game, received, adjustments, high)
    return user_answer(
        game,
        steps,
        rule="the least price that clears, up to rounding",
        epsilon=exact(largest_gain(game, steps)),
        iterations=rounds,
        unique=("unknown", "purchases are unique; in floats it is not decided whether the price is"),
    )


def _bracket(floats: FloatGame) -> tuple[FloatArray, FloatArray, int]:
    """Return prices below and above each root, and how often they were widened.

    Outside prices enclose it. Islanded, nothing changes beyond the prices at which all are at a bound; where somebody
    has none, purchases grow with the distance.
    """
    islanded = np.isinf(floats.buy)
    ends, widened = [], 0
    for bounds, outside, sign in ((floats.lower, floats.sell, 1.0), (floats.upper, floats.buy, -1.0)):
        free = np.isinf(bounds)
        finite = np.where(free, 0.0, bounds)
        knots = floats.slope + floats.curvature * finite - floats.kappa * (floats.position - finite)
        reach = (np.where(free, np.inf * sign, knots) * sign).min(axis=0) * sign
        end = np.where(islanded, np.where(np.isinf(reach), -sign, reach), outside)
        short = islanded & free.any(axis=0)
        while short.any():
            short &= sign * floats.demand(end)[0].sum(axis=0) < 0
            end = np.where(short, end - sign * (1 + np.abs(end)), end)
            widened += 1
        ends.append(end)
    return ends[0], ends[1], widened


def solve_step(step: TradingStep, kappa: Rational) -> StepAnswer:
    """Return the equilibrium of one step."""
    curves = [demand_curve(trader, step, kappa) for trader in step.traders]
    low, high = _roots(curves)
    first = low if low is not None else high
    first = first if first is not None else flint.fmpq(0)
    received = tuple(curve(first) for curve in curves)
    price = first
    if low is None or high is None or low < high:
        # Purchases are constant on the interval, adjustments too (but for ties at its ends).
        middle = (low + high) / 2 if low is not None and high is not None else first
        adjustments = _adjustments(step, middle, received, kappa)
        price = _clip(_mean_marginal_discomfort(step, adjustments), low, high)
    return StepAnswer(price, received, _adjustments(step, price, received, kappa), low, high)


def _adjustments(
    step: TradingStep, price: Rational, received: Sequence[Rational], kappa: Rational
) -> tuple[Rational, ...]:
    return tuple(
        own_adjustment(trader, step, price + kappa * q, rational(trader.position) - q)
        for trader, q in zip(step.traders, received, strict=True)
    )


def _mean_marginal_discomfort(step: TradingStep, adjustments: Sequence[Rational]) -> Rational:
    slopes = [rational(x.curvature) * p + rational(x.slope) for x, p in zip(step.traders, adjustments, strict=True)]
    return tree_sum(slopes) / len(slopes)


def _clip(value: Rational, low: Rational | None, high: Rational | None) -> Rational:
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def _roots(curves: Sequence[DemandCurve]) -> tuple[Rational | None, Rational | None]:
    """Return the ends of the interval where purchases sum to zero; None is no end."""
    knots = sorted({price for curve in curves for price in curve.prices})

    @cache
    def excess(k: int) -> Rational:
        return tree_sum([curve(knots[k]) for curve in curves])

    k = _first_not_positive(knots, curves, excess)
    if k < len(knots) and excess(k) == 0:
        return _left_end(knots, curves, k, excess), _right_end(knots, curves, k, excess)
    # The root lies strictly between two knots, or on a ray: the sum is linear there.
    piece = k - 1 if k > 0 else 0
    anchor = knots[piece]
    slope = tree_sum([_slope_beside(curve, anchor, after=k > 0) for curve in curves])
    root = anchor - excess(piece) / slope
    return root, root


def _first_not_positive(knots: Sequence[Rational], curves: Sequence[DemandCurve], excess: Any) -> int:
    """Return the first knot at which the sum is not positive (their number if there is none)."""
    k = bisect_left(range(len(knots)), True, key=_guess(knots, curves))
    while k < len(knots) and excess(k) > 0:
        k += 1
    while k > 0 and excess(k - 1) <= 0:
        k -= 1
    return k


def _guess(knots: Sequence[Rational], curves: Sequence[DemandCurve]) -> Any:
    """Return a float version of "the sum is not positive at knot k"."""
    width = max(len(curve.prices) for curve in curves)
    rows = np.empty((len(curves), width + 2))
    purchases = np.empty_like(rows)
    floats = np.array([to_float(price) for price in knots])
    span = 1.0 + 2.0 * float(np.abs(floats).max())
    for i, curve in enumerate(curves):
        x = [to_float(v) for v in curve.prices]
        y = [to_float(v) for v in curve.purchases]
        rows[i], purchases[i] = _padded(x, y, span, to_float(curve.left), to_float(curve.right), width)

    def not_positive(k: int) -> bool:
        return bool(_interpolate(rows, purchases, floats[k]).sum() <= 0)

    return not_positive


def _padded(x: list[float], y: list[float], span: float, left: float, right: float, width: int) -> tuple[Any, Any]:
    short = width - len(x)
    xs = [x[0] - span, *x, *[x[-1]] * short, x[-1] + span]
    ys = [y[0] - left * span, *y, *[y[-1]] * short, y[-1] + right * span]
    return xs, ys


def _interpolate(rows: FloatArray, purchases: FloatArray, price: float) -> FloatArray:
    k = np.clip((rows <= price).sum(axis=1) - 1, 0, rows.shape[1] - 2)
    at = np.arange(len(rows))
    x0, x1, y0, y1 = rows[at, k], rows[at, k + 1], purchases[at, k], purchases[at, k + 1]
    result: FloatArray = y0 + (y1 - y0) * ((price - x0) / np.where(x1 > x0, x1 - x0, 1.0))
    return result


def _slope_beside(curve: DemandCurve, price: Rational, *, after: bool) -> Rational:
    """Return the slope of a curve just after or just before a price."""
    k = bisect_left(curve.prices, price)
    return curve.slope(k + 1 if after and k < len(curve.prices) and curve.prices[k] == price else k)


def _right_end(knots: Sequence[Rational], curves: Sequence[DemandCurve], k: int, excess: Any) -> Rational | None:
    while k + 1 < len(knots) and excess(k + 1) == 0:
        k += 1
    if k + 1 < len(knots) or any(curve.right != 0 for curve in curves):
        return knots[k]
    return None


def _left_end(knots: Sequence[Rational], curves: Sequence[DemandCurve], k: int, excess: Any) -> Rational | None:
    # `k` is the first knot that is not positive, so a zero before it can only lie on the ray.
    if k > 0 or any(curve.left != 0 for curve in curves):
        return knots[k]
    return None


def uniqueness(game: DemandBiddingGame, answers: Sequence[StepAnswer]) -> tuple[str, str]:
    """Return whether the equilibrium is the only one, and why.

    Purchases always are: each trader's cost is strictly convex in what it receives, and they are the optimiser of one
    strictly convex programme. Bids are unique where the price is, adjustments where no curvature is 0 at a tie.
    """
    several = [t for t, answer in enumerate(answers) if answer.low is None or answer.low != answer.high]
    if several:
        return "disproved", f"purchases are unique, but several prices clear step {several[0]}, each with its own bids"
    kappa = rational(game.kappa)
    for t, (step, answer) in enumerate(zip(game.steps, answers, strict=True)):
        for name, trader, q in zip(game.players, step.traders, answer.received, strict=True):
            value = answer.price + kappa * q
            if trader.curvature == 0 and value == rational(trader.slope) and _has_room(trader, step, value, q):
                return "disproved", f"bids are unique, but {name!r} may adjust or trade outside alike in step {t}"
    return "proved", "purchases optimise a strictly convex programme, and one price clears each step"


def _has_room(trader: Trader, step: TradingStep, value: Rational, received: Rational) -> bool:
    """Whether a trader at a tie has more than one adjustment of least cost."""
    if step.buy_price is None or step.sell_price is None or trader.lower == trader.upper:
        return False
    covered, buy, sell = rational(trader.position) - received, rational(step.buy_price), rational(step.sell_price)
    if buy == sell:
        return True
    return bool(
        (value == buy and covered > rational(trader.lower)) or (value == sell and covered < rational(trader.upper))
    )
