"""The pooled game judged by exact primal-dual pairs: the optimum, and core allocations by one vector of prices.

For any price ``lam`` in ``[sell_price, buy_price]`` and any adjustments ``p`` of a coalition ``T``,
``sum_{i in T} phi_i(lam) <= C_t(T) <= sum_{i in T} f_i(p_i) + G_t(sum_{i in T} (D_i - p_i))``, as ``G_t(m) >= lam m``.
Where both ends meet, the cost is proved; nothing is said about how the pair was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, brief, exact, exact_series, rational
from gametheory.errors import InputError
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.result import Certificate, Strength

__all__ = ["best_prices", "check_core_membership", "check_social_optimum", "dual_shares", "primal_cost", "read_amounts"]


def smallest_share(trader: Trader, price: Any) -> Any:
    """Return ``phi(price) = min_p f(p) + price (D - p)`` of one trader, from the definition, as ``fmpq``."""
    position, curvature, slope = rational(trader.position), rational(trader.curvature), rational(trader.slope)
    if curvature == 0:  # affine in p: an end of the interval is best
        assert trader.lower is not None
        assert trader.upper is not None  # the form refuses a flat cost without both bounds
        ends = [rational(trader.lower), rational(trader.upper)]
        return min(slope * p + price * (position - p) for p in ends)
    cut = (price - slope) / curvature
    if trader.lower is not None:
        cut = max(cut, rational(trader.lower))
    if trader.upper is not None:
        cut = min(cut, rational(trader.upper))
    return curvature * cut * cut / 2 + slope * cut + price * (position - cut)


def dual_shares(game: PooledGame, prices: Sequence[Fraction]) -> tuple[tuple[Any, ...], ...]:
    """Return ``phi_it(lam_t)`` as ``fmpq``, a tuple a step."""
    return tuple(
        tuple(smallest_share(trader, rational(price)) for trader in step.traders)
        for step, price in zip(game.steps, prices, strict=True)
    )


def primal_cost(step: TradingStep, cuts: Sequence[Fraction]) -> Any:
    """Return discomforts plus grid bill of all traders of a step at given adjustments, as ``fmpq``."""
    pain, position = rational(0), rational(0)
    for trader, given in zip(step.traders, cuts, strict=True):
        cut = rational(given)
        pain += cut * (rational(trader.curvature) * cut / 2 + rational(trader.slope))
        position += rational(trader.position) - cut
    return pain + max(rational(step.buy_price) * position, rational(step.sell_price) * position)


def best_prices(game: PooledGame) -> tuple[Fraction, ...]:
    """Return a price a step that maximises the dual, found by halving over the bends of the traders' answers.

    Used where a claim comes without prices. What is concluded rests on the pair that it makes, not on this search.
    """
    return tuple(exact(_best_price(step)) for step in game.steps)


def _best_price(step: TradingStep) -> Any:
    low, high = rational(step.sell_price), rational(step.buy_price)
    bends = {low, high}
    for trader in step.traders:
        for bound in (trader.lower, trader.upper):
            if bound is not None:
                bend = rational(trader.slope) + rational(trader.curvature) * rational(bound)
                if low < bend < high:
                    bends.add(bend)
    knots = sorted(bends)

    def dual(price: Any) -> Any:
        return sum((smallest_share(trader, price) for trader in step.traders), rational(0))

    # The dual is concave, so its values at the knots rise and then fall: halve to the best one. Between knots it is
    # quadratic, so the maximiser is that knot or the vertex on either side of it.
    low_end, high_end = 0, len(knots) - 1
    while low_end < high_end:
        middle = (low_end + high_end) // 2
        if dual(knots[middle]) < dual(knots[middle + 1]):
            low_end = middle + 1
        else:
            high_end = middle
    best = low_end
    candidates = [knots[best]]
    for left, right in ((best - 1, best), (best, best + 1)):
        if left >= 0 and right < len(knots):
            a, c = knots[left], knots[right]
            b = (a + c) / 2
            candidates.append(_vertex(a, b, c, dual(a), dual(b), dual(c)))
    return max(candidates, key=dual)


def _vertex(a: Any, b: Any, c: Any, at_a: Any, at_b: Any, at_c: Any) -> Any:
    """Return the maximiser over ``[a, c]`` of the parabola through three points (``b`` is the middle)."""
    bend = at_a - 2 * at_b + at_c
    if bend >= 0:
        return b
    turn = b + (c - a) / 4 * (at_a - at_c) / bend
    return min(max(turn, a), c)


def check_social_optimum(
    game: PooledGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether adjustments are optimal for all traders together, up to `epsilon` (money).

    `profile` is a mapping with ``"adjustments"``: a row a player (mapping by name or sequence) with one number a step.
    Where it holds ``"prices"`` too, these are judged as the dual prices; otherwise the checker finds prices itself.
    ``"value"``, where given, must be the cost of the adjustments. The witness holds cost, lower bound and gap a step.
    """
    claimed = exact(epsilon, what="epsilon")
    rows = _adjustments(game, profile)
    given = profile.get("prices")
    prices = best_prices(game) if given is None else _prices(game, given)
    shares = dual_shares(game, prices)
    costs = [primal_cost(step, [row[t] for row in rows]) for t, step in enumerate(game.steps)]
    lower = [sum(step, rational(0)) for step in shares]
    gaps = tuple(exact(cost - bound) for cost, bound in zip(costs, lower, strict=True))
    value, bound = exact(sum(costs, rational(0))), sum(gaps, Fraction(0))
    evidence: dict[str, Any] = {
        "value": value,
        "lower_bound": value - bound,
        "prices": prices,
        "price_supported": tuple(
            exact(sum((step[i] for step in shares), rational(0))) for i in range(len(game.players))
        ),
        "gaps": gaps,
    }
    size = "are optimal" if claimed == 0 else f"are optimal up to {brief(claimed)}"
    claim = f"the adjustments {size} for all {len(game.players)} players together; prices prove the lower bound"
    holds = bound <= claimed
    if "value" in profile and exact(profile["value"], what="value") != value:
        claim = f"the adjustments cost {brief(profile['value'])}"
        bound, holds = abs(exact(profile["value"]) - value), False
    elif not holds and given is not None:
        evidence["best_bound"] = exact(
            sum((share for step in dual_shares(game, best_prices(game)) for share in step), rational(0))
        )
    return Certificate(
        strength=Strength.EXACT if holds else Strength.REFUTED,
        claim=claim,
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )


def check_core_membership(
    game: PooledGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether an allocation of ``C(N)`` is in the core: ``x(N) = C(N)`` and ``x(T) <= C(T)`` for all ``T``.

    One vector of prices decides for any number of players where ``x_i <= sum_t phi_it(lam_t)`` for all ``i``, since
    ``sum_{i in T} phi_it(lam_t) <= C_t(T)``. Prices come from ``witness["prices"]``, or the checker finds a vector.
    Otherwise all coalitions are costed (n <= 16).

    Raises
    ------
    SizeLimit
        No vector of prices was given or found, and there are too many players to cost every coalition.
    """
    if witness and "tree" in witness:
        from gametheory.certificates.separated_core import check_membership

        return check_membership(game, profile, epsilon=epsilon, witness=witness)
    claimed = exact(epsilon, what="epsilon")
    amounts = read_amounts(game, profile)
    given = (witness or {}).get("prices")
    total = sum(amounts, Fraction(0))
    for prices in _supports_to_try(game, given):
        if not _supports(game, prices):
            continue
        steps = dual_shares(game, prices)
        shares = tuple(exact(sum(column, rational(0))) for column in zip(*steps, strict=True))
        optimum = sum(shares, Fraction(0))
        short = all(x <= share for x, share in zip(amounts, shares, strict=True))
        if not short and abs(total - optimum) <= claimed:
            continue  # the sum is right, but these prices do not show that nobody pays too much
        holds = short and optimum - total <= claimed
        more = " and no coalition pays less on its own" if holds else ""
        more += "" if claimed == 0 else f" up to {brief(claimed)}"
        return Certificate(
            strength=Strength.EXACT if holds else Strength.REFUTED,
            claim=f"the allocation adds up to the optimum{more}",
            bound=abs(total - optimum),
            witness={"prices": prices, "shares": shares, "optimum": optimum, "coalitions": ()},
            epsilon=claimed,
        )
    from gametheory.certificates.pooled_table import check_core_by_enumeration

    return check_core_by_enumeration(game, amounts, epsilon=claimed)


def _supports_to_try(game: PooledGame, given: Any) -> Iterator[tuple[Fraction, ...]]:
    """Yield the prices given, and only then some that the checker has to look for."""
    if given is not None:
        yield _prices(game, given)
    yield best_prices(game)


def _supports(game: PooledGame, prices: Sequence[Fraction]) -> bool:
    """Whether the prices attain ``C_t(N)`` at every step: some best answers leave a position with ``G(m) = lam m``."""
    for step, price in zip(game.steps, prices, strict=True):
        low = high = rational(0)
        for trader in step.traders:
            least, most = best_cuts(trader, rational(price))
            low += rational(trader.position) - most
            high += rational(trader.position) - least
        balanced = low <= 0 <= high
        imports = price == step.buy_price and high >= 0
        exports = price == step.sell_price and low <= 0
        if not (balanced or imports or exports):
            return False
    return True


def best_cuts(trader: Trader, price: Any) -> tuple[Any, Any]:
    """Return the least and the greatest adjustment that attain ``phi(price)``: all between them do, by convexity."""
    lower = None if trader.lower is None else rational(trader.lower)
    upper = None if trader.upper is None else rational(trader.upper)
    if trader.curvature == 0:
        slope = rational(trader.slope)
        return (lower if price <= slope else upper, upper if price >= slope else lower)
    cut = (price - rational(trader.slope)) / rational(trader.curvature)
    cut = cut if lower is None else max(cut, lower)
    cut = cut if upper is None else min(cut, upper)
    return cut, cut


# ------------------------------------------------------------------------------------------------------- reading


def read_amounts(game: PooledGame, profile: Any, *, what: str = "allocation") -> tuple[Fraction, ...]:
    """Return one exact amount a player from a mapping by name or a sequence in player order."""
    if isinstance(profile, Mapping):
        if set(profile) != set(game.players):
            raise InputError(f"the {what} names {sorted(profile)}, the players are {list(game.players)}")
        profile = [profile[name] for name in game.players]
    if isinstance(profile, str) or not hasattr(profile, "__len__") or len(profile) != len(game.players):
        raise InputError(f"{what} {profile!r}: give one amount for each of the {len(game.players)} players")
    return exact_series(profile, what=what)


def _prices(game: PooledGame, given: Any) -> tuple[Fraction, ...]:
    prices = exact_series(given, what="prices")
    if len(prices) != len(game.steps):
        raise InputError(f"there are {len(prices)} prices for {len(game.steps)} steps; give one a step")
    for t, (price, step) in enumerate(zip(prices, game.steps, strict=True)):
        assert step.sell_price is not None
        assert step.buy_price is not None  # the form refuses islanded steps
        if not step.sell_price <= price <= step.buy_price:
            raise InputError(
                f"step {t}: the dual price {price} is outside [{step.sell_price}, {step.buy_price}]; "
                "give a price between sell_price and buy_price"
            )
    return prices


def _adjustments(game: PooledGame, profile: Any) -> tuple[tuple[Fraction, ...], ...]:
    if not isinstance(profile, Mapping) or "adjustments" not in profile:
        raise InputError(
            'the profile is a mapping with "adjustments" (a row a player), and "prices" if they are claimed'
        )
    given = profile["adjustments"]
    if isinstance(given, Mapping):
        if set(given) != set(game.players):
            raise InputError(f"adjustments name {sorted(given)}, the players are {list(game.players)}")
        given = [given[name] for name in game.players]
    if len(given) != len(game.players):
        raise InputError(f"adjustments have {len(given)} rows for {len(game.players)} players; give one a player")
    rows = []
    for i, (name, row) in enumerate(zip(game.players, given, strict=True)):
        numbers = exact_series(row, what=f"adjustments of {name!r}")
        if len(numbers) != len(game.steps):
            raise InputError(f"adjustments of {name!r} have {len(numbers)} steps, the game has {len(game.steps)}")
        for t, (number, step) in enumerate(zip(numbers, game.steps, strict=True)):
            lower, upper = step.traders[i].lower, step.traders[i].upper
            if (lower is not None and number < lower) or (upper is not None and number > upper):
                raise InputError(
                    f"step {t}: the adjustment {number} of {name!r} is outside [{lower}, {upper}]; it is not feasible"
                )
        rows.append(numbers)
    return tuple(rows)
