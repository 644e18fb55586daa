"""Does a study say of each quantity the claim that it follows from, and of each structure how it ended?"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from gametheory.efficiency.comparison import Sensitivity, Structure, Study
from gametheory.result import Status

__all__ = ["wrong_words"]

#: Splits of the coalition's cost that are claims of their own, and those that a rule settles.
_SPLITS = ("shapley_value", "nucleolus", "price_supported")
_RULES = ("mid_market_rate", "supply_demand_ratio", "bill_sharing")
_WHOLE = {"alone": "alone/*", "sharing": "sharing/equilibrium", "operator": "operator/equilibrium"}


def wrong_words(study: Study) -> Iterator[str]:
    """Yield a sentence for each structure, outcome and claim that is not named as the study names it."""
    for structure in study.structures:
        yield from _ending(structure)
        if structure.outcomes:
            yield from _names(structure)
            yield from _claims(structure, study.checks)
    for varied in study.sensitivities:
        yield from _varied(varied)


def _ending(structure: Structure) -> Iterator[str]:
    """A structure is solved and has outcomes, or is not applicable, says why, and states no amount."""
    name, why = structure.name, f"{structure.status} {structure.reason}".strip()
    if structure.outcomes:
        if structure.status is not Status.SOLVED or structure.reason:
            yield f"{name}: it has outcomes, and is said to be {why}"
        if (structure.price_of_anarchy is None) != bool(structure.price_of_anarchy_reason):
            yield f"{name}: it states a price of anarchy, or a reason why there is none"
        return
    if structure.status is not Status.NOT_APPLICABLE or not structure.reason:
        yield f"{name}: it has no outcome, and is said to be {why}"
    amounts = (structure.social_cost, structure.loss, structure.share_of_gain, structure.price_of_anarchy)
    if any(amount is not None for amount in amounts) or structure.prices or structure.grid_energy:
        yield f"{name}: it states amounts without an outcome"


def _names(structure: Structure) -> Iterator[str]:
    names = [outcome.name for outcome in structure.outcomes]
    known = (*_SPLITS, *_RULES) if structure.name == "coalition" else (structure.name,)
    if len(set(names)) != len(names) or not set(names) <= set(known):
        yield f"{structure.name}: its outcomes are {', '.join(names)}; they are some of {', '.join(known)}, each once"


def _claims(structure: Structure, checks: Container[str]) -> Iterator[str]:
    name = structure.name
    whole = _WHOLE.get(name, "optimum")
    quantities = ("social_cost",) if name == "alone" else ("social_cost", "prices", "grid_energy")
    yield from _same(name, structure.checks, dict.fromkeys(quantities, whole))
    for outcome in structure.outcomes:
        own = f"coalition/{outcome.name}" if outcome.name in _SPLITS else f"{outcome.name}/settlement"
        keys = {"bills": whole if name in ("alone", "optimum") else own, "discomforts": whole, "net_costs": whole}
        if outcome.name in _SPLITS:
            keys["net_costs"] = own
        leaving = f"leaving/{outcome.name}"
        if leaving in checks:
            keys |= dict.fromkeys(("singles", "blocking", "grand"), leaving)
        else:
            keys |= {"singles": "alone/*", "grand": "optimum"}
            if outcome.blocking:
                yield f"{outcome.name}: coalitions that would leave are stated, and no claim says so"
        yield from _same(outcome.name, outcome.checks, keys)


def _varied(varied: Sensitivity) -> Iterator[str]:
    label = f"{varied.assumption} x {varied.factor}"
    ends = {**_WHOLE, "optimum": "optimum"}
    keys = {name: f"{label}/{ends[name]}" for name in varied.social_costs if name in ends}
    yield from _same(label, varied.checks, keys)


def _same(what: str, stated: Mapping[str, str], keys: Mapping[str, str]) -> Iterator[str]:
    if dict(stated) != dict(keys):
        yield f"{what}: its amounts are said to follow from other claims than they do"
