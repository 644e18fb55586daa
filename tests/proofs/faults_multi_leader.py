"""Faults put into the solvers of several leaders, and into the aggregator's model."""

from __future__ import annotations

from .injection import Fault

__all__ = ["FAULTS"]

_FOLDER = "gametheory.solvers.epec"
_AGGREGATOR = "gametheory.models.strategic_aggregator"
_TWO = """
import gametheory as gt
solution = gt.stackelberg_equilibria(gt.catalogue("leaders_with_two_equilibria").game)
if not solution.certificate.witness["complete"]:
    caught = "certificate: " + solution.certificate.claim
"""
_TURN = """
import gametheory as gt
solution = gt.stackelberg_equilibrium(gt.catalogue("sherali_unlike_costs").game)
"""
_NONE = """
import gametheory as gt
solution = gt.stackelberg_equilibria(gt.catalogue("pang_fukushima_2005").game)
"""

FAULTS = (
    Fault(
        "nu is forgotten where a row is tight",
        f"{_FOLDER}.stacked_system",
        "_ZERO if equal else None, _ZERO if equal else None",
        "_ZERO, _ZERO",
        solution=_TWO,
    ),
    Fault(
        "a leader's own slope has the wrong sign",
        f"{_FOLDER}.stacked_system",
        "level = -dict(self.game.costs[i].linear).get(k, _ZERO)",
        "level = dict(self.game.costs[i].linear).get(k, _ZERO)",
        solution=_TWO,
    ),
    Fault(
        "only one leader is asked for a better decision",
        f"{_FOLDER}.deviations",
        "for i in range(game.leaders):\n        try:",
        "for i in range(1):\n        try:",
        solution=_NONE,
    ),
    Fault(
        "forward sales are paid the price as well",
        _AGGREGATOR,
        "price * (local - forward)",
        "price * (local + forward)",
        theorem="M-P2",
    ),
    Fault(
        "the others' supply is forgotten in the Lerner index",
        _AGGREGATOR,
        "(demand_elasticity + (1 - share) * fringe_elasticity)",
        "(demand_elasticity + share * fringe_elasticity)",
        theorem="M-P1",
    ),
    Fault(
        "imports are paid the feed-in price",
        _AGGREGATOR,
        "- retail_price * imported",
        "- feed_in * imported",
        theorem="M-P3",
    ),
    Fault(
        "a round that moves is called an end",
        f"{_FOLDER}.diagonalisation",
        "if now == before:",
        "if done == 1:",
        solution=_TURN.replace(
            "import gametheory as gt",
            "import gametheory as gt\nimport gametheory.solvers.epec.diagonalisation as d\n"
            "d.judged = lambda game, joint, most: d.Judgement(({}, {}))",
        ),
    ),
)
