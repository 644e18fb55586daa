"""Equilibria of games with shared constraints."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gametheory.arithmetic import Number
from gametheory.concepts._engine import pick, solved
from gametheory.errors import InputError
from gametheory.games.base import lower
from gametheory.result import Concept, Equilibrium

__all__ = ["variational_equilibrium"]

#: Form -> the solver that is used when none is named.
_DEFAULTS: dict[str, str] = {
    "AffineGame": "gametheory.solvers.affine.interior_point:AffineInteriorPoint",
    "SmoothGeneralisedGame": "gametheory.solvers.smooth.variational:JointExtragradient",
    "GeneralisedGame": "gametheory.solvers.generalised.shared_multipliers:SharedMultipliers",
}
#: Form -> the checkers' function that says whether there can be two variational equilibria.
_UNIQUE: dict[str, str] = {
    "AffineGame": "gametheory.certificates.affine:uniqueness",
    "GeneralisedGame": "gametheory.certificates.generalised:uniqueness",
    "SmoothGeneralisedGame": "gametheory.certificates.smooth_generalised:uniqueness",
}


def variational_equilibrium(
    game: Any, *, weights: Sequence[Number] | None = None, solver: Any = None, certify: str | bool = "auto"
) -> Equilibrium:
    """Return the generalised Nash equilibrium at which all players see the same multipliers of the shared constraints.

    ``.details["shared_multipliers"]`` are the prices of the shared constraints, ``.unique`` says whether there is
    another variational equilibrium (other generalised ones there often are).

    Parameters
    ----------
    game
        A game with shared constraints, or a model that lowers itself to one.
    weights
        Rosen's weights, one a player: a player of weight ``r`` sees the multipliers divided by ``r``.
    solver
        A solver object; with it, weights belong to the solver.
    certify
        ``"auto"``: every answer is checked.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> answer = variational_equilibrium(catalogue("shared_budget").game)
    >>> answer.profile, answer.details["shared_multipliers"]["inequalities"], answer.certificate.strength.value
    (((Fraction(3, 4),), (Fraction(1, 4),)), (Fraction(1, 2),), 'exact')
    """
    if weights is not None and solver is not None:
        raise InputError("give weights= or solver=, not both: weights are a setting of the solver")
    plain = lower(game)
    form = type(plain).__name__
    if weights is not None:
        solver = replace(pick(plain, None, _DEFAULTS, Concept.VARIATIONAL), weights=tuple(weights))
    answer = solved(game, Concept.VARIATIONAL, solver=solver, defaults=_DEFAULTS, kind=Equilibrium, certify=certify)
    module, function = _UNIQUE[form].split(":")
    word, reason = getattr(importlib.import_module(module), function)(plain, answer.witness.get("weights"))
    return replace(answer, unique=word, unique_reason=reason)  # type: ignore[no-any-return]  # the kind it was given
