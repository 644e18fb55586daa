"""Logit quantal response equilibria: the branch from the centroid, traced by arc length and enclosed at its end.

At precision ``L`` every player mixes with ``x_ik`` in proportion to ``exp(L u_ik(x_-i))`` (R. McKelvey and T. Palfrey,
Quantal response equilibria for normal form games, Games and Economic Behavior 10 (1995) 6-38). The branch that starts
from equal probabilities at ``L = 0`` is followed as in T. Turocy, A dynamic homotopy interpretation of the logistic
quantal response equilibrium correspondence, Games and Economic Behavior 51 (2005) 243-263: predictor along the
tangent, corrector by Newton steps of least norm, in log probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import flint
import numpy as np

from gametheory.arithmetic import Number, exact
from gametheory.errors import InputError
from gametheory.games.enclosure import Enclosure
from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.krawczyk import enclose_zero
from gametheory.result import Answer, Concept, Status

__all__ = ["LogitTracing", "trace_branch"]

#: The cosine between the tangents of two points of the branch is at least this.
_STRAIGHT = 0.9
#: Bits of the ends of an enclosure.
_BITS = 120


@dataclass(frozen=True, slots=True)
class LogitTracing:
    """Follow the principal branch to the wanted precision, then enclose the point there.

    Parameters
    ----------
    precision
        ``L`` in the units of one over payoffs, a positive rational.
    steps
        Steps along the branch at most.

    Examples
    --------
    >>> game = NormalFormGame([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    >>> answer = LogitTracing(precision=2).solve(game)
    >>> [round(float(p), 6) for p in answer.profile[0]]
    [0.860754, 0.139246]
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.QUANTAL_RESPONSE
    precision: Number = 1
    steps: int = 5000

    def __post_init__(self) -> None:
        if exact(self.precision, what="precision") <= 0:
            raise InputError(f"precision={self.precision!r} must be > 0")

    def solve(self, game: NormalFormGame) -> Answer:
        """Return enclosures of the probabilities; the witness holds the precision."""
        wanted = exact(self.precision)
        branch = trace_branch(game, float(wanted), steps=self.steps)
        _, last = branch[-1]
        enclosed = enclose_zero(_system(game, wanted), [float(np.log(x / s[0])) for s in last for x in s[1:]])
        profile: Any
        if enclosed is None or abs(branch[-1][0] - float(wanted)) > 1e-9 * max(1.0, float(wanted)):
            profile, status = tuple(tuple(Fraction(float(p)) for p in s) for s in last), Status.NOT_CONVERGED
        else:
            profile, status = _spread(game, enclosed[0]), Status.SOLVED
        point = {
            name: dict(zip(names, s, strict=True))
            for name, names, s in zip(game.players, game.strategies, profile, strict=True)
        }
        shown = tuple((lam, tuple(tuple(float(p) for p in s) for s in x)) for lam, x in branch)
        width = max((p.width for s in profile for p in s if isinstance(p, Enclosure)), default=Fraction(0))
        return Answer(
            profile=profile,
            status=status,
            epsilon=width,
            iterations=len(branch),
            witness={"precision": wanted},
            extra={"point": point, "details": {"precision": wanted, "branch": shown}},
        )


def trace_branch(
    game: NormalFormGame,
    precision: float,
    *,
    steps: int = 5000,
    until: Callable[[list[Any]], bool] | None = None,
) -> list[tuple[float, list[Any]]]:
    """Return points (precision, profile) of the branch, the last at `precision` where it was reached in time."""
    tables = [np.moveaxis(t.floats(), i, 0) for i, t in enumerate(game.payoffs)]
    sizes = list(game.shape)
    scale = max(float(t.max() - t.min()) for t in tables) or 1.0
    tables = [(t - t.min()) / scale for t in tables]  # precision is counted in units of 1 / scale along the way
    goal = precision * scale
    point = np.concatenate([*(np.full(m, -np.log(m)) for m in sizes), [0.0]])
    branch = [(0.0, _shares(point, sizes))]
    direction = np.zeros(len(point))
    direction[-1] = 1.0
    length = 0.05
    for _ in range(steps):
        tangent = _tangent(_jacobian(tables, sizes, point), direction)
        if tangent is None:
            break
        moved = _correct(tables, sizes, point + length * tangent)
        if moved is None:
            length /= 2
            if length < 1e-9:
                break
            continue
        ahead = _tangent(_jacobian(tables, sizes, moved), tangent)
        if ahead is None or ahead @ tangent < _STRAIGHT:  # too sharp a turn: perhaps a jump to another branch
            length /= 2
            if length < 1e-9:
                break
            continue
        if moved[-1] >= goal:
            final = _at(tables, sizes, point, moved, goal)
            if final is not None:
                branch.append((precision, _shares(final, sizes)))
                return branch
            length /= 2
            if length < 1e-9:
                break
            continue
        direction, point = tangent, moved
        branch.append((float(point[-1] / scale), _shares(point, sizes)))
        if until is not None and until(branch[-1][1]):
            return branch
        length = min(length * 1.3, 0.5 + 0.1 * abs(float(point[-1])))
    return branch


def _shares(point: Any, sizes: list[int]) -> list[Any]:
    return [np.exp(part) for part in np.split(point[:-1], np.cumsum(sizes)[:-1])]


def _values(tables: list[Any], shares: list[Any], i: int, skip: int | None = None) -> Any:
    """Return ``u_ik``, or with `skip` its derivative by that player's shares as a matrix."""
    others = [j for j in range(len(tables)) if j != i]
    values = tables[i]
    if skip is not None:
        values = np.moveaxis(values, 1 + others.index(skip), 1)
        others = [skip, *(j for j in others if j != skip)]
    for j in reversed(others[1:] if skip is not None else others):
        values = values @ shares[j]
    return values


def _residual(tables: list[Any], sizes: list[int], point: Any) -> Any:
    shares, lam = _shares(point, sizes), point[-1]
    parts = []
    for i, own in enumerate(np.split(point[:-1], np.cumsum(sizes)[:-1])):
        values = _values(tables, shares, i)
        parts += [[shares[i].sum() - 1], own[1:] - own[0] - lam * (values[1:] - values[0])]
    return np.concatenate(parts)


def _jacobian(tables: list[Any], sizes: list[int], point: Any) -> Any:
    shares, lam = _shares(point, sizes), point[-1]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    matrix = np.zeros((len(point) - 1, len(point)))
    row = 0
    for i, m in enumerate(sizes):
        matrix[row, starts[i] : starts[i + 1]] = shares[i]
        rows = slice(row + 1, row + m)
        matrix[rows, starts[i] + 1 : starts[i + 1]] = np.eye(m - 1)
        matrix[rows, starts[i]] = -1
        values = _values(tables, shares, i)
        matrix[rows, -1] = values[0] - values[1:]
        for j in range(len(sizes)):
            if j != i:
                slope = _values(tables, shares, i, j) * shares[j]
                matrix[rows, starts[j] : starts[j + 1]] = lam * (slope[0] - slope[1:])
        row += m
    return matrix


def _tangent(matrix: Any, direction: Any) -> Any:
    if not np.isfinite(matrix).all():
        return None
    vector = np.linalg.svd(matrix)[2][-1]
    return vector if vector @ direction >= 0 else -vector


def _correct(tables: list[Any], sizes: list[int], point: Any) -> Any:
    """Newton steps of least norm back to the branch; None where they do not settle at once."""
    for _ in range(6):
        error = _residual(tables, sizes, point)
        if not np.isfinite(error).all() or np.abs(error).max() > 10:
            return None
        if np.abs(error).max() < 1e-11:
            return point
        point = point - np.linalg.lstsq(_jacobian(tables, sizes, point), error, rcond=None)[0]
    return point if np.abs(_residual(tables, sizes, point)).max() < 1e-9 else None


def _at(tables: list[Any], sizes: list[int], before: Any, after: Any, goal: float) -> Any:
    """Return the point between two points of the branch at which the precision is `goal`."""
    share = (goal - before[-1]) / (after[-1] - before[-1])
    point = before + share * (after - before)
    point[-1] = goal
    for _ in range(30):
        error = _residual(tables, sizes, point)
        if not np.isfinite(error).all():
            return None
        if np.abs(error).max() < 1e-12:
            break
        try:
            point[:-1] -= np.linalg.solve(_jacobian(tables, sizes, point)[:, :-1], error)
        except np.linalg.LinAlgError:
            return None
    return point if np.abs(_residual(tables, sizes, point)).max() < 1e-9 else None


# ---------------------------------------------------------------------------------------------------- the enclosure


def _system(game: NormalFormGame, precision: Fraction) -> Callable[[list[Any]], tuple[list[Any], list[list[Any]]]]:
    """Return ``t_ik - L (u_ik - u_i0)`` in balls, with its derivative, where ``t_ik = log(x_ik / x_i0)``, ``k > 0``."""

    def system(ratios: list[Any]) -> tuple[list[Any], list[list[Any]]]:
        shares = _softmax(game, ratios)
        values: list[Any] = []
        slope: list[list[Any]] = []
        for i, m in enumerate(game.shape):
            lam = flint.arb(flint.fmpq(precision.numerator, precision.denominator * game.payoffs[i].denominator))
            earned = _earned(game, i, shares)
            start = len(values)
            values += [ratios[start + k - 1] - lam * (earned[k] - earned[0]) for k in range(1, m)]
            rows: list[list[Any]] = [[] for _ in range(m - 1)]
            for j, size in enumerate(game.shape):
                if j == i:
                    for k, row in enumerate(rows):
                        row += [flint.arb(int(k == a)) for a in range(size - 1)]
                    continue
                units = [[flint.arb(int(b == a)) for b in range(size)] for a in range(size)]
                pure = [_earned(game, i, [*shares[:j], unit, *shares[j + 1 :]]) for unit in units]
                for k, row in enumerate(rows, start=1):
                    mean = earned[k] - earned[0]
                    row += [-lam * shares[j][a] * (pure[a][k] - pure[a][0] - mean) for a in range(1, size)]
            slope += rows
        return values, slope

    return system


def _softmax(game: NormalFormGame, ratios: list[Any]) -> list[list[Any]]:
    shares, place = [], 0
    for m in game.shape:
        powers = [flint.arb(1), *(t.exp() for t in ratios[place : place + m - 1])]
        place += m - 1
        mass = sum(powers, flint.arb(0))
        shares.append([power / mass for power in powers])
    return shares


def _earned(game: NormalFormGame, player: int, shares: Sequence[Sequence[Any]]) -> list[Any]:
    """Return what each strategy earns, in numerators."""
    cells: Any = np.moveaxis(game.payoffs[player].integers(), player, 0)
    for j in reversed([j for j in range(len(shares)) if j != player]):
        parts = [cells[..., k] * weight for k, weight in enumerate(shares[j])]
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        cells = total
    return list(cells)


def _spread(game: NormalFormGame, balls: list[Any]) -> tuple[tuple[Any, ...], ...]:
    with flint.ctx.workprec(256):
        shares = _softmax(game, balls)
        return tuple(tuple(_enclosure(p) for p in own) if len(own) > 1 else (Fraction(1),) for own in shares)


def _enclosure(ball: Any) -> Enclosure:
    """Return a ball as an enclosure of rationals, a little wider, to `_BITS` bits of its own size."""
    low, high = ball.lower().fmpq(), ball.upper().fmpq()
    grid = 1 << _BITS + max(int(high.q).bit_length() - int(high.p).bit_length(), 0)
    down = max((int(low.p) * grid) // int(low.q) - 1, 0)
    up = -((-int(high.p) * grid) // int(high.q)) + 1
    return Enclosure(Fraction(down, grid), Fraction(up, grid))
