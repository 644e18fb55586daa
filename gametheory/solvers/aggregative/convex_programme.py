"""The convex programme whose optimiser is the equilibrium allocation, solved by an interior-point method.

Source: Chen, Mei, Zhou, Low, Wei and Liu, IEEE Transactions on Smart Grid 11(3), 2020, 2055-2066 (an equivalent
programme exists; its quadratic form and the grid are derived). In one step, with ``w_i`` what is bought outside,

    ``min sum_i f_i(p_i) + sell (D_i - p_i - q_i) + (buy - sell) w_i + (kappa/2) q_i^2``
    ``s.t. sum_i q_i = 0,  w_i >= 0,  w_i >= D_i - p_i - q_i,  p_i within its bounds``;

islanded, ``p_i + q_i = D_i`` and there is no outside. ``lam`` is the multiplier of the balance. Solver: R. Schwan,
Y. Jiang, D. Kuhn, C. N. Jones, "PIQP: A proximal interior-point quadratic programming solver", CDC 2023.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray, exact
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.numerics.active_set import refine
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.aggregative.answers import user_answer
from gametheory.solvers.aggregative.replies import FloatGame, exact_steps, largest_gain

__all__ = ["ConvexProgramme"]


@dataclass(frozen=True, slots=True)
class ConvexProgramme:
    """One quadratic programme a step in floats, its active set refined; the regret that rounding leaves is measured.

    Parameters
    ----------
    tolerance
        Of the residuals and the duality gap.
    max_iterations
        Of the interior-point method, a step.
    """

    accepts: ClassVar[tuple[str, ...]] = ("DemandBiddingGame",)
    concept: ClassVar[Concept] = Concept.NASH
    tolerance: float = 1e-12
    max_iterations: int = 250

    def solve(self, game: DemandBiddingGame) -> Answer:
        """Return the optimiser of every step, as bids."""
        floats = FloatGame.of(game)
        received, adjustments = np.zeros_like(floats.position), np.zeros_like(floats.position)
        prices = np.zeros(len(game.steps))
        iterations, status = 0, Status.SOLVED
        for t in range(len(prices)):
            step, energy, price = floats.in_own_units(t)
            programme = _islanded(step) if np.isinf(step.buy[0]) else _with_outside(step)
            solution, multiplier, used, done = self._optimum(programme)
            size = len(received)
            received[:, t], prices[t] = solution[:size] * energy, multiplier * price
            own = solution[size : 2 * size] if len(solution) > size else step.position[:, 0] - solution
            adjustments[:, t] = own * energy
            iterations += used
            status = status if done else Status.NOT_CONVERGED
        steps = exact_steps(game, received, adjustments, prices)
        return user_answer(
            game,
            steps,
            rule="the optimiser and the multiplier that the interior-point method ends at",
            epsilon=exact(largest_gain(game, steps)),
            iterations=iterations,
            status=status,
        )

    def _optimum(self, programme: dict[str, Any]) -> tuple[FloatArray, float, int, bool]:
        """Return the optimiser, the multiplier of the balance, the iterations, and whether it converged."""
        import piqp

        solver = piqp.DenseSolver()
        settings = solver.settings
        settings.eps_abs = settings.eps_rel = self.tolerance
        settings.eps_duality_gap_abs = settings.eps_duality_gap_rel = self.tolerance
        settings.max_iter = self.max_iterations
        solver.setup(**programme)
        status = solver.solve()
        result = solver.result
        done = status == piqp.PIQP_SOLVED
        # PIQP's stationarity is P x + c + A'y + ... = 0, so the price of what is received is y.
        point, multiplier = np.array(result.x), float(result.y[0])
        if done:
            force = [np.array(result.z_bl), np.array(result.z_bu)]
            better = _refined(programme, point, [*force, np.array(result.z_l)] if "G" in programme else force)
            point, multiplier = better or (point, multiplier)
        return point, multiplier, int(result.info.iter), done


def _refined(programme: dict[str, Any], point: FloatArray, forces: list[FloatArray]) -> tuple[FloatArray, float] | None:
    """Return the optimiser without the error of an interior point, or None if its active set was not found."""
    lower, upper = np.isfinite(programme["x_l"]), np.isfinite(programme["x_u"])
    eye = np.eye(len(point))
    rows, sides = [eye[lower], -eye[upper]], [programme["x_l"][lower], -programme["x_u"][upper]]
    force = [forces[0][lower], forces[1][upper]]
    if "G" in programme:
        rows, sides, force = [*rows, programme["G"]], [*sides, programme["h_l"]], [*force, forces[2]]
    found = refine(
        programme["P"],
        programme["c"],
        (programme["A"], programme["b"]),
        (np.vstack(rows), np.concatenate(sides)),
        (point, np.concatenate(force)),
    )
    return None if found is None else (found[0], float(found[1][0]))


def _islanded(floats: FloatGame) -> dict[str, Any]:
    """Return the programme in ``q`` alone: ``p = D - q``."""
    c, d, position = floats.curvature[:, 0], floats.slope[:, 0], floats.position[:, 0]
    size = len(c)
    return {
        "P": np.asfortranarray(np.diag(c + floats.kappa)),
        "c": -(c * position + d),
        "A": np.ones((1, size), order="F"),
        "b": np.zeros(1),
        "x_l": position - floats.upper[:, 0],
        "x_u": position - floats.lower[:, 0],
    }


def _with_outside(floats: FloatGame) -> dict[str, Any]:
    """Return the programme in ``(q, p, w)``; with one outside price ``w`` costs nothing and is left out."""
    c, d, position = floats.curvature[:, 0], floats.slope[:, 0], floats.position[:, 0]
    buy, sell, size = floats.buy[0], floats.sell[0], len(c)
    spread = buy > sell
    free, none, eye = np.full(size, np.inf), np.zeros(size), np.eye(size)
    blocks = [np.full(size, floats.kappa), c, none] if spread else [np.full(size, floats.kappa), c]
    linear = [np.full(size, -sell), d - sell, np.full(size, buy - sell)]
    programme: dict[str, Any] = {
        "P": np.asfortranarray(np.diag(np.concatenate(blocks))),
        "c": np.concatenate(linear[: len(blocks)]),
        "A": np.asfortranarray(np.concatenate([np.ones(size), *[none] * (len(blocks) - 1)])[None, :]),
        "b": np.zeros(1),
        "x_l": np.concatenate([-free, floats.lower[:, 0], none][: len(blocks)]),
        "x_u": np.concatenate([free, floats.upper[:, 0], free][: len(blocks)]),
    }
    if spread:
        programme["G"] = np.asfortranarray(np.hstack([eye, eye, eye]))
        programme["h_l"] = position
        programme["h_u"] = free
    return programme
