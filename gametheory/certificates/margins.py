"""Tau value, Gately point, kernel and prekernel, judged from their definitions over all coalitions, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import Number
from gametheory.certificates.coalitional import Excesses, read_allocation, sign_of
from gametheory.errors import NotApplicable
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Certificate, Strength

__all__ = ["check_gately", "check_kernel", "check_prekernel", "check_tau"]


def _margins(game: CoalitionalGame) -> tuple[list[Fraction], list[Fraction], Fraction]:
    """Return as values: what each player adds to all others, what it has alone, and the grand coalition's value."""
    n, sign = len(game.players), sign_of(game)
    full = 2**n - 1
    grand = sign * game.values[full]
    return (
        [grand - sign * game.values[full ^ 1 << i] for i in range(n)],
        [sign * game.values[1 << i] for i in range(n)],
        grand,
    )


def _verdict(claim: str, bound: Fraction, why: str, witness: Mapping[str, Any]) -> Certificate:
    return Certificate(
        strength=Strength.REFUTED if bound > 0 else Strength.EXACT,
        claim=f"{claim}: {why}" if bound > 0 else claim,
        bound=bound,
        witness=witness,
    )


def check_tau(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "this is the tau value": efficient, on the segment from minimal rights to utopia (Tijs 1981)."""
    x = [sign_of(game) * share for share in read_allocation(game.players, profile)]
    top, _, grand = _margins(game)
    n = len(game.players)
    # At the utopia of the others, what a coalition leaves to one player is its excess there plus the player's utopia.
    there = Excesses.of(game, [sign_of(game) * share for share in top])
    masks = np.arange(2**n)
    rights = [Fraction(int(there.numerators[masks >> i & 1 == 1].max()), there.scale) + top[i] for i in range(n)]
    if any(low > high for low, high in zip(rights, top, strict=True)) or not sum(rights) <= grand <= sum(top):
        raise NotApplicable("the game is not quasi-balanced, so it has no tau value")
    return _segment(game, "the allocation is the tau value", x, rights, top, grand)


def check_gately(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "every player's propensity to disrupt is the same": ``(M_i - x_i)/(x_i - v(i))``."""
    x = [sign_of(game) * share for share in read_allocation(game.players, profile)]
    top, alone, grand = _margins(game)
    if any(low > high for low, high in zip(alone, top, strict=True)) or grand <= sum(alone) or alone == top:
        raise NotApplicable("the game has nothing to share, or a player adds less than it has alone: no Gately point")
    return _segment(game, "the allocation is the Gately point", x, alone, top, grand)


def _segment(
    game: CoalitionalGame, claim: str, x: list[Fraction], low: list[Fraction], high: list[Fraction], grand: Fraction
) -> Certificate:
    """Judge whether ``x`` adds up and cuts every player's interval ``[low, high]`` in the same proportion."""
    gap = abs(sum(x, Fraction(0)) - grand)
    width = sum(high, Fraction(0)) - sum(low, Fraction(0))
    paid = grand - sum(low, Fraction(0))
    misses = [abs((s - a) * width - paid * (b - a)) for s, a, b in zip(x, low, high, strict=True)]
    misses = [miss / width for miss in misses] if width else [abs(s - a) for s, a in zip(x, low, strict=True)]
    worst = max(range(len(x)), key=misses.__getitem__)
    bound = max(gap, misses[worst])
    why = f"the shares miss v(N) by {gap}" if gap else f"{game.players[worst]!r} is off by {misses[worst]}"
    return _verdict(claim, bound, why, {"lower": tuple(low), "upper": tuple(high)})


def check_prekernel(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "no pair is unbalanced": ``s_ij = s_ji``, the largest excess with i and without j (Davis, Maschler "
    "1965)."""
    return _check_pairs(game, profile, "the allocation is in the prekernel", rational=False)


def check_kernel(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide the same among imputations: ``s_ij > s_ji`` is allowed where j is held at ``v(j)``."""
    return _check_pairs(game, profile, "the allocation is in the kernel", rational=True)


def _check_pairs(game: CoalitionalGame, profile: Any, claim: str, *, rational: bool) -> Certificate:
    allocation = read_allocation(game.players, profile)
    excesses = Excesses.of(game, allocation)
    n = len(game.players)
    grand = excesses[2**n - 1]
    if grand != 0:
        return _verdict(claim, abs(grand), f"the shares miss the grand coalition's {game.kind} by {abs(grand)}", {})
    singles = [excesses[1 << i] for i in range(n)]
    if rational and max(singles) > 0:
        worst = singles.index(max(singles))
        return _verdict(claim, singles[worst], f"{game.players[worst]!r} does better alone", {})
    masks = np.arange(2**n)
    surplus: dict[tuple[int, int], tuple[Fraction, int]] = {}
    for i in range(n):
        for j in range(n):
            if i != j:
                apart = masks[(masks >> i & 1 == 1) & (masks >> j & 1 == 0)]
                best = int(apart[np.argmax(excesses.numerators[apart])])
                surplus[i, j] = excesses[best], best
    bound, why, evidence = Fraction(0), "", {}
    for (i, j), (mine, mask) in surplus.items():
        gap = mine - surplus[j, i][0]
        held = rational and singles[j] == 0
        if gap > bound and not held:
            bound = gap
            why = f"{game.players[i]!r} outweighs {game.players[j]!r} by {gap}"
            evidence = {"players": (game.players[i], game.players[j]), "coalition": game.coalition(mask)}
    return _verdict(claim, bound, why, evidence)
