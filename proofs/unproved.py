"""Propositions without a proof here, and the model each waits for. They are listed, never counted as passed."""

from __future__ import annotations

from .theorem import Open

__all__ = ["OPEN"]

_ENTRIES: tuple[tuple[str, str, str], ...] = (
    ("D-P1", "without charges bilateral trades reach the pool's quantities", "D.1"),
    ("D-P2", "volume is non-increasing in the unique charge and vanishes where stated", "D.1"),
    ("D-P3", "charge revenue is piecewise concave with an interior maximiser", "D.1"),
    ("D-P5", "a fixed point with positive bids is the welfare optimum", "D.8"),
    ("D-P7", "what a consensus step leaves unchanged is optimal", "D.1"),
    ("D-P8", "stable matchings are optimal primal-dual pairs", "D.4"),
    ("D-P9", "payments at a positive fixed point leave no deficit", "D.8"),
    ("D-P10", "a higher preference price does not raise that trade", "D.2"),
    ("F-P6", "the optimistic optimum of the sanity instance", "F.4"),
    ("G-P5", "budget-constrained trades never lose", "G.3"),
)

OPEN: tuple[Open, ...] = tuple(Open(key, statement, f"a proof about {model}") for key, statement, model in _ENTRIES)
