"""Best replies in floats, for the methods that iterate them; each player's own cost must be convex."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.errors import Infeasible, Unbounded, UnsupportedGame
from gametheory.games.quadratic import QuadraticGame
from gametheory.numerics.quadratic_program import interior_point
from gametheory.result import Answer, Status
from gametheory.solvers.quadratic.answers import equilibrium_answer
from gametheory.solvers.quadratic.system import Point, System, is_convex

__all__ = ["Replies"]


class Replies:
    """The players' own problems as arrays: ``x_i' H_i x_i / 2 + (R_i x + q_i)' x_i`` over their polyhedra.

    Raises
    ------
    UnsupportedGame
        A player's own cost is not convex.
    """

    def __init__(self, game: QuadraticGame) -> None:
        self.game = game
        self.system = System.of_game(game)
        size = game.size
        jacobian = np.zeros((size, size))
        for r, c, v in self.system.matrix:
            jacobian[r, c] += float(v)
        self._constant = np.array([float(v) for v in self.system.vector])
        self._own, self._rest, self._rows = [], [], []
        for name, block, own in zip(game.players, game.blocks, game.strategies, strict=True):
            inside = slice(block.start, block.stop)
            hessian = jacobian[inside, inside]
            entries = [(r, c, hessian[r, c]) for r in range(len(block)) for c in range(len(block)) if hessian[r, c]]
            if not is_convex(len(block), entries):
                raise UnsupportedGame(f"{name!r}: its own cost is not convex, so replies jump; use KKTPatterns()")
            rest = jacobian[inside].copy()
            rest[:, inside] = 0.0
            self._own.append(entries)
            self._rest.append(rest)
            self._rows.append([(coefficients, bound, equal) for coefficients, bound, equal, _ in own.rows()])

    def start(self) -> FloatArray:
        """Return a first joint strategy: for each variable the point of its bounds nearest to 0."""
        pairs = [(low, high) for own in self.game.strategies for low, high in zip(own.lower, own.upper, strict=True)]
        return np.array(
            [float(min(max(Fraction(0), low or Fraction(0)), Fraction(0) if high is None else high))
             if low is not None or high is not None else 0.0 for low, high in pairs]
        )  # fmt: skip

    def reply(self, player: int, joint: FloatArray) -> tuple[FloatArray, tuple[bool, ...]]:
        """Return the player's best reply to the others, and which of its rows are tight there."""
        block, own = self.game.blocks[player], self.game.strategies[player]
        slope = self._rest[player] @ joint + self._constant[block.start : block.stop]
        if own.size == 1 and not own.inequalities and not own.equalities and self._own[player]:
            ((_, _, bend),) = self._own[player]
            free = -slope[0] / bend
            (low,), (high,) = own.lower, own.upper
            best = max(free, float(low)) if low is not None else free
            best = min(best, float(high)) if high is not None else best
            flags = [best == float(b) != free for b in (low, high) if b is not None]
            return np.array([best]), tuple(flags)
        found = interior_point(self._own[player], slope, self._rows[player])
        if not found.solved:
            if not System((), (Fraction(0),) * own.size, own).has_strategies():
                raise Infeasible(f"{self.game.players[player]!r} has no strategy; loosen a bound or a row")
            raise Unbounded(
                f"{self.game.players[player]!r}: no best reply was found ({found.word}); bound its strategy"
            )
        return found.point, found.tight

    def all(self, joint: FloatArray) -> tuple[FloatArray, list[tuple[bool, ...]]]:
        """Return all best replies to one joint strategy, stacked, and the tight rows of each player."""
        parts, flags = zip(*(self.reply(i, joint) for i in range(len(self.game.players))), strict=True)
        return np.concatenate(parts), list(flags)

    def gains(self, joint: FloatArray, replies: FloatArray) -> float:
        """Return what all players gain by their own replies: the largest value of Nikaido and Isoda's function."""
        gain = 0.0
        for i, block in enumerate(self.game.blocks):
            inside = slice(block.start, block.stop)
            slope = self._rest[i] @ joint + self._constant[inside]
            for sign, x in ((1, joint[inside]), (-1, replies[inside])):
                bent = sum(v * x[r] * x[c] for r, c, v in self._own[i])
                gain += sign * float(bent / 2 + slope @ x)
        return gain

    def answer(
        self, joint: FloatArray, tight: Sequence[tuple[bool, ...]], *, iterations: int, converged: bool, details: Any
    ) -> Answer:
        """Return the exact KKT point with these tight rows, or the floats as they are with a status that says so."""
        point = None
        if converged:
            point = self.system.polished(self._in_order(tight)) or self.system.polished(self._near(joint))
        if point is not None:
            return equilibrium_answer(self.game, point, iterations=iterations, details={**details, "polished": True})
        rows = sum(1 for _ in self.system.polyhedron.rows())
        floats = Point(tuple(Fraction(float(v)) for v in joint), (Fraction(0),) * rows)
        return equilibrium_answer(
            self.game,
            floats,
            iterations=iterations,
            status=Status.NOT_CONVERGED,
            details={**details, "polished": False},
        )

    def _near(self, joint: FloatArray) -> list[bool]:
        """Return the rows that hold with equality at a joint strategy, up to rounding."""
        rows = self.system.polyhedron.rows()
        return [
            abs(sum(float(a) * joint[k] for k, a in coefficients) - float(bound)) <= 1e-7 * max(1.0, abs(float(bound)))
            for coefficients, bound, _, _ in rows
        ]

    def _in_order(self, tight: Sequence[tuple[bool, ...]]) -> list[bool]:
        """Put the players' flags into the order of the joint rows: all bounds, all inequalities, all equalities."""
        ordered: list[list[bool]] = [[], [], []]
        for own, flags in zip(self.game.strategies, tight, strict=True):
            bounds = sum(b is not None for b in (*own.lower, *own.upper))
            ends = (0, bounds, bounds + len(own.inequalities), len(flags))
            for part, first, last in zip(ordered, ends, ends[1:], strict=False):
                part.extend(flags[first:last])
        return [flag for part in ordered for flag in part]
