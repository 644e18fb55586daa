"""What a solution of a splittable game states beside its split: prices, totals, money, up to the rounding of sums."""

from __future__ import annotations

from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.certificates.splittable import read
from gametheory.games.splittable import SplittableGame
from gametheory.result import Certificate, Concept, Solution

__all__ = ["stated"]

_ROUNDOFF = 2.0**-53


def stated(solution: Solution, found: Certificate) -> dict[str, Any]:
    """Return what follows from the split. A number that differs by rounding only is returned as it is stated."""
    game: SplittableGame = solution.game
    if solution.concept in (Concept.PRICE_OF_ANARCHY, Concept.PRICE_OF_STABILITY):
        sides = (("equilibrium", "equilibrium_total"), ("optimum", "optimum_total"))
        totals = {name: _total(game, solution.profile[side], getattr(solution, name)) for side, name in sides}
        return {**totals, "interval": found.witness.get("interval", getattr(solution, "interval", None))}
    details = getattr(solution, "details", {})
    demand, off = _demand(game, solution.profile)
    prices = game.slope * demand + game.prices_at_rest
    made = {
        "social_cost": game.social_cost,
        "totals": _unless_near(details.get("totals"), demand, off),
        "total_cost": _total(game, solution.profile, details.get("total_cost")),
    }
    if solution.concept is Concept.OPTIMUM:
        return {**made, "value": _total(game, solution.profile, getattr(solution, "value", None))}
    blur = game.slope * off + 8 * _ROUNDOFF * (game.slope * demand + np.abs(game.prices_at_rest))
    return {**made, "prices": _unless_near(details.get("prices"), prices, blur)}


def _demand(game: SplittableGame, profile: Any) -> tuple[FloatArray, FloatArray]:
    given = read(game, profile)
    return given.demand, 4 * len(given.split) * _ROUNDOFF * given.demand


def _total(game: SplittableGame, profile: Any, told: Any) -> Any:
    demand, off = _demand(game, profile)
    load = np.zeros_like(demand) if game.background is None else game.background
    size = (2 * game.slope * (demand + load) + np.abs(game.prices_at_rest)) * (off + 16 * _ROUNDOFF * (demand + load))
    return _unless_near(told, game.total(demand), float(size.sum()))


def _unless_near(told: Any, made: Any, off: Any) -> Any:
    """Return what is told where it is within `off` of what is made, else what is made."""
    plain = tuple(made.tolist()) if isinstance(made, np.ndarray) else made
    try:
        numbers = np.asarray(told, dtype=np.float64)
    except (TypeError, ValueError):
        return plain
    near = numbers.shape == np.shape(made) and bool((np.abs(numbers - made) <= off).all())
    return told if near else plain
