"""Core points and nucleoli by structure: equal to what enumeration says of small games, certified of large ones."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.certificates.structured import structured_core, structured_nucleolus
from gametheory.errors import SizeLimit
from gametheory.games.coalitional import CoalitionalGame
from gametheory.solvers.coalitional.nucleolus import SequentialNucleolus

amount = st.integers(0, 6).map(Fraction)


@st.composite
def families(draw: Any) -> CoalitionalGame:
    kind = draw(st.sampled_from(["assignment", "glove", "airport", "bankruptcy", "flow", "tree"]))
    n = draw(st.integers(2, 5))
    if kind == "assignment":
        rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
        gains = st.lists(st.integers(-2, 6), min_size=columns, max_size=columns)
        return CoalitionalGame.assignment(draw(st.lists(gains, min_size=rows, max_size=rows)))
    if kind == "glove":
        return CoalitionalGame.glove(draw(st.integers(0, 3)), draw(st.integers(1, 3)))
    numbers = draw(st.lists(amount, min_size=n, max_size=n))
    if kind == "airport":
        return CoalitionalGame.airport(numbers)
    if kind == "bankruptcy":
        return CoalitionalGame.bankruptcy(sum(numbers) * draw(st.fractions(0, 1, max_denominator=6)), numbers)
    if kind == "flow":
        node = st.integers(0, 3)
        arcs = st.tuples(node, node, amount).filter(lambda arc: arc[0] != arc[1])
        return CoalitionalGame.flow(draw(st.lists(arcs, min_size=n, max_size=n)), 0, 3)
    costs = [[Fraction(0)] * (n + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        for j in range(i):
            costs[i][j] = costs[j][i] = draw(amount)
    return CoalitionalGame.spanning_tree(costs)


@settings(max_examples=70, deadline=None)
@given(families(), st.integers(0, 2**30))
def test_the_structure_decides_as_enumeration_does(game: CoalitionalGame, seed: int) -> None:
    generator = random.Random(seed)
    core = gt.core(game)
    assert core.certificate.strength == "exact"
    assert not core.empty
    moved = list(core.point or ())
    if len(moved) > 1:
        step = Fraction(generator.randint(-2, 2), 2)
        i, j = generator.sample(range(len(moved)), 2)
        moved[i], moved[j] = moved[i] + step, moved[j] - step
    for point in (list(core.point or ()), moved, [*moved[:-1], moved[-1] + 1]):
        slow = gt.certify(game, point, concept="core")
        try:
            quick = structured_core(game, point, Fraction(0))
        except SizeLimit:
            assert type(game.structure).__name__ in ("Flow", "SpanningTree")
            continue
        assert quick is not None
        assert quick.strength == slow.strength, (game, point, quick, slow)
        if quick.strength == "refuted" and not quick.witness["grand"]:
            names, excess = quick.witness["coalitions"][0]
            sign = 1 if game.kind == "value" else -1
            paid = sum((point[game.players.index(name)] for name in names), Fraction(0))
            assert sign * (game.value(names) - paid) == excess > 0


@settings(max_examples=40, deadline=None)
@given(families().filter(lambda g: type(g.structure).__name__ in ("Airport", "Bankruptcy")), st.integers(1, 4))
def test_the_nucleolus_of_convex_families(game: CoalitionalGame, part: int) -> None:
    right = SequentialNucleolus().solve(game).profile
    found = gt.nucleolus(game)
    assert found.exact == right
    quick = structured_nucleolus(game, right, "nucleolus")
    assert quick is not None
    assert quick.strength == "exact"
    wrong = [right[0] + Fraction(1, 7 * part), right[1] - Fraction(1, 7 * part), *right[2:]]
    refuted = structured_nucleolus(game, wrong, "nucleolus")
    assert refuted is not None
    assert refuted.strength == "refuted"
    assert refuted.bound > 0


def _large(kind: str) -> CoalitionalGame:
    generator = random.Random(3)
    if kind == "assignment":
        return CoalitionalGame.assignment([[generator.randint(-5, 40) for _ in range(24)] for _ in range(20)])
    if kind == "flow":
        pairs = [(generator.randrange(12), generator.randrange(12)) for _ in range(70)]
        return CoalitionalGame.flow([(a, b, generator.randint(1, 9)) for a, b in pairs if a != b], 0, 11)
    if kind == "tree":
        places = [(generator.randint(0, 99), generator.randint(0, 99)) for _ in range(41)]
        return CoalitionalGame.spanning_tree([[abs(a - c) + abs(b - d) for c, d in places] for a, b in places])
    numbers = [generator.randint(1, 50) for _ in range(60)]
    return CoalitionalGame.airport(numbers) if kind == "airport" else CoalitionalGame.bankruptcy(700, numbers)


@pytest.mark.parametrize("kind", ["assignment", "flow", "tree"])
def test_large_games_have_certified_core_points(kind: str) -> None:
    game = _large(kind)
    found = gt.core(game)
    assert found.certificate.strength == "exact"
    assert found.certificate.witness["by"] == "the structure"
    wrong = list(found.point or ())
    k = max(range(len(wrong)), key=lambda i: abs(wrong[i]))
    wrong[k], wrong[k - 1] = wrong[k - 1], wrong[k] + Fraction(1, 3)
    assert gt.certify(game, wrong, concept="core").strength == "refuted"
    assert not found.contains(wrong).inside


@pytest.mark.parametrize("kind", ["airport", "bankruptcy"])
def test_large_games_have_certified_nucleoli(kind: str) -> None:
    game = _large(kind)
    found = gt.nucleolus(game)
    assert found.certificate.strength == "exact"
    assert found.certificate.witness["by"] == "the kernel of a convex game"
    assert gt.certify(game, found.exact, concept="core").strength == "exact"
    wrong = list(found.exact or ())
    wrong[0], wrong[1] = wrong[0] + Fraction(1, 10**6), wrong[1] - Fraction(1, 10**6)
    assert gt.certify(game, wrong, concept="nucleolus").strength == "refuted"


@pytest.mark.parametrize(
    ("game", "shares"),
    [
        (CoalitionalGame.assignment([[2, 0, 0], [0, 2, 0], [0, 0, 2]]), [1.5, 1.5, 3, 0, 0, 0]),
        (CoalitionalGame.flow([(0, 1, 9), (1, 2, 9), (1, 3, 1), (3, 4, 1)], 0, 2), [0, 0, Fraction(-1, 2), 9.5]),
        (CoalitionalGame.spanning_tree([[0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]), [1.5, 1.5, -2]),
    ],
)
def test_an_excess_up_to_epsilon_is_not_read_off_the_structure(game: CoalitionalGame, shares: list[Any]) -> None:
    """What some coalition gains is no bound on what others gain."""
    exactly = [Fraction(x) for x in shares]
    slow = gt.certify(game, exactly, concept="core")
    for epsilon in (Fraction(1, 2), Fraction(1), slow.bound - Fraction(1, 100)):
        try:
            quick = structured_core(game, exactly, epsilon)
        except SizeLimit:
            continue
        assert quick is not None
        assert quick.strength == "refuted" or slow.bound <= epsilon
