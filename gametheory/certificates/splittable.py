"""Rigorous bounds on regrets and on the total of splittable games, in floats with a stated rounding bound.

The answer ``x`` means ``y``: each row corrected, inside its bounds, by what rounding leaves between its sum and ``E_i``
(at most `miss`; there is room for it because ``0 <= E_i <= sum_t u_it``). Let ``g_it`` be the slope of player ``i``'s
own cost, ``alpha_t s_t + beta_t + alpha_t x_it``, and ``m_i`` any number. Rows of equal sum differ by nothing along
``m_i``, and the own cost bends by ``2 alpha_t``, so the regret of ``i`` is at most

    ``sum_t max_d (g_it - m_i) d - alpha_t d^2``  over  ``x_it - u_it <= d <= x_it``,

which is its Lagrangian dual, exact at the right ``m_i``. The potential has the same slopes and bends by at least
``alpha_t``: with ``alpha_t/2`` in place of ``alpha_t`` each term is at most doubled, so twice the sum of these bounds
is a bound on how far the potential is above its minimum. For the total the slope is ``2 alpha_t s_t + beta_t`` and no
bending is used: the terms are ``max_d (g_t - m_i) d``; their sum over all players bounds the distance to the least one.

Rounding: unit roundoff ``u = 2^-53``; a sum of ``n`` terms that are not negative is off by at most ``2 n u`` of itself
(Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 4.2, for ``n u <= 1/4``). The slopes are off
by at most ``e_t = 1.01 alpha_t (sum miss + max miss + 4 n u s_t) + 40 u max|g|``; every term is computed with its slope
and its room widened by that, and contains no difference of near numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, Number, exact, to_float
from gametheory.certificates.splittable_reply import gain_of, line_gain
from gametheory.errors import InputError, NoChecker
from gametheory.games.splittable import SplittableGame, read_split
from gametheory.result import Certificate, Strength

__all__ = ["Read", "check_nash_equilibrium", "check_social_optimum", "read", "regrets", "shortfall"]

_ROUNDOFF = 2.0**-53
_TINY = 2.0**-1000
#: Players in one block.
_BLOCK = 1024
#: A row that misses its amount by more than this share of it (and of its limit) is no strategy.
_CARELESS = 1e-9
#: Cells this near to a bound, in proportion to their room, count as at it when ``m_i`` is chosen.
_NEAR = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A split that was read, with what rounding may hide in it.

    Attributes
    ----------
    split
        Players x slots.
    demand
        Its sums, one a slot.
    miss, all_missed
        The most that a row misses of its amount, and a bound on the sum of these.
    violated
        What is wrong with it, or "".
    excess
        By how much.
    """

    split: FloatArray
    demand: FloatArray
    miss: float
    all_missed: float
    violated: str = ""
    excess: float = 0.0


def read(game: SplittableGame, profile: Any) -> Read:
    """Return the split with its sums, and whether it keeps to bounds and amounts."""
    split = read_split(game, profile)
    count, slots = split.shape
    demand, worst, together = np.zeros(slots), 0.0, 0.0
    for start in range(0, count, _BLOCK):
        part = slice(start, start + _BLOCK)
        x, room = _block(game, split, part)
        outside = np.maximum(-x, x - room)
        if (outside > 0).any():
            t, k = divmod(int(outside.argmax()), outside.shape[1])
            text = f"slot {t} of {game.players[start + k]!r} is {x[t, k]}, not within 0 and {room[t, k]}"
            return Read(split, demand, 0.0, 0.0, text, float(outside[t, k]))
        rows = x.sum(axis=0)
        amounts = game.amounts[part]
        missed = np.abs(amounts - rows) * (1 + 4 * _ROUNDOFF) + (1.01 * slots + 2) * _ROUNDOFF * rows
        careless = missed > _CARELESS * (amounts + game.limits[part]) + _TINY
        if careless.any():
            k = int(careless.argmax())
            text = f"{game.players[start + k]!r} splits {rows[k]}, its amount is {amounts[k]}"
            return Read(split, demand, 0.0, 0.0, text, float(missed[k]))
        demand += x.sum(axis=1)
        worst = max(worst, float(missed.max()))
        together += float(missed.sum())
    return Read(split, demand, worst, together * (1 + 4 * count * _ROUNDOFF))


def _block(game: SplittableGame, split: FloatArray, part: slice) -> tuple[FloatArray, FloatArray]:
    """Return the split and the room of some players, slots x players."""
    x = np.ascontiguousarray(split[part].T)
    t = np.arange(len(x))[:, None]
    first, last = game.windows[part, 0], game.windows[part, 1]
    return x, np.where((t >= first) & (t <= last), game.limits[part], 0.0)


def regrets(game: SplittableGame, given: Read, levels: Any = None) -> FloatArray:
    """Return a bound on each player's regret; `levels` may hold the ``m_i``, which make it tight and need no trust."""
    return _bounds(game, given, game.slope * given.demand + game.prices_at_rest, game.slope, levels)


def shortfall(game: SplittableGame, given: Read, levels: Any = None) -> float:
    """Return a bound on the distance of the total to the least one; `levels` as for :func:`regrets`."""
    own = game.prices_at_rest if game.background is None else 2 * game.prices_at_rest
    bounds = _bounds(game, given, 2 * game.slope * given.demand + own, None, levels)
    return float(bounds.sum()) * (1 + 4 * len(bounds) * _ROUNDOFF)


def _bounds(game: SplittableGame, given: Read, prices: FloatArray, bend: FloatArray | None, levels: Any) -> FloatArray:
    """Return the sum of terms of each player; `bend` is ``alpha`` where the slope rises with the own cell."""
    count, slots = given.split.shape
    told = _told(levels, count)
    if count * _ROUNDOFF > 0.25:
        raise NoChecker(f"{count} players are more than the rounding bound allows")
    factor = 1.0 if bend is not None else 2.0
    widest = float(game.limits.max(initial=0.0))
    steep = game.slope[:, None]
    size = float((factor * game.slope * (given.demand + widest) + 2 * np.abs(game.prices_at_rest)).max())
    size = max(size, 0.0 if told is None else float(np.abs(told).max()))
    moved = given.all_missed + given.miss + 4 * count * _ROUNDOFF * given.demand
    off = (1.01 * factor * game.slope * moved + 40 * _ROUNDOFF * size + _TINY)[:, None]
    found = np.empty(count)
    for start in range(0, count, _BLOCK):
        part = slice(start, start + _BLOCK)
        x, room = _block(game, given.split, part)
        slopes = prices[:, None] + (steep * x if bend is not None else np.zeros_like(x))
        slopes -= _levels(slopes, x, room) if told is None else told[part]
        above = np.maximum(slopes + off, 0.0)
        below = np.maximum(off - slopes, 0.0)
        left = x + given.miss
        room -= x
        room += given.miss
        if bend is not None:
            np.minimum(left, above / (2 * steep), out=left)
            np.minimum(room, below / (2 * steep), out=room)
            above -= steep * left
            below -= steep * room
        above *= left
        below *= room
        found[part] = np.maximum(above, below).sum(axis=0)
    found *= 1 + (slots + 64) * 4 * _ROUNDOFF
    found += slots * _TINY
    if not np.isfinite(found).all():
        raise InputError("a bound is beyond the range of floats; give the game in other units")
    return found


def _told(levels: Any, count: int) -> FloatArray | None:
    """Return numbers handed over, if there is a finite one for each player."""
    try:
        array = np.asarray(levels, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return array if array.shape == (count,) and bool((np.abs(array) < 1e120).all()) else None


def _levels(slopes: FloatArray, x: FloatArray, room: FloatArray) -> FloatArray:
    """Return numbers ``m_i`` that should lie between the slopes of what can shrink and of what can grow."""
    top = np.where(x > _NEAR * room, slopes, -np.inf).max(axis=0)
    bottom = np.where(x < (1 - _NEAR) * room, slopes, np.inf).min(axis=0)
    top, bottom = np.where(np.isinf(top), bottom, top), np.where(np.isinf(bottom), top, bottom)
    known = np.isfinite(top)  # else nothing of the row can move
    middle: FloatArray = (np.where(known, top, 0.0) + np.where(known, bottom, 0.0)) / 2
    return middle


def _infeasible(claim: str, given: Read, epsilon: Fraction) -> Certificate:
    return Certificate(
        strength=Strength.REFUTED,
        claim=f"{claim}: no, it is not feasible, {given.violated}",
        bound=Fraction(given.excess),
        witness={"violated": given.violated},
        epsilon=epsilon,
    )


def check_nash_equilibrium(
    game: SplittableGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Bound how much any player gains by another split; the claim is that it is at most `epsilon`.

    ``witness["levels"]`` may hold the ``m_i``; any numbers give a bound, good ones a tight one.

    Where the bound is larger, the reply of the player with the largest bound is made in rationals: it refutes the
    claim, or nothing is decided.

    Raises
    ------
    NoChecker
        The claim can neither be shown nor refuted in floats.
    """
    claimed = exact(epsilon, what="epsilon")
    claim = f"no player gains more than {to_float(claimed):.3g} by another split"
    given = read(game, profile)
    if given.violated:
        return _infeasible(claim, given, claimed)
    bounds = regrets(game, given, (witness or {}).get("levels"))
    worst = int(bounds.argmax())
    bound = Fraction(float(bounds[worst]))
    evidence: dict[str, Any] = {
        "potential_gap": 2 * float(bounds.sum()) * (1 + 4 * len(bounds) * _ROUNDOFF),
        "misses": given.miss,
    }
    if bound <= claimed:
        return Certificate(strength=Strength.BOUNDED, claim=claim, bound=bound, witness=evidence, epsilon=claimed)
    gain, reply = gain_of(game, given.split, given.demand, given.all_missed, worst)
    if gain <= claimed:
        raise NoChecker(
            f"a regret of at most {to_float(claimed):.3g} can be neither shown nor refuted in floats: it is between "
            f"{to_float(gain):.3g} and {to_float(bound):.3g}; claim the larger one"
        )
    evidence["deviation"] = {"player": game.players[worst], "strategy": reply, "gain": gain}
    return Certificate(strength=Strength.REFUTED, claim=f"{claim}: no", bound=bound, witness=evidence, epsilon=claimed)


def check_social_optimum(
    game: SplittableGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Bound how far the total, in the game's own convention, is above the least one.

    Raises
    ------
    NoChecker
        The bound is larger than `epsilon`: nothing is decided.
    """
    claimed = exact(epsilon, what="epsilon")
    claim = f"the total ({game.social_cost}) is at most {to_float(claimed):.3g} above the least one"
    given = read(game, profile)
    if given.violated:
        return _infeasible(claim, given, claimed)
    bound = Fraction(shortfall(game, given, (witness or {}).get("levels")))
    evidence: dict[str, Any] = {"misses": given.miss, "social_cost": game.social_cost}
    if bound <= claimed:
        return Certificate(strength=Strength.BOUNDED, claim=claim, bound=bound, witness=evidence, epsilon=claimed)
    gain = Fraction(line_gain(game, given.split, given.demand, given.all_missed))
    if gain <= claimed:
        raise NoChecker(
            f"a shortfall of at most {to_float(claimed):.3g} can be neither shown nor refuted in floats: it is between "
            f"{to_float(gain):.3g} and {to_float(bound):.3g}; claim the larger one"
        )
    evidence["better_by"] = gain
    return Certificate(strength=Strength.REFUTED, claim=f"{claim}: no", bound=bound, witness=evidence, epsilon=claimed)
