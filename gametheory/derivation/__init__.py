"""From a model's own formula to first-order conditions, fixed points and closed forms, step by step in SymPy.

What teachers show and what ``proofs/`` decides: each line carries the expressions that vanish if it is right.
"""

from __future__ import annotations

import importlib
from typing import Any

from gametheory.derivation.steps import Derivation, Line
from gametheory.errors import UnsupportedGame

__all__ = ["DERIVATIONS", "Derivation", "Line", "derive"]

#: Class name of a model -> the module of this folder whose function ``derivation`` gives its steps.
DERIVATIONS: dict[str, str] = {
    "Retailer": "retailer",
    "UtilityCompanies": "utility_companies",
    "Cournot": "cournot",
    "EVCharging": "ev_charging",
    "DirectTrading": "direct_trading",
    "EnergySharing": "energy_sharing",
    "MicrogridOperator": "microgrid_operator",
    "PooledCommunity": "pooled_community",
    "RepeatedDemandResponse": "repeated_demand_response",
}


def derive(model: Any) -> Derivation:
    """Return the derivation of a model: payoff, best response, fixed point, closed form, second-order condition.

    The steps hold for all parameters of the printed domain, so a model's own numbers do not enter.

    Parameters
    ----------
    model
        A model, its class, or the name of its class.

    Raises
    ------
    UnsupportedGame
        There is no derivation for this model; the message names those that have one.

    Examples
    --------
    >>> from gametheory.models.repeated_demand_response import RepeatedDemandResponse
    >>> [line.title for line in derive(RepeatedDemandResponse)][:3]
    ['Stage cost', 'Best response', 'Second-order condition']
    """
    name = model if isinstance(model, str) else model.__name__ if isinstance(model, type) else type(model).__name__
    if name not in DERIVATIONS:
        raise UnsupportedGame(f"no derivation for {name!r}; there is one for {', '.join(sorted(DERIVATIONS))}")
    module = importlib.import_module(f"gametheory.derivation.{DERIVATIONS[name]}")
    result: Derivation = module.derivation()
    return result
