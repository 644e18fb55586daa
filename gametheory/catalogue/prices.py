"""Price competition with capacities: the three ranges of Bertrand and Edgeworth."""

from __future__ import annotations

from fractions import Fraction

from gametheory.catalogue.entry import Entry
from gametheory.games.price_competition import PriceCompetition

__all__ = ["entries"]

_RANGES = (
    "D. M. Kreps and J. A. Scheinkman, Quantity precommitment and Bertrand competition yield Cournot outcomes, Bell "
    "Journal of Economics 14 (1983) 326-337; demand 12 - p, no cost"
)


def _market(*capacities: int) -> PriceCompetition:
    firms = tuple(f"firm {k + 1}" for k in range(len(capacities)))
    return PriceCompetition(firms, tuple(map(Fraction, capacities)), Fraction(12), Fraction(1))


def entries() -> tuple[Entry, ...]:
    """Return one market of each range, and one with a large firm."""
    return (
        Entry(
            name="bertrand_edgeworth_small",
            game=_market(4, 4),
            source=f"{_RANGES}: up to Cournot's quantity 12/3 all sell out, at the price 12 - 8",
            answers={"nash_equilibrium": (Fraction(4), Fraction(4))},
            lesson="Capacities of Cournot's size bring Cournot's price.",
        ),
        Entry(
            name="bertrand_edgeworth_middle",
            game=_market(6, 6),
            source=f"{_RANGES}: between 4 and 12 prices cycle; F. Y. Edgeworth, Giornale degli Economisti 40 (1897)",
            facts={"equilibria": 0},
            lesson="Undercutting pays until the price is so low that it pays to serve what is left at a high one.",
        ),
        Entry(
            name="bertrand_edgeworth_large",
            game=_market(12, 15),
            source=f"{_RANGES}: where each alone can serve everybody at cost, the price is cost (J. Bertrand, 1883)",
            answers={"nash_equilibrium": (Fraction(0), Fraction(0))},
            lesson="Two firms are enough for a competitive price, if neither lacks capacity.",
        ),
        Entry(
            name="bertrand_edgeworth_three",
            game=_market(6, 6, 6),
            source=f"{_RANGES}, for three firms: any two serve all 12 that are asked for at price 0",
            answers={"nash_equilibrium": (Fraction(0),) * 3},
            lesson="It is enough that the others can do without any one firm.",
        ),
    )
