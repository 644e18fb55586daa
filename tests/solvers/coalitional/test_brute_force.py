"""Partitions, nearest core points and prekernels of random games against brute force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.games.coalitional import CoalitionalGame

from .test_values_and_cores import games

halves = st.integers(-4, 6).map(lambda k: Fraction(k, 2))


def _partitions(items: Sequence[str]) -> Iterator[list[list[str]]]:
    if not items:
        yield []
        return
    first, *rest = items
    for partition in _partitions(rest):
        yield [[first], *partition]
        for k, block in enumerate(partition):
            yield [*partition[:k], [first, *block], *partition[k + 1 :]]


@settings(max_examples=40, deadline=None)
@given(games(1, 4), st.integers(0, 4).map(lambda k: Fraction(k, 2)))
def test_every_partition_is_judged_as_by_all_mergers_and_splits(game: CoalitionalGame, link: Fraction) -> None:
    sign = 1 if game.kind == "value" else -1

    def worth(block: Sequence[str]) -> Any:
        return sign * game.value(block) - link * (len(block) - 1)

    for partition in _partitions(game.players):
        merging = any(
            worth([name for block in blocks for name in block]) > sum(map(worth, blocks))
            for count in range(2, len(partition) + 1)
            for blocks in combinations(partition, count)
        )
        splitting = any(
            sum(map(worth, parts)) > worth(block) for block in partition for parts in _partitions(block) if parts[1:]
        )
        claim = {"partition": [tuple(block) for block in partition], "transfer_cost": link}
        certificate = gt.certify(game, claim, concept="stable_partition")
        assert (certificate.strength == "exact") == (not merging and not splitting)
        assert (certificate.bound > 0) == (merging or splitting)


@settings(max_examples=40, deadline=None)
@given(games(2, 4), st.data(), st.booleans())
def test_the_nearest_point_is_that_of_a_quadratic_programme(
    game: CoalitionalGame, data: st.DataObject, least: bool
) -> None:
    import piqp

    n = len(game.players)
    sign = 1 if game.kind == "value" else -1
    reference = data.draw(st.lists(halves, min_size=n, max_size=n))
    found = gt.nearest_core_point(game, reference, least=least)
    assert found.certificate.strength == "exact"
    level = gt.least_core(game).certificate.witness["largest_excess"]
    assert found.certificate.witness["excess"] == (level if least else max(level, Fraction(0)))
    masks = range(1, 2**n - 1)
    member = np.array([[float(mask >> i & 1) for i in range(n)] for mask in masks])
    values = np.array([float(game.values[mask]) for mask in masks])
    allowed = float(found.certificate.witness["excess"]) + 1e-9
    wanted = np.array([float(r) for r in reference])
    solver = piqp.DenseSolver()
    low, free = np.full(len(member), -1e30), np.full(n, 1e30)
    total = np.array([float(game.values[2**n - 1])])
    solver.setup(
        2 * np.eye(n), -2 * wanted, np.ones((1, n)), total, -sign * member, low, allowed - sign * values, -free, free
    )
    solver.solve()
    nearest = float(((np.array(solver.result.x) - wanted) ** 2).sum())
    assert float(((found.values - wanted) ** 2).sum()) <= nearest + 1e-4 * (1 + nearest)
    step = data.draw(st.sampled_from([Fraction(1), Fraction(-1, 1000)]))
    moved = [found.exact[0] + step, found.exact[1] - step, *found.exact[2:]]
    refuted = gt.certify(game, {**found.profile, "values": moved}, concept="nearest_core_point")
    assert refuted.strength == "refuted"
    assert refuted.bound > 0


@settings(max_examples=60, deadline=None)
@given(games(2, 4), st.data())
def test_the_prekernel_is_where_no_pair_is_unbalanced(game: CoalitionalGame, data: st.DataObject) -> None:
    n = len(game.players)
    sign = 1 if game.kind == "value" else -1
    shares = data.draw(st.lists(halves, min_size=n - 1, max_size=n - 1))
    point = [*shares, game.values[2**n - 1] - sum(shares)]

    def surplus(i: int, j: int) -> Fraction:
        apart = [mask for mask in range(2**n) if mask >> i & 1 and not mask >> j & 1]
        return max(
            sign * (game.values[mask] - sum((x for k, x in enumerate(point) if mask >> k & 1), Fraction(0)))
            for mask in apart
        )

    balanced = all(surplus(i, j) == surplus(j, i) for i, j in combinations(range(n), 2))
    assert (gt.certify(game, point, concept="prekernel_point").strength == "exact") == balanced
