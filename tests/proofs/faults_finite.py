"""Faults put into the solvers of finite games; certificates are to notice."""

from __future__ import annotations

from .injection import Fault

__all__ = ["FAULTS"]

_FOLDER = "gametheory.solvers.normal_form"
_GAME = """
import gametheory as gt
game = gt.NormalFormGame([[3, 3, 1], [2, 5, 0], [0, 6, 4]], [[3, 2, 0], [2, 6, 1], [3, 1, 2]])
"""
_ONE = (
    _GAME
    + """
from gametheory.solvers.normal_form.{module} import {name}
solution = gt.nash_equilibrium({game}, solver={name}({options}))
"""
)
_ALL = (
    _GAME
    + """
from gametheory.solvers.normal_form.extreme import ExtremeEquilibria
solution = gt.nash_equilibria(game, solver=ExtremeEquilibria(exact={exact}))
"""
)

FAULTS = (
    Fault(
        "a matrix not transposed",
        f"{_FOLDER}.lemke_howson",
        "(b - b.min() + 1).T",
        "(b - b.min() + 1)",
        solution=_ONE.format(module="lemke_howson", name="LemkeHowson", game="game", options="initial_label=1"),
    ),
    Fault(
        "later vertices left out of the pairs",
        f"{_FOLDER}.extreme",
        "if first[i] != origin]",
        "if i < 2 and first[i] != origin]",
        solution=_ALL.format(exact=True),
    ),
    Fault(
        "constraints that are tight by a tie forgotten",
        "gametheory.numerics.tied_polytope",
        "np.unique(bases | zeros, return_inverse=True)",
        "np.unique(bases, return_inverse=True)",
        solution="""
import gametheory as gt
solution = gt.nash_equilibria(gt.NormalFormGame([[1] * 6] * 6, [[1] * 6] * 6))  # smaller games go another way
""",
    ),
    Fault(
        "supports polished against the wrong player's payoffs",
        f"{_FOLDER}.polishing",
        "_side(b.T, other, own)",
        "_side(a.T, other, own)",
        solution=_ONE.format(
            module="race",
            name="Race",
            game="gt.NormalFormGame([[4, 0], [1, 3]], [[0, 2], [5, 1]])",
            options="",
        ),
    ),
    Fault(
        "vertices lost after the proof",
        "gametheory.numerics.simple_polytope",
        "return masks if positive.all()",
        "return masks[: len(masks) // 2] if positive.all()",
        solution=_ALL.format(exact=False),
    ),
    Fault(
        "the wrong player made indifferent",
        f"{_FOLDER}.nondegenerate",
        "flint.fmpz_mat(b[block].T.tolist()).solve(ones)",
        "flint.fmpz_mat(b[block].tolist()).solve(ones)",
        solution=_ALL.format(exact=False),
    ),
    Fault(
        "best along the wrong axis",
        f"{_FOLDER}.pure",
        "good &= cells == cells.max(axis=i, keepdims=True)",
        "good &= cells == cells.max(axis=1 - i, keepdims=True)",
        solution=_ONE.format(
            module="pure", name="PureEnumeration", game="gt.catalogue('prisoners_dilemma').game", options=""
        ),
    ),
    Fault(
        "primal and dual strategies swapped",
        f"{_FOLDER}.zero_sum",
        "x = tuple(p / answer.value for p in answer.y)",
        "x = tuple(p / answer.value for p in answer.x)",
        solution=_ONE.format(
            module="zero_sum",
            name="ZeroSumProgram",
            game="gt.NormalFormGame.zero_sum([[4, 0, 1], [1, 3, 0], [0, 1, 2]])",
            options="",
        ),
    ),
    Fault(
        "gain and loss of a deviation swapped",
        f"{_FOLDER}.correlated",
        "table[flat + (l - cell[i]) * step] - table[flat]",
        "table[flat] - table[flat + (l - cell[i]) * step]",
        solution=_GAME + "solution = gt.correlated_equilibrium(game)",
    ),
    Fault(
        "a tie taken for strict dominance",
        f"{_FOLDER}.dominance",
        "if answer.value > ceiling:",
        "if answer.value >= ceiling:",
        solution=_GAME + "solution = gt.dominance(gt.NormalFormGame([[1, 2], [1, 1]], [[0, 1], [1, 0]]))",
    ),
    Fault(
        "the inequalities of the pure players dropped",
        f"{_FOLDER}.faces",
        "zip(row, x, strict=True)) <= 0 for row in constraints)",
        "zip(row, x, strict=True)) <= 0 for row in constraints[:size])",
        solution=_GAME
        + """
solution = gt.nash_equilibria(gt.NormalFormGame([[[0], [0]]] * 2, [[[0], [1]], [[0], [-1]]], [[[0], [0]]] * 2))
""",
    ),
    Fault(
        "the best equilibrium taken for the worst",
        "gametheory.efficiency.finite_ratio",
        "min(range(len(reached)), key=lambda i: reached[i][0])",
        "max(range(len(reached)), key=lambda i: reached[i][0])",
        solution=_GAME + "solution = gt.price_of_anarchy(gt.NormalFormGame([[4, 1], [1, 2]], [[4, 1], [1, 2]]))",
    ),
    Fault(
        "payoffs counted twice in the logit formula",
        f"{_FOLDER}.logit",
        "values += [ratios[start + k - 1] - lam * (earned[k] - earned[0]) for k in range(1, m)]",
        "values += [ratios[start + k - 1] - 2 * lam * (earned[k] - earned[0]) for k in range(1, m)]",
        solution=_GAME + "solution = gt.quantal_response_equilibrium(game, precision=1)",
    ),
)
