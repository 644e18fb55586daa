"""Core membership, emptiness and the stability of a split, by enumeration of all coalitions in exact arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, brief, exact
from gametheory.certificates.coalitional import Excesses, read_allocation, sign_of, worst_coalitions
from gametheory.certificates.structured import structured_core
from gametheory.errors import InputError
from gametheory.games.coalitional import LAZY_LIMIT, CoalitionalGame
from gametheory.result import Certificate, Strength

__all__ = ["check_core", "check_stability"]


def check_stability(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """State whether a coalition blocks an allocation, who, and by how much: always an exact claim.

    A coalition blocks if its excess (``v(T) - x(T)``, or ``x(T) - C(T)`` of costs) is positive. The bound is the
    largest excess of a proper coalition. The witness holds the ten worst proper coalitions, every single player
    and the grand coalition, each with its excess; the grand coalition blocks every inefficient outcome.
    """
    allocation = read_allocation(game.players, profile)
    excesses = Excesses.of(game, allocation)
    worst, bound = excesses.largest()
    grand = excesses[len(excesses.numerators) - 1]
    if bound > 0:
        claim = f"blocked by ({', '.join(game.coalition(worst))}), gain {brief(bound)}"
    elif grand > 0:
        claim = f"no proper coalition blocks; all together would gain {brief(grand)}"
    elif grand < 0:
        claim = f"no coalition blocks, but the shares promise {brief(-grand)} more than all together have"
    else:
        claim = "no coalition blocks"
    return Certificate(
        strength=Strength.EXACT,
        claim=claim,
        bound=bound,
        witness=_evidence(game, excesses),
        epsilon=exact(epsilon, what="epsilon"),
    )


def _evidence(game: CoalitionalGame, excesses: Excesses) -> dict[str, Any]:
    return {
        "coalitions": tuple((game.coalition(mask), excesses[mask]) for mask in worst_coalitions(excesses)),
        "singles": tuple((name, excesses[1 << i]) for i, name in enumerate(game.players)),
        "grand": excesses[len(excesses.numerators) - 1],
    }


def check_core(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "this allocation is in the core", or "the core is empty" where the profile is a balanced collection.

    An allocation is in the core if it hands out exactly ``v(N)`` and no coalition has a positive excess (up to
    `epsilon`). A balanced collection is a mapping from coalitions (tuples of names) to weights; it shows that the core
    is empty if the weights are positive, those of the coalitions of each player sum to 1, and ``sum w(T) v(T) > v(N)``
    (``< C(N)`` for costs).
    """
    claimed = exact(epsilon, what="epsilon")
    if isinstance(profile, Mapping) and any(not isinstance(key, str) for key in profile):
        return _check_empty(game, profile)
    allocation = read_allocation(game.players, profile)
    if len(game.players) > LAZY_LIMIT and (found := structured_core(game, allocation, claimed)) is not None:
        return found
    excesses = Excesses.of(game, allocation)
    worst, excess = excesses.largest()
    grand = excesses[len(excesses.numerators) - 1]
    evidence = _evidence(game, excesses)
    if excess > 0:
        evidence["coalition"], evidence["excess"] = game.coalition(worst), excess
    bound = max(excess, abs(grand), Fraction(0))
    note = "" if claimed == 0 else f" up to an excess of {brief(claimed)}"
    inside = grand == 0 and excess <= claimed
    why = "" if inside else _why(game, worst, excess, grand, claimed)
    return Certificate(
        strength=Strength.EXACT if inside else Strength.REFUTED,
        claim=f"the allocation is in the core{note}{why}",
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )


def _why(game: CoalitionalGame, worst: int, excess: Fraction, grand: Fraction, claimed: Fraction) -> str:
    if excess > claimed:
        return f": ({', '.join(game.coalition(worst))}) gains {brief(excess)} by leaving"
    return f": the shares miss the grand coalition's {game.kind} by {brief(abs(grand))}"


def _check_empty(game: CoalitionalGame, profile: Mapping[Any, Any]) -> Certificate:
    weights: dict[int, Fraction] = {}
    for coalition, weight in profile.items():
        mask = game.mask(coalition)
        if not mask or mask in weights:
            raise InputError(f"balanced weights: {coalition!r} is empty or given twice; name each coalition once")
        weights[mask] = exact(weight, what=f"weight of {coalition}")
    cover = [sum((w for m, w in weights.items() if m >> i & 1), Fraction(0)) for i in range(len(game.players))]
    sign = sign_of(game)
    worth = sum((w * game.values[m] for m, w in weights.items()), Fraction(0))
    surplus = sign * (worth - game.values[2 ** len(game.players) - 1])
    problem = ""
    if any(weight <= 0 for weight in weights.values()):
        problem = ": a weight is not positive"
    elif any(share != 1 for share in cover):
        k = next(i for i, share in enumerate(cover) if share != 1)
        problem = f": the weights of player {game.players[k]!r} sum to {brief(cover[k])}, not to 1"
    elif surplus <= 0:
        problem = f": the balanced collection is worth {brief(worth)}, no better than the grand coalition"
    return Certificate(
        strength=Strength.REFUTED if problem else Strength.EXACT,
        claim=f"the core is empty{problem}",
        bound=Fraction(0) if not problem else abs(surplus),
        witness={"worth": worth, "surplus": surplus, "cover": tuple(cover)},
    )
