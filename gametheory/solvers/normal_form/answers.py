"""How the solvers of this folder hand up one equilibrium."""

from __future__ import annotations

from gametheory.games.mixed_profile import Mixed
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Answer

__all__ = ["Mixed", "equilibrium_answer", "supports"]


def supports(profile: Mixed) -> list[list[int]]:
    """Return the strategies that each player plays with positive probability."""
    return [[k for k, p in enumerate(strategy) if p] for strategy in profile]


def equilibrium_answer(game: NormalFormGame, profile: Mixed, *, rule: str, iterations: int = 0) -> Answer:
    """Return an answer with the strategies by name, the payoffs, and the rule that picked this equilibrium."""
    keep = supports(profile)
    small = game.restricted(keep)
    payoffs = small.expected_payoffs([[s[k] for k in own] for s, own in zip(profile, keep, strict=True)])
    point = {
        name: dict(zip(names, strategy, strict=True))
        for name, names, strategy in zip(game.players, game.strategies, profile, strict=True)
    }
    extra = {"point": point, "payoffs": payoffs, "details": {"rule": rule}}
    return Answer(profile=profile, iterations=iterations, extra=extra)
