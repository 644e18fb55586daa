"""D.4: stable contracts are optimal matchings with optimal dual payoffs, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any

import sympy

from gametheory.models import contract_network as model

from .steps import Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

#: Sellers and buyers in symbols.
_SIZES = ((1, 1), (1, 2), (2, 1), (2, 2))


def _matchings(sellers: int, buyers: int) -> list[tuple[tuple[int, int], ...]]:
    found = []
    for size in range(min(sellers, buyers) + 1):
        for chosen in combinations(range(sellers), size):
            found += [tuple(zip(chosen, order, strict=True)) for order in permutations(range(buyers), size)]
    return found


def _symbols(sellers: int, buyers: int, letters: str = "uw") -> tuple[list[Any], list[Any], dict[tuple[int, int], Any]]:
    u = list(sympy.symbols(f"{letters[0]}0:{sellers}", real=True))
    w = list(sympy.symbols(f"{letters[1]}0:{buyers}", real=True))
    return u, w, {(i, j): sympy.Symbol(f"s{i}{j}", real=True) for i in range(sellers) for j in range(buyers)}


def _dual(u: list[Any], w: list[Any], s: dict[tuple[int, int], Any]) -> list[Any]:
    """Nobody has less than 0 and no pair would gain: the constraints of the dual programme."""
    return [*(x >= 0 for x in (*u, *w)), *(model.blocking_gain(s[i, j], u[i], w[j]) <= 0 for i, j in s)]


def _shared(
    u: list[Any], w: list[Any], s: dict[tuple[int, int], Any], matching: tuple[tuple[int, int], ...]
) -> list[Any]:
    """Matched pairs share their surplus, everybody else has 0."""
    alone = [u[i] for i in range(len(u)) if i not in {p[0] for p in matching}]
    alone += [w[j] for j in range(len(w)) if j not in {p[1] for p in matching}]
    return [*(sympy.Eq(u[i] + w[j], s[i, j]) for i, j in matching), *(sympy.Eq(x, 0) for x in alone)]


def _proof() -> Iterator[Step]:
    price, value, cost = sympy.symbols("p v c", real=True)
    yield Unsat(
        "a contract worth making shares the pair's surplus, whatever its price",
        [value >= cost],
        sympy.Eq(model.seller_payoff(price, cost) + model.buyer_payoff(value, price), model.pair_surplus(value, cost)),
    )
    for sellers, buyers in _SIZES:
        u, w, s = _symbols(sellers, buyers)
        positive = [x >= 0 for x in s.values()]
        others = _matchings(sellers, buyers)
        y, z, _ = _symbols(sellers, buyers, "yz")
        for matching in others:
            worth = sum((s[p] for p in matching), sympy.Integer(0))
            stable = [*positive, *_dual(u, w, s), *_shared(u, w, s, matching)]
            word = f"{sellers} x {buyers}, {len(matching)} pair(s) {matching}"
            yield Unsat(
                f"{word}: if stable, no matching is worth more and no dual payoffs cost less",
                [*stable, *_dual(y, z, s)],
                sympy.And(
                    *[sum((s[p] for p in other), sympy.Integer(0)) <= worth for other in others],
                    sum(y) + sum(z) >= sum(u) + sum(w),
                ),
            )
            # At optimal pairs the two values are equal (duality); then every term of the gap is 0.
            yield Unsat(
                f"{word}: dual payoffs of the same value as the matching are shared as in stable contracts",
                [*positive, *_dual(u, w, s), sympy.Eq(sum(u) + sum(w), worth)],
                sympy.And(*_shared(u, w, s, matching)),
            )


def _unique() -> Step:
    p, q, value, cost = sympy.symbols("p q v c", real=True)
    fair = [
        part >= 0 for price in (p, q) for part in (model.seller_payoff(price, cost), model.buyer_payoff(value, price))
    ]
    return Unsat("two stable prices of one contract are equal", [value >= cost, *fair], sympy.Eq(p, q))


THEOREMS = (
    Theorem(
        id="D-P8",
        statement="A matching with prices is stable iff the matching is an optimal primal and the payoffs are an "
        "optimal dual solution of the assignment programme",
        domain="unit demand, two sides; up to 2 sellers and 2 buyers in symbols, all matchings",
        source="Morstyn, Teytelboym and McCulloch 2019, structure; Shapley and Shubik 1971",
        proof=_proof,
        mutant=Mutant(
            "Stable prices are unique",
            _unique,
            {sympy.Symbol(name, real=True): value for name, value in {"p": 0, "q": 1, "v": 1, "c": 0}.items()},
        ),
        models=("ContractNetwork",),
        uses="strong duality: optimal primal and dual values are equal",
    ),
)
