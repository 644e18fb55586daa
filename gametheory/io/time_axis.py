"""The time axis of a table: positions, or time stamps with a zone, one step apart and in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction

from gametheory.domain.suggestions import did_you_mean
from gametheory.errors import InputError

__all__ = ["read_axis", "read_zone"]

#: A sentence for each of this many faults of an axis; a shifted column would repeat itself a thousand times.
_SHOWN = 3


def read_zone(name: str) -> tzinfo:
    """Return a time zone by its IANA name, such as "Europe/Madrid"."""
    import zoneinfo

    if name.upper() in {"UTC", "Z"}:
        return UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        near = did_you_mean(name, sorted(zoneinfo.available_timezones()), listed=0) if name else ""
        near = near if "did you mean" in near else "; give a name such as 'Europe/Madrid', or 'UTC'"
        raise InputError(f"time zone {name!r} is unknown{near}") from None


def read_axis(
    cells: Sequence[str], place: Callable[[int], str], *, step_hours: Fraction, zone: tzinfo | None
) -> tuple[str, ...]:
    """Return a label for each step.

    Whole numbers are positions, one apart; anything else must be an ISO 8601 time stamp, `step_hours` apart. A stamp
    without an offset is read in `zone`; an hour that the clock repeats in autumn is taken the second time it appears.

    Raises
    ------
    InputError
        With the problems found: missing, duplicate, unsorted, or not a time.
    """
    problems: list[str] = []
    gaps = [k for k, cell in enumerate(cells) if not cell.strip()]
    if gaps:
        raise InputError(f"{place(gaps[0])}: the time is missing{_more(gaps)}; give every row its time or position")
    if all(cell.strip().lstrip("+-").isdecimal() for cell in cells):
        positions = [int(cell) for cell in cells]
        faults = [
            (k, _fault(positions[k - 1], positions[k], positions[k - 1] + 1, "position"))
            for k in range(1, len(positions))
            if positions[k] != positions[k - 1] + 1
        ]
        problems.extend(f"{place(k)}: {text}" for k, text in faults[:_SHOWN])
        if faults:
            problems[-1] += _more(faults[_SHOWN - 1 :])
        InputError.raise_all(problems)
        return tuple(map(str, positions))
    return _stamps(cells, place, timedelta(seconds=float(step_hours * 3600)), zone)


def _stamps(cells: Sequence[str], place: Callable[[int], str], step: timedelta, zone: tzinfo | None) -> tuple[str, ...]:
    problems: list[str] = []
    labels: list[str] = []
    before: datetime | None = None
    for k, cell in enumerate(cells):
        try:
            moment = _moment(cell, zone, before)
        except InputError as error:
            problems.append(f"{place(k)}: {error}")
            before = None
        else:
            labels.append((moment if zone is None else moment.astimezone(zone)).isoformat())
            now = moment.astimezone(UTC)
            if before is not None and now != before + step:
                due = (before + step).astimezone(moment.tzinfo).isoformat()
                problems.append(f"{place(k)}: {_fault(before, now, before + step, 'time stamp', cell, due)}")
            before = now
        if len(problems) >= _SHOWN:
            problems.append(f"{place(k)}: more time stamps may be wrong; these were the first {_SHOWN}")
            break
    InputError.raise_all(problems)
    return tuple(labels)


def _moment(cell: str, zone: tzinfo | None, before: datetime | None) -> datetime:
    try:
        moment = datetime.fromisoformat(cell.strip())
    except ValueError:
        raise InputError(f"{cell!r} is not a time stamp; write it like 2024-07-01T13:00:00+02:00") from None
    if moment.tzinfo is not None:
        return moment
    if zone is None:
        raise InputError(f'time stamp {cell!r} has no zone; write {cell}+01:00, or set [data] zone = "Europe/Madrid"')
    local = moment.replace(tzinfo=zone)
    second = local.replace(fold=1)
    if second.utcoffset() != local.utcoffset():
        if second.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
            raise InputError(f"time stamp {cell!r} does not exist in {zone}: the clock skips it; give UTC or an offset")
        if before is not None and local.astimezone(UTC) <= before:
            return second
    return local


def _fault(before: object, now: object, due: object, word: str, shown: object = None, due_text: object = None) -> str:
    value = now if shown is None else shown
    expected = due if due_text is None else due_text
    if now == before:
        return f"{word} {value} appears twice; keep one row for each step"
    if now < before:  # type: ignore[operator]  # both are integers, or both are moments
        return f"{word} {value} stands before the one above it; sort the rows by time"
    if now < due:  # type: ignore[operator]
        return f"{word} {value} comes before {expected} is due; give one row a step, or set step_hours"
    return f"{word} {value} follows a gap, {expected} is missing; add its row, or set step_hours to the true step"


def _more(found: Sequence[object]) -> str:
    return "" if len(found) <= 1 else f" (and at {len(found) - 1} more)"
