"""A community: members, a tariff and the hours they are looked at, validated once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from os import PathLike
from types import MappingProxyType
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, Number
from gametheory.domain.checks import name_problem
from gametheory.domain.horizon import Horizon
from gametheory.domain.network import Network
from gametheory.domain.prosumer import Prosumer
from gametheory.domain.series import Series
from gametheory.domain.suggestions import did_you_mean
from gametheory.domain.tariff import Price, Tariff
from gametheory.errors import InputError

__all__ = ["Community"]

ExactSeries = tuple[Fraction, ...]


class Community:
    """Members with their measured load and PV, and the tariff of the grid. Immutable.

    Parameters
    ----------
    prosumers
        At least one, with unique names and one value a step.
    tariff
        Retail and feed-in price, ``feed_in <= retail`` at every step. Negative prices are allowed.
    step_hours
        Length of a step in hours.
    currency
        A label of the money.
    assumptions
        What is assumed and not measured, a sentence for each name.
    network
        Buses and lines, or None.
    time
        A label for each step, or None.
    start_hour
        Time of the day of the first step, for time-of-use prices where `time` holds no clock.
    source
        Where the data came from.
    study_options
        Options of the study that stood in the same file.

    Raises
    ------
    InputError
        With all the problems found, each with value, reason and repair.

    Notes
    -----
    Energy is in kWh a step and ``net_load = load - pv``: import is positive. The exact numbers
    (`exact_load` and so on) are made when they are first asked for; the float64 copies are the nearest floats, and
    `net_load` is the difference of two of them.

    Examples
    --------
    >>> from gametheory.domain import Prosumer, Tariff
    >>> pair = Community(
    ...     prosumers=[Prosumer("a", load=[1, 2]), Prosumer("b", load=[1, 1], pv=[3, "0.5"])],
    ...     tariff=Tariff.flat("0.3", feed_in="0.1"),
    ... )
    >>> pair.net_load.tolist(), pair.exact_retail_price[0]
    ([[1.0, 2.0], [-2.0, 0.5]], Fraction(3, 10))
    """

    prosumers: tuple[Prosumer, ...]
    tariff: Tariff
    horizon: Horizon
    currency: str
    assumptions: Mapping[str, str]
    network: Network | None
    source: str
    study_options: Mapping[str, Any]
    names: tuple[str, ...]

    def __init__(
        self,
        *,
        prosumers: Iterable[Prosumer],
        tariff: Tariff,
        step_hours: Number = 1,
        currency: str = "",
        assumptions: Mapping[str, str] | None = None,
        network: Network | None = None,
        time: Sequence[str] | None = None,
        start_hour: Number = 0,
        source: str = "",
        study_options: Mapping[str, Any] | None = None,
    ) -> None:
        members = tuple(prosumers)
        problems = _kind_problems(members, tariff, currency, network)
        InputError.raise_all(problems)
        steps, why = _steps(members, tariff, time)
        try:
            labels = None if time is None else tuple(str(label) for label in time)
            horizon = Horizon(steps, step_hours=step_hours, start_hour=start_hour, time=labels)
        except InputError as error:
            problems.extend(error.problems)
            horizon = Horizon(max(steps, 1))
        problems.extend(_member_problems(members, steps, why))
        retail, feed_in = tariff.retail.on(horizon), tariff.feed_in.on(horizon)
        problems.extend(_price_problems(retail, feed_in, steps, why))
        if network is not None:
            problems.extend(_network_problems([m.name for m in members], network))
        InputError.raise_all(problems)
        self._store(
            prosumers=members,
            tariff=tariff,
            horizon=horizon,
            currency=currency,
            assumptions=MappingProxyType(dict(assumptions or {})),
            network=network,
            source=source,
            study_options=MappingProxyType(dict(study_options or {})),
            names=tuple(m.name for m in members),
            _retail=retail,
            _feed_in=feed_in,
        )

    def _store(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a Community is immutable, {name!r} cannot be set; build another one")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Community is immutable, {name!r} cannot be deleted")

    # ----------------------------------------------------------------------------------------------- from a file

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Community:
        """Read a community from a TOML file; see :func:`gametheory.io.community.read_community`."""
        from gametheory.io.community import read_community

        return read_community(path)

    @classmethod
    def sample(cls) -> Community:
        """Return the embedded sample: eight measured homes in Fontana, California, for 48 hours.

        Load, PV and the time-of-use price are measured (CityLearn Challenge 2022 data, MIT licence); the feed-in price
        of 0.08 USD/kWh is assumed.
        """
        from gametheory.io.community import read_sample

        return read_sample()

    # ---------------------------------------------------------------------------------------------------- shapes

    def __len__(self) -> int:
        return len(self.prosumers)

    @property
    def steps(self) -> int:
        """The number of steps."""
        return self.horizon.steps

    @property
    def step_hours(self) -> Fraction:
        """The length of a step in hours."""
        return self.horizon.step_hours

    @property
    def time(self) -> tuple[str, ...] | None:
        """A label for each step, or None."""
        return self.horizon.time

    # ---------------------------------------------------------------------------------------------- float copies

    @cached_property
    def load(self) -> FloatArray:
        """Energy used, kWh a step, shape (members, steps), read-only."""
        return _read_only(np.stack([m.load.values for m in self.prosumers]))

    @cached_property
    def pv(self) -> FloatArray:
        """Energy made, kWh a step, shape (members, steps), read-only."""
        return _read_only(np.stack([m.pv.values for m in self.prosumers]))

    @cached_property
    def net_load(self) -> FloatArray:
        """``load - pv``, kWh a step, shape (members, steps), read-only; import is positive."""
        return _read_only(self.load - self.pv)

    @property
    def retail_price(self) -> FloatArray:
        """What the grid takes, money/kWh, shape (steps,), read-only."""
        return self._prices("_retail").values

    @property
    def feed_in(self) -> FloatArray:
        """What the grid pays, money/kWh, shape (steps,), read-only."""
        return self._prices("_feed_in").values

    def _prices(self, name: str) -> Series:
        series: Series = self.__dict__[name]
        return series

    # --------------------------------------------------------------------------------------------- exact numbers

    @cached_property
    def exact_load(self) -> tuple[ExactSeries, ...]:
        """The exact load: a tuple of rationals for each member."""
        return tuple(m.load.exact for m in self.prosumers)

    @cached_property
    def exact_pv(self) -> tuple[ExactSeries, ...]:
        """The exact PV yield: a tuple of rationals for each member."""
        return tuple(m.pv.exact for m in self.prosumers)

    @cached_property
    def exact_net_load(self) -> tuple[ExactSeries, ...]:
        """The exact ``load - pv``: a tuple of rationals for each member."""
        return tuple(
            tuple(used - made for used, made in zip(load, pv, strict=True))
            for load, pv in zip(self.exact_load, self.exact_pv, strict=True)
        )

    @property
    def exact_retail_price(self) -> ExactSeries:
        """The exact retail price at each step."""
        return self._prices("_retail").exact

    @property
    def exact_feed_in(self) -> ExactSeries:
        """The exact feed-in price at each step."""
        return self._prices("_feed_in").exact

    @cached_property
    def input_hash(self) -> str:
        """SHA-256 of the exact numbers: names, series, prices, assets, grid, step length and currency.

        Equal data give equal hashes however they were written (long or wide, CSV or Parquet, ``0.5`` or ``5e-1``).
        Labels of time, assumptions and the source are not part of it.
        """
        digest = hashlib.sha256()

        def add(*parts: object) -> None:
            digest.update(("\x1f".join(map(str, parts)) + "\x1e").encode())

        add("community", len(self), self.steps, self.step_hours, self.currency)
        for member in self.prosumers:
            add("member", member.name, *(f"{name}={asset}" for name, asset in sorted(member.assets.items())))
            add("load", *member.load.canonical())
            add("pv", *member.pv.canonical())
        add("retail_price", *self._prices("_retail").canonical())
        add("feed_in", *self._prices("_feed_in").canonical())
        if self.network is not None:
            add("network", self.network.buses, self.network.lines, sorted(self.network.bus_of.items()))
        return digest.hexdigest()

    # -------------------------------------------------------------------------------------------- smaller ones

    def __getitem__(self, name: str) -> Prosumer:
        for member in self.prosumers:
            if member.name == name:
                return member
        raise InputError(f"member {name!r} is unknown{did_you_mean(name, self.names)}")

    def subset(self, names: Iterable[str]) -> Community:
        """Return the community of some members, in the order given.

        Raises
        ------
        InputError
            A name is unknown.
        """
        chosen = [names] if isinstance(names, str) else list(names)
        problems = [
            f"member {name!r} is unknown{did_you_mean(name, self.names)}" for name in chosen if name not in self.names
        ]
        InputError.raise_all(problems)
        by_name = dict(zip(self.names, self.prosumers, strict=True))
        network = None if self.network is None else self.network.subset(chosen)
        return self._with(prosumers=[by_name[name] for name in chosen], network=network)

    def select(self, steps: slice) -> Community:
        """Return the community on some steps only; prices become series.

        Raises
        ------
        InputError
            No step is left.
        """
        if not isinstance(steps, slice):
            raise InputError(f"select() was given {steps!r}; give a slice of steps, such as slice(0, 24)")
        inside = range(*steps.indices(self.steps))
        if inside.step not in (None, 1):
            raise InputError(
                f"select() was given steps {inside.step} apart; give consecutive steps, such as slice(0, 24)"
            )
        if not inside:
            raise InputError(f"no step of {self.steps} is left by {steps}; give a slice such as slice(0, 24)")
        start_hour = (self.horizon.start_hour + inside.start * self.step_hours) % 24
        return self._with(
            prosumers=[member.select(steps) for member in self.prosumers],
            tariff=Tariff(
                Price(series=self._prices("_retail").select(steps)),
                Price(series=self._prices("_feed_in").select(steps)),
            ),
            time=None if self.time is None else self.time[steps],
            start_hour=start_hour,
        )

    def _with(self, **changes: Any) -> Community:
        return Community(**{**self._arguments(), **changes})

    def _arguments(self) -> dict[str, Any]:
        return {
            "prosumers": self.prosumers,
            "tariff": self.tariff,
            "step_hours": self.step_hours,
            "currency": self.currency,
            "assumptions": dict(self.assumptions),
            "network": self.network,
            "time": self.time,
            "start_hour": self.horizon.start_hour,
            "source": self.source,
            "study_options": dict(self.study_options),
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self._arguments(),)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Community):
            return NotImplemented
        return self.names == other.names and self.steps == other.steps and self.input_hash == other.input_hash

    def __hash__(self) -> int:
        return hash((self.names, self.steps))

    def __repr__(self) -> str:
        made = sum(1 for member in self.prosumers if member.pv.values.any())
        money = f", {self.currency}" if self.currency else ""
        return f"<Community: {len(self)} members ({made} with PV), {self.steps} steps of {self.step_hours} h{money}>"


def _rebuild(arguments: dict[str, Any]) -> Community:
    return Community(**arguments)


def _read_only(array: FloatArray) -> FloatArray:
    array.setflags(write=False)
    return array


# ----------------------------------------------------------------------------------------------------- validation


def _kind_problems(members: tuple[Any, ...], tariff: Any, currency: Any, network: Any) -> list[str]:
    problems = []
    if not members:
        problems.append("a community has no members; give at least one Prosumer")
    problems.extend(
        f"member {k} is {member!r}, not a Prosumer; give Prosumer(name, load=..., pv=...)"
        for k, member in enumerate(members)
        if not isinstance(member, Prosumer)
    )
    if not isinstance(tariff, Tariff):
        problems.append(f"tariff is {tariff!r}, not a Tariff; give Tariff.flat, Tariff.time_of_use or Tariff.series")
    if not isinstance(currency, str):
        problems.append(f"currency is {currency!r}, not text; give a label such as 'EUR'")
    if network is not None and not isinstance(network, Network):
        problems.append(f"network is {network!r}, not a Network; give one or None")
    return problems


def _steps(members: tuple[Prosumer, ...], tariff: Tariff, time: Sequence[str] | None) -> tuple[int, str]:
    """The number of steps all series must have, and which input says so."""
    if tariff.retail.series is not None:
        return len(tariff.retail.series), "the tariff"
    if time is not None:
        return len(time), "the time axis"
    if tariff.feed_in.series is not None:
        return len(tariff.feed_in.series), "the feed-in tariff"
    return len(members[0].load), f"prosumer {members[0].name!r}"


def _member_problems(members: tuple[Prosumer, ...], steps: int, why: str) -> list[str]:
    problems = []
    seen: set[str] = set()
    for member in members:
        if (problem := name_problem("prosumer", member.name)) is not None:
            problems.append(problem)
        elif member.name in seen:
            problems.append(f"prosumer {member.name!r} is named twice; give each member a name of its own")
        seen.add(member.name)
        for what, series in (("load", member.load), ("pv", member.pv)):
            label = f"prosumer {member.name!r}: {what}"
            if len(series) != steps:
                problems.append(f"{label} has {len(series)} steps, {why} has {steps}; give one value a step (kWh)")
            if series.problems:
                problems.append(_number_problem(label, series, "give a number of kWh"))
            elif (negative := np.flatnonzero(series.values < 0)).size:
                problems.append(
                    f"{label} is {series.values[negative[0]]:g} kWh at {series.place(int(negative[0]))}"
                    f"{_more(negative)}, below 0; "
                    f"{'give what the PV yields as a positive number' if what == 'pv' else 'give the use before PV'}"
                )
    return problems


def _price_problems(retail: Series, feed_in: Series, steps: int, why: str) -> list[str]:
    problems = []
    for what, series in (("retail price", retail), ("feed_in price", feed_in)):
        if len(series) != steps:
            problems.append(f"{what} has {len(series)} steps, {why} has {steps}; give one price a step (money/kWh)")
        if series.problems:
            problems.append(_number_problem(what, series, "give a price in money/kWh"))
    if problems:
        return problems
    # Rounding keeps order: floats decide, except where two of them are equal.
    above = [
        int(k)
        for k in np.flatnonzero(feed_in.values >= retail.values)
        if feed_in.values[k] > retail.values[k] or feed_in.at(int(k)) > retail.at(int(k))
    ]
    if above:
        k = above[0]
        problems.append(
            f"feed_in is {feed_in.values[k]:g} at {feed_in.place(k)}{_more(above)}, above the retail price of "
            f"{retail.values[k]:g}; give feed_in <= retail at every step, or there is money to be made in a circle"
        )
    return problems


def _number_problem(label: str, series: Series, repair: str) -> str:
    step, value, reason = series.problems[0]
    return f"{label}: {value} {reason} at {series.place(step)}{_more(series.problems)}; {repair}"


def _more(found: Sequence[Any] | Any) -> str:
    return "" if len(found) == 1 else f" (and at {len(found) - 1} more)"


def _network_problems(names: list[str], network: Network) -> list[str]:
    problems = [
        f"member {name!r} has no bus in the network; give bus_of[{name!r}]"
        for name in names
        if name not in network.bus_of
    ]
    problems.extend(
        f"the network places {name!r}, who is not a member{did_you_mean(name, names)}"
        for name in network.bus_of
        if name not in names
    )
    return problems
