"""C.5: the closed forms of the stage game, the discount threshold, and how long a punishment must last."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from gametheory.models import repeated_demand_response as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

N, A, B, TH, D, LOAD = sympy.symbols("N a b th d l", real=True)
_NUMBERS = (A, B, TH, D)
_X = TH * D - B
_DOMAIN = [A > 0, TH >= 0, N >= 2]
_STRENGTH = A * (N + 1) + TH
_PLANNER = 2 * A * N + TH
_OWN = 2 * A + TH

_NASH = model.equilibrium_load(N, *_NUMBERS)
_BEST = model.cooperative_load(N, *_NUMBERS)
_AWAY = model.deviation_load(N, *_NUMBERS)
_J_NE = model.symmetric_cost(N, _NASH, *_NUMBERS)
_J_PO = model.symmetric_cost(N, _BEST, *_NUMBERS)
_J_D = model.stage_cost(_AWAY, (N - 1) * _BEST, *_NUMBERS)


def _closed_forms() -> Iterator[Step]:
    others = sympy.Symbol("others", real=True)
    own = sympy.diff(model.stage_cost(LOAD, others, *_NUMBERS), LOAD)
    yield Identity(
        "the one-shot load satisfies its first-order condition against the others",
        [own.subs({LOAD: _NASH, others: (N - 1) * _NASH})],
        _DOMAIN,
    )
    yield Identity(
        "the deviation satisfies its first-order condition against cooperators",
        [own.subs({LOAD: _AWAY, others: (N - 1) * _BEST})],
        _DOMAIN,
    )
    joint = sympy.diff(model.symmetric_cost(N, LOAD, *_NUMBERS), LOAD)
    yield Identity("the cooperative load is stationary for the common cost", [joint.subs(LOAD, _BEST)], _DOMAIN)
    yield Unsat(
        "both costs are strictly convex in the load",
        _DOMAIN,
        sympy.And(sympy.diff(own, LOAD) > 0, sympy.diff(joint, LOAD) > 0),
    )
    constant = TH * D**2 / 2
    yield Identity(
        "J_NE, J_PO and J_D have the stated forms up to th d^2/2",
        [
            _J_NE - constant + _X**2 * _OWN / (2 * _STRENGTH**2),
            _J_PO - constant + _X**2 / (2 * _PLANNER),
            _J_D - constant + _X**2 * _STRENGTH**2 / (2 * _OWN * _PLANNER**2),
        ],
        _DOMAIN,
    )


def _threshold() -> Iterator[Step]:
    yield from _closed_forms()
    threshold = model.discount_threshold(N, A, TH)
    yield Identity("A^2 - c B = a^2 (N - 1)^2", [_STRENGTH**2 - _OWN * _PLANNER - A**2 * (N - 1) ** 2])
    yield Identity("delta* = A^2/(A^2 + c B)", [threshold - _STRENGTH**2 / (_STRENGTH**2 + _OWN * _PLANNER)], _DOMAIN)
    yield Identity("delta* = (J_PO - J_D)/(J_NE - J_D)", [threshold * (_J_NE - _J_D) - (_J_PO - _J_D)], _DOMAIN)
    yield Unsat("1/2 < delta* < 1", _DOMAIN, sympy.And(threshold > sympy.Rational(1, 2), threshold < 1))
    delta = sympy.Symbol("delta", real=True)
    # Grim trigger: cooperate J_PO for ever, or J_D once and J_NE for ever after.
    stay, leave = _J_PO / (1 - delta), _J_D + delta * _J_NE / (1 - delta)
    yield Identity(
        "(1 - delta)(leave - stay) = (J_NE - J_D)(delta - delta*)",
        [(1 - delta) * (leave - stay) - (_J_NE - _J_D) * (delta - threshold)],
        [*_DOMAIN, delta > 0, delta < 1],
    )


def _order() -> Iterator[Step]:
    yield from _closed_forms()
    square = A**2 * _X**2 * (N - 1) ** 2
    yield Identity(
        "the differences are a^2 x^2 (N - 1)^2 over positive factors",
        [
            _J_PO - _J_D - square / (2 * _OWN * _PLANNER**2),
            _J_NE - _J_PO - square / (2 * _PLANNER * _STRENGTH**2),
        ],
        _DOMAIN,
    )
    yield Unsat(
        "which are positive",
        [*_DOMAIN, _X > 0],
        sympy.And(square > 0, _OWN * _PLANNER**2 > 0, _PLANNER * _STRENGTH**2 > 0),
    )


def _punishment() -> Iterator[Step]:
    yield from _order()
    bound = model.punishment_bound(N, A, TH)
    yield Identity(
        "(J_PO - J_D) = bound (J_NE - J_PO), bound = A^2/(c B)", [_J_PO - _J_D - bound * (_J_NE - _J_PO)], _DOMAIN
    )
    loss, gain, stages, delta = sympy.symbols("loss gain T delta", real=True)
    for count in range(1, 7):
        value = model.sustained_value(gain, loss, delta, count)
        yield Identity(
            f"the balance of {count} stage(s) is gain + loss sum delta^s; gain + {count} loss at delta = 1",
            [
                value.subs(delta, 1) - gain - count * loss,
                value - gain - loss * sum(delta**stage for stage in range(1, count + 1)),
            ],
        )
        yield Unsat(
            f"and it increases with delta ({count} stage(s))",
            [loss > 0, delta > 0, delta < 1],
            sympy.And(sympy.diff(value, delta) > 0, value < gain + count * loss),
        )
    yield Unsat(
        "with gain = -bound loss the limit is positive iff T > bound (then, by continuity, some delta < 1 sustains)",
        [loss > 0, sympy.Symbol("bound", real=True) > 0, sympy.Eq(gain, -sympy.Symbol("bound", real=True) * loss)],
        sympy.Equivalent(gain + stages * loss > 0, stages > sympy.Symbol("bound", real=True)),
    )


_AT_ONE = {A: 1, TH: 0, N: 1, B: -1, D: 0}
_SOURCE = "Ma, Hu and Spanos 2015, structure; closed forms derived"
_MODELS = ("RepeatedDemandResponse",)

THEOREMS = (
    Theorem(
        id="C-P9",
        statement="With A = a(N+1)+th, B = 2aN+th, c = 2a+th: A^2 - cB = a^2 (N-1)^2, delta* = A^2/(A^2+cB), "
        "1/2 < delta* < 1, and grim trigger sustains cooperation iff delta >= delta*",
        domain="a > 0, th >= 0, N >= 2",
        source=_SOURCE,
        proof=_threshold,
        mutant=Mutant(
            "delta >= 1/2 sustains cooperation for every N >= 2",
            lambda: Unsat("half is enough", _DOMAIN, model.discount_threshold(N, A, TH) <= sympy.Rational(1, 2)),
            {A: 1, TH: 0, N: 2},
        ),
        models=_MODELS,
    ),
    Theorem(
        id="C-P10",
        statement="J_D < J_PO < J_NE",
        domain="a > 0, th >= 0, N >= 2, x = th d - b > 0",
        source=_SOURCE,
        proof=_order,
        mutant=Mutant(
            "The strict chain holds for N >= 1",
            lambda: Unsat("from one consumer on", [A > 0, TH >= 0, N >= 1, _X > 0], _J_D < _J_PO),
            _AT_ONE,
        ),
        models=_MODELS,
    ),
    Theorem(
        id="C-P11",
        statement="Punishment of T stages sustains cooperation for some delta < 1 iff T > A^2/(cB)",
        domain="a > 0, th >= 0, N >= 2, x > 0; monotonicity in delta for T = 1..6",
        source=_SOURCE,
        proof=_punishment,
        mutant=Mutant(
            "One stage of punishment suffices for delta close enough to 1",
            lambda: Unsat("one stage", _DOMAIN, model.punishment_bound(N, A, TH) < 1),
            {A: 1, TH: 0, N: 2},
        ),
        models=_MODELS,
        uses="a polynomial with positive coefficients in delta increases and is continuous, for T beyond 6 too",
    ),
)
