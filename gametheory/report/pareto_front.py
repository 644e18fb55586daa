"""The front between a retailer's profit and consumer surplus as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gametheory.arithmetic import Number, to_float
from gametheory.models.retailer import ParetoFront
from gametheory.report.drawing import figure, style

__all__ = ["plot_front"]


def plot_front(
    front: ParetoFront,
    *,
    at: Mapping[str, tuple[Number, Number]] | None = None,
    points: int = 65,
    width: float = 6.0,
    height: float = 4.0,
) -> Any:
    """Return a matplotlib figure: the front through exact points, its two ends named, and other outcomes beside it.

    Parameters
    ----------
    front
        ``Retailer(...).front``.
    at
        Further outcomes, name -> (surplus, profit), for example of prices that are posted today.
    points
        How many exact points the curve goes through.

    Examples
    --------
    >>> from gametheory.models.retailer import Retailer
    >>> shop = Retailer(base_demand=(10,), response=((2,),), wholesale=(1,))
    >>> plot_front(shop.front).axes[0].get_xlabel()
    'consumer surplus (money)'
    """
    exact_points = front.points(points)
    with style():
        drawn, axis = figure(width, height)
        axis.plot(
            [to_float(p.surplus) for p in exact_points], [to_float(p.profit) for p in exact_points], color="#1f77b4"
        )
        for point, name in ((exact_points[0], "monopoly"), (exact_points[-1], "social optimum")):
            axis.plot([to_float(point.surplus)], [to_float(point.profit)], "o", color="#222222")
            axis.annotate(name, (to_float(point.surplus), to_float(point.profit)))
        for name, (surplus, profit) in (at or {}).items():
            axis.plot([to_float(surplus)], [to_float(profit)], "s", color="#d1622b")
            axis.annotate(name, (to_float(surplus), to_float(profit)))
        axis.set_xlabel("consumer surplus (money)")
        axis.set_ylabel("retailer's profit (money)")
        return drawn
