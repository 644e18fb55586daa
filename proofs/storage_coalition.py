"""C.3: the dual shares of the storage programme add up to ``C(N)`` and no coalition costs less than its shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import sympy

from gametheory.arithmetic import negative_part, positive_part
from gametheory.domain.assets.battery import Battery
from gametheory.models.storage_coalition import (
    StorageCoalition,
    StorageData,
    dual_share,
    grid_data,
    reduced_costs,
    storage_data,
)

from .steps import Finite, Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

_STEPS = 2
_PIM, _PEX, _Y = (sympy.symbols(f"{name}0:{_STEPS}", real=True) for name in ("pim", "pex", "y"))
_G = sympy.symbols(f"g0:{2 * _STEPS}", real=True)
R, Z, LOW, HIGH = sympy.symbols("r z low high", real=True)


def _member(i: int) -> tuple[StorageData, Any, Any, Any]:
    """Return a member's programme in symbols, its net load, its variables and the multipliers of its rows."""
    cap, charge, discharge, eta_c, eta_d, start, end = sympy.symbols(
        f"cap{i} charge{i} discharge{i} eta_c{i} eta_d{i} start{i} end{i}", real=True
    )
    data = storage_data(_STEPS, cap, charge, discharge, eta_c, eta_d, start, end)
    need = sympy.symbols(f"need{i}_0:{_STEPS}", real=True)
    own = sympy.symbols(f"x{i}_0:{len(data.costs)}", real=True)
    return data, need, own, sympy.symbols(f"w{i}_0:{len(data.rows)}", real=True)


def _value(pairs: Any, point: Sequence[Any]) -> Any:
    return sum((a * point[k] for k, a in pairs), sympy.Integer(0))


def _regrouped() -> Any:
    """Return cost less multipliers times rows, minus what the shares and the reduced costs make of it; two members."""
    costs, common = grid_data(_PIM, _PEX)
    members = [_member(i) for i in range(2)]
    lagrangian = sum(c * x for c, x in zip(costs, _G, strict=True))
    right = sympy.Integer(0)
    for t, price in enumerate(_Y):
        used = _value(common[t], _G) + sum(_value(data.coupling[t], own) for data, _, own, _ in members)
        lagrangian -= price * (used - sum(need[t] for _, need, _, _ in members))
    for data, need, own, multipliers in members:
        lagrangian += sum(c * x for c, x in zip(data.costs, own, strict=True))
        for w, (pairs, value) in zip(multipliers, data.rows, strict=True):
            lagrangian -= w * (_value(pairs, own) - value)
        reduced = reduced_costs(data, _Y, multipliers)
        bounds = sum(
            low * positive_part(r) - high * negative_part(r)
            for r, low, high in zip(reduced, data.lower, data.upper, strict=True)
        )
        right += dual_share(data, need, _Y, multipliers) - bounds
        right += sum(r * x for r, x in zip(reduced, own, strict=True))
    for t in range(_STEPS):
        right += (_PIM[t] - _Y[t]) * _G[2 * t] + (_Y[t] - _PEX[t]) * _G[2 * t + 1]
    return lagrangian - right


def _dual_point() -> Iterator[Step]:
    yield Identity(
        "cost less multipliers times rows is the shares without bounds, plus reduced costs times variables",
        [sympy.expand(_regrouped())],
        [sympy.Ne(sympy.Symbol(f"eta_d{i}", real=True), 0) for i in range(2)],
    )
    inside = (LOW <= Z, Z <= HIGH)
    pressed = LOW * positive_part(R) - HIGH * negative_part(R)
    yield Unsat("a reduced cost times a variable is at least what its bound makes of it", inside, pressed <= R * Z)
    price, bought, sold, energy = sympy.symbols("y pim pex g", real=True)
    yield Unsat(
        "a multiplier between the grid's prices leaves no gain in importing or exporting",
        [sold <= price, price <= bought, energy >= 0],
        sympy.And((bought - price) * energy >= 0, (price - sold) * energy >= 0),
    )
    yield Unsat(
        "with equality where a positive reduced cost meets its lower bound and a negative one its upper",
        [*inside, sympy.Or(sympy.Eq(R, 0), sympy.And(R > 0, sympy.Eq(Z, LOW)), sympy.And(R < 0, sympy.Eq(Z, HIGH)))],
        sympy.Eq(R * Z, pressed),
    )
    yield Finite("an instance whose capacity binds, in rationals", _adds_up)


def _instance() -> tuple[StorageCoalition, Fraction]:
    """Two homes of 1 kWh a step, prices 1 then 3, one battery of 1/2 kWh: fill it first, use it later; cost 7."""
    pair = StorageCoalition.from_parameters(
        net_load=[[1, 1], [1, 1]],
        batteries=[Battery(Fraction(1, 2), 1), None],
        import_price=[1, 3],
        export_price=[0, 0],
    )
    return pair, Fraction(5, 2) * 1 + Fraction(3, 2) * 3


def _adds_up() -> Iterator[tuple[str, bool]]:
    pair, cost = _instance()
    shares = pair.shares(prices=[1, 3], own_prices=[[-1, -3], []])
    yield "the shares add up to the cost of a feasible schedule", sum(shares) == cost
    data = pair.data[0]
    assert data is not None  # the first home has the battery
    yield (
        "the schedule meets the rows",
        all(
            _value(pairs, (Fraction(1, 2), 0, 0, Fraction(1, 2), Fraction(1, 2), 0)) == right
            for pairs, right in data.rows
        ),
    )
    yield "alone, the second home pays its share", shares[1] == 1 + 3


def _dropped() -> Iterator[tuple[str, bool]]:
    pair, cost = _instance()
    yield "capacity binds", sum(1 * need[0] + 3 * need[1] for need in pair.net_load) == cost


THEOREMS = (
    Theorem(
        id="C-P7",
        statement="The dual shares satisfy x(T) <= C(T) for every coalition, and add up to C(N) at optimal multipliers",
        domain="pex <= y <= pim, any bounds; two members and two steps in symbols (one inequality a variable, added)",
        source="Han, Morstyn and McCulloch 2019, balancedness; dual point derived (Owen 1975)",
        proof=_dual_point,
        mutant=Mutant(
            "The same with the multipliers of own constraints dropped",
            lambda: Finite("demands only", _dropped),
            {"case": "capacity binds"},
        ),
        models=("StorageCoalition",),
        uses="strong duality of linear programming: at an optimum multipliers with these signs exist",
    ),
)
