"""A peer for the nucleolus: the textbook sequence of programmes, each a dense simplex tableau of Fractions (Bland)."""

from __future__ import annotations

from fractions import Fraction

__all__ = ["prenucleolus"]


def prenucleolus(values: list[int]) -> list[Fraction]:
    """Return the prenucleolus of ``2**n`` values; every open coalition is a column of every tableau."""
    n = len(values).bit_length() - 1
    full = 2**n - 1
    settled: dict[int, Fraction] = {full: Fraction(values[full])}
    while True:
        open_ones = [m for m in range(1, full) if _independent([*settled, m], n)]
        if not open_ones:
            return _solve(settled, n)
        columns = [(m, 1, Fraction(values[m])) for m in open_ones]
        columns += [(m, 0, s * a) for m, a in settled.items() for s in (1, -1)]
        signs = [1] * len(open_ones) + [s for _ in settled for s in (1, -1)]
        matrix = [[Fraction(s * (m >> i & 1)) for (m, _, _), s in zip(columns, signs, strict=True)] for i in range(n)]
        matrix.append([Fraction(f) for _, f, _ in columns])
        basis, right, value = _simplex(matrix, [Fraction(0)] * n + [Fraction(1)], [c for _, _, c in columns])
        for row, k in enumerate(basis):
            if k < len(open_ones) and right[row] > 0 and _independent([*settled, open_ones[k]], n):
                settled[open_ones[k]] = values[open_ones[k]] - value


def _simplex(
    matrix: list[list[Fraction]], right: list[Fraction], values: list[Fraction]
) -> tuple[list[int], list[Fraction], Fraction]:
    """Return basis, its values and the maximum, by two phases with Bland's rule."""
    m, width = len(matrix), len(values)
    rows = [
        [*row, *(Fraction(int(i == j)) for j in range(m)), b]
        for i, (row, b) in enumerate(zip(matrix, right, strict=True))
    ]
    basis = [width + i for i in range(m)]
    for goal in ([Fraction(0)] * width + [Fraction(-1)] * m, [*values, *[Fraction(0)] * m]):
        allowed = width + m if goal[-1] else width
        while True:
            prices = [goal[k] for k in basis]
            entering = next(
                (
                    j
                    for j in range(allowed)
                    if goal[j]
                    - sum((p * row[j] for p, row in zip(prices, rows, strict=True) if p and row[j]), Fraction(0))
                    > 0
                ),
                -1,
            )
            if entering < 0:
                break
            # An artificial variable that stayed at 0 leaves at once, in whichever direction.
            ratio = [
                (Fraction(0) if b >= width and not goal[-1] else row[-1] / row[entering], b, i)
                for i, (row, b) in enumerate(zip(rows, basis, strict=True))
                if row[entering] > 0 or (row[entering] and b >= width and not goal[-1])
            ]
            _, _, leaving = min(ratio)
            pivot = rows[leaving][entering]
            rows[leaving] = [a / pivot for a in rows[leaving]]
            for i, row in enumerate(rows):
                if i != leaving and row[entering]:
                    factor = row[entering]
                    rows[i] = [a - factor * b for a, b in zip(row, rows[leaving], strict=True)]
            basis[leaving] = entering
    final = [row[-1] for row in rows]
    return basis, final, sum((values[k] * b for k, b in zip(basis, final, strict=True) if k < width), Fraction(0))


def _independent(masks: list[int], n: int) -> bool:
    rows = [[Fraction(m >> i & 1) for i in range(n)] for m in masks]
    rank = 0
    for column in range(n):
        lead = next((r for r in range(rank, len(rows)) if rows[r][column]), -1)
        if lead < 0:
            continue
        rows[rank], rows[lead] = rows[lead], rows[rank]
        for r in range(rank + 1, len(rows)):
            factor = rows[r][column] / rows[rank][column]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return rank == len(masks)


def _solve(settled: dict[int, Fraction], n: int) -> list[Fraction]:
    import flint

    chosen = list(settled)
    matrix = flint.fmpq_mat([[m >> i & 1 for i in range(n)] for m in chosen])
    right = flint.fmpq_mat([[flint.fmpq(settled[m].numerator, settled[m].denominator)] for m in chosen])
    solution = matrix.solve(right)
    return [Fraction(int(solution[i, 0].p), int(solution[i, 0].q)) for i in range(n)]
