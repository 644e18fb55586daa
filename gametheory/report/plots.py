"""Pictures of solutions: bars for divisions and mixed strategies, lines for what changes from step to step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, to_float
from gametheory.errors import InputError
from gametheory.report.drawing import MEMBERS, figure, style
from gametheory.report.frames import is_mixed
from gametheory.result import Allocation, Equilibria, Solution

__all__ = ["plot_solution"]


def plot_solution(solution: Solution, *, which: int = 0, width: float = 7.0, height: float = 3.6) -> Any:
    """Return a matplotlib figure of the answer.

    An allocation is drawn as bars (with intervals where it is sampled); a profile of a finite game as one bar a
    strategy; numbers that change from step to step as lines, one panel a quantity; single numbers as bars.

    Parameters
    ----------
    solution
        Any solution.
    which
        Which equilibrium of a list is drawn, counted from 0.
    width, height
        Inches; the height is that of one panel.

    Raises
    ------
    InputError
        `which` is not in the list, or the answer holds no number to draw.
    """
    with style():
        if isinstance(solution, Allocation):
            return _bars(solution.players, solution.values, solution.interval, _heading(solution), width, height)
        profile = solution.profile
        if isinstance(solution, Equilibria):
            if not 0 <= which < len(solution):
                raise InputError(f"which={which}: there are {len(solution)} equilibria; give 0 to {len(solution) - 1}")
            profile = solution[which]
        if is_mixed(solution):
            return _strategies(solution, profile, width, height)
        return _panels(solution, width, height)


def _heading(solution: Solution) -> str:
    return f"{solution.concept.value.replace('_', ' ')} ({solution.certificate.strength.value})"


def _bars(names: Sequence[str], values: Any, interval: Any, heading: str, width: float, height: float) -> Any:
    drawn, axes = figure(width, height)
    error = None
    if interval is not None:
        low, high = np.array(interval, dtype=float).T
        error = np.maximum([values - low, high - values], 0)
    axes.bar(range(len(names)), values, color=MEMBERS[0], yerr=error, capsize=3)
    axes.axhline(0, color="#888888", linewidth=0.8)
    axes.set_xticks(range(len(names)), names, rotation=45 if len(names) > 8 else 0)
    axes.set_title(heading)
    axes.grid(axis="x", visible=False)
    return drawn


def _strategies(solution: Solution, profile: Any, width: float, height: float) -> Any:
    game = solution.game
    drawn, grid = figure(width, height, columns=len(game.players), sharey=True, squeeze=False)
    for k, (axes, player, names) in enumerate(zip(grid[0], game.players, game.strategies, strict=True)):
        mixed = profile[player] if isinstance(profile, Mapping) else profile[k]
        weights = (
            [to_float(w) for w in mixed]
            if isinstance(mixed, Sequence)
            else [float(j == mixed) for j in range(len(names))]
        )
        axes.bar(range(len(names)), weights, color=MEMBERS[k % len(MEMBERS)])
        axes.set_xticks(range(len(names)), names)
        axes.set_title(str(player))
        axes.grid(axis="x", visible=False)
    grid[0][0].set_ylim(0, 1)
    grid[0][0].set_ylabel("probability")
    drawn.suptitle(_heading(solution), fontsize=10)
    return drawn


def _panels(solution: Solution, width: float, height: float) -> Any:
    found = _quantities(solution)
    if not found:
        raise InputError(f"this {type(solution).__name__} holds no number to draw; look at .to_frame() or .profile")
    drawn, grid = figure(width, height * len(found), rows=len(found), squeeze=False)
    players = tuple(getattr(solution.game, "players", ()))
    for axes, (label, (rows, names)) in zip(grid[:, 0], found.items(), strict=True):
        _lines(axes, rows, names or players)
        axes.set_title(label.replace("_", " "))
    drawn.suptitle(_heading(solution), fontsize=10)
    return drawn


def _lines(axes: Any, rows: FloatArray, names: Sequence[str]) -> None:
    """One line a row over the steps; bars where there is one step only."""
    if rows.shape[1] == 1:
        axes.bar(range(len(rows)), rows[:, 0], color=MEMBERS[0])
        labels = names if len(names) == len(rows) else [str(k) for k in range(len(rows))]
        axes.set_xticks(range(len(rows)), labels)
        return
    edges = np.arange(rows.shape[1] + 1)
    for k, row in enumerate(rows):
        label = names[k] if len(names) == len(rows) and len(rows) > 1 else None
        axes.step(edges, np.append(row, row[-1]), where="post", color=MEMBERS[k % len(MEMBERS)], label=label)
    axes.set_xlabel("step")
    if axes.get_legend_handles_labels()[0] and len(rows) <= len(MEMBERS):
        axes.legend()


#: Rows of numbers, and their names where these are not the players.
_Rows = tuple[FloatArray, tuple[str, ...]]


def _quantities(solution: Solution) -> dict[str, _Rows]:
    """The numbers of the answer by name, each as rows (players) of steps: decisions first, then details."""
    found: dict[str, _Rows] = {}
    for source in ("point", "leader", "follower", "details"):
        values = getattr(solution, source, None) or {}
        if isinstance(values, Mapping):
            found.update(_read(values, source))
    return found or _read({"profile": solution.profile}, "profile")


def _read(values: Mapping[str, Any], source: str) -> dict[str, _Rows]:
    """Mappings of scalars become one panel; a row, or rows, a panel of their own; all else is left out."""
    found: dict[str, _Rows] = {}
    scalars: dict[str, float] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found.update(_read(value, str(name)))
            continue
        rows = _array(value)
        if rows is None:
            continue
        if rows.shape == (1, 1):
            scalars[str(name)] = float(rows[0, 0])
        else:
            found[str(name)] = (rows, ())
    if scalars:
        found[source] = (np.array(list(scalars.values()))[:, None], tuple(scalars))
    return found


def _array(value: Any) -> FloatArray | None:
    try:
        if isinstance(value, Sequence) and not isinstance(value, str):
            rows = [[to_float(x) for x in row] if isinstance(row, Sequence) else to_float(row) for row in value]
            array = np.array(rows, dtype=np.float64)
        else:
            array = np.array(value.tolist() if hasattr(value, "tolist") else to_float(value), dtype=np.float64)
    except (TypeError, ValueError):
        return None
    if array.size == 0 or array.ndim > 2 or not np.isfinite(array).all():
        return None
    return np.atleast_2d(array)
