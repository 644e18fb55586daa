"""Hypothesis strategies that the tests share: numbers, communities, trading steps, finite games, coalition tables.

Numbers are small rationals, so that ties, zeros and equal members are common: that is where rules go wrong.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from gametheory.domain import Community, Price, Prosumer, Tariff
from gametheory.games.auction import AuctionGame
from gametheory.games.normal_form import NormalFormGame
from gametheory.games.trading import Trader, TradingStep

__all__ = [
    "auction_games",
    "coalition_tables",
    "communities",
    "energies",
    "finite_games",
    "names",
    "numbers",
    "prices",
    "tariffs",
    "traders",
    "trading_steps",
]


def numbers(low: int = -10, high: int = 10, *, denominator: int = 10) -> st.SearchStrategy[Fraction]:
    """Rationals with small denominators."""
    return st.fractions(min_value=low, max_value=high, max_denominator=denominator)


def energies(high: int = 5) -> st.SearchStrategy[Fraction]:
    """Energy in kWh: often 0, never negative, with at most two decimals."""
    return st.one_of(st.just(Fraction(0)), st.integers(0, 100 * high).map(lambda n: Fraction(n, 100)))


@st.composite
def prices(draw: st.DrawFn, *, negative: bool = True) -> tuple[Fraction, Fraction]:
    """A retail and a feed-in price (money/kWh), the second not above the first; equal and negative ones occur."""
    low = -20 if negative else 0
    feed_in = Fraction(draw(st.integers(low, 40)), 100)
    return feed_in + Fraction(draw(st.integers(0, 40)), 100), feed_in


@st.composite
def tariffs(draw: st.DrawFn, steps: int, *, negative: bool = True) -> Tariff:
    """A tariff over `steps` steps: flat, or one price a step."""
    if draw(st.booleans()):
        retail, feed_in = draw(prices(negative=negative))
        return Tariff.flat(retail, feed_in=feed_in)
    pairs = draw(st.lists(prices(negative=negative), min_size=steps, max_size=steps))
    return Tariff(Price.of([retail for retail, _ in pairs]), Price.of([feed_in for _, feed_in in pairs]))


def names(count: int) -> tuple[str, ...]:
    """Distinct names whose order is not the alphabet's, so that nothing may rely on sorting."""
    return tuple(f"{'zyxwvutsrqponmlkjihgfedcba'[k % 26]}{k}" for k in range(count))


@st.composite
def communities(
    draw: st.DrawFn,
    *,
    members: int | tuple[int, int] = (2, 4),
    steps: int | tuple[int, int] = (1, 3),
    negative_prices: bool = True,
    both_sides: bool = False,
) -> Community:
    """Communities with surplus and deficit members, some of them exactly balanced.

    With `both_sides` the first step has a member with a surplus and one with a deficit.
    """
    size = members if isinstance(members, int) else draw(st.integers(*members))
    length = steps if isinstance(steps, int) else draw(st.integers(*steps))
    loads = [draw(st.lists(energies(), min_size=length, max_size=length)) for _ in range(size)]
    yields = [
        draw(st.one_of(st.just([Fraction(0)] * length), st.lists(energies(), min_size=length, max_size=length)))
        for _ in range(size)
    ]
    if both_sides:
        loads[0][0], yields[0][0] = Fraction(1), Fraction(draw(st.integers(2, 5)))
        loads[-1][0], yields[-1][0] = Fraction(draw(st.integers(1, 5))), Fraction(0)
    return Community(
        prosumers=[Prosumer(name, load, pv) for name, load, pv in zip(names(size), loads, yields, strict=True)],
        tariff=draw(tariffs(length, negative=negative_prices)),
    )


@st.composite
def traders(draw: st.DrawFn, *, bounded: bool | None = None) -> Trader:
    """A trader with a convex local cost; without curvature it has bounds. `bounded` fixes whether there are any."""
    curvature = draw(st.one_of(st.just(Fraction(0)), numbers(0, 5)))
    has_bounds = bounded if bounded is not None else draw(st.booleans())
    if curvature == 0 and not has_bounds:
        curvature = Fraction(1)
    lower = upper = None
    if has_bounds:
        lower = draw(numbers(-5, 3))
        upper = lower + draw(st.one_of(st.just(Fraction(0)), numbers(0, 5)))
        if curvature == 0:
            upper = lower
    return Trader(draw(numbers()), curvature, draw(numbers(-3, 3)), lower, upper)


@st.composite
def trading_steps(draw: st.DrawFn, *, players: int, islanded: bool | None = None) -> TradingStep:
    """One step of a trading game, with or without outside prices.

    An islanded step leaves at least one trader without bounds, so that it can be cleared.
    """
    alone = islanded if islanded is not None else draw(st.booleans())
    if alone:
        first = draw(traders(bounded=False))
        others = tuple(draw(traders()) for _ in range(players - 1))
        return TradingStep((first, *others))
    retail, feed_in = draw(prices())
    return TradingStep(tuple(draw(traders(bounded=True)) for _ in range(players)), retail, feed_in)


@st.composite
def finite_games(
    draw: st.DrawFn, *, players: int | tuple[int, int] = 2, strategies: int = 3, values: tuple[int, int] = (-3, 3)
) -> NormalFormGame:
    """Finite games with small integer payoffs: degenerate ones are common."""
    count = players if isinstance(players, int) else draw(st.integers(*players))
    shape = tuple(draw(st.integers(1, strategies)) for _ in range(count))

    def table(sizes: tuple[int, ...]) -> object:
        if not sizes:
            return draw(st.integers(*values))
        return [table(sizes[1:]) for _ in range(sizes[0])]

    return NormalFormGame(*(table(shape) for _ in range(count)))


def coalition_tables(players: int, *, integral: bool = False) -> st.SearchStrategy[list[Fraction]]:
    """Values of all ``2^n`` coalitions, entry 0 (the empty one) being 0; bit ``i`` of the index is player ``i``."""
    value = st.integers(-6, 12).map(Fraction) if integral else numbers(-6, 12, denominator=4)
    return st.lists(value, min_size=2**players - 1, max_size=2**players - 1).map(lambda rest: [Fraction(0), *rest])


@st.composite
def auction_games(draw: st.DrawFn, *, players: tuple[int, int] = (1, 3)) -> AuctionGame:
    """Storage owners' auctions with few prices and quantities, so that ties and exact matches are common."""
    size, buyers = draw(st.integers(*players)), draw(st.integers(1, 3))

    def column(count: int, values: tuple[Fraction, ...]) -> list[Fraction]:
        return draw(st.lists(st.sampled_from(values), min_size=count, max_size=count))

    prices = tuple(map(Fraction, range(4)))
    amounts = tuple(map(Fraction, ("0", "1", "2", "3", "5/2")))
    return AuctionGame(
        names(size),
        column(size, prices),
        column(size, amounts),
        column(size, tuple(map(Fraction, ("0", "0", "1/2", "1")))),
        column(buyers, tuple(p + 2 for p in prices)),
        column(buyers, amounts),
    )
