"""Market power of an aggregator: what happens to a community when one voice speaks for more and more of it.

fidelity: derived (:mod:`gametheory.models.strategic_aggregator` states the model). Each step is a Stackelberg game of
the aggregator over the price-taking rest, solved and certified globally; what it is compared with is the certified
optimum of all, the outcome of price takers. Every figure follows from these profiles by its formula, in rationals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact, exact_series, maximum, minimum, positive_part
from gametheory.concepts.leaders import stackelberg_equilibrium
from gametheory.concepts.optimum import social_optimum
from gametheory.domain.community import Community
from gametheory.efficiency.power_outcomes import MarketPower, PowerAt, StepOutcome
from gametheory.errors import InputError
from gametheory.games.trading import TradingStep
from gametheory.models.economy import DEFAULT_ELASTICITY, discomfort, grid_bill
from gametheory.models.pooled_community import PooledCommunity
from gametheory.models.strategic_aggregator import StrategicAggregator, market_payoff
from gametheory.result import LeaderFollower, Optimum

__all__ = ["market_power", "row_games", "row_outcomes"]

Amounts = tuple[Fraction, ...]
_ZERO = Fraction(0)
#: What a competitive cap leaves above that price, of the grid's spread: selling inside stays worth more than outside.
_TICK = Fraction(1, 100)


def market_power(
    community: Community,
    *,
    share: Number | Sequence[Number] | None = None,
    order: str | Sequence[str] = "surplus",
    elasticity: Number | Mapping[str, Number] = DEFAULT_ELASTICITY,
    price_cap: Number | Sequence[Number] | str | None = "competitive",
    forward: Number | None = Fraction(1, 2),
    share_limit: Number | None = Fraction(1, 2),
) -> MarketPower:
    """Return what an aggregator does to a community when it controls a growing share of the members and leads.

    For each share: the price, the Lerner index, the energy withheld, the welfare lost against price takers, who loses,
    and how much of it a price cap, forward contracts and a share limit repair.

    Parameters
    ----------
    share
        Of the members, in ``(0, 1)``, one number or several; ``share n`` members, rounded, at least one and not all.
        Left out: every number of members, or eight of them in a large community.
    order
        Who is controlled first: ``"surplus"`` (who exports most energy), or names.
    elasticity
        An assumption, one number or by name; 0 does not react.
    price_cap
        The highest local price: one number, one a step, ``"competitive"`` (each step's price of price takers and a
        hundredth of the grid's spread), None for no such row. Where demand exceeds supply at the cap the grid serves
        it, and the ``uplift`` is nobody's bill. A cap at the feed-in price itself makes the aggregator indifferent
        between selling inside and outside.
    forward
        The part of the competitive trade inside that the aggregator has sold (or bought) forward, at the competitive
        price; None for no such row.
    share_limit
        The largest share allowed; members beyond it act for themselves. None for no such row.

    Raises
    ------
    InputError
        A share outside ``(0, 1)``, fewer than two members, an unknown name, a negative cover.

    Examples
    --------
    >>> from gametheory.domain import Prosumer, Tariff
    >>> pair = Community(
    ...     prosumers=[Prosumer("roof", load=[1], pv=[5]), Prosumer("flat", load=[2])],
    ...     tariff=Tariff.flat("0.3", feed_in="0.1"),
    ... )
    >>> power = market_power(pair, share="0.5", elasticity="0.2")
    >>> row = power.at("0.5")
    >>> row.price, power.at("0.5", "price cap").price, row.losers
    (Fraction(3, 10), Fraction(51, 500), ('flat',))
    >>> power.certificate.strength.value
    'exact'
    """
    model = PooledCommunity(community, elasticity=elasticity)
    names = community.names
    if len(names) < 2:
        raise InputError(f"{len(names)} member: market power needs somebody who is not controlled; give two or more")
    ranked = _ranked(community, order)
    sizes = _sizes(share, len(names))
    competitive = social_optimum(model)
    prices = competitive.details["prices"]
    caps = _caps(price_cap, prices, model.steps)
    cover = None if forward is None else exact(forward, what="forward")
    if cover is not None and cover < 0:
        raise InputError(f"forward {cover} is negative; give the part of the trade that is sold forward, 0 or more")
    limit = None if share_limit is None else _share(share_limit, "share_limit")

    def row(size: int, repair: str, with_caps: Any = None, part: Fraction = _ZERO) -> PowerAt:
        return _row(model, competitive, ranked[:size], Fraction(size, len(names)), repair, with_caps, part)

    rows = [row(size, "none") for size in sizes]
    if caps is not None:
        rows += [row(size, "price cap", caps) for size in sizes]
    if cover is not None:
        rows += [row(size, "forward contracts", None, cover) for size in sizes]
    if limit is not None:
        most = int(limit * len(names))
        known = dict(zip(sizes, rows, strict=False))  # those without a repair come first
        for size in sizes:
            kept = min(size, most)
            if kept == 0:
                continue
            base = known[kept] if kept in known else row(kept, "share limit")
            known[kept] = base
            rows.append(replace(base, share=Fraction(size, len(names)), repair="share limit"))
    assumptions = {
        "order": order if isinstance(order, str) else ", ".join(order),
        "price_cap": str(price_cap),
        "forward": str(cover),
        "share_limit": str(limit),
    }
    return MarketPower(rows=tuple(rows), competitive=competitive, currency=community.currency, assumptions=assumptions)


# ------------------------------------------------------------------------------------------------------- the input


def _share(value: Any, what: str) -> Fraction:
    number = exact(value, what=what)
    if not 0 < number < 1:
        raise InputError(f"{what} {number} must lie in (0, 1): somebody is controlled, and somebody is left")
    return number


def _sizes(share: Any, count: int) -> tuple[int, ...]:
    if share is None:
        if count <= 9:
            return tuple(range(1, count))
        return tuple(sorted({max(1, min(count - 1, round(count * k / 9))) for k in range(1, 9)}))
    given = list(share) if isinstance(share, Sequence) and not isinstance(share, str) else [share]
    if not given:
        raise InputError("share is empty; give one number or several in (0, 1)")
    shares = [_share(value, "share") for value in given]
    return tuple(sorted({max(1, min(count - 1, round(value * count))) for value in shares}))


def _ranked(community: Community, order: Any) -> tuple[str, ...]:
    names = community.names
    if order == "surplus":
        exported = {
            name: sum((max(-v, _ZERO) for v in row), _ZERO)
            for name, row in zip(names, community.exact_net_load, strict=True)
        }
        return tuple(sorted(names, key=lambda name: -exported[name]))
    if isinstance(order, str) or not isinstance(order, Sequence):
        raise InputError(f"order {order!r} is not known; give 'surplus' or names of members")
    strangers = [name for name in order if name not in names]
    if strangers or len(set(order)) != len(order):
        raise InputError(f"order {list(order)!r}: give each member at most once, of {', '.join(names)}")
    return (*order, *(name for name in names if name not in order))


def _caps(price_cap: Any, prices: Sequence[Fraction], steps: Sequence[TradingStep]) -> tuple[Fraction, ...] | None:
    if price_cap is None:
        return None
    if isinstance(price_cap, str) and price_cap == "competitive":
        wanted = [
            exact(price) + (exact(step.buy_price) - exact(step.sell_price)) * _TICK
            for price, step in zip(prices, steps, strict=True)
        ]
    elif isinstance(price_cap, Sequence) and not isinstance(price_cap, str):
        wanted = list(exact_series(price_cap, what="price_cap"))
    else:
        wanted = [exact(price_cap, what="price_cap")] * len(steps)
    if len(wanted) != len(steps):
        raise InputError(f"price_cap has {len(wanted)} numbers for {len(steps)} steps; give one, or one a step")
    # A cap outside the grid's prices binds never, or is the feed-in price.
    return tuple(
        exact(minimum(maximum(cap, exact(step.sell_price)), exact(step.buy_price)))
        for cap, step in zip(wanted, steps, strict=True)
    )


# ------------------------------------------------------------------------------------------------------ the figures


def _row(
    model: PooledCommunity,
    competitive: Optimum,
    controlled: tuple[str, ...],
    share: Fraction,
    repair: str,
    caps: Sequence[Fraction] | None,
    cover: Fraction,
) -> PowerAt:
    games = row_games(competitive, controlled, caps, cover)
    solutions = tuple(stackelberg_equilibrium(game) for game in games)
    return PowerAt(
        share=share,
        controlled=controlled,
        others=tuple(name for name in model.players if name not in controlled),
        repair=repair,
        steps=row_outcomes(competitive, games, solutions),
        solutions=solutions,
        caps=None if caps is None else tuple(caps),
        cover=cover,
    )


def row_games(
    competitive: Optimum, controlled: Sequence[str], caps: Sequence[Fraction] | None, cover: Fraction
) -> tuple[StrategicAggregator, ...]:
    """Return the aggregator's game of each step; what it sold forward is a part of its competitive trade."""
    players = competitive.game.players
    games = []
    for t, step in enumerate(competitive.game.steps):
        traded = _trade(players, step, controlled, _cuts(competitive, t))
        games.append(
            StrategicAggregator(players, step, tuple(controlled), None if caps is None else caps[t], cover * traded)
        )
    return tuple(games)


def row_outcomes(
    competitive: Optimum, games: Sequence[StrategicAggregator], solutions: Sequence[LeaderFollower]
) -> tuple[StepOutcome, ...]:
    """Return the figures of each step, from the certified profiles alone."""
    found = []
    for t, (game, solution) in enumerate(zip(games, solutions, strict=True)):
        cuts = _cuts(competitive, t)
        traded = _trade(game.players, game.step, game.controlled, cuts)
        found.append(_outcome(game, solution, cuts, exact(competitive.details["prices"][t]), traded))
    return tuple(found)


def _cuts(competitive: Optimum, t: int) -> Amounts:
    return tuple(exact(row[t]) for row in competitive.details["adjustments"])


def _trade(
    players: Sequence[str],
    step: TradingStep,
    controlled: Sequence[str],
    cuts: Amounts,
    exported: Fraction = _ZERO,
    imported: Fraction = _ZERO,
) -> Fraction:
    """Return what the aggregator's members deliver to the others of their own (negative: take for themselves).

    What it buys outside to sell it inside at the same price, or the other way round, is no trade of theirs.
    """
    supply, need = _ZERO, _ZERO
    for name, trader, cut in zip(players, step.traders, cuts, strict=True):
        if name in controlled:
            supply += cut - trader.position
        else:
            need += trader.position - cut
    if supply > 0 and need > 0:
        return min(max(supply - exported, _ZERO), need)
    return max(min(supply + imported, _ZERO), need) if supply < 0 and need < 0 else _ZERO


def _outcome(
    game: StrategicAggregator, found: LeaderFollower, before: Amounts, was: Fraction, traded: Fraction
) -> StepOutcome:
    step = game.step
    retail, feed_in = exact(step.buy_price), exact(step.sell_price)
    decided = dict(zip(found.game.names, (v for own in (found.profile["decision"], *found.profile["replies"])
                                          for v in own), strict=True))  # fmt: skip
    price, exported, imported = (decided[name] for name in ("price", "exported", "imported"))
    cuts = tuple(
        exact(decided.get(f"cut of {name}", trader.lower))
        for name, trader in zip(game.players, step.traders, strict=True)
    )
    pains = [exact(discomfort(p, t.curvature, t.slope)) for p, t in zip(cuts, step.traders, strict=True)]
    pains_before = [exact(discomfort(p, t.curvature, t.slope)) for p, t in zip(before, step.traders, strict=True)]
    mine = [name in game.controlled for name in game.players]
    needs = [t.position - p for t, p in zip(step.traders, cuts, strict=True)]
    needs_before = [t.position - p for t, p in zip(step.traders, before, strict=True)]
    local = imported - exported - sum((m for m, own in zip(needs, mine, strict=True) if own), _ZERO)
    left = sum(needs, _ZERO) + exported - imported  # what the market as a whole is short of
    cost = sum(pains, _ZERO) + retail * imported - feed_in * exported + exact(grid_bill(left, retail, feed_in))
    payoff = exact(market_payoff(price, local, game.forward, exported, imported, feed_in, retail))
    payoff += was * game.forward - sum((f for f, own in zip(pains, mine, strict=True) if own), _ZERO)
    had = -sum((was * m + f for m, f, own in zip(needs_before, pains_before, mine, strict=True) if own), _ZERO)
    losses = tuple(
        price * m + f - (was * m0 + f0)
        for m, f, m0, f0, own in zip(needs, pains, needs_before, pains_before, mine, strict=True)
        if not own
    )
    return StepOutcome(
        price=price,
        competitive_price=was,
        traded=_trade(game.players, step, game.controlled, cuts, exported, imported),
        competitive_trade=traded,
        marginal_cost=_marginal(game, cuts, exported, imported, price),
        cost=cost,
        competitive_cost=sum(pains_before, _ZERO) + exact(grid_bill(sum(needs_before, _ZERO), retail, feed_in)),
        payoff_gain=payoff - had,
        losses=losses,
        holders=(price - was) * game.forward,
        uplift=(retail - price) * exact(positive_part(left)),
    )


def _marginal(
    game: StrategicAggregator, cuts: Amounts, exported: Fraction, imported: Fraction, price: Fraction
) -> Fraction:
    """Return what one kWh more would cost the aggregator; where that is a range, its end next to the price."""
    low: list[Fraction] = [exact(game.step.sell_price)]
    high: list[Fraction] = [exact(game.step.buy_price)]
    if exported > 0:
        high.append(low[0])
    if imported > 0:
        low.append(high[0])
    for name, trader, cut in zip(game.players, game.step.traders, cuts, strict=True):
        if name not in game.controlled or (trader.lower is not None and trader.lower == trader.upper):
            continue
        slope = trader.curvature * cut + trader.slope
        if trader.upper is None or cut < trader.upper:
            high.append(slope)
        if trader.lower is None or cut > trader.lower:
            low.append(slope)
    return min(max(price, max(low)), min(high))
