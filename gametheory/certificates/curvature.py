"""Is a formula convex in some variables over a box? By rules of composition, or by an interval Hessian.

Rules: sums, positive multiples, powers, exponentials and logarithms of convex and concave steps, with the interval of
each step over the box (M. Grant, S. Boyd, Y. Ye, "Disciplined convex programming", 2006). Hessian: second derivatives
enclosed over the box, cut into parts until every part's matrix is positive semidefinite by an interval ``L D L'``. A
kink (``max``, ``min``, a root that reaches 0 inside) is seen by the rules only: cutting the box at the kink would hide
it, so the Hessian is asked of formulas that are smooth on the whole box.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gametheory.certificates.interval import Interval, Undefined
from gametheory.certificates.linear_algebra import is_positive
from gametheory.games.derivatives import Tape, gradient, jacobian
from gametheory.games.expression import Expression, Steps, earlier, run

__all__ = ["Box", "are_smooth", "halves", "is_convex", "is_definite", "is_semidefinite", "is_smooth", "least_curvature"]

Box = Sequence[Interval]
#: Parts into which a box is cut at most.
_PARTS = 600


@dataclass(frozen=True, slots=True)
class _Bend:
    """What is known of a step: is it convex, concave, both (affine), neither; its interval; is it a constant."""

    convex: bool
    concave: bool
    span: Interval
    constant: bool = False

    @property
    def affine(self) -> bool:
        return self.convex and self.concave


def is_convex(expression: Expression, box: Box) -> str:
    """Return how it is shown that the formula is convex over the box, or an empty text where it is not shown.

    >>> x = Expression.variable(0)
    >>> is_convex(x * x + 1 / x, [Interval(1, 9)]), is_convex(-(x * x), [Interval(0, 1)])
    ('rules of composition', '')
    """
    try:
        bends = _bends(expression, box)
        if bends[-1].convex:
            return "rules of composition"
        for rest in _rests(expression, bends, box):
            if is_smooth(rest, box) and _positive(rest, box):
                return "an interval Hessian"
        return ""
    except Undefined:
        return ""


def least_curvature(expression: Expression, box: Box) -> float:
    """Return a lower bound on the least eigenvalue of the Hessian over the box (0 where none is known).

    It says something of ``f(y) >= f(x) + f'(x) (y - x) + m |y - x|^2 / 2`` only where the formula is smooth on the box.
    """
    try:
        if not is_smooth(expression, box):
            return 0.0
        size = len(box)
        tape = jacobian(gradient(expression, range(size)), range(size))
        return max(0.0, _least_eigenvalue(tape.values(box, Interval.around), size))
    except Undefined:
        return 0.0


def _least_eigenvalue(cells: Sequence[Interval], size: int) -> float:
    """Return Gershgorin's lower bound on the eigenvalues of the symmetric part of an interval matrix, row by row."""
    worst = float("inf")
    half = Interval(0.5, 0.5)
    for r in range(size):
        radius = Interval(0, 0)
        for c in range(size):
            if r != c:
                cell = half * (cells[r * size + c] + cells[c * size + r])
                radius = radius + Interval(0, max(abs(cell.low), abs(cell.high)))
        worst = min(worst, (cells[r * size + r] - radius).low)
    return worst


# ------------------------------------------------------------------------------------------------------------ rules


def _bends(expression: Expression, box: Box) -> list[_Bend]:
    spans = run(expression.steps, box, Interval.around)
    found: list[_Bend] = []
    for step, span in zip(expression.steps, spans, strict=True):
        name, *arguments = step
        if name in ("number", "variable"):
            found.append(_Bend(True, True, span, name == "number"))
            continue
        parts = [found[k] for k in earlier(step)]
        if all(p.constant for p in parts):
            found.append(_Bend(True, True, span, True))
            continue
        if name == "+":
            convex, concave = all(p.convex for p in parts), all(p.concave for p in parts)
        elif name == "*":
            convex, concave = _scaled(parts[0], parts[1])
        elif name == "/":
            convex, concave = _ratio(parts[0], parts[1])
        elif name == "power":
            convex, concave = _power(parts[0], arguments[1])
        elif name == "exp":
            convex, concave = parts[0].convex, False
        elif name in ("log", "sqrt"):
            convex, concave = False, parts[0].concave
        elif name == "max":
            convex, concave = all(p.convex for p in parts), False
        elif name == "min":
            convex, concave = False, all(p.concave for p in parts)
        else:
            convex = concave = False
        found.append(_Bend(convex, concave, span))
    return found


def _scaled(first: _Bend, second: _Bend) -> tuple[bool, bool]:
    for factor, part in ((first, second), (second, first)):
        if factor.constant and factor.span.low >= 0:
            return part.convex, part.concave
        if factor.constant and factor.span.high <= 0:
            return part.concave, part.convex
    return False, False


def _ratio(top: _Bend, bottom: _Bend) -> tuple[bool, bool]:
    if bottom.constant and (bottom.span.low > 0 or bottom.span.high < 0):
        return (top.convex, top.concave) if bottom.span.low > 0 else (top.concave, top.convex)
    if not top.constant:
        return False, False
    if bottom.span.low >= 0:  # 1/g falls and is convex for g > 0
        convex, concave = bottom.concave, False
    elif bottom.span.high <= 0:
        convex, concave = False, bottom.convex
    else:
        return False, False
    if top.span.low >= 0:
        return convex, concave
    return (concave, convex) if top.span.high <= 0 else (False, False)


def _power(base: _Bend, exponent: Fraction) -> tuple[bool, bool]:
    rising = base.span.low >= 0
    if exponent.denominator == 1 and exponent > 0 and exponent.numerator % 2 == 0:
        falling = base.span.high <= 0
        return base.affine or (rising and base.convex) or (falling and base.concave), False
    if exponent < 0:
        if rising:
            return base.concave, False
        if base.span.high <= 0 and exponent.denominator == 1:
            even = exponent.numerator % 2 == 0
            return (even and base.convex), (not even and base.convex)
        return False, False
    if exponent > 1:
        if rising:
            return base.convex, False
        return False, base.span.high <= 0 and base.concave and exponent.denominator == 1
    return False, rising and base.concave


def _rests(expression: Expression, bends: Sequence[_Bend], box: Box) -> list[Expression]:
    """Return formulas of which each, if it is convex, shows that the whole is: convex terms of its sum are left out.

    First without those that have a kink only, which a Hessian cannot see; then without all of them.
    """
    last = expression.steps[-1]
    if last[0] != "+":
        return [expression]
    steps = Steps(expression.steps)
    terms = {k: Expression(steps.taken([k])[0]) for k in last[1:]}
    rough = [k for k in terms if bends[k].convex and not is_smooth(terms[k], box)]
    convex = [k for k in terms if bends[k].convex]
    return [
        Expression(steps.taken([steps.add([k for k in terms if k not in left_out])])[0]) for left_out in (rough, convex)
    ]


# ---------------------------------------------------------------------------------------------------------- Hessian


def is_smooth(expression: Expression, box: Box) -> bool:
    """Whether the formula is once continuously differentiable inside the box: no kink, pole, or root that meets 0.

    A divisor or the base of a root that is affine and of one sign on the box meets 0 on the border only.

    Raises
    ------
    Undefined
        It has no value somewhere.
    """
    bends = _bends(expression, box)
    for name, *arguments in expression.steps:
        if name in ("max", "min", "where"):
            return False
        if name == "/":
            base = bends[arguments[1]]
        elif name == "sqrt" or (name == "power" and arguments[1] < 1):
            base = bends[arguments[0]]
        else:
            continue
        one_sided = base.span.low >= 0 or base.span.high <= 0
        if base.span.low <= 0 <= base.span.high and not (base.affine and one_sided):
            return False
    return True


def are_smooth(expressions: Sequence[Expression], box: Box) -> bool:
    """Whether all formulas are shown to be smooth inside the box; a formula without a value somewhere is not."""
    try:
        return all(is_smooth(expression, box) for expression in expressions)
    except Undefined:
        return False


def _positive(expression: Expression, box: Box) -> bool:
    size = len(box)
    tape = jacobian(gradient(expression, range(size)), range(size))
    constants = tape.constants
    if constants is not None:
        entries = [(k // size, k % size, v) for k, v in enumerate(constants)]
        return is_positive(size, entries, definite=False)
    return _everywhere(tape, box, _PARTS, lambda cells: is_semidefinite(cells, size))


def is_definite(tape: Tape, box: Box) -> bool:
    """Whether the symmetric part of a matrix of formulas is positive definite everywhere on the box."""
    size = len(box)

    def decided(cells: Sequence[Interval]) -> bool:
        return _least_eigenvalue(cells, size) > 0 or is_semidefinite(cells, size, definite=True)

    return _everywhere(tape, box, max(1, 4000 // (size * size)), decided)


def _everywhere(tape: Tape, box: Box, most: int, decided: Callable[[Sequence[Interval]], bool]) -> bool:
    """Whether a test of the tape's values passes on parts that cover the box, at most so many."""
    parts = [list(box)]
    count = 0
    while parts:
        part = parts.pop()
        count += 1
        if decided(_cells(tape, part)):
            continue
        two = halves(part)
        if two is None or count + len(parts) >= most:
            return False
        parts += two
    return True


def _cells(tape: Tape, part: Box) -> list[Interval]:
    try:
        return tape.values(part, Interval.around)
    except Undefined:  # of a derivative at the border: nothing is known of it here
        return [Interval(float("-inf"), float("inf"))] * len(tape.outputs)


def is_semidefinite(cells: Sequence[Interval], size: int, *, definite: bool = False) -> bool:
    """Eliminate an interval matrix, its symmetric part: every pivot positive, or 0 in a row of zeros."""
    half = Interval(0.5, 0.5)
    table = [[half * (cells[r * size + c] + cells[c * size + r]) for c in range(size)] for r in range(size)]
    for k in range(size):
        pivot, row = table[k][k], table[k][k + 1 :]
        if pivot.low < 0 or (definite and pivot.low == 0):
            return False
        if all(cell.low == cell.high == 0 for cell in row):
            continue
        if pivot.low == 0:
            return False
        for r in range(k + 1, size):
            for c in range(r, size):
                table[r][c] = table[r][c] - table[k][r] * table[k][c] / pivot
    return True


def halves(part: Box) -> list[list[Interval]] | None:
    """Return the two halves of a box across its longest side, or None where it cannot be cut."""
    lengths = [side.high - side.low for side in part]
    k = max(range(len(part)), key=lengths.__getitem__)
    side = part[k]
    if side.low == side.high:
        return None
    if side.determined:
        middle = side.low + (side.high - side.low) / 2
    elif side.low > float("-inf"):
        middle = 2 * side.low + 1 if side.low >= 0 else 0.0
    elif side.high < float("inf"):
        middle = 2 * side.high - 1 if side.high <= 0 else 0.0
    else:
        middle = 0.0
    if not side.low < middle < side.high:
        return None
    left, right = list(part), list(part)
    left[k], right[k] = Interval(side.low, middle), Interval(middle, side.high)
    return [left, right]
