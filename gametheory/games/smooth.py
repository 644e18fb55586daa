"""Smooth games: every payoff a formula of all strategies, every strategy set a polyhedron."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import Number
from gametheory.errors import InputError
from gametheory.games.base import blocks_of
from gametheory.games.derivatives import Tape, gradient
from gametheory.games.expression import Expression, Steps
from gametheory.games.polyhedron import Polyhedron, stacked
from gametheory.games.quadratic import QuadraticForm, QuadraticGame

__all__ = ["SmoothGame", "as_smooth", "of_form"]


@dataclass(frozen=True, slots=True)
class SmoothGame:
    """Player ``i`` picks ``x_i`` in its polyhedron; its objective is a formula of the joint strategy ``x``.

    The joint strategy stacks the strategies in player order, and formulas number its variables from 0; a profile is a
    tuple (players) of tuples (own variables). A player's own objective need not be concave.

    Attributes
    ----------
    players
        Names.
    strategies
        The polyhedron of each player.
    objectives
        The formula of each player, an :class:`~gametheory.games.expression.Expression`.
    sense
        ``"payoff"`` (maximised, the default) or ``"cost"`` (minimised).

    Raises
    ------
    InputError
        Numbers of players, sets and objectives that differ, repeated names, a variable that nobody decides.

    Examples
    --------
    Two bidders share a prize of 4 in proportion to their bids (Tullock's contest):

    >>> a, b = Expression.variable(0), Expression.variable(1)
    >>> own = [Polyhedron((name,), (Fraction(1, 10),), (4,)) for name in ("a", "b")]
    >>> contest = SmoothGame(("a", "b"), own, (4 * a / (a + b) - a, 4 * b / (a + b) - b))
    >>> contest.values(((1,), (1,)))
    (Fraction(1, 1), Fraction(1, 1))
    """

    players: tuple[str, ...]
    strategies: tuple[Polyhedron, ...]
    objectives: tuple[Expression, ...]
    sense: str = "payoff"

    def __post_init__(self) -> None:
        for name in ("players", "strategies", "objectives"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        InputError.raise_all(problems_of(self.players, self.strategies, self.objectives, self.sense))
        for name, objective in zip(self.players, self.objectives, strict=True):
            if objective.reach > self.size:
                raise InputError(
                    f"{name!r}: the objective speaks of variable {objective.reach - 1}, the last is {self.size - 1}"
                )

    @property
    def size(self) -> int:
        """The number of variables of all players together."""
        return sum(strategy.size for strategy in self.strategies)

    @property
    def blocks(self) -> tuple[range, ...]:
        """For each player the places of its variables in the joint strategy."""
        return blocks_of(strategy.size for strategy in self.strategies)

    @property
    def costs(self) -> tuple[Expression, ...]:
        """What each player minimises: the objective, with its sign turned round where it is a payoff."""
        return self.objectives if self.sense == "cost" else tuple(-objective for objective in self.objectives)

    def values(self, profile: Sequence[Sequence[Number]]) -> tuple[Number, ...]:
        """Return the cost or payoff of each player, in the arithmetic of the profile."""
        joint = [number for strategy in profile for number in strategy]
        return tuple(objective.value(joint) for objective in self.objectives)

    def payoffs(self, profile: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ...]:
        """Return the same at a rational profile, as the nearest doubles where they are not rational."""
        joint = [number for strategy in profile for number in strategy]
        return tuple(objective.near(joint) for objective in self.objectives)

    def marginal_costs(self) -> Tape:
        """Return the map of the variational inequality: each player's own marginal costs, stacked."""
        steps = Steps()
        outputs: list[int] = []
        for cost, block in zip(self.costs, self.blocks, strict=True):
            tape = gradient(cost, block)
            places = steps.join(tape.steps)
            outputs += [places[k] for k in tape.outputs]
        return Tape(*steps.taken(outputs))

    def joint_strategies(self) -> Polyhedron:
        """Return the product of the strategy sets as one polyhedron over the joint strategy."""
        return stacked(self.players, self.strategies)

    def as_smooth(self) -> SmoothGame:
        """Return the game itself: forms that know more structure answer with the smooth game that they are."""
        return self


def problems_of(
    players: Sequence[str], strategies: Sequence[Polyhedron], objectives: Sequence[object], sense: str
) -> list[str]:
    """Return what is wrong with the parts of a game, a sentence each."""
    problems = []
    if not players:
        problems.append("no player: give at least one")
    if len(set(players)) != len(players):
        problems.append(f"player names {tuple(players)} repeat; give each player its own name")
    if not len(players) == len(strategies) == len(objectives):
        problems.append(
            f"{len(players)} players, {len(strategies)} strategy sets, {len(objectives)} objectives; give one a player"
        )
    if sense not in ("cost", "payoff"):
        problems.append(f"sense {sense!r} is neither 'cost' nor 'payoff'")
    for name, objective in zip(players, objectives, strict=False):
        if not isinstance(objective, Expression):
            problems.append(f"{name!r}: the objective {objective!r:.60} is no Expression")
    return problems


def of_form(form: QuadraticForm) -> Expression:
    """Return a quadratic form as an expression.

    >>> str(of_form(QuadraticForm(((0, 0, 2), (0, 1, -1)), ((1, 3),))))
    '(x0^(2) + (-1 * (x0 * x1)) + (3 * x1))'
    """
    steps = Steps()
    terms = []
    for r, c, value in form.quadratic:
        factor = steps.number(value / 2 if r == c else value)
        terms.append(steps.multiply(factor, steps.multiply(steps.variable(r), steps.variable(c))))
    terms += [steps.multiply(steps.number(value), steps.variable(k)) for k, value in form.linear]
    terms.append(steps.number(form.constant))
    return Expression(steps.taken([steps.add(terms)])[0])


def as_smooth(game: object) -> SmoothGame:
    """Return a game of another form that is also a smooth one: quadratic games, aggregative games."""
    if isinstance(game, QuadraticGame):
        return SmoothGame(game.players, game.strategies, tuple(map(of_form, game.objectives)), game.sense)
    return game.as_smooth()  # type: ignore[attr-defined,no-any-return]  # of every other form that solvers accept
