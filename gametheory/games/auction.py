"""Storage owners who offer energy to a double auction with trade reduction; buyers are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact, exact_series
from gametheory.errors import InputError

__all__ = ["AuctionGame", "read_offers", "reduced"]


def reduced(quantities: Sequence[Fraction], total: Fraction) -> tuple[Fraction, ...]:
    """Return ``(q_i - theta)^+`` with ``theta >= 0`` such that they sum to `total`, or `quantities` if less is there.

    ``theta`` is the largest of ``(sum of the k largest - total)/k``: the long side gives up equally much each.

    >>> [str(q) for q in reduced([Fraction(3), Fraction(5)], Fraction(6))]
    ['2', '4']
    """
    theta = most = Fraction(0)
    for k, quantity in enumerate(sorted(quantities, reverse=True), start=1):
        most += quantity
        theta = max(theta, (most - total) / k)
    return tuple(max(quantity - theta, Fraction(0)) for quantity in quantities)


@dataclass(frozen=True, slots=True)
class AuctionGame:
    """Sellers choose how much to offer; a double auction with trade reduction clears.

    Seller ``i`` offers ``a_i`` in ``[0, capacity_i]`` at its reservation price ``s_i``. In the order of prices (ties:
    lower index first) supply meets demand up to ``Q*``, the most that can be traded; seller ``L`` and buyer ``M`` hold
    its last unit. The price is ``(s_L + b_M)/2``; only sellers before ``L`` and buyers before ``M`` trade, and the
    long side gives up equally much each. Who sells ``Q`` earns ``(price - s_i) Q - ageing_i Q^2``, others nothing.

    The profile is a tuple of offers in player order, or a mapping by name.

    Raises
    ------
    InputError
        No seller or no buyer, lists of different lengths, a negative number.
    """

    sense: ClassVar[str] = "payoff"
    players: tuple[str, ...]
    reservations: tuple[Fraction, ...]
    capacities: tuple[Fraction, ...]
    ageing: tuple[Fraction, ...]
    bids: tuple[Fraction, ...]
    demands: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", tuple(self.players))
        for name in ("reservations", "capacities", "ageing", "bids", "demands"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        problems = []
        if not self.players:
            problems.append("no seller: give at least one")
        if not self.bids:
            problems.append("no buyer: give at least one bid (money/kWh)")
        if len(set(self.players)) != len(self.players):
            problems.append("two sellers have one name; give each its own")
        for name, size, who in (
            ("reservations", len(self.players), "seller"),
            ("capacities", len(self.players), "seller"),
            ("ageing", len(self.players), "seller"),
            ("demands", len(self.bids), "buyer"),
        ):
            given = getattr(self, name)
            if len(given) != size:
                problems.append(f"{name} has {len(given)} values; give one for each of the {size} {who}s")
        problems += [
            f"{name}[{k}] is {value}, which is negative; give at least 0"
            for name in ("reservations", "capacities", "ageing", "bids", "demands")
            for k, value in enumerate(getattr(self, name))
            if value < 0
        ]
        InputError.raise_all(problems)

    def cleared(self, offers: Sequence[Fraction]) -> tuple[Fraction | None, tuple[Fraction, ...]]:
        """Return the price (None where nobody trades) and what each seller sells."""
        zero = Fraction(0)
        nothing = None, (zero,) * len(self.players)
        sellers = sorted((i for i, a in enumerate(offers) if a > 0), key=lambda i: (self.reservations[i], i))
        buyers = sorted((k for k, x in enumerate(self.demands) if x > 0), key=lambda k: (-self.bids[k], k))
        last = None
        j = m = 0
        offered = demanded = zero  # by the sellers before j and the buyers before m
        while j < len(sellers) and m < len(buyers) and self.reservations[sellers[j]] <= self.bids[buyers[m]]:
            last = j, m
            behind = offered + offers[sellers[j]] - demanded - self.demands[buyers[m]]
            if behind <= 0:
                offered += offers[sellers[j]]
                j += 1
            if behind >= 0:
                demanded += self.demands[buyers[m]]
                m += 1
        if last is None:
            return nothing
        price = (self.reservations[sellers[last[0]]] + self.bids[buyers[last[1]]]) / 2
        trading = sellers[: last[0]]
        demand = sum((self.demands[k] for k in buyers[: last[1]]), zero)
        if not trading or demand == 0:
            return nothing
        sold = dict(zip(trading, reduced([offers[i] for i in trading], demand), strict=True))
        return price, tuple(sold.get(i, zero) for i in range(len(self.players)))

    def payoffs(self, offers: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """Return what each seller earns."""
        price, sold = self.cleared(offers)
        if price is None:
            return sold
        return tuple(
            (price - s) * q - tau * q * q for s, tau, q in zip(self.reservations, self.ageing, sold, strict=True)
        )


def read_offers(game: AuctionGame, profile: Any) -> tuple[Fraction, ...]:
    """Return the offers of a profile, or refuse it.

    Raises
    ------
    InputError
        Offers are missing, are too many, or leave ``[0, capacity]``.
    """
    given: Iterable[Number] = profile
    if hasattr(profile, "keys"):
        if set(profile) != set(game.players):
            raise InputError(f"the offers name {sorted(profile)}, the sellers are {list(game.players)}")
        given = [profile[name] for name in game.players]
    if isinstance(profile, str) or not hasattr(profile, "__len__") or len(profile) != len(game.players):
        raise InputError(f"offers {profile!r}: give one for each of the {len(game.players)} sellers")
    offers = tuple(exact(a, what=f"offer of {name!r}") for name, a in zip(game.players, given, strict=True))
    InputError.raise_all(
        [
            f"offer {a} of {name!r} is outside [0, {most}] kWh"
            for name, a, most in zip(game.players, offers, game.capacities, strict=True)
            if not 0 <= a <= most
        ]
    )
    return offers
