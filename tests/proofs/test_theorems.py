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


def test_open_and_proved_are_disjoint() -> None:
    assert {entry.id for entry in register.OPEN}.isdisjoint(theorem.id for theorem in ALL)
