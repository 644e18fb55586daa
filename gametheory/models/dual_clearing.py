"""D.3 Clearing by one price that follows the imbalance: the dual iteration, and when it converges.

Source: Wu Jiechen, Ai Xin, Hu Junjie et al., "Peer-to-peer modeling and optimal operation for prosumer energy
management in intelligent community", Power System Technology 44(1), 2020, 52-60, for the dual subgradient; fidelity:
derived. Quadratic costs and the convergence range are the package's own. Line limits are not part of this model.

Agent ``n`` with cost ``a_n p^2/2 + b_n p`` of its net supply ``p`` (> 0 sells) answers the price ``lam``; the price
moves against the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, clip, exact, exact_series, total
from gametheory.errors import Infeasible, InputError
from gametheory.result import Status

__all__ = ["DualClearing", "DualRun", "error_factor", "free_answer", "largest_step", "next_price"]


def free_answer(price: Number, slope: Number, base: Number) -> Number:
    """Return ``(lam - b)/a``: the net supply (kWh) at which marginal cost is the price."""
    return (price - base) / slope


def next_price(price: Number, supplies: Sequence[Number], step: Number) -> Number:
    """Return ``lam - eta sum_n p_n``: lower while more is sold than bought."""
    return price - step * total(supplies)


def error_factor(slopes: Sequence[Number], step: Number) -> Number:
    """Return ``1 - eta sum_n 1/a_n``: by what the distance to the clearing price is multiplied, away from bounds."""
    return 1 - step * total([1 / a for a in slopes])


def largest_step(slopes: Sequence[Number]) -> Number:
    """Return ``2/sum_n (1/a_n)``: the iteration converges from every start for steps strictly between 0 and this."""
    return 2 / total([1 / a for a in slopes])


@dataclass(frozen=True, slots=True, kw_only=True)
class DualRun:
    """Where the iteration was stopped: price, net supplies, imbalance, how many steps and how it ended."""

    price: float
    supplies: tuple[float, ...]
    imbalance: float
    iterations: int
    status: Status


@dataclass(frozen=True, slots=True)
class DualClearing:
    """Agents with quadratic costs that meet at one price.

    Source: Wu, Ai, Hu et al. 2020 for the method; fidelity: derived (costs and range are the package's own). Theorems:
    D-P4. Agents take the price as given, so this is a clearing rule: there is no ``to_game``.

    Parameters
    ----------
    slope, base
        ``a_n > 0`` and ``b_n`` of each agent.
    low, high
        Bounds on net supply (kWh): a consumer has ``high = 0``, a producer ``low = 0``.

    Examples
    --------
    >>> market = DualClearing(slope=(1, 1), base=(2, 8), low=(0, -9), high=(9, 0))
    >>> market.clearing_price, market.supplies(market.clearing_price), market.largest_step
    (Fraction(5, 1), (Fraction(3, 1), Fraction(-3, 1)), Fraction(1, 1))
    """

    theorems: ClassVar[tuple[str, ...]] = ("D-P4",)
    fidelity: ClassVar[str] = "derived"

    slope: tuple[Fraction, ...]
    base: tuple[Fraction, ...]
    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        for name in ("slope", "base", "low", "high"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        count = len(self.slope)
        problems = []
        if not count or not count == len(self.base) == len(self.low) == len(self.high):
            problems.append(
                f"{count} slopes, {len(self.base)} bases, {len(self.low)} and {len(self.high)} bounds; give one "
                "of each for an agent"
            )
        problems += [f"slope[{k}] is {a}; it must be > 0" for k, a in enumerate(self.slope) if a <= 0]
        problems += [
            f"bounds {low} and {high} of agent {k} are reversed"
            for k, (low, high) in enumerate(zip(self.low, self.high, strict=False))
            if low > high
        ]
        InputError.raise_all(problems)
        if sum(self.low) > 0 or sum(self.high) < 0:
            raise Infeasible(
                f"net supplies sum to between {sum(self.low)} and {sum(self.high)}, never to 0; widen a bound"
            )

    def supplies(self, price: Number) -> tuple[Fraction, ...]:
        """Return the net supply of each agent at a price (kWh)."""
        lam = exact(price, what="price")
        rows = zip(self.slope, self.base, self.low, self.high, strict=True)
        return tuple(exact(clip(free_answer(lam, a, b), low, high)) for a, b, low, high in rows)

    @property
    def clearing_price(self) -> Fraction:
        """The price at which net supplies sum to 0; the middle of the interval where several do."""
        kinks = sorted(
            {
                exact(a * bound + b)
                for a, b, low, high in zip(self.slope, self.base, self.low, self.high, strict=True)
                for bound in (low, high)
            }
        )
        sums = [sum(self.supplies(kink)) for kink in kinks]
        zero = [kink for kink, value in zip(kinks, sums, strict=True) if value == 0]
        if zero:
            return (zero[0] + zero[-1]) / 2
        k = next(k for k, value in enumerate(sums) if value > 0)  # the last sum is that of all upper bounds
        left, right = kinks[k - 1], kinks[k]
        return left - sums[k - 1] * (right - left) / (sums[k] - sums[k - 1])

    @property
    def largest_step(self) -> Fraction:
        """Steps strictly between 0 and this converge from every start."""
        return exact(largest_step(self.slope))

    def run(self, step: float, *, start: float = 0.0, tolerance: float = 1e-9, iterations: int = 10_000) -> DualRun:
        """Run the iteration in floats until the imbalance is at most `tolerance`."""
        if step <= 0:
            raise InputError(f"step {step} must be > 0")
        rows = [tuple(float(v) for v in row) for row in zip(self.slope, self.base, self.low, self.high, strict=True)]
        price, supplies, imbalance, count = float(start), [0.0], float("inf"), 0
        for count in range(iterations + 1):  # noqa: B007
            supplies = [clip(free_answer(price, a, b), low, high) for a, b, low, high in rows]
            imbalance = abs(total(supplies))
            if imbalance <= tolerance:
                break
            price = next_price(price, supplies, step)
        return DualRun(
            price=price,
            supplies=tuple(supplies),
            imbalance=imbalance,
            iterations=count,
            status=Status.SOLVED if imbalance <= tolerance else Status.NOT_CONVERGED,
        )
