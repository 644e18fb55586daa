"""A.3 What one seller best offers while the others keep their offers: exact, piece by piece.

The outcome of the auction depends on where the seller's supply step ends among the others' steps, so the offers at
which supply and demand steps end together cut ``[0, capacity]`` into intervals with one price and one set of traders.
Within one, rationing turns on, sells nothing, or starts to leave a rival with nothing at further known offers; between
all of these what is sold is affine in the offer and the payoff a parabola. At a cut the payoff may jump, so it is
looked at there and from either side.

Source: the best reply of Wang, Saad, Han, Poor and Basar, IEEE Transactions on Smart Grid 5(3), 2014, 1439-1450;
fidelity: paper (abstract) + derived, the payoffs are the package's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

from gametheory.errors import InputError
from gametheory.games.auction import AuctionGame, read_offers, reduced

__all__ = ["AuctionReply", "best_response", "reply"]

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class AuctionReply:
    """What one seller does best while the others keep their offers.

    Attributes
    ----------
    player
        Who replies.
    offer
        A best offer; where none is best, one that earns `value` up to the tolerance.
    value
        The least upper bound of what it can earn.
    gain
        How much more that is than it earns now.
    attained
        False where `value` is only approached, as a one-sided limit.
    """

    player: str
    offer: Fraction
    value: Fraction
    gain: Fraction
    attained: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """Offers strictly between two cuts: a price, and sales ``start + slope a``."""

    left: Fraction
    right: Fraction
    price: Fraction
    start: Fraction
    slope: Fraction

    def sold(self, offer: Fraction) -> Fraction:
        return self.start + self.slope * offer


def best_response(game: AuctionGame, profile: Any, player: str | int) -> AuctionReply:
    """Return what `player` (name or index) best offers while the others keep to `profile`, exactly.

    Examples
    --------
    >>> game = AuctionGame(("a", "b"), (0, 1), (4, 2), (1, 0), (10, 10), (3, 3))
    >>> best_response(game, (0, 2), "a").offer
    Fraction(11, 4)
    """
    offers = read_offers(game, profile)
    k = game.players.index(player) if player in game.players else player
    if not (type(k) is int and 0 <= k < len(game.players)):
        raise InputError(f"player {player!r} is not in this game; the players are {', '.join(game.players)}")
    return reply(game, offers, k)


def reply(
    game: AuctionGame, offers: Sequence[Fraction], i: int, tolerance: Fraction = Fraction(1, 10**12)
) -> AuctionReply:
    """Return the best reply of seller `i`; its own offer if that is one."""

    def earns(offer: Fraction) -> Fraction:
        return game.payoffs((*offers[:i], offer, *offers[i + 1 :]))[i]

    now = earns(offers[i])
    best, attained, at = now, True, offers[i]
    cuts = _cuts(game, offers, i)
    for offer in cuts:
        if (value := earns(offer)) > best:
            best, at = value, offer
    limit: tuple[_Piece, Fraction] | None = None
    for piece in _pieces(game, offers, i, cuts):
        top = _top(game, i, piece)
        if top is not None and (value := _worth(game, i, piece, top)) > best:
            best, at, attained = value, top, True
        for end in (piece.left, piece.right):
            if (value := _worth(game, i, piece, end)) > best:
                best, attained, limit = value, False, (piece, end)
    if not attained and limit is not None:
        at = _near(game, i, *limit, best - tolerance)
    return AuctionReply(game.players[i], at, best, best - now, attained)


def _worth(game: AuctionGame, i: int, piece: _Piece, offer: Fraction) -> Fraction:
    q = piece.sold(offer)
    return (piece.price - game.reservations[i]) * q - game.ageing[i] * q * q


def _top(game: AuctionGame, i: int, piece: _Piece) -> Fraction | None:
    """Return where ``(price - s) q - ageing q^2`` has slope 0 inside the piece, if it does."""
    if game.ageing[i] == 0 or piece.slope == 0:
        return None
    wanted = (piece.price - game.reservations[i]) / (2 * game.ageing[i])
    offer = (wanted - piece.start) / piece.slope
    return offer if piece.left < offer < piece.right else None


def _near(game: AuctionGame, i: int, piece: _Piece, end: Fraction, least: Fraction) -> Fraction:
    """Return an offer inside the piece, near its end, that earns at least `least`."""
    offer = (piece.left + piece.right) / 2
    while _worth(game, i, piece, offer) < least:
        offer = (offer + end) / 2
    return offer


def _merit(game: AuctionGame, offers: Sequence[Fraction], i: int) -> tuple[list[int], list[int], list[int]]:
    """Return the sellers before `i` and after it, and the buyers, in the order of the auction."""
    sellers = sorted(range(len(offers)), key=lambda j: (game.reservations[j], j))
    place = sellers.index(i)
    buyers = sorted(range(len(game.bids)), key=lambda k: (-game.bids[k], k))
    return sellers[:place], sellers[place + 1 :], buyers


def _cuts(game: AuctionGame, offers: Sequence[Fraction], i: int) -> list[Fraction]:
    """Return the ends, and the offers at which a supply step and a demand step end together."""
    before, after, buyers = _merit(game, offers, i)
    start = sum((offers[j] for j in before), _ZERO)
    supply = list(accumulate((offers[j] for j in after), initial=start))
    demand = list(accumulate((game.demands[k] for k in buyers), initial=_ZERO))
    most = game.capacities[i]
    return sorted({_ZERO, most} | {d - s for d in demand for s in supply if 0 < d - s < most})


def _pieces(game: AuctionGame, offers: Sequence[Fraction], i: int, cuts: Sequence[Fraction]) -> Iterator[_Piece]:
    """Yield the pieces on which seller `i` trades; elsewhere it earns nothing."""
    for left, right in pairwise(cuts):
        middle = (left + right) / 2
        tried = (*offers[:i], middle, *offers[i + 1 :])
        price, rivals, demand = _traders(game, tried, i)
        if price is None:
            continue
        bends = sorted({x for x in _bends(rivals, demand) if left < x < right})
        for low, high in pairwise([left, *bends, right]):
            yield _affine(low, high, price, rivals, demand)


def _traders(game: AuctionGame, offers: Sequence[Fraction], i: int) -> tuple[Fraction | None, list[Fraction], Fraction]:
    """Return the price, the offers of those that trade beside `i`, and their buyers' demand; no price: `i` is out."""
    price, _ = game.cleared(offers)
    if price is None:
        return None, [], _ZERO
    before, after, buyers = _merit(game, offers, i)
    sellers = [j for j in (*before, i, *after) if offers[j] > 0]
    supply = list(accumulate(offers[j] for j in sellers))
    demand = list(accumulate(game.demands[k] for k in buyers))
    last = None
    for j, seller in enumerate(sellers):
        for k, buyer in enumerate(buyers):
            begins = max(supply[j] - offers[seller], demand[k] - game.demands[buyer])
            if begins < min(supply[j], demand[k]) and game.reservations[seller] <= game.bids[buyer]:
                last = j, k  # these two steps meet above some unit
    if last is None or i not in sellers[: last[0]]:
        return None, [], _ZERO
    rivals = [offers[j] for j in sellers[: last[0]] if j != i]
    return price, rivals, demand[last[1]] - game.demands[buyers[last[1]]]


def _bends(rivals: Sequence[Fraction], demand: Fraction) -> Iterator[Fraction]:
    """Yield the offers at which rationing begins, leaves the seller nothing, or leaves a rival nothing."""
    total = sum(rivals, _ZERO)
    yield demand - total
    if total > demand and rivals:
        yield max(a - q for a, q in zip(rivals, reduced(rivals, demand), strict=True))
    for level in rivals:
        yield level + demand - sum((max(other - level, _ZERO) for other in rivals), _ZERO)


def _affine(low: Fraction, high: Fraction, price: Fraction, rivals: Sequence[Fraction], demand: Fraction) -> _Piece:
    middle = (low + high) / 2
    own, *others = reduced([middle, *rivals], demand)
    if own == 0:
        return _Piece(low, high, price, _ZERO, _ZERO)
    if own == middle:
        return _Piece(low, high, price, _ZERO, Fraction(1))
    sharing = 1 + sum(q > 0 for q in others)
    slope = 1 - Fraction(1, sharing)
    return _Piece(low, high, price, own - slope * middle, slope)
