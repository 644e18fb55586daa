"""Another open solver of linear bilevel programmes: PAO with big Ms (``pao.pyomo.FA``), on HiGHS with a gap of 1e-4."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

__all__ = ["pao_big_m"]


def pao_big_m(game: Any) -> tuple[str, float | None, float]:
    """Solve a game with a linear leader and one linear follower; return how it ended, the value and the seconds."""
    import pao.pyomo
    import pyomo.environ as pyo

    start = time.perf_counter()
    model: Any = pyo.ConcreteModel()
    names = range(len(game.names))
    sides: dict[int, Any] = {}
    for own, block in zip(game.constraints, game.blocks, strict=True):
        sides.update({k: (own.lower[k], own.upper[k]) for k in block})
    limits = {k: tuple(None if v is None else float(v) for v in sides[k]) for k in names}
    model.x = pyo.Var(list(game.blocks[0]), bounds=lambda _, k: limits[k])
    model.y = pyo.Var(list(game.blocks[1]), bounds=lambda _, k: limits[k])
    at = [model.x[k] if k in game.blocks[0] else model.y[k] for k in names]
    leading, following = (cost.gradient([Fraction(0)] * len(at), names) for cost in game.costs)
    model.cost = pyo.Objective(expr=sum(float(c) * at[k] for k, c in enumerate(leading) if c))
    model.rows = pyo.ConstraintList()
    model.lower = pao.pyomo.SubModel(fixed=model.x)
    model.lower.cost = pyo.Objective(
        expr=sum(float(c) * at[k] for k, c in enumerate(following) if c and k in game.blocks[1])
    )
    model.lower.rows = pyo.ConstraintList()
    for place, own in ((model.rows, game.constraints[0]), (model.lower.rows, game.constraints[1])):
        for row, right in own.inequalities:
            if not row:
                continue  # PAO refuses a row without variables
            place.add(sum(float(a) * at[k] for k, a in row) <= float(right))
        for row, right in own.equalities:
            place.add(sum(float(a) * at[k] for k, a in row) == float(right))
    solver = pao.pyomo.Solver("pao.pyomo.FA", mip_solver="appsi_highs")
    try:
        found = solver.solve(model)
    except KeyError:  # its own conversion loses leaders' variables that only the follower's rows name
        return "not read", None, time.perf_counter() - start
    word = str(found.solver.termination_condition).rsplit(".", 1)[-1]
    value = float(pyo.value(model.cost)) if word == "optimal" else None
    return word, value, time.perf_counter() - start
