"""A Stackelberg game written in SymPy, read into named terms; everything else than quadratic and linear is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact
from gametheory.errors import InputError, UnsupportedGame

__all__ = ["read"]

_SIGNS = {"LessThan": "<=", "StrictLessThan": "<", "GreaterThan": ">=", "StrictGreaterThan": ">", "Equality": "=="}


def read(
    leaders: Mapping[str, tuple[Any, Any]],
    followers: Mapping[str, tuple[Any, Any]],
    bounds: Mapping[Any, Sequence[Number | None]],
    constraints: Mapping[str, Iterable[Any]],
    shared: Iterable[Any],
) -> tuple[list[Any], list[Any], dict[str, list[Any]]]:
    """Return leaders, followers and constraints as ``from_terms`` of the game forms takes them.

    Parameters
    ----------
    leaders, followers
        Name -> ``(variables, expression)``; one variable may stand alone.
    bounds
        Variable -> ``(lower, upper)``.
    constraints
        Player -> relations (``a <= b``, ``a >= b``, ``Eq(a, b)``), or expressions that are to be <= 0.
    shared
        The same, for every follower that decides a variable in it; each answers with a multiplier of its own, so all
        generalised Nash equilibria of the followers count.

    Raises
    ------
    InputError
        A symbol that nobody decides, a strict inequality, a number that is not rational.
    UnsupportedGame
        An objective that is not quadratic, a constraint that is not linear.

    Examples
    --------
    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> read({"L": (x, x + 2 * y)}, {"F": (y, (y - x) ** 2)}, {x: (0, 1)}, {"F": [x + y <= 1]}, ())[1]
    [('F', {'y': (None, None)}, {('x', 'x'): Fraction(1, 1), ('x', 'y'): Fraction(-2, 1), ('y', 'y'): Fraction(1, 1)})]
    """
    if not leaders:
        raise InputError("no leader: give at least one; without any it is a ContinuousGame")
    owned: dict[str, tuple[Any, ...]] = {}
    objectives: dict[str, Any] = {}
    for player, given in [*leaders.items(), *followers.items()]:
        if player in owned:
            raise InputError(f"{player!r} leads and follows; give each player its own name")
        if not isinstance(given, tuple) or len(given) != 2:
            raise InputError(f"{player!r}: {given!r}; give (variables, expression)")
        owned[player] = tuple(given[0]) if isinstance(given[0], tuple | list) else (given[0],)
        objectives[player] = given[1]
    symbols = [symbol for own in owned.values() for symbol in own]
    strangers = [str(key) for key in bounds if key not in symbols and str(key) not in map(str, symbols)]
    strangers += [name for name in constraints if name not in owned]
    if strangers:
        raise InputError(f"{strangers[0]!r} is no variable (bounds) and no player (constraints) of the game")
    limits = {str(key): pair for key, pair in bounds.items()}
    rows: dict[str, list[Any]] = {player: [] for player in owned}
    for player, relations in constraints.items():
        rows[player] += [_row(relation, symbols, f"constraint of {player!r}") for relation in relations]
    for relation in shared:
        row = _row(relation, symbols, "shared constraint")
        bound = [player for player in followers if any(str(s) in row[0] for s in owned[player])]
        if not bound:
            raise InputError(f"shared constraint {relation}: no follower decides a variable in it; give it to one")
        for player in bound:
            rows[player].append(row)
    sets = [
        (
            player,
            {str(symbol): limits.get(str(symbol), (None, None)) for symbol in own},
            _terms(objectives[player], symbols, f"objective of {player!r}", 2),
        )
        for player, own in owned.items()
    ]
    return sets[: len(leaders)], sets[len(leaders) :], rows


def _row(relation: Any, symbols: Sequence[Any], what: str) -> tuple[dict[str, Fraction], str, Fraction]:
    import sympy

    if relation in (True, False):
        raise InputError(f"{what}: it is {bool(relation)} whatever is decided; write it with the variables")
    sign = "<="
    if isinstance(relation, sympy.core.relational.Relational):
        sign = _SIGNS.get(type(relation).__name__, "!=")
        relation = relation.lhs - relation.rhs
    if sign in ("<", ">", "!="):
        raise InputError(f"{what}: {sign!r} leaves no closed set; give <=, >= or Eq(...)")
    terms = _terms(relation, symbols, what, 1)
    bound = -terms.pop(1, Fraction(0))
    return {str(name): value for name, value in terms.items()}, sign, bound


def _terms(expression: Any, symbols: Sequence[Any], what: str, degree: int) -> dict[Any, Fraction]:
    """Return the terms of a polynomial of at most this degree, with exact coefficients."""
    import sympy

    expression = sympy.sympify(expression)
    unknown = expression.free_symbols - set(symbols)
    if unknown:
        raise InputError(f"{what}: nobody decides {sorted(map(str, unknown))[0]!r}; give it a player or a number")
    word = {1: "linear", 2: "quadratic"}[degree]
    if not expression.is_polynomial(*symbols):
        raise UnsupportedGame(f"{what}: {expression} is no polynomial; this form takes {word} expressions only")
    found: dict[Any, Fraction] = {}
    for powers, value in sympy.Poly(expression, *symbols).terms():
        if sum(powers) > degree:
            raise UnsupportedGame(f"{what}: {expression} has degree {sum(powers)}; this form takes {word} expressions")
        names = tuple(str(symbol) for symbol, power in zip(symbols, powers, strict=True) for _ in range(power))
        key: Any = 1 if not names else names[0] if len(names) == 1 else names
        if value:
            found[key] = _number(value, what)
    return found


def _number(value: Any, what: str) -> Fraction:
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    if value.is_Float:
        return exact(float(value), what=what)
    raise InputError(f"{what}: {value} is not rational; give a rational number, or a float for one near it")
