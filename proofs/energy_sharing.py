"""A.1: closed form, gain, efficiency and best replies of the islanded sharing game.

Sums over any number of members enter as symbols: an identity or inequality for each member is decided, then added.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import sympy

from gametheory.models import energy_sharing as model
from gametheory.models.economy import discomfort

from .steps import Certificate, Finite, Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

A, KAPPA, LAM, C, D, DEMAND, Q, B, N = sympy.symbols("a kappa lam c d D q B I", real=True)
_MOST = 4


def _members(size: int) -> tuple[Any, Any, Any]:
    return tuple(sympy.symbols(f"{name}1:{size + 1}", real=True) for name in ("c", "d", "D"))


def _positive(*symbols: Any) -> list[Any]:
    return [symbol > 0 for symbol in symbols]


def _conditions(size: int, kappa: Any) -> list[Any]:
    """Return what must vanish at the closed form: slopes of the costs in the own bid, the balance, the price.

    Relabelling members maps each slope onto the first, so from four members on the first stands for all.
    """
    c, d, demand = _members(size)
    price = model.equilibrium_price(c, d, demand, kappa)
    bought = [model.equilibrium_received(demand[i], c[i], d[i], price, kappa) for i in range(size)]
    bids = [model.bid(q, price, A) for q in bought]
    variables = sympy.symbols(f"b1:{size + 1}", real=True)
    clearing = model.clearing_price(variables, A)
    zeros = []
    for i in range(size if size <= 3 else 1):
        cost = model.sharing_cost(model.received(variables[i], clearing, A), demand[i], c[i], d[i], clearing)
        zeros.append(sympy.diff(cost, variables[i]).subs(dict(zip(variables, bids, strict=True)), simultaneous=True))
    slopes = [c[i] * (demand[i] - bought[i]) + d[i] for i in range(size)]
    return [*zeros, sum(bought), model.clearing_price(bids, A) - price, sum(slopes) / size - price]


def _closed_form() -> Iterator[Step]:
    for size in range(2, _MOST + 1):
        c, _, _ = _members(size)
        yield Identity(
            f"{size} members: no slope in the own bid is left, purchases balance, the price is the mean slope",
            _conditions(size, model.price_impact(A, size)),
            _positive(A, *c),
        )
    # For any number of members: the own bid moves q by (I-1)/I and lam by 1/(I a) = kappa (I-1)/I.
    own, others = sympy.symbols("b B", real=True)
    price = (own + others) / (N * A)
    received = model.received(own, price, A)
    cost = model.sharing_cost(received, DEMAND, C, D, price)
    kappa = model.price_impact(A, N)
    yield Identity(
        "any number: the slope in the own bid is (I-1)/I (lam + kappa q - f'(D - q)), and rises with the bid",
        [
            sympy.diff(cost, own) - (N - 1) / N * (price + kappa * received - C * (DEMAND - received) - D),
            sympy.diff(cost, own, 2) - ((N - 1) / N) ** 2 * (C + 2 * kappa),
        ],
        [N >= 2, A > 0],
    )
    bought = model.equilibrium_received(DEMAND, C, D, LAM, KAPPA)
    yield Identity(
        "any number: the closed form makes lam + kappa q the slope f'(D - q)",
        [LAM + KAPPA * bought - C * (DEMAND - bought) - D],
        _positive(C, KAPPA),
    )
    weighted, weights = sympy.symbols("S W", real=True)
    yield Identity(
        "any number: purchases sum to S - lam W with S = sum (c D + d)/(c + kappa), W = sum 1/(c + kappa): 0 at S/W",
        [
            bought - ((C * DEMAND + D) / (C + KAPPA) - LAM / (C + KAPPA)),
            (weighted - LAM * weights).subs(LAM, weighted / weights),
        ],
        _positive(C, KAPPA, weights),
    )
    yield Unsat("the cost is strictly convex in the own bid", [N >= 2, A > 0, C > 0], C + 2 * kappa > 0)


def _closed_form_mutant() -> Step:
    return Identity("kappa = 1/(a I)", _conditions(2, 1 / (A * 2)), _positive(A, *_members(2)[0]))


def _gain() -> Iterator[Step]:
    bought = model.equilibrium_received(DEMAND, C, D, LAM, KAPPA)
    alone = discomfort(DEMAND, C, D)
    shared = model.sharing_cost(bought, DEMAND, C, D, LAM)
    yield Identity(
        "f(D) minus the cost at the closed form",
        [alone - shared - model.gain_over_alone(bought, C, KAPPA)],
        _positive(C, KAPPA),
    )
    yield Unsat("it is not negative", [C > 0, KAPPA > 0], model.gain_over_alone(Q, C, KAPPA) >= 0)


def _gain_mutant() -> Step:
    bought = model.equilibrium_received(DEMAND, C, D, LAM, KAPPA)
    gain = discomfort(DEMAND, C, D) - model.sharing_cost(bought, DEMAND, C, D, LAM)
    return Identity("half of kappa", [gain - (C / 2 + KAPPA / 2) * bought**2], _positive(C, KAPPA))


def _exchange() -> Iterator[Step]:
    """Two sensitivities: equilibria minimise F + kappa G, so the sum of the two optimality inequalities decides."""
    low, high = sympy.symbols("kappa_low kappa_high", real=True)
    disutility = sympy.symbols("F_low F_high", real=True)
    trades = sympy.symbols("G_low G_high", real=True)
    yield Unsat(
        "what minimises F + kappa G has F non-decreasing in kappa",
        [
            low >= 0,
            low < high,
            disutility[0] + low * trades[0] <= disutility[1] + low * trades[1],
            disutility[1] + high * trades[1] <= disutility[0] + high * trades[0],
        ],
        disutility[0] <= disutility[1],
    )
    other, mu = sympy.symbols("q_other mu", real=True)
    objective = discomfort(DEMAND - Q, C, D) + KAPPA / 2 * Q**2
    at = model.equilibrium_received(DEMAND, C, D, LAM, KAPPA)
    yield Identity(
        "each member's part of F + kappa G lies above its tangent at the closed form, of slope -lam",
        [
            (objective + LAM * Q).subs(Q, other)
            - (objective + LAM * Q).subs(Q, at)
            - (C + KAPPA) / 2 * (other - at) ** 2
        ],
        _positive(C, KAPPA),
    )
    yield Unsat(
        "added over members whose purchases balance, the tangents cancel: the equilibrium minimises F + kappa G",
        [C > 0, KAPPA > 0],
        (C + KAPPA) / 2 * (other - Q) ** 2 >= 0,
    )
    yield Unsat(
        "kappa falls as the sensitivity rises",
        [A > 0, mu > A, N >= 2],
        model.price_impact(mu, N) < model.price_impact(A, N),
    )


def _pair_disutility(a: Any) -> Any:
    c, d, demand = _members(2)
    kappa = model.price_impact(a, 2)
    price = model.equilibrium_price(c, d, demand, kappa)
    bought = [model.equilibrium_received(demand[i], c[i], d[i], price, kappa) for i in range(2)]
    return model.total_disutility(bought, demand, c, d)


def _monotone() -> Iterator[Step]:
    yield from _exchange()
    c, d, demand = _members(2)
    x = c[0] * demand[0] + d[0] - c[1] * demand[1] - d[1]
    s = c[0] + c[1]
    # dF/da for two members, from the model's own formula; 4 x^2/(a s + 2)^3 is not negative.
    yield Identity(
        "two members: the derivative of F in a, from the closed form itself",
        [sympy.diff(_pair_disutility(A), A) + 4 * x**2 / (A * s + 2) ** 3],
        _positive(A, *c),
    )
    yield Unsat("two members: it is not positive", [A > 0, s > 0], -4 * x**2 / (A * s + 2) ** 3 <= 0)


def _own_cost(a: Any) -> Any:
    c, d, demand = (sympy.Integer(1), sympy.Integer(5)), (sympy.Integer(0),) * 2, (sympy.Integer(2), sympy.Integer(0))
    kappa = model.price_impact(a, 2)
    price = model.equilibrium_price(c, d, demand, kappa)
    bought = model.equilibrium_received(demand[0], c[0], d[0], price, kappa)
    return model.sharing_cost(bought, demand[0], c[0], d[0], price)


def _monotone_mutant() -> Step:
    later = sympy.Symbol("later", real=True)
    return Unsat("one member's cost", [A > 0, later > A], _own_cost(later) <= _own_cost(A))


def _gap() -> Iterator[Step]:
    g, w = sympy.symbols("g w", real=True)
    # On balanced purchases F is a quadratic form about its minimiser; along an eigenvector of eigenvalue g > 0 the
    # optimum buys w, the equilibrium g w/(g + kappa), and F rises by g/2 times the square of what is missing.
    equilibrium = g * w / (g + KAPPA)
    yield Identity(
        "along an eigenvector: the equilibrium, and by how much F rises: g kappa^2/(2 (g + kappa)^2) w^2",
        [
            sympy.diff(g * (Q - w) ** 2 / 2 + KAPPA * Q**2 / 2, Q).subs(Q, equilibrium),
            g * (equilibrium - w) ** 2 / 2 - g * KAPPA**2 / (2 * (g + KAPPA) ** 2) * w**2,
        ],
        _positive(g, KAPPA),
    )
    bound = model.efficiency_gap_bound([w], KAPPA)
    yield Unsat(
        "along an eigenvector: the rise is at most kappa/8 w^2; squares add up over an orthonormal basis",
        [g > 0, KAPPA > 0],
        g * (equilibrium - w) ** 2 / 2 <= bound,
    )
    yield Certificate(
        "because (g - kappa)^2 >= 0",
        (g + KAPPA) ** 2 - 4 * g * KAPPA,
        [(1, g - KAPPA, [])],
        _positive(g, KAPPA),
    )
    reached, best, bought, wanted = sympy.symbols("F_NE F_SO q_NE q_SO", real=True)
    yield Unsat(
        "whatever is convex, with bounds and a grid: what minimises F + kappa/2 q^2 has F within the other bound",
        [KAPPA > 0, reached + KAPPA / 2 * bought**2 <= best + KAPPA / 2 * wanted**2],
        reached - best <= model.efficiency_gap_bound_convex([wanted], [bought], KAPPA),
    )
    c, d, demand = _members(2)
    yield Identity(
        "two members: the gap from the closed form itself, with g = (c_1 + c_2)/2",
        [_pair_gap(1 / A) - _pair_rise(c, d, demand, 1 / A)],
        _positive(A, *c),
    )


def _pair(kappa: Any, values: Any) -> tuple[Any, Any]:
    """Return the total disutility and the purchases of two members; kappa = 0 is the social optimum."""
    c, d, demand = values
    price = model.equilibrium_price(c, d, demand, kappa)
    bought = [model.equilibrium_received(demand[i], c[i], d[i], price, kappa) for i in range(2)]
    return model.total_disutility(bought, demand, c, d), bought


def _pair_gap(kappa: Any) -> Any:
    return _pair(kappa, _members(2))[0] - _pair(sympy.Integer(0), _members(2))[0]


def _pair_rise(c: Any, d: Any, demand: Any, kappa: Any) -> Any:
    g = (c[0] + c[1]) / 2
    _, best = _pair(sympy.Integer(0), (c, d, demand))
    return g * kappa**2 / (2 * (g + kappa) ** 2) * sum(q * q for q in best)


def _gap_mutant() -> Step:
    values = (C, C), (D, D), (DEMAND, -DEMAND)
    worst, _ = _pair(KAPPA, values)
    best, bought = _pair(sympy.Integer(0), values)
    return Unsat("kappa/16", [C > 0, KAPPA > 0], worst - best <= model.efficiency_gap_bound(bought, KAPPA) / 2)


def _reply_slope() -> Any:
    """Return by how much the best reply moves with one other bid."""
    bought = model.best_reply_received(DEMAND, C, D, B, KAPPA)
    return sympy.diff(model.best_reply_bid(bought, B, N), B)


def _contraction() -> Iterator[Step]:
    own = sympy.Symbol("b", real=True)
    impact = model.price_impact(A, N)
    bought = model.best_reply_received(DEMAND, C, D, B, impact)
    price = (own + B) / (N * A)
    cost = model.sharing_cost(model.received(own, price, A), DEMAND, C, D, price)
    yield Identity(
        "the best reply solves the first-order condition in the own bid",
        [sympy.diff(cost, own).subs(own, model.best_reply_bid(bought, B, N))],
        [N >= 2, A > 0, C > 0],
    )
    slope = _reply_slope()
    yield Identity(
        "a row of the linear map has I - 1 equal entries; their sum is (c - (I - 2) kappa)/(c + 2 kappa)",
        [(N - 1) * slope - (C - (N - 2) * KAPPA) / (C + 2 * KAPPA)],
        [N >= 2, C > 0, KAPPA > 0],
    )
    size = 3
    c = sympy.symbols(f"c1:{size + 1}", real=True)
    rows = [sympy.Abs((size - 1) * slope.subs({N: size, C: ci})) for ci in c]
    yield Unsat(
        "three members: the model's constant is the largest row",
        [KAPPA > 0, *_positive(*c)],
        sympy.Eq(model.lipschitz_constant(c, KAPPA), sympy.Max(*rows)),
    )
    row = sympy.Abs(C - (N - 2) * KAPPA) / (C + 2 * KAPPA)
    yield Unsat(
        "a row is below 1 if and only if (I - 4) kappa < 2 c: so all are if and only if that holds at the least c",
        [N >= 2, C > 0, KAPPA > 0],
        sympy.Equivalent(row < 1, (N - 4) * KAPPA < 2 * C),
    )


def _contraction_mutant() -> Step:
    def cases() -> Iterator[tuple[str, bool]]:
        for size in (2, 5, 10):
            constant = model.lipschitz_constant([Fraction(1, 100)] * size, Fraction(1))
            yield f"I = {size}, kappa = 1, c = 1/100: the constant is {constant}", constant < 1

    return Finite("always", cases)


_SOURCE = "Chen, Mei, Zhou, Low, Wei and Liu 2020, structure; formulas derived"
_MODELS = ("EnergySharing",)
_C2, _D2, _Z2 = _members(2)

THEOREMS = (
    Theorem(
        id="A-P1",
        statement="The closed form satisfies every first-order condition, clears, and its price is sum b/(I a) and the "
        "mean marginal disutility",
        domain=f"a, c_i > 0, real d_i, D_i; all of it for I = 2..{_MOST}, member by member for any I",
        source=_SOURCE,
        proof=_closed_form,
        mutant=Mutant(
            "The same with kappa = 1/(a I)",
            _closed_form_mutant,
            {A: 1, _C2[0]: 1, _C2[1]: 1, _D2[0]: 0, _D2[1]: 0, _Z2[0]: 2, _Z2[1]: 0},
        ),
        models=_MODELS,
    ),
    Theorem(
        id="A-P2",
        statement="At equilibrium a member gains exactly (c/2 + kappa) q^2 >= 0 over staying alone",
        domain="c, kappa > 0, real d, D, lam; no bounds, no grid",
        source=_SOURCE,
        proof=_gain,
        mutant=Mutant("The gain is (c/2 + kappa/2) q^2", _gain_mutant, {C: 1, KAPPA: 1, D: 0, DEMAND: 2, LAM: 0}),
        models=_MODELS,
    ),
    Theorem(
        id="A-P3",
        statement="Total disutility at equilibrium does not increase with the sensitivity",
        domain="a, c_i > 0, any number of members; the derivative itself for I = 2",
        source=_SOURCE,
        proof=_monotone,
        mutant=Mutant("Each member's cost does not increase with the sensitivity", _monotone_mutant),
        models=_MODELS,
    ),
    Theorem(
        id="A-P4",
        statement="Total disutility exceeds the optimum by at most kappa/8 times the squared purchases of the optimum",
        domain="kappa > 0, any positive curvature along balanced purchases; from the closed form itself for I = 2",
        source=_SOURCE,
        proof=_gap,
        mutant=Mutant("The same with kappa/16", _gap_mutant, {C: 1, KAPPA: 1, D: 0, DEMAND: 1}),
        models=_MODELS,
        uses="a symmetric matrix has an orthonormal basis of eigenvectors",
    ),
    Theorem(
        id="A-P11",
        statement="Simultaneous best reply has maximum-norm Lipschitz constant max |c - (I-2) kappa|/(c + 2 kappa), "
        "below 1 if and only if (I - 4) kappa < 2 min c",
        domain="I >= 2, a, kappa, c_i > 0; the maximum over members for I = 3",
        source=_SOURCE,
        proof=_contraction,
        mutant=Mutant("It is a contraction for every I and a", _contraction_mutant),
        models=_MODELS,
        uses="the maximum-norm Lipschitz constant of a linear map is its largest row sum of sizes",
    ),
)
