"""B.6 Sellers lead in a multi-microgrid market with line limits: B.3 in every slot, and congestion as in D.3.

Source: H. Liu, J. F. Li, S. Y. Ge et al., "Distributed day-ahead peer-to-peer trading for multi-microgrid systems in
active distribution networks", IEEE Access 8, 2020, 66961-66976; fidelity: derived. The utility functions are those of
:mod:`gametheory.models.microgrid_operator`, the multipliers those of a clearing with line limits; both are the
package's own, in the structure of the paper. (The other paper of this kind, W. H. Zhou, J. Wu, W. F. Zhong et al.,
Mobile Networks and Applications 24(3), 2019, 950-961, is served by
:mod:`gametheory.models.proportional_allocation`.)

At bus ``l`` both prices are shifted by ``- sum_line PTDF_line,l (mu+_line - mu-_line)``; multipliers move until the
limits hold. Shifts that leave a feed-in price not positive are no answer (log utility has no reply there): limits that
ask for such are infeasible.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact, exact_series, negative_part, positive_part, total, whole
from gametheory.errors import InputError
from gametheory.games.congested_pricing import CongestedPricingGame
from gametheory.games.log_pricing import LogPricingStep
from gametheory.models.economy import operator_profit

__all__ = ["MultiMicrogrid", "bus_shift", "line_flow", "outcome", "shifted_bill"]


def bus_shift(factors: Sequence[Number], multipliers: Sequence[Number]) -> Number:
    """Return ``- sum_line PTDF_line,l mu_line`` (money/kWh): what is added to both prices at a bus."""
    return -total([a * mu for a, mu in zip(factors, multipliers, strict=True)])


def line_flow(factors: Sequence[Number], injections: Sequence[Number]) -> Number:
    """Return ``sum_l PTDF_line,l e_l`` (kWh): what a line carries for these net supplies of the buses."""
    return total([a * e for a, e in zip(factors, injections, strict=True)])


def shifted_bill(amount: Number, price: Number, shift: Number) -> Number:
    """Return ``(p + s) m`` (money): what a kWh costs or brings at a shifted price, the shift's part for the network."""
    return (price + shift) * amount


@dataclass(frozen=True, slots=True)
class MultiMicrogrid:
    """Microgrids at the buses of a network, one operator that prices all of them, day ahead.

    Source: Liu, Li, Ge et al. 2020, structure; fidelity: derived (utility functions and the update of the multipliers
    are the package's own). Theorems: B-P12.

    Parameters
    ----------
    steps
        Weights ``k``, energies ``E`` and the grid's prices of each slot, as in B.3.
    buses
        Of each microgrid the number of its bus.
    ptdf
        ``PTDF`` (lines x buses): how much of a kWh supplied at a bus a line carries to the slack bus.
    capacities
        ``F > 0`` of each line (kWh a slot).
    players
        Names of the microgrids.

    Raises
    ------
    InputError
        ``F <= 0``, a PTDF row of another length, a bus that is not there; what B.3 refuses.
    NotApplicable
        A slot with ``feed_in <= 0``.

    Examples
    --------
    >>> step = LogPricingStep((4, 1), (0, 3), Fraction(2), Fraction(1, 4))
    >>> model = MultiMicrogrid(steps=(step,), buses=(0, 1), ptdf=((0, 1),), capacities=(1,))
    >>> model.to_game().sensitivities
    ((Fraction(0, 1), Fraction(1, 1)),)
    """

    theorems: ClassVar[tuple[str, ...]] = ("B-P12",)
    fidelity: ClassVar[str] = "derived"

    steps: tuple[LogPricingStep, ...]
    buses: tuple[int, ...]
    ptdf: tuple[tuple[Fraction, ...], ...]
    capacities: tuple[Fraction, ...]
    players: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "buses", tuple(whole(b, what="buses") for b in self.buses))
        rows = tuple(exact_series(row, what=f"ptdf[{n}]") for n, row in enumerate(self.ptdf))
        object.__setattr__(self, "ptdf", rows)
        object.__setattr__(self, "capacities", exact_series(self.capacities, what="capacities"))
        names = tuple(self.players) or tuple(f"microgrid {i}" for i in range(len(self.buses)))
        object.__setattr__(self, "players", names)
        count = len(rows[0]) if rows else max(self.buses, default=-1) + 1
        problems = [
            f"ptdf[{n}] has {len(row)} buses, ptdf[0] {count}" for n, row in enumerate(rows) if len(row) != count
        ]
        problems += [f"{names[i]!r} is at bus {b}; there are 0..{count - 1}" for i, b in enumerate(self.buses)
                     if not 0 <= b < count]  # fmt: skip
        InputError.raise_all(problems)
        self.to_game()  # refuses the rest

    def to_game(self) -> CongestedPricingGame:
        """Return the game as plain data, a column of sensitivities for each microgrid."""
        columns = tuple(tuple(row[b] for b in self.buses) for row in self.ptdf)
        return CongestedPricingGame(self.players, self.steps, columns, self.capacities)

    def bus_prices(self, profile: Mapping[str, Any]) -> tuple[tuple[tuple[Fraction, Fraction], ...], ...]:
        """Return the buy and the sell price at every bus, one row a slot (money/kWh)."""
        rows = []
        for buy, sell, mu in zip(profile["buy_prices"], profile["sell_prices"], profile["multipliers"], strict=True):
            shifts = [bus_shift([row[b] for row in self.ptdf], mu) for b in range(len(self.ptdf[0]))]
            rows.append(tuple((buy + s, sell + s) for s in shifts))
        return tuple(rows)


def outcome(game: CongestedPricingGame, profile: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a profile means, exactly.

    Per slot ``bought``, ``sold`` and ``grid_energy`` (kWh), ``profits`` of the operator, ``flows`` of the lines and
    what the network collects by the shifts, ``rents``: ``sum_line mu_line f_line``. Per microgrid ``bills``, the shift
    included. ``value`` is the operator's profit.
    """
    found: dict[str, list[Any]] = {n: [] for n in ("bought", "sold", "grid_energy", "profits", "flows", "rents")}
    bills = [Fraction(0)] * len(game.players)
    for t, step in enumerate(game.steps):
        buy, sell = exact(profile["buy_prices"][t]), exact(profile["sell_prices"][t])
        mu = exact_series(profile["multipliers"][t], what="multipliers")
        consumed = [exact(row[t]) for row in profile["consumptions"]]
        imports = [x - e for x, e in zip(consumed, step.energies, strict=True)]
        for i, (m, s) in enumerate(zip(imports, game.shifts(mu), strict=True)):
            bills[i] += shifted_bill(m, buy if m > 0 else sell, s)
        bought, sold = (sum((part(m) for m in imports), Fraction(0)) for part in (positive_part, negative_part))
        flows = game.flows(step, consumed)
        found["bought"].append(bought)
        found["sold"].append(sold)
        found["grid_energy"].append(bought - sold)
        found["profits"].append(operator_profit(bought, sold, buy, sell, step.buy_price, step.sell_price))
        found["flows"].append(flows)
        found["rents"].append(sum((m * f for m, f in zip(mu, flows, strict=True)), Fraction(0)))
    return {
        **{name: tuple(values) for name, values in found.items()},
        "bills": tuple(bills),
        "value": sum(found["profits"], Fraction(0)),
    }
