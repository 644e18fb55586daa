"""A number known to lie between two rationals: what stands for an irrational probability."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import exact
from gametheory.errors import InputError

__all__ = ["Enclosure"]


@dataclass(frozen=True, slots=True, order=True)
class Enclosure:
    """Some number of the interval ``[low, high]``.

    >>> third = Enclosure(Fraction(3, 10), Fraction(4, 10))
    >>> third.middle, Fraction(1, 3) in third
    (Fraction(7, 20), True)
    """

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", exact(self.low, what="low end"))
        object.__setattr__(self, "high", exact(self.high, what="high end"))
        if self.low > self.high:
            raise InputError(f"enclosure [{self.low}, {self.high}] is empty; give low <= high")

    @property
    def middle(self) -> Fraction:
        """The midpoint."""
        return (self.low + self.high) / 2

    @property
    def width(self) -> Fraction:
        """The length of the interval."""
        return self.high - self.low

    def __contains__(self, number: Fraction) -> bool:
        return self.low <= number <= self.high

    def __float__(self) -> float:
        return float(self.middle)

    def __str__(self) -> str:
        return f"{float(self):.12g}"
