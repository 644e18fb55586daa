"""Continuous games written in SymPy, read once into the form that knows their structure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number
from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.from_sympy import from_sympy, rational_of
from gametheory.games.generalised import GeneralisedGame
from gametheory.games.polyhedron import Coefficients, Polyhedron, Row
from gametheory.games.quadratic import QuadraticForm, QuadraticGame
from gametheory.games.smooth import SmoothGame
from gametheory.games.smooth_generalised import SmoothGeneralisedGame

__all__ = ["ContinuousGame"]


class ContinuousGame:
    """The family of games with continuous strategies; it has no members of its own, :meth:`from_sympy` finds the form.

    Objectives that are quadratic under linear constraints give a :class:`~gametheory.games.quadratic.QuadraticGame`,
    with shared constraints a :class:`~gametheory.games.generalised.GeneralisedGame`. Other formulas give a
    :class:`~gametheory.games.smooth.SmoothGame`, with shared constraints a
    :class:`~gametheory.games.smooth_generalised.SmoothGeneralisedGame`.
    """

    def __new__(cls) -> ContinuousGame:
        """Refuse: there is nothing to hold."""
        raise InputError("ContinuousGame has no instances; use ContinuousGame.from_sympy({...}) or QuadraticGame(...)")

    @staticmethod
    def from_sympy(
        players: Mapping[str, tuple[Any, Any]],
        *,
        bounds: Mapping[Any, Sequence[Number | None]] | None = None,
        constraints: Iterable[Any] = (),
        shared: Iterable[Any] = (),
        sense: str = "payoff",
    ) -> QuadraticGame | GeneralisedGame | SmoothGame | SmoothGeneralisedGame:
        """Return the game of some expressions; their numbers are kept exact.

        Parameters
        ----------
        players
            Name -> ``(variables, objective)``; a single variable may stand alone.
        bounds
            Variable -> ``(lower, upper)``, None for no bound; a variable that is left out has none.
        constraints
            Relations (``a <= b``, ``a >= b``, ``Eq(a, b)``) between the variables of one player each.
        shared
            Relations between variables of several players.
        sense
            ``"payoff"`` or ``"cost"``.

        Raises
        ------
        InputError
            A symbol that nobody decides, one that two players decide, a strict relation, a number that is not rational.
        UnsupportedGame
            An objective with a function that has no data form, or a constraint that is not linear.

        Examples
        --------
        >>> import sympy
        >>> x, y = sympy.symbols("x y")
        >>> game = ContinuousGame.from_sympy(
        ...     {"a": (x, x * (12 - x - y)), "b": (y, y * (12 - x - y))}, bounds={x: (0, None), y: (0, None)}
        ... )
        >>> game.values(((4,), (4,)))
        (Fraction(16, 1), Fraction(16, 1))
        >>> bids = ContinuousGame.from_sympy(
        ...     {"a": (x, 4 * x / (x + y) - x), "b": (y, 4 * y / (x + y) - y)}, bounds={x: (0.1, 4), y: (0.1, 4)}
        ... )
        >>> type(bids).__name__, bids.values(((1,), (1,)))
        ('SmoothGame', (Fraction(1, 1), Fraction(1, 1)))
        """
        owned = {name: _variables(name, given) for name, given in players.items()}
        symbols = [symbol for own in owned.values() for symbol in own]
        twice = sorted({str(s) for s in symbols if symbols.count(s) > 1})
        if twice:
            raise InputError(f"variable {twice[0]!r} is decided twice; give each variable to one player")
        place = {symbol: k for k, symbol in enumerate(symbols)}
        limits = dict(bounds or {})
        strangers = [str(key) for key in limits if key not in place]
        if strangers:
            raise InputError(
                f"bounds of {strangers[0]!r}: nobody decides it; the variables are {list(map(str, symbols))}"
            )
        owner = {k: name for name, own in owned.items() for k in (place[s] for s in own)}
        rows: dict[str, tuple[list[Row], list[Row]]] = {name: ([], []) for name in owned}
        for relation in constraints:
            row, equal = _row(relation, place)
            names = {owner[k] for k, _ in row[0]}
            if len(names) != 1:
                raise InputError(
                    f"constraint {relation} is about {sorted(names)}; one about several players goes to shared="
                )
            rows[names.pop()][equal].append(row)
        sets, start = [], 0
        for name, own in owned.items():
            low, high = ([limits.get(symbol, (None, None))[side] for symbol in own] for side in (0, 1))
            less, same = (tuple((_moved(c, start), b) for c, b in kind) for kind in rows[name])
            sets.append(Polyhedron(tuple(map(str, own)), tuple(low), tuple(high), less, same))
            start += len(own)
        common: tuple[list[Row], list[Row]] = ([], [])
        for relation in shared:
            row, equal = _row(relation, place)
            common[equal].append(row)
        told = {name: f"objective of {name!r}" for name in owned}
        forms = [_quadratic(players[name][1], place, told[name]) for name in owned]
        if None not in forms:
            game = QuadraticGame(tuple(owned), tuple(sets), tuple(f for f in forms if f is not None), sense)
            return GeneralisedGame(game, tuple(common[0]), tuple(common[1])) if any(common) else game
        formulas = tuple(from_sympy(players[name][1], place, told[name]) for name in owned)
        smooth = SmoothGame(tuple(owned), tuple(sets), formulas, sense)
        return SmoothGeneralisedGame(smooth, tuple(common[0]), tuple(common[1])) if any(common) else smooth


def _variables(name: str, given: Any) -> tuple[Any, ...]:
    if not isinstance(given, tuple) or len(given) != 2:
        raise InputError(f"{name!r}: {given!r}; give (variables, objective)")
    return tuple(given[0]) if isinstance(given[0], tuple | list) else (given[0],)


def _moved(coefficients: Coefficients, start: int) -> Coefficients:
    return tuple((k - start, a) for k, a in coefficients)


def _quadratic(expression: Any, place: Mapping[Any, int], what: str) -> QuadraticForm | None:
    """Return an expression as a quadratic form of the joint strategy, or None where it is none."""
    import sympy

    whole = sympy.sympify(expression)
    strangers = sorted(str(s) for s in whole.free_symbols if s not in place)
    if strangers:
        raise InputError(f"{what}: nobody decides {strangers[0]!r}; put a number for it")
    try:
        poly = sympy.Poly(whole, *place)
    except sympy.PolynomialError:
        return None
    if poly.total_degree() > 2 or not all(c.is_Rational or c.is_Float for c in poly.coeffs()):
        return None
    entries, slopes, constant = [], [], Fraction(0)
    for powers, coefficient in poly.terms():
        value = rational_of(coefficient, what)
        used = [k for k, power in enumerate(powers) for _ in range(power)]
        if len(used) == 2:
            entries.append((used[0], used[1], value * 2 if used[0] == used[1] else value))
        elif used:
            slopes.append((used[0], value))
        else:
            constant = value
    return QuadraticForm(tuple(entries), tuple(slopes), constant)


def _row(relation: Any, place: Mapping[Any, int]) -> tuple[Row, bool]:
    """Return a relation as ``(coefficients, bound)`` of ``<=``, or of ``=``, and which."""
    kind = type(relation).__name__
    if kind not in ("LessThan", "GreaterThan", "Equality"):
        raise InputError(f"constraint {relation}: write it with <=, >= or Eq; strict ones have no closed set")
    left, right = relation.lhs, relation.rhs
    form = _quadratic(left - right if kind != "GreaterThan" else right - left, place, f"constraint {relation}")
    if form is None or form.quadratic:
        raise UnsupportedGame(f"constraint {relation} is not linear in rational numbers; linear constraints only")
    if not form.linear:
        raise InputError(f"constraint {relation} holds no variable")
    return (form.linear, -form.constant), kind == "Equality"
