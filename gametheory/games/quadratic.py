"""Quadratic games: every player's cost or payoff is a quadratic of all strategies, every strategy set a polyhedron."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, exact, whole
from gametheory.errors import InputError
from gametheory.games.base import blocks_of
from gametheory.games.polyhedron import Coefficients, Polyhedron, read_rows, stacked

__all__ = ["QuadraticForm", "QuadraticGame"]

#: ``(row, column, value)`` with ``row <= column``: the entries of a symmetric matrix that are not zero.
Entry = tuple[int, int, Fraction]


@dataclass(frozen=True, slots=True)
class QuadraticForm:
    """``x' Q x / 2 + c' x + constant`` with a symmetric ``Q``, kept as the entries that are not zero.

    Attributes
    ----------
    quadratic
        ``(row, column, value)`` of the upper triangle of ``Q``; values of a repeated place add up.
    linear
        Pairs ``(index, value)``.
    constant
        A number.

    Examples
    --------
    >>> form = QuadraticForm.from_matrix([[2, 1], [1, 0]], [0, -1], 3)
    >>> form.value((1, 2)), form.gradient((1, 2), range(2))
    (Fraction(4, 1), (Fraction(4, 1), Fraction(0, 1)))
    """

    quadratic: tuple[Entry, ...]
    linear: Coefficients = ()
    constant: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        entries: dict[tuple[int, int], Fraction] = {}
        for first, second, value in self.quadratic:
            row, column = whole(first, what="index of Q"), whole(second, what="index of Q")
            if min(row, column) < 0:
                raise InputError(f"Q[{row}, {column}]: an index is negative; variables are numbered from 0")
            place = (min(row, column), max(row, column))
            entries[place] = entries.get(place, Fraction(0)) + exact(value, what=f"Q[{row}, {column}]")
        object.__setattr__(self, "quadratic", tuple((r, c, v) for (r, c), v in sorted(entries.items()) if v))
        slopes: dict[int, Fraction] = {}
        for index, value in self.linear:
            k = whole(index, what="index of c")
            if k < 0:
                raise InputError(f"c[{k}]: the index is negative; variables are numbered from 0")
            slopes[k] = slopes.get(k, Fraction(0)) + exact(value, what=f"c[{k}]")
        object.__setattr__(self, "linear", tuple((k, v) for k, v in sorted(slopes.items()) if v))
        object.__setattr__(self, "constant", exact(self.constant, what="constant"))

    @classmethod
    def from_matrix(cls, matrix: Any, linear: Sequence[Number], constant: Number = 0) -> QuadraticForm:
        """Return the form of a square matrix; only its symmetric part ``(Q + Q')/2`` counts."""
        table = [list(row) for row in np.asarray(matrix, dtype=object)]
        size = len(table)
        if any(len(row) != size for row in table) or len(linear) != size:
            raise InputError(
                f"Q is {size} x {[len(row) for row in table]}, c has {len(linear)} entries; give a square Q and a c "
                "of the same size, over the variables of all players"
            )
        cells = [[exact(v, what=f"Q[{r}, {c}]") for c, v in enumerate(row)] for r, row in enumerate(table)]
        entries = [(r, c, (cells[r][c] + cells[c][r]) / 2) for r in range(size) for c in range(r, size)]
        return cls(tuple(entries), tuple(enumerate(linear)), constant)

    @property
    def reach(self) -> int:
        """One more than the largest index that occurs."""
        return 1 + max([c for _, c, _ in self.quadratic] + [k for k, _ in self.linear], default=-1)

    def value(self, point: Sequence[Number]) -> Number:
        """Return the value at a joint strategy."""
        total: Number = self.constant
        for row, column, entry in self.quadratic:
            term = entry * point[row] * point[column]
            total = total + (term / 2 if row == column else term)
        return total + sum((v * point[k] for k, v in self.linear), Fraction(0))

    def gradient(self, point: Sequence[Number], indices: Iterable[int]) -> tuple[Number, ...]:
        """Return the partial derivatives with respect to the variables in `indices`."""
        slopes: dict[int, Number] = dict.fromkeys(indices, Fraction(0))
        for k, v in self.linear:
            if k in slopes:
                slopes[k] += v
        for row, column, entry in self.quadratic:
            if row in slopes:
                slopes[row] += entry * point[column]
            if row != column and column in slopes:
                slopes[column] += entry * point[row]
        return tuple(slopes.values())

    def block(self, rows: range, columns: range) -> list[Entry]:
        """Return the entries of ``Q`` in these rows and columns, both triangles, numbered from the blocks' starts."""
        found = []
        for row, column, entry in self.quadratic:
            if row in rows and column in columns:
                found.append((row - rows.start, column - columns.start, entry))
            if row != column and column in rows and row in columns:
                found.append((column - rows.start, row - columns.start, entry))
        return found

    def plus(self, other: QuadraticForm) -> QuadraticForm:
        """Return the sum of two forms."""
        return QuadraticForm(
            self.quadratic + other.quadratic, self.linear + other.linear, self.constant + other.constant
        )

    def scaled(self, factor: Number) -> QuadraticForm:
        """Return the form multiplied by a number."""
        by = exact(factor, what="factor")
        return QuadraticForm(
            tuple((r, c, by * v) for r, c, v in self.quadratic),
            tuple((k, by * v) for k, v in self.linear),
            by * self.constant,
        )


@dataclass(frozen=True, slots=True)
class QuadraticGame:
    """Player ``i`` picks ``x_i`` in its polyhedron; its objective is a quadratic of the joint strategy ``x``.

    A player's own part of the quadratic need not be convex. The joint strategy stacks the strategies in player order;
    a profile is a tuple (players) of tuples (own variables).

    Attributes
    ----------
    players
        Names.
    strategies
        The polyhedron of each player.
    objectives
        The quadratic form of each player, over the joint strategy.
    sense
        ``"cost"`` (minimised, the default) or ``"payoff"`` (maximised).

    Raises
    ------
    InputError
        Numbers of players, strategy sets and objectives that differ, repeated names, an index out of range.

    Examples
    --------
    Cournot's duopoly with price ``12 - q_1 - q_2`` and no cost:

    >>> duopoly = QuadraticGame.from_matrices(
    ...     [[[-2, -1], [-1, 0]], [[0, -1], [-1, -2]]], [[12, 0], [0, 12]], lower=[[0], [0]], sense="payoff"
    ... )
    >>> duopoly.values(((4,), (4,)))
    (Fraction(16, 1), Fraction(16, 1))
    """

    players: tuple[str, ...]
    strategies: tuple[Polyhedron, ...]
    objectives: tuple[QuadraticForm, ...]
    sense: str = "cost"

    def __post_init__(self) -> None:
        for name in ("players", "strategies", "objectives"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        problems = []
        if not self.players:
            problems.append("no player: give at least one")
        if len(set(self.players)) != len(self.players):
            problems.append(f"player names {self.players} repeat; give each player its own name")
        if not len(self.players) == len(self.strategies) == len(self.objectives):
            problems.append(
                f"{len(self.players)} players, {len(self.strategies)} strategy sets, {len(self.objectives)} "
                "objectives; give one a player"
            )
        if self.sense not in ("cost", "payoff"):
            problems.append(f"sense {self.sense!r} is neither 'cost' nor 'payoff'")
        size = self.size
        for name, objective in zip(self.players, self.objectives, strict=False):
            if objective.reach > size:
                problems.append(
                    f"{name!r}: the objective speaks of variable {objective.reach - 1}, the last is {size - 1}"
                )
        InputError.raise_all(problems)

    @classmethod
    def from_matrices(
        cls,
        quadratic: Sequence[Any],
        linear: Sequence[Sequence[Number]],
        *,
        lower: Sequence[Sequence[Number | None]] = (),
        upper: Sequence[Sequence[Number | None]] = (),
        sizes: Sequence[int] = (),
        inequalities: Mapping[int, Iterable[tuple[object, Number]]] | None = None,
        equalities: Mapping[int, Iterable[tuple[object, Number]]] | None = None,
        players: Sequence[str] = (),
        constants: Sequence[Number] = (),
        sense: str = "cost",
    ) -> QuadraticGame:
        """Return the game of dense matrices: one square ``Q_i`` and one ``c_i`` over the joint strategy a player.

        Parameters
        ----------
        quadratic, linear, constants
            ``Q_i``, ``c_i`` and the constant of each player.
        lower, upper
            A list of bounds for each player (None: no bound).
        sizes
            How many variables each player has; left out, the lengths of `lower`, or of `upper`, or 1.
        inequalities, equalities
            Player number -> rows ``(coefficients, bound)`` over its own variables.
        """
        count = len(quadratic)
        names = tuple(players) or tuple(f"player {i}" for i in range(count))
        own = tuple(sizes) or tuple(len(b) for b in (lower or upper)) or (1,) * count
        if not len(own) == count == len(names) == len(linear):
            raise InputError(
                f"{count} matrices, {len(linear)} linear parts, {len(names)} names, {len(own)} sets of variables; "
                "give one a player"
            )
        sets = []
        for i, (name, size) in enumerate(zip(names, own, strict=True)):
            labels = (name,) if size == 1 else tuple(f"{name}[{k}]" for k in range(size))
            sets.append(
                Polyhedron(
                    labels,
                    tuple(lower[i]) if lower else (),
                    tuple(upper[i]) if upper else (),
                    read_rows((inequalities or {}).get(i, ()), labels, f"inequalities of {name!r}"),
                    read_rows((equalities or {}).get(i, ()), labels, f"equalities of {name!r}"),
                )
            )
        rest = tuple(constants) or (0,) * count
        forms = tuple(QuadraticForm.from_matrix(q, c, k) for q, c, k in zip(quadratic, linear, rest, strict=True))
        return cls(names, tuple(sets), forms, sense)

    @property
    def size(self) -> int:
        """The number of variables of all players together."""
        return sum(strategy.size for strategy in self.strategies)

    @property
    def blocks(self) -> tuple[range, ...]:
        """For each player the places of its variables in the joint strategy."""
        return blocks_of(strategy.size for strategy in self.strategies)

    @property
    def costs(self) -> tuple[QuadraticForm, ...]:
        """What each player minimises: the objective, with its sign turned round where it is a payoff."""
        return self.objectives if self.sense == "cost" else tuple(form.scaled(-1) for form in self.objectives)

    def values(self, profile: Sequence[Sequence[Number]]) -> tuple[Number, ...]:
        """Return the cost or payoff of each player."""
        joint = [number for strategy in profile for number in strategy]
        return tuple(form.value(joint) for form in self.objectives)

    def total(self) -> QuadraticForm:
        """Return the sum of all objectives as one form."""
        entries = tuple(e for form in self.objectives for e in form.quadratic)
        slopes = tuple(e for form in self.objectives for e in form.linear)
        return QuadraticForm(entries, slopes, sum((form.constant for form in self.objectives), Fraction(0)))

    def joint_strategies(self) -> Polyhedron:
        """Return the product of the strategy sets as one polyhedron over the joint strategy."""
        return stacked(self.players, self.strategies)
