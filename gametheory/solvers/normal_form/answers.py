"""How the solvers of this folder hand up one equilibrium."""

from __future__ import annotations

from fractions import Fraction

from gametheory.games.mixed_profile import Mixed
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Answer

__all__ = ["Mixed", "equilibrium_answer", "supports"]


def supports(profile: Mixed) -> list[list[int]]:
    """Return the strategies that each player plays with positive probability."""
    return [[k for k, p in enumerate(strategy) if p.numerator] for strategy in profile]


def equilibrium_answer(
    game: NormalFormGame,
    profile: Mixed,
    *,
    rule: str,
    iterations: int = 0,
    payoffs: tuple[Fraction, ...] | None = None,
) -> Answer:
    """Return an answer with the strategies by name, the payoffs, and the rule that picked this equilibrium."""
    if payoffs is None:
        payoffs = _expected(game, profile)
    point = {
        name: dict(zip(names, strategy, strict=True))
        for name, names, strategy in zip(game.players, game.strategies, profile, strict=True)
    }
    extra = {"point": point, "payoffs": payoffs, "details": {"rule": rule}}
    return Answer(profile=profile, iterations=iterations, extra=extra)


def _expected(game: NormalFormGame, profile: Mixed) -> tuple[Fraction, ...]:
    keep = supports(profile)
    if all(len(own) == 1 for own in keep):
        return game.payoff([own[0] for own in keep])
    small = game.restricted(keep)
    return small.expected_payoffs([[s[k] for k in own] for s, own in zip(profile, keep, strict=True)])
