"""The best pair of prices of an operator, exactly: a sweep over the breakpoints of demand and supply, regime by regime.

Source: derived, for the package's study; the sweep over breakpoints of the followers' replies is the textbook way to
solve a price leader's problem globally (e.g. S. Dempe, Foundations of Bilevel Programming, 2002, chapter 3).

With ``E_b(p_b)`` bought and ``E_s(p_s)`` sold, the operator's profit of a step is ``min(A, B)``:

    surplus   A = (p_b - feed_in) E_b - (p_s - feed_in) E_s     (what is left over goes to the grid; E_s >= E_b)
    deficit   B = (retail - p_s) E_s - (retail - p_b) E_b       (what is missing comes from it;      E_b >= E_s)

1. ``A`` falls in ``p_s``: in the surplus regime the best ``p_s`` is the feed-in price, or the regime's own end, where
   ``E_s = E_b``. On each affine piece of ``E_b`` the rest is a concave quadratic in ``p_b``: its vertex and both ends.
2. The deficit regime is the mirror image: ``p_b`` is the retail price, ``p_s`` a vertex or an end.
3. Where ``E_s = E_b = E`` the profit is ``E (P_b(E) - P_s(E))``, with the highest price ``P_b`` that sells ``E`` and
   the lowest ``P_s`` that buys it. Between two levels of ``E`` at which one of the curves bends this is a concave
   quadratic in ``E``: its vertex and both ends. The levels of both curves are merged, so there are as many intervals
   as breakpoints and no pair of pieces is visited twice.
4. The profit of every candidate is computed exactly and the best one kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from gametheory.arithmetic import exact, rational
from gametheory.games.pricing import PricingGame
from gametheory.games.trading import TradingStep
from gametheory.result import Answer, Concept
from gametheory.solvers.pricing.curves import Curve, demand, reply, supply

__all__ = ["PriceSweep"]

#: (buy price, sell price, bought, sold)
_Candidate = tuple[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class PriceSweep:
    """Exact global optimum of an operator's prices, each step on its own.

    Ties go to the smallest spread ``p_b - p_s`` among the candidates, then to the lowest ``p_b``.

    Examples
    --------
    >>> from gametheory.games.trading import TradingStep
    >>> step = TradingStep.from_numbers([2, -2], [1, 1], [6, 4], [-4, -4], [4, 4], buy_price=10, sell_price=0)
    >>> profile = PriceSweep().solve(PricingGame(("buyer", "seller"), (step,))).profile
    >>> profile["buy_prices"], profile["sell_prices"], profile["adjustments"]
    ((Fraction(13, 2),), (Fraction(7, 2),), ((Fraction(1, 2),), (Fraction(-1, 2),)))
    """

    accepts: ClassVar[tuple[str, ...]] = ("PricingGame",)
    concept: ClassVar[Concept] = Concept.STACKELBERG

    def solve(self, game: PricingGame) -> Answer:
        """Return the prices, and every trader's only best adjustment to them."""
        buy, sell, columns = [], [], []
        notes: dict[str, list[int]] = {}
        count = 0
        for t, step in enumerate(game.steps):
            bought, sold = demand(step), supply(step)
            best, tried = best_prices(bought, sold)
            count += tried
            buy.append(exact(best[0]))
            sell.append(exact(best[1]))
            columns.append([exact(reply(trader, best[0], best[1])) for trader in step.traders])
            for note in _notes(step, bought, sold):
                notes.setdefault(note, []).append(t)
        profile = {
            "buy_prices": tuple(buy),
            "sell_prices": tuple(sell),
            "adjustments": tuple(tuple(column[i] for column in columns) for i in range(len(game.players))),
        }
        return Answer(profile=profile, iterations=count, extra={"details": {"flags": flags(notes)}})


def flags(notes: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    """Return one sentence for each note, with the steps it holds for."""
    return tuple(f"steps {', '.join(map(str, steps))}: {note}" for note, steps in notes.items())


def best_prices(bought: Curve, sold: Curve) -> tuple[_Candidate, int]:
    """Return the best candidate of a step, and how many were compared."""
    low, high = sold.prices[0], sold.prices[-1]
    best: tuple[Any, ...] = ()
    chosen: _Candidate = (high, low, bought.amounts[-1], sold.amounts[0])
    count = 0
    for candidate in _candidates(bought, sold, low, high):
        count += 1
        buy, sell, demanded, supplied = candidate
        rest = demanded - supplied
        profit = buy * demanded - sell * supplied - (high if rest > 0 else low) * rest
        rank = (-profit, buy - sell, buy)
        if not best or rank < best:
            best, chosen = rank, candidate
    return chosen, count


def _candidates(bought: Curve, sold: Curve, low: Any, high: Any) -> Iterator[_Candidate]:
    yield from _surplus(bought, low, sold.amounts[0])
    # The mirror image: minus the price turns buyers into sellers and the deficit into a surplus.
    for sell, _, supplied, demanded in _surplus(sold.mirrored(), -high, bought.amounts[-1]):
        yield high, -sell, demanded, supplied
    yield from _balanced(bought.mirrored(), sold)


def _surplus(bought: Curve, low: Any, supplied: Any) -> Iterator[_Candidate]:
    """Yield ends and vertices of ``(p_b - low) E_b(p_b)`` at ``p_s = low``."""
    for price, amount in zip(bought.prices, bought.amounts, strict=True):
        yield price, low, amount, supplied
    for piece in bought.pieces():
        slope = piece.slope
        if slope == 0:
            continue
        vertex = (piece.left + low - piece.at_left / slope) / 2
        if piece.left < vertex < piece.right:
            yield vertex, low, piece.amount(vertex), supplied


def _balanced(bought: Curve, sold: Curve) -> Iterator[_Candidate]:
    """Yield levels and vertices of ``E (P_b(E) - P_s(E))``; `bought` is mirrored, so both curves rise."""
    least = max(bought.amounts[0], sold.amounts[0])
    most = min(bought.amounts[-1], sold.amounts[-1])
    if least > most:
        return
    levels = sorted({least, most, *(e for e in (*bought.amounts, *sold.amounts) if least < e < most)})
    energies = list(levels)
    for left, right in pairwise(levels):
        # Within the interval both inverse curves are affine: P_s = start + E/slope, and -P_b alike.
        start = rise = rational(0)
        for curve in (bought, sold):
            piece = curve.piece(curve.place(right) - 1)
            start += piece.left - piece.at_left / piece.slope
            rise += 1 / piece.slope
        vertex = -start / (2 * rise)
        if left < vertex < right:
            energies.append(vertex)
    for energy in energies:
        buy, sell = -bought.first_price(energy), sold.first_price(energy)
        if sell <= buy:
            yield buy, sell, energy, energy


def _notes(step: TradingStep, bought: Curve, sold: Curve) -> Iterator[str]:
    """Yield what makes the best profit 0 whatever the prices, or one price arbitrary."""
    if step.sell_price == step.buy_price:
        yield "both grid prices are equal, so both posted prices are; profit 0"
    elif bought.amounts[0] == 0 and sold.amounts[-1] == 0:
        yield "nobody trades at any allowed price; profit 0, any prices are optimal"
    elif bought.amounts[0] == 0:
        yield "nobody buys at any allowed price; profit 0, any buy price is optimal"
    elif sold.amounts[-1] == 0:
        yield "nobody sells at any allowed price; profit 0, any sell price is optimal"
