"""Shapley and Banzhaf values, judged from their definitions in rationals.

Up to 12 players the marginal contributions to all coalitions are added one by one. Up to 22, an independent formula:
the
Shapley value shares every Harsanyi dividend equally among its coalition, ``phi_i = sum over T with i of d(T)/|T|``, and
the Banzhaf value takes ``d(T)/2^(|T|-1)`` of it. Families without a table have formulas of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
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

__all__ = ["by_dividends", "by_potential", "check_banzhaf", "check_shapley", "of_sums_without"]

_OfSize = Callable[[int], Fraction]

_BY_DEFINITION = 12
_BY_DIVIDENDS = 22
#: From here on tables of 64-bit integers are judged by the potential, which takes one pass over them.
_BY_POTENTIAL = 15


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
    elif n <= _BY_DIVIDENDS and (n < _BY_POTENTIAL or game.values.numerators.dtype == object):
        right = by_dividends(game, share)
        how = "Harsanyi dividends"
    elif game.values.numerators.dtype == object:
        raise SizeLimit(
            f"{n} players with long numbers: {name} values are checked up to {_BY_DIVIDENDS} players; sample"
        )
    else:
        right = by_potential(game, name)
        how = "what is reached without each player"
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


def by_potential(game: CoalitionalGame, name: str) -> list[Fraction]:
    """Return Shapley or Banzhaf values of a table of 64-bit integers from what the others reach without a player.

    The Shapley value is ``P(N) - P(N without i)`` with the potential ``P(S) = sum over T in S of (|T|-1)! (|S|-|T|)!
    / |S|! v(T)`` (Hart and Mas-Colell 1989); the Banzhaf value is ``2^(1-n) (sum_T v(T) - 2 sum over T without i)``.
    """
    table = game.values
    return of_sums_without(*_sums_without(table.numerators), table.denominator, name)


def of_sums_without(everyone: list[int], without: list[list[int]], denominator: int, name: str) -> list[Fraction]:
    """Return Shapley or Banzhaf values from sums of a game by size: over all coalitions, and over those without each
    player."""
    n = len(without)
    if name == "Banzhaf":
        total = sum(everyone)
        return [Fraction(total - 2 * sum(row), 2 ** (n - 1) * denominator) for row in without]

    def potential(sums: list[int], size: int) -> int:
        """``size! P`` of the players that the sums are of."""
        return sum(factorial(s - 1) * factorial(size - s) * amount for s, amount in enumerate(sums[: size + 1]) if s)

    whole, scale = potential(everyone, n), factorial(n) * denominator
    return [Fraction(whole - n * potential(row, n - 1), scale) for row in without]


def _sums_without(numerators: Any) -> tuple[list[int], list[list[int]]]:
    """Return the sums of numbers by size of the coalition: over all of them, and over those without each player.

    Numbers are cut in digits of ``53 - n`` bits, kept in floats: ``2^n`` of them add up to less than ``2^53``, so no
    sum is rounded. The table is a matrix of upper and lower players; one product adds each row by size, for the upper
    players, the other each column, for the lower ones.
    """
    n = len(numerators).bit_length() - 1
    lower, digit = n - n // 2, 53 - n
    upper = n - lower
    low, high = _Half.of(lower), _Half.of(upper)
    everyone, without = [0] * (n + 1), [[0] * (n + 1) for _ in range(n)]
    shift, last = 0, False
    rest = numerators.reshape(2**upper, 2**lower)
    while not last:
        last = max(abs(int(rest.max())), abs(int(rest.min()))) < 1 << digit
        rows, columns = np.empty((2**upper, lower + 1)), np.zeros((upper + 1, 2**lower))
        step = max(1, 2**18 >> lower)  # the rows at once: as many as the cache holds
        for k in range(0, 2**upper, step):
            block = rest[k : k + step]
            digits = np.asarray(block if last else block & ((1 << digit) - 1), dtype=np.float64)
            # Products so small are done by one thread, which waits for no other.
            for j in range(0, len(digits), pieces := max(1, 2**14 // (2**lower))):
                piece = digits[j : j + pieces]
                rows[k + j : k + j + pieces] = piece @ low.sizes
                columns += high.sizes[k + j : k + j + pieces].T @ piece
        for first, half, sums in ((0, low, columns), (lower, high, rows.T)):
            for size, masks in enumerate(half.of_size):
                parts = np.rint(sums[:, masks] @ half.lacking[masks]).astype(np.int64).tolist()
                for more, (total, *others) in enumerate(parts):
                    if not first:
                        everyone[size + more] += total << shift
                    for i, amount in enumerate(others, start=first):
                        without[i][size + more] += amount << shift
        if not last:
            rest, shift = rest >> digit, shift + digit
    return everyone, without


@dataclass(frozen=True, slots=True)
class _Half:
    """The sets of some players: their sizes as a matrix of zeros and ones, by size, and whom each lacks (after a 1)."""

    sizes: Any
    of_size: list[Any]
    lacking: Any

    @classmethod
    @lru_cache(maxsize=4)  # a class method of a few sizes, not of instances
    def of(cls, players: int) -> _Half:
        masks = np.arange(2**players)
        bits = masks[:, None] >> np.arange(players) & 1
        sizes = bits.sum(axis=1)
        return cls(
            (sizes[:, None] == np.arange(players + 1)).astype(np.float64),
            [np.flatnonzero(sizes == size) for size in range(players + 1)],
            np.concatenate([np.ones((len(masks), 1)), 1.0 - bits], axis=1),
        )
