"""Independent checkers: each judges a claim from the definition and shares nothing with the solvers.

A checker is a function ``check(game, profile, *, epsilon, witness) -> Certificate``. `CHECKERS` says which one judges
which concept of which game form; nothing registers itself.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import exact
from gametheory.errors import InputError, NoChecker
from gametheory.games.base import lower
from gametheory.result import Certificate, Concept, Solution, Strength

__all__ = ["CHECKERS", "certify", "regret"]

#: (name of the game form, concept) -> "module:function", imported when first needed.
CHECKERS: dict[tuple[str, Concept], str] = {
    ("CoalitionalGame", Concept.AUMANN_DREZE): "gametheory.certificates.partitions:check_aumann_dreze",
    ("AuctionGame", Concept.NASH): "gametheory.certificates.auction:check_nash_equilibrium",
    ("Clearing", Concept.CLEARING): "gametheory.certificates.clearing:check_clearing",
    ("CoalitionalGame", Concept.BANZHAF): "gametheory.certificates.values:check_banzhaf",
    ("CoalitionalGame", Concept.CORE): "gametheory.certificates.core:check_core",
    ("CoalitionalGame", Concept.CORE_CHECK): "gametheory.certificates.core:check_stability",
    ("CoalitionalGame", Concept.GATELY): "gametheory.certificates.margins:check_gately",
    ("CoalitionalGame", Concept.KERNEL): "gametheory.certificates.margins:check_kernel",
    ("CoalitionalGame", Concept.LEAST_CORE): "gametheory.certificates.nucleolus:check_least_core",
    ("CoalitionalGame", Concept.NEAREST_CORE): "gametheory.certificates.projection:check_nearest_core_point",
    ("CoalitionalGame", Concept.NUCLEOLUS): "gametheory.certificates.nucleolus:check_nucleolus",
    ("CoalitionalGame", Concept.PRENUCLEOLUS): "gametheory.certificates.nucleolus:check_prenucleolus",
    ("CoalitionalGame", Concept.PER_CAPITA_NUCLEOLUS): "gametheory.certificates.nucleolus:check_per_capita_nucleolus",
    ("CoalitionalGame", Concept.PER_CAPITA_PRENUCLEOLUS): (
        "gametheory.certificates.nucleolus:check_per_capita_prenucleolus"
    ),
    ("CoalitionalGame", Concept.PREKERNEL): "gametheory.certificates.margins:check_prekernel",
    ("CoalitionalGame", Concept.SHAPLEY): "gametheory.certificates.values:check_shapley",
    ("CoalitionalGame", Concept.STABLE_PARTITION): "gametheory.certificates.partitions:check_stable_partition",
    ("CoalitionalGame", Concept.TAU): "gametheory.certificates.margins:check_tau",
    **{
        (form, concept): f"gametheory.certificates.separated_levels:{function}"
        for form in ("LinearGame", "PooledGame")
        for concept, function in (
            (Concept.LEAST_CORE, "check_least_core"),
            (Concept.NEAREST_CORE, "check_nearest_core_point"),
            (Concept.NUCLEOLUS, "check_nucleolus"),
            (Concept.PRENUCLEOLUS, "check_prenucleolus"),
            (Concept.PER_CAPITA_NUCLEOLUS, "check_per_capita_nucleolus"),
            (Concept.PER_CAPITA_PRENUCLEOLUS, "check_per_capita_prenucleolus"),
        )
    },
    ("LinearGame", Concept.OPTIMUM): "gametheory.certificates.linear:check_social_optimum",
    ("LinearGame", Concept.CORE_CHECK): "gametheory.certificates.separated_core:check_stability",
    ("LinearGame", Concept.CORE): "gametheory.certificates.linear:check_core_membership",
    ("PooledGame", Concept.SHAPLEY): "gametheory.certificates.pooled_values:check_shapley",
    ("PooledLoads", Concept.CORE): "gametheory.certificates.pooled_loads:check_core_membership",
    ("PooledLoads", Concept.SHAPLEY): "gametheory.certificates.pooled_values:check_shapley",
    ("PooledLoads", Concept.BANZHAF): "gametheory.certificates.pooled_values:check_banzhaf",
    ("PooledGame", Concept.BANZHAF): "gametheory.certificates.pooled_values:check_banzhaf",
    ("PooledGame", Concept.OPTIMUM): "gametheory.certificates.pooled:check_social_optimum",
    ("PooledGame", Concept.CORE): "gametheory.certificates.pooled:check_core_membership",
    ("PooledGame", Concept.CHARACTERISTIC): "gametheory.certificates.pooled_table:check_characteristic",
    ("LoanPricingGame", Concept.STACKELBERG): "gametheory.certificates.loan_pricing:check_loan_price",
    ("LogPricingGame", Concept.STACKELBERG): "gametheory.certificates.log_pricing:check_log_prices",
    ("CongestedPricingGame", Concept.STACKELBERG): "gametheory.certificates.congested_prices:check_congested_prices",
    ("PooledGame", Concept.CORE_CHECK): "gametheory.certificates.pooled_stability:check_stability",
    ("NormalFormGame", Concept.STACKELBERG): "gametheory.certificates.commitment:check_commitment",
    ("MultiLeaderGame", Concept.STACKELBERG): "gametheory.certificates.multi_leader:check_equilibrium",
    ("MultiLeaderGame", Concept.STACKELBERG_SET): "gametheory.certificates.multi_leader_set:check_equilibria",
    ("StackelbergGame", Concept.STACKELBERG): "gametheory.certificates.bilevel:check_stackelberg",
    ("PricingGame", Concept.STACKELBERG): "gametheory.certificates.pricing:check_operator_prices",
    ("DemandBiddingGame", Concept.NASH): "gametheory.certificates.demand_bidding:check_nash_equilibrium",
    ("Settlement", Concept.SETTLEMENT): "gametheory.certificates.settlement:check_settlement",
    ("NormalFormGame", Concept.NASH): "gametheory.certificates.normal_form:check_nash_equilibrium",
    ("NormalFormGame", Concept.CORRELATED): "gametheory.certificates.correlated:check_correlated_equilibrium",
    (
        "NormalFormGame",
        Concept.COARSE_CORRELATED,
    ): "gametheory.certificates.correlated:check_coarse_correlated_equilibrium",
    ("NormalFormGame", Concept.DOMINANCE): "gametheory.certificates.dominance:check_dominance",
    ("NormalFormGame", Concept.OPTIMUM): "gametheory.certificates.finite_ratio:check_social_optimum",
    ("NormalFormGame", Concept.PRICE_OF_ANARCHY): "gametheory.certificates.finite_ratio:check_price_of_anarchy",
    ("NormalFormGame", Concept.PRICE_OF_STABILITY): "gametheory.certificates.finite_ratio:check_price_of_stability",
    (
        "NormalFormGame",
        Concept.QUANTAL_RESPONSE,
    ): "gametheory.certificates.quantal_response:check_quantal_response_equilibrium",
    ("NormalFormGame", Concept.NASH_SET): "gametheory.certificates.normal_form_set:check_nash_equilibria",
    ("GeneralisedGame", Concept.NASH): "gametheory.certificates.generalised:check_generalised_equilibrium",
    ("GeneralisedGame", Concept.VARIATIONAL): "gametheory.certificates.generalised:check_variational_equilibrium",
    ("AffineGame", Concept.NASH): "gametheory.certificates.affine:check_generalised_equilibrium",
    ("AffineGame", Concept.VARIATIONAL): "gametheory.certificates.affine:check_variational_equilibrium",
    ("SplittableGame", Concept.NASH): "gametheory.certificates.splittable:check_nash_equilibrium",
    ("SplittableGame", Concept.OPTIMUM): "gametheory.certificates.splittable:check_social_optimum",
    ("SplittableGame", Concept.PRICE_OF_ANARCHY): "gametheory.certificates.splittable_ratio:check_price_of_anarchy",
    ("SplittableGame", Concept.PRICE_OF_STABILITY): (
        "gametheory.certificates.splittable_ratio:check_price_of_stability"
    ),
    ("AggregativeGame", Concept.NASH): "gametheory.certificates.smooth:check_nash_equilibrium",
    ("PriceCompetition", Concept.NASH): "gametheory.certificates.price_competition:check_nash_equilibrium",
    ("PopulationGame", Concept.NASH): "gametheory.certificates.population:check_nash_equilibrium",
    ("SmoothGame", Concept.NASH): "gametheory.certificates.smooth:check_nash_equilibrium",
    ("SmoothGeneralisedGame", Concept.NASH): "gametheory.certificates.smooth_generalised:check_generalised_equilibrium",
    (
        "SmoothGeneralisedGame",
        Concept.VARIATIONAL,
    ): "gametheory.certificates.smooth_generalised:check_variational_equilibrium",
    ("GeneralisedGame", Concept.OPTIMUM): "gametheory.certificates.generalised_ratio:check_social_optimum",
    ("GeneralisedGame", Concept.PRICE_OF_ANARCHY): "gametheory.certificates.generalised_ratio:check_price_of_anarchy",
    ("GeneralisedGame", Concept.PRICE_OF_STABILITY): (
        "gametheory.certificates.generalised_ratio:check_price_of_stability"
    ),
    ("QuadraticGame", Concept.NASH): "gametheory.certificates.quadratic:check_nash_equilibrium",
    ("QuadraticGame", Concept.NASH_SET): "gametheory.certificates.quadratic_set:check_nash_equilibria",
    ("QuadraticGame", Concept.PRICE_OF_ANARCHY): "gametheory.certificates.quadratic_ratio:check_price_of_anarchy",
    ("QuadraticGame", Concept.PRICE_OF_STABILITY): "gametheory.certificates.quadratic_ratio:check_price_of_stability",
    ("QuadraticGame", Concept.OPTIMUM): "gametheory.certificates.quadratic:check_social_optimum",
}


def certify(
    subject: Any,
    profile: Any = None,
    *,
    concept: Concept | str | None = None,
    epsilon: Any = 0,
    witness: Mapping[str, Any] | None = None,
) -> Certificate:
    """Judge a solution again, or a user's own candidate for a game.

    Parameters
    ----------
    subject
        A :class:`~gametheory.result.Solution`, or a game or model.
    profile
        The candidate, in the form that the game's solutions carry in ``.profile`` (only with a game).
    concept
        What is claimed of it, for example ``"nash_equilibrium"``. With a solution, its own concept.
    epsilon
        The regret or excess claimed; 0 claims exactness.
    witness
        Data that helps the checker; never trusted.

    Raises
    ------
    NoChecker
        No certificate exists for this game form and concept.
    InputError
        The profile does not fit the game.
    """
    if isinstance(subject, Solution):
        game, profile, concept = subject.game, subject.profile, subject.concept
        epsilon, witness = subject.epsilon, subject.witness
    else:
        game = lower(subject)
    form = type(game).__name__
    if concept is None:
        concept = _default_concept(form)
    try:
        place = CHECKERS[form, Concept(concept)]
    except (KeyError, ValueError):
        known = ", ".join(sorted(c.value for f, c in CHECKERS if f == form)) or "none"
        raise NoChecker(
            f"no certificate for concept {str(concept)!r} of a {form}; known for this form: {known}"
        ) from None
    if exact(epsilon, what="epsilon") < 0:
        raise InputError(f"epsilon {epsilon} is negative: no regret is; give 0, or what may be left over")
    module, function = place.split(":")
    check = getattr(importlib.import_module(module), function)
    found: Certificate = check(game, profile, epsilon=epsilon, witness=witness or {})
    return found if not isinstance(subject, Solution) else _with_what_is_stated(subject, found)


def _with_what_is_stated(solution: Solution, found: Certificate) -> Certificate:
    """Refute a true claim whose solution states other figures than follow from it."""
    from gametheory.certificates.stated import disagreements

    wrong = () if found.strength is Strength.REFUTED else disagreements(solution, found)
    if not wrong:
        return found
    return Certificate(
        strength=Strength.REFUTED,
        claim=f"what is stated beside the profile follows from it: no, {', '.join(wrong)} does not",
        bound=found.bound,
        witness={"stated": wrong, "judged": found.claim},
        epsilon=found.epsilon,
    )


def regret(game: Any, profile: Any) -> Fraction:
    """Return the largest gain that any player gets by deviating alone: exact, 0 at a Nash equilibrium.

    The gain of each player stands in ``certify(game, profile).witness["regrets"]``.
    """
    certificate = certify(game, profile, concept=_default_concept(type(lower(game)).__name__))
    if "violated" in certificate.witness:
        raise InputError(f"{certificate.claim}; regret is defined for feasible profiles")
    return certificate.bound  # type: ignore[no-any-return]


def _default_concept(form: str) -> Concept:
    if (form, Concept.NASH) in CHECKERS:
        return Concept.NASH
    if (form, Concept.STACKELBERG_SET) in CHECKERS:
        return Concept.STACKELBERG
    concepts = [c for f, c in CHECKERS if f == form]
    if len(concepts) == 1:
        return concepts[0]
    raise NoChecker(f"say what is claimed of this {form}: concept={' or '.join(map(repr, map(str, concepts)))}")
