"""Seeded faults in the continuous games: in the small models, and in the solvers of quadratic games."""

from __future__ import annotations

from .injection import Fault

__all__ = ["FAULTS"]

_MODELS = "gametheory.models."
_QUADRATIC = "gametheory.solvers.quadratic."
_SOLVED = """
import gametheory as gt
from gametheory.solvers.quadratic.lemke import Lemke
solution = {}
"""
_BY_LEMKE = _SOLVED.format("gt.nash_equilibrium(gt.catalogue('{}').game, solver=Lemke())")


def _formula(name: str, module: str, original: str, broken: str, theorem: str) -> Fault:
    return Fault(name, _MODELS + module, original, broken, theorem=theorem)


FAULTS: tuple[Fault, ...] = (
    _formula(
        "half of the own effect on the price forgotten",
        "cournot",
        "(intercept - cost - slope * others) / (2 * slope)",
        "(intercept - cost - slope * others) / slope",
        "A-P7",
    ),
    _formula("step allowed for one firm less", "cournot", "4 / (firms + 1)", "4 / firms", "A-P7"),
    _formula(
        "squares left out of the potential",
        "ev_charging",
        "(everybody * everybody + total([x * x for x in column]))",
        "(everybody * everybody)",
        "A-P6",
    ),
    _formula(
        "off by one vehicle at equilibrium",
        "ev_charging",
        "vehicles / (vehicles + 1) *",
        "vehicles / (vehicles + 2) *",
        "A-P5",
    ),
    _formula(
        "the load's own bill counted once too often",
        "ev_charging",
        "slope * (demand + load) * (demand + load)",
        "slope * (demand + load) * (demand + 2 * load)",
        "A-P5",
    ),
    _formula(
        "sign of the crowding",
        "utility_companies",
        "(companies - zeta * crowd)",
        "(companies + zeta * crowd)",
        "B-P1",
    ),
    _formula(
        "budget spread over one company too many",
        "utility_companies",
        "(budget + zeta * prices) / (companies * price)",
        "(budget + zeta * prices) / ((companies + 1) * price)",
        "B-P2",
    ),
    _formula(
        "weight of the surplus turned round", "retailer", "(1 - weight) / (2 - weight)", "weight / (2 - weight)", "B-P3"
    ),
    _formula(
        "energy of all given to each buyer",
        "price_selection",
        "satiation - curvature * energy / buyers",
        "satiation - curvature * energy",
        "A-P8",
    ),
    _formula(
        "own station left out of the count", "multi_energy", "excess / (stations + 1)", "excess / stations", "B-P7"
    ),
    _formula("off by one buyer", "proportional_allocation", "(2 * buyers - 1)", "(2 * buyers + 1)", "B-P8"),
    _formula("payment forgotten in the reply", "proportional_allocation", "- others\n", "\n", "B-P8"),
    _formula(
        "amount not divided by the price",
        "proportional_allocation",
        "- (1 - weight)) / price, 0, energy)",
        "- (1 - weight)), 0, energy)",
        "B-P9",
    ),
    _formula(
        "number of borrowers in the numerator",
        "loans",
        "sqrt(cost * worth / count)",
        "sqrt(cost * worth * count)",
        "B-P10",
    ),
    _formula(
        "the other root of the price equation",
        "usage_charge",
        "sqrt(half * half + slope * consumers * worth) - half",
        "-sqrt(half * half + slope * consumers * worth) - half",
        "B-P11",
    ),
    _formula(
        "tokens that grow", "energy_tokens", "(1 - demurrage) * next_price", "(1 + demurrage) * next_price", "F-P5"
    ),
    _formula(
        "a fraction of a slot counted as a whole one",
        "robust_aggregator",
        "lost + part * falling[whole] if",
        "lost + falling[whole] if",
        "F-P7",
    ),
    _formula(
        "growth not measured from the average", "replicator", "share * (payoff - average)", "share * payoff", "G-P1"
    ),
    _formula(
        "winner paid its own ask",
        "reverse_auction",
        "minimum(*rivals) + 0 * ask",
        "ask + 0 * minimum(*rivals, ask)",
        "G-P2",
    ),
    _formula(
        "ask of one seller too many", "reverse_auction", "(1 - cost) / sellers", "(1 - cost) / (sellers + 1)", "G-P3"
    ),
    _formula(
        "the whole saving given to each",
        "benefit_sharing",
        "(everybody_alone - together) / members",
        "(everybody_alone - together)",
        "D-P6",
    ),
    _formula(
        "cost earned and not paid",
        "information_gap",
        "forecast - cost - required",
        "forecast + cost - required",
        "F-P1",
    ),
    _formula(
        "tail divided by the wrong chance", "day_ahead_bid", "beyond / (1 - level)", "beyond / (1 + level)", "F-P2"
    ),
    _formula(
        "surplus and shortfall exchanged",
        "day_ahead_bid",
        "(day_ahead - surplus) / (shortfall",
        "(shortfall - day_ahead) / (shortfall",
        "F-P3",
    ),
    _formula(
        "slopes with their sign", "worst_distribution", "[absolute(a) for a in slopes]", "[a for a in slopes]", "F-P4"
    ),
    _formula(
        "average loss for marginal loss", "trading_losses", "fee + 2 * loss * received", "fee + loss * received", "E-P8"
    ),
    _formula(
        "both halves of the charge at one end",
        "bilateral_market",
        "price - side * charge / 2",
        "price - side * charge",
        "D-P2",
    ),
    _formula(
        "ends that agree on the wrong sign", "bilateral_market", "(own - partner) / 2", "(own + partner) / 2", "D-P7"
    ),
    _formula(
        "shares of the own side",
        "bilateral_market",
        "net * absolute(partner) / volume",
        "net * partner / volume",
        "D-P1",
    ),
    _formula("price of one buyer too many", "kelly", "(len(worth) - 1) / total", "len(worth) / total", "T-KELLY"),
    _formula("buyers who do not see their own weight", "kelly", "worth * (1 - share)", "worth", "T-KELLY"),
    _formula(
        "a pair that trades at a loss",
        "contract_network",
        "maximum(value - cost, 0)",
        "maximum(value + cost, 0)",
        "D-P8",
    ),
    _formula("bid without the amount", "iterative_auction", "return traded * marginal", "return marginal", "D-P5"),
    _formula("seller paid for one unit", "iterative_auction", "bid * traded**power", "bid", "D-P9"),
    _formula(
        "quotes over the budget", "trading_agents", "low + draw * (most - low)", "low + draw * (most + low)", "G-P5"
    ),
    _formula("step of a single agent", "dual_clearing", "2 / total([1 / a for a in slopes])", "2 / slopes[0]", "D-P4"),
    Fault(
        "sign of the linear part in the conditions",
        _QUADRATIC + "system",
        "vector += cost.gradient(origin, block)",
        "vector += [-v for v in cost.gradient(origin, block)]",
        solution=_BY_LEMKE.format("cournot_capacities"),
    ),
    Fault(
        "only the own variables in the conditions",
        _QUADRATIC + "system",
        "for r, c, v in cost.block(block, range(game.size))]",
        "for r, c, v in cost.block(block, range(game.size)) if c in block]",
        solution=_BY_LEMKE.format("cournot_capacities"),
    ),
    Fault(
        "start of a variable forgotten",
        _QUADRATIC + "system",
        "        x = list(start)\n",
        "        x = [v * 0 for v in start]\n",
        solution=_BY_LEMKE.format("bilinear_saddle"),
    ),
    Fault(
        "payoffs taken for costs in the total",
        _QUADRATIC + "system",
        'game.total().scaled(1 if game.sense == "cost" else -1)',
        "game.total()",
        solution=_SOLVED.format("gt.social_optimum(gt.catalogue('cournot_capacities').game)"),
    ),
    Fault(
        "common divisor of the tableau forgotten",
        "gametheory.numerics.complementarity",
        "Fraction(int(number), divisor)",
        "Fraction(int(number))",
        solution=_BY_LEMKE.format("cournot_capacities"),
    ),
    Fault(
        "an interval that leaves out the worst equilibrium",
        "gametheory.efficiency.price_of_anarchy",
        'interval = certificate.witness["interval"]',
        "interval = (Fraction(1), Fraction(1))",
        solution=_SOLVED.format("gt.price_of_anarchy(gt.catalogue('stable_corners').game)")
        + "import types\nsolution = types.SimpleNamespace(certificate=gt.certify(solution))\n",
    ),
    Fault(
        "a list of equilibria that may lack some",
        "gametheory.certificates.quadratic_set",
        "missing = [x for x in every if x not in listed]",
        "missing: list[Vector] = []",
        test="tests/solvers/test_quadratic.py::test_a_dropped_equilibrium_is_missed",
    ),
    Fault(
        "the smaller of two ways to gain in a slot",
        "gametheory.certificates.splittable",
        "np.maximum(above, below).sum(axis=0)",
        "np.minimum(above, below).sum(axis=0)",
        test="tests/solvers/test_splittable.py::test_bounds_are_never_below_the_exact_regret",
    ),
)
