"""Nash equilibrium of the storage owners' auction, judged from the definition.

While the others keep their offers, a seller's payoff is made of finitely many parabolas in its own offer, with jumps
between them. The offers where anything can change are listed; between two of them the price is constant and sales are
affine, so two points give them, and the parabola's least upper bound on the closed interval is exact. The bound of the
certificate is the largest gain of any deviation, as a supremum: where it is only approached, the witness says so and
names an offer that gains more than was claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from gametheory.arithmetic import Number, brief, exact
from gametheory.games.auction import AuctionGame, read_offers
from gametheory.result import Certificate, Strength

__all__ = ["check_nash_equilibrium", "stated", "two_equilibria"]

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The price (None: nobody trades), the sellers that trade, and what all buyers that trade want."""

    price: Fraction | None
    trading: tuple[int, ...]
    demand: Fraction


@dataclass(frozen=True, slots=True)
class _Best:
    """The least upper bound of a seller's payoff; `offer` attains it, or is the end at which it is approached."""

    value: Fraction
    offer: Fraction
    inside: Fraction | None = None  # None: attained; else an offer on the side from which it is approached

    def or_at(self, value: Fraction, offer: Fraction) -> _Best:
        """Return the better of this and a value that is attained."""
        better = value > self.value or (value == self.value and self.inside is not None)
        return _Best(value, offer) if better else self


def check_nash_equilibrium(
    game: AuctionGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether no seller gains more than `epsilon` by offering another quantity.

    The witness holds every seller's regret (a supremum), whether it is attained, and where there is a gain beyond the
    claim a deviation that earns more than the claim allows.
    """
    offers = read_offers(game, profile)
    claimed = exact(epsilon, what="epsilon")
    now = [_payoff(game, offers, i) for i in range(len(offers))]
    best = [_supremum(game, offers, i) for i in range(len(offers))]
    regrets = tuple(top.value - own for top, own in zip(best, now, strict=True))
    bound = max(regrets)
    evidence: dict[str, Any] = {"regrets": regrets, "attained": tuple(top.inside is None for top in best)}
    if bound > 0:
        i = regrets.index(bound)
        offer, gain = _deviation(game, offers, i, best[i], now[i], claimed if claimed < bound else _ZERO)
        evidence["deviation"] = {"player": game.players[i], "offer": offer, "gain": gain, "supremum": bound}
    up_to = "" if claimed == 0 else f" more than {brief(claimed)}"
    return Certificate(
        strength=Strength.REFUTED if bound > claimed else Strength.EXACT,
        claim=f"no seller gains{up_to} by offering another quantity",
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )


def stated(solution: Any, found: Certificate) -> dict[str, Any]:
    """Return what a solution states beside its offers, made again: price, sales, payoffs, and what is attained."""
    game = solution.game
    offers = read_offers(game, solution.profile)
    outcome = _outcome(game, offers)
    sellers = range(len(offers))
    return {
        "price": outcome.price,
        "sold": tuple(_sold(outcome, offers, i) for i in sellers),
        "payoffs": tuple(_payoff(game, offers, i) for i in sellers),
        "point": dict(zip(game.players, offers, strict=True)),
        "attained": found.witness["attained"],
    }


def two_equilibria(game: AuctionGame, profile: Any) -> bool:
    """Whether the offers are an equilibrium beside the one that is always there, where nobody offers anything.

    A single seller would hold the last unit itself and be left out: so no offer earns anything against none.
    """
    offers = read_offers(game, profile)
    return any(offers) and check_nash_equilibrium(game, offers).bound == 0


def _deviation(
    game: AuctionGame, offers: Sequence[Fraction], i: int, best: _Best, now: Fraction, claimed: Fraction
) -> tuple[Fraction, Fraction]:
    """Return an offer of seller `i` that gains more than `claimed`, and its gain."""
    offer = best.offer if best.inside is None else best.inside
    while (gain := _payoff(game, _with(offers, i, offer), i) - now) <= claimed:
        offer = (offer + best.offer) / 2  # towards the end at which the supremum is approached
    return offer, gain


def _with(offers: Sequence[Fraction], i: int, offer: Fraction) -> tuple[Fraction, ...]:
    return (*offers[:i], offer, *offers[i + 1 :])


# ------------------------------------------------------------------------------------------------------ the auction


def _outcome(game: AuctionGame, offers: Sequence[Fraction]) -> _Outcome:
    """Clear by the definition: ``Q*`` is the most that at some price is both offered and wanted."""
    sellers = [(s, i) for i, s in enumerate(game.reservations) if offers[i] > 0]
    buyers = [(-b, k) for k, b in enumerate(game.bids) if game.demands[k] > 0]
    most = max(
        (
            min(
                sum((offers[i] for s, i in sellers if s <= p), _ZERO),
                sum((game.demands[k] for b, k in buyers if -b >= p), _ZERO),
            )
            for p in {*(s for s, _ in sellers), *(-b for b, _ in buyers)}
        ),
        default=_ZERO,
    )
    if most == 0:
        return _Outcome(None, (), _ZERO)
    before, last_seller = _until(sorted(sellers), offers, most)
    served, last_buyer = _until(sorted(buyers), game.demands, most)
    demand = sum((game.demands[k] for k in served), _ZERO)
    if not before or not served:
        return _Outcome(None, (), _ZERO)
    return _Outcome((game.reservations[last_seller] + game.bids[last_buyer]) / 2, before, demand)


def _until(
    ranked: Sequence[tuple[Fraction, int]], quantities: Sequence[Fraction], most: Fraction
) -> tuple[tuple[int, ...], int]:
    """Return those before the holder of the last unit of `most`, and the holder."""
    before: list[int] = []
    passed = _ZERO
    for _, who in ranked:
        passed += quantities[who]
        if passed >= most:
            return tuple(before), who
        before.append(who)
    raise AssertionError("the crossing lies within both sides")


def _rationed(quantities: Sequence[Fraction], demand: Fraction) -> list[Fraction]:
    """Give up equally much each: those with less than the cut leave, one by one, until the cut fits the others."""
    staying = sorted(range(len(quantities)), key=lambda j: quantities[j])
    left = sum(quantities, _ZERO)
    cut = _ZERO
    while staying and left > demand:
        cut = (left - demand) / len(staying)
        if quantities[staying[0]] >= cut:
            break
        left -= quantities[staying.pop(0)]
    return [max(q - cut, _ZERO) for q in quantities]


def _sold(outcome: _Outcome, offers: Sequence[Fraction], i: int) -> Fraction:
    if i not in outcome.trading:
        return _ZERO
    amounts = _rationed([offers[j] for j in outcome.trading], outcome.demand)
    return amounts[outcome.trading.index(i)]


def _earned(game: AuctionGame, i: int, price: Fraction | None, sold: Fraction) -> Fraction:
    return _ZERO if price is None else (price - game.reservations[i]) * sold - game.ageing[i] * sold**2


def _payoff(game: AuctionGame, offers: Sequence[Fraction], i: int) -> Fraction:
    outcome = _outcome(game, offers)
    return _earned(game, i, outcome.price, _sold(outcome, offers, i))


# ----------------------------------------------------------------------------------------------------- the supremum


def _supremum(game: AuctionGame, offers: Sequence[Fraction], i: int) -> _Best:
    """Return the least upper bound of what seller `i` can earn."""
    most = game.capacities[i]
    ends = sorted({_ZERO, most, *(x for x in _steps_meet(game, offers, i) if 0 < x < most)})
    best = max((_Best(_payoff(game, _with(offers, i, x), i), x) for x in ends), key=lambda each: each.value)
    for left, right in pairwise(ends):
        outcome = _outcome(game, _with(offers, i, (left + right) / 2))
        if outcome.price is None or i not in outcome.trading:
            continue  # it earns 0, as at offer 0
        others = [offers[j] for j in outcome.trading if j != i]
        cuts = sorted({left, right, *(x for x in _cut_bends(others, outcome.demand) if left < x < right)})
        for low, high in pairwise(cuts):
            best = _better(game, offers, i, outcome, (low, high), best)
        for x in cuts[1:-1]:
            value = _earned(game, i, outcome.price, _sold(outcome, _with(offers, i, x), i))
            best = best.or_at(value, x)
    return best


def _better(
    game: AuctionGame,
    offers: Sequence[Fraction],
    i: int,
    outcome: _Outcome,
    interval: tuple[Fraction, Fraction],
    best: _Best,
) -> _Best:
    """Compare with the parabola on an interval where sales are affine in the offer: two points determine them."""
    low, high = interval
    inside = [low + (high - low) * share for share in (Fraction(1, 3), Fraction(2, 3))]
    first, second = (_sold(outcome, _with(offers, i, x), i) for x in inside)
    rise = second - first
    assert outcome.price is not None
    sales = {low: 2 * first - second, high: 2 * second - first}
    tau = game.ageing[i]
    if tau > 0 and rise > 0:
        wanted = (outcome.price - game.reservations[i]) / (2 * tau)
        if sales[low] < wanted < sales[high]:
            x = inside[0] + (wanted - first) / rise * (inside[1] - inside[0])
            value = _earned(game, i, outcome.price, wanted)
            best = best.or_at(value, x)
    if rise == 0:
        value = _earned(game, i, outcome.price, first)
        return best.or_at(value, inside[0])
    for x, sold in sales.items():
        value = _earned(game, i, outcome.price, sold)
        if value > best.value:
            best = _Best(value, x, inside[0] if x == low else inside[1])
    return best


def _steps_meet(game: AuctionGame, offers: Sequence[Fraction], i: int) -> list[Fraction]:
    """Return the offers at which the end of a step of supply can coincide with the end of a step of demand."""
    own = game.reservations[i], i
    ahead = sum((a for j, a in enumerate(offers) if (game.reservations[j], j) < own), _ZERO)
    behind = sorted((game.reservations[j], j) for j in range(len(offers)) if (game.reservations[j], j) > own)
    supply = [ahead]
    for _, j in behind:
        supply.append(supply[-1] + offers[j])
    demand = [_ZERO]
    for _, k in sorted((-b, k) for k, b in enumerate(game.bids)):
        demand.append(demand[-1] + game.demands[k])
    return [d - s for d in demand for s in supply]


def _cut_bends(others: Sequence[Fraction], demand: Fraction) -> list[Fraction]:
    """Return the offers at which the equal cut is 0, or reaches the own offer or that of another.

    With the cut at ``c`` the others sell ``R(c) = sum (o - c)^+``. The own offer is ``c + demand - R(c)`` where some of
    it is sold; the cut equals the own offer where ``R(c) = demand``.
    """

    def rest(cut: Fraction) -> Fraction:
        return sum((max(o - cut, _ZERO) for o in others), _ZERO)

    found = [cut + demand - rest(cut) for cut in (_ZERO, *others)]
    knots = sorted({_ZERO, *others})
    for low, high in pairwise(knots):
        if rest(low) >= demand >= rest(high) and rest(low) > rest(high):
            found.append(low + (rest(low) - demand) / (rest(low) - rest(high)) * (high - low))
    return found
