"""B.3 for arrays: the best prices of an operator before 100,000 prosumers, in a few sorts and passes over memory.

Source: as :mod:`~gametheory.solvers.pricing.log_price_sweep`, whose five steps these are. Floats find, in each of the
three regimes, the interval that holds the best price (sorts, sums from the end that has no cancellation, one square
root an interval); the sums of this one are then added up without rounding and its formula is evaluated in rationals, so
the profit that is returned is exact. How far it may be from the best,
:func:`gametheory.certificates.log_price_arrays.bound_log_prices` says rigorously.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import FloatArray, Number, exact
from gametheory.errors import InputError, NotApplicable

__all__ = ["ArrayPrices", "best_log_prices", "exact_sum"]

#: Candidates of other regimes that are worse than this share of the money at stake are not polished.
_NEAR = 1e-10
_BITS = 128


@dataclass(frozen=True, slots=True, eq=False)
class ArrayPrices:
    """Prices, and what they bring when everybody answers with its best.

    Attributes
    ----------
    buy_price, sell_price
        ``p_b`` and ``p_s`` (money/kWh), rationals.
    profit, bought, sold
        Of the operator (money, kWh, kWh): exact at these prices.
    regime
        ``"surplus"``, ``"deficit"`` or ``"balanced"``: which formula gave the prices.
    consumption
        What each prosumer consumes (kWh), in floats.
    """

    buy_price: Fraction
    sell_price: Fraction
    profit: Fraction
    bought: Fraction
    sold: Fraction
    regime: str
    consumption: FloatArray


def best_log_prices(*, k: npt.ArrayLike, energy: npt.ArrayLike, feed_in: Number, retail_price: Number) -> ArrayPrices:
    """Return the operator's best prices for one step.

    Parameters
    ----------
    k, energy
        Weights ``k_i > 0`` (money) and own energy ``E_i >= 0`` (kWh), one float a prosumer.
    feed_in, retail_price
        The grid's prices (money/kWh), ``0 < feed_in <= retail_price``.

    Raises
    ------
    InputError
        Shapes that do not fit, numbers out of range or not finite.
    NotApplicable
        ``feed_in <= 0``: log utility needs a positive price.

    Examples
    --------
    >>> found = best_log_prices(k=[4.0, 1.0], energy=[0.0, 3.0], feed_in="1/4", retail_price=2)
    >>> found.buy_price, found.sell_price, found.profit, found.regime
    (Fraction(8, 5), Fraction(2, 5), Fraction(9, 5), 'balanced')
    """
    weights, energies, low, high = _checked(k, energy, feed_in, retail_price)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        proposals = _proposals(weights, energies, float(low), float(high))
    stake = float(weights.sum() + float(high) * energies.sum())
    top = max(value for value, _, _, _ in proposals)
    near = [proposal for proposal in proposals if proposal[0] >= top - _NEAR * stake]
    role = _Roles(weights, energies, weights / (1.0 + energies))
    polished = [_polished(role, *proposal[1:], low, high) for proposal in near]
    profit, buy, sell, bought, sold, regime = max(polished, key=lambda found: (found[0], found[2] - found[1]))
    p_b, p_s = float(buy), float(sell)
    consumption = np.maximum(weights / p_b - 1, np.minimum(energies, np.maximum(weights / p_s - 1, 0.0)))
    return ArrayPrices(buy, sell, profit, bought, sold, regime, consumption)


def exact_sum(values: FloatArray) -> Fraction:
    """Return the sum of at most 2^25 floats without rounding.

    Mantissas are cut into two whole numbers below ``2^27``; those with the same exponent add up to less than ``2^53``,
    so floats hold their sums exactly.

    >>> exact_sum(np.array([1e30, 1.0, -1e30])), sum([1e30, 1.0, -1e30])
    (Fraction(1, 1), 0.0)
    """
    if not values.size:
        return Fraction(0)
    mantissa, exponent = np.frexp(values)
    base = int(exponent.min())
    upper = np.trunc(mantissa * 2.0**26)
    lower = (mantissa * 2.0**26 - upper) * 2.0**27
    place = exponent - base
    total = 0
    for part, shift in ((upper, 27), (lower, 0)):
        for e, amount in enumerate(np.bincount(place, weights=part).tolist()):
            total += int(amount) << (e + shift)
    return Fraction(total) * Fraction(2) ** (base - 53)


# ----------------------------------------------------------------------------------------------------- in floats


def _proposals(weights: FloatArray, energies: FloatArray, low: float, high: float) -> list[tuple[float, str, Any, Any]]:
    """Return the best of each regime: its profit, its name, and a buy and a sell price inside its intervals."""
    theta = weights / (1.0 + energies)
    d_prices, d_weights, d_constants = _buyers(weights, energies, theta, low, high)
    s_prices, s_weights, s_constants = _sellers(weights, energies, theta, low, high)
    demand = _amounts(d_weights, d_constants, d_prices, 1.0)
    supply = _amounts(s_weights, s_constants, s_prices, -1.0)
    found = []
    # Surplus: p_s = low; the best p_b of every interval is its formula, clipped.
    price = np.clip(np.sqrt(low * d_weights / d_constants), d_prices[:-1], d_prices[1:])
    price = np.where(d_constants > 0, price, d_prices[1:])
    rest = d_weights / price - d_constants - supply[0]
    profit = (price - low) * (d_weights / price - d_constants) - (high - low) * np.maximum(rest, 0.0)
    at = int(np.argmax(profit))
    found.append((float(profit[at]), "surplus", price[at], low))
    # Deficit: p_b = high.
    price = np.clip(np.sqrt(high * s_weights / s_constants), s_prices[:-1], s_prices[1:])
    price = np.where(s_constants > 0, price, s_prices[:-1])
    rest = s_constants - s_weights / price - demand[-1]
    profit = (high - price) * (s_constants - s_weights / price) - (high - low) * np.maximum(rest, 0.0)
    at = int(np.argmax(profit))
    found.append((float(profit[at]), "deficit", high, price[at]))
    balanced = _balanced(d_prices, d_weights, d_constants, demand, s_prices, s_weights, s_constants, supply)
    return found if balanced is None else [*found, balanced]


def _balanced(
    d_prices: FloatArray,
    d_weights: FloatArray,
    d_constants: FloatArray,
    demand: FloatArray,
    s_prices: FloatArray,
    s_weights: FloatArray,
    s_constants: FloatArray,
    supply: FloatArray,
) -> tuple[float, str, Any, Any] | None:
    """Return the best energy that is sold and bought: both curves' levels are merged, one formula between two."""
    least, most = max(demand[-1], supply[0]), min(demand[0], supply[-1])
    if not least <= most:
        return None
    # Falling demand is read from its far end; both are sorted, so the merge is one pass.
    rising = np.maximum.accumulate(demand[::-1])
    levels = np.concatenate((rising, np.maximum.accumulate(supply)))
    order = np.argsort(levels, kind="stable")
    levels = levels[order]
    # After a level of a curve comes its next interval.
    from_demand = order < len(rising)
    j = len(d_weights) - np.cumsum(from_demand)
    k = np.cumsum(~from_demand) - 1
    inside = (levels >= least) & (levels < most)
    inside[-1] = False
    inside &= (j >= 0) & (j < len(d_weights)) & (k >= 0) & (k < len(s_weights))
    here = np.flatnonzero(inside)
    if not here.size:  # one level only
        d = max(int(np.searchsorted(-demand, -least, side="right")) - 1, 0)
        u = int(np.searchsorted(supply, least))
        buy = d_prices[-1]
        if d < len(d_weights) and d_weights[d] > 0:
            buy = np.clip(d_weights[d] / (least + d_constants[d]), d_prices[d], d_prices[d + 1])
        sell = s_prices[u]
        if u and s_weights[u - 1] > 0:
            sell = np.clip(s_weights[u - 1] / (s_constants[u - 1] - least), s_prices[u - 1], s_prices[u])
        return float(least * (buy - sell)), "balanced", buy, sell
    left, right = levels[here], np.minimum(levels[here + 1], most)
    j, k = j[here], k[here]
    k_b, c_b, k_s, c_s = d_weights[j], d_constants[j], s_weights[k], s_constants[k]
    buyers, sellers = np.sqrt(k_b * c_b), np.sqrt(k_s * c_s)
    energy = (c_s * buyers - c_b * sellers) / (buyers + sellers)
    energy = np.clip(np.where(np.isfinite(energy), energy, right), left, right)
    buy = np.clip(k_b / (energy + c_b), d_prices[j], d_prices[j + 1])
    # Where supply is flat (nobody moves) the lowest price gives it.
    sell = np.clip(k_s / np.maximum(c_s - energy, 1e-300), s_prices[k], s_prices[k + 1])
    sell = np.where(k_s > 0, sell, s_prices[k])
    profit = energy * (buy - sell)
    at = int(np.argmax(profit))
    return float(profit[at]), "balanced", buy[at], sell[at]


def _amounts(weights: FloatArray, constants: FloatArray, prices: FloatArray, sign: float) -> FloatArray:
    """Return what is traded at every price: each interval speaks for its left end, the last one for both."""
    ends = np.append(weights / prices[:-1] - constants, weights[-1] / prices[-1] - constants[-1])
    return np.maximum(sign * ends, 0.0)


def _buyers(
    weights: FloatArray, energies: FloatArray, theta: FloatArray, low: float, high: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return prices, and the sums ``K`` and ``C`` of those who buy between two of them."""
    bending = np.flatnonzero((theta > low) & (theta < high))
    always = theta >= high
    bending = bending[np.argsort(theta[bending])]
    prices = np.concatenate(([low], theta[bending], [high]))
    sums = []
    for values in (weights, energies + 1.0):
        # From the highest price down, so that few buyers are a sum of few.
        steps = np.concatenate(([values[always].sum()], values[bending[::-1]]))
        sums.append(np.cumsum(steps)[::-1])
    return prices, sums[0], sums[1]


def _sellers(
    weights: FloatArray, energies: FloatArray, theta: FloatArray, low: float, high: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the same of those who sell; from ``p_s = k`` on a seller consumes nothing."""
    has = energies > 0
    starts = np.flatnonzero(has & (theta > low) & (theta < high))
    stops = np.flatnonzero(has & (weights > low) & (weights < high))
    at_once = has & (theta <= low)
    done = has & (weights <= low)
    points = np.concatenate((theta[starts], weights[stops]))
    order = np.argsort(points)
    prices = np.concatenate(([low], points[order], [high]))
    first = float(weights[at_once].sum() - weights[done].sum())
    more = np.concatenate((weights[starts], -weights[stops]))[order]
    constant = float((1.0 + energies[at_once]).sum() - np.count_nonzero(done))
    shift = np.concatenate((1.0 + energies[starts], np.full(len(stops), -1.0)))[order]
    sums = [np.cumsum(np.concatenate(([a], b))) for a, b in ((first, more), (constant, shift))]
    return prices, np.maximum(sums[0], 0.0), np.maximum(sums[1], 0.0)


# -------------------------------------------------------------------------------------------------- in rationals


@dataclass(frozen=True, slots=True)
class _Roles:
    """Who buys and who sells at a price, and the exact sums over them."""

    weights: FloatArray
    energies: FloatArray
    theta: FloatArray

    def buyers(self, price: Fraction) -> tuple[Fraction, Fraction]:
        """Return ``K_b`` and ``C_b`` at a price."""
        return self._sums(self._above(price, self.theta, with_energy=True))

    def sellers(self, price: Fraction) -> tuple[Fraction, Fraction]:
        """Return ``K_s`` and ``C_s`` at a price."""
        has = self.energies > 0
        sells = has & ~self._above(price, self.theta, with_energy=True)
        moves = sells & self._above(price, self.weights, with_energy=False)
        weight, constant = self._sums(moves)
        return weight, constant + exact_sum(self.energies[sells & ~moves])

    def _sums(self, who: Any) -> tuple[Fraction, Fraction]:
        energies = self.energies[who]
        return exact_sum(self.weights[who]), exact_sum(energies) + len(energies)

    def _above(self, price: Fraction, levels: FloatArray, *, with_energy: bool) -> Any:
        """Return whose ``k/(1+E)`` (or ``k``) is above the price, decided in rationals where floats are too close."""
        near = float(price)
        above = levels > near
        for i in np.flatnonzero(np.abs(levels - near) <= 1e-14 * near):
            level = Fraction(float(self.weights[i]))
            if with_energy:
                level /= 1 + Fraction(float(self.energies[i]))
            above[i] = level > price
        return above


def _polished(role: _Roles, regime: str, buy: Any, sell: Any, low: Fraction, high: Fraction) -> tuple[Any, ...]:
    """Return (profit, buy price, sell price, bought, sold, regime), exact, the better of two rounds of the formula.

    Floats may have put a price just across a neighbouring role change; the second round starts from the first's prices.
    """
    best: tuple[Any, ...] = ()
    p_b, p_s = (min(max(Fraction(float(price)), low), high) for price in (buy, sell))
    for turn in range(3):
        k_b, c_b = role.buyers(p_b)
        k_s, c_s = role.sellers(p_s)
        bought, sold = k_b / p_b - c_b, c_s - k_s / p_s
        rest = bought - sold
        profit = p_b * bought - p_s * sold - max(high * rest, low * rest)
        if not best or (p_s <= p_b and profit > best[0]):
            best = (profit, p_b, p_s, bought, sold, regime)
        elif turn:
            break
        if regime == "surplus" and c_b > 0:
            p_b = min(max(_root(low * k_b / c_b), low), high)
        elif regime == "deficit" and c_s > 0:
            p_s = min(max(_root(high * k_s / c_s), low), high)
        elif regime == "balanced":
            p_b, p_s = _balancing(p_b, p_s, k_b, c_b, k_s, c_s, low, high)
    return best


def _balancing(
    p_b: Fraction,
    p_s: Fraction,
    k_b: Fraction,
    c_b: Fraction,
    k_s: Fraction,
    c_s: Fraction,
    low: Fraction,
    high: Fraction,
) -> tuple[Fraction, Fraction]:
    """Return the prices of the best energy in balance for these sums; where it is at an end, balance at `p_b`."""
    buyers, sellers = _root(k_b * c_b), _root(k_s * c_s)
    options = []
    if buyers + sellers > 0:
        options.append((c_s * buyers - c_b * sellers) / (buyers + sellers))
    options.append(k_b / p_b - c_b)
    options.append(c_s - k_s / p_s)
    best = None
    for energy in options:
        if energy < 0 or energy + c_b <= 0 or k_b == 0:
            continue
        buy = k_b / (energy + c_b)
        sell = k_s / (c_s - energy) if k_s > 0 and c_s > energy else p_s
        near = max(abs(buy - p_b), abs(sell - p_s))
        # Other sums would hold far away.
        if low <= sell <= buy <= high and near <= Fraction(1, 10**4) * high:
            value = energy * (buy - sell)
            if best is None or value > best[0]:
                best = value, buy, sell
    return (p_b, p_s) if best is None else (best[1], best[2])


def _root(value: Fraction) -> Fraction:
    """Return a rational not above the square root, within a relative ``2^-128``."""
    above, below = value.numerator, value.denominator
    shift = _BITS + max(0, (below.bit_length() - above.bit_length()) // 2 + 1)
    return Fraction(isqrt((above << 2 * shift) // below), 1 << shift)


def _checked(
    k: npt.ArrayLike, energy: npt.ArrayLike, feed_in: Number, retail_price: Number
) -> tuple[FloatArray, FloatArray, Fraction, Fraction]:
    weights, energies = (np.asarray(values, dtype=np.float64) for values in (k, energy))
    low, high = exact(feed_in, what="feed_in"), exact(retail_price, what="retail_price")
    if weights.ndim != 1 or not weights.size or weights.shape != energies.shape:
        raise InputError(f"k has shape {weights.shape}, energy {energies.shape}; give one number a prosumer of each")
    if low <= 0:
        raise NotApplicable(f"feed_in {low}: log utility needs a positive price, for at 0 consumption has no bound")
    problems = []
    if low > high:
        problems.append(f"feed_in {low} is above retail_price {high}; give feed_in <= retail_price")
    if not 0 < float(weights.min()) <= float(weights.max()) < 1e120:
        problems.append("k must be > 0 and finite (below 1e120) for everybody")
    if not 0 <= float(energies.min()) <= float(energies.max()) < 1e120:
        problems.append("energy must be >= 0 and finite (below 1e120) for everybody")
    InputError.raise_all(problems)
    return weights, energies, low, high
