"""The closed form of the islanded quadratic game without bounds.

Source: Chen, Mei, Zhou, Low, Wei and Liu, IEEE Transactions on Smart Grid 11(3), 2020, 2055-2066 (structure; the closed
form is derived).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gametheory.arithmetic import rational
from gametheory.errors import UnsupportedGame
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.result import Answer, Concept
from gametheory.solvers.aggregative.answers import StepAnswer, tree_sum, user_answer

__all__ = ["ClosedForm"]


@dataclass(frozen=True, slots=True)
class ClosedForm:
    """The mean of ``c_i D_i + d_i`` with weights ``1/(c_i + kappa)`` is the price; the rest follows member by member.

    ``lam = [sum (c_i D_i + d_i)/(c_i + kappa)] / [sum 1/(c_i + kappa)]``,
    ``q_i = (c_i D_i + d_i - lam)/(c_i + kappa)``.

    Raises
    ------
    UnsupportedGame
        A step has outside prices, or an adjustment has bounds.

    Examples
    --------
    >>> from gametheory.games.trading import TradingStep
    >>> game = DemandBiddingGame(("a", "b"), (TradingStep.from_numbers([2, 0], [1, 1], [0, 0]),), 1)
    >>> ClosedForm().solve(game).extra["details"]["received"]
    ((Fraction(1, 2),), (Fraction(-1, 2),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("DemandBiddingGame",)
    concept: ClassVar[Concept] = Concept.NASH

    def solve(self, game: DemandBiddingGame) -> Answer:
        """Return the unique equilibrium, exactly."""
        kappa = rational(game.kappa)
        answers = []
        for t, step in enumerate(game.steps):
            if not step.islanded or any(x.lower is not None or x.upper is not None for x in step.traders):
                raise UnsupportedGame(f"step {t} has outside prices or bounds; ScalarPrice() takes both")
            weights = [1 / (rational(x.curvature) + kappa) for x in step.traders]
            alone = [rational(x.curvature) * rational(x.position) + rational(x.slope) for x in step.traders]
            price = tree_sum([w * x for w, x in zip(weights, alone, strict=True)]) / tree_sum(weights)
            received = tuple(w * (x - price) for w, x in zip(weights, alone, strict=True))
            own = tuple(rational(x.position) - q for x, q in zip(step.traders, received, strict=True))
            answers.append(StepAnswer(price, received, own, price, price))
        reason = "each best reply is the root of one linear condition, and so is the price"
        return user_answer(game, answers, rule="the closed form", unique=("proved", reason))
