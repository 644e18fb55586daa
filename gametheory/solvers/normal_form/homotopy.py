"""One equilibrium of a game of any number of players by homotopy: the logit branch leads to a support.

As the precision grows the principal logit branch tends to a Nash equilibrium (McKelvey and Palfrey 1995, theorem 3).
The branch is followed while supports are read off: strategies that hold more than a small share. The equations of that
support are solved by Krawczyk's test, or recognised as rational; where neither gives an equilibrium the branch is
followed further, and at its end the point itself is the answer, with its exact regret as epsilon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.errors import InputError
from gametheory.games.mixed_profile import Mixed
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.normal_form.answers import equilibrium_answer
from gametheory.solvers.normal_form.best_response import largest_regret
from gametheory.solvers.normal_form.logit import trace_branch
from gametheory.solvers.normal_form.subdivision import confirmed
from gametheory.solvers.normal_form.support_zeros import middle

__all__ = ["LogitHomotopy"]

#: Shares below these do not belong to the support; each is tried.
_SHARES = (1e-2, 1e-4)
#: The end of the branch counts as an answer where its regret is under the range of payoffs over this.
_NEAR = 10**6


@dataclass(frozen=True, slots=True)
class LogitHomotopy:
    """Follow the logit branch until the support it shows holds an equilibrium.

    Parameters
    ----------
    precision
        Where the branch ends at the latest, in units of one over the range of payoffs.
    steps
        Steps along the branch at most.

    Examples
    --------
    >>> game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> answer = LogitHomotopy().solve(game)
    >>> [str(p) for p in answer.profile[0]], answer.epsilon
    (['0', '1'], Fraction(0, 1))
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.NASH
    precision: float = 1e6
    steps: int = 4000

    def __post_init__(self) -> None:
        if not self.precision > 0 or self.steps < 1:
            raise InputError(f"precision={self.precision!r} and steps={self.steps!r} must be > 0")

    def solve(self, game: NormalFormGame) -> Answer:
        """Return the equilibrium that the branch leads to, or the last point of the branch with its regret."""
        met: set[Any] = set()
        found: list[Mixed] = []

        def arrived(shares: list[Any]) -> bool:
            for least in _SHARES:
                supports = tuple(tuple(k for k, p in enumerate(own) if p > least) for own in shares)
                if supports in met or not all(supports):
                    continue
                met.add(supports)
                exact = _on(game, supports, shares)
                if exact is not None:
                    found.append(exact)
                    return True
            return False

        tables = [table.fractions() for table in game.payoffs]
        size = max(float(t.max() - t.min()) for t in tables) or 1.0
        branch = trace_branch(game, self.precision / size, steps=self.steps, until=arrived)
        if found:
            profile, rule = found[0], "the equilibrium that the principal logit branch leads to"
        else:
            profile, rule = _rounded(branch[-1][1]), "the end of the principal logit branch"
        answer = equilibrium_answer(game, profile, rule=rule, iterations=len(branch))
        regret = largest_regret(game, profile)
        near = bool(found) or regret <= Fraction(size) / _NEAR
        return Answer(
            profile=profile,
            status=Status.SOLVED if near else Status.NOT_CONVERGED,
            epsilon=regret,
            iterations=len(branch),
            extra=answer.extra,
        )


def _on(game: NormalFormGame, supports: tuple[tuple[int, ...], ...], shares: Sequence[Any]) -> Mixed | None:
    """Return the equilibrium on these supports near the shares, or None."""
    start = [own[list(support)] / own[list(support)].sum() for own, support in zip(shares, supports, strict=True)]
    for profile, _ in confirmed(game, [(supports, start)], {}):
        return middle(profile)
    return None


def _rounded(shares: Sequence[Any]) -> Mixed:
    strategies = []
    for own in shares:
        numbers = [Fraction(float(p)) for p in own]
        strategies.append(tuple(p / sum(numbers) for p in numbers))
    return tuple(strategies)
