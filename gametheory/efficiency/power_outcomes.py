"""What :func:`gametheory.market_power` finds: steps, rows for each share and repair, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact, positive_part
from gametheory.errors import InputError
from gametheory.result import Certificate, LeaderFollower, Optimum, Strength

__all__ = ["MarketPower", "PowerAt", "StepOutcome"]

Amounts = tuple[Fraction, ...]
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """One step under one aggregator, next to the outcome of price takers.

    Attributes
    ----------
    price, competitive_price
        Of the local market (money/kWh).
    traded, competitive_trade
        What the aggregator's members deliver to the others (kWh; negative: take from them).
    marginal_cost
        Of the aggregator's members, or of its trade with the grid (money/kWh).
    cost, competitive_cost
        Discomfort and grid bill of all (money).
    payoff_gain
        What the aggregator's members have together beyond the competitive outcome (money).
    losses
        What each of the others loses against it, in the order of the members left (money).
    holders
        What holders of forward contracts gain from the difference of the prices (money).
    uplift
        What a capped price does not cover of the grid's bill (money).
    """

    price: Fraction
    competitive_price: Fraction
    traded: Fraction
    competitive_trade: Fraction
    marginal_cost: Fraction
    cost: Fraction
    competitive_cost: Fraction
    payoff_gain: Fraction
    losses: Amounts
    holders: Fraction
    uplift: Fraction

    @property
    def withheld(self) -> Fraction:
        """How much less is traded inside (kWh)."""
        return exact(positive_part(abs(self.competitive_trade) - abs(self.traded)))

    @property
    def welfare_lost(self) -> Fraction:
        """The cost of all beyond the least one (money)."""
        return self.cost - self.competitive_cost


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerAt:
    """All steps with one aggregator.

    Attributes
    ----------
    share, controlled, others
        Its part of the members, their names, and the names of the rest.
    repair
        ``"none"``, ``"price cap"``, ``"forward contracts"`` or ``"share limit"``.
    steps
        One outcome a step.
    solutions
        The certified Stackelberg equilibria, one a step.
    caps, cover
        The highest local price of each step (None: the retail price), and the part of the competitive trade that was
        sold forward.
    """

    share: Fraction
    controlled: tuple[str, ...]
    others: tuple[str, ...]
    repair: str
    steps: tuple[StepOutcome, ...]
    solutions: tuple[LeaderFollower, ...]
    caps: Amounts | None = None
    cover: Fraction = _ZERO

    @property
    def price(self) -> Fraction:
        """The mean local price over the steps (money/kWh)."""
        return sum((s.price for s in self.steps), _ZERO) / len(self.steps)

    @property
    def lerner(self) -> Fraction:
        """``sum (lam - MC) x / sum lam |x|`` over the steps with trade ``x`` and ``lam > 0``; 0 without any."""
        traded = [s for s in self.steps if s.price > 0 and s.traded]
        if not traded:
            return _ZERO
        margin = sum(((s.price - s.marginal_cost) * s.traded for s in traded), _ZERO)
        return margin / sum((s.price * abs(s.traded) for s in traded), _ZERO)

    @property
    def withheld(self) -> Fraction:
        """Energy that is no longer traded inside (kWh)."""
        return sum((s.withheld for s in self.steps), _ZERO)

    @property
    def welfare_lost(self) -> Fraction:
        """Cost of all beyond the least one (money)."""
        return sum((s.welfare_lost for s in self.steps), _ZERO)

    @property
    def gain(self) -> Fraction:
        """What the aggregator's members gain together (money)."""
        return sum((s.payoff_gain for s in self.steps), _ZERO)

    @property
    def losses(self) -> dict[str, Fraction]:
        """What each of the others loses (money; negative: gains)."""
        return {n: sum((s.losses[k] for s in self.steps), _ZERO) for k, n in enumerate(self.others)}

    @property
    def losers(self) -> tuple[str, ...]:
        """Who loses, most first."""
        losses = self.losses
        return tuple(sorted((n for n in losses if losses[n] > 0), key=lambda n: -losses[n]))

    @property
    def certificate(self) -> Certificate:
        """The verdict on all steps: as strong as the weakest."""
        return _together([s.certificate for s in self.solutions], f"{len(self.steps)} steps at a share of {self.share}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPower:
    """What :func:`market_power` found.

    Attributes
    ----------
    rows
        One for each share and repair, without repair first.
    competitive
        The certified optimum of all: the outcome of price takers.
    assumptions
        Order of the members, elasticity, cap, cover and limit, in words.
    """

    rows: tuple[PowerAt, ...]
    competitive: Optimum
    currency: str = ""
    assumptions: Mapping[str, str] = field(default_factory=dict)

    def at(self, share: Number, repair: str = "none") -> PowerAt:
        """Return the row of a share and a repair."""
        wanted = exact(share, what="share")
        for row in self.rows:
            if (row.share, row.repair) == (wanted, repair):
                return row
        known = ", ".join(str(row.share) for row in self.rows if row.repair == repair)
        raise InputError(f"share {wanted} with repair {repair!r} was not looked at; known shares: {known or 'none'}")

    def harmless_share(self, tolerance: Number = 0) -> Fraction:
        """Return the largest share up to which at most `tolerance` (money) of welfare is lost; 0 if there is none."""
        most, best = exact(tolerance, what="tolerance"), _ZERO
        for row in sorted((r for r in self.rows if r.repair == "none"), key=lambda r: r.share):
            if row.welfare_lost > most:
                break
            best = row.share
        return best

    @property
    def certificate(self) -> Certificate:
        """The verdict on every number: as strong as the weakest of all claims behind them."""
        claims = [self.competitive.certificate, *(row.certificate for row in self.rows)]
        return _together(claims, f"{len(self.rows)} rows and the optimum")

    def to_json(self, path: Any = None) -> str:
        """Return all of it as JSON (and write it to `path`); ``gametheory certify`` judges every number again."""
        from gametheory.io.solutions import dumps, write_text

        text = dumps(self)
        if path is not None:
            write_text(path, text)
        return text

    def to_frame(self) -> Any:
        """Return a pandas frame, one row for each share and repair."""
        from gametheory.report.market_power import frame

        return frame(self)

    def plot(self, *, width: float = 8.0, height: float = 5.2) -> Any:
        """Return the picture: price, Lerner index, withheld energy and lost welfare over the share."""
        from gametheory.report.market_power import plot

        return plot(self, width=width, height=height)

    def __str__(self) -> str:
        lines = ["share  repair             price    Lerner   withheld  welfare lost  gain"]
        for row in self.rows:
            lines.append(
                f"{float(row.share):<6.3g} {row.repair:<18} {float(row.price):<8.4f} {float(row.lerner):<8.4f} "
                f"{float(row.withheld):<9.4f} {float(row.welfare_lost):<13.4f} {float(row.gain):.4f}"
            )
        return "\n".join([*lines, str(self.certificate)])


def _together(claims: Sequence[Certificate], what: str) -> Certificate:
    """Return one verdict on all claims: as strong as the weakest, with the largest bound."""
    ranks = (Strength.EXACT, Strength.BOUNDED, Strength.STATISTICAL, Strength.REFUTED)
    worst = max(claims, key=lambda claim: ranks.index(claim.strength))
    return Certificate(
        strength=worst.strength,
        claim=f"all {len(claims)} claims behind {what} hold" if worst.strength != "refuted" else worst.claim,
        bound=max(exact(claim.bound) for claim in claims),
        witness={"claims": len(claims), "weakest": worst.claim},
    )
