"""F.4 A network operator against aggregators and microgrid owners, behind lines with limits.

Source: S. Haghifam, M. Dadashi, K. Zare et al., "Optimal operation of smart distribution networks in the presence of
demand response aggregators and microgrid owners: a multi follower bi-level approach", Sustainable Cities and Society
55, 2020, 102033; fidelity: derived (the package's own linear payoffs in the structure of the paper; the mixed-integer
programme with big constants is replaced by ``stackelberg_equilibrium`` of a ``StackelbergGame``).

In step ``t`` the operator posts at each bus ``b`` a price ``pi_bt`` for what aggregators take and a price ``rho_bt <=
pi_bt`` for what microgrid owners make. It buys ``z_t`` upstream at the wholesale price ``w_t`` (and sells what is left
at ``f_t <= w_t``). Lines carry ``(theta_b - theta_b')/X`` within their capacity; at every bus what comes in is what is
taken. Aggregator ``a`` takes ``x_at`` in ``[0, most]``, worth ``v_at`` a kWh, in all steps together between two totals;
owner ``m`` makes ``g_mt`` in ``[0, most]`` at the unit cost ``c_mt`` and has a load of its own that it pays ``pi`` for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact, exact_series, total
from gametheory.domain.network import Network
from gametheory.errors import InputError
from gametheory.games.stackelberg import StackelbergGame

__all__ = ["DistributionOperator", "FlexibleBuyer", "MicrogridOwner", "operator_income"]


def operator_income(
    prices: Sequence[Number],
    taken: Sequence[Number],
    pays: Sequence[Number],
    made: Sequence[Number],
    upstream: Number,
) -> Number:
    """Return ``sum pi x - sum rho g - upstream`` (money): sales less purchases and the upstream bill."""
    sales = total([p * x for p, x in zip(prices, taken, strict=True)])
    return sales - total([r * g for r, g in zip(pays, made, strict=True)]) - upstream


@dataclass(frozen=True, slots=True)
class FlexibleBuyer:
    """An aggregator of demand response: what a kWh is worth to it, and how much it may take.

    Parameters
    ----------
    name, bus
        Who, and where.
    worth, most
        ``v_t`` (money/kWh) and the largest amount (kWh) of each step.
    least_total, most_total
        Bounds on the energy of all steps together (kWh); None for none.
    """

    name: str
    bus: str
    worth: tuple[Fraction, ...]
    most: tuple[Fraction, ...]
    least_total: Fraction | None = None
    most_total: Fraction | None = None

    def __post_init__(self) -> None:
        _read_series(self, ("worth", "most"))
        for name in ("least_total", "most_total"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, exact(getattr(self, name), what=f"{self.name}: {name}"))
        problems = [
            f"{self.name}: most[{t}] = {v} is negative; give >= 0 kWh" for t, v in enumerate(self.most) if v < 0
        ]
        if self.least_total is not None and self.least_total > sum(self.most, Fraction(0)):
            problems.append(f"{self.name}: least_total {self.least_total} is more than it may take in all steps")
        InputError.raise_all(problems)


@dataclass(frozen=True, slots=True)
class MicrogridOwner:
    """An owner of generation with a load of its own.

    Parameters
    ----------
    name, bus
        Who, and where.
    cost, most
        ``c_t`` (money/kWh) and the largest amount made (kWh) in each step.
    load
        What it takes in each step at the posted price (kWh); left out, nothing.
    """

    name: str
    bus: str
    cost: tuple[Fraction, ...]
    most: tuple[Fraction, ...]
    load: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "load", tuple(self.load) or (0,) * len(tuple(self.cost)))
        _read_series(self, ("cost", "most", "load"))
        InputError.raise_all(
            [
                f"{self.name}: {name}[{t}] = {v} is negative; give >= 0 kWh"
                for name in ("most", "load")
                for t, v in enumerate(getattr(self, name))
                if v < 0
            ]
        )


def _read_series(member: Any, names: Sequence[str]) -> None:
    for name in names:
        object.__setattr__(member, name, exact_series(getattr(member, name), what=f"{member.name}: {name}"))
    sizes = {name: len(getattr(member, name)) for name in names}
    if len(set(sizes.values())) != 1:
        raise InputError(f"{member.name}: {sizes} steps; give one number a step each")


@dataclass(frozen=True, slots=True)
class DistributionOperator:
    """A leader that prices a network whose lines its customers' answers must not overload.

    Source: Haghifam, Dadashi, Zare et al. 2020; fidelity: derived (linear payoffs of the package's own, in the
    structure of the paper). Theorems: F-P6 (one buyer, one step, no line).

    Parameters
    ----------
    network
        Buses, lines and the slack bus, where the upstream grid is. ``bus_of`` is not used.
    buyers, owners
        The followers.
    wholesale
        ``w_t`` (money/kWh) of each step.
    price_cap
        The highest price that may be posted (money/kWh).
    export_price
        ``f_t``; left out, nothing can be sold upstream.
    import_limit
        Most energy bought upstream in a step (kWh), None for no limit.
    step_hours
        Length of a step: a line carries ``capacity`` kW times this.
    name
        Of the operator.

    Raises
    ------
    InputError
        No follower, an unknown bus, numbers of steps that differ, an export price above the wholesale price.

    Examples
    --------
    A line of 4 kW to a buyer of up to 10 kWh, worth 6 each; energy costs 1 upstream:

    >>> from gametheory.domain.network import Line
    >>> network = Network(["grid", "village"], [Line("grid", "village", capacity=4)], {}, slack="grid")
    >>> buyer = FlexibleBuyer("aggregator", "village", worth=(6,), most=(10,))
    >>> game = DistributionOperator(network, (buyer,), (), wholesale=(1,), price_cap=8).to_game()
    >>> game.players, game.variables[0]
    (('operator', 'aggregator'), ('price at village, 0', 'bought, 0', 'angle at village, 0'))
    """

    theorems: ClassVar[tuple[str, ...]] = ("F-P6",)
    fidelity: ClassVar[str] = "derived"

    network: Network
    buyers: tuple[FlexibleBuyer, ...]
    owners: tuple[MicrogridOwner, ...]
    wholesale: tuple[Fraction, ...]
    price_cap: Fraction
    export_price: tuple[Fraction, ...] = ()
    import_limit: Fraction | None = None
    step_hours: Fraction = Fraction(1)
    name: str = "operator"

    def __post_init__(self) -> None:
        for name in ("buyers", "owners"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for name in ("wholesale", "export_price"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        for name in ("price_cap", "step_hours"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        if self.import_limit is not None:
            object.__setattr__(self, "import_limit", exact(self.import_limit, what="import_limit"))
        steps = len(self.wholesale)
        problems = []
        if not (self.buyers or self.owners):
            problems.append("nobody follows: give a buyer or an owner")
        if not steps:
            problems.append("wholesale is empty; give one price a step")
        followers: list[Any] = [*self.buyers, *self.owners]
        names = [self.name, *(m.name for m in followers)]
        if len(set(names)) != len(names):
            problems.append(f"names {names} repeat; give each player its own name")
        for member in followers:
            if member.bus not in self.network.buses:
                known = ", ".join(self.network.buses)
                problems.append(f"{member.name} is at bus {member.bus!r}, which is unknown; the buses are {known}")
            if len(member.most) != steps:
                problems.append(f"{member.name} has {len(member.most)} steps, the wholesale price has {steps}")
        if self.export_price and len(self.export_price) != steps:
            problems.append(f"export_price has {len(self.export_price)} steps, the wholesale price has {steps}")
        problems += [
            f"export_price[{t}] = {f} is above the wholesale price {w}: buying to sell back would earn without limit"
            for t, (f, w) in enumerate(zip(self.export_price, self.wholesale, strict=False))
            if f > w
        ]
        if self.price_cap < 0 or self.step_hours <= 0:
            problems.append(f"price_cap {self.price_cap} must be >= 0, step_hours {self.step_hours} > 0")
        InputError.raise_all(problems)

    @property
    def steps(self) -> range:
        """The numbers of the steps."""
        return range(len(self.wholesale))

    def to_game(self) -> StackelbergGame:
        """Return the game: payoffs. The operator's rows are line limits and balances, which speak of the replies."""
        bounds: dict[str, Any] = {}
        lead: dict[Any, Any] = {}
        rows: list[Any] = []
        for t in self.steps:
            self._prices(t, bounds, lead, rows)
            bounds[f"bought, {t}"] = (0, self.import_limit)
            lead[f"bought, {t}"] = -self.wholesale[t]
            if self.export_price:
                bounds[f"sold, {t}"] = (0, None)
                lead[f"sold, {t}"] = self.export_price[t]
            self._lines(t, bounds, rows)
        followers = [self._buyer(buyer) for buyer in self.buyers] + [self._owner(owner) for owner in self.owners]
        totals = {buyer.name: found for buyer in self.buyers if (found := self._totals(buyer))}
        return StackelbergGame.from_terms(
            (self.name, bounds, lead), followers, constraints={self.name: rows, **totals}, sense="payoff"
        )

    def _prices(self, t: int, bounds: dict[str, Any], lead: dict[Any, Any], rows: list[Any]) -> None:
        """Add the prices of a step, what they earn, and that no bus pays more than it asks."""
        takers: list[Any] = [*self.buyers, *(o for o in self.owners if o.load[t])]
        for member in takers:
            bounds.setdefault(f"price at {member.bus}, {t}", (0, self.price_cap))
        for buyer in self.buyers:
            lead[f"price at {buyer.bus}, {t}", f"{buyer.name}, {t}"] = 1
        for owner in self.owners:
            pay, price = f"pay at {owner.bus}, {t}", f"price at {owner.bus}, {t}"
            if pay not in bounds:
                bounds[pay] = (0, self.price_cap)
                if price in bounds:
                    rows.append(({pay: 1, price: -1}, "<=", 0))
            lead[pay, f"{owner.name}, {t}"] = -1
            if owner.load[t]:
                lead[price] = lead.get(price, Fraction(0)) + owner.load[t]

    def _lines(self, t: int, bounds: dict[str, Any], rows: list[Any]) -> None:
        """Add angles, line limits and the balance of each bus; the slack bus has the angle 0."""
        for bus in self.network.buses:
            if bus != self.network.slack:
                bounds[f"angle at {bus}, {t}"] = (None, None)
        balance: dict[str, dict[str, Fraction]] = {bus: {} for bus in self.network.buses}
        for line in self.network.lines:
            flow = {
                f"angle at {bus}, {t}": sign / line.reactance
                for bus, sign in ((line.start, Fraction(1)), (line.end, Fraction(-1)))
                if bus != self.network.slack
            }
            if line.capacity is not None:
                most = line.capacity * self.step_hours
                rows += [(flow, "<=", most), (flow, ">=", -most)]
            for bus, sign in ((line.start, -1), (line.end, 1)):
                for name, a in flow.items():
                    balance[bus][name] = balance[bus].get(name, Fraction(0)) + sign * a
        taken = dict.fromkeys(self.network.buses, Fraction(0))
        for buyer in self.buyers:
            balance[buyer.bus][f"{buyer.name}, {t}"] = Fraction(-1)
        for owner in self.owners:
            balance[owner.bus][f"{owner.name}, {t}"] = Fraction(1)
            taken[owner.bus] += owner.load[t]
        balance[self.network.slack][f"bought, {t}"] = Fraction(1)
        if self.export_price:
            balance[self.network.slack][f"sold, {t}"] = Fraction(-1)
        rows += [(terms, "==", taken[bus]) for bus, terms in balance.items()]

    def _buyer(self, buyer: FlexibleBuyer) -> tuple[str, Any, Any]:
        bounds = {f"{buyer.name}, {t}": (0, buyer.most[t]) for t in self.steps}
        payoff: dict[Any, Any] = {}
        for t in self.steps:
            payoff[f"{buyer.name}, {t}"] = buyer.worth[t]
            payoff[f"price at {buyer.bus}, {t}", f"{buyer.name}, {t}"] = -1
        return buyer.name, bounds, payoff

    def _totals(self, buyer: FlexibleBuyer) -> list[Any]:
        every = {f"{buyer.name}, {t}": 1 for t in self.steps}
        sides = (("<=", buyer.most_total), (">=", buyer.least_total))
        return [(every, sign, bound) for sign, bound in sides if bound is not None]

    def _owner(self, owner: MicrogridOwner) -> tuple[str, Any, Any]:
        bounds = {f"{owner.name}, {t}": (0, owner.most[t]) for t in self.steps}
        payoff: dict[Any, Any] = {}
        for t in self.steps:
            payoff[f"{owner.name}, {t}"] = -owner.cost[t]
            payoff[f"pay at {owner.bus}, {t}", f"{owner.name}, {t}"] = 1
            if owner.load[t]:
                payoff[f"price at {owner.bus}, {t}"] = -owner.load[t]
        return owner.name, bounds, payoff

    def flows(self, decision: Mapping[str, Number]) -> dict[str, tuple[Number, ...]]:
        """Return what each line carries in each step (kWh, from its start to its end), from the operator's decision.

        `decision` is ``.leader`` of the solution.
        """

        def angle(bus: str, t: int) -> Number:
            return Fraction(0) if bus == self.network.slack else decision[f"angle at {bus}, {t}"]

        return {
            f"{line.start}-{line.end}": tuple(
                (angle(line.start, t) - angle(line.end, t)) / line.reactance for t in self.steps
            )
            for line in self.network.lines
        }
