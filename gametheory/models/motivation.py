"""A.5 Is a scheme motivating? Yes-or-no tests on the outcomes of a game that was played again and again.

Source: W. Amin, Q. Huang, K. Umer et al., "A motivational game-theoretic approach for peer-to-peer energy trading in
islanded and grid-connected microgrid", International Journal of Electrical Power & Energy Systems 123, 2020, 106307;
fidelity: derived. The predicates are the package's own reading of the paper's motivational models.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact, exact_series
from gametheory.domain.outcome import Settlement
from gametheory.errors import InputError

__all__ = ["Motivation", "benefit"]

Rows = tuple[tuple[Fraction, ...], ...]


def benefit(payoff: Number, alone: Number) -> Number:
    """Return ``u - u0``: what taking part is worth (money)."""
    return payoff - alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Motivation:
    """What prosumers got in each repetition, what they would have got alone, and what was published.

    Source: Amin, Huang, Umer et al. 2020; fidelity: derived (the predicates are the package's own reading). Not a game
    of its own: there is no ``to_game``.

    Parameters
    ----------
    payoffs, alone
        ``u_i(s)`` and ``u_i^0(s)``: a row for each repetition, a number for each prosumer (money).
    prices
        The price published for each repetition; None where none was.
    quantities
        For each repetition the kWh published for each prosumer, None where one was not; empty: nothing was.
    preferences, thresholds
        Each prosumer's declared score (say, the share of green energy) and what it asks for; empty: none asks.
    tolerance
        By how much a payoff may fall short of the payoff alone, and a benefit of the one before.
    level
        The share of prosumers in [0, 1] that must be motivated.
    members
        Names; default ``"1"``, ``"2"``, ...

    Raises
    ------
    InputError
        No repetition, no prosumer, payoffs alone missing, rows of different lengths, a level outside [0, 1].

    Examples
    --------
    >>> told = Motivation(
    ...     payoffs=[(3, 1), (4, 1)],
    ...     alone=[(1, 1), (1, 1)],
    ...     prices=["0.2", "0.3"],
    ...     quantities=[(1, -1), (2, -2)],
    ...     level="1/2",
    ... )
    >>> told.rational_economic, told.motivated, told.elaboration_likelihood
    (True, (True, False), True)
    """

    theorems: ClassVar[tuple[str, ...]] = ()
    fidelity: ClassVar[str] = "derived"

    payoffs: Rows
    alone: Rows
    prices: tuple[Fraction | None, ...] = ()
    quantities: tuple[tuple[Fraction | None, ...], ...] = ()
    preferences: tuple[Fraction, ...] = ()
    thresholds: tuple[Fraction, ...] = ()
    tolerance: Fraction = Fraction(0)
    level: Fraction = Fraction(1)
    members: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("payoffs", "alone"):
            rows = tuple(exact_series(row, what=f"{name}[{s}]") for s, row in enumerate(getattr(self, name)))
            object.__setattr__(self, name, rows)
        for name in ("preferences", "thresholds"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        for name in ("tolerance", "level"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        if not self.payoffs or not self.payoffs[0]:
            raise InputError("no repetition, or no prosumer in it; give payoffs, a row for each repetition")
        repetitions, count = len(self.payoffs), len(self.payoffs[0])
        names = tuple(self.members) or tuple(str(k + 1) for k in range(count))
        object.__setattr__(self, "members", names)
        object.__setattr__(self, "prices", _published(self.prices, "prices") or (None,) * repetitions)
        shown = tuple(_published(row, f"quantities[{s}]") for s, row in enumerate(self.quantities))
        object.__setattr__(self, "quantities", shown or ((None,) * count,) * repetitions)
        problems = []
        if not self.alone:
            problems.append("the payoffs alone are missing; give alone, a row for each repetition")
        for name in ("payoffs", "alone", "quantities"):
            rows = getattr(self, name)
            if rows and len(rows) != repetitions:
                problems.append(f"{name} has {len(rows)} rows for {repetitions} repetitions; give one each")
            problems += [
                f"{name}[{s}] has {len(row)} values for {count} prosumers; give one each"
                for s, row in enumerate(rows)
                if len(row) != count
            ]
        if len(self.prices) != repetitions:
            problems.append(f"{len(self.prices)} prices for {repetitions} repetitions; give one each, or None")
        if len(self.preferences) != len(self.thresholds) or len(self.thresholds) not in (0, count):
            problems.append(
                f"{len(self.preferences)} preferences and {len(self.thresholds)} thresholds for {count} prosumers; "
                "give one of both for each, or neither"
            )
        if len(names) != count or len(set(names)) != count:
            problems.append(f"{len(names)} names for {count} prosumers; give one distinct name each")
        if self.tolerance < 0:
            problems.append(f"tolerance {self.tolerance} is negative; give at least 0")
        if not 0 <= self.level <= 1:
            problems.append(f"level {self.level} is outside [0, 1]; give a share of the prosumers")
        InputError.raise_all(problems)

    @classmethod
    def of(
        cls,
        settlements: Iterable[Settlement],
        alone: Sequence[Sequence[Number]],
        **options: Any,
    ) -> Motivation:
        """Return the tests for settlements, one a repetition: payoffs are minus the bills, prices and energy are shown.

        A repetition of several steps has one bill; its price is that of its last step, its quantities are sums. The
        payoffs `alone` are a row for each repetition, in the members' order.
        """
        deals = list(settlements)
        if not deals:
            raise InputError("no repetition: give at least one settlement")
        names = deals[0].members
        InputError.raise_all(
            [f"settlement {s} is of other members than the first" for s, x in enumerate(deals) if x.members != names]
        )
        return cls(
            payoffs=tuple(tuple(-bill for bill in deal.bills) for deal in deals),
            alone=tuple(tuple(row) for row in alone),
            prices=tuple(deal.prices[-1] if deal.prices else None for deal in deals),
            quantities=tuple(tuple(sum(row, Fraction(0)) for row in deal.energy) for deal in deals),
            members=names,
            **options,
        )

    @property
    def benefits(self) -> Rows:
        """For each repetition what taking part is worth to each prosumer (money)."""
        return tuple(
            tuple(benefit(u, own) for u, own in zip(row, base, strict=True))
            for row, base in zip(self.payoffs, self.alone, strict=True)
        )

    @property
    def rational(self) -> tuple[bool, ...]:
        """For each prosumer: it never does worse than alone."""
        return tuple(all(gain >= -self.tolerance for gain in column) for column in zip(*self.benefits, strict=True))

    @property
    def informed(self) -> tuple[bool, ...]:
        """For each prosumer: the price and its own quantity of every repetition were published."""
        priced = all(price is not None for price in self.prices)
        return tuple(priced and None not in column for column in zip(*self.quantities, strict=True))

    @property
    def reinforced(self) -> tuple[bool, ...]:
        """For each prosumer: its benefit is positive in every repetition and never falls."""
        return tuple(
            all(gain > 0 for gain in column)
            and all(after >= before - self.tolerance for before, after in pairwise(column))
            for column in zip(*self.benefits, strict=True)
        )

    @property
    def content(self) -> tuple[bool, ...]:
        """For each prosumer: its declared score is at least its threshold (True where it declares none)."""
        if not self.thresholds:
            return (True,) * len(self.members)
        return tuple(score >= asked for score, asked in zip(self.preferences, self.thresholds, strict=True))

    @property
    def motivated(self) -> tuple[bool, ...]:
        """For each prosumer: all of the four hold."""
        tests = (self.rational, self.informed, self.reinforced, self.content)
        return tuple(all(answers) for answers in zip(*tests, strict=True))

    @property
    def rational_economic(self) -> bool:
        """Nobody ever does worse than alone."""
        return all(self.rational)

    @property
    def information(self) -> bool:
        """Prices and quantities of every repetition are part of the published record."""
        return all(self.informed)

    @property
    def positive_reinforcement(self) -> bool:
        """Every benefit is positive and never falls; of one repetition only the first is asked."""
        return all(self.reinforced)

    @property
    def attitude(self) -> bool:
        """Every declared score is at least its threshold."""
        return all(self.content)

    @property
    def share(self) -> Fraction:
        """The share of prosumers for whom all of it holds."""
        return Fraction(sum(self.motivated), len(self.members))

    @property
    def elaboration_likelihood(self) -> bool:
        """Whether that share is at least the level."""
        return self.share >= self.level


def _published(values: Iterable[Any], what: str) -> tuple[Fraction | None, ...]:
    return tuple(None if v is None else exact(v, what=f"{what}[{k}]") for k, v in enumerate(values))
