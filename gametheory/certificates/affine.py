"""Rigorous bounds for large quadratic games in arrays: feasibility, regrets, the variational gap, uniqueness.

Let ``F = M x + q``, ``p >= 0`` any prices of the rows and ``r = F + A' p``. Against the others a player's cost is
convex, its own block ``M_ii`` has no eigenvalue below some ``c_i >= 0``. So for every ``y_i`` that the rows leave it

    ``J_i(x) - J_i(y) <= F_i'(x_i - y_i) - c_i |x_i - y_i|^2 / 2
                     <= sum_k max_d [r_k d - c_i d^2 / 2] + sum_j p_j (b - A x)_j``

over ``x_k - u_k <= d <= x_k - l_k`` and the rows in which it has a part, because ``A_i (y_i - x_i) <= b - A x`` there:
weak duality, whatever the prices. The same with all players and all rows, without ``c``, bounds the gap of the
variational inequality ``max_y F' (x - y)``: with gap 0 all players see the same multipliers.

Where a variable has no bound that sum may be infinite; then ``c |x - y|^2 / 2`` is taken off the gap, with ``c > 0`` a
modulus of strong monotony that is shown. Such a gap is 0 at the solution only, and at least ``c/2`` times the squared
distance to it.

Rounding (``u = 2^-53``; Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 3.5): a product of a
matrix and a vector of ``n`` terms is off by at most ``n u |M| |x| / (1 - n u)`` in each entry, in any order; the code
allows 1.01 times ``n + 6``, as sizes and weighted entries are computed too. Rows that this leaves open are summed
without error: products in two parts (T. J. Dekker, *Numerische Mathematik* 18 (1971), section 5), sums by
``math.fsum``. That a block is positive definite is shown by a Cholesky factorisation of it minus ``c`` times the
identity that runs to its end, with ``c`` above ``2 (n + 2) u trace`` (S. M. Rump, "Verification of positive
definiteness", *BIT* 46 (2006), 433-452, corollary 2.4).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, Number, exact, to_float
from gametheory.errors import InputError, NoChecker
from gametheory.games.affine import AffineGame
from gametheory.result import Certificate, Solution, Strength

__all__ = ["check_generalised_equilibrium", "check_variational_equilibrium", "stated", "uniqueness"]

_ROUNDOFF = 2.0**-53
_TINY = 2.0**-1000


@dataclass(frozen=True, slots=True, eq=False)
class _Bounds:
    """Bounds on each player's regret and on the gap, and what is needed to look for a better reply."""

    regrets: FloatArray
    gap: float
    slopes: FloatArray
    off: FloatArray
    slack: FloatArray
    modulus: float


def _joint(game: AffineGame, profile: Any) -> FloatArray:
    given = profile["joint"] if isinstance(profile, Mapping) and set(profile) == {"joint"} else profile
    try:
        joint: FloatArray = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("profile: give {'joint': one number a variable, in player order}") from None
    if joint.shape != game.vector.shape or not bool((np.abs(joint) < 1e100).all()):
        raise InputError(f"joint has shape {joint.shape}; give {len(game.vector)} finite numbers, in player order")
    return joint


def _tables(game: AffineGame) -> tuple[FloatArray, FloatArray]:
    empty = np.zeros((0, len(game.vector)))
    return (empty, np.zeros(0)) if game.rows is None or game.bounds is None else (game.rows, game.bounds)


def _product(matrix: FloatArray, x: FloatArray, rest: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return ``matrix x + rest`` and a bound on its rounding."""
    sizes = np.abs(matrix) @ np.abs(x) + np.abs(rest)
    return matrix @ x + rest, 1.01 * (matrix.shape[1] + 6) * _ROUNDOFF * sizes + _TINY


def _violation(game: AffineGame, joint: FloatArray) -> tuple[str, float, FloatArray, FloatArray]:
    """Return what is missed and by how much ("" if surely nothing is), and the slacks with their rounding."""
    rows, bounds = _tables(game)
    outside = np.maximum(game.lower - joint, joint - game.upper)
    excess, blur = _product(rows, joint, -bounds)
    if (outside > 0).any():
        k = int(outside.argmax())
        text = f"variable {k} is {joint[k]}, not within {game.lower[k]} and {game.upper[k]}"
        return text, float(outside[k]), -excess, blur
    if (excess - blur > 0).any():
        j = int((excess - blur).argmax())
        return f"row {j} is missed by {excess[j]:.3g}", float(excess[j] - blur[j]), -excess, blur
    for j in np.flatnonzero(excess + blur > 0).tolist():
        exactly = _summed(rows[j], joint, float(bounds[j]))
        if exactly > 0:
            return f"row {j} is missed by {exactly:.3g}", exactly, -excess, blur
    return "", 0.0, -excess, blur


def _summed(row: FloatArray, joint: FloatArray, bound: float) -> float:
    """Return ``row x - bound``, rounded once."""
    places = np.flatnonzero((row != 0) & (joint != 0))
    a, x = row[places], joint[places]
    product = a * x
    parts = []
    for factor in (a, x):
        large = 134217729.0 * factor  # 2^27 + 1 cuts 53 bits in two
        high = large - (large - factor)
        parts.append((high, factor - high))
    (a1, a2), (x1, x2) = parts
    rest = a2 * x2 - (((product - a1 * x1) - a2 * x1) - a1 * x2)
    if (np.abs(product) < 2.0**-900).any():  # the parts of so small a product may be lost: in rationals, then
        exactly = sum((Fraction(float(v)) * Fraction(float(w)) for v, w in zip(a, x, strict=True)), Fraction(0))
        return float(exactly - Fraction(bound))
    return math.fsum([*product.tolist(), *rest.tolist(), -bound])


def _curvatures(game: AffineGame) -> FloatArray:
    """Return for each player a number that no eigenvalue of its own block is below; all are >= 0.

    Raises
    ------
    NoChecker
        A block is not shown to be positive semidefinite.
    """
    found = np.zeros(len(game.sizes))
    for i, block in enumerate(game.blocks):
        own = game.matrix[block, block]
        if not own.any():
            continue
        margin = 4 * (len(own) + 2) * _ROUNDOFF * float(np.abs(own).sum()) + _TINY
        guess = float(np.linalg.eigvalsh(own)[0])
        for share in (0.9 * guess, 0.0):
            if share >= 0 and _is_definite(own, share + margin):
                found[i] = share
                break
        else:
            if (own[~np.eye(len(own), dtype=bool)] == 0).all() and (np.diag(own) >= 0).all():
                continue  # a diagonal that is not negative
            raise NoChecker(
                f"{game.players[i]!r}: its own cost is not shown to be convex, so no dual bounds its regret"
            )
    return found


def _is_definite(matrix: FloatArray, shift: float) -> bool:
    try:
        np.linalg.cholesky(matrix - shift * np.eye(len(matrix)))
    except np.linalg.LinAlgError:
        return False
    return True


def _bound(game: AffineGame, joint: FloatArray, told: Any, slack: FloatArray, blur: FloatArray) -> _Bounds:
    rows, _ = _tables(game)
    prices = _prices(told, len(rows))
    plain, off = _product(game.matrix, joint, game.vector)
    slopes, second = _product(rows.T, prices, plain)
    off = (off + second) * (1 + 8 * _ROUNDOFF)
    down, up = joint - game.lower, game.upper - joint
    fall, rise = np.maximum(slopes + off, 0.0), np.maximum(off - slopes, 0.0)
    # 0 times an infinite room is 0: nothing is gained along a slope that is surely 0.
    with np.errstate(invalid="ignore", over="ignore"):
        linear = np.nan_to_num(fall * down, nan=0.0, posinf=np.inf) + np.nan_to_num(rise * up, nan=0.0, posinf=np.inf)
    curvatures = _curvatures(game)
    each = np.repeat(curvatures, game.sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Divided first: squares of small slopes would underflow to a bound of 0.
        bent = np.where(each > 0, np.maximum(fall, rise) / (2 * each) * np.maximum(fall, rise), np.inf)
    cells = np.minimum(linear, np.where(np.isnan(bent), np.inf, bent))
    kept = prices * (np.maximum(slack, 0.0) + blur)
    firsts = [block.start for block in game.blocks]
    touches = np.add.reduceat(rows != 0, firsts, axis=1) > 0 if len(rows) else np.zeros((0, len(firsts)), dtype=bool)
    grow = 1 + 8 * (len(joint) + len(rows) + 8) * _ROUNDOFF
    regrets = (np.add.reduceat(cells, firsts) + kept @ touches) * grow + _TINY
    together, modulus = linear, 0.0
    if not np.isfinite(linear).all():
        modulus = _modulus(game)
        if modulus > 0:
            with np.errstate(over="ignore"):
                together = np.minimum(linear, np.maximum(fall, rise) / (2 * modulus) * np.maximum(fall, rise))
    return _Bounds(regrets, float(together.sum() + kept.sum()) * grow + _TINY, plain, off, slack, modulus)


def _modulus(game: AffineGame) -> float:
    """Return a modulus of strong monotony that is surely not too large; 0 where none is shown."""
    both, margin = _symmetric_part(game)
    guess = 0.9 * float(np.linalg.eigvalsh(both)[0])
    return guess if guess > 0 and _is_definite(both, guess + margin) else 0.0


def _symmetric_part(game: AffineGame) -> tuple[FloatArray, float]:
    """Return ``(M + M')/2`` and a margin above all rounding in it and in its factorisation."""
    size = float(np.abs(game.matrix).sum(axis=1).max(initial=0.0)) * len(game.matrix)
    return (game.matrix + game.matrix.T) / 2, 8 * (len(game.matrix) + 2) * _ROUNDOFF * size + _TINY


def _prices(told: Any, count: int) -> FloatArray:
    try:
        prices: FloatArray = np.asarray(told, dtype=np.float64)
    except (TypeError, ValueError):
        prices = np.zeros(0)
    if prices.shape != (count,) or not bool((np.abs(prices) < 1e100).all()):
        return np.zeros(count)
    return np.maximum(prices, 0.0)


def check_generalised_equilibrium(
    game: AffineGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Bound what any player gains among what bounds and rows leave to it; the claim is that it is at most `epsilon`.

    ``witness["multipliers"]`` may hold prices of the rows; any that are not negative give a bound, good ones a tight.

    Raises
    ------
    NoChecker
        Rounding hides whether the point is feasible, an own cost is not shown to be convex, or the bound is larger
        than `epsilon` and no better reply was found.
    """
    return _check(game, profile, exact(epsilon, what="epsilon"), witness, variational=False)


def check_variational_equilibrium(
    game: AffineGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Bound the same and the gap of the variational inequality, that is of equal multipliers for all players."""
    return _check(game, profile, exact(epsilon, what="epsilon"), witness, variational=True)


def _check(
    game: AffineGame, profile: Any, claimed: Fraction, witness: Mapping[str, Any] | None, *, variational: bool
) -> Certificate:
    joint = _joint(game, profile)
    size = f"{to_float(claimed):.3g}"
    claim = f"no player gains more than {size} among what the rows leave to it"
    if variational:
        claim += f", and with equal multipliers of the rows the variational gap is at most {size}"
    missed, by, slack, blur = _violation(game, joint)
    if missed:
        return Certificate(
            strength=Strength.REFUTED,
            claim=f"{claim}: no, it is not feasible, {missed}",
            bound=Fraction(by),
            witness={"violated": missed},
            epsilon=claimed,
        )
    weights = (witness or {}).get("weights") if variational else None
    scales = np.ones(len(game.sizes)) if weights is None else np.array([float(r) for r in weights])
    scaled = game if weights is None else _weighted(game, weights)
    found = _bound(scaled, joint, (witness or {}).get("multipliers"), slack, blur)
    if weights is not None:
        found = replace(found, regrets=found.regrets / scales * (1 + 4 * _ROUNDOFF))
        claim = claim.replace("equal multipliers", "weighted multipliers")
    if variational and found.modulus:
        claim += f", {found.modulus / 2:.3g} times the squared distance taken off"
    worst = int(found.regrets.argmax())
    largest = max(float(found.regrets[worst]), found.gap) if variational else float(found.regrets[worst])
    evidence: dict[str, Any] = {"largest_regret": float(found.regrets[worst])}
    if variational:
        evidence["variational_gap"] = found.gap
    if np.isfinite(largest) and Fraction(largest) <= claimed:
        return Certificate(
            strength=Strength.BOUNDED, claim=claim, bound=Fraction(largest), witness=evidence, epsilon=claimed
        )
    plain = found if weights is None else _bound(game, joint, None, slack, blur)
    for player in np.argsort(-found.regrets)[:10]:
        gain, reply = _better(game, joint, plain, int(player))
        if gain > claimed:
            evidence["deviation"] = {"player": game.players[player], "strategy": reply, "gain": gain}
            shown = Fraction(largest) if np.isfinite(largest) else gain
            return Certificate(
                strength=Strength.REFUTED, claim=f"{claim}: no", bound=shown, witness=evidence, epsilon=claimed
            )
    raise NoChecker(
        f"a bound of {size} can be neither shown nor refuted in floats: shown is {largest:.3g}; claim that, or give "
        "better multipliers"
    )


def _weighted(game: AffineGame, weights: Any) -> AffineGame:
    """Return the weighted game, whose rounding the bounds know as long as no product underflows."""
    scaled = game.weighted(weights)
    for old, new in ((game.matrix, scaled.matrix), (game.vector, scaled.vector)):
        if ((old != 0) & (np.abs(new) < 2.0**-900)).any():
            raise NoChecker(
                "weighted entries underflow; give weights that are not so small, or the game in other units"
            )
    return scaled


def _better(game: AffineGame, joint: FloatArray, found: _Bounds, player: int) -> tuple[Fraction, tuple[Fraction, ...]]:
    """Return a lower bound on the gain of a feasible reply down the player's own slope, and the reply."""
    rows, _ = _tables(game)
    block = game.blocks[player]
    x, slopes = joint[block], found.slopes[block]
    way = -slopes
    way = np.where(((way < 0) & (x <= game.lower[block])) | ((way > 0) & (x >= game.upper[block])), 0.0, way)
    along = rows[:, block] @ way
    with np.errstate(divide="ignore", invalid="ignore"):
        rooms = np.where(
            way > 0, (game.upper[block] - x) / way, np.where(way < 0, (game.lower[block] - x) / way, np.inf)
        )
        stops = np.where(along > 0, 0.999 * np.maximum(found.slack, 0.0) / along, np.inf)
    bend = float(way @ game.matrix[block, block] @ way)
    best = float(way @ way) / bend if bend > 0 else np.inf
    length = min(best, float(rooms.min(initial=np.inf)), float(stops.min(initial=np.inf)))
    if not np.isfinite(length) or length <= 0:
        return Fraction(0), ()
    reply = np.clip(x + length * way, game.lower[block], game.upper[block])
    moved = joint.copy()
    moved[block] = reply
    if _violation_of_rows(game, moved):
        return Fraction(0), ()
    # The gain in rationals, with the slopes as low as rounding lets them be.
    step = [Fraction(float(b)) - Fraction(float(a)) for a, b in zip(x, reply, strict=True)]
    own = [[Fraction(float(v)) for v in row] for row in game.matrix[block, block]]
    first = sum((Fraction(float(s)) * d for s, d in zip(slopes, step, strict=True)), Fraction(0))
    hidden = sum((Fraction(float(o)) * abs(d) for o, d in zip(found.off[block], step, strict=True)), Fraction(0))
    second = sum(
        (a * d * e for row, d in zip(own, step, strict=True) for a, e in zip(row, step, strict=True)), Fraction(0)
    )
    return -(first + hidden + second / 2), tuple(Fraction(float(v)) for v in reply)


def _violation_of_rows(game: AffineGame, joint: FloatArray) -> bool:
    rows, bounds = _tables(game)
    excess, blur = _product(rows, joint, -bounds)
    return any(_summed(rows[j], joint, float(bounds[j])) > 0 for j in np.flatnonzero(excess + blur > 0).tolist())


def uniqueness(game: AffineGame, weights: Any = None) -> tuple[str, str]:
    """Return whether at most one variational equilibrium can exist: ``M + M'`` is shown to be positive definite."""
    scaled = game if weights is None else game.weighted(weights)
    both, margin = _symmetric_part(scaled)
    if _is_definite(both, margin):
        return "proved", "the marginal costs are strongly monotone (Cholesky with a margin for rounding)"
    return "unknown", "the marginal costs are not shown to be strongly monotone"


def stated(solution: Solution, found: Certificate) -> dict[str, Any]:
    """Return what follows from the profile: the prices of the rows are those that the certificate was shown with."""
    told = solution.witness.get("multipliers")
    rows, _ = _tables(solution.game)
    return {"shared_multipliers": tuple(_prices(told, len(rows)).tolist())}
