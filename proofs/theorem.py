"""What a theorem is here: a statement, a proof made of decided steps, and a mutant that the same steps refute."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gametheory.errors import GameTheoryError

from .steps import Decision, Step

__all__ = ["Mutant", "Open", "Theorem", "Verdict", "check"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A slightly wrong statement.

    Parameters
    ----------
    statement
        What is (wrongly) claimed.
    step
        The claim as a step of the same kinds a proof uses; called when it is needed.
    counterexample
        An exact point where it fails; None takes the one that the step itself finds.
    """

    statement: str
    step: Callable[[], Step]
    counterexample: Mapping[Any, Any] | None = None


@dataclass(frozen=True, slots=True)
class Theorem:
    """A proposition about a model's own formula, or about a criterion that certificates stand on.

    Parameters
    ----------
    id
        ``A-P1`` and so on; ``T-...`` for the theory of the certificates, ``S-...`` for the study.
    statement, domain
        The claim, and for which numbers it is made.
    source
        Where it is stated.
    proof
        Called without arguments, gives the steps.
    mutant
        The wrong neighbour of the statement.
    models
        Names of the classes (or functions) whose formulas the steps call; empty for theory.
    uses
        What the steps rest on beside computation: a textbook fact, named. Empty if nothing.
    """

    id: str
    statement: str
    domain: str
    source: str
    proof: Callable[[], Iterable[Step]]
    mutant: Mutant
    models: tuple[str, ...] = ()
    uses: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """A proposition that is not proved yet, and what it waits for."""

    id: str
    statement: str
    waits_for: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out for one theorem."""

    theorem: Theorem
    decisions: tuple[Decision, ...]
    failure: str
    refutation: str
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every step was decided in favour and the mutant was refuted."""
        return not self.failure and bool(self.refutation)

    @property
    def method(self) -> str:
        """The kinds of the steps, in the order they first occur."""
        return ", ".join(dict.fromkeys(decision.kind for decision in self.decisions))


def check(theorem: Theorem) -> Verdict:
    """Decide every step of a theorem and refute its mutant."""
    start = time.perf_counter()
    decisions: list[Decision] = []
    failure = ""
    try:
        for step in theorem.proof():
            decision = step.decide()
            decisions.append(decision)
            if not decision.proved:
                failure = f"step '{decision.name}' is {decision.outcome}: {decision.reason}"
                break
        if not decisions:
            failure = "the proof has no step"
        refutation, objection = _refute(theorem.mutant)
        failure = failure or objection
    except GameTheoryError as error:
        failure, refutation = f"{type(error).__name__}: {error}", ""
    return Verdict(theorem, tuple(decisions), failure, refutation, time.perf_counter() - start)


def _refute(mutant: Mutant) -> tuple[str, str]:
    """Return (how the mutant was refuted, "") or ("", why it was not)."""
    step = mutant.step()
    decision = step.decide()
    if decision.proved:
        return "", "the mutant was proved: the machinery cannot tell it from the theorem"
    point = mutant.counterexample if mutant.counterexample is not None else decision.counterexample
    if point is None:
        return "", f"the mutant has no counterexample ({decision.outcome}: {decision.reason})"
    found = step.fails_at(point)
    if found is None:
        return "", f"the counterexample {dict(point)} does not refute the mutant"
    return found, ""
