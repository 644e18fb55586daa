"""Which solver a finite game gets when none is named."""

from __future__ import annotations

from typing import Any

from gametheory.games.normal_form import NormalFormGame

__all__ = ["all", "one"]


def one(game: NormalFormGame) -> Any:
    """Return the solver for one equilibrium: a linear programme where payoffs sum to a constant, else Lemke-Howson."""
    from gametheory.solvers.normal_form.lemke_howson import LemkeHowson
    from gametheory.solvers.normal_form.pure import PureEnumeration
    from gametheory.solvers.normal_form.zero_sum import ZeroSumProgram, is_constant_sum

    if len(game.shape) != 2:
        return PureEnumeration()
    return ZeroSumProgram() if is_constant_sum(game) else LemkeHowson()


def all(game: NormalFormGame) -> Any:
    """Return the solver for all equilibria."""
    from gametheory.solvers.normal_form.extreme import ExtremeEquilibria

    return ExtremeEquilibria()
