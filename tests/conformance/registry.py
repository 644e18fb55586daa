"""What the conformance tests walk, by name. A new solver, model or theorem module is one new line here.

Nothing registers itself: a class that exists and is not on its list fails the tests, as does a name on a list that
does not exist.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from . import walk

__all__ = [
    "DECLINED",
    "ENCLOSED",
    "FORMULAS",
    "MODELS",
    "NO_ENTRY",
    "NO_RANDOM",
    "SLOW",
    "SOLVERS",
    "TAKES_ONLY",
    "UNSOLVED",
]


def _has_pure_equilibrium(game: Any) -> bool:
    tables = [table.fractions() for table in game.payoffs]
    best = [table == table.max(axis=i, keepdims=True) for i, table in enumerate(tables)]
    return bool(np.logical_and.reduce(best).any())


#: Every solver class, as ``module:Class`` below ``gametheory.solvers``.
SOLVERS: tuple[str, ...] = (
    "affine.interior_point:AffineInteriorPoint",
    "aggregative.best_response:BestResponse",
    "aggregative.closed_form:ClosedForm",
    "aggregative.convex_programme:ConvexProgramme",
    "aggregative.scalar_price:ScalarPrice",
    "auction.damped_best_reply:DampedBestReply",
    "bilevel.branch_and_bound:ComplementarityBranchAndBound",
    "bilevel.strong_duality:StrongDuality",
    "coalitional.closed_forms:AirportNucleolus",
    "coalitional.closed_forms:AirportShapley",
    "coalitional.closed_forms:GloveShapley",
    "coalitional.core:ExcessCore",
    "coalitional.core:ExcessLeastCore",
    "coalitional.margins:EqualPropensity",
    "coalitional.margins:TauCompromise",
    "coalitional.nucleolus:NucleolusInKernel",
    "coalitional.nucleolus:PerCapitaNucleolus",
    "coalitional.nucleolus:PerCapitaPrenucleolus",
    "coalitional.nucleolus:PrenucleolusInPrekernel",
    "coalitional.nucleolus:SequentialNucleolus",
    "coalitional.nucleolus:SequentialPrenucleolus",
    "coalitional.partitions:BlockShapley",
    "coalitional.partitions:MergeAndSplit",
    "coalitional.projection:NearestCorePoint",
    "coalitional.sampling:SampledShapley",
    "coalitional.size_values:TableBanzhaf",
    "coalitional.size_values:TableShapley",
    "coalitional.structured:BankruptcyNucleolus",
    "coalitional.structured:BirdTree",
    "coalitional.structured:MatchingPrices",
    "coalitional.structured:SmallestCut",
    "coalitional.weighted_majority:CountingBanzhaf",
    "coalitional.weighted_majority:CountingShapley",
    "epec.diagonalisation:Diagonalisation",
    "epec.pattern_enumeration:PatternEnumeration",
    "generalised.nikaido_isoda:SharedNikaidoIsoda",
    "generalised.shared_multipliers:SharedMultipliers",
    "linear.dual_point:DualPoint",
    "linear.exact_basis:ExactBasis",
    "normal_form.commitment:MixedCommitment",
    "normal_form.commitment:PureCommitment",
    "normal_form.correlated:CoarseCorrelatedProgram",
    "normal_form.correlated:CorrelatedProgram",
    "normal_form.dominance:IteratedDominance",
    "normal_form.extreme:ExtremeEquilibria",
    "normal_form.homotopy:LogitHomotopy",
    "normal_form.lemke_howson:LemkeHowson",
    "normal_form.logit:LogitTracing",
    "normal_form.optimum:BestCell",
    "normal_form.pure:PureEnumeration",
    "normal_form.race:Race",
    "normal_form.subdivision:SupportSubdivision",
    "normal_form.support_enumeration:SupportEnumeration",
    "normal_form.support_search:SupportSearch",
    "normal_form.zero_sum:ZeroSumProgram",
    "pooled.dual_price:DualPrice",
    "pooled.halves:PooledBanzhaf",
    "pooled.halves:PooledShapley",
    "pooled.large_population:LargePopulation",
    "pooled.price_supported:PriceSupported",
    "pooled.tabulate:Tabulate",
    "pricing.loan_price_sweep:LoanPriceSweep",
    "pricing.log_price_sweep:LogPriceSweep",
    "pricing.congested_sweep:CongestedPriceSweep",
    "pricing.price_sweep:PriceSweep",
    "quadratic.all_equilibria:KKTPatterns",
    "quadratic.iterated:IteratedReplies",
    "quadratic.lemke:Lemke",
    "quadratic.nikaido_isoda:NikaidoIsoda",
    "quadratic.optimum:TotalProgramme",
    "quadratic.potential:PotentialProgramme",
    "separation.nearest:SeparationNearestCorePoint",
    "separation.nucleolus:SeparationLeastCore",
    "separation.nucleolus:SeparationNucleolus",
    "separation.nucleolus:SeparationPerCapitaNucleolus",
    "separation.nucleolus:SeparationPerCapitaPrenucleolus",
    "separation.nucleolus:SeparationPrenucleolus",
    "splittable.slot_prices:SlotPrices",
    "splittable.slot_prices:TotalBySlots",
    "price_competition.pure_prices:PurePrices",
    "smooth.best_response:BestReplies",
    "smooth.extragradient:Extragradient",
    "smooth.forward_backward:ForwardBackward",
    "smooth.nikaido_isoda:Relaxation",
    "smooth.own_multipliers:OwnMultipliers",
    "smooth.own_rows:OwnRows",
    "smooth.proximal_aggregate:ProximalAggregate",
    "smooth.variational:JointExtragradient",
    "smooth.variational:JointForwardBackward",
)

#: (solver, catalogue entry) -> why the solver may decline this game. A pair that does not decline fails.
DECLINED: dict[tuple[str, str], str] = (
    {
        ("aggregative.closed_form:ClosedForm", "sharing_all_at_bounds"): "bounds",
        ("aggregative.closed_form:ClosedForm", "sharing_with_grid"): "outside prices and bounds",
        ("aggregative.closed_form:ClosedForm", "sharing_with_grid_sensitive"): "outside prices and bounds",
        ("aggregative.closed_form:ClosedForm", "sharing_with_grid_stiff"): "outside prices and bounds",
        ("coalitional.partitions:MergeAndSplit", "un_security_council"): "15 players",
        ("quadratic.optimum:TotalProgramme", "facchinei_kanzow_17"): "a total that is not convex, without bounds",
        ("quadratic.iterated:IteratedReplies", "pursuit_evasion"): "an own cost that is not convex",
        ("quadratic.nikaido_isoda:NikaidoIsoda", "pursuit_evasion"): "an own cost that is not convex",
        ("quadratic.potential:PotentialProgramme", "bilinear_saddle"): "no potential",
        ("quadratic.potential:PotentialProgramme", "pursuit_evasion"): "no potential",
        ("quadratic.potential:PotentialProgramme", "quadratic_coordination"): "the potential is not convex",
        ("quadratic.potential:PotentialProgramme", "stable_corners"): "the potential is not convex",
    }
    | {
        ("bilevel.branch_and_bound:ComplementarityBranchAndBound", name): f"it is {word}"
        for name, word in {
            "no_reply_at_all": "infeasible",
            "follower_without_lowest_cost": "infeasible",
            "leader_without_bound": "unbounded",
        }.items()
    }
    | {
        ("bilevel.strong_duality:StrongDuality", name): why
        for why, names in {
            "followers that are not linear": (
                "bard_1988_example_1",
                "degenerate_follower",
                "follower_bound_ignored",
                "leader_without_bound",
                "retailer_and_surplus",
            ),
            "multipliers without a proved bound": (
                "bard_1984_last_corner",
                "bard_1984_first_corner",
                "candler_townsley_1982",
                "haurie_savard_white_1990",
                "ben_ayed_blair_1990",
                "clark_westerberg_1990",
                "bard_1984_in_small_coins",
                "decisions_without_reply",
                "leader_constraint_on_replies",
                "two_pressing_sides",
            ),
            "no optimal reply": ("no_reply_at_all", "follower_without_lowest_cost"),
        }.items()
        for name in names
    }
    | {
        (f"smooth.variational:{solver}", name): "a row that one player need not keep"
        for solver in ("JointExtragradient", "JointForwardBackward")
        for name in ("switching_with_priority", *(f"facchinei_kanzow_{number}" for number in (2, 3, 5, 7, 8)))
    }
    | {
        (f"coalitional.margins:{solver}", name): "nobody adds as much to the others as it has alone or insists on"
        for solver in ("EqualPropensity", "TauCompromise")
        for name in ("apex_of_four", "european_council_1958", "majority_of_three", "prenucleolus_outside_imputations")
    }
    | {
        (f"normal_form.{solver}", entry.name): "not two players"
        for solver in (
            "commitment:MixedCommitment",
            "commitment:PureCommitment",
            "extreme:ExtremeEquilibria",
            "lemke_howson:LemkeHowson",
            "race:Race",
            "support_enumeration:SupportEnumeration",
        )
        for entry in walk.entries("NormalFormGame")
        if len(entry.game.shape) != 2
    }
)

#: Solvers made for a class of games: the entries they solve. They must decline every other entry of their form.
TAKES_ONLY: dict[str, tuple[str, ...]] = {
    **{
        f"coalitional.{solver}": tuple(
            entry.name for entry in walk.entries("CoalitionalGame") if type(entry.game.structure).__name__ == family
        )
        for solver, family in (
            ("closed_forms:AirportNucleolus", "Airport"),
            ("closed_forms:AirportShapley", "Airport"),
            ("closed_forms:GloveShapley", "Glove"),
            ("structured:BankruptcyNucleolus", "Bankruptcy"),
            ("structured:BirdTree", "SpanningTree"),
            ("structured:MatchingPrices", "Assignment"),
            ("structured:SmallestCut", "Flow"),
            ("weighted_majority:CountingBanzhaf", "WeightedMajority"),
            ("weighted_majority:CountingShapley", "WeightedMajority"),
        )
    },
    "normal_form.zero_sum:ZeroSumProgram": tuple(
        entry.name
        for entry in walk.entries("NormalFormGame")
        if len(entry.game.shape) == 2 and len({sum(entry.game.payoff(cell)) for cell in entry.game.profiles()}) == 1
    ),
}

#: (solver, catalogue entry) -> why the solver ends without an answer and says so. A pair that is solved fails.
UNSOLVED: dict[tuple[str, str], str] = {
    ("normal_form.pure:PureEnumeration", entry.name): "no pure equilibrium"
    for entry in walk.entries("NormalFormGame")
    if not _has_pure_equilibrium(entry.game)
} | {
    ("epec.diagonalisation:Diagonalisation", "pang_fukushima_2005"): "there is none",
    ("epec.diagonalisation:Diagonalisation", "hu_ralph_full_line"): "there is none",
    ("normal_form.support_enumeration:SupportEnumeration", "colonel_blotto"): "supports of unequal size",
    ("normal_form.support_enumeration:SupportEnumeration", "morra"): "no pair of supports has a single solution",
    (
        "generalised.nikaido_isoda:SharedNikaidoIsoda",
        "facchinei_kanzow_18",
    ): "a whole set, which polishing cannot pick from",
    ("quadratic.lemke:Lemke", "pursuit_evasion"): "there is none",
    ("price_competition.pure_prices:PurePrices", "bertrand_edgeworth_middle"): "there is none",
    ("smooth.best_response:BestReplies", "pursuit_evasion"): "there is none",
    ("smooth.best_response:BestReplies", "price_of_the_gap"): "replies go round",
    ("smooth.extragradient:Extragradient", "pursuit_evasion"): "there is none",
    ("smooth.forward_backward:ForwardBackward", "pursuit_evasion"): "there is none",
    ("smooth.nikaido_isoda:Relaxation", "pursuit_evasion"): "there is none",
    ("smooth.own_multipliers:OwnMultipliers", "facchinei_kanzow_2"): "own payoffs that are not concave",
    ("smooth.own_rows:OwnRows", "facchinei_kanzow_2"): "own payoffs that are not concave",
    ("smooth.own_rows:OwnRows", "facchinei_kanzow_3"): "replies run away",
    ("smooth.nikaido_isoda:Relaxation", "two_peaks"): "replies jump from peak to peak",
    ("quadratic.iterated:IteratedReplies", "bilinear_saddle"): "replies to a linear cost jump",
}

#: Solvers that solve no game of the catalogue, and the test that exercises them instead.
NO_ENTRY: dict[str, str] = {}

#: Game forms without a strategy in tests/strategies.py, and the test with random games of that form.
NO_RANDOM: dict[str, str] = {
    "AffineGame": "tests/solvers/test_affine.py",
    "GeneralisedGame": "tests/solvers/test_generalised.py",
    "LinearGame": "tests/models/test_storage_coalition.py",
    "LoanPricingGame": "tests/models/test_loans.py",
    "LogPricingGame": "tests/solvers/pricing/test_log_price_sweep.py",
    "CongestedPricingGame": "tests/models/test_multi_microgrid.py",
    "MultiLeaderGame": "tests/solvers/epec/test_multi_leader.py",
    "PooledLoads": "tests/solvers/pooled/test_loads.py",
    "StackelbergGame": "tests/solvers/bilevel/test_branch_and_bound.py",
    "AggregativeGame": "tests/solvers/test_smooth.py",
    "PopulationGame": "tests/solvers/test_smooth.py",
    "PriceCompetition": "tests/solvers/test_price_competition.py",
    "QuadraticGame": "tests/solvers/test_quadratic.py",
    "SplittableGame": "tests/solvers/test_splittable.py",
    "SmoothGame": "tests/solvers/test_smooth.py",
    "SmoothGeneralisedGame": "tests/solvers/test_smooth.py",
}

#: Game forms with irrational payoffs -> the widest bound a certificate may leave. All other claims are exact.
ENCLOSED: dict[str, Fraction] = {"LogPricingGame": Fraction(1, 10**40)}

#: Pairs that take more than about three seconds; `.ci/run` runs them.
SLOW: frozenset[tuple[str, str]] = frozenset(
    {
        ("normal_form.subdivision:SupportSubdivision", "rock_paper_scissors_lizard_spock"),
        ("normal_form.subdivision:SupportSubdivision", "savani_von_stengel_6"),
        ("normal_form.subdivision:SupportSubdivision", "travellers_dilemma"),
        ("normal_form.support_search:SupportSearch", "savani_von_stengel_6"),
        ("normal_form.subdivision:SupportSubdivision", "von_stengel_75"),
    }
)

#: Every model, as ``module:Class`` below ``gametheory.models``.
MODELS: tuple[str, ...] = (
    "trading_agents:TradingAgents",
    "iterative_auction:IterativeAuction",
    "contract_network:ContractNetwork",
    "kelly:KellyAllocation",
    "bilevel_pricing:BilevelPricing",
    "multi_microgrid:MultiMicrogrid",
    "storage_operator:StorageOperator",
    "storage_sharing:StorageSharing",
    "bilateral_market:BilateralMarket",
    "dual_clearing:DualClearing",
    "trading_losses:LossyTrade",
    "worst_distribution:WorstDistribution",
    "day_ahead_bid:DayAheadBid",
    "information_gap:InformationGap",
    "benefit_sharing:BenefitSharing",
    "reverse_auction:ReverseAuction",
    "robust_aggregator:RobustAggregator",
    "energy_tokens:EnergyTokens",
    "usage_charge:UsageCharge",
    "loans:Loans",
    "proportional_allocation:ProportionalAllocation",
    "motivation:Motivation",
    "multi_energy:MultiEnergy",
    "price_selection:PriceSelection",
    "replicator:Replicator",
    "retailer:Retailer",
    "distribution_operator:DistributionOperator",
    "strategic_aggregator:StrategicAggregator",
    "utility_companies:UtilityCompanies",
    "cournot:Cournot",
    "ev_charging:EVCharging",
    "direct_trading:DirectTrading",
    "energy_sharing:EnergySharing",
    "microgrid_operator:MicrogridOperator",
    "operator_pricing:OperatorPricing",
    "pooled_community:PooledCommunity",
    "repeated_demand_response:RepeatedDemandResponse",
    "storage_auction:StorageAuction",
    "storage_coalition:StorageCoalition",
)

#: Models that do not lower themselves to a game, and why.
FORMULAS: dict[str, str] = {
    "trading_agents:TradingAgents": "agents follow a rule",
    "iterative_auction:IterativeAuction": "traders take the answer as given",
    "bilateral_market:BilateralMarket": "the welfare optimum of price takers",
    "dual_clearing:DualClearing": "agents take the price as given",
    "trading_losses:LossyTrade": "one welfare programme",
    "worst_distribution:WorstDistribution": "nature is no player",
    "day_ahead_bid:DayAheadBid": "one decision maker against chance",
    "information_gap:InformationGap": "one decision maker against uncertainty",
    "benefit_sharing:BenefitSharing": "a rule for one outcome",
    "reverse_auction:ReverseAuction": "a Bayesian game has no data form yet",
    "robust_aggregator:RobustAggregator": "nature is no player",
    "energy_tokens:EnergyTokens": "a price without arbitrage",
    "motivation:Motivation": "tests on outcomes of other games",
    "price_selection:PriceSelection": "a rest point of two dynamics",
    "replicator:Replicator": "payoffs are a function of the shares",
    "utility_companies:UtilityCompanies": "many leaders and many followers have no data form yet",
    "repeated_demand_response:RepeatedDemandResponse": "an infinitely repeated game has no finite data form",
}
