"""Generalised games: what a player may do depends on the others, through constraints that all share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gametheory.errors import InputError
from gametheory.games.polyhedron import Polyhedron, Row, read_rows, remaining
from gametheory.games.quadratic import QuadraticGame

__all__ = ["GeneralisedGame"]


@dataclass(frozen=True, slots=True)
class GeneralisedGame:
    """A quadratic game whose joint strategy must also satisfy linear constraints shared by all players.

    A generalised Nash equilibrium is feasible and no player has a better strategy among those that the shared
    constraints leave it, given the others'. There are often many; the *variational* one has equal multipliers of the
    shared constraints for all players (or multipliers in proportion to ``1/r_i`` with Rosen's weights ``r``).

    Attributes
    ----------
    game
        Objectives and own constraints.
    inequalities, equalities
        Shared rows ``(coefficients, bound)`` over the joint strategy; coefficients as in
        :class:`~gametheory.games.polyhedron.Polyhedron`, by index or one number for each variable.

    Raises
    ------
    InputError
        No shared row, or coefficients that do not fit the joint strategy.

    Examples
    --------
    >>> game = QuadraticGame.from_matrices([[[2, 0], [0, 0]], [[0, 0], [0, 2]]], [[-2, 0], [0, -1]])
    >>> shared = GeneralisedGame(game, inequalities=[((1, 1), 1)])
    >>> shared.own_strategies(0, ((0,), (Fraction(1, 4),))).inequalities
    ((((0, Fraction(1, 1)),), Fraction(3, 4)),)
    """

    game: QuadraticGame
    inequalities: tuple[Row, ...] = ()
    equalities: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        names = self.game.joint_strategies().variables
        for kind in ("inequalities", "equalities"):
            object.__setattr__(self, kind, read_rows(getattr(self, kind), names, f"shared {kind}"))
        if not self.inequalities and not self.equalities:
            raise InputError("no shared constraint: give one, or use the QuadraticGame itself")

    @property
    def players(self) -> tuple[str, ...]:
        """Names."""
        return self.game.players

    @property
    def sense(self) -> str:
        """``"cost"`` or ``"payoff"``."""
        return self.game.sense

    def joint_strategies(self) -> Polyhedron:
        """Return all constraints, own ones first, over the joint strategy."""
        own = self.game.joint_strategies()
        return replace(
            own, inequalities=own.inequalities + self.inequalities, equalities=own.equalities + self.equalities
        )

    def own_strategies(self, player: int, profile: Sequence[Sequence[Fraction]]) -> Polyhedron:
        """Return what the shared constraints leave `player` while the others keep to the profile.

        Rows in which the player has no part are left out.
        """
        block = self.game.blocks[player]
        joint = [number for strategy in profile for number in strategy]
        own = self.game.strategies[player]

        return replace(
            own,
            inequalities=own.inequalities + remaining(self.inequalities, block, joint),
            equalities=own.equalities + remaining(self.equalities, block, joint),
        )
