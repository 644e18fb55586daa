"""Why a Stackelberg game has no feasible decision: which of its parts cannot be met, decided in rationals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gametheory.games.polyhedron import Coefficients
from gametheory.games.stackelberg import StackelbergGame
from gametheory.solvers.bilevel.exact_bound import decide_exactly
from gametheory.solvers.bilevel.float_programme import Outcome
from gametheory.solvers.bilevel.kkt_system import KKTSystem, Limits

__all__ = ["reason"]


def reason(game: StackelbergGame) -> str:
    """Return a sentence for a game of which it is known that no decision is feasible."""
    players = range(len(game.players))
    followers = ", ".join(map(repr, game.players[1:]))
    if not _meets(game, [0]):
        return f"the leader {game.players[0]!r} has no decision that meets its own constraints; loosen one"
    if not _meets(game, players[1:]):
        return f"no decision whatever leaves {followers} a feasible reply; loosen a constraint of a follower"
    if not _meets(game, players):
        return (
            f"no decision that the leader {game.players[0]!r} may take leaves {followers} a feasible reply that meets "
            "the leader's constraints; loosen one of either"
        )
    if game.integers:
        return "whole decisions have no optimal replies that meet all constraints (broken ones may); loosen one"
    system = KKTSystem.of_game(game)
    # The balance rows come last; with the multipliers' signs alone they say that every follower has a lowest cost.
    balances = system.rows[len(system.rows) - sum(len(block) for block in game.blocks[1:]) :]
    start = len(system.rows) - len(balances)
    free: list[Fraction | None] = [None] * system.decided
    limits = Limits(
        free + system.limits.lower[system.decided :],
        free + system.limits.upper[system.decided :],
        system.limits.row_lower[start:],
        system.limits.row_upper[start:],
    )
    if not _feasible(system.size, balances, limits):
        return f"whatever the leader decides, the costs of {followers} have no lowest value; bound their variables"
    return (
        f"feasible replies of {followers} exist, but no optimal ones that meet the constraints of the leader "
        f"{game.players[0]!r}; loosen its constraints on replies, or bound the followers' variables"
    )


def _meets(game: StackelbergGame, players: Sequence[int]) -> bool:
    """Whether some joint decision meets the constraints of these players."""
    size = len(game.names)
    lower: list[Fraction | None] = [None] * size
    upper: list[Fraction | None] = [None] * size
    rows: list[Coefficients] = []
    row_lower: list[Fraction | None] = []
    row_upper: list[Fraction | None] = []
    for i in players:
        own = game.constraints[i]
        for k in game.blocks[i]:
            lower[k], upper[k] = own.lower[k], own.upper[k]
        for coefficients, bound in (*own.inequalities, *own.equalities):
            rows.append(coefficients)
            row_upper.append(bound)
        row_lower += [None] * len(own.inequalities) + [bound for _, bound in own.equalities]
    return _feasible(size, rows, Limits(lower, upper, row_lower, row_upper))


def _feasible(size: int, rows: Sequence[Coefficients], limits: Limits) -> bool:
    return decide_exactly([Fraction(0)] * size, rows, limits, Outcome("unknown"), None).status != "infeasible"
