"""The bound that makes a floating-point dual safe: any multipliers of the right sign bound the optimum."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..steps import Certificate, Step, Unsat
from ..theorem import Mutant, Theorem

__all__ = ["THEOREMS"]


def _symbols(rows: int, columns: int) -> tuple[list[list[sympy.Symbol]], list[sympy.Symbol], list[sympy.Symbol]]:
    A = [[sympy.Symbol(f"a{i}{j}", real=True) for j in range(columns)] for i in range(rows)]
    b = [sympy.Symbol(f"b{i}", real=True) for i in range(rows)]
    return A, b, [sympy.Symbol(f"c{j}", real=True) for j in range(columns)]


def _proof() -> Iterator[Step]:
    rows, columns = 3, 3
    A, b, c = _symbols(rows, columns)
    x = sympy.symbols(f"x0:{columns}", real=True)
    low = sympy.symbols(f"l0:{columns}", real=True)
    high = sympy.symbols(f"h0:{columns}", real=True)
    y = sympy.symbols(f"y0:{rows}", real=True)
    plus = sympy.symbols(f"p0:{columns}", real=True)
    minus = sympy.symbols(f"m0:{columns}", real=True)
    slack = [sum(A[i][j] * x[j] for j in range(columns)) - b[i] for i in range(rows)]
    # The reduced cost c - A'y is split into plus - minus, both non-negative: any such split gives a bound.
    reduced = {c[j]: sum(A[i][j] * y[i] for i in range(rows)) + plus[j] - minus[j] for j in range(columns)}
    objective = sum(c[j] * x[j] for j in range(columns)).subs(reduced)
    bound = sum(y[i] * b[i] for i in range(rows)) + sum(plus[j] * low[j] - minus[j] * high[j] for j in range(columns))
    domain = [
        *(s >= 0 for s in slack),
        *(v >= 0 for v in (*y, *plus, *minus)),
        *(x[j] - low[j] >= 0 for j in range(columns)),
        *(high[j] - x[j] >= 0 for j in range(columns)),
    ]
    one = sympy.Integer(1)
    yield Certificate(
        "objective - bound is a sum of products of non-negative numbers",
        objective - bound,
        [
            *((one, one, [y[i], slack[i]]) for i in range(rows)),
            *((one, one, [plus[j], x[j] - low[j]]) for j in range(columns)),
            *((one, one, [minus[j], high[j] - x[j]]) for j in range(columns)),
        ],
        domain,
    )
    r, lo, hi, z = sympy.symbols("r l h z", real=True)
    yield Unsat(
        "for one variable the best split gives min(r l, r h) as the smallest reduced cost on [l, h]",
        [lo <= z, z <= hi],
        sympy.Min(r * lo, r * hi) <= r * z,
    )
    yield Unsat(
        "and the split plus = max(r, 0), minus = max(-r, 0) attains it",
        [lo <= hi],
        sympy.Eq(sympy.Max(r, 0) * lo - sympy.Max(-r, 0) * hi, sympy.Min(r * lo, r * hi)),
    )


_X, _Y = sympy.symbols("x y", real=True)


def _mutant() -> Step:
    # min x subject to x >= -1 and 0 <= x <= 2: the bound is -y + min(0, 2 (1 - y)), here with any y.
    bound = -_Y + sympy.Min(0, 2 * (1 - _Y))
    return Unsat("a multiplier of either sign", [_X >= 0, _X <= 2, _X >= -1], bound <= _X)


THEOREMS = (
    Theorem(
        id="T-DUALITY",
        statement="b.y + sum_j min(r_j l_j, r_j h_j) with r = c - A'y is at most c.x for every feasible x and y >= 0",
        domain="A x >= b, l <= x <= h; 3 rows, 3 columns of symbols (the certificate is a sum over rows and columns)",
        source="Neumaier and Shcherbina, Safe bounds in linear and mixed-integer linear programming, 2004",
        proof=_proof,
        mutant=Mutant("The bound holds for multipliers of either sign", _mutant, {_X: 0, _Y: -1}),
    ),
)
