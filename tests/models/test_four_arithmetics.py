"""The formulas that everything stands on run in floats, arrays, rationals, balls and symbols, and agree."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory.arithmetic import lower_bound, upper_bound
from gametheory.errors import NotRational
from gametheory.models import economy
from gametheory.models import energy_sharing as sharing
from gametheory.models import microgrid_operator as operator
from gametheory.models import pooled_community as pooled

#: name -> (formula of six positive numbers, whether it is rational)
FORMULAS: dict[str, tuple[Callable[..., Any], bool]] = {
    "A.1 price": (lambda a, b, c, d, e, f: sharing.equilibrium_price([a, b], [c, d], [e, f], a), True),
    "A.1 cost": (lambda a, b, c, d, e, f: sharing.sharing_cost_with_grid(a, b, c, d, e, f, f + e, e), True),
    "A.1 contraction": (lambda a, b, c, d, e, f: sharing.lipschitz_constant([a, b, c, d, e], f), True),
    "B.3 utility": (lambda a, b, c, d, e, f: operator.utility(a, b, c, d + e, d), False),
    "B.3 consumption": (lambda a, b, c, d, e, f: operator.consumption(a, b, c + d, c), True),
    "B.3 price of the surplus regime": (lambda a, b, c, d, e, f: operator.surplus_buy_price(a, b, c, c + d), False),
    "B.3 energy at the kink": (lambda a, b, c, d, e, f: operator.balanced_energy(a, b + a, c, d + c), False),
    "C.1 value": (lambda a, b, c, d, e, f: pooled.grid_value(a - b, c, c + d), True),
    "C.1 cost": (lambda a, b, c, d, e, f: pooled.pooled_cost([a, -b], [c, d], [e, f], [a, b], c + d, c), True),
    "study cost": (lambda a, b, c, d, e, f: economy.member_cost(a, b - c, d, e, f + c, c), True),
}

positive = st.fractions(Fraction(1, 10), 5, max_denominator=20)


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=20)
@given(st.tuples(*[positive] * 6))
def test_one_formula(name: str, numbers: tuple[Fraction, ...]) -> None:
    formula, rational = FORMULAS[name]
    floats = formula(*map(float, numbers))
    if rational:
        exact = formula(*numbers)
        assert isinstance(exact, Fraction | int)
        assert floats == pytest.approx(float(exact), rel=1e-9, abs=1e-9)
    else:
        with pytest.raises(NotRational):
            formula(*numbers)
    arrays = formula(*(np.array([float(x), float(x)]) for x in numbers))
    assert arrays == pytest.approx([floats] * 2, rel=1e-9, abs=1e-9)
    ball = flint.arb(formula(*(flint.arb(flint.fmpq(x.numerator, x.denominator)) for x in numbers)))
    low, high = lower_bound(ball), upper_bound(ball)
    assert high - low < Fraction(1, 10**6)
    assert float(low) - 1e-6 <= floats <= float(high) + 1e-6
    if rational:
        assert low <= exact <= high
    symbols = sympy.symbols("x0:6", positive=True)
    expression = formula(*symbols)
    at = {x: sympy.Rational(n.numerator, n.denominator) for x, n in zip(symbols, numbers, strict=True)}
    value = sympy.sympify(expression).subs(at)
    if rational:
        assert value == sympy.Rational(exact.numerator, exact.denominator)
    else:
        assert float(value) == pytest.approx(floats, rel=1e-9, abs=1e-9)
