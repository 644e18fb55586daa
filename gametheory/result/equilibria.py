"""Solutions of games that are played apart: equilibria, eliminations, leaders and followers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gametheory.arithmetic import Number
from gametheory.result.solution import Solution

__all__ = ["Elimination", "Equilibria", "Equilibrium", "LeaderFollower"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equilibrium(Solution):
    """An equilibrium of a game.

    Attributes
    ----------
    point
        Strategies by player (or variable) name.
    payoffs
        Payoffs (or costs, where the game speaks of costs) in player order.
    unique, unique_reason
        ``"proved"``, ``"disproved"`` or ``"unknown"``, and why.
    details
        Further quantities by name (prices, energies, multipliers).
    """

    point: Mapping[str, Any] = field(default_factory=dict)
    payoffs: tuple[Any, ...] = ()
    unique: str = "unknown"
    unique_reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equilibria(Solution):
    """All equilibria of a finite game, or as many as were found: iterate over the profiles.

    Attributes
    ----------
    complete
        True only where a rigorous argument shows that nothing is missing.
    reason
        That argument, or what is missing.
    components
        The connected components of the set of equilibria. Each is a tuple of maximal Nash subsets, and each of these
        holds for every player the extreme strategies whose hull it is; hulls multiply. A single equilibrium is a
        component of one subset with one strategy a player.
    indices
        The index of each component where it is known, else None; over all components they sum to +1.
    unresolved
        Where the list is not complete: each piece that hangs together of the ``"supports"`` that were not closed, with
        a ``"box"`` of bounds of every probability and a ``"cover"`` of small boxes. A continuum in which three or more
        mix shows up here as a component of unknown shape. Every equilibrium is listed or lies in such a box.
    trace
        The steps for teaching, where they were asked for: iterate, print, ``.to_latex()``.
    """

    complete: bool = False
    reason: str = ""
    components: tuple[Any, ...] = ()
    indices: tuple[int | None, ...] = ()
    unresolved: tuple[Mapping[str, Any], ...] = ()
    trace: Any = ()

    @property
    def extreme(self) -> tuple[Any, ...]:
        """The extreme equilibria: every equilibrium is a convex combination of some of these, or is one of them."""
        return tuple(self.profile)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.profile)

    def __len__(self) -> int:
        return len(self.profile)

    def __getitem__(self, k: int) -> Any:
        return self.profile[k]

    def __str__(self) -> str:
        word = "complete" if self.complete else "perhaps not complete"
        return f"{len(self)} equilibria in {len(self.components)} components, {word}: {self.reason}\n{self.certificate}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Elimination(Solution):
    """What remains of a finite game when dominated strategies are removed.

    Attributes
    ----------
    eliminated
        Each removal in order: ``round``, ``player``, ``strategy`` and what it is ``dominated by``.
    remaining
        The names of the strategies that remain, in player order.
    trace
        The steps for teaching, where they were asked for: iterate, print, ``.to_latex()``.
    """

    eliminated: tuple[Mapping[str, Any], ...] = ()
    remaining: tuple[tuple[str, ...], ...] = ()
    trace: Any = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderFollower(Solution):
    """A Stackelberg equilibrium.

    Attributes
    ----------
    leader, follower
        Decisions by name.
    value
        What the leader earns (or pays, where the game speaks of costs).
    bound
        A rigorous bound on what any other decision could bring the leader; equal to `value` where the claim is exact.
    attained
        False where the value is an infimum or supremum that no decision reaches.
    details
        Further quantities by name (regimes, energies, costs of the followers).
    """

    leader: Mapping[str, Any] = field(default_factory=dict)
    follower: Mapping[str, Any] = field(default_factory=dict)
    value: Number = 0
    bound: Number = 0
    attained: bool = True
    details: Mapping[str, Any] = field(default_factory=dict)
