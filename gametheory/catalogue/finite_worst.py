"""Games on which Lemke-Howson paths are long: pairs of dual cyclic polytopes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint

from gametheory.catalogue.entry import Entry
from gametheory.catalogue.finite_answers import answered
from gametheory.games.normal_form import NormalFormGame

__all__ = ["cyclic_game", "entries"]


def entries() -> tuple[Entry, ...]:
    """Return the games for d = 4 and 6."""
    return answered(
        Entry(
            name=f"savani_von_stengel_{d}",
            game=cyclic_game(d),
            source="R. Savani and B. von Stengel, Hard-to-solve bimatrix games, Econometrica 74 (2006) "
            "397-429, section 4; the polytopes are realised here on the moment curve",
            facts={"extreme_equilibria": 1, "components": 1},
            lesson="One equilibrium, of full support, and every Lemke-Howson path to it grows exponentially with d.",
        )
        for d in (4, 6)
    )


def cyclic_game(d: int) -> NormalFormGame:
    """Return the d x d game whose best-response polytopes are dual cyclic, with labels as in the paper (d even)."""
    plain = list(range(2 * d))
    swapped = [0, *(k + (1 if k % 2 else -1) for k in range(1, d - 1)), d - 1]
    swapped += [k + (1 if k % 2 == 0 else -1) for k in range(d, 2 * d)]
    second = _polytope(d, plain, zero=range(d))  # {x >= 0 : B' x <= 1}
    first = _polytope(d, swapped, zero=range(d, 2 * d))  # {y >= 0 : A y <= 1}
    return NormalFormGame(_whole(first), _whole([list(column) for column in zip(*second, strict=True)]))


def _polytope(d: int, labels: Sequence[int], *, zero: range) -> list[list[Any]]:
    """Return ``C`` such that ``{z >= 0 : C z <= 1}`` is dual cyclic and its facet ``k`` has label ``labels[k]``.

    ``z = 0`` is the vertex of the labels `zero`; the columns are these labels, the rows the others, each increasing.
    """
    points = [[flint.fmpq(2 * k - 2 * d + 1) ** e for e in range(1, d + 1)] for k in range(2 * d)]
    centre = [sum(column, flint.fmpq(0)) / (2 * d) for column in zip(*points, strict=True)]
    by_label = {labels[k]: [x - m for x, m in zip(point, centre, strict=True)] for k, point in enumerate(points)}
    # The facets c_k z <= 1 of `zero` become the coordinates 1 - c_k z; in these the others read a - g x >= 0.
    inverse = flint.fmpq_mat([by_label[label] for label in zero]).inv()
    rows = []
    for label in sorted(set(range(2 * d)) - set(zero)):
        weights = flint.fmpq_mat([by_label[label]]) * inverse
        slack = 1 - sum((weights[0, k] for k in range(d)), flint.fmpq(0))
        rows.append([-weights[0, k] / slack for k in range(d)])
    return rows


def _whole(rows: Sequence[Sequence[Any]]) -> list[list[int]]:
    """Return the entries times their common denominator, over their common factor."""
    fractions = [[Fraction(int(x.p), int(x.q)) for x in row] for row in rows]
    common = math.lcm(*(x.denominator for row in fractions for x in row))
    whole = [[int(x * common) for x in row] for row in fractions]
    divisor = math.gcd(*(x for row in whole for x in row))
    return [[x // divisor for x in row] for row in whole]
