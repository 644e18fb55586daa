"""B.3: the best pair of prices of an operator whose prosumers have log utility, over all sets of buyers and sellers.

Source: derived, for the structure of Liu, Yu, Wang and Wang, IEEE Transactions on Industrial Informatics 13(3), 2017,
1088-1098. With ``theta_i = k_i/(1 + E_i)`` a prosumer buys iff ``p_b < theta_i`` and sells iff ``p_s > theta_i``.

1. Sort the ``theta_i`` and the ``k_i`` (where a seller stops consuming) inside ``[feed_in, retail]``. Between two of
   them ``E_b = K_b/p_b - C_b`` and ``E_s = C_s - K_s/p_s`` with constant sums.
2. Surplus: ``p_s`` is the feed-in price, ``p_b`` an end of an interval or ``sqrt(feed_in K_b/C_b)`` inside it.
3. Deficit: ``p_b`` is the retail price, ``p_s`` an end of an interval or ``sqrt(retail K_s/C_s)`` inside it.
4. Balance: the levels of both curves are merged; within two levels the profit is concave in the energy ``E`` passed on,
   with the stationary point ``(C_s sqrt(K_b C_b) - C_b sqrt(K_s C_s)) / (sqrt(K_b C_b) + sqrt(K_s C_s))``; the prices
   ``K_b/(E + C_b)`` and ``K_s/(C_s - E)`` are the highest and the lowest that move ``E``.
5. The best candidate by its exact profit: the roots are rounded to rationals before, so only the regret that they cause
   is not 0, and it is of second order in the rounding.

One pass over role sets would not do: the profit has convex kinks where a role changes, hence several local maxima.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Any, ClassVar

from gametheory.arithmetic import exact, rational
from gametheory.errors import InputError
from gametheory.games.log_pricing import LogPricingGame, LogPricingStep
from gametheory.result import Answer, Concept
from gametheory.solvers.pricing.price_sweep import flags

__all__ = ["LogPriceSweep"]

#: (buy price, sell price, bought, sold)
_Candidate = tuple[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class LogPriceSweep:
    """Global optimum of the operator's prices, each step on its own, up to the rounding of square roots.

    Ties go to the smallest spread ``p_b - p_s`` among the candidates, then to the lowest ``p_b``.

    Parameters
    ----------
    bits
        Correct bits of the roots. The claimed regret is ``10^-25`` of the money at stake.

    Examples
    --------
    >>> game = LogPricingGame.single([4, 1], [0, 3], buy_price=2, sell_price="1/4")
    >>> profile = LogPriceSweep().solve(game).profile
    >>> profile["buy_prices"], profile["sell_prices"]
    ((Fraction(8, 5),), (Fraction(2, 5),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("LogPricingGame",)
    concept: ClassVar[Concept] = Concept.STACKELBERG

    bits: int = 128

    def __post_init__(self) -> None:
        if self.bits < 96:
            raise InputError(f"bits={self.bits}: the regret claimed needs at least 96 bits")

    def solve(self, game: LogPricingGame) -> Answer:
        """Return rational prices, and every prosumer's only best reply to them."""
        buy, sell, columns = [], [], []
        notes: dict[str, list[int]] = {}
        count = 0
        stake = Fraction(0)
        for t, step in enumerate(game.steps):
            bought, sold = _demand(step), _supply(step)
            best, tried = self._best(bought, sold)
            count += tried
            buy.append(exact(best[0]))
            sell.append(exact(best[1]))
            columns.append([_reply(k, e, buy[t], sell[t]) for k, e in zip(step.weights, step.energies, strict=True)])
            stake += sum(step.weights, step.buy_price * sum(step.energies, Fraction(0)))
            for note in _notes(step, bought, sold):
                notes.setdefault(note, []).append(t)
        profile = {
            "buy_prices": tuple(buy),
            "sell_prices": tuple(sell),
            "consumptions": tuple(tuple(column[i] for column in columns) for i in range(len(game.players))),
        }
        return Answer(
            profile=profile,
            epsilon=stake / 10**25,
            iterations=count,
            extra={"details": {"flags": flags(notes)}},
        )

    def _best(self, bought: _Side, sold: _Side) -> tuple[_Candidate, int]:
        low, high = sold.prices[0], sold.prices[-1]
        best: tuple[Any, ...] = ()
        chosen: _Candidate = (high, low, bought.amounts[-1], sold.amounts[0])
        count = 0
        for candidate in self._candidates(bought, sold, low, high):
            count += 1
            buy, sell, demanded, supplied = candidate
            rest = demanded - supplied
            profit = buy * demanded - sell * supplied - (high if rest > 0 else low) * rest
            rank = (-profit, buy - sell, buy)
            if not best or rank < best:
                best, chosen = rank, candidate
        return chosen, count

    def _candidates(self, bought: _Side, sold: _Side, low: Any, high: Any) -> Iterator[_Candidate]:
        for price, amount in bought.points(low, self.bits):
            yield price, low, amount, sold.amounts[0]
        for price, amount in sold.points(high, self.bits):
            yield high, price, bought.amounts[-1], amount
        for energy in self._energies(bought, sold):
            buy, sell = bought.price(energy), sold.price(energy)
            if sell <= buy:
                yield buy, sell, energy, energy

    def _energies(self, bought: _Side, sold: _Side) -> Iterator[Any]:
        """Yield the energies that could best be passed on in balance: levels, and stationary points between them."""
        least = max(bought.amounts[-1], sold.amounts[0])
        most = min(bought.amounts[0], sold.amounts[-1])
        if least > most:
            return
        levels = sorted({least, most, *(e for e in (*bought.amounts, *sold.amounts) if least < e < most)})
        yield from levels
        for left, right in pairwise(levels):
            j, k = bought.piece(right), sold.piece(right)
            c_b, c_s = bought.constants[j], sold.constants[k]
            buyers, sellers = _root(bought.weights[j] * c_b, self.bits), _root(sold.weights[k] * c_s, self.bits)
            energy = (c_s * buyers - c_b * sellers) / (buyers + sellers)
            if left < energy < right:
                yield energy


@dataclass(frozen=True, slots=True)
class _Side:
    """Demand ``K/p - C`` (sign 1) or supply ``C - K/p`` (sign -1) between sorted prices, and the amounts at them."""

    sign: int
    prices: tuple[Any, ...]
    weights: tuple[Any, ...]
    constants: tuple[Any, ...]
    amounts: tuple[Any, ...]

    def points(self, outside: Any, bits: int) -> Iterator[tuple[Any, Any]]:
        """Yield the ends of all intervals, and inside them ``sqrt(outside K/C)``, each with the amount there."""
        yield from zip(self.prices, self.amounts, strict=True)
        for j, (left, right) in enumerate(pairwise(self.prices)):
            weight, constant = self.weights[j], self.constants[j]
            if weight == 0:
                continue
            vertex = _root(outside * weight / constant, bits)
            if left < vertex < right:
                yield vertex, self.sign * (weight / vertex - constant)

    def piece(self, energy: Any) -> int:
        """Return the interval on whose far side (seen from where nothing is traded) `energy` is first reached."""
        if self.sign < 0:
            return bisect_left(self.amounts, energy) - 1
        # Demand falls: minus the amounts rise, and -energy is passed after the last amount that is at least energy.
        return len(self.amounts) - 1 - bisect_left(self.amounts[::-1], energy)

    def price(self, energy: Any) -> Any:
        """Return the price at which `energy` is moved: the highest for buyers, the lowest for sellers."""
        j = self.piece(energy)
        end = j if self.sign > 0 else j + 1
        if self.amounts[end] == energy:
            return self.prices[end]
        return self.weights[j] / (self.constants[j] + self.sign * energy)


def _demand(step: LogPricingStep) -> _Side:
    """Return what the buyers take; above its ``theta`` a prosumer is none."""
    low = rational(step.sell_price)
    weight = constant = rational(0)
    bends = []
    for k, e in zip(map(rational, step.weights), map(rational, step.energies), strict=True):
        theta = k / (1 + e)
        if theta > low:
            weight, constant = weight + k, constant + 1 + e
            bends.append((theta, -k, -1 - e))
    return _side(1, step, weight, constant, bends)


def _supply(step: LogPricingStep) -> _Side:
    """Return what the sellers give; from ``p_s = k`` on a seller consumes nothing and gives all it has."""
    low = rational(step.sell_price)
    weight = constant = rational(0)
    bends = []
    for k, e in zip(map(rational, step.weights), map(rational, step.energies), strict=True):
        if e == 0:
            continue
        for price, more, shift in ((k / (1 + e), k, 1 + e), (k, -k, rational(-1))):
            if price <= low:
                weight, constant = weight + more, constant + shift
            else:
                bends.append((price, more, shift))
    return _side(-1, step, weight, constant, bends)


def _side(sign: int, step: LogPricingStep, weight: Any, constant: Any, bends: Iterable[tuple[Any, Any, Any]]) -> _Side:
    low, high = rational(step.sell_price), rational(step.buy_price)
    prices, weights, constants, amounts = [low], [], [], [sign * (weight / low - constant)]
    for price, more, shift in sorted(bends):
        if price >= high:
            break
        if price > prices[-1]:
            weights.append(weight)
            constants.append(constant)
            prices.append(price)
            amounts.append(sign * (weight / price - constant))
        weight, constant = weight + more, constant + shift
    if high > low:
        weights.append(weight)
        constants.append(constant)
        prices.append(high)
        amounts.append(sign * (weight / high - constant))
    return _Side(sign, tuple(prices), tuple(weights), tuple(constants), tuple(amounts))


def _reply(weight: Fraction, energy: Fraction, buy_price: Fraction, sell_price: Fraction) -> Fraction:
    wanted = weight / buy_price - 1
    if wanted > energy:
        return wanted
    left = weight / sell_price - 1
    return max(left, Fraction(0)) if left < energy else energy


def _root(value: Any, bits: int) -> Any:
    """Return a rational not above the square root, within a relative ``2^-bits``."""
    above, below = int(value.p), int(value.q)
    shift = bits + max(0, (below.bit_length() - above.bit_length()) // 2 + 1)
    return rational(Fraction(isqrt((above << 2 * shift) // below), 1 << shift))


def _notes(step: LogPricingStep, bought: _Side, sold: _Side) -> Iterator[str]:
    """Yield what makes the best profit 0 whatever the prices, or one price arbitrary."""
    if step.sell_price == step.buy_price:
        yield "both grid prices are equal, so both posted prices are; profit 0"
    elif bought.amounts[0] == 0 and sold.amounts[-1] == 0:
        yield "nobody trades at any allowed price; profit 0, any prices are optimal"
    elif bought.amounts[0] == 0:
        yield "nobody buys at any allowed price; profit 0, any buy price is optimal"
    elif sold.amounts[-1] == 0:
        yield "nobody sells at any allowed price; profit 0, any sell price is optimal"
