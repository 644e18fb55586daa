"""Uniqueness and the error bound of a variational inequality whose map is strongly monotone."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..steps import Certificate, Identity, Step, Unsat
from ..theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

_N = 3
_F = sympy.symbols(f"F0:{_N}", real=True)  # the map at x
_G = sympy.symbols(f"G0:{_N}", real=True)  # the map at z
_X = sympy.symbols(f"x0:{_N}", real=True)
_Z = sympy.symbols(f"z0:{_N}", real=True)
_MU = sympy.Symbol("mu", real=True)


def _inner(a: tuple[sympy.Expr, ...], b: tuple[sympy.Expr, ...]) -> sympy.Expr:
    return sum((p * q for p, q in zip(a, b, strict=True)), sympy.Integer(0))


def _proof() -> Iterator[Step]:
    difference = tuple(p - q for p, q in zip(_X, _Z, strict=True))
    change = tuple(p - q for p, q in zip(_F, _G, strict=True))
    squared = _inner(difference, difference)
    monotone = sympy.expand(_inner(change, difference) - _MU * squared)
    x_solves = -_inner(_F, difference)
    z_solves = _inner(_G, difference)
    one = sympy.Integer(1)
    yield Certificate(
        "-mu |x - z|^2 is the sum of the three non-negative numbers",
        -_MU * squared,
        [(one, one, [monotone]), (one, one, [x_solves]), (one, one, [z_solves])],
        [monotone >= 0, x_solves >= 0, z_solves >= 0],
    )
    yield Unsat(
        "so |x - z|^2 <= 0, and then every coordinate agrees",
        [_MU > 0, -_MU * squared >= 0],
        sympy.And(*[sympy.Eq(d, 0) for d in difference]),
    )
    # A point with variational residual r (F(x).(x - w) <= r for all feasible w) is close to the solution z.
    residual = sympy.Symbol("r", real=True)
    near = residual - _inner(_F, difference)
    yield Certificate(
        "residual r at x: r - mu |x - z|^2 is a sum of non-negative numbers",
        residual - _MU * squared,
        [(one, one, [near]), (one, one, [monotone]), (one, one, [z_solves])],
        [near >= 0, monotone >= 0, z_solves >= 0],
    )
    # For an affine map F(x) = M x + q the modulus is the smallest eigenvalue of (M + M')/2.
    M = [[sympy.Symbol(f"M{i}{j}", real=True) for j in range(_N)] for i in range(_N)]
    product = tuple(_inner(tuple(row), difference) for row in M)
    symmetric = [[(M[i][j] + M[j][i]) / 2 for j in range(_N)] for i in range(_N)]
    half = tuple(_inner(tuple(row), difference) for row in symmetric)
    yield Identity(
        "an affine map is as monotone as its symmetric part", [_inner(product, difference) - _inner(half, difference)]
    )


def _mutant() -> Step:
    x, z = sympy.symbols("x z", real=True)
    # F = 0 is monotone; every x solves the inequality.
    F, G = sympy.symbols("F G", real=True)
    return Unsat("monotone only", [(F - G) * (x - z) >= 0, -F * (x - z) >= 0, G * (x - z) >= 0], sympy.Eq(x, z))


THEOREMS = (
    Theorem(
        id="T-MONOTONE",
        statement="A strongly monotone map has at most one solution of its variational inequality; a point of residual "
        "r lies within sqrt(r/mu) of it",
        domain="mu > 0, any convex set, three coordinates of symbols (the certificates are sums over coordinates)",
        source="Facchinei and Pang, Finite-Dimensional Variational Inequalities, 2003, theorem 2.3.3",
        proof=_proof,
        mutant=Mutant(
            "Monotonicity (mu = 0) is enough for uniqueness",
            _mutant,
            {sympy.Symbol(n, real=True): v for n, v in {"x": 0, "z": 1, "F": 0, "G": 0}.items()},
        ),
    ),
)
