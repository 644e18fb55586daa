"""Which multiples of strong duality may make a leader's cost convex: followers taken in as products ask for them.

A product of a column with a column that has no square is never convex. A follower whose ``E_i`` holds the product can
cancel it, or (with the other sign) outweigh it by its own square; its other products may ask for further followers: a
price times a quantity asks for the market that sets the price, and this for everybody who answers the price.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

__all__ = ["chained"]

Products = Mapping[tuple[int, int], Fraction]


def chained(plain: Products, duals: Sequence[tuple[Products, Any]]) -> Iterator[tuple[Fraction, ...]]:
    """Yield factors, one a follower, with more and more followers taken in.

    `plain` are the products of the leader's cost, `duals` those of each ``E_i`` (and something else).

    >>> price_times_sales = {(0, 1): Fraction(-1)}
    >>> market, buyer = {(0, 1): Fraction(1), (1, 2): Fraction(1)}, {(1, 2): Fraction(-1), (2, 2): Fraction(1)}
    >>> list(chained(price_times_sales, [(market, ()), (buyer, ())]))[1]
    (Fraction(1, 1), Fraction(1, 1))
    """
    for sign in (1, -1):
        factors = [Fraction(0)] * len(duals)
        while True:
            products = dict(plain)
            for t, (dual, _) in zip(factors, duals, strict=True):
                for place, v in dual.items():
                    products[place] = products.get(place, Fraction(0)) + t * v
            wanted = _wanted(products, duals, factors)
            if wanted is None:
                break
            follower, place = wanted
            factors[follower] = -sign * products[place] / duals[follower][0][place]
            yield tuple(factors)


def _wanted(products: Products, duals: Sequence[Any], factors: Sequence[Fraction]) -> tuple[int, Any] | None:
    """Return a follower that is not taken in and a flat product of it; best one with a square of the flat column."""
    found = None
    for place, v in products.items():
        flat = [k for k in place if not products.get((k, k))]
        if not v or not flat or place[0] == place[1]:
            continue
        for n, (dual, _) in enumerate(duals):
            if not factors[n] and dual.get(place):
                if any(dual.get((k, k)) for k in flat):
                    return n, place
                found = found or (n, place)
    return found
