"""A game as a variational inequality in floats: the map of marginal costs, the polyhedra, projections on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.errors import Infeasible
from gametheory.games.derivatives import Tape
from gametheory.games.expression import run
from gametheory.games.polyhedron import Polyhedron
from gametheory.numerics.quadratic_program import interior_point

__all__ = ["Field", "Floats", "projection"]


class Floats:
    """A tape with its numbers made floats once; where it has no value, NaN."""

    def __init__(self, tape: Tape) -> None:
        self._steps = tuple(("number", float(step[1])) if step[0] == "number" else step for step in tape.steps)
        self._outputs = tape.outputs

    def __call__(self, x: Sequence[float]) -> FloatArray:
        """Return the outputs at a point."""
        try:
            values = run(self._steps, x)
        except (ArithmeticError, ValueError):
            return np.full(len(self._outputs), np.nan)
        return np.array([values[k] for k in self._outputs], dtype=float)


class Field:
    """Find ``x`` in the set with ``F(x) (y - x) >= 0`` for all of its ``y``.

    Parameters
    ----------
    tape
        ``F``.
    parts
        Polyhedra over consecutive variables, whose product is the set.
    """

    def __init__(self, tape: Tape, parts: Sequence[Polyhedron]) -> None:
        self.tape = tape
        self.parts = tuple(parts)
        self.size = sum(part.size for part in parts)
        self._map = Floats(tape)
        self._project = [projection(part) for part in parts]
        self._ends = np.cumsum([part.size for part in parts])[:-1]

    @classmethod
    def of(cls, game: Any) -> Field:
        """Return the variational inequality of a game: of its own sets, or of the joint one where rows are shared."""
        if hasattr(game, "game"):
            return cls(game.game.marginal_costs(), (game.joint_strategies(),))
        return cls(game.marginal_costs(), game.strategies)

    def map(self, x: FloatArray) -> FloatArray:
        """Return ``F(x)``."""
        return self._map(x.tolist())

    def project(self, x: FloatArray) -> FloatArray:
        """Return the nearest point of the set."""
        pieces = np.split(x, self._ends)
        return np.concatenate([one(piece) for one, piece in zip(self._project, pieces, strict=True)])

    def start(self) -> FloatArray:
        """Return a first point: the middle of the bounds, 1 from a single bound, 0 where there is none; projected."""
        middle = []
        for part in self.parts:
            for low, high in zip(part.lower, part.upper, strict=True):
                if low is None:
                    middle.append(0.0 if high is None else float(high) - 1)
                else:
                    middle.append(float(low) + 1 if high is None else float(low + high) / 2)
        return self.project(np.array(middle))

    def residual(self, x: FloatArray, slopes: FloatArray | None = None) -> float:
        """Return the natural residual ``max |x - P(x - F(x))|``: 0 at a solution and nowhere else."""
        steep = self.map(x) if slopes is None else slopes
        return float(np.abs(x - self.project(x - steep)).max()) if np.isfinite(steep).all() else float("inf")


def projection(own: Polyhedron) -> Any:
    """Return the function that projects on a polyhedron: clipping where there are bounds only."""
    low = np.array([-np.inf if b is None else float(b) for b in own.lower])
    high = np.array([np.inf if b is None else float(b) for b in own.upper])
    if not own.inequalities and not own.equalities:
        return lambda x: np.clip(x, low, high)
    if not own.inequalities and len(own.equalities) == 1:
        return _on_one_row(own, low, high)
    rows = [(coefficients, bound, equal) for coefficients, bound, equal, _ in own.rows()]
    entries = [(k, k, 1.0) for k in range(own.size)]

    def nearest(x: FloatArray) -> FloatArray:
        found = interior_point(entries, (-x).tolist(), rows, tolerance=1e-12)
        if not found.solved and not np.isfinite(found.point).all():
            raise Infeasible(f"no point was found that satisfies all constraints ({found.word}); loosen one")
        return np.clip(found.point, low, high)

    return nearest


def _on_one_row(own: Polyhedron, low: FloatArray, high: FloatArray) -> Any:
    """Return the projection on bounds and one equality: ``clip(x - price a)`` at the price that meets it."""
    ((coefficients, bound),) = own.equalities
    weights = np.zeros(own.size)
    for k, a in coefficients:
        weights[k] = float(a)
    goal = float(bound)

    def nearest(x: FloatArray) -> FloatArray:
        def excess(price: float) -> float:
            return float(weights @ np.clip(x - price * weights, low, high)) - goal

        left, right, step = -1.0, 1.0, 1.0
        while excess(left) < 0 and step < 1e18:
            step *= 2
            left -= step
        while excess(right) > 0 and step < 1e18:
            step *= 2
            right += step
        if step >= 1e18:
            raise Infeasible(f"no point within the bounds has the sum {goal:g}; loosen a bound")
        for _ in range(200):
            middle = (left + right) / 2
            if middle in (left, right):
                break
            left, right = (middle, right) if excess(middle) > 0 else (left, middle)
        near = np.clip(x - right * weights, low, high)
        free = (near > low) & (near < high) & (weights != 0)
        if free.any():  # what rounding of the price leaves, spread over the free variables
            share = np.where(free, weights, 0.0)
            near = np.clip(near - share * (float(weights @ near) - goal) / float(share @ share), low, high)
        return near

    return nearest
