"""Large quadratic games in arrays: marginal costs affine in all strategies, boxes, and linear rows that all share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.generalised import GeneralisedGame
from gametheory.games.quadratic import QuadraticGame

__all__ = ["AffineGame"]

_LARGEST = 1e100


@dataclass(frozen=True, slots=True, eq=False)
class AffineGame:
    """Player ``i`` minimises ``x_i' M_ii x_i / 2 + x_i' (sum_{j != i} M_ij x_j + q_i)`` over its part of shared rows.

    The marginal costs of all players stack to ``M x + q``. The joint strategy keeps to ``lower <= x <= upper`` and
    ``A x <= b``; a row that speaks of one player only is its own. What others' variables add to a player's cost by
    themselves moves no decision and is left out. The profile is a mapping with the entry ``joint``: the joint strategy,
    in player order. Numbers are float64, the dyadic rationals that they are.

    Attributes
    ----------
    sizes
        How many variables each player has.
    matrix, vector
        ``M`` (its own blocks symmetric) and ``q``.
    lower, upper
        Bounds of each variable; infinite where there is none.
    rows, bounds
        ``A`` and ``b``; left out, there are none.
    names
        Names of the players.

    Raises
    ------
    InputError
        Shapes that do not fit, an own block that is not symmetric, crossed bounds, numbers that are not finite.

    Examples
    --------
    Cournot's duopoly with price ``12 - q_1 - q_2``:

    >>> duopoly = AffineGame(sizes=(1, 1), matrix=[[2, 1], [1, 2]], vector=[-12, -12], lower=[0, 0], upper=[9, 9])
    >>> duopoly.slopes(np.array([4.0, 4.0]))
    array([0., 0.])
    """

    sense: ClassVar[str] = "cost"

    sizes: tuple[int, ...]
    matrix: FloatArray
    vector: FloatArray
    lower: FloatArray
    upper: FloatArray
    rows: FloatArray | None = None
    bounds: FloatArray | None = None
    names: tuple[str, ...] = ()
    _key: list[Any] = field(init=False, repr=False, default_factory=list)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", tuple(int(k) for k in self.sizes))
        object.__setattr__(self, "names", tuple(self.names))
        n = sum(self.sizes)
        if (self.rows is None) != (self.bounds is None):
            raise InputError("give rows and bounds together, or neither")
        if self.rows is None:
            object.__setattr__(self, "rows", np.zeros((0, n)))
            object.__setattr__(self, "bounds", np.zeros(0))
        for name in ("matrix", "vector", "lower", "upper", "rows", "bounds"):
            object.__setattr__(self, name, _read(getattr(self, name), name))
        m = len(self.bounds) if self.bounds is not None else 0
        wanted = {"matrix": (n, n), "vector": (n,), "lower": (n,), "upper": (n,), "rows": (m, n), "bounds": (m,)}
        problems = [
            f"{name} has shape {getattr(self, name).shape}; give {shape} for {n} variables"
            for name, shape in wanted.items()
            if getattr(self, name).shape != shape
        ]
        if not self.sizes or min(self.sizes) < 1:
            problems.append(f"sizes {self.sizes}: give at least one player, each with at least one variable")
        if self.names and (len(self.names) != len(self.sizes) or len(set(self.names)) != len(self.names)):
            problems.append(f"{len(set(self.names))} different names for {len(self.sizes)} players; give one a player")
        InputError.raise_all(problems)
        crossed = np.flatnonzero(self.lower > self.upper)
        problems += [f"variable {k}: lower {self.lower[k]} is above upper {self.upper[k]}" for k in crossed[:5]]
        for name, block in zip(self.players, self.blocks, strict=True):
            own = self.matrix[block, block]
            if not np.array_equal(own, own.T):
                problems.append(f"{name!r}: its own block of the matrix is not symmetric, so it is no cost's slope")
        InputError.raise_all(problems[:5])

    @classmethod
    def from_game(cls, game: QuadraticGame | GeneralisedGame) -> AffineGame:
        """Return a game of data in arrays; numbers are rounded to floats.

        Raises
        ------
        UnsupportedGame
            There are equalities: a set without an inside has no strictly feasible float point.
        """
        inner = game.game if isinstance(game, GeneralisedGame) else game
        joint = game.joint_strategies()
        if joint.equalities:
            raise UnsupportedGame("equalities leave no inside for float points; use the exact game, or take them out")
        n = inner.size
        matrix, vector = np.zeros((n, n)), np.zeros(n)
        for cost, block in zip(inner.costs, inner.blocks, strict=True):
            for r, c, v in cost.block(block, range(n)):
                matrix[block.start + r, c] += float(v)
            for k, v in cost.linear:
                if k in block:
                    vector[k] += float(v)
        rows, bounds = np.zeros((len(joint.inequalities), n)), np.zeros(len(joint.inequalities))
        for j, (coefficients, bound) in enumerate(joint.inequalities):
            bounds[j] = float(bound)
            for k, a in coefficients:
                rows[j, k] = float(a)
        return cls(
            sizes=tuple(len(block) for block in inner.blocks),
            matrix=matrix,
            vector=vector,
            lower=np.array([-np.inf if b is None else float(b) for b in joint.lower]),
            upper=np.array([np.inf if b is None else float(b) for b in joint.upper]),
            rows=rows,
            bounds=bounds,
            names=inner.players,
        )

    @property
    def players(self) -> tuple[str, ...]:
        """Names."""
        return self.names or tuple(f"player {k + 1}" for k in range(len(self.sizes)))

    @property
    def blocks(self) -> tuple[slice, ...]:
        """The places of each player's variables in the joint strategy."""
        return tuple(slice(a, b) for a, b in pairwise(accumulate(self.sizes, initial=0)))

    def slopes(self, joint: FloatArray) -> FloatArray:
        """Return ``M x + q``."""
        found: FloatArray = self.matrix @ joint + self.vector
        return found

    def weighted(self, weights: Any) -> AffineGame:
        """Return the game in which each player's cost is multiplied by its weight: replies stay, multipliers do not."""
        try:
            each = np.array([float(r) for r in weights])
        except (TypeError, ValueError):
            each = np.zeros(0)
        if each.shape != (len(self.sizes),) or not bool(((each > 0) & (each < _LARGEST)).all()):
            raise InputError(f"weights {weights!r:.60}: give one positive number for each of {len(self.sizes)} players")
        spread = np.repeat(each, self.sizes)
        return replace(self, matrix=spread[:, None] * self.matrix, vector=spread * self.vector)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AffineGame) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[Any, ...]:
        if not self._key:
            held = (self.matrix, self.vector, self.lower, self.upper, self.rows, self.bounds)
            self._key.append((self.sizes, self.names, *(b"" if a is None else a.tobytes() for a in held)))
        return self._key[0]  # type: ignore[no-any-return]  # the tuple put there


def _read(values: Any, name: str) -> Any:
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name}: give an array of numbers") from None
    sizes = np.abs(array)
    fine = sizes < _LARGEST
    if name in ("lower", "upper"):
        fine |= np.isinf(array) & ((array < 0) == (name == "lower"))
    if not fine.all():
        raise InputError(f"{name} holds a number that is not finite or beyond {_LARGEST}; use other units")
    array.setflags(write=False)
    return array
