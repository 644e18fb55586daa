"""Players who learn: fictitious play and best replies in exact numbers, replicator paths in floats.

nashpy integrates the replicator equation for two players and is used for it. Its fictitious play is not: it finds ties
by equality of floats (the catalogue's ``stag_hunt_in_tenths`` shows one that it misses) and draws from NumPy's global
generator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.certificates import regret
from gametheory.errors import InputError
from gametheory.games.base import lower
from gametheory.games.mixed_profile import read_profile
from gametheory.games.normal_form import NormalFormGame
from gametheory.solvers.normal_form.best_response import payoff_vector
from gametheory.solvers.normal_form.potential import exact_potential
from gametheory.solvers.normal_form.pure import numbers
from gametheory.solvers.normal_form.steps import Trace, TraceStep, wide

__all__ = ["BestReplyPath", "FictitiousPlay", "Replicator", "best_response_dynamics", "fictitious_play", "replicator"]

Cell = tuple[int, ...]
_UNTOLD = Trace()


@dataclass(frozen=True, slots=True, kw_only=True)
class FictitiousPlay:
    """What was played, and how far the empirical mixtures are from an equilibrium.

    Attributes
    ----------
    plays
        The cell of each round.
    beliefs
        The share of each strategy over all rounds, a tuple of Fractions a player.
    regret
        The exact regret of the beliefs.
    trace
        The steps for teaching, where they were asked for.
    """

    plays: tuple[Cell, ...]
    beliefs: tuple[tuple[Fraction, ...], ...]
    regret: Fraction
    trace: Trace = _UNTOLD


def fictitious_play(
    game: Any, rounds: int, *, start: Sequence[int] | None = None, trace: bool = False
) -> FictitiousPlay:
    """Play `rounds` rounds, each player the first best reply to what the others have played so far.

    The first round is `start` (default: everybody's first strategy). All is exact: a tie is a tie, and the strategy of
    least index is played. Source: G. W. Brown, Iterative solution of games by fictitious play, 1951; with more than two
    players the beliefs are the products of the shares. With `trace`, ``.trace`` holds what each round shows.

    Examples
    --------
    >>> shapley = NormalFormGame([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    >>> run = fictitious_play(shapley, 300)
    >>> sorted(set(run.plays)), float(run.regret) > 0.1
    ([(0, 0), (0, 2), (1, 0), (1, 1), (2, 1), (2, 2)], True)
    """
    game = _finite(game)
    if not isinstance(rounds, int) or rounds < 1:
        raise InputError(f"rounds={rounds!r} must be a whole number >= 1")
    cell = _cell(game, start)
    counts: list[Any] = [[0] * size for size in game.shape]
    plays: list[Cell] = []
    two = len(game.shape) == 2
    tables = [numbers(table).astype(object) for table in game.payoffs]
    earned: list[Any] = [np.zeros(size, dtype=object) for size in game.shape]
    steps: list[TraceStep] = []
    for played in range(1, rounds + 1):
        plays.append(cell)
        for own, k in zip(counts, cell, strict=True):
            own[k] += 1
        if two:  # what each strategy would have earned so far, a column at a time
            earned[0] = earned[0] + tables[0][:, cell[1]]
            earned[1] = earned[1] + tables[1][cell[0], :]
        else:
            shares = tuple(tuple(Fraction(c, played) for c in own) for own in counts)
            earned = [payoff_vector(game, shares, i) for i in range(len(game.shape))]
        if trace:
            steps.append(_round(game, played, cell, counts, earned if not two else _means(game, earned, played)))
        cell = tuple(max(range(len(values)), key=values.__getitem__) for values in earned)
    beliefs = tuple(tuple(Fraction(c, rounds) for c in own) for own in counts)
    return FictitiousPlay(plays=tuple(plays), beliefs=beliefs, regret=regret(game, beliefs), trace=Trace(tuple(steps)))


def _means(game: NormalFormGame, earned: Sequence[Any], played: int) -> list[list[Fraction]]:
    """Return what each strategy earns on average against what was played, from sums of numerators."""
    return [
        [Fraction(int(total), played * table.denominator) for total in sums]
        for sums, table in zip(earned, game.payoffs, strict=True)
    ]


def _round(game: NormalFormGame, played: int, cell: Cell, counts: Any, values: Sequence[Any]) -> TraceStep:
    rows: list[Any] = []
    for name, own, earns in zip(game.players, counts, values, strict=True):
        rows += [(f"{name}: share", *(Fraction(c, played) for c in own)), (f"{name}: would earn", *earns)]
    chosen = ", ".join(repr(own[k]) for own, k in zip(game.strategies, cell, strict=True))
    return TraceStep(text=f"round {played}: {chosen} are played", **wide(("", *map(str, range(max(game.shape)))), rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class BestReplyPath:
    """Pure profiles, each one player's best reply away from the one before.

    Attributes
    ----------
    path
        The cells, from the start on.
    movers
        Who moved at each step.
    converged
        Whether the last cell is an equilibrium; if not, it has been met before with the same player to move: a cycle.
    potential
        The exact potential along the path where the game has one (it rises at every step), else None.
    trace
        The steps for teaching, where they were asked for.
    """

    path: tuple[Cell, ...]
    movers: tuple[str, ...]
    converged: bool
    potential: tuple[Fraction, ...] | None
    trace: Trace = _UNTOLD


def best_response_dynamics(game: Any, *, start: Sequence[int] | None = None, trace: bool = False) -> BestReplyPath:
    """Let the players move in turn to their first best reply, until nobody gains or the path cycles.

    A player who cannot gain stays. In a game with an exact potential the path always ends in an equilibrium. With
    `trace`, ``.trace`` holds each turn.

    Examples
    --------
    >>> pennies = NormalFormGame.zero_sum([[1, -1], [-1, 1]])
    >>> run = best_response_dynamics(pennies)
    >>> run.converged, run.path
    (False, ((0, 0), (0, 1), (1, 1), (1, 0), (0, 0), (0, 1)))
    """
    game = _finite(game)
    cell = _cell(game, start)
    players = len(game.shape)
    path, movers = [cell], []
    met = {(cell, 0)}
    turn = idle = 0
    steps: list[TraceStep] = []
    while idle < players:
        line = [game.payoffs[turn][(*cell[:turn], k, *cell[turn + 1 :])] for k in range(game.shape[turn])]
        best = max(line)
        mover, turn = turn, (turn + 1) % players
        if trace:
            steps.append(_turn(game, mover, cell, line))
        if line[cell[mover]] == best:
            idle += 1
            continue
        idle = 0
        cell = (*cell[:mover], line.index(best), *cell[mover + 1 :])
        path.append(cell)
        movers.append(game.players[mover])
        if (cell, turn) in met:
            break
        met.add((cell, turn))
    table = exact_potential(game).potential
    return BestReplyPath(
        path=tuple(path),
        movers=tuple(movers),
        converged=idle == players,
        potential=None if table is None else tuple(table[c] for c in path),
        trace=Trace(tuple(steps)),
    )


def _turn(game: NormalFormGame, mover: int, cell: Cell, line: list[Fraction]) -> TraceStep:
    names, best = game.strategies[mover], max(line)
    move = "stays" if line[cell[mover]] == best else f"moves to {names[line.index(best)]!r}"
    at = ", ".join(own[k] for own, k in zip(game.strategies, cell, strict=True))
    gain = best - line[cell[mover]]
    return TraceStep(
        text=f"at ({at}) {game.players[mover]!r} {move}"
        + (f" and gains {gain}" if gain else ": no strategy earns more"),
        header=("", *names),
        rows=(("earns", *line),),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicator:
    """A path of the replicator equation.

    Attributes
    ----------
    times
        The times of the points.
    shares
        An array a player, a row a time, of the share of each strategy.
    potential
        The expected exact potential at each time where the game has one; it never falls. Else None.
    trace
        The steps for teaching, where they were asked for.
    """

    times: Any
    shares: tuple[Any, ...]
    potential: Any
    trace: Trace = _UNTOLD

    def divergence(self, profile: Sequence[Sequence[Any]]) -> Any:
        """Return ``sum_i sum_k p_ik log(p_ik / x_ik(t))`` at each time.

        It is constant for an interior equilibrium of a zero-sum game (a constant of motion), and falls to 0 where the
        path converges to `profile`.
        """
        total = np.zeros(len(self.times))
        for own, target in zip(self.shares, profile, strict=True):
            for k, p in enumerate(target):
                weight = float(p)
                if weight > 0:
                    total += weight * (np.log(weight) - np.log(np.maximum(own[:, k], 1e-300)))
        return total


def replicator(game: Any, start: Any, times: Sequence[float], *, trace: bool = False) -> Replicator:
    """Integrate ``dx_ik/dt = x_ik (u_ik(x) - u_i(x))`` from `start` (P. Taylor and L. Jonker 1978).

    Parameters
    ----------
    start
        A mixed profile.
    times
        At least two increasing times, the first is that of `start`.
    trace
        Keep the equation at each time under ``.trace``: the path is rounded to thousandths (it is not rational), and
        what stands beside it is exact for these shares.

    Examples
    --------
    >>> coordination = NormalFormGame([[2, 0], [0, 1]], [[2, 0], [0, 1]])
    >>> path = replicator(coordination, [[0.5, 0.5], [0.5, 0.5]], [0, 5, 50])
    >>> [round(float(x), 6) for x in path.shares[0][:, 0]][-1], bool((np.diff(path.potential) > 0).all())
    (1.0, True)
    """
    game = _finite(game)
    mixed, _ = read_profile(game, start)
    moments = np.asarray(times, dtype=float)
    if moments.ndim != 1 or len(moments) < 2 or not (np.diff(moments) > 0).all() or not np.isfinite(moments).all():
        raise InputError("times: give at least two finite increasing numbers")
    first = [np.array([float(p) for p in s]) for s in mixed]
    tables = [table.floats() for table in game.payoffs]
    if len(tables) == 2:
        import nashpy

        shares = nashpy.Game(*tables).asymmetric_replicator_dynamics(x0=first[0], y0=first[1], timepoints=moments)
    else:
        shares = _integrate(tables, first, moments)
    potential = exact_potential(game).potential
    along = None
    if potential is not None:
        along = np.array([_mean(potential.floats(), row) for row in zip(*shares, strict=True)])
    steps = (
        [_slope(game, t, point) for t, point in zip(moments, zip(*shares, strict=True), strict=True)] if trace else []
    )
    return Replicator(times=moments, shares=tuple(shares), potential=along, trace=Trace(tuple(steps)))


def _slope(game: NormalFormGame, time: float, point: Sequence[Any]) -> TraceStep:
    """Say how fast each share grows, exactly, at shares rounded to thousandths."""
    rounded = []
    for own in point:
        rest = [Fraction(round(1000 * float(x)), 1000) for x in own[1:]]
        rounded.append((1 - sum(rest, Fraction(0)), *rest))
    rows: list[Any] = []
    for i, own in enumerate(rounded):
        values = payoff_vector(game, tuple(rounded), i)
        mean = sum((x * v for x, v in zip(own, values, strict=True)), Fraction(0))
        growth = [x * (v - mean) for x, v in zip(own, values, strict=True)]
        name = game.players[i]
        rows += [(f"{name}: share", *own), (f"{name}: earns", *values), (f"{name}: grows by", *growth)]
    return TraceStep(text=f"time {time:g}", **wide(("", *map(str, range(max(game.shape)))), rows))


def _integrate(tables: list[Any], first: list[Any], moments: Any) -> tuple[Any, ...]:
    from scipy.integrate import solve_ivp

    cuts = np.cumsum([len(x) for x in first])[:-1]

    def slope(_: float, flat: Any) -> Any:
        shares = np.split(flat, cuts)
        parts = []
        for i, table in enumerate(tables):
            values = np.moveaxis(table, i, 0)
            for j in reversed([j for j in range(len(tables)) if j != i]):
                values = values @ shares[j]
            parts.append(shares[i] * (values - values @ shares[i]))
        return np.concatenate(parts)

    run = solve_ivp(slope, (moments[0], moments[-1]), np.concatenate(first), t_eval=moments, rtol=1e-9, atol=1e-11)
    return tuple(np.split(run.y.T, cuts, axis=1))


def _mean(table: Any, shares: Sequence[Any]) -> float:
    for own in reversed(shares):
        table = table @ own
    return float(table)


def _finite(game: Any) -> NormalFormGame:
    plain = lower(game)
    if not isinstance(plain, NormalFormGame):
        raise InputError(f"a {type(plain).__name__} is no finite game; give a NormalFormGame")
    return plain


def _cell(game: NormalFormGame, start: Sequence[int] | None) -> Cell:
    cell = (0,) * len(game.shape) if start is None else tuple(start)
    if len(cell) != len(game.shape) or any(
        not isinstance(k, int) or not 0 <= k < size for k, size in zip(cell, game.shape, strict=True)
    ):
        raise InputError(f"start={start!r} is no cell of a game of shape {game.shape}; give one index a player")
    return cell
