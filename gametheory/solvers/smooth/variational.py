"""The variational equilibrium of games with shared rows: extragradient steps on the joint set, polished with prices.

Source: F. Facchinei, C. Kanzow, "Generalized Nash equilibrium problems", 4OR 5 (2007), 173-210, section 3.2 (the
variational inequality over the joint set); J. B. Rosen, Econometrica 33 (1965), 520-534 (weights).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import exact_series
from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.derivatives import Tape
from gametheory.games.expression import Steps
from gametheory.games.generalised import GeneralisedGame
from gametheory.games.smooth import as_smooth
from gametheory.games.smooth_generalised import SmoothGeneralisedGame
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.smooth.answers import FINE, ROUGH, by_name, feasible, read_start
from gametheory.solvers.smooth.extragradient import extragradient
from gametheory.solvers.smooth.field import Field
from gametheory.solvers.smooth.forward_backward import golden_ratio
from gametheory.solvers.smooth.polish import polished

__all__ = ["JointExtragradient", "JointForwardBackward"]

_METHODS = {"extragradient": extragradient, "golden ratio": golden_ratio}


def _solve(given: Any, method: str, settings: Any) -> Answer:
    game = _smooth(given)
    inner = game.game
    weights = _weights(game, settings.weights)
    if any(game.exempt):
        raise UnsupportedGame("some players are exempt from a shared row, so prices are not alike; use OwnRows()")
    joint = game.joint_strategies()
    tape = _weighted(inner.marginal_costs(), inner.blocks, weights)
    field = Field(tape, (joint,))
    x, total = read_start(field, settings.start), 0
    for tolerance in (ROUGH, FINE):
        x, count, residual = _METHODS[method](field, x, settings.iterations, tolerance)
        total += count
        point = polished(tape, joint, x, near=max(1e-6, 30 * residual)) if residual <= 100 * ROUGH else None
        solved = point is not None and point.residual <= settings.accuracy
        if solved:
            break
    numbers = point.x if point is not None and solved else feasible(joint, x)
    profile = tuple(tuple(numbers[block.start : block.stop]) for block in inner.blocks)
    first = sum(b is not None for b in (*joint.lower, *joint.upper)) + len(joint.inequalities) - len(game.inequalities)
    last = first + len(game.inequalities)
    end = len(list(joint.rows()))
    multipliers = point.multipliers if point is not None else (Fraction(0),) * end
    prices = (*multipliers[first:last], *multipliers[end - len(game.equalities) :][: len(game.equalities)])
    exactly = solved and point is not None and point.is_exact
    count_of_rows = len(game.inequalities)
    shared = {"inequalities": prices[:count_of_rows], "equalities": prices[count_of_rows:]}
    return Answer(
        profile=profile,
        status=Status.SOLVED if solved else Status.NOT_CONVERGED,
        iterations=total,
        epsilon=Fraction(0) if exactly else Fraction(settings.accuracy).limit_denominator(10**12),
        witness={"prices": prices, "weights": weights, "multipliers": multipliers},
        extra={
            "point": by_name(inner, profile),
            "payoffs": inner.payoffs(profile),
            "details": {
                "shared_multipliers": shared if exactly or given is game else None,
                "weights": weights,
                "natural_residual": residual,
            },
        },
    )


def _smooth(game: Any) -> SmoothGeneralisedGame:
    """Return the game itself, or a quadratic one as one of formulas."""
    if isinstance(game, GeneralisedGame):
        return SmoothGeneralisedGame(as_smooth(game.game), game.inequalities, game.equalities)
    return game  # type: ignore[no-any-return]  # of the other form that is accepted


def _weights(game: SmoothGeneralisedGame, given: Any) -> tuple[Fraction, ...]:
    if given is None:
        return (Fraction(1),) * len(game.players)
    weights = exact_series(given, what="weights")
    if len(weights) != len(game.players) or min(weights) <= 0:
        raise InputError(f"weights {[str(r) for r in weights]}: give one positive number for each player")
    return weights


def _weighted(tape: Tape, blocks: Any, weights: tuple[Fraction, ...]) -> Tape:
    steps = Steps()
    places = steps.join(tape.steps)
    outputs = []
    for block, weight in zip(blocks, weights, strict=True):
        outputs += [steps.multiply(steps.number(weight), places[tape.outputs[k]]) for k in block]
    return Tape(*steps.taken(outputs))


@dataclass(frozen=True, slots=True)
class JointExtragradient:
    """Extragradient steps over the set that all constraints leave together.

    Parameters
    ----------
    weights
        Rosen's weights, one a player; None: all 1.
    start, iterations, accuracy
        As of :class:`~gametheory.solvers.smooth.extragradient.Extragradient`.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> answer = JointExtragradient().solve(catalogue("murphy_sherali_soyster_limited").game)
    >>> [round(float(q), 3) for (q,) in answer.profile]
    [14.05, 17.798, 20.907, 23.111, 24.133]
    """

    accepts: ClassVar[tuple[str, ...]] = ("GeneralisedGame", "SmoothGeneralisedGame")
    concept: ClassVar[Concept] = Concept.VARIATIONAL
    weights: tuple[Any, ...] | None = None
    start: tuple[Any, ...] | None = None
    iterations: int = 3000
    accuracy: float = 1e-8

    def solve(self, game: Any) -> Answer:
        """Return the variational equilibrium with the prices of the shared rows."""
        return _solve(game, "extragradient", self)


@dataclass(frozen=True, slots=True)
class JointForwardBackward:
    """Steps of the golden ratio algorithm over the set that all constraints leave together.

    Parameters
    ----------
    weights, start, iterations, accuracy
        As of :class:`JointExtragradient`.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> answer = JointForwardBackward().solve(catalogue("murphy_sherali_soyster_limited").game)
    >>> [round(float(q), 3) for (q,) in answer.profile]
    [14.05, 17.798, 20.907, 23.111, 24.133]
    """

    accepts: ClassVar[tuple[str, ...]] = ("GeneralisedGame", "SmoothGeneralisedGame")
    concept: ClassVar[Concept] = Concept.VARIATIONAL
    weights: tuple[Any, ...] | None = None
    start: tuple[Any, ...] | None = None
    iterations: int = 5000
    accuracy: float = 1e-8

    def solve(self, game: Any) -> Answer:
        """Return the variational equilibrium with the prices of the shared rows."""
        return _solve(game, "golden ratio", self)
