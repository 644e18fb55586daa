"""Tau value, Gately point, kernels and per-capita nucleoli: certified, equivariant, and refused when perturbed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import Infeasible, NotApplicable
from gametheory.games.coalitional import CoalitionalGame

from .test_values_and_cores import games, number

DOORS: dict[str, Callable[..., Any]] = {
    "gately_point": gt.gately_point,
    "kernel_point": gt.kernel_point,
    "per_capita_nucleolus": gt.per_capita_nucleolus,
    "per_capita_prenucleolus": gt.per_capita_prenucleolus,
    "prekernel_point": gt.prekernel_point,
    "tau_value": gt.tau_value,
}
#: Of these there is one point only, so every other allocation must be refused.
SINGLE = ("gately_point", "per_capita_nucleolus", "per_capita_prenucleolus", "tau_value")


def solve(name: str, game: CoalitionalGame) -> Any:
    try:
        return DOORS[name](game)
    except (Infeasible, NotApplicable):
        return None


@pytest.mark.parametrize("name", sorted(DOORS))
@settings(max_examples=25, deadline=None)
@given(game=games(1, 4), data=st.data())
def test_certified_and_equivariant(name: str, game: CoalitionalGame, data: st.DataObject) -> None:
    solution = solve(name, game)
    factor = data.draw(st.fractions(min_value="1/3", max_value=3, max_denominator=3))
    gifts = data.draw(st.lists(number, min_size=len(game.players), max_size=len(game.players)))
    other = CoalitionalGame.from_table(
        [
            factor * game.values[m] + sum((Fraction(g) for i, g in enumerate(gifts) if m >> i & 1), Fraction(0))
            for m in range(len(game.values))
        ],
        game.players,
        kind=game.kind,
    ).relabelled(game.players[::-1])
    moved = solve(name, other)
    assert (solution is None) == (moved is None)
    if solution is None:
        return
    assert solution.certificate.strength == "exact"
    assert [factor * x + g for x, g in zip(solution.exact, gifts, strict=True)] == list(moved.exact[::-1])
    if name in SINGLE and len(game.players) > 1:
        wrong = list(solution.exact)
        wrong[0] += Fraction(1, 9)
        wrong[1] -= Fraction(1, 9)
        assert gt.certify(game, wrong, concept=name).strength == "refuted"


@settings(max_examples=40, deadline=None)
@given(games(3, 4), st.data())
def test_the_prekernel_is_its_definition(game: CoalitionalGame, data: st.DataObject) -> None:
    n = len(game.players)
    shares = [Fraction(s) for s in data.draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))]
    shares[0] += game.values[2**n - 1] - sum(shares)
    sign = 1 if game.kind == "value" else -1
    excess = [
        sign * (game.values[m] - sum((x for i, x in enumerate(shares) if m >> i & 1), Fraction(0))) for m in range(2**n)
    ]
    largest = {
        (i, j): max(e for m, e in enumerate(excess) if m >> i & 1 and not m >> j & 1)
        for i, j in permutations(range(n), 2)
    }
    certificate = gt.certify(game, shares, concept="prekernel_point")
    assert certificate.bound == max(largest[i, j] - largest[j, i] for i, j in largest)


def test_per_capita_of_a_game_where_it_differs() -> None:
    # One big pair: its excess 12 - x_a - x_b is halved, so the pair gets less than under the nucleolus.
    game = CoalitionalGame.from_dict({("a", "b"): 12, ("a", "b", "c"): 12}, "abc", missing=0)
    assert gt.per_capita_prenucleolus(game).exact == gt.prenucleolus(game).exact == (6, 6, 0)
    tight = CoalitionalGame.from_dict({("a", "b"): 12, ("a", "b", "c"): 6}, "abc", missing=0)
    # Plain: 6 + x_c = -x_c. Per head: (6 + x_c)/2 = -x_c.
    assert gt.prenucleolus(tight).exact == (Fraction(9, 2), Fraction(9, 2), -3)
    assert gt.per_capita_prenucleolus(tight).exact == (4, 4, -2)


def test_what_has_no_compromise_is_refused() -> None:
    game = gt.catalogue("majority_of_three").game
    for name in ("tau_value", "gately_point"):
        with pytest.raises(NotApplicable):
            DOORS[name](game)
        with pytest.raises(NotApplicable):
            gt.certify(game, ["1/3"] * 3, concept=name)
