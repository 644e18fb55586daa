"""What exists stands on its list: models, theorems, subjects of the catalogue, checkers, forms in files."""

from __future__ import annotations

import importlib
import inspect
from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory.catalogue import SUBJECTS, names
from gametheory.certificates import CHECKERS
from gametheory.errors import InputError
from gametheory.io.solutions import FORMS, dumps, loads
from proofs import register

from . import walk
from .registry import FORMULAS, MODELS

CLASSES = walk.model_classes()
THEOREMS = {theorem.id: theorem for theorem in register.theorems()}
OPEN = {entry.id for entry in register.OPEN}


def test_every_model_is_on_the_list() -> None:
    assert sorted(CLASSES) == sorted(MODELS), "tests/conformance/registry.py MODELS lists every model class"


def test_every_model_lowers_itself_and_can_be_reached_by_name() -> None:
    stays = {place for place, cls in CLASSES.items() if not hasattr(cls, "to_game")}
    assert stays == set(FORMULAS)
    assert {cls.__name__ for cls in CLASSES.values()} == set(gt.models.__all__)
    assert all(getattr(gt.models, cls.__name__) is cls for cls in CLASSES.values())
    with pytest.raises(AttributeError, match="DirectTrading, "):
        _ = gt.models.DirectTrade


def test_every_class_with_a_lowering_names_its_theorems() -> None:
    lowering = walk.classes("gametheory.models", "to_game")
    assert set(lowering) <= set(CLASSES)


@pytest.mark.parametrize("place", sorted(CLASSES))
def test_a_model_states_its_fidelity_and_its_theorems(place: str) -> None:
    cls: Any = CLASSES[place]
    assert cls.fidelity in {"paper", "paper (abstract) + derived", "derived"}
    text = f"{inspect.getdoc(inspect.getmodule(cls))}\n{inspect.getdoc(cls)}"
    assert "fidelity:" in text, "the docstring repeats the fidelity"
    assert isinstance(cls.theorems, tuple)
    assert [key for key in cls.theorems if key not in THEOREMS and key not in OPEN] == []


def test_models_and_theorems_name_each_other() -> None:
    by_name = {cls.__name__: cls for cls in CLASSES.values()}
    problems = []
    for key, theorem in THEOREMS.items():
        problems.extend(
            f"{key} is about {model}, whose `theorems` do not name it"
            for model in theorem.models
            if model in by_name and key not in by_name[model].theorems  # type: ignore[attr-defined]  # of every model
        )
    for name, cls in by_name.items():
        problems.extend(
            f"{name} names {key}, whose `models` do not name it"
            for key in cls.theorems  # type: ignore[attr-defined]  # of every model
            if key in THEOREMS and name not in THEOREMS[key].models
        )
    assert problems == []


def test_every_theorem_module_is_run() -> None:
    assert sorted(walk.theorem_modules()) == sorted(register.MODULES)


def test_every_subject_of_the_catalogue_is_listed() -> None:
    holding = [
        module.__name__.rsplit(".", 1)[-1]
        for module in walk.modules_below("gametheory.catalogue")
        if hasattr(module, "entries")
    ]
    assert sorted(holding) == sorted(SUBJECTS)


def test_every_checker_that_is_named_exists_and_every_form_is_known() -> None:
    forms = {
        name
        for module in walk.modules_below("gametheory.games")
        for name, cls in inspect.getmembers(module, inspect.isclass)
        if cls.__module__ == module.__name__ and hasattr(cls, "sense")
    }
    assert {form for form, _ in CHECKERS} <= forms | {"Clearing", "Settlement"}
    assert forms <= set(FORMS), "io/solutions.py FORMS lists every game form"
    for place in CHECKERS.values():
        module, function = place.split(":")
        parameters = inspect.signature(getattr(importlib.import_module(module), function)).parameters
        assert list(parameters)[2:] == ["epsilon", "witness"]


@pytest.mark.parametrize("name", names())
def test_an_entry_is_cited_and_survives_a_file(name: str) -> None:
    entry = gt.catalogue(name)
    assert entry.name == name
    assert len(entry.source) > 10
    assert entry.lesson.endswith(".")
    assert loads(dumps(entry.game)) == entry.game


def test_an_unknown_entry_is_refused() -> None:
    with pytest.raises(InputError, match="the catalogue has no 'no such game'"):
        gt.catalogue("no such game")


def test_fractions_are_what_files_hold() -> None:
    assert loads(dumps(Fraction(1, 3))) == Fraction(1, 3)
