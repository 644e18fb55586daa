"""The checkers of coalitional games alone: they refute what is wrong with a witness, and refuse what is ill formed."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.certificates.cone import cone_weights
from gametheory.errors import InputError, SizeLimit
from gametheory.games.coalitional import CoalitionalGame


@settings(deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda d: st.tuples(
            st.lists(st.lists(st.integers(-3, 3), min_size=d, max_size=d), min_size=1, max_size=6),
            st.lists(st.integers(-4, 4), min_size=d, max_size=d),
        )
    )
)
def test_the_cone_comes_with_a_witness_either_way(case: tuple[list[list[int]], list[int]]) -> None:
    vectors, target = case
    verdict = cone_weights(np.array(vectors), target)
    if verdict.weights is not None:
        assert all(w > 0 for w in verdict.weights.values())
        total = [sum(w * vectors[k][i] for k, w in verdict.weights.items()) for i in range(len(target))]
        assert total == target
    else:
        y = verdict.direction
        assert y is not None
        assert all(sum(a * b for a, b in zip(y, vector, strict=True)) >= 0 for vector in vectors)
        assert sum(a * b for a, b in zip(y, target, strict=True)) < 0


def test_the_cone_in_large_numbers() -> None:
    big = 2**70
    verdict = cone_weights(np.array([[big, 1], [1, big]], dtype=object), [big + 1, big + 1])
    assert verdict.weights == {0: 1, 1: 1}


def _grid_nucleolus(game: CoalitionalGame, step: Fraction, low: int, high: int) -> list[tuple[Fraction, ...]]:
    """Return the allocations of a grid with the lexicographically least sorted excesses: three players."""
    total = game.values[7]
    best: list[Any] = []
    for a, b in product(range(low, high), repeat=2):
        x = (a * step, b * step, total - (a + b) * step)
        e = sorted(
            (game.values[m] - sum((x[i] for i in range(3) if m >> i & 1), Fraction(0)) for m in range(1, 7)),
            reverse=True,
        )
        if not best or e < best[0]:
            best = [e, x]
    return [best[1]]


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(-2, 3), min_size=7, max_size=7))
def test_the_prenucleolus_beats_every_point_of_a_grid(cells: list[int]) -> None:
    # With values that are multiples of 12 a three-player nucleolus lies on the whole numbers.
    game = CoalitionalGame.from_table([0, *(12 * c for c in cells)])
    found = gt.prenucleolus(game).exact
    assert all(share.denominator == 1 for share in found)
    (best,) = _grid_nucleolus(game, Fraction(3), -14, 15)
    assert gt.certify(game, best, concept="prenucleolus").holds() == (best == found)


def test_core_points_are_refuted_with_the_blocking_coalition() -> None:
    game = gt.catalogue("gloves_1_2").game
    membership = gt.core(game).contains(["1/2", "1/4", "1/4"])
    assert not membership.inside
    assert membership.coalition == ("left", "right 1")
    assert membership.excess == Fraction(1, 4)
    assert membership.certificate.bound == Fraction(1, 4)


def test_a_wasteful_split_is_not_in_the_core() -> None:
    game = gt.catalogue("gloves_1_2").game
    for shares in ([2, 0, 0], ["1/2", 0, 0]):
        assert gt.certify(game, shares, concept="core").strength == "refuted"
    claim = gt.core_check(game, [2, 0, 0]).claim
    assert claim == "no coalition blocks, but the shares promise 1 more than all together have"
    additive = CoalitionalGame.from_table([0, 1, 1, 3])
    assert gt.core_check(additive, [1, 1]).claim == "no proper coalition blocks; all together would gain 1"
    assert gt.core_check(additive, [1, 2]).claim == "no coalition blocks"


@pytest.mark.parametrize(
    ("weights", "word"),
    [
        ({("a", "b"): "1/2", ("a", "c"): "1/2"}, "sum to 1/2"),
        ({("a",): 1, ("b",): 1, ("c",): 1}, "no better"),
        ({("a", "b"): 1, ("c",): 1, ("a", "b", "c"): 0}, "not positive"),
    ],
)
def test_wrong_balanced_weights_are_refuted(weights: Any, word: str) -> None:
    game = CoalitionalGame.weighted_majority(2, [1, 1, 1], ["a", "b", "c"])
    certificate = gt.certify(game, weights, concept="core")
    assert certificate.strength == "refuted"
    assert word in certificate.claim


def test_a_point_beside_the_least_core_is_refuted() -> None:
    game = gt.catalogue("majority_of_three").game
    least = gt.least_core(game)
    assert least.certificate.witness["largest_excess"] == Fraction(1, 3)
    wrong = gt.certify(game, ["1/2", "1/4", "1/4"], concept="least_core")
    assert wrong.strength == "refuted"
    better = [Fraction(x) + d for x, d in zip(["1/2", "1/4", "1/4"], wrong.witness["direction"], strict=True)]
    assert gt.core_check(game, better).bound < Fraction(1, 2)


@pytest.mark.parametrize("concept", ["core", "core_check", "nucleolus", "shapley_value"])
@pytest.mark.parametrize(
    ("shares", "word"),
    [([1, 2], "2 numbers for 3"), ("abc", "give one number"), ({"a": 1}, "names"), ([1, 2, float("nan")], "share of")],
)
def test_ill_formed_allocations(concept: str, shares: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        gt.certify(gt.catalogue("gloves_1_2").game, shares, concept=concept)


def test_enumeration_has_a_limit() -> None:
    game = CoalitionalGame.weighted_majority(13, [1] * 26)
    with pytest.raises(SizeLimit, match="25 players"):
        gt.core_check(game, [0] * 26)


def test_the_ten_worst_come_in_order_with_small_coalitions_first() -> None:
    game = CoalitionalGame.from_function(lambda T: int(len(T) > 1), "abcde")
    listed = gt.core_check(game, [0] * 5).witness["coalitions"]
    assert [len(coalition) for coalition, _ in listed] == [2] * 10
    assert {excess for _, excess in listed} == {1}
