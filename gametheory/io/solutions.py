"""Solutions to JSON and back, unchanged to the last digit.

The encoding is generic and evaluates nothing: integers and floats are JSON numbers (floats by their shortest
round-trip form), a rational is ``{"$q": "p/q"}``, an array ``{"$array": ...}``, a known dataclass ``{"$form": name,
...fields}``. A form that is not in `FORMS` is refused. Games (and their steps) stand once in the list ``games`` and
are pointed at by ``{"$game": position}``: a study makes many claims about few games. Numbers of thousands of digits
are written in hexadecimal, because Python refuses to read them as decimals.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

import flint
import numpy as np

from gametheory.arithmetic import exact
from gametheory.errors import GameTheoryError, InputError
from gametheory.io.files import write_text

__all__ = ["FORMS", "SCHEMA", "decode", "dumps", "encode", "loads", "read_solution", "write_text"]

#: Version of the file format; a reader refuses a newer one.
SCHEMA = 1

#: Name in files -> module that holds the dataclass. Explicit: nothing registers itself.
FORMS: dict[str, str] = {
    "AffineGame": "gametheory.games.affine",
    "AggregativeGame": "gametheory.games.aggregate",
    "Airport": "gametheory.games.coalition_families",
    "Allocation": "gametheory.result",
    "Assignment": "gametheory.games.coalition_families",
    "AuctionGame": "gametheory.games.auction",
    "Bankruptcy": "gametheory.games.coalition_families",
    "Certificate": "gametheory.result",
    "Characteristic": "gametheory.result",
    "CoalitionProperties": "gametheory.result",
    "Clearing": "gametheory.domain.clearing",
    "CoalitionTable": "gametheory.games.coalition_table",
    "CoalitionalGame": "gametheory.games.coalitional",
    "Core": "gametheory.result",
    "Elimination": "gametheory.result",
    "CoreCheck": "gametheory.result",
    "Enclosure": "gametheory.games.enclosure",
    "Equilibria": "gametheory.result",
    "Equilibrium": "gametheory.result",
    "Expression": "gametheory.games.expression",
    "Flow": "gametheory.games.coalition_families",
    "Glove": "gametheory.games.coalition_families",
    "NormalFormGame": "gametheory.games.normal_form",
    "DemandBiddingGame": "gametheory.games.aggregative",
    "Order": "gametheory.domain.orders",
    "OrderBook": "gametheory.domain.orders",
    "PayoffTable": "gametheory.games.payoff_table",
    "Polyhedron": "gametheory.games.polyhedron",
    "LinearGame": "gametheory.games.linear",
    "LinearMember": "gametheory.games.linear",
    "Partition": "gametheory.result",
    "PopulationGame": "gametheory.games.population",
    "PooledGame": "gametheory.games.pooled",
    "MarketPower": "gametheory.efficiency.power_outcomes",
    "PowerAt": "gametheory.efficiency.power_outcomes",
    "StepOutcome": "gametheory.efficiency.power_outcomes",
    "MultiLeaderGame": "gametheory.games.multi_leader",
    "PooledLoads": "gametheory.games.pooled_loads",
    "LoanPricingGame": "gametheory.games.loan_pricing",
    "LogPricingGame": "gametheory.games.log_pricing",
    "CongestedPricingGame": "gametheory.games.congested_pricing",
    "LogPricingStep": "gametheory.games.log_pricing",
    "PriceCompetition": "gametheory.games.price_competition",
    "PriceOfAnarchy": "gametheory.result",
    "PricingGame": "gametheory.games.pricing",
    "GeneralisedGame": "gametheory.games.generalised",
    "QuadraticForm": "gametheory.games.quadratic",
    "QuadraticGame": "gametheory.games.quadratic",
    "Trader": "gametheory.games.trading",
    "TradingStep": "gametheory.games.trading",
    "Solution": "gametheory.result",
    "SplittableGame": "gametheory.games.splittable",
    "Blocking": "gametheory.efficiency.comparison",
    "LeaderFollower": "gametheory.result",
    "Optimum": "gametheory.result",
    "Outcome": "gametheory.efficiency.comparison",
    "Sensitivity": "gametheory.efficiency.comparison",
    "Settlement": "gametheory.domain.outcome",
    "Structure": "gametheory.efficiency.comparison",
    "StackelbergGame": "gametheory.games.stackelberg",
    "Study": "gametheory.efficiency.comparison",
    "SmoothGame": "gametheory.games.smooth",
    "SmoothGeneralisedGame": "gametheory.games.smooth_generalised",
    "SpanningTree": "gametheory.games.coalition_families",
    "Trace": "gametheory.solvers.normal_form.steps",
    "TraceStep": "gametheory.solvers.normal_form.steps",
    "Trade": "gametheory.domain.outcome",
    "WeightedMajority": "gametheory.games.coalition_families",
}


@dataclasses.dataclass(slots=True)
class _Games:
    """The games of one file: each stands in `rows` once, whoever points at it."""

    rows: list[Any] = dataclasses.field(default_factory=list)
    places: dict[Any, int] = dataclasses.field(default_factory=dict)

    def point(self, game: Any) -> dict[str, int]:
        key = (type(game), game)
        if key not in self.places:
            row = _fields(game, self)
            self.places[key] = len(self.rows)
            self.rows.append(row)
        return {"$game": self.places[key]}


def _is_shared(name: str, value: Any) -> bool:
    return (
        FORMS[name].startswith("gametheory.games.")
        and name not in ("Expression", "Trader")
        and type(value).__hash__ is not None
    )


def _fields(value: Any, games: _Games | None) -> dict[str, Any]:
    data: dict[str, Any] = {"$form": type(value).__name__}
    for f in dataclasses.fields(value):
        if f.init:
            data[f.name] = encode(getattr(value, f.name), games)
    return data


def encode(value: Any, games: _Games | None = None) -> Any:
    """Return `value` as JSON-ready data; with `games`, games are collected there and pointed at."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, flint.fmpq | flint.fmpz):
        value = exact(value)
    if isinstance(value, int | np.integer):
        whole = int(value)
        return whole if abs(whole) < _LONG else {"$int": f"{whole:#x}"}
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return encode(value.numerator)
        short = max(abs(value.numerator), value.denominator) < _LONG
        return {"$q": str(value) if short else f"{value.numerator:#x}/{value.denominator:#x}"}
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else {"$float": repr(float(value))}
    if isinstance(value, np.ndarray):
        if value.dtype == object and value.ndim == 1 and all(type(cell) is int for cell in value):
            return [encode(cell) for cell in value.tolist()]  # whole numbers beyond 64 bits, read back as a tuple
        if value.dtype.kind not in _ARRAY_KINDS:
            raise InputError(f"an array of {value.dtype} cannot be written to JSON; use a tuple or an array of numbers")
        plain = value.dtype.kind != "f" or bool(np.isfinite(value).all())
        cells = value.tolist() if plain else encode(value.tolist())
        return {"$array": cells, "dtype": str(value.dtype), "shape": list(value.shape)}
    if isinstance(value, Mapping):
        if any(not isinstance(key, str) or key.startswith("$") for key in value):
            return {"$pairs": [[encode(k, games), encode(v, games)] for k, v in value.items()]}
        return {key: encode(v, games) for key, v in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        items = sorted(value) if isinstance(value, frozenset | set) else value
        return [encode(v, games) for v in items]
    if isinstance(value, np.bool_):
        return bool(value)
    name = type(value).__name__
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if name not in FORMS:
            raise InputError(
                f"a {name} cannot be written to JSON: it is not in FORMS; use numbers, names, tuples and dicts"
            )
        return games.point(value) if games is not None and _is_shared(name, value) else _fields(value, games)
    raise InputError(f"a {name} cannot be written to JSON; use numbers, names, tuples and dicts")


def decode(data: Any, games: Sequence[Any] = ()) -> Any:
    """Return what :func:`encode` was given (lists come back as tuples); `games` are those pointed at."""
    if isinstance(data, list):
        return tuple(decode(item, games) for item in data)
    if not isinstance(data, dict):
        return data
    for marker, (read, kind) in _MARKERS.items():
        if marker in data:
            try:
                return read(data, games)
            except GameTheoryError:
                raise
            except _WRONG_DATA as error:
                raise InputError(f"the file's {data[marker]!r:.60} is not {kind} ({error})") from None
    if "$game" in data:
        place = data["$game"]
        if not isinstance(place, int) or not 0 <= place < len(games):
            raise InputError(f"the file points at game {place!r}, it has {len(games)} before that; it is damaged")
        return games[place]
    if "$form" in data:
        return _form(data, games)
    return {key: decode(item, games) for key, item in data.items()}


def _rational(data: dict[str, Any], _: Sequence[Any]) -> Fraction:
    text = data["$q"]
    if isinstance(text, str) and "0x" in text:
        numerator, denominator = text.split("/")
        return Fraction(int(numerator, 16), int(denominator, 16))
    return exact(text, what="rational")


def _array(data: dict[str, Any], games: Sequence[Any]) -> Any:
    dtype = np.dtype(data["dtype"])
    if dtype.kind not in _ARRAY_KINDS:
        raise InputError(f"the file's array of {dtype} is not an array of numbers; give one of bool, int, float")
    cells = np.array(decode(data["$array"], games))
    array = cells.astype(dtype)
    if array.size and not np.array_equal(array, cells, equal_nan=dtype.kind == "f"):
        raise InputError(f"the file's array of {dtype} holds numbers that are none; write it with to_json()")
    return array.reshape(data["shape"])


def _pairs(data: dict[str, Any], games: Sequence[Any]) -> dict[Any, Any]:
    return {decode(key, games): decode(value, games) for key, value in data["$pairs"]}


#: What stands for more than a JSON number, how it is read, and what it is called.
_MARKERS: dict[str, tuple[Callable[[dict[str, Any], Sequence[Any]], Any], str]] = {
    "$q": (_rational, "a rational"),
    "$int": (lambda data, _: int(data["$int"], 16), "a whole number"),
    "$float": (lambda data, _: float(data["$float"]), "a float"),
    "$array": (_array, "an array"),
    "$pairs": (_pairs, "pairs"),
}
_ARRAY_KINDS = "biuf"
#: From here on numbers are written in hexadecimal; Python reads decimals of at most 4,300 digits.
_LONG = 10**4000
#: What Python raises on data of a wrong shape or kind.
_WRONG_DATA = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError)


def _form(data: dict[str, Any], games: Sequence[Any]) -> Any:
    name = data["$form"]
    if not isinstance(name, str) or name not in FORMS:
        raise InputError(f"the file holds a {name!r}, which this version does not know; known: {', '.join(FORMS)}")
    cls = getattr(importlib.import_module(FORMS[name]), name)
    names = {f.name for f in dataclasses.fields(cls) if f.init}
    given = {key: decode(item, games) for key, item in data.items() if key != "$form"}
    unknown = sorted(set(given) - names)
    if unknown:
        raise InputError(f"{name} has no field {unknown[0]!r}; its fields are {', '.join(sorted(names))}")
    try:
        return cls(**given)
    except GameTheoryError:
        raise
    except _WRONG_DATA as error:
        raise InputError(f"the file's {name} is incomplete or wrong: {error}") from None


def dumps(solution: Any, *, indent: int | None = None) -> str:
    """Return a solution (or any known form) as JSON text."""
    games = _Games()
    body = encode(solution, games)
    return json.dumps({"schema": SCHEMA, "games": games.rows, "solution": body}, indent=indent, allow_nan=False)


def loads(text: str, *, where: str = "text") -> Any:
    """Return the solution that :func:`dumps` wrote.

    Raises
    ------
    InputError
        Not JSON, no solution in it, or written by a newer version.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: not JSON ({error}); give a file written by to_json()") from None
    except (RecursionError, ValueError) as error:
        raise InputError(f"{where}: not a solution ({error}); give a file written by to_json()") from None
    if not isinstance(data, dict) or "solution" not in data:
        raise InputError(f"{where}: no solution in it; give a file written by to_json()")
    if not isinstance(data.get("schema"), int) or data["schema"] > SCHEMA:
        raise InputError(f"{where}: file format {data.get('schema')!r} is newer than this version reads ({SCHEMA})")
    rows = data.get("games", [])
    if not isinstance(rows, list):
        raise InputError(f"{where}: its games are {rows!r:.40}, not a list; give a file written by to_json()")
    games: list[Any] = []
    try:
        for row in rows:
            games.append(decode(row, games))
        return decode(data["solution"], games)
    except RecursionError:
        raise InputError(f"{where}: nested too deeply; give a file written by to_json()") from None


def read_solution(path: str | Path) -> Any:
    """Return the solution in a file."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); give a file written by to_json()") from None
    return loads(text, where=str(path))
