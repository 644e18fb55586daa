"""C.2: the Shapley value of the unit market by enumeration of types, and the large-population share of the spread."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import comb, factorial

import flint
import sympy

from gametheory.models.direct_trading import asymptotic_share, glove_value, trade_gain

from .steps import Finite, Identity, Step
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

_LARGEST = 8


def _shapley_of_one(own: int, other: int) -> Fraction:
    """Return the Shapley value of one player whose side has `own` players against `other`, from the definition.

    Coalitions without the player are counted by how many of each side they hold.
    """
    players = own + other
    value = Fraction(0)
    for mates in range(own):
        for opposite in range(other + 1):
            size = mates + opposite
            weight = Fraction(factorial(size) * factorial(players - size - 1), factorial(players))
            marginal = trade_gain(mates + 1, opposite, 0, 1) - trade_gain(mates, opposite, 0, 1)
            value += comb(own - 1, mates) * comb(other, opposite) * weight * marginal
    return value


def _markets() -> Iterator[tuple[int, int]]:
    for long in range(1, _LARGEST + 1):
        for short in range(1, long + 1):
            yield short, long


def _enumerated() -> Iterator[tuple[str, bool]]:
    for short, long in _markets():
        definition = _shapley_of_one(short, long), _shapley_of_one(long, short)
        yield f"m = {short}, n = {long}", glove_value(short, long) == definition


def _doubled() -> Iterator[tuple[str, bool]]:
    # (n-m)/m instead of (n-m)/(2m): the distance from 1/2 is doubled.
    for short, long in _markets():
        wrong = 2 * glove_value(short, long)[0] - Fraction(1, 2)
        yield f"m = {short}, n = {long}", wrong == _shapley_of_one(short, long)


_K, _S = sympy.symbols("kappa s", real=True)


def _normal(x: sympy.Expr) -> sympy.Expr:
    return sympy.erfc(-x / sympy.sqrt(2)) / 2


def _share() -> Iterator[Step]:
    share = asymptotic_share(_K, sympy.pi)
    yield Identity("I(kappa) + I(-kappa) = 1", [share + share.subs(_K, -_K) - 1])
    # For kappa >= 0; the other half is the line above. With t = s^2/(1+s^2), the integral becomes one over s >= 0.
    above = share.subs(sympy.Abs(_K), _K)
    time = _S**2 / (1 + _S**2)
    yield Identity(
        "t = s^2/(1+s^2) gives t/(1-t) = s^2 and dt = 2s/(1+s^2)^2 ds",
        [time / (1 - time) - _S**2, sympy.diff(time, _S) - 2 * _S / (1 + _S**2) ** 2],
    )
    density = sympy.exp(-(_K**2) * _S**2 / 2)
    boundary = -_normal(_K * _S) / (1 + _S**2)
    yield Identity(
        "by parts: Phi(kappa s) dt is d(-Phi/(1+s^2)) + kappa phi(kappa s)/(1+s^2) ds; the boundary gives 1/2",
        [
            sympy.diff(boundary, _S)
            + _K * density / (sympy.sqrt(2 * sympy.pi) * (1 + _S**2))
            - _normal(_K * _S) * sympy.diff(time, _S),
            boundary.subs(_S, 0) + sympy.Rational(1, 2),
        ],
    )
    # K(kappa) = int exp(-kappa^2 s^2/2)/(1+s^2) ds solves K' = kappa K - sqrt(pi/2), K(0) = pi/2, and so does H.
    integrand = density / (1 + _S**2)
    yield Identity(
        "the integral K solves K' = kappa K - int kappa exp(-kappa^2 s^2/2) ds",
        [sympy.diff(integrand, _K) - _K * integrand + _K * density],
    )
    yield Identity(
        "antiderivatives: sqrt(pi/2) erf(kappa s/sqrt 2) (limit sqrt(pi/2)) and atan s (limit pi/2)",
        [
            sympy.diff(sympy.sqrt(sympy.pi / 2) * sympy.erf(_K * _S / sympy.sqrt(2)), _S) - _K * density,
            sympy.diff(sympy.atan(_S), _S) - integrand.subs(_K, 0),
        ],
    )
    H = sympy.pi / 2 * sympy.exp(_K**2 / 2) * sympy.erfc(_K / sympy.sqrt(2))
    yield Identity(
        "H = (pi/2) exp(kappa^2/2) erfc(kappa/sqrt 2) solves the same equation from the same value",
        [sympy.diff(H, _K) - _K * H + sympy.sqrt(sympy.pi / 2), H.subs(_K, 0) - sympy.pi / 2],
    )
    yield Identity(
        "the closed form is 1/2 + kappa H/sqrt(2 pi)",
        [above - sympy.Rational(1, 2) - _K * H / sympy.sqrt(2 * sympy.pi)],
    )
    yield Identity(
        "each Phi(kappa s) increases in kappa: its derivative is s times a density, and s > 0",
        [sympy.diff(_normal(_K * _S), _K) - _S * density / sympy.sqrt(2 * sympy.pi)],
    )


def _is_normal() -> Iterator[tuple[str, bool]]:
    two = flint.arb(2)
    normal = (-two / two.sqrt()).erfc() / 2
    yield "kappa = 2 (enclosures that do not meet)", bool(asymptotic_share(two, flint.arb.pi()).overlaps(normal))


_SOURCE = "Lee, Xiang, Schober and Wong 2014, structure; closed form derived"
_MODELS = ("DirectTrading",)

THEOREMS = (
    Theorem(
        id="C-P5",
        statement="The closed form of the unit market equals the Shapley value, on both sides",
        domain=f"1 <= m <= n <= {_LARGEST}",
        source=_SOURCE,
        proof=lambda: iter([Finite("enumeration by type counts in rational arithmetic", _enumerated)]),
        mutant=Mutant("The same with (n-m)/m in place of (n-m)/(2m)", lambda: Finite("doubled", _doubled)),
        models=_MODELS,
    ),
    Theorem(
        id="C-P6",
        statement="I(kappa) + I(-kappa) = 1, I increases, the closed form equals int_0^1 Phi(kappa sqrt(t/(1-t))) dt",
        domain="all real kappa",
        source=_SOURCE,
        proof=_share,
        mutant=Mutant("I(kappa) = Phi(kappa)", lambda: Finite("the normal distribution itself", _is_normal)),
        models=_MODELS,
        uses="differentiation under a dominated integral; a linear differential equation has one solution; "
        "erf tends to 1 and atan to pi/2",
    ),
)
