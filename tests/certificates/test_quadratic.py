"""The checker of quadratic games: three exact methods against each other, and what must be refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gametheory.certificates import certify, regret
from gametheory.certificates.linear_algebra import is_positive
from gametheory.certificates.quadratic import check_nash_equilibrium, check_social_optimum, uniqueness
from gametheory.certificates.quadratic_program import Program
from gametheory.errors import Infeasible, InputError, NoChecker
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticForm, QuadraticGame
from gametheory.io.solutions import decode, encode

small = st.integers(-4, 4)


def dense(matrix: list[list[int]]) -> tuple[tuple[int, int, Fraction], ...]:
    return tuple((r, c, Fraction(v)) for r, row in enumerate(matrix) for c, v in enumerate(row) if v)


def names(size: int) -> tuple[str, ...]:
    return tuple(f"x{k}" for k in range(size))


@st.composite
def boxed_programs(draw: st.DrawFn, *, convex: bool) -> tuple[Program, tuple[Fraction, ...]]:
    size = draw(st.integers(1, 3))
    if convex:
        rank = draw(st.integers(0, size))
        rows = [[draw(small) for _ in range(size)] for _ in range(rank)]
        matrix = [[sum(row[i] * row[j] for row in rows) for j in range(size)] for i in range(size)]
    else:
        half = [[draw(small) for _ in range(size)] for _ in range(size)]
        matrix = [[half[i][j] + half[j][i] for j in range(size)] for i in range(size)]
    feasible = tuple(Fraction(draw(st.integers(0, 4)), 2) for _ in range(size))
    lower = [0] * size
    upper = [2] * size
    rows_le = []
    for _ in range(draw(st.integers(0, 2))):
        row = [draw(small) for _ in range(size)]
        slack = draw(st.integers(0, 2))
        rows_le.append((row, sum(a * b for a, b in zip(row, feasible, strict=True)) + slack))
    rows_eq = []
    for _ in range(draw(st.integers(0, 2))):
        row = [draw(small) for _ in range(size)]
        rows_eq.append((row, sum(a * b for a, b in zip(row, feasible, strict=True))))
    own = Polyhedron(names(size), tuple(lower), tuple(upper), tuple(rows_le), tuple(rows_eq))  # type: ignore[arg-type]
    slopes = tuple(Fraction(draw(small)) for _ in range(size))
    return Program(dense(matrix), slopes, own), feasible


@settings(deadline=None)
@given(boxed_programs(convex=True))
def test_pivoting_and_faces_agree_on_convex_programmes(case: tuple[Program, tuple[Fraction, ...]]) -> None:
    program, feasible = case
    pivoted = program._pivoted()
    faces = program._by_faces(feasible)
    assert program.value(pivoted.point) == program.value(faces.point)
    assert program.polyhedron.violation(faces.point)[0] == 0


@settings(deadline=None)
@given(boxed_programs(convex=False), st.lists(st.integers(0, 8), min_size=3, max_size=3))
def test_no_grid_point_is_below_the_least_value(case: tuple[Program, tuple[Fraction, ...]], numbers: list[int]) -> None:
    program, feasible = case
    least = program.least(feasible)
    value = program.value(least.point)
    assert value <= program.value(feasible)
    point = [Fraction(n, 4) for n in numbers[: program.polyhedron.size]]
    if program.polyhedron.violation(point)[0] == 0:
        assert program.value(point) >= value


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 5), small, small, st.sampled_from([None, -2, 0]), st.sampled_from([None, 1, 3]))),
    small,
)
def test_one_price_and_pivoting_agree(parts: list[tuple[int, int, int, Any, Any]], need: int) -> None:
    assume(parts)
    size = len(parts)
    row = [a for _, _, a, _, _ in parts]
    feasible = [low if low is not None else high if high is not None else 0 for _, _, _, low, high in parts]
    need = need if any(row) and None in (*[p[3] for p in parts], *[p[4] for p in parts]) else 0
    bound = sum(a * x for a, x in zip(row, feasible, strict=True))
    own = Polyhedron(
        names(size),
        tuple(p[3] for p in parts),
        tuple(p[4] for p in parts),
        equalities=((row, bound),),  # type: ignore[arg-type]
    )
    program = Program(
        dense([[parts[i][0] * (i == j) for j in range(size)] for i in range(size)]),
        tuple(Fraction(p[1]) for p in parts),
        own,
    )
    one, other = program._separable(), program._pivoted()
    assert one is not None
    assert one.point == other.point


def test_a_direction_without_end_is_found() -> None:
    free = Polyhedron(("x", "y"), (0, None))  # type: ignore[arg-type]
    falling = Program(dense([[1, 1], [1, 1]]), (Fraction(-1), Fraction(0)), free)
    least = falling.least((Fraction(0), Fraction(0)))
    assert falling.falls(least.direction)


@pytest.mark.parametrize(
    ("matrix", "semidefinite", "definite"),
    [
        ([[0]], True, False),
        ([[2, 1], [1, 2]], True, True),
        ([[1, 1], [1, 1]], True, False),
        ([[0, 1], [1, 0]], False, False),
        ([[1, 2], [2, 3]], False, False),
        ([[4, 2, 2], [2, 1, 1], [2, 1, 1]], True, False),
    ],
)
def test_definiteness(matrix: list[list[int]], semidefinite: bool, definite: bool) -> None:
    assert is_positive(len(matrix), dense(matrix), definite=False) is semidefinite
    assert is_positive(len(matrix), dense(matrix), definite=True) is definite


def duopoly() -> QuadraticGame:
    return QuadraticGame.from_matrices(
        [[[-2, -1], [-1, 0]], [[0, -1], [-1, -2]]], [[12, 0], [0, 12]], lower=[[0], [0]], sense="payoff"
    )


def pursuit() -> QuadraticGame:
    return QuadraticGame.from_matrices(
        [[[2, -2], [-2, 2]], [[-2, 2], [2, -2]]], [[0, 0], [0, 0]], lower=[[0], [0]], upper=[[1], [1]]
    )


def test_cournot() -> None:
    certificate = check_nash_equilibrium(duopoly(), (4, 4))
    assert certificate.strength == "exact"
    assert certificate.holds()
    assert uniqueness(duopoly())[0] == "proved"
    assert regret(duopoly(), (4, 5)) == 1
    assert certify(duopoly(), {"player 0": 4, "player 1": 4}).holds()
    assert check_social_optimum(duopoly(), (6, 0)).holds()
    assert check_social_optimum(duopoly(), (4, 4)).strength == "refuted"


@given(st.fractions(-1, 1, max_denominator=9))
def test_a_perturbed_answer_is_refused(change: Fraction) -> None:
    assume(change)
    certificate = check_nash_equilibrium(duopoly(), (4 + change, 4))
    assert certificate.strength == "refuted"
    # Own curvature 2: the first player loses change^2; the second could gain (change/2)^2.
    assert certificate.witness["regrets"] == (change**2, (change / 2) ** 2)


@given(st.fractions(0, 1, max_denominator=12), st.fractions(0, 1, max_denominator=12))
def test_pursuit_and_evasion_has_no_equilibrium(x: Fraction, y: Fraction) -> None:
    certificate = check_nash_equilibrium(pursuit(), (x, y))
    assert certificate.strength == "refuted"
    assert certificate.witness["deviation"]["gain"] == certificate.bound > 0
    assert uniqueness(pursuit())[0] == "unknown"


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=3))
def test_wrong_multipliers_never_pass(numbers: list[int]) -> None:
    game = duopoly()
    honest = check_nash_equilibrium(game, (4, 5))
    for handed in ([[m] for m in numbers[:2]], numbers, [numbers, None], "ab", [["x"], [float("nan")]]):
        certificate = check_nash_equilibrium(game, (4, 5), witness={"multipliers": handed})
        assert certificate.strength == "refuted"
        assert certificate.bound == honest.bound


def test_right_multipliers_pass() -> None:
    own = Polyhedron(("x",), (0,), (1,))  # type: ignore[arg-type]
    game = QuadraticGame(("a",), (own,), (QuadraticForm(((0, 0, 2),), ((0, -4),)),))  # type: ignore[arg-type]
    certificate = check_nash_equilibrium(game, (1,), witness={"multipliers": [[0, 2]]})
    assert certificate.holds()
    assert certificate.witness["methods"] == {"a": "the multipliers handed over"}


def test_what_is_not_feasible_is_refuted() -> None:
    certificate = check_nash_equilibrium(duopoly(), (-1, 4))
    assert certificate.strength == "refuted"
    assert certificate.witness["violated"] == "player 0 >= 0"
    with pytest.raises(InputError, match="not feasible"):
        regret(duopoly(), (-1, 4))
    assert check_social_optimum(duopoly(), (-1, 4)).strength == "refuted"


def test_a_gain_without_limit_is_refuted() -> None:
    game = QuadraticGame.from_matrices([[[-2]]], [[0]])
    certificate = check_nash_equilibrium(game, (0,), epsilon=10**9)
    assert certificate.strength == "refuted"
    assert "without limit" in certificate.claim


def test_what_cannot_be_decided_has_no_certificate() -> None:
    halfway = QuadraticGame.from_matrices([[[0, 1], [1, 0]]], [[0, 0]], sizes=[2], lower=[[0, 0]], upper=[[None, None]])
    with pytest.raises(NoChecker, match="bound"):
        check_nash_equilibrium(halfway, ((0, 0),))
    size = 12
    wide = QuadraticGame.from_matrices(
        [[[-(i == j) for j in range(size)] for i in range(size)]],
        [[0] * size],
        sizes=[size],
        lower=[[0] * size],
        upper=[[1] * size],
    )
    with pytest.raises(NoChecker, match="faces"):
        check_nash_equilibrium(wide, ([0] * size,))


@pytest.mark.parametrize(
    ("profile", "word"),
    [((4,), "players"), ("ab", "players"), ((4, "x"), "number"), ({"a": 1}, "names"), (((4, 4), 4), "2 numbers")],
)
def test_ill_formed_profiles(profile: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        check_nash_equilibrium(duopoly(), profile)


def test_bad_games() -> None:
    with pytest.raises(Infeasible, match="lower bound 2"):
        Polyhedron(("x",), (2,), (1,))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="bounds for 2"):
        Polyhedron(("x", "y"), (2,))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="repeat"):
        Polyhedron(("x", "x"))
    with pytest.raises(InputError, match="no variable"):
        Polyhedron(())
    with pytest.raises(InputError, match="'z'"):
        Polyhedron(("x",), inequalities=(({"z": 1}, 1),))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="index 3"):
        Polyhedron(("x",), inequalities=((((3, 1),), 1),))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="one coefficient"):
        Polyhedron(("x",), equalities=(((1, 2), 1),))  # type: ignore[arg-type]
    own = Polyhedron(("x",))
    form = QuadraticForm(((0, 0, Fraction(1)),))
    with pytest.raises(InputError, match="one a player"):
        QuadraticGame(("a", "b"), (own,), (form,))
    with pytest.raises(InputError, match="sense"):
        QuadraticGame(("a",), (own,), (form,), "money")
    with pytest.raises(InputError, match="variable 1"):
        QuadraticGame(("a",), (own,), (QuadraticForm(((0, 1, Fraction(1)),)),))
    with pytest.raises(InputError, match="negative"):
        QuadraticForm(((-1, 0, Fraction(1)),))
    with pytest.raises(InputError, match="square"):
        QuadraticForm.from_matrix([[1, 2]], [1])
    with pytest.raises(InputError, match="finite"):
        QuadraticForm.from_matrix([[float("nan")]], [1])


def test_a_game_survives_its_file() -> None:
    own = Polyhedron(("x", "y"), (0, None), (None, Fraction(1, 3)), (((1, 1), 1),), (({"x": 1}, 0),))  # type: ignore[arg-type]
    game = QuadraticGame(("a",), (own,), (QuadraticForm(((0, 1, Fraction(1, 7)),), ((1, Fraction(2)),)),))
    assert decode(encode(game)) == game
