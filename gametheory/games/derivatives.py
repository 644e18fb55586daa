"""Derivatives of expressions as expressions: one reverse sweep over the steps, and the only place with the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number
from gametheory.games.expression import Expression, Step, Steps, earlier, run

__all__ = ["Tape", "gradient", "jacobian"]


@dataclass(frozen=True, slots=True)
class Tape:
    """Steps with several outputs, which share what they have in common.

    Attributes
    ----------
    steps
        As in :class:`~gametheory.games.expression.Expression`.
    outputs
        The places of the values.
    """

    steps: tuple[Step, ...]
    outputs: tuple[int, ...]

    def values(self, point: Sequence[Number], number: Any = None) -> list[Number]:
        """Return the values at a point; see :func:`~gametheory.games.expression.run`."""
        found = run(self.steps, point, number)
        return [found[k] for k in self.outputs]

    @property
    def constants(self) -> tuple[Fraction, ...] | None:
        """The outputs where all of them are plain numbers, else None."""
        rows = [self.steps[k] for k in self.outputs]
        return tuple(row[1] for row in rows) if all(row[0] == "number" for row in rows) else None


def gradient(expression: Expression, indices: Sequence[int]) -> Tape:
    """Return the partial derivatives with respect to some variables.

    At a kink of ``max`` or ``min`` the derivative is that of the first argument (in balls and intervals, around all).

    >>> x, y = Expression.variable(0), Expression.variable(1)
    >>> gradient(x * x * y + 3 / y, (0, 1)).values((Fraction(2), Fraction(3)))
    [Fraction(12, 1), Fraction(11, 3)]
    """
    steps = Steps(expression.steps)
    return Tape(*steps.taken(_sweep(steps, len(expression.steps) - 1, indices)))


def jacobian(tape: Tape, indices: Sequence[int]) -> Tape:
    """Return the derivatives of every output, row by row."""
    steps = Steps(tape.steps)
    places = [place for output in tape.outputs for place in _sweep(steps, output, indices)]
    return Tape(*steps.taken(places))


def _sweep(steps: Steps, output: int, indices: Sequence[int]) -> list[int]:
    """Return the places of the derivatives of one step, walking back from it."""
    inner = _depends(steps.rows[: output + 1], frozenset(indices))
    slopes: dict[int, list[int]] = {output: [steps.number(1)]}
    found: dict[int, int] = {}
    for place in range(output, -1, -1):
        if place not in slopes or not inner[place]:
            continue
        slope = steps.add(slopes[place])
        step = steps.rows[place]
        if step[0] == "variable":
            found[step[1]] = slope
            continue
        for argument, factor in _partial(steps, place, step):
            if inner[argument]:
                slopes.setdefault(argument, []).append(steps.multiply(slope, factor))
    return [found.get(k, steps.number(0)) for k in indices]


def _depends(rows: Sequence[Step], indices: frozenset[int]) -> list[bool]:
    inner: list[bool] = []
    for row in rows:
        inner.append(row[1] in indices if row[0] == "variable" else any(inner[k] for k in earlier(row)))
    return inner


def _partial(steps: Steps, place: int, step: Step) -> list[tuple[int, int]]:
    """Return ``(argument, derivative of this step by it)``."""
    name, *arguments = step
    number = steps.number
    if name == "+":
        return [(k, number(1)) for k in arguments]
    if name == "power":
        base, exponent = arguments
        return [(base, steps.multiply(number(exponent), steps.power(base, exponent - 1)))]
    if name == "exp":
        return [(arguments[0], place)]
    if name == "log":
        return [(arguments[0], steps.divide(number(1), arguments[0]))]
    if name == "sqrt":
        return [(arguments[0], steps.divide(number(Fraction(1, 2)), place))]
    if name == "where":
        first, second, above, below = arguments
        on, off = number(1), number(0)
        return [
            (above, steps.call("where", first, second, on, off)),
            (below, steps.call("where", first, second, off, on)),
        ]
    first, second = arguments
    if name == "*":
        return [(first, second), (second, first)]
    if name == "/":
        return [
            (first, steps.divide(number(1), second)),
            (second, steps.multiply(number(-1), steps.divide(place, second))),
        ]
    left, right = (first, second) if name == "max" else (second, first)
    on, off = number(1), number(0)
    return [(first, steps.call("where", left, right, on, off)), (second, steps.call("where", left, right, off, on))]
