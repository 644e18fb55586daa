"""The form of leaders and followers: what SymPy says is what the terms say, and what is no such game is refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy

import gametheory as gt
from gametheory.errors import Infeasible, InputError, UnsupportedGame
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticForm
from gametheory.games.stackelberg import StackelbergGame
from gametheory.io.solutions import dumps, loads

x, y, z = sympy.symbols("x y z")


def test_bard_s_example_in_sympy_is_the_catalogue_s() -> None:
    game = StackelbergGame.from_sympy(
        leaders={"leader": (x, (x - 5) ** 2 + (2 * y + 1) ** 2)},
        followers={"follower": (y, (y - 1) ** 2 - sympy.Rational(3, 2) * x * y)},
        bounds={x: (0, None), y: (0, None)},
        constraints={"follower": [-3 * x + y <= -3, x - y / 2 - 4, x + y <= 7]},
    )
    known = gt.catalogue("bard_1988_example_1").game
    assert game == known
    assert loads(dumps(game)) == known


def test_equalities_floats_and_several_followers_are_read() -> None:
    game = StackelbergGame.from_sympy(
        {"L": ((x,), 0.5 * x - y)},
        {"F": ([y], y**2 - x * y), "G": (z, z**2 - y * z)},
        bounds={"x": (0, 1)},
        constraints={"G": [sympy.Eq(z, x)], "L": [y >= Fraction(1, 4)]},
        sense="cost",
    )
    assert game.variables == (("x",), ("y",), ("z",))
    assert game.objectives[0].linear == ((0, Fraction(1, 2)), (1, Fraction(-1)))
    assert game.constraints[2].equalities == ((((0, Fraction(-1)), (2, Fraction(1))), Fraction(0)),)
    assert game.constraints[0].inequalities == ((((1, Fraction(-1)),), Fraction(-1, 4)),)
    assert gt.stackelberg_equilibrium(game).leader == {"x": Fraction(1, 2)}


def test_a_shared_constraint_binds_every_follower_in_it_and_all_their_equilibria_count() -> None:
    # Each follower wants 2, together they may take x: every split with both in [0, 2] is a generalised equilibrium.
    game = StackelbergGame.from_sympy(
        {"L": (x, x - 3 * y + z)},
        {"F": (y, (y - 2) ** 2), "G": (z, (z - 2) ** 2)},
        bounds={x: (1, 3), y: (0, None), z: (0, None)},
        shared=[y + z <= x],
    )
    assert [len(own.inequalities) for own in game.constraints] == [0, 1, 1]
    solution = gt.stackelberg_equilibrium(game)
    # The best split gives F all of x up to 2: x - 3 y + z is -2 x there and rises from x = 2 on.
    assert solution.value == -4
    assert solution.follower == {"F": {"y": 2}, "G": {"z": 0}}
    assert solution.certificate.strength == "exact"


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: _sympy(leaders={}), InputError, "no leader"),
        (lambda: _sympy(leaders={"F": (x, x)}), InputError, "leads and follows"),
        (lambda: _sympy(leaders={"L": x}), InputError, "give \\(variables, expression\\)"),
        (lambda: _sympy(leaders={"L": (x, x**3)}), UnsupportedGame, "degree 3"),
        (lambda: _sympy(leaders={"L": (x, sympy.exp(x))}), UnsupportedGame, "no polynomial"),
        (lambda: _sympy(leaders={"L": (x, x + z)}), InputError, "nobody decides 'z'"),
        (lambda: _sympy(leaders={"L": (x, sympy.pi * x)}), InputError, "not rational"),
        (lambda: _sympy(bounds={z: (0, 1)}), InputError, "no variable"),
        (lambda: _sympy(bounds={x: 3}), InputError, "give \\(lower, upper\\)"),
        (lambda: _sympy(bounds={x: (3, 1)}), Infeasible, "no value is allowed"),
        (lambda: _sympy(constraints={"G": [x <= 1]}), InputError, "no player"),
        (lambda: _sympy(constraints={"F": [x * y <= 1]}), UnsupportedGame, "linear expressions"),
        (lambda: _sympy(constraints={"F": [x < 1]}), InputError, "no closed set"),
        (lambda: _sympy(constraints={"F": [True]}), InputError, "whatever is decided"),
        (lambda: _sympy(shared=[x <= 1]), InputError, "no follower decides"),
    ],
)
def test_what_is_no_such_game_in_sympy_is_refused(make: Callable[[], Any], kind: Any, message: str) -> None:
    with pytest.raises(kind, match=message):
        make()


def _sympy(**words: Any) -> StackelbergGame:
    given: dict[str, Any] = {"leaders": {"L": (x, x)}, "followers": {"F": (y, y)}}
    return StackelbergGame.from_sympy(**{**given, **words})


def _terms(**words: Any) -> StackelbergGame:
    given: dict[str, Any] = {
        "leader": ("L", {"x": (0, 1)}, {"x": 1}),
        "followers": [("F", {"y": (0, 1)}, {"y": 1})],
    }
    return StackelbergGame.from_terms(**{**given, **words})


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"followers": []}, "at least one follower"),
        ({"followers": [("L", {"y": (0, 1)}, {})]}, "repeat"),
        ({"followers": [("F", {"x": (0, 1)}, {})]}, "repeat"),
        ({"followers": [("F", {}, {})]}, "decides nothing"),
        ({"followers": [("F", {"y": 1}, {})]}, "give \\(lower, upper\\)"),
        ({"followers": [("F", {"y": (0, 1)}, [1])]}, "give a mapping"),
        ({"leader": ("L", {"x": (0, 1)}, {"q": 1})}, "term 'q' is not known"),
        ({"leader": ("L", {"x": (0, 1)}, {("x", "x", "x"): 1})}, "is not known"),
        ({"leader": ("L", {"x": (0, 1)}, {"x": "much"})}, "not a finite number"),
        ({"constraints": {"Q": []}}, "who is no player"),
        ({"constraints": {"F": [({"x": 1}, "<", 1)]}}, "no comparison"),
        ({"constraints": {"F": [({"q": 1}, "<=", 1)]}}, "no variable"),
        ({"constraints": {"F": [1]}}, "give \\("),
        ({"sense": "profit"}, "neither 'cost' nor 'payoff'"),
    ],
)
def test_what_is_no_such_game_in_terms_is_refused(words: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        _terms(**words)


def test_a_player_bounds_only_what_it_decides() -> None:
    names, form = ("x", "y"), QuadraticForm(())
    with pytest.raises(InputError, match="'F' bounds 'x'"):
        StackelbergGame(
            ("L", "F"), (("x",), ("y",)), (form, form), (Polyhedron(names), Polyhedron(names, (0, 0), (None, None)))
        )
    with pytest.raises(InputError, match="speaks of variable 2"):
        StackelbergGame(
            ("L", "F"), (("x",), ("y",)), (QuadraticForm((), ((2, 1),)), form), (Polyhedron(names), Polyhedron(names))
        )
