"""Whether bills are stable in a pooled community, and the least subsidy that would hold it, from the definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, brief, exact, exact_series, rational
from gametheory.certificates.pooled import read_amounts
from gametheory.certificates.pooled_table import coalition_costs, gains_by_leaving, members_of, named_gains
from gametheory.errors import InputError
from gametheory.games.pooled import PooledGame
from gametheory.result import Certificate, Strength

__all__ = ["check_stability"]


def check_stability(
    game: PooledGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """State whether a coalition would pay less on its own, who and by how much, and judge the subsidy claimed.

    `profile` is a mapping with ``"bills"`` and, where a subsidy is claimed, ``"subsidies"`` (one a player) and
    ``"weights"`` (coalition -> weight). The subsidies are least if every proper coalition that is paid them stays, the
    weights of the coalitions of each player sum to at most 1, and the weighted gains add up to the subsidies: weak
    duality, in exact numbers. The bound is the largest gain of a proper coalition: the bills are stable where it is 0
    or less. The grand coalition stands apart in ``witness["grand"]``, as collected minus ``C(N)``.
    """
    if witness and "tree" in witness:
        from gametheory.certificates import separated_core

        return separated_core.check_stability(game, profile, epsilon=epsilon, witness=witness)
    if not isinstance(profile, Mapping) or "bills" not in profile:
        raise InputError('the profile is a mapping with "bills", and "subsidies" with "weights" where they are claimed')
    bills = read_amounts(game, profile["bills"], what="bills")
    costs = coalition_costs(game)
    gains = gains_by_leaving(costs, bills)
    worst = named_gains(game, gains)
    bound = worst[0][1] if worst else Fraction(0)
    grand = exact(gains[-1])
    evidence: dict[str, Any] = {
        "coalitions": worst,
        "singles": tuple((name, exact(gains[1 << i])) for i, name in enumerate(game.players)),
        "grand": grand,
        "optimum": exact(costs[-1]),
    }
    claim = _sentence(worst, bound, grand)
    problem = ""
    if "subsidies" in profile:
        subsidies = read_amounts(game, profile["subsidies"], what="subsidies")
        problem = _objection(game, gains, subsidies, profile.get("weights", ()))
        total = sum(subsidies, Fraction(0))
        evidence["subsidy"] = total
        claim += (
            f"; a subsidy of {brief(total)} is the least that keeps every proper coalition{problem and ': '}{problem}"
        )
    return Certificate(
        strength=Strength.REFUTED if problem else Strength.EXACT,
        claim=claim,
        bound=bound,
        witness=evidence,
        epsilon=exact(epsilon, what="epsilon"),
    )


def _sentence(worst: Sequence[tuple[tuple[str, ...], Fraction]], bound: Fraction, grand: Fraction) -> str:
    if bound > 0:
        return f"blocked by ({', '.join(worst[0][0])}), gain {brief(bound)}"
    if grand > 0:
        return f"no proper coalition blocks; all together pay {brief(grand)} more than they need to"
    if grand < 0:
        return f"no coalition blocks, but the bills miss the least cost by {brief(-grand)}"
    return "no coalition blocks"


def _objection(game: PooledGame, gains: Sequence[Any], subsidies: Sequence[Fraction], weights: Any) -> str:
    """Return why the subsidies are not the least ones, or nothing."""
    if any(subsidy < 0 for subsidy in subsidies):
        return "a subsidy is negative"
    left = gains_by_leaving(gains, subsidies)  # subsidies of T minus its gain: must not be negative
    for mask in range(1, len(gains) - 1):
        if left[mask] < 0:
            return f"({', '.join(members_of(game, mask))}) still gains {brief(exact(-left[mask]))}"
    load = [Fraction(0)] * len(game.players)
    worth = Fraction(0)
    for coalition, weight in weights.items() if isinstance(weights, Mapping) else weights:
        (amount,) = exact_series([weight], what="weight")
        unknown = [name for name in coalition if name not in game.players]
        if unknown or len(set(coalition)) != len(coalition) or not 0 < len(coalition) < len(game.players):
            raise InputError(f"weights name {coalition!r}: give proper coalitions, each as a tuple of names")
        if amount < 0:
            return "a weight is negative"
        mask = 0
        for name in coalition:
            i = game.players.index(name)
            load[i] += amount
            mask |= 1 << i
        worth += exact(rational(amount) * gains[mask])
    if any(x > 1 for x in load):
        return "the weights of a player's coalitions sum to more than 1"
    total = sum(subsidies, Fraction(0))
    return "" if worth == total else f"the weights prove only {brief(worth)}"
