"""Coalitional games: the front doors for values, core, nucleolus and what lies between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gametheory.certificates import certify as check
from gametheory.certificates.coalitional import read_allocation
from gametheory.concepts._engine import solved
from gametheory.games.base import lower
from gametheory.result import Allocation, Certificate, Concept, Core

__all__ = [
    "banzhaf_value",
    "core",
    "core_check",
    "gately_point",
    "kernel_point",
    "least_core",
    "nearest_core_point",
    "nucleolus",
    "per_capita_nucleolus",
    "per_capita_prenucleolus",
    "prekernel_point",
    "prenucleolus",
    "shapley_value",
    "tau_value",
]

_FOLDER = "gametheory.solvers.coalitional"

_SEPARATION = "gametheory.solvers.separation.nucleolus"

#: Concept -> form that is no table -> its solver.
_OTHER: dict[Concept, dict[str, str]] = {
    **{
        concept: dict.fromkeys(("LinearGame", "PooledGame"), f"{_SEPARATION}:{solver}")
        for concept, solver in (
            (Concept.LEAST_CORE, "SeparationLeastCore"),
            (Concept.NUCLEOLUS, "SeparationNucleolus"),
            (Concept.PER_CAPITA_NUCLEOLUS, "SeparationPerCapitaNucleolus"),
            (Concept.PER_CAPITA_PRENUCLEOLUS, "SeparationPerCapitaPrenucleolus"),
            (Concept.PRENUCLEOLUS, "SeparationPrenucleolus"),
        )
    },
    Concept.BANZHAF: {
        "PooledGame": "gametheory.solvers.pooled.halves:PooledBanzhaf",
        "PooledLoads": "gametheory.solvers.pooled.halves:PooledBanzhaf",
    },
    Concept.SHAPLEY: {
        "PooledGame": "gametheory.solvers.pooled.halves:PooledShapley",
        "PooledLoads": "gametheory.solvers.coalitional.sampling:SampledShapley",
    },
    Concept.CORE: {
        "LinearGame": "gametheory.solvers.linear.dual_point:DualPoint",
        "PooledGame": "gametheory.solvers.pooled.price_supported:PriceSupported",
        "PooledLoads": "gametheory.solvers.pooled.price_supported:PriceSupported",
    },
}

#: Concept -> the solver that works on the table.
_TABLE: dict[Concept, str] = {
    Concept.BANZHAF: "size_values:TableBanzhaf",
    Concept.CORE: "core:ExcessCore",
    Concept.GATELY: "margins:EqualPropensity",
    Concept.KERNEL: "nucleolus:NucleolusInKernel",
    Concept.LEAST_CORE: "core:ExcessLeastCore",
    Concept.NEAREST_CORE: "projection:NearestCorePoint",
    Concept.NUCLEOLUS: "nucleolus:SequentialNucleolus",
    Concept.PER_CAPITA_NUCLEOLUS: "nucleolus:PerCapitaNucleolus",
    Concept.PER_CAPITA_PRENUCLEOLUS: "nucleolus:PerCapitaPrenucleolus",
    Concept.PREKERNEL: "nucleolus:PrenucleolusInPrekernel",
    Concept.PRENUCLEOLUS: "nucleolus:SequentialPrenucleolus",
    Concept.SHAPLEY: "size_values:TableShapley",
    Concept.TAU: "margins:TauCompromise",
}

#: (concept, family) -> the solver that knows the structure and needs no table.
_FAMILY: dict[tuple[Concept, str], str] = {
    (Concept.BANZHAF, "WeightedMajority"): "weighted_majority:CountingBanzhaf",
    (Concept.CORE, "Assignment"): "structured:MatchingPrices",
    (Concept.CORE, "Flow"): "structured:SmallestCut",
    (Concept.CORE, "SpanningTree"): "structured:BirdTree",
    (Concept.NUCLEOLUS, "Airport"): "closed_forms:AirportNucleolus",
    (Concept.NUCLEOLUS, "Bankruptcy"): "structured:BankruptcyNucleolus",
    (Concept.SHAPLEY, "Airport"): "closed_forms:AirportShapley",
    (Concept.SHAPLEY, "Glove"): "closed_forms:GloveShapley",
    (Concept.SHAPLEY, "WeightedMajority"): "weighted_majority:CountingShapley",
}


def shapley_value(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the Shapley value: what a player adds on average over all orders in which the players may arrive.

    ``phi_i = sum over T without i of |T|! (n-|T|-1)!/n! (v(T + i) - v(T))`` (Shapley 1953). Tables of up to 30 players,
    pooled communities of up to 40 in which nobody reacts, votes, runways and gloves of any number are exact; for others
    sample, with an interval for every player, by
    ``solver=gametheory.solvers.coalitional.sampling.SampledShapley(seed=..., half_width=...)``. For pooled communities
    of any size ``solver=gametheory.solvers.pooled.large_population.LargePopulation()`` approximates it at once.

    Examples
    --------
    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> print(shapley_value(CoalitionalGame.glove(1, 2)))
    shapley_value = (player 0: 2/3, player 1: 1/6, player 2: 1/6)
    [exact] the allocation holds the Shapley values (bound 0)
    """
    return _allocation(game, Concept.SHAPLEY, solver, certify)


def banzhaf_value(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the Banzhaf value: what a player adds on average over all coalitions of the others (Banzhaf 1965).

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> banzhaf_value(CoalitionalGame.weighted_majority(3, [2, 1, 1])).exact
    (Fraction(3, 4), Fraction(1, 4), Fraction(1, 4))
    """
    return _allocation(game, Concept.BANZHAF, solver, certify)


def nucleolus(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the nucleolus: the imputation whose largest excess is least, then the next, and so on (Schmeidler 1969).

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> nucleolus(CoalitionalGame.bankruptcy(200, [100, 200, 300])).exact
    (Fraction(50, 1), Fraction(75, 1), Fraction(75, 1))

    Storage and pooled communities need no table: rows are found by a search, and its trees are the proof.

    >>> from gametheory.models import PooledCommunity
    >>> nucleolus(PooledCommunity.from_positions([2, 2, -3], feed_in="0.1", retail_price="0.3")).exact
    (Fraction(-3, 10), Fraction(-3, 10), Fraction(1, 2))
    """
    return _allocation(game, Concept.NUCLEOLUS, solver, certify)


def prenucleolus(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the prenucleolus: the same among all efficient allocations, imputations or not (Sobolev 1975)."""
    return _allocation(game, Concept.PRENUCLEOLUS, solver, certify)


def per_capita_nucleolus(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the nucleolus with every excess divided by the size of its coalition (Grotte 1970)."""
    return _allocation(game, Concept.PER_CAPITA_NUCLEOLUS, solver, certify)


def per_capita_prenucleolus(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the per-capita nucleolus among all efficient allocations."""
    return _allocation(game, Concept.PER_CAPITA_PRENUCLEOLUS, solver, certify)


def kernel_point(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return a point of the kernel, where no player outweighs another (Davis and Maschler 1965): the nucleolus."""
    return _allocation(game, Concept.KERNEL, solver, certify)


def prekernel_point(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return a point of the prekernel: the prenucleolus (Maschler, Peleg and Shapley 1979)."""
    return _allocation(game, Concept.PREKERNEL, solver, certify)


def tau_value(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the efficient point between minimal rights and utopia (Tijs 1981).

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> tau_value(CoalitionalGame.bankruptcy(200, [100, 200, 300])).exact
    (Fraction(40, 1), Fraction(80, 1), Fraction(80, 1))
    """
    return _allocation(game, Concept.TAU, solver, certify)


def gately_point(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return the point at which all players are equally inclined to disrupt (Gately 1974).

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> gately_point(CoalitionalGame.from_table([0, 0, 0, 1, 0, 1, 1, 2])).exact
    (Fraction(2, 3), Fraction(2, 3), Fraction(2, 3))
    """
    return _allocation(game, Concept.GATELY, solver, certify)


def least_core(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Allocation:
    """Return an efficient allocation whose largest excess over proper coalitions is least.

    That excess stands in ``.certificate.witness["largest_excess"]``; it is 0 or less where the core is not empty.
    """
    return _allocation(game, Concept.LEAST_CORE, solver, certify)


def nearest_core_point(
    game: Any, reference: Any = None, *, least: bool = False, solver: Any = None, certify: str | bool = "auto"
) -> Allocation:
    """Return the stable split nearest to a given one, in least squares: the smallest change that nobody blocks.

    Where the core is empty (or `least` is set) the least core takes its place. Without a reference shares are kept as
    equal as stability allows: their variance is least.

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> game = CoalitionalGame.from_dict({("a", "b"): 6, ("a", "b", "c"): 9}, ["a", "b", "c"], missing=0)
    >>> nearest_core_point(game, [1, 3, 5]).exact
    (Fraction(2, 1), Fraction(4, 1), Fraction(3, 1))
    """
    if solver is None:
        form = lower(game)
        given = () if reference is None else read_allocation(form.players, reference)
        if type(form).__name__ in ("LinearGame", "PooledGame"):
            from gametheory.solvers.separation.nearest import SeparationNearestCorePoint

            solver = SeparationNearestCorePoint(given, least)
        else:
            from gametheory.solvers.coalitional.projection import NearestCorePoint

            solver = NearestCorePoint(given, least)
    return _allocation(game, Concept.NEAREST_CORE, solver, certify)


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
    answer = solved(
        game, Concept.CORE, solver=solver, defaults=_defaults(game, Concept.CORE), kind=Core, certify=certify
    )
    return answer  # type: ignore[no-any-return]  # `solved` returns the kind it was given


def core_check(game: Any, allocation: Any) -> Certificate:
    """State exactly whether a coalition blocks an allocation of a game, who (the ten worst) and by how much.

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> print(core_check(CoalitionalGame.glove(1, 2), ["2/3", "1/6", "1/6"]))
    [exact] blocked by (player 0, player 1), gain 1/6 (bound 0.166667)

    A pooled or storage community of any size is searched by branch and bound; its tree is checked in whole numbers.

    >>> from gametheory.models import PooledCommunity
    >>> trio = PooledCommunity.from_positions([2, 2, -2], feed_in="0.1", retail_price="0.3")
    >>> print(core_check(trio, ["-0.3", "-0.3", "0.4"]))
    [exact] blocked by (1, 3), gain 1/10 (bound 0.1)
    """
    return check(game, allocation, concept=Concept.CORE_CHECK, witness=membership_witness(game, allocation))


def membership_witness(game: Any, allocation: Any) -> Mapping[str, Any]:
    """Return what decides core membership of an allocation: a proof by separation where the game has no table."""
    form = lower(game)
    if type(form).__name__ not in ("LinearGame", "PooledGame"):
        return {}
    from gametheory.solvers.separation.core_check import worst_coalitions

    return worst_coalitions(form, read_allocation(form.players, allocation))


def _allocation(game: Any, concept: Concept, solver: Any, certify: str | bool) -> Allocation:
    game = _tabled(game, concept, solver)
    answer = solved(game, concept, solver=solver, defaults=_defaults(game, concept), kind=Allocation, certify=certify)
    return answer  # type: ignore[no-any-return]  # `solved` returns the kind it was given


def _tabled(game: Any, concept: Concept, solver: Any) -> Any:
    """Return the table of a small pooled or linear-programming game where only tables are solved, else the game."""
    form = type(lower(game)).__name__
    takes = getattr(solver, "accepts", ("CoalitionalGame",)) if solver is not None else _OTHER.get(concept, {})
    if form not in ("LinearGame", "PooledGame", "PooledLoads") or form in takes:
        return game
    from gametheory.concepts.optimum import coalitional_game

    return coalitional_game(game)


def _defaults(game: Any, concept: Concept) -> dict[str, str]:
    """Return the default solver by form: the one that knows the family of this game, or the one for tables."""
    family = type(getattr(lower(game), "structure", None)).__name__
    table = f"{_FOLDER}.{_FAMILY.get((concept, family), _TABLE[concept])}"
    return {"CoalitionalGame": table, **_OTHER.get(concept, {})}
