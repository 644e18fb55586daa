"""G.4 The replicator: a population's shares grow with what their strategy earns above the average.

Source: dynamics of A.6 (A. Paudel, K. Chaudhari, C. Long, H. B. Gooi, 2019) and of potential games (L. Deori, K.
Margellos, M. Prandini, 2018); fidelity: derived. The form that keeps the simplex is the package's own choice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import Number, exact, exact_series, total
from gametheory.errors import InputError

__all__ = ["Replicator", "average_payoff", "growth"]


def average_payoff(shares: Sequence[Number], payoffs: Sequence[Number]) -> Number:
    """Return ``sum_k rho_k pi_k``."""
    return total([share * payoff for share, payoff in zip(shares, payoffs, strict=True)])


def growth(share: Number, payoff: Number, average: Number, speed: Number) -> Number:
    """Return ``d rho_i/dt = delta rho_i (pi_i - average)``."""
    return speed * share * (payoff - average)


@dataclass(frozen=True, slots=True)
class Replicator:
    """One population that moves towards what pays.

    Source: dynamics of Paudel et al. 2019 and of potential games; fidelity: derived (the discrete step is the package's
    own). Theorems: G-P1. Payoffs are a function of the shares, so there is no data form and no ``to_game``.

    Parameters
    ----------
    payoffs
        A function from the shares (an array) to the payoff of each strategy.
    speed
        ``delta > 0``.

    Examples
    --------
    >>> dynamics = Replicator(lambda shares: np.array([1.0, 3.0]) - shares, speed=1)
    >>> [float(round(share, 3)) for share in dynamics.run((0.5, 0.5), step=0.1, steps=2000)[-1]]
    [0.0, 1.0]
    """

    theorems: ClassVar[tuple[str, ...]] = ("G-P1",)
    fidelity: ClassVar[str] = "derived"

    payoffs: Callable[[Any], Any]
    speed: Number = 1

    def __post_init__(self) -> None:
        if exact(self.speed, what="speed") <= 0:
            raise InputError(f"speed {self.speed} must be > 0")

    def rates(self, shares: Sequence[Number]) -> list[Number]:
        """Return ``d rho/dt`` at these shares."""
        paid = list(self.payoffs(np.array(shares)))
        average = average_payoff(shares, paid)
        return [growth(share, payoff, average, self.speed) for share, payoff in zip(shares, paid, strict=True)]

    def run(self, start: Sequence[Number], *, step: float, steps: int) -> Any:
        """Return the shares after each step (an array, the start first).

        Each step multiplies a share by ``exp(step delta pi_i)`` and divides by the sum: the flow's own solution where
        payoffs are constant, and it never leaves the simplex. A share that starts at 0 stays at 0.
        """
        given = exact_series(start, what="start")
        if any(share < 0 for share in given) or abs(float(sum(given)) - 1) > 1e-9:
            raise InputError(f"start {list(start)} is not on the simplex: give shares >= 0 that sum to 1")
        if step <= 0 or steps < 0:
            raise InputError(f"step {step}, steps {steps}: give a positive step and at least 0 steps")
        shares = np.array([float(share) for share in given])
        path = [shares / shares.sum()]
        for _ in range(steps):
            gains = step * float(self.speed) * np.asarray(self.payoffs(path[-1]), dtype=float)
            grown = path[-1] * np.exp(gains - gains.max())
            path.append(grown / grown.sum())
        return np.array(path)
