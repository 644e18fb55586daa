"""The amounts of a study: do they fit together, and do they follow from its claims?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gametheory.efficiency.comparison import Structure, Study
from gametheory.efficiency.follows import claim_differences
from gametheory.efficiency.named_claims import wrong_words
from gametheory.result import Certificate

__all__ = ["differences"]


def differences(study: Study, found: Mapping[str, Certificate]) -> tuple[str, ...]:
    """Return a sentence for each amount that is not what the claims make it; none where all agree.

    `found` holds the certificates made now, by the names of the claims.
    """
    misshapen = tuple(_shapes(study))
    return misshapen or (*wrong_words(study), *claim_differences(study, found))


def _shapes(study: Study) -> Iterator[str]:
    members = len(study.names)
    for name, rows in (("load", study.load), ("pv", study.pv)):
        if len(rows) != members or any(len(row) != study.steps for row in rows):
            yield f"{name} is not one row of {study.steps} steps for each of {members} members"
    for name, row in (("retail_price", study.retail_price), ("feed_in", study.feed_in)):
        if len(row) != study.steps:
            yield f"{name} has {len(row)} steps of {study.steps}"
    for structure in study.structures:
        yield from _keys(study, structure)
        for outcome in structure.outcomes:
            rows = (outcome.bills, outcome.discomforts, outcome.savings)
            if any(len(row) != members for row in rows):
                yield f"{structure.name}, {outcome.name}: not one bill, discomfort and saving for each member"


def _keys(study: Study, structure: Structure) -> Iterator[str]:
    for checks in (structure.checks, *(outcome.checks for outcome in structure.outcomes)):
        for quantity, key in checks.items():
            if not study.claims(key):
                yield f"{structure.name}: {quantity} follows from the claim {key!r}, which is not in the study"
