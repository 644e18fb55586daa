"""Nash equilibria and best responses: the front doors that every non-cooperative game form shares."""

from __future__ import annotations

import importlib
from typing import Any

from gametheory.concepts._engine import solved
from gametheory.errors import UnsupportedGame
from gametheory.games.base import lower
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Concept, Equilibria, Equilibrium

__all__ = ["best_response", "nash_equilibria", "nash_equilibrium"]

#: Form -> the solver that is used when none is named.
_ONE: dict[str, str] = {
    "DemandBiddingGame": "gametheory.solvers.aggregative.scalar_price:ScalarPrice",
}
_ALL: dict[str, str] = {}
#: Form -> the function that finds one player's best response: ``f(game, profile, player)``.
_BEST_RESPONSE: dict[str, str] = {
    "DemandBiddingGame": "gametheory.solvers.aggregative.best_response:best_response",
    "NormalFormGame": "gametheory.solvers.normal_form.best_response:best_response",
}


def nash_equilibrium(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Equilibrium:
    """Return one Nash equilibrium: a profile from which no player gains by deviating alone.

    Where several exist, ``.details["rule"]`` states which one was picked.

    Parameters
    ----------
    game
        A game, or a model that lowers itself to one.
    solver
        A solver object of ``gametheory.solvers``; left out, one that fits the game form.
    certify
        ``"auto"``: every answer is checked.

    Examples
    --------
    >>> game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> equilibrium = nash_equilibrium(game)
    >>> print(equilibrium.certificate)
    [exact] the profile is a Nash equilibrium (bound 0)
    """
    plain = lower(game)
    if solver is None and isinstance(plain, NormalFormGame):
        solver = _finite("one", plain)
    answer = solved(game, Concept.NASH, solver=solver, defaults=_ONE, kind=Equilibrium, certify=certify)
    return answer  # type: ignore[no-any-return]  # `solved` returns the kind it was given


def nash_equilibria(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Equilibria:
    """Return all Nash equilibria, or say that the list may not be complete.

    For two players: all extreme equilibria in exact rationals, and the maximal Nash subsets and connected components
    that they span. ``.complete`` is True only where a rigorous argument closes the list; ``.reason`` gives it.

    Examples
    --------
    >>> battle = NormalFormGame([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> equilibria = nash_equilibria(battle)
    >>> len(equilibria), equilibria.complete
    (3, True)
    """
    plain = lower(game)
    if solver is None and isinstance(plain, NormalFormGame):
        solver = _finite("all", plain)
    answer = solved(game, Concept.NASH_SET, solver=solver, defaults=_ALL, kind=Equilibria, certify=certify)
    return answer  # type: ignore[no-any-return]  # `solved` returns the kind it was given


def best_response(game: Any, profile: Any, player: str | int) -> Any:
    """Return what `player` does best while the others keep to `profile`, with its payoff and its gain.

    Examples
    --------
    >>> game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> reply = best_response(game, (0, 0), "player 0")
    >>> reply.strategies, reply.gain
    (('1',), Fraction(2, 1))
    """
    plain = lower(game)
    form = type(plain).__name__
    if form not in _BEST_RESPONSE:
        known = ", ".join(sorted(_BEST_RESPONSE))
        raise UnsupportedGame(f"best_response: not available for a {form}; it is for: {known}")
    module, name = _BEST_RESPONSE[form].split(":")
    return getattr(importlib.import_module(module), name)(plain, profile, player)


def _finite(wanted: str, game: NormalFormGame) -> Any:
    """Return the default solver of a finite game, which depends on the number of players."""
    from gametheory.solvers.normal_form import defaults

    return getattr(defaults, wanted)(game)
