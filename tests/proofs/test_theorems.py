"""Every theorem passes, every mutant is refuted, and models and theorems name each other."""

from __future__ import annotations

import pytest

from proofs import register
from proofs.theorem import Theorem, check

ALL = register.theorems()


@pytest.mark.parametrize("theorem", ALL, ids=lambda theorem: theorem.id)
def test_the_theorem_holds_and_its_mutant_does_not(theorem: Theorem) -> None:
    verdict = check(theorem)
    assert verdict.failure == ""
    assert verdict.refutation
    assert verdict.method
    assert all((theorem.statement, theorem.domain, theorem.source, theorem.mutant.statement))


def test_every_proposition_is_proved_or_listed_as_open_never_both() -> None:
    sizes = {"A": 11, "B": 11, "C": 11, "D": 10, "E": 9, "F": 7, "G": 5, "S": 8}
    expected = {f"{group}-P{k}" for group, size in sizes.items() for k in range(1, size + 1)}
    waiting = [entry.id for entry in register.OPEN]
    proved = [theorem.id for theorem in ALL if not theorem.id.startswith("T-")]
    assert sorted(waiting + proved) == sorted(expected)
