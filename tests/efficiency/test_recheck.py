"""Checking a study again: the true one holds, and a number changed anywhere is found."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory.certificates.stated import disagreements, implied
from gametheory.efficiency.comparison import Study
from gametheory.efficiency.recheck import recheck
from gametheory.errors import GameTheoryError, InputError
from gametheory.io.solutions import loads
from tests.report.studies import claim

#: Not economic: effort, versions, hints that a checker may read but the verdict does not rest on.
_FREE = {"wall_time", "iterations", "parameters", "provenance", "step_hours", "schema", "epsilon", "dtype", "shape"}


@pytest.fixture(scope="module")
def study() -> Study:
    park = gt.Community.sample().subset(["home_01", "home_04", "home_07"]).select(slice(8, 11))
    found: Study = gt.study(park)
    return found


@pytest.fixture(scope="module")
def text(study: Study) -> str:
    return study.to_json()


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict) and set(node) != {"$q"}:
        for key, value in node.items():
            if key not in _FREE and not (key == "witness" and "certificate" not in path):
                yield from _places(value, (*path, key))
    elif isinstance(node, list):
        for k, value in enumerate(node):
            yield from _places(value, (*path, k))
    elif isinstance(node, dict) or (isinstance(node, int | float) and not isinstance(node, bool)):
        yield path


def test_a_true_study_holds(study: Study, text: str) -> None:
    for subject in (study, loads(text)):
        verdicts = recheck(subject)
        assert [v.reason for v in verdicts if not v.holds] == []
        assert len(verdicts) == len(study.checks) + 1


def test_a_true_study_with_gaps_holds() -> None:
    alone = gt.study(gt.Community.sample().subset(["home_01"]).select(slice(0, 2)))
    assert alone["sharing"].status == "not applicable"
    assert all(v.holds for v in recheck(alone))
    part = gt.study(gt.Community.sample().select(slice(8, 10)), structures=["operator"], sensitivities=False)
    assert all(v.holds for v in recheck(part))
    stiff = gt.study(gt.Community.sample().subset(["home_01", "home_04"]).select(slice(8, 10)), elasticity=0)
    assert all(v.holds for v in recheck(stiff))


@pytest.mark.parametrize("seed", range(40))
def test_a_number_changed_anywhere_is_found(text: str, seed: int) -> None:
    data = json.loads(text)
    places = list(_places(data))
    path = random.Random(seed).choice(places)
    node = data
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = 1234567 if "$array" in path else {"$q": "1234567/7654321"}
    try:
        verdicts = recheck(loads(json.dumps(data)))
    except GameTheoryError:
        return  # refused when it was read
    assert not all(v.holds for v in verdicts), f"{path} was changed and nothing was found"


@pytest.mark.slow
def test_every_number_changed_is_found(text: str) -> None:
    data = json.loads(text)
    missed = []
    for path in list(_places(data))[::11]:
        node = data
        for key in path[:-1]:
            node = node[key]
        old, node[path[-1]] = node[path[-1]], 1234567 if "$array" in path else {"$q": "1234567/7654321"}
        try:
            if all(v.holds for v in recheck(loads(json.dumps(data)))):
                missed.append(path)
        except GameTheoryError:
            pass
        node[path[-1]] = old
    assert missed == []


def test_what_a_profile_implies_is_what_the_solver_states(study: Study) -> None:
    """The formulas here and the solver's own figures are two computations."""
    for name in ("sharing/equilibrium", "operator/equilibrium", "optimum", "alone/home_01"):
        solution = study.checks[name]
        assert len(implied(solution)) >= 5
        assert disagreements(solution) == ()
    sharing = implied(study.checks["sharing/equilibrium"])
    assert sum(sharing["bills"], Fraction(0)) + sum(sharing["discomforts"], Fraction(0)) == study["sharing"].social_cost


def test_a_core_check_is_rechecked() -> None:
    park = gt.Community.sample().select(slice(8, 10))
    found = gt.core_check(park, dict.fromkeys(park.names, 1))
    assert all(v.holds for v in recheck(found))
    data = json.loads(found.to_json())
    for name, value in (("optimum", 5), ("stable", True), ("grand", 7)):
        old = data["solution"][name]
        data["solution"][name] = value
        assert not recheck(loads(json.dumps(data)))[0].holds
        data["solution"][name] = old


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("structures", 0, "outcomes", 0, "checks", "blocking"), "operator/settlement"),
        (("structures", 1, "checks", "prices"), "operator/settlement"),
        (("structures", 2, "price_of_anarchy"), 1),
        (("structures", 2, "status"), "not converged"),
        (("structures", 3, "outcomes", 0, "name"), "bill_sharing"),
        (("structures", 3, "share_of_gain"), None),
        (("structures", 1, "loss"), None),
        (("structures", 1, "outcomes"), []),
        (("sensitivities", 0, "checks", "optimum"), "optimum"),
    ],
)
def test_a_study_changed_in_its_words_is_found(text: str, path: tuple[Any, ...], value: Any) -> None:
    data = json.loads(text)
    node = data["solution"]
    for key in path[:-1]:
        node = node[key]
    assert node[path[-1]] != value
    node[path[-1]] = value
    assert not all(v.holds for v in recheck(loads(json.dumps(data))))


def test_savings_are_checked_without_the_structure_alone() -> None:
    part = gt.study(gt.Community.sample().select(slice(8, 10)), structures=["operator"], sensitivities=False)
    data = json.loads(part.to_json())
    for name in ("loss", "share_of_gain"):
        old = data["solution"]["structures"][0][name]
        data["solution"]["structures"][0][name] = 7
        assert not all(v.holds for v in recheck(loads(json.dumps(data))))
        data["solution"]["structures"][0][name] = old
    data["solution"]["structures"][0]["outcomes"][0]["savings"][0] = 7
    assert not all(v.holds for v in recheck(loads(json.dumps(data))))


def test_payoffs_of_a_finite_game_are_made_again() -> None:
    game = gt.NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    data = json.loads(gt.nash_equilibrium(game).to_json())
    assert recheck(loads(json.dumps(data)))[0].holds
    data["solution"]["payoffs"][0] = 9
    assert "payoffs" in recheck(loads(json.dumps(data)))[0].reason


def test_what_is_no_answer_is_refused() -> None:
    with pytest.raises(InputError, match="holds a tuple"):
        recheck((1, 2))
    assert not recheck(claim("refuted"))[0].holds
