"""How the solvers of this folder hand up an equilibrium or an optimum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gametheory.games.quadratic import QuadraticGame
from gametheory.result import Answer, Status
from gametheory.solvers.quadratic.system import Point, Vector, split

__all__ = ["by_name", "equilibrium_answer", "optimum_answer"]


def by_name(game: QuadraticGame, profile: tuple[Vector, ...]) -> dict[str, Any]:
    """Return the strategies by player name; of a player with one variable the number itself."""
    return {
        name: strategy[0] if len(strategy) == 1 else dict(zip(own.variables, strategy, strict=True))
        for name, own, strategy in zip(game.players, game.strategies, profile, strict=True)
    }


def equilibrium_answer(
    game: QuadraticGame,
    point: Point,
    *,
    iterations: int = 0,
    status: Status = Status.SOLVED,
    details: Mapping[str, Any] | None = None,
) -> Answer:
    """Return an exact answer with the multipliers as its witness."""
    profile, multipliers = split(game, point)
    return Answer(
        profile=profile,
        status=status,
        iterations=iterations,
        witness={"multipliers": multipliers},
        extra={"point": by_name(game, profile), "payoffs": game.values(profile), "details": dict(details or {})},
    )


def optimum_answer(game: QuadraticGame, point: Point, *, iterations: int = 0, method: str = "") -> Answer:
    """Return an exact social optimum with the multipliers of all constraints together as its witness."""
    profile, _ = split(game, point)
    return Answer(
        profile=profile,
        iterations=iterations,
        witness={"multipliers": point.multipliers},
        extra={"value": game.total().value(point.x), "point": by_name(game, profile), "details": {"method": method}},
    )
