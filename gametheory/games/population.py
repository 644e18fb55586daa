"""Population games: many small agents, each on one strategy of its population; payoffs depend on the shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact_series
from gametheory.errors import InputError
from gametheory.games.base import blocks_of
from gametheory.games.derivatives import Tape
from gametheory.games.expression import Expression, Steps
from gametheory.games.polyhedron import Polyhedron, stacked

__all__ = ["PopulationGame"]


@dataclass(frozen=True, slots=True)
class PopulationGame:
    """Population ``p`` of mass ``m_p`` divides over its strategies; strategy ``k`` earns ``F_k(x)`` in the state ``x``.

    Nash equilibria (Wardrop's principle in traffic): a strategy that is used earns as much as any other of its
    population. The state stacks the populations; a profile is a tuple (populations) of tuples (masses on strategies).

    Attributes
    ----------
    players
        Names of the populations.
    masses
        ``m_p > 0``.
    names
        The strategies of each population.
    objectives
        For every strategy, in the order of the state, its payoff (or cost) as a formula of the state.
    sense
        ``"payoff"`` or ``"cost"``.

    Raises
    ------
    InputError
        A mass that is not positive, numbers of names and formulas that differ, a variable beyond the state.

    Examples
    --------
    Pigou's road: a wide one that takes an hour, a narrow one that takes as long as it is full.

    >>> x = [Expression.variable(k) for k in range(2)]
    >>> roads = PopulationGame(("drivers",), (1,), (("wide", "narrow"),), (Expression.of(1), x[1]), "cost")
    >>> roads.values(((0, 1),))
    ((Fraction(1, 1), Fraction(1, 1)),)
    """

    players: tuple[str, ...]
    masses: tuple[Fraction, ...]
    names: tuple[tuple[str, ...], ...]
    objectives: tuple[Expression, ...]
    sense: str = "payoff"

    def __post_init__(self) -> None:
        for name in ("players", "objectives"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "names", tuple(tuple(map(str, own)) for own in self.names))
        object.__setattr__(self, "masses", exact_series(self.masses, what="masses"))
        problems = []
        if not self.players or len(set(self.players)) != len(self.players):
            problems.append(f"populations {self.players}: give at least one, each with a name of its own")
        if not len(self.players) == len(self.masses) == len(self.names):
            problems.append(
                f"{len(self.players)} populations, {len(self.masses)} masses, {len(self.names)} lists of strategies; "
                "give one a population"
            )
        problems += [f"mass {m} of population {k} must be > 0" for k, m in enumerate(self.masses) if m <= 0]
        problems += [
            f"strategies {own} of population {k}: give at least one, each with a name of its own"
            for k, own in enumerate(self.names)
            if not own or len(set(own)) != len(own)
        ]
        if len(self.objectives) != self.size:
            problems.append(f"{len(self.objectives)} formulas for {self.size} strategies; give one a strategy")
        for k, formula in enumerate(self.objectives):
            if not isinstance(formula, Expression) or formula.reach > self.size:
                problems.append(f"formula {k} is {formula!s:.60}: give an Expression of {self.size} variables")
        if self.sense not in ("cost", "payoff"):
            problems.append(f"sense {self.sense!r} is neither 'cost' nor 'payoff'")
        InputError.raise_all(problems)

    @property
    def size(self) -> int:
        """The number of strategies of all populations together."""
        return sum(map(len, self.names))

    @property
    def blocks(self) -> tuple[range, ...]:
        """For each population the places of its strategies in the state."""
        return blocks_of(map(len, self.names))

    @property
    def strategies(self) -> tuple[Polyhedron, ...]:
        """The simplex of each population."""
        return tuple(
            Polyhedron(
                own, (Fraction(0),) * len(own), (), (), ((tuple((k, Fraction(1)) for k in range(len(own))), mass),)
            )
            for own, mass in zip(self.names, self.masses, strict=True)
        )

    def values(self, profile: Sequence[Sequence[Number]]) -> tuple[tuple[Any, ...], ...]:
        """Return what every strategy earns (or costs), used or not."""
        state = [number for own in profile for number in own]
        found = [formula.value(state) for formula in self.objectives]
        return tuple(tuple(found[block.start : block.stop]) for block in self.blocks)

    def payoffs(self, profile: Sequence[Sequence[Fraction]]) -> tuple[tuple[Fraction, ...], ...]:
        """Return the same at a rational profile, as the nearest doubles where they are not rational."""
        state = [number for own in profile for number in own]
        found = [formula.near(state) for formula in self.objectives]
        return tuple(tuple(found[block.start : block.stop]) for block in self.blocks)

    def marginal_costs(self) -> Tape:
        """Return the map of the variational inequality: what each strategy costs in the state."""
        steps = Steps()
        outputs = []
        for formula in self.objectives:
            place = steps.join(formula.steps)[-1]
            outputs.append(place if self.sense == "cost" else steps.multiply(steps.number(-1), place))
        return Tape(*steps.taken(outputs))

    def joint_strategies(self) -> Polyhedron:
        """Return the product of the simplices over the state."""
        return stacked(self.players, self.strategies)
