"""The front doors, by the field's names. Each takes the game first and everything else by keyword.

A folder and not one file: non-cooperative, leader-follower and coalition concepts each have their own page.
"""

from __future__ import annotations

from gametheory.concepts.coalition_structure import (
    aumann_dreze_value,
    coalition_properties,
    joining_effect,
    stable_partition,
)
from gametheory.concepts.coalitions import (
    banzhaf_value,
    core,
    gately_point,
    kernel_point,
    least_core,
    nearest_core_point,
    nucleolus,
    per_capita_nucleolus,
    per_capita_prenucleolus,
    prekernel_point,
    prenucleolus,
    shapley_value,
    tau_value,
)
from gametheory.concepts.correlated import coarse_correlated_equilibrium, correlated_equilibrium
from gametheory.concepts.dominance import dominance
from gametheory.concepts.equilibria import best_response, nash_equilibria, nash_equilibrium
from gametheory.concepts.generalised import variational_equilibrium
from gametheory.concepts.leaders import stackelberg_equilibria, stackelberg_equilibrium
from gametheory.concepts.optimum import characteristic_function, coalitional_game, social_optimum
from gametheory.concepts.quantal import quantal_response_equilibrium
from gametheory.concepts.stability import core_check

__all__ = [
    "aumann_dreze_value",
    "banzhaf_value",
    "best_response",
    "characteristic_function",
    "coalition_properties",
    "coalitional_game",
    "coarse_correlated_equilibrium",
    "core",
    "core_check",
    "correlated_equilibrium",
    "dominance",
    "gately_point",
    "joining_effect",
    "kernel_point",
    "least_core",
    "nearest_core_point",
    "nash_equilibria",
    "nash_equilibrium",
    "nucleolus",
    "per_capita_nucleolus",
    "per_capita_prenucleolus",
    "prekernel_point",
    "prenucleolus",
    "quantal_response_equilibrium",
    "shapley_value",
    "social_optimum",
    "stable_partition",
    "stackelberg_equilibria",
    "stackelberg_equilibrium",
    "variational_equilibrium",
    "tau_value",
]
