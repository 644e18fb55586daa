"""B.4 Several energy carriers sold by competing stations to users with quadratic utility.

Source: F. Wei, Z. X. Jing, P. Z. Wu et al., "A Stackelberg game approach for multiple energies trading in integrated
energy systems", Applied Energy 200, 2017, 315-329; fidelity: derived. Utility functions and closed forms are the
package's own, in the structure of the paper.

User ``n`` buys ``x_n`` to maximise ``v_n' x - x' A_n x/2 - pi' x``, so all users together buy ``X = beta - Gam pi``
with ``Gam = sum_n A_n^{-1}``. Stations choose what they supply; the price is ``pi = y - Gam^{-1} X`` with the choke
price ``y = Gam^{-1} beta``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import flint

from gametheory.arithmetic import Number, exact, exact_series, rational, total
from gametheory.errors import InputError
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticForm, QuadraticGame

__all__ = ["MultiEnergy", "equilibrium_price", "equilibrium_supply", "market_price", "station_profit"]


def market_price(
    supply: Sequence[Number], choke: Sequence[Number], inverse: Sequence[Sequence[Number]]
) -> list[Number]:
    """Return ``pi = y - Gam^{-1} X``: the prices at which users buy all that is supplied."""
    return [y - total([g * x for g, x in zip(row, supply, strict=True)]) for y, row in zip(choke, inverse, strict=True)]


def station_profit(
    own: Sequence[Number],
    others: Sequence[Number],
    choke: Sequence[Number],
    cost: Sequence[Number],
    inverse: Sequence[Sequence[Number]],
) -> Number:
    """Return ``(pi - c)' x_j`` (money) of a station that supplies `own` beside the `others`."""
    everything = [a + b for a, b in zip(own, others, strict=True)]
    prices = market_price(everything, choke, inverse)
    return total([(p - c) * x for p, c, x in zip(prices, cost, own, strict=True)])


def equilibrium_supply(excess: Number, stations: Number) -> Number:
    """Return ``(beta - Gam c)/(M + 1)``: what each of ``M`` stations supplies of a carrier, `excess` the numerator."""
    return excess / (stations + 1)


def equilibrium_price(choke: Number, cost: Number, stations: Number) -> Number:
    """Return ``c + (y - c)/(M + 1)``: the price of a carrier; one station halves the way to the choke price."""
    return cost + (choke - cost) / (stations + 1)


@dataclass(frozen=True, slots=True)
class MultiEnergy:
    """Stations that supply several carriers to users.

    Source: Wei, Jing, Wu et al. 2017; fidelity: derived (utility functions and closed forms are the package's own).
    Theorems: B-P7.

    Parameters
    ----------
    curvature
        ``A_n`` of each user: symmetric positive definite.
    value
        ``v_n`` of each user (money/kWh), one number a carrier.
    cost
        Unit cost of each carrier (money/kWh).
    stations
        ``M >= 1``.

    Raises
    ------
    InputError
        Shapes that differ, a matrix that is not symmetric positive definite, no station.

    Examples
    --------
    >>> market = MultiEnergy(curvature=[((2, 0), (0, 1))], value=[(10, 6)], cost=(2, 2), stations=3)
    >>> market.prices, market.supply
    ((Fraction(4, 1), Fraction(3, 1)), (Fraction(1, 1), Fraction(1, 1)))
    """

    theorems: ClassVar[tuple[str, ...]] = ("B-P7",)
    fidelity: ClassVar[str] = "derived"

    curvature: tuple[tuple[tuple[Fraction, ...], ...], ...]
    value: tuple[tuple[Fraction, ...], ...]
    cost: tuple[Fraction, ...]
    stations: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "cost", exact_series(self.cost, what="cost"))
        object.__setattr__(self, "value", tuple(exact_series(v, what=f"value[{n}]") for n, v in enumerate(self.value)))
        read = tuple(
            tuple(exact_series(row, what=f"curvature[{n}][{r}]") for r, row in enumerate(matrix))
            for n, matrix in enumerate(self.curvature)
        )
        object.__setattr__(self, "curvature", read)
        carriers = len(self.cost)
        problems = []
        if not carriers or not read:
            problems.append(f"{carriers} carriers, {len(read)} users: give at least one of each")
        if self.stations < 1:
            problems.append(f"{self.stations} stations: give at least 1")
        if len(self.value) != len(read):
            problems.append(f"{len(read)} curvatures, {len(self.value)} values; give one of each for a user")
        for n, matrix in enumerate(read):
            if len(matrix) != carriers or any(len(row) != carriers for row in matrix):
                problems.append(f"curvature[{n}] is not {carriers} x {carriers}")
            elif any(matrix[r][c] != matrix[c][r] for r in range(carriers) for c in range(r)):
                problems.append(f"curvature[{n}] is not symmetric")
            elif not _positive_definite(matrix):
                problems.append(f"curvature[{n}] is not positive definite: more would always be worth more")
        problems += [
            f"value[{n}] has {len(v)} carriers, cost has {carriers}"
            for n, v in enumerate(self.value)
            if len(v) != carriers
        ]
        InputError.raise_all(problems)

    def _response(self) -> tuple[Any, Any]:
        """Return ``Gam`` and ``beta`` as matrices of rationals."""
        gam, beta = flint.fmpq_mat(len(self.cost), len(self.cost)), flint.fmpq_mat(len(self.cost), 1)
        for matrix, value in zip(self.curvature, self.value, strict=True):
            inverse = _matrix(matrix).inv()
            gam, beta = gam + inverse, beta + inverse * flint.fmpq_mat([[rational(v)] for v in value])
        return gam, beta

    @property
    def choke(self) -> tuple[Fraction, ...]:
        """``y = Gam^{-1} beta`` (money/kWh): the prices at which nothing is bought."""
        gam, beta = self._response()
        return _column(gam.solve(beta))

    @property
    def supply(self) -> tuple[Fraction, ...]:
        """The closed form: what each station supplies of each carrier (kWh); see :attr:`bought_back`."""
        gam, beta = self._response()
        excess = _column(beta - gam * flint.fmpq_mat([[rational(c)] for c in self.cost]))
        return tuple(exact(equilibrium_supply(e, self.stations)) for e in excess)

    @property
    def prices(self) -> tuple[Fraction, ...]:
        """The closed form: the price of each carrier (money/kWh)."""
        return tuple(exact(equilibrium_price(y, c, self.stations)) for y, c in zip(self.choke, self.cost, strict=True))

    @property
    def bought_back(self) -> tuple[int, ...]:
        """Carriers whose closed form is negative; ``nash_equilibrium(model)`` answers with supply >= 0."""
        return tuple(k for k, x in enumerate(self.supply) if x < 0)

    def purchases(self, prices: Sequence[Number]) -> tuple[tuple[Fraction, ...], ...]:
        """Return what each user buys at these prices (kWh); a negative entry is a user that sells."""
        posted = exact_series(prices, what="prices")
        if len(posted) != len(self.cost):
            raise InputError(f"{len(posted)} prices for {len(self.cost)} carriers; give one each")
        return tuple(
            _column(
                _matrix(matrix).solve(flint.fmpq_mat([[rational(v - p)] for v, p in zip(value, posted, strict=True)]))
            )
            for matrix, value in zip(self.curvature, self.value, strict=True)
        )

    def selling_users(self, prices: Sequence[Number] | None = None) -> tuple[int, ...]:
        """Return the users that would sell some carrier back at these prices (left out: the closed form's).

        What all users buy together may be positive and one of them still negative.
        """
        rows = self.purchases(self.prices if prices is None else prices)
        return tuple(n for n, amounts in enumerate(rows) if any(x < 0 for x in amounts))

    def to_game(self) -> QuadraticGame:
        """Return the game in supplies >= 0: station ``j`` maximises ``(y - c)' x_j - x_j' Gam^{-1} sum_m x_m``."""
        gam, _ = self._response()
        inverse, size = gam.inv(), len(self.cost)
        margin = [y - c for y, c in zip(self.choke, self.cost, strict=True)]
        names = tuple(f"carrier {k}" for k in range(size))
        objectives = []
        for j in range(self.stations):
            entries = []
            for m in range(self.stations):
                for r in range(size):
                    for c in range(size):
                        if m == j and c < r:
                            continue  # the own block is symmetric: its upper triangle says all
                        value = -exact(inverse[r, c]) * (2 if m == j else 1)
                        entries.append((j * size + r, m * size + c, value))
            objectives.append(QuadraticForm(tuple(entries), tuple((j * size + k, v) for k, v in enumerate(margin))))
        own = Polyhedron(names, (Fraction(0),) * size)
        players = tuple(f"station {j + 1}" for j in range(self.stations))
        return QuadraticGame(players, (own,) * self.stations, tuple(objectives), "payoff")


def _matrix(rows: Sequence[Sequence[Fraction]]) -> Any:
    return flint.fmpq_mat([[rational(v) for v in row] for row in rows])


def _column(matrix: Any) -> tuple[Fraction, ...]:
    return tuple(exact(matrix[k, 0]) for k in range(matrix.nrows()))


def _positive_definite(rows: Sequence[Sequence[Fraction]]) -> bool:
    """Whether all leading minors are positive."""
    return all(_matrix([row[:k] for row in rows[:k]]).det() > 0 for k in range(1, len(rows) + 1))
