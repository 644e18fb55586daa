"""What one choice of supports holds: a zero near a starting point, certified, and whether it is an equilibrium.

Two who mix solve linear systems, in rationals. Otherwise the zero is enclosed by an approximate inverse ``Y`` of the
derivative and an exact residual: where ``|I - Y f'(x')| <= q < 1`` for all ``x'`` within ``r`` of ``x``, and ``|Y f(x)|
<= (1 - q) r``, exactly one zero lies within ``r`` of ``x``, and within ``|Y f(x)| / (1 - q)`` of it, since ``x' -> x' -
Y f(x')`` contracts that ball (Krawczyk, Computing 4 (1969) 187-201; Banach's theorem). The point is dyadic, so that
``f(x)`` is a whole number over a power of two; only ``Y`` and the norms are floats, with bounds on their rounding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import mul
from typing import Any, ClassVar

import flint
import numpy as np

from gametheory.arithmetic import dyadic
from gametheory.games.enclosure import Enclosure
from gametheory.games.normal_form import NormalFormGame

__all__ = ["NONE", "OPEN", "STRICT", "TIED", "Found", "Profile", "Supports", "middle", "zero_near"]

Supports = tuple[tuple[int, ...], ...]
Profile = tuple[tuple[Any, ...], ...]

#: What becomes of a zero: an equilibrium (outside strategies lose, or tie), none, or not decided.
STRICT, TIED, NONE, OPEN = "strict", "tied", "none", "open"

#: Points are whole numbers over ``2**_BITS``, ends of enclosures over ``2**_GRID``.
_BITS, _GRID = 192, 150
_ONE = 1 << _BITS
_ZERO, _ALL = Fraction(0), Fraction(1)
#: The radius in which a zero is shown to be the only one, and what its enclosure must be finer than.
_RADIUS, _FINE = 2.0**-40, 2.0**-155
#: Denominators up to this are tried for a rational solution.
_DENOMINATOR = 10**9


@dataclass(frozen=True, slots=True)
class Found:
    """The verdict on a zero; where it is an equilibrium its profile and, where nothing ties, its index.

    Attributes
    ----------
    weights, radius
        Of those who mix, in whole numbers over `one`, and how far off each but the first may be; within ``2**-40``
        there is no other zero. Empty where two mix, whose zero is the only one.
    """

    verdict: str
    profile: Profile = ()
    index: int | None = None
    weights: tuple[tuple[int, ...], ...] = ()
    radius: int = 0
    one: ClassVar[int] = _ONE

    def same(self, other: Found) -> bool:
        """Whether both are the same zero of one system."""
        near = _ONE >> 41
        return all(
            abs(x - y) < near
            for own, his in zip(self.weights, other.weights, strict=True)
            for x, y in zip(own[1:], his[1:], strict=True)
        )


def zero_near(game: NormalFormGame, supports: Supports, start: Sequence[Sequence[float]]) -> Found:
    """Return what the zero near a point on the supports is; `OPEN` where none is shown to be there.

    >>> game = NormalFormGame([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> zero_near(game, ((0, 1), (0, 1)), ((0.4, 0.6), (0.5, 0.5))).profile[0]
    (Fraction(1, 2), Fraction(1, 2))
    """
    system = _System(game, supports)
    if len(system.mixing) < 2:  # where one mixes what all pays the same, every mixture does
        return Found(OPEN) if system.mixing else system.judged_exactly((), 1)
    if len(system.mixing) == 2:
        return system.linear()
    return system.nonlinear([start[i] for i in system.mixing])


def middle(profile: Profile) -> tuple[tuple[Fraction, ...], ...]:
    """Return a profile of Fractions that sum to one, within the enclosures or next to them."""
    chosen = []
    for strategy in profile:
        weights = [p.middle if isinstance(p, Enclosure) else Fraction(p) for p in strategy]
        mass = sum(weights)
        chosen.append(tuple(p / mass for p in weights))
    return tuple(chosen)


class _System:
    """The equations of one choice of supports; only those who mix are left, the others stand at their strategies."""

    def __init__(self, game: NormalFormGame, supports: Supports) -> None:
        self.game, self.supports = game, supports
        self.mixing = [i for i, own in enumerate(supports) if len(own) > 1]
        self.sizes = [len(supports[i]) for i in self.mixing]
        self.unknowns = sum(self.sizes) - len(self.sizes)
        steps = [1]
        for size in reversed(game.shape[1:]):
            steps.append(steps[-1] * size)
        self._steps = steps[::-1]
        self.equations = [self._beyond(i, supports[i][1:]) for i in self.mixing]
        self.scales = [max(map(_largest, rows), default=0) or 1 for rows in self.equations]

    def _beyond(self, player: int, chosen: Iterable[int]) -> list[Any]:
        """Return what strategies earn beyond the first of the support, as nested lists over the others who mix."""
        own, step = self.supports[player], self._steps[player]
        flat = self.game.payoffs[player].numerators
        start = own[0] * step + sum(
            s[0] * n for j, (s, n) in enumerate(zip(self.supports, self._steps, strict=True)) if j != player
        )
        axes = [
            [(k - self.supports[j][0]) * self._steps[j] for k in self.supports[j]] for j in self.mixing if j != player
        ]
        return [_differences(flat, start, start + (k - own[0]) * step, axes) for k in chosen]

    def _outside(self, player: int) -> list[Any]:
        own = self.supports[player]
        return self._beyond(player, (k for k in range(self.game.shape[player]) if k not in own))

    def spread(self, weights: Sequence[Sequence[Any]]) -> Profile:
        """Return whole strategies of the mixtures of those who mix."""
        by_player = dict(zip(self.mixing, weights, strict=True))
        strategies = []
        for i, own in enumerate(self.supports):
            full: list[Any] = [_ZERO] * self.game.shape[i]
            for k, p in zip(own, by_player.get(i, (_ALL,)), strict=True):
                full[k] = p
            strategies.append(tuple(full))
        return tuple(strategies)

    def _others(self, weights: Sequence[Any], player: int) -> list[Any]:
        return [w for j, w in zip(self.mixing, weights, strict=True) if j != player]

    # ------------------------------------------------------------------------------------------------ two who mix

    def linear(self) -> Found:
        """Solve the system of two who mix."""
        size = self.sizes[0]
        if size != self.sizes[1]:
            return Found(OPEN)
        weights, sign = [], (-1) ** (size - 1)
        for rows in reversed(self.equations):  # what the first plays makes the second indifferent
            matrix = flint.fmpz_mat([*rows, [1] * size])
            # Adding columns turns the matrix into its differences from the first column, bordered by a 1.
            determinant = matrix.det() * (-1) ** (size - 1)
            if determinant == 0:
                return Found(OPEN)
            sign *= 1 if determinant > 0 else -1
            solution = matrix.solve(flint.fmpz_mat([[0]] * (size - 1) + [[1]]))
            weights.append(tuple(Fraction(int(x.p), int(x.q)) for x in solution.entries()))
        return self.judged_exactly(weights, sign)

    def judged_exactly(self, weights: Sequence[tuple[Fraction, ...]], sign: int) -> Found:
        """Judge rational mixtures that solve the equations."""
        if any(p <= 0 for own in weights for p in own):
            return Found(NONE)
        common = [math.lcm(*(p.denominator for p in own)) for own in weights]
        whole = [[int(p * c) for p in own] for own, c in zip(weights, common, strict=True)]
        verdict = STRICT
        for i in range(len(self.supports)):
            for row in self._outside(i):
                gain = _dot(row, self._others(whole, i))
                if gain > 0:
                    return Found(NONE)
                if gain == 0:
                    verdict = TIED
        return Found(verdict, self.spread(weights), sign if verdict == STRICT else None)

    # -------------------------------------------------------------------------------------------------- more who mix

    def nonlinear(self, start: Sequence[Sequence[float]]) -> Found:
        """Enclose the zero near `start`, and judge it."""
        if not np.isfinite(np.concatenate([np.asarray(own, dtype=float) for own in start])).all():
            return Found(OPEN)
        point = [self._whole([float(p) for p in own[1:]]) for own in start]
        known = self._inverse(point)
        for _ in range(12):
            if known is None:
                return Found(OPEN)
            residual = self._residual(point)
            step = known[0] @ residual
            size = float(np.abs(step).max())
            if size < _FINE or not size < 1:
                break
            point = self._moved(point, step)
            if size > 2.0**-36:
                known = self._inverse(point)
        if known is None:
            return Found(OPEN)
        slope, (inverse, derivative) = known[1], known
        contraction = self._contraction(point, inverse, slope)
        reach = float(np.abs(inverse).sum(axis=1).max() * np.abs(self._residual(point)).max()) * (1 + 2.0**-40)
        if not contraction < 0.5 or not reach < _RADIUS / 2:
            return Found(OPEN)
        radius = int(math.ldexp(2 * reach, _BITS)) + 1
        return self._judged(point, radius, derivative)

    def _whole(self, free: Sequence[float]) -> list[int]:
        rest = [int(math.ldexp(p, _BITS)) for p in free]
        return [_ONE - sum(rest), *rest]

    def _moved(self, point: list[list[int]], step: Any) -> list[list[int]]:
        moved, place = [], 0
        for own, size in zip(point, self.sizes, strict=True):
            part = step[place : place + size - 1].tolist()
            place += size - 1
            rest = [x - int(math.ldexp(d, _BITS)) for x, d in zip(own[1:], part, strict=True)]
            moved.append([_ONE - sum(rest), *rest])
        return moved

    def _residual(self, point: list[list[int]]) -> Any:
        """Return the equations at the point divided by their scales: each one correctly rounded."""
        values = []
        whole = _ONE ** (len(self.mixing) - 1)
        for i, rows, scale in zip(self.mixing, self.equations, self.scales, strict=True):
            others = self._others(point, i)
            values += [_dot(row, others) / (scale * whole) for row in rows]
        return np.array(values)

    def _inverse(self, point: list[list[int]]) -> tuple[Any, Any] | None:
        """Return the inverse of the derivative at the point, and the derivative, both in floats."""
        floats = [[x / _ONE for x in own] for own in point]
        slope = np.zeros((self.unknowns, self.unknowns))
        row = 0
        for i, rows, scale in zip(self.mixing, self.equations, self.scales, strict=True):
            others = self._others(floats, i)
            for cells in rows:
                parts = iter(_gradient(_floats(cells, scale), others)[1])
                column = 0
                for j, size in zip(self.mixing, self.sizes, strict=True):
                    if j != i:
                        first, *rest = next(parts)
                        slope[row, column : column + size - 1] = [x - first for x in rest]
                    column += size - 1
                row += 1
        try:
            inverse = np.linalg.inv(slope)
        except np.linalg.LinAlgError:
            return None
        return (inverse, slope) if np.isfinite(inverse).all() else None

    def _contraction(self, point: list[list[int]], inverse: Any, slope: Any) -> float:
        """Return a bound of ``|I - Y f'(x')|`` in the row-sum norm, for all ``x'`` within `_RADIUS` of the point.

        An entry of the derivative is the difference of two contractions of numbers of at most 1 with weights: rounding
        changes it by at most ``2 (sum of sizes + 8) 2^-52``, and a step of `_RADIUS` in every unknown by at most four
        times their number times the step, both times the product of the sums of the weights' sizes. That is doubled.
        """
        n = self.unknowns
        mass = math.prod(sum(abs(x) for x in own) / _ONE + 2 * n * _RADIUS for own in point)
        error = 2 * mass * (2 * (sum(self.sizes) + 8) * 2.0**-52 + 4 * n * _RADIUS)
        heavy = np.abs(inverse)
        far = np.abs(np.eye(n) - inverse @ slope) + (n + 2) * 2.0**-52 * (heavy @ np.abs(slope) + 1)
        return float(far.sum(axis=1).max() + n * error * heavy.sum(axis=1).max()) * (1 + 2.0**-40)

    def _index(self, slope: Any) -> int:
        """Return the sign of the determinant of minus the derivative.

        Both the matrix of floats and the derivative at the zero are within reach of the contraction, hence on one side
        of the singular ones: ``Y`` times any matrix between them is invertible.
        """
        matrix = flint.fmpz_mat([[int(math.ldexp(x, 52)) for x in row] for row in slope.tolist()])
        return 1 if matrix.det() * (-1) ** self.unknowns > 0 else -1

    def _judged(self, point: list[list[int]], radius: int, slope: Any) -> Found:
        place: dict[str, Any] = {"weights": tuple(map(tuple, point)), "radius": radius}
        # The first weight of a mixture is off by what all others are.
        slips = [[radius * (size - 1), *[radius] * (size - 1)] for size in self.sizes]
        if any(x + e < 0 for own, slip in zip(point, slips, strict=True) for x, e in zip(own, slip, strict=True)):
            return Found(NONE, **place)
        rational = self._rational(point, radius)
        if rational is not None:
            return replace(self.judged_exactly(rational, self._index(slope)), **place)
        if any(x - e <= 0 for own, slip in zip(point, slips, strict=True) for x, e in zip(own, slip, strict=True)):
            return Found(OPEN, **place)
        verdict = self._deviations(point, radius)
        if verdict == NONE:
            return Found(NONE, **place)
        boxes = [
            tuple(_enclosed(x, e) for x, e in zip(own, slip, strict=True))
            for own, slip in zip(point, slips, strict=True)
        ]
        return Found(verdict, self.spread(boxes), self._index(slope) if verdict == STRICT else None, **place)

    def _deviations(self, point: list[list[int]], radius: int) -> str:
        """Return whether every strategy outside the supports loses at the zero, one gains, or neither is shown."""
        verdict = STRICT
        for i in range(len(self.supports)):
            rows = self._outside(i)
            if not rows:
                continue
            # A gain changes by the largest entry times the sum of the changes of all weights, at most.
            depth = len(self.mixing) - (i in self.mixing)
            blur = 4 * self.unknowns * radius * max(map(_largest, rows)) * _ONE ** (depth - 1)
            for row in rows:
                gain = _dot(row, self._others(point, i))
                if gain > blur:
                    return NONE
                if gain >= -blur:
                    verdict = OPEN
        return verdict

    def _rational(self, point: list[list[int]], radius: int) -> list[tuple[Fraction, ...]] | None:
        """Return simple rationals within the radius of the point that solve the equations, or None."""
        found = []
        for own in point:
            rest = []
            for x in own[1:]:
                guess = Fraction(x, _ONE).limit_denominator(_DENOMINATOR)
                if abs(guess.numerator * _ONE - x * guess.denominator) > radius * guess.denominator:
                    return None
                rest.append(guess)
            found.append((1 - sum(rest, _ZERO), *rest))
        common = [math.lcm(*(p.denominator for p in own)) for own in found]
        whole = [[int(p * c) for p in own] for own, c in zip(found, common, strict=True)]
        for i, rows in zip(self.mixing, self.equations, strict=True):
            others = self._others(whole, i)
            if any(_dot(row, others) for row in rows):
                return None
        return found


def _differences(flat: Sequence[int], base: int, place: int, axes: Sequence[Sequence[int]]) -> Any:
    """Return ``flat[place + offset] - flat[base + offset]`` as nested lists, a level an axis of offsets."""
    if not axes:
        return flat[place] - flat[base]
    if len(axes) == 1:
        return [flat[place + offset] - flat[base + offset] for offset in axes[0]]
    return [_differences(flat, base + offset, place + offset, axes[1:]) for offset in axes[0]]


def _largest(cells: Any) -> int:
    return max(map(_largest, cells)) if isinstance(cells, list) else abs(cells)


def _floats(cells: Any, scale: int) -> Any:
    return [_floats(cell, scale) for cell in cells] if isinstance(cells, list) else cells / scale


def _dot(cells: Any, weights: Sequence[Sequence[Any]]) -> Any:
    """Contract nested lists with a mixture a level."""
    if len(weights) > 1:
        return sum([_dot(cell, weights[1:]) * w for cell, w in zip(cells, weights[0], strict=True)])
    return sum(map(mul, cells, weights[0])) if weights else cells


def _gradient(cells: Any, weights: Sequence[Sequence[float]]) -> tuple[float, list[list[float]]]:
    """Return the contraction, and its derivatives by the weights of each mixture."""
    if len(weights) == 1:
        return sum(map(mul, cells, weights[0])), [cells]
    parts = [_gradient(cell, weights[1:]) for cell in cells]
    values = [value for value, _ in parts]
    deeper = [
        [sum(map(mul, column, weights[0])) for column in zip(*(part[level] for _, part in parts), strict=True)]
        for level in range(len(weights) - 1)
    ]
    return sum(map(mul, values, weights[0])), [values, *deeper]


def _enclosed(x: int, radius: int) -> Enclosure:
    shift = _BITS - _GRID
    return Enclosure(dyadic((x - radius) >> shift, _GRID), dyadic(-((-x - radius) >> shift), _GRID))
