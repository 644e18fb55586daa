"""B.3 for arrays: a rigorous bound on what an operator and any of 100,000 prosumers could gain, in floats.

Leader: the bound of :mod:`gametheory.certificates.regimes` for many intervals at once. For every ``lam`` in
``[feed_in, retail]`` no prices earn more than ``max_j B_j(lam) + max_k S_k(lam)``, the best of
``K + lam C - C p - lam K/p`` on each interval of the buy price, and of its negative on each interval of the sell price.
The ``lam`` at which both best intervals balance closes most of it; where two humps compete a box of intervals is cut
between them and each part gets a ``lam`` of its own.

Followers: where ``g`` is the slope of the utility at ``x``, the best ``x*`` lies between ``x`` and the point where that
slope's formula ``k/(1+x) - p`` vanishes, and by concavity the regret is at most ``|g| |x* - x|``, so at most
``(k - p (1+x))^2/(p (1+x))`` with the price ``p`` of the side that ``g`` points to.

Rounding: ``u = 2^-53``; sums run in ``longdouble`` of roundoff ``v``, a sum of ``n`` terms is off by at most ``n v`` of
the sum of sizes (to first order; the code doubles that). A wrong side of a role change shifts a term by at most ``4 u``
of its size, because there the term is 0. In all ``(64 u + 4 n v) (retail/feed_in) sum (k + retail (1 + E))`` covers
the error of each of ``B_j``, ``S_k`` and of the profit: ``p - lam`` and ``1 - lam/p`` are at most ``retail`` and
``retail/feed_in``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import FloatArray, Number, exact
from gametheory.errors import InputError, NotApplicable
from gametheory.result import Certificate, Strength

__all__ = ["bound_log_prices"]

_ROUNDOFF = 2.0**-53
#: Boxes of intervals that are cut open before the bound is taken as it is.
_MOST_BOXES = 200
_HALVINGS = 60
#: Weights and prices below this are refused.
_LEAST = 1e-120


def bound_log_prices(
    *,
    k: npt.ArrayLike,
    energy: npt.ArrayLike,
    feed_in: Number,
    retail_price: Number,
    buy_price: Number,
    sell_price: Number,
    consumption: npt.ArrayLike,
    epsilon: Number | None = None,
) -> Certificate:
    """Return a certificate that bounds the regret of the prices and of every consumption (money).

    Parameters
    ----------
    k, energy, feed_in, retail_price
        The step, as :func:`gametheory.solvers.pricing.log_price_arrays.best_log_prices` takes it.
    buy_price, sell_price, consumption
        The answer.
    epsilon
        The regret claimed; left out, what is found is claimed. Better prices, or a prosumer that certainly gains more
        than this, refute the claim.

    Raises
    ------
    InputError
        Numbers or prices out of range, shapes that do not fit.
    NotApplicable
        ``feed_in <= 0``.

    Examples
    --------
    >>> step = dict(k=[4.0, 1.0], energy=[0.0, 3.0], feed_in="1/4", retail_price=2)
    >>> good = bound_log_prices(**step, buy_price="8/5", sell_price="2/5", consumption=[1.5, 1.5])
    >>> good.strength.value, good.bound < 1e-11
    ('bounded', True)
    >>> bad = bound_log_prices(**step, buy_price="7/5", sell_price="2/5", consumption=[13 / 7, 1.5], epsilon=0)
    >>> bad.strength.value, bad.bound > 0.1
    ('refuted', True)
    """
    weights, energies, replies = (np.asarray(v, dtype=np.float64) for v in (k, energy, consumption))
    low, high, buy, sell = (exact(v) for v in (feed_in, retail_price, buy_price, sell_price))
    _check(weights, energies, replies, low, high, buy, sell)
    market = _Market.of(weights, energies, float(low), float(high))
    earned = market.profit(float(buy), float(sell))
    found, better = market.greatest(earned, float(buy))
    slip = market.slip
    leader = max(found - earned, 0.0) + 4 * slip
    regrets, certain = _regrets(weights, energies, replies, float(buy), float(sell))
    worst = int(np.argmax(regrets))
    bound = max(leader, float(regrets[worst])) * (1 + 16 * _ROUNDOFF)
    claimed = exact(bound if epsilon is None else epsilon, what="epsilon")
    gain = 0.0 if better is None else better[2] - earned - 4 * slip
    refuted = max(Fraction(gain), Fraction(certain)) > claimed
    witness: dict[str, Any] = {
        "leader_regret": Fraction(leader),
        "follower_regret": Fraction(float(regrets[worst])),
        "profit": Fraction(earned - slip),
        "greatest_profit": Fraction(found + 3 * slip),
    }
    if gain > 0 and better is not None:
        witness["better_prices"] = {"buy_price": better[0], "sell_price": better[1], "gain": Fraction(gain)}
    if certain > 0:
        witness["follower"] = worst
    return Certificate(
        strength=Strength.REFUTED if refuted else Strength.BOUNDED,
        claim="every prosumer answers optimally and no other prices earn the operator more, up to the bound",
        bound=Fraction(bound),
        witness=witness,
        epsilon=claimed,
    )


def _regrets(
    weights: FloatArray, energies: FloatArray, replies: FloatArray, buy: float, sell: float
) -> tuple[FloatArray, float]:
    """Return upper bounds of every prosumer's regret, and a lower bound of the one that may gain most."""
    level = 1.0 + replies
    # One more kWh costs p_b from the own energy on, one less brings p_s up to it.
    up, down = np.where(replies < energies, sell, buy), np.where(replies > energies, buy, sell)
    slip = 16 * _ROUNDOFF * (weights + buy * level)
    short = np.maximum(weights - up * level, 0.0) + slip
    over = np.where(replies > 0, np.maximum(down * level - weights, 0.0) + slip, 0.0)
    bounds: FloatArray = np.maximum(short * (short / (up * level)), over * (over / (down * level)))
    return bounds, _certain(weights, energies, replies, buy, sell, int(np.argmax(bounds)))


def _certain(weights: FloatArray, energies: FloatArray, replies: FloatArray, buy: float, sell: float, i: int) -> float:
    """Return what prosumer `i` certainly gains by its best consumption: a difference of utilities less its rounding."""
    weight, energy, x = float(weights[i]), float(energies[i]), float(replies[i])
    best = max(weight / buy - 1, min(energy, max(weight / sell - 1, 0.0)))

    def bill(amount: float) -> float:
        return (buy if amount > 0 else sell) * amount

    terms = (weight * float(np.log1p(best) - np.log1p(x)), bill(x - energy), -bill(best - energy))
    size = weight * float(np.log1p(best) + np.log1p(x)) + buy * (best + x + 2 * energy)
    return max(sum(terms) - 64 * _ROUNDOFF * size, 0.0)


# --------------------------------------------------------------------------------------------------------- leader


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """Intervals of one price, with ``K`` and ``C`` of those who trade there; `sign` is 1 for buyers, -1 for sellers."""

    sign: float
    cuts: FloatArray
    weights: FloatArray
    constants: FloatArray

    def bounds(self, lam: float, first: int, last: int) -> tuple[FloatArray, FloatArray]:
        """Return the best ``sign (p - lam)(K/p - C)`` of the intervals first..last-1, and the prices that have it.

        Of buyers and sellers alike it is ``K + lam C - C p - lam K/p``.
        """
        weight, constant = self.weights[first:last], self.constants[first:last]
        left, right = self.cuts[first:last], self.cuts[first + 1 : last + 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            vertex = np.sqrt(lam * weight / constant)
            vertex = np.where(constant > 0, vertex, right if self.sign > 0 else left)
        price = np.minimum(np.maximum(vertex, left), right)
        value = (price - lam) * (weight / price - constant)
        return value, price

    def amount(self, j: int, price: float) -> float:
        """Return what is bought, or sold."""
        return self.sign * (float(self.weights[j]) / price - float(self.constants[j]))


@dataclass(frozen=True, slots=True, eq=False)
class _Market:
    """Both sides of the step, and how far any of their figures may be off."""

    buyers: _Side
    sellers: _Side
    low: float
    high: float
    slip: float

    @classmethod
    def of(cls, weights: FloatArray, energies: FloatArray, low: float, high: float) -> _Market:
        level = 1.0 + energies
        theta = weights / level
        own = energies > 0
        buyers = _side(1.0, low, high, [(theta, -weights, -level)])
        # Below its theta nobody sells; from k on the energy is given whole: K falls out, and 1 of C.
        one = np.ones(int(own.sum()))
        sellers = _side(-1.0, low, high, [(theta[own], weights[own], level[own]), (weights[own], -weights[own], -one)])
        fine = float(np.finfo(np.longdouble).eps) / 2
        stake = float(weights.sum() + high * level.sum()) * (1 + len(weights) * _ROUNDOFF)
        slip = (64 * _ROUNDOFF + 4 * (2 * len(weights) + 2) * fine) * (high / low) * stake
        return cls(buyers, sellers, low, high, slip)

    def profit(self, buy: float, sell: float) -> float:
        """Return what prices earn, up to `slip`."""
        j = int(np.clip(np.searchsorted(self.buyers.cuts, buy) - 1, 0, len(self.buyers.weights) - 1))
        k = int(np.clip(np.searchsorted(self.sellers.cuts, sell) - 1, 0, len(self.sellers.weights) - 1))
        bought, sold = self.buyers.amount(j, buy), self.sellers.amount(k, sell)
        rest = bought - sold
        return buy * bought - sell * sold - max(self.high * rest, self.low * rest)

    def greatest(self, earned: float, buy: float) -> tuple[float, tuple[float, float, float] | None]:
        """Return a profit that no prices pass, up to the slip of both sides, and better prices if any are found."""
        best = max(earned, 0.0)
        better: tuple[float, float, float] | None = None if earned >= 0 else (self.high, self.low, 0.0)
        whole = (0, len(self.buyers.weights), 0, len(self.sellers.weights))
        found = self._bounded(whole, self._guess(buy))
        if found.value > best + self.slip:
            found = self._box(whole)
        boxes = [found]
        for _ in range(_MOST_BOXES):
            box = max(boxes, key=lambda entry: entry.value)
            for p_b, p_s in box.prices:
                value = self.profit(p_b, p_s) if p_s <= p_b else 0.0
                if value > best:
                    best, better = value, (p_b, p_s, value)
            if box.value <= best + self.slip or not box.parts:
                break
            boxes.remove(box)
            boxes += [self._box(part) for part in box.parts]
        return max(best, max(box.value for box in boxes)), better

    def _guess(self, buy: float) -> float:
        """Return the ``lam`` for which this buy price would be the top of its interval."""
        j = int(np.clip(np.searchsorted(self.buyers.cuts, buy) - 1, 0, len(self.buyers.weights) - 1))
        weight, constant = float(self.buyers.weights[j]), float(self.buyers.constants[j])
        return min(max(buy * buy * constant / weight, self.low), self.high) if weight > 0 else self.low

    def _bounded(self, ranges: tuple[int, int, int, int], lam: float) -> _Box:
        first, last, start, stop = ranges
        values, p_b = self.buyers.bounds(lam, first, last)
        rates, p_s = self.sellers.bounds(lam, start, stop)
        j, k = int(np.argmax(values)), int(np.argmax(rates))
        prices = (float(p_b[j]), float(p_s[k]))
        gap = self.sellers.amount(start + k, prices[1]) - self.buyers.amount(first + j, prices[0])
        return _Box(float(values[j] + rates[k]), lam, gap, (first + j, start + k), (prices,), ())

    def _box(self, ranges: tuple[int, int, int, int]) -> _Box:
        """Return the least bound of a box over all ``lam``: it is convex in ``lam`` with the slope supply - demand."""
        low = self._bounded(ranges, self.low)
        if low.gap >= 0:
            return low
        high = self._bounded(ranges, self.high)
        if high.gap <= 0:
            return high
        best = min(low, high, key=lambda entry: entry.value)
        for _ in range(_HALVINGS):
            middle = (low.lam + high.lam) / 2
            if not low.lam < middle < high.lam:
                break
            at = self._bounded(ranges, middle)
            best = min(best, at, key=lambda entry: entry.value)
            if at.gap < 0:
                low = at
            elif at.gap > 0:
                high = at
            else:
                break
            if low.places == high.places and high.lam - low.lam <= 1e-12 * high.lam:
                break
        (j, k), (jj, kk) = low.places, high.places
        first, last, start, stop = ranges
        parts: tuple[tuple[int, int, int, int], ...] = ()
        if j != jj:
            cut = (min(j, jj) + max(j, jj) + 1) // 2
            parts = ((first, cut, start, stop), (cut, last, start, stop))
        elif k != kk:
            cut = (min(k, kk) + max(k, kk) + 1) // 2
            parts = ((first, last, start, cut), (first, last, cut, stop))
        return _Box(best.value, best.lam, best.gap, best.places, low.prices + high.prices, parts)


@dataclass(frozen=True, slots=True, eq=False)
class _Box:
    """A range of intervals of each side: a bound for all prices in it, and how to cut it."""

    value: float
    lam: float
    gap: float
    places: tuple[int, int]
    prices: tuple[tuple[float, float], ...]
    parts: tuple[tuple[int, int, int, int], ...]


def _side(sign: float, low: float, high: float, changes: list[tuple[FloatArray, FloatArray, FloatArray]]) -> _Side:
    """Return the intervals between the changes, each a price with what is added to ``K`` and ``C`` above it.

    Buyers are summed from the highest price down: none is left above the last change. Sellers from the lowest up.
    """
    prices, *columns = (np.concatenate([own[column] for own in changes]) for column in range(3))
    inside = (prices > low) & (prices < high)
    outside = prices >= high if sign > 0 else prices <= low
    order = np.argsort(prices[inside])
    sums = []
    for column in columns:
        wide = column.astype(np.longdouble)
        steps = wide[inside][order]
        if sign > 0:
            sums.append(-np.cumsum(np.concatenate(([wide[outside].sum()], steps[::-1])))[::-1])
        else:
            sums.append(np.maximum(np.cumsum(np.concatenate(([wide[outside].sum()], steps))), 0))
    cuts = np.concatenate(([low], prices[inside][order], [high]))
    return _Side(sign, cuts, sums[0].astype(np.float64), sums[1].astype(np.float64))


def _check(
    weights: FloatArray,
    energies: FloatArray,
    replies: FloatArray,
    low: Fraction,
    high: Fraction,
    buy: Fraction,
    sell: Fraction,
) -> None:
    if weights.ndim != 1 or not weights.size or not weights.shape == energies.shape == replies.shape:
        raise InputError(
            f"k has shape {weights.shape}, energy {energies.shape}, consumption {replies.shape}; give one number a "
            "prosumer of each"
        )
    if low <= 0:
        raise NotApplicable(f"feed_in {low}: log utility needs a positive price")
    problems = []
    if low < _LEAST:  # products would underflow, and no bound hold
        problems.append(f"feed_in is below {_LEAST}; use other units")
    if not low <= sell <= buy <= high:
        problems.append(f"prices {sell} (sell) and {buy} (buy) must satisfy {low} <= sell <= buy <= {high}")
    smallest = {"k": weights, "energy": energies, "consumption": replies}
    for name, values in smallest.items():
        least = float(values.min())
        if not (least > _LEAST if name == "k" else least >= 0) or not float(values.max()) < 1e120:
            problems.append(f"{name} must be {'> 1e-120' if name == 'k' else '>= 0'} and below 1e120 for everybody")
    InputError.raise_all(problems)
