"""A.1 over several steps: energy sharing by demand bids among members with batteries.

Source: Y. Chen, S. Mei, F. Zhou, S. H. Low, W. Wei, F. Liu, "An energy sharing game with generalized demand bidding:
Model and properties", IEEE Transactions on Smart Grid 11(3), 2020, 2055-2066, for one step without batteries; fidelity:
derived. A battery ties the steps together, so nothing can be cleared step by step as in
:mod:`gametheory.models.energy_sharing`; its formulas for price, purchase and disutility are used here unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact, exact_series, total
from gametheory.errors import InputError
from gametheory.games.polyhedron import Polyhedron, read_rows
from gametheory.games.quadratic import QuadraticForm, QuadraticGame
from gametheory.models.economy import discomfort
from gametheory.models.energy_sharing import clearing_price, received

__all__ = ["StorageSharing", "member_cost"]


def member_cost(
    purchases: Sequence[Number],
    prices: Sequence[Number],
    adjustments: Sequence[Number],
    imports: Sequence[Number],
    exports: Sequence[Number],
    taken: Sequence[Number],
    curvature: Number,
    slope: Number,
    retail_price: Sequence[Number],
    feed_in: Sequence[Number],
    wear: Number,
) -> Number:
    """Return ``sum_t f(p_t) + lam_t q_t + retail_t m_t - feed_in_t x_t + w d_t``: what a member bears."""
    rows = zip(purchases, prices, adjustments, imports, exports, taken, retail_price, feed_in, strict=True)
    return total(
        [discomfort(p, curvature, slope) + lam * q + r * m - s * x + wear * d for q, lam, p, m, x, d, r, s in rows]
    )


@dataclass(frozen=True, slots=True)
class StorageSharing:
    """Members who bid for each other's energy in every step, adjust, move energy in time, and trade the rest outside.

    In step ``t`` member ``i`` bids ``b_it``, charges ``c_it``, takes ``d_it`` from its battery, imports ``m_it`` and
    exports ``x_it`` (both 0 without a grid). It receives ``q_it = b_it - a lam_t`` at ``lam_t = sum_j b_jt/(I a)``, and
    adjusts what is left, ``p_it = D_it + c_it - d_it - q_it - m_it + x_it``, at ``c_i p^2/2 + d_i p``;

        0 <= initial_i + sum_{r <= t} (eta c_ir - d_ir) <= capacity_i,   0 <= c_it, d_it <= power_i,

    the last level not below the first. Every member's cost is a convex quadratic of its own variables.

    Source: Chen, Mei, Zhou, Low, Wei and Liu 2020, one step; fidelity: derived (batteries and several steps are the
    package's own). Purchases and batteries of an equilibrium are those of the programme

        min sum_i,t f_i(p_it) + w d_it + retail_t m_it - feed_in_t x_it + (kappa/2) q_it^2,   sum_i q_it = 0,

    ``kappa = 1/(a (I - 1))``, as in one step (theorem A-P1); a test compares.

    Parameters
    ----------
    demand
        ``D`` of each member and step (kWh; negative: a surplus).
    curvature, slope
        Of the disutility of each member, ``c_i > 0``.
    sensitivity
        ``a > 0`` (kWh per unit of price).
    capacity, power, initial
        Of each member's battery (kWh, kWh a step, kWh); capacity 0 is none.
    retail_price, feed_in
        The grid's prices of each step (money/kWh), ``feed_in <= retail_price``; left out, there is no grid.
    efficiency
        ``eta`` in (0, 1]: what arrives of what is charged.
    wear
        ``w >= 0``: what a kWh taken from a battery costs its owner (money/kWh).
    players
        Names; default ``"1"``, ``"2"``, ...

    Raises
    ------
    InputError
        Numbers that do not match or are out of range.

    Examples
    --------
    A surplus now and a need later, and a battery that holds one kWh:

    >>> import gametheory as gt
    >>> model = StorageSharing(demand=((-2, 2), (0, 0)), curvature=(1, 1), slope=(0, 0), sensitivity=1,
    ...                        capacity=(0, 1), power=(0, 1), initial=(0, 0))
    >>> solution = gt.nash_equilibrium(model)
    >>> print(solution.certificate)
    [exact] the profile is a Nash equilibrium (bound 0)
    >>> model.outcome(solution.profile)["prices"], model.outcome(solution.profile)["stored"]
    ((Fraction(-2, 3), Fraction(2, 3)), ((Fraction(0, 1), Fraction(0, 1)), (Fraction(2, 3), Fraction(0, 1))))
    """

    theorems: ClassVar[tuple[str, ...]] = ()
    fidelity: ClassVar[str] = "derived"

    demand: tuple[tuple[Fraction, ...], ...]
    curvature: tuple[Fraction, ...]
    slope: tuple[Fraction, ...]
    sensitivity: Fraction
    capacity: tuple[Fraction, ...]
    power: tuple[Fraction, ...]
    initial: tuple[Fraction, ...]
    retail_price: tuple[Fraction, ...] = ()
    feed_in: tuple[Fraction, ...] = ()
    efficiency: Fraction = Fraction(1)
    wear: Fraction = Fraction(0)
    players: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        rows = tuple(exact_series(row, what=f"demand[{i}]") for i, row in enumerate(self.demand))
        object.__setattr__(self, "demand", rows)
        columns = ("curvature", "slope", "capacity", "power", "initial")
        for name in (*columns, "retail_price", "feed_in"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        for name in ("sensitivity", "efficiency", "wear"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        object.__setattr__(self, "players", tuple(self.players) or tuple(str(i + 1) for i in range(len(rows))))
        count, steps = len(rows), len(rows[0]) if rows else 0
        problems = []
        if count < 2 or not steps:
            problems.append(f"{count} member(s), {steps} steps: give at least two members and one step")
        if any(len(row) != steps for row in rows):
            problems.append(f"rows of demand have lengths {[len(row) for row in rows]}; give one number a step in each")
        problems += [f"{name} has {len(getattr(self, name))} entries; give one a member, {count}"
                     for name in (*columns, "players") if len(getattr(self, name)) != count]  # fmt: skip
        if len(self.retail_price) != len(self.feed_in) or len(self.feed_in) not in (0, steps):
            problems.append(
                f"{len(self.retail_price)} retail prices, {len(self.feed_in)} feed-in prices, {steps} steps; give one "
                "of each a step, or none"
            )
        problems += [f"feed_in[{t}] = {low} is above retail_price {high}" for t, (low, high)
                     in enumerate(zip(self.feed_in, self.retail_price, strict=False)) if low > high]  # fmt: skip
        problems += [f"curvature[{i}] = {v} must be > 0" for i, v in enumerate(self.curvature) if v <= 0]
        problems += [f"power[{i}] = {v} must be >= 0" for i, v in enumerate(self.power) if v < 0]
        problems += [f"initial[{i}] = {v} must lie in [0, capacity]" for i, (v, c)
                     in enumerate(zip(self.initial, self.capacity, strict=False)) if not 0 <= v <= c]  # fmt: skip
        if self.sensitivity <= 0:
            problems.append(f"sensitivity {self.sensitivity} must be > 0")
        if not 0 < self.efficiency <= 1:
            problems.append(f"efficiency {self.efficiency} must lie in (0, 1]")
        if self.wear < 0:
            problems.append(f"wear {self.wear} must be >= 0")
        InputError.raise_all(problems)

    def _letters(self, i: int) -> str:
        """Return the kinds of variables that a member has: bids, charge and discharge, imports and exports."""
        battery = self.capacity[i] > 0 and self.power[i] > 0
        return "b" + ("cd" if battery else "") + ("mx" if self.retail_price else "")

    def to_game(self) -> QuadraticGame:
        """Return the game: a member's variables are named by a letter and a step, ``"b 0"``, ``"c 0"``, ..."""
        steps = range(len(self.demand[0]))
        sets = tuple(self._strategies(i) for i in range(len(self.players)))
        place: dict[tuple[int, str, int], int] = {}
        for i in range(len(self.players)):
            for letter in self._letters(i):
                for t in steps:
                    place[i, letter, t] = len(place)
        objectives = tuple(self._objective(i, place) for i in range(len(self.players)))
        return QuadraticGame(self.players, sets, objectives)

    def _strategies(self, i: int) -> Polyhedron:
        steps = range(len(self.demand[0]))
        letters = self._letters(i)
        names = tuple(f"{letter} {t}" for letter in letters for t in steps)
        lower = tuple(None if letter == "b" else Fraction(0) for letter in letters for _ in steps)
        upper = tuple(self.power[i] if letter in "cd" else None for letter in letters for _ in steps)
        rows: list[tuple[Any, Any]] = []
        if "c" in letters:
            level: dict[str, Fraction] = {}
            for t in steps:
                level = {**level, f"c {t}": self.efficiency, f"d {t}": Fraction(-1)}
                rows.append((level, self.capacity[i] - self.initial[i]))
                least = Fraction(0) if t == steps[-1] else -self.initial[i]
                rows.append(({name: -v for name, v in level.items()}, -least))
        return Polyhedron(names, lower, upper, read_rows(rows, names, f"the battery of {self.players[i]!r}"))

    def _objective(self, i: int, place: Mapping[tuple[int, str, int], int]) -> QuadraticForm:
        """Return a member's cost as a quadratic of all variables: products of affine forms, expanded."""
        count = len(self.players)
        form = QuadraticForm(())
        for t in range(len(self.demand[0])):
            bids = [{place[j, "b", t]: Fraction(1)} for j in range(count)]
            everybody: dict[int, Fraction] = {place[j, "b", t]: Fraction(1) for j in range(count)}
            price = {k: v / (count * self.sensitivity) for k, v in everybody.items()}
            bought = dict(bids[i])
            for k, v in price.items():
                bought[k] = bought.get(k, Fraction(0)) - self.sensitivity * v
            rest = {k: -v for k, v in bought.items()}
            signs = {"c": 1, "d": -1, "m": -1, "x": 1}
            rest |= {place[i, letter, t]: Fraction(sign) for letter, sign in signs.items() if (i, letter, t) in place}
            need = self.demand[i][t]
            # c (need + rest)^2 / 2 + d (need + rest) + price * bought
            form = form.plus(_product(rest, rest).scaled(self.curvature[i] / 2)).plus(_product(price, bought))
            slope = self.curvature[i] * need + self.slope[i]
            form = form.plus(
                QuadraticForm(
                    (),
                    tuple((k, slope * v) for k, v in rest.items()),
                    discomfort(need, self.curvature[i], self.slope[i]),
                )
            )
            costs = {"d": self.wear}
            if self.retail_price:
                costs |= {"m": self.retail_price[t], "x": -self.feed_in[t]}
            linear = tuple((place[i, letter, t], v) for letter, v in costs.items() if (i, letter, t) in place)
            form = form.plus(QuadraticForm((), linear))
        return form

    def outcome(self, profile: Sequence[Sequence[Number]]) -> dict[str, Any]:
        """Return what a profile of :meth:`to_game` means, exactly.

        Per step ``prices``; per member and step ``received``, ``adjusted``, ``imports``, ``exports`` and ``stored``,
        the battery's level after each step; per member ``costs``, as :func:`member_cost` has them.
        """
        steps, zero = range(len(self.demand[0])), Fraction(0)
        at: list[dict[tuple[str, int], Fraction]] = []
        for i, own in enumerate(profile):
            names = [(letter, t) for letter in self._letters(i) for t in steps]
            at.append(dict(zip(names, (exact(v) for v in own), strict=True)))
        prices = [exact(clearing_price([own["b", t] for own in at], self.sensitivity)) for t in steps]
        table: dict[str, list[tuple[Fraction, ...]]] = {
            name: [] for name in ("received", "adjusted", "imports", "exports", "stored")
        }
        costs = []
        for i, held in enumerate(at):
            bought = [exact(received(held["b", t], prices[t], self.sensitivity)) for t in steps]
            charged, taken, imports, exports = ([held.get((letter, t), zero) for t in steps] for letter in "cdmx")
            adjusted = [self.demand[i][t] + charged[t] - taken[t] - bought[t] - imports[t] + exports[t] for t in steps]
            level, levels = self.initial[i], []
            for t in steps:
                level += self.efficiency * charged[t] - taken[t]
                levels.append(level)
            for name, row in zip(table, (bought, adjusted, imports, exports, levels), strict=True):
                table[name].append(tuple(row))
            outside = self.retail_price or (zero,) * len(steps), self.feed_in or (zero,) * len(steps)
            costs.append(
                member_cost(
                    bought, prices, adjusted, imports, exports, taken,
                    self.curvature[i], self.slope[i], *outside, self.wear,
                )
            )  # fmt: skip
        return {"prices": tuple(prices), **{k: tuple(v) for k, v in table.items()}, "costs": tuple(costs)}


def _product(first: Mapping[int, Fraction], second: Mapping[int, Fraction]) -> QuadraticForm:
    """Return the product of two linear forms, as ``x' Q x / 2``."""
    entries = []
    for j, a in first.items():
        for k, b in second.items():
            # x_j x_k stands in x' Q x / 2 once with weight 1/2 on the diagonal, twice off it
            entries.append((j, k, 2 * a * b if j == k else a * b))
    return QuadraticForm(tuple(entries))
