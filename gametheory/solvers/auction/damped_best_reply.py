"""A.3 Damped best replies in the storage owners' auction, ended by the exact gain of every deviation.

Source: the algorithm of Wang, Saad, Han, Poor and Basar, IEEE Transactions on Smart Grid 5(3), 2014, 1439-1450, in
structure; fidelity: paper (abstract) + derived. Convergence is not guaranteed for these payoffs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import exact
from gametheory.errors import InputError
from gametheory.games.auction import AuctionGame, read_offers
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.auction.best_response import reply

__all__ = ["DampedBestReply"]

Offers = tuple[Fraction, ...]

#: Offers on the way are kept to so many decimals, so that fractions stay short.
_DECIMALS = 10**15


#: From this largest gain on (money) short fractions are tried.
_NEAR = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class _Met:
    """Offers that the run met, the largest gain of a deviation, and whether each best reply is attained."""

    offers: Offers
    gain: Fraction
    attained: tuple[bool, ...]

    @classmethod
    def of(cls, game: AuctionGame, offers: Offers) -> _Met:
        replies = [reply(game, offers, i) for i in range(len(offers))]
        return cls(offers, max(each.gain for each in replies), tuple(each.attained for each in replies))


@dataclass(frozen=True, slots=True)
class DampedBestReply:
    """Sellers answer each other in turn, each going the fraction `damping` of the way to its best reply.

    Steps (one round): (1) every seller's exact best reply to the offers as they stand gives the gain of every
    deviation; it ends when the largest is at most `tolerance`; (2) near that, offers are tried that are short
    fractions, because an equilibrium is often one; (3) each seller in turn moves. Offers that return exactly end the
    run. It begins at full capacities, then at half of them, unless `start` is given.

    Offering nothing is always an equilibrium: a single seller holds the last unit and is left out. It is not looked
    for; give ``start`` zeros to begin there.

    Parameters
    ----------
    damping
        In ``(0, 1]``; 1 takes whole steps.
    tolerance
        The largest gain (money) that is accepted; also how near a one-sided limit a reply goes.
    max_iterations
        Rounds from each start. Past them the offers with the least gain are returned as not converged.
    start
        Offers to begin from, one a seller.
    """

    accepts: ClassVar[tuple[str, ...]] = ("AuctionGame",)
    concept: ClassVar[Concept] = Concept.NASH
    damping: Fraction = Fraction(1)
    tolerance: Fraction = Fraction(1, 10**9)
    max_iterations: int = 60
    start: tuple[Any, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("damping", "tolerance"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        if not 0 < self.damping <= 1:
            raise InputError(f"damping={self.damping} must lie in (0, 1]; 1 takes whole steps")
        if self.tolerance < 0:
            raise InputError(f"tolerance={self.tolerance} is negative; give at least 0 (money)")
        if self.max_iterations < 1:
            raise InputError(f"max_iterations={self.max_iterations} must be at least 1")

    def solve(self, game: AuctionGame) -> Answer:
        """Return offers from which nobody gains more than the tolerance, or the best ones met, as not converged."""
        accepted = self.tolerance
        best: _Met | None = None
        rounds = 0
        for start in self._starts(game):
            offers, seen = start, set[Offers]()
            while len(seen) < self.max_iterations and offers not in seen:
                seen.add(offers)
                rounds += 1
                met = min(self._tried(game, offers), key=lambda each: each.gain)
                best = met if best is None or met.gain < best.gain else best
                if best.gain <= accepted:
                    break
                offers = self._round(game, offers)
            if best is not None and best.gain <= accepted:
                break
        assert best is not None  # there is a start, and a round
        offers = best.offers
        found = best.gain <= accepted
        price, sold = game.cleared(offers)
        details = {
            "rule": "the offers with the least gain that damped best replies met, from full or given offers on",
            "price": price,
            "sold": sold,
            "attained": best.attained,
        }
        return Answer(
            profile=offers,
            status=Status.SOLVED if found else Status.NOT_CONVERGED,
            epsilon=best.gain if found else accepted,
            iterations=rounds,
            extra={
                "point": dict(zip(game.players, offers, strict=True)),
                "payoffs": game.payoffs(offers),
                "unique": "disproved" if best.gain == 0 and any(offers) else "unknown",
                "unique_reason": "offering nothing is an equilibrium too",
                "details": details,
            },
        )

    def _starts(self, game: AuctionGame) -> Iterator[Offers]:
        if self.start is not None:
            yield read_offers(game, tuple(self.start))
            return
        yield game.capacities
        yield tuple(most / 2 for most in game.capacities)

    def _tried(self, game: AuctionGame, offers: Offers) -> Iterator[_Met]:
        """Yield the offers with the gain of every deviation, and where it is small the short fractions nearby."""
        here = _Met.of(game, offers)
        yield here
        if 0 < here.gain <= _NEAR:
            yield from (_Met.of(game, near) for near in self._short(game, offers))

    def _short(self, game: AuctionGame, offers: Offers) -> Iterator[Offers]:
        """Yield offers nearby that are short fractions."""
        met = {offers}
        for longest in (100, 10_000):
            near = tuple(
                min(max(a.limit_denominator(longest), Fraction(0)), most)
                for a, most in zip(offers, game.capacities, strict=True)
            )
            if near not in met and max(abs(a - b) for a, b in zip(near, offers, strict=True)) < Fraction(1, 10**4):
                met.add(near)
                yield near

    def _round(self, game: AuctionGame, offers: Offers) -> Offers:
        weight, accepted = self.damping, self.tolerance
        for i in range(len(offers)):
            own = reply(game, offers, i, max(accepted / 4, Fraction(1, 10**12)))
            if own.gain > 0:
                moved = (1 - weight) * offers[i] + weight * own.offer
                if moved.denominator > _DECIMALS:
                    moved = min(Fraction(round(moved * _DECIMALS), _DECIMALS), game.capacities[i])
                offers = (*offers[:i], moved, *offers[i + 1 :])
        return offers
