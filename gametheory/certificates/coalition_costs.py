"""What a coalition costs, from both sides and exactly: plans from above, shares from below, for games without a table.

Multipliers of a coalition's programme give every player a share, and no coalition costs less than the shares of its
members add up to (weak duality, term by term; the formulas stand in :mod:`gametheory.certificates.linear` and
:mod:`gametheory.certificates.pooled`). A plan that a coalition can carry out costs at least ``C(T)``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import exact, exact_series, rational, whole, whole_numbers
from gametheory.certificates.pooled import primal_cost, smallest_share
from gametheory.errors import InputError, NoChecker
from gametheory.games.linear import LinearGame
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import TradingStep

__all__ = ["ShareVector", "costs_of"]

#: Whole numbers below this are added and multiplied in 64 bits.
_INT64 = 2**62


@dataclass(frozen=True, slots=True)
class ShareVector:
    """Shares ``numerators[i] / denominator``: for every coalition ``C(T) >= s(T)``."""

    numerators: tuple[int, ...]
    denominator: int


def costs_of(game: Any) -> Any:
    """Return what judges shares and plans of a game: it has ``shares(multipliers)`` and ``cost(members, plan)``."""
    form = type(game).__name__
    if form == "LinearGame":
        return _LinearCosts(game)
    if form == "PooledGame":
        return _PooledCosts(game)
    raise NoChecker(f"no coalition costs by shares for a {form}; there are some for LinearGame, PooledGame")


def _entry(given: Any, key: str, what: str) -> Any:
    if not isinstance(given, Mapping) or key not in given:
        raise InputError(f"{what} is a mapping with {key!r}; take the witness as the solver gave it")
    return given[key]


def _scaled(given: Any, key: str, size: int) -> tuple[int, ...]:
    numbers = whole_numbers(_entry(given, key, "a share vector"), what=key)
    if len(numbers) != size:
        raise InputError(f"{key} has {len(numbers)} multipliers for {size} rows; give one a row")
    return numbers


def _scale(given: Any) -> int:
    scale = whole(_entry(given, "scale", "a share vector"), what="scale")
    if scale <= 0:
        raise InputError(f"the multipliers' scale is {scale}; give a positive whole number")
    return scale


class _LinearCosts:
    """A linear-programming game as whole numbers over one denominator, its entries column by column."""

    def __init__(self, game: LinearGame) -> None:
        self.game = game
        numbers = [b for m in game.members for b in (*m.demand, *m.costs, *m.lower, *m.upper) if b is not None]
        numbers += game.costs
        numbers += [a for pairs in game.common for _, a in pairs]
        numbers += [a for m in game.members for pairs in m.coupling for _, a in pairs]
        numbers += [a for m in game.members for pairs, right in m.rows for a in (right, *(c for _, c in pairs))]
        self._unit = unit = math.lcm(1, *{number.denominator for number in numbers})

        def over(value: Fraction) -> int:
            return value.numerator * (unit // value.denominator)

        rows = len(game.common)
        self._demand = _array([[over(x) for x in m.demand] for m in game.members], (len(game.members), rows))
        self._right: list[int] = []
        entries: list[tuple[int, int, int]] = []  # column, row, coefficient
        column, row = 0, rows
        self._ends = [0]
        lower: list[int | None] = []
        upper: list[int | None] = []
        costs: list[int] = []
        for member in game.members:
            for t, pairs in enumerate(member.coupling):
                entries += [(column + k, t, over(a)) for k, a in pairs]
            for pairs, right in member.rows:
                entries += [(column + k, row, over(a)) for k, a in pairs]
                self._right.append(over(right))
                row += 1
            costs += map(over, member.costs)
            lower += [None if b is None else over(b) for b in member.lower]
            upper += [None if b is None else over(b) for b in member.upper]
            column += len(member.costs)
            self._ends.append(column)
        self.own_rows = row - rows
        entries += [(k, row, 0) for k in range(column)]  # no column is empty; row `row` is none and has multiplier 0
        entries.sort()
        self._starts = np.searchsorted([c for c, _, _ in entries], np.arange(column))
        self._row = np.array([r for _, r, _ in entries], dtype=np.int64)
        self._coefficient = _array([a for _, _, a in entries], (len(entries),))
        self._costs = _array(costs, (column,))
        self._no_lower = np.array([b is None for b in lower], dtype=bool)
        self._no_upper = np.array([b is None for b in upper], dtype=bool)
        self._lower, self._upper = (
            _array([b or 0 for b in lower], (column,)),
            _array([b or 0 for b in upper], (column,)),
        )
        self._row_ends = np.cumsum([0, *(len(m.rows) for m in game.members)])

    def shares(self, given: Any) -> ShareVector:
        """Return the shares at multipliers, or refuse multipliers that bound nothing."""
        scale = _scale(given)
        prices = _scaled(given, "prices", len(self.game.common))
        own = _scaled(given, "own_prices", self.own_rows)
        left = [over * scale for over in (exact(c) * self._unit for c in self.game.costs)]
        for price, pairs in zip(prices, self.game.common, strict=True):
            for k, a in pairs:
                left[k] -= price * a * self._unit
        if any(r < 0 for r in left):
            k = next(k for k, r in enumerate(left) if r < 0)
            raise InputError(
                f"the multipliers leave common variable {k} a gain: they bound nothing; the proof is wrong"
            )
        multipliers = [*prices, *own, 0]
        small = self._fits(multipliers, scale)
        kind = np.int64 if small else object
        all_of = np.array(multipliers, dtype=kind)
        products = self._coefficient.astype(kind) * all_of[self._row]
        reduced = self._costs.astype(kind) * scale
        if len(reduced):
            reduced = reduced - np.add.reduceat(products, self._starts)
        rising, falling = reduced > 0, reduced < 0
        if (rising & self._no_lower).any() or (falling & self._no_upper).any():
            raise InputError("a variable has a reduced cost and no bound on that side: the multipliers bound nothing")
        pressed = reduced * np.where(rising, self._lower.astype(kind), self._upper.astype(kind))
        sums = np.concatenate([np.zeros(1, dtype=kind), np.cumsum(pressed, dtype=kind)])
        rights = np.array(self._right, dtype=kind) * np.array(own, dtype=kind)
        held = np.concatenate([np.zeros(1, dtype=kind), np.cumsum(rights, dtype=kind)])
        ends = np.array(self._ends)
        demand = self._demand.astype(kind) @ np.array(prices, dtype=kind) if len(prices) else 0
        money = (demand + held[self._row_ends[1:]] - held[self._row_ends[:-1]]) * self._unit
        total = money + sums[ends[1:]] - sums[ends[:-1]]
        return ShareVector(tuple(map(int, total)), self._unit * self._unit * scale)

    def _fits(self, multipliers: Sequence[int], scale: int) -> bool:
        """Whether no sum on the way can leave 64 bits: every number is bounded by the sum of all its terms' sizes."""
        largest = max(map(abs, multipliers), default=0)
        entry = _largest(self._coefficient) * largest
        reduced = _largest(self._costs) * scale + entry * (len(self._coefficient) + 1)
        pressed = reduced * max(_largest(self._lower), _largest(self._upper), 1) * (len(self._costs) + 1)
        right = max(map(abs, self._right), default=0) * largest * (len(self._right) + 1)
        demand = _largest(self._demand) * largest * (len(self.game.common) + 1)
        return bool(pressed + (right + demand) * self._unit < _INT64)

    def cost(self, members: Sequence[int], plan: Any) -> Fraction:
        """Return what a plan of a coalition costs, or refuse one that it cannot carry out."""
        game = self.game
        common = _sparse(_entry(plan, "common", "a plan"), len(game.costs), "common")
        activities = _entry(plan, "activities", "a plan")
        if len(activities) != len(members):
            raise InputError(f"a plan has {len(activities)} rows for {len(members)} members; give one a member")
        if any(x < 0 for x in common.values()):
            raise InputError("a plan has a negative common variable: not feasible")
        value = sum((game.costs[k] * x for k, x in common.items()), Fraction(0))
        left = [sum((a * common[k] for k, a in pairs if k in common), Fraction(0)) for pairs in game.common]
        for i, given in zip(members, activities, strict=True):
            member, name = game.members[i], game.players[i]
            own = _sparse(given, len(member.costs), f"activities of {name!r}")
            for k, (low, high) in enumerate(zip(member.lower, member.upper, strict=True)):
                x = own.get(k, 0)
                if (low is not None and x < low) or (high is not None and x > high):
                    raise InputError(f"plan: variable {k} of {name!r} is {x}, outside [{low}, {high}]: not feasible")
            for k, (pairs, right) in enumerate(member.rows):
                if sum((a * own[j] for j, a in pairs if j in own), Fraction(0)) != right:
                    raise InputError(f"plan: row {k} of {name!r} is not met: not feasible")
            for t, (pairs, need) in enumerate(zip(member.coupling, member.demand, strict=True)):
                left[t] += sum((a * own[j] for j, a in pairs if j in own), Fraction(0)) - need
            value += sum((member.costs[k] * x for k, x in own.items()), Fraction(0))
        if any(left):
            raise InputError(f"plan: common row {next(t for t, x in enumerate(left) if x)} is not met: not feasible")
        return value


class _PooledCosts:
    """A pooled game: one price a step makes shares, adjustments make a plan."""

    def __init__(self, game: PooledGame) -> None:
        self.game = game

    def shares(self, given: Any) -> ShareVector:
        """Return the shares at prices between the outside prices."""
        scale = _scale(given)
        prices = [Fraction(k, scale) for k in _scaled(given, "prices", len(self.game.steps))]
        totals = [rational(0)] * len(self.game.players)
        for t, (step, price) in enumerate(zip(self.game.steps, prices, strict=True)):
            if not step.sell_price <= price <= step.buy_price:  # type: ignore[operator]  # the form asks for both
                raise InputError(f"step {t}: the price {price} is not between the outside prices; it bounds nothing")
            at = rational(price)
            totals = [sum_ + smallest_share(trader, at) for sum_, trader in zip(totals, step.traders, strict=True)]
        fractions = [exact(value) for value in totals]
        unit = math.lcm(*(f.denominator for f in fractions))
        return ShareVector(tuple(f.numerator * (unit // f.denominator) for f in fractions), unit)

    def cost(self, members: Sequence[int], plan: Any) -> Fraction:
        """Return what adjustments of a coalition cost, or refuse those outside the traders' limits."""
        rows = [exact_series(row, what="adjustments") for row in _entry(plan, "adjustments", "a plan")]
        if len(rows) != len(members) or any(len(row) != len(self.game.steps) for row in rows):
            raise InputError("a plan's adjustments have a row a member and a number a step")
        total = rational(0)
        for t, step in enumerate(self.game.steps):
            traders = tuple(step.traders[i] for i in members)
            cuts = [row[t] for row in rows]
            for trader, cut in zip(traders, cuts, strict=True):
                if (trader.lower is not None and cut < trader.lower) or (
                    trader.upper is not None and cut > trader.upper
                ):
                    raise InputError(f"plan: step {t}: {cut} is outside [{trader.lower}, {trader.upper}]: not feasible")
            total += primal_cost(TradingStep(traders, step.buy_price, step.sell_price), cuts)
        return exact(total)


def _sparse(given: Any, size: int, what: str) -> dict[int, Fraction]:
    found: dict[int, Fraction] = {}
    for pair in given:
        place, value = pair
        k = whole(place, what=what)
        if not 0 <= k < size or k in found:
            raise InputError(f"{what}: variable {k} is none or given twice; give pairs (variable, value)")
        found[k] = exact(value, what=what)
    return found


def _array(numbers: Iterable[Any], shape: tuple[int, ...]) -> Any:
    made = np.empty(shape, dtype=object)
    if made.size:
        made[...] = np.array(list(numbers), dtype=object).reshape(shape)
    return made


def _largest(numbers: Any) -> int:
    return max((abs(int(x)) for x in numbers.ravel()), default=0)
