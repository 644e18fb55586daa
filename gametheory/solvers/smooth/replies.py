"""Best replies in floats, to formulas: Newton's method inside the player's polyhedron, from several starts if wavy."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.errors import Unbounded
from gametheory.games.derivatives import Tape, gradient, jacobian
from gametheory.games.expression import Expression
from gametheory.games.polyhedron import Polyhedron
from gametheory.numerics.quadratic_program import interior_point
from gametheory.solvers.smooth.field import Floats, projection

__all__ = ["OwnProblem", "problems"]

_NEWTON = 60
_SAMPLES = 24
_FAR = 1e9


class OwnProblem:
    """Minimise one player's cost over its own polyhedron, the other variables being parameters.

    Parameters
    ----------
    cost
        A formula.
    own
        The polyhedron.
    block
        Which variables of the formula are the player's own.
    """

    def __init__(self, cost: Expression, own: Polyhedron, block: range) -> None:
        self._block = slice(block.start, block.stop)
        slopes = gradient(cost, block)
        bends = jacobian(slopes, block)
        self._value = Floats(Tape(cost.steps, (len(cost.steps) - 1,)))
        self._slopes = Floats(slopes)
        self._bends = Floats(bends)
        self.wavy = False
        self._keep(own)
        constants = bends.constants
        self._flat = constants is not None
        if constants is not None:
            table = np.array([float(c) for c in constants]).reshape(own.size, own.size)
            self.wavy = bool(np.linalg.eigvalsh(table).min() < -1e-12 * max(1.0, np.abs(table).max()))

    def _keep(self, own: Polyhedron) -> None:
        self._own = own
        self._project = projection(own)
        self._low = np.array([-np.inf if b is None else float(b) for b in own.lower])
        self._high = np.array([np.inf if b is None else float(b) for b in own.upper])
        self._plain = not own.inequalities and not own.equalities

    def within(self, own: Polyhedron) -> OwnProblem:
        """Return the same problem over another polyhedron."""
        other = copy(self)
        other._keep(own)
        return other

    def value(self, joint: FloatArray) -> float:
        """Return the cost at a joint strategy."""
        return float(self._value(joint.tolist())[0])

    def gain(self, joint: FloatArray, reply: FloatArray) -> float:
        """Return by how much a reply is better."""
        there = joint.copy()
        there[self._block] = reply
        return self.value(joint) - self.value(there)

    def starts(self, here: FloatArray) -> list[FloatArray]:
        """Return points that spread over the bounds (some more where there are none)."""
        low = np.where(np.isfinite(self._low), self._low, np.where(np.isfinite(self._high), self._high, here) - 10)
        high = np.where(np.isfinite(self._high), self._high, np.maximum(low, here) + 10)
        parts = [self._project(low + (high - low) * t) for t in np.linspace(0, 1, _SAMPLES if len(low) == 1 else 5)]
        if len(low) > 1:
            random = np.random.default_rng(7)
            parts += [self._project(low + (high - low) * random.random(len(low))) for _ in range(_SAMPLES - 5)]
        return parts

    def look(self, joint: FloatArray) -> None:
        """Sample the curvature over the own strategies: is the own cost wavy?"""
        if self._flat or self.wavy:
            return
        size = self._own.size
        for own in self.starts(joint[self._block]):
            there = joint.copy()
            there[self._block] = own
            table = self._bends(there.tolist()).reshape(size, size)
            if np.isfinite(table).all():
                least = float(np.linalg.eigvalsh((table + table.T) / 2).min())
                if least < -1e-9 * max(1.0, float(np.abs(table).max())):
                    self.wavy = True
                    return

    def reply(self, joint: FloatArray, proximal: float = 0.0) -> FloatArray:
        """Return a best reply to the others' part of a joint strategy.

        Parameters
        ----------
        proximal
            Weight ``w`` of the term ``w |y - x|^2 / 2`` that keeps the reply near what is played now.
        """
        here = joint[self._block].copy()
        if not self.wavy:
            return self._descend(joint, here, here, proximal)
        candidates = [self._descend(joint, start, here, proximal) for start in [*self.starts(here), here]]
        gains = [self.gain(joint, y) - proximal * float((y - here) @ (y - here)) / 2 for y in candidates]
        return candidates[int(np.nanargmax(gains))]

    def _descend(self, joint: FloatArray, start: FloatArray, anchor: FloatArray, proximal: float) -> FloatArray:
        there = joint.copy()
        size = self._own.size

        def cost(y: FloatArray) -> float:
            there[self._block] = y
            return self.value(there) + proximal * float((y - anchor) @ (y - anchor)) / 2

        y, now = start.copy(), cost(start)
        for _ in range(_NEWTON):
            there[self._block] = y
            point = there.tolist()
            slope = self._slopes(point) + proximal * (y - anchor)
            bend = self._bends(point).reshape(size, size) + proximal * np.eye(size)
            if not (np.isfinite(slope).all() and np.isfinite(bend).all()):
                inside = self._inside(y)  # at an end where a power has no slope: a little away from there
                value = cost(inside)
                if np.array_equal(inside, y) or not value < now:
                    break
                y, now = inside, value
                continue
            target = self._newton(y, slope, bend)
            move = target - y
            if np.abs(move).max() > _FAR * max(1.0, float(np.abs(y).max())):
                raise Unbounded("a player's own cost falls without end; bound its strategy")
            step, fall = 1.0, float(slope @ move)
            if fall > -1e-18 * max(1.0, abs(now)) and np.abs(move).max() < 1e-9:
                y = target if cost(target) <= now else y
                break
            while step > 1e-12:
                value = cost(y + step * move)
                if np.isfinite(value) and value <= now + 1e-4 * step * fall:
                    break
                step /= 2
            else:
                break
            y, now = y + step * move, value
            if step * np.abs(move).max() <= 1e-14 * max(1.0, float(np.abs(y).max())):
                break
        return y

    def _inside(self, y: FloatArray) -> FloatArray:
        """Return a point a millionth of the way to the middle of the bounds."""
        low = np.where(np.isfinite(self._low), self._low, y - 1)
        high = np.where(np.isfinite(self._high), self._high, np.maximum(y, low) + 1)
        inside: FloatArray = self._project(y + 1e-6 * ((low + high) / 2 - y))
        return inside

    def _newton(self, y: FloatArray, slope: FloatArray, bend: FloatArray) -> FloatArray:
        """Return the minimiser over the polyhedron of the quadratic model, made convex where it is not."""
        scale = max(1e-12, float(np.abs(bend).max()))
        if len(y) == 1 and self._plain:
            curve = max(float(bend[0, 0]), 1e-9 * scale if bend[0, 0] >= 0 else abs(float(bend[0, 0])))
            return np.clip(y - slope / curve, self._low, self._high)
        values, vectors = np.linalg.eigh((bend + bend.T) / 2)
        values = np.maximum(np.abs(values), 1e-9 * scale)
        model = vectors @ np.diag(values) @ vectors.T
        entries = [(r, c, model[r, c]) for r in range(len(y)) for c in range(len(y)) if model[r, c]]
        rows = [(coefficients, bound, equal) for coefficients, bound, equal, _ in self._own.rows()]
        found = interior_point(entries, (slope - model @ y).tolist(), rows, tolerance=1e-13)
        if not np.isfinite(found.point).all():
            return y
        return np.clip(found.point, self._low, self._high)


def problems(costs: Sequence[Expression], sets: Sequence[Polyhedron], blocks: Sequence[range]) -> list[OwnProblem]:
    """Return every player's own problem."""
    return [OwnProblem(cost, own, block) for cost, own, block in zip(costs, sets, blocks, strict=True)]
