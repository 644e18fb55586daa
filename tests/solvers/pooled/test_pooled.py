"""The pooled optimum and the table of all coalitions: proved, compared with a convex solver, and attacked."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gametheory import catalogue, certify, characteristic_function, core, social_optimum
from gametheory.arithmetic import exact, to_float
from gametheory.certificates.pooled import best_prices, check_core_membership, dual_shares
from gametheory.concepts import coalitional_game
from gametheory.errors import InputError, SizeLimit
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.io.solutions import loads
from gametheory.solvers.pooled.tabulate import Tabulate

from .strategies import pooled_games


def sub_game(game: PooledGame, mask: int) -> PooledGame:
    chosen = [i for i in range(len(game.players)) if mask >> i & 1]
    steps = tuple(replace(step, traders=tuple(step.traders[i] for i in chosen)) for step in game.steps)
    return PooledGame(tuple(game.players[i] for i in chosen), steps)


@given(pooled_games())
@settings(deadline=None, max_examples=50)
def test_every_table_is_proved_and_agrees_with_the_optimum_of_each_coalition(game: PooledGame) -> None:
    table = characteristic_function(game)
    assert table.certificate.holds()
    assert table.profile[0] == 0
    for mask in range(1, 2 ** len(game.players)):
        best = social_optimum(sub_game(game, mask))
        assert best.certificate.holds()
        assert best.value == table.profile[mask]


def highs_or_piqp(game: PooledGame) -> float:
    """Return the optimum of a convex solver: adjustments, imports and exports as variables, step by step."""
    piqp = pytest.importorskip("piqp")
    value = 0.0
    for step in game.steps:
        size = len(step.traders)
        P = np.diag([to_float(t.curvature) for t in step.traders] + [0.0, 0.0])
        c = np.array([to_float(t.slope) for t in step.traders] + [to_float(step.buy_price), -to_float(step.sell_price)])
        A = np.array([[1.0] * size + [1.0, -1.0]])
        b = np.array([sum(to_float(t.position) for t in step.traders)])
        low = np.array([-1e30 if t.lower is None else to_float(t.lower) for t in step.traders] + [0.0, 0.0])
        high = np.array([1e30 if t.upper is None else to_float(t.upper) for t in step.traders] + [1e30, 1e30])
        solver = piqp.DenseSolver()
        solver.settings.eps_abs = solver.settings.eps_rel = 1e-11
        solver.setup(P, c, A, b, None, None, None, low, high)
        solver.solve()
        x = solver.result.x
        value += float(x @ P @ x / 2 + c @ x)
    return value


@given(pooled_games(largest=6, steps=2))
@settings(deadline=None, max_examples=60)
def test_the_optimum_is_that_of_a_convex_solver(game: PooledGame) -> None:
    # With equal prices imports and exports can grow together without end; an interior-point method does not like it.
    assume(all(step.buy_price != step.sell_price for step in game.steps))
    assert social_optimum(game).value == pytest.approx(highs_or_piqp(game), abs=1e-6)


@given(pooled_games(), st.integers(0, 10**6))
@settings(deadline=None, max_examples=50)
def test_a_changed_entry_price_or_adjustment_is_refused(game: PooledGame, pick: int) -> None:
    table = list(characteristic_function(game).profile)
    table[pick % len(table)] += Fraction(1, 10**12)
    assert not certify(game, table, concept="characteristic_function").holds()
    best = social_optimum(game)
    step = pick % len(game.steps)
    rows = [list(row) for row in best.profile["adjustments"]]
    trader = game.steps[step].traders[pick % len(rows)]
    if trader.curvature and trader.lower != trader.upper:  # strictly convex: the adjustment is unique
        moved = rows[pick % len(rows)][step] + Fraction(1, 1000)
        if trader.upper is not None and moved > trader.upper:
            moved = rows[pick % len(rows)][step] - min(Fraction(1, 1000), trader.upper - (trader.lower or -(10**9)))
        if trader.lower is None or moved >= trader.lower:
            rows[pick % len(rows)][step] = moved
            assert not certify(game, {"adjustments": rows}, concept="social_optimum").holds()
    prices = [*best.profile["prices"]]
    prices[step] = game.steps[step].buy_price + 1
    with pytest.raises(InputError, match="outside"):
        certify(game, {**best.profile, "prices": prices}, concept="social_optimum")
    assert not certify(game, {**best.profile, "value": best.value + 1}, concept="social_optimum").holds()


def test_a_changed_dual_price_is_refused() -> None:
    step = TradingStep.from_numbers([2, -1], [1, 1], [1, 1], [-5, -5], [5, 5], buy_price=4, sell_price=1)
    game = PooledGame(("a", "b"), (step,))
    best = social_optimum(game)
    assert best.details["prices"] == (Fraction(3, 2),)
    moved = {**best.profile, "prices": (Fraction(3, 2) + Fraction(1, 10**9),)}
    verdict = certify(game, moved, concept="social_optimum")
    assert not verdict.holds()
    assert verdict.witness["best_bound"] == best.value  # the adjustments are right, the price is not
    assert certify(game, moved, concept="social_optimum", epsilon="0.001").strength == "exact"


@given(pooled_games(largest=4))
@settings(deadline=None, max_examples=50)
def test_the_price_supported_split_is_in_the_core(game: PooledGame) -> None:
    best = social_optimum(game)
    split = best.details["price_supported"]
    assert split == best.certificate.witness["price_supported"]
    assert certify(game, split, concept="core").holds()
    costs = Tabulate().solve(game).profile
    for mask in range(1, len(costs)):
        assert sum(x for i, x in enumerate(split) if mask >> i & 1) <= costs[mask]
    assert sum(split) == costs[-1]


@given(pooled_games(largest=4), st.data())
@settings(deadline=None, max_examples=50)
def test_core_membership_is_the_definition(game: PooledGame, data: Any) -> None:
    costs = Tabulate().solve(game).profile
    amounts = [data.draw(st.integers(-6, 6).map(Fraction)) for _ in game.players[1:]]
    amounts.append(costs[-1] - sum(amounts, Fraction(0)))
    inside = all(sum(x for i, x in enumerate(amounts) if mask >> i & 1) <= costs[mask] for mask in range(1, len(costs)))
    verdict = certify(game, amounts, concept="core")
    assert verdict.holds() is inside
    if not inside:
        names = verdict.witness["coalition"]
        mask = sum(1 << game.players.index(name) for name in names)
        paid = sum(x for name, x in zip(game.players, amounts, strict=True) if name in names)
        assert verdict.witness["gain"] == paid - costs[mask] > 0
    amounts[0] -= 1
    assert not certify(game, amounts, concept="core").holds()


@given(pooled_games(largest=4), st.randoms(), st.fractions(Fraction(1, 5), 5, max_denominator=5))
@settings(deadline=None, max_examples=50)
def test_relabelling_relabels_and_scaling_money_scales(game: PooledGame, random: Any, factor: Fraction) -> None:
    best = social_optimum(game)
    order = list(range(len(game.players)))
    random.shuffle(order)
    relabelled = PooledGame(
        tuple(game.players[i] for i in order),
        tuple(replace(s, traders=tuple(s.traders[i] for i in order)) for s in game.steps),
    )
    other = social_optimum(relabelled)
    assert (other.value, other.details["prices"], dict(other.point)) == (
        best.value,
        best.details["prices"],
        dict(best.point),
    )
    dear = PooledGame(
        game.players,
        tuple(
            TradingStep(
                tuple(Trader(t.position, factor * t.curvature, factor * t.slope, t.lower, t.upper) for t in s.traders),
                factor * s.buy_price,
                factor * s.sell_price,
            )
            for s in game.steps
        ),
    )
    assert social_optimum(dear).value == factor * best.value
    assert social_optimum(dear).point == best.point


@given(pooled_games())
@settings(deadline=None, max_examples=50)
def test_the_checker_finds_prices_of_its_own(game: PooledGame) -> None:
    best = social_optimum(game)
    bare = {"adjustments": best.profile["adjustments"]}
    assert certify(game, bare, concept="social_optimum").holds()
    assert sum(exact(x) for row in dual_shares(game, best_prices(game)) for x in row) == best.value


def test_large_games_have_no_table_but_a_certified_split() -> None:
    size = 60
    step = TradingStep.from_numbers(
        [(-1) ** i * (1 + i % 5) for i in range(size)],
        [1 + i % 3 for i in range(size)],
        [2] * size,
        [-1] * size,
        [1] * size,
        buy_price=3,
        sell_price=1,
    )
    game = PooledGame(tuple(map(str, range(size))), (step,))
    with pytest.raises(SizeLimit, match="price-supported"):
        characteristic_function(game)
    best = social_optimum(game)
    split = list(best.details["price_supported"])
    assert check_core_membership(game, split, witness={"prices": best.details["prices"]}).holds()
    split[0], split[1] = split[0] + 1, split[1] - 1
    with pytest.raises(SizeLimit, match="prices"):
        check_core_membership(game, split)


def test_an_answer_is_certified_from_its_file_alone(tmp_path: Path) -> None:
    step = TradingStep.from_numbers([2, -1], [1, 1], [1, 1], [-5, -5], [5, 5], buy_price=4, sell_price=1)
    game = PooledGame(("a", "b"), (step,))
    social_optimum(game).to_json(tmp_path / "optimum.json")
    characteristic_function(game).to_json(tmp_path / "table.json")
    program = (
        "import sys\n"
        "absent = ('gametheory.solvers', 'gametheory.models', 'gametheory.numerics', 'scipy')\n"
        "sys.modules.update(dict.fromkeys(absent))\n"
        "from gametheory.io.solutions import read_solution\n"
        "from gametheory.certificates import certify\n"
        "assert all(certify(read_solution(path)).holds() for path in sys.argv[1:])\n"
    )
    root = Path(__file__).resolve().parents[3]
    files = [str(tmp_path / name) for name in ("optimum.json", "table.json")]
    subprocess.run([sys.executable, "-c", program, *files], check=True, cwd=root)
    text = (tmp_path / "optimum.json").read_text()
    assert loads(text).value == social_optimum(game).value


@pytest.mark.parametrize(
    ("profile", "concept", "word"),
    [
        ({"prices": [2]}, "social_optimum", "adjustments"),
        ({"adjustments": [[0]]}, "social_optimum", "rows"),
        ({"adjustments": [[0], [0, 0]]}, "social_optimum", "steps"),
        ({"adjustments": [[0], [9]]}, "social_optimum", "not feasible"),
        ({"adjustments": {"a": [0], "z": [0]}}, "social_optimum", "players are"),
        ({"adjustments": [[0], [0]], "prices": [1, 1]}, "social_optimum", "prices for 1 steps"),
        ([0, 1], "characteristic_function", "4 entries"),
        ([1], "core", "one amount"),
        ({"a": 1}, "core", "players are"),
        ([float("nan"), 1], "core", "finite"),
    ],
)
def test_ill_formed_profiles_are_refused(profile: Any, concept: str, word: str) -> None:
    step = TradingStep.from_numbers([2, -1], [1, 1], [1, 1], [-5, -5], [5, 5], buy_price=4, sell_price=1)
    with pytest.raises(InputError, match=word):
        certify(PooledGame(("a", "b"), (step,)), profile, concept=concept)


@given(pooled_games(largest=3))
@settings(deadline=None, max_examples=20)
def test_the_table_becomes_a_cost_game_exact_or_rounded(game: PooledGame) -> None:
    table = characteristic_function(game)
    whole = coalitional_game(table)
    assert whole.kind == "cost"
    assert tuple(whole.values[mask] for mask in range(len(table.profile))) == table.profile
    rounded = coalitional_game(table, grain="0.001")
    for mask, cost in enumerate(table.profile):
        assert (rounded.values[mask] * 1000).denominator == 1
        assert abs(rounded.values[mask] - cost) <= Fraction(1, 2000)
    with pytest.raises(InputError, match="grain"):
        coalitional_game(table, grain=0)


def test_the_core_of_structured_games_for_any_number_of_players() -> None:
    trio = catalogue("mid_market_trio").game
    found = core(trio)
    assert not found.empty
    assert found.certificate.holds()
    assert found.contains(found.point).inside
    outside = found.contains([Fraction(-3, 10), Fraction(-3, 10), Fraction(2, 5)])  # the mid-market rate
    assert (outside.inside, outside.coalition, outside.excess) == (False, ("1", "3"), Fraction(1, 10))
    storage = core(catalogue("storage_pair").game)
    assert storage.point == (4, 3)
    assert storage.contains(storage.point).inside
    size = 200
    step = TradingStep.from_numbers(
        [(-1) ** i * (1 + i % 7) for i in range(size)],
        [1 + i % 3 for i in range(size)],
        [2] * size,
        [-1] * size,
        [1] * size,
        buy_price=3,
        sell_price=1,
    )
    assert core(PooledGame(tuple(map(str, range(size))), (step,))).certificate.holds()
