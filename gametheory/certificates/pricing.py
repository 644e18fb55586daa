"""An operator's prices, judged from the definition: every trader answers optimally, and no other prices earn more.

Followers: each trader's cost is one convex quadratic where it imports and another where it exports; both are minimised
on their own interval and the regret is exact. The best reply is unique (the game has no trader that is indifferent),
so it does not matter whether the operator or chance breaks ties.

Leader: the price axis is cut where any trader's reply bends, as the follower's own problem says. On a pair of pieces
both regimes of the profit are concave, and the bound of :mod:`gametheory.certificates.regimes` is exact: the verdict
is a proof of global optimality, or better prices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from gametheory.arithmetic import Number, brief, exact, rational
from gametheory.certificates.regimes import Leaf, upper_bound_of_profit
from gametheory.errors import InputError
from gametheory.games.pricing import PricingGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.result import Certificate, Strength

__all__ = ["check_operator_prices", "read_prices", "read_table", "reply_regret"]


def check_operator_prices(
    game: PricingGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether prices and adjustments are a Stackelberg equilibrium up to a regret of `epsilon`.

    The regret of the leader is what the best prices earn, less what these earn when every trader answers optimally,
    summed over the steps; the bound of the certificate is the larger of this and of the largest regret of a trader.
    The certificate's own witness holds both, the greatest profit, and for each step the multipliers that prove it.
    """
    buy, sell = read_prices(game, profile)
    adjustments = read_table(game, profile, "adjustments")
    claimed = exact(epsilon, what="epsilon")
    worst, who = Fraction(0), None
    for i, name in enumerate(game.players):
        regret = Fraction(0)
        for t, step in enumerate(game.steps):
            own = step.traders[i]
            _check_bounds(own, adjustments[i][t], name, t)
            regret += reply_regret(own, adjustments[i][t], buy[t], sell[t])
        if regret > worst:
            worst, who = regret, name
    profits, greatest, multipliers = [], [], []
    better: dict[str, Any] = {}
    for t, step in enumerate(game.steps):
        earned, bound, leaf, used = _judge_step(step, rational(buy[t]), rational(sell[t]))
        profits.append(exact(earned))
        greatest.append(exact(bound))
        multipliers.append(tuple(exact(lam) for lam in used))
        if leaf is not None and greatest[t] - profits[t] > better.get("gain", 0):
            prices = {"buy_price": exact(leaf.buy_price), "sell_price": exact(leaf.sell_price)}
            better = {"step": t, **prices, "gain": greatest[t] - profits[t]}
    best, value = sum(greatest, Fraction(0)), sum(profits, Fraction(0))
    bound = max(best - value, worst)
    evidence: dict[str, Any] = {
        "leader_regret": best - value,
        "follower_regret": worst,
        "profit": value,
        "greatest_profit": best,
        "multipliers": tuple(multipliers),
    }
    if who is not None:
        evidence["follower"] = who
    if better:
        evidence["better_prices"] = better
    size = "" if claimed == 0 else f" up to a regret of {brief(claimed)}"
    return Certificate(
        strength=Strength.EXACT if bound <= claimed else Strength.REFUTED,
        claim=f"every trader answers optimally and no other prices earn the operator more{size}",
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )


# ------------------------------------------------------------------------------------------------ reading a profile


def read_prices(game: Any, profile: Any) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Return the posted prices, or refuse prices that the operator may not post."""
    if not isinstance(profile, Mapping):
        raise InputError(f"profile {profile!r}: give a mapping with buy_prices, sell_prices and the traders' replies")
    columns = []
    for name in ("buy_prices", "sell_prices"):
        given = profile.get(name)
        if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != len(game.steps):
            raise InputError(f"{name} = {given!r}: give one price for each of the {len(game.steps)} steps")
        columns.append(tuple(exact(price, what=f"{name}[{t}]") for t, price in enumerate(given)))
    for t, (step, buy, sell) in enumerate(zip(game.steps, *columns, strict=True)):
        if not step.sell_price <= sell <= buy <= step.buy_price:
            raise InputError(
                f"step {t}: the posted prices {sell} (sell) and {buy} (buy) must satisfy "
                f"{step.sell_price} <= sell <= buy <= {step.buy_price}"
            )
    return columns[0], columns[1]


def read_table(game: Any, profile: Mapping[str, Any], name: str) -> tuple[tuple[Fraction, ...], ...]:
    """Return one exact number for each player and step."""
    rows = profile.get(name)
    if not isinstance(rows, Sequence) or isinstance(rows, str) or len(rows) != len(game.players):
        raise InputError(f"{name}: give one row for each of the {len(game.players)} players")
    table = []
    for player, row in zip(game.players, rows, strict=True):
        if not isinstance(row, Sequence) or isinstance(row, str) or len(row) != len(game.steps):
            raise InputError(f"{name} of {player!r}: give one number for each of the {len(game.steps)} steps")
        table.append(tuple(exact(value, what=f"{name} of {player!r}, step {t}") for t, value in enumerate(row)))
    return tuple(table)


def _check_bounds(trader: Trader, adjustment: Fraction, name: str, t: int) -> None:
    below = trader.lower is not None and adjustment < trader.lower
    above = trader.upper is not None and adjustment > trader.upper
    if below or above:
        raise InputError(
            f"step {t}, player {name!r}: adjustment {adjustment} is outside [{trader.lower}, {trader.upper}]"
        )


# -------------------------------------------------------------------------------------------------------- followers


def reply_regret(trader: Trader, adjustment: Fraction, buy_price: Fraction, sell_price: Fraction) -> Fraction:
    """Return the cost of an adjustment less the least cost, with both halves of the cost minimised exactly."""
    least = min(
        _half_cost(trader, price, vertex)
        for price, low, high in (
            (buy_price, trader.lower, _least(trader.upper, trader.position)),
            (sell_price, _most(trader.lower, trader.position), trader.upper),
        )
        if low is None or high is None or low <= high
        for vertex in (_vertex(trader, price, low, high),)
    )
    price = buy_price if trader.position >= adjustment else sell_price
    return _half_cost(trader, price, adjustment) - least


def _half_cost(trader: Trader, price: Fraction, p: Fraction) -> Fraction:
    return trader.curvature * p * p / 2 + trader.slope * p + price * (trader.position - p)


def _vertex(trader: Trader, price: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    """Return the minimiser of one half's quadratic on its interval."""
    if trader.curvature == 0:
        # The game allows this only with equal bounds; the half's interval is then that one point.
        assert low is not None
        return low
    wish = (price - trader.slope) / trader.curvature
    if low is not None and wish < low:
        return low
    return high if high is not None and wish > high else wish


def _least(bound: Fraction | None, other: Fraction) -> Fraction:
    return other if bound is None or bound > other else bound


def _most(bound: Fraction | None, other: Fraction) -> Fraction:
    return other if bound is None or bound < other else bound


# ----------------------------------------------------------------------------------------------------------- leader


@dataclass(frozen=True, slots=True)
class _Axis:
    """One price axis: cut points, and on each piece the amount ``constant + slope * price``.

    `side` is 1 for buyers, whose demand falls, and -1 for sellers, whose supply rises.
    """

    side: int
    cuts: tuple[Any, ...]
    constants: tuple[Any, ...]
    slopes: tuple[Any, ...]

    def piece_of(self, price: Any) -> int:
        """Return a piece that holds the price."""
        return next(j for j in range(len(self.constants)) if price <= self.cuts[j + 1])

    def amount(self, j: int, price: Any) -> Any:
        """Return what is bought (or sold) at a price of piece j."""
        return self.constants[j] + self.slopes[j] * price

    def top(self, j: int, lam: Any) -> Any:
        """Return where ``side * (p - lam) * amount`` is greatest on piece j: it is concave there, or has one slope."""
        left, right = self.cuts[j], self.cuts[j + 1]
        slope = self.slopes[j]
        if slope == 0:
            return right if self.side > 0 else left
        vertex = (lam - self.constants[j] / slope) / 2
        return left if vertex < left else min(vertex, right)

    def bounds(self, lam: Any) -> list[Any]:
        """Return the greatest ``side * (p - lam) * amount`` of each piece."""
        tops = [self.top(j, lam) for j in range(len(self.constants))]
        return [self.side * (p - lam) * self.amount(j, p) for j, p in enumerate(tops)]

    def kinks(self, j: int) -> list[Any]:
        """Return the ``lam`` at which :meth:`top` starts and stops to move on piece j."""
        if self.slopes[j] == 0:
            return []
        shift = self.constants[j] / self.slopes[j]
        return [2 * self.cuts[j] + shift, 2 * self.cuts[j + 1] + shift]


def _axes(step: TradingStep) -> tuple[_Axis, _Axis]:
    """Return the axes of the buy price and of the sell price, from each trader's own problem at a single price.

    A trader with curvature ``c`` and slope ``d`` wants ``p = (price - d)/c`` within its bounds: it bends where this
    meets a bound, and changes sides where it meets the position ``D``.
    """
    low, high = rational(step.sell_price), rational(step.buy_price)
    parts: list[tuple[Any, Any, bool, Any, Any]] = []
    cuts = {low, high}
    for trader in step.traders:
        own = _own_cuts(trader, low, high)
        cuts.update(own)
        position = rational(trader.position)
        for left, right in pairwise(own):
            wish, moves = _wish(trader, (left + right) / 2)
            constant, slope = position - wish, rational(0)
            if moves:
                constant = position + rational(trader.slope) / rational(trader.curvature)
                slope = -1 / rational(trader.curvature)
            parts.append((left, right, position > wish, constant, slope))
    grid = sorted(cuts)
    place = {cut: k for k, cut in enumerate(grid)}
    size = len(grid) - 1
    sums = [[rational(0)] * (size + 1) for _ in range(4)]
    for left, right, buys, constant, slope in parts:
        at, sign = (0, 1) if buys else (2, -1)
        for row, value in ((at, sign * constant), (at + 1, sign * slope)):
            sums[row][place[left]] += value
            sums[row][place[right]] -= value
    for column in sums:
        for k in range(1, size):
            column[k] += column[k - 1]
    points = tuple(grid)
    return (
        _Axis(1, points, tuple(sums[0][:size]), tuple(sums[1][:size])),
        _Axis(-1, points, tuple(sums[2][:size]), tuple(sums[3][:size])),
    )


def _own_cuts(trader: Trader, low: Any, high: Any) -> list[Any]:
    targets = [bound for bound in (trader.lower, trader.upper, trader.position) if bound is not None]
    prices = {rational(trader.curvature * target + trader.slope) for target in targets}
    return [low, *sorted(price for price in prices if low < price < high), high]


def _wish(trader: Trader, price: Any) -> tuple[Any, bool]:
    """Return the best adjustment at one price for both directions, and whether it moves with the price."""
    if trader.curvature == 0:
        return rational(trader.lower), False
    wish = (price - rational(trader.slope)) / rational(trader.curvature)
    if trader.lower is not None and wish <= rational(trader.lower):
        return rational(trader.lower), False
    if trader.upper is not None and wish >= rational(trader.upper):
        return rational(trader.upper), False
    return wish, True


def _judge_step(step: TradingStep, buy: Any, sell: Any) -> tuple[Any, Any, Leaf | None, tuple[Any, ...]]:
    """Return what the prices earn, the most that any prices earn, better ones if there are, and the proof."""
    low, high = rational(step.sell_price), rational(step.buy_price)
    if low == high:
        # p_b = p_s = feed_in = retail: whatever is traded is passed on at the same price.
        return rational(0), rational(0), None, (low,)
    buyers, sellers = _axes(step)

    def profit(j: int, k: int, p_b: Any, p_s: Any) -> Any:
        bought, sold = buyers.amount(j, p_b), sellers.amount(k, p_s)
        rest = bought - sold
        return p_b * bought - p_s * sold - max(high * rest, low * rest)

    def solve_pair(j: int, k: int) -> Leaf:
        lam = _balancing(buyers, j, sellers, k, low, high)
        p_b, p_s = buyers.top(j, lam), sellers.top(k, lam)
        return Leaf(lam, p_b, p_s, profit(j, k, p_b, p_s))

    j, k = buyers.piece_of(buy), sellers.piece_of(sell)
    earned = profit(j, k, buy, sell)
    # The widest spread never loses; prices with p_s > p_b are no strategy, and they never earn more than 0.
    floor = max(earned, rational(0))
    first = _balancing(buyers, j, sellers, k, low, high)
    bound, leaf, used = upper_bound_of_profit(floor, first, buyers.bounds, sellers.bounds, solve_pair)
    if leaf is None and bound > earned:
        leaf = Leaf(first, high, low, bound)
    return earned, bound, leaf, used


def _balancing(buyers: _Axis, j: int, sellers: _Axis, k: int, low: Any, high: Any) -> Any:
    """Return the ``lam`` of ``[low, high]`` that bounds the pair (j, k) most tightly.

    The bound is convex in ``lam`` with slope supply minus demand at its best prices, which is affine between kinks: it
    is least where supply meets demand, or at an end. There the bound is attained, for the profit is concave.
    """

    def gap(lam: Any) -> Any:
        return sellers.amount(k, sellers.top(k, lam)) - buyers.amount(j, buyers.top(j, lam))

    left, at_left = low, gap(low)
    if at_left >= 0:
        return low
    for right in sorted({high, *(lam for lam in buyers.kinks(j) + sellers.kinks(k) if low < lam < high)}):
        at_right = gap(right)
        if at_right >= 0:
            return left + (right - left) * (-at_left) / (at_right - at_left)
        left, at_left = right, at_right
    return high
