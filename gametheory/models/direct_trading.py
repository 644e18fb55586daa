"""C.2 Direct electricity trading and the asymptotic Shapley value.

Source: W. Lee, L. Xiang, R. Schober, V. W. S. Wong, "Direct electricity trading in smart grid: a coalitional game
analysis", IEEE Journal on Selected Areas in Communications 32(7), 2014, 1398-1411 (as described in a review);
fidelity: paper (abstract) + derived. The closed forms are the package's own, in the structure of the paper.

A coalition of small suppliers and end users sells its net surplus at the wholesale price or buys its net deficiency at
retail. What it gains over staying alone is the bilateral market of Shapley and Shubik: spread times the energy matched
inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Any, ClassVar

import flint

from gametheory.arithmetic import (
    Number,
    erfc,
    exact,
    exact_series,
    exp,
    minimum,
    negative_part,
    positive_part,
    rational,
    sqrt,
)
from gametheory.errors import InputError

__all__ = ["DirectTrading", "asymptotic_share", "coalition_value", "glove_value", "trade_gain", "uniform_price"]


def coalition_value(position: Number, wholesale: Number, retail: Number) -> Number:
    """Return ``p_wp E^+ - p_rp (-E)^+`` (money) of a coalition with net position ``E`` (kWh, > 0 surplus)."""
    return wholesale * positive_part(position) - retail * negative_part(position)


def trade_gain(surplus: Number, deficiency: Number, wholesale: Number, retail: Number) -> Number:
    """Return ``(p_rp - p_wp) min(s, d)``: what trading inside gains (money) over everyone alone."""
    return (retail - wholesale) * minimum(surplus, deficiency)


def glove_value(short: int, long: int) -> tuple[Fraction, Fraction]:
    """Return the Shapley values of the unit market, one for each player of the short and of the long side.

    ``phi_short = 1/2 + (n-m)/(2m) sum_{k=1..m} m! n! / ((m-k)! (n+k)!)`` for ``m`` players on the short side, ``n`` on
    the long side and gain 1 for each matched pair; ``phi_long = (m - m phi_short)/n``.

    Raises
    ------
    InputError
        A negative number of players, or more on the short side than on the long side.

    Examples
    --------
    >>> glove_value(1, 2), glove_value(3, 3)
    ((Fraction(2, 3), Fraction(1, 6)), (Fraction(1, 2), Fraction(1, 2)))
    """
    if not 0 <= short <= long:
        raise InputError(
            f"{short} on the short side, {long} on the long side; swap the sides so that 0 <= short <= long"
        )
    if short == 0:
        return Fraction(0), Fraction(0)
    tail = sum(
        Fraction(factorial(short) * factorial(long), factorial(short - k) * factorial(long + k))
        for k in range(1, short + 1)
    )
    value = Fraction(1, 2) + Fraction(long - short, 2 * short) * tail
    return value, (short - short * value) / long


def asymptotic_share(kappa: Number, pi: Number) -> Number:
    """Return ``I(kappa) = 1/2 + kappa sqrt(pi/2) exp(kappa^2/2) erfc(|kappa|/sqrt(2)) / 2``.

    The share of the spread that goes to sellers in a large population, ``kappa = (D - S)/sqrt(sum e_i^2)``. It equals
    ``int_0^1 Phi(kappa sqrt(t/(1-t))) dt``. `pi` is the number in the arithmetic of `kappa`.
    """
    scaled = exp(kappa * kappa / 2) * erfc(sqrt(kappa * kappa / 2))
    return (1 + kappa * sqrt(pi / 2) * scaled) / 2


def uniform_price(share: Number, wholesale: Number, retail: Number) -> Number:
    """Return ``p_wp + (p_rp - p_wp) I``: the price (money/kWh) that gives sellers this share of the spread."""
    return wholesale + (retail - wholesale) * share


@dataclass(frozen=True, slots=True)
class DirectTrading:
    """Small suppliers and end users who trade directly; a coalitional game.

    Source: Lee, Xiang, Schober and Wong 2014; fidelity: paper (abstract) + derived (the closed forms are the package's
    own, in the structure of the paper). Theorems: C-P5, C-P6.

    Parameters
    ----------
    positions
        Net position of each participant (kWh): > 0 surplus, < 0 deficiency.
    wholesale, retail
        Prices (money/kWh), ``wholesale <= retail``.
    players
        Names; default ``"1"``, ``"2"``, ...

    Raises
    ------
    InputError
        ``wholesale > retail``, no participant, repeated names.

    Examples
    --------
    >>> market = DirectTrading(positions=(1, 1, -1), wholesale="0.1", retail="0.3")
    >>> market.value(("1", "3")), market.value(("1", "2", "3"))
    (Fraction(0, 1), Fraction(1, 10))
    """

    theorems: ClassVar[tuple[str, ...]] = ("C-P5", "C-P6")
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    positions: tuple[Fraction, ...]
    wholesale: Fraction
    retail: Fraction
    players: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "positions", exact_series(self.positions, what="positions"))
        for name in ("wholesale", "retail"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        names = tuple(self.players) or tuple(str(k + 1) for k in range(len(self.positions)))
        object.__setattr__(self, "players", names)
        problems = []
        if not self.positions:
            problems.append("no participant: give at least one position (kWh)")
        if len(names) != len(self.positions) or len(set(names)) != len(names):
            problems.append(f"{len(names)} names for {len(self.positions)} positions; give one distinct name each")
        if self.wholesale > self.retail:
            problems.append(f"wholesale {self.wholesale} is above retail {self.retail}; give wholesale <= retail")
        InputError.raise_all(problems)

    def value(self, coalition: tuple[str, ...]) -> Fraction:
        """Return ``v(T)`` (money) of the named participants."""
        members = set(coalition)
        unknown = members - set(self.players)
        if unknown:
            raise InputError(f"{sorted(unknown)[0]!r} is no participant; they are {', '.join(self.players)}")
        position = sum(
            (e for e, name in zip(self.positions, self.players, strict=True) if name in members), Fraction(0)
        )
        return exact(coalition_value(position, self.wholesale, self.retail))

    def to_game(self) -> Any:
        """Return the game as a table of all coalitions."""
        from gametheory.games.coalitional import CoalitionalGame

        return CoalitionalGame.from_function(self.value, self.players)

    @property
    def imbalance(self) -> Any:
        """``kappa = (D - S)/sqrt(sum e_i^2)`` as a ball; 0 if nobody has a position."""
        squares = sum((e * e for e in self.positions), Fraction(0))
        if squares == 0:
            return flint.arb(0)
        return flint.arb(rational(-sum(self.positions, Fraction(0)))) / flint.arb(rational(squares)).sqrt()

    @property
    def asymptotic_price(self) -> Any:
        """The large-population price ``p*`` (money/kWh) as a ball: an approximation of what Shapley pays per kWh."""
        share = asymptotic_share(self.imbalance, flint.arb.pi())
        return uniform_price(share, flint.arb(rational(self.wholesale)), flint.arb(rational(self.retail)))

    @property
    def efficiency_gap(self) -> Any:
        """``|p* E_N - v(N)|`` (money) as a ball: the uniform price is not exactly efficient off balance."""
        position = flint.arb(rational(sum(self.positions, Fraction(0))))
        return abs(self.asymptotic_price * position - flint.arb(rational(self.value(self.players))))
