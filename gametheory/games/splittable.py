"""Splittable congestion games in arrays: many players spread amounts over slots whose prices rise with the total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.errors import Infeasible, InputError

__all__ = ["SplittableGame", "read_split"]

#: Numbers beyond this would overflow when they are multiplied.
_LARGEST = 1e120


@dataclass(frozen=True, slots=True, eq=False)
class SplittableGame:
    """Player ``i`` splits ``E_i`` over its slots, at most ``u_i`` in each; slot ``t`` costs ``alpha_t s_t + beta_t``.

    The cost of a player is ``sum_t (alpha_t s_t + beta_t) x_it`` with ``s = sum_i x_i``: an atomic splittable
    congestion game on parallel links with affine prices. The form is made of float arrays (floats are the dyadic
    rationals they are), so memory is linear in players x slots. The profile is a mapping with the entry ``split``, an
    array players x slots; each row sums to ``E_i`` up to rounding.

    Attributes
    ----------
    amounts, limits
        ``E_i >= 0`` and ``u_i >= 0``, one a player.
    slope, base
        ``alpha_t > 0`` and ``beta_t``, one a slot.
    windows
        ``(first, last)`` slot of each player, from 0, both included (players x 2); left out, all slots.
    background
        An amount ``d_t`` a slot that nobody chooses, *instead of* `base`: it acts on prices as ``beta_t = alpha_t d_t``
        (rounded) and its bill counts in the total, which is then ``sum_t alpha_t (s_t + d_t)^2``.
    names
        Names of the players; left out, ``"player 1"`` and so on.

    Raises
    ------
    InputError
        Shapes that do not fit, ``alpha_t <= 0``, negative amounts or limits, a window outside the slots, numbers that
        are not finite, base and background together or neither.
    Infeasible
        An amount that does not fit into its window and limit.

    Examples
    --------
    >>> game = SplittableGame(amounts=[4, 4], limits=[4, 4], slope=[1, 1], base=[3, 1])
    >>> game.values({"split": [[2, 2], [2, 2]]})
    array([24., 24.])
    """

    sense: ClassVar[str] = "cost"

    amounts: FloatArray
    limits: FloatArray
    slope: FloatArray
    base: FloatArray | None = None
    windows: Any = None
    background: FloatArray | None = None
    names: tuple[str, ...] = ()
    _key: tuple[bytes, ...] = field(init=False, repr=False, default=())

    def __post_init__(self) -> None:
        if (self.base is None) == (self.background is None):
            raise InputError("give base (a price) or background (an amount whose bill counts), one of the two")
        for name in ("amounts", "limits", "slope", "base", "background"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _series(getattr(self, name), name))
        count, slots = len(self.amounts), len(self.slope)
        given = self.windows
        windows = np.broadcast_to([0, slots - 1], (count, 2)) if given is None else np.asarray(given)
        if windows.shape != (count, 2) or windows.dtype.kind not in "iu":
            raise InputError(f"windows has shape {windows.shape}; give (first, last) slot, whole numbers, for {count}")
        object.__setattr__(self, "windows", _locked(windows.astype(np.int64)))
        object.__setattr__(self, "names", tuple(self.names))
        InputError.raise_all(self._problems(count, slots))
        self._check_room()

    def _problems(self, count: int, slots: int) -> list[str]:
        problems = []
        if not count or not slots:
            problems.append(f"{count} players and {slots} slots: give at least one of each")
        if len(self.limits) != count or (self.names and len(set(self.names)) != count):
            problems.append(
                f"{count} amounts, {len(self.limits)} limits, {len(set(self.names))} different names; give one a player"
            )
        for name in ("base", "background"):
            series = getattr(self, name)
            if series is not None and len(series) != slots:
                problems.append(f"{slots} slopes, {len(series)} numbers in {name}; give one a slot")
        for name, wrong, words in (
            ("slope", self.slope <= 0, "must be > 0"),
            ("amounts", self.amounts < 0, "is negative"),
            ("limits", self.limits < 0, "is negative"),
        ):
            problems += [f"{name}[{k}] is {getattr(self, name)[k]}: it {words}" for k in np.flatnonzero(wrong)[:5]]
        first, last = self.windows[:, 0], self.windows[:, 1]
        outside = np.flatnonzero((first < 0) | (last < first) | (last >= slots))
        problems += [
            f"windows[{k}] is ({first[k]}, {last[k]}); give 0 <= first <= last <= {slots - 1}" for k in outside[:5]
        ]
        return problems

    def _check_room(self) -> None:
        length = self.windows[:, 1] - self.windows[:, 0] + 1
        room = self.limits * length
        # The product is rounded: decide exactly where that matters.
        for k in np.flatnonzero(self.amounts >= room * (1 - 2.0**-50)):
            if Fraction(float(self.amounts[k])) > Fraction(float(self.limits[k])) * int(length[k]):
                raise Infeasible(
                    f"{self.players[k]!r}: {self.amounts[k]} do not fit into slots {self.windows[k, 0]}.."
                    f"{self.windows[k, 1]} at {self.limits[k]} each; raise its limit or widen its window"
                )

    @property
    def players(self) -> tuple[str, ...]:
        """Names."""
        return self.names or tuple(f"player {k + 1}" for k in range(len(self.amounts)))

    @property
    def prices_at_rest(self) -> FloatArray:
        """``beta_t``: given, or ``alpha_t d_t``."""
        if self.background is not None:
            return self.slope * self.background
        return np.zeros_like(self.slope) if self.base is None else self.base

    @property
    def room(self) -> FloatArray:
        """The most of each player in each slot (slots x players): its limit inside its window, else 0."""
        t = np.arange(len(self.slope))[:, None]
        return np.where((t >= self.windows[:, 0]) & (t <= self.windows[:, 1]), self.limits, 0.0)

    @property
    def social_cost(self) -> str:
        """What the total counts: ``"bills"`` of the players, or ``"bills_with_background"``."""
        return "bills" if self.background is None else "bills_with_background"

    def values(self, profile: Any) -> FloatArray:
        """Return the cost of each player, in floats."""
        split = read_split(self, profile)
        prices = self.slope * split.sum(axis=0) + self.prices_at_rest
        costs: FloatArray = split @ prices
        return costs

    def total(self, demand: FloatArray) -> float:
        """Return the social cost at totals ``s`` a slot: ``sum alpha s^2 + beta s``, or ``sum alpha (s + d)^2``."""
        if self.background is None:
            return float((demand * (self.slope * demand + self.prices_at_rest)).sum())
        load = demand + self.background
        return float((self.slope * load * load).sum())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SplittableGame) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[Any, ...]:
        if not self._key:
            held = (self.amounts, self.limits, self.slope, self.prices_at_rest, self.windows, self.background)
            key = tuple(b"" if array is None else array.tobytes() for array in held)
            object.__setattr__(self, "_key", (*key, *(name.encode() for name in self.names)))
        return self._key


def read_split(game: SplittableGame, profile: Any) -> FloatArray:
    """Return the split (players x slots) of a profile.

    Raises
    ------
    InputError
        Another shape, or numbers that are not finite.
    """
    if isinstance(profile, Mapping) and set(profile) == {"split"}:
        profile = profile["split"]
    if not isinstance(profile, Sequence | np.ndarray):
        raise InputError(f"profile {str(profile)[:60]}: give {{'split': players x slots}}")
    shape = (len(game.amounts), len(game.slope))
    try:
        split: FloatArray = np.asarray(profile, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"split: give {shape[0]} rows (players) of {shape[1]} numbers (slots)") from None
    if split.shape != shape:
        raise InputError(f"split has shape {split.shape}; give players x slots, {shape}")
    if not np.isfinite(split).all():
        raise InputError("split holds a number that is not finite")
    return split


def _series(values: Any, name: str) -> FloatArray:
    try:
        array = np.array([float(v) for v in values] if not isinstance(values, np.ndarray) else values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{name}: give a sequence of numbers") from None
    if array.ndim != 1:
        raise InputError(f"{name} has shape {array.shape}; give one number after the other")
    if not (np.abs(array) < _LARGEST).all():
        raise InputError(f"{name} holds a number that is not finite or beyond {_LARGEST}; use other units")
    series: FloatArray = _locked(array)
    return series


def _locked(array: Any) -> Any:
    array.setflags(write=False)
    return array
