"""Tariffs: what the grid takes for a kWh (`retail`) and pays for one (`feed_in`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number
from gametheory.domain.checks import number
from gametheory.domain.horizon import Horizon
from gametheory.domain.series import Series
from gametheory.errors import InputError

__all__ = ["Price", "Tariff"]

_ADVICE = "give a price in money/kWh"


@dataclass(frozen=True, slots=True)
class Price:
    """A price in money per kWh: one number, a number for each window of the day, or a number for each step.

    Exactly one of `base` (with or without `windows`) and `series` is given. A window ``(start, stop, price)`` holds for
    the steps that begin in ``[start, stop)`` hours of the day; one that ends before it starts runs over midnight.
    """

    base: Fraction | None = None
    windows: tuple[tuple[Fraction, Fraction, Fraction], ...] = ()
    series: Series | None = None

    def on(self, horizon: Horizon) -> Series:
        """Return the price at each step of a horizon."""
        if self.series is not None:
            return self.series
        assert self.base is not None  # the constructors give one or the other
        if not self.windows:
            return Series.constant(self.base, horizon.steps)
        prices = []
        for hour in horizon.hours_of_day():
            price = self.base
            for start, stop, value in self.windows:
                if start <= hour < stop if start < stop else (hour >= start or hour < stop):
                    price = value
            prices.append(price)
        return Series(prices)

    @classmethod
    def of(cls, value: Any, *, what: str = "price") -> Price:
        """Return a price from a number, a series of numbers, or a price."""
        if isinstance(value, Price):
            return value
        if isinstance(value, Series):
            return cls(series=value)
        if hasattr(value, "__array__") and getattr(value, "ndim", 0) == 0:
            return cls(base=number(value, what=what, advice=_ADVICE))
        if isinstance(value, Iterable) and not isinstance(value, str | bytes):
            try:
                return cls(series=Series(value))
            except InputError as error:
                raise InputError(*(f"{what}: {problem}" for problem in error.problems)) from None
        return cls(base=number(value, what=what, advice=_ADVICE))

    @classmethod
    def by_hour(cls, base: Number, windows: Mapping[tuple[Number, Number], Number], *, what: str = "price") -> Price:
        """Return a price that is `base` except within windows of the day, which must not overlap."""
        problems: list[str] = []
        read = []
        for (start, stop), price in windows.items():
            try:
                window = (
                    number(start, what=f"{what} window"),
                    number(stop, what=f"{what} window"),
                    number(price, what=what, advice=_ADVICE),
                )
            except InputError as error:
                problems.extend(error.problems)
                continue
            if not (0 <= window[0] < 24 and 0 <= window[1] <= 24) or window[0] == window[1]:
                problems.append(
                    f"{what} window from {start} to {stop} is not within a day; give hours such as 16 and 21"
                )
                continue
            read.append(window)
        spans = [part for start, stop, _ in read for part in _within_a_day(start, stop)]
        for before, after in zip(sorted(spans), sorted(spans)[1:], strict=False):
            if after[0] < before[1]:
                problems.append(
                    f"{what} windows overlap between {after[0]} and {min(before[1], after[1])} h; give windows apart"
                )
        try:
            rest = number(base, what=f"{what} base", advice=_ADVICE)
        except InputError as error:
            problems.extend(error.problems)
            rest = Fraction(0)
        InputError.raise_all(problems)
        return cls(base=rest, windows=tuple(read))


def _within_a_day(start: Fraction, stop: Fraction) -> list[tuple[Fraction, Fraction]]:
    if start < stop:
        return [(start, stop)]
    return [(start, Fraction(24)), (Fraction(0), stop)] if stop else [(start, Fraction(24))]


@dataclass(frozen=True, slots=True)
class Tariff:
    """What the grid takes and pays; made by :meth:`flat`, :meth:`time_of_use` or :meth:`series`.

    Examples
    --------
    >>> tariff = Tariff.time_of_use("0.22", {(16, 21): "0.54"}, feed_in="0.08")
    >>> [float(p) for p in tariff.retail.on(Horizon(3, start_hour=15)).exact]
    [0.22, 0.54, 0.54]
    """

    retail: Price
    feed_in: Price

    @classmethod
    def flat(cls, retail: Number, *, feed_in: Any = 0) -> Tariff:
        """One retail price at all hours, money/kWh; the feed-in price is a number, a series or a :class:`Price`."""
        return _tariff(lambda: Price(base=number(retail, what="retail price", advice=_ADVICE)), feed_in)

    @classmethod
    def time_of_use(cls, base: Number, windows: Mapping[tuple[Number, Number], Number], *, feed_in: Any = 0) -> Tariff:
        """A retail price `base` except within windows of the day, given as ``{(16, 21): 0.54}`` in hours."""
        return _tariff(lambda: Price.by_hour(base, windows, what="retail price"), feed_in)

    @classmethod
    def series(cls, retail: Iterable[Number] | Any, *, feed_in: Any = 0) -> Tariff:
        """One retail price a step."""
        return _tariff(lambda: Price.of(retail, what="retail price"), feed_in)


def _tariff(retail: Any, feed_in: Any) -> Tariff:
    """Build both prices and report the problems of both."""
    problems: list[str] = []
    made = []
    for build in (retail, lambda: Price.of(feed_in, what="feed_in price")):
        try:
            made.append(build())
        except InputError as error:
            problems.extend(error.problems)
    InputError.raise_all(problems)
    return Tariff(*made)
