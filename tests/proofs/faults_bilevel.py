"""Faults put into the general solver of leaders and followers and into the model on it."""

from __future__ import annotations

from .injection import Fault

__all__ = ["FAULTS"]

_FOLDER = "gametheory.solvers.bilevel"
_CLARK = """
import gametheory as gt
solution = gt.stackelberg_equilibrium(gt.catalogue("clark_westerberg_1990").game)
"""
#: A certificate that leaves the regret open claims no optimum: that notices a fault as well.
_OPEN = """
if not solution.certificate.holds():
    caught = "certificate: " + str(solution.certificate)
"""
_TOWNSLEY = """
import gametheory as gt
solution = gt.stackelberg_equilibrium(gt.catalogue("candler_townsley_1982").game)
"""
_PRICE = """
import gametheory as gt
solution = gt.stackelberg_equilibrium(gt.catalogue("price_takes_all").game)
"""
_MODEL = "gametheory.models.bilevel_pricing"

FAULTS = (
    Fault(
        "a follower's balance without its own slope",
        f"{_FOLDER}.kkt_system",
        "balance = {m: v for m, v in cost.linear if m == k}",
        "balance = {m: v for m, v in cost.linear if m == k and k < 0}",
        solution=_CLARK,
    ),
    Fault(
        "complementarity forgotten",
        f"{_FOLDER}.search",
        "return point[pair.multiplier] != 0 and pair.slack(point) != 0",
        "return False",
        solution=_TOWNSLEY.replace(
            "solution =", "import gametheory.solvers.bilevel.search as s\ns._TOLERANCE = 1e9\nsolution ="
        ),
    ),
    Fault(
        "a bound of 50 on every multiplier",
        f"{_FOLDER}.kkt_system",
        "lower.append(None if equal else Fraction(0))\n                upper.append(None)",
        "lower.append(None if equal else Fraction(0))\n                upper.append(Fraction(50))",
        solution="""
import gametheory as gt
solution = gt.stackelberg_equilibrium(gt.catalogue("dual_bound_of_fifty").game)
""",
    ),
    Fault(
        "strong duality with the wrong sign",
        f"{_FOLDER}.kkt_system",
        "slopes[k] = slopes.get(k, Fraction(0)) + t * v",
        "slopes[k] = slopes.get(k, Fraction(0)) - t * v",
        solution=_PRICE + _OPEN,
    ),
    Fault(
        "the leader buys instead of selling",
        _MODEL,
        "return (price - cost) * total(quantities)",
        "return (cost - price) * total(quantities)",
        theorem="F-P6",
    ),
    Fault(
        "the follower is paid the price",
        _MODEL,
        "return (worth - price) * quantity",
        "return (worth + price) * quantity",
        theorem="F-P6",
    ),
    Fault(
        "an adversary that helps the leader",
        f"{_FOLDER}.worst_reply",
        "tuple((mapped[k], -v) for k, v in own.linear if k >= first)",
        "tuple((mapped[k], v) for k, v in own.linear if k >= first)",
        solution="""
import gametheory as gt
game = gt.catalogue("indifference_costs_the_leader").game
solution = gt.stackelberg_equilibrium(game, tie_breaking="pessimistic")
""",
    ),
    Fault(
        "a line that is full draws more",
        "gametheory.models.multi_microgrid",
        "return -total([a * mu",
        "return total([a * mu",
        theorem="B-P12",
    ),
)
