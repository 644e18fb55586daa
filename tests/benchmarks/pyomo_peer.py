"""The peer: Pyomo's own route from complementarity to big Ms, on HiGHS."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

__all__ = ["pyomo_big_m"]


def pyomo_big_m(game: Any, bound: float) -> tuple[str, float | None, float, float]:
    """Solve a game with a linear leader; return how it ended, the value, seconds to model and seconds to solve.

    Followers' conditions are ``pyomo.mpec`` complementarities, made into disjunctions (``mpec.simple_disjunction``) and
    into binaries with one big M (``gdp.bigm``); HiGHS solves the mixed-integer programme with gap 0.
    """
    import pyomo.environ as pyo
    from pyomo.contrib.appsi.solvers import Highs
    from pyomo.mpec import Complementarity, complements

    start = time.perf_counter()
    count = len(game.names)
    numbered = [(i, row) for i in range(1, len(game.players)) for row in game.constraints[i].rows()]
    model: Any = pyo.ConcreteModel()
    sides: dict[int, Any] = {}
    for own, block in zip(game.constraints, game.blocks, strict=True):
        sides.update({k: (own.lower[k], own.upper[k]) for k in block})
    model.z = pyo.Var(range(count), bounds=lambda _, k: tuple(None if v is None else float(v) for v in sides[k]))
    model.lam = pyo.Var(range(len(numbered)), bounds=lambda _, n: (None, None) if numbered[n][1][2] else (0, bound))
    slopes = game.costs[0].gradient([Fraction(0)] * count, range(count))
    model.cost = pyo.Objective(expr=sum(float(c) * model.z[k] for k, c in enumerate(slopes)))

    def form(row: Any) -> Any:
        return sum(float(a) * model.z[k] for k, a in row)

    model.rows = pyo.ConstraintList()
    for row, right in game.constraints[0].inequalities:
        model.rows.add(form(row) <= float(right))
    pairs = []
    for n, (_, (row, right, equal, _)) in enumerate(numbered):
        if equal:
            model.rows.add(form(row) == float(right))
        else:
            pairs.append((n, float(right) - form(row)))
    model.slack = pyo.Var(range(len(pairs)), bounds=(0, bound))
    for p, (_, inside) in enumerate(pairs):
        model.rows.add(model.slack[p] == inside)
    for i, follower in enumerate(game.costs[1:], 1):
        for k in game.blocks[i]:
            terms = {c: v for _, c, v in follower.block(range(k, k + 1), range(count))}
            expression: Any = form(terms.items()) + float(dict(follower.linear).get(k, 0))
            for n, (owner, (row, _, _, _)) in enumerate(numbered):
                if owner == i and k in dict(row):
                    expression += float(dict(row)[k]) * model.lam[n]
            model.rows.add(expression == 0)
    model.pair = Complementarity(
        range(len(pairs)), rule=lambda m, p: complements(m.slack[p] >= 0, m.lam[pairs[p][0]] >= 0)
    )
    pyo.TransformationFactory("mpec.simple_disjunction").apply_to(model)
    pyo.TransformationFactory("gdp.bigm").apply_to(model, bigM=bound)
    modelled = time.perf_counter()
    solver = Highs()
    solver.config.time_limit = 60.0
    solver.config.load_solution = False
    solver.highs_options = {"mip_rel_gap": 0.0, "output_flag": False}
    found = solver.solve(model)
    done = time.perf_counter()
    word = str(found.termination_condition).rsplit(".", 1)[-1]
    value = found.best_feasible_objective
    return word, None if value is None else float(value), modelled - start, done - modelled
