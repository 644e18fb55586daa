"""Shapley and Banzhaf values of pooled games by halves: equal to those of the table, and judged by another formula."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import SizeLimit
from gametheory.games.coalition_table import common_denominator
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import TradingStep
from gametheory.solvers.pooled.halves import PooledBanzhaf, PooledShapley
from gametheory.solvers.pooled.tabulate import Tabulate

numbers = st.fractions(min_value=-4, max_value=4, max_denominator=6)


@st.composite
def straight_games(draw: st.DrawFn, most: int = 6) -> PooledGame:
    """Members held fast, or with a flat cost between two bounds; prices that may meet or be negative."""
    n = draw(st.integers(1, most))
    steps = []
    for _ in range(draw(st.integers(1, 3))):
        sell, buy = sorted((draw(numbers), draw(numbers)))
        position, slope = ([draw(numbers) for _ in range(n)] for _ in range(2))
        bounds = [sorted((draw(numbers), draw(numbers))) if draw(st.booleans()) else [0, 0] for _ in range(n)]
        low, high = zip(*bounds, strict=True)
        steps.append(TradingStep.from_numbers(position, [0] * n, slope, low, high, buy_price=buy, sell_price=sell))
    return PooledGame(tuple(f"m{i}" for i in range(n)), tuple(steps))


def _tabulated(game: PooledGame) -> gt.CoalitionalGame:
    return gt.CoalitionalGame(game.players, "cost", common_denominator(Tabulate().solve(game).profile))


@settings(max_examples=30, deadline=None)
@given(straight_games())
def test_halves_give_the_values_of_the_table(game: PooledGame) -> None:
    table = _tabulated(game)
    for value, concept in ((gt.shapley_value, "shapley_value"), (gt.banzhaf_value, "banzhaf_value")):
        found = value(game)
        assert found.exact == value(table).exact
        assert found.certificate.strength == "exact"
        assert found.certificate.witness["by"] == "the dual game by halves"
        wrong = [found.exact[0] + Fraction(1, 10**30), *found.exact[1:]]
        assert gt.certify(game, wrong, concept=concept).strength == "refuted"


def test_numbers_beyond_64_bits() -> None:
    positions = [Fraction(k * k * (-1) ** k, 3**41) + 10**9 * (-1) ** k for k in range(1, 9)]
    zero = [0] * 8
    step = TradingStep.from_numbers(positions, zero, zero, zero, zero, buy_price="0.31", sell_price="0.07")
    game = PooledGame(tuple("abcdefgh"), (step, step))
    found = gt.shapley_value(game)
    assert found.exact == gt.shapley_value(_tabulated(game)).exact
    assert found.certificate.strength == "exact"


@pytest.mark.parametrize("solver", [PooledShapley, PooledBanzhaf])
def test_workers_change_nothing(solver: type) -> None:
    rows = [[(7 * i + 5 * t) % 11 - 5 for i in range(5)] for t in range(20)]
    zero = [0] * 5
    steps = tuple(TradingStep.from_numbers(row, zero, zero, zero, zero, buy_price=3, sell_price=1) for row in rows)
    game = PooledGame(tuple("abcde"), steps)
    assert solver(workers=2).solve(game).profile == solver().solve(game).profile


def test_thirty_members_without_a_table() -> None:
    rows = [[(17 * i * i + 29 * t * i + 13 * t) % 101 - 50 for i in range(30)] for t in range(4)]
    zero = [0] * 30
    steps = tuple(TradingStep.from_numbers(row, zero, zero, zero, zero, buy_price=3, sell_price=1) for row in rows)
    game = PooledGame(tuple(f"m{i}" for i in range(30)), steps)
    found = gt.shapley_value(game)
    assert found.certificate.strength == "exact"
    assert sum(found.exact) == gt.social_optimum(game).value


def test_too_many_members_are_sent_to_sampling() -> None:
    curved = TradingStep.from_numbers([1] * 11, [1] * 11, [0] * 11, [-1] * 11, [4] * 11, buy_price=3, sell_price=1)
    with pytest.raises(SizeLimit, match="SampledShapley"):
        gt.shapley_value(PooledGame(tuple("abcdefghijk"), (curved,)))
    many = TradingStep.from_numbers([1] * 41, [0] * 41, [0] * 41, [0] * 41, [0] * 41, buy_price=3, sell_price=1)
    with pytest.raises(SizeLimit, match="sample with"):
        gt.shapley_value(PooledGame(tuple(f"m{i}" for i in range(41)), (many,)))
