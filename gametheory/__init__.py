"""Certified game theory for communities of prosumers who trade energy with each other.

A community comes in at the bottom, becomes a game, the game gets a solution, the solution gets a certificate, and a
report leaves at the top. The public names are imported when they are first used, so ``import gametheory`` is quick.

>>> import gametheory as gt
>>> game = gt.NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
>>> gt.nash_equilibrium(game).certificate.strength.value
'exact'
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import TYPE_CHECKING, Any

from gametheory._version import __version__

if TYPE_CHECKING:
    from gametheory.catalogue import catalogue as catalogue
    from gametheory.certificates import certify as certify
    from gametheory.certificates import regret as regret
    from gametheory.concepts import aumann_dreze_value as aumann_dreze_value
    from gametheory.concepts import banzhaf_value as banzhaf_value
    from gametheory.concepts import best_response as best_response
    from gametheory.concepts import characteristic_function as characteristic_function
    from gametheory.concepts import coalition_properties as coalition_properties
    from gametheory.concepts import coalitional_game as coalitional_game
    from gametheory.concepts import core as core
    from gametheory.concepts import core_check as core_check
    from gametheory.concepts import gately_point as gately_point
    from gametheory.concepts import joining_effect as joining_effect
    from gametheory.concepts import kernel_point as kernel_point
    from gametheory.concepts import least_core as least_core
    from gametheory.concepts import nash_equilibrium as nash_equilibrium
    from gametheory.concepts import nearest_core_point as nearest_core_point
    from gametheory.concepts import nucleolus as nucleolus
    from gametheory.concepts import per_capita_nucleolus as per_capita_nucleolus
    from gametheory.concepts import per_capita_prenucleolus as per_capita_prenucleolus
    from gametheory.concepts import prekernel_point as prekernel_point
    from gametheory.concepts import prenucleolus as prenucleolus
    from gametheory.concepts import shapley_value as shapley_value
    from gametheory.concepts import social_optimum as social_optimum
    from gametheory.concepts import stable_partition as stable_partition
    from gametheory.concepts import stackelberg_equilibria as stackelberg_equilibria
    from gametheory.concepts import stackelberg_equilibrium as stackelberg_equilibrium
    from gametheory.concepts import tau_value as tau_value
    from gametheory.concepts import variational_equilibrium as variational_equilibrium
    from gametheory.derivation import derive as derive
    from gametheory.domain.assets.battery import Battery as Battery
    from gametheory.domain.community import Community as Community
    from gametheory.efficiency.market_power import market_power as market_power
    from gametheory.efficiency.price_of_anarchy import price_of_anarchy as price_of_anarchy
    from gametheory.efficiency.price_of_anarchy import price_of_stability as price_of_stability
    from gametheory.games.coalitional import CoalitionalGame as CoalitionalGame
    from gametheory.study import Study as Study
    from gametheory.study import study as study

#: Public name -> (module, attribute). An empty attribute means the module itself.
_PUBLIC: dict[str, tuple[str, str]] = {
    # the energy park
    "Battery": ("gametheory.domain.assets.battery", "Battery"),
    "Community": ("gametheory.domain.community", "Community"),
    "Prosumer": ("gametheory.domain.prosumer", "Prosumer"),
    "Tariff": ("gametheory.domain.tariff", "Tariff"),
    # games
    "AggregativeGame": ("gametheory.games.aggregate", "AggregativeGame"),
    "PopulationGame": ("gametheory.games.population", "PopulationGame"),
    "PriceCompetition": ("gametheory.games.price_competition", "PriceCompetition"),
    "SmoothGame": ("gametheory.games.smooth", "SmoothGame"),
    "ContinuousGame": ("gametheory.games.continuous", "ContinuousGame"),
    "CoalitionalGame": ("gametheory.games.coalitional", "CoalitionalGame"),
    "NormalFormGame": ("gametheory.games.normal_form", "NormalFormGame"),
    "GeneralisedGame": ("gametheory.games.generalised", "GeneralisedGame"),
    "QuadraticGame": ("gametheory.games.quadratic", "QuadraticGame"),
    "MultiLeaderGame": ("gametheory.games.multi_leader", "MultiLeaderGame"),
    "StackelbergGame": ("gametheory.games.stackelberg", "StackelbergGame"),
    "markets": ("gametheory.markets", ""),
    "models": ("gametheory.models", ""),
    "catalogue": ("gametheory.catalogue", "catalogue"),
    # concepts
    "banzhaf_value": ("gametheory.concepts", "banzhaf_value"),
    "best_response": ("gametheory.concepts", "best_response"),
    "characteristic_function": ("gametheory.concepts", "characteristic_function"),
    "core": ("gametheory.concepts", "core"),
    "core_check": ("gametheory.concepts", "core_check"),
    "coarse_correlated_equilibrium": ("gametheory.concepts", "coarse_correlated_equilibrium"),
    "correlated_equilibrium": ("gametheory.concepts", "correlated_equilibrium"),
    "dominance": ("gametheory.concepts", "dominance"),
    "least_core": ("gametheory.concepts", "least_core"),
    "nash_equilibria": ("gametheory.concepts", "nash_equilibria"),
    "nash_equilibrium": ("gametheory.concepts", "nash_equilibrium"),
    "nucleolus": ("gametheory.concepts", "nucleolus"),
    "per_capita_nucleolus": ("gametheory.concepts", "per_capita_nucleolus"),
    "per_capita_prenucleolus": ("gametheory.concepts", "per_capita_prenucleolus"),
    "kernel_point": ("gametheory.concepts", "kernel_point"),
    "prekernel_point": ("gametheory.concepts", "prekernel_point"),
    "tau_value": ("gametheory.concepts", "tau_value"),
    "gately_point": ("gametheory.concepts", "gately_point"),
    "aumann_dreze_value": ("gametheory.concepts", "aumann_dreze_value"),
    "coalition_properties": ("gametheory.concepts", "coalition_properties"),
    "coalitional_game": ("gametheory.concepts", "coalitional_game"),
    "joining_effect": ("gametheory.concepts", "joining_effect"),
    "stable_partition": ("gametheory.concepts", "stable_partition"),
    "nearest_core_point": ("gametheory.concepts", "nearest_core_point"),
    "prenucleolus": ("gametheory.concepts", "prenucleolus"),
    "quantal_response_equilibrium": ("gametheory.concepts", "quantal_response_equilibrium"),
    "shapley_value": ("gametheory.concepts", "shapley_value"),
    "social_optimum": ("gametheory.concepts", "social_optimum"),
    "stackelberg_equilibria": ("gametheory.concepts", "stackelberg_equilibria"),
    "stackelberg_equilibrium": ("gametheory.concepts", "stackelberg_equilibrium"),
    "variational_equilibrium": ("gametheory.concepts", "variational_equilibrium"),
    "market_power": ("gametheory.efficiency.market_power", "market_power"),
    "price_of_anarchy": ("gametheory.efficiency.price_of_anarchy", "price_of_anarchy"),
    "price_of_stability": ("gametheory.efficiency.price_of_anarchy", "price_of_stability"),
    # files and neighbours
    "neighbours": ("gametheory.io.neighbours", ""),
    "read_game": ("gametheory.io.games", "read_game"),
    "write_game": ("gametheory.io.games", "write_game"),
    "batch_equilibria": ("gametheory.solvers.normal_form.batch", "batch_equilibria"),
    # learning
    "best_response_dynamics": ("gametheory.simulation.learning", "best_response_dynamics"),
    "exact_potential": ("gametheory.solvers.normal_form.potential", "exact_potential"),
    "fictitious_play": ("gametheory.simulation.learning", "fictitious_play"),
    "replicator": ("gametheory.simulation.learning", "replicator"),
    # checking
    "certify": ("gametheory.certificates", "certify"),
    "regret": ("gametheory.certificates", "regret"),
    "Certificate": ("gametheory.result", "Certificate"),
    "Concept": ("gametheory.result", "Concept"),
    "Solution": ("gametheory.result", "Solution"),
    "Status": ("gametheory.result", "Status"),
    # the main job
    "Study": ("gametheory.study", "Study"),
    "study": ("gametheory.study", "study"),
    "derive": ("gametheory.derivation", "derive"),
    "errors": ("gametheory.errors", ""),
}

__all__ = ["__version__", *sorted(_PUBLIC)]


def __getattr__(name: str) -> Any:
    try:
        module_name, attribute = _PUBLIC[name]
    except KeyError:
        raise AttributeError(f"module 'gametheory' has no attribute {name!r}") from None
    module = importlib.import_module(module_name)
    value = getattr(module, attribute) if attribute else module
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Front(types.ModuleType):
    """Keeps ``gt.study`` the function when the import system binds the submodule of the same name."""

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, types.ModuleType) and _PUBLIC.get(name, ("", ""))[1]:
            return
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Front
