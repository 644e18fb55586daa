"""Smooth games with linear constraints that all players share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gametheory.errors import InputError
from gametheory.games.polyhedron import Polyhedron, Row, read_rows, remaining
from gametheory.games.smooth import SmoothGame

__all__ = ["SmoothGeneralisedGame"]


@dataclass(frozen=True, slots=True)
class SmoothGeneralisedGame:
    """A smooth game whose joint strategy must also satisfy linear constraints shared by all players.

    What is said of :class:`~gametheory.games.generalised.GeneralisedGame` holds here: generalised equilibria are many,
    the variational one has equal multipliers.

    Attributes
    ----------
    game
        Objectives and own constraints.
    inequalities, equalities
        Shared rows ``(coefficients, bound)`` over the joint strategy, as in
        :class:`~gametheory.games.polyhedron.Polyhedron`.
    exempt
        For each shared inequality the players (numbers) who need not keep to it; left out, none. A row that only some
        must keep is no longer shared in Rosen's sense: then only the Nash claim is judged, not the variational one.

    Raises
    ------
    InputError
        No shared row, or coefficients that do not fit the joint strategy.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> catalogue("switching_with_priority").game.players[0]
    'user 1'
    """

    game: SmoothGame
    inequalities: tuple[Row, ...] = ()
    equalities: tuple[Row, ...] = ()
    exempt: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        names = self.game.joint_strategies().variables
        for kind in ("inequalities", "equalities"):
            object.__setattr__(self, kind, read_rows(getattr(self, kind), names, f"shared {kind}"))
        if not self.inequalities and not self.equalities:
            raise InputError("no shared constraint: give one, or use the SmoothGame itself")
        given = tuple(tuple(int(i) for i in row) for row in self.exempt) or ((),) * len(self.inequalities)
        if len(given) != len(self.inequalities) or any(not 0 <= i < len(self.players) for row in given for i in row):
            raise InputError(
                f"exempt {self.exempt!r:.60}: give for each of the {len(self.inequalities)} shared inequalities the "
                f"numbers of exempt players, 0..{len(self.players) - 1}"
            )
        object.__setattr__(self, "exempt", given)

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
        """Return what the shared constraints leave `player` while the others keep to the profile."""
        block = self.game.blocks[player]
        joint = [number for strategy in profile for number in strategy]
        own = self.game.strategies[player]
        rows = [row for row, free in zip(self.inequalities, self.exempt, strict=True) if player not in free]
        return replace(
            own,
            inequalities=own.inequalities + remaining(rows, block, joint),
            equalities=own.equalities + remaining(self.equalities, block, joint),
        )
