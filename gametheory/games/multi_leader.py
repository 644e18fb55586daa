"""Several leaders over common followers: an equilibrium problem with equilibrium constraints (EPEC)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact_series, whole
from gametheory.errors import InputError
from gametheory.games.polyhedron import Coefficients, Polyhedron
from gametheory.games.quadratic import QuadraticForm
from gametheory.games.stackelberg import Objective, StackelbergGame

__all__ = ["MultiLeaderGame"]


@dataclass(frozen=True, slots=True)
class MultiLeaderGame:
    """The first `leaders` players commit at the same time; the others answer with a Nash equilibrium of what is left.

    Every player minimises (or maximises) a quadratic form of the joint decision ``z = (x_1, ..., x_m, y_1, ...)`` over
    its own block, under bounds on its own variables and linear constraints that may speak of all variables.

    ``(x, y)`` is an equilibrium if, for every leader ``i``, ``(x_i, y)`` solves the Stackelberg game of leader ``i``
    over all followers while the other leaders keep to ``x_{-i}`` (:meth:`seen_by`), globally. The replies ``y`` are
    the same in all of these games. Ties of the followers go for the leader that considers a deviation: where they
    matter there may be no equilibrium for that reason alone.

    Attributes
    ----------
    leaders
        How many of the players lead.
    players, variables, objectives, constraints, sense
        As in :class:`~gametheory.games.stackelberg.StackelbergGame`, leaders first.

    Raises
    ------
    InputError
        Nobody leads or nobody follows, and whatever a ``StackelbergGame`` refuses.

    Examples
    --------
    Pang and Fukushima's two leaders who have no equilibrium:

    >>> game = MultiLeaderGame.from_terms(
    ...     leaders=[("I", {"x1": (0, 1)}, {"x1": "0.5", "y": 1}), ("II", {"x2": (0, 1)}, {"x2": "-0.5", "y": -1})],
    ...     followers=[("F", {"y": (0, None)}, {"y": -1, ("x1", "y"): 1, ("x2", "y"): 1, ("y", "y"): "0.5"})],
    ... )
    >>> game.seen_by(0, ((0,), (1,))).names, game.seen_by(0, ((0,), (1,))).players
    (('x1', 'y'), ('I', 'F'))
    """

    leaders: int
    players: tuple[str, ...]
    variables: tuple[tuple[str, ...], ...]
    objectives: tuple[QuadraticForm, ...]
    constraints: tuple[Polyhedron, ...]
    sense: str = "cost"

    def __post_init__(self) -> None:
        count = whole(self.leaders, what="leaders")
        if count < 1:
            raise InputError(f"leaders={count}: give at least one leader; without any it is a quadratic game")
        if len(tuple(self.players)) <= count:
            raise InputError(
                f"{count} leaders among {len(tuple(self.players))} players: nobody follows; give a follower, or a "
                "QuadraticGame of the leaders alone"
            )
        # The same data with one leader passes the same checks.
        checked = StackelbergGame(self.players, self.variables, self.objectives, self.constraints, self.sense)
        object.__setattr__(self, "leaders", count)
        for name in ("players", "variables", "objectives", "constraints"):
            object.__setattr__(self, name, getattr(checked, name))

    @classmethod
    def from_terms(
        cls,
        leaders: Sequence[tuple[str, Mapping[str, Sequence[Number | None]], Objective]],
        followers: Sequence[tuple[str, Mapping[str, Sequence[Number | None]], Objective]],
        *,
        constraints: Mapping[str, Iterable[tuple[Mapping[str, Number], str, Number]]] | None = None,
        sense: str = "cost",
    ) -> MultiLeaderGame:
        """Return the game of named terms; each argument as in :meth:`StackelbergGame.from_terms`."""
        everybody = [*leaders, *followers]
        if not leaders or not followers:
            raise InputError(f"{len(leaders)} leaders and {len(followers)} followers; give at least one of each")
        plain = StackelbergGame.from_terms(everybody[0], everybody[1:], constraints=constraints, sense=sense)
        return cls(len(leaders), plain.players, plain.variables, plain.objectives, plain.constraints, plain.sense)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all variables, in the order of the joint decision."""
        return tuple(name for own in self.variables for name in own)

    @property
    def blocks(self) -> tuple[range, ...]:
        """The places of each player's variables in the joint decision."""
        found, start = [], 0
        for own in self.variables:
            found.append(range(start, start + len(own)))
            start += len(own)
        return tuple(found)

    @property
    def decided(self) -> int:
        """How many variables the leaders decide together: the first ones of the joint decision."""
        return self.blocks[self.leaders].start

    @property
    def costs(self) -> tuple[QuadraticForm, ...]:
        """What each player minimises."""
        return self.objectives if self.sense == "cost" else tuple(form.scaled(-1) for form in self.objectives)

    def values(self, joint: Sequence[Number]) -> tuple[Number, ...]:
        """Return the cost or payoff of each player at a joint decision."""
        return tuple(form.value(joint) for form in self.objectives)

    def seen_by(self, leader: int, decisions: Sequence[Sequence[Number]]) -> StackelbergGame:
        """Return the game of one leader over all followers while the others keep to their decisions.

        Parameters
        ----------
        leader
            Its number.
        decisions
            One tuple a leader; that of `leader` itself is not looked at.
        """
        fixed: dict[int, Fraction] = {}
        for i in range(self.leaders):
            if i != leader:
                fixed.update(zip(self.blocks[i], exact_series(decisions[i], what=self.players[i]), strict=True))
        kept = [k for k in range(len(self.names)) if k not in fixed]
        place = {k: n for n, k in enumerate(kept)}
        chosen = [leader, *range(self.leaders, len(self.players))]
        names = tuple(self.names[k] for k in kept)
        sets = []
        for own in (self.constraints[i] for i in chosen):
            sets.append(
                Polyhedron(
                    names,
                    tuple(own.lower[k] for k in kept),
                    tuple(own.upper[k] for k in kept),
                    tuple(_left(row, place, fixed) for row in own.inequalities),
                    tuple(_left(row, place, fixed) for row in own.equalities),
                )
            )
        return StackelbergGame(
            tuple(self.players[i] for i in chosen),
            tuple(self.variables[i] for i in chosen),
            tuple(_restricted(self.objectives[i], place, fixed) for i in chosen),
            tuple(sets),
            self.sense,
        )


def _left(row: Any, place: Mapping[int, int], fixed: Mapping[int, Fraction]) -> tuple[Coefficients, Fraction]:
    """Return a row with the fixed variables moved to its right side."""
    coefficients, bound = row
    moved = sum((a * fixed[k] for k, a in coefficients if k in fixed), Fraction(0))
    return tuple((place[k], a) for k, a in coefficients if k in place), bound - moved


def _restricted(form: QuadraticForm, place: Mapping[int, int], fixed: Mapping[int, Fraction]) -> QuadraticForm:
    """Return the form of the variables that are left."""
    entries, slopes, constant = [], [], form.constant
    for r, c, v in form.quadratic:
        if r in place and c in place:
            entries.append((place[r], place[c], v))
        elif r in place:
            slopes.append((place[r], v * fixed[c]))
        elif c in place:
            slopes.append((place[c], v * fixed[r]))
        else:
            constant += v * fixed[r] * fixed[c] / (2 if r == c else 1)
    for k, v in form.linear:
        if k in place:
            slopes.append((place[k], v))
        else:
            constant += v * fixed[k]
    return QuadraticForm(tuple(entries), tuple(slopes), constant)
