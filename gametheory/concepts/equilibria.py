"""Nash equilibria and best responses: the front doors that every non-cooperative game form shares."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import Any

from gametheory.concepts._engine import solved
from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.base import lower
from gametheory.result import Concept, Equilibria, Equilibrium

__all__ = ["best_response", "nash_equilibria", "nash_equilibrium"]

#: Form -> the solver that is used when none is named.
_ONE: dict[str, str] = {
    "AggregativeGame": "gametheory.solvers.smooth.extragradient:Extragradient",
    "PopulationGame": "gametheory.solvers.smooth.extragradient:Extragradient",
    "PriceCompetition": "gametheory.solvers.price_competition.pure_prices:PurePrices",
    "SmoothGame": "gametheory.solvers.smooth.extragradient:Extragradient",
    "AffineGame": "gametheory.solvers.affine.interior_point:AffineInteriorPoint",
    "SmoothGeneralisedGame": "gametheory.solvers.smooth.own_multipliers:OwnMultipliers",
    "AuctionGame": "gametheory.solvers.auction.damped_best_reply:DampedBestReply",
    "DemandBiddingGame": "gametheory.solvers.aggregative.scalar_price:ScalarPrice",
    "SplittableGame": "gametheory.solvers.splittable.slot_prices:SlotPrices",
}
_ALL: dict[str, str] = {}
#: Form -> the function that finds one player's best response: ``f(game, profile, player)``.
_BEST_RESPONSE: dict[str, str] = {
    "AuctionGame": "gametheory.solvers.auction.best_response:best_response",
    "DemandBiddingGame": "gametheory.solvers.aggregative.best_response:best_response",
    "AggregativeGame": "gametheory.solvers.smooth.own_reply:best_response",
    "NormalFormGame": "gametheory.solvers.normal_form.best_response:best_response",
    "SmoothGame": "gametheory.solvers.smooth.own_reply:best_response",
    "QuadraticGame": "gametheory.solvers.quadratic.best_response:best_response",
}
#: Form -> the module whose ``one(game)`` and ``all(game)`` choose a solver by the game's structure.
_CHOOSERS: dict[str, str] = {
    "NormalFormGame": "gametheory.solvers.normal_form.defaults",
    "QuadraticGame": "gametheory.solvers.quadratic.defaults",
}
#: Form -> the checkers' function that says whether there can be two equilibria: ``f(game) -> (word, reason)``.
_UNIQUE: dict[str, str] = {
    "AggregativeGame": "gametheory.certificates.smooth:uniqueness",
    "PopulationGame": "gametheory.certificates.population:uniqueness",
    "QuadraticGame": "gametheory.certificates.quadratic:uniqueness",
    "SmoothGame": "gametheory.certificates.smooth:uniqueness",
}


def nash_equilibrium(
    game: Any, *, solver: Any = None, trace: bool = False, certify: str | bool = "auto"
) -> Equilibrium:
    """Return one Nash equilibrium: a profile from which no player gains by deviating alone.

    Where several exist, ``.details["rule"]`` states which one was picked.

    Parameters
    ----------
    game
        A game, or a model that lowers itself to one.
    solver
        A solver object of ``gametheory.solvers``; left out, one that fits the game form.
    trace
        Keep the steps for teaching under ``.details["trace"]``; finite games of two players, by Lemke-Howson.
    certify
        ``"auto"``: every answer is checked.

    Examples
    --------
    >>> from gametheory.games.normal_form import NormalFormGame
    >>> game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> equilibrium = nash_equilibrium(game)
    >>> print(equilibrium.certificate)
    [exact] the profile is a Nash equilibrium (bound 0)
    """
    plain = lower(game)
    if trace:
        if solver is not None or type(plain).__name__ != "NormalFormGame":
            raise InputError("trace=True is for finite games without solver=; give LemkeHowson(trace=True) instead")
        solver = _choice("told", plain)
    answer = solved(
        game, Concept.NASH, solver=solver or _choice("one", plain), defaults=_ONE, kind=Equilibrium, certify=certify
    )
    form = type(plain).__name__
    if form in _UNIQUE:
        word, reason = _load(_UNIQUE[form])(plain)
        answer = replace(answer, unique=word, unique_reason=reason)
    return answer  # type: ignore[no-any-return]  # `solved` returns the kind it was given


def nash_equilibria(game: Any, *, solver: Any = None, trace: bool = False, certify: str | bool = "auto") -> Equilibria:
    """Return all Nash equilibria, or say that the list may not be complete.

    For two players: all extreme equilibria in exact rationals, and the maximal Nash subsets and connected components
    that they span. ``.complete`` is True only where a rigorous argument closes the list; ``.reason`` gives it.

    Parameters
    ----------
    game
        A game, or a model that lowers itself to one.
    solver
        A solver object of ``gametheory.solvers``; left out, one that fits the game form.
    trace
        Keep the steps for teaching under ``.trace``; finite games of two players, by support enumeration, which may
        miss equilibria of degenerate games and says so.
    certify
        ``"auto"``: every answer is checked.

    Examples
    --------
    >>> from gametheory.games.normal_form import NormalFormGame
    >>> battle = NormalFormGame([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> equilibria = nash_equilibria(battle)
    >>> len(equilibria), equilibria.complete
    (3, True)
    """
    plain = lower(game)
    if trace:
        if solver is not None or type(plain).__name__ != "NormalFormGame":
            raise InputError(
                "trace=True is for finite games without solver=; give SupportEnumeration(trace=True) instead"
            )
        solver = _choice("all_told", plain)
    answer = solved(
        game, Concept.NASH_SET, solver=solver or _choice("all", plain), defaults=_ALL, kind=Equilibria, certify=certify
    )
    if type(plain).__name__ == "QuadraticGame" and answer.complete and not answer.certificate.witness.get("complete"):
        # The solver's argument alone is not enough: the checker searches again, and says where it gave up.
        answer = replace(answer, complete=False, reason=answer.certificate.claim, components=())
    return answer  # type: ignore[no-any-return]  # `solved` returns the kind it was given


def best_response(game: Any, profile: Any, player: str | int) -> Any:
    """Return what `player` does best while the others keep to `profile`, with its payoff and its gain.

    Examples
    --------
    >>> from gametheory.games.normal_form import NormalFormGame
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
    return _load(_BEST_RESPONSE[form])(plain, profile, player)


def _choice(wanted: str, game: Any) -> Any:
    """Return the solver that fits the structure of this game, or None where the form has one default."""
    form = type(game).__name__
    if form not in _CHOOSERS:
        return None
    return getattr(importlib.import_module(_CHOOSERS[form]), wanted)(game)


def _load(place: str) -> Any:
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)
