"""The hours a community is looked at: how many steps, how long, and what time of the day they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import Number
from gametheory.domain.checks import parameter
from gametheory.errors import InputError

__all__ = ["Horizon"]

_CLOCK = re.compile(r"[T ](\d\d):(\d\d)(?::(\d\d))?")


@dataclass(frozen=True, slots=True)
class Horizon:
    """`steps` steps of `step_hours` hours each, from `start_hour` o'clock on.

    Parameters
    ----------
    steps
        At least 1.
    step_hours
        Hours, above 0.
    start_hour
        Time of the day at which the first step begins, in [0, 24).
    time
        A label for each step (ISO time stamps or positions), or None. Where the labels are time stamps, their clock is
        the time of the day, daylight saving included.

    Raises
    ------
    InputError
        With all the problems found.

    Examples
    --------
    >>> Horizon(4, step_hours="0.5", start_hour=23).hours_of_day()
    (Fraction(23, 1), Fraction(47, 2), Fraction(0, 1), Fraction(1, 2))
    """

    steps: int
    step_hours: Fraction = Fraction(1)
    start_hour: Fraction = Fraction(0)
    time: tuple[str, ...] | None = None

    def __init__(
        self, steps: int, *, step_hours: Number = 1, start_hour: Number = 0, time: tuple[str, ...] | None = None
    ) -> None:
        problems: list[str] = []
        hours = parameter(
            problems,
            "step_hours",
            step_hours,
            above=0,
            unit="h",
            advice="give the length of a step in hours, such as 1",
        )
        start = parameter(
            problems, "start_hour", start_hour, low=0, unit="h", advice="give an hour of the day from 0 up to 24"
        )
        if start >= 24:
            problems.append(f"start_hour is {start_hour} h, not before 24; give an hour of the day from 0 up to 24")
        if not isinstance(steps, int) or isinstance(steps, bool) or steps < 1:
            problems.append(f"a community has {steps!r} steps; give at least one step")
        if time is not None and len(time) != steps:
            problems.append(f"time has {len(time)} labels, the community has {steps} steps; give one label a step")
        InputError.raise_all(problems)
        labels = None if time is None else tuple(str(label) for label in time)
        for name, value in {"steps": steps, "step_hours": hours, "start_hour": start, "time": labels}.items():
            object.__setattr__(self, name, value)

    def hours_of_day(self) -> tuple[Fraction, ...]:
        """Return the time of the day at which each step begins, in hours."""
        if self.time is not None and _CLOCK.search(self.time[0]):
            clocks = [_CLOCK.search(label) for label in self.time]
            return tuple(
                Fraction(int(m[1])) + Fraction(int(m[2]), 60) + Fraction(int(m[3] or 0), 3600) for m in clocks if m
            )
        return tuple((self.start_hour + k * self.step_hours) % 24 for k in range(self.steps))
