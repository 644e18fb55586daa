"""What one player does best while the others keep to a profile, exactly; and whether anybody would move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact
from gametheory.errors import Infeasible, InputError, Unbounded, UnsupportedGame
from gametheory.games.quadratic import QuadraticGame
from gametheory.solvers.quadratic.patterns import all_points
from gametheory.solvers.quadratic.system import System, Vector, is_convex, own_system

__all__ = ["QuadraticBestResponse", "best_response", "is_equilibrium", "least_own"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuadraticBestResponse:
    """A best reply in exact rationals.

    Attributes
    ----------
    player
        Who replies.
    strategy
        What it does, by variable name.
    value
        The cost or payoff it then has.
    gain
        By how much that is better than what it has in the profile.
    """

    player: str
    strategy: dict[str, Fraction]
    value: Fraction
    gain: Fraction


def _own_value(system: System, x: Sequence[Fraction]) -> Fraction:
    bent = sum((v * x[r] * x[c] for r, c, v in system.matrix), Fraction(0))
    return bent / 2 + sum((a * b for a, b in zip(system.vector, x, strict=True)), Fraction(0))


def least_own(system: System) -> Vector:
    """Return a minimiser of one player's own cost.

    Raises
    ------
    Unbounded, Infeasible
        There is none.
    UnsupportedGame
        The own cost is not convex and some variable has no bound.
    """
    if is_convex(system.polyhedron.size, system.matrix):
        point, _ = system.pivoted()
        if point is not None and system.holds(point):
            return point.x
        if not system.has_strategies():
            raise Infeasible("a player has no strategy that satisfies its constraints; loosen one")
        raise Unbounded("a player's own cost falls without end; bound its strategy")
    if not system.polyhedron.boxed:
        raise UnsupportedGame(
            "a player's own cost is not convex and some variable has no bound; give every variable both bounds"
        )
    found = all_points(system)
    # Bounded, so a minimum exists and satisfies the first-order conditions; on a set of such points of one pattern the
    # cost is constant, so one of them stands for all.
    candidates = [point.x for point in (*found.points, *found.continua)]
    if not candidates:
        raise Infeasible("a player has no strategy that satisfies its constraints; loosen one")
    return min(candidates, key=lambda x: _own_value(system, x))


def best_response(game: QuadraticGame, profile: Any, player: str | int) -> QuadraticBestResponse:
    """Return a best reply of `player` (name or index) to the others' strategies in `profile`.

    Examples
    --------
    >>> game = QuadraticGame.from_matrices(
    ...     [[[-2, -1], [-1, 0]], [[0, -1], [-1, -2]]], [[12, 0], [0, 12]], lower=[[0], [0]], sense="payoff"
    ... )
    >>> best_response(game, ((0,), (4,)), "player 0").gain
    Fraction(16, 1)
    """
    strategies = _read(game, profile)
    if isinstance(player, str) and player in game.players:
        i = game.players.index(player)
    elif isinstance(player, int) and not isinstance(player, bool) and 0 <= player < len(game.players):
        i = player
    else:
        raise InputError(f"player {player!r} is not in this game; the players are {', '.join(game.players)}")
    reply = least_own(own_system(game, game.costs, strategies, i))
    before = game.values(strategies)[i]
    after = game.values((*strategies[:i], reply, *strategies[i + 1 :]))[i]
    return QuadraticBestResponse(
        player=game.players[i],
        strategy=dict(zip(game.strategies[i].variables, reply, strict=True)),
        value=after,
        gain=before - after if game.sense == "cost" else after - before,
    )


def _read(game: QuadraticGame, profile: Any) -> tuple[Vector, ...]:
    rows: Sequence[Any] = [profile[name] for name in game.players] if isinstance(profile, dict) else profile
    if len(rows) != len(game.players):
        raise InputError(f"profile {profile!r}: give one strategy for each of the {len(game.players)} players")
    strategies = []
    for name, own, given in zip(game.players, game.strategies, rows, strict=True):
        numbers: Sequence[Number] = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
        if len(numbers) != own.size:
            raise InputError(f"{name!r}: {len(numbers)} numbers for {own.size} variables; give one for each")
        strategies.append(tuple(exact(v, what=f"{name!r} variable {k}") for k, v in enumerate(numbers)))
    return tuple(strategies)


def is_equilibrium(game: QuadraticGame, profile: Sequence[Vector]) -> bool:
    """Whether no player whose own cost is not convex would move; the others' conditions are taken to hold."""
    costs = game.costs
    for i, x in enumerate(profile):
        system = own_system(game, costs, profile, i)
        if is_convex(system.polyhedron.size, system.matrix):
            continue
        try:
            if _own_value(system, least_own(system)) < _own_value(system, x):
                return False
        except (Unbounded, UnsupportedGame):
            return False
    return True
