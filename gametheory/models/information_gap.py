"""F.2 Aggregators under information-gap uncertainty: how wrong a forecast may be.

Source: F. S. Gazijahani, J. Salehi, "Game theory based profit maximization model for microgrid aggregators with
presence of EDRP using information gap decision theory", IEEE Systems Journal 13(2), 2019, 1767-1775; fidelity: derived.
The linear profit is the package's own choice; the envelope is the standard one.

The power ``P`` may lie anywhere with ``|P - Pf| <= alpha Pf``; profit is ``lam P - C``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact
from gametheory.errors import Infeasible, InputError

__all__ = ["InformationGap", "best_profit", "opportuneness", "robustness", "worst_profit"]


def worst_profit(horizon: Number, price: Number, forecast: Number, cost: Number) -> Number:
    """Return ``lam (1 - alpha) Pf - C``: the least profit within an error of `horizon`."""
    return price * (1 - horizon) * forecast - cost


def best_profit(horizon: Number, price: Number, forecast: Number, cost: Number) -> Number:
    """Return ``lam (1 + alpha) Pf - C``: the greatest profit within an error of `horizon`."""
    return price * (1 + horizon) * forecast - cost


def robustness(required: Number, price: Number, forecast: Number, cost: Number) -> Number:
    """Return ``(lam Pf - C - r_c)/(lam Pf)``: the largest error at which the profit is still `required`."""
    return (price * forecast - cost - required) / (price * forecast)


def opportuneness(hoped: Number, price: Number, forecast: Number, cost: Number) -> Number:
    """Return ``(r_w + C - lam Pf)/(lam Pf)``: the smallest error at which the profit can be what is `hoped`."""
    return (hoped + cost - price * forecast) / (price * forecast)


@dataclass(frozen=True, slots=True)
class InformationGap:
    """A forecast of power sold at a price, and what its error may do.

    Source: Gazijahani and Salehi 2019; fidelity: derived (the linear profit is the package's own). Theorems: F-P1. One
    decision maker against uncertainty: there is no ``to_game``.

    Parameters
    ----------
    price
        ``lam > 0`` (money/kWh).
    forecast
        ``Pf > 0`` (kWh).
    cost
        ``C`` (money).

    Examples
    --------
    >>> plan = InformationGap(price=2, forecast=10, cost=4)
    >>> plan.nominal_profit, plan.robustness(6), plan.opportuneness(20)
    (Fraction(16, 1), Fraction(1, 2), Fraction(1, 5))
    """

    theorems: ClassVar[tuple[str, ...]] = ("F-P1",)
    fidelity: ClassVar[str] = "derived"

    price: Fraction
    forecast: Fraction
    cost: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        for name in ("price", "forecast", "cost"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        problems = [f"{n} {getattr(self, n)} must be > 0" for n in ("price", "forecast") if getattr(self, n) <= 0]
        InputError.raise_all(problems)

    @property
    def nominal_profit(self) -> Fraction:
        """Profit if the forecast is right (money)."""
        return exact(worst_profit(0, self.price, self.forecast, self.cost))

    def robustness(self, required: Number) -> Fraction:
        """Return the largest error, at most 1, at which the profit is at least `required`.

        Raises
        ------
        Infeasible
            Even the right forecast earns less.
        """
        wanted = exact(required, what="required")
        if wanted > self.nominal_profit:
            raise Infeasible(
                f"profit {wanted} is above the nominal {self.nominal_profit}: no error allows it; ask for less"
            )
        return min(exact(robustness(wanted, self.price, self.forecast, self.cost)), Fraction(1))

    def is_capped(self, required: Number) -> bool:
        """Return whether :meth:`robustness` was cut at 1: any error at all leaves the profit that is required."""
        return exact(robustness(exact(required), self.price, self.forecast, self.cost)) > 1

    def opportuneness(self, hoped: Number) -> Fraction:
        """Return the smallest error at which the profit can be `hoped`; 0 if the right forecast earns that."""
        wanted = exact(hoped, what="hoped")
        return max(exact(opportuneness(wanted, self.price, self.forecast, self.cost)), Fraction(0))
