"""What a solver hands up (`Answer`), what a user gets (`Solution` and its kinds), and what proves it (`Certificate`).

An :class:`Answer` is unproved. The front doors give it to a checker and wrap both in a :class:`Solution`.
"""

from __future__ import annotations

from gametheory.result.certificate import Answer, Certificate
from gametheory.result.coalitions import (
    Allocation,
    Characteristic,
    CoalitionProperties,
    Core,
    CoreCheck,
    CoreMembership,
    Partition,
)
from gametheory.result.equilibria import Elimination, Equilibria, Equilibrium, LeaderFollower
from gametheory.result.solution import Solution
from gametheory.result.totals import Optimum, PriceOfAnarchy
from gametheory.result.words import Concept, Status, Strength

__all__ = [
    "Allocation",
    "Answer",
    "Certificate",
    "Characteristic",
    "CoalitionProperties",
    "Concept",
    "Core",
    "CoreCheck",
    "CoreMembership",
    "Elimination",
    "Equilibria",
    "Equilibrium",
    "LeaderFollower",
    "Optimum",
    "Partition",
    "PriceOfAnarchy",
    "Solution",
    "Status",
    "Strength",
]
