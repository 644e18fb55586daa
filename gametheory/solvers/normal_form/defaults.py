"""Which solver a finite game gets when none is named."""

from __future__ import annotations

from typing import Any

from gametheory.games.normal_form import NormalFormGame

__all__ = ["all", "one"]

#: Up to this many strategies of both players together one path in integers is quick.
_SMALL = 24


def one(game: NormalFormGame) -> Any:
    """Return the solver for one equilibrium.

    Two players: a linear programme where payoffs sum to a constant, else Lemke-Howson from label 0, or from many labels
    at once in larger games. Others: a search by supports.
    """
    from gametheory.solvers.normal_form.lemke_howson import LemkeHowson
    from gametheory.solvers.normal_form.race import Race
    from gametheory.solvers.normal_form.support_search import SupportSearch
    from gametheory.solvers.normal_form.zero_sum import ZeroSumProgram, is_constant_sum

    if len(game.shape) != 2:
        return SupportSearch()
    if is_constant_sum(game):
        return ZeroSumProgram()
    return LemkeHowson() if sum(game.shape) <= _SMALL else Race()


def all(game: NormalFormGame) -> Any:
    """Return the solver for all equilibria: vertices for two players, subdivision for others."""
    from gametheory.solvers.normal_form.extreme import ExtremeEquilibria
    from gametheory.solvers.normal_form.subdivision import SupportSubdivision

    return ExtremeEquilibria() if len(game.shape) == 2 else SupportSubdivision()
