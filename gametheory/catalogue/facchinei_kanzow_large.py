"""The larger of Facchinei and Kanzow's test problems: four players of five variables, two generators at three nodes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations

from gametheory.catalogue.entry import Entry
from gametheory.catalogue.facchinei_kanzow import SOURCE, quadratic_costs
from gametheory.catalogue.notation import region, rows
from gametheory.games.generalised import GeneralisedGame
from gametheory.games.quadratic import QuadraticForm, QuadraticGame
from gametheory.games.smooth_generalised import SmoothGeneralisedGame

__all__ = ["entries"]

#: The upper triangle of the matrix of problem A.7, row by row.
_SEVENTH = (
    (110, -3, 22, -14, -27, 1, 9, 19, -2, 23, -7, -20, -4, 22, -19, 22, 3, 13, -12, 18),
    (79, -9, -21, 18, 61, 0, 14, 58, -11, 4, -16, 20, -19, 13, -17, -1, 24, 22, 5),
    (90, 28, 22, -9, -21, -1, -5, 29, 15, -7, 4, 30, 2, 9, -1, -19, -60, 4),
    (106, 11, -33, -42, 14, 28, -10, 3, 6, 13, 22, -8, 6, -3, 15, -3, 0),
    (134, 4, -4, -29, 39, -62, 74, 2, 4, -34, -1, 13, 8, 18, 12, 35),
    (119, -14, 12, 12, -6, -23, -14, 16, -4, 15, -2, 8, 16, 9, -9),
    (72, -14, 6, -9, 12, 2, -24, 13, 29, 17, 13, -1, 19, 21),
    (92, -10, 5, 8, 0, -4, 23, 8, -50, -11, 48, -8, 3),
    (124, -39, -4, -16, 24, -18, 26, 4, 13, 29, 43, 23),
    (130, -42, -21, 21, 68, -24, -21, -30, -54, -23, 9),
    (138, -4, -24, -12, -27, 24, 21, 2, -10, 18),
    (89, -11, -14, -16, -32, -7, -5, 13, -4),
    (107, 31, -3, -2, -22, 17, 4, 22),
    (116, -1, 5, -18, -16, -43, 27),
    (98, -4, -2, 50, 23, 8),
    (102, 46, -29, -17, -1),
    (110, -16, 24, 12),
    (102, 45, 14),
    (119, 21),
    (59,),
)


def entries() -> tuple[Entry, ...]:
    """Return problems A.7 and A.18."""
    return (_seventh(), _generators())


def _seventh() -> Entry:
    size = len(_SEVENTH)

    def cell(r: int, c: int) -> int:
        low, high = min(r, c), max(r, c)
        return _SEVENTH[low][high - low]

    blocks = [range(5 * i, 5 * i + 5) for i in range(4)]

    def table(rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
        return [[cell(r, c) for c in columns] for r in rows]

    game: SmoothGeneralisedGame = quadratic_costs(
        [table(block, block) for block in blocks],
        [table(block, [k for k in range(size) if k not in block]) for block in blocks],
        [[0] * 5] * 4,
        (1, 5),
        (
            ({0: 1, 1: 2, 2: -1, 3: 3, 4: -4, 6: 1, 12: -3}, 2, 0),
            ({5: -1, 6: 3, 7: -2, 8: 1, 9: 3, 10: 1, 14: -3, 17: 2}, 4, 1),
            ({10: -2, 11: 3, 12: 1, 13: -1, 14: -2, 0: 1, 19: -4}, 4, 2),
            ({15: 4, 16: -2, 17: -3, 18: -6, 19: 5, 0: 1, 1: 1, 5: -1, 6: -1}, 3, 3),
        ),
    )
    return Entry(
        name="facchinei_kanzow_7",
        game=game,
        source=f"{SOURCE} A.7: four players of five variables, one matrix for all, a row for each",
        facts={"generalised equilibrium to 4 digits": (*(1.0,) * 11, 1.8427, *(1.0,) * 8)},
        lesson="At a corner but for one variable: its number is a fraction of whole numbers, found exactly.",
    )


def _generators() -> Entry:
    tops = (40, 35, 32)
    falls = (Fraction(40, 500), Fraction(35, 400), Fraction(32, 600))
    forms = []
    for player in range(2):
        block = range(6 * player, 6 * player + 6)
        cells = []
        for k in block:
            same = [m for m in range(12) if m % 3 == k % 3 and (m not in block or m >= k)]
            cells += [(k, m, falls[k % 3] * (2 if m in block else 1)) for m in same]
        forms.append(QuadraticForm(tuple(cells), tuple((k, Fraction(15 - tops[k % 3])) for k in block)))
    names = tuple(f"plant {plant} to node {node}" for plant in (1, 2) for node in (1, 2, 3))
    limits = (((1, 1, 1, 0, 0, 0), 100), ((0, 0, 0, 1, 1, 1), 50))
    own = region(names, (0,) * 6, (), *limits)
    gaps = []
    for high, low in permutations(range(3), 2):  # the price at one node exceeds that at another by at most 1
        weights = [-falls[high] if m % 3 == high else falls[low] if m % 3 == low else Fraction(0) for m in range(12)]
        gaps.append((tuple(weights), Fraction(1 - tops[high] + tops[low])))
    return Entry(
        name="facchinei_kanzow_18",
        game=GeneralisedGame(
            QuadraticGame(("1", "2"), (own, own), tuple(forms)),
            inequalities=rows(*gaps),
        ),
        source=f"{SOURCE} A.18 (J. Contreras and others): two generators with plants of 100 and 50 sell at three "
        "nodes, whose prices may differ by 1; the prices are those of two solvers and of exact multipliers",
        facts={"prices at the nodes": (Fraction(20603, 717), Fraction(20125, 717), Fraction(19886, 717))},
        lesson="Which plant serves which node is open, the prices are not.",
    )
