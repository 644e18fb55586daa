"""The amounts of a study that follow from others by arithmetic: do they?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from gametheory.efficiency.comparison import Outcome, Structure, Study
from gametheory.efficiency.follows import claim_differences
from gametheory.result import Certificate

__all__ = ["differences"]

_ZERO = Fraction(0)


def differences(study: Study, found: Mapping[str, Certificate]) -> tuple[str, ...]:
    """Return a sentence for each derived amount that is not what the others make it; none where all agree.

    `found` holds the certificates made now, by the names of the claims.
    """
    misshapen = tuple(_shapes(study))
    return misshapen or (*_differences(study), *claim_differences(study, found))


def _differences(study: Study) -> Iterator[str]:
    costs = {s.name: s.social_cost for s in study.structures if s.social_cost is not None}
    alone = costs.get("alone")
    optimum = costs.get("optimum")
    baseline = next((o.net_costs for s in study.structures if s.name == "alone" for o in s.outcomes), None)
    for structure in study.structures:
        yield from _totals(structure, alone, optimum)
        for outcome in structure.outcomes:
            yield from _outcome(study, outcome, baseline)


def _shapes(study: Study) -> Iterator[str]:
    members = len(study.names)
    for name, rows in (("load", study.load), ("pv", study.pv)):
        if len(rows) != members or any(len(row) != study.steps for row in rows):
            yield f"{name} is not one row of {study.steps} steps for each of {members} members"
    for name, row in (("retail_price", study.retail_price), ("feed_in", study.feed_in)):
        if len(row) != study.steps:
            yield f"{name} has {len(row)} steps of {study.steps}"
    for structure in study.structures:
        yield from _keys(study, structure.name, structure)
        for kind, row in structure.prices.items():
            if len(row) != study.steps:
                yield f"{structure.name}: {kind} has {len(row)} steps of {study.steps}"


def _keys(study: Study, name: str, structure: Structure) -> Iterator[str]:
    for checks in (structure.checks, *(outcome.checks for outcome in structure.outcomes)):
        for quantity, key in checks.items():
            if not study.claims(key):
                yield f"{name}: {quantity} follows from the claim {key!r}, which is not in the study"


def _totals(structure: Structure, alone: Fraction | None, optimum: Fraction | None) -> Iterator[str]:
    cost, name = structure.social_cost, structure.name
    if cost is None:
        return
    for outcome in structure.outcomes:
        if outcome.social_cost != cost:
            yield f"{name}: the amounts of {outcome.name} add up to {outcome.social_cost}, not to {cost}"
    if optimum is not None:
        if structure.loss is not None and structure.loss != cost - optimum:
            yield f"{name}: loss is {structure.loss}, cost less optimum is {cost - optimum}"
        if structure.price_of_anarchy is not None and structure.price_of_anarchy * optimum != cost:
            yield f"{name}: cost over optimum is {structure.price_of_anarchy}, not {cost} / {optimum}"
        if alone is not None and structure.share_of_gain is not None:
            gain, share = alone - optimum, structure.share_of_gain
            if gain == 0 or share * gain != alone - cost:
                yield f"{name}: share of gain is {share}, not ({alone} - {cost}) / {gain}"


def _outcome(study: Study, outcome: Outcome, baseline: tuple[Fraction, ...] | None) -> Iterator[str]:
    if baseline is not None:
        for name, before, now, saving in zip(study.names, baseline, outcome.net_costs, outcome.savings, strict=True):
            if saving != before - now:
                yield f"{outcome.name}: {name} saves {before - now}, not {saving}"
    groups = (*outcome.singles, *outcome.blocking, *(() if outcome.grand is None else (outcome.grand,)))
    for group in groups:
        if not set(group.coalition) <= set(study.names):
            yield f"{outcome.name}: a coalition names somebody who is not a member: {', '.join(group.coalition)}"
    ordered = [group.gain for group in outcome.blocking]
    if ordered != sorted(ordered, reverse=True):
        yield f"{outcome.name}: the coalitions do not stand with the largest gain first"
