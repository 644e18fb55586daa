"""The social optimum, and what every coalition could do on its own."""

from __future__ import annotations

from typing import Any

from gametheory.arithmetic import Number, exact
from gametheory.concepts._engine import solved
from gametheory.errors import GameTheoryError, Infeasible, InputError, SizeLimit
from gametheory.games.base import lower
from gametheory.games.pooled_loads import PooledLoads
from gametheory.result import Characteristic, Concept, Optimum

__all__ = ["characteristic_function", "coalitional_game", "social_optimum"]

#: Form -> the solver that is used when none is named.
_OPTIMUM: dict[str, str] = {
    "GeneralisedGame": "gametheory.solvers.quadratic.optimum:TotalProgramme",
    "LinearGame": "gametheory.solvers.linear.exact_basis:ExactBasis",
    "NormalFormGame": "gametheory.solvers.normal_form.optimum:BestCell",
    "PooledGame": "gametheory.solvers.pooled.dual_price:DualPrice",
    "QuadraticGame": "gametheory.solvers.quadratic.optimum:TotalProgramme",
    "SplittableGame": "gametheory.solvers.splittable.slot_prices:TotalBySlots",
}
_CHARACTERISTIC: dict[str, str] = {
    "PooledGame": "gametheory.solvers.pooled.tabulate:Tabulate",
}

#: Members of a pooled game and players of a linear programme whose coalitions are put in a table.
_POOLED_LIMIT, _LINEAR_LIMIT = 16, 12


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


def coalitional_game(source: Any, *, grain: Number | None = None, workers: int | None = None) -> Any:
    """Return a game of coalitions as its table, a :class:`~gametheory.games.coalitional.CoalitionalGame`.

    Parameters
    ----------
    source
        What :func:`characteristic_function` returns, or a pooled or linear-programming game, or a model of one. Every
        cost is certified: a pooled game's all at once, those of a linear-programming game one programme each, which
        joblib shares out (``joblib.parallel_config(backend="dask")`` moves them to a cluster).
    grain
        None keeps every number exact. Costs of ``2^n`` coalitions share no small denominator: with 14 members and 48
        steps the common one has 60,000 bits. A grain, such as ``"1e-12"``, rounds each number to the nearest multiple
        of it; the game is then another one, at most ``grain/2`` away in each coalition.
    workers
        Processes of joblib; None follows ``joblib.parallel_config``.

    Raises
    ------
    SizeLimit
        More than 16 players of a pooled game, more than 12 of a linear-programming game.

    Examples
    --------
    >>> from gametheory.models.pooled_community import PooledCommunity
    >>> trio = PooledCommunity.from_positions((2, 2, -2), feed_in="0.1", retail_price="0.3")
    >>> coalitional_game(trio).value(("1", "3"))
    Fraction(0, 1)
    """
    from gametheory.games.coalitional import CoalitionalGame

    if isinstance(source, Characteristic):
        game, values = source.game, source.profile
    else:
        game = lower(source)
        values = _linear_costs(game, workers) if type(game).__name__ == "LinearGame" else _all_costs(game)
    kind = "cost" if game.sense == "cost" else "value"
    if grain is not None:
        unit = exact(grain, what="grain")
        if unit <= 0:
            raise InputError(f"grain is {grain}, not above 0; give a unit such as 1e-12, or None")
        values = tuple(round(value / unit) * unit for value in values)
    return CoalitionalGame.from_table(values, players=game.players, kind=kind)


def _all_costs(game: Any) -> Any:
    if isinstance(game, PooledLoads):
        if len(game.players) > _POOLED_LIMIT:  # before it is made into records
            raise SizeLimit(f"{len(game.players)} members have too many coalitions for a table; sample")
        game = game.pooled()
    found = characteristic_function(game)
    if not found.certificate.holds():
        raise GameTheoryError(f"the costs of the coalitions are not proved: {found.certificate.claim}")
    return found.profile


def _linear_costs(game: Any, workers: int | None) -> Any:
    from joblib import Parallel, delayed

    n = len(game.players)
    if n > _LINEAR_LIMIT:
        raise SizeLimit(
            f"{n} players have 2^{n} coalitions, a linear programme each; a table is made up to {_LINEAR_LIMIT} players"
        )
    masks = range(1, 2**n)
    names = [[name for i, name in enumerate(game.players) if mask >> i & 1] for mask in masks]
    costs = Parallel(n_jobs=workers, batch_size=8)(delayed(_linear_cost)(game, coalition) for coalition in names)
    return (exact(0), *costs)


def _linear_cost(game: Any, coalition: list[str]) -> Any:
    try:
        found = social_optimum(game.subgame(coalition))
    except Infeasible as error:
        raise Infeasible(f"coalition ({', '.join(coalition)}): {error}") from None
    if not found.certificate.holds():
        raise GameTheoryError(f"the cost of ({', '.join(coalition)}) is not proved: {found.certificate.claim}")
    return found.value
