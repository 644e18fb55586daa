"""Nucleolus and prenucleolus by a sequence of excess programmes in exact arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.errors import Infeasible
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Answer, Concept
from gametheory.solvers.coalitional.answers import allocation_answer
from gametheory.solvers.coalitional.excess_programme import ExcessProgramme

__all__ = [
    "NucleolusInKernel",
    "PerCapitaNucleolus",
    "PerCapitaPrenucleolus",
    "PrenucleolusInPrekernel",
    "SequentialNucleolus",
    "SequentialPrenucleolus",
    "as_values",
    "check_imputations",
]


@dataclass(frozen=True, slots=True)
class SequentialNucleolus:
    """The imputation whose excesses, sorted from the largest, are lexicographically least (Schmeidler 1969).

    1. Minimise the largest excess of the open coalitions.
    2. Settle those with a positive dual weight (they are tight at every optimum) and all that depend on them.
    3. Repeat until the settled coalitions determine the allocation: at most n - 1 rounds
       (Maschler, Peleg and Shapley 1979; Kopelowitz 1967).
    """

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.NUCLEOLUS

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact nucleolus."""
        check_imputations(game)
        return _sequence(game, rational=True)


@dataclass(frozen=True, slots=True)
class SequentialPrenucleolus:
    """The same among all efficient allocations, whether or not a player gets its own value (Sobolev 1975)."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.PRENUCLEOLUS

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact prenucleolus."""
        return _sequence(game, rational=False)


@dataclass(frozen=True, slots=True)
class PerCapitaNucleolus:
    """The nucleolus with excesses divided by the size of the coalition (Grotte 1970, Young 1985)."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.PER_CAPITA_NUCLEOLUS

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact per-capita nucleolus."""
        check_imputations(game)
        return _sequence(game, rational=True, per_capita=True)


@dataclass(frozen=True, slots=True)
class PerCapitaPrenucleolus:
    """The prenucleolus with excesses divided by the size of the coalition."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.PER_CAPITA_PRENUCLEOLUS

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact per-capita prenucleolus."""
        return _sequence(game, rational=False, per_capita=True)


@dataclass(frozen=True, slots=True)
class NucleolusInKernel:
    """A point of the kernel: the nucleolus is one (Schmeidler 1969)."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.KERNEL

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact nucleolus."""
        check_imputations(game)
        return _sequence(game, rational=True)


@dataclass(frozen=True, slots=True)
class PrenucleolusInPrekernel:
    """A point of the prekernel: the prenucleolus is one (Maschler, Peleg and Shapley 1979)."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.PREKERNEL

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact prenucleolus."""
        return _sequence(game, rational=False)


def as_values(game: CoalitionalGame, *, rational: bool = False, per_capita: bool = False) -> ExcessProgramme:
    """Return the programme of a game; costs are turned into values by their sign."""
    table = game.values if game.kind == "value" else game.values.negated()
    return ExcessProgramme(table.numerators, table.denominator, rational=rational, per_capita=per_capita)


def check_imputations(game: CoalitionalGame) -> None:
    """Refuse a game in which nobody can give every player what it has alone."""
    table, n = game.values, len(game.players)
    alone = sum((table[1 << i] for i in range(n)), Fraction(0))
    grand = table[2**n - 1]
    if (alone > grand) if game.kind == "value" else (alone < grand):
        raise Infeasible(
            f"no imputation: the players alone have {alone} together, the grand coalition has {grand}; "
            "use prenucleolus, which asks for efficiency only"
        )


def _sequence(game: CoalitionalGame, *, rational: bool, per_capita: bool = False) -> Answer:
    programme = as_values(game, rational=rational, per_capita=per_capita)
    sign = 1 if game.kind == "value" else -1
    x: tuple[Fraction, ...] = (sign * game.values[1],)
    levels = []
    while not programme.finished:
        optimum = programme.solve()
        x = optimum.x
        levels.append(optimum.t)
        tight = [*optimum.weights, *(1 << i for i in optimum.singles)]
        programme.settle({mask: sum((x[i] for i in range(len(x)) if mask >> i & 1), Fraction(0)) for mask in tight})
    return allocation_answer(
        game, [sign * share for share in x], iterations=programme.pivots, witness={"levels": tuple(levels)}
    )
