"""Finding what exists: solvers, models, entries of the catalogue, theorem modules."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from gametheory.catalogue import Entry, catalogue, names

__all__ = ["classes", "entries", "load", "model_classes", "modules_below", "solver_classes", "theorem_modules"]


def modules_below(package: str) -> Iterator[ModuleType]:
    """Import every module below a package."""
    for info in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def _below(package: str, module: ModuleType) -> str:
    return module.__name__.removeprefix(f"{package}.")


def classes(package: str, *attributes: str) -> dict[str, type]:
    """Classes defined below a package that have all the attributes, by ``module:Class``."""
    found = {}
    for module in modules_below(package):
        for name, cls in inspect.getmembers(module, inspect.isclass):
            if cls.__module__ == module.__name__ and all(hasattr(cls, attribute) for attribute in attributes):
                found[f"{module.__name__.removeprefix(f'{package}.')}:{name}"] = cls
    return found


def solver_classes() -> dict[str, type]:
    """Every class that solves: it has ``accepts`` and ``solve``."""
    return classes("gametheory.solvers", "accepts", "solve")


def model_classes() -> dict[str, type]:
    """Every class that names its theorems: models that lower themselves to a game, and those that stay formulas."""
    return classes("gametheory.models", "theorems")


def theorem_modules() -> list[str]:
    """Every module of ``proofs`` that holds theorems."""
    return [
        module.__name__.removeprefix("proofs.") for module in modules_below("proofs") if hasattr(module, "THEOREMS")
    ]


def load(package: str, place: str) -> Any:
    """Return the class that ``module:Class`` names."""
    module, name = place.split(":")
    return getattr(importlib.import_module(f"{package}.{module}"), name)


def entries(form: str = "") -> list[Entry]:
    """The catalogue, or its entries of one game form."""
    found = [catalogue(name) for name in names()]
    return [entry for entry in found if not form or type(entry.game).__name__ == form]
