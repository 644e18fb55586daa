"""A.2: the potential of the charging game, and the price of anarchy of identical vehicles in both conventions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import ev_charging as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

N, SLOTS, MEAN, ALPHA, AVERAGE, OFF, SPREAD = sympy.symbols("N T mu alpha betabar delta V", real=True)
LOAD, SQUARES, LEVEL = sympy.symbols("dbar S d", real=True)
_BASE = AVERAGE - OFF  # the price of a slot, `OFF` below the average; over all slots `OFF` sums to 0
_NASH = model.equilibrium_demand(N, MEAN, ALPHA, _BASE, AVERAGE)
_BEST = model.optimal_demand(MEAN, ALPHA, _BASE, AVERAGE)
_FLAT = model.optimal_demand_with_load(MEAN, ALPHA, _BASE, AVERAGE)
_POSITIVE = [ALPHA > 0, N >= 1]


def _conditions() -> Iterator[Step]:
    own, everybody, base = sympy.symbols("x sigma beta", real=True)
    marginal = sympy.diff(model.bill([own], [everybody + own], [ALPHA], [base]), own)
    at_nash = marginal.subs({own: _NASH / N, everybody: _NASH * (N - 1) / N, base: _BASE}, simultaneous=True)
    total = sympy.diff(model.slot_cost(everybody, ALPHA, base), everybody)
    at_best = total.subs({everybody: _BEST, base: _BASE}, simultaneous=True)
    with_load = sympy.diff(model.slot_cost_with_load(everybody, ALPHA, base), everybody)
    at_flat = with_load.subs({everybody: _FLAT, base: _BASE / ALPHA}, simultaneous=True)
    yield Identity(
        "marginal bill at equilibrium, marginal cost at both optima: the same in every slot",
        [sympy.diff(each, OFF) for each in (at_nash, at_best, at_flat)],
        _POSITIVE,
    )
    yield Identity(
        "all three charge mu on average (the part in delta is proportional to delta, which sums to 0)",
        [each - MEAN - OFF * sympy.diff(each, OFF) for each in (_NASH, _BEST, _FLAT)]
        + [sympy.diff(each, OFF, 2) for each in (_NASH, _BEST, _FLAT)],
        _POSITIVE,
    )
    yield Unsat(
        "the own bill, the total bill and the bill with the load are strictly convex",
        [ALPHA > 0],
        sympy.And(
            sympy.diff(marginal, own) > 0, sympy.diff(total, everybody) > 0, sympy.diff(with_load, everybody) > 0
        ),
    )


def _sum_over_slots(slot: Any) -> Any:
    """Sum a quadratic in delta over the slots: 1 gives T, delta gives 0, delta^2 gives alpha V."""
    first = slot.subs(OFF, 0)
    second = sympy.diff(slot, OFF, 2) / 2
    return SLOTS * first + second * ALPHA * SPREAD


def _formula() -> Iterator[Step]:
    yield from _conditions()
    ratio = model.price_of_anarchy(N, SLOTS, MEAN, ALPHA, AVERAGE, SPREAD)
    slots = [model.slot_cost(each, ALPHA, _BASE) for each in (_NASH, _BEST)]
    yield Identity(
        "a slot costs a quadratic in delta",
        [sympy.diff(each, OFF, 3) for each in slots],
        _POSITIVE,
    )
    reached, wanted = (_sum_over_slots(each) for each in slots)
    flat = ALPHA * SLOTS * MEAN**2 + AVERAGE * SLOTS * MEAN
    offs = sympy.symbols("delta0:3", real=True)
    yield Identity(
        "V is the sum of delta^2 over alpha",
        [model.variation([AVERAGE - off for off in offs], AVERAGE, ALPHA) - sum(off**2 for off in offs) / ALPHA],
        _POSITIVE,
    )
    # Both are numerator and denominator of the formula; a quotient of equal parts is equal.
    top, bottom = sympy.fraction(sympy.together(ratio))
    yield Identity(
        "equilibrium over optimum, in the total bill, is the stated ratio",
        [reached * bottom - wanted * top, wanted - flat + SPREAD / 4],
        _POSITIVE,
    )
    # With the load: delta_t = alpha (dbar - d_t), so alpha V = alpha^2 S and the base is alpha d_t.
    slots = [
        model.slot_cost_with_load(each, ALPHA, LEVEL).subs(
            {AVERAGE: ALPHA * LOAD, OFF: ALPHA * (LOAD - LEVEL)}, simultaneous=True
        )
        for each in (_NASH, _FLAT)
    ]
    gap = sympy.Symbol("g", real=True)  # d = dbar - g; g sums to 0 and g^2 to S
    reached, wanted = (
        SLOTS * each.subs(LEVEL, LOAD - gap).subs(gap, 0)
        + sympy.diff(each.subs(LEVEL, LOAD - gap), gap, 2) / 2 * SQUARES
        for each in slots
    )
    yield Identity(
        "equilibrium over optimum, the load's bill counted, is the other stated ratio",
        [
            reached / wanted - model.price_of_anarchy_with_load(N, SLOTS, MEAN, LOAD, SQUARES),
            *(sympy.diff(each.subs(LEVEL, LOAD - gap), gap, 3) for each in slots),
        ],
        [*_POSITIVE, SLOTS >= 1, MEAN + LOAD > 0],
    )


def _anarchy() -> Iterator[Step]:
    yield from _formula()
    ratio = model.price_of_anarchy(N, SLOTS, MEAN, ALPHA, AVERAGE, SPREAD)
    yield Unsat("it is at least 1", _DOMAIN, ratio >= 1)
    yield Unsat(
        "and equal to 1 exactly for one vehicle or a constant price",
        _DOMAIN,
        sympy.Equivalent(sympy.Eq(ratio, 1), sympy.Or(sympy.Eq(N, 1), sympy.Eq(SPREAD, 0))),
    )


_COST = ALPHA * SLOTS * MEAN**2 + AVERAGE * SLOTS * MEAN - SPREAD / 4
_DOMAIN = [N >= 1, SPREAD >= 0, ALPHA > 0, SLOTS >= 1, _COST > 0]


def _anarchy_mutant() -> Step:
    ratio = model.price_of_anarchy(N, SLOTS, MEAN, ALPHA, AVERAGE, SPREAD)
    return Unsat("above 1 whenever the price varies", [*_DOMAIN, SPREAD > 0], ratio > 1)


_PRICES = sympy.symbols("a0:2 b0:2", real=True)


def _rows(vehicles: int) -> list[list[Any]]:
    return [list(sympy.symbols(f"x{i}_0:2", real=True)) for i in range(vehicles)]


def _potential() -> Iterator[Step]:
    slope, base = _PRICES[:2], _PRICES[2:]
    for vehicles in (1, 2, 3, 4):
        rows = _rows(vehicles)
        everybody = [sum(row[t] for row in rows) for t in range(2)]
        phi = model.potential(rows, slope, base)
        gaps = [
            sympy.diff(model.bill(row, everybody, slope, base), row[t]) - sympy.diff(phi, row[t])
            for row in rows
            for t in range(2)
        ]
        yield Identity(
            f"{vehicles} vehicle(s), 2 slots: every own derivative of the bill is that of the potential", gaps
        )


def _potential_mutant() -> Step:
    rows = _rows(2)
    slope, base = _PRICES[:2], _PRICES[2:]
    everybody = [sum(row[t] for row in rows) for t in range(2)]
    squares = sum(slope[t] / 2 * row[t] ** 2 for row in rows for t in range(2))
    phi = model.potential(rows, slope, base) - squares
    return Identity("without the squares", [sympy.diff(model.bill(rows[0], everybody, slope, base) - phi, rows[0][0])])


_SOURCE = "Deori, Margellos and Prandini 2018, structure; closed forms derived"
_MODELS = ("EVCharging",)
_POINT = {N: 1, SPREAD: 1, ALPHA: 1, SLOTS: 1, MEAN: 1, AVERAGE: 1}

THEOREMS = (
    Theorem(
        id="A-P5",
        statement="For identical vehicles the closed forms satisfy the first-order conditions, the stated ratios are "
        "the prices of anarchy in both conventions, and the default one is at least 1, and 1 iff N = 1 or V = 0",
        domain="alpha > 0, N >= 1, V >= 0, any T >= 1 slots, no bound active, social cost at the optimum > 0",
        source=_SOURCE,
        proof=_anarchy,
        mutant=Mutant("V > 0 implies a price of anarchy above 1 for every N >= 1", _anarchy_mutant, _POINT),
        models=_MODELS,
        uses="first-order conditions suffice for convex costs; sums of delta and its square over the slots are 0 and "
        "alpha V by definition",
    ),
    Theorem(
        id="A-P6",
        statement="The potential has the derivatives of the bills: dJ_i/dx_it = dPhi/dx_it",
        domain="1 to 4 vehicles and 2 slots in symbols, all reals",
        source=_SOURCE,
        proof=_potential,
        mutant=Mutant(
            "The same without sum_i x_it^2 in the potential",
            _potential_mutant,
            {symbol: 1 for row in _rows(2) for symbol in row} | dict.fromkeys(_PRICES, 1),
        ),
        models=_MODELS,
    ),
)
