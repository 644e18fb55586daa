"""F.1: the worst expected loss is affine in the radius, an upper bound, and approached."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from gametheory.models import worst_distribution as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

EPS, MORE, X, Y = sympy.symbols("eps eps2 x y", real=True)


def _proof() -> Iterator[Step]:
    for pieces in (1, 2, 3):
        slopes, levels = (sympy.symbols(f"{letter}0:{pieces}", real=True) for letter in "ab")
        samples = sympy.symbols("xi0:2", real=True)
        value = model.worst_expectation(samples, slopes, levels, EPS)
        losses = [model.piecewise_loss(sample, slopes, levels) for sample in samples]
        yield Identity(
            f"{pieces} piece(s): affine in the radius, the sample mean at 0",
            [sympy.diff(value, EPS, 2), value.subs(EPS, 0) - sum(losses) / 2],
        )
        yield Unsat(
            f"{pieces} piece(s): it does not fall with the radius",
            [EPS >= 0, MORE >= EPS],
            value.subs(EPS, MORE) >= value,
        )
        here, there = (model.piecewise_loss(point, slopes, levels) for point in (X, Y))
        yield Unsat(
            f"{pieces} piece(s): moving a sample changes the loss by at most the steepest slope for each unit",
            [],
            here - there <= model.steepest(slopes) * sympy.Abs(X - Y),
        )
        # From a sample, far along the steepest piece, the loss rises by that slope less a constant over the distance.
        far = sympy.Symbol("D", real=True)
        steep = model.steepest(slopes)
        ahead, back = (model.piecewise_loss(X + sign * far, slopes, levels) for sign in (1, -1))
        yield Unsat(
            f"{pieces} piece(s): far away the loss is at least the steepest slope times the distance, less a constant",
            [far > 0],
            sympy.Or(
                *[
                    sympy.And(sympy.Eq(sympy.Abs(a), steep), sympy.Max(ahead, back) >= steep * far + a * X + b)
                    for a, b in zip(slopes, levels, strict=True)
                ]
            ),
        )


def _mutant() -> Step:
    value = model.worst_expectation([sympy.Integer(1)], [sympy.Integer(1)], [sympy.Integer(0)], EPS)
    return Unsat(
        "support [0, 1], loss xi, one sample at 1: some point of the support has that loss", [EPS >= 0], value <= 1
    )


THEOREMS = (
    Theorem(
        id="F-P4",
        statement="The worst expected loss (1/n) sum l(xi_i) + eps max |a_k| is non-decreasing and affine in the "
        "radius, the sample mean at 0, an upper bound on the ball, and approached in it",
        domain="eps >= 0, unrestricted support, 1 to 3 pieces and 2 samples in symbols",
        source="Li, Khodayar, Wang and Zhou 2021, structure; Mohajerin Esfahani and Kuhn 2018",
        proof=_proof,
        mutant=Mutant(
            "The closed form also holds with equality on bounded support", _mutant, {EPS: sympy.Rational(1, 2)}
        ),
        models=("WorstDistribution",),
        uses="expected losses of two distributions differ by at most the Lipschitz constant times their distance; a "
        "part n eps/D of one sample's mass moved by D stays in the ball",
    ),
)
