"""The words of a result: what was asked, how it ended, how it was decided."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Concept", "Status", "Strength"]


class Concept(StrEnum):
    """The solution concepts, by the field's names; each is also the name of its front-door function."""

    NASH = "nash_equilibrium"
    NASH_SET = "nash_equilibria"
    VARIATIONAL = "variational_equilibrium"
    CORRELATED = "correlated_equilibrium"
    COARSE_CORRELATED = "coarse_correlated_equilibrium"
    QUANTAL_RESPONSE = "quantal_response_equilibrium"
    STACKELBERG = "stackelberg_equilibrium"
    STACKELBERG_SET = "stackelberg_equilibria"
    OPTIMUM = "social_optimum"
    PRICE_OF_ANARCHY = "price_of_anarchy"
    PRICE_OF_STABILITY = "price_of_stability"
    BEST_RESPONSE = "best_response"
    DOMINANCE = "dominance"
    SHAPLEY = "shapley_value"
    BANZHAF = "banzhaf_value"
    CORE = "core"
    CORE_CHECK = "core_check"
    LEAST_CORE = "least_core"
    NEAREST_CORE = "nearest_core_point"
    NUCLEOLUS = "nucleolus"
    PRENUCLEOLUS = "prenucleolus"
    PER_CAPITA_NUCLEOLUS = "per_capita_nucleolus"
    PER_CAPITA_PRENUCLEOLUS = "per_capita_prenucleolus"
    TAU = "tau_value"
    AUMANN_DREZE = "aumann_dreze_value"
    STABLE_PARTITION = "stable_partition"
    GATELY = "gately_point"
    KERNEL = "kernel_point"
    PREKERNEL = "prekernel_point"
    CHARACTERISTIC = "characteristic_function"
    SETTLEMENT = "settlement"
    CLEARING = "clearing"


class Status(StrEnum):
    """How a computation ended."""

    SOLVED = "solved"
    NOT_CONVERGED = "not converged"
    CYCLE = "cycle"
    NO_EQUILIBRIUM_FOUND = "no equilibrium found"
    NOT_APPLICABLE = "not applicable"

    @property
    def advice(self) -> str:
        """What to do about it, in a sentence."""
        return _ADVICE[self]


_ADVICE = {
    Status.SOLVED: "The certificate says how sure the answer is.",
    Status.NOT_CONVERGED: "The last iterate is returned; raise the iteration limit, damp, or try another solver=.",
    Status.CYCLE: "The replies come round again; give another start, or ask for all equilibria: there may be none.",
    Status.NO_EQUILIBRIUM_FOUND: "No point passed the check; an equilibrium may not exist. The witness is a deviation.",
    Status.NOT_APPLICABLE: "The rule is not defined on this data; the message names the step.",
}


class Strength(StrEnum):
    """How a claim was decided."""

    EXACT = "exact"
    BOUNDED = "bounded"
    STATISTICAL = "statistical"
    REFUTED = "refuted"
