"""Which solver a finite game gets when none is named."""

from __future__ import annotations

from typing import Any

from gametheory.games.normal_form import NormalFormGame

__all__ = ["all", "one"]


def one(game: NormalFormGame) -> Any:
    """Return the solver for one equilibrium: Lemke and Howson's for two players."""
    from gametheory.solvers.normal_form.lemke_howson import LemkeHowson
    from gametheory.solvers.normal_form.pure import PureEnumeration

    return LemkeHowson() if len(game.shape) == 2 else PureEnumeration()


def all(game: NormalFormGame) -> Any:
    """Return the solver for all equilibria."""
    from gametheory.solvers.normal_form.extreme import ExtremeEquilibria

    return ExtremeEquilibria()
