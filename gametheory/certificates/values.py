"""Shapley and Banzhaf values, judged from their definitions in rationals.

Up to 12 players the marginal contributions to all coalitions are added one by one. Up to 22, an independent formula:
the
Shapley value shares every Harsanyi dividend equally among its coalition, ``phi_i = sum over T with i of d(T)/|T|``, and
the Banzhaf value takes ``d(T)/2^(|T|-1)`` of it. Families without a table have formulas of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, brief, exact
from gametheory.certificates.coalitional import read_allocation
from gametheory.certificates.families import family_banzhaf, family_shapley
from gametheory.errors import SizeLimit
from gametheory.games.coalition_table import subset_sums
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Certificate, Strength

__all__ = ["by_dividends", "by_size", "check_banzhaf", "check_shapley"]

_OfSize = Callable[[int], Fraction]

_BY_DEFINITION = 12
_BY_DIVIDENDS = 22


def check_shapley(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "these are the Shapley values": ``phi_i = sum_T |T|! (n-|T|-1)!/n! (v(T + i) - v(T))``."""
    if isinstance(profile, Mapping) and "intervals" in profile:
        from gametheory.certificates.sampled import check_sampled_shapley

        return check_sampled_shapley(game, profile)
    n = len(game.players)

    def weight(size: int) -> Fraction:
        return Fraction(factorial(size) * factorial(n - size - 1), factorial(n))

    return _judge(game, profile, epsilon, "Shapley", (weight, lambda size: Fraction(1, size), family_shapley))


def check_banzhaf(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "these are the Banzhaf values": the mean of ``v(T + i) - v(T)`` over all ``T`` without ``i``."""
    n = len(game.players)

    def weight(size: int) -> Fraction:
        return Fraction(1, 2 ** (n - 1))

    return _judge(
        game, profile, epsilon, "Banzhaf", (weight, lambda size: Fraction(1, 2 ** (size - 1)), family_banzhaf)
    )


def _judge(
    game: CoalitionalGame,
    profile: Any,
    epsilon: Number,
    name: str,
    formulas: tuple[_OfSize, _OfSize, Callable[[CoalitionalGame], tuple[list[Fraction], str] | None]],
) -> Certificate:
    claimed = exact(epsilon, what="epsilon")
    allocation = read_allocation(game.players, profile)
    weight, share, family = formulas
    n = len(game.players)
    if n <= _BY_DEFINITION:
        right = _by_definition(game, weight)
        how = "marginal contributions to all coalitions"
    elif (known := family(game)) is not None:
        right, how = known
    elif n <= _BY_DIVIDENDS:
        right = by_dividends(game, share)
        how = "Harsanyi dividends"
    elif game.values.numerators.dtype == object:
        raise SizeLimit(
            f"{n} players with long numbers: {name} values are checked up to {_BY_DIVIDENDS} players; sample"
        )
    else:
        right = by_size(game, weight)
        how = "sums of 64-bit halves by size"
    errors = [abs(a - b) for a, b in zip(allocation, right, strict=True)]
    bound = max(errors)
    worst = errors.index(bound)
    claim = f"the allocation holds the {name} values"
    evidence: dict[str, Any] = {"by": how}
    if bound > 0:
        evidence |= {"player": game.players[worst], "value": right[worst], "claimed": allocation[worst]}
    if claimed > 0:
        claim += f" up to {brief(claimed)}"
    if bound > claimed:
        claim += f": {game.players[worst]!r} has {right[worst]}"
    return Certificate(
        strength=Strength.EXACT if bound <= claimed else Strength.REFUTED,
        claim=claim,
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )


def _by_definition(game: CoalitionalGame, weight: _OfSize) -> list[Fraction]:
    table = game.values
    n = table.players
    masks = np.arange(2**n)
    sizes = subset_sums([1] * n)
    values = table.numerators.astype(object)
    result = []
    for i in range(n):
        without = masks[masks >> i & 1 == 0]
        marginal = values[without | 1 << i] - values[without]
        by_size = [sum(marginal[sizes[without] == s].tolist()) for s in range(n)]
        total = sum((weight(s) * m for s, m in enumerate(by_size)), Fraction(0))
        result.append(total / table.denominator)
    return result


def by_dividends(game: CoalitionalGame, share: _OfSize) -> list[Fraction]:
    """Return the values that give each member of a coalition ``share(size)`` of its Harsanyi dividend."""
    table = game.values
    n = table.players
    # |d(T)| <= 2^|T| max |v|, and a sum over all coalitions is at most 2^n times that.
    fits = table.largest << (2 * n) < 2**62
    dividends: Any = table.numerators.astype(np.int64 if fits else object)
    for i in range(n):
        pairs = dividends.reshape(-1, 2, 1 << i)
        pairs[:, 1] -= pairs[:, 0]
    masks = np.arange(2**n)
    sizes = subset_sums([1] * n)
    result = [Fraction(0)] * n
    for s in range(1, n + 1):
        here = np.flatnonzero(sizes == s)
        part = dividends[here]
        for i in range(n):
            amount = part[masks[here] >> i & 1 == 1].sum()
            result[i] += share(s) * int(amount)
    return [value / table.denominator for value in result]


def by_size(game: CoalitionalGame, weight: _OfSize) -> list[Fraction]:
    """Return the same as the definition for large tables of 64-bit integers, with little memory.

    Blocks of ``2^16`` coalitions share all but 16 players. Within a block numbers are added by size, once for all and
    once for those with each of the 16 players; a player among the others is in all of a block or in none. Numbers are
    cut in an upper part and 32 lower bits: a sum of ``2^30`` such parts stays below ``2^62``.
    """
    table = game.values
    n = table.players
    low = min(n, 16)
    sizes = subset_sums([1] * low)
    order = np.argsort(sizes, kind="stable")
    starts = np.searchsorted(sizes[order], np.arange(low + 1))
    member = [np.flatnonzero(order >> i & 1) for i in range(low)]
    member_starts = [np.searchsorted(sizes[order[places]], np.arange(1, low + 1)) for places in member]
    everyone = [0] * (n + 1)
    having = [[0] * (n + 1) for _ in range(n)]
    for block in range(2 ** (n - low)):
        above = block.bit_count()
        numbers = table.numerators[block << low : (block + 1) << low][order]
        for part, shift in ((numbers & 0xFFFFFFFF, 0), (numbers >> 32, 32)):
            for s, amount in enumerate(np.add.reduceat(part, starts).tolist()):
                everyone[above + s] += amount << shift
                for k in range(n - low):
                    if block >> k & 1:
                        having[low + k][above + s] += amount << shift
            for i in range(low):
                sums = np.add.reduceat(part[member[i]], member_starts[i])
                for s, amount in enumerate(sums.tolist(), start=1):
                    having[i][above + s] += amount << shift
    # Size s without the player: everyone of that size less those with the player.
    return [
        sum(
            (weight(s) * (own[s + 1] - (everyone[s] - own[s])) for s in range(n)),
            Fraction(0),
        )
        / table.denominator
        for own in having
    ]
