"""D.1 and D.2: bilateral trades reach the pool, what a charge does to volume and revenue, and where consensus rests."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import sympy

from gametheory.arithmetic import clip
from gametheory.models import bilateral_market as model
from gametheory.models.dual_clearing import free_answer

from .steps import Finite, Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

P, Q, A, B, LAM, RHO, U, X, Y = sympy.symbols("p q a b lam rho u x y", real=True)
LOW, HIGH, GAMMA, VOLUME = sympy.symbols("low high gamma V", real=True)


def _pool() -> Iterator[Step]:
    trades = {(n, m): sympy.Symbol(f"t{n}{m}", real=True) for n in (1, 2) for m in (3, 4)}
    nets = [sum(trades[n, m] for m in (3, 4)) for n in (1, 2)] + [-sum(trades[n, m] for n in (1, 2)) for m in (3, 4)]
    yield Identity("two producers, two consumers: net powers of reciprocal trades sum to 0", [sum(nets)])
    first, second = sympy.symbols("c1 c2", real=True)
    yield Unsat(
        "any net powers that sum to 0 are those of some trades: the stated split adds up and both ends agree",
        [P >= 0, first <= 0, second <= 0, VOLUME > 0, sympy.Eq(VOLUME, -first - second)],
        sympy.And(
            sympy.Eq(model.pro_rata_trade(P, first, VOLUME) + model.pro_rata_trade(P, second, VOLUME), P),
            sympy.Eq(model.pro_rata_trade(first, P, VOLUME), -model.pro_rata_trade(P, first, VOLUME)),
        ),
    )
    # The same net powers are feasible, and without charges the cost is a function of them: the same are optimal.
    yield Unsat(
        "the cost of an agent is strictly convex in its net power",
        [A > 0],
        sympy.diff(model.agent_cost(P, A, B), P, 2) > 0,
    )
    marginal = sympy.diff(model.agent_cost(P, A, B), P)
    yield Identity(
        "an agent away from its bounds answers the pool's price with equal marginal cost",
        [marginal.subs(P, free_answer(LAM, A, B)) - LAM],
        [A > 0],
    )
    yield Identity(
        "on an active trade without charge the multiplier is the marginal cost of the end: the pool's price",
        [model.trade_condition(marginal, 0, LAM, P, P, RHO).subs(P, free_answer(LAM, A, B))],
        [A > 0],
    )


def _pool_mutant() -> Step:
    x, y = (sympy.symbols(f"{letter}1:5", real=True) for letter in "xy")
    splits = []
    for t in (x, y):
        splits += [part >= 0 for part in t]
        splits += [
            sympy.Eq(t[0] + t[1], 1),
            sympy.Eq(t[2] + t[3], 1),
            sympy.Eq(t[0] + t[2], 1),
            sympy.Eq(t[1] + t[3], 1),
        ]
    return Unsat("two splits of the same net powers are the same", splits, sympy.Eq(x[0], y[0]))


def _consumer(price: Any) -> Any:
    return -clip(free_answer(price, A, B), LOW, 0)


def _producer(price: Any) -> Any:
    return clip(free_answer(price, A, B), 0, HIGH)


_CONSUMER = [A > 0, LOW < 0]
_PRODUCER = [A > 0, HIGH > 0]
_D, _E, _S, _T = sympy.symbols("D E S T", real=True)
_X2, _Y2, _U2 = sympy.symbols("x2 y2 u2", real=True)


def _volume() -> Iterator[Step]:
    yield Unsat("a consumer buys no more at a higher price", [*_CONSUMER, Y >= X], _consumer(Y) <= _consumer(X))
    yield Unsat("a producer sells no less at a higher price", [*_PRODUCER, Y >= X], _producer(Y) >= _producer(X))
    yield Unsat("a consumer buys exactly below its b", _CONSUMER, sympy.Equivalent(_consumer(X) > 0, B > X))
    yield Unsat("a producer sells exactly above its b", _PRODUCER, sympy.Equivalent(_producer(X) > 0, X > B))
    yield Identity(
        "the two sides see prices that differ by the charge",
        [model.perceived_price(LAM, U, -1) - model.perceived_price(LAM, U, 1) - U],
    )
    # Demand D(x) = supply S(y) = V; at the larger charge E(x2) = T(y2).
    yield Unsat(
        "volume does not rise with the charge: more would need a lower x and a higher y, that is a smaller u",
        [
            sympy.Eq(_D, _S), sympy.Eq(_E, _T), sympy.Eq(U, X - Y), sympy.Eq(_U2, _X2 - _Y2), _U2 >= U,
            sympy.Implies(_X2 >= X, _E <= _D), sympy.Implies(_Y2 <= Y, _T <= _S),
        ],
        _E <= _D,
    )  # fmt: skip
    tops, bottoms = sympy.symbols("b1:3", real=True), sympy.symbols("g1:3", real=True)
    most, least = sympy.Max(*tops), sympy.Min(*bottoms)
    yield Unsat(
        "it is 0 exactly from max b of consumers less min b of producers on (one of each side trades first)",
        [
            sympy.Eq(_D, _S), sympy.Eq(U, X - Y),
            sympy.Equivalent(_D > 0, sympy.Or(*[top > X for top in tops])),
            sympy.Equivalent(_S > 0, sympy.Or(*[bottom < Y for bottom in bottoms])),
            _D >= 0,
        ],
        sympy.Equivalent(sympy.Eq(_D, 0), most - least <= U),
    )  # fmt: skip


def _volume_mutant() -> Step:
    numbers = {A: 1, LOW: -20, HIGH: 20}
    bought = _consumer(model.perceived_price(LAM, U, -1)).subs(numbers | {B: 10})
    sold = _producer(model.perceived_price(LAM, U, 1)).subs(numbers | {B: 0})
    return Unsat(
        "one pair with b = 10 and 0: nothing is traded from 5 on",
        [U >= 0, sympy.Eq(bought, sold)],
        sympy.Implies(U >= 5, sympy.Eq(bought, 0)),
    )


ALPHA, BETA, END = sympy.symbols("alpha beta u_end", real=True)


def _revenue() -> Iterator[Step]:
    yield from _volume()
    piece = model.charge_revenue(U, ALPHA - BETA * U)
    yield Identity(
        "on a piece with V = alpha - beta u the revenue has the curvature -2 beta", [sympy.diff(piece, U, 2) + 2 * BETA]
    )
    yield Unsat("which is not positive as volume does not rise", [BETA >= 0], -2 * BETA <= 0)
    yield Identity(
        "revenue is 0 at charge 0, and where volume is",
        [model.charge_revenue(sympy.Integer(0), VOLUME), model.charge_revenue(END, sympy.Integer(0))],
    )
    yield Unsat(
        "and positive between, where volume is: a greatest one lies strictly inside",
        [END > 0, U > 0, U < END, VOLUME > 0],
        model.charge_revenue(U, VOLUME) > 0,
    )
    yield Finite(
        "two examples: the greatest revenue of the model lies inside and no other charge earns more", _examples
    )


def _examples() -> Iterator[tuple[str, bool]]:
    for name, market in (("one pair", _pair()), ("the example of the mutant", _kinked())):
        best, revenue = market.best_charge
        end = market.vanishing_charge
        grid = [market.clear(end * k / 40).revenue for k in range(41)]
        yield name, 0 < best < end and revenue >= max(grid)


def _pair() -> model.BilateralMarket:
    return model.BilateralMarket((1, 1), (0, 10), (0, -20), (20, 0))  # type: ignore[arg-type]  # read as rationals


def _kinked() -> model.BilateralMarket:
    slope, base = ("0.1", "20", "0.01"), ("2", "20", "0")
    return model.BilateralMarket(slope, base, ("-1000", "-1000", "0"), ("0", "0", "10000"))  # type: ignore[arg-type]


def _concave() -> Iterator[tuple[str, bool]]:
    low, middle, high = (_kinked().clear(Fraction(u)).revenue for u in (1, 2, 10))
    yield "charges 1, 2 and 10: the middle one is above the chord", middle >= (8 * low + high) / 9


def _rests() -> Iterator[Step]:
    partner = sympy.Symbol("q", real=True)
    after = model.consensus_multiplier(LAM, P, partner, RHO)
    yield Unsat(
        "an unchanged multiplier means that both ends agree", [RHO > 0, sympy.Eq(after, LAM)], sympy.Eq(partner, -P)
    )
    marginal = sympy.Symbol("f", real=True)
    condition = model.trade_condition(marginal, GAMMA, LAM, model.consensus_target(P, -P), P, RHO)
    yield Identity("then the target is the trade itself", [model.consensus_target(P, -P) - P])
    yield Identity(
        "and the condition of the step is that of the market: marginal cost plus charge is the multiplier",
        [condition - (marginal + GAMMA - LAM)],
    )
    other = sympy.Symbol("lam_mn", real=True)
    yield Identity(
        "equal multipliers of both ends stay equal",
        [(after - model.consensus_multiplier(other, partner, P, RHO)).subs(other, LAM)],
    )


def _rests_mutant() -> Step:
    # Producer p^2/2 + 10 p on [0, 1], consumer fixed at -1: the trades (0, -1) stay as they are.
    after = model.consensus_multiplier(LAM, sympy.Integer(0), sympy.Integer(-1), RHO)
    return Identity("multipliers then rest as well", [after - LAM])


def _preference() -> Iterator[Step]:
    rest, changed, more, weight, trade, other = sympy.symbols("g g2 c2 c t t2", real=True)
    low, high = model.preference_cost(weight, trade), model.preference_cost(weight, other)
    yield Unsat(
        "two optima, one at each preference price: the larger one does not have the larger trade",
        [
            weight >= 0, more > weight,
            rest + low <= changed + high,
            changed + model.preference_cost(more, other) <= rest + model.preference_cost(more, trade),
        ],
        sympy.Abs(other) <= sympy.Abs(trade),
    )  # fmt: skip


def _preference_mutant() -> Step:
    total, later, trade, other, weight, more = sympy.symbols("T T2 t t2 c c2", real=True)
    return Unsat(
        "the total purchase falls strictly",
        [
            weight >= 0, more > weight, trade >= 0, other >= 0, total >= trade, later >= other,
            model.preference_cost(weight, trade) <= model.preference_cost(weight, other),
            model.preference_cost(more, other) <= model.preference_cost(more, trade),
        ],
        later < total,
    )  # fmt: skip


_SOURCE = "Baroche, Pinson, Le Goff Latimier and Ben Ahmed 2019"
_MODELS = ("BilateralMarket",)
_SPLITS = {
    **dict(zip(sympy.symbols("x1:5", real=True), (1, 0, 0, 1), strict=True)),
    **dict(zip(sympy.symbols("y1:5", real=True), (0, 1, 1, 0), strict=True)),
}
_SAME = dict(zip(sympy.symbols("T T2 t t2 c c2", real=True), (1, 1, 0, 0, 0, 1), strict=True))

THEOREMS = (
    Theorem(
        id="D-P1",
        statement="Without charges the optimal net powers are those of the pool, and an active trade with an end away "
        "from its bounds has the pool's price",
        domain="a_n > 0, producers and consumers, everybody may trade with the other side; two of each in symbols",
        source=_SOURCE,
        proof=_pool,
        mutant=Mutant("The trades p_nm are unique", _pool_mutant, _SPLITS),
        models=_MODELS,
        uses="a strictly convex function has one minimiser",
    ),
    Theorem(
        id="D-P2",
        statement="Volume is non-increasing in the unique charge and 0 iff u >= max b (consumers) - min b (producers)",
        domain="a_n > 0, consumers [pmin, 0] and producers [0, pmax]; agents one by one, sides through their sums",
        source=_SOURCE,
        proof=_volume,
        mutant=Mutant("0 iff u >= half of that", _volume_mutant, {LAM: 5, U: 6}),
        models=_MODELS,
        uses="a sum of monotone functions is monotone, and positive iff one of its parts is",
    ),
    Theorem(
        id="D-P3",
        statement="Revenue u V(u) is concave where V is affine and has a maximiser strictly inside (0, max b - min b)",
        domain="as D-P2, the interval not empty",
        source=_SOURCE,
        proof=_revenue,
        mutant=Mutant("Revenue is concave on the whole interval", lambda: Finite("a kink", _concave)),
        models=_MODELS,
        uses="answers are clipped affine functions, so volume is continuous and affine between kinks; a continuous "
        "function on an interval has a maximum",
    ),
    Theorem(
        id="D-P7",
        statement="Trades and multipliers both left unchanged by a consensus step satisfy all optimality conditions",
        domain="rho > 0, equal multipliers of both ends, any marginal cost and charge",
        source=_SOURCE,
        proof=_rests,
        mutant=Mutant("Trades left unchanged are enough", _rests_mutant, {RHO: 1, LAM: 0}),
        models=_MODELS,
    ),
    Theorem(
        id="D-P10",
        statement="A higher preference price does not raise that trade: every optimal |p_nm| there is at most every "
        "optimal one at the lower price",
        domain="c2 > c >= 0, any other costs and constraints",
        source="Sorin, Bobo and Pinson 2019, structure",
        proof=_preference,
        mutant=Mutant("The total purchase falls strictly whenever c_nm rises", _preference_mutant, _SAME),
        models=_MODELS,
    ),
)
