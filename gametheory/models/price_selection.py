"""A.6 Sellers' prices and buyers' choice of a seller: two dynamics with one joint rest point.

Source: A. Paudel, K. Chaudhari, C. Long, H. B. Gooi, "Peer-to-peer energy trading in a prosumer-based community
microgrid: a game-theoretic model", IEEE Transactions on Industrial Electronics 66(8), 2019, 6087-6097; fidelity:
derived. Utility, rationing and the closed form are the package's own, in the structure of the paper.

Seller ``i`` offers ``E_i`` at the price ``p_i``; of ``N`` identical buyers the share ``rho_i`` uses it. Buyers drift to
sellers that leave them better off (replicator), sellers raise their price while more is asked than they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from gametheory.arithmetic import Number, exact, exact_series, minimum, positive_part
from gametheory.errors import InputError
from gametheory.models.replicator import average_payoff, growth
from gametheory.result import Status

__all__ = ["PriceSelection", "RestPoint", "buyer_payoff", "desired_purchase", "price_growth", "rationed", "rest_price"]


def desired_purchase(price: Number, satiation: Number, curvature: Number) -> Number:
    """Return ``x(p) = (Lambda - p)^+ / theta``: what a buyer wants (kWh) at utility ``Lambda x - theta x^2/2``."""
    return positive_part(satiation - price) / curvature


def rationed(energy: Number, buyers: Number, share: Number, desired: Number) -> Number:
    """Return ``min(E/(N rho), x)``: what a buyer gets (kWh) from a seller used by a positive `share`."""
    return minimum(energy / (buyers * share), desired)


def buyer_payoff(received: Number, price: Number, satiation: Number, curvature: Number) -> Number:
    """Return ``Lambda s - theta s^2/2 - p s``: what a buyer is left with (money)."""
    return satiation * received - curvature * received * received / 2 - price * received


def price_growth(share: Number, desired: Number, energy: Number, buyers: Number, speed: Number) -> Number:
    """Return ``eta (N rho x(p) - E)``: how fast a seller raises its price."""
    return speed * (buyers * share * desired - energy)


def rest_price(energy: Number, buyers: Number, satiation: Number, curvature: Number) -> Number:
    """Return ``p* = Lambda - theta (sum_k E_k)/N``, `energy` being the sum; it holds where it is not negative."""
    return satiation - curvature * energy / buyers


@dataclass(frozen=True, slots=True, kw_only=True)
class RestPoint:
    """Where prices and shares come to rest, or where the iteration was stopped.

    Attributes
    ----------
    prices, shares
        Of each seller.
    unique
        False where supply exceeds satiation: prices are 0 and energy is left over, so shares are not determined.
    residual, iterations, status
        Largest rate of change, steps taken, and how it ended.
    """

    prices: tuple[Number, ...]
    shares: tuple[Number, ...]
    unique: bool = True
    residual: float = 0.0
    iterations: int = 0
    status: Status = Status.SOLVED


@dataclass(frozen=True, slots=True)
class PriceSelection:
    """Sellers with prices, buyers who choose among them.

    Source: Paudel, Chaudhari, Long and Gooi 2019; fidelity: derived (utility, rationing and closed form are the
    package's own). Theorems: A-P8. A rest point of dynamics, not an equilibrium of a game with data: there is no
    ``to_game``.

    Parameters
    ----------
    energy
        ``E_i > 0`` of each seller (kWh).
    buyers
        ``N >= 1``.
    satiation, curvature
        ``Lambda > 0`` (money/kWh) and ``theta > 0`` (money/kWh^2) of a buyer's utility.
    buyer_speed, seller_speed
        ``delta > 0`` and ``eta > 0``.

    Examples
    --------
    >>> market = PriceSelection(energy=(1, 3), buyers=2, satiation=5, curvature=1)
    >>> market.rest_point.prices, market.rest_point.shares
    ((Fraction(3, 1), Fraction(3, 1)), (Fraction(1, 4), Fraction(3, 4)))
    """

    theorems: ClassVar[tuple[str, ...]] = ("A-P8",)
    fidelity: ClassVar[str] = "derived"

    energy: tuple[Fraction, ...]
    buyers: int
    satiation: Fraction
    curvature: Fraction
    buyer_speed: Fraction = Fraction(1)
    seller_speed: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "energy", exact_series(self.energy, what="energy"))
        for name in ("satiation", "curvature", "buyer_speed", "seller_speed"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        problems = []
        if not self.energy:
            problems.append("no seller: give at least one energy (kWh)")
        if self.buyers < 1:
            problems.append(f"{self.buyers} buyers: give at least 1")
        problems += [f"energy[{k}] is {e}; it must be > 0" for k, e in enumerate(self.energy) if e <= 0]
        problems += [
            f"{name} {getattr(self, name)} must be > 0"
            for name in ("satiation", "curvature", "buyer_speed", "seller_speed")
            if getattr(self, name) <= 0
        ]
        InputError.raise_all(problems)

    @property
    def rest_point(self) -> RestPoint:
        """The closed form; at excess supply all prices are 0 and the shares are one of many."""
        whole = sum(self.energy, Fraction(0))
        price = exact(rest_price(whole, self.buyers, self.satiation, self.curvature))
        shares = tuple(e / whole for e in self.energy)
        return RestPoint(prices=(max(price, Fraction(0)),) * len(shares), shares=shares, unique=price >= 0)

    def rates(self, prices: tuple[Number, ...], shares: tuple[Number, ...]) -> tuple[list[Number], list[Number]]:
        """Return how fast prices and shares change; all zero at a rest point. Shares must be positive."""
        desired = [desired_purchase(p, self.satiation, self.curvature) for p in prices]
        got = [rationed(e, self.buyers, r, x) for e, r, x in zip(self.energy, shares, desired, strict=True)]
        paid = [buyer_payoff(s, p, self.satiation, self.curvature) for s, p in zip(got, prices, strict=True)]
        average = average_payoff(shares, paid)
        moves = [growth(r, w, average, self.buyer_speed) for r, w in zip(shares, paid, strict=True)]
        rows = zip(shares, desired, self.energy, strict=True)
        return [price_growth(r, x, e, self.buyers, self.seller_speed) for r, x, e in rows], moves

    def run(
        self,
        prices: tuple[Number, ...],
        shares: tuple[Number, ...],
        *,
        step: float = 0.02,
        tolerance: float = 1e-9,
        iterations: int = 100_000,
    ) -> RestPoint:
        """Follow both dynamics from a start in the interior, in floats (prices stay >= 0, shares on the simplex)."""
        if len(prices) != len(self.energy) or len(shares) != len(self.energy):
            raise InputError(
                f"{len(prices)} prices, {len(shares)} shares for {len(self.energy)} sellers; give one each"
            )
        p, r = np.array([float(v) for v in prices]), np.array([float(v) for v in shares])
        if (r <= 0).any() or abs(r.sum() - 1) > 1e-9:
            raise InputError(f"shares {list(shares)}: start in the interior of the simplex, a share of 0 stays at 0")
        residual, count = np.inf, 0
        for count in range(iterations + 1):  # noqa: B007
            dp, dr = (np.array([float(v) for v in rates]) for rates in self.rates(tuple(p), tuple(r)))
            dp = np.where((p <= 0) & (dp < 0), 0.0, dp)
            residual = float(max(np.abs(dp).max(), np.abs(dr).max()))
            if residual <= tolerance:
                break
            p = np.maximum(p + step * dp, 0.0)
            r = r * np.exp(step * dr / r)
            r = r / r.sum()
        return RestPoint(
            prices=tuple(p.tolist()),
            shares=tuple(r.tolist()),
            unique=self.rest_point.unique,
            residual=residual,
            iterations=count,
            status=Status.SOLVED if residual <= tolerance else Status.NOT_CONVERGED,
        )
