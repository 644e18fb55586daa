"""Krawczyk's test: a box that holds exactly one zero, shown in ball arithmetic.

With ``K(X) = x - Y f(x) + (I - Y f'(X)) (X - x)`` and ``K(X)`` inside ``X``, the map ``f`` has one and only one zero in
``X``, and it lies in ``K(X)`` (Krawczyk, Computing 4 (1969) 187-201; Moore, SIAM J. Numerical Analysis 14 (1977)).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flint

__all__ = ["enclose_zero"]

#: Bits of the ball arithmetic, and the radii that are tried for the box.
_PRECISION = 256
_RADII = ("1e-8", "1e-14", "1e-24", "1e-40")


def enclose_zero(
    system: Callable[[list[Any]], tuple[list[Any], list[list[Any]]]], start: Sequence[float]
) -> tuple[list[Any], list[Any]] | None:
    """Return balls that hold exactly one zero near `start`, and the larger box in which it is the only one; or None.

    Parameters
    ----------
    system
        ``f``: from balls to values and to the derivative by rows.

    Examples
    --------
    >>> balls, _ = enclose_zero(lambda x: ([x[0] * x[0] - 2], [[2 * x[0]]]), [1.4])
    >>> balls[0].str(30, radius=False)
    '1.41421356237309504880168872421'
    """
    with flint.ctx.workprec(_PRECISION):
        point = [flint.arb(float(x)) for x in start]
        for _ in range(8):
            values, slope = system(point)
            try:
                step = flint.arb_mat(slope).solve(flint.arb_mat([[v] for v in values]))
            except ZeroDivisionError:
                return None
            point = [(x - step[k, 0]).mid() for k, x in enumerate(point)]
        if not all(x.is_finite() for x in point):
            return None
        for radius in _RADII:
            box = [flint.arb(x, radius) for x in point]
            image = _image(system, point, box)
            if image is not None and all(x.contains_interior(k) for x, k in zip(box, image, strict=True)):
                for _ in range(6):
                    finer = _image(system, [k.mid() for k in image], image)
                    if finer is None or not all(k.contains(f) for k, f in zip(image, finer, strict=True)):
                        break
                    image = finer
                return image, box
    return None


def _image(
    system: Callable[[list[Any]], tuple[list[Any], list[list[Any]]]], point: list[Any], box: list[Any]
) -> list[Any] | None:
    n = len(point)
    try:
        inverse = flint.arb_mat(system(point)[1]).inv().mid()
    except ZeroDivisionError:
        return None
    values = flint.arb_mat([[v] for v in system(point)[0]])
    identity = flint.arb_mat([[int(i == k) for k in range(n)] for i in range(n)])
    spread = identity - inverse * flint.arb_mat(system(box)[1])
    moved = flint.arb_mat([[b - x] for b, x in zip(box, point, strict=True)])
    image = flint.arb_mat([[x] for x in point]) - inverse * values + spread * moved
    return [image[k, 0] for k in range(n)]
