"""Linear-programming games judged by exact duality: the optimum, and core allocations from its multipliers.

For multipliers ``y`` of the common rows and ``w_i`` of a member's own, its share is ``y h_i + w_i f_i + sum_j (lower_j
r_j^+ - upper_j r_j^-)`` with ``r = c_i - B_i' y - E_i' w_i``. If ``c - A' y >= 0`` and
every needed bound is finite, no coalition costs less than its shares: that is weak duality, term by term.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, brief, exact, exact_series, rational
from gametheory.errors import InputError
from gametheory.games.linear import LinearGame, LinearMember
from gametheory.result import Certificate, Strength

__all__ = ["check_core_membership", "check_social_optimum", "member_shares"]


def member_shares(
    game: LinearGame, prices: Sequence[Fraction], own: Sequence[Sequence[Fraction]]
) -> tuple[list[Any], str]:
    """Return every member's share at the multipliers as ``fmpq``, and why they bound nothing, or an empty text."""
    problem = ""
    columns = [rational(c) for c in game.costs]
    for price, pairs in zip(prices, game.common, strict=True):
        for k, a in pairs:
            columns[k] -= rational(price) * rational(a)
    if any(r < 0 for r in columns):
        problem = f"the multipliers leave common variable {next(k for k, r in enumerate(columns) if r < 0)} a gain"
    shares = []
    for name, member, mine in zip(game.players, game.members, own, strict=True):
        share, objection = _share(member, prices, mine)
        shares.append(share)
        problem = problem or (objection and f"player {name!r}: {objection}")
    return shares, problem


def _share(member: LinearMember, prices: Sequence[Fraction], own: Sequence[Fraction]) -> tuple[Any, str]:
    share = rational(0)
    reduced = [rational(c) for c in member.costs]
    for price, need, pairs in zip(prices, member.demand, member.coupling, strict=True):
        share += rational(price) * rational(need)
        for k, a in pairs:
            reduced[k] -= rational(price) * rational(a)
    for price, (pairs, right) in zip(own, member.rows, strict=True):
        share += rational(price) * rational(right)
        for k, a in pairs:
            reduced[k] -= rational(price) * rational(a)
    objection = ""
    for k, (r, low, high) in enumerate(zip(reduced, member.lower, member.upper, strict=True)):
        bound = low if r > 0 else high
        if r == 0:
            continue
        if bound is None:
            objection = objection or f"variable {k} has a reduced cost and no bound on that side"
        else:
            share += r * rational(bound)
    return share, objection


def check_social_optimum(
    game: LinearGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether a point is optimal for all players together, up to `epsilon` (money).

    `profile` is a mapping with ``"common"`` and ``"activities"`` (one row a player), the multipliers ``"prices"`` and
    ``"own_prices"``, and perhaps ``"value"``. The point must be feasible (otherwise it is ill-formed); the bound is its
    cost minus the sum of the shares.
    """
    claimed = exact(epsilon, what="epsilon")
    common, activities = _point(game, profile)
    prices, own = _multipliers(game, profile)
    shares, problem = member_shares(game, prices, own)
    value = _cost(game, common, activities)
    lower = exact(sum(shares, rational(0)))
    bound = value - lower
    holds = not problem and bound <= claimed
    claim = f"the point is optimal for all {len(game.players)} players together{problem and ': '}{problem}"
    if "value" in profile and exact(profile["value"], what="value") != value:
        claim, holds, bound = f"the point costs {brief(profile['value'])}", False, abs(exact(profile["value"]) - value)
    return Certificate(
        strength=Strength.EXACT if holds else Strength.REFUTED,
        claim=claim + ("" if claimed == 0 else f" up to {brief(claimed)}"),
        bound=bound,
        witness={"value": value, "lower_bound": lower, "shares": tuple(map(exact, shares))},
        epsilon=claimed,
    )


def check_core_membership(
    game: LinearGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether an allocation adds up to ``C(N)`` and no coalition pays less on its own.

    `witness` is what an optimum's profile holds: a point and multipliers that prove ``C(N)``. The allocation is in the
    core if nobody gets more than the share that the multipliers give. A proof by separation decides every allocation.

    Raises
    ------
    InputError
        No such witness, or the multipliers do not decide this allocation.
    """
    if witness and "tree" in witness:
        from gametheory.certificates.separated_core import check_membership

        return check_membership(game, profile, epsilon=epsilon, witness=witness)
    claimed = exact(epsilon, what="epsilon")
    if not witness or "prices" not in witness:
        raise InputError('give the optimum\'s profile as witness: "common", "activities", "prices" and "own_prices"')
    optimum = check_social_optimum(game, {k: v for k, v in witness.items() if k != "value"})
    if not optimum.holds():
        raise InputError(f"the witness proves no optimum: its gap is {brief(optimum.bound)}; give that of an optimum")
    amounts = _amounts(game, profile)
    shares = optimum.witness["shares"]
    gap = sum(amounts, Fraction(0)) - optimum.witness["value"]
    above = [x - share for x, share in zip(amounts, shares, strict=True) if x > share]
    over = sum(above, Fraction(0))
    if abs(gap) <= claimed < over:
        raise InputError(
            "the multipliers do not decide whether this allocation is in the core: somebody pays more than its share; "
            "ask core_check, or core(...).contains, which search for the worst coalition"
        )
    holds = abs(gap) <= claimed and over <= claimed
    return Certificate(
        strength=Strength.EXACT if holds else Strength.REFUTED,
        claim="the allocation adds up to the optimum"
        + (" and no coalition pays less on its own" if holds else "")
        + ("" if claimed == 0 else f" up to {brief(claimed)}"),
        bound=max(abs(gap), over) if holds else abs(gap),
        witness={"optimum": optimum.witness["value"], "shares": shares, "coalitions": ()},
        epsilon=claimed,
    )


# ------------------------------------------------------------------------------------------------------- reading


def _amounts(game: LinearGame, profile: Any) -> tuple[Fraction, ...]:
    if isinstance(profile, Mapping):
        if set(profile) != set(game.players):
            raise InputError(f"the allocation names {sorted(profile)}, the players are {list(game.players)}")
        profile = [profile[name] for name in game.players]
    if isinstance(profile, str) or not hasattr(profile, "__len__") or len(profile) != len(game.players):
        raise InputError(f"allocation {profile!r}: give one amount for each of the {len(game.players)} players")
    return exact_series(profile, what="allocation")


def _numbers(profile: Any, key: str, size: int, what: str) -> tuple[Fraction, ...]:
    numbers = exact_series(profile[key], what=key)
    if len(numbers) != size:
        raise InputError(f"{key} has {len(numbers)} numbers for {size} {what}; give one each")
    return numbers


def _rows(game: LinearGame, profile: Any, key: str, sizes: Sequence[int]) -> tuple[tuple[Fraction, ...], ...]:
    rows = tuple(exact_series(row, what=key) for row in profile[key])
    if [len(row) for row in rows] != list(sizes):
        raise InputError(f"{key} has rows of {[len(row) for row in rows]} numbers; give {list(sizes)}, a row a player")
    return rows


def _multipliers(game: LinearGame, profile: Any) -> tuple[tuple[Fraction, ...], tuple[tuple[Fraction, ...], ...]]:
    prices = _numbers(profile, "prices", len(game.common), "common rows")
    return prices, _rows(game, profile, "own_prices", [len(m.rows) for m in game.members])


def _point(game: LinearGame, profile: Any) -> tuple[tuple[Fraction, ...], tuple[tuple[Fraction, ...], ...]]:
    """Return the point, refused unless it is feasible."""
    keys = ("common", "activities", "prices", "own_prices")
    if not isinstance(profile, Mapping) or any(key not in profile for key in keys):
        raise InputError(f"the profile is a mapping with {', '.join(map(repr, keys))}")
    common = _numbers(profile, "common", len(game.costs), "common variables")
    activities = _rows(game, profile, "activities", [len(m.costs) for m in game.members])
    if any(x < 0 for x in common):
        raise InputError(f"common variable {next(k for k, x in enumerate(common) if x < 0)} is negative: not feasible")
    left = [sum((a * common[k] for k, a in pairs), Fraction(0)) for pairs in game.common]
    for name, member, own in zip(game.players, game.members, activities, strict=True):
        for k, (x, low, high) in enumerate(zip(own, member.lower, member.upper, strict=True)):
            if (low is not None and x < low) or (high is not None and x > high):
                raise InputError(f"player {name!r}: variable {k} is {x}, outside [{low}, {high}]: not feasible")
        for k, (pairs, right) in enumerate(member.rows):
            if sum((a * own[j] for j, a in pairs), Fraction(0)) != right:
                raise InputError(f"player {name!r}: row {k} is not met: not feasible")
        for t, (pairs, need) in enumerate(zip(member.coupling, member.demand, strict=True)):
            left[t] += sum((a * own[j] for j, a in pairs), Fraction(0)) - need
    if any(left):
        raise InputError(f"common row {next(t for t, x in enumerate(left) if x)} is not met: not feasible")
    return common, activities


def _cost(game: LinearGame, common: Sequence[Fraction], activities: Sequence[Sequence[Fraction]]) -> Fraction:
    value = sum((c * x for c, x in zip(game.costs, common, strict=True)), Fraction(0))
    for member, own in zip(game.members, activities, strict=True):
        value += sum((c * x for c, x in zip(member.costs, own, strict=True) if c), Fraction(0))
    return value
