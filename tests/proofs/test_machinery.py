"""The machinery must fail where it should: wrong theorems, undecided steps, mutants that are true."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
import sympy

from gametheory.errors import InputError, MissingExtra
from proofs import register, smt
from proofs.__main__ import main, run
from proofs.steps import Certificate, Finite, Identity, Unsat
from proofs.theorem import Mutant, Theorem, check
from proofs.theory import kohlberg

x, y, s = sympy.symbols("x y s", real=True)
TRUE = Unsat("squares are not negative", [], x**2 >= 0)
FALSE_MUTANT = Mutant("squares are positive", lambda: Unsat("wrong", [], x**2 > 0), {x: 0})


def theorem(*steps: object, mutant: Mutant = FALSE_MUTANT) -> Theorem:
    return Theorem("X-1", "a statement", "all reals", "a test", lambda: iter(steps), mutant)  # type: ignore[arg-type]


def test_a_true_theorem_passes() -> None:
    verdict = check(theorem(TRUE))
    assert verdict.passed
    assert verdict.method == "unsat"


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        (Unsat("wrong", [], x**2 > 0), "false"),
        (Unsat("wrong in the domain", [x > 0], x > 1), "false"),
        (Identity("wrong", [x - y]), "not zero"),
        (Identity("nothing", []), "undecided"),
        (Identity("a denominator may vanish", [(x**2 - x * y) / (x - y) - x]), "undecided"),
        (Certificate("negative coefficient", -(x**2), [(-1, x, [])]), "false"),
        (Certificate("does not multiply out", x**2, [(1, y, [])]), "false"),
        (Certificate("a multiplier outside the domain", x * y, [(1, 1, [x, y])], [x >= 0]), "false"),
        (Finite("one false case", lambda: iter([("a", True), ("b", False)])), "false"),
        (Finite("no cases", lambda: iter([])), "undecided"),
        (Unsat("division by zero says nothing", [], 1 / x**2 >= 0), "undecided"),
        (Unsat("a root of a negative number says nothing", [x < 0], sympy.sqrt(x) > 5), "undecided"),
    ],
)
def test_a_wrong_or_undecided_step_fails_the_theorem(step: object, outcome: str) -> None:
    verdict = check(theorem(TRUE, step))
    assert not verdict.passed
    assert verdict.decisions[-1].outcome == outcome
    assert verdict.decisions[-1].name in verdict.failure


def test_steps_that_hold() -> None:
    assert Identity("binomial", [(x + y) ** 2 - x**2 - 2 * x * y - y**2]).decide().proved
    assert Identity("fraction", [x / (x + y) + y / (x + y) - 1], [x > 0, y > 0]).decide().proved
    assert Identity("root", [s**4 - x**2], relations=[s**2 - x]).decide().proved
    assert Certificate("sum of squares", x**2 - 2 * x * y + y**2, [(1, x - y, [])]).decide().proved
    assert Unsat("roots", [x >= 0], sympy.sqrt(x) ** 2 >= 0).decide().proved
    assert Unsat("roots grow", [y >= 0, x >= y], sympy.sqrt(x) >= sympy.sqrt(y)).decide().proved
    assert Unsat("pieces are guarded", [], sympy.Piecewise((1 / x, x > 0), (0, True)) >= 0).decide().proved


def test_a_timeout_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smt, "ask", lambda assertions, **_: ("unknown", None))
    verdict = check(theorem(TRUE))
    assert not verdict.passed
    assert "undecided" in verdict.failure


def test_symbols_may_not_carry_assumptions() -> None:
    positive = sympy.Symbol("z", positive=True)
    verdict = check(theorem(Unsat("assumed", [], positive > y)))
    assert "carries an assumption" in verdict.failure


def test_an_empty_proof_fails() -> None:
    assert check(theorem()).failure == "the proof has no step"


@pytest.mark.parametrize(
    "mutant",
    [
        Mutant("true after all", lambda: TRUE),
        Mutant("a point that does not refute", lambda: Unsat("w", [], x > 0), {x: 1}),
        Mutant("a point outside the domain", lambda: Unsat("w", [x > 0], x > 1), {x: -1}),
        Mutant("a float is no exact point", lambda: Unsat("w", [], x > 1), {x: 0.5}),
        Mutant("no point given, none found", lambda: Identity("w", [x - y])),
    ],
)
def test_a_mutant_that_is_not_refuted_fails_the_theorem(mutant: Mutant) -> None:
    verdict = check(theorem(TRUE, mutant=mutant))
    assert not verdict.passed
    assert verdict.refutation == ""


def test_the_command_exits_1_when_a_theorem_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = theorem(Unsat("wrong", [], x > 0))
    monkeypatch.setattr(register, "theorems", lambda ids=(): (theorem(TRUE), wrong))
    assert main([]) == 1
    assert "FAILED" in capsys.readouterr().out
    monkeypatch.setattr(register, "theorems", lambda ids=(): (theorem(TRUE),))
    assert main([]) == 0


def test_an_unknown_id_exits_2_and_names_the_ids(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-theorem"]) == 2
    assert "T-NASH" in capsys.readouterr().err


def test_without_z3_the_message_gives_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(MissingExtra, match=r"gametheory\[proofs\]"):
        smt.load()
    verdict = check(theorem(TRUE))
    assert not verdict.passed
    assert "gametheory[proofs]" in verdict.failure


def test_two_theorems_may_not_share_an_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "MODULES", ("theory.zero_regret", "theory.zero_regret"))
    with pytest.raises(InputError, match="two theorems"):
        register.theorems()


def test_the_steps_are_printed_for_a_single_theorem(capsys: pytest.CaptureFixture[str]) -> None:
    run([replace(theorem(TRUE), models=("Some",))], steps=True)
    out = capsys.readouterr().out
    assert "squares are not negative" in out
    assert "squares are positive" in out


def test_the_queries_of_kohlberg_are_not_vacuous() -> None:
    # Without the hypothesis that levels are balanced a better allocation exists; without the claim a step exists.
    for rational in (False, True):
        for _, assertions in kohlberg._sufficiency(rational):
            *_, moves, as_good = assertions
            assert smt.ask([moves, as_good])[0] == "sat"
    assert {smt.ask(query[:-1])[0] for _, query in kohlberg._necessity()} == {"sat"}
    # Single players have excess at most 0, tight ones 0: a level that holds one of them holds all the tight ones.
    combinations = [
        (level, tight)
        for level in kohlberg.collections()
        for tight in kohlberg._subsets()
        if kohlberg._better(level, tight) is not None
    ]
    for (level, tight), (_, query) in zip(combinations, kohlberg._necessity(True), strict=True):
        impossible = any(1 << i in level for i in range(3)) and any(1 << i not in level for i in tight)
        assert smt.ask(query[:-1])[0] == ("unsat" if impossible else "sat")
