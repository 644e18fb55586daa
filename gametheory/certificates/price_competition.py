"""Price competition, judged from the definition: the least upper bound of what another price would earn, in rationals.

Against given prices a firm's profit is a quadratic between any two of them, so its supremum is that of finitely many
pieces; at another firm's price it jumps, and just below that price it is approached and not attained. The regret is the
supremum less the profit: exact, also where no best reply exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from gametheory.arithmetic import Number, brief, exact
from gametheory.errors import InputError
from gametheory.games.price_competition import PriceCompetition, sales
from gametheory.result import Certificate, Solution, Strength

__all__ = ["check_nash_equilibrium", "stated", "supremum"]


def check_nash_equilibrium(
    game: PriceCompetition, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether no firm's profit can be raised by more than `epsilon`.

    A supremum that is approached and not attained counts: with `epsilon` 0 it refutes, for prices near it gain almost
    as much.
    """
    prices = _read(game, profile)
    claimed = exact(epsilon, what="epsilon")
    size = "a Nash equilibrium" if claimed == 0 else f"a Nash equilibrium up to a regret of {brief(claimed)}"
    now = game.values(prices)
    gains, replies = [], []
    for i in range(len(prices)):
        best, price, attained = supremum(game, prices, i)
        gains.append(best - now[i])
        replies.append((price, attained))
    bound = max(gains)
    evidence: dict[str, Any] = {"regrets": tuple(gains), "values": now}
    if bound > 0:
        worst = gains.index(bound)
        price, attained = replies[worst]
        evidence["deviation"] = {
            "player": game.players[worst],
            "price": price,
            "gain": bound,
            "attained": attained,
        }
    return Certificate(
        strength=Strength.EXACT if bound <= claimed else Strength.REFUTED,
        claim=f"the profile is {size}",
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )


def supremum(game: PriceCompetition, prices: Sequence[Fraction], player: int) -> tuple[Fraction, Fraction, bool]:
    """Return the least upper bound of a firm's profit against the others, where it lies, and whether it is attained.

    >>> market = PriceCompetition(("a", "b"), (12, 12), 12, 1)
    >>> supremum(market, (Fraction(4), Fraction(4)), 0)
    (Fraction(32, 1), Fraction(4, 1), False)
    """
    rivals = [(p, k) for j, (p, k) in enumerate(zip(prices, game.capacities, strict=True)) if j != player]
    own = game.capacities[player]
    cuts = sorted({Fraction(0), game.highest, *(p for p, _ in rivals)})
    found: list[tuple[Fraction, bool, Fraction]] = []
    for price in cuts:
        before = sum((k for p, k in rivals if p < price), Fraction(0))
        level = own + sum((k for p, k in rivals if p == price), Fraction(0))
        found.append(((price - game.cost) * sales(game.demand(price), before, level, own), True, price))
    for low, high in pairwise(cuts):
        before = sum((k for p, k in rivals if p <= low), Fraction(0))
        # Between the cuts: (p - c) min(k, max(0, a - B - b p)); its pieces end where the capacity or nothing is sold.
        full = (game.intercept - before - own) / game.slope
        none = (game.intercept - before) / game.slope
        top = (none + game.cost) / 2  # of (p - c)(a - B - b p)
        for price in (low, high, full, none, top):
            if low <= price <= high:
                profit = (price - game.cost) * sales(game.demand(price), before, own, own)
                found.append((profit, low < price < high, price))
    value = max(f[0] for f in found)
    attained = any(flag for profit, flag, _ in found if profit == value)
    price = next(p for profit, flag, p in found if profit == value and flag == attained)
    return value, price, attained


def _read(game: PriceCompetition, profile: Any) -> tuple[Fraction, ...]:
    if isinstance(profile, Mapping):
        if set(profile) != set(game.players):
            raise InputError(f"the profile names {sorted(profile)}, the firms are {list(game.players)}")
        profile = [profile[name] for name in game.players]
    if isinstance(profile, str) or not hasattr(profile, "__len__") or len(profile) != len(game.players):
        raise InputError(f"profile {profile!r}: give one price for each of {len(game.players)} firms")
    prices = tuple(exact(p, what=f"price of {name!r}") for name, p in zip(game.players, profile, strict=True))
    for name, price in zip(game.players, prices, strict=True):
        if not 0 <= price <= game.highest:
            raise InputError(f"{name!r}: price {price} is outside [0, {game.highest}]")
    return prices


def stated(solution: Solution, found: Certificate) -> dict[str, Any]:
    """Return what follows from the prices: profits and prices by name."""
    prices = _read(solution.game, solution.profile)
    return {
        "payoffs": solution.game.values(prices),
        "point": dict(zip(solution.game.players, prices, strict=True)),
    }
