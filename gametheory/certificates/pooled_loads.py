"""Core points of pooled arrays, judged by one vector of prices with a rigorous bound on what floats round.

For prices within the grid's, ``C(T) >= sum over T of sum_t p_t m_it`` (weak duality). So no coalition can gain more
than its members pay beyond what the prices make of their loads, and that is enclosed member by member.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, brief, exact
from gametheory.certificates.coalitional import read_allocation
from gametheory.certificates.pooled_draws import grand_cost
from gametheory.errors import InputError, SizeLimit
from gametheory.games.pooled_loads import PooledLoads
from gametheory.result import Certificate, Strength

__all__ = ["check_core_membership"]


def check_core_membership(
    game: PooledLoads, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "the shares add up to C(N), and no coalition gains by leaving", both up to `epsilon`.

    ``witness["prices"]`` holds one price a step; where it is missing, those that the whole load asks for are taken.

    Raises
    ------
    InputError
        A price outside of the grid's, or not one a step.
    SizeLimit
        The prices prove nothing, and those who pay most beyond them do not block: not decided.
    """
    claimed = exact(epsilon, what="epsilon")
    shares = read_allocation(game.players, profile)
    prices = _prices(game, (witness or {}).get("prices"))
    low, high = grand_cost(game)
    paid = sum(shares, Fraction(0))
    gap = max(abs(paid - low), abs(paid - high))
    # A float product of T terms is off by at most T u / (1 - T u) times the product of the sizes, in whatever order.
    made = game.net_load @ prices
    slack = 4 * len(prices) * 2.0**-53 * (np.abs(game.net_load) @ np.abs(prices))
    beyond = [x - Fraction(m) for x, m in zip(shares, made.tolist(), strict=True)]
    excess = sum((max(Fraction(0), b + Fraction(s)) for b, s in zip(beyond, slack.tolist(), strict=True)), Fraction(0))
    claim = f"the shares add up to C(N) and no coalition gains by leaving, up to {brief(claimed)}"
    if min(abs(paid - low), abs(paid - high)) > claimed and not low <= paid <= high:
        return _verdict(Strength.REFUTED, f"{claim}: they miss C(N) by {brief(gap)}", gap, {}, claimed)
    if max(gap, excess) <= claimed:
        evidence = {"largest_excess": excess, "cost": (low, high), "coalitions": ()}
        return _verdict(Strength.BOUNDED, claim, max(gap, excess), evidence, claimed)
    # Who blocks: those who surely pay beyond the prices, or all but those who surely pay less.
    slacks = slack.tolist()
    groups = ([b > floor * s for b, s in zip(beyond, slacks, strict=True)] for floor in (-1, 1))
    gain, over = max((_gain(game, shares, group) for group in groups), key=lambda found: found[0])
    if gain <= claimed:
        raise SizeLimit("these prices prove no bound, and no coalition is known that blocks: the claim is not decided")
    names = f"({', '.join(over[:5])}{', ...' if len(over) > 5 else ''})"
    evidence = {"coalitions": ((tuple(over), gain),), "cost": (low, high)}
    return _verdict(Strength.REFUTED, f"{claim}: {names} gains {brief(gain)}", gain, evidence, claimed)


def _gain(game: PooledLoads, shares: tuple[Fraction, ...], members: list[bool]) -> tuple[Fraction, list[str]]:
    """Return what these members gain by leaving, exactly."""
    names = [name for name, member in zip(game.players, members, strict=True) if member]
    if not names:
        return Fraction(0), names
    paid = sum((share for share, member in zip(shares, members, strict=True) if member), Fraction(0))
    return paid - game.cost(names), names


def _prices(game: PooledLoads, given: Any) -> Any:
    if given is None:
        load = game.net_load.sum(axis=0)
        return np.where(load > 0, game.buy_price, game.sell_price)
    prices = np.asarray([float(p) for p in given])
    if prices.shape != game.buy_price.shape:
        raise InputError(f"{len(prices)} prices for {len(game.buy_price)} steps; give one a step")
    outside = np.flatnonzero((prices < game.sell_price) | (prices > game.buy_price))
    if len(outside):
        t = int(outside[0])
        raise InputError(f"price {prices[t]} of step {t} is outside of {game.sell_price[t]} to {game.buy_price[t]}")
    return prices


def _verdict(
    strength: Strength, claim: str, bound: Fraction, evidence: Mapping[str, Any], claimed: Fraction
) -> Certificate:
    return Certificate(strength=strength, claim=claim, bound=bound, witness=evidence, epsilon=claimed)
