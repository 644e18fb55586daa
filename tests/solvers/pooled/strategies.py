"""Random pooled games with small exact numbers, so that ties, flat costs and equal prices happen often."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from gametheory.domain import Prosumer, Tariff
from gametheory.domain.community import Community
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import Trader, TradingStep

__all__ = ["communities", "pooled_games"]

small = st.integers(-4, 4).map(Fraction) | st.fractions(-4, 4, max_denominator=6)
price = st.integers(-2, 5).map(Fraction) | st.fractions(-2, 5, max_denominator=4)


@st.composite
def _traders(draw: Any) -> Trader:
    curvature = draw(st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1), Fraction(2)]))
    low, high = sorted((draw(small), draw(small)))
    lower = low if curvature == 0 or draw(st.booleans()) else None
    upper = high if curvature == 0 or draw(st.booleans()) else None
    return Trader(draw(small), curvature, draw(price), lower, upper)


@st.composite
def pooled_games(draw: Any, *, largest: int = 4, steps: int = 3) -> PooledGame:
    """Any pooled game: flat, curved and inelastic traders, with and without bounds, prices of any sign."""
    size = draw(st.integers(1, largest))
    rows = []
    for _ in range(draw(st.integers(1, steps))):
        sell, buy = sorted((draw(price), draw(price)))
        rows.append(TradingStep(tuple(draw(_traders()) for _ in range(size)), buy, sell))
    return PooledGame(tuple("abcdefgh"[:size]), tuple(rows))


@st.composite
def communities(draw: Any, *, largest: int = 4, steps: int = 3, lowest_price: int = 0) -> Community:
    """Measured communities; `lowest_price` below 0 lets prices be negative."""
    size, count = draw(st.integers(1, largest)), draw(st.integers(1, steps))
    energy = st.integers(0, 6).map(lambda k: Fraction(k, 2))
    members = [
        Prosumer(
            name,
            draw(st.lists(energy, min_size=count, max_size=count)),
            draw(st.lists(energy, min_size=count, max_size=count)),
        )
        for name in "abcdefgh"[:size]
    ]
    cents = st.integers(lowest_price, 9).map(lambda k: Fraction(k, 10))
    pairs = [sorted((draw(cents), draw(cents))) for _ in range(count)]
    return Community(prosumers=members, tariff=Tariff.series([b for _, b in pairs], feed_in=[a for a, _ in pairs]))
