"""Smooth games with shared linear constraints: feasibility, regret, and prices that all players see alike.

A profile is a generalised equilibrium where no player gains among what the shared constraints leave it. It is the
variational one with prices ``mu >= 0`` of the shared rows where, besides, no player gains in the game in which it pays
``mu_j a_ij x_i`` for its part of every shared row and keeps to its own constraints only (``mu_j/r_i`` with Rosen's
weights), and rows with a price are tight. Both claims are bounded as in :mod:`gametheory.certificates.smooth_own`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact, exact_series
from gametheory.certificates.profiles import Profile, read_profile
from gametheory.certificates.smooth import read_weights, verdict
from gametheory.certificates.smooth import uniqueness as of_plain
from gametheory.certificates.smooth_own import Gain, gain_of, own_cost
from gametheory.errors import InputError
from gametheory.games.expression import Expression
from gametheory.games.polyhedron import Row
from gametheory.games.smooth_generalised import SmoothGeneralisedGame
from gametheory.result import Certificate, Strength

__all__ = ["check_generalised_equilibrium", "check_variational_equilibrium", "uniqueness"]


def check_generalised_equilibrium(
    game: SmoothGeneralisedGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Bound what any player can gain by another strategy among those that are left to it."""
    strategies = read_profile(game.game, profile)
    claimed = exact(epsilon, what="epsilon")
    refusal = _infeasible(game, strategies, "the profile is a generalised Nash equilibrium", claimed)
    if refusal is not None:
        return refusal
    joint = _joint(strategies)
    return verdict(game.game, joint, _gains(game, strategies, claimed), claimed, "a generalised Nash equilibrium", {})


def check_variational_equilibrium(
    game: SmoothGeneralisedGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Bound the same, and what any player can gain where the shared rows have prices, the same for all.

    ``witness["prices"]`` are those of the shared inequalities and equalities, in order; ``witness["weights"]`` Rosen's.
    A player that surely gains, in the game or at these prices, refutes the claim *with these prices*.

    Raises
    ------
    InputError
        No prices, or not one for each shared row; rows that only some players must keep.
    """
    given = witness or {}
    strategies = read_profile(game.game, profile)
    claimed = exact(epsilon, what="epsilon")
    if any(game.exempt):
        raise InputError("some players are exempt from a shared row: prices are not alike; claim a Nash equilibrium")
    weights = read_weights(game, given.get("weights"))
    word = "equal" if len(set(weights)) == 1 else "weighted"
    what = f"a generalised Nash equilibrium with {word} multipliers of the shared constraints"
    refusal = _infeasible(game, strategies, f"the profile is {what}", claimed)
    if refusal is not None:
        return refusal
    joint = _joint(strategies)
    prices = _prices(game, given.get("prices"), joint)
    own = _gains(game, strategies, claimed)
    priced = [_priced(game, prices, weights, i, joint, strategies[i], claimed) for i in range(len(game.players))]
    slack = sum(
        (price * (bound - _at(row, joint)) for (row, bound), price in zip(game.inequalities, prices, strict=False)),
        Fraction(0),
    )
    evidence = {"prices": tuple(prices), "slack": slack, "weights": weights}
    both = [_worse(one, other) for one, other in zip(own, priced, strict=True)]
    found = verdict(game.game, joint, both, claimed, what, evidence)
    bound = max(found.bound, slack)
    refuted = found.strength is Strength.REFUTED or slack > claimed
    return Certificate(
        strength=Strength.REFUTED if refuted else Strength.EXACT if bound == 0 else Strength.BOUNDED,
        claim=found.claim,
        bound=bound,
        witness=found.witness,
        epsilon=claimed,
    )


def _worse(one: Gain, other: Gain) -> Gain:
    """Return what bounds both gains, with the larger one that is proved."""
    high = None if one.high is None or other.high is None else max(one.high, other.high)
    more = one if one.low >= other.low else other
    return Gain(high, more.low, more.reply, one.method, one.is_exact and other.is_exact)


def _joint(strategies: Profile) -> tuple[Fraction, ...]:
    return tuple(number for strategy in strategies for number in strategy)


def _at(row: Sequence[tuple[int, Fraction]], joint: Sequence[Fraction]) -> Fraction:
    return sum((a * joint[k] for k, a in row), Fraction(0))


def _infeasible(game: SmoothGeneralisedGame, strategies: Profile, claim: str, claimed: Fraction) -> Certificate | None:
    missed, text = game.joint_strategies().violation(_joint(strategies))
    if not missed:
        return None
    return Certificate(
        strength=Strength.REFUTED,
        claim=f"{claim}: no, it misses {text} by {missed}",
        bound=missed,
        witness={"violated": text},
        epsilon=claimed,
    )


def _gains(game: SmoothGeneralisedGame, strategies: Profile, claimed: Fraction) -> list[Gain]:
    joint = _joint(strategies)
    return [
        gain_of(own_cost(cost, block, joint), game.own_strategies(i, strategies), strategies[i], claimed)
        for i, (cost, block) in enumerate(zip(game.game.costs, game.game.blocks, strict=True))
    ]


def _priced(
    game: SmoothGeneralisedGame,
    prices: Sequence[Fraction],
    weights: Sequence[Fraction],
    player: int,
    joint: Sequence[Fraction],
    x: tuple[Fraction, ...],
    claimed: Fraction,
) -> Gain:
    inner = game.game
    block = inner.blocks[player]
    cost: Any = own_cost(inner.costs[player], block, joint)
    rows: tuple[Row, ...] = (*game.inequalities, *game.equalities)
    for (row, _), price in zip(rows, prices, strict=True):
        for k, a in row:
            if k in block and price:
                cost = cost + price / weights[player] * a * Expression.variable(k - block.start)
    return gain_of(cost, inner.strategies[player], x, claimed)


def _prices(game: SmoothGeneralisedGame, given: Any, joint: Sequence[Fraction]) -> list[Fraction]:
    count = len(game.inequalities) + len(game.equalities)
    if given is None:
        slack = [bound - _at(row, joint) for row, bound in game.inequalities]
        if not game.equalities and all(s > 0 for s in slack):
            return [Fraction(0)] * count  # a row that is not tight can have no price
        raise InputError('a shared row is tight: give its multipliers as witness={"prices": (...)}, one for each row')
    prices = exact_series(given, what="prices")
    if len(prices) != count or any(p < 0 for p in prices[: len(game.inequalities)]):
        raise InputError(f"prices {[str(p) for p in prices]:}: give one >= 0 for each of {count} shared rows")
    return list(prices)


def uniqueness(game: SmoothGeneralisedGame, weights: Any = None) -> tuple[str, str]:
    """Return whether at most one *variational* equilibrium can exist: the weighted map is strictly monotone."""
    word, reason = of_plain(game.game, weights)
    return word, f"one variational equilibrium: {reason}" if word == "proved" else reason
