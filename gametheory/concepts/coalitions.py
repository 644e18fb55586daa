"""Coalitional games: the front doors for values, core and nucleolus."""

from __future__ import annotations

from typing import Any

from gametheory.certificates import certify as check
from gametheory.concepts._engine import solved
from gametheory.games.base import lower
from gametheory.result import Allocation, Certificate, Concept, Core

__all__ = ["banzhaf_value", "core", "core_check", "least_core", "nucleolus", "prenucleolus", "shapley_value"]

_FOLDER = "gametheory.solvers.coalitional"
_SHAPLEY: dict[str, str] = {"CoalitionalGame": f"{_FOLDER}.size_values:TableShapley"}
_BANZHAF: dict[str, str] = {"CoalitionalGame": f"{_FOLDER}.size_values:TableBanzhaf"}
_NUCLEOLUS: dict[str, str] = {"CoalitionalGame": f"{_FOLDER}.nucleolus:SequentialNucleolus"}
_PRENUCLEOLUS: dict[str, str] = {"CoalitionalGame": f"{_FOLDER}.nucleolus:SequentialPrenucleolus"}
#: Family -> the solver that knows its structure; others use the table.
_FAMILY_SHAPLEY: dict[str, str] = {
    "Airport": f"{_FOLDER}.closed_forms:AirportShapley",
    "Glove": f"{_FOLDER}.closed_forms:GloveShapley",
    "WeightedMajority": f"{_FOLDER}.weighted_majority:CountingShapley",
}
_FAMILY_BANZHAF: dict[str, str] = {"WeightedMajority": f"{_FOLDER}.weighted_majority:CountingBanzhaf"}
_FAMILY_NUCLEOLUS: dict[str, str] = {"Airport": f"{_FOLDER}.closed_forms:AirportNucleolus"}
_CORE: dict[str, str] = {
    "CoalitionalGame": f"{_FOLDER}.core:ExcessCore",
    "LinearGame": "gametheory.solvers.linear.dual_point:DualPoint",
    "PooledGame": "gametheory.solvers.pooled.price_supported:PriceSupported",
}
_LEAST_CORE: dict[str, str] = {"CoalitionalGame": f"{_FOLDER}.core:ExcessLeastCore"}


def shapley_value(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the Shapley value: what a player adds on average over all orders in which the players may arrive.

    ``phi_i = sum over T without i of |T|! (n-|T|-1)!/n! (v(T + i) - v(T))`` (Shapley 1953).

    Examples
    --------
    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> print(shapley_value(CoalitionalGame.glove(1, 2)))
    shapley_value = (player 0: 2/3, player 1: 1/6, player 2: 1/6)
    [exact] the allocation holds the Shapley values (bound 0)
    """
    return _allocation(game, Concept.SHAPLEY, solver, _by_family(game, _SHAPLEY, _FAMILY_SHAPLEY), certify)


def banzhaf_value(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the Banzhaf value: what a player adds on average over all coalitions of the others (Banzhaf 1965).

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> banzhaf_value(CoalitionalGame.weighted_majority(3, [2, 1, 1])).exact
    (Fraction(3, 4), Fraction(1, 4), Fraction(1, 4))
    """
    return _allocation(game, Concept.BANZHAF, solver, _by_family(game, _BANZHAF, _FAMILY_BANZHAF), certify)


def nucleolus(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the nucleolus: the imputation whose largest excess is least, then the next, and so on (Schmeidler 1969).

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> nucleolus(CoalitionalGame.bankruptcy(200, [100, 200, 300])).exact
    (Fraction(50, 1), Fraction(75, 1), Fraction(75, 1))
    """
    return _allocation(game, Concept.NUCLEOLUS, solver, _by_family(game, _NUCLEOLUS, _FAMILY_NUCLEOLUS), certify)


def prenucleolus(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the prenucleolus: the same among all efficient allocations, imputations or not (Sobolev 1975)."""
    return _allocation(game, Concept.PRENUCLEOLUS, solver, _PRENUCLEOLUS, certify)


def least_core(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return an efficient allocation whose largest excess over proper coalitions is least.

    That excess stands in ``.certificate.witness["largest_excess"]``; it is 0 or less where the core is not empty.
    """
    return _allocation(game, Concept.LEAST_CORE, solver, _LEAST_CORE, certify)


def core(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Core:
    """Return whether the core is empty: a point of it, or the balanced weights that show that there is none.

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> core(CoalitionalGame.weighted_majority(2, [1, 1, 1])).empty
    True

    The core of a pooled community is never empty; a point of it, for any number of members, is what everybody pays at
    the prices that support the optimum.

    >>> from gametheory.models import PooledCommunity
    >>> core(PooledCommunity.from_positions([2, 2, -2], feed_in="0.1", retail_price="0.3")).point
    (Fraction(-1, 5), Fraction(-1, 5), Fraction(1, 5))
    """
    return solved(game, Concept.CORE, solver=solver, defaults=_CORE, kind=Core, certify=certify)  # type: ignore[no-any-return]  # `solved` returns the kind it was given


def core_check(game: Any, allocation: Any) -> Certificate:
    """State exactly whether a coalition blocks an allocation of a game, who (the ten worst) and by how much.

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> print(core_check(CoalitionalGame.glove(1, 2), ["2/3", "1/6", "1/6"]))
    [exact] blocked by (player 0, player 1), gain 1/6 (bound 0.166667)
    """
    return check(game, allocation, concept=Concept.CORE_CHECK)


def _by_family(game: Any, defaults: dict[str, str], families: dict[str, str]) -> dict[str, str]:
    """Return the default solvers, with the one that knows the family of this game where there is one."""
    family = type(getattr(lower(game), "structure", None)).__name__
    return {**defaults, "CoalitionalGame": families[family]} if family in families else defaults


def _allocation(game: Any, concept: Concept, solver: Any, defaults: dict[str, str], certify: str | bool) -> Allocation:
    return solved(game, concept, solver=solver, defaults=defaults, kind=Allocation, certify=certify)  # type: ignore[no-any-return]  # `solved` returns the kind it was given
