"""F.5 A robust aggregator: the worst revenue when at most a few slots deviate.

Source: F. Wang, X. Ge, P. Yang et al., "Day-ahead optimal bidding and scheduling strategies for DER aggregator
considering responsive uncertainty under real-time pricing", Energy 213, 2020, 118765; fidelity: derived. The budget of
uncertainty is a standard method chosen to carry out the idea (D. Bertsimas, M. Sim, Operations Research 52 (2004)
35-53). The storage aggregator of F.5 is a programme of C.3 and its competing aggregators are the market of B.4; they
are not repeated here.

Revenue is ``sum_t lam_t P_t``; each ``P_t`` may fall short of its forecast by ``Delta_t``, at most ``Gamma`` of them at
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact, exact_series, positive_part, total
from gametheory.errors import InputError

__all__ = ["RobustAggregator", "dual_loss", "worst_loss"]


def worst_loss(falling: Sequence[Number], whole: int, part: Number) -> Number:
    """Return the sum of the first `whole` weights and of `part` of the next: the most that can be lost.

    `falling` are the weights ``lam_t Delta_t`` in falling order, ``Gamma = whole + part`` with ``0 <= part < 1``.
    """
    lost = falling[0] * 0 + total([*falling[:whole], falling[0] * 0])
    return lost + part * falling[whole] if whole < len(falling) else lost


def dual_loss(weights: Sequence[Number], budget: Number, price: Number) -> Number:
    """Return ``Gamma z + sum_t (w_t - z)^+``: a bound on the loss for every price ``z >= 0`` of a deviation."""
    return budget * price + total([positive_part(w - price) for w in weights])


@dataclass(frozen=True, slots=True)
class RobustAggregator:
    """An aggregator that prepares for the worst slots.

    Source: Wang, Ge, Yang et al. 2020; fidelity: derived (a standard method chosen to carry out the idea). Theorems:
    F-P7. Nature is no player with a payoff of its own: there is no ``to_game``.

    Parameters
    ----------
    price
        ``lam_t >= 0`` (money/kWh).
    forecast, deviation
        ``P_t`` and ``Delta_t >= 0`` (kWh).
    budget
        ``Gamma >= 0``: how many slots may deviate, fractions allowed; more than there are count as all.

    Examples
    --------
    >>> aggregator = RobustAggregator(price=(1, 2), forecast=(5, 5), deviation=(2, 2), budget="3/2")
    >>> aggregator.worst_revenue, aggregator.deviation_price
    (Fraction(10, 1), Fraction(2, 1))
    """

    theorems: ClassVar[tuple[str, ...]] = ("F-P7",)
    fidelity: ClassVar[str] = "derived"

    price: tuple[Fraction, ...]
    forecast: tuple[Fraction, ...]
    deviation: tuple[Fraction, ...]
    budget: Fraction

    def __post_init__(self) -> None:
        for name in ("price", "forecast", "deviation"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        object.__setattr__(self, "budget", exact(self.budget, what="budget"))
        problems = []
        if not self.price:
            problems.append("no slot: give at least one price")
        if not len(self.price) == len(self.forecast) == len(self.deviation):
            problems.append(
                f"{len(self.price)} prices, {len(self.forecast)} forecasts, {len(self.deviation)} deviations; "
                "give one of each for a slot"
            )
        for name in ("price", "deviation"):
            problems += [f"{name}[{t}] is {v}, which is negative" for t, v in enumerate(getattr(self, name)) if v < 0]
        if self.budget < 0:
            problems.append(f"budget {self.budget} is negative; 0 is the nominal case")
        InputError.raise_all(problems)

    @property
    def _weights(self) -> list[Fraction]:
        return sorted((p * d for p, d in zip(self.price, self.deviation, strict=True)), reverse=True)

    @property
    def _split(self) -> tuple[int, Fraction]:
        slots = min(self.budget, Fraction(len(self.price)))
        whole = slots.numerator // slots.denominator
        return whole, slots - whole

    @property
    def nominal_revenue(self) -> Fraction:
        """Revenue if nothing deviates (money)."""
        return sum((p * f for p, f in zip(self.price, self.forecast, strict=True)), Fraction(0))

    @property
    def worst_revenue(self) -> Fraction:
        """The least revenue over all deviations within the budget (money)."""
        return self.nominal_revenue - exact(worst_loss(self._weights, *self._split))

    @property
    def deviation_price(self) -> Fraction:
        """The price ``z`` of one more deviating slot at which the bound of :func:`dual_loss` is attained (money)."""
        whole, _ = self._split
        weights = self._weights
        return weights[whole] if whole < len(weights) else Fraction(0)
