"""B.2 A retailer's profit against consumer surplus: day-ahead hourly prices for flexible consumers.

Source: L. Jia, L. Tong, "Dynamic pricing and distributed energy management for demand response", IEEE Transactions on
Smart Grid 7(2), 2016, 1128-1136; fidelity: paper (abstract) + derived. Affine demand and the concave front are the
paper's; the closed forms are the package's own, in its structure.

The retailer leads with a price for each hour; consumers follow with the demand ``d = b - G pi``. Here prices are
measured from the choke price ``y = G^{-1} b``, at which nothing is bought, so ``d = G (y - pi)`` and nothing else is
inverted. The leader's problem and the followers' reply are solved in closed form; as data, for the general solver and
its checker, the game is a leader before one follower that maximises ``y'd - d'G^{-1}d/2 - pi'd``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

import flint

from gametheory.arithmetic import Number, exact, exact_series, rational, sqrt, total
from gametheory.errors import InputError
from gametheory.games.stackelberg import StackelbergGame

__all__ = [
    "FrontPoint",
    "FrontSegment",
    "ParetoFront",
    "Retailer",
    "best_price",
    "consumer_surplus",
    "demand",
    "front_profit",
    "markup_share",
    "quadratic_form",
    "retail_profit",
]

Vector = Sequence[Number]


def demand(prices: Vector, choke: Vector, response: Sequence[Vector]) -> list[Number]:
    """Return ``d = G (y - pi)`` (kWh): what consumers buy in each hour."""
    return [total([g * (y - p) for g, y, p in zip(row, choke, prices, strict=True)]) for row in response]


def quadratic_form(vector: Vector, matrix: Sequence[Vector]) -> Number:
    """Return ``v' M v``."""
    return total(
        [v * total([m * w for m, w in zip(row, vector, strict=True)]) for v, row in zip(vector, matrix, strict=True)]
    )


def consumer_surplus(prices: Vector, choke: Vector, response: Sequence[Vector]) -> Number:
    """Return ``(y - pi)' G (y - pi) / 2`` (money), which is ``(b - G pi)' G^{-1} (b - G pi)/2``."""
    return quadratic_form([y - p for y, p in zip(choke, prices, strict=True)], response) / 2


def retail_profit(prices: Vector, wholesale: Vector, choke: Vector, response: Sequence[Vector]) -> Number:
    """Return ``(pi - lam)' d`` (money): what the retailer earns over the wholesale cost."""
    bought = demand(prices, choke, response)
    return total([(p - w) * d for p, w, d in zip(prices, wholesale, bought, strict=True)])


def markup_share(weight: Number) -> Number:
    """Return ``t = (1 - eta)/(2 - eta)``: the part of the way from wholesale to choke price, from 1/2 down to 0."""
    return (1 - weight) / (2 - weight)


def best_price(weight: Number, wholesale: Number, choke: Number) -> Number:
    """Return ``lam + t (y - lam)``: the price of an hour that maximises profit plus `weight` times surplus."""
    return wholesale + markup_share(weight) * (choke - wholesale)


def front_profit(surplus: Number, worth: Number) -> Number:
    """Return ``sqrt(2 W CS) - 2 CS``: the most profit at consumer surplus ``CS``, ``W/8 <= CS <= W/2``."""
    return sqrt(2 * worth * surplus) - 2 * surplus


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPoint:
    """An exact point of the front: where surplus counts `weight` times as much as profit; minus that is the slope."""

    weight: Fraction
    surplus: Fraction
    profit: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontSegment:
    """A piece of the front in an exact triangle: between the chord of its ends and the tangents that meet in `corner`.

    Nothing is possible above the tangents and everything on the chord is; `height` is how far corner and chord are
    apart in profit, at the corner's surplus.
    """

    left: FrontPoint
    right: FrontPoint
    corner: tuple[Fraction, Fraction]
    height: Fraction


@dataclass(frozen=True, slots=True)
class ParetoFront:
    """What profit and surplus are possible together: nothing better for one without worse for the other.

    The curve ``RP = sqrt(2 W CS) - 2 CS`` from the monopoly to the social optimum, with its exact points and
    exact triangles that hold all of it. :func:`gametheory.report.pareto_front.plot_front` draws it.

    Attributes
    ----------
    worth
        ``W = Delta' G Delta`` with ``Delta = y - lam`` (money): twice the welfare of the optimum.
    """

    worth: Fraction

    @property
    def surplus_range(self) -> tuple[Fraction, Fraction]:
        """Consumer surplus at the monopoly and at the social optimum: ``W/8`` and ``W/2``."""
        return self.worth / 8, self.worth / 2

    def at(self, weight: Number) -> tuple[Fraction, Fraction]:
        """Return (surplus, profit) where surplus counts `weight` times as much as profit, in [0, 1]."""
        t = markup_share(_weight(weight))
        return (1 - t) * (1 - t) * self.worth / 2, t * (1 - t) * self.worth

    def best_sum(self, weight: Number) -> Fraction:
        """Return the most that profit plus `weight` times surplus can be: no prices whatever are above this line."""
        surplus, profit = self.at(weight)
        return profit + _weight(weight) * surplus

    def points(self, count: int = 33) -> tuple[FrontPoint, ...]:
        """Return exact points of the front, from the monopoly (weight 0) to the social optimum (weight 1)."""
        if count < 2:
            raise InputError(f"count {count}: a front has two ends; give at least 2 points")
        weights = [Fraction(n, count - 1) for n in range(count)]
        return tuple(
            FrontPoint(weight=eta, surplus=surplus, profit=profit)
            for eta in weights
            for surplus, profit in [self.at(eta)]
        )

    def segments(self, count: int = 32) -> tuple[FrontSegment, ...]:
        """Return exact triangles that hold the whole front, from left to right; four times as many are 16 times lower.

        >>> [piece.height for piece in ParetoFront(Fraction(8)).segments(1)]
        [Fraction(2, 3)]
        """
        found = []
        for left, right in pairwise(self.points(count + 1)):
            surplus = (self.best_sum(right.weight) - self.best_sum(left.weight)) / (right.weight - left.weight)
            profit = self.best_sum(left.weight) - left.weight * surplus
            across = right.surplus - left.surplus
            slope = (right.profit - left.profit) / across if across else Fraction(0)
            chord = left.profit + slope * (surplus - left.surplus)
            found.append(FrontSegment(left=left, right=right, corner=(surplus, profit), height=profit - chord))
        return tuple(found)

    def holds(self, surplus: Number, profit: Number) -> bool:
        """Whether a pair is on the front, decided without a root: ``(RP + 2 CS)^2 = 2 W CS`` within the range."""
        cs, rp = exact(surplus, what="surplus"), exact(profit, what="profit")
        low, high = self.surplus_range
        return low <= cs <= high and rp >= 0 and (rp + 2 * cs) ** 2 == 2 * self.worth * cs

    def profit(self, surplus: Number) -> Any:
        """Return the most profit that leaves this consumer surplus, as a ball (it holds a square root).

        Raises
        ------
        InputError
            The surplus is outside :attr:`surplus_range`.
        """
        wanted = exact(surplus, what="surplus")
        low, high = self.surplus_range
        if not low <= wanted <= high:
            raise InputError(f"surplus {wanted} is not on the front; give a number from {low} to {high}")
        return front_profit(flint.arb(rational(wanted)), flint.arb(rational(self.worth)))


def _weight(weight: Number) -> Fraction:
    eta = exact(weight, what="weight")
    if not 0 <= eta <= 1:
        raise InputError(f"weight {eta} must lie in [0, 1]: 0 is the monopoly, 1 the social optimum")
    return eta


@dataclass(frozen=True, slots=True)
class Retailer:
    """A retailer that sets hourly prices for consumers with affine demand.

    Source: Jia and Tong 2016; fidelity: paper (abstract) + derived (closed forms are the package's own, in the
    structure of the paper). Theorems: B-P3.

    Parameters
    ----------
    base_demand
        ``b``: what consumers buy at price 0 (kWh), one number an hour.
    response
        ``G``: symmetric positive definite matrix (kWh^2/money).
    wholesale
        ``lam``: wholesale price of each hour (money/kWh).

    Raises
    ------
    InputError
        Wrong shapes, or a ``G`` that is not symmetric positive definite.

    Examples
    --------
    >>> shop = Retailer(base_demand=(10, 8), response=((2, 1), (1, 2)), wholesale=(1, 1))
    >>> shop.prices(0), shop.profit(0), shop.surplus(0)
    ((Fraction(5, 2), Fraction(3, 2)), Fraction(13, 2), Fraction(13, 4))
    >>> shop.to_game(weight="1/2").names
    ('price 0', 'price 1', 'energy 0', 'energy 1')
    """

    theorems: ClassVar[tuple[str, ...]] = ("B-P3",)
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    base_demand: tuple[Fraction, ...]
    response: tuple[tuple[Fraction, ...], ...]
    wholesale: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        for name in ("base_demand", "wholesale"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        rows = tuple(exact_series(row, what=f"response[{k}]") for k, row in enumerate(self.response))
        object.__setattr__(self, "response", rows)
        hours = len(self.base_demand)
        problems = []
        if not hours:
            problems.append("no hour: give at least one number of base demand")
        if len(self.wholesale) != hours or len(rows) != hours or any(len(row) != hours for row in rows):
            problems.append(
                f"base demand has {hours} hours, wholesale {len(self.wholesale)}, response is {len(rows)} x "
                f"{[len(row) for row in rows]}; make them agree"
            )
        elif any(rows[r][c] != rows[c][r] for r in range(hours) for c in range(r)):
            problems.append("response is not symmetric: G[r][c] must equal G[c][r]")
        elif not _positive_definite(rows):
            problems.append("response is not positive definite: raising prices must lower the bill of what is bought")
        InputError.raise_all(problems)

    def to_game(self, *, weight: Number = 0) -> StackelbergGame:
        """Return the game: a price and an energy an hour, without bounds; ``profit + eta surplus`` before the surplus.

        Consumers maximise ``y'd - d'G^{-1}d/2 - pi'd`` over ``d``: at the reply ``G (y - pi)`` that is the surplus.

        Parameters
        ----------
        weight
            ``eta`` in [0, 1]: how much a unit of surplus counts for the retailer; 0 is the monopoly.
        """
        eta = _weight(weight)
        inverse = flint.fmpq_mat([[rational(v) for v in row] for row in self.response]).inv()
        hours = range(len(self.base_demand))
        surplus: dict[Any, Fraction] = {}
        for t, worth in zip(hours, self.choke, strict=True):
            surplus[f"energy {t}"] = worth
            surplus[f"price {t}", f"energy {t}"] = Fraction(-1)
            for s in hours[t:]:  # d'G^{-1}d/2 by pairs: each square once, each product twice
                surplus[f"energy {t}", f"energy {s}"] = -exact(inverse[t, s]) / (2 if s == t else 1)
        leader = {term: eta * value for term, value in surplus.items()}
        for t, cost in zip(hours, self.wholesale, strict=True):
            leader[f"price {t}", f"energy {t}"] += 1
            leader[f"energy {t}"] -= cost
        free = (None, None)
        return StackelbergGame.from_terms(
            ("retailer", {f"price {t}": free for t in hours}, leader),
            [("consumers", {f"energy {t}": free for t in hours}, surplus)],
            sense="payoff",
        )

    @property
    def choke(self) -> tuple[Fraction, ...]:
        """``y = G^{-1} b``: the prices at which nothing is bought (money/kWh)."""
        matrix = flint.fmpq_mat([[rational(v) for v in row] for row in self.response])
        solution = matrix.solve(flint.fmpq_mat([[rational(v)] for v in self.base_demand]))
        return tuple(exact(solution[k, 0]) for k in range(len(self.base_demand)))

    def prices(self, weight: Number) -> tuple[Fraction, ...]:
        """Return the prices (money/kWh) that maximise profit plus `weight` times consumer surplus."""
        eta = _weight(weight)
        return tuple(exact(best_price(eta, w, y)) for w, y in zip(self.wholesale, self.choke, strict=True))

    def demand(self, weight: Number) -> tuple[Fraction, ...]:
        """Return what is bought at those prices (kWh)."""
        return tuple(exact(d) for d in demand(self.prices(weight), self.choke, self.response))

    def profit(self, weight: Number) -> Fraction:
        """Return the retailer's profit at those prices (money)."""
        return exact(retail_profit(self.prices(weight), self.wholesale, self.choke, self.response))

    def surplus(self, weight: Number) -> Fraction:
        """Return the consumers' surplus at those prices (money)."""
        return exact(consumer_surplus(self.prices(weight), self.choke, self.response))

    def is_efficient(self, prices: Sequence[Number]) -> bool:
        """Whether these prices give a point of the front: none is better for one side and no worse for the other."""
        posted = exact_series(prices, what="prices")
        if len(posted) != len(self.base_demand):
            raise InputError(f"{len(posted)} prices for {len(self.base_demand)} hours; give one an hour")
        surplus = exact(consumer_surplus(posted, self.choke, self.response))
        return self.front.holds(surplus, exact(retail_profit(posted, self.wholesale, self.choke, self.response)))

    @property
    def negative_demand(self) -> bool:
        """Whether some hour would be bought negatively: the answer is then not physical (at every weight alike)."""
        return any(d < 0 for d in self.demand(1))

    @property
    def front(self) -> ParetoFront:
        """All pairs of profit and surplus that cannot be improved; the single point (0, 0) if ``W = 0``."""
        gap = [y - w for y, w in zip(self.choke, self.wholesale, strict=True)]
        return ParetoFront(exact(quadratic_form(gap, self.response)))


def _positive_definite(rows: tuple[tuple[Fraction, ...], ...]) -> bool:
    """Whether all leading minors are positive, by elimination in rationals."""
    left = [[rational(v) for v in row] for row in rows]
    for k, row in enumerate(left):
        if row[k] <= 0:
            return False
        for other in left[k + 1 :]:
            factor = other[k] / row[k]
            for c in range(k, len(left)):
                other[c] -= factor * row[c]
    return True
