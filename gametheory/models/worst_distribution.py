"""F.1 Distributionally robust trading: the worst expected loss over all distributions near the samples.

Source: J. Li, M. E. Khodayar, J. Wang, B. Zhou, "Data-driven distributionally robust co-optimization of P2P energy
trading and network operation for interconnected microgrids", IEEE Transactions on Smart Grid 12(6), 2021, 5172-5184;
fidelity: derived. The closed form is a standard one (P. Mohajerin Esfahani, D. Kuhn, Mathematical Programming 171
(2018) 115-166).

The loss is ``l(xi) = max_k (a_k xi + b_k)`` of one uncertain number; nature may move the samples' mass by ``eps`` on
average (type-1 Wasserstein distance), anywhere on the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, absolute, exact, exact_series, maximum, total
from gametheory.errors import InputError

__all__ = ["WorstDistribution", "piecewise_loss", "steepest", "worst_expectation"]


def piecewise_loss(value: Number, slopes: Sequence[Number], levels: Sequence[Number]) -> Number:
    """Return ``max_k (a_k xi + b_k)``."""
    return maximum(*[a * value + b for a, b in zip(slopes, levels, strict=True)])


def steepest(slopes: Sequence[Number]) -> Number:
    """Return ``max_k |a_k|``: by how much the loss can rise for each unit that a sample is moved."""
    return maximum(*[absolute(a) for a in slopes])


def worst_expectation(
    samples: Sequence[Number], slopes: Sequence[Number], levels: Sequence[Number], radius: Number
) -> Number:
    """Return ``(1/n) sum_i l(xi_i) + eps max_k |a_k|``."""
    mean = total([piecewise_loss(value, slopes, levels) for value in samples]) / len(samples)
    return mean + radius * steepest(slopes)


@dataclass(frozen=True, slots=True)
class WorstDistribution:
    """A loss of one uncertain number, samples of it, and a radius.

    Source: Li, Khodayar, Wang and Zhou 2021; fidelity: derived (a standard method chosen to carry out the idea).
    Theorems: F-P4. Nature is no player with a payoff of its own: there is no ``to_game``.

    Parameters
    ----------
    samples
        Of the uncertain number.
    slopes, levels
        ``a_k`` and ``b_k`` of each piece of the loss.
    radius
        ``eps >= 0``; 0 is the sample average.

    Examples
    --------
    >>> worst = WorstDistribution(samples=(1, 3), slopes=(1, -2), levels=(0, 1), radius="1/2")
    >>> worst.sample_mean, worst.value
    (Fraction(2, 1), Fraction(3, 1))
    """

    theorems: ClassVar[tuple[str, ...]] = ("F-P4",)
    fidelity: ClassVar[str] = "derived"

    samples: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]
    levels: tuple[Fraction, ...]
    radius: Fraction

    def __post_init__(self) -> None:
        for name in ("samples", "slopes", "levels"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        object.__setattr__(self, "radius", exact(self.radius, what="radius"))
        problems = []
        if not self.samples:
            problems.append("no sample: give at least one")
        if not self.slopes or len(self.slopes) != len(self.levels):
            problems.append(f"{len(self.slopes)} slopes, {len(self.levels)} levels; give one of each for a piece")
        if self.radius < 0:
            problems.append(f"radius {self.radius} is negative; 0 is the sample average")
        InputError.raise_all(problems)

    @property
    def sample_mean(self) -> Fraction:
        """The mean loss of the samples."""
        return exact(worst_expectation(self.samples, self.slopes, self.levels, 0))

    @property
    def value(self) -> Fraction:
        """The supremum of the expected loss over the ball; on a bounded support it is an upper bound only."""
        return exact(worst_expectation(self.samples, self.slopes, self.levels, self.radius))

    def approached_by(self, far: Number) -> Fraction:
        """Return the expected loss of a distribution in the ball: a small part of one sample is moved by `far`.

        It tends to :attr:`value` as `far` grows. The part is ``n eps / far`` of the sample's mass, at most all of it.
        """
        distance = exact(far, what="far")
        if distance <= 0 or distance < len(self.samples) * self.radius:
            raise InputError(f"far {distance} must be > 0 and at least n * radius = {len(self.samples) * self.radius}")
        k = max(range(len(self.slopes)), key=lambda j: abs(self.slopes[j]))
        moved = self.samples[0] + (distance if self.slopes[k] >= 0 else -distance)
        gain = exact(piecewise_loss(moved, self.slopes, self.levels)) - exact(
            piecewise_loss(self.samples[0], self.slopes, self.levels)
        )
        return self.sample_mean + self.radius / distance * gain
