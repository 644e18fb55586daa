"""Every theorem passes, every mutant is refuted, and models and theorems name each other."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import pytest

import gametheory as gt
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
    sizes = {"A": 11, "B": 12, "C": 11, "D": 10, "E": 9, "F": 7, "G": 5, "M": 3, "S": 8}
    expected = {f"{group}-P{k}" for group, size in sizes.items() for k in range(1, size + 1)}
    waiting = [entry.id for entry in register.OPEN]
    proved = [theorem.id for theorem in ALL if not theorem.id.startswith("T-")]
    assert sorted(waiting + proved) == sorted(expected)


def _place(name: str) -> Any:
    """Return what a theorem says it is about: a model, a module of formulas, or a rule of the markets."""
    if name in gt.models.__all__:
        return getattr(gt.models, name)
    if hasattr(gt.markets, name):
        return getattr(gt.markets, name)
    return importlib.import_module(f"gametheory.models.{name}")


def _texts(thing: Any) -> str:
    module = thing if inspect.ismodule(thing) else inspect.getmodule(thing)
    return f"{inspect.getdoc(thing)}\n{inspect.getdoc(module)}"


@pytest.mark.parametrize("theorem", [t for t in ALL if t.models], ids=lambda theorem: theorem.id)
def test_what_a_theorem_is_about_names_the_theorem(theorem: Theorem) -> None:
    for name in theorem.models:
        assert theorem.id in _texts(_place(name)), f"the docstring of {name} does not name {theorem.id}"


@pytest.mark.parametrize("name", gt.models.__all__)
def test_a_model_names_theorems_in_its_docstring_and_they_name_it(name: str) -> None:
    model = getattr(gt.models, name)
    about = {theorem.id for theorem in ALL if name in theorem.models}
    waiting = {entry.id for entry in register.OPEN}
    assert set(model.theorems) - waiting == about
    assert [key for key in model.theorems if key not in _texts(model)] == []


def test_only_theory_is_about_no_model() -> None:
    # C-P8 is about every superadditive game, the others about what certificates stand on.
    assert {theorem.id for theorem in ALL if not theorem.models and not theorem.id.startswith("T-")} == {"C-P8"}


def test_the_theory_of_the_certificates_is_there() -> None:
    theory = {theorem.id for theorem in ALL if theorem.id.startswith("T-")}
    assert theory == {
        "T-KELLY",
        "T-NASH",
        "T-DUALITY",
        "T-MONOTONE",
        "T-BALANCED",
        "T-KOHLBERG",
        "T-NUCLEOLUS",
        "T-SHAPLEY",
    }
    # The infimal convolution of the grid-connected sharing game is S-P2.
    assert "S-P2" in {theorem.id for theorem in ALL}
