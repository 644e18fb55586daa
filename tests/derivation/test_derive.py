"""Every derivation prints, ends in the model's own closed form, and all that must vanish does."""

from __future__ import annotations

import pytest
import sympy

import gametheory as gt
from gametheory.derivation import DERIVATIONS, derive
from gametheory.derivation.algebra import solve_linear
from gametheory.errors import InputError, UnsupportedGame
from proofs.steps import Identity


@pytest.mark.parametrize("name", sorted(DERIVATIONS))
def test_what_must_vanish_vanishes(name: str) -> None:
    derivation = derive(name)
    checked = [line for line in derivation if line.zeros]
    assert checked
    for line in checked:
        decision = Identity(line.title, line.zeros, derivation.domain).decide()
        assert decision.proved, f"{line.title}: {decision.reason}"


@pytest.mark.parametrize("name", sorted(DERIVATIONS))
def test_it_prints_in_a_terminal_and_in_a_notebook(name: str) -> None:
    derivation = derive(name)
    markdown = derivation._repr_markdown_()
    assert markdown.startswith("## ")
    assert markdown.count("$$") == 2 * sum(len(line.formulas) for line in derivation)
    text = str(derivation)
    assert all(line.title in text for line in derivation)
    assert "fidelity:" in derivation.source
    assert derivation.theorems
    assert all(theorem in text for theorem in derivation.theorems)


def test_the_front_door_takes_a_model_a_class_or_a_name() -> None:
    model = gt.models.repeated_demand_response.RepeatedDemandResponse(2, 1, -1, 0, 0)
    assert gt.derive(model) == gt.derive(type(model)) == gt.derive("RepeatedDemandResponse")


def test_an_unknown_model_is_refused_with_the_names() -> None:
    with pytest.raises(UnsupportedGame, match="RepeatedDemandResponse"):
        gt.derive(object())


def test_only_linear_conditions_are_solved() -> None:
    x = sympy.Symbol("x")
    with pytest.raises(InputError, match="not affine"):
        solve_linear(x**2 - 1, x)
