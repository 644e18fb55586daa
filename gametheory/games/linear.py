"""Linear-programming games: members bring variables and demands of their own to rows that all share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import exact_series
from gametheory.errors import Infeasible, InputError
from gametheory.games.base import places_of
from gametheory.games.polyhedron import Coefficients, Row, read_rows

__all__ = ["LinearGame", "LinearMember"]


@dataclass(frozen=True, slots=True)
class LinearMember:
    """What one player brings: variables with costs, bounds and rows of their own, and a demand on the common rows.

    Attributes
    ----------
    demand
        ``h_i``: what it adds to the right side of each common row.
    costs
        One a variable of its own.
    coupling
        For each common row the coefficients of its variables, pairs ``(k, a_k)``.
    rows
        Equalities of its own: ``(coefficients, right side)``.
    lower, upper
        Bounds of its variables; None where there is none. Left out, they are 0 and None.
    """

    demand: tuple[Fraction, ...]
    costs: tuple[Fraction, ...] = ()
    coupling: tuple[Coefficients, ...] = ()
    rows: tuple[Row, ...] = ()
    lower: tuple[Fraction | None, ...] = ()
    upper: tuple[Fraction | None, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "demand", exact_series(self.demand, what="demand"))
        object.__setattr__(self, "costs", exact_series(self.costs, what="costs"))
        size = len(self.costs)
        names = [str(k) for k in range(size)]
        coupling = tuple(self.coupling) or ((),) * len(self.demand)
        if len(coupling) != len(self.demand):
            raise InputError(f"{len(coupling)} coupling rows for {len(self.demand)} demands; give one a common row")
        read = read_rows(((row, 0) for row in coupling), names, "coupling")
        object.__setattr__(self, "coupling", tuple(coefficients for coefficients, _ in read))
        object.__setattr__(self, "rows", read_rows(self.rows, names, "rows"))
        for side, default in (("lower", Fraction(0)), ("upper", None)):
            given = tuple(getattr(self, side)) or (default,) * size
            if len(given) != size:
                raise InputError(f"{len(given)} {side} bounds for {size} variables; give one each, None for none")
            bounds = tuple(None if b is None else exact_series([b], what=side)[0] for b in given)
            object.__setattr__(self, side, bounds)
        for k, (low, high) in enumerate(zip(self.lower, self.upper, strict=True)):
            if low is not None and high is not None and low > high:
                raise Infeasible(f"variable {k}: lower bound {low} is above upper bound {high}; no value is allowed")


@dataclass(frozen=True, slots=True)
class LinearGame:
    """The cost game of a linear programme whose right side adds up over players.

    ``C(T) = min c g + sum_{i in T} c_i z_i`` subject to ``A g + sum_{i in T} B_i z_i = sum_{i in T} h_i`` (common
    rows), ``g >= 0``, and each member's own rows ``E_i z_i = f_i`` and bounds. For multipliers ``y`` with
    ``A' y <= c`` each member has a share ``y h_i + min (c_i - B_i' y) z_i``, and no coalition costs less than its
    shares add up to.

    Attributes
    ----------
    costs
        Of the common variables ``g``.
    common
        For each common row the coefficients of ``g``, pairs ``(k, a_k)``.
    members
        In player order.
    """

    sense: ClassVar[str] = "cost"
    players: tuple[str, ...]
    costs: tuple[Fraction, ...]
    common: tuple[Coefficients, ...]
    members: tuple[LinearMember, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "members", tuple(self.members))
        object.__setattr__(self, "costs", exact_series(self.costs, what="costs"))
        object.__setattr__(self, "common", _read_common(self.common, len(self.costs)))
        problems = []
        if not self.players or len(set(self.players)) != len(self.players):
            problems.append(f"players {self.players} are none or repeat; give each player its own name")
        if len(self.members) != len(self.players):
            problems.append(f"{len(self.members)} members for {len(self.players)} names; give one a player")
        problems.extend(
            f"player {name!r} has {len(member.demand)} demands for {len(self.common)} common rows; give one a row"
            for name, member in zip(self.players, self.members, strict=False)
            if len(member.demand) != len(self.common)
        )
        InputError.raise_all(problems)

    def subgame(self, coalition: Iterable[str]) -> LinearGame:
        """Return the game among the named players only, in player order."""
        places = places_of(self.players, coalition)
        names, members = tuple(self.players[i] for i in places), tuple(self.members[i] for i in places)
        return LinearGame(names, self.costs, self.common, members)


def _read_common(rows: Iterable[Any], size: int) -> tuple[Coefficients, ...]:
    read = read_rows(((row, 0) for row in rows), [str(k) for k in range(size)], "common")
    return tuple(coefficients for coefficients, _ in read)
