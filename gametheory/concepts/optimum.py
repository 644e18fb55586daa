"""The social optimum, and what every coalition could do on its own."""

from __future__ import annotations

from typing import Any

from gametheory.arithmetic import Number, exact
from gametheory.concepts._engine import solved
from gametheory.errors import InputError
from gametheory.result import Characteristic, Concept, Optimum

__all__ = ["characteristic_function", "coalitional_game", "social_optimum"]

#: Form -> the solver that is used when none is named.
_OPTIMUM: dict[str, str] = {
    "LinearGame": "gametheory.solvers.linear.exact_basis:ExactBasis",
    "NormalFormGame": "gametheory.solvers.normal_form.optimum:BestCell",
    "PooledGame": "gametheory.solvers.pooled.dual_price:DualPrice",
    "QuadraticGame": "gametheory.solvers.quadratic.optimum:TotalProgramme",
    "SplittableGame": "gametheory.solvers.splittable.slot_prices:TotalBySlots",
}
_CHARACTERISTIC: dict[str, str] = {
    "PooledGame": "gametheory.solvers.pooled.tabulate:Tabulate",
}


def social_optimum(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Optimum:
    """Return the least total cost (or greatest total payoff) of all players together.

    For a pooled game ``.value`` is ``C(N)``, ``.point`` the adjustments by name, and ``.details`` holds ``"prices"``
    and ``"grid_energy"`` (a number a step), ``"adjustments"`` (a row a player), ``"discomforts"`` and
    ``"price_supported"``, the split ``sum_t phi_it(lam_t)`` that no coalition blocks (a number a player).

    For a linear-programming game ``.details`` holds the multipliers ``"prices"`` and the ``"shares"`` that follow from
    them, a point of the core.

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
    >>> from gametheory.models.pooled_community import PooledCommunity
    >>> trio = PooledCommunity.from_positions((2, 2, -2), feed_in="0.1", retail_price="0.3")
    >>> best = social_optimum(trio)
    >>> best.value, best.certificate.strength.value
    (Fraction(-1, 5), 'exact')
    """
    answer = solved(game, Concept.OPTIMUM, solver=solver, defaults=_OPTIMUM, kind=Optimum, certify=certify)
    return answer  # type: ignore[no-any-return]  # `solved` returns the kind it was given


def characteristic_function(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Characteristic:
    """Return the cost (or value) of every coalition: ``.profile`` is the table, entry ``k`` holds the bits of ``k``.

    Raises
    ------
    SizeLimit
        Too many players for a table.

    Examples
    --------
    >>> from gametheory.models.pooled_community import PooledCommunity
    >>> table = characteristic_function(PooledCommunity.from_positions((1, -1), feed_in=1, retail_price=3))
    >>> table["2"], table["1", "2"], table.certificate.strength.value
    (Fraction(3, 1), Fraction(0, 1), 'exact')
    """
    answer = solved(
        game, Concept.CHARACTERISTIC, solver=solver, defaults=_CHARACTERISTIC, kind=Characteristic, certify=certify
    )
    return answer  # type: ignore[no-any-return]  # `solved` returns the kind it was given


def coalitional_game(table: Characteristic, *, grain: Number | None = None) -> Any:
    """Return the table as a :class:`~gametheory.games.coalitional.CoalitionalGame` of the same sense.

    Parameters
    ----------
    table
        What :func:`characteristic_function` returns.
    grain
        None keeps every number exact. Costs of ``2^n`` coalitions share no small denominator: with 14 members and 48
        steps the common one has 60,000 bits. A grain, such as ``"1e-12"``, rounds each number to the nearest multiple
        of it; the game is then another one, at most ``grain/2`` away in each coalition.

    Examples
    --------
    >>> from gametheory.models.pooled_community import PooledCommunity
    >>> trio = PooledCommunity.from_positions((2, 2, -2), feed_in="0.1", retail_price="0.3")
    >>> coalitional_game(characteristic_function(trio)).value(("1", "3"))
    Fraction(0, 1)
    """
    from gametheory.games.coalitional import CoalitionalGame

    kind = "cost" if table.game.sense == "cost" else "value"
    values = table.profile
    if grain is not None:
        unit = exact(grain, what="grain")
        if unit <= 0:
            raise InputError(f"grain is {grain}, not above 0; give a unit such as 1e-12, or None")
        values = tuple(round(value / unit) * unit for value in values)
    return CoalitionalGame.from_table(values, players=table.game.players, kind=kind)
