"""C.3 Prosumers who pool loads, PV and storage: a linear-programming game with a core point from its dual.

Source: L. Han, T. Morstyn, M. McCulloch, "Incentivizing prosumer coalitions with energy management using cooperative
game theory", IEEE Transactions on Power Systems 34(1), 2019, 303-313; fidelity: paper (abstract) + derived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple

from gametheory.arithmetic import Number, exact, exact_series, negative_part, positive_part
from gametheory.domain.assets.battery import Battery
from gametheory.domain.community import Community
from gametheory.errors import Infeasible, InputError
from gametheory.games.linear import LinearGame, LinearMember

__all__ = ["StorageCoalition", "StorageData", "dual_share", "grid_data", "reduced_costs", "storage_data"]

Pairs = tuple[tuple[int, Number], ...]


class StorageData(NamedTuple):
    """One member's part of the programme, in any arithmetic.

    Variables are ``ch_0..ch_{T-1}, dis_0.., soc_1..soc_T``; rows and bounds are as in
    :class:`~gametheory.games.linear.LinearMember`.
    """

    costs: tuple[Number, ...]
    coupling: tuple[Pairs, ...]
    rows: tuple[tuple[Pairs, Number], ...]
    lower: tuple[Number, ...]
    upper: tuple[Number, ...]


def grid_data(
    import_price: Sequence[Number], export_price: Sequence[Number]
) -> tuple[tuple[Number, ...], tuple[Pairs, ...]]:
    """Return costs ``pim g+ - pex g-`` and rows ``g+ - g-`` of the common variables ``g+_0, g-_0, g+_1, ...``."""
    costs = tuple(x for bought, sold in zip(import_price, export_price, strict=True) for x in (bought, -sold))
    rows = tuple(((2 * t, 1), (2 * t + 1, -1)) for t in range(len(import_price)))
    return costs, rows


def storage_data(
    steps: int,
    capacity: Number,
    charge_limit: Number,
    discharge_limit: Number,
    charge_efficiency: Number,
    discharge_efficiency: Number,
    initial: Number,
    terminal: Number,
) -> StorageData:
    """Return one member's variables, rows and bounds (kWh a step).

    ``soc_{t+1} - soc_t - eta_c ch_t + dis_t/eta_d = 0`` with ``soc_0`` moved to the right side of the first row;
    ``0 <= soc <= cap``, ``0 <= ch, dis <= limits``, and ``soc_T >= terminal``. In a common row the member adds
    ``-ch_t + dis_t``, so that its demand is the net load.
    """
    T = steps
    coupling = tuple(((t, -1), (T + t, 1)) for t in range(T))
    rows = []
    for t in range(T):
        flow = ((t, -charge_efficiency), (T + t, 1 / discharge_efficiency), (2 * T + t, 1))
        before = () if t == 0 else ((2 * T + t - 1, -1),)
        rows.append(((*flow, *before), initial if t == 0 else 0))
    return StorageData(
        costs=(0,) * (3 * T),
        coupling=coupling,
        rows=tuple(rows),
        lower=(*[0] * (3 * T - 1), terminal),
        upper=(*[charge_limit] * T, *[discharge_limit] * T, *[capacity] * T),
    )


def reduced_costs(data: StorageData, prices: Sequence[Number], own_prices: Sequence[Number]) -> list[Number]:
    """Return ``c - B' y - E' w`` of a member's variables, for multipliers of the common rows and of its own."""
    reduced = list(data.costs)
    for price, pairs in zip(prices, data.coupling, strict=True):
        for k, a in pairs:
            reduced[k] = reduced[k] - price * a
    for price, (pairs, _) in zip(own_prices, data.rows, strict=True):
        for k, a in pairs:
            reduced[k] = reduced[k] - price * a
    return reduced


def dual_share(
    data: StorageData, net_load: Sequence[Number], prices: Sequence[Number], own_prices: Sequence[Number]
) -> Number:
    """Return a member's share ``sum_t y_t (load - pv)_t + w f + sum_j (lower_j r_j^+ - upper_j r_j^-)`` (money).

    The second part is the multipliers times right sides of its own rows, the third those of its bounds, with ``r`` the
    reduced costs. No coalition costs less than the shares of its members; at optimal multipliers they add up to
    ``C(N)``: a point of the core.
    """
    share = sum(price * need for price, need in zip(prices, net_load, strict=True))
    share = share + sum(price * right for price, (_, right) in zip(own_prices, data.rows, strict=True))
    for r, low, high in zip(reduced_costs(data, prices, own_prices), data.lower, data.upper, strict=True):
        share = share + low * positive_part(r) - high * negative_part(r)
    return share


@dataclass(frozen=True, slots=True, init=False)
class StorageCoalition:
    """A community whose coalitions share one meter and run their batteries together; a cost game.

    ``C(T) = min sum_t (pim_t g+_t - pex_t g-_t)`` over the schedules of the members' batteries. Without batteries it is
    game C.1 in cost form, summed over the steps.

    Source: Han, Morstyn and McCulloch 2019; fidelity: paper (abstract) + derived (the programme is the package's own,
    in the structure of the paper). Theorems: C-P7.

    Parameters
    ----------
    community
        Members with batteries or without, tariff and hours; batteries start with what they hold and end with any state.

    Notes
    -----
    Where an export price is negative, charging and discharging at once may pay; `may_burn` says so.

    Examples
    --------
    >>> pair = StorageCoalition.from_parameters(
    ...     net_load=[[1, 1], [1, 1]], batteries=[Battery("0.5", 1), None], import_price=[1, 3], export_price=[0, 0]
    ... )
    >>> pair.to_game().players, pair.shares(prices=[1, 3], own_prices=[[-1, -3], []])
    (('1', '2'), (Fraction(3, 1), Fraction(4, 1)))
    """

    fidelity: ClassVar[str] = "paper (abstract) + derived"
    theorems: ClassVar[tuple[str, ...]] = ("C-P7",)

    players: tuple[str, ...]
    net_load: tuple[tuple[Fraction, ...], ...]
    data: tuple[StorageData | None, ...]
    import_price: tuple[Fraction, ...]
    export_price: tuple[Fraction, ...]
    provenance: Mapping[str, Any] = field(compare=False)

    def __init__(self, community: Community) -> None:
        self._store(
            community.names,
            community.exact_net_load,
            [member.battery for member in community.prosumers],
            community.exact_retail_price,
            community.exact_feed_in,
            community.step_hours,
            Fraction(0),
            {"input_hash": community.input_hash},
        )

    @classmethod
    def from_parameters(
        cls,
        *,
        net_load: Sequence[Sequence[Number]],
        batteries: Sequence[Battery | None],
        import_price: Sequence[Number],
        export_price: Sequence[Number],
        step_hours: Number = 1,
        terminal: Number = 0,
        players: Sequence[str] = (),
    ) -> StorageCoalition:
        """Return the game of plain numbers: net loads (kWh, a row a member), a battery or None a member, prices.

        `terminal` is what every battery holds at least at the end (kWh).

        Raises
        ------
        InputError
            Lengths differ, or an import price is below the export price.
        Infeasible
            A battery cannot hold, or cannot reach, the terminal value.
        """
        rows = tuple(exact_series(row, what=f"net_load[{i}]") for i, row in enumerate(net_load))
        bought, sold = exact_series(import_price, what="import_price"), exact_series(export_price, what="export_price")
        names = tuple(players) or tuple(str(i + 1) for i in range(len(rows)))
        problems = []
        if not rows or len(batteries) != len(rows) or len(names) != len(rows):
            problems.append(f"{len(rows)} net loads, {len(batteries)} batteries, {len(names)} names; give one a member")
        if len(bought) != len(sold) or any(len(row) != len(bought) for row in rows):
            problems.append("net loads and prices differ in length; give one number a step to each")
        problems += [
            f"step {t}: the import price {b} is below the export price {s}; give import >= export"
            for t, (b, s) in enumerate(zip(bought, sold, strict=False))
            if b < s
        ]
        InputError.raise_all(problems)
        model = object.__new__(cls)
        model._store(names, rows, batteries, bought, sold, exact(step_hours), exact(terminal, what="terminal"), {})
        return model

    def _store(
        self,
        players: Sequence[str],
        net_load: Sequence[Sequence[Fraction]],
        batteries: Sequence[Battery | None],
        import_price: Sequence[Fraction],
        export_price: Sequence[Fraction],
        hours: Fraction,
        terminal: Fraction,
        provenance: Mapping[str, Any],
    ) -> None:
        steps = len(import_price)
        data = tuple(
            None if battery is None else _member_data(name, battery, steps, hours, terminal)
            for name, battery in zip(players, batteries, strict=True)
        )
        values = {
            "players": tuple(players),
            "net_load": tuple(map(tuple, net_load)),
            "data": data,
            "import_price": tuple(import_price),
            "export_price": tuple(export_price),
            "provenance": provenance,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def may_burn(self) -> bool:
        """Whether charging and discharging at once may pay: an export price is negative."""
        return any(price < 0 for price in self.export_price)

    def to_game(self) -> LinearGame:
        """Return the game as plain data."""
        costs, common = grid_data(self.import_price, self.export_price)
        members = tuple(
            LinearMember(need)
            if own is None
            else LinearMember(need, own.costs, own.coupling, own.rows, own.lower, own.upper)
            for need, own in zip(self.net_load, self.data, strict=True)
        )
        return LinearGame(self.players, costs, common, members)

    def shares(self, *, prices: Sequence[Number], own_prices: Sequence[Sequence[Number]]) -> tuple[Number, ...]:
        """Return every member's dual share at multipliers of the balance rows and of its own rows."""
        return tuple(
            sum((price * x for price, x in zip(prices, need, strict=True)), Fraction(0))
            if own is None
            else dual_share(own, need, prices, mine)
            for need, own, mine in zip(self.net_load, self.data, own_prices, strict=True)
        )


def _member_data(name: str, battery: Battery, steps: int, hours: Fraction, terminal: Fraction) -> StorageData:
    limit = battery.power * hours
    reach = min(battery.capacity, battery.initial + steps * battery.charge_efficiency * limit)
    if terminal > reach:
        raise Infeasible(
            f"the battery of {name!r} can hold at most {reach} kWh at the end, the terminal value is {terminal}; "
            "give a smaller one"
        )
    return storage_data(
        steps,
        battery.capacity,
        limit,
        limit,
        battery.charge_efficiency,
        battery.discharge_efficiency,
        battery.initial,
        terminal,
    )
