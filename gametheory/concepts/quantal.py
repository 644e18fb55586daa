"""Quantal response equilibrium: the front door."""

from __future__ import annotations

from typing import Any

from gametheory.arithmetic import Number
from gametheory.concepts._engine import solved
from gametheory.games.base import lower
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Concept, Equilibrium

__all__ = ["quantal_response_equilibrium"]


def quantal_response_equilibrium(
    game: Any, *, precision: Number = 1, solver: Any = None, certify: str | bool = "auto"
) -> Equilibrium:
    """Return the logit quantal response equilibrium on the branch that starts from equal probabilities.

    Players mix with ``x_ik`` in proportion to ``exp(precision * u_ik)``; 0 is uniform, large is nearly best replies.
    The probabilities are enclosures; ``.details["branch"]`` holds the points traced, (precision, profile) in floats.

    Parameters
    ----------
    game
        A finite game, or a model that lowers itself to one.
    precision
        In units of one over payoffs, > 0.
    solver, certify
        As for :func:`~gametheory.nash_equilibrium`; a solver object brings its own precision.

    Examples
    --------
    >>> game = NormalFormGame([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    >>> logit = quantal_response_equilibrium(game, precision=2)
    >>> logit.certificate.strength.value, round(float(logit.profile[0][0]), 6)
    ('bounded', 0.860754)
    """
    if solver is None and isinstance(lower(game), NormalFormGame):
        from gametheory.solvers.normal_form.logit import LogitTracing

        solver = LogitTracing(precision=precision)
    answer = solved(game, Concept.QUANTAL_RESPONSE, solver=solver, defaults={}, kind=Equilibrium, certify=certify)
    return answer  # type: ignore[no-any-return]  # `solved` returns the kind it was given
