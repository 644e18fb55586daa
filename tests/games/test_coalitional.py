"""Coalitional games as data: constructors agree with their definitions, derived games with theirs, bad input is "
"refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory.errors import InputError, SizeLimit
from gametheory.games import coalition_families as families
from gametheory.games.coalition_table import CoalitionTable, read_coalition_table, subset_sums
from gametheory.games.coalitional import CoalitionalGame

positive = st.fractions(min_value=0, max_value=20, max_denominator=6)
number = st.fractions(min_value=-20, max_value=20, max_denominator=6)


def matrices(rows: int, columns: int) -> st.SearchStrategy[tuple[tuple[Fraction, ...], ...]]:
    row = st.lists(number, min_size=columns, max_size=columns).map(tuple)
    return st.lists(row, min_size=rows, max_size=rows).map(tuple)


def symmetric(cells: list[Fraction]) -> tuple[tuple[Fraction, ...], ...]:
    size = 4
    pairs = iter(cells)
    matrix = [[Fraction(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i):
            matrix[i][j] = matrix[j][i] = next(pairs)
    return tuple(map(tuple, matrix))


structures = st.one_of(
    st.builds(
        families.WeightedMajority,
        st.fractions(min_value="1/6", max_value=40, max_denominator=6),
        st.lists(positive, min_size=1, max_size=5).map(tuple),
    ),
    st.lists(positive, min_size=1, max_size=5).flatmap(
        lambda claims: st.fractions(min_value=0, max_value=1, max_denominator=7).map(
            lambda part: families.Bankruptcy(part * sum(claims), tuple(claims))
        )
    ),
    st.builds(families.Airport, st.lists(positive, min_size=1, max_size=5).map(tuple)),
    st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(any).map(lambda pair: families.Glove(*pair)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(lambda s: matrices(*s)).map(families.Assignment),
    st.lists(positive, min_size=6, max_size=6).map(symmetric).map(families.SpanningTree),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), positive), min_size=1, max_size=5).map(
        lambda arcs: families.Flow(tuple(arcs), 0, 3)
    ),
)


@settings(deadline=None)
@given(structures)
def test_a_family_answers_single_coalitions_as_its_table_does(structure: Any) -> None:
    table = structure.table()
    for mask in range(2**structure.size):
        assert table[mask] == structure.value(tuple(i for i in range(structure.size) if mask >> i & 1))


@settings(deadline=None)
@given(st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(lambda s: matrices(*s)))
def test_an_assignment_is_the_best_of_all_matchings(matrix: tuple[tuple[Fraction, ...], ...]) -> None:
    rows, columns = len(matrix), len(matrix[0])
    padded = [[max(v, Fraction(0)) for v in row] + [Fraction(0)] * rows for row in matrix]
    best = max(sum(padded[i][j] for i, j in enumerate(order)) for order in permutations(range(columns + rows), rows))
    game = CoalitionalGame.assignment(matrix)
    assert game.value(game.players) == best


@settings(deadline=None)
@given(st.lists(positive, min_size=6, max_size=6).map(symmetric))
def test_a_spanning_tree_is_the_cheapest_of_all(costs: tuple[tuple[Fraction, ...], ...]) -> None:
    # Every tree on 3 players and the source: each player picks a parent, without a cycle.
    best = min(
        sum(costs[i + 1][parents[i]] for i in range(3))
        for parents in np.ndindex(4, 4, 4)
        if all(_reaches_source(i + 1, parents) for i in range(3))
    )
    game = CoalitionalGame.spanning_tree(costs)
    assert game.value(game.players) == best


def _reaches_source(node: int, parents: tuple[int, ...]) -> bool:
    for _ in range(4):
        if node == 0:
            return True
        node = parents[node - 1]
    return False


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), positive), min_size=1, max_size=6))
def test_the_largest_flow_is_the_smallest_cut(arcs: list[tuple[int, int, Fraction]]) -> None:
    cuts = [
        sum((c for tail, head, c in arcs if side >> tail & 1 and not side >> head & 1), Fraction(0))
        for side in range(16)
        if side & 1 and not side >> 3 & 1
    ]
    game = CoalitionalGame.flow(arcs, 0, 3)
    assert game.value(game.players) == min(cuts)


tables = st.integers(1, 4).flatmap(lambda n: st.lists(number, min_size=2**n - 1, max_size=2**n - 1))


@given(tables, st.data())
def test_derived_games_are_their_definitions(cells: list[Fraction], data: st.DataObject) -> None:
    game = CoalitionalGame.from_table([0, *cells], kind="cost")
    savings, normal, dual = game.saving_game(), game.zero_normalised(), game.dual()
    kept = data.draw(st.lists(st.sampled_from(game.players), min_size=1, unique=True))
    small = game.subgame(kept)
    order = data.draw(st.permutations(game.players))
    other = game.relabelled(order)
    assert (savings.kind, normal.kind, dual.kind) == ("value", "cost", "cost")
    for mask in range(len(game.values)):
        names = game.coalition(mask)
        alone = sum((game.value((name,)) for name in names), Fraction(0))
        assert savings.value(names) == alone - game.value(names)
        assert normal.value(names) == game.value(names) - alone
        rest = [name for name in game.players if name not in names]
        assert dual.value(names) == game.value(game.players) - game.value(rest)
        assert other.value(names) == game.value(names)
        if set(names) <= set(kept):
            assert small.value(names) == game.value(names)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3))
def test_floats_are_the_rationals_they_are(cells: list[float]) -> None:
    table = read_coalition_table(np.array([0.0, *cells]))
    assert [table[k] for k in range(4)] == [Fraction(0), *map(Fraction, cells)]


@given(st.lists(st.integers(-(2**70), 2**70), min_size=1, max_size=6))
def test_sums_over_coalitions(numbers: list[int]) -> None:
    sums = subset_sums(numbers)
    for mask in range(2 ** len(numbers)):
        assert int(sums[mask]) == sum(x for i, x in enumerate(numbers) if mask >> i & 1)


def test_from_dict_names_and_missing() -> None:
    game = CoalitionalGame.from_dict({"a": 1, ("b",): 2, ("b", "a"): "0.5"}, missing=0)
    assert game.players == ("a", "b")
    assert game.value("a") == 1
    assert game.value(("a", "b")) == Fraction(1, 2)
    assert CoalitionalGame.from_dict({("c", "a"): 1}, ["a", "b", "c"], missing=0).value(("a", "c")) == 1


def test_tables_compare_by_their_numbers() -> None:
    assert CoalitionTable(np.array([0, 2]), 4) == CoalitionTable(np.array([0, 1]), 2)
    assert hash(CoalitionTable(np.array([0, 2]), 4)) == hash(CoalitionTable(np.array([0, 1]), 2))
    assert CoalitionTable(np.array([0, 1])) != CoalitionTable(np.array([0, 1, 1, 1]))


_SIX = [f"p{i}" for i in range(31)]

BAD: tuple[tuple[str, Any, type[Exception], str], ...] = (
    ("empty coalition", lambda: CoalitionalGame.from_table([1, 2]), InputError, "empty coalition"),
    ("not a power", lambda: CoalitionalGame.from_table([0, 1, 2]), InputError, "2\\*\\*n"),
    ("one number", lambda: CoalitionalGame.from_table([0]), InputError, "2\\*\\*n"),
    ("nan", lambda: CoalitionalGame.from_table([0, float("nan")]), InputError, "values\\[1\\]"),
    ("nan array", lambda: CoalitionalGame.from_table(np.array([0, np.inf])), InputError, "finite"),
    ("matrix", lambda: CoalitionalGame.from_table([[0, 1], [1, 2]]), InputError, "flat"),
    ("kind", lambda: CoalitionalGame.from_table([0, 1], kind="profit"), InputError, "'value' or 'cost'"),
    ("names", lambda: CoalitionalGame.from_table([0, 1], ["a", "b"]), InputError, "2 player names"),
    ("repeat", lambda: CoalitionalGame.from_table([0, 1, 1, 1], ["a", "a"]), InputError, "repeat"),
    ("missing", lambda: CoalitionalGame.from_dict({"a": 1, "b": 1}), InputError, "no value, the first is"),
    ("twice", lambda: CoalitionalGame.from_dict({("a", "b"): 1, ("b", "a"): 2}, missing=0), InputError, "twice"),
    ("stranger", lambda: CoalitionalGame.from_dict({"c": 1}, ["a"], missing=0), InputError, "'c' is no player"),
    ("too many", lambda: CoalitionalGame.from_dict({"p0": 1}, _SIX, missing=0), SizeLimit, "sample"),
    ("function", lambda: CoalitionalGame.from_function(len, _SIX), SizeLimit, "structure"),
    ("nobody", lambda: CoalitionalGame.from_function(len, []), InputError, "no player"),
    ("lazy", lambda: CoalitionalGame.weighted_majority(3, [1] * 25).values, SizeLimit, "structure"),
    ("quota", lambda: CoalitionalGame.weighted_majority(0, [1]), InputError, "quota"),
    ("weights", lambda: CoalitionalGame.weighted_majority(1, [-1]), InputError, "negative"),
    ("estate", lambda: CoalitionalGame.bankruptcy(5, [1, 2]), InputError, "estate 5"),
    ("airport", lambda: CoalitionalGame.airport([]), InputError, "no number"),
    ("gloves", lambda: CoalitionalGame.glove(0, 0), InputError, "at least one hand"),
    ("ragged", lambda: CoalitionalGame.assignment([[1], [1, 2]]), InputError, "equal"),
    ("asymmetric", lambda: CoalitionalGame.spanning_tree([[0, 1], [2, 0]]), InputError, "symmetric"),
    ("cheap edge", lambda: CoalitionalGame.spanning_tree([[0, -1], [-1, 0]]), InputError, "negative"),
    ("loop", lambda: CoalitionalGame.flow([(0, 1, 1)], 0, 0), InputError, "two nodes"),
    ("savings", lambda: CoalitionalGame.from_table([0, 1]).saving_game(), InputError, "kind='cost'"),
    ("subgame", lambda: CoalitionalGame.from_table([0, 1]).subgame([]), InputError, "at least one"),
    ("value", lambda: CoalitionalGame.from_table([0, 1]).value("z"), InputError, "'z' is no player"),
    ("relabel", lambda: CoalitionalGame.from_table([0, 1]).relabelled(["z"]), InputError, "once"),
)


@pytest.mark.parametrize(("make", "error", "word"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_bad_input(make: Any, error: type[Exception], word: str) -> None:
    with pytest.raises(error, match=word):
        make()
