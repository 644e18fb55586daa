"""Solutions and studies as pandas frames: one row for each thing that a reader would filter by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gametheory.arithmetic import Number, to_float
from gametheory.efficiency.comparison import Study
from gametheory.report.records import member_records
from gametheory.result import Allocation, Concept, Equilibria, Solution

__all__ = ["is_mixed", "solution_frame", "study_frame"]


def study_frame(study: Study) -> Any:
    """Return a frame with one row for each outcome and member: bill, discomfort, net cost and saving as floats."""
    import pandas as pd

    return pd.DataFrame(member_records(study))


def solution_frame(solution: Solution) -> Any:
    """Return a frame of the answer: one row for each player, strategy, name or step, whichever the answer has.

    An allocation has one row a player; a list of equilibria one row for each equilibrium, player and strategy; any
    other answer one row for each number of its profile (columns ``name``, ``index``, ``value``).
    """
    import pandas as pd

    if isinstance(solution, Allocation):
        return pd.DataFrame(_allocation(solution))
    if isinstance(solution, Equilibria):
        rows = [{"equilibrium": k, **row} for k, profile in enumerate(solution) for row in _rows(solution, profile)]
        return pd.DataFrame(rows)
    return pd.DataFrame(_rows(solution, solution.profile))


def _rows(solution: Solution, profile: Any) -> list[dict[str, Any]]:
    """Rows of one profile, in the form that fits the concept."""
    if is_mixed(solution):
        return _finite(solution.game, profile)
    players = tuple(getattr(solution.game, "players", ()))
    if isinstance(profile, Sequence) and len(profile) == len(players) and not any(map(_is_nested, profile)):
        return [{"player": player, "value": _float(value)} for player, value in zip(players, profile, strict=True)]
    joint = getattr(solution, "point", None)
    named = solution.concept in _JOINT or hasattr(solution.game, "joint_strategies")
    return _plain(joint if named and joint else profile)


def is_mixed(solution: Solution) -> bool:
    """Whether the profile gives each player of a finite game a strategy, pure or mixed."""
    return hasattr(solution.game, "expected_payoffs") and solution.concept in _MIXED


_MIXED = (Concept.NASH, Concept.NASH_SET, Concept.QUANTAL_RESPONSE)
#: Their profile is one distribution over joint strategies; the point names each that has weight.
_JOINT = (Concept.CORRELATED, Concept.COARSE_CORRELATED)


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str))


def _allocation(solution: Allocation) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for k, (player, value) in enumerate(zip(solution.players, solution.values, strict=True)):
        row: dict[str, Any] = {"player": player, "value": float(value)}
        if solution.exact is not None:
            row["exact"] = str(solution.exact[k])
        if solution.interval is not None:
            row["low"], row["high"] = solution.interval[k]
        rows.append(row)
    return rows


def _finite(game: Any, profile: Any) -> list[dict[str, Any]]:
    """Rows of a mixed profile of a finite game."""
    rows = []
    for player, names, mixed in zip(game.players, game.strategies, profile, strict=True):
        weights = mixed if isinstance(mixed, Sequence) else [int(k == mixed) for k in range(len(names))]
        rows += [
            {"player": player, "strategy": name, "probability": to_float(weight)}
            for name, weight in zip(names, weights, strict=True)
        ]
    return rows


def _plain(value: Any) -> list[dict[str, Any]]:
    return [{"name": name, "index": index, "value": number} for name, index, number in _numbers(value, "", ())]


def _numbers(value: Any, name: str, index: tuple[int, ...]) -> list[tuple[str, str, Any]]:
    """All numbers in nested mappings and sequences, with the names and positions that lead to them."""
    if isinstance(value, Mapping):
        pairs = [(f"{name}.{key}" if name else str(key), index, item) for key, item in value.items()]
    elif isinstance(value, Sequence) and not isinstance(value, str):
        pairs = [(name, (*index, k), item) for k, item in enumerate(value)]
    elif hasattr(value, "tolist"):
        return _numbers(value.tolist(), name, index)
    elif hasattr(type(value), "__dataclass_fields__"):
        fields = type(value).__dataclass_fields__
        pairs = [(f"{name}.{key}" if name else key, index, getattr(value, key)) for key in fields]
    else:
        return [(name, ",".join(map(str, index)), _float(value))]
    return [row for label, where, item in pairs for row in _numbers(item, label, where)]


def _float(value: Number) -> Any:
    try:
        return to_float(value)
    except (TypeError, ValueError):
        return value
