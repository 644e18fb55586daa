"""Games written in SymPy are the games written in matrices, and what does not fit is refused by name."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.continuous import ContinuousGame
from gametheory.games.generalised import GeneralisedGame
from gametheory.games.quadratic import QuadraticGame

x, y, z = sympy.symbols("x y z")
small = st.integers(-4, 4)


@given(st.lists(small, min_size=14, max_size=14), st.fractions(-3, 3, max_denominator=4), small)
def test_the_values_are_those_of_the_expressions(numbers: list[int], first: Fraction, second: int) -> None:
    a, b, c, d, e, f, g = numbers[:7]
    one = a * x**2 + b * x * y + c * y**2 + d * x + e * y + f
    two = g * x * y + sympy.Rational(numbers[7], 3) * y**2 + numbers[8] * (x - 1) * (y + 2)
    game = ContinuousGame.from_sympy({"a": (x, one), "b": (y, two)}, sense="cost")
    assert isinstance(game, QuadraticGame)
    point = {x: sympy.Rational(first.numerator, first.denominator), y: second}
    wanted = [Fraction(int(v.p), int(v.q)) for v in (sympy.expand(one).subs(point), sympy.expand(two).subs(point))]
    assert list(game.values(((first,), (second,)))) == wanted


def test_cournot_in_symbols() -> None:
    price = 12 - x - y
    game = ContinuousGame.from_sympy(
        {"firm 1": (x, x * price), "firm 2": (y, y * price)}, bounds={x: (0, None), y: (0, None)}
    )
    assert gt.nash_equilibrium(game).profile == ((4,), (4,))
    assert gt.nash_equilibrium(game).point == {"firm 1": 4, "firm 2": 4}


def test_own_and_shared_constraints() -> None:
    game = ContinuousGame.from_sympy(
        {"a": ((x, z), (x - 1) ** 2 + z**2), "b": (y, (y - sympy.Rational(1, 2)) ** 2)},
        constraints=[sympy.Eq(x + 2 * z, 1), z >= 0],
        shared=[x + y <= 1],
        sense="cost",
    )
    assert isinstance(game, GeneralisedGame)
    own = game.game.strategies[0]
    assert own.equalities == ((((0, 1), (1, 2)), 1),)
    assert own.inequalities == ((((1, -1),), 0),)
    answer = gt.variational_equilibrium(game)
    assert answer.certificate.holds()
    assert isinstance(ContinuousGame.from_sympy({"a": (x, -(x**2))}, shared=[sympy.Eq(x, 1)]), GeneralisedGame)


@pytest.mark.parametrize(
    ("players", "options", "error", "word"),
    [
        ({"a": (x, sympy.sin(x))}, {}, UnsupportedGame, "no data form"),
        ({"a": (x, x**x)}, {}, UnsupportedGame, "variable exponent"),
        ({"a": (x, x * y)}, {}, InputError, "nobody decides 'y'"),
        ({"a": (x, x), "b": (x, x)}, {}, InputError, "decided twice"),
        ({"a": (x, sympy.pi * x)}, {}, UnsupportedGame, "no data form"),
        ({"a": x}, {}, InputError, "variables, objective"),
        ({"a": (x, x)}, {"bounds": {y: (0, 1)}}, InputError, "bounds of 'y'"),
        ({"a": (x, x)}, {"constraints": [x < 1]}, InputError, "strict"),
        ({"a": (x, x)}, {"constraints": [x**2 <= 1]}, UnsupportedGame, "not linear"),
        ({"a": (x, x), "b": (y, y)}, {"constraints": [x + y <= 1]}, InputError, "goes to shared="),
        ({"a": (x, x)}, {"sense": "money"}, InputError, "sense"),
    ],
)
def test_refusals(players: Any, options: Any, error: type[Exception], word: str) -> None:
    with pytest.raises(error, match=word):
        ContinuousGame.from_sympy(players, **options)


def test_there_are_no_instances() -> None:
    with pytest.raises(InputError, match="from_sympy"):
        ContinuousGame()
