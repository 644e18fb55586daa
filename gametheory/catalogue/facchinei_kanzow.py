"""Test problems for generalised equilibria, numbered as Facchinei and Kanzow list them, and Rosen's example.

A.7 and A.18 stand in a file of their own, A.11 and A.13 with the quadratic games (``shared_budget``,
``river_basin_pollution``), A.1, A.14 and A.16 with the games of formulas. The published solutions carry the error of a
penalty method, 10^-5 to 10^-2; here they are exact or certified. A.4, A.6, A.9 and A.10 are left out: their rows are
not linear, or sources differ on a sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import exact, total
from gametheory.catalogue.entry import Entry
from gametheory.catalogue.notation import form, region, rows
from gametheory.games.expression import Expression
from gametheory.games.generalised import GeneralisedGame
from gametheory.games.quadratic import QuadraticForm, QuadraticGame
from gametheory.games.smooth import SmoothGame, of_form
from gametheory.games.smooth_generalised import SmoothGeneralisedGame

__all__ = ["SOURCE", "entries", "quadratic_costs"]

SOURCE = (
    "F. Facchinei and C. Kanzow, Penalty methods for the solution of generalized Nash equilibrium problems (with "
    "complete test problems), 2009, problem"
)
_LAST = "Each player has rows of its own that depend on the others: no two see the same constraint."

Rows = Sequence[tuple[Mapping[int, Any], Any, int]]


def entries() -> tuple[Entry, ...]:
    """Return the problems."""
    return (*_own_rows(), *_shared_rows(), *_plain(), _switching())


def quadratic_costs(
    own: Sequence[Sequence[Sequence[int]]],
    cross: Sequence[Sequence[Sequence[int]]],
    linear: Sequence[Sequence[int]],
    bounds: tuple[int, int],
    coupled: Rows,
    own_rows: Mapping[int, Any] | None = None,
) -> SmoothGeneralisedGame:
    """Return the game of costs ``x_i' A_i x_i / 2 + x_i' (B_i x_-i + b_i)`` with rows that bind one player each."""
    sizes = [len(b) for b in linear]
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    count = sum(sizes)
    forms = []
    for start, size, a, b, c in zip(starts, sizes, own, cross, linear, strict=True):
        others = [k for k in range(count) if not start <= k < start + size]
        entries = [(start + r, start + s, Fraction(a[r][s])) for r in range(size) for s in range(r, size)]
        entries += [(start + r, k, Fraction(b[r][n])) for r in range(size) for n, k in enumerate(others)]
        forms.append(of_form(QuadraticForm(tuple(entries), tuple((start + r, Fraction(c[r])) for r in range(size)))))
    low, high = bounds
    sets = []
    for i, size in enumerate(sizes):
        names = tuple(f"x{i + 1}{k + 1}" for k in range(size))
        sets.append(region(names, (low,) * size, (high,) * size, *(own_rows or {}).get(i, ())))
    players = tuple(f"player {i + 1}" for i in range(len(sizes)))
    everyone = range(len(sizes))
    return SmoothGeneralisedGame(
        SmoothGame(players, tuple(sets), tuple(forms), "cost"),
        inequalities=tuple((tuple(sorted(row.items())), bound) for row, bound, _ in coupled),
        exempt=tuple(tuple(i for i in everyone if i != owner) for _, _, owner in coupled),
    )


def _own_rows() -> tuple[Entry, ...]:
    coupled: Rows = (
        ({0: 1, 1: 1, 2: -1, 3: -1, 6: 1}, 5, 0),
        ({3: 1, 4: -1, 1: -1, 2: -1, 5: 1}, 7, 1),
        ({6: 1, 0: -1, 2: -1, 3: 1}, 4, 2),
    )
    sums = {0: (((1, 1, 1), 20),)}
    third = quadratic_costs(
        [[[20, 5, 3], [5, 5, -5], [3, -5, 15]], [[11, -1], [-1, 9]], [[48, 39], [39, 53]]],
        [
            [[-6, 10, 11, 20], [10, -4, -17, 9], [15, 8, -22, 21]],
            [[20, 1, -3, 12, 1], [10, -4, 8, 16, 21]],
            [[10, -2, 22, 12, 16], [9, 19, 21, -4, 20]],
        ],
        [[1, -1, 1], [1, 0], [-1, 2]],
        (-10, 10),
        coupled,
        sums,
    )
    fifth = quadratic_costs(
        [[[20, 6, 0], [6, 6, -1], [0, -1, 8]], [[11, 1], [1, 7]], [[28, 14], [14, 29]]],
        [
            [[-1, -2, -4, -3], [0, -3, 0, -4], [0, 1, 9, 6]],
            [[-1, 0, 0, -7, 4], [-2, -3, 1, 4, 11]],
            [[-4, 0, 9, -7, 4], [-3, -4, 6, 4, 11]],
        ],
        [[1, -1, 1], [1, 0], [-1, 2]],
        (0, 10),
        coupled,
        sums,
    )
    x = [Expression.variable(k) for k in range(3)]
    eighth_sets = [region((n,), (0,), (h,)) for n, h in (("x1", None), ("x2", None), ("x3", 2))]
    eighth = SmoothGeneralisedGame(
        SmoothGame(
            ("1", "2", "3"),
            tuple(eighth_sets),
            (-x[0], (x[1] - Fraction(1, 2)) ** 2, (x[2] - Fraction(3, 2) * x[0]) ** 2),
            "cost",
        ),
        inequalities=rows(((1, 1, 0), 1), ((-1, -1, 1), 0)),
        exempt=((2,), (2,)),
    )
    return (
        Entry(
            name="facchinei_kanzow_3",
            game=third,
            source=f"{SOURCE} A.3",
            facts={
                "generalised equilibrium to 3 digits": (-0.380, -0.123, -0.993, 0.390, 1.164, 0.050, 0.018),
            },
            lesson=_LAST,
        ),
        Entry(
            name="facchinei_kanzow_5",
            game=fifth,
            source=f"{SOURCE} A.5",
            facts={"generalised equilibrium to 3 digits": (0, 0.203, 0, 0, 0.0725, 0.025, 0)},
            lesson=f"{_LAST[:-1]}, and signs are given.",
        ),
        Entry(
            name="facchinei_kanzow_8",
            game=eighth,
            source=f"{SOURCE} A.8: x1 + x2 <= 1 and x3 <= x1 + x2 bind players 1 and 2, not 3; every (a, 1 - a, 3a/2) "
            "with a in [1/2, 2/3] is a generalised equilibrium",
            facts={"generalised equilibria": (Fraction(1, 2), Fraction(2, 3))},
            lesson="A continuum of equilibria, though every player has one best reply.",
        ),
    )


def _shared_rows() -> tuple[Entry, ...]:
    harker = QuadraticGame(
        ("1", "2"),
        (region(("x", "y"), (0, 0)), region(("z",), (0,))),
        (
            form(((0, 0, 2), (0, 1, 1), (1, 1, 2), (0, 2, 1), (1, 2, 1)), ((0, -25), (1, -38))),
            form(((2, 2, 2), (0, 2, 1), (1, 2, 1)), ((2, -25),)),
        ),
    )
    rosen = QuadraticGame(
        ("1", "2"),
        (region(("x",), (0,)), region(("y",), (0,))),
        (form(((0, 0, 1), (0, 1, -1))), form(((1, 1, 2), (0, 1, 1)))),
    )
    return (
        Entry(
            name="facchinei_kanzow_17",
            game=GeneralisedGame(harker, inequalities=rows(((1, 2, -1), 14), ((3, 2, 1), 30))),
            source=f"{SOURCE} A.17 (Outrata, Kocvara and Zowe); the published point is (0, 11, 8)",
            answers={"variational_equilibrium": ((Fraction(0), Fraction(11)), (Fraction(8),))},
            lesson="Two shared rows, both tight, and one owner of two variables.",
        ),
        Entry(
            name="rosen_1965",
            game=GeneralisedGame(rosen, inequalities=rows(((-1, -1), -1))),
            source="J. B. Rosen, Existence and uniqueness of equilibrium points for concave n-person games, "
            "Econometrica 33 (1965) 520-534; as in S. Uryas'ev and R. Y. Rubinstein 1994: x^2/2 - x y "
            "against y^2 + x y with x + y >= 1",
            answers={"variational_equilibrium": ((Fraction(1),), (Fraction(0),))},
            lesson="Diagonally strictly convex: one normalised equilibrium for every choice of weights.",
        ),
    )


def _plain() -> tuple[Entry, ...]:
    count = 6
    blocks = (range(1), range(1, 3), range(3, 6))
    bends = ("0.04", "0.035", "0.125", "0.0166", "0.05", "0.05")
    slopes = ("2", "1.75", "1", "3.25", "3", "3")
    forms = []
    for block in blocks:
        cells = [(min(k, j), max(k, j), Fraction(2)) for k in block for j in range(count) if j not in block]
        cells += [(k, j, Fraction(4)) for k in block for j in block if k <= j]
        cells += [(k, k, exact(bends[k])) for k in block]
        linear = tuple((k, exact(slopes[k]) - exact("378.4")) for k in block)
        forms.append(QuadraticForm(tuple(cells), linear))
    limits = ((80,), (80, 50), (55, 30, 40))
    sets = [
        region(tuple(f"plant {k + 1}" for k in block), (0,) * len(block), own)
        for block, own in zip(blocks, limits, strict=True)
    ]
    pair = [Expression.variable(k) for k in range(2)]
    return (
        Entry(
            name="facchinei_kanzow_15",
            game=QuadraticGame(("1", "2", "3"), tuple(sets), tuple(forms)),
            source=f"{SOURCE} A.15 (J. Contreras, M. Klusch, J. B. Krawczyk, 2004): three generators with six plants",
            facts={"nash_equilibrium to 3 digits": (46.662, 32.154, 15.003, 22.107, 12.340, 12.340)},
            lesson="An electricity market is a Cournot game of firms with several plants.",
        ),
        Entry(
            name="facchinei_kanzow_12",
            game=SmoothGame(
                ("1", "2"),
                (region(("x",), (-10,), (10,)), region(("y",), (-10,), (10,))),
                (pair[0] * (total(pair) - 16), pair[1] * (total(pair) - 16)),
                "cost",
            ),
            source=f"{SOURCE} A.12 (Krawczyk and Uryasev): a duopoly with price 20 - x - y and cost 4; 16/3 each",
            answers={"nash_equilibrium": ((Fraction(16, 3),), (Fraction(16, 3),))},
            lesson="A quadratic game written as formulas has the same exact answer.",
        ),
    )


def _switching() -> Entry:
    count = 10
    x = [Expression.variable(k) for k in range(count)]
    everybody = total(x)
    costs = [-(own / everybody) * (1 - everybody) ** (2 if 1 <= k <= 4 else 1) for k, own in enumerate(x)]
    limits: list[Any] = [("0.3", "0.5"), *[("0.01", 1)] * 7, ("0.01", "0.06"), ("0.01", "0.05")]
    sets = tuple(region(("rate",), (low,), (high,)) for low, high in limits)
    full: Any = ((1,) * count, 1)
    most: Any = ((-1,) * count, "-0.99")
    free = tuple(k for k in range(count) if k not in (4, 5))
    return Entry(
        name="facchinei_kanzow_2",
        game=SmoothGeneralisedGame(
            SmoothGame(tuple(f"user {k + 1}" for k in range(count)), sets, tuple(costs), "cost"),
            inequalities=(full, most),
            exempt=((0,), free),
        ),
        source=f"{SOURCE} A.2: ten users of two kinds; users 5 and 6 must see to it that 0.99 of the capacity is used",
        facts={
            "generalised equilibrium": tuple(
                (exact(v),) for v in ("0.3", *["0.01"] * 3, "0.598", "0.022", *["0.01"] * 4)
            )
        },
        lesson="Where two users answer for one row, any split of it between them may be an equilibrium.",
    )
