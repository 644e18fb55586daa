"""D.8 An iterative double auction: bids that tell marginal values, and an auctioneer who sees nothing else.

Source: J. W. Kang, R. Yu, X. M. Huang et al., "Enabling localized peer-to-peer electricity trading among plug-in hybrid
electric vehicles using consortium blockchains", IEEE Transactions on Industrial Informatics 13(6), 2017, 3154-3164; C.
Zhang, T. Yang, Y. Wang, "Peer-to-peer energy trading in a microgrid based on iterative double auction and blockchain",
Sustainable Energy, Grids and Networks 27, 2021, 100524; fidelity: paper (abstract) + derived. The fixed point and its
consequences are the package's own, in the structure of the papers.

Buyer ``i`` values what it gets at ``w_i ln(1 + eta y_i)``, seller ``j`` bears ``l1_j y_j^2 + l2_j y_j``. The auctioneer
maximises ``sum b_ij ln c_ij - s_ij c_ij`` (linear form) or ``- s_ij c_ij^2/2`` (quadratic form); then bids follow
marginal values. Capacities enter the conditions through multipliers; the iteration below is the one without capacities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import Number, exact, exact_series, log
from gametheory.errors import InputError
from gametheory.result import Status

__all__ = [
    "AuctionRun",
    "IterativeAuction",
    "auctioneer_slope",
    "buyer_bid",
    "cost",
    "marginal_cost",
    "marginal_utility",
    "seller_bid",
    "seller_payment",
    "utility",
]


def utility(energy: Number, worth: Number, efficiency: Number) -> Number:
    """Return ``w ln(1 + eta y)`` (money)."""
    return worth * log(1 + efficiency * energy)


def marginal_utility(energy: Number, worth: Number, efficiency: Number) -> Number:
    """Return ``w eta/(1 + eta y)`` (money/kWh)."""
    return worth * efficiency / (1 + efficiency * energy)


def cost(energy: Number, bend: Number, slope: Number) -> Number:
    """Return ``l1 y^2 + l2 y`` (money)."""
    return bend * energy * energy + slope * energy


def marginal_cost(energy: Number, bend: Number, slope: Number) -> Number:
    """Return ``2 l1 y + l2`` (money/kWh)."""
    return 2 * bend * energy + slope


def buyer_bid(traded: Number, marginal: Number) -> Number:
    """Return ``b = c U'``: a buyer's bid for a trade, which is also what it pays."""
    return traded * marginal


def seller_bid(traded: Number, marginal: Number, power: int) -> Number:
    """Return ``s = L'/c^(power - 1)``: `power` 1 in the linear form, 2 in the quadratic one."""
    return marginal / traded ** (power - 1)


def seller_payment(traded: Number, bid: Number, power: int) -> Number:
    """Return ``s c^power``: what a seller receives for a trade."""
    return bid * traded**power


def auctioneer_slope(traded: Number, buyer: Number, seller: Number, power: int, scarcity: Number) -> Number:
    """Return ``b/c - s c^(power - 1) - mu``: the auctioneer's condition, ``mu`` the multipliers of both capacities."""
    return buyer / traded - seller * traded ** (power - 1) - scarcity


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionRun:
    """Where the iteration ended.

    Attributes
    ----------
    trades
        What each seller sends each buyer (kWh): an array, a row a buyer.
    price_gap
        Largest difference between a buyer's marginal utility and a seller's marginal cost.
    iterations, status
        Rounds, and how it ended.
    """

    trades: Any
    price_gap: float
    iterations: int
    status: Status


@dataclass(frozen=True, slots=True)
class IterativeAuction:
    """Buyers and sellers who all may trade with each other.

    Source: Kang, Yu, Huang et al. 2017 and Zhang, Yang and Wang 2021; fidelity: paper (abstract) + derived (the fixed
    point is the package's own). Theorems: D-P5, D-P9. Traders take the auctioneer's answer as given: there is no
    ``to_game``.

    Parameters
    ----------
    worth
        ``w_i > 0`` of each buyer (money).
    bend, slope
        ``l1_j > 0`` and ``l2_j >= 0`` of each seller.
    efficiency
        ``eta > 0``.

    Examples
    --------
    >>> auction = IterativeAuction(worth=(4,), bend=("1/2",), slope=(0,))
    >>> run = auction.run()
    >>> run.status.value, round(float(run.trades.sum()), 6), round(auction.optimal_price, 6)
    ('solved', 1.561553, 1.561553)
    """

    theorems: ClassVar[tuple[str, ...]] = ("D-P5", "D-P9")
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    worth: tuple[Fraction, ...]
    bend: tuple[Fraction, ...]
    slope: tuple[Fraction, ...]
    efficiency: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        for name in ("worth", "bend", "slope"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        object.__setattr__(self, "efficiency", exact(self.efficiency, what="efficiency"))
        problems = []
        if not self.worth or not self.bend or len(self.bend) != len(self.slope):
            problems.append(
                f"{len(self.worth)} buyers, {len(self.bend)} and {len(self.slope)} of sellers; give at least one "
                "of each, and as many bends as slopes"
            )
        problems += [f"worth[{k}] is {w}; it must be > 0" for k, w in enumerate(self.worth) if w <= 0]
        problems += [f"bend[{k}] is {v}; it must be > 0" for k, v in enumerate(self.bend) if v <= 0]
        problems += [f"slope[{k}] is {v}, which is negative" for k, v in enumerate(self.slope) if v < 0]
        if self.efficiency <= 0:
            problems.append(f"efficiency {self.efficiency} must be > 0")
        InputError.raise_all(problems)

    def _floats(self) -> tuple[Any, Any, Any, float]:
        worth, bend, slope = (np.array([float(v) for v in row]) for row in (self.worth, self.bend, self.slope))
        return worth, bend, slope, float(self.efficiency)

    @property
    def optimal_price(self) -> float:
        """The price (money/kWh) at which demand ``(w/p - 1/eta)^+`` meets supply ``((p - l2)/(2 l1))^+``."""
        worth, bend, slope, eta = self._floats()
        low, high = 0.0, float((worth * eta).max())
        for _ in range(200):
            price = (low + high) / 2
            wanted = np.maximum(worth / price - 1 / eta, 0).sum()
            offered = np.maximum((price - slope) / (2 * bend), 0).sum()
            low, high = (price, high) if wanted > offered else (low, price)
        return (low + high) / 2

    def run(
        self, *, form: str = "linear", start: float = 1.0, damping: float = 0.5, tolerance: float = 1e-9,
        iterations: int = 20_000,
    ) -> AuctionRun:  # fmt: skip
        """Alternate between bids and the auctioneer's answer, in floats, from a strictly positive start.

        A trade of exactly 0 would stay 0; trades that are not worth it fall towards 0 and never reach it.
        """
        if form not in ("linear", "quadratic"):
            raise InputError(f"form={form!r}: give 'linear' or 'quadratic'")
        if start <= 0 or not 0 < damping <= 1:
            raise InputError(f"start {start}, damping {damping}: give a positive start and a damping in (0, 1]")
        power = 1 if form == "linear" else 2
        worth, bend, slope, eta = self._floats()
        trades = np.full((len(worth), len(bend)), float(start))
        gap, count = np.inf, 0
        for count in range(iterations + 1):  # noqa: B007
            gain = marginal_utility(trades.sum(axis=1), worth, eta)[:, None]
            pain = marginal_cost(trades.sum(axis=0), bend, slope)[None, :]
            gap = float(np.abs((gain - pain) * np.minimum(trades, 1.0)).max())
            if gap <= tolerance:
                break
            bids, asks = buyer_bid(trades, gain), seller_bid(trades, pain, power)
            answer = (bids / asks) ** (1 / power)
            trades = (1 - damping) * trades + damping * answer
        status = Status.SOLVED if gap <= tolerance else Status.NOT_CONVERGED
        return AuctionRun(trades=trades, price_gap=gap, iterations=count, status=status)

    def payments(self, trades: Sequence[Sequence[float]]) -> tuple[Any, Any]:
        """Return what each buyer pays and each seller receives (money, floats) at a fixed point of the linear form."""
        worth, bend, slope, eta = self._floats()
        matrix = np.asarray(trades, dtype=float)
        gain = marginal_utility(matrix.sum(axis=1), worth, eta)[:, None]
        pain = marginal_cost(matrix.sum(axis=0), bend, slope)[None, :]
        paid = buyer_bid(matrix, gain).sum(axis=1)
        return paid, seller_payment(matrix, seller_bid(matrix, pain, 1), 1).sum(axis=0)
