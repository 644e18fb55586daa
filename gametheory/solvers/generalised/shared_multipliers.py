"""The variational equilibrium: one system of KKT conditions in which all players see the same shared multipliers.

Source: J. B. Rosen, "Existence and uniqueness of equilibrium points for concave n-person games", Econometrica 33
(1965), 520-534 (normalised equilibria and their weights); F. Facchinei, C. Kanzow, "Generalized Nash equilibrium
problems", 4OR 5 (2007), 173-210, section 3.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import exact_series
from gametheory.errors import Infeasible, InputError, SizeLimit, UnsupportedGame
from gametheory.games.generalised import GeneralisedGame
from gametheory.result import Answer, Concept
from gametheory.solvers.quadratic.answers import by_name
from gametheory.solvers.quadratic.potential import minimise
from gametheory.solvers.quadratic.system import Point, System, Vector, is_convex

__all__ = ["SharedMultipliers"]


@dataclass(frozen=True, slots=True)
class SharedMultipliers:
    """Solve the joint conditions exactly: by a potential programme where there is a convex one, else by Lemke's path.

    Parameters
    ----------
    weights
        Rosen's weights ``r_i > 0``, one a player; None: all 1. A player of weight ``r_i`` sees the multipliers over
        ``r_i``.
    largest
        Most rows of the complementarity problem.

    Raises
    ------
    UnsupportedGame
        A player's own cost is not convex, or the path ends in a ray.
    Infeasible
        Nothing satisfies all constraints.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> SharedMultipliers().solve(catalogue("shared_budget").game).profile
    ((Fraction(3, 4),), (Fraction(1, 4),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("GeneralisedGame",)
    concept: ClassVar[Concept] = Concept.VARIATIONAL
    weights: tuple[Fraction, ...] | None = None
    largest: int = 400

    def solve(self, game: GeneralisedGame) -> Answer:
        """Return the variational equilibrium with its multipliers."""
        inner = game.game
        weights = self._read(game)
        for name, cost, block in zip(inner.players, inner.costs, inner.blocks, strict=True):
            if not is_convex(len(block), cost.block(block, block)):
                raise UnsupportedGame(f"{name!r}: its own cost is not convex, so the joint conditions are not enough")
        plain = System.of_game(inner)
        owner = {k: i for i, block in enumerate(inner.blocks) for k in block}
        system = System(
            tuple((r, c, weights[owner[r]] * v) for r, c, v in plain.matrix),
            tuple(weights[owner[k]] * v for k, v in enumerate(plain.vector)),
            game.joint_strategies(),
        )
        if system.symmetric and is_convex(inner.size, system.matrix):
            point, iterations, method = minimise(system, 1e-10, self.largest)
        else:
            point, iterations = self._pivoted(system)
            method = "complementary pivoting"
        return self._answer(game, point, weights, iterations, method)

    def _read(self, game: GeneralisedGame) -> Vector:
        if self.weights is None:
            return (Fraction(1),) * len(game.players)
        weights = exact_series(self.weights, what="weights")
        if len(weights) != len(game.players) or min(weights) <= 0:
            raise InputError(
                f"weights {[str(r) for r in weights]}: give one positive number for each of {len(game.players)} players"
            )
        return weights

    def _pivoted(self, system: System) -> tuple[Point, int]:
        size = system.polyhedron.size + sum(1 + equal for _, _, equal, _ in system.polyhedron.rows())
        if size > self.largest:
            raise SizeLimit(f"{size} complementary pairs are more than largest={self.largest}; raise it")
        point, path = system.pivoted()
        if point is None:
            if not system.has_strategies():
                raise Infeasible("no joint strategy satisfies all constraints; loosen a bound or a shared row")
            raise UnsupportedGame(
                f"Lemke's path ended in a ray after {path.pivots} pivots: a monotone game then has no equilibrium, for "
                "another it may mean nothing"
            )
        return point, path.pivots

    def _answer(self, game: GeneralisedGame, point: Point, weights: Vector, iterations: int, method: str) -> Answer:
        inner = game.game
        profile = tuple(point.x[block.start : block.stop] for block in inner.blocks)
        own = inner.joint_strategies()
        bounds = sum(b is not None for b in (*own.lower, *own.upper))
        ends = [bounds, len(own.inequalities), len(game.inequalities), len(own.equalities), len(game.equalities)]
        parts: list[list[Fraction]] = []
        supply = list(point.multipliers)
        for count in ends:
            parts.append(supply[:count])
            supply = supply[count:]
        handed = [self._own(game, i, parts, weights[i]) for i in range(len(game.players))]
        return Answer(
            profile=profile,
            iterations=iterations,
            witness={"multipliers": point.multipliers, "own_multipliers": tuple(handed), "weights": weights},
            extra={
                "point": by_name(inner, profile),
                "payoffs": inner.values(profile),
                "details": {
                    "method": method,
                    "shared_multipliers": {"inequalities": tuple(parts[2]), "equalities": tuple(parts[4])},
                    "weights": weights,
                },
            },
        )

    @staticmethod
    def _own(game: GeneralisedGame, player: int, parts: list[list[Fraction]], weight: Fraction) -> Vector:
        """Return the multipliers of one player's own problem, the shared ones over its weight."""
        inner, block = game.game, game.game.blocks[player]

        def slice_of(numbers: list[Fraction], counts: list[int]) -> list[Fraction]:
            start = sum(counts[:player])
            return numbers[start : start + counts[player]]

        bounds = [sum(b is not None for b in (*s.lower, *s.upper)) for s in inner.strategies]
        found = slice_of(parts[0], bounds)
        for own_part, shared_part, kind in ((1, 2, "inequalities"), (3, 4, "equalities")):
            found += slice_of(parts[own_part], [len(getattr(s, kind)) for s in inner.strategies])
            rows = zip(getattr(game, kind), parts[shared_part], strict=True)
            found += [m for (coefficients, _), m in rows if any(k in block for k, _ in coefficients)]
        return tuple(m / weight for m in found)
