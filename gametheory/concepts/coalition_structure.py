"""Which properties a coalitional game has, how its players group, and what a newcomer changes for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number
from gametheory.certificates import coalition_properties as decide
from gametheory.concepts._engine import solved
from gametheory.concepts.coalitions import core, shapley_value
from gametheory.errors import InputError, SizeLimit
from gametheory.games.base import lower
from gametheory.result import Allocation, CoalitionProperties, Concept, Partition

__all__ = ["aumann_dreze_value", "coalition_properties", "joining_effect", "stable_partition"]


def coalition_properties(game: Any) -> CoalitionProperties:
    """Return what is true of the game: monotone, superadditive, convex, balanced, null and symmetric players.

    Each comes as an exact statement with a witness where it fails. Of costs the words are subadditive and concave. A
    property that is not decided for so many players is None.

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> found = coalition_properties(CoalitionalGame.glove(1, 2))
    >>> print(found.convex)
    [exact] not convex: player 2 adds more to (player 0) before player 1 (bound 1)
    >>> found.balanced.bound, found.symmetric_players
    (Fraction(0, 1), (('player 1', 'player 2'),))
    """
    plain = _table(game)

    def decided(question: Callable[[Any], Any]) -> Any:
        try:
            return question(plain)
        except SizeLimit:
            return None

    return CoalitionProperties(
        game=plain,
        monotone=decided(decide.monotone),
        superadditive=decided(decide.superadditive),
        convex=decided(decide.convex),
        balanced=decided(lambda g: decide.balanced(core(g))),
        null_players=decided(decide.null_players),
        symmetric_players=decided(decide.symmetric_players),
    )


def aumann_dreze_value(
    game: Any, *, partition: Iterable[Iterable[str]] = (), solver: Any = None, certify: str | bool = "auto"
) -> Allocation:
    """Return what players get if each block of a partition shares its own number by the Shapley value.

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> game = CoalitionalGame.glove(1, 2, ["a", "b", "c"])
    >>> aumann_dreze_value(game, partition=[("a", "b"), ("c",)]).exact
    (Fraction(1, 2), Fraction(1, 2), Fraction(0, 1))
    """
    from gametheory.solvers.coalitional.partitions import BlockShapley

    chosen = solver if solver is not None else BlockShapley(tuple(tuple(block) for block in partition))
    return solved(_table(game), Concept.AUMANN_DREZE, solver=chosen, defaults={}, kind=Allocation, certify=certify)  # type: ignore[no-any-return]  # `solved` returns the kind it was given


def stable_partition(
    game: Any, *, transfer_cost: Number = 0, solver: Any = None, certify: str | bool = "auto"
) -> Partition:
    """Return a partition that no merger and no split improves, where a block of k members pays for k - 1 links.

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> stable_partition(CoalitionalGame.glove(2, 2), transfer_cost="1/2").partition
    (('player 0', 'player 2'), ('player 1', 'player 3'))
    """
    from gametheory.solvers.coalitional.partitions import MergeAndSplit

    chosen = solver if solver is not None else MergeAndSplit(transfer_cost)
    return solved(_table(game), Concept.STABLE_PARTITION, solver=chosen, defaults={}, kind=Partition, certify=certify)  # type: ignore[no-any-return]  # `solved` returns the kind it was given


def joining_effect(
    game: Any, player: str, *, value: Callable[[Any], Allocation] = shapley_value
) -> dict[str, Fraction]:
    """Return who gains and who loses if `player` joins the others: the change of each one's share.

    Shares are those of `value` in the game with and without the player (a pooled or linear-programming game, too); the
    newcomer's change is against being alone. Of a member who leaves they are the opposite.
    Negative changes are gains where the game counts costs.

    >>> from gametheory.games.coalitional import CoalitionalGame
    >>> joining_effect(CoalitionalGame.glove(1, 2, ["a", "b", "c"]), "c")
    {'a': Fraction(1, 6), 'b': Fraction(-1, 3), 'c': Fraction(1, 6)}
    """
    plain = lower(game)
    others = [name for name in plain.players if name != player]
    if player not in plain.players or not others:
        raise InputError(f"{player!r} joins nobody; name one of at least two players: {', '.join(plain.players)}")
    after, before, alone = value(plain), value(plain.subgame(others)), value(plain.subgame([player]))
    return {name: after[name] - (before if name != player else alone)[name] for name in plain.players}


def _table(game: Any) -> Any:
    """Return the game, or the table of a pooled or linear-programming one."""
    plain = lower(game)
    if type(plain).__name__ not in ("LinearGame", "PooledGame", "PooledLoads"):
        return plain
    from gametheory.concepts.optimum import coalitional_game

    return coalitional_game(plain)
