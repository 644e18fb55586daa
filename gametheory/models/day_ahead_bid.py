"""F.3 A day-ahead bid under uncertainty: newsvendor quantile, and the mean of the worst tail.

Source: J. Iria, F. Soares, M. Matos, "Optimal supply and demand bidding strategy for an aggregator of small prosumers",
Applied Energy 213, 2018, 658-669; fidelity: derived. The bid is the newsvendor's; the tail measure (R. T. Rockafellar,
S. Uryasev, Journal of Risk 2 (2000) 21-41) is added here and no claim about the paper.

The aggregator sells ``q`` day-ahead and delivers ``W``: a surplus earns the price ``l_dn``, a shortfall costs ``l_up``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact, exact_series, positive_part, total
from gametheory.errors import InputError, NotApplicable

__all__ = ["DayAheadBid", "bid_profit", "critical_level", "marginal_profit", "tail_mean", "tail_objective"]


def bid_profit(bid: Number, delivered: Number, day_ahead: Number, surplus: Number, shortfall: Number) -> Number:
    """Return ``l_DA q + l_dn (W - q)^+ - l_up (q - W)^+`` (money)."""
    return day_ahead * bid + surplus * positive_part(delivered - bid) - shortfall * positive_part(bid - delivered)


def marginal_profit(level: Number, day_ahead: Number, surplus: Number, shortfall: Number) -> Number:
    """Return ``l_DA - l_dn - (l_up - l_dn) F``: the slope of expected profit where ``F(q)`` is `level`."""
    return day_ahead - surplus - (shortfall - surplus) * level


def critical_level(day_ahead: Number, surplus: Number, shortfall: Number) -> Number:
    """Return ``(l_DA - l_dn)/(l_up - l_dn)``: the quantile to bid."""
    return (day_ahead - surplus) / (shortfall - surplus)


def tail_objective(threshold: Number, losses: Sequence[Number], chances: Sequence[Number], level: Number) -> Number:
    """Return ``z + sum_w pi_w (L_w - z)^+ / (1 - beta)``; its least value over ``z`` is the mean of the worst tail."""
    beyond = total([p * positive_part(loss - threshold) for loss, p in zip(losses, chances, strict=True)])
    return threshold + beyond / (1 - level)


def tail_mean(falling: Sequence[Number], chances: Sequence[Number], whole: int, part: Number) -> Number:
    """Return the mean of the worst tail: the first `whole` losses and the next one with the chance `part`.

    `falling` are the losses in falling order; the chances taken sum to ``1 - beta``.
    """
    taken = [*chances[:whole], part]
    weighted = total([p * loss for loss, p in zip(falling[: whole + 1], taken, strict=True)])
    return weighted / total(taken)


@dataclass(frozen=True, slots=True)
class DayAheadBid:
    """A bid against finitely many scenarios, all numbers exact.

    Source: Iria, Soares and Matos 2018; fidelity: derived (newsvendor bid; the tail measure is added here). Theorems:
    F-P2, F-P3. One decision maker against chance: there is no ``to_game``.

    Parameters
    ----------
    delivered
        ``W`` in each scenario (kWh).
    chances
        Probability of each scenario; they sum to 1.
    day_ahead, surplus, shortfall
        ``l_dn <= l_DA <= l_up`` (money/kWh).
    level, weight
        ``beta`` in [0, 1) and the weight >= 0 of the mean of the worst ``1 - beta`` of losses in the objective.

    Examples
    --------
    >>> bid = DayAheadBid(delivered=(1, 2, 4), chances=("1/4", "1/4", "1/2"), day_ahead=5, surplus=4, shortfall=6)
    >>> bid.quantity, bid.expected_profit(2), bid.tail((3, 1, 0))
    (Fraction(2, 1), Fraction(25, 2), Fraction(1, 1))
    """

    theorems: ClassVar[tuple[str, ...]] = ("F-P2", "F-P3")
    fidelity: ClassVar[str] = "derived"

    delivered: tuple[Fraction, ...]
    chances: tuple[Fraction, ...]
    day_ahead: Fraction
    surplus: Fraction
    shortfall: Fraction
    level: Fraction = Fraction(0)
    weight: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        for name in ("delivered", "chances"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        for name in ("day_ahead", "surplus", "shortfall", "level", "weight"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        problems = []
        if not self.delivered or len(self.delivered) != len(self.chances):
            problems.append(f"{len(self.delivered)} scenarios, {len(self.chances)} chances; give one of each")
        problems += [f"chances[{k}] is {p}, which is negative" for k, p in enumerate(self.chances) if p < 0]
        if self.chances and sum(self.chances) != 1:
            problems.append(f"chances sum to {sum(self.chances)}, not to 1; give decimals as text to keep them exact")
        if not self.surplus <= self.day_ahead <= self.shortfall:
            problems.append(
                f"prices {self.surplus}, {self.day_ahead}, {self.shortfall}: surplus <= day-ahead <= shortfall"
            )
        if not 0 <= self.level < 1:
            problems.append(f"level {self.level} must lie in [0, 1)")
        if self.weight < 0:
            problems.append(f"weight {self.weight} is negative")
        InputError.raise_all(problems)

    @property
    def indifferent(self) -> bool:
        """Whether all three prices are equal, so that no bid is better than another."""
        return self.surplus == self.shortfall

    @property
    def quantity(self) -> Fraction:
        """The smallest optimal bid (kWh) without a weight on the tail: a quantile of what is delivered."""
        order = sorted(set(self.delivered))
        if self.indifferent:
            return order[0]
        wanted = critical_level(self.day_ahead, self.surplus, self.shortfall)
        reached = Fraction(0)
        for value in order:
            reached += sum(p for w, p in zip(self.delivered, self.chances, strict=True) if w == value)
            if reached >= wanted:
                return value
        return order[-1]

    def expected_profit(self, bid: Number) -> Fraction:
        """Return the mean profit of a bid (money)."""
        return sum((p * profit for p, profit in zip(self.chances, self.profits(bid), strict=True)), Fraction(0))

    def profits(self, bid: Number) -> tuple[Fraction, ...]:
        """Return the profit of a bid in each scenario (money)."""
        q = exact(bid, what="bid")
        prices = (self.day_ahead, self.surplus, self.shortfall)
        return tuple(exact(bid_profit(q, w, *prices)) for w in self.delivered)

    def tail(self, losses: Sequence[Number]) -> Fraction:
        """Return the mean of the worst ``1 - beta`` of losses, one a scenario; the one at the edge counts in part."""
        given = exact_series(losses, what="losses")
        if len(given) != len(self.chances):
            raise InputError(f"{len(given)} losses for {len(self.chances)} scenarios; give one each")
        pairs = sorted(zip(given, self.chances, strict=True), reverse=True)
        falling, chances = [loss for loss, _ in pairs], [p for _, p in pairs]
        left, whole = 1 - self.level, 0
        while whole < len(chances) - 1 and chances[whole] < left:
            left -= chances[whole]
            whole += 1
        return exact(tail_mean(falling, chances, whole, left))

    def objective(self, bid: Number) -> Fraction:
        """Return expected profit less `weight` times the mean of the worst tail of losses (money)."""
        return self.expected_profit(bid) - self.weight * self.tail([-v for v in self.profits(bid)])

    @property
    def weighted_quantity(self) -> Fraction:
        """The smallest bid (kWh) that maximises :meth:`objective`.

        With ``l_dn >= 0`` the order of losses does not depend on the bid, so the objective is concave and linear
        between scenarios, and a scenario is optimal.

        Raises
        ------
        NotApplicable
            ``l_dn < 0``: the order of losses changes with the bid.
        """
        if self.weight and self.surplus < 0:
            raise NotApplicable(f"the surplus price {self.surplus} is negative: the worst scenarios depend on the bid")
        values = {w: self.objective(w) for w in set(self.delivered)}
        return min(w for w, value in values.items() if value == max(values.values()))
