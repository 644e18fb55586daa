"""The front doors find the known answer of every catalogue game, exactly, and its checker accepts that answer."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory import concepts
from gametheory.errors import InputError

from . import walk
from .registry import ENCLOSED

PAIRS = [(entry.name, concept) for entry in walk.entries() for concept in entry.answers]


def test_every_entry_has_an_answer_or_a_fact() -> None:
    assert [entry.name for entry in walk.entries() if not entry.answers and not entry.facts] == []


@pytest.mark.parametrize(("name", "concept"), PAIRS)
def test_the_front_door_finds_the_known_answer(name: str, concept: str) -> None:
    entry = gt.catalogue(name)
    answer, front_door = entry.answers[concept], getattr(concepts, concept)
    solution = front_door(entry.game)
    _assert_certain(entry.game, solution.certificate)
    if concept == "core":
        _compare_core(entry.game, solution, answer)
    elif concept == "stackelberg_equilibria":
        assert solution.complete, solution.reason
        assert sorted(map(str, solution)) == sorted(map(str, answer))
    elif concept == "nash_equilibria":
        assert set(solution.extreme) == set(answer)
        assert len(solution) == len(answer)
        assert solution.complete, solution.reason
        for profile in answer:
            assert gt.certify(entry.game, profile).holds()
    else:
        assert solution.profile == answer
        _assert_certain(entry.game, gt.certify(entry.game, answer, concept=concept, epsilon=solution.epsilon))


def _assert_certain(game: Any, certificate: gt.Certificate) -> None:
    """The claim is decided without rounding; only where payoffs are irrational it is enclosed, and tightly."""
    width = ENCLOSED.get(type(game).__name__)
    assert certificate.strength == ("exact" if width is None else "bounded"), str(certificate)
    assert certificate.holds(width or 0), str(certificate)


def _compare_core(game: Any, solution: Any, answer: Any) -> None:
    """A core is not one point: the entry names one that must be inside, or says that it is empty."""
    assert solution.empty == (answer == "empty")
    if answer != "empty":
        assert solution.contains(answer).inside
        assert solution.contains(solution.point).inside
        assert gt.core_check(game, answer).bound <= 0


def _number(fact: str, game: gt.NormalFormGame) -> int:
    if fact == "pure_equilibria":
        return sum(gt.regret(game, cell) == 0 for cell in game.profiles())
    equilibria = gt.nash_equilibria(game)
    return {"extreme_equilibria": len(equilibria), "components": len(equilibria.components)}[fact]


@pytest.mark.parametrize(
    ("name", "fact"), [(entry.name, fact) for entry in walk.entries("NormalFormGame") for fact in entry.facts]
)
def test_the_number_of_equilibria_is_the_known_one(name: str, fact: str) -> None:
    entry = gt.catalogue(name)
    assert _number(fact, entry.game) == entry.facts[fact]


_STEP = Fraction(1, 7)


def _nudged(profile: Any) -> Iterator[Any]:
    """Yield the profile with one number changed by 1/7; of a mapping a decision, with the others and without them."""
    if isinstance(profile, tuple):
        *rest, last = profile
        changed = next(_nudged(last)) if isinstance(last, tuple) else last + (_STEP if last < 1 else -_STEP)
        yield (*rest, changed)
        return
    decisions = (
        "bids",
        "sell_prices",
        "buy_prices",
        "adjustments",
        "activities",
        "commitment",
        "decision",
        "decisions",
        "loans",
    )
    key = next(k for k in decisions if k in profile)
    (decision,) = _nudged(profile[key])
    yield {**{k: v for k, v in profile.items() if k != "value"}, key: decision}
    yield {key: decision}


@pytest.mark.parametrize(
    ("name", "concept"),
    [pair for pair in PAIRS if pair[1] not in {"core", "nash_equilibria", "stackelberg_equilibria"}],
)
def test_an_answer_that_is_off_by_a_seventh_is_refused(name: str, concept: str) -> None:
    entry = gt.catalogue(name)
    for profile in _nudged(entry.answers[concept]):
        try:
            certificate = gt.certify(entry.game, profile, concept=concept)
        except InputError:  # not a profile of this game, and refused for that
            continue
        assert certificate.strength == "refuted", str(certificate)
        assert certificate.bound > 0
