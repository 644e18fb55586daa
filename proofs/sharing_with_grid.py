"""The sharing structure of the study: what the grid behind the members does to price and gain.

Sums over any number of members enter as symbols: an inequality for each member is decided, then added.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from gametheory.models import energy_sharing as model
from gametheory.models.economy import grid_bill, member_cost

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

KAPPA, LAM, C, D, DEMAND, Q = sympy.symbols("kappa lam c d D q", real=True)
FEED, RETAIL, P, P0 = sympy.symbols("feed retail p p_0", real=True)
_MUS = sympy.symbols("mu1:4", real=True)


def _price_between() -> Iterator[Step]:
    h, m = sympy.symbols("h m", real=True)
    bill = grid_bill(m, RETAIL, FEED)
    yield Unsat(
        "one unit less from the others costs at most retail and at least feed-in with the grid: so do all subgradients",
        [FEED <= RETAIL, h >= 0],
        sympy.And(
            grid_bill(m + h, RETAIL, FEED) <= bill + RETAIL * h, grid_bill(m - h, RETAIL, FEED) <= bill - FEED * h
        ),
    )
    # At equilibrium lam + kappa q_i is a subgradient mu_i; purchases balance.
    for size in (2, 3):
        mus = _MUS[:size]
        bought = [(mu - LAM) / KAPPA for mu in mus]
        yield Unsat(
            f"{size} members: the price is the mean of their marginal values, so it lies between the grid's prices",
            [KAPPA > 0, FEED <= RETAIL, sympy.Eq(sum(bought), 0)]
            + [bound for mu in mus for bound in (mu >= FEED, mu <= RETAIL)],
            sympy.And(LAM >= FEED, LAM <= RETAIL),
        )
    mu = sympy.Symbol("mu", real=True)
    yield Unsat(
        "any number: mu_i - feed_in = (lam - feed_in) + kappa q_i is not negative; added up, the purchases cancel",
        [mu >= FEED, mu <= RETAIL, sympy.Eq(mu, LAM + KAPPA * Q)],
        sympy.And(LAM - FEED + KAPPA * Q >= 0, RETAIL - LAM - KAPPA * Q >= 0),
    )


def _price_mutant() -> Step:
    first, second = _MUS[:2]
    return Unsat(
        "the price that clears with unequal weights",
        [
            FEED < RETAIL,
            first >= FEED,
            first <= RETAIL,
            second >= FEED,
            second <= RETAIL,
            sympy.Eq(LAM, first + second),
        ],
        sympy.And(LAM >= FEED, LAM <= RETAIL),
    )


def _gain_with_grid() -> Iterator[Step]:
    mu = sympy.Symbol("mu", real=True)
    value, alone = sympy.symbols("F_z F_D", real=True)
    # F~ is convex (S-P2), so it lies above its tangent at z = D - q with slope mu = lam + kappa q.
    shared = value + LAM * Q
    yield Unsat(
        "gain over alone, F~(D) - F~(D - q) - lam q, is at least kappa q^2",
        [sympy.Eq(mu, LAM + KAPPA * Q), alone >= value + mu * Q],
        alone - shared >= KAPPA * Q**2,
    )
    yield Identity(
        "what is shared costs what the model says: discomfort, grid bill and payment",
        [
            model.sharing_cost_with_grid(Q, P, DEMAND, C, D, LAM, RETAIL, FEED)
            - member_cost(P, DEMAND - Q, C, D, RETAIL, FEED)
            - LAM * Q
        ],
    )
    cases = {
        "imports": [DEMAND - Q - P > 0, sympy.Eq(mu, RETAIL), sympy.Eq(C * P + D, mu)],
        "exports": [DEMAND - Q - P < 0, sympy.Eq(mu, FEED), sympy.Eq(C * P + D, mu)],
        "neither": [sympy.Eq(P, DEMAND - Q), sympy.Eq(C * P + D, mu), mu >= FEED, mu <= RETAIL],
    }
    for word, case in cases.items():
        yield Unsat(
            f"without bounds, a member that {word}: from the model's own costs, any adjustment alone costs more",
            [C > 0, KAPPA > 0, FEED <= RETAIL, sympy.Eq(mu, LAM + KAPPA * Q), *case],
            member_cost(P0, DEMAND, C, D, RETAIL, FEED)
            - model.sharing_cost_with_grid(Q, P, DEMAND, C, D, LAM, RETAIL, FEED)
            >= KAPPA * Q**2,
        )


def _gain_with_grid_mutant() -> Step:
    # On a flat piece of F~ the tangent is the function itself: the gain is exactly kappa q^2, not (c/2 + kappa) q^2.
    gain = grid_bill(DEMAND, RETAIL, FEED) - grid_bill(DEMAND - Q, RETAIL, FEED) - LAM * Q
    return Unsat(
        "the gain of the islanded game",
        [C > 0, KAPPA > 0, FEED <= RETAIL, DEMAND > Q, Q > 0, sympy.Eq(RETAIL, LAM + KAPPA * Q)],
        gain >= model.gain_over_alone(Q, C, KAPPA),
    )


_STUDY = "the package's study of one economy under five structures"
_MODELS = ("EnergySharing",)

THEOREMS = (
    Theorem(
        id="S-P3",
        statement="With the grid, the sharing price lies between feed-in and retail price",
        domain="kappa > 0, feed_in <= retail, any number of members (2 and 3 in symbols, one inequality each, added)",
        source=_STUDY,
        proof=_price_between,
        mutant=Mutant(
            "The sum of the marginal values is a price between them too",
            _price_mutant,
            {_MUS[0]: 1, _MUS[1]: 1, LAM: 2, FEED: 0, RETAIL: 1},
        ),
        models=_MODELS,
    ),
    Theorem(
        id="S-P4",
        statement="With the grid, a member gains at least kappa q^2 over staying alone",
        domain="feed_in <= retail, any convex local cost through its tangent; from the model's costs without bounds",
        source=_STUDY,
        proof=_gain_with_grid,
        mutant=Mutant(
            "It gains (c/2 + kappa) q^2 as without the grid",
            _gain_with_grid_mutant,
            {C: 1, KAPPA: 1, DEMAND: 2, Q: 1, LAM: 0, RETAIL: 1, FEED: 0},
        ),
        models=_MODELS,
        uses="convexity of the cost of a position (S-P2)",
    ),
)
