"""Proof that the tests can fail: mutants of the source, each of which a named fast test must notice.

One mutant a room: what reads, what checks, what solves, what settles, what writes. The mutants are compiled in memory.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import ROOT
from .proofs.injection import Fault, probe

_COMMUNITIES = "tests/domain/test_community.py"
_FILES = "tests/io/test_community_files.py"
_SOLUTIONS = "tests/io/test_solutions.py"
_OFF = "tests/conformance/test_answers.py::test_an_answer_that_is_off_by_a_seventh_is_refused"
_FOUND = "tests/conformance/test_answers.py::test_the_front_door_finds_the_known_answer"
_ACCEPTED = "tests/conformance/test_solvers.py::test_the_checker_accepts_every_answer"

MUTANTS = (
    Fault(
        "prices compared as floats only",
        "gametheory.domain.community",
        " or feed_in.at(int(k)) > retail.at(int(k))",
        "",
        test=f"{_COMMUNITIES}::test_prices_that_differ_by_less_than_a_float_shows_are_compared_exactly",
    ),
    Fault(
        "one decimal place lost",
        "gametheory.domain.series",
        '"0" * (places - (len(text) - dot - 1))',
        '"0" * (places - (len(text) - dot))',
        test="tests/domain/test_series.py::test_decimal_texts_are_read_exactly_and_floats_are_the_nearest",
    ),
    Fault(
        "the smallest remainder is rounded up",
        "gametheory.domain.outcome",
        "key=lambda k: (floors[k] - shares[k], k)",
        "key=lambda k: (shares[k] - floors[k], k)",
        test="tests/domain/test_outcome.py::test_the_largest_remainders_are_rounded_up",
    ),
    Fault(
        "kW read as kWh",
        "gametheory.io.members",
        "factor * step_hours if power else factor",
        "factor",
        test=f"{_FILES}::test_units_are_converted_exactly",
    ),
    Fault(
        "the repeated hour of autumn read once",
        "gametheory.io.time_axis",
        "local.astimezone(UTC) <= before",
        "local.astimezone(UTC) > before",
        test=f"{_FILES}::test_the_hour_that_autumn_repeats_is_read_twice",
    ),
    Fault(
        "a file is written in place",
        "gametheory.io.files",
        "temporary_path.replace(path)",
        "path.write_bytes(temporary_path.read_bytes())",
        test=f"{_SOLUTIONS}::test_a_crash_before_the_end_leaves_the_old_file",
    ),
    Fault(
        "a newer file is read",
        "gametheory.io.solutions",
        'data["schema"] > SCHEMA',
        'data["schema"] > SCHEMA + 1',
        test=f"{_SOLUTIONS}::test_bad_files_are_refused_with_a_reason",
    ),
    Fault(
        "the best deviation of a finite game taken for the worst",
        "gametheory.certificates.normal_form",
        "best = max(values)",
        "best = min(values)",
        test="tests/conformance/test_solvers.py::test_the_frame_would_notice_a_wrong_answer",
    ),
    Fault(
        "a bidder forgets that it moves the price",
        "gametheory.certificates.demand_bidding",
        "(2 * kappa * position + kappa * others - d) / (c + 2 * kappa)",
        "(kappa * position + kappa * others - d) / (c + kappa)",
        test=f"{_OFF}[sharing_of_two-nash_equilibrium]",
    ),
    Fault(
        "the regret of a bidder is never positive",
        "gametheory.certificates.demand_bidding",
        "gains[i].append(now - best)",
        "gains[i].append(min(now - best, _ZERO))",
        test=f"{_OFF}[sharing_with_grid_stiff-nash_equilibrium]",
    ),
    Fault(
        "the gap of an optimum is never positive",
        "gametheory.certificates.pooled",
        "tuple(exact(cost - bound) for cost, bound in zip(costs, lower, strict=True))",
        "tuple(exact(bound - bound) for cost, bound in zip(costs, lower, strict=True))",
        test=f"{_OFF}[pooling_of_two-social_optimum]",
    ),
    Fault(
        "orders counted with one player too many in the Shapley value",
        "gametheory.solvers.coalitional.size_values",
        "factorial(s) * factorial(n - s - 1)",
        "factorial(s) * factorial(n - s)",
        test=f"{_ACCEPTED}[coalitional.size_values:TableShapley-gloves_1_2]",
    ),
    Fault(
        "the nucleolus stops after the first programme",
        "gametheory.solvers.coalitional.nucleolus",
        "while not programme.finished:",
        "while not levels:",
        test=f"{_FOUND}[talmud_200-prenucleolus]",
    ),
    Fault(
        "the closed form of sharing forgets the price impact",
        "gametheory.solvers.aggregative.closed_form",
        "kappa = rational(game.kappa)",
        "kappa = rational(game.kappa) * 0",
        test=f"{_ACCEPTED}[aggregative.closed_form:ClosedForm-sharing_of_two]",
    ),
    Fault(
        "the second tableau of Lemke and Howson is not transposed",
        "gametheory.solvers.normal_form.lemke_howson",
        "(b - b.min() + 1).T",
        "(b - b.min() + 1)",
        test=f"{_ACCEPTED}[normal_form.lemke_howson:LemkeHowson-float_equality_trap]",
    ),
)


@pytest.mark.slow
def test_the_named_tests_pass_on_the_sound_source() -> None:
    named = sorted({mutant.test for mutant in MUTANTS})
    assert all(named)
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", *named]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stdout[-3000:]


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_named_test_notices(mutant: Fault) -> None:
    assert probe(mutant) == "test fails", "the mutant survives: the named test cannot see it"


def test_a_mutant_that_no_longer_applies_is_noticed() -> None:
    gone = Fault("gone", "gametheory.domain.outcome", "this text is nowhere", "", test="tests/domain/test_outcome.py")
    with pytest.raises(AssertionError, match="does not apply"):
        probe(gone)
