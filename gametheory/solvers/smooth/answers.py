"""From the floats in which an iteration ends to an answer: polished, looked at once more, with a fitting status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, exact
from gametheory.errors import InputError
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticGame
from gametheory.games.smooth import SmoothGame, as_smooth
from gametheory.result import Answer, Status
from gametheory.solvers.quadratic.system import System
from gametheory.solvers.smooth.field import Field
from gametheory.solvers.smooth.polish import Polished, polished
from gametheory.solvers.smooth.replies import problems

__all__ = ["FINE", "ROUGH", "WAVY", "by_name", "feasible", "finished", "followed", "plain", "read_start"]

#: Residuals from which polishing takes over.
FINE = 1e-7
#: Residuals at which polishing is tried for the first time.
ROUGH = 1e-4
#: Rounds after which replies that jump are given up, where an own cost is not convex.
WAVY = 12

Vector = tuple[Fraction, ...]


def plain(game: Any) -> Any:
    """Return the game whose map an iteration follows: population games as they are, others as smooth games."""
    return game if hasattr(game, "masses") else as_smooth(game)


def read_start(field: Field, start: Sequence[Any] | None) -> FloatArray:
    """Return the point where an iteration starts: the given one, projected, or one that suits."""
    if start is None:
        return field.start()
    given = np.array([float(exact(v)) for part in start for v in (part if isinstance(part, Sequence) else (part,))])
    if len(given) != field.size:
        raise InputError(f"start has {len(given)} numbers; give one for each of {field.size} variables")
    return field.project(given)


def by_name(game: Any, profile: Sequence[Vector]) -> dict[str, Any]:
    """Return the strategies by player name; of a player with one variable the number itself."""
    return {
        name: own[0] if len(own) == 1 else dict(zip(strategies.variables, own, strict=True))
        for name, strategies, own in zip(game.players, game.strategies, profile, strict=True)
    }


def followed(game: Any, method: Any, settings: Any) -> Answer:
    """Return the answer to which a method leads: ``method(field, x, iterations) -> (x, count, residual)``.

    Where a player would leave the point by a search of its whole strategy set, start again from the best replies.
    """
    inner = plain(game)
    field = Field.of(inner)
    x = read_start(field, settings.start)
    total = 0
    for turn in range(settings.restarts + 1):
        for tolerance in (ROUGH, FINE):  # Newton's steps take over as early as they can
            x, count, residual = method(field, x, settings.iterations, tolerance)
            total += count
            answer = finished(
                game,
                x,
                iterations=total,
                converged=residual <= 100 * ROUGH,
                accuracy=settings.accuracy,
                details={"natural_residual": residual},
                near=max(1e-6, 30 * residual),
            )
            if answer.status is not Status.NOT_CONVERGED:
                break
        if answer.status is not Status.NO_EQUILIBRIUM_FOUND or turn == settings.restarts:
            break
        x = np.array([float(v) for own in answer.profile for v in own])
        replies = []
        for own in problems(inner.costs, inner.strategies, inner.blocks):
            own.look(x)
            replies.append(own.reply(x))
        x = field.project(np.concatenate(replies))
    return answer


def finished(
    game: Any,
    x: FloatArray,
    *,
    iterations: int,
    converged: bool,
    accuracy: float,
    details: Mapping[str, Any],
    near: float = 1e-6,
) -> Answer:
    """Return the answer; rows with a slack of at most `near` are tried as tight ones.

    Status ``solved``: the point is polished and no player's own search found a gain above `accuracy`. ``no equilibrium
    found``: the iteration came to rest, or ran out, in a game where some own cost is not convex, and a player would
    move away. ``not converged``: it ran out, or its end could not be polished.
    """
    inner = plain(game)
    joint = inner.joint_strategies()
    point = polished(inner.marginal_costs(), joint, x, near=near) if converged else None
    sharp = _exact(game, x, point) if converged else None
    settled = sharp is not None or (point is not None and point.residual <= accuracy)
    if sharp is None:
        sharp = point.x if point is not None and settled else feasible(joint, x)
    where = np.array([float(v) for v in sharp])
    wavy, gain = (False, 0.0) if hasattr(inner, "masses") else _moves(inner, where)
    status = Status.SOLVED if settled else Status.NOT_CONVERGED
    if wavy and (not settled or gain > accuracy):
        status = Status.NO_EQUILIBRIUM_FOUND
    exactly = settled and (type(game) is QuadraticGame or (point is not None and point.is_exact))
    profile = tuple(tuple(sharp[block.start : block.stop]) for block in inner.blocks)
    return Answer(
        profile=profile,
        status=status,
        iterations=iterations,
        epsilon=Fraction(0) if exactly else Fraction(accuracy).limit_denominator(10**12),
        extra={
            "point": by_name(inner, profile),
            "payoffs": inner.payoffs(profile),
            "details": {**details, "polished": settled},
        },
    )


def _exact(game: Any, x: FloatArray, point: Polished | None) -> Vector | None:
    """Return the exact point of a quadratic game with the tight rows of the float one."""
    if type(game) is not QuadraticGame:
        return None
    system = System.of_game(game)
    numbers = [float(v) for v in (x if point is None else point.x)]
    flags = []
    for coefficients, bound, _, _ in system.polyhedron.rows():
        slack = float(bound) - sum(float(a) * numbers[k] for k, a in coefficients)
        flags.append(abs(slack) <= FINE * max(1.0, abs(float(bound))))
    found = system.polished(flags)
    return None if found is None else found.x


def _moves(game: SmoothGame, x: FloatArray) -> tuple[bool, float]:
    """Return whether some own cost is not convex, and what its owner would gain by its best reply."""
    wavy, gain = False, 0.0
    for own in problems(game.costs, game.strategies, game.blocks):
        own.look(x)
        if own.wavy:
            wavy = True
            gain = max(gain, own.gain(x, own.reply(x)))
    return wavy, gain


def feasible(joint: Polyhedron, x: FloatArray) -> Vector:
    """Return floats as rationals that keep the bounds; rows that they miss by rounding stay missed."""
    numbers = [Fraction(float(v)) for v in np.nan_to_num(x, posinf=1e300, neginf=-1e300)]
    raised = [v if low is None else max(v, low) for v, low in zip(numbers, joint.lower, strict=True)]
    return tuple(v if high is None else min(v, high) for v, high in zip(raised, joint.upper, strict=True))
