"""Coalitions of a linear-programming game that are tight at its dual point, found as integer points of a face.

At the dual point ``s`` the relaxed search ``max s t - c z`` has the value 0, and a coalition ``T`` has
``C(T) = s(T)`` where its indicator lies on the optimal face: what has a multiplier there is held at its bound
(complementary slackness), and that leaves a small mixed-integer programme.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from gametheory.numerics.highs import silent_highs
from gametheory.solvers.separation.shares import Floats

__all__ = ["LinearFace"]

#: A multiplier above this is one.
_ZERO = 1e-7
#: Nodes of a search along one direction: a coalition is wanted, not the best (and no clock decides what is found).
_NODES = 200


class LinearFace:
    """The optimal face of a relaxed search that was solved at the dual point, degrees first, whole numbers."""

    def __init__(self, relaxed: Any, players: int) -> None:
        solution, lp = relaxed.getSolution(), relaxed.getLp()
        self._players = players
        lower, upper = np.array(lp.col_lower_), np.array(lp.col_upper_)
        pressed = abs(np.array(solution.col_dual)) > _ZERO
        pressed[:players] = False
        lower[pressed] = upper[pressed] = 0.0  # all bounds but those of the degrees are 0 or none
        most = np.array(lp.row_upper_)
        most[abs(np.array(solution.row_dual)) > _ZERO] = 0.0
        lp.col_lower_, lp.col_upper_, lp.row_upper_ = lower, upper, most
        lp.col_cost_ = np.zeros(len(lower))
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger] * players + [kinds.kContinuous] * (len(lower) - players)
        self._places = np.arange(players, dtype=np.int32)
        self._solver: Any = silent_highs()
        self._solver.setOptionValue("solver", "choose")
        self._solver.setOptionValue("mip_improving_solution_save", True)
        self._solver.passModel(lp)
        self._solver.addRow(1.0, players - 1.0, players, self._places, np.ones(players))
        self._solver.setOptionValue("mip_rel_gap", 0.05)
        self._solver.setOptionValue("mip_max_nodes", _NODES)

    def along(self, direction: Floats) -> list[int]:
        """Return coalitions on the face with much of `direction`, and their complements; none where it has none."""
        self._solver.changeColsCost(self._players, self._places, -direction)
        self._solver.run()
        grand = 2**self._players - 1
        degrees = [np.array(saved.col_value)[: self._players] for saved in self._solver.getSavedMipSolutions()]
        masks = [sum(1 << int(i) for i in np.flatnonzero(row > 0.5)) for row in reversed(degrees)]
        return [mask for found in dict.fromkeys(masks) for mask in (found, grand ^ found) if mask not in (0, grand)]
