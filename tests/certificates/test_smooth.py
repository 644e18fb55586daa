"""Intervals contain, convexity is not claimed where there is none, and bounds on gains hold against random play."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from typing import Any

import flint
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gametheory.arithmetic import rational
from gametheory.certificates.curvature import is_convex, least_curvature
from gametheory.certificates.interval import Interval, Undefined
from gametheory.certificates.smooth_own import gain_of
from gametheory.certificates.smooth_search import search
from gametheory.errors import InputError
from gametheory.games.derivatives import gradient
from gametheory.games.expression import Expression, run
from gametheory.games.polyhedron import Polyhedron

X, Y = Expression.variable(0), Expression.variable(1)
THOROUGH = settings(deadline=None, max_examples=60)
small = st.fractions(-3, 3, max_denominator=4)


@st.composite
def formulas(draw: st.DrawFn, depth: int = 3) -> Expression:
    """Draw a formula of two variables; roots, logarithms and divisions may meet what they are not defined for."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from([X, Y])) if draw(st.booleans()) else Expression.of(draw(small))
    kind = draw(st.sampled_from(["+", "-", "*", "/", "power", "root", "exp", "log", "sqrt", "max", "min"]))
    first = draw(formulas(depth - 1))
    if kind in ("exp", "log", "sqrt"):
        return first.own_function(kind)
    if kind in ("power", "root"):
        powers = [Fraction(2), Fraction(3), Fraction(-1), Fraction(-2), Fraction(4)]
        roots = [Fraction(1, 3), Fraction(3, 2), Fraction(-1, 2), Fraction(5, 3)]
        return first.own_power(draw(st.sampled_from(powers if kind == "power" else roots)))
    second = draw(formulas(depth - 1))
    if kind == "+":
        return first + second
    if kind == "-":
        return first - second
    if kind in ("*", "/"):
        return first * second if kind == "*" else first / second
    return first.own_maximum(second) if kind == "max" else first.own_minimum(second)


@st.composite
def boxes(draw: st.DrawFn) -> list[tuple[Fraction, Fraction]]:
    ends = []
    for _ in range(2):
        low = draw(small)
        ends.append((low, low + draw(st.fractions(0, 3, max_denominator=4))))
    return ends


def _balls(steps: Any, point: Any) -> list[Any]:
    with flint.ctx.workprec(200):
        return run(steps, [flint.arb(rational(x)) for x in point], lambda q: flint.arb(rational(q)))


def _inside(box: list[tuple[Fraction, Fraction]], parts: list[Fraction]) -> list[Fraction]:
    return [low + t * (high - low) for (low, high), t in zip(box, parts, strict=True)]


units = st.lists(st.fractions(0, 1, max_denominator=16), min_size=2, max_size=2)


@THOROUGH
@given(formulas(), boxes(), st.lists(units, min_size=1, max_size=4))
def test_an_interval_contains_the_values_and_the_slopes(formula: Expression, box: Any, points: Any) -> None:
    sides = [Interval.around(*ends) for ends in box]
    tape = gradient(formula, range(2))
    try:
        spans = [run(formula.steps, sides, Interval.around)[-1]]
    except Undefined:
        return
    with contextlib.suppress(Undefined):
        spans += tape.values(sides, Interval.around)
    for parts in points:
        point = _inside(box, parts)
        found = [_balls(formula.steps, point)[-1]]
        try:
            slopes = _balls(tape.steps, point)
            found += [slopes[k] for k in tape.outputs]
        except ZeroDivisionError:
            pass
        for span, ball in zip(spans, found, strict=False):
            if not isinstance(ball, flint.arb) or not ball.is_finite():
                continue
            assert ball.upper() >= span.low
            assert ball.lower() <= span.high


@THOROUGH
@given(formulas(), boxes(), units, units, st.fractions(0, 1, max_denominator=8))
def test_convexity_is_not_claimed_where_a_chord_is_below(
    formula: Expression, box: Any, one: Any, two: Any, part: Fraction
) -> None:
    sides = [Interval.around(*ends) for ends in box]
    assume(is_convex(formula, sides))
    a, b = _inside(box, one), _inside(box, two)
    between = [part * x + (1 - part) * y for x, y in zip(a, b, strict=True)]
    low, high, middle = (_balls(formula.steps, p)[-1] for p in (a, b, between))
    if not all(isinstance(v, flint.arb) and v.is_finite() for v in (low, high, middle)):
        return
    weight = flint.arb(rational(part))
    excess = middle - weight * low - (1 - weight) * high
    assert not excess > 0, f"{formula} on {box}: {a} {b} {part}"
    bend = least_curvature(formula, sides)
    apart = sum(((x - y) ** 2 for x, y in zip(a, b, strict=True)), Fraction(0))
    curve = flint.arb(rational(Fraction(bend) * part * (1 - part) * apart / 2))
    assert not excess + curve > 0, "a stronger curvature was claimed"


@pytest.mark.parametrize(
    "formula",
    [
        X.own_minimum(0),
        -(X.own_maximum(0)),
        -((X * X).own_function("sqrt")),
        -(X.own_maximum(0).own_function("sqrt")),
        X.own_maximum(Y) - X.own_maximum(0),
        X * X.own_maximum(-X),
        X * X - X * Y * 3 + Y * Y,
        (X + 2) / (Y + 2),
        X.own_power(Fraction(3)),
        -X.own_function("exp"),
        X.own_power(Fraction(-2)),
        1 / (X * X) + 3 * X,
        (X * X).own_power(Fraction(-3, 2)),
        1 / (X.own_power(Fraction(4)) + Y.own_power(Fraction(4))),
    ],
)
def test_kinks_and_saddles_are_not_taken_for_convex(formula: Expression) -> None:
    assert is_convex(formula, [Interval(-1, 1), Interval(-1, 1)]) == ""


def test_a_pole_hides_no_lower_value() -> None:
    # Right of the pole the least value is 3.9 and more, left of it -2.
    for pole in (X.own_power(Fraction(-2)), 1 / (X * X)):
        found = search(pole + 3 * X, [Interval(-1, 2)], lambda _: True, (2.0,), 1e-3)
        assert found.low is None or found.low <= -2
        gain = gain_of(pole + 3 * X, Polyhedron(("x",), (-1,), (2,)), (Fraction(7, 8),))  # type: ignore[arg-type]
        assert gain.high is None or gain.high >= 5


@pytest.mark.parametrize(
    ("formula", "box"),
    [
        (X.own_maximum(-X) + (X - Y) * (X - Y), [(-1, 1), (-1, 1)]),
        (X.own_power(Fraction(11, 6)) - Y.own_function("log"), [(0, 9), (1, 9)]),
        (1 / X + X * Y.own_power(Fraction(2)) * 0 + Y.own_function("exp"), [(1, 9), (-5, 5)]),
        (X * X + X * Y + Y * Y, [(-1, 1), (-1, 1)]),
        (-4 * X / (X + 3), [(0, 8), (0, 1)]),
        ((X - Y) * (X - Y) / 2 + X.own_power(Fraction(4)), [(-1, 1), (-1, 1)]),
    ],
)
def test_convex_formulas_are_seen(formula: Expression, box: Any) -> None:
    assert is_convex(formula, [Interval(*ends) for ends in box])


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(formulas(2), boxes(), st.lists(units, min_size=3, max_size=6))
def test_a_search_is_below_every_value(formula: Expression, box: Any, points: Any) -> None:
    sides = [Interval.around(*ends) for ends in box]
    start = tuple(min(max(float(low), s.low), s.high) for (low, _), s in zip(box, sides, strict=True))
    try:
        found = search(formula, sides, lambda _: True, start, 1e-3)
    except Undefined:
        return
    if found.low is None:
        return
    for parts in points:
        value = _balls(formula.steps, _inside(box, parts))[-1]
        if isinstance(value, flint.arb) and value.is_finite():
            assert value.upper() >= flint.arb(rational(found.low))


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(formulas(2), boxes(), units, st.lists(units, min_size=2, max_size=5), st.booleans())
def test_no_play_gains_more_than_the_bound(formula: Expression, box: Any, here: Any, points: Any, tied: bool) -> None:
    low, high = zip(*box, strict=True)
    x = tuple(_inside(box, here))
    rows: Any = [((1, 1), x[0] + x[1] + Fraction(1, 4))] if tied else []
    own = Polyhedron(("x", "y"), low, high, rows)
    try:
        gain = gain_of(formula, own, x, Fraction(1, 1000))
    except InputError:
        return
    now = _balls(formula.steps, x)[-1]
    assert own.violation(gain.reply)[0] == 0
    if gain.low > 0:
        then = _balls(formula.steps, gain.reply)[-1]
        assert (now - then).upper() >= flint.arb(rational(gain.low))
    if gain.high is None:
        return
    for parts in points:
        y = _inside(box, parts)
        if own.violation(y)[0] > 0:
            continue
        value = _balls(formula.steps, y)[-1]
        if isinstance(value, flint.arb) and value.is_finite():
            assert (now - value).lower() <= flint.arb(rational(gain.high))


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (("variable", -1),),
        (("variable", 0), ("+", 0, 1)),
        (("variable", 0), ("exp", 0, 0)),
        (("variable", 0), ("power", 0)),
        (("variable", 0), ("power", 0, float("nan"))),
        (("__import__", "os"),),
        (("number", "one"),),
        ("number",),
        (("variable", 1.5),),
        (("number", 1), ("+",)),
    ],
)
def test_steps_that_are_none_are_refused(steps: Any) -> None:
    with pytest.raises(InputError):
        Expression(steps)
