"""Every solver on every catalogue game of a form it takes: the independent checker accepts the answer.

A solver may decline a game only with a reason (`UnsupportedGame`, `SizeLimit`, `NotApplicable`), or say that it found
nothing, and the registry must list that it does.
"""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory.certificates import CHECKERS
from gametheory.errors import Infeasible, NotApplicable, SizeLimit, Unbounded, UnsupportedGame
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Answer, Concept, Status

from ..conftest import ROOT
from . import walk
from .registry import DECLINED, NO_ENTRY, SLOW, SOLVERS, TAKES_ONLY, UNSOLVED

CLASSES = walk.solver_classes()
PAIRS = [
    pytest.param(solver, entry.name, marks=[pytest.mark.slow] if (solver, entry.name) in SLOW else [])
    for solver, cls in CLASSES.items()
    for entry in walk.entries()
    if type(entry.game).__name__ in cls.accepts  # type: ignore[attr-defined]  # that is how they were found
]


def declines(place: str, name: str) -> bool:
    """Whether the registry says that this solver does not take this game."""
    return (place, name) in DECLINED or (place in TAKES_ONLY and name not in TAKES_ONLY[place])


def test_every_solver_is_on_the_list() -> None:
    assert sorted(CLASSES) == sorted(SOLVERS), "tests/conformance/registry.py SOLVERS lists every solver class"


@pytest.mark.parametrize("place", sorted(CLASSES))
def test_a_solver_is_a_frozen_dataclass_with_defaults_that_says_what_it_claims(place: str) -> None:
    cls = CLASSES[place]
    assert dataclasses.is_dataclass(cls), "a solver is a dataclass"
    assert cls.__dataclass_params__.frozen, "a solver is frozen"  # type: ignore[attr-defined]  # of every dataclass
    assert all(f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING
               for f in dataclasses.fields(cls)), "a solver needs no argument"  # fmt: skip
    concept = getattr(cls, "concept", None)
    assert isinstance(concept, Concept), "a solver says which concept its answers claim: concept: ClassVar[Concept]"
    for form in cls.accepts:  # type: ignore[attr-defined]  # that is how it was found
        assert (form, concept) in CHECKERS, f"nothing checks {concept} of a {form}"


@pytest.mark.parametrize("place", sorted(CLASSES))
def test_a_solver_refuses_another_form(place: str) -> None:
    cls = CLASSES[place]

    class Stranger:
        sense = "payoff"
        players = ("a",)

    with pytest.raises(UnsupportedGame, match="Stranger"):
        gt.nash_equilibrium(Stranger(), solver=cls())


@pytest.mark.parametrize(("place", "name"), PAIRS)
def test_the_checker_accepts_every_answer(place: str, name: str) -> None:
    solver, game = CLASSES[place](), gt.catalogue(name).game
    if declines(place, name):
        with pytest.raises((UnsupportedGame, SizeLimit, NotApplicable, Infeasible, Unbounded)):
            solver.solve(game)
        return
    answer: Answer = solver.solve(game)
    certificate = gt.certify(
        game, answer.profile, concept=solver.concept, epsilon=answer.epsilon, witness=answer.witness
    )
    if (place, name) in UNSOLVED:
        assert answer.status is not Status.SOLVED
        assert certificate.strength == "refuted", "it said that it found nothing, and had found an answer"
        return
    assert answer.status is Status.SOLVED, f"{answer.status}: {answer.status.advice}"
    assert certificate.strength != "refuted", str(certificate)
    assert certificate.holds(answer.epsilon), str(certificate)


def test_every_listed_pair_exists_and_every_solver_meets_a_game() -> None:
    pairs = {(param.values[0], param.values[1]) for param in PAIRS}
    assert set(DECLINED) - pairs == set(), "DECLINED lists pairs that are not there"
    assert set(UNSOLVED) - pairs == set(), "UNSOLVED lists pairs that are not there"
    assert set(SLOW) - pairs == set(), "SLOW lists pairs that are not there"
    wanted = {(solver, name) for solver, names in TAKES_ONLY.items() for name in names}
    assert wanted - pairs == set(), "TAKES_ONLY lists pairs that are not there"
    solved = {solver for solver, name in pairs if not declines(solver, name) and (solver, name) not in UNSOLVED}
    assert sorted(set(CLASSES) - solved) == sorted(NO_ENTRY), "every solver solves some catalogue game, or says why not"
    assert [place for place in NO_ENTRY.values() if not (ROOT / place).is_file()] == []


@pytest.mark.parametrize("sign", [1, -1])
def test_the_frame_would_notice_a_wrong_answer(sign: int) -> None:
    game = NormalFormGame([[sign, 0], [0, 0]], [[sign, 0], [0, 0]])
    wrong: Any = ((Fraction(sign < 0), Fraction(sign > 0)), (Fraction(1), Fraction(0)))
    assert gt.certify(game, wrong).strength == "refuted"
