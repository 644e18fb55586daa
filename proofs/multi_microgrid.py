"""B.6: what shifted prices cost, what the network collects, and that no congestion leaves B.3."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from gametheory.models.economy import internal_bill
from gametheory.models.multi_microgrid import bus_shift, line_flow, shifted_bill

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

_LINES, _BUSES = 2, 3
PTDF = [[sympy.Symbol(f"a_{n}{b}", real=True) for b in range(_BUSES)] for n in range(_LINES)]
MU = sympy.symbols(f"mu:{_LINES}", real=True)
SUPPLY = sympy.symbols(f"e:{_BUSES}", real=True)
AMOUNT, BUY, SELL = sympy.symbols("m p_b p_s", real=True)
FLOW, LIMIT, FORCE = sympy.symbols("f F mu", real=True)

_SHIFTS = [bus_shift([row[b] for row in PTDF], MU) for b in range(_BUSES)]
_FLOWS = [line_flow(row, SUPPLY) for row in PTDF]
#: What the network takes: from a bus that supplies e it takes -s e.
_TAKEN = -sum((s * e for s, e in zip(_SHIFTS, SUPPLY, strict=True)), sympy.Integer(0))


def _proof() -> Iterator[Step]:
    yield Identity(
        f"what {_BUSES} buses pay for their shifts is sum_line mu_line f_line, with {_LINES} lines",
        [_TAKEN - sum((mu * f for mu, f in zip(MU, _FLOWS, strict=True)), sympy.Integer(0))],
    )
    yield Unsat(
        "a line whose multiplier presses only where it is full collects |mu| F, never less than 0",
        [
            LIMIT > 0,
            FLOW <= LIMIT,
            FLOW >= -LIMIT,
            sympy.Or(FORCE <= 0, sympy.Eq(FLOW, LIMIT)),
            sympy.Or(FORCE >= 0, sympy.Eq(FLOW, -LIMIT)),
        ],
        sympy.And(FORCE * FLOW >= 0, FORCE * FLOW >= FORCE * LIMIT, FORCE * FLOW >= -FORCE * LIMIT),
    )
    nothing = [s.subs(dict.fromkeys(MU, 0)) for s in _SHIFTS]
    yield Identity("multipliers of 0 shift nothing", nothing)
    for word, price, sign in (("buyer", BUY, 1), ("seller", SELL, -1)):
        amount = sympy.Symbol("size", positive=True) * sign
        yield Identity(
            f"and a {word}'s bill is then that of B.3",
            [shifted_bill(amount, price, nothing[0]) - internal_bill(amount, BUY, SELL)],
        )


THEOREMS = (
    Theorem(
        id="B-P12",
        statement="The network collects sum_line mu_line f_line by the shifts, sum |mu| F >= 0 where multipliers press "
        "on full lines only; multipliers of 0 leave the bills of B.3",
        domain=f"any PTDF and supplies, {_LINES} lines and {_BUSES} buses in symbols; F > 0",
        source="derived; the structure of Liu, Li, Ge et al. 2020",
        proof=_proof,
        mutant=Mutant(
            "What the shifts give and take cancels among the buses",
            lambda: Identity("the shifts balance", [_TAKEN]),
            {
                **{PTDF[n][b]: int(b == n) for n in range(_LINES) for b in range(_BUSES)},
                **dict.fromkeys(MU, 1),
                **dict.fromkeys(SUPPLY, 1),
            },
        ),
        models=("MultiMicrogrid",),
    ),
)
