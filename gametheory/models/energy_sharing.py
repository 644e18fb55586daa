"""A.1 Energy sharing with generalised demand bids.

Source: Y. Chen, S. Mei, F. Zhou, S. H. Low, W. Wei, F. Liu, "An energy sharing game with generalized demand bidding:
Model and properties", IEEE Transactions on Smart Grid 11(3), 2020, 2055-2066; fidelity: paper (abstract) + derived. The
quadratic disutility, the closed forms and the variant with a grid are the package's own, in the structure of the paper.

Each member must cover ``D`` by an own adjustment ``p`` and a purchase ``q`` from the others. It bids ``b``; at the
price ``lam`` it receives ``q = b - a lam``, and ``lam`` is where all purchases sum to zero. As every member knows that
its purchase moves the price, it shades its bid by ``kappa = 1/(a (I - 1))``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import Number, absolute, exact, maximum, total
from gametheory.domain.community import Community
from gametheory.errors import InputError
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.games.trading import TradingStep
from gametheory.models.economy import (
    DEFAULT_ELASTICITY,
    aggregate_sensitivity,
    discomfort,
    grid_bill,
    origin,
    trading_steps,
)

__all__ = [
    "EnergySharing",
    "best_reply_bid",
    "best_reply_received",
    "bid",
    "clearing_price",
    "efficiency_gap_bound",
    "efficiency_gap_bound_convex",
    "equilibrium_price",
    "equilibrium_received",
    "gain_over_alone",
    "lipschitz_constant",
    "price_impact",
    "received",
    "sharing_cost",
    "sharing_cost_with_grid",
    "total_disutility",
]


def price_impact(sensitivity: Number, players: Number) -> Number:
    """Return ``kappa = 1/(a (I - 1))``: by how much a purchase of one unit raises the price of its buyer."""
    return 1 / (sensitivity * (players - 1))


def clearing_price(bids: Sequence[Number], sensitivity: Number) -> Number:
    """Return ``lam = sum_i b_i / (I a)``, where purchases sum to zero."""
    return total(bids) / (len(bids) * sensitivity)


def received(own_bid: Number, price: Number, sensitivity: Number) -> Number:
    """Return ``q = b - a lam``: what a bid buys (> 0) or sells (< 0)."""
    return own_bid - sensitivity * price


def bid(quantity: Number, price: Number, sensitivity: Number) -> Number:
    """Return ``b = q + a lam``: the bid that receives `quantity` at `price`."""
    return quantity + sensitivity * price


def sharing_cost(quantity: Number, demand: Number, curvature: Number, slope: Number, price: Number) -> Number:
    """Return ``Gamma = f(D - q) + lam q`` with ``f(p) = c p^2/2 + d p``: what a member bears without a grid."""
    return discomfort(demand - quantity, curvature, slope) + price * quantity


def sharing_cost_with_grid(
    quantity: Number,
    adjustment: Number,
    demand: Number,
    curvature: Number,
    slope: Number,
    price: Number,
    retail_price: Number,
    feed_in: Number,
) -> Number:
    """Return ``f(p) + G(D - p - q) + lam q``: the rest is settled with the grid."""
    rest = demand - adjustment - quantity
    return discomfort(adjustment, curvature, slope) + grid_bill(rest, retail_price, feed_in) + price * quantity


def equilibrium_price(
    curvature: Sequence[Number], slope: Sequence[Number], demand: Sequence[Number], kappa: Number
) -> Number:
    """Return ``lam = [sum_i (c_i D_i + d_i)/(c_i + kappa)] / [sum_i 1/(c_i + kappa)]``, without bounds and grid.

    ``kappa = 0`` gives the multiplier of the social optimum.
    """
    weighted = total([(c * D + d) / (c + kappa) for c, d, D in zip(curvature, slope, demand, strict=True)])
    return weighted / total([1 / (c + kappa) for c in curvature])


def equilibrium_received(demand: Number, curvature: Number, slope: Number, price: Number, kappa: Number) -> Number:
    """Return ``q = (c D + d - lam)/(c + kappa)``: the purchase at which ``f'(D - q) = lam + kappa q``."""
    return (curvature * demand + slope - price) / (curvature + kappa)


def best_reply_received(demand: Number, curvature: Number, slope: Number, others: Number, kappa: Number) -> Number:
    """Return the best purchase ``q = (c D + d - kappa B)/(c + 2 kappa)`` when the others' bids sum to ``B``."""
    return (curvature * demand + slope - kappa * others) / (curvature + 2 * kappa)


def best_reply_bid(quantity: Number, others: Number, players: Number) -> Number:
    """Return ``b = (I q + B)/(I - 1)``: the bid that receives `quantity` when the others' bids sum to ``B``."""
    return (players * quantity + others) / (players - 1)


def lipschitz_constant(curvature: Sequence[Number], kappa: Number) -> Number:
    """Return ``max_i |c_i - (I - 2) kappa| / (c_i + 2 kappa)``: of the simultaneous best reply, in the maximum norm.

    Below 1, iterating it converges; that is so if and only if ``(I - 4) kappa < 2 min_i c_i``.
    """
    others = len(curvature) - 2
    return maximum(*[absolute(c - others * kappa) / (c + 2 * kappa) for c in curvature])


def total_disutility(
    received_by_all: Sequence[Number], demand: Sequence[Number], curvature: Sequence[Number], slope: Sequence[Number]
) -> Number:
    """Return ``F = sum_i f_i(D_i - q_i)``: what the members bear together (payments cancel)."""
    rows = zip(received_by_all, demand, curvature, slope, strict=True)
    return total([discomfort(D - q, c, d) for q, D, c, d in rows])


def gain_over_alone(quantity: Number, curvature: Number, kappa: Number) -> Number:
    """Return ``(c/2 + kappa) q^2``: what a member gains at equilibrium over ``f(D)``, without bounds and grid."""
    return (curvature / 2 + kappa) * quantity * quantity


def efficiency_gap_bound(optimal_received: Sequence[Number], kappa: Number) -> Number:
    """Return ``(kappa/8) sum_i q_i^2`` over the purchases of the optimum: no less than ``F(NE) - F(SO)``."""
    return kappa / 8 * total([q * q for q in optimal_received])


def efficiency_gap_bound_convex(
    optimal_received: Sequence[Number], equilibrium_received: Sequence[Number], kappa: Number
) -> Number:
    """Return ``(kappa/2) (sum q_SO^2 - sum q_NE^2)``: no less than ``F(NE) - F(SO)`` for any convex disutility.

    It holds with bounds and with a grid too (``F`` then counts what the grid is paid), and is at most
    ``(kappa/2) sum q_SO^2``.
    """
    return kappa * (total([q * q for q in optimal_received]) - total([q * q for q in equilibrium_received])) / 2


@dataclass(frozen=True, slots=True, init=False, repr=False)
class EnergySharing:
    """Members share energy by demand bids, with the grid behind them or islanded.

    Source: Chen, Mei, Zhou, Low, Wei and Liu 2020; fidelity: paper (abstract) + derived (quadratic disutility, closed
    forms and the variant with a grid are the package's own, in the structure of the paper). Theorems: A-P1, A-P2, A-P3,
    A-P4, A-P11, S-P3, S-P4.

    The equilibrium minimises ``F + (kappa/2) sum q^2`` over balanced purchases, with bounds and with a grid. Replicas
    of a community (each member ``k`` times, the same sensitivity) leave the purchases of a type equal and lower
    ``kappa``, so the disutility of a copy falls monotonically to that of the social optimum.

    Parameters
    ----------
    community
        Members, tariff and hours; preferences are calibrated as in :mod:`gametheory.models.economy`.
    sensitivity
        ``a > 0`` (kWh per unit of price, a step); left out, ``sum of mean loads / mean retail price``.
    elasticity
        One number, or one for each member by name.
    grid
        False leaves the grid out: all that is needed must be shared or adjusted.

    Raises
    ------
    InputError
        Fewer than two members, ``sensitivity <= 0``, a negative elasticity.
    Infeasible
        Islanded, and the adjustments allowed cannot cover a step.

    Examples
    --------
    >>> pair = EnergySharing.from_parameters(c=1, d=0, demand=(2, 0), sensitivity=1)
    >>> pair, pair.kappa
    (<EnergySharing: 2 members, 1 steps, islanded>, Fraction(1, 1))

    See Also
    --------
    gametheory.solvers.aggregative.solve_islanded : the closed form for arrays of a million members.
    """

    theorems: ClassVar[tuple[str, ...]] = ("A-P1", "A-P2", "A-P3", "A-P4", "A-P11", "S-P3", "S-P4")
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    game: DemandBiddingGame
    provenance: Mapping[str, Any] = field(compare=False)

    def __init__(
        self,
        community: Community,
        *,
        sensitivity: Number | None = None,
        elasticity: Number | Mapping[str, Number] = DEFAULT_ELASTICITY,
        grid: bool = True,
    ) -> None:
        assumed = sensitivity is None
        a = aggregate_sensitivity(community) if assumed else exact(sensitivity, what="sensitivity")
        steps = trading_steps(community, elasticity)
        if not grid:
            steps = tuple(TradingStep(step.traders) for step in steps)
        provenance = {
            **origin(community, elasticity),
            "sensitivity": f"{a} (assumed)" if assumed else str(a),
            "grid": grid,
        }
        self._set(community.names, steps, a, provenance)

    @classmethod
    def from_parameters(
        cls,
        *,
        c: Any,
        d: Any,
        demand: Any,
        sensitivity: Number,
        lower: Any = None,
        upper: Any = None,
        retail_price: Any = None,
        feed_in: Any = None,
        players: Iterable[str] | None = None,
    ) -> EnergySharing:
        """Build the game from the symbols of the paper.

        Parameters
        ----------
        c, d
            Disutility ``c p^2/2 + d p``, ``c > 0``. Each is one number, one a player, or players x steps.
        demand
            ``D``: what each player must cover (kWh a step; negative: a surplus).
        sensitivity
            ``a > 0`` (kWh per unit of price).
        lower, upper
            Bounds on the adjustment ``p`` (kWh); left out, there is none.
        retail_price, feed_in
            Grid prices (money/kWh), one number or one a step; left out, islanded.
        players
            Names; default ``"1"``, ``"2"``, ...

        Raises
        ------
        InputError
            Shapes that do not fit, ``c <= 0``, fewer than two players, ``sensitivity <= 0``, one grid price alone.
        """
        given = {"demand": demand, "c": c, "d": d, "lower": lower, "upper": upper}
        shapes = {name: _shape(value, name) for name, value in given.items() if value is not None}
        prices = {"retail_price": retail_price, "feed_in": feed_in}
        lengths = {name: _shape(value, name) for name, value in prices.items() if value is not None}
        size = next((shape[0] for shape in shapes.values() if shape), None)
        if size is None:
            raise InputError("c, d and demand are single numbers; give one of them for each player")
        counts = [shape[1] for shape in shapes.values() if len(shape) == 2]
        counts += [shape[0] for shape in lengths.values() if shape]
        length = counts[0] if counts else 1
        fits = {(), (size,), (size, length)}
        problems = [
            f"{name} has shape {shape}; give one number, {size} (one a player) or {size} x {length} (players x steps)"
            for name, shape in shapes.items()
            if shape not in fits
        ]
        problems += [
            f"{name} has shape {shape}; give one number or {length} (one a step)"
            for name, shape in lengths.items()
            if shape not in {(), (length,)}
        ]
        InputError.raise_all(problems)
        table = {name: _table(value, size, length) for name, value in given.items()}
        problems += [
            f"c is {table['c'][i][t]} for player {i}, step {t}: disutility must be strictly convex; give c > 0"
            for i in range(size)
            for t in range(length)
            if exact(table["c"][i][t], what=f"c[{i}][{t}]") <= 0
        ]
        InputError.raise_all(problems[:10])
        columns = ("demand", "c", "d", "lower", "upper")
        buy, sell = _table(retail_price, length, 1), _table(feed_in, length, 1)
        steps = tuple(
            TradingStep.from_numbers(
                *[[table[name][i][t] for i in range(size)] for name in columns],
                buy_price=buy[t][0],
                sell_price=sell[t][0],
            )
            for t in range(length)
        )
        names = tuple(str(k + 1) for k in range(size)) if players is None else tuple(players)
        model = cls.__new__(cls)
        model._set(names, steps, sensitivity, {})
        return model

    def _set(
        self, names: tuple[str, ...], steps: tuple[TradingStep, ...], a: Number, provenance: Mapping[str, Any]
    ) -> None:
        object.__setattr__(self, "game", DemandBiddingGame(names, steps, a))
        object.__setattr__(self, "provenance", provenance)

    def __repr__(self) -> str:
        grid = "islanded" if self.game.steps[0].islanded else "with the grid"
        return f"<EnergySharing: {len(self.players)} members, {len(self.game.steps)} steps, {grid}>"

    @property
    def players(self) -> tuple[str, ...]:
        """Names, in the order of every tuple."""
        return self.game.players

    @property
    def kappa(self) -> Fraction:
        """``1/(a (I - 1))`` (money per kWh, a kWh)."""
        return exact(price_impact(self.game.sensitivity, len(self.players)))

    @property
    def contraction(self) -> Fraction:
        """The largest :func:`lipschitz_constant` of all steps: below 1, simultaneous best reply converges.

        It speaks about the game without bounds and without a grid only.
        """
        return max(
            exact(lipschitz_constant([trader.curvature for trader in step.traders], self.kappa))
            for step in self.game.steps
        )

    def to_game(self) -> DemandBiddingGame:
        """Return the game as plain data."""
        return self.game


def _shape(value: Any, name: str) -> tuple[int, ...]:
    shape = np.asarray(value, dtype=object).shape
    if len(shape) > 2 or 0 in shape:
        raise InputError(f"{name} has shape {shape}; give one number, one a player, or players x steps")
    return shape


def _table(value: Any, rows: int, columns: int) -> Any:
    """Return `value` spread over rows and columns: a number everywhere, a sequence down the rows."""
    cells = np.asarray(value, dtype=object)
    return np.broadcast_to(cells[:, None] if cells.ndim == 1 else cells, (rows, columns))
