"""What a market or a rule hands out: prices, energy and bills, with a balance that is computed exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import Number, exact, exact_series
from gametheory.domain.suggestions import did_you_mean
from gametheory.errors import InputError

__all__ = ["Balance", "Settlement", "Trade", "round_to_sum"]


@dataclass(frozen=True, slots=True)
class Trade:
    """Energy that a seller hands to a buyer in one step.

    Parameters
    ----------
    step
        Counted from 0.
    seller, buyer
        Names of members.
    energy
        kWh, at least 0.
    price
        Money per kWh.
    """

    step: int
    seller: str
    buyer: str
    energy: Fraction
    price: Fraction

    def __post_init__(self) -> None:
        for name in ("energy", "price"):
            object.__setattr__(self, name, exact(getattr(self, name), what=f"trade {name}"))
        if self.energy < 0:
            raise InputError(f"trade energy is {self.energy} kWh, below 0; swap seller and buyer")


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left over: energy at each step (kWh) and money. Both are zero in a settlement that adds up.

    >>> Balance(energy=(Fraction(0),), money=Fraction(1, 100)).holds
    False
    """

    energy: tuple[Fraction, ...]
    money: Fraction

    @property
    def holds(self) -> bool:
        """Whether nothing at all is left over."""
        return self.money == 0 and not any(self.energy)


@dataclass(frozen=True, slots=True)
class Settlement:
    """Who takes what energy at which price and pays how much. All numbers are exact.

    Parameters
    ----------
    members
        Names, in the order of `energy` and `bills`.
    prices
        The price inside the community at each step, money/kWh; where buyers and sellers differ, what is taken costs.
    energy
        For each member and step the kWh taken (positive) or given (negative).
    bills
        What each member pays; negative for what it receives.
    trades
        Pairwise trades, where the rule makes them.
    grid_energy
        kWh taken from the grid at each step, negative where the community feeds in; zeros where it is islanded.
    outside_money
        What leaves the community: the bill of the grid and the profit of an operator.
    sell_prices
        What is given earns at each step, money/kWh; left out, the same as `prices`.
    priced
        Whether every bill is price times energy: what is taken at `prices` less what is given at `sell_prices`.

    Raises
    ------
    InputError
        With all the problems found.

    Examples
    --------
    >>> deal = Settlement(("a", "b"), prices=["0.2"], energy=[[1], [-1]], bills=["0.2", "-0.2"])
    >>> deal.balance.holds, deal.bill("a")
    (True, Fraction(1, 5))
    """

    members: tuple[str, ...]
    prices: tuple[Fraction, ...]
    energy: tuple[tuple[Fraction, ...], ...]
    bills: tuple[Fraction, ...]
    trades: tuple[Trade, ...] = ()
    grid_energy: tuple[Fraction, ...] = ()
    outside_money: Fraction = Fraction(0)
    sell_prices: tuple[Fraction, ...] = ()
    priced: bool = False

    def __init__(
        self,
        members: Iterable[str],
        *,
        prices: Iterable[Number],
        energy: Iterable[Iterable[Number]],
        bills: Iterable[Number],
        trades: Iterable[Trade] = (),
        grid_energy: Iterable[Number] = (),
        outside_money: Number = 0,
        sell_prices: Iterable[Number] = (),
        priced: bool = False,
    ) -> None:
        names = tuple(members)
        price = exact_series(prices, what="prices")
        taken = tuple(exact_series(row, what=f"energy of {name!r}") for name, row in zip(names, energy, strict=True))
        paid = exact_series(bills, what="bills")
        grid = exact_series(grid_energy, what="grid_energy") or (Fraction(0),) * len(price)
        sell = exact_series(sell_prices, what="sell_prices") or price
        problems = [
            f"energy of {name!r} has {len(row)} steps, there are {len(price)} prices; give one value a step (kWh)"
            for name, row in zip(names, taken, strict=True)
            if len(row) != len(price)
        ]
        if len(paid) != len(names):
            problems.append(f"there are {len(paid)} bills for {len(names)} members; give one bill for each")
        if len(grid) != len(price):
            problems.append(f"grid_energy has {len(grid)} steps, there are {len(price)} prices; give one value a step")
        if len(sell) != len(price):
            problems.append(f"sell_prices has {len(sell)} steps, there are {len(price)} prices; give one price a step")
        if len(set(names)) != len(names):
            problems.append(f"member names {names} repeat; give each member its own name")
        deals = tuple(trades)
        for deal in deals:
            problems.extend(
                f"a trade names {name!r}, who is not a member{did_you_mean(name, names)}"
                for name in (deal.seller, deal.buyer)
                if name not in names
            )
            if not 0 <= deal.step < len(price):
                problems.append(f"a trade is at step {deal.step}; give a step from 0 to {len(price) - 1}")
        InputError.raise_all(problems)
        values = {
            "members": names,
            "prices": price,
            "energy": taken,
            "bills": paid,
            "trades": deals,
            "grid_energy": grid,
            "outside_money": exact(outside_money, what="outside_money"),
            "sell_prices": sell,
            "priced": bool(priced),
        }
        for field, value in values.items():
            object.__setattr__(self, field, value)

    @property
    def balance(self) -> Balance:
        """Energy taken minus energy from the grid, and bills minus money that leaves: exactly zero, or what is left."""
        return Balance(
            energy=tuple(
                sum((row[step] for row in self.energy), Fraction(0)) - self.grid_energy[step]
                for step in range(len(self.prices))
            ),
            money=sum(self.bills, Fraction(0)) - self.outside_money,
        )

    @property
    def priced_bills(self) -> tuple[Fraction, ...]:
        """For each member, what is taken at `prices` less what is given at `sell_prices`."""
        return tuple(
            sum(
                (
                    kwh * (buy if kwh > 0 else sell)
                    for kwh, buy, sell in zip(row, self.prices, self.sell_prices, strict=True)
                ),
                Fraction(0),
            )
            for row in self.energy
        )

    @property
    def trade_balance(self) -> tuple[Fraction, ...]:
        """For each member, the energy it takes from others by the trades minus what it gives, kWh."""
        net = dict.fromkeys(self.members, Fraction(0))
        for deal in self.trades:
            net[deal.buyer] += deal.energy
            net[deal.seller] -= deal.energy
        return tuple(net.values())

    def bill(self, name: str) -> Fraction:
        """Return what a member pays."""
        if name not in self.members:
            raise InputError(f"member {name!r} is unknown{did_you_mean(name, self.members)}")
        return self.bills[self.members.index(name)]

    def rounded(self, places: int = 2) -> Settlement:
        """Return the settlement with bills in whole cents that still add up, by largest remainder.

        What leaves the community is rounded to the nearest cent (halves upward), the bills to that sum; each bill
        moves by less than a cent, plus its share of the rounding of the sum.
        """
        unit = Fraction(1, 10**places)
        cents = int((self.outside_money / unit + Fraction(1, 2)) // 1)
        return Settlement(
            self.members,
            prices=self.prices,
            energy=self.energy,
            bills=round_to_sum(self.bills, total=cents * unit, unit=unit),
            trades=self.trades,
            grid_energy=self.grid_energy,
            outside_money=cents * unit,
            sell_prices=self.sell_prices,
        )


def round_to_sum(amounts: Sequence[Number], *, total: Number, unit: Number = Fraction(1, 100)) -> tuple[Fraction, ...]:
    """Round amounts to whole units that add up to `total` (a whole number of units), by largest remainder.

    Each amount is rounded down; the units that are missing go to the largest remainders, ties to the first. Where the
    amounts do not add up to `total`, every one takes the same number of whole units more or less first.

    Examples
    --------
    >>> [float(x) for x in round_to_sum(["0.333", "0.333", "0.334"], total=1)]
    [0.33, 0.33, 0.34]
    """
    grain = exact(unit, what="unit")
    if grain <= 0:
        raise InputError(f"unit is {unit}, not above 0; give a unit such as 0.01")
    whole = exact(total, what="total") / grain
    if whole.denominator != 1:
        raise InputError(f"total {total} is not a whole number of units of {unit}; round it first")
    shares = [amount / grain for amount in exact_series(amounts, what="amounts")]
    if not shares:
        if whole:
            raise InputError(f"there is no amount to make up the total {total}; give at least one")
        return ()
    floors = [share // 1 for share in shares]
    missing = int(whole) - sum(floors)
    each, extra = divmod(missing, len(shares))
    order = sorted(range(len(shares)), key=lambda k: (floors[k] - shares[k], k))
    for k in order[:extra]:
        floors[k] += 1
    return tuple((floor + each) * grain for floor in floors)
