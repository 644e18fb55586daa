"""Generalised equilibria by best replies: one player after the other minimises over what the shared rows leave it.

Source: F. Facchinei, C. Kanzow, "Generalized Nash equilibrium problems", 4OR 5 (2007), 173-210, section 5.2 (nonlinear
Gauss-Seidel). Convergence is not guaranteed; where it comes to rest the point is a generalised equilibrium, and which
one of many depends on the start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.errors import InputError
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.smooth_generalised import SmoothGeneralisedGame
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.smooth.answers import FINE, by_name, feasible, read_start
from gametheory.solvers.smooth.field import Field
from gametheory.solvers.smooth.polish import polished, tightened
from gametheory.solvers.smooth.replies import OwnProblem, problems

__all__ = ["OwnRows", "generalised_answer"]


@dataclass(frozen=True, slots=True)
class OwnRows:
    """Best replies within the rows that are left, damped, until nobody moves.

    Players may be exempt from shared rows. Where each tight row binds one player only, the end is polished.

    Parameters
    ----------
    damping
        ``w`` in (0, 1]: a player goes this part of the way to its reply.
    start, accuracy
        As of :class:`~gametheory.solvers.smooth.extragradient.Extragradient`.
    sweeps
        At most so many rounds.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> answer = OwnRows().solve(catalogue("switching_with_priority").game)
    >>> [round(float(x), 6) for (x,) in answer.profile[:2]]
    [0.3, 0.069436]
    """

    accepts: ClassVar[tuple[str, ...]] = ("SmoothGeneralisedGame",)
    concept: ClassVar[Concept] = Concept.NASH
    damping: float = 1.0
    start: tuple[Any, ...] | None = None
    sweeps: int = 150
    accuracy: float = 1e-8

    def solve(self, game: SmoothGeneralisedGame) -> Answer:
        """Return a generalised equilibrium."""
        if not 0 < self.damping <= 1:
            raise InputError(f"damping={self.damping} must lie in (0, 1]")
        inner = game.game
        x = read_start(Field.of(game), self.start)
        players = problems(inner.costs, inner.strategies, inner.blocks)
        move, count = np.inf, 0
        for count in range(1, self.sweeps + 1):  # noqa: B007
            before = x.copy()
            for i, (own, block) in enumerate(zip(players, inner.blocks, strict=True)):
                best = own.within(_left(game, i, x)).reply(x)
                inside = slice(block.start, block.stop)
                x[inside] = (1 - self.damping) * x[inside] + self.damping * best
            move = float(np.abs(x - before).max())
            if move <= FINE / 100 * max(1.0, float(np.abs(x).max())) or not np.isfinite(move):
                break
        return generalised_answer(
            game,
            x,
            iterations=count,
            converged=move <= FINE * max(1.0, float(np.abs(x).max())),
            accuracy=self.accuracy,
            details={"last_move": move},
        )


def generalised_answer(
    game: SmoothGeneralisedGame,
    x: FloatArray,
    *,
    iterations: int,
    converged: bool,
    accuracy: float,
    details: Mapping[str, Any],
) -> Answer:
    """Return the answer: polished where each tight row binds one player, else with its tight rows met exactly."""
    inner = game.game
    point, exactly, settled = _ended(game, x, converged, accuracy)
    profile = tuple(tuple(point[block.start : block.stop]) for block in inner.blocks)
    status = Status.SOLVED if settled else Status.NOT_CONVERGED
    if settled and _would_move(game, profile) > accuracy:
        status = Status.NO_EQUILIBRIUM_FOUND
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


def _would_move(game: SmoothGeneralisedGame, profile: Sequence[Sequence[Fraction]]) -> float:
    """Return what a player whose own cost is not convex gains by searching all that is left to it."""
    x = np.array([float(v) for own in profile for v in own])
    gain = 0.0
    for i, (cost, block) in enumerate(zip(game.game.costs, game.game.blocks, strict=True)):
        own = OwnProblem(cost, game.own_strategies(i, profile), block)
        own.look(x)
        if own.wavy:
            gain = max(gain, own.gain(x, own.reply(x)))
    return gain


def _left(game: SmoothGeneralisedGame, player: int, x: FloatArray) -> Polyhedron:
    """Return what is left to a player; a row that rounding has already overdrawn is drawn back by as much."""
    profile = [[Fraction(float(v)) for v in x[block.start : block.stop]] for block in game.game.blocks]
    return game.own_strategies(player, profile)


def _ended(
    game: SmoothGeneralisedGame, x: FloatArray, converged: bool, accuracy: float
) -> tuple[Sequence[Fraction], bool, bool]:
    """Return the point, whether it is exact, and whether it is an answer."""
    joint = game.joint_strategies()
    if not converged:
        return feasible(joint, x), False, False
    rows = list(joint.rows())
    first = sum(b is not None for b in (*joint.lower, *joint.upper)) + len(game.game.joint_strategies().inequalities)
    owners: dict[int, range | None] = {}
    for n, free in enumerate(game.exempt):
        takers = [
            block
            for i, block in enumerate(game.game.blocks)
            if i not in free and any(k in block for k, _ in rows[first + n][0])
        ]
        owners[first + n] = takers[0] if len(takers) == 1 else None
    point = polished(game.game.marginal_costs(), joint, x, owners=owners)
    if point is not None and point.residual <= accuracy:
        return point.x, point.is_exact, True
    # A row that several players must keep: prices differ from player to player, so the floats stay as they are.
    met = tightened(joint, x)
    return (feasible(joint, x), False, False) if met is None else (met, False, True)
