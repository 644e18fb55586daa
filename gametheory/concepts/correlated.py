"""Correlated and coarse correlated equilibria: the front doors."""

from __future__ import annotations

from typing import Any

from gametheory.concepts._engine import solved
from gametheory.games.base import lower
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Concept, Equilibrium

__all__ = ["coarse_correlated_equilibrium", "correlated_equilibrium"]


def correlated_equilibrium(
    game: Any, *, objective: Any = "welfare", solver: Any = None, certify: str | bool = "auto"
) -> Equilibrium:
    """Return the correlated equilibrium that is best for `objective`, exactly.

    Parameters
    ----------
    game
        A finite game, or a model that lowers itself to one.
    objective
        ``"welfare"`` (the sum of payoffs), a player's name or index, or a table of the game's shape.
    solver, certify
        As for :func:`~gametheory.nash_equilibrium`; a solver object brings its own objective.

    Examples
    --------
    >>> chicken = NormalFormGame([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> best = correlated_equilibrium(chicken)
    >>> str(best.details["objective"]), best.certificate.claim
    ('21/2', 'the distribution is a correlated equilibrium, and none has a larger objective')
    """
    return _door(game, Concept.CORRELATED, "CorrelatedProgram", objective, solver, certify)


def coarse_correlated_equilibrium(
    game: Any, *, objective: Any = "welfare", solver: Any = None, certify: str | bool = "auto"
) -> Equilibrium:
    """Return the coarse correlated equilibrium that is best for `objective`; see :func:`correlated_equilibrium`.

    Examples
    --------
    >>> chicken = NormalFormGame([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> str(coarse_correlated_equilibrium(chicken, objective=0).details["objective"])
    '7'
    """
    return _door(game, Concept.COARSE_CORRELATED, "CoarseCorrelatedProgram", objective, solver, certify)


def _door(game: Any, concept: Concept, name: str, objective: Any, solver: Any, certify: str | bool) -> Equilibrium:
    if solver is None and isinstance(lower(game), NormalFormGame):
        from gametheory.solvers.normal_form import correlated

        solver = getattr(correlated, name)(objective=objective)
    answer = solved(game, concept, solver=solver, defaults={}, kind=Equilibrium, certify=certify)
    return answer  # type: ignore[no-any-return]  # `solved` returns the kind it was given
