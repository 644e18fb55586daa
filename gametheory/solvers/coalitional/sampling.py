"""Shapley values by sampling arrival orders, with confidence intervals that hold for all players at once.

Every order gives each player one marginal contribution, whose mean is the Shapley value (Castro, Gomez and Tejada
2009). Units are independent: one order, an order with its reverse (antithetic), or an order with rotations, so that
everyone stands once in every stratum of places. Work is cut into batches with seeds of their own, handed to joblib, and
added up in the order of the batches: the answer does not depend on the number of workers, nor on where they run
(``joblib.parallel_config(backend="dask")`` moves them to a cluster).

Pooled games are sampled without a table; a pooled community of a thousand members over a year
takes about ten milliseconds an order, with numba (extra ``[fast]``) about three; the answer is the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.errors import InputError
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.coalitional.prefix_values import GamePrefixes, Orders

__all__ = ["SampledShapley"]

_METHODS = ("permutation", "antithetic", "stratified")
_INTERVALS = ("bernstein", "student")
#: Prefix values that one batch holds at once.
_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class SampledShapley:
    """Shapley values with an interval for every player.

    Attributes
    ----------
    units
        Independent units: at most so many where `half_width` is given, else exactly so many.
    half_width
        Stop when every interval is at most this wide on either side. Looks are taken at numbers of units that grow by a
        half, and the k-th look spends ``1/(k (k+1))`` of the error, so that stopping does not spoil the confidence.
    method
        ``"permutation"``, ``"antithetic"`` or ``"stratified"``.
    strata
        Rotations of an order in a stratified unit; None takes one for each player.
    interval
        ``"bernstein"`` (empirical Bernstein bound of Maurer and Pontil 2009, holds for every sample size) or
        ``"student"`` (narrower, relies on means being near normal).
    confidence
        That all intervals hold together (Bonferroni over players).
    seed
        The same seed gives the same answer, whatever the number of workers.
    workers
        Processes of joblib; None follows ``joblib.parallel_config``.
    """

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame", "PooledGame", "PooledLoads")
    concept: ClassVar[Concept] = Concept.SHAPLEY
    units: int = 4096
    half_width: float | None = None
    method: str = "permutation"
    interval: str = "bernstein"
    confidence: float = 0.95
    seed: int = 0
    workers: int | None = None
    strata: int | None = None

    def __post_init__(self) -> None:
        problems = []
        if self.units < 2:
            problems.append(f"units={self.units}: give at least 2, a spread needs two")
        if self.method not in _METHODS:
            problems.append(f"method={self.method!r}: give one of {', '.join(_METHODS)}")
        if self.interval not in _INTERVALS:
            problems.append(f"interval={self.interval!r}: give one of {', '.join(_INTERVALS)}")
        if not 0 < self.confidence < 1:
            problems.append(f"confidence={self.confidence}: give a number between 0 and 1")
        if self.half_width is not None and not self.half_width > 0:
            problems.append(f"half_width={self.half_width}: give a width > 0")
        if self.strata is not None and self.strata < 2:
            problems.append(f"strata={self.strata}: give at least 2, or None for one a player")
        InputError.raise_all(problems)

    def solve(self, game: Any) -> Answer:
        """Return estimates with intervals."""
        n = len(game.players)
        source = _source(game)
        strata = n if self.strata is None else min(self.strata, n)
        orders = {"permutation": 1, "antithetic": 2, "stratified": strata}[self.method]
        size = max(1, min(256, _CELLS // ((n + 1) * orders)))
        ranges = source.ranges if self.interval == "bernstein" else np.zeros(n)
        looks = self._looks()
        moments = _Moments(n)
        done = 0
        for look, wanted in enumerate(looks, start=1):
            cuts = list(range(moments.count, wanted, size))
            counts = [min(size, wanted - cut) for cut in cuts]
            seeds = np.random.SeedSequence([self.seed, look]).spawn(len(counts))
            for sums in self._run(source, strata, list(zip(counts, seeds, strict=True))):
                moments.add(*sums)
            done = wanted
            share = 1.0 if len(looks) == 1 else 1 / (look * (look + 1))
            widths = self._widths(moments, ranges, (1 - self.confidence) * share / n)
            if self.half_width is not None and widths.max() <= self.half_width:
                break
        values = moments.mean
        # The order in which floats were added leaves an error far below any interval; it is covered all the same.
        widths = widths + 64 * np.finfo(float).eps * (n + done) * (np.abs(values) + ranges) + source.rounding
        intervals = tuple((float(v - w), float(v + w)) for v, w in zip(values, widths, strict=True))
        estimate = tuple(float(v) for v in values)
        reached = self.half_width is None or bool(widths.max() <= self.half_width * (1 + 1e-9))
        return Answer(
            profile={"values": estimate, "intervals": intervals, "confidence": self.confidence},
            status=Status.SOLVED if reached else Status.NOT_CONVERGED,
            epsilon=max(Fraction(high) - Fraction(low) for low, high in intervals) / 2,
            iterations=done * orders,
            extra={"players": game.players, "approximate": estimate, "interval": intervals},
        )

    def _looks(self) -> list[int]:
        if self.half_width is None:
            return [self.units]
        looks = [min(256, self.units)]
        while looks[-1] < self.units:
            looks.append(min(3 * looks[-1] // 2, self.units))
        return looks

    def _run(self, source: Any, strata: int, jobs: list[tuple[int, Any]]) -> list[Any]:
        from joblib import Parallel, delayed

        if len(jobs) == 1:
            return [_batch(source, self.method, strata, *jobs[0])]
        return list(Parallel(n_jobs=self.workers)(delayed(_batch)(source, self.method, strata, *job) for job in jobs))

    def _widths(self, moments: _Moments, ranges: FloatArray, error: float) -> FloatArray:
        """Return half-widths that miss a player's value with probability at most `error`."""
        count, variance = moments.count, moments.squares / (moments.count - 1)
        if self.interval == "student":
            from scipy.special import stdtrit

            return np.asarray(stdtrit(count - 1, 1 - error / 2) * np.sqrt(variance / count))
        # Both sides: each with half of the error.
        bits = math.log(4 / error)
        return np.asarray(np.sqrt(2 * variance * bits / count) + 7 * ranges * bits / (3 * (count - 1)))


class _Moments:
    """Mean and sum of squared deviations, merged batch by batch (Chan, Golub and LeVeque 1983)."""

    def __init__(self, players: int) -> None:
        self.count = 0
        self.mean: FloatArray = np.zeros(players)
        self.squares: FloatArray = np.zeros(players)

    def add(self, count: int, mean: FloatArray, squares: FloatArray) -> None:
        total = self.count + count
        shift = mean - self.mean
        self.mean = self.mean + shift * (count / total)
        self.squares = self.squares + squares + shift**2 * (self.count * count / total)
        self.count = total


def _source(game: Any) -> Any:
    """Return what gives the values of prefixes of this form of game, the ranges of marginals and their rounding."""
    form = type(game).__name__
    if form.startswith("Pooled"):
        from gametheory.solvers.pooled.prefixes import pooled_prefixes

        return pooled_prefixes(game)
    return GamePrefixes(game)


def _batch(source: Any, method: str, strata: int, count: int, seed: Any) -> tuple[int, FloatArray, FloatArray]:
    """Return count, means and summed squared deviations of `count` independent units."""
    n = source.members
    rng = np.random.default_rng(seed)
    orders = rng.permuted(np.tile(np.arange(n, dtype=np.int64), (count, 1)), axis=1)
    values = source.values
    units: Any
    if method == "permutation":
        units = _marginals(values, orders)
    elif method == "antithetic":
        units = (_marginals(values, orders) + _marginals(values, orders[:, ::-1])) / 2
    else:
        units = sum(_marginals(values, np.roll(orders, k * n // strata, axis=1)) for k in range(strata)) / strata
    mean = units.mean(axis=0)
    return count, mean, ((units - mean) ** 2).sum(axis=0)


def _marginals(values: Any, orders: Orders) -> FloatArray:
    added = np.diff(values(orders), axis=1)
    units: FloatArray = np.empty_like(added)
    np.put_along_axis(units, orders, added, axis=1)
    return units
