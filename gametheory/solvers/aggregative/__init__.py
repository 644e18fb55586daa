"""Solvers of demand-bidding games, one algorithm a file."""

from __future__ import annotations

from gametheory.solvers.aggregative.arrays import ArrayEquilibrium, islanded_price, solve_islanded
from gametheory.solvers.aggregative.best_response import BestResponse
from gametheory.solvers.aggregative.closed_form import ClosedForm
from gametheory.solvers.aggregative.convex_programme import ConvexProgramme
from gametheory.solvers.aggregative.scalar_price import ScalarPrice

__all__ = [
    "ArrayEquilibrium",
    "BestResponse",
    "ClosedForm",
    "ConvexProgramme",
    "ScalarPrice",
    "islanded_price",
    "solve_islanded",
]
