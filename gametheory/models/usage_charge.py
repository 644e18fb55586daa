"""B.8 A price linear in the supply-demand gap, with a distribution usage charge.

Source: Y. S. Jin, J. Choi, D. Won, "Pricing and operation strategy for peer-to-peer energy trading using distribution
system usage charge and game theoretic model", IEEE Access 8, 2020, 137720-137730; fidelity: derived. Consumers' utility
and the closed form are the package's own, in the structure of the paper.

Prosumers publish ``p = l0 + beta (D - S)``; consumers pay ``y = p + tau_c`` and buy ``D = N (k/y - 1)^+``. The price is
consistent if the demand it induces is the demand it was made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import flint

from gametheory.arithmetic import Number, exact, log, positive_part, rational, sqrt
from gametheory.errors import Infeasible, InputError
from gametheory.games.expression import Expression
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.smooth import SmoothGame

__all__ = [
    "ConsistentPrice",
    "UsageCharge",
    "consumer_demand",
    "consumer_payoff",
    "gap_price",
    "paid_price",
    "price_equation",
    "price_payoff",
]


def consumer_payoff(bought: Number, paid: Number, worth: Number) -> Number:
    """Return ``k ln(1 + x) - y x``: what a consumer gains (money) from `bought` at the price it pays."""
    return worth * log(1 + bought) - paid * bought


def price_payoff(price: Number, wanted: Number, slope: Number, consumers: Number) -> Number:
    """Return ``-(p - p_gap)^2/(2 beta N)``: greatest at the allowed price nearest to what the gap asks for."""
    away = price - wanted
    return -away * away / (2 * slope * consumers)


def consumer_demand(paid: Number, consumers: Number, worth: Number) -> Number:
    """Return ``N (k/y - 1)^+``: what consumers with utility ``k ln(1 + x)`` buy at ``y`` (kWh)."""
    return consumers * positive_part(worth / paid - 1)


def gap_price(demand: Number, supply: Number, level: Number, slope: Number) -> Number:
    """Return ``l0 + beta (D - S)`` (money/kWh)."""
    return level + slope * (demand - supply)


def price_equation(
    paid: Number, level: Number, slope: Number, consumers: Number, supply: Number, worth: Number, charge: Number
) -> Number:
    """Return ``y^2 + (beta (N + S) - l0 - tau_c) y - beta N k``: 0 at the consistent price with positive demand."""
    return paid * paid + (slope * (consumers + supply) - level - charge) * paid - slope * consumers * worth


def paid_price(
    level: Number, slope: Number, consumers: Number, supply: Number, worth: Number, charge: Number
) -> Number:
    """Return the positive root of :func:`price_equation`."""
    half = (slope * (consumers + supply) - level - charge) / 2
    return sqrt(half * half + slope * consumers * worth) - half


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistentPrice:
    """The published price and the demand at it.

    Attributes
    ----------
    price, demand
        Rationals, or balls where a root is in them (money/kWh, kWh).
    clipped
        Whether the price was moved to an end of what both sides accept; the gap relation then no longer holds.
    """

    price: Any
    demand: Any
    clipped: bool


@dataclass(frozen=True, slots=True)
class UsageCharge:
    """Prosumers that publish a price, consumers that follow it, and a charge for using the network.

    Source: Jin, Choi and Won 2020; fidelity: derived (utility and closed form are the package's own). Theorems: B-P11.
    A consistent price is a Nash equilibrium of a game between the price and the consumers (:meth:`to_game`).

    Parameters
    ----------
    level, slope
        ``l0`` and ``beta > 0`` of the price ``l0 + beta (D - S)``.
    consumers, worth
        ``N >= 1`` and ``k > 0``.
    supply
        ``S >= 0`` (kWh).
    feed_in, retail_price
        Grid prices (money/kWh).
    charge, seller_charge
        ``tau_c`` that consumers pay on top and ``tau_s`` that sellers give up; `seller_charge` defaults to `charge`.

    Raises
    ------
    Infeasible
        The charges are larger than the spread: no price serves both sides.

    Examples
    --------
    >>> rule = UsageCharge(level=1, slope=1, consumers=1, worth="3/4", supply=1, feed_in=0, retail_price=2)
    >>> float(rule.price.price.mid()), float(rule.price.demand.mid())
    (0.5, 0.5)
    >>> import gametheory
    >>> answer = gametheory.nash_equilibrium(rule)
    >>> answer.profile, str(answer.certificate.strength)
    (((Fraction(1, 2),), (Fraction(1, 2),)), 'exact')
    """

    theorems: ClassVar[tuple[str, ...]] = ("B-P11",)
    fidelity: ClassVar[str] = "derived"

    level: Fraction
    slope: Fraction
    consumers: int
    worth: Fraction
    supply: Fraction
    feed_in: Fraction
    retail_price: Fraction
    charge: Fraction = Fraction(0)
    seller_charge: Fraction | None = None

    def __post_init__(self) -> None:
        if self.seller_charge is None:
            object.__setattr__(self, "seller_charge", self.charge)
        for name in ("level", "slope", "worth", "supply", "feed_in", "retail_price", "charge", "seller_charge"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        problems = [
            f"{name} {getattr(self, name)} must be > 0" for name in ("slope", "worth") if getattr(self, name) <= 0
        ]
        problems += [
            f"{name} {getattr(self, name)} is negative"
            for name in ("supply", "charge", "seller_charge")
            if getattr(self, name) < 0
        ]
        if self.consumers < 1:
            problems.append(f"{self.consumers} consumers: give at least 1")
        if self.retail_price <= 0:
            problems.append(f"retail_price {self.retail_price} must be > 0: it is the most that consumers pay")
        if self.feed_in > self.retail_price:
            problems.append(f"feed_in {self.feed_in} is above retail_price {self.retail_price}")
        InputError.raise_all(problems)
        low, high = self._range()
        if low > high:
            raise Infeasible(
                f"the charges {self.charge} and {self.seller_charge} exceed the grid's spread of "
                f"{self.retail_price - self.feed_in}: no price serves both sides; lower a charge"
            )

    def to_game(self) -> SmoothGame:
        """Return the game of a price, published in its range, and one of the `consumers`, which are all alike.

        The price is drawn to ``l0 + beta (N x - S)``, so its best reply is that number clipped; a consumer takes the
        price as given, and its best reply ``(k/y - 1)^+`` is unique: the equilibria are the consistent prices. From
        the set's upper end ``X`` on, the price would stand at its own upper end, where less than ``X`` is bought: the
        end cuts no equilibrium off and makes none.
        """
        low, high = self._range()
        price, bought = Expression.variable(0), Expression.variable(1)
        wanted = gap_price(self.consumers * bought, self.supply, self.level, self.slope)
        most = max(((high - self.level) / self.slope + self.supply) / self.consumers, self.worth / self.retail_price)
        return SmoothGame(
            ("price", "each consumer"),
            (Polyhedron(("price",), (low,), (high,)), Polyhedron(("bought",), (Fraction(0),), (most,))),
            (
                price_payoff(price, wanted, self.slope, self.consumers),
                consumer_payoff(bought, price + self.charge, self.worth),
            ),
        )

    def _range(self) -> tuple[Fraction, Fraction]:
        return self.feed_in + exact(self.seller_charge), self.retail_price - self.charge

    @property
    def price(self) -> ConsistentPrice:
        """The price consistent with its demand, clipped to ``[feed_in + tau_s, retail - tau_c]``."""
        low, high = self._range()
        level = exact(gap_price(Fraction(0), self.supply, self.level, self.slope))
        numbers = (self.level, self.slope, Fraction(self.consumers), self.supply, self.worth, self.charge)
        # The root lies below k if and only if the equation is positive there; else nothing is bought.
        if price_equation(self.worth, *numbers) <= 0:
            free: Any = level
            below, above = free < low, free > high
        else:
            free = paid_price(*(flint.arb(rational(v)) for v in numbers)) - flint.arb(rational(self.charge))
            ends = [price_equation(end + self.charge, *numbers) for end in (low, high)]
            # Where prices are positive the equation is negative below its root and positive above.
            below, above = low + self.charge > 0 and ends[0] > 0, ends[1] < 0
        if not below and not above:
            paid = free + (self.charge if free is level else flint.arb(rational(self.charge)))
            worth = self.worth if free is level else flint.arb(rational(self.worth))
            return ConsistentPrice(
                price=free, demand=_demand(paid, self.consumers, worth, free is level), clipped=False
            )
        end = low if below else high
        bought = exact(consumer_demand(end + self.charge, self.consumers, self.worth))
        return ConsistentPrice(price=end, demand=bought, clipped=True)


def _demand(paid: Any, consumers: int, worth: Any, nothing: bool) -> Any:
    return Fraction(0) if nothing else consumer_demand(paid, consumers, worth)
