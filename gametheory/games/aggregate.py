"""Aggregative games: what a player earns depends on its own strategy and on a few sums over all strategies.

(The energy-sharing game in :mod:`gametheory.games.aggregative` is one with rules of its own.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import Number
from gametheory.errors import InputError
from gametheory.games.base import blocks_of
from gametheory.games.expression import Expression, Steps
from gametheory.games.polyhedron import Coefficients, Polyhedron, read_rows, stacked
from gametheory.games.smooth import SmoothGame, problems_of

__all__ = ["AggregativeGame"]


@dataclass(frozen=True, slots=True)
class AggregativeGame:
    """Player ``i`` earns ``f_i(x_i, s)`` where ``s = A x`` are sums over the strategies of all players.

    Attributes
    ----------
    players, strategies, sense
        As in :class:`~gametheory.games.smooth.SmoothGame`.
    aggregates
        For each sum its coefficients over the joint strategy (by index, or one number a variable, or by name).
    objectives
        The formula of each player in its own variables, numbered from 0, and after them the sums.

    Raises
    ------
    InputError
        What a smooth game refuses; no sum; a formula that speaks of more variables than it has.

    Examples
    --------
    Cournot's duopoly: a price ``12 - s`` of the sum of quantities.

    >>> q, s = Expression.variable(0), Expression.variable(1)
    >>> game = AggregativeGame(
    ...     ("a", "b"), (Polyhedron(("q",), (0,)), Polyhedron(("q",), (0,))), ((1, 1),), (q * (12 - s), q * (12 - s))
    ... )
    >>> game.values(((4,), (4,)))
    (Fraction(16, 1), Fraction(16, 1))
    """

    players: tuple[str, ...]
    strategies: tuple[Polyhedron, ...]
    aggregates: tuple[Coefficients, ...]
    objectives: tuple[Expression, ...]
    sense: str = "payoff"

    def __post_init__(self) -> None:
        for name in ("players", "strategies", "aggregates", "objectives"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        InputError.raise_all(problems_of(self.players, self.strategies, self.objectives, self.sense))
        if not self.aggregates:
            raise InputError("no aggregate: give the coefficients of at least one sum, or use SmoothGame")
        names = stacked(self.players, self.strategies).variables
        rows = read_rows([(row, 0) for row in self.aggregates], names, "aggregates")
        object.__setattr__(self, "aggregates", tuple(coefficients for coefficients, _ in rows))
        for name, own, objective in zip(self.players, self.strategies, self.objectives, strict=True):
            if objective.reach > own.size + len(self.aggregates):
                raise InputError(
                    f"{name!r}: the objective speaks of variable {objective.reach - 1}; it has {own.size} own ones and "
                    f"{len(self.aggregates)} sums"
                )

    @property
    def size(self) -> int:
        """The number of variables of all players together."""
        return sum(strategy.size for strategy in self.strategies)

    @property
    def blocks(self) -> tuple[range, ...]:
        """For each player the places of its variables in the joint strategy."""
        return blocks_of(strategy.size for strategy in self.strategies)

    def values(self, profile: Sequence[Sequence[Number]]) -> tuple[Number, ...]:
        """Return the cost or payoff of each player."""
        return self.as_smooth().values(profile)

    def payoffs(self, profile: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ...]:
        """Return the same at a rational profile, as the nearest doubles where they are not rational."""
        return self.as_smooth().payoffs(profile)

    def joint_strategies(self) -> Polyhedron:
        """Return the product of the strategy sets as one polyhedron over the joint strategy."""
        return stacked(self.players, self.strategies)

    def own_objective(self, player: int) -> Expression:
        """Return a player's formula in its own variables and the *others'* part of each sum: all that it must see."""
        steps = Steps()
        size, block = self.strategies[player].size, self.blocks[player]
        places = {}
        for k, row in enumerate(self.aggregates):
            mine = [steps.multiply(steps.number(a), steps.variable(j - block.start)) for j, a in row if j in block]
            places[size + k] = steps.add([*mine, steps.variable(size + k)])
        place = steps.join(self.objectives[player].steps, places)[-1]
        return Expression(steps.taken([place])[0])

    def as_smooth(self) -> SmoothGame:
        """Return the smooth game in which the sums are written out."""
        formulas = []
        for own, block, objective in zip(self.strategies, self.blocks, self.objectives, strict=True):
            steps = Steps()
            places = {k: steps.variable(block.start + k) for k in range(own.size)}
            for k, row in enumerate(self.aggregates):
                terms = [steps.multiply(steps.number(a), steps.variable(j)) for j, a in row]
                places[own.size + k] = steps.add(terms)
            formulas.append(Expression(steps.taken([steps.join(objective.steps, places)[-1]])[0]))
        return SmoothGame(self.players, self.strategies, tuple(formulas), self.sense)
