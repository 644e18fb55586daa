"""Faults put into the solvers of coalitional games; certificates are to notice."""

from __future__ import annotations

from .injection import Fault

__all__ = ["FAULTS"]

_COALITIONAL = "gametheory.solvers.coalitional."
_NUCLEOLUS = _COALITIONAL + "nucleolus"
_PROGRAMME = _COALITIONAL + "excess_programme"
_COALITIONS = "import gametheory as gt\nsolution = {}\n"

FAULTS = (
    Fault(
        "every coalition tight at a vertex settled",
        _NUCLEOLUS,
        "tight = [*optimum.weights, *(1 << i for i in optimum.singles)]",
        "tight = [m for m in range(1, 2 ** len(x) - 1)"
        " if sum(x[i] for i in range(len(x)) if m >> i & 1) + optimum.t == sign * game.values[m]]",
        solution=_COALITIONS.format("gt.prenucleolus(gt.catalogue('talmud_200').game)"),
    ),
    Fault(
        "costs taken for values",
        _NUCLEOLUS,
        'game.values if game.kind == "value" else game.values.negated()',
        "game.values",
        solution=_COALITIONS.format("gt.prenucleolus(gt.catalogue('tennessee_valley').game)"),
    ),
    Fault(
        "a core without room taken for an empty one",
        _COALITIONAL + "core",
        "if optimum.t <= 0:",
        "if optimum.t < 0:",
        solution=_COALITIONS.format("gt.core(gt.catalogue('gloves_1_2').game)"),
    ),
    Fault(
        "settled coalitions priced at their value",
        _PROGRAMME,
        "int(self._settled[mask] * self._unit) if kind == _SETTLED else",
        "int(self._v[mask]) * self._unit if kind == _SETTLED else",
        solution=_COALITIONS.format("gt.prenucleolus(gt.catalogue('talmud_200').game)"),
    ),
    Fault(
        "pricing stops at the single players",
        _PROGRAMME,
        "found = np.flatnonzero(gains > 0)",
        "found = np.flatnonzero(gains > 0)[:0]",
        solution=_COALITIONS.format("gt.least_core(gt.catalogue('apex_of_four').game)"),
    ),
    Fault(
        "orders counted for one player too many",
        _COALITIONAL + "size_values",
        "factorial(s) * factorial(n - s - 1)",
        "factorial(s) * factorial(n - s)",
        solution=_COALITIONS.format("gt.shapley_value(gt.CoalitionalGame.from_table([0, 0, 0, 1, 0, 1, 0, 1]))"),
    ),
    Fault(
        "swings without the half that leaves",
        _COALITIONAL + "size_values",
        "Fraction(2 * sum(own) - sum(total), scale)",
        "Fraction(sum(own), scale)",
        solution=_COALITIONS.format("gt.banzhaf_value(gt.CoalitionalGame.from_table([0, 0, 0, 1, 0, 1, 0, 1]))"),
    ),
    Fault(
        "a limb of the table shifted",
        "gametheory.numerics.coalition_sums",
        "rest = rest >> bits",
        "rest = rest >> (bits - 1)",
        solution=_COALITIONS.format("gt.shapley_value(gt.CoalitionalGame.from_table([0, 2**80, 1, 5]))"),
    ),
    Fault(
        "a voter's own weight left in the count",
        _COALITIONAL + "weighted_majority",
        "without = counts[s] - without.left_shift(weight).truncate(quota)",
        "without = counts[s]",
        solution=_COALITIONS.format("gt.shapley_value(gt.catalogue('european_council_1958').game)"),
    ),
    Fault(
        "a runway shared by one player too many",
        _COALITIONAL + "closed_forms",
        "paid += (costs[i] - reached) / (len(costs) - k)",
        "paid += (costs[i] - reached) / (len(costs) - k + 1)",
        solution=_COALITIONS.format("gt.shapley_value(gt.catalogue('airport_1_2_4').game)"),
    ),
    Fault(
        "a group counted without the player it is measured against",
        _COALITIONAL + "closed_forms",
        "(k - settled + 2)",
        "(k - settled + 1)",
        solution=_COALITIONS.format("gt.nucleolus(gt.catalogue('airport_1_2_4').game)"),
    ),
    Fault(
        "the tail of the glove market one term late",
        _COALITIONAL + "closed_forms",
        "term = term * (short - k + 1) / (long + k)",
        "term = term * (short - k + 1) / (long + k + 1)",
        solution=_COALITIONS.format("gt.shapley_value(gt.catalogue('gloves_2_3').game)"),
    ),
    Fault(
        "minimal rights without the own hope",
        _COALITIONAL + "margins",
        ".max()) + top[i] for i",
        ".max()) for i",
        solution=_COALITIONS.format("gt.tau_value(gt.CoalitionalGame.from_table([0, 0, 1, 3, 1, 3, 4, 6]))"),
    ),
    Fault(
        "excess per head of one member more",
        _PROGRAMME,
        "size = mask.bit_count() if self._per_capita else 1",
        "size = mask.bit_count() + 1 if self._per_capita else 1",
        solution=_COALITIONS.format(
            "gt.per_capita_prenucleolus(gt.CoalitionalGame.from_table([0, 0, 0, 12, 0, 0, 0, 6]))"
        ),
    ),
    Fault(
        "a multiplier that turned negative kept",
        _COALITIONAL + "projection",
        "if s > 0]",
        "if s > 10**6]",
        solution=_COALITIONS.format(
            "gt.nearest_core_point(gt.CoalitionalGame.from_table("
            "[0, 2, 4, 5, 6, 1, 6, 0, 4, 8, 4, 6, 9, 5, 7, 12]), [-8, -9, 6, -5])"
        ),
    ),
    Fault(
        "intervals of one player for all players",
        _COALITIONAL + "sampling",
        "np.sqrt(2 * variance * bits / count) + 7 * ranges * bits / (3 * (count - 1))",
        "np.sqrt(2 * variance * bits / count) / 99",
        solution="from gametheory.solvers.coalitional.sampling import SampledShapley\n"
        + _COALITIONS.format("gt.shapley_value(gt.catalogue('talmud_200').game, solver=SampledShapley())"),
    ),
    Fault(
        "mergers of two blocks only",
        _COALITIONAL + "partitions",
        "for size in range(2, len(blocks) + 1):",
        "for size in range(2, min(3, len(blocks) + 1)):",
        solution=_COALITIONS.format("gt.stable_partition(gt.CoalitionalGame.from_table([0, 0, 0, 0, 0, 0, 0, 1]))"),
    ),
    Fault(
        "blocks that share what they gain only",
        _COALITIONAL + "partitions",
        "small = game.subgame(block)",
        "small = game.subgame(block).zero_normalised()",
        solution=_COALITIONS.format("gt.aumann_dreze_value(gt.catalogue('two_players').game)"),
    ),
)
