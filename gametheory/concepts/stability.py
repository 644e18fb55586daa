"""Is this split of bills stable: who would rather leave, by how much, and what would hold them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory._version import __version__
from gametheory.arithmetic import Number, exact, exact_series, rational
from gametheory.certificates import certify
from gametheory.certificates.pooled_table import LARGEST as TABLE_LIMIT
from gametheory.concepts.coalitions import core_check as coalition_check
from gametheory.domain.community import Community
from gametheory.domain.suggestions import did_you_mean
from gametheory.errors import InputError
from gametheory.games.base import lower
from gametheory.games.pooled import PooledGame
from gametheory.result import Concept, CoreCheck

__all__ = ["core_check"]


def core_check(
    community: Any,
    bills: Mapping[str, Number] | Sequence[Number],
    *,
    baseline: str | Mapping[str, Number] | Sequence[Number] = "alone",
    elasticity: Number | Mapping[str, Number] = 0,
) -> Any:
    """Return whether a split of bills is stable: which members would pay less as a group of their own.

    A group ``T`` of members could share one meter and pay ``C(T)``: with elasticity 0 the grid's bill for its measured
    positions. It *blocks* the bills where ``sum_{i in T} bills_i > C(T)``; the difference is what it gains by leaving.

    Parameters
    ----------
    community
        A community, or a :class:`~gametheory.models.pooled_community.PooledCommunity` (then leave `elasticity` out).
        A coalitional game or a storage coalition is taken too, with an allocation for `bills`, and so is a community
        of more than 16 members: the answer is then its certificate alone, which names the ten worst coalitions.
    bills
        What each member pays (money), by name or in member order. With elasticity above 0 the bills must include each
        member's discomfort, as ``C(T)`` does.
    baseline
        What savings are measured against: ``"alone"`` (``C({i})``), or reference bills by name or in member order.
    elasticity
        How members react, as in the study; 0: not at all.

    Returns
    -------
    CoreCheck
        Every single member and the ten worst proper coalitions with their gains, the grand coalition apart, savings,
        the smallest subsidy that would hold all proper coalitions, and the certificate.

    Raises
    ------
    InputError
        A member has no bill, a bill is no number, or names nobody.
    GameTheoryError
        More than 16 members, and the search for the worst coalition gave up.

    Examples
    --------
    >>> from gametheory.markets import mid_market_rate
    >>> from gametheory.models.pooled_community import PooledCommunity
    >>> trio = PooledCommunity.from_positions((2, 2, -2), feed_in="0.1", retail_price="0.3")
    >>> print(core_check(trio, mid_market_rate([-2, -2, 2], feed_in="0.1", retail_price="0.3").bills))
    not stable: (1, 3) would save 0.1 on their own
    would gain alone: 1 -0.1, 2 -0.1, 3 -0.2
    would gain as a group: (1, 3) 0.1, (2, 3) 0.1, (1) -0.1, (2) -0.1, (1, 2) -0.2, (3) -0.2
    all together: the bills add up to the least cost, -0.2
    saves against alone: 1 0.1, 2 0.1, 3 0.2
    smallest subsidy that would hold it: 0.1 (1 0, 2 0, 3 0.1)
    [exact] blocked by (1, 3), gain 1/10; a subsidy of 1/10 is the least that keeps every proper coalition (bound 0.1)
    """
    start = time.perf_counter()
    game = _game(community, elasticity)
    if not isinstance(game, PooledGame) or len(game.players) > TABLE_LIMIT:
        if baseline != "alone":
            raise InputError(
                f"a baseline is for a community of at most {TABLE_LIMIT} members whose coalitions are all costed; "
                "leave it out"
            )
        return coalition_check(game, bills)
    from gametheory.numerics.covering import least_cover
    from gametheory.solvers.pooled.tabulate import Tabulate

    paid = _amounts(game.players, bills, what="bill")
    costs = Tabulate().solve(game).profile  # refuses more members than it can tabulate
    size = len(game.players)
    subsidies, weights = least_cover(_demands(costs, paid), size)
    profile = {
        "bills": paid,
        "subsidies": subsidies,
        "weights": tuple(
            (tuple(name for i, name in enumerate(game.players) if mask >> i & 1), weight)
            for mask, weight in sorted(weights.items())
            if weight
        ),
    }
    alone = tuple(costs[1 << i] for i in range(size))
    reference = alone if _is_alone(baseline) else _amounts(game.players, baseline, what="reference bill")
    if not _is_alone(baseline):
        profile["reference"] = reference
    certificate = certify(game, profile, concept=Concept.CORE_CHECK)
    evidence = certificate.witness
    return CoreCheck(
        game=game,
        concept=Concept.CORE_CHECK,
        profile=profile,
        method="enumeration",
        certificate=certificate,
        wall_time=time.perf_counter() - start,
        provenance={"gametheory": __version__, **getattr(community, "provenance", {})},
        stable=certificate.bound <= 0,
        singles=evidence["singles"],
        blocking=evidence["coalitions"],
        grand=evidence["grand"],
        optimum=evidence["optimum"],
        baseline="alone" if _is_alone(baseline) else "reference bills",
        savings=tuple(x - bill for x, bill in zip(reference, paid, strict=True)),
        subsidies=subsidies,
    )


def _game(community: Any, elasticity: Any) -> Any:
    if isinstance(community, Community):
        from gametheory.models.pooled_community import PooledCommunity

        return PooledCommunity(community, elasticity=elasticity).to_game()
    if isinstance(elasticity, Mapping) or elasticity != 0:
        raise InputError("a game has preferences of its own; give elasticity= with a community only")
    return lower(community)


def _is_alone(baseline: Any) -> bool:
    if isinstance(baseline, str) and baseline != "alone":
        raise InputError(f"baseline={baseline!r} is unknown; give 'alone' or reference bills by name")
    return isinstance(baseline, str)


def _amounts(players: tuple[str, ...], given: Any, *, what: str) -> tuple[Fraction, ...]:
    """Return one exact amount a member, with every problem of the input in one error."""
    if isinstance(given, Mapping):
        problems = [f"member {name!r} has no {what}; give one" for name in players if name not in given]
        problems += [
            f"a {what} names {name!r}, who is no member{did_you_mean(name, players)}"
            for name in given
            if name not in players
        ]
        InputError.raise_all(problems)
        return tuple(exact(given[name], what=f"{what} of {name!r}") for name in players)
    if isinstance(given, str) or not hasattr(given, "__len__") or len(given) != len(players):
        raise InputError(f"{what}s {given!r}: give one for each of {', '.join(players)}")
    return exact_series(given, what=f"{what}s")


def _demands(costs: Sequence[Fraction], paid: Sequence[Fraction]) -> list[Any]:
    """Return what each proper coalition gains by leaving: what its members must get together to stay."""
    sums = [rational(0)]
    for bill in paid:
        sums += [x + rational(bill) for x in sums]
    demands: list[Any] = [x - rational(cost) for x, cost in zip(sums, costs, strict=True)]
    demands[0] = demands[-1] = None
    return demands
