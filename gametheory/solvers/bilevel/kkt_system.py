"""A leader's programme over the followers' KKT conditions, without the complementarity, and the list of its pairs.

Columns are the joint decision ``z`` and then the followers' multipliers ``lam``, in the order of ``Polyhedron.rows()``.
Rows are the constraints of the leader, those of each follower (inequalities, then equalities), and for each variable of
a follower that its marginal cost balances: ``d f_i / d y + A_i' lam_i = 0``. A *pair* is an inequality of a follower
and its multiplier: one of slack and multiplier must be zero. Nothing bounds a multiplier from above. Where a variable
is at one of two different bounds, the multiplier of the other is zero as well.

A leader's cost that is not convex is rewritten by strong duality. At every point that satisfies the conditions

    E_i(z, lam) = y_i' (d f_i / d y) + sum_r lam_r (b_r - a_r z_{-i}) = 0,

so ``t_i E_i`` may be added to the cost: with the right ``t_i`` a price times a quantity becomes linear.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice, product
from typing import Any

from gametheory.errors import UnsupportedGame
from gametheory.games.polyhedron import Coefficients
from gametheory.games.stackelberg import StackelbergGame
from gametheory.solvers.bilevel.duality_factors import chained

__all__ = ["KKTSystem", "Limits", "Pair", "Products", "duality_terms", "semidefinite"]

#: More combinations of factors than this are not tried.
_MOST_FACTORS = 256
#: ``(k, m) -> coefficient`` of the product of columns ``k <= m``; ``k == m`` is a square.
Products = dict[tuple[int, int], Fraction]


@dataclass(frozen=True, slots=True)
class Pair:
    """An inequality of a follower (a row, or a bound of a column) and the column of its multiplier.

    `other` is the multiplier's column of the variable's other bound, -1 where there is none or both are equal.
    """

    multiplier: int
    coefficients: Coefficients
    bound: Fraction
    row: int = -1
    other: int = -1

    def slack(self, point: Sequence[Any]) -> Any:
        """Return by how much the inequality is met."""
        return self.bound - sum(a * point[k] for k, a in self.coefficients)


@dataclass(slots=True)
class Limits:
    """Bounds of columns and of rows; None where there is none."""

    lower: list[Fraction | None]
    upper: list[Fraction | None]
    row_lower: list[Fraction | None]
    row_upper: list[Fraction | None]

    @property
    def crossed(self) -> bool:
        """Whether a column is left no value at all."""
        return any(
            low is not None and high is not None and low > high
            for low, high in zip(self.lower, self.upper, strict=True)
        )


@dataclass(frozen=True, slots=True)
class KKTSystem:
    """The programme as exact data; see the module for columns, rows and pairs.

    Attributes
    ----------
    decided
        How many columns are decisions; the rest are multipliers.
    rows
        The coefficients of each row.
    limits
        Bounds with no pair decided.
    pairs
        All of them, in the order of their multipliers.
    products, slopes, constant
        The leader's cost, convex.
    duality
        ``t_i`` of each follower.
    """

    decided: int
    rows: tuple[Coefficients, ...]
    limits: Limits
    pairs: tuple[Pair, ...]
    products: Products
    slopes: tuple[Fraction, ...]
    constant: Fraction
    duality: tuple[Fraction, ...]

    @property
    def size(self) -> int:
        """The number of columns."""
        return len(self.slopes)

    @property
    def hessian(self) -> tuple[tuple[int, int, Fraction], ...]:
        """The entries of both triangles of the leader's second derivatives."""
        found = []
        for (k, m), v in self.products.items():
            found += [(k, k, 2 * v)] if k == m else [(k, m, v), (m, k, v)]
        return tuple(found)

    def decide(self, decisions: Mapping[int, bool]) -> Limits:
        """Return the bounds where some pairs are decided: True is tight, False puts the multiplier at 0."""
        base = self.limits
        limits = Limits(list(base.lower), list(base.upper), list(base.row_lower), list(base.row_upper))
        for number, tight in decisions.items():
            pair = self.pairs[number]
            if not tight:
                limits.upper[pair.multiplier] = Fraction(0)
                continue
            if pair.other >= 0:
                limits.upper[pair.other] = Fraction(0)
            if pair.row >= 0:
                limits.row_lower[pair.row] = pair.bound
            else:
                ((k, a),) = pair.coefficients
                (limits.upper if a < 0 else limits.lower)[k] = pair.bound / a
        return limits

    def value(self, point: Sequence[Any]) -> Any:
        """Return the leader's (rewritten) cost at values of all columns."""
        bent = sum(v * point[k] * point[m] for (k, m), v in self.products.items())
        return bent + sum(g * v for g, v in zip(self.slopes, point, strict=True) if g) + self.constant

    def gradient(self, point: Sequence[Any]) -> list[Any]:
        """Return the slopes of the leader's cost."""
        slopes: list[Any] = list(self.slopes)
        for (k, m), v in self.products.items():
            slopes[k] += v * point[m]
            slopes[m] += v * point[k]
        return slopes

    @classmethod
    def of_game(cls, game: StackelbergGame) -> KKTSystem:
        """Return the system of a game.

        Raises
        ------
        UnsupportedGame
            A follower's own problem is not convex, or the leader's cost is not and no ``t_i`` makes it so.
        """
        decided = len(game.names)
        lower: list[Fraction | None] = [None] * decided
        upper: list[Fraction | None] = [None] * decided
        rows: list[Coefficients] = []
        row_lower: list[Fraction | None] = []
        row_upper: list[Fraction | None] = []
        pairs: list[Pair] = []
        for i, (block, own) in enumerate(zip(game.blocks, game.constraints, strict=True)):
            lower[block.start : block.stop] = own.lower[block.start : block.stop]
            upper[block.start : block.stop] = own.upper[block.start : block.stop]
            first, bounds = len(rows), sum(1 for _ in own.rows()) - len(own.inequalities) - len(own.equalities)
            for kind in ("inequalities", "equalities"):
                for coefficients, bound in getattr(own, kind):
                    rows.append(coefficients)
                    row_lower.append(bound if kind == "equalities" else None)
                    row_upper.append(bound)
            if i == 0:
                continue
            for number, (coefficients, bound, equal, _) in enumerate(own.rows()):
                place = len(lower)
                lower.append(None if equal else Fraction(0))
                upper.append(None)
                if equal:
                    continue
                if number >= bounds:
                    pairs.append(Pair(place, coefficients, bound, first + number - bounds))
                    continue
                ((k, a),) = coefficients
                low, high = own.lower[k], own.upper[k]
                other = -1 if low is None or high is None or low == high else place - int(a)
                pairs.append(Pair(place, coefficients, bound, other=other))
        column = decided
        duals = []
        for i, cost in enumerate(game.costs[1:], 1):
            block, own = game.blocks[i], game.constraints[i]
            if not semidefinite(len(block), {(r, c): v for r, c, v in cost.block(block, block)}):
                raise UnsupportedGame(
                    f"{game.players[i]!r}: its own problem is not convex, so first-order conditions do not describe "
                    "its replies; give a follower with a convex cost"
                )
            numbered = list(enumerate(own.rows(), column))
            duals.append(_duality(cost, block, numbered))
            for k in block:
                balance = {m: v for m, v in cost.linear if m == k}
                terms = {c: v for _, c, v in cost.block(range(k, k + 1), range(decided))}
                for place, (coefficients, _, _, _) in numbered:
                    terms.update((place, a) for m, a in coefficients if m == k)
                rows.append(tuple(sorted(terms.items())))
                row_lower.append(-balance.get(k, Fraction(0)))
                row_upper.append(-balance.get(k, Fraction(0)))
            column += len(numbered)
        products, slopes, constant, duality = _convex_cost(game, duals, column)
        limits = Limits(lower, upper, row_lower, row_upper)
        return cls(decided, tuple(rows), limits, tuple(pairs), products, slopes, constant, duality)


def duality_terms(game: StackelbergGame) -> list[tuple[Products, dict[int, Fraction]]]:
    """Return ``E_i`` of every follower as products and linear terms over the system's columns; see the module."""
    column, found = len(game.names), []
    for block, own, cost in zip(game.blocks[1:], game.constraints[1:], game.costs[1:], strict=True):
        numbered = list(enumerate(own.rows(), column))
        found.append(_duality(cost, block, numbered))
        column += len(numbered)
    return found


def semidefinite(size: int, entries: Mapping[tuple[int, int], Fraction]) -> bool:
    """Whether a symmetric matrix (both triangles given) is positive semidefinite, by elimination in rationals.

    >>> semidefinite(2, {(0, 0): 1, (0, 1): 1, (1, 0): 1, (1, 1): 1}), semidefinite(2, {(0, 1): 1, (1, 0): 1})
    (True, False)
    """
    used = sorted({k for place in entries for k in place})
    left = {place: Fraction(v) for place, v in entries.items() if v}
    for k in used:
        row = {c: v for (r, c), v in left.items() if r == k}
        pivot = row.get(k, Fraction(0))
        if pivot < 0 or (pivot == 0 and row):
            return False
        left = {place: v for place, v in left.items() if k not in place}
        for r, v in row.items():
            for c, w in row.items():
                if k not in (r, c):
                    left[r, c] = left.get((r, c), Fraction(0)) - v * w / pivot
        left = {place: v for place, v in left.items() if v}
    return True


def _duality(cost: Any, block: range, numbered: Sequence[Any]) -> tuple[Products, dict[int, Fraction]]:
    """Return ``E_i`` as products and linear terms."""
    found: Products = {}
    for r, c, v in cost.quadratic:
        # Q_rc stands in the slope of r (times z_c) and, off the diagonal, in the slope of c (times z_r).
        times = (r in block) + (r != c and c in block)
        if times:
            found[r, c] = found.get((r, c), Fraction(0)) + times * v
    slopes = {k: v for k, v in cost.linear if k in block}
    for place, (coefficients, bound, _, _) in numbered:
        slopes[place] = bound
        for k, a in coefficients:
            if k not in block:
                found[k, place] = found.get((k, place), Fraction(0)) - a
    return found, slopes


def _convex_cost(
    game: StackelbergGame, duals: Sequence[tuple[Products, dict[int, Fraction]]], size: int
) -> tuple[Products, tuple[Fraction, ...], Fraction, tuple[Fraction, ...]]:
    """Return the leader's cost with the multiples of ``E_i`` that make it convex: none if it is."""
    cost = game.costs[0]
    plain: Products = {(r, c): v / 2 if r == c else v for r, c, v in cost.quadratic}
    choices: list[list[Fraction]] = []
    for block, (dual, _) in zip(game.blocks[1:], duals, strict=True):
        wanted = {
            -plain[place] / v
            for place, v in dual.items()
            if v and place in plain and (place[0] in block) != (place[1] in block)
        }
        choices.append([Fraction(0), *sorted(wanted)[:4]])
    # One follower at a time may need its factor or not; most often none does, or all that can.
    likely = [tuple(own[0] for own in choices), tuple(own[-1] for own in choices)]
    for factors in chain(likely, chained(plain, duals), islice(product(*choices), _MOST_FACTORS)):
        products, slopes = dict(plain), dict(cost.linear)
        for t, (dual, linear) in zip(factors, duals, strict=True):
            if t:
                for place, v in dual.items():
                    products[place] = products.get(place, Fraction(0)) + t * v
                for k, v in linear.items():
                    slopes[k] = slopes.get(k, Fraction(0)) + t * v
        products = {place: v for place, v in products.items() if v}
        bent = {place: 2 * v if place[0] == place[1] else v for place, v in products.items()}
        bent.update({(m, k): v for (k, m), v in bent.items()})
        if semidefinite(size, bent):
            return products, tuple(slopes.get(k, Fraction(0)) for k in range(size)), cost.constant, factors
    raise UnsupportedGame(
        f"the cost of the leader {game.players[0]!r} is not convex, and strong duality of the followers does not make "
        "it so: no global bound can be given; give a convex cost, or prices times quantities of followers whose "
        "constraints do not move with the leader's decision"
    )
