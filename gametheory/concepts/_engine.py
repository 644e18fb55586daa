"""How every front door works: lower the model, pick a solver, solve, have it checked, wrap it up."""

from __future__ import annotations

import importlib
import time
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from gametheory._version import __version__
from gametheory.certificates import certify as check
from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.base import lower
from gametheory.result import Answer, Concept, Solution, Status

__all__ = ["pick", "provenance", "solved"]


def pick(game: Any, solver: Any, defaults: Mapping[str, str], concept: Concept) -> Any:
    """Return `solver`, or the default for this game form; refuse one that does not take the game.

    `defaults` maps a form's name to ``"module:Class"``; the class is imported when it is needed.
    """
    form = type(game).__name__
    if solver is None:
        if form not in defaults:
            known = ", ".join(sorted(defaults)) or "none"
            raise UnsupportedGame(f"{concept}: no solver for a {form}; this concept is solved for: {known}")
        module, name = defaults[form].split(":")
        return getattr(importlib.import_module(module), name)()
    if isinstance(solver, type):
        solver = solver()
    if not hasattr(solver, "solve"):
        raise InputError(f"solver={solver!r} is no solver object; give one of gametheory.solvers, e.g. LemkeHowson()")
    accepted = tuple(getattr(solver, "accepts", ()))
    if form not in accepted:
        raise UnsupportedGame(f"{type(solver).__name__} does not take a {form}; it takes {', '.join(accepted)}")
    return solver


def solved(
    subject: Any,
    concept: Concept,
    *,
    solver: Any = None,
    defaults: Mapping[str, str],
    kind: type[Solution] = Solution,
    certify: str | bool = "auto",
    extra: Mapping[str, Any] | None = None,
) -> Any:
    """Solve `subject`, certify the answer and return it as a `kind`."""
    game = lower(subject)
    chosen = pick(game, solver, defaults, concept)
    start = time.perf_counter()
    answer: Answer = chosen.solve(game)
    elapsed = time.perf_counter() - start
    if certify not in ("auto", True):
        raise InputError(f"certify={certify!r}: every answer is checked; give certify='auto'")
    certificate = check(game, answer.profile, concept=concept, epsilon=answer.epsilon, witness=answer.witness)
    status = answer.status
    if status is Status.SOLVED and certificate.strength == "refuted":
        status = Status.NOT_CONVERGED
    return kind(
        game=game,
        concept=concept,
        profile=answer.profile,
        method=type(chosen).__name__,
        status=status,
        certificate=certificate,
        parameters=_settings(chosen),
        iterations=answer.iterations,
        wall_time=elapsed,
        epsilon=answer.epsilon,
        witness=answer.witness,
        provenance=provenance(subject, game),
        **answer.extra,
        **(extra or {}),
    )


def provenance(subject: Any, game: Any) -> dict[str, Any]:
    """Return where an answer came from: version, the model (if one was given) and what it says about its input."""
    origin: dict[str, Any] = {"gametheory": __version__}
    if subject is not game:
        origin["model"] = type(subject).__name__
    return {**origin, **getattr(subject, "provenance", {})}


def _settings(solver: Any) -> dict[str, Any]:
    if not is_dataclass(solver):
        return {}
    return {f.name: getattr(solver, f.name) for f in fields(solver)}
