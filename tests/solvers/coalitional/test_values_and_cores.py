"""Exact values, cores and nucleoli: known answers, relabelling, scaling, brute force, and refusals of wrong answers."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.certificates.values import by_potential
from gametheory.errors import Infeasible, InputError
from gametheory.games.coalitional import CoalitionalGame
from gametheory.io.solutions import dumps, loads

number = st.one_of(st.integers(-9, 9), st.fractions(min_value=-9, max_value=9, max_denominator=7))


@st.composite
def games(draw: st.DrawFn, least: int = 1, most: int = 5) -> CoalitionalGame:
    n = draw(st.integers(least, most))
    kind = draw(st.sampled_from(["value", "cost"]))
    table = [0, *draw(st.lists(number, min_size=2**n - 1, max_size=2**n - 1))]
    return CoalitionalGame.from_table(table, [f"p{i}" for i in range(n)], kind=kind)


def arrival_average(game: CoalitionalGame) -> list[Fraction]:
    n = len(game.players)
    orders = list(permutations(range(n)))
    shares = [Fraction(0)] * n
    for order in orders:
        mask = 0
        for i in order:
            shares[i] += game.values[mask | 1 << i] - game.values[mask]
            mask |= 1 << i
    return [share / len(orders) for share in shares]


@settings(max_examples=40, deadline=None)
@given(games())
def test_the_shapley_value_is_the_average_over_arrivals(game: CoalitionalGame) -> None:
    solution = gt.shapley_value(game)
    assert list(solution.exact) == arrival_average(game)
    assert solution.certificate.strength == "exact"


@settings(max_examples=40, deadline=None)
@given(games(), st.data())
def test_relabelling_relabels_every_answer(game: CoalitionalGame, data: st.DataObject) -> None:
    order = data.draw(st.permutations(game.players))
    other = game.relabelled(order)
    for solve in (gt.shapley_value, gt.banzhaf_value, gt.prenucleolus):
        here, there = solve(game), solve(other)
        assert {p: here[p] for p in game.players} == {p: there[p] for p in game.players}


@settings(max_examples=40, deadline=None)
@given(games(), st.fractions(min_value="1/5", max_value=5, max_denominator=5), st.data())
def test_strategic_equivalence(game: CoalitionalGame, factor: Fraction, data: st.DataObject) -> None:
    n = len(game.players)
    gifts = data.draw(st.lists(number, min_size=n, max_size=n))
    table = [
        factor * game.values[m] + sum((Fraction(gifts[i]) for i in range(n) if m >> i & 1), Fraction(0))
        for m in range(2**n)
    ]
    other = CoalitionalGame.from_table(table, game.players, kind=game.kind)
    for solve in (gt.shapley_value, gt.banzhaf_value, gt.prenucleolus):
        assert [factor * x + g for x, g in zip(solve(game).exact, gifts, strict=True)] == list(solve(other).exact)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5).flatmap(lambda n: st.tuples(games(n, n), games(n, n))))
def test_the_shapley_value_is_additive(pair: tuple[CoalitionalGame, CoalitionalGame]) -> None:
    a, b = pair
    both = CoalitionalGame.from_table([a.values[m] + b.values[m] for m in range(len(a.values))])
    expected = [x + y for x, y in zip(gt.shapley_value(a).exact, gt.shapley_value(b).exact, strict=True)]
    assert list(gt.shapley_value(both).exact) == expected


@settings(max_examples=60, deadline=None)
@given(games())
def test_nucleoli_and_cores_are_certified(game: CoalitionalGame) -> None:
    middle = gt.prenucleolus(game)
    assert middle.certificate.strength == "exact"
    least = gt.least_core(game)
    assert least.certificate.strength == "exact"
    core = gt.core(game)
    assert core.certificate.strength == "exact"
    if core.empty:
        assert not core.contains(middle.exact).inside
    else:
        assert core.contains(middle.exact).inside
        assert core.contains(core.point).inside
        assert gt.nucleolus(game).exact == middle.exact
    try:
        rational = gt.nucleolus(game)
    except Infeasible:
        return
    assert rational.certificate.strength == "exact"


@settings(max_examples=60, deadline=None)
@given(games(2), st.data())
def test_perturbed_allocations_are_refused(game: CoalitionalGame, data: st.DataObject) -> None:
    i, j = data.draw(st.lists(st.integers(0, len(game.players) - 1), min_size=2, max_size=2, unique=True))
    step = data.draw(st.fractions(min_value="1/50", max_value=3, max_denominator=50))
    for solve, name in ((gt.shapley_value, "shapley_value"), (gt.prenucleolus, "prenucleolus")):
        shares = list(solve(game).exact)
        shares[i] += step
        assert gt.certify(game, shares, concept=name).strength == "refuted"
        shares[j] -= step
        refuted = gt.certify(game, shares, concept=name)
        assert refuted.strength == "refuted"
        assert refuted.bound > 0


def sorted_excesses(game: CoalitionalGame, x: list[Fraction]) -> list[Fraction]:
    sign = 1 if game.kind == "value" else -1
    n = len(game.players)
    return sorted(
        (
            sign * (game.values[m] - sum((x[i] for i in range(n) if m >> i & 1), Fraction(0)))
            for m in range(1, 2**n - 1)
        ),
        reverse=True,
    )


@settings(max_examples=60, deadline=None)
@given(games(2), st.data())
def test_a_refuted_nucleolus_comes_with_a_better_allocation(game: CoalitionalGame, data: st.DataObject) -> None:
    n = len(game.players)
    shares = [Fraction(s) for s in data.draw(st.lists(number, min_size=n, max_size=n))]
    shares[0] += game.values[2**n - 1] - sum(shares)
    verdict = gt.certify(game, shares, concept="prenucleolus")
    if verdict.strength == "refuted":
        better = [x + d for x, d in zip(shares, verdict.witness["direction"], strict=True)]
        assert sum(better) == sum(shares)
        assert sorted_excesses(game, better) < sorted_excesses(game, shares)
    else:
        assert tuple(shares) == gt.prenucleolus(game).exact


@settings(max_examples=40, deadline=None)
@given(games(), st.data())
def test_the_core_check_is_the_definition(game: CoalitionalGame, data: st.DataObject) -> None:
    n = len(game.players)
    shares = [Fraction(s) for s in data.draw(st.lists(number, min_size=n, max_size=n))]
    certificate = gt.certify(game, shares, concept="core_check")
    expected = sorted_excesses(game, shares)
    listed = [excess for _, excess in certificate.witness["coalitions"]]
    assert listed == expected[:10]
    assert certificate.bound == (expected[0] if expected else 0)
    assert certificate.strength == "exact"


@pytest.mark.parametrize(("estate", "shares"), [(100, "100/3 100/3 100/3"), (200, "50 75 75"), (300, "50 100 150")])
def test_the_talmud(estate: int, shares: str) -> None:
    game = CoalitionalGame.bankruptcy(estate, [100, 200, 300])
    assert gt.nucleolus(game).exact == tuple(map(Fraction, shares.split()))


def test_solutions_survive_their_file() -> None:
    huge = CoalitionalGame.from_table([0, 2**80, 1, Fraction(2**90, 3)])
    for game in (huge, CoalitionalGame.airport([1, 2, "2.5"]), CoalitionalGame.weighted_majority(2, [1, 1, 1])):
        for solve in (gt.shapley_value, gt.core, gt.prenucleolus):
            solution = solve(game)
            back = loads(dumps(solution))
            assert back == solution
            assert gt.certify(back).strength == "exact"


def test_a_large_table_is_exact() -> None:
    rng = np.random.default_rng(5)
    values = rng.integers(-(2**61), 2**61, 2**14)
    values[0] = 0
    solution = gt.shapley_value(CoalitionalGame.from_table(values))
    assert solution.certificate.strength == "exact"
    assert solution.certificate.witness["by"] == "Harsanyi dividends"
    assert sum(solution.exact) == int(values[-1])


@settings(max_examples=25, deadline=None)
@given(games(1, 5))
def test_the_checker_of_large_tables_agrees_with_the_definition(game: CoalitionalGame) -> None:
    assert tuple(by_potential(game, "Shapley")) == gt.shapley_value(game).exact
    assert tuple(by_potential(game, "Banzhaf")) == gt.banzhaf_value(game).exact


@pytest.mark.slow
def test_twenty_four_players() -> None:
    rng = np.random.default_rng(24)
    values = rng.normal(size=2**24)
    values[0] = 0.0
    game = CoalitionalGame.from_floats(values)
    assert float(abs(Fraction(values[77]) - game.values[77])) <= 0.5 / game.values.denominator
    solution = gt.shapley_value(game)
    assert solution.certificate.strength == "exact"
    assert solution.certificate.witness["by"].startswith("what is reached")
    wrong = list(solution.exact)
    wrong[20] += Fraction(1, 10**15)
    assert gt.certify(game, wrong, concept="shapley_value").strength == "refuted"


def test_floats_on_a_common_scale() -> None:
    floats = [0.0, 1e-9, 3.25, 1e9]
    game = CoalitionalGame.from_floats(floats)
    for mask, value in enumerate(floats):
        assert abs(game.values[mask] - Fraction(value)) <= Fraction(1, 2 * game.values.denominator)
    assert CoalitionalGame.from_floats([0.0, 0.0]).value("player 0") == 0
    for bad, word in (
        ([0.0, float("nan")], "not finite"),
        ([0.0, 1.0, 2.0], "2\\*\\*n"),
        ([1.0, 2.0], "empty coalition"),
    ):
        with pytest.raises(InputError, match=word):
            CoalitionalGame.from_floats(bad)
