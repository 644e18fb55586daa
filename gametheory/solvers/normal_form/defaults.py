"""Which solver a finite game gets when none is named."""

from __future__ import annotations

import math
from typing import Any

from gametheory.games.normal_form import NormalFormGame

__all__ = ["all", "all_told", "one", "told"]

#: Up to this many strategies of both players together one path in integers is quick.
_SMALL = 8
#: Up to this many support profiles a search is quick.
_SUPPORTS = 5_000


def one(game: NormalFormGame) -> Any:
    """Return the solver for one equilibrium.

    Two players: a linear programme where payoffs sum to a constant, else Lemke-Howson from label 0, or from many labels
    at once in larger games. Others: a search by supports, or the logit homotopy where these are too many.
    """
    if len(game.shape) != 2:
        from gametheory.solvers.normal_form.homotopy import LogitHomotopy
        from gametheory.solvers.normal_form.support_search import SupportSearch

        supports = math.prod(2**m - 1 for m in game.shape)
        return SupportSearch() if supports <= _SUPPORTS else LogitHomotopy()
    from gametheory.solvers.normal_form.zero_sum import ZeroSumProgram, is_constant_sum

    if is_constant_sum(game):
        return ZeroSumProgram()
    if sum(game.shape) <= _SMALL:
        from gametheory.solvers.normal_form.lemke_howson import LemkeHowson

        return LemkeHowson()
    from gametheory.solvers.normal_form.race import Race

    return Race()


def all(game: NormalFormGame) -> Any:
    """Return the solver for all equilibria: vertices for two players, subdivision for others."""
    from gametheory.solvers.normal_form.extreme import ExtremeEquilibria
    from gametheory.solvers.normal_form.subdivision import SupportSubdivision

    return ExtremeEquilibria() if len(game.shape) == 2 else SupportSubdivision()


def told(game: NormalFormGame) -> Any:
    """Return the solver that keeps its steps: Lemke-Howson, whatever the size."""
    from gametheory.solvers.normal_form.lemke_howson import LemkeHowson

    return LemkeHowson(trace=True)


def all_told(game: NormalFormGame) -> Any:
    """Return the solver that keeps its steps on the way to all equilibria: support enumeration."""
    from gametheory.solvers.normal_form.support_enumeration import SupportEnumeration

    return SupportEnumeration(trace=True)
